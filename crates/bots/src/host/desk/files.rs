//! Files that stand in a ticket, brought into the agent's chat.

use channels::telegram::{Act, Outgoing};
use db::{ReadTx, Tx};
use flow::{ActionCall, ActionResult, Document, Reply, RichText, desk::ShowDeskTicket};
use kernel::{Id, Result};
use tickets::Message;

use super::Me;
use crate::{
    Conversation,
    host::{answer, args},
    said::sent_here,
    store,
    store::message::Leaving,
    ticketing,
    turn::leave,
    update::Place,
};

impl Me<'_> {
    /// Sends the files of the shown part of a ticket: those that people sent to this bot, and those that lie with us.
    pub(super) fn files(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let ShowDeskTicket { number, page } = args(call)?;
        let Some(ticket) = self.find(tx, &number)? else { return answer(call, "gone", &()) };
        let channel = store::channel::get(&self.ctx, tx, self.conversation.channel)?;
        let place = Place::of(&channel, self.conversation)?;
        let mut leaving = Vec::new();
        for message in self.history(tx, &ticket, page)?.results.iter().rev() {
            let Some(file) = &message.said.file_id else { continue };
            if let Some((hash, name)) = sent_here(file) {
                leaving.extend(leave(&self.ctx, &place, &[Reply::Message(kept(hash, name))]));
            } else if let Some(copy) = self.copy(tx, message, &place)? {
                leaving.push(Leaving::call(&self.ctx, copy));
            }
        }
        if leaving.is_empty() {
            return answer(call, "empty", &());
        }
        store::message::insert_leaving(&self.ctx, tx, channel.id, self.conversation.id, &leaving)?;
        answer(call, "ok", &())
    }

    /// The message as it came into another chat of this bot.
    fn copy(&self, tx: &mut ReadTx, message: &Message, place: &Place) -> Result<Option<Outgoing>> {
        let Place::Telegram { chat, .. } = place else { return Ok(None) };
        let key = message.said.chat_key.as_deref().and_then(ticketing::message_of);
        let Some((id, platform_id)) = key else { return Ok(None) };
        let id: Id<Conversation> = id;
        let from = store::conversation::find(&self.ctx, tx, id)?;
        let from = from.filter(|from| from.channel == self.conversation.channel);
        let from = from.and_then(|from| from.chat_key.parse().ok());
        Ok(from.map(|from| Outgoing { chat: *chat, act: Act::Copy { from, message: platform_id } }))
    }
}

/// A file that lies with us.
fn kept(hash: &str, name: &str) -> flow::Message {
    let document =
        Document { file: hash.to_owned(), name: name.to_owned(), size_bytes: 0, without: name.to_owned() };
    flow::Message { document: Some(document), ..flow::Message::of(RichText::default()) }
}
