//! What an agent looks at: their work, a ticket with what was said in it, what was done.

use std::collections::HashMap;

use contacts::Contact;
use context::Ctx;
use db::{ReadTx, Tx};
use flow::{
    ActionCall, ActionResult,
    desk::{
        DeskAgent, DeskFigures, DeskMessage, DeskNote, DeskPeriod, DeskTicket, DeskTicketLine, DeskTickets,
        ShowDeskTicket, ShowDeskTickets, Span,
    },
};
use kernel::{Error, Id, Lang, Page, PageRequest, Result, Timestamp, degrees};
use tickets::{
    Act, Agent, Category, Deed, Message, MessageFilter, Ticket, actions,
    reads::{self, View},
    work::{self, Figures},
};

use super::Me;
use crate::{
    host::{answer, args},
    store,
};

/// Tickets on a page of a pile.
const PILE_ROWS: u32 = 8;
/// Messages of a ticket on a page: five long ones fit into one message of a chat.
const HISTORY_ROWS: u32 = 5;

impl Me<'_> {
    pub(super) fn greeted(&self, tx: &mut ReadTx, call: &ActionCall) -> Result<ActionResult> {
        let one = PageRequest::new(1, 1);
        let mut count = |view| Ok::<_, Error>(work::queue(&self.ctx, tx, view, one)?.count);
        let (mine, unassigned) = (count(View::Mine)?, count(View::Unassigned)?);
        let all = count(View::Open)?;
        let Agent { full_name, is_head, is_on_duty, .. } = self.agent.clone();
        answer(call, "ok", &DeskAgent { name: full_name, is_head, is_on_duty, mine, unassigned, all })
    }

    pub(super) fn pile(&self, tx: &mut ReadTx, call: &ActionCall) -> Result<ActionResult> {
        let ShowDeskTickets { pile, page } = args(call)?;
        let view = match pile.as_str() {
            "mine" => View::Mine,
            "unassigned" => View::Unassigned,
            _ => View::Open,
        };
        let mut part = work::queue(&self.ctx, tx, view, part_of(page, PILE_ROWS))?;
        if part.count == 0 {
            return answer(call, "empty", &());
        }
        // The pile has become shorter since.
        if part.results.is_empty() {
            part = work::queue(&self.ctx, tx, view, part_of(Some(part.pages()), PILE_ROWS))?;
        }
        let (page, pages, total) = (i64::from(part.request.page()), part.pages(), part.count);
        let names = names_of(&self.ctx, tx, part.results.iter().map(|ticket| ticket.contact))?;
        let categories = reads::categories(&self.ctx, tx)?;
        let mut items = Vec::new();
        for ticket in part.results {
            items.push(DeskTicketLine {
                number: ticket.number,
                who: names.get(&ticket.contact).cloned().unwrap_or_default(),
                category: name_of_category(&categories, ticket.category, call.lang),
                agent: self.name_of(tx, ticket.agent)?,
                wait: self.span_since(ticket.clock.waiting_since),
            });
        }
        answer(call, "ok", &DeskTickets { items, page, pages, total })
    }

    pub(super) fn ticket(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let ShowDeskTicket { number, page } = args(call)?;
        let Some(ticket) = self.find(tx, &number)? else { return answer(call, "gone", &()) };
        self.look(tx, &ticket)?;
        actions::see(&self.ctx, tx, ticket.id)?;
        let contact = contacts::get(&self.ctx, tx, ticket.contact)?;
        let part = self.history(tx, &ticket, page)?;
        let (page, pages) = (i64::from(part.request.page()), part.pages());
        let has_files = part.results.iter().any(|message| message.said.file_id.is_some());
        let agents: HashMap<Id<Agent>, String> =
            reads::agents(&self.ctx, tx)?.into_iter().map(|agent| (agent.id, agent.full_name)).collect();
        let notes = self.notes(tx, &ticket, &part)?;
        // The latest come first from the desk, and stand last on the page.
        let messages = part.results.iter().rev().map(|message| {
            let of_staff =
                || message.agent.and_then(|agent| agents.get(&agent).cloned()).unwrap_or("…".to_owned());
            let who = if message.is_answer { of_staff() } else { contact.name.clone() };
            line(message, who)
        });
        let categories = reads::categories(&self.ctx, tx)?;
        let view = DeskTicket {
            number: ticket.number,
            who: contact.name.clone(),
            phone: contact.phone.as_ref().map(ToString::to_string),
            category: name_of_category(&categories, ticket.category, call.lang),
            is_open: ticket.is_open,
            agent: ticket.agent.and_then(|agent| agents.get(&agent).cloned()),
            is_mine: ticket.agent == Some(self.agent.id),
            wait: self.span_since(ticket.clock.waiting_since),
            snoozed_ms: ticket
                .snoozed_until
                .filter(|until| *until > self.ctx.now())
                .map(Timestamp::as_millis),
            has_files,
            messages: messages.collect(),
            notes,
            page,
            pages,
        };
        answer(call, "ok", &view)
    }

    /// The agent has seen the ticket up to its last message.
    pub(super) fn look(&self, tx: &mut Tx, ticket: &Ticket) -> Result<()> {
        store::desk_look::look(&self.ctx, tx, ticket, self.agent.id)
    }

    /// The part `page` of what was said in a ticket, the latest first; the last one where there are not so many.
    pub(super) fn history(
        &self,
        tx: &mut ReadTx,
        ticket: &Ticket,
        page: Option<i64>,
    ) -> Result<Page<Message>> {
        let filter =
            MessageFilter { ticket: Some(ticket.id), latest_first: true, ..MessageFilter::default() };
        let part = reads::messages(&self.ctx, tx, &filter, part_of(page, HISTORY_ROWS))?;
        if part.results.is_empty() && part.request.page() > 1 {
            return reads::messages(&self.ctx, tx, &filter, part_of(Some(part.pages()), HISTORY_ROWS));
        }
        Ok(part)
    }

    /// What the staff noted beside a part of what was said.
    fn notes(&self, tx: &mut ReadTx, ticket: &Ticket, part: &Page<Message>) -> Result<Vec<DeskNote>> {
        // Behind the last message stands what was noted since, before the first what was noted before.
        let until =
            if part.has_previous() { part.results.first().map(|message| message.place) } else { None };
        let from = if part.has_next() { part.results.last().map(|message| message.place) } else { None };
        let acts =
            reads::acts(&self.ctx, tx, ticket.id, from.unwrap_or(0), until.unwrap_or(ticket.last_place))?;
        let note = |act: Act| match act.deed {
            Deed::Note { text } => Some(DeskNote { who: act.author, text }),
            _ => None,
        };
        Ok(acts.into_iter().filter_map(note).collect())
    }

    /// What this agent has done, or all of them have.
    pub(super) fn figures(
        &self,
        tx: &mut ReadTx,
        call: &ActionCall,
        agent: Option<Id<Agent>>,
    ) -> Result<ActionResult> {
        let mut periods = Vec::new();
        for (name, days_before) in [("today", 0), ("week", 6), ("month", 29)] {
            let since = self.ctx.zone().start_of(self.ctx.today().minus_days(days_before));
            let Figures { opened, answered, closed, first_answer_s } =
                work::figures(&self.ctx, tx, agent, since)?;
            let first_answer = first_answer_s.map(Span::of_seconds);
            periods.push(DeskPeriod { name: name.to_owned(), opened, answered, closed, first_answer });
        }
        answer(call, "ok", &DeskFigures { periods })
    }

    fn span_since(&self, since: Option<Timestamp>) -> Option<Span> {
        since.map(|since| Span::of_seconds(self.ctx.now().millis_since(since).max(0) / 1_000))
    }
}

fn part_of(page: Option<i64>, rows: u32) -> PageRequest {
    PageRequest::new(u32::try_from(page.unwrap_or(1).max(1)).unwrap_or(u32::MAX), rows)
}

fn line(message: &Message, who: String) -> DeskMessage {
    let said = &message.said;
    let place =
        said.place.map(|place| format!("{}, {}", degrees(place.latitude_e6), degrees(place.longitude_e6)));
    let words = Some(said.text.clone()).filter(|text| !text.is_empty());
    let text: Vec<String> = place.into_iter().chain(words).collect();
    DeskMessage {
        who,
        is_answer: message.is_answer,
        at_ms: message.created_at.as_millis(),
        kind: said.kind.word().to_owned(),
        text: text.join("\n"),
    }
}

/// What contacts are called.
fn names_of(
    ctx: &Ctx,
    tx: &mut ReadTx,
    ids: impl Iterator<Item = Id<Contact>>,
) -> Result<HashMap<Id<Contact>, String>> {
    let ids: Vec<_> = ids.collect();
    Ok(contacts::get_many(ctx, tx, &ids)?.into_iter().map(|contact| (contact.id, contact.name)).collect())
}

pub(super) fn name_of_category(categories: &[Category], id: Id<Category>, lang: Lang) -> String {
    let found = categories.iter().find(|category| category.id == id);
    found.map(|category| category.name.get(lang).to_owned()).unwrap_or_default()
}
