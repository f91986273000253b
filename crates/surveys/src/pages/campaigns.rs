//! `/surveys`: campaigns with their rates, a form for one, and what is done with it.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use catalog::Names;
use context::{Ctx, Permission};
use db::Tx;
use kernel::{Checks, Date, Error, Id, Kind, Result, Text};
use serde::Deserialize;
use web::{
    Caller, Form as Sent,
    pages::{
        Action, Cell, Column, Empty, Field, Form, FormPage, Go, ListPage, Shell, Table, Tone, form_again,
        render,
    },
};

use super::{LIST, address, named, share};
use crate::{Campaign, Figures, NewCampaign, actions, reads};

/// `GET /surveys`.
pub(super) async fn page(caller: Caller) -> web::Result<Response> {
    let all = caller.read(reads::campaigns).await?;
    let today = caller.ctx.today();
    let p = caller.shell().titled("surveys-menu").lead("surveys-lead");
    let rows = all.iter().map(|(campaign, figures)| cells(&p, campaign, *figures, today)).collect();
    let columns = vec![
        Column::main("surveys-field-name"),
        Column::new("surveys-field-state"),
        Column::figures("surveys-field-rate"),
        Column::figures("surveys-field-responses"),
        Column::figures("surveys-field-roster"),
        Column::figures("surveys-field-employed").wide(),
        Column::new("surveys-field-days").wide(),
        Column::new("web-actions"),
    ];
    let may = p.can(Permission::SurveysCreate);
    let new = |p: &Shell| Action::link("/surveys/new", p.t("surveys-campaign-new")).primary().icon("plus-lg");
    let mut empty = Empty::new("clipboard-check", p.t("surveys-empty"), p.t("surveys-empty-hint"));
    if may {
        empty = empty.action(new(&p));
    }
    let table = Table::of(&p.words, "campaigns", columns, rows).empty(empty);
    let compare =
        |p: &Shell| Action::link("/surveys/analytics", p.t("surveys-analytics")).icon("bar-chart-line");
    Ok(render(&ListPage::new(p, table).action_if(!all.is_empty(), compare).action_if(may, new)))
}

fn cells(p: &Shell, campaign: &Campaign, figures: Figures, today: Date) -> Vec<Cell> {
    let name = campaign.name(p.lang()).to_owned();
    let sub = if campaign.is_default {
        format!("{} · {}", campaign.code, p.t("surveys-default"))
    } else {
        campaign.code.clone()
    };
    let (tone, state) = state(campaign, today);
    let days = match (campaign.opens_on, campaign.closes_on) {
        (None, None) => String::new(),
        (opens, closes) => {
            let day = |day: Option<Date>| day.map(|day| p.date(day)).unwrap_or_default();
            format!("{} – {}", day(opens), day(closes))
        }
    };
    let actions = actions_of(p, campaign, figures);
    vec![
        Cell::Link { href: address(campaign), text: name, sub },
        Cell::badge(tone, p.t(state)),
        Cell::text(share(p.lang(), figures.rate_permille())),
        Cell::Number(figures.responses),
        Cell::Number(figures.roster),
        Cell::text(share(p.lang(), figures.employment_permille())),
        Cell::text(days),
        if actions.is_empty() { Cell::Blank } else { Cell::Actions(actions) },
    ]
}

/// Where a campaign stands on this day.
pub(super) fn state(campaign: &Campaign, today: Date) -> (Tone, &'static str) {
    if campaign.is_open(today) {
        (Tone::Success, "surveys-state-open")
    } else if campaign.is_active && campaign.opens_on.is_some_and(|first| first > today) {
        (Tone::Info, "surveys-state-coming")
    } else {
        (Tone::Plain, "surveys-state-closed")
    }
}

/// What the reader may do with a campaign.
pub(super) fn actions_of(p: &Shell, campaign: &Campaign, figures: Figures) -> Vec<Action> {
    let at = |what: &str| format!("{}/{what}", address(campaign));
    let mut actions = Vec::new();
    if p.can(Permission::SurveysEdit) {
        actions.push(Action::link(at("roster"), p.t("surveys-roster")).icon("people"));
        actions.push(Action::link(at("edit"), p.t("surveys-edit")).icon("pencil"));
        if !campaign.is_default {
            actions.push(Action::post(p, at("default"), p.t("surveys-make-default")).icon("check-lg"));
        }
        actions.push(if campaign.is_active {
            Action::post(p, at("close"), p.t("surveys-close")).icon("lock")
        } else {
            Action::post(p, at("open"), p.t("surveys-open")).icon("play")
        });
    }
    // One in which somebody is asked can only be closed.
    if p.can(Permission::SurveysDelete) && figures == Figures::default() {
        let question = p.t1("surveys-delete-question", "name", campaign.name(p.lang()));
        actions.push(
            Action::post(p, at("delete"), p.t("surveys-delete")).danger().icon("trash").confirm(question),
        );
    }
    actions
}

/// What the form sends, as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct CampaignForm {
    code: String,
    name_uz: String,
    name_ru: String,
    name_en: String,
    opens_on: String,
    closes_on: String,
    is_active: String,
    is_default: String,
}

impl CampaignForm {
    fn of(campaign: &Campaign) -> Self {
        let NewCampaign { code, names: Names { uz, ru, en }, is_active, is_default, opens_on, closes_on } =
            campaign.content();
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let tick = |yes: bool| if yes { "true".to_owned() } else { String::new() };
        Self {
            code,
            name_uz: uz,
            name_ru: ru.unwrap_or_default(),
            name_en: en.unwrap_or_default(),
            opens_on: day(opens_on),
            closes_on: day(closes_on),
            is_active: tick(is_active),
            is_default: tick(is_default),
        }
    }

    fn read(self) -> Result<NewCampaign> {
        let Self { code, name_uz, name_ru, name_en, opens_on, closes_on, is_active, is_default } = self;
        let mut checks = Checks::new();
        let mut day = |field: &str, typed: &str| match typed.trim() {
            "" => None,
            typed => checks.take(field, Date::parse(typed)),
        };
        let (opens_on, closes_on) = (day("opens_on", &opens_on), day("closes_on", &closes_on));
        let names = Names { uz: name_uz, ru: Some(name_ru), en: Some(name_en) };
        let (is_active, is_default) = (is_active == "true", is_default == "true");
        let new = NewCampaign { code, names, is_active, is_default, opens_on, closes_on };
        let checked = checks.take_all(new.checked());
        checks.done()?;
        checked.ok_or_else(Error::not_found)
    }
}

fn form_page(p: Shell, stands: Option<&Campaign>, typed: &CampaignForm, error: Option<&Error>) -> FormPage {
    let (action, title) = match stands {
        None => (format!("{LIST}/new"), "surveys-campaign-new"),
        Some(campaign) => (format!("{}/edit", address(campaign)), "surveys-campaign-edit"),
    };
    let p = p.titled(title).crumb(LIST, "surveys-menu");
    let name = |key: &'static str, label: &'static str, value: &str| {
        Field::text(key, label).value(value).third().max(200)
    };
    let back = stands.map_or_else(|| LIST.to_owned(), address);
    let form = Form::new(&p, action)
        .error(error)
        .field(name("name_uz", "surveys-field-name-uz", &typed.name_uz).required().focus())
        .field(name("name_ru", "surveys-field-name-ru", &typed.name_ru))
        .field(name("name_en", "surveys-field-name-en", &typed.name_en))
        .field(
            Field::text("code", "surveys-field-code")
                .value(&typed.code)
                .required()
                .third()
                .max(60)
                .help("surveys-code-help"),
        )
        .field(Field::date("opens_on", "surveys-field-opens").value(&typed.opens_on).third())
        .field(Field::date("closes_on", "surveys-field-closes").value(&typed.closes_on).third())
        .field(Field::check("is_active", "surveys-field-active").checked(typed.is_active == "true"))
        .field(
            Field::check("is_default", "surveys-field-default")
                .checked(typed.is_default == "true")
                .help("surveys-default-help"),
        )
        .cancel(back);
    FormPage::new(p, form)
}

/// `GET /surveys/new`.
pub(super) async fn new_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::SurveysCreate)?;
    let typed = CampaignForm { is_active: "true".to_owned(), ..CampaignForm::default() };
    Ok(render(&form_page(caller.shell(), None, &typed, None)))
}

/// `POST /surveys/new`.
pub(super) async fn create(caller: Caller, Sent(typed): Sent<CampaignForm>) -> web::Result<Response> {
    let sent = typed.clone();
    let create = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(Permission::SurveysCreate)?;
        Ok(address(&actions::create_campaign(ctx, tx, sent.clone().read()?)?))
    };
    match caller.once(create).await {
        Ok(place) => {
            Ok(Go::to(place).done(&caller.words(), &Text::new("surveys-campaign-created")).into_response())
        }
        Err(error) => Ok(form_again(error, |error| form_page(caller.shell(), None, &typed, Some(error)))?),
    }
}

/// `GET /surveys/{campaign}/edit`.
pub(super) async fn edit_page(caller: Caller, Path(key): Path<String>) -> web::Result<Response> {
    caller.ctx.require(Permission::SurveysEdit)?;
    let campaign = caller.read(move |ctx, tx| named(ctx, tx, &key)).await?;
    let typed = CampaignForm::of(&campaign);
    Ok(render(&form_page(caller.shell(), Some(&campaign), &typed, None)))
}

/// `POST /surveys/{campaign}/edit`.
pub(super) async fn save(
    caller: Caller,
    Path(key): Path<String>,
    Sent(typed): Sent<CampaignForm>,
) -> web::Result<Response> {
    let campaign = caller.read(move |ctx, tx| named(ctx, tx, &key)).await?;
    let (id, sent) = (campaign.id, typed.clone());
    let save = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let sent = sent.clone();
        Ok(address(&actions::update_campaign(ctx, tx, id, |_| sent.read())?))
    };
    match caller.write(save).await {
        Ok(place) => {
            Ok(Go::to(place).done(&caller.words(), &Text::new("surveys-campaign-saved")).into_response())
        }
        Err(error) => {
            Ok(form_again(error, |error| form_page(caller.shell(), Some(&campaign), &typed, Some(error)))?)
        }
    }
}

async fn act(
    caller: &Caller,
    key: String,
    done: &'static str,
    work: impl Fn(&Ctx, &mut Tx<'_>, Id<Campaign>) -> Result<()> + Send + 'static,
) -> web::Result<Go> {
    let acted = caller.write(move |ctx, tx| {
        let id = named(ctx, tx, &key)?.id;
        work(ctx, tx, id)
    });
    match acted.await {
        Ok(()) => Ok(Go::to(LIST).done(&caller.words(), &Text::new(done))),
        Err(error) if error.kind() == Kind::Conflict => {
            Ok(Go::to(LIST).toast(Tone::Error, caller.words().say(error.text())))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /surveys/{campaign}/default`.
pub(super) async fn set_default(caller: Caller, Path(key): Path<String>) -> web::Result<Go> {
    act(&caller, key, "surveys-default-set", |ctx, tx, id| {
        actions::set_default_campaign(ctx, tx, id).map(drop)
    })
    .await
}

/// `POST /surveys/{campaign}/open`.
pub(super) async fn open(caller: Caller, Path(key): Path<String>) -> web::Result<Go> {
    act(&caller, key, "surveys-opened", |ctx, tx, id| {
        actions::set_campaign_active(ctx, tx, id, true).map(drop)
    })
    .await
}

/// `POST /surveys/{campaign}/close`.
pub(super) async fn close(caller: Caller, Path(key): Path<String>) -> web::Result<Go> {
    act(&caller, key, "surveys-closed", |ctx, tx, id| {
        actions::set_campaign_active(ctx, tx, id, false).map(drop)
    })
    .await
}

/// `POST /surveys/{campaign}/delete`.
pub(super) async fn delete(caller: Caller, Path(key): Path<String>) -> web::Result<Go> {
    act(&caller, key, "surveys-deleted", actions::delete_campaign).await
}
