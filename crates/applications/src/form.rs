//! A form: what can be applied for. Pure.

use std::collections::HashSet;

use catalog::Names;
use kernel::{Checks, Id, Result, Text, Timestamp};
use serde::Serialize;

use crate::{FormField, field::FieldKind};

/// Characters of a form's code.
const CODE_CHARS: usize = 50;
/// Characters of a form's name: it is a button in a chat.
const NAME_CHARS: usize = 100;
/// Fields of a form.
pub const FIELDS_AT_MOST: usize = 40;
/// Forms of a workspace.
pub const FORMS_AT_MOST: usize = 100;

/// What can be applied for, and what is asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Form {
    /// Its id.
    pub id: Id<Form>,
    /// What programs call it: `campus-tour`.
    pub code: String,
    /// What people call it.
    pub names: Names,
    /// A smaller one stands first.
    pub position: i32,
    /// Whether it takes new applications.
    pub is_open: bool,
    /// What is asked, in this order.
    pub fields: Vec<FormField>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Form {
    /// The field with this key.
    pub fn field(&self, key: &str) -> Option<&FormField> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// What can be written into it, as it stands.
    pub fn content(&self) -> NewForm {
        let Self { id: _, code, names, position, is_open, fields, created_at: _, updated_at: _ } =
            self.clone();
        NewForm { code, names, position, is_open, fields }
    }
}

/// What people write into a form. [`NewForm::checked`] makes it fit to be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the same as Form's")]
pub struct NewForm {
    pub code: String,
    pub names: Names,
    pub position: i32,
    pub is_open: bool,
    pub fields: Vec<FormField>,
}

impl NewForm {
    /// The same, tidied, or everything that is wrong with it: beside `code`, `name_uz`, `fields.0.key`, ….
    pub fn checked(self) -> Result<Self> {
        let Self { code, names, position, is_open, fields } = self;
        let mut checks = Checks::new();
        let code = code.trim().to_owned();
        checks.hold(is_slug(&code), "code", Text::new("applications-code-malformed"));
        let names = Names {
            uz: checks.required_line("name_uz", &names.uz, NAME_CHARS),
            ru: checks.optional_line("name_ru", names.ru.as_deref(), NAME_CHARS),
            en: checks.optional_line("name_en", names.en.as_deref(), NAME_CHARS),
        };
        let too_many = Text::new("applications-fields-too-many").with("max", FIELDS_AT_MOST);
        checks.hold(fields.len() <= FIELDS_AT_MOST, "fields", too_many);
        let tidy: Vec<FormField> = fields
            .into_iter()
            .take(FIELDS_AT_MOST)
            .enumerate()
            .map(|(place, field)| {
                let mut own = Checks::new();
                let tidy = field.checked(&mut own);
                if let Err(error) = own.done() {
                    for wrong in error.under(&format!("fields.{place}")).field_errors() {
                        checks.refuse(wrong.field.clone(), wrong.text.clone());
                    }
                }
                tidy
            })
            .collect();
        check_together(&mut checks, &tidy);
        checks.done()?;
        Ok(Self { code, names, position, is_open, fields: tidy })
    }
}

/// Keys are each another's, and an item is chosen within a field that stands before it.
fn check_together(checks: &mut Checks, fields: &[FormField]) {
    let mut keys = HashSet::new();
    for (place, field) in fields.iter().enumerate() {
        let taken = Text::new("applications-key-taken").with("key", &field.key);
        checks.hold(keys.insert(field.key.as_str()), &format!("fields.{place}.key"), taken);
        if let FieldKind::Item { within: Some(other), .. } = &field.kind {
            let before = fields.iter().take(place);
            let is_there = before.filter(|one| one.kind.item().is_some()).any(|one| one.key == *other);
            checks.hold(
                is_there,
                &format!("fields.{place}.within"),
                Text::new("applications-within-unknown"),
            );
        }
    }
}

/// Small Latin letters, digits and `-` between them.
pub(crate) fn is_slug(code: &str) -> bool {
    let plain =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    code.len() <= CODE_CHARS && code.split('-').all(plain)
}

#[cfg(test)]
mod tests {
    use catalog::ItemKind;

    use super::*;

    fn field(key: &str, kind: FieldKind) -> FormField {
        FormField { key: key.to_owned(), kind, label: Names::uz("Savol"), is_required: true, in_table: false }
    }

    fn form(code: &str, fields: Vec<FormField>) -> NewForm {
        NewForm { code: code.to_owned(), names: Names::uz("Ariza"), position: 0, is_open: true, fields }
    }

    #[track_caller]
    fn refused(form: NewForm, expected: &[&str]) {
        let error = form.checked().unwrap_err();
        let found: Vec<_> =
            error.field_errors().iter().map(|e| format!("{}: {}", e.field, e.text.key())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn everything_wrong_with_a_form_is_said_beside_its_field() {
        let item = |within: Option<&str>| FieldKind::Item {
            item: ItemKind::Direction,
            within: within.map(ToOwned::to_owned),
        };
        refused(
            NewForm { names: Names::default(), ..form("Qabul 2026", vec![]) },
            &["code: applications-code-malformed", "name_uz: kernel-text-missing"],
        );
        refused(
            form("qabul", vec![field("Phone", FieldKind::Phone), field("status", FieldKind::Phone)]),
            &["fields.0.key: applications-key-malformed", "fields.1.key: applications-key-reserved"],
        );
        refused(
            form(
                "qabul",
                vec![field("a", FieldKind::Phone), field("a", item(Some("b"))), field("b", item(None))],
            ),
            &["fields.1.key: applications-key-taken", "fields.1.within: applications-within-unknown"],
        );
        let backwards = FieldKind::Number { min: Some(2), max: Some(1), whole: true };
        let none = FieldKind::Text { min: 0, max: 0 };
        refused(
            form("qabul", vec![field("a", backwards), field("b", none)]),
            &["fields.0.max: applications-bounds-malformed", "fields.1.max: applications-bounds-malformed"],
        );
        let many = (0..=FIELDS_AT_MOST).map(|n| field(&format!("f{n}"), FieldKind::Phone)).collect();
        refused(form("qabul", many), &["fields: applications-fields-too-many"]);
    }

    #[test]
    fn codes_are_parts_of_an_address() {
        for good in ["campus-tour", "admissions-2026", "a"] {
            assert!(is_slug(good), "{good}");
        }
        for bad in ["", "-a", "a--b", "A", "a_b", "a/b", &"a".repeat(CODE_CHARS + 1)] {
            assert!(!is_slug(bad), "{bad}");
        }
    }
}
