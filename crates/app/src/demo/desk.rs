//! The demo shop's support desk: categories, agents, what was asked, and the bot that takes questions there.

use std::collections::HashMap;

use auth::MemberFilter;
use bots::NewBot;
use catalog::Names;
use context::{Actor, Ctx};
use db::Tx;
use flow::shop::ShopInfo;
use kernel::{Error, Id, PageRequest, PersonId, Phone, Result};
use serde::Deserialize;
use tickets::{Agent, Assigns, By, Category, NewAgent, NewCategory, Opening, Said, Service, actions};

const DESK: &str = include_str!("../../../../demo/desk.toml");
const MINUTE_MS: i64 = 60_000;

#[derive(Debug, Deserialize)]
struct Desk {
    #[serde(rename = "category")]
    categories: Vec<Asked>,
    #[serde(rename = "agent")]
    agents: Vec<Answers>,
    #[serde(rename = "ticket")]
    tickets: Vec<Ticket>,
}

#[derive(Debug, Deserialize)]
struct Asked {
    name: Names,
    answer_minutes: Option<i32>,
    resolve_minutes: Option<i32>,
}

#[derive(Debug, Deserialize)]
struct Answers {
    /// An e-mail address.
    member: String,
    #[serde(default)]
    is_head: bool,
    categories: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Ticket {
    customer: Phone,
    category: String,
    stars: Option<i32>,
    #[serde(default)]
    comment: String,
    said: Vec<Words>,
}

#[derive(Debug, Deserialize)]
struct Words {
    by: String,
    ago: i64,
    text: String,
}

/// Writes it down, and makes the bot in the name of this shop.
pub(super) fn make(ctx: &Ctx, tx: &mut Tx<'_>, shop: ShopInfo) -> Result<()> {
    let desk: Desk = toml::from_str(DESK).map_err(Error::internal)?;
    let mut categories = HashMap::new();
    for (Asked { name, answer_minutes, resolve_minutes }, position) in desk.categories.into_iter().zip(1..) {
        let service = Service { answer_minutes, resolve_minutes, assigns: Assigns::ByLoad };
        let called = name.uz.clone();
        let new = NewCategory { position, service, ..NewCategory::named(name) };
        categories.insert(called, actions::create_category(ctx, tx, new)?.id);
    }
    let category = |name: &String| categories.get(name).copied().ok_or_else(|| missing(name));
    let mut agents: HashMap<String, (Agent, PersonId)> = HashMap::new();
    for Answers { member, is_head, categories } in desk.agents {
        let everybody = auth::actions::members(ctx, tx, &MemberFilter::default(), PageRequest::default())?;
        let is_meant =
            |person: &auth::Person| person.email.as_ref().is_some_and(|email| email.to_string() == member);
        let mut people = everybody.results.into_iter().map(|member| member.person);
        let person = people.find(is_meant).ok_or_else(|| missing(&member))?;
        let new = NewAgent {
            member: Some(person.id),
            telegram_id: None,
            full_name: person.name,
            is_head,
            is_active: true,
            categories: categories.iter().map(category).collect::<Result<Vec<Id<Category>>>>()?,
        };
        agents.insert(member, (actions::create_agent(ctx, tx, new)?, person.id));
    }
    for ticket in &desk.tickets {
        ask(ctx, tx, ticket, category(&ticket.category)?, &agents)?;
    }
    let name = format!("{} · yordam", shop.name);
    bots::create_bot(ctx, tx, NewBot { name, source: flow::tickets::BLUEPRINT.to_owned(), shop }).map(drop)
}

fn missing(what: &str) -> Error {
    Error::internal(format!("demo/desk.toml: there is no {what}"))
}

fn ask(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    ticket: &Ticket,
    category: Id<Category>,
    agents: &HashMap<String, (Agent, PersonId)>,
) -> Result<()> {
    let Ticket { customer, category: _, stars, comment, said } = ticket;
    let then = |minutes: i64| ctx.with(|ctx| ctx.now = ctx.now.plus_millis(-minutes * MINUTE_MS));
    let contact = contacts::find_by_phone(ctx, tx, customer)?.ok_or_else(|| missing(customer.as_str()))?.id;
    let opened = then(said.first().map_or(0, |first| first.ago));
    let (Opening::New(open) | Opening::AlreadyOpen(open)) =
        actions::open_ticket(&opened, tx, contact, category, None)?;
    for Words { by, ago, text } in said {
        let then = then(*ago);
        match (by.as_str(), agents.get(by)) {
            ("note", _) => actions::add_note(&then, tx, open.id, text)?,
            (_, Some((agent, person))) => {
                let own = then.with(|ctx| ctx.actor = Actor::member(*person, agent.full_name.clone()));
                actions::add_message(&own, tx, open.id, By::Agent(agent.id), Said::words(text))?;
            }
            (_, None) => drop(actions::add_message(&then, tx, open.id, By::Contact, Said::words(text))?),
        }
    }
    if let Some(stars) = stars {
        let after = then(said.last().map_or(0, |last| last.ago));
        actions::close(&after, tx, open.id)?;
        actions::rate(&after, tx, open.id, *stars, comment)?;
    }
    Ok(())
}
