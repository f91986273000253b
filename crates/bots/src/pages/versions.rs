//! `/bots/{number}/versions`: what was published, and the ways from one to another.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Error, Page, Text};
use serde::Deserialize;
use web::{
    Caller, Query, RowKey,
    pages::{
        Action, Cell, Column, Empty, Field, Form, FormPage, Go, ListPage, ListQuery, Notice, Shell, Table,
        Tone, asked_page, form_again, render,
    },
};

use super::bot_crumbs;
use crate::{
    Bot,
    actions::{Publish, discard_draft, publish, roll_back},
    faults, reads,
    version::{NOTE_CHARS, Version, Work},
};

pub(super) async fn page(caller: Caller, Path(key): Path<RowKey>, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let (bot, versions) = caller
        .read(move |ctx, tx| {
            let bot = reads::get_bot(ctx, tx, key)?;
            let versions =
                asked_page(&asked, |part| reads::list_versions(ctx, tx, key, part).map(|(_, page)| page))?;
            Ok((bot, versions))
        })
        .await?;
    let p = bot_crumbs(caller.shell().titled("bots-versions").lead("bots-versions-lead"), &bot);
    let table = versions_table(&p, &bot, &query, &versions);
    let draft =
        Action::link(format!("/bots/{}/flow", bot.number), p.t("bots-graph")).primary().icon("diagram-3");
    Ok(render(&ListPage::new(p, table).action(draft)))
}

fn versions_table(p: &Shell, bot: &Bot, query: &ListQuery, page: &Page<Version>) -> Table {
    let columns = vec![
        Column::main("bots-version-name"),
        Column::new("bots-version-note"),
        Column::new("bots-version-by"),
        Column::new("bots-version-at"),
        Column::new("bots-state"),
        Column::figures(""),
    ];
    let may = p.can(Permission::BotsEdit);
    Table::new(&p.words, "versions", query, columns, page, |version| {
        let number = version.version;
        let path = format!("/bots/{}/compare?from={number}&to=", bot.number);
        let answers = number == bot.version;
        let mut ways = vec![Action::link(
            format!("{path}{}", if answers { "draft".to_owned() } else { bot.version.to_string() }),
            p.t("bots-compare"),
        )];
        let file = format!("/api/bots/{}/export?version={number}", bot.number);
        ways.push(Action::file(file, p.t("bots-export")));
        if may && !answers {
            let back = format!("/bots/{}/versions/{number}/publish", bot.number);
            ways.push(Action::link(back, p.t("bots-roll-back")).icon("arrow-counterclockwise"));
        }
        vec![
            Cell::Two(
                p.t1("bots-version-number", "version", number),
                version
                    .from_version
                    .map(|from| p.t1("bots-version-from", "version", from))
                    .unwrap_or_default(),
            ),
            Cell::text(version.note.clone()),
            Cell::text(version.published_by.clone()),
            Cell::Time(version.published_at),
            if answers { Cell::badge(Tone::Success, p.t("bots-state-active")) } else { Cell::Blank },
            Cell::Actions(ways),
        ]
    })
    .empty(Empty::new("clock-history", p.t("web-list-empty"), ""))
}

/// What a form of publishing sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct PublishForm {
    note: String,
    revision: Option<i64>,
}

fn note_field(note: &str) -> Field {
    let chars = u16::try_from(NOTE_CHARS).unwrap_or(u16::MAX);
    Field::text("note", "bots-version-note").value(note).max(chars).focus().help("bots-version-note-help")
}

fn publish_form(p: Shell, work: &Work, typed: &PublishForm, error: Option<&Error>) -> FormPage {
    let bot = &work.bot;
    let back = format!("/bots/{}/flow", bot.number);
    let problems: Vec<String> =
        faults::of(&p.words, &work.source).iter().map(faults::Fault::sentence).collect();
    let p = bot_crumbs(p.titled("bots-publish").lead("bots-publish-lead"), bot).narrow();
    // The errors of a faulty draft stand above the form, each with its place.
    let shown = error.filter(|_| problems.is_empty());
    let form = Form::new(&p, format!("/bots/{}/publish", bot.number))
        .error(shown)
        .hidden("revision", typed.revision.unwrap_or(work.revision).to_string())
        .field(note_field(&typed.note))
        .submit("bots-publish")
        .submit_icon("check-lg")
        .cancel(back);
    let page = FormPage::new(p, form);
    if !problems.is_empty() {
        let notice = Notice::new(Tone::Error, page.p.t("bots-publish-faulty")).items(problems);
        return page.notice(notice);
    }
    if work.changed.is_none() {
        let notice = Notice::new(Tone::Info, page.p.t("bots-draft-none"));
        return page.notice(notice);
    }
    page
}

pub(super) async fn publish_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    let work = caller.read(move |ctx, tx| reads::get_work(ctx, tx, key)).await?;
    Ok(render(&publish_form(caller.shell(), &work, &PublishForm::default(), None)))
}

pub(super) async fn publish_draft(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<PublishForm>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    let work = caller.read(move |ctx, tx| reads::get_work(ctx, tx, key)).await?;
    let (id, sent) = (work.bot.id, typed.clone());
    let done = caller.once(move |ctx, tx| {
        let PublishForm { note, revision } = sent.clone();
        publish(ctx, tx, id, &Publish { revision, note }).map(|version| version.version)
    });
    match done.await {
        Ok(version) => Ok(answered(&caller, &work.bot, version)),
        Err(error) => {
            Ok(form_again(error, |error| publish_form(caller.shell(), &work, &typed, Some(error)))?)
        }
    }
}

fn answered(caller: &Caller, bot: &Bot, version: i64) -> Response {
    let done = Text::new("bots-published").with("version", version);
    Go::to(format!("/bots/{}/versions", bot.number)).done(&caller.words(), &done).into_response()
}

fn roll_back_form(p: Shell, bot: &Bot, version: i64, typed: &PublishForm, error: Option<&Error>) -> FormPage {
    let back = format!("/bots/{}/versions", bot.number);
    let p = bot_crumbs(p.titled("bots-roll-back").lead("bots-roll-back-lead"), bot)
        .crumb_named(back.clone(), format!("№ {version}"))
        .narrow();
    let form = Form::new(&p, format!("{back}/{version}/publish"))
        .error(error)
        .field(note_field(&typed.note))
        .submit("bots-roll-back")
        .submit_icon("arrow-counterclockwise")
        .cancel(back);
    FormPage::new(p, form)
}

pub(super) async fn roll_back_page(
    caller: Caller,
    Path((key, version)): Path<(RowKey, RowKey)>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    let version = number_of(version)?;
    let bot = caller
        .read(move |ctx, tx| {
            reads::get_version(ctx, tx, key, version)?;
            reads::get_bot(ctx, tx, key)
        })
        .await?;
    Ok(render(&roll_back_form(caller.shell(), &bot, version, &PublishForm::default(), None)))
}

fn number_of(key: RowKey) -> kernel::Result<i64> {
    match key {
        RowKey::Number(number) => Ok(number),
        RowKey::Id(_) => Err(Error::not_found()),
    }
}

pub(super) async fn roll_back_to(
    caller: Caller,
    Path((key, version)): Path<(RowKey, RowKey)>,
    web::Form(typed): web::Form<PublishForm>,
) -> web::Result<Response> {
    let version = number_of(version)?;
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let (id, note) = (bot.id, typed.note.clone());
    match caller.once(move |ctx, tx| roll_back(ctx, tx, id, version, &note).map(|new| new.version)).await {
        Ok(number) => Ok(answered(&caller, &bot, number)),
        Err(error) => {
            Ok(form_again(error, |error| roll_back_form(caller.shell(), &bot, version, &typed, Some(error)))?)
        }
    }
}

/// Which draft is to go.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub(super) struct Seen {
    #[serde(default)]
    revision: Option<i64>,
}

pub(super) async fn discard(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(Seen { revision }): Query<Seen>,
) -> web::Result<Response> {
    let number = caller
        .once(move |ctx, tx| {
            let bot = reads::get_bot(ctx, tx, key)?;
            discard_draft(ctx, tx, bot.id, revision)?;
            Ok(bot.number)
        })
        .await?;
    let done = Text::new("bots-draft-discarded");
    Ok(Go::to(format!("/bots/{number}")).done(&caller.words(), &done).into_response())
}
