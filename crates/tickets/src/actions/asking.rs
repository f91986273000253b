//! Asking and answering.

use contacts::{Contact, NewContact};
use context::{Ctx, Event, Permission, next_number};
use db::Tx;
use kernel::{Error, Id, Kind, Result, Text};

use crate::{
    Agent, Category, Message, NewUser, Said, Telegram, Ticket, User, events,
    reads::{self, Sight},
    store,
};

/// Writes down somebody whom a bot knows, or what it knows now of somebody who is there already. A phone leads to the contact
/// that has it, so that whoever ordered before is the same contact here. Answers whether Telegram's id was new, too.
pub fn put_user(ctx: &Ctx, tx: &mut Tx, new: NewUser) -> Result<(User, bool)> {
    ctx.require(Permission::TicketsCreate)?;
    let NewUser { telegram_id, username, full_name, phone, lang } = new.checked()?;
    // Whoever may write down who asks, may write the contact that this is.
    let writing = ctx.with(|ctx| {
        ctx.permissions = ctx.permissions.with(Permission::SalesCreate).with(Permission::SalesEdit);
    });
    let known = known_by(ctx, tx, telegram_id)?;
    let is_new = known.is_none();
    let contact = match known {
        Some(contact) => {
            let stands = contact.content();
            let content = NewContact {
                name: full_name,
                phone: phone.or_else(|| stands.phone.clone()),
                lang: lang.unwrap_or(stands.lang),
                ..stands
            };
            contacts::update_contact(&writing, tx, contact.id, content)?
        }
        None => {
            let mut content = NewContact { is_customer: false, ..NewContact::customer(full_name, phone) };
            content.lang = lang.unwrap_or(content.lang);
            contacts::upsert_by_phone(&writing, tx, content)?
        }
    };
    let telegram = Telegram { telegram_id, username };
    let before = store::user::of_contacts(ctx, tx, &[contact.id])?.remove(&contact.id);
    if before.as_ref() != Some(&telegram) {
        store::user::put(ctx, tx, contact.id, &telegram)?;
        ctx.audit(tx, "ticket_user.write", "contact", contact.id, before.as_ref(), Some(&telegram))?;
    }
    Ok((User { contact, telegram }, is_new))
}

/// The contact whom Telegram calls so. A deleted one is let go of: whoever comes back is somebody new.
fn known_by(ctx: &Ctx, tx: &mut Tx, telegram_id: i64) -> Result<Option<Contact>> {
    let Some(id) = store::user::find_by_telegram(ctx, tx, telegram_id)? else { return Ok(None) };
    let contact = contacts::get_many(ctx, tx, &[id])?.pop().ok_or_else(Error::not_found)?;
    if contact.deleted_at.is_none() {
        return Ok(Some(contact));
    }
    store::user::delete(ctx, tx, id)?;
    Ok(None)
}

/// What became of opening a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// It is open.
    New(Ticket),
    /// The contact has an open one already: what is said goes there.
    AlreadyOpen(Ticket),
}

/// Opens a ticket for this contact. Errors: the category is not offered.
pub fn open_ticket(ctx: &Ctx, tx: &mut Tx, contact: Id<Contact>, category: Id<Category>) -> Result<Opening> {
    ctx.require(Permission::TicketsCreate)?;
    let offered = reads::categories(ctx, tx)?.into_iter().find(|one| one.id == category);
    if !offered.is_some_and(|category| category.is_active) {
        return Err(Error::field("category", Text::new("tickets-category-unknown")));
    }
    if let Some(open) = store::ticket::find_open(ctx, tx, contact)? {
        return Ok(Opening::AlreadyOpen(open));
    }
    // Two first messages at once: the second finds what the first opened.
    match tx.savepoint(|tx| insert(ctx, tx, contact, category)) {
        Ok(ticket) => Ok(Opening::New(ticket)),
        Err(error) if error.kind() == Kind::Conflict => {
            let open = store::ticket::find_open(ctx, tx, contact)?;
            open.map(Opening::AlreadyOpen).ok_or(error)
        }
        Err(error) => Err(error),
    }
}

fn insert(ctx: &Ctx, tx: &mut Tx, contact: Id<Contact>, category: Id<Category>) -> Result<Ticket> {
    let ticket = Ticket {
        id: ctx.new_id(),
        number: next_number(ctx, tx, "ticket")?,
        contact,
        category,
        agent: None,
        is_open: true,
        last_place: 0,
        created_at: ctx.now(),
        first_answer_at: None,
        last_message_at: ctx.now(),
        closed_at: None,
        closed_by: None,
    };
    let open_already = || Error::conflict(Text::new("tickets-open-already"));
    store::ticket::insert(ctx, tx, &ticket, open_already)?;
    ctx.audit_new(tx, "ticket.open", "ticket", ticket.id, &ticket)?;
    ctx.emit(tx, Event::new(events::TICKET_OPENED, ticket.id))?;
    Ok(ticket)
}

/// Who says something in a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Whoever asks.
    Contact,
    /// Whoever answers.
    Agent(Id<Agent>),
}

/// Says something in an open ticket. The first agent who answers a ticket that nobody has, has it from then on. An agent
/// answers in no other agent's name; programs and who manages do, for those who answer elsewhere.
pub fn add_message(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>, by: By, said: Said) -> Result<Message> {
    ctx.require(match by {
        By::Contact => Permission::TicketsCreate,
        By::Agent(_) => Permission::TicketsEdit,
    })?;
    let said = said.checked()?;
    let sight = Sight::of(ctx, tx)?;
    let before = held_open(ctx, tx, &sight, id)?;
    let agent = match by {
        By::Contact => None,
        By::Agent(agent) if !sight.answers_as(ctx, agent) => return Err(Error::forbidden()),
        By::Agent(agent) => Some(answering(ctx, tx, agent, &before, "sender")?.id),
    };
    let message = Message {
        id: ctx.new_id(),
        number: next_number(ctx, tx, "ticket_message")?,
        ticket: id,
        place: before.last_place + 1,
        is_answer: agent.is_some(),
        agent,
        said,
        created_at: ctx.now(),
    };
    store::message::insert(ctx, tx, &message)?;
    let mut after = Ticket { last_place: message.place, last_message_at: ctx.now(), ..before.clone() };
    if agent.is_some() {
        after.first_answer_at = after.first_answer_at.or(Some(ctx.now()));
        after.agent = after.agent.or(agent);
    }
    store::ticket::update(ctx, tx, &after)?;
    ctx.audit(tx, "ticket.say", "ticket", id, None::<&()>, Some(&message.number))?;
    if after.agent != before.agent {
        ctx.audit(tx, "ticket.assign", "ticket", id, before.agent.as_ref(), after.agent.as_ref())?;
        ctx.emit(tx, Event::new(events::TICKET_ASSIGNED, id))?;
    }
    ctx.emit(tx, Event::new(events::TICKET_SAID, id))?;
    Ok(message)
}

/// Gives a ticket to an agent who answers in its category.
pub fn assign(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>, agent: Id<Agent>) -> Result<Ticket> {
    ctx.require(Permission::TicketsEdit)?;
    let sight = Sight::of(ctx, tx)?;
    let before = held_open(ctx, tx, &sight, id)?;
    let agent = answering(ctx, tx, agent, &before, "admin_id")?;
    if before.agent == Some(agent.id) {
        return Ok(before);
    }
    let after = Ticket { agent: Some(agent.id), ..before.clone() };
    store::ticket::update(ctx, tx, &after)?;
    ctx.audit(tx, "ticket.assign", "ticket", id, before.agent.as_ref(), after.agent.as_ref())?;
    ctx.emit(tx, Event::new(events::TICKET_ASSIGNED, id))?;
    Ok(after)
}

/// Closes a ticket. One that is closed stays as it is.
pub fn close(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>) -> Result<Ticket> {
    ctx.require(Permission::TicketsEdit)?;
    let sight = Sight::of(ctx, tx)?;
    let before = sight.seen(store::ticket::lock(ctx, tx, id)?)?;
    if !before.is_open {
        return Ok(before);
    }
    let after = Ticket {
        is_open: false,
        closed_at: Some(ctx.now()),
        closed_by: Some(ctx.actor().name.clone()),
        ..before.clone()
    };
    store::ticket::update(ctx, tx, &after)?;
    ctx.audit(tx, "ticket.close", "ticket", id, Some(&before), Some(&after))?;
    ctx.emit(tx, Event::new(events::TICKET_CLOSED, id))?;
    Ok(after)
}

/// The ticket, held until the end of the transaction, where it is seen and open.
fn held_open(ctx: &Ctx, tx: &mut Tx, sight: &Sight, id: Id<Ticket>) -> Result<Ticket> {
    let ticket = sight.seen(store::ticket::lock(ctx, tx, id)?)?;
    if ticket.is_open {
        Ok(ticket)
    } else {
        Err(Error::conflict(Text::new("tickets-closed").with("number", ticket.number)))
    }
}

/// The agent, where it answers in the ticket's category.
fn answering(ctx: &Ctx, tx: &mut Tx, id: Id<Agent>, ticket: &Ticket, field: &str) -> Result<Agent> {
    let agent = store::staff::find_agent(ctx, tx, id)?;
    let agent = agent.ok_or_else(|| Error::field(field, Text::new("tickets-agent-unknown")))?;
    if agent.answers_in(ticket.category) {
        Ok(agent)
    } else {
        Err(Error::field(field, Text::new("tickets-agent-elsewhere").with("name", agent.full_name)))
    }
}
