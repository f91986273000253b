//! Tells whoever asked what the support desk says: its answers, and that their ticket is closed.

use context::{Ctx, StoredEvent};
use db::Tx;
use flow::{Message, RichText};
use kernel::{Error, Id, Result};
use serde_json::json;
use tickets::{
    MessageKind, Ticket,
    events::{Closed, TICKET_SAID},
    reads,
};

use super::audience::Audience;
use crate::{Conversation, inbox, said::degrees, store::message::Author, ticketing};

pub(super) fn tell(ctx: &Ctx, tx: &mut Tx, event: &StoredEvent) -> Result<()> {
    let ticket = reads::get(ctx, tx, Id::from_uuid(event.subject))?;
    let Some(conversation) = conversation_of(&ticket) else { return Ok(()) };
    if event.name == TICKET_SAID {
        return answer(ctx, tx, &ticket, conversation, event);
    }
    let Closed { by_contact, merged_into } =
        serde_json::from_value(event.payload.clone()).map_err(Error::internal)?;
    if by_contact {
        return Ok(());
    }
    // A ticket that was merged into another goes on there.
    if merged_into.is_none()
        && let Some(audience) = Audience::find(ctx, tx, conversation, None)?
    {
        audience.tell(ctx, tx, "ticket_closed", &json!({ "number": ticket.number }))?;
    }
    // Another one may have been opened here since.
    match reads::open_anywhere_in(ctx, tx, &conversation.to_string())? {
        Some(_) => Ok(()),
        None => inbox::leave_desk(ctx, tx, conversation),
    }
}

/// The conversation that the ticket is asked in. One that is not ours belongs to another bot.
fn conversation_of(ticket: &Ticket) -> Option<Id<Conversation>> {
    Id::parse(ticket.chat_ref.as_ref()?).ok()
}

fn answer(
    ctx: &Ctx,
    tx: &mut Tx,
    ticket: &Ticket,
    conversation: Id<Conversation>,
    event: &StoredEvent,
) -> Result<()> {
    let told = ticketing::told(&event.payload)?;
    if told.has_arrived {
        return Ok(());
    }
    let message = reads::get_message(ctx, tx, told.message)?;
    if !message.is_answer {
        return Ok(());
    }
    let Some(audience) = Audience::find(ctx, tx, conversation, None)? else { return Ok(()) };
    let said = message.said;
    let mut parts = Vec::new();
    if let (MessageKind::Location, Some(place)) = (said.kind, said.place) {
        let args =
            json!({ "latitude": degrees(place.latitude_e6), "longitude": degrees(place.longitude_e6) });
        parts.extend(audience.message(ctx, "ticket_place", &args).map(|message| message.text.text));
    }
    parts.extend(Some(said.text).filter(|text| !text.is_empty()));
    parts.extend(said.file_url);
    if parts.is_empty() {
        tracing::warn!(ticket.number = ticket.number, message = %told.message, "an answer has nothing that can be told in a chat");
        return Ok(());
    }
    let author = match message.agent {
        Some(agent) => reads::agent(ctx, tx, agent)?.map(|agent| Author {
            id: agent.member.unwrap_or_else(|| kernel::PersonId::from_uuid(uuid::Uuid::nil())),
            name: agent.full_name,
        }),
        None => None,
    };
    let words = Message::of(RichText::plain(parts.join("\n")));
    let key = format!("ticket:{}", told.message);
    if audience.has(ctx, tx, &key)? {
        return Ok(());
    }
    audience.send(ctx, tx, words, Some(&key), author.as_ref())?;
    inbox::answered_at_desk(ctx, tx, conversation, author.as_ref())
}
