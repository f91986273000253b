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
    Requisites, WorkspaceRecord,
    actions::{self, Company, SetCompany},
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
#[serde(default)]
struct CompanyForm {
    name: String,
    tin: String,
    phone: String,
    address: String,
    zone: String,
    lang: String,
    vat_code: String,
    bank: String,
    bank_account: String,
    mfo: String,
    director: String,
    accountant: String,
}

impl From<Company> for CompanyForm {
    fn from(company: Company) -> Self {
        let Company { record, requisites } = company;
        let WorkspaceRecord { id: _, name, slug: _, lang, zone, tin, phone, address, created_at: _ } = record;
        let Requisites { vat_code, bank, bank_account, mfo, director, accountant } = requisites;
        Self {
            name,
            tin: tin.as_ref().map(ToString::to_string).unwrap_or_default(),
            phone: phone.as_ref().map(kernel::Phone::pretty).unwrap_or_default(),
            address,
            zone: zone.name().to_owned(),
            lang: lang.code().to_owned(),
            vat_code,
            bank,
            bank_account,
            mfo,
            director,
            accountant,
        }
    }
}

impl CompanyForm {
    fn read(self) -> SetCompany {
        let Self {
            name,
            tin,
            phone,
            address,
            zone,
            lang,
            vat_code,
            bank,
            bank_account,
            mfo,
            director,
            accountant,
        } = self;
        let lang = Lang::parse(&lang).unwrap_or_default();
        let requisites = Some(Requisites { vat_code, bank, bank_account, mfo, director, accountant });
        SetCompany { name, tin, phone, address, zone, lang, requisites }
    }
}

fn form_page(p: Shell, typed: &CompanyForm, error: Option<&Error>) -> FormPage {
    let CompanyForm {
        name,
        tin,
        phone,
        address,
        zone,
        lang,
        vat_code,
        bank,
        bank_account,
        mfo,
        director,
        accountant,
    } = typed;
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
        .field(Field::select("lang", "auth-language", language_choices()).value(lang).required().half())
        .field(Field::text("bank", "auth-company-bank").value(bank).half().max(120))
        .field(Field::text("mfo", "auth-company-mfo").value(mfo).half().max(10))
        .field(Field::text("bank_account", "auth-company-account").value(bank_account).half().max(30))
        .field(Field::text("vat_code", "auth-company-vat-code").value(vat_code).half().max(20))
        .field(Field::text("director", "auth-company-director").value(director).half().max(120))
        .field(
            Field::text("accountant", "auth-company-accountant")
                .value(accountant)
                .half()
                .max(120)
                .help("auth-company-papers-help"),
        );
    FormPage::new(p, form)
}

/// What those see who may not change it.
fn facts_page(p: Shell, company: Company) -> DetailPage {
    let p = p.titled("auth-company").narrow();
    let Company { record, requisites } = company;
    let WorkspaceRecord { id: _, name, slug: _, lang, zone, tin, phone, address, created_at: _ } = record;
    let Requisites { vat_code, bank, bank_account, mfo, director, accountant } = requisites;
    let facts = Facts::new()
        .text(p.t("auth-company-name"), name)
        .text(p.t("auth-company-tin"), tin.as_ref().map(ToString::to_string).unwrap_or_default())
        .text(p.t("auth-phone"), phone.as_ref().map(kernel::Phone::pretty).unwrap_or_default())
        .text(p.t("auth-company-address"), address)
        .text(p.t("auth-company-zone"), zone.name())
        .text(p.t("auth-language"), lang.name())
        .text(p.t("auth-company-bank"), bank)
        .text(p.t("auth-company-mfo"), mfo)
        .text(p.t("auth-company-account"), bank_account)
        .text(p.t("auth-company-vat-code"), vat_code)
        .text(p.t("auth-company-director"), director)
        .text(p.t("auth-company-accountant"), accountant);
    DetailPage::new(p).facts(facts)
}

async fn company_page(caller: Caller) -> web::Result<Response> {
    let company = caller.read(actions::company).await?;
    if !caller.ctx.may(Permission::SettingsEdit) {
        return Ok(render(&facts_page(caller.shell(), company)));
    }
    Ok(render(&form_page(caller.shell(), &CompanyForm::from(company), None)))
}

async fn set_company(caller: Caller, web::Form(typed): web::Form<CompanyForm>) -> web::Result<Response> {
    let input = typed.clone().read();
    match caller.write(move |ctx, tx| actions::set_company(ctx, tx, &input)).await {
        Ok(_) => {
            Ok(Go::to("/settings/company").done(&caller.words(), &Text::new("auth-saved")).into_response())
        }
        Err(error) => Ok(form_again(error, |error| form_page(caller.shell(), &typed, Some(error)))?),
    }
}
