//! What a workspace says about itself.

use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};
use context::Permission;
use kernel::{Error, Lang, Text};
use serde::Deserialize;
use web::{
    App, Caller,
    pages::{self, Choice, DetailPage, Facts, Field, FormPage, Go, Shell, form_again, render},
};

use super::language_choices;
use crate::{
    WorkspaceRecord,
    actions::{self, SetCompany},
};

/// Zones that the form offers: those of the country and of its neighbours; the API takes any.
const ZONES: [&str; 9] = [
    "Asia/Tashkent",
    "Asia/Samarkand",
    "Asia/Almaty",
    "Asia/Bishkek",
    "Asia/Dushanbe",
    "Asia/Ashgabat",
    "Asia/Kabul",
    "Europe/Istanbul",
    "Europe/Moscow",
];

pub(super) fn routes() -> Router<App> {
    Router::new().route("/settings/company", get(company_page).post(set_company))
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
struct CompanyForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    tin: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    zone: String,
    #[serde(default)]
    lang: String,
}

impl From<&WorkspaceRecord> for CompanyForm {
    fn from(record: &WorkspaceRecord) -> Self {
        let WorkspaceRecord { id: _, name, slug: _, lang, zone, tin, phone, address, created_at: _ } = record;
        Self {
            name: name.clone(),
            tin: tin.as_ref().map(ToString::to_string).unwrap_or_default(),
            phone: phone.as_ref().map(kernel::Phone::pretty).unwrap_or_default(),
            address: address.clone(),
            zone: zone.name().to_owned(),
            lang: lang.code().to_owned(),
        }
    }
}

fn form_page(p: Shell, typed: &CompanyForm, error: Option<&Error>) -> FormPage {
    let CompanyForm { name, tin, phone, address, zone, lang } = typed;
    let p = p.titled("auth-company").narrow();
    let known = ZONES.contains(&zone.as_str()) || zone.is_empty();
    let own = (!known).then_some(zone.as_str());
    let zones = ZONES.into_iter().chain(own).map(|zone| Choice::new(zone, zone)).collect();
    let form = pages::Form::new(&p, "/settings/company")
        .error(error)
        .field(Field::text("name", "auth-company-name").value(name).required().max(120))
        .field(Field::text("tin", "auth-company-tin").value(tin).half().max(20).help("auth-company-tin-help"))
        .field(Field::phone("phone", "auth-phone").value(phone).half())
        .field(Field::text("address", "auth-company-address").value(address).max(300))
        .field(Field::select("zone", "auth-company-zone", zones).value(zone).required().half())
        .field(Field::select("lang", "auth-language", language_choices()).value(lang).required().half());
    FormPage::new(p, form)
}

/// What those see who may not change it.
fn facts_page(p: Shell, record: &WorkspaceRecord) -> DetailPage {
    let p = p.titled("auth-company").narrow();
    let WorkspaceRecord { id: _, name, slug: _, lang, zone, tin, phone, address, created_at: _ } = record;
    let facts = Facts::new()
        .text(p.t("auth-company-name"), name)
        .text(p.t("auth-company-tin"), tin.as_ref().map(ToString::to_string).unwrap_or_default())
        .text(p.t("auth-phone"), phone.as_ref().map(kernel::Phone::pretty).unwrap_or_default())
        .text(p.t("auth-company-address"), address)
        .text(p.t("auth-company-zone"), zone.name())
        .text(p.t("auth-language"), lang.name());
    DetailPage::new(p).facts(facts)
}

async fn company_page(caller: Caller) -> web::Result<Response> {
    let record = caller.read(actions::company).await?;
    if !caller.ctx.may(Permission::SettingsEdit) {
        return Ok(render(&facts_page(caller.shell(), &record)));
    }
    Ok(render(&form_page(caller.shell(), &CompanyForm::from(&record), None)))
}

async fn set_company(caller: Caller, web::Form(typed): web::Form<CompanyForm>) -> web::Result<Response> {
    let CompanyForm { name, tin, phone, address, zone, lang } = typed.clone();
    let lang = Lang::parse(&lang).unwrap_or_default();
    let input = SetCompany { name, tin, phone, address, zone, lang };
    match caller.write(move |ctx, tx| actions::set_company(ctx, tx, &input)).await {
        Ok(_) => {
            Ok(Go::to("/settings/company").done(&caller.words(), &Text::new("auth-saved")).into_response())
        }
        Err(error) => Ok(form_again(error, |error| form_page(caller.shell(), &typed, Some(error)))?),
    }
}
