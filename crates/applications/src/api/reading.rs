//! What outside bots say of people and answers: as loosely as programs in Python and JavaScript write it. Numbers may be texts,
//! empty texts say nothing, and errors stand beside the field as the caller called it.

use context::Ctx;
use db::ReadTx;
use kernel::{Checks, Date, Error, Lang, Phone, Result, Text};
use serde_json::{Map, Value};

use crate::{Form, Gender, NewApplicant, actions::field_of, field::plain};

/// What of a person may stand beside the answers of a submission.
const PERSONAL: [&str; 13] = [
    "telegram_chat_id",
    "username",
    "first_name",
    "last_name",
    "phone",
    "email",
    "region",
    "region_id",
    "region_code",
    "gender",
    "birth_date",
    "language",
    "lang",
];

/// A submission, taken apart.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// What names the applicant, and what is said of them.
    pub(super) person: Map<String, Value>,
    /// What is said of them under `applicant`.
    pub(super) applicant: Map<String, Value>,
    /// The answers.
    pub(super) answers: Map<String, Value>,
}

/// Takes a submission apart: what the form asks for is an answer, wherever it stands; what else is called like something of a
/// person, is of the person; the rest is an answer that is kept as it comes. A status from outside says nothing.
pub(super) fn parts(form: &Form, body: Map<String, Value>) -> Result<Parts> {
    let mut parts = Parts::default();
    let mut checks = Checks::new();
    for (name, value) in body {
        match name.as_str() {
            "status" | "id" | "form" | "number" | "submitted_at" | "updated_at" | "created" | "history" => {}
            "applicant_id" | "telegram_user_id" | "telegram_id" => drop(parts.person.insert(name, value)),
            "applicant" | "answers" => match value {
                Value::Object(map) if name == "answers" => parts.answers.extend(map),
                Value::Object(map) => parts.applicant = map,
                // As seed 004 names the applicant of an application.
                Value::String(_) if name == "applicant" => {
                    parts.person.insert("applicant_id".to_owned(), value);
                }
                Value::Null => {}
                _ => checks.refuse(name, Text::new("web-field-type")),
            },
            _ if field_of(form, &name).is_none() && PERSONAL.contains(&name.as_str()) => {
                parts.person.insert(name, value);
            }
            // What stands under `answers` as well, stands there as it was meant.
            _ => drop(parts.answers.entry(name).or_insert(value)),
        }
    }
    checks.done()?;
    Ok(parts)
}

/// The text of a plain value, unless it says nothing.
fn said<'m>(map: &'m Map<String, Value>, names: &[&'m str]) -> Option<(&'m str, &'m Value)> {
    names.iter().find_map(|name| {
        let value = map.get(*name)?;
        let is_empty = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        (!is_empty).then_some((*name, value))
    })
}

fn text(value: &Value) -> Result<String> {
    plain(value).ok_or_else(|| Error::invalid(Text::new("web-field-type")))
}

/// The whole number under one of these names.
fn number(checks: &mut Checks, map: &Map<String, Value>, names: &[&str]) -> Option<i64> {
    let (name, value) = said(map, names)?;
    let malformed = || Error::invalid(Text::new("kernel-number-malformed"));
    checks.take(name, text(value).and_then(|text| text.trim().parse().map_err(|_| malformed())))
}

/// What Telegram calls somebody: `telegram_user_id`, or `telegram_id`.
pub(super) fn telegram_id(map: &Map<String, Value>) -> Result<Option<i64>> {
    let mut checks = Checks::new();
    let id = number(&mut checks, map, &["telegram_user_id", "telegram_id"]);
    checks.done()?;
    Ok(id)
}

/// What is said of a person. Errors: everything that is wrong with it, beside its name.
pub(super) fn person(ctx: &Ctx, tx: &mut ReadTx, map: &Map<String, Value>) -> Result<NewApplicant> {
    let mut checks = Checks::new();
    let words = |checks: &mut Checks, names: &[&str]| {
        said(map, names).and_then(|(name, value)| Some((name.to_owned(), checks.take(name, text(value))?)))
    };
    let username = words(&mut checks, &["username"]).map(|(_, text)| text);
    let first_name = words(&mut checks, &["first_name"]).map(|(_, text)| text);
    let last_name = words(&mut checks, &["last_name"]).map(|(_, text)| text);
    let email = words(&mut checks, &["email"]).map(|(_, text)| text);
    let phone =
        words(&mut checks, &["phone"]).and_then(|(name, text)| checks.take(&name, Phone::parse(&text)));
    let birth_date = words(&mut checks, &["birth_date"])
        .and_then(|(name, text)| checks.take(&name, Date::parse(text.get(..10).unwrap_or(&text))));
    let gender = words(&mut checks, &["gender"]).and_then(|(name, text)| {
        let unknown = |_| Error::invalid(Text::new("applications-gender-unknown"));
        checks.take(&name, text.trim().to_ascii_lowercase().parse::<Gender>().map_err(unknown))
    });
    let lang = words(&mut checks, &["language", "lang"]).and_then(|(name, text)| {
        let unknown = || Error::invalid(Text::new("applications-lang-unknown"));
        checks.take(&name, Lang::parse(&text).ok_or_else(unknown))
    });
    let telegram_chat_id = number(&mut checks, map, &["telegram_chat_id"]);
    let region = match words(&mut checks, &["region_id", "region", "region_code"]) {
        None => None,
        Some((name, code)) => {
            let unknown = || Error::invalid(Text::new("applications-item-unknown"));
            let found = catalog::items::find_by_key(ctx, tx, &code)?.map(|item| item.id).ok_or_else(unknown);
            checks.take(&name, found)
        }
    };
    checks.done()?;
    Ok(NewApplicant {
        chat_ref: None,
        telegram_id: None,
        telegram_chat_id,
        username,
        first_name,
        last_name,
        gender,
        birth_date,
        phone,
        email,
        region,
        lang,
    })
}
