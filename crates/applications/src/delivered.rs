//! The forms that come with the program (SPEC APPLY-2, seed 004). Pure.

use catalog::Names;
use kernel::{Error, Result};
use serde::Deserialize;

use crate::{FieldKind, FormField, NewForm};

const FILE: &str = include_str!("../data/forms.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    form: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    code: String,
    name_uz: String,
    name_ru: String,
    name_en: String,
    field: Vec<FieldRow>,
}

#[derive(Debug, Deserialize)]
struct FieldRow {
    key: String,
    #[serde(flatten)]
    kind: FieldKind,
    label_uz: String,
    label_ru: String,
    label_en: String,
    required: bool,
    in_table: bool,
}

/// The forms of `data/forms.toml`, in the order in which they are to be offered. For [`crate::actions::ensure_delivered_forms`].
pub fn delivered_forms() -> Result<Vec<NewForm>> {
    let File { form } = toml::from_str(FILE).map_err(Error::internal)?;
    let forms = form.into_iter().zip(0..).map(|(row, position)| {
        let Row { code, name_uz, name_ru, name_en, field } = row;
        let names = Names { uz: name_uz, ru: Some(name_ru), en: Some(name_en) };
        let fields = field.into_iter().map(FormField::from).collect();
        NewForm { code, names, position, is_open: true, fields }.checked()
    });
    forms.collect()
}

impl From<FieldRow> for FormField {
    fn from(row: FieldRow) -> Self {
        let FieldRow { key, kind, label_uz, label_ru, label_en, required, in_table } = row;
        let label = Names { uz: label_uz, ru: Some(label_ru), en: Some(label_en) };
        Self { key, kind, label, is_required: required, in_table }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seeds_four_forms_come_with_the_program() {
        let forms = delivered_forms().unwrap();
        let said: Vec<String> = forms
            .iter()
            .map(|form| {
                let fields = form.fields.iter().map(|field| {
                    let sign = if field.is_required { "" } else { "?" };
                    format!("{}{sign}", field.key)
                });
                format!("{}: {}", form.code, fields.collect::<Vec<_>>().join(" "))
            })
            .collect();
        assert_eq!(
            said,
            [
                "campus-tour: organization position phone preferred_date preferred_time",
                "admissions-2026: track direction region second_phone?",
                "foundation: extra_phone?",
                "polito-academy: subject score",
            ]
        );
    }
}
