//! What waits at the desk, in parts.

use std::collections::HashMap;

use contacts::{Contact, ContactFilter};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Id, Page, PageRequest, PersonId, Result};

use super::Sight;
use crate::{Agent, Category, Label, Message, Presence, Ticket, store, store::said::Found};

/// Contacts whom a search finds, at most: the tickets of all of them are looked for.
const CONTACTS_FOUND: u32 = 100;
/// Tickets that a part counts at most.
pub const COUNTED_AT_MOST: i64 = 1_000;

/// Whoever was heard of within this time has the ticket open still; pages say so twice as often.
const PRESENT_MS: i64 = 40_000;

/// A part of what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum View {
    /// Of the agent who looks.
    Mine,
    /// Of nobody yet.
    Unassigned,
    /// Where somebody waits for an answer, the longest first.
    Waiting,
    /// Of which a promised time is over, the longest first.
    Overdue,
    /// Every open one that does not sleep.
    #[default]
    Open,
    /// Out of sight until their time.
    Snoozed,
    /// Where the agent who looks is named in a note.
    Mentions,
    /// Those that ended.
    Closed,
}

impl View {
    /// Every part, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::Mine,
        Self::Unassigned,
        Self::Waiting,
        Self::Overdue,
        Self::Open,
        Self::Mentions,
        Self::Snoozed,
        Self::Closed,
    ];

    /// The word that addresses speak.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Unassigned => "unassigned",
            Self::Waiting => "waiting",
            Self::Overdue => "overdue",
            Self::Open => "open",
            Self::Snoozed => "snoozed",
            Self::Mentions => "mentions",
            Self::Closed => "closed",
        }
    }

    /// The part that an address names; every open one where it names none.
    pub fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.word() == word).unwrap_or_default()
    }
}

/// Which tickets of a part are wanted.
#[derive(Debug, Clone, Default)]
pub struct QueueFilter {
    /// The part.
    pub view: View,
    /// About this.
    pub category: Option<Id<Category>>,
    /// Of this agent.
    pub agent: Option<Id<Agent>>,
    /// With this label.
    pub label: Option<Id<Label>>,
    /// With this number, of somebody with this name or phone, or with these words in a message; empty for all.
    pub text: String,
}

/// A ticket as a list shows it.
#[derive(Debug, Clone)]
pub struct Queued {
    /// The ticket.
    pub ticket: Ticket,
    /// Who asks.
    pub contact: Contact,
    /// What was said last.
    pub last: Option<Message>,
    /// Its labels, by name.
    pub labels: Vec<Label>,
}

/// The part `page` of the tickets that fit and are seen.
pub fn queue(ctx: &Ctx, tx: &mut ReadTx, filter: &QueueFilter, page: PageRequest) -> Result<Page<Queued>> {
    let sight = Sight::of(ctx, tx)?;
    let is_open = match filter.view {
        View::Closed => Some(false),
        View::Mentions => None,
        View::Mine | View::Unassigned | View::Waiting | View::Overdue | View::Open | View::Snoozed => {
            Some(true)
        }
    };
    let found = searched(ctx, tx, &sight, is_open, &filter.text)?;
    let tickets = store::queue::list(ctx, tx, &sight, filter, &found, page)?;
    let ids: Vec<Id<Ticket>> = tickets.results.iter().map(|ticket| ticket.id).collect();
    let mut labels = store::label::of_many(ctx, tx, &ids)?;
    let mut last: HashMap<Id<Ticket>, Message> = store::message::last_of(ctx, tx, &ids)?
        .into_iter()
        .map(|message| (message.ticket, message))
        .collect();
    let mut asking: Vec<Id<Contact>> = tickets.results.iter().map(|ticket| ticket.contact).collect();
    asking.sort_unstable();
    asking.dedup();
    let contacts: HashMap<Id<Contact>, Contact> =
        contacts::get_many(ctx, tx, &asking)?.into_iter().map(|contact| (contact.id, contact)).collect();
    let Page { request, count, results } = tickets;
    let shown = results.into_iter().map(|ticket| {
        let contact = contacts.get(&ticket.contact).cloned();
        let contact = contact.ok_or_else(|| Error::internal("a ticket names a contact that is not there"))?;
        Ok(Queued {
            last: last.remove(&ticket.id),
            labels: labels.remove(&ticket.id).unwrap_or_default(),
            contact,
            ticket,
        })
    });
    Ok(Page::new(request, count, shown.collect::<Result<Vec<_>>>()?))
}

/// What these words find: the ticket with this number, those of whoever is called so, and those that are seen in which it was said.
pub(super) fn searched(
    ctx: &Ctx,
    tx: &mut ReadTx,
    sight: &Sight,
    is_open: Option<bool>,
    text: &str,
) -> Result<Found> {
    let text = text.trim().trim_start_matches(['#', '№']).trim();
    if text.is_empty() {
        return Ok(Found::All);
    }
    Ok(Found::Of {
        number: text.parse::<i64>().ok().filter(|number| *number > 0),
        contacts: contacts_called(ctx, tx, text)?,
        said_in: store::said::find(ctx, tx, sight, is_open, &uztext::tokens(text))?,
    })
}

/// Who else has the ticket open, and whether they write.
pub fn others_at(ctx: &Ctx, tx: &mut ReadTx, id: Id<Ticket>) -> Result<Vec<Presence>> {
    ctx.require(Permission::TicketsRead)?;
    let Some(own) = ctx.actor().id else { return Ok(Vec::new()) };
    let since = ctx.now().plus_millis(-PRESENT_MS);
    store::presence::others(ctx, tx, id, PersonId::from_uuid(own), since)
}

/// How many tickets each part has, [`COUNTED_AT_MOST`] where there are more; none is counted for what ended.
pub fn queue_counts(ctx: &Ctx, tx: &mut ReadTx) -> Result<HashMap<View, i64>> {
    let sight = Sight::of(ctx, tx)?;
    let mut counts = HashMap::new();
    for view in View::ALL.into_iter().filter(|view| *view != View::Closed) {
        counts.insert(view, store::queue::count(ctx, tx, &sight, view, COUNTED_AT_MOST)?);
    }
    Ok(counts)
}

/// Whoever has these words in their name, or this phone. Who sees tickets may find them by who asked.
fn contacts_called(ctx: &Ctx, tx: &mut ReadTx, text: &str) -> Result<Vec<Id<Contact>>> {
    let ctx = ctx.with(|ctx| ctx.permissions = ctx.permissions.with(Permission::SalesRead));
    let filter = ContactFilter { q: Some(text.to_owned()), ..ContactFilter::default() };
    let found = contacts::list(&ctx, tx, &filter, PageRequest::new(1, CONTACTS_FOUND))?;
    Ok(found.results.into_iter().map(|contact| contact.id).collect())
}
