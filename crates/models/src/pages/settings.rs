//! `/ai`: whom the workspace asks, with which key, what it may spend.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use context::Permission;
use kernel::{Error, Result, Text};
use serde::Deserialize;
use web::{
    Caller,
    pages::{Action, Choice, DetailPage, Facts, Field, Form, Go, Notice, Shell, Tone, form_again, render},
};

use crate::{EditSettings, Models, NewKey, Provider, Settings, Spent, actions};

/// What the form sends.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SettingsForm {
    provider: String,
    base_url: String,
    model: String,
    key: String,
    is_on: Option<String>,
    tokens_per_day: String,
    input_price: String,
    output_price: String,
}

impl From<&Settings> for SettingsForm {
    fn from(settings: &Settings) -> Self {
        let Settings { provider, base_url, model, key_end: _, is_on, tokens_per_day, prices } = settings;
        let own_address = base_url != provider.default_base_url();
        Self {
            provider: provider.word().to_owned(),
            base_url: if own_address { base_url.clone() } else { String::new() },
            model: model.clone(),
            key: String::new(),
            is_on: is_on.then(|| "true".to_owned()),
            tokens_per_day: tokens_per_day.to_string(),
            input_price: prices.map(|prices| prices.input.to_string()).unwrap_or_default(),
            output_price: prices.map(|prices| prices.output.to_string()).unwrap_or_default(),
        }
    }
}

impl SettingsForm {
    fn read(self) -> EditSettings {
        let Self { provider, base_url, model, key, is_on, tokens_per_day, input_price, output_price } = self;
        let (key, is_on) = (NewKey(key), is_on.is_some());
        EditSettings { provider, base_url, model, key, is_on, tokens_per_day, input_price, output_price }
    }
}

/// The form. A key that was typed is not shown again.
fn form(p: &Shell, typed: &SettingsForm, settings: &Settings, error: Option<&Error>) -> Form {
    let SettingsForm { provider, base_url, model, key: _, is_on, tokens_per_day, input_price, output_price } =
        typed;
    let providers = Provider::ALL.iter().map(|one| Choice::new(one.word(), p.t(one.text_key()))).collect();
    let key_hint = match &settings.key_end {
        Some(end) => p.t1("models-key-set", "end", end),
        None => p.t("models-key-help"),
    };
    Form::new(p, "/ai")
        .error(error)
        .field(Field::check("is_on", "models-is-on").checked(is_on.is_some()).help("models-is-on-help"))
        .field(Field::select("provider", "models-provider", providers).value(provider).required().half())
        .field(Field::text("model", "models-model").value(model).half().max(120).help("models-model-help"))
        .field(
            Field::text("base_url", "models-base-url").value(base_url).max(300).help("models-base-url-help"),
        )
        .field(Field::password("key", "models-key").hint(key_hint).max(400).autocomplete("off"))
        .field(
            Field::number("tokens_per_day", "models-tokens-per-day")
                .value(tokens_per_day)
                .help("models-tokens-per-day-help"),
        )
        .field(Field::text("input_price", "models-input-price").value(input_price).half().max(20))
        .field(
            Field::text("output_price", "models-output-price")
                .value(output_price)
                .half()
                .max(20)
                .help("models-price-help"),
        )
}

/// How things stand: what is missing, or that it works.
fn standing(p: &Shell, settings: &Settings) -> Notice {
    match (settings.is_ready(), settings.key_end.is_some()) {
        (true, _) => Notice::new(Tone::Success, p.t("models-ready")),
        (false, true) => Notice::new(Tone::Warning, p.t("models-is-off")),
        (false, false) => Notice::new(Tone::Info, p.t("models-not-set")),
    }
}

fn facts(p: &Shell, settings: &Settings, spent: Spent) -> Facts {
    let Spent { reserved_tokens, used_tokens } = spent;
    let of = Text::new("models-spent-of")
        .with("used", p.number(used_tokens))
        .with("budget", p.number(settings.tokens_per_day));
    let facts = Facts::new().text(p.t("models-spent-today"), p.say(&of));
    if reserved_tokens == 0 {
        return facts;
    }
    facts.text(p.t("models-reserved-today"), p.number(reserved_tokens))
}

/// What those see who may not change it.
fn chosen(p: &Shell, facts: Facts, settings: &Settings) -> Facts {
    let key = settings.key_end.as_ref().map(|end| p.t1("models-key-set", "end", end));
    let price = |price: Option<crate::Price>| price.map(|price| format!("${price}")).unwrap_or_default();
    facts
        .text(p.t("models-provider"), p.t(settings.provider.text_key()))
        .text(p.t("models-model"), settings.model.as_str())
        .text(p.t("models-base-url"), settings.base_url.as_str())
        .text(p.t("models-key"), key.unwrap_or_default())
        .text(p.t("models-input-price"), price(settings.prices.map(|prices| prices.input)))
        .text(p.t("models-output-price"), price(settings.prices.map(|prices| prices.output)))
}

fn settings_page(
    caller: &Caller,
    settings: &Settings,
    spent: Spent,
    typed: &SettingsForm,
    error: Option<&Error>,
) -> DetailPage {
    let p = caller.shell().titled("models-menu-settings").lead("models-lead").narrow();
    let facts = facts(&p, settings, spent);
    let mut page = DetailPage::new(p.clone()).notice(standing(&p, settings));
    if p.can(Permission::BotsRead) {
        page = page.action(Action::link("/ai/calls", p.t("models-menu-calls")).icon("list"));
    }
    if !p.can(Permission::SettingsEdit) {
        return page.facts(chosen(&p, facts, settings));
    }
    if settings.has_endpoint() {
        page = page.action(Action::post(&p, "/ai/check", p.t("models-check")).primary().icon("lightning"));
    }
    if settings.key_end.is_some() {
        let remove = Action::post(&p, "/ai/remove-key", p.t("models-key-remove")).danger().icon("trash");
        page = page.action(remove.confirm(p.t("models-key-remove-question")));
    }
    page.facts(facts).part("models-settings", &form(&p, typed, settings, error))
}

async fn found(caller: &Caller) -> Result<(Settings, Spent)> {
    caller.read(|ctx, tx| Ok((actions::settings(ctx, tx)?, actions::spent_today(ctx, tx)?))).await
}

/// `GET /ai`.
pub(super) async fn page(caller: Caller) -> web::Result<Response> {
    let (settings, spent) = found(&caller).await?;
    Ok(render(&settings_page(&caller, &settings, spent, &SettingsForm::from(&settings), None)))
}

/// `POST /ai`.
pub(super) async fn edit(caller: Caller, web::Form(typed): web::Form<SettingsForm>) -> web::Result<Response> {
    let models: Arc<Models> = caller.app.service()?;
    let input = typed.clone().read();
    match caller.write(move |ctx, tx| actions::edit_settings(ctx, tx, &models, &input)).await {
        Ok(_) => Ok(Go::to("/ai").done(&caller.words(), &Text::new("models-saved")).into_response()),
        Err(error) => {
            let (settings, spent) = found(&caller).await?;
            let again = |error: &Error| settings_page(&caller, &settings, spent, &typed, Some(error));
            Ok(form_again(error, again)?)
        }
    }
}

/// `POST /ai/check`.
pub(super) async fn check(caller: Caller) -> web::Result<Go> {
    caller.fresh()?;
    let models: Arc<Models> = caller.app.service()?;
    let checked = models.check(&caller.ctx, caller.db()).await?;
    let tone = if checked.result.is_ok() { Tone::Success } else { Tone::Error };
    Ok(Go::to("/ai").toast(tone, checked.say(&caller.words())))
}

/// `POST /ai/remove-key`.
pub(super) async fn remove_key(caller: Caller) -> web::Result<Go> {
    caller.write(actions::remove_key).await?;
    Ok(Go::to("/ai").done(&caller.words(), &Text::new("models-key-removed")))
}
