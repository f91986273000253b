//! What stands around an agent: a desk with a few tickets, two categories and a colleague.

use flow::{
    ActionCall, ActionResult,
    desk::{
        DeskAgent, DeskAgents, DeskAnswer, DeskCategories, DeskCategory, DeskColleague, DeskDuty,
        DeskFigures, DeskHand, DeskInvitation, DeskInvitations, DeskInvite, DeskInvited, DeskJoined,
        DeskMessage, DeskNote, DeskPeriod, DeskPerson, DeskTicket, DeskTicketLine, DeskTickets,
        FillDeskInvite, FindDeskPerson, HireDeskAgent, JoinDesk, MakeDeskInvite, MergeDeskTicket, OfTicket,
        SetDeskCategory, SetDeskColleague, SetDeskDuty, ShowDeskTicket, ShowDeskTickets, SnoozeDeskTicket,
        Span, Taken, WriteDeskCategory, WriteDeskNote,
    },
    transcript::Host,
    value::integer,
};
use kernel::{Lang, Timestamp};
use serde_json::{Value, json};

/// When the people asked: 09:40 of the transcripts' day.
const ASKED_AT_MS: i64 = 1_795_149_600_000;

/// A ticket.
#[derive(Debug, Clone)]
struct Ticket {
    number: i64,
    who: &'static str,
    category: i64,
    agent: Option<&'static str>,
    is_open: bool,
    snoozed_ms: Option<i64>,
    said: Vec<DeskMessage>,
}

/// The desk, as one agent has it.
#[derive(Debug)]
pub struct Desk {
    is_agent: bool,
    is_head: bool,
    is_on_duty: bool,
    notes: Vec<DeskNote>,
    tickets: Vec<Ticket>,
    categories: Vec<DeskCategory>,
    agents: Vec<DeskColleague>,
    invitations: Vec<DeskInvitation>,
}

const ME: &str = "Dilnoza";

fn args<T: serde::de::DeserializeOwned>(call: &ActionCall) -> T {
    serde_json::from_value(Value::Object(call.args.clone())).unwrap()
}

fn said(who: &str, is_answer: bool, kind: &str, text: &str) -> DeskMessage {
    let (who, kind, text) = (who.to_owned(), kind.to_owned(), text.to_owned());
    DeskMessage { who, is_answer, at_ms: ASKED_AT_MS, kind, text }
}

fn category(number: i64, uz: &str, ru: &str) -> DeskCategory {
    let ru = Some(ru.to_owned());
    DeskCategory { number, name: uz.to_owned(), uz: uz.to_owned(), ru, en: None, is_active: true }
}

fn agent(number: i64, name: &str, is_head: bool) -> DeskColleague {
    DeskColleague {
        number,
        name: name.to_owned(),
        telegram_id: Some(500 + number),
        is_head,
        is_active: true,
        open: number - 1,
        categories: Vec::new(),
    }
}

impl Desk {
    /// The desk of a customer, of an agent, or of a head agent, as the title of the dialogue says.
    pub fn of(title: &str) -> Self {
        let is = |words: &[&str]| words.iter().any(|word| title.contains(word));
        let ticket = |number, who, category, agent, said| {
            let (is_open, snoozed_ms) = (true, None);
            Ticket { number, who, category, agent, is_open, snoozed_ms, said }
        };
        let many = (1..=7).map(|place| said("Karim", false, "text", &format!("Savol {place}"))).collect();
        Self {
            is_agent: !is(&["Mijoz", "Клиент", "customer"]),
            is_on_duty: true,
            notes: Vec::new(),
            is_head: is(&["Bosh operator", "Главный оператор", "Head agent"]),
            tickets: vec![
                ticket(
                    12,
                    "Aziza Karimova",
                    1,
                    None,
                    vec![
                        said("Aziza Karimova", false, "text", "Pul ikki marta yechildi"),
                        said("Aziza Karimova", false, "image", ""),
                    ],
                ),
                ticket(13, "Karim", 1, Some(ME), many),
            ],
            categories: vec![category(1, "Toʻlov", "Оплата"), category(2, "Yetkazish", "Доставка")],
            agents: vec![agent(1, ME, true), agent(2, "Bobur", false)],
            invitations: Vec::new(),
        }
    }

    fn waits(ticket: &Ticket) -> Option<Span> {
        ticket
            .said
            .last()
            .filter(|last| !last.is_answer)
            .map(|_| Span::of_seconds(65 * 60 * ticket.number / 12))
    }

    fn pile(&self, pile: &str) -> Vec<&Ticket> {
        let fits = |ticket: &&Ticket| match pile {
            "mine" => ticket.agent == Some(ME),
            "unassigned" => ticket.agent.is_none(),
            _ => true,
        };
        self.tickets.iter().filter(|ticket| ticket.is_open).filter(fits).collect()
    }

    fn category_name(&self, number: i64, lang: Lang) -> String {
        let found = self.categories.iter().find(|category| category.number == number).unwrap();
        match lang {
            Lang::Ru => found.ru.clone().unwrap_or(found.uz.clone()),
            Lang::Uz | Lang::En => found.uz.clone(),
        }
    }

    fn named(&self, category: &DeskCategory, lang: Lang) -> DeskCategory {
        DeskCategory { name: self.category_name(category.number, lang), ..category.clone() }
    }

    fn shown(&self, ticket: &Ticket, page: i64, lang: Lang) -> DeskTicket {
        let pages = (i64::try_from(ticket.said.len()).unwrap() + 4) / 5;
        let page = page.clamp(1, pages);
        let skip = usize::try_from((page - 1) * 5).unwrap();
        let mut messages: Vec<_> = ticket.said.iter().rev().skip(skip).take(5).cloned().collect();
        messages.reverse();
        DeskTicket {
            number: ticket.number,
            who: ticket.who.to_owned(),
            phone: (ticket.number == 12).then(|| "+998901234567".to_owned()),
            category: self.category_name(ticket.category, lang),
            is_open: ticket.is_open,
            agent: ticket.agent.map(str::to_owned),
            is_mine: ticket.agent == Some(ME),
            wait: Self::waits(ticket).filter(|_| ticket.is_open),
            snoozed_ms: ticket.snoozed_ms,
            has_files: messages.iter().any(|message| message.kind == "image"),
            messages,
            notes: if ticket.number != 13 { self.notes.clone() } else { Vec::new() },
            page,
            pages,
        }
    }

    fn whole(&self, number: i64, duties: &[i64], lang: Lang) -> DeskColleague {
        let found = self.agents.iter().find(|agent| agent.number == number).unwrap();
        let duty = |category: &DeskCategory| DeskDuty {
            number: category.number,
            name: self.category_name(category.number, lang),
            has: duties.contains(&category.number) || found.is_head,
        };
        DeskColleague { categories: self.categories.iter().map(duty).collect(), ..found.clone() }
    }

    fn figures() -> DeskFigures {
        let period = |name: &str, times: i64| DeskPeriod {
            name: name.to_owned(),
            opened: 5 * times,
            answered: 9 * times,
            closed: 4 * times,
            first_answer: (times > 0).then(|| Span::of_seconds(300 * times)),
        };
        DeskFigures { periods: vec![period("today", 0), period("week", 3), period("month", 13)] }
    }

    /// What is done with one open ticket.
    fn with_ticket(&mut self, call: &ActionCall, number: &Value) -> ActionResult {
        let number = integer(number);
        let Some(at) = self.tickets.iter().position(|ticket| Some(ticket.number) == number) else {
            return call.answer("gone", Value::Null);
        };
        let ticket = &mut self.tickets[at];
        if !ticket.is_open {
            return call.answer("closed", Value::Null);
        }
        match call.name.as_str() {
            "desk_answer" => {
                let DeskAnswer { said: words, .. } = args(call);
                if let Some(agent) = ticket.agent.filter(|agent| *agent != ME) {
                    return call
                        .answer("taken", serde_json::to_value(Taken { agent: agent.to_owned() }).unwrap());
                }
                if words.get("phone").is_some() {
                    return call.answer("unfit", Value::Null);
                }
                let kind = if words.get("file").is_some() { "file" } else { "text" };
                let text = words["text"].as_str().unwrap_or_default();
                ticket.said.push(said(ME, true, kind, text));
                ticket.agent = Some(ME);
            }
            "desk_take" => ticket.agent = Some(ME),
            "desk_snooze" => {
                let SnoozeDeskTicket { act, .. } = args(call);
                ticket.snoozed_ms = (act != "wake").then_some(ASKED_AT_MS + 86_400_000);
            }
            "desk_merge" => {
                let MergeDeskTicket { into, .. } = args(call);
                if integer(&into) != Some(13) {
                    return call.answer("unfit", Value::Null);
                }
                ticket.is_open = false;
            }
            "desk_hand" => {
                let DeskHand { agent, category, .. } = args(call);
                ticket.category = category.unwrap_or(ticket.category);
                ticket.agent = agent.map(|_| "Bobur");
            }
            _ => ticket.is_open = false,
        }
        call.answer("ok", Value::Null)
    }
}

/// Invitations.
impl Desk {
    fn join(&mut self, call: &ActionCall) -> ActionResult {
        let JoinDesk { key } = args(call);
        let joined = |why: Option<&str>| {
            let (name, lang) = ("Zarina".to_owned(), "ru".to_owned());
            serde_json::to_value(DeskJoined { name, lang, why: why.map(str::to_owned) }).unwrap()
        };
        match key.as_str() {
            "desk_new" if self.is_agent => call.answer("known", Value::Null),
            "desk_new" => {
                self.is_agent = true;
                call.answer("ok", joined(None))
            }
            "desk_accepted" | "desk_revoked" | "desk_expired" => {
                call.answer("dead", joined(key.strip_prefix("desk_")))
            }
            _ => call.answer("none", Value::Null),
        }
    }

    fn inviting(&mut self, call: &ActionCall) -> ActionResult {
        let ok = |data: Value| call.answer("ok", data);
        match call.name.as_str() {
            "desk_invite_form" => {
                let FillDeskInvite { form, act, category } = args(call);
                let duty = |number: i64, name: &str| DeskDuty { number, name: name.to_owned(), has: false };
                let blank = || DeskInvite {
                    is_head: false,
                    lang: call.lang.code().to_owned(),
                    categories: vec![duty(1, "Toʻlov"), duty(2, "Yetkazish")],
                };
                let mut form = form.unwrap_or_else(blank);
                match act.as_deref() {
                    Some("role") => form.is_head = !form.is_head,
                    Some(lang) => lang.clone_into(&mut form.lang),
                    None => {}
                }
                for duty in form.categories.iter_mut().filter(|duty| Some(duty.number) == category) {
                    duty.has = !duty.has;
                }
                ok(serde_json::to_value(form).unwrap())
            }
            "desk_invite" => {
                let MakeDeskInvite { form } = args(call);
                let names: Vec<&str> =
                    form.categories.iter().filter(|duty| duty.has).map(|duty| duty.name.as_str()).collect();
                if names.is_empty() && !form.is_head {
                    return call.answer("unfit", Value::Null);
                }
                let id = format!("i{}", self.invitations.len());
                let (answers, state) = (names.join(", "), "pending".to_owned());
                let until_ms = ASKED_AT_MS + 604_800_000;
                let is_head = form.is_head;
                self.invitations
                    .insert(0, DeskInvitation { id, is_head, answers, state, agent: None, until_ms });
                let link = "https://t.me/desk_bot?start=desk_new".to_owned();
                ok(serde_json::to_value(DeskInvited { link }).unwrap())
            }
            "desk_revoke" => {
                let id = call.args["id"].as_str().unwrap().to_owned();
                for one in self.invitations.iter_mut().filter(|one| one.id == id) {
                    "revoked".clone_into(&mut one.state);
                }
                ok(Value::Null)
            }
            _ => {
                let items = self.invitations.clone();
                let pending = items.iter().filter(|one| one.state == "pending").cloned().collect();
                ok(serde_json::to_value(DeskInvitations { items, pending }).unwrap())
            }
        }
    }
}

impl Host for Desk {
    fn act(&mut self, call: &ActionCall, _: Timestamp) -> ActionResult {
        let ok = |data: Value| call.answer("ok", data);
        let lang = call.lang;
        if call.name == "ticket_categories" {
            let items = self
                .categories
                .iter()
                .map(|one| json!({"number": one.number, "name": self.named(one, lang).name}));
            return ok(json!({ "items": items.collect::<Vec<_>>() }));
        }
        if call.name == "desk_join" {
            return self.join(call);
        }
        if call.name == "my_ticket" || !self.is_agent {
            return call.answer("none", Value::Null);
        }
        match call.name.as_str() {
            "desk_agent" => {
                let count = |pile| i64::try_from(self.pile(pile).len()).unwrap();
                let (mine, unassigned, all) = (count("mine"), count("unassigned"), count("all"));
                let (name, is_head, is_on_duty) = (ME.to_owned(), self.is_head, self.is_on_duty);
                let agent = DeskAgent { name, is_head, is_on_duty, mine, unassigned, all };
                ok(serde_json::to_value(agent).unwrap())
            }
            "desk_tickets" => {
                let ShowDeskTickets { pile, .. } = args(call);
                let tickets = self.pile(&pile);
                if tickets.is_empty() {
                    return call.answer("empty", Value::Null);
                }
                let line = |ticket: &&Ticket| DeskTicketLine {
                    number: ticket.number,
                    who: ticket.who.to_owned(),
                    category: self.category_name(ticket.category, lang),
                    agent: ticket.agent.map(str::to_owned),
                    wait: Self::waits(ticket),
                };
                let items: Vec<_> = tickets.iter().map(line).collect();
                let total = i64::try_from(items.len()).unwrap();
                ok(serde_json::to_value(DeskTickets { items, page: 1, pages: 1, total }).unwrap())
            }
            "desk_ticket" => {
                let ShowDeskTicket { number, page } = args(call);
                match self.tickets.iter().find(|ticket| Some(ticket.number) == integer(&number)) {
                    Some(ticket) => {
                        ok(serde_json::to_value(self.shown(ticket, page.unwrap_or(1), lang)).unwrap())
                    }
                    None => call.answer("gone", Value::Null),
                }
            }
            "desk_note" => {
                let WriteDeskNote { text, .. } = args(call);
                self.notes.push(DeskNote { who: ME.to_owned(), text });
                ok(Value::Null)
            }
            "desk_duty" => {
                let SetDeskDuty { act } = args(call);
                self.is_on_duty = act == "on";
                ok(Value::Null)
            }
            "desk_report_file" => ok(Value::Null),
            "desk_files" => call.answer("empty", Value::Null),
            "desk_answer" | "desk_take" | "desk_hand" | "desk_close" | "desk_snooze" | "desk_merge" => {
                let number = call.args["number"].clone();
                self.with_ticket(call, &number)
            }
            "desk_activity" | "desk_report" => ok(serde_json::to_value(Self::figures()).unwrap()),
            "desk_agents" => {
                let OfTicket { number } = args(call);
                let others = self.agents.iter().filter(|agent| number.is_null() || agent.name != ME).cloned();
                ok(serde_json::to_value(DeskAgents { items: others.collect() }).unwrap())
            }
            "desk_categories" => {
                let items = self.categories.iter().map(|one| self.named(one, lang)).collect();
                ok(serde_json::to_value(DeskCategories { items }).unwrap())
            }
            "desk_category" => {
                let WriteDeskCategory { number, uz, ru, en } = args(call);
                if self.categories.iter().any(|one| one.uz == uz && Some(one.number) != number) {
                    return call.answer("taken", Value::Null);
                }
                let next = i64::try_from(self.categories.len()).unwrap() + 1;
                let written = DeskCategory {
                    number: number.unwrap_or(next),
                    name: uz.clone(),
                    uz,
                    ru,
                    en,
                    is_active: true,
                };
                self.categories.retain(|one| one.number != written.number);
                self.categories.push(written.clone());
                ok(serde_json::to_value(self.named(&written, lang)).unwrap())
            }
            "desk_category_set" => {
                let SetDeskCategory { number, act } = args(call);
                let at = self.categories.iter().position(|one| one.number == number).unwrap();
                let last = self.categories.len() - 1;
                match act.as_str() {
                    "up" => self.categories.swap(at, at.saturating_sub(1)),
                    "down" => self.categories.swap(at, (at + 1).min(last)),
                    act => self.categories[at].is_active = act == "on",
                }
                let found = self.categories.iter().find(|one| one.number == number).unwrap();
                ok(serde_json::to_value(self.named(found, lang)).unwrap())
            }
            "desk_person" => {
                let FindDeskPerson { said } = args(call);
                let typed = said["text"].as_str().and_then(|text| text.parse().ok());
                let person = |telegram_id, name: Option<&str>| {
                    serde_json::to_value(DeskPerson { telegram_id, name: name.map(str::to_owned) }).unwrap()
                };
                match typed {
                    Some(502) => call.answer("known", person(502, None)),
                    Some(id) => ok(person(id, None)),
                    None if said.get("phone").is_some() => ok(person(777, Some("Zarina"))),
                    None => call.answer("unknown", Value::Null),
                }
            }
            "desk_hire" => {
                let HireDeskAgent { telegram_id, name } = args(call);
                let number = i64::try_from(self.agents.len()).unwrap() + 1;
                let hired = agent(number, &name, false);
                self.agents.push(DeskColleague { telegram_id: Some(telegram_id), open: 0, ..hired });
                ok(serde_json::to_value(self.whole(number, &[], lang)).unwrap())
            }
            "desk_invite_form" | "desk_invite" | "desk_invitations" | "desk_revoke" => self.inviting(call),
            "desk_colleague" => {
                let SetDeskColleague { number, act, category } = args(call);
                if act.as_deref() == Some("off") && number == 1 {
                    return call.answer("own", Value::Null);
                }
                let found = self.agents.iter_mut().find(|agent| agent.number == number).unwrap();
                found.is_active = act.map_or(found.is_active, |act| act == "on");
                let duties: Vec<i64> = category.into_iter().collect();
                ok(serde_json::to_value(self.whole(number, &duties, lang)).unwrap())
            }
            other => panic!("no action {other}"),
        }
    }

    fn happen(&mut self, words: &str, _: Timestamp) -> Result<Vec<(String, Value)>, String> {
        let ticket = &mut self.tickets[0];
        let told = |kind: &str, words: &str| {
            let args = json!({
                "kind": kind, "number": 12, "category": "Toʻlov", "who": "Aziza Karimova", "words": words,
            });
            vec![("desk_notice".to_owned(), args)]
        };
        match words {
            "somebody asks" => return Ok(told("opened", "")),
            "Aziza writes" => return Ok(told("said", "Qachon qaytarasiz?")),
            "ticket 12 is overdue" => return Ok(told("overdue", "Pul ikki marta yechildi")),
            "ticket 12 comes back" => return Ok(told("returned", "Pul ikki marta yechildi")),
            "Bobur hands it over" => return Ok(told("given", "Pul ikki marta yechildi")),
            "Bobur takes ticket 12" => ticket.agent = Some("Bobur"),
            "ticket 12 is closed" => ticket.is_open = false,
            "ticket 12 goes where the agent sees nothing" => ticket.number = 99,
            "the agent is put away" => self.is_agent = false,
            _ => return Err("unknown words".to_owned()),
        }
        Ok(Vec::new())
    }
}
