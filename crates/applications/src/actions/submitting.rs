//! Somebody applies, or says more of what they applied for.

use std::collections::HashMap;

use catalog::{Item, ItemKind};
use context::{Ctx, Event, Permission, next_number};
use db::Tx;
use kernel::{Checks, Error, Id, Kind, Result, Text};
use serde_json::Value;

use super::listing::{Listing, found_by};
use crate::{
    Answers, Applicant, Application, Change, Deed, FieldKind, Form, FormField, Status,
    application::Choice,
    events::{self, Told},
    field::plain,
    store,
};

/// Answers of an application that no field asks for.
pub(crate) const UNASKED_AT_MOST: usize = 50;
/// Characters of one of them, and of its key.
const UNASKED_CHARS: usize = 1_000;
const UNASKED_KEY_CHARS: usize = 100;

/// What became of submitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The application as it stands.
    pub application: Application,
    /// Whether it was not there before.
    pub is_new: bool,
}

/// Applies for the form with this code in the name of an applicant, or writes into what they applied for already: answers
/// that do not come, and empty ones, stay. Each is read by its field: an item by its id, its code or its name, under the field's
/// key or under that with `_id` or `_code` behind it. A required region or `phone` that nobody says is that of the person. What no field asks for is kept as it comes. One that was cancelled is submitted
/// anew. Errors: no such form; what is wrong with the answers; a conflict where the form is closed to new applications, or the
/// application was decided and something differs.
pub fn submit(
    ctx: &Ctx,
    tx: &mut Tx,
    applicant: Id<Applicant>,
    form_code: &str,
    given: &Answers,
) -> Result<Submission> {
    ctx.require(Permission::ApplicationsCreate)?;
    let form = store::form::find_by_code(ctx, tx, form_code)?.ok_or_else(Error::not_found)?;
    // Held, so that two submissions of one person come one after the other.
    let applicant = store::applicant::lock(ctx, tx, applicant)?;
    if applicant.erased_at.is_some() {
        return Err(Error::conflict(Text::new("applications-applicant-erased")));
    }
    let before = store::application::lock_of(ctx, tx, form.id, applicant.id)?;
    let is_revived = before.as_ref().is_none_or(|before| before.status == Status::Cancelled);
    if is_revived && !form.is_open {
        return Err(Error::conflict(
            Text::new("applications-form-closed").with("form", form.names.get(ctx.lang())),
        ));
    }
    let given = with_own(ctx, tx, &form, &applicant, before.as_ref(), given)?;
    let read = read(ctx, tx, &form, before.as_ref(), &given)?;
    match before {
        None => insert(ctx, tx, &form, &applicant, read),
        Some(before) => update(ctx, tx, &form, &applicant, before, read),
    }
}

/// What an application says when what was given is written over what stood.
struct Read {
    answers: Answers,
    /// What is newly chosen, by field.
    chosen: Vec<(String, Id<Item>)>,
    /// All that is chosen, by field.
    items: HashMap<String, Item>,
    changes: Vec<Change>,
}

fn insert(ctx: &Ctx, tx: &mut Tx, form: &Form, applicant: &Applicant, read: Read) -> Result<Submission> {
    let application = Application {
        id: ctx.new_id(),
        number: next_number(ctx, tx, "application")?,
        form: form.id,
        applicant: applicant.id,
        status: Status::Submitted,
        answers: read.answers,
        submitted_at: ctx.now(),
        updated_at: ctx.now(),
    };
    store::application::insert(ctx, tx, &application)?;
    choose(ctx, tx, &application, read.chosen)?;
    let mut listing = Listing::default();
    listing.came(ctx, tx, &application, &found_by(read.items.values(), applicant.region))?;
    listing.done(ctx, tx)?;
    store::entry::insert(ctx, tx, application.id, &Deed::Submitted)?;
    let keys: Vec<&String> = application.answers.keys().collect();
    ctx.audit_new(tx, "application.submit", "application", application.id, &(&form.code, keys))?;
    tell(ctx, tx, form, &application, events::APPLICATION_SUBMITTED)?;
    Ok(Submission { application, is_new: true })
}

fn update(
    ctx: &Ctx,
    tx: &mut Tx,
    form: &Form,
    applicant: &Applicant,
    before: Application,
    read: Read,
) -> Result<Submission> {
    let Read { answers, chosen, items, changes } = read;
    let is_revived = before.status == Status::Cancelled;
    if changes.is_empty() && !is_revived {
        return Ok(Submission { application: before, is_new: false });
    }
    if before.status.is_decided() {
        let decided = Text::new("applications-decided").with("number", before.number);
        return Err(Error::conflict(decided));
    }
    let mut after = Application { answers, updated_at: ctx.now(), ..before.clone() };
    if is_revived {
        after.status = Status::Submitted;
        after.submitted_at = ctx.now();
    }
    store::application::update(ctx, tx, &after)?;
    choose(ctx, tx, &after, chosen)?;
    let mut listing = Listing::default();
    listing.changed(ctx, tx, &before, &after, Some(&found_by(items.values(), applicant.region)))?;
    listing.done(ctx, tx)?;
    let keys: Vec<String> = changes.iter().map(|change| change.field.clone()).collect();
    if !changes.is_empty() {
        store::entry::insert(ctx, tx, after.id, &Deed::Changed { fields: changes })?;
    }
    if is_revived {
        store::entry::insert(ctx, tx, after.id, &Deed::Submitted)?;
    }
    ctx.audit(tx, "application.change", "application", after.id, None::<&()>, Some(&keys))?;
    let event = if is_revived { events::APPLICATION_SUBMITTED } else { events::APPLICATION_CHANGED };
    tell(ctx, tx, form, &after, event)?;
    Ok(Submission { application: after, is_new: false })
}

fn choose(ctx: &Ctx, tx: &mut Tx, application: &Application, chosen: Vec<(String, Id<Item>)>) -> Result<()> {
    for (field, item) in chosen {
        store::choice::put(ctx, tx, &Choice { application: application.id, field, item })?;
    }
    Ok(())
}

fn tell(ctx: &Ctx, tx: &mut Tx, form: &Form, application: &Application, event: &'static str) -> Result<()> {
    let told = Told { form: form.code.clone(), status: application.status, message: None };
    ctx.emit(tx, Event::new(event, application.id).with(&told)?)
}

/// Reads what was given over what stands, and says everything that is wrong with it at once.
fn read(ctx: &Ctx, tx: &mut Tx, form: &Form, before: Option<&Application>, given: &Answers) -> Result<Read> {
    let mut answers = before.map(|before| before.answers.clone()).unwrap_or_default();
    let mut items = chosen_before(ctx, tx, before)?;
    let mut checks = Checks::new();
    let (mut chosen, mut changes) = (Vec::new(), Vec::new());
    let mut moved: Vec<&str> = Vec::new();
    for (name, value) in given.iter().filter(|(_, value)| says_something(value)) {
        let field = field_of(form, name);
        let key = field.map_or(name.as_str(), |field| field.key.as_str());
        let answer = match field {
            None => unasked(&mut checks, name, value),
            Some(field) if field.kind.item().is_some() => {
                match checks.take(name, item_of(ctx, tx, &field.kind, value, items.get(key))) {
                    Some(item) => {
                        let answer = Value::String(item.code.clone());
                        if items.get(key).is_none_or(|stands| stands.id != item.id) {
                            chosen.push((key.to_owned(), item.id));
                            moved.push(key);
                            items.insert(key.to_owned(), item);
                        }
                        Some(answer)
                    }
                    None => None,
                }
            }
            Some(field) => checks.take(name, field.kind.read(value)).and_then(|answer| {
                // What stands already, stands: its day may be over by now.
                let stands = answers.get(key) == Some(&answer);
                let fits = if stands { Ok(()) } else { field.kind.check(&answer, ctx.today()) };
                checks.take(name, fits).map(|()| answer)
            }),
        };
        let Some(answer) = answer else { continue };
        let stood = answers.insert(key.to_owned(), answer.clone());
        if stood.as_ref() != Some(&answer) {
            changes.push(Change { field: key.to_owned(), from: stood.unwrap_or_default(), to: answer });
        }
    }
    check_within(&mut checks, form, &items, &moved);
    for field in form.fields.iter().filter(|field| field.is_required) {
        let is_wrong = given
            .keys()
            .any(|name| checks.has(name) && field_of(form, name).is_some_and(|found| found.key == field.key));
        let is_there = answers.contains_key(&field.key) || is_wrong;
        checks.hold(is_there, &field.key, Text::new("kernel-text-missing"));
    }
    let unasked = answers.keys().filter(|key| form.field(key).is_none()).count();
    let added = changes.iter().any(|change| form.field(&change.field).is_none());
    let too_many = Text::new("applications-answers-too-many").with("max", UNASKED_AT_MOST);
    checks.hold(unasked <= UNASKED_AT_MOST || !added, "answers", too_many);
    checks.done()?;
    Ok(Read { answers, chosen, items, changes })
}

/// What was given, and for what is required and stands nowhere what is known of the person: the region they come from, and their
/// phone where the field is called so. Old bots ask people for it once.
fn with_own(
    ctx: &Ctx,
    tx: &mut Tx,
    form: &Form,
    applicant: &Applicant,
    before: Option<&Application>,
    given: &Answers,
) -> Result<Answers> {
    let mut whole = given.clone();
    for field in form.fields.iter().filter(|field| field.is_required) {
        let is_given = given.iter().any(|(name, value)| {
            says_something(value) && field_of(form, name).is_some_and(|it| it.key == field.key)
        });
        if is_given || before.is_some_and(|before| before.answers.contains_key(&field.key)) {
            continue;
        }
        let own = match (&field.kind, field.key.as_str()) {
            (FieldKind::Item { item: ItemKind::Region, .. }, _) => match applicant.region {
                Some(id) => {
                    catalog::items::find(ctx, tx, id)?.filter(|item| item.active).map(|item| item.code)
                }
                None => None,
            },
            (FieldKind::Phone, "phone") => applicant.phone.as_ref().map(ToString::to_string),
            _ => None,
        };
        if let Some(own) = own {
            whole.insert(field.key.clone(), Value::String(own));
        }
    }
    Ok(whole)
}

/// What was chosen before, by field.
fn chosen_before(ctx: &Ctx, tx: &mut Tx, before: Option<&Application>) -> Result<HashMap<String, Item>> {
    let Some(before) = before else { return Ok(HashMap::new()) };
    let choices = store::choice::of_many(ctx, tx, &[before.id])?;
    let ids: Vec<Id<Item>> = choices.iter().map(|choice| choice.item).collect();
    let items: HashMap<Id<Item>, Item> =
        catalog::items::get_many(ctx, tx, &ids)?.into_iter().map(|item| (item.id, item)).collect();
    Ok(choices
        .into_iter()
        .filter_map(|choice| Some((choice.field, items.get(&choice.item)?.clone())))
        .collect())
}

/// Null and empty texts say nothing.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    }
}

/// The field that is meant by this name: its key, or of an item that with `_id` or `_code` behind it.
pub(crate) fn field_of<'f>(form: &'f Form, name: &str) -> Option<&'f FormField> {
    form.field(name).or_else(|| {
        let key = name.strip_suffix("_id").or_else(|| name.strip_suffix("_code"))?;
        form.field(key).filter(|field| field.kind.item().is_some())
    })
}

/// The item with this id or code, of the field's kind; one that is newly chosen can be chosen.
fn item_of(ctx: &Ctx, tx: &mut Tx, kind: &FieldKind, value: &Value, stands: Option<&Item>) -> Result<Item> {
    let unknown = || Error::invalid(Text::new("applications-item-unknown"));
    let name = plain(value).ok_or_else(|| Error::invalid(Text::new("web-field-type")))?;
    let wanted = kind.item().ok_or_else(unknown)?;
    let found = match catalog::items::find_by_key(ctx, tx, &name)? {
        Some(found) if found.kind == wanted => found,
        Some(_) => return Err(unknown()),
        None => called(ctx, tx, wanted, &name)?.ok_or_else(unknown)?,
    };
    if found.active || stands.is_some_and(|stands| stands.id == found.id) {
        return Ok(found);
    }
    Err(Error::invalid(Text::new("applications-item-inactive").with("code", found.code)))
}

/// The item of this kind with this name, in any language and either script: as the button of a bot says it.
fn called(ctx: &Ctx, tx: &mut Tx, kind: ItemKind, name: &str) -> Result<Option<Item>> {
    let key = uztext::fold(name);
    let has_name = |item: &Item| item.names().all().any(|name| uztext::fold(name) == key);
    if key.is_empty() {
        return Ok(None);
    }
    Ok(catalog::items::active(ctx, tx, kind)?.into_iter().find(has_name))
}

/// Whether an item belongs to what is chosen in another field: its metadata names that one's code under the kind's word.
pub(crate) fn is_within(item: &Item, chosen: &Item) -> bool {
    let key = chosen.kind.word().to_ascii_lowercase();
    item.word(&key).is_some_and(|code| code.trim().eq_ignore_ascii_case(chosen.code.trim()))
}

/// Of two fields that belong together, what is chosen in one fits what is chosen in the other, where either is new.
fn check_within(checks: &mut Checks, form: &Form, items: &HashMap<String, Item>, moved: &[&str]) {
    for field in &form.fields {
        let FieldKind::Item { within: Some(other), .. } = &field.kind else { continue };
        let is_new = moved.contains(&field.key.as_str()) || moved.contains(&other.as_str());
        if let (true, Some(item), Some(chosen)) = (is_new, items.get(&field.key), items.get(other)) {
            let words = Text::new("applications-item-elsewhere")
                .with("code", &item.code)
                .with("within", &chosen.code);
            checks.hold(is_within(item, chosen), &field.key, words);
        }
    }
}

/// An answer that no field asks for, as it came.
fn unasked(checks: &mut Checks, name: &str, value: &Value) -> Option<Value> {
    let text = checks.take(
        name,
        plain(value).ok_or_else(|| Error::new(Kind::Invalid, Text::new("applications-answer-not-plain"))),
    )?;
    let readable = |text: &str| !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    let is_named = name.chars().count() <= UNASKED_KEY_CHARS && readable(name);
    checks.hold(
        is_named,
        "answers",
        Text::new("applications-answer-key-malformed").with("max", UNASKED_KEY_CHARS),
    );
    let too_long = Text::new("kernel-text-too-long").with("max", UNASKED_CHARS);
    checks.hold(text.chars().count() <= UNASKED_CHARS, name, too_long);
    checks.hold(readable(&text), name, Text::new("kernel-text-has-control"));
    Some(value.clone())
}
