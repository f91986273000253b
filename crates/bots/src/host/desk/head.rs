//! What head agents manage: categories and agents. Colleagues to whom a ticket can be handed are named to every agent.

use catalog::Names;
use db::{ReadTx, Tx};
use flow::{
    ActionCall, ActionResult,
    desk::{
        DeskAgents, DeskCategories, DeskCategory, DeskColleague, DeskDuty, DeskPerson, FindDeskPerson,
        HireDeskAgent, OfTicket, SetDeskCategory, SetDeskColleague, WriteDeskCategory,
    },
};
use kernel::{Error, Kind, Lang, Phone, Result};
use serde_json::Value;
use tickets::{Agent, Category, NewAgent, NewCategory, actions, reads, work};

use super::{Me, content};
use crate::{
    host::{answer, args},
    notify::send_report,
    store,
};

impl Me<'_> {
    /// Every agent; those to whom a ticket can be handed where one is named.
    pub(super) fn agents(&self, tx: &mut ReadTx, call: &ActionCall) -> Result<ActionResult> {
        let OfTicket { number } = args(call)?;
        let agents = reads::agents(&self.ctx, tx)?;
        if number.is_null() {
            let counts = work::open_counts(&self.ctx, tx)?;
            let items = agents.iter().map(|agent| seen(agent, counts.get(&agent.id).copied().unwrap_or(0)));
            return answer(call, "ok", &DeskAgents { items: items.collect() });
        }
        let Some(ticket) = self.find(tx, &number)? else { return answer(call, "gone", &()) };
        let others = agents.iter().filter(|agent| ticket.agent != Some(agent.id));
        let items = others.filter(|agent| agent.answers_in(ticket.category)).map(|agent| seen(agent, 0));
        answer(call, "ok", &DeskAgents { items: items.collect() })
    }

    /// Has the report of thirty days sent as a file.
    pub(super) fn report_file(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        send_report(&self.ctx, tx, self.conversation.id, call.lang)?;
        answer(call, "ok", &())
    }

    pub(super) fn categories(&self, tx: &mut ReadTx, call: &ActionCall) -> Result<ActionResult> {
        let categories = reads::categories(&self.ctx, tx)?;
        let items = categories.into_iter().map(|category| shown(category, call.lang)).collect();
        answer(call, "ok", &DeskCategories { items })
    }

    pub(super) fn write_category(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let WriteDeskCategory { number, uz, ru, en } = args(call)?;
        let categories = reads::categories(&self.ctx, tx)?;
        let name = Names { uz, ru, en };
        let written = match number {
            None => {
                let last = categories.iter().map(|category| category.position).max();
                let position = last.map_or(0, |last| last.saturating_add(1));
                let new = NewCategory { position, ..NewCategory::named(name) };
                tx.savepoint(|tx| actions::create_category(&self.ctx, tx, new.clone()))
            }
            Some(number) => {
                let Some(category) = categories.into_iter().find(|category| category.number == number) else {
                    return answer(call, "gone", &());
                };
                // A name that is left out stays as it is.
                let Names { uz, ru, en } = name;
                let new = written_in(&category);
                let name = Names { uz, ru: ru.or(new.name.ru), en: en.or(new.name.en) };
                let new = NewCategory { name, ..new };
                tx.savepoint(|tx| actions::update_category(&self.ctx, tx, category.id, new.clone()))
            }
        };
        match written {
            Ok(category) => answer(call, "ok", &shown(category, call.lang)),
            Err(error) if says(&error, "tickets-category-taken") => answer(call, "taken", &()),
            Err(error) if is_refused(&error) => answer(call, "unfit", &()),
            Err(error) => Err(error),
        }
    }

    pub(super) fn set_category(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let SetDeskCategory { number, act } = args(call)?;
        let mut categories = reads::categories(&self.ctx, tx)?;
        let Some(at) = categories.iter().position(|category| category.number == number) else {
            return answer(call, "gone", &());
        };
        let to = match act.as_str() {
            "up" => at.saturating_sub(1),
            "down" => (at + 1).min(categories.len().saturating_sub(1)),
            _ => at,
        };
        categories.swap(at, to);
        let mut after = None;
        // Equal places are told apart by number: each gets a place of its own.
        for (place, category) in categories.into_iter().enumerate() {
            let is_it = category.number == number;
            let position =
                if at == to { category.position } else { i32::try_from(place).unwrap_or(i32::MAX) };
            let is_active = match act.as_str() {
                "on" if is_it => true,
                "off" if is_it => false,
                _ => category.is_active,
            };
            let new = NewCategory { position, is_active, ..written_in(&category) };
            let written = if position == category.position && is_active == category.is_active {
                category
            } else {
                actions::update_category(&self.ctx, tx, category.id, new)?
            };
            if is_it {
                after = Some(written);
            }
        }
        match after {
            Some(category) => answer(call, "ok", &shown(category, call.lang)),
            None => answer(call, "gone", &()),
        }
    }

    /// Whom a Telegram id, or the number of a contact, means.
    pub(super) fn person(&self, tx: &mut ReadTx, call: &ActionCall) -> Result<ActionResult> {
        let FindDeskPerson { said } = args(call)?;
        let word = |name: &str| said.get(name).and_then(Value::as_str).map(str::trim);
        let phone = word("phone").or_else(|| word("text").filter(|text| text.starts_with('+')));
        let id = match phone {
            Some(phone) => {
                Phone::parse(phone).ok().map(|phone| self.telegram_of(tx, &phone)).transpose()?.flatten()
            }
            None => word("text").and_then(|text| text.parse().ok()).filter(|id: &i64| *id > 0),
        };
        let Some(telegram_id) = id else { return answer(call, "unknown", &()) };
        let chat = store::conversation::find_by_key(
            &self.ctx,
            tx,
            self.conversation.channel,
            &telegram_id.to_string(),
        )?;
        let name = chat.map(|chat| chat.person_name).filter(|name| !name.trim().is_empty());
        let outcome = match reads::agent_of_telegram(&self.ctx, tx, telegram_id)? {
            Some(_) => "known",
            None => "ok",
        };
        answer(call, outcome, &DeskPerson { telegram_id, name })
    }

    /// The Telegram id of whoever has this number: as they asked the desk, or as they wrote to this bot.
    fn telegram_of(&self, tx: &mut ReadTx, phone: &Phone) -> Result<Option<i64>> {
        let Some(contact) = contacts::find_by_phone(&self.ctx, tx, phone)? else { return Ok(None) };
        if let Some(telegram) = reads::telegram_of(&self.ctx, tx, contact.id)? {
            return Ok(Some(telegram.telegram_id));
        }
        let channel = self.conversation.channel;
        let chat = store::conversation::find_of_contact(&self.ctx, tx, channel, contact.id)?;
        Ok(chat.and_then(|chat| chat.chat_key.parse().ok()).filter(|id: &i64| *id > 0))
    }

    pub(super) fn hire(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let HireDeskAgent { telegram_id, name } = args(call)?;
        let new = NewAgent {
            member: None,
            telegram_id: Some(telegram_id),
            full_name: name,
            is_head: false,
            is_active: true,
            categories: Vec::new(),
        };
        match tx.savepoint(|tx| actions::create_agent(&self.ctx, tx, new.clone())) {
            Ok(agent) => answer(call, "ok", &self.whole(tx, &agent, call.lang)?),
            Err(error) if says(&error, "tickets-agent-taken") => answer(call, "known", &()),
            Err(error) if is_refused(&error) => answer(call, "unfit", &()),
            Err(error) => Err(error),
        }
    }

    pub(super) fn colleague(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let SetDeskColleague { number, act, category } = args(call)?;
        let Some(agent) = reads::agents(&self.ctx, tx)?.into_iter().find(|agent| agent.number == number)
        else {
            return answer(call, "gone", &());
        };
        let mut new = content(&agent);
        match act.as_deref() {
            Some("off") if agent.id == self.agent.id => return answer(call, "own", &()),
            Some("off") => new.is_active = false,
            Some("on") => new.is_active = true,
            _ => {}
        }
        if let Some(number) = category {
            let categories = reads::categories(&self.ctx, tx)?;
            let Some(category) = categories.into_iter().find(|category| category.number == number) else {
                return answer(call, "gone", &());
            };
            let before = new.categories.len();
            new.categories.retain(|id| *id != category.id);
            if new.categories.len() == before {
                new.categories.push(category.id);
            }
        }
        let agent = actions::update_agent(&self.ctx, tx, agent.id, new)?;
        answer(call, "ok", &self.whole(tx, &agent, call.lang)?)
    }

    /// The agent with every category.
    fn whole(&self, tx: &mut ReadTx, agent: &Agent, lang: Lang) -> Result<DeskColleague> {
        let open = work::open_counts(&self.ctx, tx)?.get(&agent.id).copied().unwrap_or(0);
        let duty = |category: Category| DeskDuty {
            number: category.number,
            name: category.name.get(lang).to_owned(),
            has: agent.categories.contains(&category.id),
        };
        let categories = reads::categories(&self.ctx, tx)?.into_iter().map(duty).collect();
        Ok(DeskColleague { categories, ..seen(agent, open) })
    }
}

/// An agent as a list shows it.
fn seen(agent: &Agent, open: i64) -> DeskColleague {
    DeskColleague {
        number: agent.number,
        name: agent.full_name.clone(),
        telegram_id: agent.telegram_id,
        is_head: agent.is_head,
        is_active: agent.is_active,
        open,
        categories: Vec::new(),
    }
}

/// What is written in a category.
fn written_in(category: &Category) -> NewCategory {
    let Category { id: _, number: _, name, position, is_active, service, created_at: _ } = category.clone();
    NewCategory { name, position, is_active, service }
}

fn shown(category: Category, lang: Lang) -> DeskCategory {
    let Category { number, name, is_active, .. } = category;
    let in_lang = name.get(lang).to_owned();
    let Names { uz, ru, en } = name;
    DeskCategory { number, name: in_lang, uz, ru, en, is_active }
}

fn says(error: &Error, key: &str) -> bool {
    error.field_errors().iter().any(|field| field.text.key() == key)
}

/// Whether what was written will not do, and not that something of ours is broken.
fn is_refused(error: &Error) -> bool {
    matches!(error.kind(), Kind::Invalid | Kind::Conflict)
}
