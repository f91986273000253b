//! Actions of every blueprint: calling an address of somebody else's, asking the assistant, telling the staff.

use db::{ReadTx, Tx};
use flow::{
    ActionCall, ActionResult, OK,
    assistant::{Answered, AnsweredBy, AskAssistant},
    outside::{TellStaff, Webhook},
    render_notification,
};
use kernel::Result;
use serde_json::Value;

use super::{Done, Host, answer, args};
use crate::{ChannelState, Conversation, analytics, assistant, notify::put, store, webhook};

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

    /// Answers small talk; has everything else answered by a job, which looks into the knowledge and asks a model.
    pub(super) fn ask_assistant(
        &self,
        tx: &mut Tx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<Done> {
        let Ok(wanted) = args::<AskAssistant>(call) else { return Ok(Done::Now(call.failed())) };
        let question = wanted.question.as_deref().unwrap_or_default().trim();
        if question.is_empty() {
            return Ok(Done::Now(call.answer("unknown", Value::Null)));
        }
        let Some(text) = self.blueprint.small_talk(question, call.lang) else {
            assistant::enqueue(self.ctx, tx, conversation, call, wanted)?;
            return Ok(Done::Later);
        };
        let by = AnsweredBy::SmallTalk;
        analytics::count_question(self.ctx, tx, conversation, Some(by))?;
        answer(call, OK, &Answered { text, sources: Vec::new(), by }).map(Done::Now)
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
        put(self.ctx, tx, &channel, staff.id, words, None, None)?;
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
