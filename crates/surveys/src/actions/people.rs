//! What a person may ask for: what is known of them, and that it be forgotten.

use contacts::{Contact, Deletion};
use context::{Ctx, Permission};
use db::Tx;
use kernel::{Error, Id, Kind, Result, Text};
use serde::Serialize;
use serde_json::{Value, json};

use super::answering::note;
use crate::{
    Change, Deed, Entry, Response, Student,
    response::FREE_TEXTS,
    store::{self, history, person_tally, response, roster, student},
};

/// What became of erasing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The student, of whom nothing is known any more but the id.
    pub student: Student,
    /// Answers whose words are gone.
    pub responses: usize,
    /// Whether the contact is gone, too, or a mere number where chats or tickets name it; one that buys or supplies stays.
    pub contact_is_gone: bool,
}

/// Everything that is known here of a student, as one document; who took it is in the log.
pub fn export_student(ctx: &Ctx, tx: &mut Tx, id: Id<Student>) -> Result<Value> {
    ctx.require(Permission::SurveysRead)?;
    ctx.require(Permission::SurveysDelete)?;
    let student = student::get(ctx, tx, id)?;
    let rosters = roster::of_student(ctx, tx, &student.student_external_id)?;
    let mut answers = Vec::new();
    for response in response::of_student(ctx, tx, id)? {
        let campaign = store::campaign::get(ctx, tx, response.campaign)?.code;
        let history = history::of(ctx, tx, response.id)?;
        let history: Vec<Value> = history.iter().map(told).collect::<Result<_>>()?;
        let Response { program, course_year, answered, submitted_at, updated_at, .. } = response;
        answers.push(json!({
            "campaign": campaign, "program": program, "course_year": course_year, "answered": answered,
            "submitted_at": submitted_at, "updated_at": updated_at, "history": history,
        }));
    }
    ctx.audit(tx, "survey_student.export", "survey_student", id, None::<&()>, None::<&()>)?;
    Ok(json!({ "student": student, "roster": rosters, "responses": answers }))
}

fn told(entry: &Entry) -> Result<Value> {
    let Entry { id: _, response: _, deed, author, changes, at } = entry;
    serde_json::to_value(json!({ "deed": deed, "by": author, "changes": changes, "at": at }))
        .map_err(Error::internal)
}

#[derive(Serialize)]
struct ErasedTrace {
    student_external_id: String,
    responses: usize,
}

/// Forgets who a student is: names, phone, Telegram and everything said in their own words are gone, from the history of their
/// answers, too; what they study and the figures stay, so that reports stay true. It cannot be undone. A contact that only this
/// student was goes as well.
pub fn erase_student(ctx: &Ctx, tx: &mut Tx, id: Id<Student>) -> Result<Erased> {
    ctx.require(Permission::SurveysDelete)?;
    let before = student::lock(ctx, tx, id)?;
    let responses = response::of_student(ctx, tx, id)?;
    for response in &responses {
        erase_response(ctx, tx, &before, response)?;
    }
    roster::erase_metadata(ctx, tx, &before)?;
    let after = Student {
        contact: None,
        telegram_user_id: None,
        username: None,
        first_name: None,
        last_name: None,
        gender: None,
        phone: None,
        region: None,
        lang: None,
        updated_at: ctx.now(),
        erased_at: Some(ctx.now()),
        ..before.clone()
    };
    student::update(ctx, tx, &after)?;
    person_tally::move_student(ctx, tx, &before, &after)?;
    let contact_is_gone = match before.contact {
        Some(contact) => delete_contact(ctx, tx, contact)?,
        None => false,
    };
    let trace =
        ErasedTrace { student_external_id: after.student_external_id.clone(), responses: responses.len() };
    ctx.audit(tx, "survey_student.erase", "survey_student", id, None::<&()>, Some(&trace))?;
    Ok(Erased { student: after, responses: responses.len(), contact_is_gone })
}

fn erase_response(ctx: &Ctx, tx: &mut Tx, student: &Student, response: &Response) -> Result<()> {
    for entry in history::of(ctx, tx, response.id)? {
        let blank = |change: &Change| {
            let is_free = FREE_TEXTS.contains(&change.field.as_str());
            let hidden = |value: &Value| if is_free { Value::Null } else { value.clone() };
            Change { field: change.field.clone(), from: hidden(&change.from), to: hidden(&change.to) }
        };
        let changes = entry.changes.iter().map(blank).collect();
        // A bot acts in the name of whom it talks with.
        let names = [student.full_name(), student.username.clone().unwrap_or_default()];
        let is_theirs = names.iter().any(|name| !name.is_empty() && entry.author.contains(name.as_str()));
        let author = if is_theirs { String::new() } else { entry.author.clone() };
        history::set_changes(ctx, tx, &Entry { changes, author, ..entry })?;
    }
    let after = Response { answered: response.answered.erased(), updated_at: ctx.now(), ..response.clone() };
    response::update(ctx, tx, &after)?;
    note(ctx, tx, &after, Deed::Erased, Vec::new())
}

/// Deletes a contact that nothing else names; of one that chats or tickets name nothing stays but its number.
fn delete_contact(ctx: &Ctx, tx: &mut Tx, contact: Id<Contact>) -> Result<bool> {
    let found = contacts::get_many(ctx, tx, &[contact])?.pop();
    let may_go =
        found.is_some_and(|found| found.deleted_at.is_none() && !found.is_customer && !found.is_supplier);
    if !may_go {
        return Ok(false);
    }
    let writing = ctx.with(|ctx| {
        ctx.permissions = ctx.permissions.with(Permission::SalesDelete).with(Permission::SalesEdit);
    });
    let gone = tx.savepoint(|tx| match contacts::delete_contact(&writing, tx, contact)? {
        Deletion::Gone => Ok(()),
        Deletion::Kept => Err(Error::conflict(Text::new("surveys-contact-in-use"))),
    });
    match gone {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == Kind::Conflict => contacts::forget_contact(&writing, tx, contact),
        Err(error) => Err(error),
    }
}

/// Lets a student's id be answered by somebody else: the account in Telegram and the contact are not theirs any more. Their
/// answers stay.
pub fn release_student(ctx: &Ctx, tx: &mut Tx, id: Id<Student>) -> Result<Student> {
    ctx.require(Permission::SurveysEdit)?;
    let before = student::lock(ctx, tx, id)?;
    let after = Student { telegram_user_id: None, username: None, contact: None, ..before.clone() };
    if before == after {
        return Ok(before);
    }
    let after = Student { updated_at: ctx.now(), ..after };
    student::update(ctx, tx, &after)?;
    ctx.audit(tx, "survey_student.release", "survey_student", id, None::<&()>, None::<&()>)?;
    Ok(after)
}
