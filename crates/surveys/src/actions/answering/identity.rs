//! Who answers: the student by their id at the university, by Telegram and by contact.

use contacts::{Contact, NewContact};
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Error, Id, Result, Text};
use serde_json::json;

use super::region_of;
use crate::{NewSurvey, Person, RosterRow, Student, store, student::full_name, student_key};

/// Writes down the student who answers, or what is known now of one who is there. The Telegram account, or else the contact, is
/// who somebody is: one who was mistaken in their id at the university answers under the right one. Errors: the id is another
/// account's already.
pub(super) fn put_student(ctx: &Ctx, tx: &mut Tx, new: &NewSurvey, roster: &RosterRow) -> Result<Student> {
    let person = &new.person;
    let by_id = store::student::find_by_external_id(ctx, tx, &new.student_external_id)?;
    let same = known_as(ctx, tx, person)?;
    let stands = match (by_id, same) {
        (Some(named), Some(same)) if named.id != same.id => return Err(taken(&new.student_external_id)),
        (Some(named), None) if is_anothers(&named, person) => return Err(taken(&new.student_external_id)),
        (Some(student), _) | (None, Some(student)) => Some(store::student::lock(ctx, tx, student.id)?),
        (None, None) => None,
    };
    let region = match person.region.as_deref() {
        None => None,
        Some(key) => Some(region_of(ctx, tx, key, stands.as_ref().and_then(|student| student.region))?),
    };
    let contact = contact_of(ctx, tx, new, stands.as_ref())?;
    let Person {
        contact: _,
        telegram_user_id,
        username,
        first_name,
        last_name,
        gender,
        phone,
        region: _,
        lang,
    } = person.clone();
    let after = match &stands {
        None => Student {
            id: ctx.new_id(),
            student_external_id: new.student_external_id.clone(),
            roster: roster.id,
            contact: Some(contact),
            telegram_user_id,
            username,
            first_name,
            last_name,
            gender,
            phone,
            region,
            lang,
            created_at: ctx.now(),
            updated_at: ctx.now(),
            erased_at: None,
        },
        Some(before) => Student {
            student_external_id: spelt(new, before),
            roster: roster.id,
            contact: Some(contact),
            telegram_user_id: telegram_user_id.or(before.telegram_user_id),
            username: username.or_else(|| before.username.clone()),
            first_name: first_name.or_else(|| before.first_name.clone()),
            last_name: last_name.or_else(|| before.last_name.clone()),
            gender: gender.or(before.gender),
            phone: phone.or_else(|| before.phone.clone()),
            region: region.or(before.region),
            lang: lang.or(before.lang),
            erased_at: None,
            ..before.clone()
        },
    };
    match &stands {
        None => {
            store::student::insert(ctx, tx, &after)?;
            let seen = json!({ "student_external_id": after.student_external_id });
            ctx.audit_new(tx, "survey_student.create", "survey_student", after.id, &seen)?;
        }
        Some(before) if *before == after => return Ok(after),
        Some(before) => {
            let after = Student { updated_at: ctx.now(), ..after };
            store::student::update(ctx, tx, &after)?;
            store::person_tally::move_student(ctx, tx, before, &after)?;
            // Which fields, and not what stands in them: the log of audits cannot be erased.
            let (was, is) = (&before.student_external_id, &after.student_external_id);
            let changed = json!({ "student_external_id": is, "changed": differing(before, &after) });
            let was = json!({ "student_external_id": was });
            ctx.audit(tx, "survey_student.change", "survey_student", after.id, Some(&was), Some(&changed))?;
            return Ok(after);
        }
    }
    Ok(after)
}

/// The id as it stands, where it is only spelt otherwise.
fn spelt(new: &NewSurvey, before: &Student) -> String {
    let is_same = student_key(&new.student_external_id) == student_key(&before.student_external_id);
    if is_same { before.student_external_id.clone() } else { new.student_external_id.clone() }
}

fn taken(student: &str) -> Error {
    Error::conflict(Text::new("surveys-student-taken").with("student", student))
}

/// The student whom Telegram calls so, or who is this contact.
fn known_as(ctx: &Ctx, tx: &mut ReadTx, person: &Person) -> Result<Option<Student>> {
    let by_telegram = match person.telegram_user_id {
        Some(telegram) => store::student::find_by_telegram(ctx, tx, telegram)?,
        None => None,
    };
    match (by_telegram, person.contact) {
        (Some(found), _) => Ok(Some(found)),
        (None, Some(contact)) => store::student::find_by_contact(ctx, tx, contact),
        (None, None) => Ok(None),
    }
}

/// Whether somebody else answers under this id: another account in Telegram, or another contact that a chat proved.
fn is_anothers(named: &Student, person: &Person) -> bool {
    let other_account = named.telegram_user_id.is_some()
        && person.telegram_user_id.is_some()
        && named.telegram_user_id != person.telegram_user_id;
    let other_contact =
        named.contact.is_some() && person.contact.is_some() && named.contact != person.contact;
    other_account || other_contact
}

fn differing(before: &Student, after: &Student) -> Vec<&'static str> {
    let all = [
        ("student_external_id", before.student_external_id != after.student_external_id),
        ("roster", before.roster != after.roster),
        ("contact", before.contact != after.contact),
        ("telegram_user_id", before.telegram_user_id != after.telegram_user_id),
        ("username", before.username != after.username),
        ("first_name", before.first_name != after.first_name),
        ("last_name", before.last_name != after.last_name),
        ("gender", before.gender != after.gender),
        ("phone", before.phone != after.phone),
        ("region", before.region != after.region),
        ("language", before.lang != after.lang),
    ];
    all.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
}

/// The contact that they are: the one that the caller knows, the one that the student is, the one that has the phone, or a new
/// one. A phone that is another contact's stays theirs.
fn contact_of(ctx: &Ctx, tx: &mut Tx, new: &NewSurvey, stands: Option<&Student>) -> Result<Id<Contact>> {
    let person = &new.person;
    if let Some(contact) = person.contact {
        let found = contacts::get_many(ctx, tx, &[contact])?.pop();
        return found.map(|contact| contact.id).ok_or_else(Error::not_found);
    }
    // Whoever may write down who answers, may write the contact that this is.
    let writing = ctx.with(|ctx| {
        ctx.permissions = ctx.permissions.with(Permission::SalesCreate).with(Permission::SalesEdit);
    });
    let name = full_name(person.first_name.as_deref(), person.last_name.as_deref());
    if let Some(contact) = stands.and_then(|student| student.contact) {
        let found = contacts::get_many(ctx, tx, &[contact])?.pop().filter(|found| found.deleted_at.is_none());
        if let Some(contact) = found {
            return Ok(told(&writing, tx, contact, person, name)?.id);
        }
    }
    let called = match (name.is_empty(), &person.username) {
        (false, _) => name,
        (true, Some(username)) => username.clone(),
        (true, None) => new.student_external_id.clone(),
    };
    let mut content = NewContact { is_customer: false, ..NewContact::customer(called, person.phone.clone()) };
    content.lang = person.lang.unwrap_or(content.lang);
    let contact = contacts::upsert_by_phone(&writing, tx, content.clone())?;
    let own = stands.map(|student| student.id);
    match store::student::find_by_contact(ctx, tx, contact.id)? {
        // A phone of two students, who are two people.
        Some(other) if Some(other.id) != own => {
            let alone = NewContact { phone: None, ..content };
            Ok(contacts::upsert_by_phone(&writing, tx, alone)?.id)
        }
        _ => Ok(contact.id),
    }
}

/// Writes into a contact what its person says now.
fn told(ctx: &Ctx, tx: &mut Tx, contact: Contact, person: &Person, name: String) -> Result<Contact> {
    let stands = contact.content();
    let phone = match &person.phone {
        Some(phone) if stands.phone.as_ref() != Some(phone) => {
            let owner = contacts::find_by_phone(ctx, tx, phone)?;
            if owner.is_none() { Some(phone.clone()) } else { stands.phone.clone() }
        }
        _ => stands.phone.clone(),
    };
    let content = NewContact {
        name: if name.is_empty() { stands.name.clone() } else { name },
        phone,
        lang: person.lang.unwrap_or(stands.lang),
        ..stands
    };
    contacts::update_contact(ctx, tx, contact.id, content)
}
