//! The editor of a form: its names, and its fields as rows. A row without a key and a name is none.

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use catalog::{ItemKind, Names};
use context::Permission;
use kernel::{Checks, Error, FieldError, Id, Result, Text};
use web::{
    Caller, Multi, RowKey,
    pages::{Choice, Field, Form as PageForm, Go, Shell, form_again, render},
};

use super::{FORMS, forms::id_of, under};
use crate::{FIELDS_AT_MOST, FieldKind, Form, FormField, NewForm, actions, api::ApplicationFieldOut, reads};

/// Rows for new fields, under those that are there.
const BLANK_ROWS: usize = 3;
/// What stands in each row, by the end of its input's name.
const CELLS: [&str; 11] = [
    "key",
    "type",
    "label_uz",
    "label_ru",
    "label_en",
    "min",
    "max",
    "within",
    "is_required",
    "in_table",
    "place",
];

/// A row as typed.
#[derive(Debug, Clone, Default)]
struct Row {
    key: String,
    kind: String,
    label_uz: String,
    label_ru: String,
    label_en: String,
    min: String,
    max: String,
    within: String,
    is_required: bool,
    in_table: bool,
    place: String,
}

/// The editor as typed.
#[derive(Debug, Clone, Default)]
struct Typed {
    code: String,
    name_uz: String,
    name_ru: String,
    name_en: String,
    position: String,
    is_open: bool,
    rows: Vec<Row>,
}

fn bound<T: ToString>(bound: Option<T>) -> String {
    bound.map(|bound| bound.to_string()).unwrap_or_default()
}

impl Row {
    fn of(field: &FormField, place: usize) -> Self {
        let FormField { key, kind, label, is_required, in_table } = field.clone();
        let (min, max, within) = match &kind {
            FieldKind::Text { min, max } => (bound(Some(min)), bound(Some(max)), None),
            FieldKind::Date { min_days, max_days } => (bound(*min_days), bound(*max_days), None),
            FieldKind::Number { min, max, whole: _ } => (bound(*min), bound(*max), None),
            FieldKind::Item { item: _, within } => (String::new(), String::new(), within.clone()),
            FieldKind::Phone | FieldKind::Email | FieldKind::Time | FieldKind::YesNo => {
                (String::new(), String::new(), None)
            }
        };
        Self {
            key,
            kind: match &kind {
                FieldKind::Number { whole: true, .. } => "whole".to_owned(),
                FieldKind::Item { item, .. } => item.word().to_owned(),
                other => other.word().to_owned(),
            },
            label_uz: label.uz,
            label_ru: label.ru.unwrap_or_default(),
            label_en: label.en.unwrap_or_default(),
            min,
            max,
            within: within.unwrap_or_default(),
            is_required,
            in_table,
            place: (place + 1).to_string(),
        }
    }

    fn sent(form: &Multi, row: usize) -> Self {
        let get = |cell: &str| form.get(&format!("fields.{row}.{cell}")).trim().to_owned();
        Self {
            key: get("key"),
            kind: get("type"),
            label_uz: get("label_uz"),
            label_ru: get("label_ru"),
            label_en: get("label_en"),
            min: get("min"),
            max: get("max"),
            within: get("within"),
            is_required: get("is_required") == "true",
            in_table: get("in_table") == "true",
            place: get("place"),
        }
    }

    fn is_blank(&self) -> bool {
        [&self.key, &self.label_uz, &self.label_ru, &self.label_en].into_iter().all(String::is_empty)
    }

    /// The field that it is; what cannot be read goes to `checks`.
    fn read(&self, checks: &mut Checks) -> FormField {
        let mut number = |cell: &str, typed: &str| {
            if typed.is_empty() {
                return None;
            }
            let number = typed.parse::<i64>().ok();
            checks.hold(number.is_some(), cell, Text::new("kernel-number-malformed"));
            number
        };
        let (min, max) = (number("min", &self.min), number("max", &self.max));
        let days = |bound: Option<i64>| bound.map(|days| i32::try_from(days).unwrap_or(i32::MAX));
        let item = ItemKind::ALL.iter().find(|kind| kind.word() == self.kind);
        let (kind, whole) = match (item, self.kind.as_str()) {
            (Some(_), _) => ("item", None),
            (None, "whole") => ("number", Some(true)),
            (None, kind) => (kind, None),
        };
        let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let field = ApplicationFieldOut {
            key: self.key.clone(),
            r#type: kind.to_owned(),
            label_uz: self.label_uz.clone(),
            label_ru: said(&self.label_ru),
            label_en: said(&self.label_en),
            is_required: self.is_required,
            in_table: self.in_table,
            min,
            max,
            whole,
            min_days: days(min),
            max_days: days(max),
            item: item.map(|kind| kind.word().to_owned()),
            within: said(&self.within),
        };
        field.read(checks)
    }
}

impl Typed {
    fn of(form: &Form) -> Self {
        let Names { uz, ru, en } = form.names.clone();
        Self {
            code: form.code.clone(),
            name_uz: uz,
            name_ru: ru.unwrap_or_default(),
            name_en: en.unwrap_or_default(),
            position: form.position.to_string(),
            is_open: form.is_open,
            rows: form.fields.iter().enumerate().map(|(place, field)| Row::of(field, place)).collect(),
        }
    }

    /// What was sent; rows in the order of their places.
    fn sent(form: &Multi) -> Self {
        let get = |name: &str| form.get(name).to_owned();
        let mut rows: Vec<Row> = (0..FIELDS_AT_MOST + BLANK_ROWS)
            .map(|row| Row::sent(form, row))
            .filter(|row| !row.is_blank())
            .collect();
        rows.sort_by_key(|row| row.place.parse::<i64>().unwrap_or(i64::MAX));
        Self {
            code: get("code"),
            name_uz: get("name_uz"),
            name_ru: get("name_ru"),
            name_en: get("name_en"),
            position: get("position"),
            is_open: form.get("is_open") == "true",
            rows,
        }
    }

    /// The form that it is, or everything that is wrong with it, beside the inputs' names.
    fn read(&self) -> Result<NewForm> {
        let mut checks = Checks::new();
        let position = match self.position.trim() {
            "" => Some(0),
            typed => {
                let number = typed.parse::<i32>().ok();
                checks.hold(number.is_some(), "position", Text::new("kernel-number-malformed"));
                number
            }
        };
        let mut fields = Vec::new();
        for (place, row) in self.rows.iter().enumerate() {
            let mut own = Checks::new();
            fields.push(row.read(&mut own));
            if let Err(error) = own.done() {
                for wrong in error.under(&format!("fields.{place}")).field_errors() {
                    checks.refuse(wrong.field.clone(), wrong.text.clone());
                }
            }
        }
        let said = |text: &str| Some(text.to_owned()).filter(|text| !text.trim().is_empty());
        let names = Names { uz: self.name_uz.clone(), ru: said(&self.name_ru), en: said(&self.name_en) };
        let new = NewForm {
            code: self.code.clone(),
            names,
            position: position.unwrap_or_default(),
            is_open: self.is_open,
            fields,
        };
        let new = checks.take_all(new.checked());
        checks.done().map_err(|error| by_inputs(&error))?;
        new.ok_or_else(Error::not_found)
    }
}

/// The errors by the names of the inputs: the days of a date and the kind of an item stand in cells of others.
fn by_inputs(error: &Error) -> Error {
    let renamed = error.field_errors().iter().map(|wrong| {
        let field = wrong.field.replace(".min_days", ".min").replace(".max_days", ".max");
        let field = field.strip_suffix(".item").map_or(field.clone(), |row| format!("{row}.type"));
        FieldError { field, text: wrong.text.clone() }
    });
    Error::fields(renamed.collect())
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "application_form.html")]
struct EditorPage {
    p: Shell,
    form: PageForm,
    main: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

/// What a field can be: each kind of item is one.
fn kinds(p: &Shell) -> Vec<Choice> {
    let own = [
        ("text", "applications-kind-text"),
        ("phone", "applications-kind-phone"),
        ("email", "applications-kind-email"),
        ("date", "applications-kind-date"),
        ("time", "applications-kind-time"),
        ("number", "applications-kind-number"),
        ("whole", "applications-kind-whole"),
        ("yes_no", "applications-kind-yes-no"),
    ];
    let own = own.into_iter().map(|(word, key)| Choice::new(word, p.t(key)));
    let items = ItemKind::ALL.iter().map(|kind| {
        let name = p.t(kind.text_key());
        Choice::new(kind.word(), p.t1("applications-kind-item", "name", name))
    });
    own.chain(items).collect()
}

fn cell(p: &Shell, name: &str, cell: &str, row: &Row) -> Field {
    let text = |label: &'static str, value: &str| Field::text(name, label).value(value);
    match cell {
        "key" => text("applications-key", &row.key).third().max(50).help("applications-key-help"),
        "type" => Field::select(name, "applications-kind", kinds(p)).value(&row.kind).third(),
        "label_uz" => text("applications-name-uz", &row.label_uz).third().max(200),
        "label_ru" => text("applications-name-ru", &row.label_ru).third().max(200),
        "label_en" => text("applications-name-en", &row.label_en).third().max(200),
        "min" => text("applications-min", &row.min).quarter(),
        "max" => text("applications-max", &row.max).quarter().help("applications-bounds-help"),
        "within" => text("applications-within", &row.within).quarter().help("applications-within-help"),
        "is_required" => Field::check(name, "applications-required").checked(row.is_required).third(),
        "in_table" => Field::check(name, "applications-in-table").checked(row.in_table).third(),
        _ => Field::number(name, "applications-place").value(&row.place).quarter(),
    }
}

fn page(p: Shell, id: Option<Id<Form>>, typed: &Typed, error: Option<&Error>) -> EditorPage {
    let (action, title) = match id {
        None => (format!("{FORMS}/new"), "applications-form-new"),
        Some(id) => (format!("{FORMS}/{id}"), "applications-form-edit"),
    };
    let p = under(p).crumb(FORMS, "applications-forms").titled(title).lead("applications-form-lead");
    let name =
        |name: &str, label: &'static str, value: &str| Field::text(name, label).value(value).third().max(100);
    let mut form = PageForm::new(&p, action)
        .error(error)
        .field(name("name_uz", "applications-name-uz", &typed.name_uz).required())
        .field(name("name_ru", "applications-name-ru", &typed.name_ru))
        .field(name("name_en", "applications-name-en", &typed.name_en))
        .field(
            Field::text("code", "applications-code")
                .value(&typed.code)
                .required()
                .third()
                .max(50)
                .help("applications-code-help"),
        )
        .field(Field::number("position", "applications-place").value(&typed.position).third())
        .field(Field::check("is_open", "applications-form-takes").checked(typed.is_open));
    let main = ["name_uz", "name_ru", "name_en", "code", "position", "is_open"].map(str::to_owned).to_vec();
    let blank = (typed.rows.len()..FIELDS_AT_MOST)
        .take(BLANK_ROWS)
        .map(|place| Row { place: (place + 1).to_string(), ..Row::default() });
    let mut rows = Vec::new();
    for (place, row) in typed.rows.iter().cloned().chain(blank).enumerate() {
        let names: Vec<String> = CELLS.iter().map(|cell| format!("fields.{place}.{cell}")).collect();
        for (name, part) in names.iter().zip(CELLS) {
            form = form.field(cell(&p, name, part, &row));
        }
        let title = if row.is_blank() {
            p.t("applications-field-new")
        } else {
            format!("{}. {}", place + 1, row.label_uz)
        };
        rows.push((title, names));
    }
    EditorPage { form: form.cancel(FORMS), main, rows, p }
}

/// `GET /applications/forms/new`.
pub(super) async fn new_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::SettingsEdit)?;
    let typed = Typed { is_open: true, ..Typed::default() };
    Ok(render(&page(caller.shell(), None, &typed, None)))
}

/// `POST /applications/forms/new`.
pub(super) async fn create(caller: Caller, form: Multi) -> web::Result<Response> {
    let typed = Typed::sent(&form);
    let sent = typed.clone();
    let made = caller
        .once(move |ctx, tx| {
            ctx.require(Permission::SettingsEdit)?;
            actions::create_form(ctx, tx, sent.read()?).map(drop)
        })
        .await;
    answer(&caller, None, &typed, made.map(|()| "applications-form-created"))
}

/// `GET /applications/forms/{id}`.
pub(super) async fn edit_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::SettingsEdit)?;
    let id = id_of(key)?;
    let form = caller.read(move |ctx, tx| reads::form(ctx, tx, id)).await?;
    Ok(render(&page(caller.shell(), Some(id), &Typed::of(&form), None)))
}

/// `POST /applications/forms/{id}`.
pub(super) async fn save(caller: Caller, Path(key): Path<RowKey>, form: Multi) -> web::Result<Response> {
    let (id, typed) = (id_of(key)?, Typed::sent(&form));
    let sent = typed.clone();
    let saved =
        caller.write(move |ctx, tx| actions::change_form(ctx, tx, id, |_| sent.read()).map(drop)).await;
    answer(&caller, Some(id), &typed, saved.map(|()| "applications-form-saved"))
}

fn answer(
    caller: &Caller,
    id: Option<Id<Form>>,
    typed: &Typed,
    written: Result<&'static str>,
) -> web::Result<Response> {
    match written {
        Ok(done) => Ok(Go::to(FORMS).done(&caller.words(), &Text::new(done)).into_response()),
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), id, typed, Some(error)))?),
    }
}
