//! `/api/v1/catalog/items`: seed 004's catalog.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::IntoResponse,
};
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Checks, Error, Id, PageRequest, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use crate::{
    Item, ItemKind, Metadata, NewItem, change_item, create_item, delete_item,
    items::{self, ItemFilter, ItemOrder},
};

/// Rows on a page when the caller does not say: old bots read one page and expect all of a kind.
const PAGE_SIZE: u32 = 100;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_catalog_items, create_catalog_item)).routes(routes!(
        get_catalog_item,
        change_catalog_item,
        delete_catalog_item
    ))
}

/// What is written into an item. `type`, `code` and `metadata` are required of POST; what is absent of PATCH stays as it
/// is. A `metadata` that is given replaces the former one whole.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct CatalogItemIn {
    /// `PROGRAM`, `DIRECTION`, `REGION`, `TRACK` or `SUBJECT`, in any case.
    #[serde(rename = "type")]
    #[schema(example = "DIRECTION")]
    kind: Option<String>,
    /// What other systems call it: one of a kind in the workspace, whatever its case and spaces.
    #[schema(max_length = 100, example = "DIR-MECH-IT")]
    code: Option<String>,
    /// `name_uz` (required), `name_ru`, `name_en`: texts; `position`, a whole number: a smaller one stands first; and
    /// whatever else is to be kept. At most 16 KB, 8 levels.
    #[schema(value_type = Option<Object>, example = json!({"name_uz": "Mexanika muhandisligi", "name_ru": null, "diploma": "italian"}))]
    metadata: Option<Metadata>,
    /// Whether it can be chosen; `true` unless said.
    is_active: Option<bool>,
}

impl CatalogItemIn {
    /// A new item; everything that is wrong with it is said at once.
    fn whole(self) -> Result<NewItem> {
        let empty =
            NewItem { kind: ItemKind::Program, code: String::new(), metadata: Metadata::new(), active: true };
        let mut checks = Checks::new();
        checks.hold(self.kind.is_some(), "type", Text::new("kernel-text-missing"));
        let new = checks.take_all(self.over(empty));
        checks.done()?;
        new.ok_or_else(Error::not_found)
    }

    /// What it makes of what stands.
    fn over(self, stands: NewItem) -> Result<NewItem> {
        let Self { kind, code, metadata, is_active } = self;
        let mut checks = Checks::new();
        let kind = match kind {
            None => stands.kind,
            Some(word) => checks.take("type", ItemKind::parse(&word)).unwrap_or(stands.kind),
        };
        let new = NewItem {
            kind,
            code: code.unwrap_or(stands.code),
            metadata: metadata.unwrap_or(stands.metadata),
            active: is_active.unwrap_or(stands.active),
        };
        let new = checks.take_all(new.checked());
        checks.done()?;
        new.ok_or_else(Error::not_found)
    }
}

/// An item as the API shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CatalogItemOut {
    /// Its id.
    pub id: Uuid,
    /// `PROGRAM`, `DIRECTION`, `REGION`, `TRACK` or `SUBJECT`.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: ItemKind,
    /// What other systems call it.
    pub code: String,
    /// `name_uz`, perhaps `name_ru`, `name_en`, `position`, and whatever else is kept of it.
    #[schema(value_type = Object)]
    pub metadata: Metadata,
    /// Whether it can be chosen.
    pub is_active: bool,
    /// When it was written down.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String)]
    pub updated_at: Timestamp,
}

impl From<Item> for CatalogItemOut {
    fn from(item: Item) -> Self {
        let Item { id, kind, code, metadata, active, created_at, updated_at } = item;
        Self { id: id.uuid(), kind, code, metadata, is_active: active, created_at, updated_at }
    }
}

/// Which items are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ItemQuery {
    /// `PROGRAM`, `DIRECTION`, `REGION`, `TRACK` or `SUBJECT`, in any case.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Whether it can be chosen: `true` or `false`, in any case.
    #[param(value_type = Option<bool>)]
    is_active: Option<String>,
    /// This code, whatever its case and spaces.
    code: Option<String>,
    /// Parts of words of the names, in any language and either script, or of the code.
    search: Option<String>,
    /// `type` (and within it by `position`, then by age; so unless said), `code` or `updated_at`; with `-` before it from
    /// the end.
    ordering: Option<String>,
    #[serde(default)]
    page: Option<u32>,
    /// Rows a part, at most 500; 100 unless said.
    #[serde(default)]
    #[param(maximum = 500)]
    page_size: Option<u32>,
}

impl ItemQuery {
    fn read(self) -> Result<(ItemFilter, PageRequest)> {
        let Self { kind, is_active, code, search, ordering, page, page_size } = self;
        let mut checks = Checks::new();
        let kind = said(kind).and_then(|word| checks.take("type", ItemKind::parse(&word)));
        let active = said(is_active).and_then(|word| checks.take("is_active", yes_or_no(&word)));
        let ordering = said(ordering).unwrap_or_default();
        let (word, descending) =
            ordering.strip_prefix('-').map_or((ordering.as_str(), false), |word| (word, true));
        let order = match word {
            "" | "type" => Some(ItemOrder::Place),
            "code" => Some(ItemOrder::Code),
            "updated_at" => Some(ItemOrder::Updated),
            _ => None,
        };
        checks.hold(order.is_some(), "ordering", Text::new("catalog-item-ordering-unknown"));
        checks.done()?;
        let order = order.unwrap_or_default();
        let filter = ItemFilter { kind, active, code: said(code), q: said(search), order, descending };
        Ok((filter, PageQuery::of(page, Some(page_size.unwrap_or(PAGE_SIZE))).request()))
    }
}

/// What was said; an empty word says nothing.
fn said(word: Option<String>) -> Option<String> {
    word.map(|word| word.trim().to_owned()).filter(|word| !word.is_empty())
}

/// As programs in Python and in JavaScript write it.
fn yes_or_no(word: &str) -> Result<bool> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Error::invalid(Text::new("catalog-item-active-unknown"))),
    }
}

fn id_of(key: RowKey) -> Result<Id<Item>> {
    key.id().ok_or_else(Error::not_found)
}

/// The items that fit. Needs `applications.read` or `surveys.read`.
#[utoipa::path(get, path = "/api/v1/catalog/items", tag = "catalog", params(ItemQuery),
    responses((status = 200, body = Listed<CatalogItemOut>), (status = 422, body = ProblemBody)))]
async fn list_catalog_items(
    caller: Caller,
    Query(query): Query<ItemQuery>,
) -> web::Result<Json<Listed<CatalogItemOut>>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        items::must_read(ctx)?;
        let (filter, part) = query.clone().read()?;
        items::list(ctx, tx, &filter, part)
    };
    let page = caller.read(read).await?.map(CatalogItemOut::from);
    Ok(Json(Listed::of(&caller, page)))
}

/// Writes a new item. Needs `settings.edit`.
#[utoipa::path(post, path = "/api/v1/catalog/items", tag = "catalog", request_body = CatalogItemIn,
    responses((status = 201, body = CatalogItemOut), (status = 422, body = ProblemBody)))]
async fn create_catalog_item(
    caller: Caller,
    Json(body): Json<CatalogItemIn>,
) -> web::Result<impl IntoResponse> {
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(Permission::SettingsEdit)?;
        create_item(ctx, tx, body.clone().whole()?).map(CatalogItemOut::from)
    };
    let out = caller.once(write).await?;
    let place = [(header::LOCATION, format!("/api/v1/catalog/items/{}", out.id))];
    Ok((StatusCode::CREATED, place, Json(out)))
}

/// One item. Needs `applications.read` or `surveys.read`.
#[utoipa::path(get, path = "/api/v1/catalog/items/{id}", tag = "catalog", params(("id" = Uuid, Path)),
    responses((status = 200, body = CatalogItemOut), (status = 404, body = ProblemBody)))]
async fn get_catalog_item(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<CatalogItemOut>> {
    let id = id_of(key)?;
    Ok(Json(caller.read(move |ctx, tx| items::get(ctx, tx, id)).await?.into()))
}

/// Changes what is said of an item; what is absent stays, a `metadata` that is given replaces the former one whole.
/// The type of an item that something names stays. Needs `settings.edit`.
#[utoipa::path(patch, path = "/api/v1/catalog/items/{id}", tag = "catalog", params(("id" = Uuid, Path)),
    request_body = CatalogItemIn,
    responses((status = 200, body = CatalogItemOut), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn change_catalog_item(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<CatalogItemIn>,
) -> web::Result<Json<CatalogItemOut>> {
    let id = id_of(key)?;
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        change_item(ctx, tx, id, |stands| body.clone().over(stands.content()))
    };
    Ok(Json(caller.write(write).await?.into()))
}

/// Deletes an item that nothing names; one in use is answered 409 and can be deactivated. Needs `settings.edit`.
#[utoipa::path(delete, path = "/api/v1/catalog/items/{id}", tag = "catalog", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn delete_catalog_item(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    let id = id_of(key)?;
    caller.write(move |ctx, tx| delete_item(ctx, tx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
