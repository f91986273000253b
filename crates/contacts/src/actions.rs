//! What people and bots do with contacts.

use context::{Ctx, Event, Permission, next_number};
use db::{Constraint, OnConstraint, Tx};
use kernel::{Error, Id, Kind, Lang, Result, Text};

use crate::{Contact, NewContact, events, store};

/// Writes a new contact.
pub fn create_contact(ctx: &Ctx, tx: &mut Tx, content: NewContact) -> Result<Contact> {
    ctx.require(Permission::SalesCreate)?;
    let content = content.checked()?;
    context::require_room(ctx, tx, context::Limited::Contacts, store::count)?;
    must_be_free(ctx, tx, &content, None)?;
    insert(ctx, tx, content)
}

fn insert(ctx: &Ctx, tx: &mut Tx, content: NewContact) -> Result<Contact> {
    let NewContact {
        name,
        phone,
        lang,
        kind,
        tin,
        email,
        address,
        is_customer,
        is_supplier,
        credit_limit,
        note,
    } = content;
    let contact = Contact {
        id: ctx.new_id(),
        number: next_number(ctx, tx, "contact")?,
        name,
        phone,
        lang,
        kind,
        tin,
        email,
        address,
        is_customer,
        is_supplier,
        credit_limit,
        note,
        created_at: ctx.now(),
        updated_at: ctx.now(),
        deleted_at: None,
    };
    store::insert(ctx, tx, &contact)?;
    ctx.audit_new(tx, "contact.create", "contact", contact.id, &contact)?;
    ctx.emit(tx, Event::new(events::CONTACT_CREATED, contact.id))?;
    Ok(contact)
}

/// Replaces what is written in a contact. Nothing happens when nothing differs.
pub fn update_contact(ctx: &Ctx, tx: &mut Tx, id: Id<Contact>, content: NewContact) -> Result<Contact> {
    ctx.require(Permission::SalesEdit)?;
    let content = content.checked()?;
    let before = store::get_for_update(ctx, tx, id)?;
    must_be_free(ctx, tx, &content, Some(id))?;
    change(ctx, tx, before, content)
}

fn change(ctx: &Ctx, tx: &mut Tx, before: Contact, content: NewContact) -> Result<Contact> {
    let old = before.content();
    if old == content {
        return Ok(before);
    }
    store::update(ctx, tx, &before, &content)?;
    ctx.audit(tx, "contact.change", "contact", before.id, Some(&old), Some(&content))?;
    ctx.emit(tx, Event::new(events::CONTACT_CHANGED, before.id))?;
    store::get(ctx, tx, before.id)
}

/// Takes away what is personal of a contact that asked to be forgotten: it is a number from here on, and whoever keeps something
/// of it, as its chats, is told. One that buys or supplies stays as it is, for its papers name it: then the answer is `false`.
/// There is no way back, and the log of audits names no value. What is forgotten already stays so.
pub fn forget_contact(ctx: &Ctx, tx: &mut Tx, id: Id<Contact>) -> Result<bool> {
    ctx.require(Permission::SalesEdit)?;
    let before = store::get_for_update(ctx, tx, id)?;
    if before.is_customer || before.is_supplier {
        return Ok(false);
    }
    let Contact { lang, kind, .. } = before;
    let nobody = NewContact {
        lang,
        kind,
        is_customer: false,
        ..NewContact::customer(format!("№ {}", before.number), None)
    };
    if before.content() != nobody {
        store::update(ctx, tx, &before, &nobody)?;
        ctx.audit(tx, "contact.forget", "contact", id, None::<&()>, None::<&()>)?;
    }
    ctx.emit(tx, Event::new(events::CONTACT_FORGOTTEN, id))?;
    Ok(true)
}

/// The language a contact is written to from now on.
pub fn set_contact_lang(ctx: &Ctx, tx: &mut Tx, id: Id<Contact>, lang: Lang) -> Result<Contact> {
    ctx.require(Permission::SalesCreate)?;
    let before = store::get_for_update(ctx, tx, id)?;
    let content = NewContact { lang, ..before.content() };
    change(ctx, tx, before, content)
}

/// The contact with this phone, made when it is not there. One that is there keeps what is written in it: it gains
/// the hats of `content` and takes its values only where it has none. Without a phone it is always a new contact.
pub fn upsert_by_phone(ctx: &Ctx, tx: &mut Tx, content: NewContact) -> Result<Contact> {
    ctx.require(Permission::SalesCreate)?;
    let content = content.checked()?;
    let Some(phone) = content.phone.clone() else { return insert(ctx, tx, content) };
    let mut found = store::find_by_phone(ctx, tx, phone.as_str())?;
    if found.is_none() {
        // Two messages of one person at once: the second finds what the first made.
        let new = content.clone();
        match tx.savepoint(|tx| insert(ctx, tx, new)) {
            Ok(contact) => return Ok(contact),
            Err(error) if error.kind() == Kind::Invalid => {
                found = store::find_by_phone(ctx, tx, phone.as_str())?;
                if found.is_none() {
                    return Err(error);
                }
            }
            Err(error) => return Err(error),
        }
    }
    let found = found.ok_or_else(Error::not_found)?;
    let merged = merged(found.content(), content);
    change(ctx, tx, found, merged)
}

/// What stands, filled up with what came.
fn merged(stands: NewContact, came: NewContact) -> NewContact {
    NewContact {
        name: stands.name,
        phone: stands.phone.or(came.phone),
        lang: stands.lang,
        kind: stands.kind,
        tin: stands.tin.or(came.tin),
        email: stands.email.or(came.email),
        address: stands.address.or(came.address),
        is_customer: stands.is_customer || came.is_customer,
        is_supplier: stands.is_supplier || came.is_supplier,
        credit_limit: stands.credit_limit.or(came.credit_limit),
        note: stands.note.or(came.note),
    }
}

/// What became of a deleted contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// Nothing named it: it is gone.
    Gone,
    /// Documents or conversations name it: it is out of every list and stays readable in them.
    Kept,
}

/// Deletes a contact. Where a document names it, the row stays and is only hidden; its phone is free again.
pub fn delete_contact(ctx: &Ctx, tx: &mut Tx, id: Id<Contact>) -> Result<Deletion> {
    ctx.require(Permission::SalesDelete)?;
    let before = store::get_for_update(ctx, tx, id)?;
    store::delete_words(ctx, tx, id)?;
    let in_use = || Error::conflict(Text::new("contacts-contact-in-use"));
    let gone = tx.savepoint(|tx| store::delete(ctx, tx, id).on(Constraint::ForeignKey, in_use));
    let deletion = match gone {
        Ok(()) => Deletion::Gone,
        Err(error) if error.kind() == Kind::Conflict => {
            store::set_deleted(ctx, tx, id)?;
            Deletion::Kept
        }
        Err(error) => return Err(error),
    };
    ctx.audit(tx, "contact.delete", "contact", id, Some(&before), None::<&()>)?;
    ctx.emit(tx, Event::new(events::CONTACT_DELETED, id))?;
    Ok(deletion)
}

/// Makes two contacts one, because they are the same person or company: `gone` is deleted, and `stays` keeps what is written in it
/// and gains what it has nothing of; a second phone goes into its note. Errors: a conflict where documents name `gone`, for what
/// is posted is not changed. Whoever names it and can name another one is led to `stays` by the caller before.
pub fn join_contacts(ctx: &Ctx, tx: &mut Tx, gone: Id<Contact>, stays: Id<Contact>) -> Result<Contact> {
    ctx.require(Permission::SalesEdit)?;
    ctx.require(Permission::SalesDelete)?;
    if gone == stays {
        return store::get_for_update(ctx, tx, stays);
    }
    // In the order of their ids, so that two who join the same contacts at once do not wait for each other.
    let (first, second) = if gone < stays { (gone, stays) } else { (stays, gone) };
    let first = store::get_for_update(ctx, tx, first)?;
    let second = store::get_for_update(ctx, tx, second)?;
    let (gone, stays) = if first.id == gone { (first, second) } else { (second, first) };
    let is_named = || Error::conflict(Text::new("contacts-join-in-use").with("name", gone.name.as_str()));
    store::delete_words(ctx, tx, gone.id)?;
    store::delete(ctx, tx, gone.id).on(Constraint::ForeignKey, is_named)?;
    ctx.audit(tx, "contact.join", "contact", gone.id, Some(&gone), Some(&stays.number))?;
    ctx.emit(tx, Event::new(events::CONTACT_DELETED, gone.id))?;
    let mut content = merged(stays.content(), gone.content());
    if let (Some(kept), Some(other)) = (&content.phone, &gone.phone)
        && kept != other
    {
        let lines = [content.note.take().unwrap_or_default(), other.pretty()];
        content.note = Some(lines.join("\n").trim().to_owned());
    }
    change(ctx, tx, stays, content.checked()?)
}

fn must_be_free(ctx: &Ctx, tx: &mut Tx, content: &NewContact, own: Option<Id<Contact>>) -> Result<()> {
    let Some(phone) = &content.phone else { return Ok(()) };
    match store::find_by_phone(ctx, tx, phone.as_str())? {
        Some(found) if Some(found.id) != own => {
            let words =
                Text::new("contacts-phone-taken").with("name", found.name).with("number", found.number);
            Err(Error::field("phone", words))
        }
        _ => Ok(()),
    }
}
