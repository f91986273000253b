//! Actions of every blueprint: calling an address of somebody else's, and telling the staff.

use db::{ReadTx, Tx};
use flow::{
    ActionCall, ActionResult,
    outside::{TellStaff, Webhook},
    render_notification,
};
use kernel::Result;
use serde_json::Value;

use super::{Done, Host, args};
use crate::{ChannelState, Conversation, notify::put, store, webhook};

impl Host<'_> {
    /// Has the address called by a job: nobody waits for another server in a transaction.
    pub(super) fn webhook(
        &self,
        tx: &mut Tx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<Done> {
        let Ok(wanted) = args::<Webhook>(call) else { return Ok(Done::Now(call.failed())) };
        if !webhook::may_be_sent(&wanted) {
            return Ok(Done::Now(call.failed()));
        }
        webhook::enqueue(self.ctx, tx, conversation, call, wanted)?;
        Ok(Done::Later)
    }

    pub(super) fn tell_staff(
        &self,
        tx: &mut Tx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let TellStaff { message, with, chat } = args(call)?;
        let Some(staff) = self.staff_chat(tx, conversation, chat)? else {
            return Ok(call.answer("nobody", Value::Null));
        };
        let lang = staff.lang.unwrap_or_else(|| self.blueprint.language());
        let with = Value::Object(with.unwrap_or_default());
        let Some(words) = render_notification(self.blueprint, &message, lang, self.ctx.zone(), &with) else {
            return Ok(call.failed());
        };
        let channel = store::channel::get(self.ctx, tx, staff.channel)?;
        put(self.ctx, tx, &channel, staff.id, words, None)?;
        Ok(call.answer("ok", Value::Null))
    }

    /// The chat that the call names, or the one that is chosen on the bot's page; `None` where the bot cannot write.
    fn staff_chat(
        &self,
        tx: &mut ReadTx,
        conversation: &Conversation,
        chat: Option<Value>,
    ) -> Result<Option<Conversation>> {
        let key = match chat {
            Some(Value::String(key)) if !key.is_empty() => Some(key),
            Some(Value::Number(key)) => Some(key.to_string()),
            _ => None,
        };
        let found = match key {
            Some(key) => store::conversation::find_by_key(self.ctx, tx, conversation.channel, &key)?,
            None => match store::bot::get(self.ctx, tx, self.bot)?.staff_chat {
                Some(id) => store::conversation::find(self.ctx, tx, id)?,
                None => None,
            },
        };
        let Some(found) = found.filter(|found| !found.blocked) else { return Ok(None) };
        let channel = store::channel::find(self.ctx, tx, found.channel)?;
        let is_open =
            channel.is_some_and(|channel| channel.bot == self.bot && channel.state != ChannelState::Removed);
        Ok(is_open.then_some(found))
    }
}
