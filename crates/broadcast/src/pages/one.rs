//! `/broadcasts/{number}`: one broadcast: how it looks, who would get it, how far it has come, and what can be done.

use std::fmt;

use askama::{Template, filters::HtmlSafe};
use axum::{extract::Path, response::Response};
use context::Ctx;
use db::ReadTx;
use kernel::{Error, Lang, Result};
use web::{
    Caller, RowKey,
    pages::{Action, Badge, Choice, Facts, Field, Form, Notice, Shell, Tile, Tiles, Tone, render},
};

use super::{may_write, under, with_chosen, words};
use crate::{
    Broadcast, Fate, Media, MediaKind, State,
    reads::{self, Preview, Seen},
};

/// What was typed into one of the page's forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    /// Nothing.
    Nothing,
    /// A file was chosen.
    File,
    /// A conversation to try it out in.
    Trial(String),
    /// A date and a time.
    Moment(String, String),
}

/// The message as one language shows it.
#[derive(Debug)]
struct Bubble {
    lang: &'static str,
    /// There are no words of this language: these are the bot's own.
    stands_in: bool,
    text: Html,
    button: Option<String>,
}

/// Markup that the words made of themselves, everything else escaped.
#[derive(Debug)]
struct Html(String);
impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl HtmlSafe for Html {}

/// The page.
#[derive(Debug, Template)]
#[template(path = "broadcast.html")]
pub(super) struct OnePage {
    p: Shell,
    badge: Badge,
    actions: Vec<Action>,
    notices: Vec<Notice>,
    /// How many hundredths are over; `None` before it has begun.
    percent: Option<i64>,
    tiles: Tiles,
    facts: Facts,
    bubbles: Vec<Bubble>,
    picture: Option<String>,
    film: Option<String>,
    forms: Vec<(String, Form)>,
    people: Option<Action>,
}

/// What is read for it.
struct Found {
    seen: Seen,
    preview: Option<Preview>,
    chats: Vec<(String, String)>,
    label: Option<String>,
}

fn find(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Found> {
    let seen = reads::get(ctx, tx, key)?;
    let is_open = matches!(seen.broadcast.state, State::Draft | State::Scheduled);
    let preview = if is_open { Some(reads::preview(ctx, tx, &seen.broadcast)?) } else { None };
    let chats = match is_open && may_write(ctx) {
        true => reads::trial_chats(ctx, tx, &seen.broadcast)?,
        false => Vec::new(),
    };
    let label =
        seen.broadcast.people.label.map(|label| bots::label_name(ctx, tx, label)).transpose()?.flatten();
    let chats = chats.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    Ok(Found { seen, preview, chats, label })
}

pub(super) async fn page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    Ok(render(&page_of(&caller, key, &Typed::Nothing, None).await?))
}

/// `GET /broadcasts/{number}/files/{hash}`: its picture or video, for whoever may read it.
pub(super) async fn file(
    caller: Caller,
    Path((key, hash)): Path<(RowKey, String)>,
    asked: files::Asked,
) -> web::Result<Response> {
    let seen = caller.read(move |ctx, tx| reads::get(ctx, tx, key)).await?;
    let media = seen.broadcast.content.media.filter(|media| media.file == hash);
    let Media { kind: _, file, name, size_bytes: _ } = media.ok_or_else(Error::not_found)?;
    Ok(files::send(&caller, file.parse()?, &name, &asked).await?)
}

/// The page, with what is wrong with one of its forms.
pub(super) async fn page_of(
    caller: &Caller,
    key: RowKey,
    typed: &Typed,
    error: Option<&Error>,
) -> Result<OnePage> {
    let found = caller.read(move |ctx, tx| find(ctx, tx, key)).await?;
    let broadcast = &found.seen.broadcast;
    let p = under(caller.shell().named(broadcast.name.clone()));
    let may = may_write(&caller.ctx);
    let media = broadcast.content.media.as_ref();
    let path_of = |kind| media.filter(|media| media.kind == kind).map(|media| media.path(broadcast.number));
    let has_begun = broadcast.started_at.is_some();
    let path = format!("/broadcasts/{}/people", broadcast.number);
    Ok(OnePage {
        badge: words::state(&p.words, broadcast.state),
        actions: if may { actions(&p, broadcast) } else { Vec::new() },
        notices: notices(&p, &found),
        percent: has_begun.then(|| found.seen.counts.percent()),
        tiles: Tiles(if has_begun { results(&p, &found.seen) } else { audience(&p, found.preview.as_ref()) }),
        facts: facts(&p, &found),
        bubbles: bubbles(broadcast),
        picture: path_of(MediaKind::Photo),
        film: path_of(MediaKind::Video),
        forms: if may { forms(caller, &p, &found, typed, error) } else { Vec::new() },
        people: has_begun.then(|| Action::link(path, p.t("broadcast-people")).icon("people")),
        p,
    })
}

fn actions(p: &Shell, broadcast: &Broadcast) -> Vec<Action> {
    let path = |verb: &str| format!("/broadcasts/{}/{verb}", broadcast.number);
    let post = |verb: &str, key| Action::post(p, path(verb), p.t(key));
    let start = || {
        post("start", "broadcast-start").primary().icon("send-fill").confirm(p.t("broadcast-start-confirm"))
    };
    let edit = || Action::link(path("edit"), p.t("broadcast-edit")).icon("pencil");
    let cancel =
        || post("cancel", "broadcast-cancel").icon("x-lg").danger().confirm(p.t("broadcast-cancel-confirm"));
    let copy = || post("copy", "broadcast-copy").icon("clipboard");
    let delete =
        || post("delete", "broadcast-delete").icon("trash").danger().confirm(p.t("broadcast-delete-confirm"));
    match broadcast.state {
        State::Draft => vec![start(), edit(), copy(), delete()],
        State::Scheduled => {
            vec![post("unschedule", "broadcast-unschedule").icon("calendar3"), edit(), cancel()]
        }
        State::Running => vec![post("pause", "broadcast-pause").primary().icon("pause"), cancel()],
        State::Paused => vec![post("resume", "broadcast-resume").primary().icon("play"), cancel()],
        State::Done | State::Cancelled => vec![copy()],
    }
}

fn notices(p: &Shell, found: &Found) -> Vec<Notice> {
    let Found { seen, preview, .. } = found;
    let mut notices = Vec::new();
    if let Some(problem) = &seen.broadcast.problem {
        notices.push(Notice::new(Tone::Error, words::problem(&p.words, problem)));
    }
    let is_open = !matches!(seen.broadcast.state, State::Done | State::Cancelled);
    let is_live = seen.way.as_ref().is_some_and(|way| way.is_live);
    if is_open && !is_live {
        notices.push(Notice::new(Tone::Warning, p.t("broadcast-channel-not-live")));
    }
    if seen.counts.unknown > 0 {
        notices
            .push(Notice::new(Tone::Warning, p.t1("broadcast-unknown-some", "count", seen.counts.unknown)));
    }
    if let Some(preview) = preview {
        let own = seen.broadcast.default_lang.name();
        let missing: Vec<String> = preview
            .missing
            .iter()
            .map(|(lang, count)| format!("{}: {}", lang.name(), p.number(*count)))
            .collect();
        if !missing.is_empty() {
            let told = Notice::new(Tone::Warning, p.t1("broadcast-missing", "language", own));
            notices.push(told.items(missing));
        }
    }
    notices
}

/// Who would get it.
fn audience(p: &Shell, preview: Option<&Preview>) -> Vec<Tile> {
    let Some(preview) = preview else { return Vec::new() };
    let number = |count: i64| p.number(count);
    vec![
        Tile::new(p.t("broadcast-reachable"), number(preview.audience.reachable)).icon("people"),
        Tile::new(p.t("broadcast-fate-blocked"), number(preview.audience.blocked))
            .note(p.t("broadcast-blocked-note")),
        Tile::new(p.t("broadcast-unspoken"), number(preview.unspoken)).note(p.t("broadcast-unspoken-note")),
    ]
}

/// What became of it.
fn results(p: &Shell, seen: &Seen) -> Vec<Tile> {
    let counts = seen.counts;
    let path = |fate: Fate| format!("/broadcasts/{}/people?outcome={}", seen.broadcast.number, fate.word());
    let tile = |fate: Fate, key: &str, count: i64| Tile::new(p.t(key), p.number(count)).href(path(fate));
    let waiting = match seen.broadcast.state {
        State::Cancelled => "broadcast-fate-left",
        _ => "broadcast-fate-waiting",
    };
    vec![
        tile(Fate::Sent, "broadcast-fate-sent", counts.sent),
        tile(Fate::Waiting, waiting, counts.waiting + counts.sending),
        tile(Fate::Blocked, "broadcast-fate-blocked", counts.blocked),
        tile(Fate::Failed, "broadcast-fate-failed", counts.failed),
        tile(Fate::Unknown, "broadcast-fate-unknown", counts.unknown),
    ]
}

fn facts(p: &Shell, found: &Found) -> Facts {
    let Broadcast { people, due_at, started_at, ended_at, created_by, created_at, .. } =
        &found.seen.broadcast;
    let langs: Vec<&str> = people.langs.iter().map(|lang| lang.name()).collect();
    let langs = if langs.is_empty() { p.t("broadcast-langs-all") } else { langs.join(", ") };
    let activity = match (people.wrote_within_days, people.silent_for_days) {
        (Some(days), _) => p.t1("broadcast-within", "days", i64::from(days)),
        (None, Some(days)) => p.t1("broadcast-silent", "days", i64::from(days)),
        (None, None) => p.t("broadcast-activity-any"),
    };
    let mut facts = Facts::new()
        .text(p.t("broadcast-channel"), words::bot(&p.words, &found.seen))
        .text(p.t("broadcast-langs"), langs)
        .text(p.t("broadcast-activity"), activity);
    if people.label.is_some() {
        let label = found.label.clone().unwrap_or_else(|| p.t("broadcast-label-unknown"));
        facts = facts.text(p.t("broadcast-label"), label);
    }
    let made = format!("{} · {created_by}", p.time(*created_at));
    facts = facts.text(p.t("broadcast-created-at"), made);
    for (key, at) in
        [("broadcast-due-at", due_at), ("broadcast-started-at", started_at), ("broadcast-ended-at", ended_at)]
    {
        if let Some(at) = at {
            facts = facts.text(p.t(key), p.time(*at));
        }
    }
    facts
}

fn bubbles(broadcast: &Broadcast) -> Vec<Bubble> {
    let Broadcast { content, default_lang, people, .. } = broadcast;
    let said = content.langs();
    let wanted = |lang: &Lang| people.langs.is_empty() || people.langs.contains(lang);
    let bubble = |lang: Lang| Bubble {
        lang: lang.name(),
        stands_in: !said.contains(&lang) && !said.is_empty(),
        text: Html(content.words(lang, *default_lang).to_html()),
        button: content.label(lang, *default_lang).map(str::to_owned),
    };
    Lang::ALL.into_iter().filter(wanted).map(bubble).collect()
}

fn forms(
    caller: &Caller,
    p: &Shell,
    found: &Found,
    typed: &Typed,
    error: Option<&Error>,
) -> Vec<(String, Form)> {
    let broadcast = &found.seen.broadcast;
    // What is due begins at once: there is nothing left to change.
    let is_due = broadcast.due_at.is_some_and(|due| due <= caller.ctx.now());
    if !matches!(broadcast.state, State::Draft | State::Scheduled) || is_due {
        return Vec::new();
    }
    let path = |verb: &str| format!("/broadcasts/{}/{verb}", broadcast.number);
    let mut forms = Vec::new();
    let of = |mine: bool| error.filter(|_| mine);
    if broadcast.state == State::Draft {
        let (date, time) = match typed {
            Typed::Moment(date, time) => (date.clone(), time.clone()),
            _ => (caller.ctx.today().plus_days(1).to_string(), "10:00".to_owned()),
        };
        let form = Form::new(p, path("schedule"))
            .error(of(matches!(typed, Typed::Moment(..))))
            .field(Field::date("date", "broadcast-date").value(date).required().half())
            .field(
                Field::text("time", "broadcast-time")
                    .value(time)
                    .required()
                    .max(5)
                    .placeholder("10:00")
                    .half(),
            )
            .submit("broadcast-schedule")
            .submit_icon("calendar3");
        forms.push((p.t("broadcast-schedule-head"), form));
    }
    let media = broadcast.content.media.as_ref();
    let file = Field::file("file", "broadcast-file", ".jpg,.jpeg,.png,.webp,.mp4").required();
    let file = file.help("broadcast-file-help");
    let form = Form::new(p, path("file")).error(of(*typed == Typed::File)).field(file);
    let form = form.submit(if media.is_some() { "broadcast-file-replace" } else { "broadcast-file-add" });
    forms.push((p.t("broadcast-file-head"), form));
    if media.is_some() {
        forms.push((
            String::new(),
            Form::new(p, path("file/delete")).submit("broadcast-file-remove").submit_icon("trash"),
        ));
    }
    if !found.chats.is_empty() {
        let chosen = match typed {
            Typed::Trial(chosen) => chosen.clone(),
            _ => String::new(),
        };
        let chats = found.chats.iter().map(|(id, name)| {
            let name = if name.is_empty() { p.t("broadcast-person-nameless") } else { name.clone() };
            Choice::new(id, name)
        });
        let form = Form::new(p, path("try"))
            .error(of(matches!(typed, Typed::Trial(_))))
            .field(
                Field::select("conversation", "broadcast-try-chat", with_chosen(chats.collect(), &chosen))
                    .value(chosen)
                    .required()
                    .help("broadcast-try-help"),
            )
            .submit("broadcast-try")
            .submit_icon("send-fill");
        forms.push((p.t("broadcast-try-head"), form));
    }
    forms
}
