//! The form of a catalog item: names, descriptions and place by fields of their own, the rest of its metadata as JSON.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Checks, Error, Id, Result, Text};
use serde::Deserialize;
use serde_json::Value;
use web::{
    Caller, RowKey,
    pages::{Field, Form, FormPage, Go, ListQuery, Shell, form_again, render},
};

use super::items::{LIST, id_of, kinds};
use crate::{Item, ItemKind, Metadata, NewItem, change_item, create_item as create, item::POSITION, items};

/// What the form sends, as typed. The fields of metadata are called as the API calls them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ItemForm {
    #[serde(rename = "type")]
    kind: String,
    code: String,
    #[serde(rename = "metadata.name_uz")]
    name_uz: String,
    #[serde(rename = "metadata.name_ru")]
    name_ru: String,
    #[serde(rename = "metadata.name_en")]
    name_en: String,
    #[serde(rename = "metadata.description_uz")]
    description_uz: String,
    #[serde(rename = "metadata.description_ru")]
    description_ru: String,
    #[serde(rename = "metadata.description_en")]
    description_en: String,
    #[serde(rename = "metadata.position")]
    position: String,
    /// The rest of the metadata; where it is not sent, the rest stays as it is.
    metadata: Option<String>,
    is_active: String,
}

impl ItemForm {
    /// The form of an item that is there.
    fn of(item: &Item) -> Result<Self> {
        let NewItem { kind, code, mut metadata, active } = item.content();
        let mut text = |key: &str| match metadata.get(key) {
            Some(Value::String(_)) => match metadata.shift_remove(key) {
                Some(Value::String(text)) => text,
                _ => String::new(),
            },
            _ => String::new(),
        };
        let [name_uz, name_ru, name_en] = ["name_uz", "name_ru", "name_en"].map(&mut text);
        let [description_uz, description_ru, description_en] =
            ["description_uz", "description_ru", "description_en"].map(&mut text);
        let position = metadata.shift_remove(POSITION).map(|place| place.to_string()).unwrap_or_default();
        let rest = if metadata.is_empty() {
            String::new()
        } else {
            serde_json::to_string_pretty(&metadata).map_err(Error::internal)?
        };
        Ok(Self {
            kind: kind.word().to_owned(),
            code,
            name_uz,
            name_ru,
            name_en,
            description_uz,
            description_ru,
            description_en,
            position,
            metadata: Some(rest),
            is_active: if active { "true".to_owned() } else { String::new() },
        })
    }

    /// What the form makes of what stands (nothing, of a new item). Its keys stay in their order.
    fn check(&self, stands: &Metadata) -> Result<NewItem> {
        let mut checks = Checks::new();
        let kind = checks.take("type", ItemKind::parse(&self.kind));
        let position = match self.position.trim() {
            "" => None,
            typed => {
                let number = typed.parse::<i32>();
                checks.hold(number.is_ok(), "metadata.position", Text::new("kernel-number-malformed"));
                number.ok().map(Value::from)
            }
        };
        let own = [
            ("name_uz", text(&self.name_uz)),
            ("name_ru", text(&self.name_ru)),
            ("name_en", text(&self.name_en)),
            ("description_uz", text(&self.description_uz)),
            ("description_ru", text(&self.description_ru)),
            ("description_en", text(&self.description_en)),
            (POSITION, position),
        ];
        let rest = match &self.metadata {
            Some(typed) => checks.take_all(rest(typed)).unwrap_or_default(),
            // A text or a place that is in none of the fields was taken out of them.
            None => stands.iter().filter(|(key, value)| !is_shown(key, value)).map(owned).collect(),
        };
        for (key, value) in &own {
            let twice = value.is_some() && rest.contains_key(*key);
            checks.hold(!twice, "metadata", Text::new("catalog-item-key-twice").with("key", *key));
        }
        let mut metadata: Metadata = stands.iter().map(owned).collect();
        let said: Metadata =
            own.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).chain(rest).collect();
        metadata.retain(|key, _| said.contains_key(key));
        metadata.extend(said);
        let new = NewItem {
            kind: kind.unwrap_or(ItemKind::Program),
            code: self.code.clone(),
            metadata,
            active: self.is_active == "true",
        };
        // What the item refuses stands beside what could not be read.
        let new = checks.take_all(new.checked());
        checks.done()?;
        new.ok_or_else(Error::not_found)
    }
}

fn owned((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

fn text(typed: &str) -> Option<Value> {
    let tidy = typed.replace("\r\n", "\n");
    let tidy = tidy.trim();
    (!tidy.is_empty()).then(|| Value::String(tidy.to_owned()))
}

/// Whether a field of the form shows this key.
fn is_shown(key: &str, value: &Value) -> bool {
    let is_text = ["name_uz", "name_ru", "name_en", "description_uz", "description_ru", "description_en"]
        .contains(&key);
    key == POSITION || (is_text && value.is_string())
}

/// The rest of the metadata as typed.
fn rest(typed: &str) -> Result<Metadata> {
    if typed.trim().is_empty() {
        return Ok(Metadata::new());
    }
    let malformed = || Error::field("metadata", Text::new("catalog-item-json-malformed"));
    match serde_json::from_str(typed) {
        Ok(Value::Object(rest)) => Ok(rest),
        Ok(_) => Err(malformed()),
        Err(error) => Err(malformed().because(error)),
    }
}

fn page(p: Shell, id: Option<Id<Item>>, typed: &ItemForm, error: Option<&Error>) -> FormPage {
    let (action, title) = match id {
        None => (format!("{LIST}/new"), "catalog-item-new"),
        Some(id) => (format!("{LIST}/{id}"), "catalog-item-edit"),
    };
    let p = p.titled(title).crumb(LIST, "catalog-menu-items");
    let name = |key: &'static str, label: &'static str, value: &str| {
        Field::text(key, label).value(value).third().max(250)
    };
    let about =
        |key: &'static str, label: &'static str, value: &str| Field::area(key, label).value(value).third();
    let form = Form::new(&p, action)
        .error(error)
        .field(name("metadata.name_uz", "catalog-field-name-uz", &typed.name_uz).required().focus())
        .field(name("metadata.name_ru", "catalog-field-name-ru", &typed.name_ru))
        .field(name("metadata.name_en", "catalog-field-name-en", &typed.name_en))
        .field(Field::select("type", "catalog-field-type", kinds(&p)).value(&typed.kind).required().third())
        .field(
            Field::text("code", "catalog-field-code")
                .value(&typed.code)
                .required()
                .third()
                .max(100)
                .help("catalog-item-code-help"),
        )
        .field(
            Field::number("metadata.position", "catalog-field-position")
                .value(&typed.position)
                .third()
                .help("catalog-item-position-help"),
        )
        .field(about("metadata.description_uz", "catalog-field-description-uz", &typed.description_uz))
        .field(about("metadata.description_ru", "catalog-field-description-ru", &typed.description_ru))
        .field(about("metadata.description_en", "catalog-field-description-en", &typed.description_en))
        .field(
            Field::area("metadata", "catalog-item-rest")
                .value(typed.metadata.as_deref().unwrap_or_default())
                .help("catalog-item-rest-help"),
        )
        .field(
            Field::check("is_active", "catalog-item-active")
                .checked(typed.is_active == "true")
                .help("catalog-item-active-help"),
        )
        .cancel(LIST);
    FormPage::new(p, form)
}

/// `GET /catalog/items/new?type=`.
pub(super) async fn new_item_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    caller.ctx.require(Permission::SettingsEdit)?;
    let kind = query.get("type").and_then(|word| ItemKind::parse(word).ok()).unwrap_or(ItemKind::Program);
    let typed =
        ItemForm { kind: kind.word().to_owned(), is_active: "true".to_owned(), ..ItemForm::default() };
    Ok(render(&page(caller.shell(), None, &typed, None)))
}

/// `POST /catalog/items/new`.
pub(super) async fn create_item(
    caller: Caller,
    web::Form(typed): web::Form<ItemForm>,
) -> web::Result<Response> {
    let sent = typed.clone();
    let made = caller
        .once(move |ctx, tx| {
            ctx.require(Permission::SettingsEdit)?;
            create(ctx, tx, sent.check(&Metadata::new())?).map(drop)
        })
        .await;
    answer(&caller, None, &typed, made.map(|()| "catalog-item-created"))
}

/// `GET /catalog/items/{id}`.
pub(super) async fn edit_item_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::SettingsEdit)?;
    let id = id_of(key)?;
    let item = caller.read(move |ctx, tx| items::find(ctx, tx, id)).await?.ok_or_else(Error::not_found)?;
    Ok(render(&page(caller.shell(), Some(id), &ItemForm::of(&item)?, None)))
}

/// `POST /catalog/items/{id}`.
pub(super) async fn update_item(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<ItemForm>,
) -> web::Result<Response> {
    let (id, sent) = (id_of(key)?, typed.clone());
    let written = caller
        .write(move |ctx, tx| change_item(ctx, tx, id, |stands| sent.check(&stands.metadata)).map(drop))
        .await;
    answer(&caller, Some(id), &typed, written.map(|()| "catalog-item-saved"))
}

fn answer(
    caller: &Caller,
    id: Option<Id<Item>>,
    typed: &ItemForm,
    written: Result<&'static str>,
) -> web::Result<Response> {
    match written {
        Ok(done) => Ok(Go::to(LIST).done(&caller.words(), &Text::new(done)).into_response()),
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), id, typed, Some(error)))?),
    }
}
