//! `/bots/{number}/web-chats`: chats on sites: making one, its line for the site, changing it.

use askama::{Template, filters::HtmlSafe};
use axum::{
    extract::Path,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Result, Text, Timestamp};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{
        Action, Badge, Choice, DetailPage, Facts, Field, Form, FormPage, Go, Icon, Shell, form_again, render,
    },
};

use super::{bot_crumbs, words};
use crate::{
    Bot, Channel, WebChat,
    actions::{change_web_chat, connect_web_chat},
    reads, store,
    webchat::{COLOUR, NewWebChat, Side, Site, home, snippet},
};

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct WebChatForm {
    title: String,
    greeting: String,
    colour: String,
    side: String,
    /// One a line.
    origins: String,
}

impl WebChatForm {
    fn of(chat: &WebChat) -> Self {
        let WebChat { channel: _, key: _, title, greeting, colour, side, sites } = chat;
        let origins: Vec<&str> = sites.iter().map(Site::as_str).collect();
        Self {
            title: title.clone(),
            greeting: greeting.clone(),
            colour: colour.clone(),
            side: side.word().to_owned(),
            origins: origins.join("\n"),
        }
    }

    fn check(&self) -> Result<NewWebChat> {
        let Self { title, greeting, colour, side, origins } = self;
        let side: Side = if side.is_empty() { Side::default() } else { side.parse()? };
        Ok(NewWebChat {
            title: title.clone(),
            greeting: greeting.clone(),
            colour: colour.clone(),
            side,
            origins: origins.split([',', '\n', ' ']).map(|line| line.trim().to_owned()).collect(),
        })
    }
}

/// The form; `chat` is the one to change, none when it is to be made.
fn form_page(
    p: Shell,
    bot: &Bot,
    chat: Option<&WebChat>,
    typed: &WebChatForm,
    error: Option<&Error>,
) -> FormPage {
    let base = format!("/bots/{}", bot.number);
    let own = chat.map(|chat| format!("{base}/web-chats/{}", chat.channel));
    let p = match (&own, chat) {
        (Some(own), Some(chat)) => {
            bot_crumbs(p.titled("bots-edit"), bot).crumb_named(own.clone(), chat.title.clone())
        }
        _ => bot_crumbs(p.titled("bots-web-chat-new").lead("bots-web-chat-lead"), bot),
    };
    let p = p.narrow();
    let sides = Side::ALL.map(|side| Choice::new(side.word(), words::side(&p.words, side)));
    let action = own.as_ref().map_or_else(|| format!("{base}/web-chats/new"), |own| format!("{own}/edit"));
    let submit = if own.is_some() { "web-save" } else { "bots-web-chat-new" };
    let origins = Field::area("origins", "bots-web-origins").help("bots-web-origins-help");
    let form = Form::new(&p, action)
        .error(error)
        .field(Field::text("title", "bots-web-title").max(60).help("bots-web-title-help").value(&typed.title))
        .field(
            Field::area("greeting", "bots-web-greeting")
                .help("bots-web-greeting-help")
                .value(&typed.greeting),
        )
        .field(origins.placeholder("https://shop.uz").value(&typed.origins))
        .field(
            Field::text("colour", "bots-web-colour")
                .max(7)
                .placeholder(COLOUR)
                .help("bots-web-colour-help")
                .value(&typed.colour),
        )
        .field(Field::select("side", "bots-web-side", sides.to_vec()).required().value(&typed.side))
        .submit(submit)
        .cancel(own.unwrap_or(base));
    FormPage::new(p, form)
}

pub(super) async fn new_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let greeting = caller.words().t("bots-web-hello");
    let side = Side::default().word().to_owned();
    let typed = WebChatForm { greeting, side, ..WebChatForm::default() };
    Ok(render(&form_page(caller.shell(), &bot, None, &typed, None)))
}

pub(super) async fn create(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<WebChatForm>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let (id, sent) = (bot.id, typed.clone());
    let done =
        caller.once(move |ctx, tx| connect_web_chat(ctx, tx, id, &sent.check()?).map(|chat| chat.channel));
    match done.await {
        Ok(channel) => {
            let page = format!("/bots/{}/web-chats/{channel}", bot.number);
            Ok(Go::to(page).done(&caller.words(), &Text::new("bots-web-chat-created")).into_response())
        }
        Err(error) => {
            Ok(form_again(error, |error| form_page(caller.shell(), &bot, None, &typed, Some(error)))?)
        }
    }
}

/// One chat, and what is known of it.
struct Seen {
    bot: Bot,
    channel: Channel,
    chat: WebChat,
    people: i64,
    last: Option<Timestamp>,
}

fn see(ctx: &Ctx, tx: &mut ReadTx, bot: RowKey, channel: RowKey) -> Result<Seen> {
    let channel = reads::get_channel(ctx, tx, bot, channel)?;
    let chat = store::web_chat::get(ctx, tx, channel.id)?;
    let (people, last) = store::web_chat::seen(ctx, tx, channel.id)?;
    Ok(Seen { bot: reads::get_bot(ctx, tx, bot)?, channel, chat, people, last })
}

/// The line for a site, to copy.
#[derive(Debug, Template)]
#[template(path = "web_chat_snippet.html")]
struct Snippet {
    snippet: String,
    help: String,
    policy: String,
    copy: String,
}
impl HtmlSafe for Snippet {}

impl Snippet {
    fn icon(&self, name: &'static str) -> Icon {
        Icon::new(name)
    }
}

pub(super) async fn page(
    caller: Caller,
    Path((bot, channel)): Path<(RowKey, RowKey)>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let Seen { bot, channel, chat, people, last } =
        caller.read(move |ctx, tx| see(ctx, tx, bot, channel)).await?;
    let p = bot_crumbs(caller.shell().named(chat.title.clone()), &bot);
    let url = home(&caller.app, &headers);
    let part = Snippet {
        snippet: snippet(&url, &chat.key),
        help: p.t("bots-web-snippet-help"),
        policy: p.t1("bots-web-policy", "host", url.as_str()),
        copy: p.t("bots-web-copy"),
    };
    let (tone, state) = words::channel_state(&p.words, &channel);
    let mut page = DetailPage::new(p.clone())
        .badge(Badge::new(tone, state))
        .action(Action::link(format!("/chat/{}", chat.key), p.t("bots-web-try")).primary().icon("play"))
        .part("bots-web-snippet", &part)
        .facts(facts(&p, &chat, people, last));
    if p.can(Permission::BotsEdit) {
        let own = format!("/bots/{}/web-chats/{}", bot.number, channel.id);
        let away = Action::post(
            &p,
            format!("/bots/{}/channels/{}/disconnect", bot.number, channel.id),
            p.t("bots-disconnect"),
        );
        page = page
            .action(Action::link(format!("{own}/edit"), p.t("bots-edit")).icon("pencil"))
            .action(away.danger().confirm(p.t("bots-disconnect-confirm")));
    }
    Ok(render(&page))
}

fn facts(p: &Shell, chat: &WebChat, people: i64, last: Option<Timestamp>) -> Facts {
    let WebChat { channel: _, key, title: _, greeting, colour, side, sites } = chat;
    let sites: Vec<&str> = sites.iter().map(Site::as_str).collect();
    let sites = if sites.is_empty() { p.t("bots-web-origins-none") } else { sites.join(", ") };
    Facts::new()
        .text(p.t("bots-web-sites"), sites)
        .text(p.t("bots-web-greeting"), greeting)
        .text(p.t("bots-web-colour"), colour)
        .text(p.t("bots-web-side"), words::side(&p.words, *side))
        .text(p.t("bots-web-people"), p.words.number(people))
        .text(p.t("bots-web-last"), last.map_or_else(|| p.t("bots-web-never"), |at| p.time(at)))
        .text(p.t("bots-web-key"), key)
}

pub(super) async fn edit_page(
    caller: Caller,
    Path((bot, channel)): Path<(RowKey, RowKey)>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    let seen = caller.read(move |ctx, tx| see(ctx, tx, bot, channel)).await?;
    let typed = WebChatForm::of(&seen.chat);
    Ok(render(&form_page(caller.shell(), &seen.bot, Some(&seen.chat), &typed, None)))
}

pub(super) async fn save(
    caller: Caller,
    Path((bot, channel)): Path<(RowKey, RowKey)>,
    web::Form(typed): web::Form<WebChatForm>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    let seen = caller.read(move |ctx, tx| see(ctx, tx, bot, channel)).await?;
    let (id, sent) = (seen.channel.id, typed.clone());
    match caller.once(move |ctx, tx| change_web_chat(ctx, tx, id, &sent.check()?).map(drop)).await {
        Ok(()) => {
            let page = format!("/bots/{}/web-chats/{id}", seen.bot.number);
            Ok(Go::to(page).done(&caller.words(), &Text::new("bots-web-chat-saved")).into_response())
        }
        Err(error) => {
            let again =
                |error: &Error| form_page(caller.shell(), &seen.bot, Some(&seen.chat), &typed, Some(error));
            Ok(form_again(error, again)?)
        }
    }
}
