//! Who applies is written down, and what is known of them now.

use catalog::ItemKind;
use contacts::{Contact, NewContact};
use context::{Ctx, Permission};
use db::Tx;
use kernel::{Error, Id, Kind, Result, Text};

use super::listing;
use crate::{Applicant, NewApplicant, store};

/// Whose data it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// This contact's: the one whose conversation it is.
    Contact(Id<Contact>),
    /// Theirs who write in this chat of ours, where nothing else proves who they are: a phone that they type leads to nobody.
    Chat(String),
    /// Theirs whom Telegram calls so: as outside bots know people.
    Telegram(i64),
    /// This applicant's.
    Applicant(Id<Applicant>),
}

/// Writes down somebody who applies, or what is known now of somebody who is there already; what does not come stays as it
/// is. Answers whether they are new, too. A phone leads to the contact that has it, so that whoever ordered before is the
/// same contact here, unless that contact applies under another id of Telegram already: then two people share a phone.
/// Errors: what is wrong with the fields; the region is none, or can be chosen no more.
pub fn upsert_applicant(ctx: &Ctx, tx: &mut Tx, who: Who, new: NewApplicant) -> Result<(Applicant, bool)> {
    ctx.require(Permission::ApplicationsCreate)?;
    let mut new = new.checked(ctx.today())?;
    match &who {
        Who::Telegram(id) => {
            new.telegram_id = Some(*id);
            new = new.checked(ctx.today())?;
        }
        Who::Chat(chat) => new.chat_ref = Some(chat.clone()),
        Who::Contact(_) | Who::Applicant(_) => {}
    }
    if let Some(before) = find(ctx, tx, &who, &new)? {
        return Ok((change(ctx, tx, before, &who, new)?, false));
    }
    // Two messages of one person at once: the second finds what the first made, and its contact is taken back.
    let own = new.clone();
    match tx.savepoint(|tx| create(ctx, tx, &who, own)) {
        Ok(applicant) => Ok((applicant, true)),
        Err(error) if error.kind() == Kind::Conflict => {
            let before = find(ctx, tx, &who, &new)?.ok_or(error)?;
            Ok((change(ctx, tx, before, &who, new)?, false))
        }
        Err(error) => Err(error),
    }
}

/// Who it is, if they are known. Whom a bot of ours talks to is known by the contact, and else by what Telegram calls them.
fn find(ctx: &Ctx, tx: &mut Tx, who: &Who, new: &NewApplicant) -> Result<Option<Applicant>> {
    let by_telegram = |tx: &mut Tx<'_>| match new.telegram_id {
        Some(id) => store::applicant::find_by_telegram(ctx, tx, id),
        None => Ok(None),
    };
    match who {
        Who::Applicant(id) => store::applicant::get(ctx, tx, *id).map(Some),
        Who::Telegram(_) => by_telegram(tx),
        Who::Chat(chat) => store::applicant::find_by_chat(ctx, tx, chat),
        Who::Contact(id) => match store::applicant::find_by_contact(ctx, tx, *id)? {
            Some(found) => Ok(Some(found)),
            None => by_telegram(tx),
        },
    }
}

fn create(ctx: &Ctx, tx: &mut Tx, who: &Who, new: NewApplicant) -> Result<Applicant> {
    must_be_region(ctx, tx, None, &new)?;
    let contact = match who {
        Who::Contact(id) => write_contact(ctx, tx, *id, &new)?,
        Who::Chat(_) => new_contact(ctx, tx, &NewApplicant { phone: None, ..new.clone() })?,
        Who::Telegram(_) | Who::Applicant(_) => new_contact(ctx, tx, &new)?,
    };
    let nobody = Applicant {
        id: ctx.new_id(),
        contact,
        telegram_id: None,
        telegram_chat_id: None,
        chat_ref: None,
        username: None,
        first_name: None,
        last_name: None,
        gender: None,
        birth_date: None,
        phone: None,
        email: None,
        region: None,
        created_at: ctx.now(),
        updated_at: ctx.now(),
        erased_at: None,
    };
    let applicant = nobody.clone().with(&new);
    store::applicant::insert(ctx, tx, &applicant)?;
    ctx.audit_new(tx, "applicant.create", "applicant", applicant.id, &applicant.differing(&nobody))?;
    Ok(applicant)
}

fn change(ctx: &Ctx, tx: &mut Tx, found: Applicant, who: &Who, new: NewApplicant) -> Result<Applicant> {
    let before = store::applicant::lock(ctx, tx, found.id)?;
    must_be_region(ctx, tx, Some(&before), &new)?;
    let mut new = new;
    if let Some(id) = new.telegram_id {
        // An id that is another applicant's stays theirs.
        let owner = store::applicant::find_by_telegram(ctx, tx, id)?;
        if owner.is_some_and(|owner| owner.id != before.id) {
            new.telegram_id = None;
        }
    }
    if let Some(chat) = &new.chat_ref
        && let Some(other) = store::applicant::find_by_chat(ctx, tx, chat)?
        && other.id != before.id
    {
        // Who was somebody unknown there has said who they are: what becomes of both is told there no more than once.
        let without = Applicant { chat_ref: None, updated_at: ctx.now(), ..other.clone() };
        store::applicant::update(ctx, tx, &other, &without)?;
        ctx.audit(tx, "applicant.change", "applicant", other.id, None::<&()>, Some(&["chat_ref"]))?;
    }
    let contact = match who {
        // Who comes back from another chat of ours is that chat's contact from here on.
        Who::Contact(id) => write_contact(ctx, tx, *id, &new)?,
        Who::Chat(_) => write_contact(ctx, tx, before.contact, &NewApplicant { phone: None, ..new.clone() })?,
        Who::Telegram(_) | Who::Applicant(_) => {
            let stands =
                contacts::get_many(ctx, tx, &[before.contact])?.pop().ok_or_else(Error::not_found)?;
            match stands.deleted_at {
                None => write_contact(ctx, tx, stands.id, &new)?,
                Some(_) => new_contact(ctx, tx, &whole(&before, &new))?,
            }
        }
    };
    let after = Applicant { contact, erased_at: None, ..before.clone().with(&new) };
    if after == before {
        return Ok(before);
    }
    let after = Applicant { updated_at: ctx.now(), ..after };
    store::applicant::update(ctx, tx, &before, &after)?;
    if after.region != before.region {
        listing::moved(ctx, tx, &after)?;
    }
    let fields = after.differing(&before);
    ctx.audit(tx, "applicant.change", "applicant", after.id, None::<&()>, Some(&fields))?;
    Ok(after)
}

/// What came, filled up with what stands.
fn whole(stands: &Applicant, new: &NewApplicant) -> NewApplicant {
    let Applicant { telegram_id, username, first_name, last_name, phone, email, .. } =
        stands.clone().with(new);
    NewApplicant { telegram_id, username, first_name, last_name, phone, email, ..new.clone() }
}

/// Who may write down applicants, may write the contacts that they are.
fn writing(ctx: &Ctx) -> Ctx {
    ctx.with(|ctx| {
        ctx.permissions = ctx.permissions.with(Permission::SalesCreate).with(Permission::SalesEdit);
    })
}

/// What a contact is called who is known so far by what came.
fn contact_name(new: &NewApplicant) -> Option<String> {
    let parts = [new.first_name.as_deref(), new.last_name.as_deref()];
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    if !name.is_empty() { Some(name) } else { new.username.as_ref().map(|name| format!("@{name}")) }
}

/// The contact that somebody new is.
fn new_contact(ctx: &Ctx, tx: &mut Tx, new: &NewApplicant) -> Result<Id<Contact>> {
    let name = contact_name(new).or_else(|| new.telegram_id.map(|id| id.to_string()));
    let mut phone = new.phone.clone();
    if let Some(known) = &phone
        && let Some(found) = contacts::find_by_phone(ctx, tx, known)?
        && store::applicant::find_by_contact(ctx, tx, found.id)?.is_some()
    {
        phone = None;
    }
    let mut content =
        NewContact { is_customer: false, ..NewContact::customer(name.unwrap_or_default(), phone) };
    content.email.clone_from(&new.email);
    content.lang = new.lang.unwrap_or(ctx.lang());
    Ok(contacts::upsert_by_phone(&writing(ctx), tx, content)?.id)
}

/// Writes into a contact what came of the person: name and language, phone and e-mail where it has none. A phone that is
/// another contact's stays theirs.
fn write_contact(ctx: &Ctx, tx: &mut Tx, id: Id<Contact>, new: &NewApplicant) -> Result<Id<Contact>> {
    let contact = contacts::get_many(ctx, tx, &[id])?.pop().ok_or_else(Error::not_found)?;
    let stands = contact.content();
    let full = match (&new.first_name, &new.last_name) {
        // One name alone does not take the other away.
        (None, _) | (_, None) => None,
        (Some(_), Some(_)) => contact_name(new),
    };
    let mut phone = stands.phone.clone();
    if phone.is_none()
        && let Some(known) = &new.phone
        && contacts::find_by_phone(ctx, tx, known)?.is_none()
    {
        phone = Some(known.clone());
    }
    let content = NewContact {
        name: full.unwrap_or_else(|| stands.name.clone()),
        phone,
        email: stands.email.clone().or_else(|| new.email.clone()),
        lang: new.lang.unwrap_or(stands.lang),
        ..stands.clone()
    };
    if content != stands {
        contacts::update_contact(&writing(ctx), tx, id, content)?;
    }
    Ok(id)
}

/// A region that is newly said is a region, and can be chosen.
fn must_be_region(ctx: &Ctx, tx: &mut Tx, before: Option<&Applicant>, new: &NewApplicant) -> Result<()> {
    let Some(id) = new.region else { return Ok(()) };
    if before.is_some_and(|before| before.region == Some(id)) {
        return Ok(());
    }
    let found = catalog::items::find(ctx, tx, id)?;
    match found {
        Some(item) if item.kind == ItemKind::Region && item.active => Ok(()),
        Some(item) if item.kind == ItemKind::Region => {
            Err(Error::field("region", Text::new("applications-item-inactive").with("code", item.code)))
        }
        _ => Err(Error::field("region", Text::new("applications-item-unknown"))),
    }
}
