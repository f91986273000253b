//! `/bots/new`, `/bots/import`, `/bots/{number}/duplicate`: how a bot comes into being.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Error, Result, Text};
use serde::Deserialize;
use web::{
    Caller, Query, RowKey, Upload,
    pages::{Field, Form, FormPage, Go, Icon, Shell, form_again, render},
};

use super::bot_crumbs;
use crate::{
    Bot, Bots, NewBot,
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

const fn title(template: Template) -> (&'static str, &'static str, &'static str) {
    match template {
        Template::Shop => ("bag", "bots-template-shop", "bots-template-shop-text"),
        Template::Booking => ("calendar3", "bots-template-booking", "bots-template-booking-text"),
        Template::Answers => ("chat-dots", "bots-template-answers", "bots-template-answers-text"),
        Template::Support => ("headset", "bots-template-support", "bots-template-support-text"),
        Template::Admissions => ("person-badge", "bots-template-admissions", "bots-template-admissions-text"),
        Template::Survey => ("clipboard-check", "bots-template-survey", "bots-template-survey-text"),
        Template::Blank => ("plus-lg", "bots-template-blank", "bots-template-blank-text"),
    }
}

pub(super) async fn choose_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsCreate)?;
    Ok(render(&choose(caller.shell())))
}

fn choose(p: Shell) -> ChoosePage {
    let mut choices: Vec<Choice> = Template::ALL
        .into_iter()
        .map(|template| {
            let (icon, title, text) = title(template);
            let href = if template.is_shop() {
                "/bots/new/shop".to_owned()
            } else {
                format!("/bots/new/simple?template={}", template.word())
            };
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
    /// The delivered blueprint; the blank one unless said.
    template: String,
}

impl NameForm {
    fn template(&self) -> Result<Template> {
        if self.template.is_empty() { Ok(Template::Blank) } else { self.template.parse() }
    }
}

fn name_field(name: &str) -> Field {
    Field::text("name", "bots-bot-name").value(name).required().focus().max(100).help("bots-name-help")
}

fn named_form(p: Shell, template: Template, typed: &NameForm, error: Option<&Error>) -> FormPage {
    let (_, title, lead) = title(template);
    let p = p.titled(title).lead(lead).crumb("/bots", "bots-menu").crumb("/bots/new", "bots-new").narrow();
    let form = Form::new(&p, "/bots/new/simple")
        .error(error)
        .hidden("template", template.word())
        .field(name_field(&typed.name))
        .submit("bots-create")
        .cancel("/bots/new");
    FormPage::new(p, form)
}

pub(super) async fn named_page(caller: Caller, Query(asked): Query<NameForm>) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsCreate)?;
    let template = asked.template()?;
    Ok(render(&named_form(caller.shell(), template, &asked, None)))
}

/// Makes a bot of a blueprint that asks for nothing but a name.
pub(super) async fn create_named(
    caller: Caller,
    web::Form(typed): web::Form<NameForm>,
) -> web::Result<Response> {
    let template = typed.template()?;
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
        .field(Field::text("name", "bots-bot-name").value(name).max(100).help("bots-import-name-help"))
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
        let (name, source) = checked_file(&caller, &upload, &name)?;
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

/// The file as a blueprint without faults, and how the bot is to be called: as typed, or as the file says.
fn checked_file(caller: &Caller, upload: &Upload, name: &str) -> Result<(String, String)> {
    if upload.bytes.is_empty() {
        return Err(Error::field("file", Text::new("bots-file-missing-here")));
    }
    let source = text_of_file("file", &upload.bytes)?;
    faults::refuse(&caller.words(), "file", &source)?;
    let name = match name.trim() {
        "" => Bots::load(&source)?.name(caller.ctx.lang()),
        name => name.to_owned(),
    };
    Ok((name, source))
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
    Ok(render(&duplicate_form(caller.shell(), &bot, &NameForm { name, ..NameForm::default() }, None)))
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
