//! The page of the settings of sales.

use axum::response::{IntoResponse, Response};
use context::Permission;
use kernel::{Error, Text};
use serde::Deserialize;
use web::{
    Caller,
    pages::{Field, Form, FormPage, Go, Shell, form_again, render},
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
    Ok(render(&page(caller.shell(), include, None)))
}

fn page(p: Shell, include: bool, error: Option<&Error>) -> FormPage {
    let p = p.titled("sales-menu-settings").narrow();
    let field = Field::check("prices_include_vat", "sales-setting-prices-include-vat")
        .checked(include)
        .help("sales-setting-prices-include-vat-help");
    let field = if p.can(Permission::SettingsEdit) { field } else { field.disabled() };
    let form = Form::new(&p, "/settings/sales").error(error).field(field);
    FormPage::new(p, form)
}

/// `POST /settings/sales`.
pub(super) async fn save_sales_settings(
    caller: Caller,
    web::Form(typed): web::Form<SettingsForm>,
) -> web::Result<Response> {
    let include = typed.prices_include_vat == "true";
    match caller.write(move |ctx, tx| set_prices_include_vat(ctx, tx, include)).await {
        Ok(()) => {
            let done = Text::new("sales-settings-saved");
            Ok(Go::to("/settings/sales").done(&caller.words(), &done).into_response())
        }
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), include, Some(error)))?),
    }
}
