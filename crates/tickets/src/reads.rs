//! What others may read of tickets, and what an agent sees of them.

mod labels;
mod queue;
mod report;

pub use self::labels::{canned_replies, filling, labels, labels_of_tickets};
pub use self::queue::{COUNTED_AT_MOST, QueueFilter, Queued, View, others_at, queue, queue_counts};
pub use self::report::{Counted, Report, Sums, report};

pub(crate) use self::labels::{must_answer, must_read_canned};

use contacts::Contact;
use context::{ActorKind, Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Id, Kind, Page, PageRequest, PersonId, Phone, Result, Text};

use crate::{
    Act, Agent, Category, Invitation, Label, Message, Settings, Telegram, Ticket,
    invitation::INVITATIONS_AT_MOST, store, user::User,
};

/// Which tickets somebody sees (SPEC, ACC-7). Read once for each transaction.
#[derive(Debug, Clone)]
pub struct Sight {
    agent: Option<Agent>,
    /// The categories whose tickets are seen; every one when there is none.
    categories: Option<Vec<Id<Category>>>,
}

impl Sight {
    /// What whoever acts here sees. A program, a bot and a job see what their scopes let them; of the members, and in a chat that
    /// is an agent's, an agent sees its categories, a head agent and whoever may delete tickets every one, and others none.
    pub fn of(ctx: &Ctx, tx: &mut ReadTx) -> Result<Self> {
        ctx.require(Permission::TicketsRead)?;
        let actor = ctx.actor();
        let agent = match (actor.kind, actor.id) {
            (ActorKind::Member, Some(member)) => {
                store::staff::agent_of_member(ctx, tx, PersonId::from_uuid(member))?
            }
            (ActorKind::Agent, Some(agent)) => store::staff::find_agent(ctx, tx, Id::from_uuid(agent))?,
            _ => return Ok(Self { agent: None, categories: None }),
        };
        let sight = Self { agent: agent.filter(|agent| agent.is_active), categories: None };
        if sight.manages(ctx) {
            return Ok(sight);
        }
        let own = sight.agent.as_ref().map(|agent| agent.categories.clone());
        Ok(Self { categories: Some(own.unwrap_or_default()), ..sight })
    }

    /// The categories whose tickets are seen; every one when there is none.
    pub(crate) fn categories(&self) -> Option<&[Id<Category>]> {
        self.categories.as_deref()
    }

    /// The agent who looks, where it is one.
    pub const fn agent(&self) -> Option<&Agent> {
        self.agent.as_ref()
    }

    /// Whether the ticket is seen.
    pub fn sees(&self, ticket: &Ticket) -> bool {
        self.categories.as_ref().is_none_or(|categories| categories.contains(&ticket.category))
    }

    /// The ticket, where it is seen; one of another category is not found.
    pub(crate) fn seen(&self, ticket: Ticket) -> Result<Ticket> {
        if self.sees(&ticket) { Ok(ticket) } else { Err(Error::not_found()) }
    }

    /// Whether they may answer in the name of this agent.
    pub(crate) fn answers_as(&self, ctx: &Ctx, agent: Id<Agent>) -> bool {
        self.agent.as_ref().is_none_or(|own| own.id == agent) || self.manages(ctx)
    }

    /// Whether they manage categories and agents.
    pub(crate) fn manages(&self, ctx: &Ctx) -> bool {
        ctx.may(Permission::TicketsDelete) || self.agent.as_ref().is_some_and(|agent| agent.is_head)
    }
}

/// Which tickets are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct TicketFilter {
    /// Open ones, or closed ones.
    pub is_open: Option<bool>,
    /// Of this contact.
    pub contact: Option<Id<Contact>>,
    /// Of this category.
    pub category: Option<Id<Category>>,
    /// Of this agent.
    pub agent: Option<Id<Agent>>,
    /// With this label.
    pub label: Option<Id<Label>>,
    /// With this number, of somebody with this name or phone, or with these words in a message; empty for all.
    pub text: String,
    /// What this agent can work on: theirs, and what nobody has yet of their categories.
    pub work_of: Option<Agent>,
    /// From the oldest on.
    pub oldest_first: bool,
}

/// Which messages are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Copy, Default)]
pub struct MessageFilter {
    /// Of this ticket.
    pub ticket: Option<Id<Ticket>>,
    /// Answers, or what contacts said.
    pub is_answer: Option<bool>,
    /// From the latest on.
    pub latest_first: bool,
}

/// Every category, in the order in which they are offered. They are what people choose from: no secret to anybody who may open a
/// ticket.
pub fn categories(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Category>> {
    ctx.require(Permission::TicketsRead)?;
    store::staff::categories(ctx, tx)
}

/// Every agent, by number.
pub fn agents(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Agent>> {
    ctx.require(Permission::TicketsRead)?;
    store::staff::agents(ctx, tx)
}

/// The invitations to the desk, the newest first; for whoever manages.
pub fn invitations(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Invitation>> {
    ctx.require(Permission::TicketsRead)?;
    must_manage(ctx, tx)?;
    store::invitation::list(ctx, tx, INVITATIONS_AT_MOST)
}

/// The ticket with this id, where it is seen.
pub fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Ticket>) -> Result<Ticket> {
    let sight = Sight::of(ctx, tx)?;
    sight.seen(store::ticket::get(ctx, tx, id)?)
}

/// The open ticket of this contact, where it is seen.
pub fn open_of(ctx: &Ctx, tx: &mut ReadTx, contact: Id<Contact>) -> Result<Option<Ticket>> {
    let sight = Sight::of(ctx, tx)?;
    Ok(store::ticket::find_open(ctx, tx, contact)?.filter(|ticket| sight.sees(ticket)))
}

/// The open ticket that is asked in this chat, where it is seen.
pub fn open_in(ctx: &Ctx, tx: &mut ReadTx, chat_ref: &str) -> Result<Option<Ticket>> {
    let sight = Sight::of(ctx, tx)?;
    Ok(store::ticket::find_open_in(ctx, tx, chat_ref)?.filter(|ticket| sight.sees(ticket)))
}

/// The open ticket that is asked in this chat, for whoever answers there and therefore reads it.
pub fn open_anywhere_in(ctx: &Ctx, tx: &mut ReadTx, chat_ref: &str) -> Result<Option<Ticket>> {
    ctx.require(Permission::TicketsRead)?;
    store::ticket::find_open_in(ctx, tx, chat_ref)
}

/// The last ticket that was asked in this chat and is closed, where it is seen.
pub fn last_closed_in(ctx: &Ctx, tx: &mut ReadTx, chat_ref: &str) -> Result<Option<Ticket>> {
    let sight = Sight::of(ctx, tx)?;
    Ok(store::ticket::last_closed_in(ctx, tx, chat_ref)?.filter(|ticket| sight.sees(ticket)))
}

/// Whether whoever acts here manages categories and agents.
pub fn manages(ctx: &Ctx, tx: &mut ReadTx) -> Result<bool> {
    Ok(Sight::of(ctx, tx)?.manages(ctx))
}

/// What only whoever manages may look at and change.
pub fn must_manage(ctx: &Ctx, tx: &mut ReadTx) -> Result<()> {
    if manages(ctx, tx)? { Ok(()) } else { Err(Error::forbidden()) }
}

/// What the workspace says of its desk.
pub fn settings(ctx: &Ctx, tx: &mut ReadTx) -> Result<Settings> {
    ctx.require(Permission::TicketsRead)?;
    Settings::of(ctx, tx)
}

/// The contact whom Telegram calls so; a deleted one is nobody.
pub fn contact_of_telegram(ctx: &Ctx, tx: &mut ReadTx, telegram_id: i64) -> Result<Option<Id<Contact>>> {
    ctx.require(Permission::TicketsRead)?;
    let Some(id) = store::user::find_by_telegram(ctx, tx, telegram_id)? else { return Ok(None) };
    let contact = contacts::get_many(ctx, tx, &[id])?.pop().ok_or_else(Error::not_found)?;
    Ok(contact.deleted_at.is_none().then_some(id))
}

/// The agent, whatever became of it.
pub fn agent(ctx: &Ctx, tx: &mut ReadTx, id: Id<Agent>) -> Result<Option<Agent>> {
    ctx.require(Permission::TicketsRead)?;
    store::staff::find_agent(ctx, tx, id)
}

/// The agent whom Telegram calls so, whatever became of it.
pub fn agent_of_telegram(ctx: &Ctx, tx: &mut ReadTx, telegram_id: i64) -> Result<Option<Agent>> {
    ctx.require(Permission::TicketsRead)?;
    store::staff::agent_of_telegram(ctx, tx, telegram_id)
}

/// What Telegram calls a contact, where it named them.
pub fn telegram_of(ctx: &Ctx, tx: &mut ReadTx, contact: Id<Contact>) -> Result<Option<Telegram>> {
    ctx.require(Permission::TicketsRead)?;
    Ok(store::user::of_contacts(ctx, tx, &[contact])?.remove(&contact))
}

/// Who has this phone is in Telegram, by what the field `field` says; one who never asked the desk there is not known.
pub(crate) fn telegram_of_phone(ctx: &Ctx, tx: &mut ReadTx, field: &str, phone: &str) -> Result<i64> {
    let phone = Phone::parse(phone).map_err(|error| Error::field(field, error.text().clone()))?;
    let telegram = match contacts::find_by_phone(ctx, tx, &phone)? {
        Some(contact) => telegram_of(ctx, tx, contact.id)?,
        None => None,
    };
    let unknown = || Error::field(field, Text::new("tickets-phone-not-in-telegram"));
    Ok(telegram.ok_or_else(unknown)?.telegram_id)
}

/// The ticket with this number, where it is seen.
pub fn get_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Ticket> {
    let sight = Sight::of(ctx, tx)?;
    sight.seen(store::ticket::find_by_number(ctx, tx, number)?.ok_or_else(Error::not_found)?)
}

/// The part `page` of the tickets that fit and are seen, the latest first.
pub fn list(ctx: &Ctx, tx: &mut ReadTx, filter: &TicketFilter, page: PageRequest) -> Result<Page<Ticket>> {
    let sight = Sight::of(ctx, tx)?;
    let found = queue::searched(ctx, tx, &sight, filter.is_open, &filter.text)?;
    store::ticket::list(ctx, tx, &sight, filter, &found, page)
}

/// The message, where its ticket is seen.
pub fn get_message(ctx: &Ctx, tx: &mut ReadTx, id: Id<Message>) -> Result<Message> {
    let sight = Sight::of(ctx, tx)?;
    let message = store::message::get(ctx, tx, id)?;
    of_seen(ctx, tx, &sight, message)
}

/// The message with this number, where its ticket is seen.
pub fn get_message_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Message> {
    let sight = Sight::of(ctx, tx)?;
    let message = store::message::get_by_number(ctx, tx, number)?;
    of_seen(ctx, tx, &sight, message)
}

fn of_seen(ctx: &Ctx, tx: &mut ReadTx, sight: &Sight, message: Message) -> Result<Message> {
    sight.seen(store::ticket::get(ctx, tx, message.ticket)?)?;
    Ok(message)
}

/// The message that its chat calls so, for whoever reads that chat.
pub fn message_of_chat(ctx: &Ctx, tx: &mut ReadTx, key: &str) -> Result<Option<Message>> {
    ctx.require(Permission::TicketsRead)?;
    store::message::find_by_chat_key(ctx, tx, key)
}

/// The part `page` of the messages that fit, of tickets that are seen, as they were said.
pub fn messages(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &MessageFilter,
    page: PageRequest,
) -> Result<Page<Message>> {
    let sight = Sight::of(ctx, tx)?;
    store::message::list(ctx, tx, &sight, filter, page)
}

/// What was said in a ticket behind one place and up to another, where it is seen.
pub fn said_between(
    ctx: &Ctx,
    tx: &mut ReadTx,
    id: Id<Ticket>,
    behind: i64,
    until: i64,
) -> Result<Vec<Message>> {
    let ticket = get(ctx, tx, id)?;
    store::message::between(ctx, tx, ticket.id, behind, until)
}

/// The tickets of this contact that are seen, the latest first.
pub fn of_contact(ctx: &Ctx, tx: &mut ReadTx, contact: Id<Contact>, at_most: u32) -> Result<Vec<Ticket>> {
    let filter = TicketFilter { contact: Some(contact), ..TicketFilter::default() };
    Ok(list(ctx, tx, &filter, PageRequest::new(1, at_most))?.results)
}

/// What was done with a ticket that is seen, behind the messages from `from` to `until`, as it was done.
pub fn acts(ctx: &Ctx, tx: &mut ReadTx, id: Id<Ticket>, from: i64, until: i64) -> Result<Vec<Act>> {
    let ticket = get(ctx, tx, id)?;
    store::act::of(ctx, tx, ticket.id, from, until)
}

/// The user that this contact is, where one of their tickets is seen.
pub fn user_of(ctx: &Ctx, tx: &mut ReadTx, contact: Contact) -> Result<User> {
    let sight = Sight::of(ctx, tx)?;
    if let Some(categories) = sight.categories()
        && !store::ticket::asked_in(ctx, tx, contact.id, categories)?
    {
        return Err(Error::not_found());
    }
    let telegram = store::user::of_contacts(ctx, tx, &[contact.id])?.remove(&contact.id);
    telegram.map(|telegram| User { contact, telegram }).ok_or_else(Error::not_found)
}

/// The user whom Telegram calls so, where one of their tickets is seen.
pub fn user_of_telegram(ctx: &Ctx, tx: &mut ReadTx, telegram_id: i64) -> Result<Option<User>> {
    let Some(contact) = store::user::find_by_telegram(ctx, tx, telegram_id)? else { return Ok(None) };
    let contact = contacts::get_many(ctx, tx, &[contact])?.pop().ok_or_else(Error::not_found)?;
    match user_of(ctx, tx, contact) {
        Ok(user) => Ok(Some(user)),
        Err(error) if error.kind() == Kind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The part `page` of the users of whom a ticket is seen, the latest first.
pub fn users(ctx: &Ctx, tx: &mut ReadTx, page: PageRequest) -> Result<Page<User>> {
    let sight = Sight::of(ctx, tx)?;
    let ids = store::user::list(ctx, tx, &sight, page)?;
    let mut telegrams = store::user::of_contacts(ctx, tx, &ids.results)?;
    let contacts = contacts::get_many(ctx, tx, &ids.results)?;
    let users = contacts.into_iter().filter_map(|contact| {
        let telegram = telegrams.remove(&contact.id)?;
        Some(User { contact, telegram })
    });
    Ok(Page::new(page, ids.count, users.collect()))
}
