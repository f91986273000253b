//! What the staff does with applications.

use context::{Ctx, Event, Permission};
use db::Tx;
use kernel::{Error, Id, Kind, Result, Text};

use super::listing::Listing;
use crate::{
    Application, BULK_AT_MOST, Deed, Status, application, entry,
    events::{self, Told},
    store,
};

/// Takes an application on, with a message to whoever applied or without one; the message is sent as it is written.
/// Errors: a conflict where it cannot go there from where it is.
pub fn set_status(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Application>,
    to: Status,
    message: Option<&str>,
) -> Result<Application> {
    ctx.require(Permission::ApplicationsEdit)?;
    let message = application::message(message.unwrap_or_default())?;
    let mut listing = Listing::default();
    let after = step(ctx, tx, &mut listing, id, to, message)?;
    listing.done(ctx, tx)?;
    Ok(after)
}

fn step(
    ctx: &Ctx,
    tx: &mut Tx,
    listing: &mut Listing,
    id: Id<Application>,
    to: Status,
    message: Option<String>,
) -> Result<Application> {
    let before = store::application::lock(ctx, tx, id)?;
    let from = before.status;
    if !from.next().contains(&to) {
        return Err(refused(before.number, from, to));
    }
    let form = store::form::get(ctx, tx, before.form)?;
    let after = Application { status: to, updated_at: ctx.now(), ..before.clone() };
    store::application::update(ctx, tx, &after)?;
    let deed = Deed::Status { from, to, message: message.clone() };
    store::entry::insert(ctx, tx, id, &deed)?;
    ctx.audit(tx, "application.status", "application", id, Some(&from), Some(&to))?;
    let told = Told { form: form.code, status: to, message };
    ctx.emit(tx, Event::new(events::APPLICATION_STATUS_CHANGED, id).with(&told)?)?;
    // Last: what fails before is taken back, and was not counted.
    listing.changed(ctx, tx, &before, &after, None)?;
    Ok(after)
}

/// Why an application does not go there, in one sentence for each status that it has.
fn refused(number: i64, from: Status, to: Status) -> Error {
    let key = match from {
        _ if from == to => "applications-step-same",
        Status::Submitted | Status::InReview => "applications-step-refused",
        Status::Accepted => "applications-step-accepted",
        Status::Rejected => "applications-step-rejected",
        Status::Cancelled => "applications-step-cancelled",
    };
    Error::conflict(Text::new(key).with("number", number))
}

/// What became of one of many applications.
#[derive(Debug)]
pub struct Outcome {
    /// Which.
    pub id: Id<Application>,
    /// The application, or why it stayed as it was.
    pub result: Result<Application>,
}

/// Takes many applications on at once, each by itself: those that cannot go there stay, and the others go. Errors: there
/// are too many; what is wrong with the message.
pub fn set_statuses(
    ctx: &Ctx,
    tx: &mut Tx,
    ids: &[Id<Application>],
    to: Status,
    message: Option<&str>,
) -> Result<Vec<Outcome>> {
    ctx.require(Permission::ApplicationsEdit)?;
    let message = application::message(message.unwrap_or_default())?;
    if ids.is_empty() {
        return Err(Error::field("ids", Text::new("applications-bulk-none")));
    }
    if ids.len() > BULK_AT_MOST {
        return Err(Error::field("ids", Text::new("applications-bulk-too-many").with("max", BULK_AT_MOST)));
    }
    // In the order of their ids, so that two who do this at once do not wait for each other.
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut outcomes = Vec::with_capacity(ids.len());
    let mut listing = Listing::default();
    for id in ids {
        let result = tx.savepoint(|tx| step(ctx, tx, &mut listing, id, to, message.clone()));
        if let Err(error) = &result
            && !matches!(error.kind(), Kind::Conflict | Kind::NotFound)
        {
            return Err(result.err().unwrap_or_else(Error::not_found));
        }
        outcomes.push(Outcome { id, result });
    }
    listing.done(ctx, tx)?;
    Ok(outcomes)
}

/// Writes a note that only the staff reads.
pub fn add_note(ctx: &Ctx, tx: &mut Tx, id: Id<Application>, text: &str) -> Result<()> {
    ctx.require(Permission::ApplicationsEdit)?;
    let text = entry::note(text)?;
    let application = store::application::lock(ctx, tx, id)?;
    let form = store::form::get(ctx, tx, application.form)?;
    store::entry::insert(ctx, tx, id, &Deed::Note { text })?;
    ctx.audit(tx, "application.note", "application", id, None::<&()>, None::<&()>)?;
    let told = Told { form: form.code, status: application.status, message: None };
    ctx.emit(tx, Event::new(events::APPLICATION_CHANGED, id).with(&told)?)
}
