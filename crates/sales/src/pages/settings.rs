//! The page of the settings of sales.

use axum::response::Response;
use context::Permission;
use kernel::Text;
use serde::Deserialize;
use web::{
    Caller,
    pages::{Field, Form, FormPage, Go, render},
};

use crate::{prices_include_vat, set_prices_include_vat};

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SettingsForm {
    prices_include_vat: String,
}

/// `GET /settings/sales`.
pub(super) async fn sales_settings_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::SettingsRead)?;
    let include = caller.read(prices_include_vat).await?;
    let p = caller.shell().titled("sales-menu-settings").narrow();
    let field = Field::check("prices_include_vat", "sales-setting-prices-include-vat")
        .checked(include)
        .help("sales-setting-prices-include-vat-help");
    let field = if p.can(Permission::SettingsEdit) { field } else { field.disabled() };
    Ok(render(&FormPage::new(p.clone(), Form::new(&p, "/settings/sales").field(field))))
}

/// `POST /settings/sales`.
pub(super) async fn save_sales_settings(
    caller: Caller,
    web::Form(typed): web::Form<SettingsForm>,
) -> web::Result<Go> {
    let include = typed.prices_include_vat == "true";
    caller.write(move |ctx, tx| set_prices_include_vat(ctx, tx, include)).await?;
    Ok(Go::to("/settings/sales").done(&caller.words(), &Text::new("sales-settings-saved")))
}
