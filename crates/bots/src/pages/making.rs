//! `/bots/new`, `/bots/import`, `/bots/{number}/duplicate`: how a bot comes into being.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Checks, Error, Result, Text};
use serde::Deserialize;
use web::{
    Caller, Query, RowKey, Upload,
    pages::{Field, Form, FormPage, Go, Icon, Shell, form_again, render},
};

use super::{bot_crumbs, forms};
use crate::{
    Bot, NewBot,
    actions::{create_bot, duplicate_bot},
    faults, reads,
    template::{Template, bare_facts},
    version::text_of_file,
};

/// A way to begin.
struct Choice {
    href: String,
    icon: Icon,
    title: String,
    text: String,
}

/// The ways to begin.
#[derive(askama::Template)]
#[template(path = "choose.html")]
struct ChoosePage {
    p: Shell,
    choices: Vec<Choice>,
}

/// Which way was taken.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Way {
    #[serde(default)]
    template: Option<String>,
}

const fn title(template: Template) -> (&'static str, &'static str, &'static str) {
    match template {
        Template::Shop => ("bag", "bots-template-shop", "bots-template-shop-text"),
        Template::Booking => ("calendar3", "bots-template-booking", "bots-template-booking-text"),
        Template::Blank => ("plus-lg", "bots-template-blank", "bots-template-blank-text"),
    }
}

pub(super) async fn new_page(caller: Caller, Query(way): Query<Way>) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsCreate)?;
    let p = caller.shell();
    let Some(word) = way.template else { return Ok(render(&choose(p))) };
    let template: Template = word.parse()?;
    if template.is_shop() {
        return Ok(render(&forms::new_form(p, &forms::BotForm::fresh(&caller), None)));
    }
    Ok(render(&named_form(p, template, &NameForm::default(), None)))
}

fn choose(p: Shell) -> ChoosePage {
    let mut choices: Vec<Choice> = Template::ALL
        .into_iter()
        .map(|template| {
            let (icon, title, text) = title(template);
            let href = format!("/bots/new?template={}", template.word());
            Choice { href, icon: Icon::new(icon), title: p.t(title), text: p.t(text) }
        })
        .collect();
    choices.push(Choice {
        href: "/bots/import".to_owned(),
        icon: Icon::new("upload"),
        title: p.t("bots-import"),
        text: p.t("bots-import-text"),
    });
    ChoosePage {
        p: p.titled("bots-new").lead("bots-new-choose").crumb("/bots", "bots-menu").narrow(),
        choices,
    }
}

/// What is typed where only a name is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct NameForm {
    name: String,
}

fn name_field(name: &str) -> Field {
    Field::text("name", "bots-bot-name").value(name).required().focus().max(100).help("bots-name-help")
}

fn named_form(p: Shell, template: Template, typed: &NameForm, error: Option<&Error>) -> FormPage {
    let (_, title, _) = title(template);
    let p = p.titled(title).crumb("/bots", "bots-menu").crumb("/bots/new", "bots-new").narrow();
    let form = Form::new(&p, format!("/bots/new/{}", template.word()))
        .error(error)
        .field(name_field(&typed.name))
        .submit("bots-create")
        .cancel("/bots/new");
    FormPage::new(p, form)
}

/// Makes a bot of a blueprint that asks for nothing but a name.
pub(super) async fn create_named(
    caller: Caller,
    Path(word): Path<String>,
    web::Form(typed): web::Form<NameForm>,
) -> web::Result<Response> {
    let template: Template = word.parse()?;
    let name = typed.name.clone();
    let done = caller.once(move |ctx, tx| {
        let new =
            NewBot { name: name.clone(), source: template.source().to_owned(), shop: bare_facts(&name) };
        create_bot(ctx, tx, new).map(|bot| bot.number).map_err(about_name)
    });
    match done.await {
        Ok(number) => Ok(made(&caller, number)),
        Err(error) => {
            Ok(form_again(error, |error| named_form(caller.shell(), template, &typed, Some(error)))?)
        }
    }
}

/// The shop's name is the bot's where only that is asked for, and so is its fault.
fn about_name(error: Error) -> Error {
    let fields = error.field_errors();
    if fields.iter().all(|error| matches!(error.field.as_str(), "name" | "shop_name"))
        && let Some(first) = fields.first()
    {
        return Error::field("name", first.text.clone());
    }
    error
}

fn made(caller: &Caller, number: i64) -> Response {
    let done = Text::new("bots-created");
    Go::to(format!("/bots/{number}")).done(&caller.words(), &done).into_response()
}

fn import_form(p: Shell, name: &str, error: Option<&Error>) -> FormPage {
    let p = p.titled("bots-import").lead("bots-import-lead");
    let p = p.crumb("/bots", "bots-menu").crumb("/bots/new", "bots-new").narrow();
    let form = Form::new(&p, "/bots/import")
        .error(error)
        .field(Field::file("file", "bots-import-file", ".toml,text/plain").required())
        .field(name_field(name))
        .submit("bots-import")
        .submit_icon("upload")
        .cancel("/bots/new");
    FormPage::new(p, form)
}

pub(super) async fn import_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsCreate)?;
    Ok(render(&import_form(caller.shell(), "", None)))
}

pub(super) async fn import(caller: Caller, upload: Upload) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsCreate)?;
    let name = upload.get("name").to_owned();
    let done = async {
        let source = checked_file(&caller, &upload, &name)?;
        let name = name.clone();
        let create = caller.once(move |ctx, tx| {
            let new = NewBot { name: name.clone(), source: source.clone(), shop: bare_facts(&name) };
            create_bot(ctx, tx, new).map(|bot| bot.number).map_err(about_name)
        });
        create.await
    };
    match done.await {
        Ok(number) => Ok(made(&caller, number)),
        Err(error) => Ok(form_again(error, |error| import_form(caller.shell(), &name, Some(error)))?),
    }
}

/// The file as a blueprint without faults; all that is wrong with the form is said at once.
fn checked_file(caller: &Caller, upload: &Upload, name: &str) -> Result<String> {
    let mut checks = Checks::new();
    checks.required_line("name", name, usize::MAX);
    let source = if upload.bytes.is_empty() {
        checks.refuse("file", Text::new("bots-file-missing-here"));
        None
    } else {
        checks.take_all(text_of_file("file", &upload.bytes))
    };
    if let Some(source) = &source {
        checks.take_all(faults::refuse(&caller.words(), "file", source));
    }
    checks.done()?;
    Ok(source.unwrap_or_default())
}

fn duplicate_form(p: Shell, bot: &Bot, typed: &NameForm, error: Option<&Error>) -> FormPage {
    let back = format!("/bots/{}", bot.number);
    let p = bot_crumbs(p.titled("bots-duplicate").lead("bots-duplicate-lead"), bot).narrow();
    let form = Form::new(&p, format!("{back}/duplicate"))
        .error(error)
        .field(name_field(&typed.name))
        .submit("bots-duplicate")
        .cancel(back);
    FormPage::new(p, form)
}

pub(super) async fn duplicate_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsCreate)?;
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let name = caller.words().t1("bots-duplicate-name", "name", bot.name.as_str());
    Ok(render(&duplicate_form(caller.shell(), &bot, &NameForm { name }, None)))
}

pub(super) async fn duplicate(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<NameForm>,
) -> web::Result<Response> {
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let (id, name) = (bot.id, typed.name.clone());
    match caller.once(move |ctx, tx| duplicate_bot(ctx, tx, id, &name).map(|bot| bot.number)).await {
        Ok(number) => Ok(made(&caller, number)),
        Err(error) => {
            Ok(form_again(error, |error| duplicate_form(caller.shell(), &bot, &typed, Some(error)))?)
        }
    }
}
