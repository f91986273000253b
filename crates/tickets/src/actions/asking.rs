//! Asking and answering.

use contacts::{Contact, NewContact};
use context::{Ctx, Event, Permission, next_number};
use db::Tx;
use kernel::{Error, Id, Kind, Result, Text, Timestamp};

use crate::{
    Agent, Category, Clock, Deed, Kept, Message, NewUser, Said, Service, Telegram, Ticket, Undelivered, User,
    alerts, assigning, events,
    reads::{self, Sight},
    settings::Settings,
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
    put_telegram(ctx, tx, contact.id, &telegram)?;
    Ok((User { contact, telegram }, is_new))
}

/// Writes down what Telegram calls a contact. An id that is another contact's stays theirs.
pub fn put_telegram(ctx: &Ctx, tx: &mut Tx, contact: Id<Contact>, telegram: &Telegram) -> Result<()> {
    ctx.require(Permission::TicketsCreate)?;
    let before = store::user::of_contacts(ctx, tx, &[contact])?.remove(&contact);
    let is_others = known_by(ctx, tx, telegram.telegram_id)?.is_some_and(|of| of.id != contact);
    if is_others || before.as_ref() == Some(telegram) {
        return Ok(());
    }
    store::user::put(ctx, tx, contact, telegram)?;
    ctx.audit(tx, "ticket_user.write", "contact", contact, before.as_ref(), Some(telegram))
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

/// Opens a ticket for this contact, who asks in the chat `chat_ref`. Errors: the category is not offered.
pub fn open_ticket(
    ctx: &Ctx,
    tx: &mut Tx,
    contact: Id<Contact>,
    category: Id<Category>,
    chat_ref: Option<&str>,
) -> Result<Opening> {
    ctx.require(Permission::TicketsCreate)?;
    let offered = reads::categories(ctx, tx)?.into_iter().find(|one| one.id == category && one.is_active);
    let unknown = || Error::field("category", Text::new("tickets-category-unknown"));
    let category = offered.ok_or_else(unknown)?;
    if let Some(open) = store::ticket::find_open(ctx, tx, contact)? {
        return Ok(Opening::AlreadyOpen(open));
    }
    // Two first messages at once: the second finds what the first opened.
    match tx.savepoint(|tx| insert(ctx, tx, contact, &category, chat_ref)) {
        Ok(ticket) => Ok(Opening::New(ticket)),
        Err(error) if error.kind() == Kind::Conflict => {
            let open = store::ticket::find_open(ctx, tx, contact)?;
            open.map(Opening::AlreadyOpen).ok_or(error)
        }
        Err(error) => Err(error),
    }
}

fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    contact: Id<Contact>,
    category: &Category,
    chat_ref: Option<&str>,
) -> Result<Ticket> {
    let mut ticket = Ticket {
        id: ctx.new_id(),
        number: next_number(ctx, tx, "ticket")?,
        contact,
        category: category.id,
        chat_ref: chat_ref.map(ToOwned::to_owned),
        agent: None,
        is_open: true,
        last_place: 0,
        created_at: ctx.now(),
        first_answer_at: None,
        last_message_at: ctx.now(),
        closed_at: None,
        closed_by: None,
        clock: Clock::default(),
        snoozed_until: None,
        rating: None,
        reopened: 0,
        merged_into: None,
    };
    let open_already = || Error::conflict(Text::new("tickets-open-already"));
    if category.service.resolve_minutes.is_some() {
        let settings = Settings::of(ctx, tx)?;
        promise(ctx, &settings, category, &mut ticket);
    }
    store::ticket::insert(ctx, tx, &ticket, open_already)?;
    ctx.audit_new(tx, "ticket.open", "ticket", ticket.id, &ticket)?;
    ctx.emit(tx, Event::new(events::TICKET_OPENED, ticket.id))?;
    assigning::give(ctx, tx, category, &mut ticket)?;
    if ticket.agent.is_some() {
        store::ticket::update(ctx, tx, &ticket)?;
    }
    alerts::when_due(ctx, tx, &ticket)?;
    Ok(ticket)
}

/// Writes into the ticket until when its category promises an answer and the end: of whoever waits from when they began to wait,
/// of the end from when the ticket was opened, or opened again.
pub(super) fn promise(ctx: &Ctx, settings: &Settings, category: &Category, ticket: &mut Ticket) {
    let due = |from: Option<Timestamp>, minutes: Option<i32>| {
        from.zip(minutes).and_then(|(from, minutes)| settings.hours.after(ctx.zone(), from, minutes))
    };
    let Service { answer_minutes, resolve_minutes, .. } = category.service;
    let began = if ticket.reopened == 0 { ticket.created_at } else { ctx.now() };
    ticket.clock.answer_due_at = due(ticket.clock.waiting_since, answer_minutes);
    ticket.clock.resolve_due_at = due(Some(began), resolve_minutes);
}

/// The contact said something: they wait from now on, unless they did before; a ticket that slept is in sight again, and one that
/// nobody on duty has goes to whoever is next. The ticket's row is the caller's to write.
fn begin_to_wait(ctx: &Ctx, tx: &mut Tx, ticket: &mut Ticket) -> Result<()> {
    ticket.snoozed_until = None;
    if ticket.clock.waiting_since.is_some() {
        return Ok(());
    }
    ticket.clock.waiting_since = Some(ctx.now());
    let category = store::staff::get_category(ctx, tx, ticket.category)?;
    if let Some(minutes) = category.service.answer_minutes {
        let settings = Settings::of(ctx, tx)?;
        ticket.clock.answer_due_at = settings.hours.after(ctx.zone(), ctx.now(), minutes);
        alerts::when_due(ctx, tx, ticket)?;
    }
    assigning::give_to_whoever_is_there(ctx, tx, &category, ticket)
}

/// Who says something in a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Whoever asks.
    Contact,
    /// Whoever answers.
    Agent(Id<Agent>),
    /// Whoever of the staff acts here and writes in the contact's chat: the contact has it already.
    Staff,
}

/// Says something in an open ticket; what its chat calls the same was said before. The first agent who answers a ticket that nobody
/// has, has it from then on. An agent answers in no other agent's name; programs and who manages do, for those who answer elsewhere.
pub fn add_message(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>, by: By, said: Said) -> Result<Message> {
    ctx.require(match by {
        By::Contact => Permission::TicketsCreate,
        By::Agent(_) | By::Staff => Permission::TicketsEdit,
    })?;
    let said = said.checked()?;
    let sight = Sight::of(ctx, tx)?;
    let before = match by {
        // Whoever may write in the contact's chat has done it: it stands in the ticket, whatever else they see.
        By::Staff => open(store::ticket::lock(ctx, tx, id)?)?,
        By::Contact | By::Agent(_) => held_open(ctx, tx, &sight, id)?,
    };
    if let Some(key) = &said.chat_key
        && let Some(message) = store::message::find_by_chat_key(ctx, tx, key)?
    {
        return Ok(message);
    }
    let agent = match by {
        By::Contact => None,
        By::Staff => sight.agent().filter(|agent| agent.answers_in(before.category)).cloned(),
        By::Agent(agent) if !sight.answers_as(ctx, agent) => return Err(Error::forbidden()),
        By::Agent(agent) => Some(answering(ctx, tx, agent, &before, "sender")?),
    };
    let mut message = Message {
        id: ctx.new_id(),
        number: 0,
        ticket: id,
        place: before.last_place + 1,
        is_answer: !matches!(by, By::Contact),
        agent: agent.as_ref().map(|agent| agent.id),
        said,
        created_at: ctx.now(),
        edited_at: None,
        file_error: None,
        undelivered: None,
    };
    let mut after = Ticket { last_place: message.place, last_message_at: ctx.now(), ..before.clone() };
    if message.is_answer {
        after.first_answer_at = after.first_answer_at.or(Some(ctx.now()));
        after.clock.answer(ctx.now());
        if let (None, Some(taker)) = (before.agent, &agent) {
            assigning::hand(ctx, tx, &mut after, Some(taker), false)?;
        }
    } else {
        begin_to_wait(ctx, tx, &mut after)?;
    }
    store::ticket::update(ctx, tx, &after)?;
    ctx.audit(tx, "ticket.say", "ticket", id, None::<&()>, Some(&message.place))?;
    let told = events::Told::of(&message, matches!(by, By::Staff));
    ctx.emit(tx, Event::new(events::TICKET_SAID, id).with(&told)?)?;
    // Last: nobody else at the desk takes a number until this is committed.
    message.number = next_number(ctx, tx, "ticket_message")?;
    store::message::insert(ctx, tx, &message)?;
    Ok(message)
}

/// The contact said other words in place of those of the message that its chat calls `key`; what stood there is in the audit
/// log. `None` for one that stands in no ticket. A file stays, whatever becomes of the words under it.
pub fn edit_message(ctx: &Ctx, tx: &mut Tx, key: &str, text: &str) -> Result<Option<Message>> {
    ctx.require(Permission::TicketsCreate)?;
    let Some(before) = store::message::find_by_chat_key(ctx, tx, key)? else { return Ok(None) };
    let said = Said { text: text.to_owned(), ..before.said.clone() }.checked()?;
    if said.text == before.said.text {
        return Ok(Some(before));
    }
    store::message::set_text(ctx, tx, &before, &said.text)?;
    ctx.audit(tx, "ticket.edit_message", "ticket", before.ticket, Some(&before.said.text), Some(&said.text))?;
    ctx.emit(tx, Event::new(events::TICKET_EDITED, before.ticket))?;
    Ok(Some(Message { said, edited_at: Some(ctx.now()), ..before }))
}

/// The file of a message is kept by us from now on.
pub fn keep_file(ctx: &Ctx, tx: &mut Tx, id: Id<Message>, kept: Kept) -> Result<()> {
    ctx.require(Permission::TicketsCreate)?;
    let before = store::message::get(ctx, tx, id)?;
    if before.said.kept.as_ref() == Some(&kept) {
        return Ok(());
    }
    store::message::set_file(ctx, tx, id, Some(&kept), None)?;
    ctx.audit(tx, "ticket.keep_file", "ticket", before.ticket, before.said.kept.as_ref(), Some(&kept))?;
    ctx.emit(tx, Event::new(events::TICKET_EDITED, before.ticket))
}

/// The file of a message could not be had: it is said in the ticket.
pub fn lose_file(ctx: &Ctx, tx: &mut Tx, id: Id<Message>, why: &str) -> Result<()> {
    ctx.require(Permission::TicketsCreate)?;
    let before = store::message::get(ctx, tx, id)?;
    store::message::set_file(ctx, tx, id, None, Some(why))?;
    ctx.audit(tx, "ticket.lose_file", "ticket", before.ticket, before.file_error.as_ref(), Some(&why))?;
    ctx.emit(tx, Event::new(events::TICKET_EDITED, before.ticket))
}

/// An answer did not arrive with whoever asked: it is said in the ticket, once.
pub fn lose_answer(ctx: &Ctx, tx: &mut Tx, id: Id<Message>, why: Undelivered) -> Result<()> {
    ctx.require(Permission::TicketsCreate)?;
    let before = store::message::get(ctx, tx, id)?;
    if !before.is_answer || before.undelivered == Some(why) {
        return Ok(());
    }
    store::message::set_undelivered(ctx, tx, id, why)?;
    ctx.audit(tx, "ticket.lose_answer", "ticket", before.ticket, before.undelivered.as_ref(), Some(&why))?;
    ctx.emit(tx, Event::new(events::TICKET_EDITED, before.ticket))
}

/// Whoever asked blocked the bot that the ticket is asked in, or came back to it.
pub fn note_reach(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>, is_reached: bool) -> Result<()> {
    ctx.require(Permission::TicketsCreate)?;
    let ticket = store::ticket::get(ctx, tx, id)?;
    assigning::note_deed(ctx, tx, &ticket, if is_reached { Deed::Unblocked } else { Deed::Blocked })?;
    ctx.audit(tx, "ticket.reach", "ticket", id, Some(&!is_reached), Some(&is_reached))?;
    ctx.emit(tx, Event::new(events::TICKET_CHANGED, id))
}

/// Has answers told in this chat from here on: the contact asks there now. Whoever knows the chat that is left is told of it.
pub fn follow(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>, chat_ref: &str) -> Result<Ticket> {
    ctx.require(Permission::TicketsCreate)?;
    let sight = Sight::of(ctx, tx)?;
    let before = held_open(ctx, tx, &sight, id)?;
    if before.chat_ref.as_deref() == Some(chat_ref) {
        return Ok(before);
    }
    let after = Ticket { chat_ref: Some(chat_ref.to_owned()), ..before.clone() };
    store::ticket::update(ctx, tx, &after)?;
    ctx.audit(tx, "ticket.follow", "ticket", id, before.chat_ref.as_ref(), after.chat_ref.as_ref())?;
    ctx.emit(tx, Event::new(events::TICKET_MOVED, id).with(&events::Moved { left: before.chat_ref })?)?;
    Ok(after)
}

/// The contact wants no more answers: closes their own ticket.
pub fn close_own(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>) -> Result<Ticket> {
    ctx.require(Permission::TicketsCreate)?;
    let sight = Sight::of(ctx, tx)?;
    let before = sight.seen(store::ticket::lock(ctx, tx, id)?)?;
    end(ctx, tx, before, true)
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
    let mut after = before;
    assigning::hand(ctx, tx, &mut after, Some(&agent), false)?;
    store::ticket::update(ctx, tx, &after)?;
    Ok(after)
}

/// Closes a ticket. One that is closed stays as it is.
pub fn close(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>) -> Result<Ticket> {
    ctx.require(Permission::TicketsEdit)?;
    let sight = Sight::of(ctx, tx)?;
    let before = sight.seen(store::ticket::lock(ctx, tx, id)?)?;
    end(ctx, tx, before, false)
}

/// Ends a ticket that is held.
fn end(ctx: &Ctx, tx: &mut Tx, before: Ticket, by_contact: bool) -> Result<Ticket> {
    if !before.is_open {
        return Ok(before);
    }
    let mut after = Ticket {
        is_open: false,
        closed_at: Some(ctx.now()),
        closed_by: Some(ctx.actor().name.clone()),
        snoozed_until: None,
        ..before.clone()
    };
    after.clock.end(ctx.now());
    store::ticket::update(ctx, tx, &after)?;
    assigning::note_deed(ctx, tx, &after, Deed::Closed)?;
    ctx.audit(tx, "ticket.close", "ticket", after.id, Some(&before), Some(&after))?;
    ctx.emit(
        tx,
        Event::new(events::TICKET_CLOSED, after.id)
            .with(&events::Closed { by_contact, merged_into: None })?,
    )?;
    Ok(after)
}

/// The ticket, held until the end of the transaction, where it is seen and open.
pub(super) fn held_open(ctx: &Ctx, tx: &mut Tx, sight: &Sight, id: Id<Ticket>) -> Result<Ticket> {
    open(sight.seen(store::ticket::lock(ctx, tx, id)?)?)
}

fn open(ticket: Ticket) -> Result<Ticket> {
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
