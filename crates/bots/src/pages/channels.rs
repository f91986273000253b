//! The channels of a bot: their table, connecting Telegram, trying again what is broken, taking away.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Error, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{
        Action, Cell, Choice, Column, Field, Form, FormPage, Go, Notice, Row, Shell, Table, Tone, form_again,
        render,
    },
};

use super::{bot_crumbs, words};
use crate::{
    Bot, Bots, Channel, ChannelKind, ChannelState, Intake, WebChat,
    actions::{connect_telegram, disconnect, retry_channel},
    connect::{Proved, prove, webhook_is_possible},
    reads,
};

/// The channels as the bot's page shows them; under them the way to one more.
pub(super) fn channels_table(p: &Shell, bot: &Bot, channels: &[Channel], chats: &[WebChat]) -> Table {
    let columns = vec![
        Column::main("bots-channel"),
        Column::new("bots-state"),
        Column::new("bots-intake").wide(),
        Column::figures(""),
    ];
    let may = p.can(Permission::BotsEdit);
    let mut rows: Vec<Row> =
        channels.iter().map(|channel| channel_row(p, bot, channel, chats, may)).collect();
    if may && channels.iter().all(|channel| channel.kind != ChannelKind::Telegram) {
        let connect =
            Action::link(format!("/bots/{}/channels/new", bot.number), p.t("bots-connect")).icon("telegram");
        rows.push(vec![
            Cell::Two(p.t("bots-telegram"), p.t("bots-telegram-none")),
            Cell::badge(Tone::Plain, p.t("bots-channel-none")),
            Cell::Blank,
            Cell::Actions(vec![connect]),
        ]);
    }
    if may {
        let add = Action::link(format!("/bots/{}/web-chats/new", bot.number), p.t("bots-web-chat-new"));
        let has_one = channels.iter().any(|channel| channel.kind == ChannelKind::Web);
        let none = Cell::badge(Tone::Plain, p.t("bots-channel-none"));
        rows.push(vec![
            Cell::Two(p.t("bots-web-chat"), p.t("bots-web-chat-note")),
            if has_one { Cell::Blank } else { none },
            Cell::Blank,
            Cell::Actions(vec![add.icon("chat-dots")]),
        ]);
    }
    Table::of(&p.words, "channels", columns, rows)
}

fn channel_row(p: &Shell, bot: &Bot, channel: &Channel, chats: &[WebChat], may: bool) -> Row {
    let (tone, state) = words::channel_state(&p.words, channel);
    let kind = words::kind(&p.words, channel.kind);
    let base = format!("/bots/{}/channels/{}", bot.number, channel.id);
    let mut actions = Vec::new();
    let name = match (channel.kind, &channel.username) {
        (ChannelKind::Simulator, _) => {
            actions
                .push(Action::link(format!("/bots/{}/simulator", bot.number), p.t("bots-open")).icon("play"));
            Cell::Two(kind, p.t("bots-simulator-note"))
        }
        (ChannelKind::Telegram, name) => {
            let name = name.as_deref().unwrap_or_default();
            Cell::Link { href: format!("https://t.me/{name}"), text: format!("@{name}"), sub: kind }
        }
        (ChannelKind::Web, _) => {
            let chat = chats.iter().find(|chat| chat.channel == channel.id);
            if let Some(chat) = chat {
                actions.push(Action::link(format!("/chat/{}", chat.key), p.t("bots-web-try")).icon("play"));
            }
            let text = chat.map_or_else(|| kind.clone(), |chat| chat.title.clone());
            Cell::Link { href: format!("/bots/{}/web-chats/{}", bot.number, channel.id), text, sub: kind }
        }
    };
    if may && channel.kind == ChannelKind::Telegram {
        if channel.state == ChannelState::Broken {
            actions.push(Action::post(p, format!("{base}/retry"), p.t("bots-retry")).icon("arrow-clockwise"));
        }
        let disconnect = Action::post(p, format!("{base}/disconnect"), p.t("bots-disconnect"));
        actions.push(disconnect.danger().confirm(p.t("bots-disconnect-confirm")));
    }
    vec![
        name,
        Cell::Badge(tone, state),
        Cell::text(words::intake(&p.words, channel.intake)),
        Cell::Actions(actions),
    ]
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ConnectForm {
    token: String,
    intake: String,
}

impl ConnectForm {
    fn intake(&self) -> Intake {
        self.intake.parse().unwrap_or(Intake::Polling)
    }
}

fn connect_page(p: Shell, bot: &Bot, bots: &Bots, typed: &ConnectForm, error: Option<&Error>) -> FormPage {
    let back = format!("/bots/{}", bot.number);
    let p = bot_crumbs(p.titled("bots-connect").lead("bots-connect-lead"), bot).narrow();
    let mut form = Form::new(&p, format!("{back}/channels/new")).error(error).field(
        // Shown as it is typed: a token is long and pasted, and one has to see that it is whole.
        Field::text("token", "bots-token")
            .required()
            .focus()
            .max(120)
            .placeholder("123456789:AA…")
            .help("bots-token-help"),
    );
    if webhook_is_possible(bots.config()) {
        let choices = [Intake::Polling, Intake::Webhook]
            .map(|intake| Choice::new(intake.word(), words::intake(&p.words, Some(intake))));
        let select =
            Field::select("intake", "bots-intake", choices.to_vec()).required().help("bots-intake-help");
        form = form.field(select.value(typed.intake().word()));
    }
    let form = form.submit("bots-connect").submit_icon("telegram").cancel(back);
    let steps = ["bots-connect-step-1", "bots-connect-step-2", "bots-connect-step-3"].map(|key| p.t(key));
    let notice = Notice::new(Tone::Info, p.t("bots-connect-how")).items(steps.to_vec());
    FormPage::new(p, form).notice(notice)
}

pub(super) async fn new_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let bots = caller.app.service::<Bots>()?;
    Ok(render(&connect_page(caller.shell(), &bot, &bots, &ConnectForm::default(), None)))
}

pub(super) async fn connect(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<ConnectForm>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let bots = caller.app.service::<Bots>()?;
    let done = async {
        caller.fresh()?;
        let proved = prove(&bots, &typed.token, typed.intake()).await?;
        let (holder, id) = (bots.clone(), bot.id);
        caller
            .once(move |ctx, tx| {
                let Proved { token, profile, intake } = &proved;
                connect_telegram(ctx, tx, &holder, id, token, profile, *intake)
                    .map(|channel| channel.username)
            })
            .await
    };
    match done.await {
        Ok(username) => {
            let done = Text::new("bots-connected").with("name", username.unwrap_or_default());
            Ok(Go::to(format!("/bots/{}", bot.number)).done(&caller.words(), &done).into_response())
        }
        Err(error) => {
            Ok(form_again(error, |error| connect_page(caller.shell(), &bot, &bots, &typed, Some(error)))?)
        }
    }
}

pub(super) async fn disconnect_channel(
    caller: Caller,
    Path((bot, channel)): Path<(RowKey, RowKey)>,
) -> web::Result<Response> {
    caller
        .once(move |ctx, tx| {
            let channel = reads::get_channel(ctx, tx, bot, channel)?;
            disconnect(ctx, tx, channel.id).map(drop)
        })
        .await?;
    Ok(Go::to(format!("/bots/{bot}")).done(&caller.words(), &Text::new("bots-disconnected")).into_response())
}

pub(super) async fn retry(
    caller: Caller,
    Path((bot, channel)): Path<(RowKey, RowKey)>,
) -> web::Result<Response> {
    caller
        .once(move |ctx, tx| {
            let channel = reads::get_channel(ctx, tx, bot, channel)?;
            retry_channel(ctx, tx, channel.id).map(drop)
        })
        .await?;
    Ok(Go::to(format!("/bots/{bot}")).done(&caller.words(), &Text::new("bots-retried")).into_response())
}
