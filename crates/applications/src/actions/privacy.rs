//! A person asks to be forgotten.

use context::{Ctx, Event, Permission};
use db::Tx;
use kernel::{Id, Result};
use serde_json::Value;

use super::listing::APPLICATIONS_AT_MOST;
use crate::{
    Applicant, Application, Change, Deed, Form, Personal,
    events::{APPLICANT_ERASED, Forgotten},
    reads, store,
};

/// Everything that is kept of one applicant, for when they ask for it; that it was handed over stands in the log.
pub fn hand_over(ctx: &Ctx, tx: &mut Tx, id: Id<Applicant>) -> Result<Personal> {
    ctx.require(Permission::ApplicationsRead)?;
    let personal = reads::personal(ctx, tx, id)?;
    ctx.audit(tx, "applicant.hand_over", "applicant", id, None::<&()>, None::<&()>)?;
    Ok(personal)
}

/// Takes away what is personal of an applicant: names, phone, e-mail, ids in Telegram, birth date, answers in words, notes
/// and messages of the staff. Applications stay with their status, their choices and their times, so that what was counted
/// stays counted. The contact goes the same way unless it buys or supplies: what is booked of it stays. So does the chat in
/// which they applied. There is no way back. Who is erased already stays so.
pub fn erase(ctx: &Ctx, tx: &mut Tx, id: Id<Applicant>) -> Result<Applicant> {
    ctx.require(Permission::ApplicationsDelete)?;
    let before = store::applicant::lock(ctx, tx, id)?;
    if before.erased_at.is_some() {
        return Ok(before);
    }
    let Applicant { id, contact, region, gender, created_at, .. } = before.clone();
    let after = Applicant {
        id,
        contact,
        telegram_id: None,
        telegram_chat_id: None,
        chat_ref: None,
        username: None,
        first_name: None,
        last_name: None,
        gender,
        birth_date: None,
        phone: None,
        email: None,
        region,
        created_at,
        updated_at: ctx.now(),
        erased_at: Some(ctx.now()),
    };
    store::applicant::update(ctx, tx, &before, &after)?;
    for found in store::application::of_applicant(ctx, tx, id, APPLICATIONS_AT_MOST)? {
        let application = store::application::lock(ctx, tx, found.id)?;
        erase_application(ctx, tx, application)?;
    }
    let writing = ctx.with(|ctx| ctx.permissions = ctx.permissions.with(Permission::SalesEdit));
    contacts::forget_contact(&writing, tx, contact)?;
    ctx.audit(tx, "applicant.erase", "applicant", id, None::<&()>, None::<&()>)?;
    ctx.emit(tx, Event::new(APPLICANT_ERASED, id).with(&Forgotten { chat_ref: before.chat_ref })?)?;
    Ok(after)
}

fn erase_application(ctx: &Ctx, tx: &mut Tx, application: Application) -> Result<()> {
    let form = store::form::get(ctx, tx, application.form)?;
    let id = application.id;
    let mut answers = application.answers.clone();
    answers.retain(|key, _| stays(&form, key));
    store::application::update(ctx, tx, &Application { answers, updated_at: ctx.now(), ..application })?;
    for entry in store::entry::of(ctx, tx, id)? {
        if let Some(deed) = erased(&form, &entry.deed) {
            store::entry::set_deed(ctx, tx, entry.id, &deed)?;
        }
    }
    store::entry::insert(ctx, tx, id, &Deed::Erased)?;
    ctx.audit(tx, "application.erase", "application", id, None::<&()>, None::<&()>)
}

/// Whether what is answered here says nothing of who the person is: a choice, a number, a day.
fn stays(form: &Form, key: &str) -> bool {
    form.field(key).is_some_and(|field| !field.kind.is_free())
}

/// What an entry says without what is personal, where it says such a thing.
fn erased(form: &Form, deed: &Deed) -> Option<Deed> {
    match deed {
        Deed::Changed { fields } => {
            let clean = |change: &Change| {
                if stays(form, &change.field) {
                    return change.clone();
                }
                Change { field: change.field.clone(), from: Value::Null, to: Value::Null }
            };
            Some(Deed::Changed { fields: fields.iter().map(clean).collect() })
        }
        Deed::Status { from, to, message: Some(_) } => {
            Some(Deed::Status { from: *from, to: *to, message: None })
        }
        Deed::Note { text: _ } => Some(Deed::Note { text: String::new() }),
        Deed::Submitted | Deed::Status { message: None, .. } | Deed::Erased => None,
    }
}
