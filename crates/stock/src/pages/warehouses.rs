//! The list of warehouses and the form of one.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Error, Result, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{
        Action, Cell, Column, Empty, Field, Form, FormPage, Go, ListPage, Shell, Table, Tone, form_again,
        render,
    },
};

use crate::{
    NewWarehouse, Warehouse, api::find_warehouse, create_warehouse as create, update_warehouse as update,
    warehouses,
};

/// What the form sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct WarehouseForm {
    name: String,
    is_default: String,
    may_be_negative: String,
    active: String,
}

impl WarehouseForm {
    fn of(content: NewWarehouse) -> Self {
        let NewWarehouse { name, may_be_negative, is_default, active } = content;
        let tick = |yes: bool| if yes { "true".to_owned() } else { String::new() };
        Self {
            name,
            is_default: tick(is_default),
            may_be_negative: tick(may_be_negative),
            active: tick(active),
        }
    }

    fn content(&self) -> NewWarehouse {
        let Self { name, is_default, may_be_negative, active } = self;
        let ticked = |text: &str| text == "true";
        NewWarehouse {
            name: name.clone(),
            may_be_negative: ticked(may_be_negative),
            is_default: ticked(is_default),
            active: ticked(active),
        }
    }
}

/// `GET /warehouses`.
pub(super) async fn warehouses_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::InventoryRead)?;
    let all = caller.read(warehouses).await?;
    let p = caller.shell().titled("stock-menu-warehouses").lead("stock-warehouses-lead");
    let columns = vec![
        Column::main("stock-field-warehouse"),
        Column::new("stock-field-below-zero"),
        Column::new("stock-field-status"),
    ];
    let row = |warehouse: &Warehouse| {
        let Warehouse { id: _, number, name, is_default, may_be_negative, active, created_at: _ } = warehouse;
        let (tone, key) = match (is_default, active) {
            (true, _) => (Tone::Accent, "stock-warehouse-default"),
            (false, true) => (Tone::Success, "stock-warehouse-open"),
            (false, false) => (Tone::Plain, "stock-warehouse-shut"),
        };
        let below = if *may_be_negative { "stock-below-zero-allowed" } else { "stock-below-zero-refused" };
        let name = match p.can(Permission::InventoryEdit) {
            true => Cell::link(format!("/warehouses/{number}"), name.as_str()),
            false => Cell::text(name.as_str()),
        };
        vec![name, Cell::text(p.t(below)), Cell::badge(tone, p.t(key))]
    };
    let rows = all.iter().map(row).collect();
    let empty = Empty::new("building", p.t("stock-warehouses-empty"), p.t("stock-warehouses-empty-hint"));
    let table = Table::of(&p.words, "warehouses", columns, rows).empty(empty);
    let may = p.can(Permission::InventoryCreate);
    let new =
        |p: &Shell| Action::link("/warehouses/new", p.t("stock-warehouse-new")).primary().icon("plus-lg");
    Ok(render(&ListPage::new(p, table).action_if(may, new)))
}

fn page(p: Shell, of: Option<&Warehouse>, typed: &WarehouseForm, error: Option<&Error>) -> FormPage {
    let p = p.crumb("/warehouses", "stock-menu-warehouses").narrow();
    let (p, action) = match of {
        None => (p.titled("stock-warehouse-new"), "/warehouses/new".to_owned()),
        Some(warehouse) => (p.named(warehouse.name.as_str()), format!("/warehouses/{}", warehouse.number)),
    };
    let WarehouseForm { name, is_default, may_be_negative, active } = typed;
    let ticked = |text: &str| text == "true";
    let form = Form::new(&p, action)
        .error(error)
        .field(Field::text("name", "stock-field-name").value(name).required().focus().max(100))
        .field(
            Field::check("is_default", "stock-field-is-default")
                .checked(ticked(is_default))
                .help("stock-field-is-default-help"),
        )
        .field(
            Field::check("may_be_negative", "stock-field-may-be-negative")
                .checked(ticked(may_be_negative))
                .help("stock-field-may-be-negative-help"),
        )
        .field(
            Field::check("active", "stock-field-active")
                .checked(ticked(active))
                .help("stock-field-active-help"),
        )
        .cancel("/warehouses");
    FormPage::new(p, form)
}

/// `GET /warehouses/new`.
pub(super) async fn new_warehouse_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::InventoryCreate)?;
    let typed = WarehouseForm::of(NewWarehouse::default());
    Ok(render(&page(caller.shell(), None, &typed, None)))
}

/// `POST /warehouses/new`.
pub(super) async fn create_warehouse(
    caller: Caller,
    web::Form(typed): web::Form<WarehouseForm>,
) -> web::Result<Response> {
    let new = typed.content();
    let made = caller.once(move |ctx, tx| create(ctx, tx, new.clone()).map(drop)).await;
    answer(&caller, None, &typed, made)
}

/// `GET /warehouses/{id}`.
pub(super) async fn edit_warehouse_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::InventoryEdit)?;
    let warehouse = caller.read(move |ctx, tx| find_warehouse(ctx, tx, key)).await?;
    let typed = WarehouseForm::of(warehouse.content());
    Ok(render(&page(caller.shell(), Some(&warehouse), &typed, None)))
}

/// `POST /warehouses/{id}`.
pub(super) async fn update_warehouse(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<WarehouseForm>,
) -> web::Result<Response> {
    let warehouse = caller.read(move |ctx, tx| find_warehouse(ctx, tx, key)).await?;
    let (id, new) = (warehouse.id, typed.content());
    let written = caller.write(move |ctx, tx| update(ctx, tx, id, new.clone()).map(drop)).await;
    answer(&caller, Some(&warehouse), &typed, written)
}

fn answer(
    caller: &Caller,
    of: Option<&Warehouse>,
    typed: &WarehouseForm,
    written: Result<()>,
) -> web::Result<Response> {
    match written {
        Ok(()) => {
            let done = Text::new("stock-warehouse-saved");
            Ok(Go::to("/warehouses").done(&caller.words(), &done).into_response())
        }
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), of, typed, Some(error)))?),
    }
}
