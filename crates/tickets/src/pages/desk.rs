//! `/desk`: what waits stands at the left, the ticket that is open in the middle, what is known of it at the right; on a phone one of
//! them fills the screen.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::Path, response::Response};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Date, Error, Id, Page, Result, Timestamp};
use web::{
    Caller, RowKey,
    pages::{Action, Badge, Choice, Empty, ListQuery, Shell, asked_page, render},
};

use super::{
    ticket::{Found, Open},
    words,
};
use crate::{
    Agent, Category, Label, QueueFilter, Queued, View,
    reads::{self, COUNTED_AT_MOST, Sight},
};

/// Keys of the page, and what they do.
const KEYS: [(&[&str], &str); 5] = [
    (&["j", "k"], "tickets-key-next"),
    (&["r"], "tickets-key-reply"),
    (&["n"], "tickets-key-note"),
    (&["Ctrl", "Enter"], "tickets-key-send"),
    (&["/"], "tickets-key-search"),
];

/// What the reader asked to see at the left.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    view: View,
    category: Option<i64>,
    agent: Option<i64>,
    label: Option<Id<Label>>,
    query: ListQuery,
}

impl Asked {
    pub(super) fn of(query: ListQuery) -> Self {
        let number = |name| query.get(name).and_then(|number| number.parse().ok());
        Self {
            view: View::parse(query.get("view").unwrap_or_default()),
            category: number("category"),
            agent: number("agent"),
            label: query.get("label").and_then(|id| Id::parse(id).ok()),
            query,
        }
    }

    /// The address of a page under `/desk` that keeps what was asked for.
    fn href(&self, path: &str, changes: &[(&str, &str)]) -> String {
        self.query.href_of(path, changes)
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }
}

/// A part of the queue.
#[derive(Debug)]
struct ViewLink {
    href: String,
    label: String,
    /// Empty where there is nothing.
    count: String,
    current: bool,
}

/// A ticket in the list.
#[derive(Debug)]
struct QueueRow {
    href: String,
    name: String,
    initial: String,
    said: String,
    about: String,
    badge: Badge,
    at: Timestamp,
    when: String,
    labels: Vec<Label>,
    is_open: bool,
    is_waiting: bool,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "desk.html")]
pub(super) struct DeskPage {
    p: Shell,
    text: String,
    view: View,
    views: Vec<ViewLink>,
    categories: Vec<(Choice, bool)>,
    agents: Vec<(Choice, bool)>,
    labels: Vec<(Choice, bool)>,
    rows: Vec<QueueRow>,
    rows_href: String,
    nothing: Empty,
    newer: Option<String>,
    older: Option<String>,
    /// Where a phone goes back to.
    back: String,
    /// Buttons above the queue.
    tools: Vec<Action>,
    manage: Vec<Action>,
    /// Whether the reader answers, and is off duty.
    is_off_duty: bool,
    open: Option<Open>,
    keys: [(&'static [&'static str], &'static str); 5],
}

/// What the left part shows.
pub(super) struct Listed {
    pub(super) sight: Sight,
    pub(super) categories: Vec<Category>,
    pub(super) agents: Vec<Agent>,
    pub(super) labels: Vec<Label>,
    counts: HashMap<View, i64>,
    page: Page<Queued>,
}

fn listed(ctx: &Ctx, tx: &mut ReadTx, asked: &Asked) -> Result<Listed> {
    let sight = Sight::of(ctx, tx)?;
    let (categories, agents) = (reads::categories(ctx, tx)?, reads::agents(ctx, tx)?);
    let labels = reads::labels(ctx, tx)?;
    let filter = QueueFilter {
        view: asked.view,
        category: asked
            .category
            .and_then(|number| categories.iter().find(|one| one.number == number))
            .map(|one| one.id),
        agent: asked
            .agent
            .and_then(|number| agents.iter().find(|one| one.number == number))
            .map(|one| one.id),
        label: asked.label.filter(|id| labels.iter().any(|label| label.id == *id)),
        text: asked.query.q().unwrap_or_default(),
    };
    let page = asked_page(&asked.query, |part| reads::queue(ctx, tx, &filter, part))?;
    let counts = reads::queue_counts(ctx, tx)?;
    Ok(Listed { sight, categories, agents, labels, counts, page })
}

pub(super) async fn queue_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = Asked::of(query);
    let wanted = asked.clone();
    let listed = caller.read(move |ctx, tx| listed(ctx, tx, &wanted)).await?;
    // A row stays marked when the list is drawn again beside an open ticket.
    let current = asked.get("open").and_then(|number| number.parse().ok());
    let p = caller.shell().titled("tickets-menu");
    Ok(render(&page_of(&caller, p, asked, listed, current, None)))
}

pub(super) async fn ticket_page(
    caller: Caller,
    Path(key): Path<RowKey>,
    query: ListQuery,
) -> web::Result<Response> {
    Ok(render(&drawn(&caller, key, Asked::of(query), &Kept::default()).await?))
}

/// What somebody sent that was refused; it stands where they typed it, with the reason beside it.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// What was typed.
    pub(super) typed: String,
    /// Whether it was a note.
    pub(super) is_note: bool,
    /// Why it was refused.
    pub(super) problem: Option<String>,
    /// What was refused in one of the small forms.
    pub(super) refused: Option<Refused>,
}

/// What was sent by a small form beside the ticket, and why it was refused.
#[derive(Debug)]
pub(super) struct Refused {
    /// The form, by the end of its address.
    pub(super) form: &'static str,
    /// What was typed or chosen.
    pub(super) typed: String,
    /// Why.
    pub(super) error: Error,
}

/// The page with this ticket open.
pub(super) async fn drawn(caller: &Caller, key: RowKey, asked: Asked, kept: &Kept) -> web::Result<DeskPage> {
    let before = asked.get("before").and_then(|place| place.parse().ok());
    let wanted = asked.clone();
    let (listed, found) = caller
        .read(move |ctx, tx| {
            let found = Found::find(ctx, tx, key, before)?;
            Ok((listed(ctx, tx, &wanted)?, found))
        })
        .await?;
    let number = found.ticket.number;
    let open = Open::new(caller, found, &listed, kept)?;
    let p = caller.shell().named(format!("№ {number}")).crumb("/desk", "tickets-menu");
    Ok(page_of(caller, p, asked, listed, Some(number), Some(open)))
}

fn page_of(
    caller: &Caller,
    p: Shell,
    asked: Asked,
    listed: Listed,
    current: Option<i64>,
    open: Option<Open>,
) -> DeskPage {
    let Listed { sight, categories, agents, labels, counts, page } = listed;
    let part = |number: u32| asked.href("/desk", &[("page", &number.to_string()), ("open", "")]);
    let number = page.request.page();
    let has_more = page.request.offset() + i64::from(page.request.page_size()) < page.count;
    let current_text = current.map(|number| number.to_string()).unwrap_or_default();
    let names: HashMap<_, _> =
        categories.iter().map(|one| (one.id, one.name.get(p.lang()).to_owned())).collect();
    let agent_names: HashMap<_, _> = agents.iter().map(|one| (one.id, one.full_name.clone())).collect();
    let (now, today) = (caller.ctx.now(), caller.ctx.today());
    let seen = |category: &&Category| sight.categories().is_none_or(|seen| seen.contains(&category.id));
    let row = |queued: &Queued| {
        let category = names.get(&queued.ticket.category).cloned().unwrap_or_default();
        let agent = queued.ticket.agent.and_then(|agent| agent_names.get(&agent).cloned());
        row_of(&p, &asked, queued, category, agent, (now, today), current)
    };
    DeskPage {
        text: asked.query.q().unwrap_or_default(),
        view: asked.view,
        views: views(&p, &asked, &sight, &counts),
        categories: categories
            .iter()
            .filter(seen)
            .map(|one| {
                let choice = Choice::new(one.number.to_string(), one.name.get(p.lang()));
                (choice, asked.category == Some(one.number))
            })
            .collect(),
        agents: agents
            .iter()
            .map(|one| (Choice::new(one.number.to_string(), &one.full_name), asked.agent == Some(one.number)))
            .collect(),
        labels: labels
            .iter()
            .map(|one| (Choice::new(one.id.to_string(), &one.name), asked.label == Some(one.id)))
            .collect(),
        rows: page.results.iter().map(row).collect(),
        rows_href: asked.href("/desk", &[("open", &current_text), ("before", "")]),
        nothing: nothing(&p, &asked, &categories),
        newer: (number > 1).then(|| part(number - 1)),
        older: has_more.then(|| part(number + 1)),
        back: asked.href("/desk", &[("open", ""), ("before", "")]),
        tools: tools(&p, &caller.ctx, &sight),
        manage: manage(&p, &caller.ctx, &sight),
        is_off_duty: sight.agent().is_some_and(|agent| !agent.is_on_duty),
        p,
        open,
        keys: KEYS,
    }
}

fn views(p: &Shell, asked: &Asked, sight: &Sight, counts: &HashMap<View, i64>) -> Vec<ViewLink> {
    let is_agent = sight.agent().is_some();
    let link = |view: View| {
        let count = counts.get(&view).copied().unwrap_or_default();
        let count = match count {
            0 => String::new(),
            COUNTED_AT_MOST.. => format!("{}+", p.number(COUNTED_AT_MOST - 1)),
            count => p.number(count),
        };
        let href = asked.href("/desk", &[("view", view.word()), ("page", ""), ("open", ""), ("before", "")]);
        ViewLink { href, label: p.t(words::view(view)), count, current: asked.view == view }
    };
    let is_offered = |view: &View| is_agent || !matches!(view, View::Mine | View::Mentions);
    View::ALL.into_iter().filter(is_offered).map(link).collect()
}

fn row_of(
    p: &Shell,
    asked: &Asked,
    queued: &Queued,
    category: String,
    agent: Option<String>,
    (now, today): (Timestamp, Date),
    current: Option<i64>,
) -> QueueRow {
    let Queued { ticket, contact, last, labels } = queued;
    let about = match agent {
        Some(agent) => format!("№ {} · {category} · {agent}", ticket.number),
        None => format!("№ {} · {category}", ticket.number),
    };
    QueueRow {
        href: asked.href(&format!("/desk/{}", ticket.number), &[("open", ""), ("before", "")]),
        name: contact.name.clone(),
        initial: contact
            .name
            .chars()
            .find(|c| c.is_alphanumeric())
            .map(|c| c.to_uppercase().collect())
            .unwrap_or_default(),
        said: words::last_said(&p.words, last.as_ref()),
        about,
        badge: words::state(&p.words, ticket, now),
        at: ticket.last_message_at,
        when: p.words.short_time(ticket.last_message_at, today),
        labels: labels.clone(),
        is_open: current == Some(ticket.number),
        is_waiting: ticket.clock.waiting_since.is_some(),
    }
}

fn nothing(p: &Shell, asked: &Asked, categories: &[Category]) -> Empty {
    if categories.is_empty() {
        let empty = Empty::new("headset", p.t("tickets-no-categories"), p.t("tickets-no-categories-hint"));
        return match p.can(Permission::TicketsDelete) {
            true => empty.action(
                Action::link("/desk/categories/new", p.t("tickets-category-new")).primary().icon("plus-lg"),
            ),
            false => empty,
        };
    }
    match asked.view {
        View::Open if !asked.query.is_filtered() => {
            Empty::new("headset", p.t("tickets-queue-empty"), p.t("tickets-queue-empty-hint"))
        }
        _ => Empty::new("check2", p.t("tickets-part-empty"), p.t("tickets-part-empty-hint")),
    }
}

fn tools(p: &Shell, ctx: &Ctx, sight: &Sight) -> Vec<Action> {
    let mut tools = Vec::new();
    match sight.agent() {
        Some(agent) if p.can(Permission::TicketsEdit) => tools.push(match agent.is_on_duty {
            true => Action::post(p, "/desk/duty?on=no", p.t("tickets-go-off-duty")).icon("pause"),
            false => Action::post(p, "/desk/duty?on=yes", p.t("tickets-go-on-duty")).primary().icon("play"),
        }),
        None if sight.manages(ctx) && p.can(Permission::TicketsEdit) => {
            tools.push(
                Action::post(p, "/desk/agents/me", p.t("tickets-become-agent")).primary().icon("headset"),
            );
        }
        _ => {}
    }
    if p.can(Permission::TicketsCreate) {
        tools.push(Action::link("/desk/new", p.t("tickets-new")).icon("plus-lg"));
    }
    tools
}

/// What answers are made of, and where whoever manages goes from here.
fn manage(p: &Shell, ctx: &Ctx, sight: &Sight) -> Vec<Action> {
    let mut actions = Vec::new();
    if p.can(Permission::TicketsEdit) {
        actions.extend([
            Action::link("/conversations/canned", p.t("tickets-canned")).icon("lightning"),
            Action::link("/conversations/labels", p.t("tickets-labels")).icon("tags"),
        ]);
    }
    if !sight.manages(ctx) {
        return actions;
    }
    actions.extend([
        Action::link("/desk/report", p.t("tickets-report")).icon("bar-chart-line"),
        Action::link("/desk/agents", p.t("tickets-agents")).icon("people"),
        Action::link("/desk/categories", p.t("tickets-categories")).icon("folder2"),
        Action::link("/desk/settings", p.t("tickets-settings")).icon("clock"),
    ]);
    actions
}

/// The key of a ticket that an address names; one that is no number is nobody's.
pub(super) fn number_of(key: RowKey) -> Result<i64> {
    match key {
        RowKey::Number(number) => Ok(number),
        RowKey::Id(_) => Err(Error::not_found()),
    }
}
