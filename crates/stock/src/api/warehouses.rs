//! `/api/warehouses`.

use axum::{extract::Path, http::StatusCode};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Checks, Error, Page, PageRequest, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{Caller, Json, Listed, ProblemBody, RowKey};

use crate::{NewWarehouse, Warehouse, create_warehouse as create, update_warehouse as update, warehouses};

/// What is written into a warehouse. `name` is required of POST and PUT; what is absent stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct WarehouseIn {
    /// What to call it, one of a kind in the workspace.
    #[schema(example = "Asosiy ombor", max_length = 100)]
    pub name: Option<String>,
    /// Whether it is taken where nobody names one.
    pub is_default: Option<bool>,
    /// Whether more may go out of it than lies there.
    pub may_be_negative: Option<bool>,
    /// Whether goods may move through it.
    pub active: Option<bool>,
}

impl WarehouseIn {
    fn whole(self) -> Result<Self> {
        let mut checks = Checks::new();
        checks.hold(self.name.is_some(), "name", Text::new("kernel-text-missing"));
        checks.done().map(|()| self)
    }

    fn over(self, stands: NewWarehouse) -> NewWarehouse {
        let Self { name, is_default, may_be_negative, active } = self;
        NewWarehouse {
            name: name.unwrap_or(stands.name),
            may_be_negative: may_be_negative.unwrap_or(stands.may_be_negative),
            is_default: is_default.unwrap_or(stands.is_default),
            active: active.unwrap_or(stands.active),
        }
    }
}

/// A warehouse as the API shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WarehouseOut {
    pub id: i64,
    pub uuid: Uuid,
    pub name: String,
    pub is_default: bool,
    pub may_be_negative: bool,
    pub active: bool,
    #[schema(value_type = String)]
    pub created_at: Timestamp,
}

impl From<Warehouse> for WarehouseOut {
    fn from(warehouse: Warehouse) -> Self {
        let Warehouse { id, number, name, is_default, may_be_negative, active, created_at } = warehouse;
        Self { id: number, uuid: id.uuid(), name, is_default, may_be_negative, active, created_at }
    }
}

/// The warehouse that a path names by number or id.
pub(crate) fn find(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Warehouse> {
    ctx.require(Permission::InventoryRead)?;
    let is_it = |warehouse: &Warehouse| match key {
        RowKey::Number(number) => warehouse.number == number,
        RowKey::Id(uuid) => warehouse.id.uuid() == uuid,
    };
    warehouses(ctx, tx)?.into_iter().find(is_it).ok_or_else(Error::not_found)
}

/// Every warehouse, the default one first.
#[utoipa::path(get, path = "/api/warehouses", tag = "stock",
    responses((status = 200, body = Listed<WarehouseOut>)))]
pub(super) async fn list_warehouses(caller: Caller) -> web::Result<Json<Listed<WarehouseOut>>> {
    caller.ctx.require(Permission::InventoryRead)?;
    let all = caller.read(warehouses).await?;
    let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let whole = PageRequest::new(1, u32::try_from(all.len()).unwrap_or(u32::MAX));
    Ok(Json(Listed::of(&caller, Page::new(whole, count, all).map(WarehouseOut::from))))
}

/// Makes a warehouse.
#[utoipa::path(post, path = "/api/warehouses", tag = "stock", request_body = WarehouseIn,
    responses((status = 201, body = WarehouseOut), (status = 422, body = ProblemBody)))]
pub(super) async fn create_warehouse(
    caller: Caller,
    Json(body): Json<WarehouseIn>,
) -> web::Result<(StatusCode, Json<WarehouseOut>)> {
    let new = body.whole()?.over(NewWarehouse::default());
    let made = caller.once(move |ctx, tx| create(ctx, tx, new.clone()).map(WarehouseOut::from)).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One warehouse.
#[utoipa::path(get, path = "/api/warehouses/{id}", tag = "stock", params(("id" = String, Path)),
    responses((status = 200, body = WarehouseOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_warehouse(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<WarehouseOut>> {
    Ok(Json(caller.read(move |ctx, tx| find(ctx, tx, key)).await?.into()))
}

/// Changes a warehouse.
#[utoipa::path(put, path = "/api/warehouses/{id}", tag = "stock", params(("id" = String, Path)),
    request_body = WarehouseIn, responses((status = 200, body = WarehouseOut), (status = 409, body = ProblemBody)))]
pub(super) async fn replace_warehouse(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<WarehouseIn>,
) -> web::Result<Json<WarehouseOut>> {
    write(&caller, key, body.whole()?).await
}

/// Changes what is said of a warehouse; what is absent stays.
#[utoipa::path(patch, path = "/api/warehouses/{id}", tag = "stock", params(("id" = String, Path)),
    request_body = WarehouseIn, responses((status = 200, body = WarehouseOut), (status = 409, body = ProblemBody)))]
pub(super) async fn change_warehouse(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<WarehouseIn>,
) -> web::Result<Json<WarehouseOut>> {
    write(&caller, key, body).await
}

async fn write(caller: &Caller, key: RowKey, body: WarehouseIn) -> web::Result<Json<WarehouseOut>> {
    let written = caller
        .write(move |ctx, tx| {
            let stands = find(ctx, tx, key)?;
            let new = body.clone().over(stands.content());
            update(ctx, tx, stands.id, new)
        })
        .await?;
    Ok(Json(written.into()))
}
