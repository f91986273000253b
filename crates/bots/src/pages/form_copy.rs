//! `/bots/{number}/forms/{form}/copy`: a form for next year, out of this year's, with the flow that asks for it.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use catalog::Names;
use context::Permission;
use kernel::{Error, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{Field, Form, FormPage, Go, Shell, form_again, render},
};

use super::bot_crumbs;
use crate::{
    actions::{CopyForm, copy_form},
    reads,
    version::Work,
};

/// What the form sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct CopyTyped {
    code: String,
    name_uz: String,
    name_ru: String,
    name_en: String,
    revision: Option<i64>,
}

fn page_of(p: Shell, work: &Work, form: &str, typed: &CopyTyped, error: Option<&Error>) -> FormPage {
    let bot = &work.bot;
    let p = bot_crumbs(p.titled("bots-form-copy").lead("bots-form-copy-lead"), bot).narrow();
    let path = format!("/bots/{}", bot.number);
    let page = Form::new(&p, format!("{path}/forms/{form}/copy"))
        .error(error)
        .hidden("revision", typed.revision.unwrap_or(work.revision).to_string())
        .field(
            Field::text("code", "bots-form-code")
                .value(&typed.code)
                .required()
                .focus()
                .max(50)
                .help("bots-form-code-help"),
        )
        .field(Field::text("name_uz", "bots-form-name-uz").value(&typed.name_uz).required().max(100))
        .field(Field::text("name_ru", "bots-form-name-ru").value(&typed.name_ru).max(100))
        .field(Field::text("name_en", "bots-form-name-en").value(&typed.name_en).max(100))
        .submit("bots-form-copy-submit")
        .cancel(path);
    FormPage::new(p, page)
}

pub(super) async fn page(caller: Caller, Path((key, form)): Path<(RowKey, String)>) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    caller.ctx.require(Permission::SettingsEdit)?;
    let code = form.clone();
    let (work, names) = caller
        .read(move |ctx, tx| {
            let work = reads::get_work(ctx, tx, key)?;
            let found = applications::reads::find_form(ctx, tx, &code)?.ok_or_else(Error::not_found)?;
            Ok((work, found.names))
        })
        .await?;
    let Names { uz, ru, en } = names;
    let typed = CopyTyped {
        name_uz: uz,
        name_ru: ru.unwrap_or_default(),
        name_en: en.unwrap_or_default(),
        ..CopyTyped::default()
    };
    Ok(render(&page_of(caller.shell(), &work, &form, &typed, None)))
}

pub(super) async fn copy(
    caller: Caller,
    Path((key, form)): Path<(RowKey, String)>,
    web::Form(typed): web::Form<CopyTyped>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    caller.ctx.require(Permission::SettingsEdit)?;
    let work = caller.read(move |ctx, tx| reads::get_work(ctx, tx, key)).await?;
    let (bot, from, sent) = (work.bot.id, form.clone(), typed.clone());
    let present = work.revision;
    let done = caller.once(move |ctx, tx| {
        let CopyTyped { code, name_uz, name_ru, name_en, revision } = sent.clone();
        let said = |name: String| Some(name).filter(|name| !name.trim().is_empty());
        let names = Names { uz: name_uz, ru: said(name_ru), en: said(name_en) };
        let revision = revision.unwrap_or(present);
        copy_form(ctx, tx, bot, CopyForm { form: from.clone(), code, names, revision })
    });
    match done.await {
        Ok(_) => {
            let path = format!("/bots/{}/flow", work.bot.number);
            Ok(Go::to(path).done(&caller.words(), &Text::new("bots-form-copied")).into_response())
        }
        Err(error) => {
            Ok(form_again(error, |error| page_of(caller.shell(), &work, &form, &typed, Some(error)))?)
        }
    }
}
