//! A JSON object as outside programs write it: numbers as texts, several names for one thing, keys nobody knows. Every value that
//! does not fit is said beside the name under which it was sent.

use kernel::{Checks, Error, Money, Result, Text};
use serde_json::Value;

use crate::json::Object;

/// The fields that were sent and not read yet.
#[derive(Debug)]
pub(super) struct Sent {
    fields: Object,
    pub(super) checks: Checks,
}

impl Sent {
    /// What stands in this body. Errors: it is no object.
    pub(super) fn new(body: Value) -> Result<Self> {
        match body {
            Value::Object(fields) => Ok(Self { fields, checks: Checks::new() }),
            _ => Err(Error::invalid(Text::new("surveys-body-no-object"))),
        }
    }

    /// What is under the first of these names that says something, with the name. The others count as read, too.
    fn take(&mut self, names: &[&'static str]) -> Option<(&'static str, Value)> {
        let mut found = None;
        for name in names {
            let value = self.fields.shift_remove(*name).filter(|value| !says_nothing(value));
            if found.is_none() {
                found = value.map(|value| (*name, value));
            }
        }
        found
    }

    fn refuse<T>(&mut self, name: &str, key: &'static str) -> Option<T> {
        self.checks.refuse(name, Text::new(key));
        None
    }

    /// Words; a number is read as it is written.
    pub(super) fn text(&mut self, names: &[&'static str]) -> Option<String> {
        match self.take(names)? {
            (_, Value::String(text)) => Some(text),
            (_, Value::Number(number)) => Some(number.to_string()),
            (name, _) => self.refuse(name, "surveys-text-wanted"),
        }
    }

    /// A whole number, also as a text.
    pub(super) fn whole(&mut self, names: &[&'static str]) -> Option<i64> {
        let (name, value) = self.take(names)?;
        let number = match &value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.or_else(|| self.refuse(name, "kernel-number-malformed"))
    }

    /// A sum in so'm, also as a text.
    pub(super) fn money(&mut self, names: &[&'static str]) -> Option<Money> {
        let (name, value) = self.take(names)?;
        let money = match &value {
            Value::Number(number) => Money::parse(&number.to_string()),
            Value::String(text) => Money::parse(text),
            _ => Err(Error::invalid(Text::new("kernel-number-malformed"))),
        };
        self.checks.take(name, money)
    }

    /// What `read` makes of the words.
    pub(super) fn read<T>(
        &mut self,
        names: &[&'static str],
        unknown: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let (name, value) = self.take(names)?;
        let word = match &value {
            Value::String(text) => text.trim().to_lowercase(),
            Value::Bool(yes) => yes.to_string(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        read(&word).or_else(|| self.refuse(name, unknown))
    }

    /// An object.
    pub(super) fn object(&mut self, names: &[&'static str]) -> Object {
        match self.take(names) {
            None => Object::new(),
            Some((_, Value::Object(object))) => object,
            Some((name, _)) => self.refuse(name, "surveys-object-wanted").unwrap_or_default(),
        }
    }

    /// What somebody agrees to: an object, or yes or no to all that was asked.
    pub(super) fn consents(&mut self, names: &[&'static str]) -> Object {
        let agreed = |yes: bool| [("consent".to_owned(), Value::Bool(yes))].into_iter().collect();
        match self.take(names) {
            None => Object::new(),
            Some((_, Value::Object(object))) => object,
            Some((_, Value::Bool(yes))) => agreed(yes),
            Some((name, _)) => self.refuse(name, "surveys-object-wanted").unwrap_or_default(),
        }
    }

    /// A list of words, or one text with commas between them.
    pub(super) fn list(&mut self, names: &[&'static str]) -> Vec<String> {
        let Some((name, value)) = self.take(names) else { return Vec::new() };
        let words = match value {
            Value::String(text) => Some(text.split(',').map(str::to_owned).collect()),
            Value::Array(list) => list.into_iter().map(word).collect::<Option<Vec<String>>>(),
            _ => None,
        };
        words.unwrap_or_else(|| self.refuse(name, "surveys-list-wanted").unwrap_or_default())
    }

    /// What nobody asked for by name.
    pub(super) fn rest(&mut self) -> Object {
        std::mem::take(&mut self.fields).into_iter().filter(|(_, value)| !says_nothing(value)).collect()
    }
}

/// Nulls and empty texts erase nothing, for they say nothing.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

fn word(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_sent_is_read_under_any_of_its_names() {
        let body = json!({"company": "", "employment_company": " Artel ", "hours": "40", "salary": "1 500,5",
            "channels": "telegram, email", "consents": true, "other": 5, "none": null});
        let mut sent = Sent::new(body).unwrap();
        assert_eq!(sent.text(&["company", "employment_company"]).as_deref(), Some(" Artel "));
        assert_eq!(
            (sent.whole(&["hours"]), sent.money(&["salary"])),
            (Some(40), Some(Money::from_tiyin(150_050)))
        );
        assert_eq!(sent.list(&["channels"]), ["telegram", " email"]);
        assert_eq!(Value::Object(sent.consents(&["consents"])), json!({"consent": true}));
        assert_eq!(Value::Object(sent.rest()), json!({"other": 5}));
        sent.checks.done().unwrap();
    }

    #[test]
    fn what_does_not_fit_is_said_beside_its_name() {
        let body = json!({"student_id": {}, "hours": 1.5, "salary": [], "consents": "ha", "channels": [{}]});
        let mut sent = Sent::new(body).unwrap();
        sent.text(&["student_external_id", "student_id"]);
        sent.whole(&["hours"]);
        sent.money(&["salary"]);
        sent.consents(&["consents"]);
        sent.list(&["channels"]);
        let error = sent.checks.done().unwrap_err();
        let found: Vec<_> =
            error.field_errors().iter().map(|e| format!("{}: {}", e.field, e.text.key())).collect();
        let expected = [
            "student_id: surveys-text-wanted",
            "hours: kernel-number-malformed",
            "salary: kernel-number-malformed",
            "consents: surveys-object-wanted",
            "channels: surveys-list-wanted",
        ];
        assert_eq!(found, expected);
        assert!(Sent::new(json!([])).is_err());
    }
}
