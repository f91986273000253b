//! The form of a broadcast: to whom, and what it says in each language.

use std::sync::Arc;

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use bots::{Bots, Way};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Checks, Error, Id, Lang, Result, Text};
use serde::Deserialize;
use tickets::Label;
use web::{
    Caller, RowKey,
    pages::{Choice, Field, Form, FormPage, Go, Notice, Shell, Tone, form_again, render},
};

use super::{crumbs, under, with_chosen};
use crate::{
    Broadcast, Button, Content, Opens, People, State, Texts, actions,
    actions::NewBroadcast,
    reads::{self, Seen},
};

/// What people choose of how long ago somebody wrote: the value and its key.
const ACTIVITIES: [(&str, &str); 6] = [
    ("within-7", "broadcast-within-7"),
    ("within-30", "broadcast-within-30"),
    ("within-90", "broadcast-within-90"),
    ("silent-30", "broadcast-silent-30"),
    ("silent-90", "broadcast-silent-90"),
    ("silent-180", "broadcast-silent-180"),
];

/// What the form sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct BroadcastForm {
    name: String,
    channel: String,
    lang_uz: bool,
    lang_ru: bool,
    lang_en: bool,
    label: String,
    activity: String,
    text_uz: String,
    text_ru: String,
    text_en: String,
    button_uz: String,
    button_ru: String,
    button_en: String,
    opens: String,
}

impl BroadcastForm {
    fn of(broadcast: &Broadcast) -> Self {
        let Broadcast { name, channel, content, people, .. } = broadcast;
        let speaks = |lang| people.langs.contains(&lang);
        let activity = match (people.wrote_within_days, people.silent_for_days) {
            (Some(days), _) => format!("within-{days}"),
            (None, Some(days)) => format!("silent-{days}"),
            (None, None) => String::new(),
        };
        let Texts { uz, ru, en } = content.texts.clone();
        let labels = content.button.as_ref().map(|button| button.labels.clone()).unwrap_or_default();
        let opens = match content.button.as_ref().map(|button| &button.opens) {
            Some(Opens::Url(url)) => url.clone(),
            Some(Opens::Command(name)) => format!("/{name}"),
            None => String::new(),
        };
        Self {
            name: name.clone(),
            channel: channel.to_string(),
            lang_uz: speaks(Lang::Uz),
            lang_ru: speaks(Lang::Ru),
            lang_en: speaks(Lang::En),
            label: people.label.map(|label| label.to_string()).unwrap_or_default(),
            activity,
            text_uz: uz,
            text_ru: ru,
            text_en: en,
            button_uz: labels.uz,
            button_ru: labels.ru,
            button_en: labels.en,
            opens,
        }
    }

    fn check(&self) -> Result<NewBroadcast> {
        let form = self.clone();
        let mut checks = Checks::new();
        let unknown = || Error::field("channel", Text::new("broadcast-channel-unknown"));
        let channel = checks.take_all(Id::parse(&form.channel).map_err(|_| unknown()));
        let label = match form.label.as_str() {
            "" => None,
            label => checks.take("label", Id::<Label>::parse(label)),
        };
        let days = |prefix: &str| form.activity.strip_prefix(prefix).and_then(|days| days.parse().ok());
        let (wrote_within_days, silent_for_days) = (days("within-"), days("silent-"));
        let langs = [(form.lang_uz, Lang::Uz), (form.lang_ru, Lang::Ru), (form.lang_en, Lang::En)];
        let langs = langs.into_iter().filter(|(chosen, _)| *chosen).map(|(_, lang)| lang).collect();
        checks.done()?;
        let texts = Texts { uz: form.text_uz, ru: form.text_ru, en: form.text_en };
        let labels = Texts { uz: form.button_uz, ru: form.button_ru, en: form.button_en };
        let opens = form.opens.trim();
        let button = (!opens.is_empty() || labels != Texts::default()).then(|| Button {
            labels,
            opens: match opens.strip_prefix('/') {
                Some(command) => Opens::Command(command.to_owned()),
                None => Opens::Url(opens.to_owned()),
            },
        });
        Ok(NewBroadcast {
            name: form.name,
            channel: channel.ok_or_else(unknown)?,
            content: Content { texts, media: None, button },
            people: People { langs, label, wrote_within_days, silent_for_days },
        })
    }

    fn draw(&self, p: &Shell, asks: &Asks, action: &str, back: &str, error: Option<&Error>) -> Form {
        let error = error.map(about_form);
        let channels = asks.ways.iter().map(|way| {
            let username = way.channel.username.as_deref().unwrap_or_default();
            Choice::new(way.channel.id.to_string(), format!("{} · @{username}", way.bot.name))
        });
        let labels = asks.labels.iter().map(|label| Choice::new(label.id.to_string(), &label.name));
        let activities = ACTIVITIES.iter().map(|(value, key)| Choice::new(*value, p.t(key))).collect();
        let activities = with_chosen(activities, &self.activity);
        let everybody = |mut choices: Vec<Choice>, key| {
            choices.insert(0, Choice::new("", p.t(key)));
            choices
        };
        Form::new(p, action)
            .error(error.as_ref())
            .field(
                Field::text("name", "broadcast-name")
                    .value(&self.name)
                    .required()
                    .focus()
                    .max(100)
                    .help("broadcast-name-help"),
            )
            .field(
                Field::select("channel", "broadcast-channel", with_chosen(channels.collect(), &self.channel))
                    .value(&self.channel)
                    .required(),
            )
            .field(Field::check("lang_uz", "broadcast-lang-uz").checked(self.lang_uz).third())
            .field(Field::check("lang_ru", "broadcast-lang-ru").checked(self.lang_ru).third())
            .field(
                Field::check("lang_en", "broadcast-lang-en")
                    .checked(self.lang_en)
                    .third()
                    .help("broadcast-lang-help"),
            )
            .field(
                Field::select(
                    "label",
                    "broadcast-label",
                    everybody(with_chosen(labels.collect(), &self.label), "broadcast-label-any"),
                )
                .value(&self.label)
                .half(),
            )
            .field(
                Field::select(
                    "activity",
                    "broadcast-activity",
                    everybody(activities, "broadcast-activity-any"),
                )
                .value(&self.activity)
                .half(),
            )
            .field(
                Field::area("text_uz", "broadcast-text-uz")
                    .value(&self.text_uz)
                    .max(8_000)
                    .help("broadcast-text-help"),
            )
            .field(Field::area("text_ru", "broadcast-text-ru").value(&self.text_ru).max(8_000))
            .field(Field::area("text_en", "broadcast-text-en").value(&self.text_en).max(8_000))
            .field(Field::text("button_uz", "broadcast-button-uz").value(&self.button_uz).max(64).third())
            .field(Field::text("button_ru", "broadcast-button-ru").value(&self.button_ru).max(64).third())
            .field(Field::text("button_en", "broadcast-button-en").value(&self.button_en).max(64).third())
            .field(
                Field::text("opens", "broadcast-opens")
                    .value(&self.opens)
                    .max(2_000)
                    .placeholder("https://")
                    .help("broadcast-opens-help"),
            )
            .cancel(back)
    }
}

/// What a button opens is one field here.
fn about_form(error: &Error) -> Error {
    let mut fields = error.field_errors().to_vec();
    for one in &mut fields {
        if matches!(one.field.as_str(), "button_url" | "button_command") {
            one.field = "opens".to_owned();
        }
    }
    Error::all(fields).err().unwrap_or_else(|| Error::new(error.kind(), error.text().clone()))
}

/// What the form offers.
struct Asks {
    ways: Vec<Way>,
    labels: Vec<Label>,
}

impl Asks {
    fn find(ctx: &Ctx, tx: &mut ReadTx) -> Result<Self> {
        ctx.require(Permission::BroadcastCreate)?;
        Ok(Self { ways: bots::ways(ctx, tx)?, labels: tickets::reads::labels(ctx, tx)? })
    }
}

fn new_form(p: Shell, asks: &Asks, typed: &BroadcastForm, error: Option<&Error>) -> FormPage {
    let p = under(p.titled("broadcast-new").lead("broadcast-new-lead")).narrow();
    let form = typed.draw(&p, asks, "/broadcasts/new", "/broadcasts", error).submit("broadcast-create");
    let no_way = asks.ways.is_empty().then(|| Notice::new(Tone::Warning, p.t("broadcast-no-channel")));
    let page = FormPage::new(p, form);
    match no_way {
        Some(notice) => page.notice(notice),
        None => page,
    }
}

pub(super) async fn new_page(caller: Caller) -> web::Result<Response> {
    let asks = caller.read(Asks::find).await?;
    let only = match asks.ways.as_slice() {
        [only] => only.channel.id.to_string(),
        _ => String::new(),
    };
    let typed = BroadcastForm { channel: only, ..BroadcastForm::default() };
    Ok(render(&new_form(caller.shell(), &asks, &typed, None)))
}

pub(super) async fn create(
    caller: Caller,
    web::Form(typed): web::Form<BroadcastForm>,
) -> web::Result<Response> {
    let (sent, bots): (_, Arc<Bots>) = (typed.clone(), caller.app.service()?);
    let made = caller
        .once(move |ctx, tx| actions::create(ctx, tx, &bots, sent.check()?).map(|made| made.number))
        .await;
    match made {
        Ok(number) => {
            let done = Text::new("broadcast-created");
            Ok(Go::to(format!("/broadcasts/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => {
            let asks = caller.read(Asks::find).await?;
            Ok(form_again(error, |error| new_form(caller.shell(), &asks, &typed, Some(error)))?)
        }
    }
}

fn edit_form(
    p: Shell,
    broadcast: &Broadcast,
    asks: &Asks,
    typed: &BroadcastForm,
    error: Option<&Error>,
) -> FormPage {
    let back = format!("/broadcasts/{}", broadcast.number);
    let p = crumbs(p.titled("broadcast-edit"), broadcast.number, &broadcast.name).narrow();
    let form = typed.draw(&p, asks, &format!("{back}/edit"), &back, error);
    FormPage::new(p, form)
}

async fn asked(caller: &Caller, key: RowKey) -> Result<(Seen, Asks)> {
    let read = caller.read(move |ctx, tx| {
        let asks = Asks::find(ctx, tx)?;
        let seen = reads::get(ctx, tx, key)?;
        Ok((seen, asks))
    });
    read.await
}

pub(super) async fn edit_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let (seen, asks) = asked(&caller, key).await?;
    let broadcast = seen.broadcast;
    if !matches!(broadcast.state, State::Draft | State::Scheduled) {
        return Err(Error::conflict(Text::new("broadcast-state-differs")).into());
    }
    let typed = BroadcastForm::of(&broadcast);
    Ok(render(&edit_form(caller.shell(), &broadcast, &asks, &typed, None)))
}

pub(super) async fn save(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<BroadcastForm>,
) -> web::Result<Response> {
    let (sent, bots): (_, Arc<Bots>) = (typed.clone(), caller.app.service()?);
    let (seen, asks) = asked(&caller, key).await?;
    let (id, back) = (seen.broadcast.id, format!("/broadcasts/{}", seen.broadcast.number));
    let saved =
        caller.once(move |ctx, tx| actions::change(ctx, tx, &bots, id, sent.check()?).map(drop)).await;
    match saved {
        Ok(()) => Ok(Go::to(back).done(&caller.words(), &Text::new("broadcast-saved")).into_response()),
        Err(error) => Ok(form_again(error, |error| {
            edit_form(caller.shell(), &seen.broadcast, &asks, &typed, Some(error))
        })?),
    }
}
