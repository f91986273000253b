//! The page of VAT rates among the settings.

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use catalog::Vat;
use context::Permission;
use kernel::{Checks, Date, Error, Id, Rate, Result, Text};
use serde::Deserialize;
use web::{
    App, Caller,
    pages::{
        Action, Cell, Column, Field, Form, FormPage, Go, ListPage, MenuEntry, Row, Section, Shell, Table,
        Tone, form_again, render,
    },
};

use crate::{Period, VatRates, add_vat_rate as add, delete_vat_rate as delete, vat_rates};

/// The routes of the pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/settings/vat-rates", get(vat_rates_page))
        .route("/settings/vat-rates/new", get(new_vat_rate_page).post(add_vat_rate))
        .route("/settings/vat-rates/{id}/delete", post(delete_vat_rate))
}

/// The entries of the side menu.
pub(crate) const MENU: [MenuEntry; 1] = [MenuEntry {
    section: Section::Settings,
    order: 60,
    href: "/settings/vat-rates",
    text: "tax-menu-vat-rates",
    icon: "percent",
    permission: Some(Permission::SettingsRead),
}];

/// `GET /settings/vat-rates`.
async fn vat_rates_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::SettingsRead)?;
    let rates = caller.read(vat_rates).await?;
    let p = caller.shell().titled("tax-menu-vat-rates").lead("tax-vat-rates-lead");
    let table = table(&p, &rates, caller.ctx.today());
    let may = p.can(Permission::SettingsEdit);
    let new = |p: &Shell| {
        Action::link("/settings/vat-rates/new", p.t("tax-vat-rate-new")).primary().icon("plus-lg")
    };
    Ok(render(&ListPage::new(p, table).action_if(may, new)))
}

fn table(p: &Shell, rates: &VatRates, today: Date) -> Table {
    let columns = vec![
        Column::main("tax-field-starts-on"),
        Column::figures("tax-field-rate"),
        Column::new("tax-field-from"),
        Column::new("web-actions"),
    ];
    let present = rates.periods().iter().rev().find(|period| period.starts_on <= today).map(|p| p.starts_on);
    let row = |period: &Period| -> Row {
        let Period { starts_on, rate, own } = *period;
        let from = if own.is_some() { "tax-rate-own" } else { "tax-rate-law" };
        let state = if present == Some(starts_on) {
            Cell::badge(Tone::Success, p.t("tax-rate-present"))
        } else {
            Cell::text(p.t(from))
        };
        let mut actions = Vec::new();
        if let (Some(id), true) = (own, p.can(Permission::SettingsEdit)) {
            let question = p.t1("tax-rate-delete-question", "day", p.date(starts_on));
            let delete = Action::post(p, format!("/settings/vat-rates/{id}/delete"), p.t("tax-rate-delete"));
            actions.push(delete.danger().icon("trash").confirm(question));
        }
        vec![Cell::Date(starts_on), Cell::text(format!("{rate} %")), state, Cell::Actions(actions)]
    };
    Table::of(&p.words, "vat-rates", columns, rates.periods().iter().rev().map(row).collect())
}

/// What the form sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct RateForm {
    starts_on: String,
    rate: String,
}

impl RateForm {
    fn check(&self) -> Result<(Date, Rate)> {
        let mut checks = Checks::new();
        let starts_on = checks.take("starts_on", Date::parse(&self.starts_on));
        let rate = checks.take("rate", Rate::parse(&self.rate));
        checks.done()?;
        let missing = || Error::field("starts_on", Text::new("kernel-text-missing"));
        Ok((starts_on.ok_or_else(missing)?, rate.unwrap_or_default()))
    }
}

fn page(p: Shell, typed: &RateForm, error: Option<&Error>) -> FormPage {
    let p = p.titled("tax-vat-rate-new").crumb("/settings/vat-rates", "tax-menu-vat-rates").narrow();
    let form = Form::new(&p, "/settings/vat-rates/new")
        .error(error)
        .field(Field::date("starts_on", "tax-field-starts-on").value(&typed.starts_on).required().half())
        .field(
            Field::percent("rate", "tax-field-rate")
                .value(&typed.rate)
                .required()
                .half()
                .help("tax-field-rate-help"),
        )
        .cancel("/settings/vat-rates");
    FormPage::new(p, form)
}

/// `GET /settings/vat-rates/new`.
async fn new_vat_rate_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::SettingsEdit)?;
    let today = caller.ctx.today();
    let rate = caller.read(vat_rates).await?.on(Vat::Standard, today);
    let typed = RateForm { starts_on: today.to_string(), rate: rate.to_string() };
    Ok(render(&page(caller.shell(), &typed, None)))
}

/// `POST /settings/vat-rates/new`.
async fn add_vat_rate(caller: Caller, web::Form(typed): web::Form<RateForm>) -> web::Result<Response> {
    let sent = typed.clone();
    let added = caller
        .once(move |ctx, tx| {
            let (starts_on, rate) = sent.check()?;
            add(ctx, tx, starts_on, rate).map(drop)
        })
        .await;
    match added {
        Ok(()) => {
            let done = Text::new("tax-rate-added");
            Ok(Go::to("/settings/vat-rates").done(&caller.words(), &done).into_response())
        }
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), &typed, Some(error)))?),
    }
}

/// `POST /settings/vat-rates/{id}/delete`.
async fn delete_vat_rate(caller: Caller, Path(id): Path<String>) -> web::Result<Go> {
    let id = Id::parse(&id)?;
    caller.write(move |ctx, tx| delete(ctx, tx, id)).await?;
    Ok(Go::to("/settings/vat-rates").done(&caller.words(), &Text::new("tax-rate-deleted")))
}
