//! The support desk's actions: what people may ask about, opening a ticket, saying something in it, closing it.

use contacts::Contact;
use context::Ctx;
use db::{ReadTx, Tx};
use flow::{
    ActionCall, ActionResult, Input, Kept, Media,
    tickets::{
        OpenTicket, RateTicket, RatedTicket, ReopenTicket, SayInTicket, TicketCategories, TicketCategory,
        TicketView,
    },
    value::integer,
};
use kernel::{Error, Id, Kind, Lang, Result};
use tickets::{Opening, STARS_MAX, Ticket, actions, reads};

use super::{Host, answer, args, person::telegram_of};
use crate::{Conversation, ticketing};

impl Host<'_> {
    pub(super) fn ticket_categories(&self, tx: &mut ReadTx, call: &ActionCall) -> Result<ActionResult> {
        let ctx = &ticketing::asking(self.ctx);
        let offered = reads::categories(ctx, tx)?.into_iter().filter(|category| category.is_active);
        let items: Vec<_> = offered
            .map(|category| TicketCategory {
                number: category.number,
                name: category.name.get(call.lang).to_owned(),
            })
            .collect();
        let outcome = if items.is_empty() { "empty" } else { "ok" };
        answer(call, outcome, &TicketCategories { items })
    }

    pub(super) fn my_ticket(
        &self,
        tx: &mut Tx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let ctx = &ticketing::asking(self.ctx);
        match self.own(ctx, tx, conversation)? {
            Some(ticket) => answer(call, "open", &view(ctx, tx, &ticket, call.lang)?),
            None => answer(call, "none", &()),
        }
    }

    pub(super) fn open_ticket(
        &self,
        tx: &mut Tx,
        conversation: &mut Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let ctx = &ticketing::asking(self.ctx);
        if let Some(ticket) = self.own(ctx, tx, conversation)? {
            return answer(call, "already", &view(ctx, tx, &ticket, call.lang)?);
        }
        let Ok(OpenTicket { category }) = args(call) else { return answer(call, "gone", &()) };
        let offered = reads::categories(ctx, tx)?.into_iter();
        let Some(category) = offered.filter(|one| one.is_active).find(|one| one.number == category) else {
            return answer(call, "gone", &());
        };
        let contact = self.who_asks(ctx, tx, conversation, call.lang)?;
        let chat = ticketing::chat_ref(conversation);
        let (outcome, ticket) = match actions::open_ticket(ctx, tx, contact, category.id, Some(&chat))? {
            Opening::New(ticket) => ("ok", ticket),
            // Opened in the meantime in another chat of theirs; where a typed number proves nothing, whose it is is asked again.
            Opening::AlreadyOpen(ticket) if self.is_proved => {
                ("already", actions::follow(ctx, tx, ticket.id, &chat)?)
            }
            Opening::AlreadyOpen(_) => return Err(Error::busy()),
        };
        answer(call, outcome, &view(ctx, tx, &ticket, call.lang)?)
    }

    pub(super) fn say_in_ticket(
        &self,
        tx: &mut Tx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let SayInTicket { said, text, media } = args(call)?;
        let text = text.filter(|text| !text.trim().is_empty()).map(Input::Text);
        let media = media.and_then(|media| serde_json::from_value::<Media>(media).ok()).map(Input::Media);
        let alone = media.into_iter().chain(text).map(|input| Kept { input, message: None });
        let mut outcome = "none";
        for Kept { input, message } in said.into_iter().chain(alone) {
            if ticketing::say(self.ctx, tx, conversation, &input, message)? {
                outcome = "ok";
            }
        }
        answer(call, outcome, &())
    }

    pub(super) fn close_ticket(
        &self,
        tx: &mut Tx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let ctx = &ticketing::asking(self.ctx);
        let Some(ticket) = self.own(ctx, tx, conversation)? else { return answer(call, "none", &()) };
        let closed = actions::close_own(ctx, tx, ticket.id)?;
        answer(call, "ok", &view(ctx, tx, &closed, call.lang)?)
    }

    pub(super) fn rate_ticket(
        &self,
        tx: &mut Tx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let ctx = &ticketing::asking(self.ctx);
        let rating: RateTicket = args(call)?;
        let Some((stars, number)) = rating.said().filter(|(stars, _)| (1..=STARS_MAX).contains(stars)) else {
            return answer(call, "none", &());
        };
        let ticket = self.closed(ctx, tx, conversation, number)?;
        let Some(ticket) = ticket.filter(|ticket| !ticket.is_open) else { return answer(call, "none", &()) };
        // Stars alone leave the words that were said with others.
        let before = ticket.rating.map(|rating| rating.comment).unwrap_or_default();
        let comment = rating.comment.unwrap_or(before);
        let rated = actions::rate(ctx, tx, ticket.id, stars, &comment)?;
        answer(call, "ok", &RatedTicket { number: rated.number, stars })
    }

    pub(super) fn reopen_ticket(
        &self,
        tx: &mut Tx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let ctx = &ticketing::asking(self.ctx);
        let ReopenTicket { number } = args(call)?;
        let Some(ticket) = self.closed(ctx, tx, conversation, integer(&number))? else {
            return answer(call, "none", &());
        };
        // The same one, after a second tap, or another.
        if let Some(open) = self.own(ctx, tx, conversation)? {
            return answer(call, "already", &view(ctx, tx, &open, call.lang)?);
        }
        let chat = ticketing::chat_ref(conversation);
        match tx.savepoint(|tx| actions::reopen_own(ctx, tx, ticket.id, Some(&chat))) {
            Ok(ticket) => answer(call, "ok", &view(ctx, tx, &ticket, call.lang)?),
            Err(error) if error.kind() == Kind::Conflict => answer(call, "late", &()),
            Err(error) => Err(error),
        }
    }

    /// The person's ticket with this number, or the last closed one of this chat, whatever became of it since.
    fn closed(
        &self,
        ctx: &Ctx,
        tx: &mut ReadTx,
        conversation: &Conversation,
        number: Option<i64>,
    ) -> Result<Option<Ticket>> {
        let chat = ticketing::chat_ref(conversation);
        let Some(number) = number else { return reads::last_closed_in(ctx, tx, &chat) };
        let found = match reads::get_by_number(ctx, tx, number) {
            Err(error) if error.kind() == Kind::NotFound => return Ok(None),
            found => found?,
        };
        let is_theirs = found.chat_ref.as_deref() == Some(chat.as_str())
            || self.known(ctx, tx, conversation)? == Some(found.contact);
        Ok(is_theirs.then_some(found))
    }

    /// The contact that the person is for sure; `None` where a typed number proves nothing.
    fn known(&self, ctx: &Ctx, tx: &mut ReadTx, conversation: &Conversation) -> Result<Option<Id<Contact>>> {
        match conversation.contact {
            _ if !self.is_proved => Ok(None),
            Some(contact) => Ok(Some(contact)),
            None => match telegram_of(ctx, tx, conversation)? {
                Some(telegram) => reads::contact_of_telegram(ctx, tx, telegram.telegram_id),
                None => Ok(None),
            },
        }
    }

    /// The person's open ticket, whose answers come here from now on. Where a typed number proves nothing, only what was
    /// asked in this very chat is theirs.
    fn own(&self, ctx: &Ctx, tx: &mut Tx, conversation: &Conversation) -> Result<Option<Ticket>> {
        let chat = ticketing::chat_ref(conversation);
        if let Some(here) = reads::open_in(ctx, tx, &chat)? {
            return Ok(Some(here));
        }
        let Some(contact) = self.known(ctx, tx, conversation)? else { return Ok(None) };
        match reads::open_of(ctx, tx, contact)? {
            Some(elsewhere) => actions::follow(ctx, tx, elsewhere.id, &chat).map(Some),
            None => Ok(None),
        }
    }

    /// The contact that the person is. Where a typed number proves nothing, whoever has that number is somebody else to the desk.
    fn who_asks(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        conversation: &mut Conversation,
        lang: Lang,
    ) -> Result<Id<Contact>> {
        let telegram = telegram_of(ctx, tx, conversation)?;
        let known = match (conversation.contact, &telegram) {
            (Some(contact), _) if self.is_proved || is_of_the_chat(ctx, tx, contact)? => Some(contact),
            (None, Some(telegram)) => reads::contact_of_telegram(ctx, tx, telegram.telegram_id)?,
            _ => None,
        };
        let contact = match known {
            Some(contact) => contact,
            None => self.contact_of_the_chat(tx, conversation, lang)?,
        };
        conversation.contact = conversation.contact.or(Some(contact));
        if let Some(telegram) = telegram {
            actions::put_telegram(ctx, tx, contact, &telegram)?;
        }
        Ok(contact)
    }
}

/// Whether no number led to the contact, and nobody else asks as it: it was made for the chat.
fn is_of_the_chat(ctx: &Ctx, tx: &mut ReadTx, contact: Id<Contact>) -> Result<bool> {
    Ok(contacts::get(ctx, tx, contact)?.phone.is_none() && reads::open_of(ctx, tx, contact)?.is_none())
}

fn view(ctx: &Ctx, tx: &mut ReadTx, ticket: &Ticket, lang: Lang) -> Result<TicketView> {
    let category = reads::categories(ctx, tx)?.into_iter().find(|category| category.id == ticket.category);
    let category = category.map(|category| category.name.get(lang).to_owned()).unwrap_or_default();
    Ok(TicketView { number: ticket.number, category })
}
