//! `/api/v1/application-forms`: what can be applied for.

use std::collections::HashMap;

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::IntoResponse,
};
use catalog::{ItemKind, Names};
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Checks, Error, Id, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, Listed, ProblemBody};

use crate::{FieldKind, Form, FormField, NewForm, actions, reads};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_application_forms, create_application_form))
        .routes(routes!(get_application_form, change_application_form, delete_application_form))
        .routes(routes!(copy_application_form))
}

/// Something that a form asks.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ApplicationFieldOut {
    /// What programs call it: small Latin letters, digits and `_`.
    #[schema(max_length = 50, example = "second_phone")]
    pub key: String,
    /// `text`, `phone`, `email`, `date`, `time`, `number`, `yes_no` or `item`.
    pub r#type: String,
    /// What people call it in Uzbek.
    pub label_uz: String,
    /// In Russian.
    pub label_ru: Option<String>,
    /// In English.
    pub label_en: Option<String>,
    /// Whether an application without it is refused.
    pub is_required: bool,
    /// Whether tables of applications have a column of it.
    pub in_table: bool,
    /// Characters of a text, or the number, at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Characters of a text (at most 4000, 200 unless said), or the number, at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// Of a number: nothing behind the point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whole: Option<bool>,
    /// Of a date: so many days after today at the earliest; negative before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_days: Option<i32>,
    /// Of a date: so many days after today at the latest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_days: Option<i32>,
    /// Of an item: `PROGRAM`, `DIRECTION`, `REGION`, `TRACK` or `SUBJECT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Of an item: the key of a field above; only items whose `metadata` names what is chosen there can be chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
}

/// Characters of a text, where a field does not say how many it takes.
const TEXT_CHARS: u32 = 200;

impl ApplicationFieldOut {
    /// The field; what cannot be read goes to `checks`.
    pub(crate) fn read(self, checks: &mut Checks) -> FormField {
        let Self {
            key,
            r#type,
            label_uz,
            label_ru,
            label_en,
            is_required,
            in_table,
            min,
            max,
            whole,
            min_days,
            max_days,
            item,
            within,
        } = self;
        let chars =
            |bound: Option<i64>, unless: u32| bound.map_or(unless, |n| u32::try_from(n).unwrap_or(u32::MAX));
        let kind = match r#type.trim() {
            "text" => FieldKind::Text { min: chars(min, 0), max: chars(max, TEXT_CHARS) },
            "phone" => FieldKind::Phone,
            "email" => FieldKind::Email,
            "date" => FieldKind::Date { min_days, max_days },
            "time" => FieldKind::Time,
            "number" => FieldKind::Number { min, max, whole: whole.unwrap_or(false) },
            "yes_no" => FieldKind::YesNo,
            "item" => {
                let missing = || Error::invalid(Text::new("applications-item-kind-missing"));
                let kind = item.filter(|word| !word.trim().is_empty()).ok_or_else(missing);
                let kind = checks.take("item", kind.and_then(|word| ItemKind::parse(&word)));
                let within = within.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
                FieldKind::Item { item: kind.unwrap_or(ItemKind::Region), within }
            }
            _ => {
                checks.refuse("type", Text::new("applications-kind-unknown"));
                FieldKind::Phone
            }
        };
        let label = Names { uz: label_uz, ru: label_ru, en: label_en };
        FormField { key, kind, label, is_required, in_table }
    }
}

impl From<FormField> for ApplicationFieldOut {
    fn from(field: FormField) -> Self {
        let FormField { key, kind, label, is_required, in_table } = field;
        let Names { uz, ru, en } = label;
        let bare = Self {
            key,
            r#type: kind.word().to_owned(),
            label_uz: uz,
            label_ru: ru,
            label_en: en,
            is_required,
            in_table,
            ..Self::default()
        };
        match kind {
            FieldKind::Text { min, max } => Self { min: Some(min.into()), max: Some(max.into()), ..bare },
            FieldKind::Date { min_days, max_days } => Self { min_days, max_days, ..bare },
            FieldKind::Number { min, max, whole } => Self { min, max, whole: Some(whole), ..bare },
            FieldKind::Item { item, within } => Self { item: Some(item.word().to_owned()), within, ..bare },
            FieldKind::Phone | FieldKind::Email | FieldKind::Time | FieldKind::YesNo => bare,
        }
    }
}

/// What can be applied for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ApplicationFormOut {
    /// Its id.
    pub id: Uuid,
    /// What programs call it.
    pub code: String,
    /// What people call it in Uzbek.
    pub name_uz: String,
    /// In Russian.
    pub name_ru: Option<String>,
    /// In English.
    pub name_en: Option<String>,
    /// A smaller one stands first.
    pub position: i32,
    /// Whether it takes new applications.
    pub is_open: bool,
    /// What is asked, in this order.
    pub fields: Vec<ApplicationFieldOut>,
    /// How many applications it has.
    pub applications: i64,
    /// When it was made.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String)]
    pub updated_at: Timestamp,
}

impl ApplicationFormOut {
    fn of(form: Form, counts: &HashMap<Id<Form>, i64>) -> Self {
        let Form { id, code, names, position, is_open, fields, created_at, updated_at } = form;
        let Names { uz, ru, en } = names;
        Self {
            id: id.uuid(),
            code,
            name_uz: uz,
            name_ru: ru,
            name_en: en,
            position,
            is_open,
            fields: fields.into_iter().map(ApplicationFieldOut::from).collect(),
            applications: counts.get(&id).copied().unwrap_or_default(),
            created_at,
            updated_at,
        }
    }
}

/// What is written into a form. `code`, `name_uz` and `fields` are required of POST; what is absent of PATCH stays as it is, and
/// `fields` that are given replace the former ones whole.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
struct ApplicationFormIn {
    /// What programs call it: small Latin letters, digits and `-`.
    #[schema(max_length = 50, example = "admissions-2027")]
    code: Option<String>,
    /// What people call it in Uzbek.
    #[schema(max_length = 100)]
    name_uz: Option<String>,
    /// In Russian.
    name_ru: Option<String>,
    /// In English.
    name_en: Option<String>,
    /// A smaller one stands first.
    position: Option<i32>,
    /// Whether it takes new applications; `true` unless said.
    is_open: Option<bool>,
    /// What is asked, in this order; at most 40.
    fields: Option<Vec<ApplicationFieldOut>>,
}

impl ApplicationFormIn {
    /// What it makes of what stands.
    fn over(self, stands: NewForm) -> Result<NewForm> {
        let Self { code, name_uz, name_ru, name_en, position, is_open, fields } = self;
        let mut checks = Checks::new();
        let fields = match fields {
            None => stands.fields,
            Some(fields) => read_fields(&mut checks, fields),
        };
        let names = Names {
            uz: name_uz.unwrap_or(stands.names.uz),
            ru: name_ru.or(stands.names.ru),
            en: name_en.or(stands.names.en),
        };
        let new = NewForm {
            code: code.unwrap_or(stands.code),
            names,
            position: position.unwrap_or(stands.position),
            is_open: is_open.unwrap_or(stands.is_open),
            fields,
        };
        let new = checks.take_all(new.checked());
        checks.done()?;
        new.ok_or_else(Error::not_found)
    }
}

/// The fields of a form; what cannot be read goes to `checks` beside `fields.0.type`, ….
pub(crate) fn read_fields(checks: &mut Checks, fields: Vec<ApplicationFieldOut>) -> Vec<FormField> {
    let read = |(place, field): (usize, ApplicationFieldOut)| {
        let mut own = Checks::new();
        let field = field.read(&mut own);
        if let Err(error) = own.done() {
            for wrong in error.under(&format!("fields.{place}")).field_errors() {
                checks.refuse(wrong.field.clone(), wrong.text.clone());
            }
        }
        field
    };
    fields.into_iter().enumerate().map(read).collect()
}

/// What the copy of a form is called.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct ApplicationFormCopyIn {
    /// What programs call it; required.
    code: Option<String>,
    /// What people call it in Uzbek; required.
    name_uz: Option<String>,
    /// In Russian.
    name_ru: Option<String>,
    /// In English.
    name_en: Option<String>,
}

/// The form that a path names: by its UUID or its code.
fn find(ctx: &Ctx, tx: &mut ReadTx, key: &str) -> Result<Form> {
    match Uuid::parse_str(key) {
        Ok(id) => reads::form(ctx, tx, Id::from_uuid(id)),
        Err(_) => reads::find_form(ctx, tx, key)?.ok_or_else(Error::not_found),
    }
}

fn shown(ctx: &Ctx, tx: &mut ReadTx, form: Form) -> Result<ApplicationFormOut> {
    let counts = reads::counts_of_forms(ctx, tx)?;
    Ok(ApplicationFormOut::of(form, &counts))
}

fn created(out: ApplicationFormOut) -> impl IntoResponse {
    let place = [(header::LOCATION, format!("/api/v1/application-forms/{}", out.id))];
    (StatusCode::CREATED, place, Json(out))
}

/// What can be applied for, in the order in which it is offered. Needs `applications.read`.
#[utoipa::path(get, path = "/api/v1/application-forms", tag = "applications",
    responses((status = 200, body = Listed<ApplicationFormOut>)))]
async fn list_application_forms(caller: Caller) -> web::Result<Json<Listed<ApplicationFormOut>>> {
    let read = |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let counts = reads::counts_of_forms(ctx, tx)?;
        let forms = reads::forms(ctx, tx)?;
        Ok(forms.into_iter().map(|form| ApplicationFormOut::of(form, &counts)).collect::<Vec<_>>())
    };
    Ok(Json(Listed::whole(caller.read(read).await?)))
}

/// Writes a new form. Needs `settings.edit`.
#[utoipa::path(post, path = "/api/v1/application-forms", tag = "applications", request_body = ApplicationFormIn,
    responses((status = 201, body = ApplicationFormOut), (status = 422, body = ProblemBody)))]
async fn create_application_form(
    caller: Caller,
    Json(body): Json<ApplicationFormIn>,
) -> web::Result<impl IntoResponse> {
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(Permission::SettingsEdit)?;
        let empty = NewForm {
            code: String::new(),
            names: Names::default(),
            position: 0,
            is_open: true,
            fields: Vec::new(),
        };
        let form = actions::create_form(ctx, tx, body.clone().over(empty)?)?;
        Ok(ApplicationFormOut::of(form, &HashMap::new()))
    };
    Ok(created(caller.once(write).await?))
}

/// One form, by its UUID or its code. Needs `applications.read`.
#[utoipa::path(get, path = "/api/v1/application-forms/{id}", tag = "applications", params(("id" = String, Path)),
    responses((status = 200, body = ApplicationFormOut), (status = 404, body = ProblemBody)))]
async fn get_application_form(
    caller: Caller,
    Path(key): Path<String>,
) -> web::Result<Json<ApplicationFormOut>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let form = find(ctx, tx, &key)?;
        shown(ctx, tx, form)
    };
    Ok(Json(caller.read(read).await?))
}

/// Changes a form, opens or closes it; what is absent stays, and `fields` that are given replace the former ones whole. What was
/// answered in fields that are taken away stays with the applications. Needs `settings.edit`.
#[utoipa::path(patch, path = "/api/v1/application-forms/{id}", tag = "applications", params(("id" = String, Path)),
    request_body = ApplicationFormIn,
    responses((status = 200, body = ApplicationFormOut), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn change_application_form(
    caller: Caller,
    Path(key): Path<String>,
    Json(body): Json<ApplicationFormIn>,
) -> web::Result<Json<ApplicationFormOut>> {
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(Permission::SettingsEdit)?;
        let id = find(&reader(ctx), tx, &key)?.id;
        let form = actions::change_form(ctx, tx, id, |stands| body.clone().over(stands.content()))?;
        shown(&reader(ctx), tx, form)
    };
    Ok(Json(caller.write(write).await?))
}

/// Deletes a form that nobody applied for; another is answered 409 and can be closed. Needs `settings.edit`.
#[utoipa::path(delete, path = "/api/v1/application-forms/{id}", tag = "applications", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn delete_application_form(caller: Caller, Path(key): Path<String>) -> web::Result<StatusCode> {
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(Permission::SettingsEdit)?;
        let id = find(&reader(ctx), tx, &key)?.id;
        actions::delete_form(ctx, tx, id)
    };
    caller.write(write).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a form that asks the same under another code and name; it is closed until it is opened. Needs `settings.edit`.
#[utoipa::path(post, path = "/api/v1/application-forms/{id}/copy", tag = "applications", params(("id" = String, Path)),
    request_body = ApplicationFormCopyIn,
    responses((status = 201, body = ApplicationFormOut), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn copy_application_form(
    caller: Caller,
    Path(key): Path<String>,
    Json(body): Json<ApplicationFormCopyIn>,
) -> web::Result<impl IntoResponse> {
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(Permission::SettingsEdit)?;
        let id = find(&reader(ctx), tx, &key)?.id;
        let ApplicationFormCopyIn { code, name_uz, name_ru, name_en } = body.clone();
        let names = Names { uz: name_uz.unwrap_or_default(), ru: name_ru, en: name_en };
        let form = actions::copy_form(ctx, tx, id, code.unwrap_or_default(), names)?;
        Ok(ApplicationFormOut::of(form, &HashMap::new()))
    };
    Ok(created(caller.once(write).await?))
}

/// Who edits forms, sees them.
fn reader(ctx: &Ctx) -> Ctx {
    ctx.with(|ctx| ctx.permissions = ctx.permissions.with(Permission::ApplicationsRead))
}
