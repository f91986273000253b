//! `/desk/agents`: who answers, in which categories, and who is on duty.

use std::collections::HashMap;

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Checks, Error, Kind, PageRequest, PersonId, Result, Text};
use serde::Deserialize;
use web::{
    Caller, Multi, Query, RowKey,
    pages::{
        Action, Cell, Choice, Column, Empty, Field, Form, FormPage, Go, ListPage, Shell, Table, Tone,
        form_again, render,
    },
};

use super::{desk::number_of, under};
use crate::{
    Agent, Category, NewAgent, actions,
    api::{agent_at, category_at},
    reads, work,
};

/// Members that are offered.
const MEMBERS_OFFERED: u32 = 200;

/// What the form sends.
#[derive(Debug, Clone, Default)]
struct AgentForm {
    full_name: String,
    member: String,
    telegram_id: String,
    is_head: bool,
    is_active: bool,
    categories: Vec<String>,
}

impl AgentForm {
    fn sent(form: &Multi) -> Self {
        Self {
            full_name: form.get("full_name").to_owned(),
            member: form.get("member").to_owned(),
            telegram_id: form.get("telegram_id").to_owned(),
            is_head: !form.get("is_head").is_empty(),
            is_active: !form.get("is_active").is_empty(),
            categories: form
                .pairs()
                .iter()
                .filter_map(|(name, _)| name.strip_prefix("category_"))
                .map(str::to_owned)
                .collect(),
        }
    }

    fn of(agent: &Agent, categories: &[Category]) -> Self {
        let answers = categories.iter().filter(|category| agent.categories.contains(&category.id));
        Self {
            full_name: agent.full_name.clone(),
            member: agent.member.map(|member| member.to_string()).unwrap_or_default(),
            telegram_id: agent.telegram_id.map(|id| id.to_string()).unwrap_or_default(),
            is_head: agent.is_head,
            is_active: agent.is_active,
            categories: answers.map(|category| category.number.to_string()).collect(),
        }
    }

    fn check(&self, ctx: &Ctx, tx: &mut ReadTx) -> Result<NewAgent> {
        let mut checks = Checks::new();
        let unknown = |key| Error::invalid(Text::new(key));
        let member = match self.member.trim() {
            "" => None,
            id => checks.take("member", id.parse().map_err(|_| unknown("tickets-member-unknown"))),
        };
        let telegram_id = match self.telegram_id.trim() {
            "" => None,
            phone if phone.starts_with('+') => {
                checks.take_all(reads::telegram_of_phone(ctx, tx, "telegram_id", phone))
            }
            id => {
                checks.take("telegram_id", id.parse().map_err(|_| unknown("tickets-telegram-id-malformed")))
            }
        };
        let mut categories = Vec::new();
        for number in &self.categories {
            let number = number.parse().map_err(|_| unknown("tickets-category-unknown"))?;
            categories.push(category_at(ctx, tx, "categories", number)?);
        }
        checks.done()?;
        if let Some(member) = member
            && !members(ctx, tx)?.iter().any(|(id, _)| *id == member)
        {
            return Err(Error::field("member", Text::new("tickets-member-unknown")));
        }
        Ok(NewAgent {
            member,
            telegram_id,
            full_name: self.full_name.clone(),
            is_head: self.is_head,
            is_active: self.is_active,
            categories,
        })
    }
}

/// The members of the workspace and their names. Who manages the desk may see who could answer there.
fn members(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<(PersonId, String)>> {
    let ctx = ctx.with(|ctx| ctx.permissions = ctx.permissions.with(Permission::UsersRead));
    let filter =
        auth::MemberFilter { state: Some(auth::MemberState::Active), ..auth::MemberFilter::default() };
    let found = auth::actions::members(&ctx, tx, &filter, PageRequest::new(1, MEMBERS_OFFERED))?;
    Ok(found.results.into_iter().map(|member| (member.person.id, member.person.name)).collect())
}

/// What the form shows beside what was typed.
struct Shown {
    categories: Vec<Category>,
    members: Vec<(PersonId, String)>,
}

fn shown(ctx: &Ctx, tx: &mut ReadTx) -> Result<Shown> {
    reads::must_manage(ctx, tx)?;
    Ok(Shown { categories: reads::categories(ctx, tx)?, members: members(ctx, tx)? })
}

pub(super) async fn page(caller: Caller) -> web::Result<Response> {
    let (agents, shown, loads) = caller
        .read(|ctx, tx| {
            let shown = shown(ctx, tx)?;
            Ok((reads::agents(ctx, tx)?, shown, work::open_counts(ctx, tx)?))
        })
        .await?;
    let p = under(caller.shell().titled("tickets-agents").lead("tickets-agents-lead"));
    let names: HashMap<_, _> =
        shown.categories.iter().map(|category| (category.id, category.name.get(p.lang()))).collect();
    let row = |agent: &Agent| {
        let answers: Vec<&str> = agent.categories.iter().filter_map(|id| names.get(id).copied()).collect();
        let answers = if agent.is_head { p.t("tickets-answers-all") } else { answers.join(", ") };
        let (tone, key) = match (agent.is_active, agent.is_on_duty) {
            (false, _) => (Tone::Plain, "tickets-agent-inactive"),
            (true, false) => (Tone::Warning, "tickets-off-duty"),
            (true, true) => (Tone::Success, "tickets-on-duty"),
        };
        let path = format!("/desk/agents/{}", agent.number);
        let duty = match agent.is_on_duty {
            true => Action::post(&p, format!("{path}/duty?on=no"), p.t("tickets-send-off-duty")),
            false => Action::post(&p, format!("{path}/duty?on=yes"), p.t("tickets-send-on-duty")),
        };
        vec![
            Cell::Link { href: path, text: agent.full_name.clone(), sub: p.t(role(agent)) },
            Cell::text(answers),
            Cell::Number(loads.get(&agent.id).copied().unwrap_or_default()),
            Cell::badge(tone, p.t(key)),
            if agent.is_active { Cell::Actions(vec![duty]) } else { Cell::Blank },
        ]
    };
    let columns = vec![
        Column::main("tickets-agent"),
        Column::new("tickets-categories").wide(),
        Column::figures("tickets-open-now"),
        Column::new("tickets-state"),
        Column::new("web-actions"),
    ];
    let table = Table::of(&p.words, "agents", columns, agents.iter().map(row).collect()).empty(Empty::new(
        "people",
        p.t("tickets-no-agents"),
        p.t("tickets-no-agents-hint"),
    ));
    let new =
        |p: &Shell| Action::link("/desk/agents/new", p.t("tickets-agent-new")).primary().icon("person-plus");
    let invitations =
        |p: &Shell| Action::link("/desk/invitations", p.t("tickets-invitations")).icon("link-45deg");
    let may = p.can(Permission::TicketsEdit);
    Ok(render(&ListPage::new(p, table).action_if(may, invitations).action_if(may, new)))
}

fn role(agent: &Agent) -> &'static str {
    if agent.is_head { "tickets-head-agent" } else { "tickets-agent" }
}

fn form_page(
    p: Shell,
    number: Option<i64>,
    typed: &AgentForm,
    shown: Shown,
    error: Option<&Error>,
) -> FormPage {
    let (action, title) = match number {
        None => ("/desk/agents/new".to_owned(), "tickets-agent-new"),
        Some(number) => (format!("/desk/agents/{number}"), "tickets-agent-edit"),
    };
    let p = under(p.titled(title)).crumb("/desk/agents", "tickets-agents").narrow();
    let members = shown.members.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    let mut form = Form::new(&p, action)
        .error(error)
        .field(
            Field::text("full_name", "tickets-agent-name")
                .value(&typed.full_name)
                .required()
                .focus()
                .max(200),
        )
        .field(
            Field::select("member", "tickets-agent-member", members)
                .value(&typed.member)
                .help("tickets-agent-member-help")
                .half(),
        )
        .field(
            Field::text("telegram_id", "tickets-agent-telegram")
                .value(&typed.telegram_id)
                .help("tickets-agent-telegram-help")
                .half(),
        )
        .field(Field::check("is_head", "tickets-agent-is-head").checked(typed.is_head));
    for category in shown.categories.iter().filter(|category| category.is_active) {
        let number = category.number.to_string();
        form = form.field(
            Field::check(format!("category_{number}"), "tickets-category")
                .called(category.name.get(p.lang()))
                .checked(typed.categories.contains(&number)),
        );
    }
    let form = form
        .field(Field::check("is_active", "tickets-agent-is-active").checked(typed.is_active))
        .cancel("/desk/agents");
    FormPage::new(p, form)
}

pub(super) async fn new_page(caller: Caller) -> web::Result<Response> {
    let shown = caller.read(shown).await?;
    let blank = AgentForm { is_active: true, ..AgentForm::default() };
    Ok(render(&form_page(caller.shell(), None, &blank, shown, None)))
}

pub(super) async fn create(caller: Caller, form: Multi) -> web::Result<Response> {
    let form = AgentForm::sent(&form);
    let sent = form.clone();
    let make = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        reads::must_manage(ctx, tx)?;
        let new = sent.check(ctx, tx)?;
        actions::create_agent(ctx, tx, new).map(drop)
    };
    let made = caller.once(make).await;
    saved(&caller, made, None, form).await
}

async fn saved(
    caller: &Caller,
    saved: Result<()>,
    number: Option<i64>,
    form: AgentForm,
) -> web::Result<Response> {
    match saved {
        Ok(()) => {
            let go = Go::to("/desk/agents");
            Ok(go.done(&caller.words(), &Text::new("tickets-agent-saved")).into_response())
        }
        Err(error) if error.kind() == Kind::NotFound => Err(error.into()),
        Err(error) => {
            let shown = caller.read(shown).await?;
            Ok(form_again(error, |error| form_page(caller.shell(), number, &form, shown, Some(error)))?)
        }
    }
}

fn at(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Agent> {
    agent_at(ctx, tx, "agent", number).map_err(|_| Error::not_found())
}

pub(super) async fn edit_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let number = number_of(key)?;
    let (agent, shown) = caller
        .read(move |ctx, tx| {
            let shown = shown(ctx, tx)?;
            Ok((at(ctx, tx, number)?, shown))
        })
        .await?;
    let typed = AgentForm::of(&agent, &shown.categories);
    Ok(render(&form_page(caller.shell(), Some(number), &typed, shown, None)))
}

pub(super) async fn save(caller: Caller, Path(key): Path<RowKey>, form: Multi) -> web::Result<Response> {
    let number = number_of(key)?;
    let form = AgentForm::sent(&form);
    let sent = form.clone();
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        reads::must_manage(ctx, tx)?;
        let id = at(ctx, tx, number)?.id;
        let new = sent.check(ctx, tx)?;
        actions::update_agent(ctx, tx, id, new).map(drop)
    };
    let done = caller.write(write).await;
    saved(&caller, done, Some(number), form).await
}

/// `?on=yes` or `no`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct DutyQuery {
    on: String,
}

pub(super) async fn set_duty(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(DutyQuery { on }): Query<DutyQuery>,
) -> web::Result<Response> {
    let number = number_of(key)?;
    let is_on = on == "yes";
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let id = at(ctx, tx, number)?.id;
        actions::set_duty(ctx, tx, id, is_on).map(drop)
    };
    caller.once(write).await?;
    Ok(Go::to("/desk/agents").done(&caller.words(), &Text::new(duty_done(is_on))).into_response())
}

pub(super) async fn set_own_duty(
    caller: Caller,
    Query(DutyQuery { on }): Query<DutyQuery>,
) -> web::Result<Response> {
    let is_on = on == "yes";
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let own = reads::Sight::of(ctx, tx)?.agent().map(|agent| agent.id);
        let own = own.ok_or_else(|| Error::conflict(Text::new("tickets-no-agent")))?;
        actions::set_duty(ctx, tx, own, is_on).map(drop)
    };
    caller.once(write).await?;
    Ok(Go::to("/desk").done(&caller.words(), &Text::new(duty_done(is_on))).into_response())
}

fn duty_done(is_on: bool) -> &'static str {
    if is_on { "tickets-on-duty-now" } else { "tickets-off-duty-now" }
}

pub(super) async fn become_one(caller: Caller) -> web::Result<Response> {
    caller.once(|ctx, tx| actions::become_agent(ctx, tx).map(drop)).await?;
    Ok(Go::to("/desk").done(&caller.words(), &Text::new("tickets-agent-saved")).into_response())
}
