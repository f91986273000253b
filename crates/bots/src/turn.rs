//! One update, one transaction: dedupe, session, engine, actions, messages. Kill the process anywhere in it and the
//! update is either not taken or fully done.

use std::sync::Arc;

use channels::telegram;
use context::{Actor, ActorKind, Ctx, Permission, Permissions};
use db::Tx;
use flow::{ActionCall, Blueprint, Input, Now, Reply, Session};
use kernel::{Error, Id, Kind, Result};

use crate::{
    Body, Bot, BotState, Bots, Conversation, Update,
    host::{self, Answers},
    inbox, store,
    store::message::Leaving,
    update::{Chat, Place, What},
};

/// Calls of one update at most: no blueprint of ours makes more than three; a loop would be a fault.
const CALLS_MAX: usize = 16;

/// Takes one update in this transaction. `answers` holds what was found out beforehand. An error whose source is a
/// [`Need`]: nothing is changed, and that has to be found out first.
pub(crate) fn take(ctx: &Ctx, tx: &mut Tx, bots: &Bots, update: &Update, answers: &Answers) -> Result<()> {
    let Update { channel, key, chat, what } = update;
    let body = match what {
        What::Input(input) => Body::In(input.clone()),
        What::Blocked(blocked) => Body::Other(serde_json::json!({ "blocked": blocked })),
        What::Other(value) => Body::Other(value.clone()),
    };
    let Some(chat) = chat else {
        // Taken before or now: there is nothing to answer.
        let _new = store::message::insert_incoming(ctx, tx, *channel, None, key, &body, None)?;
        return Ok(());
    };
    let answering = store::bot::answering(ctx, tx, *channel)?;
    let ctx = as_bot(ctx, answering.bot, chat);
    let Chat { key: chat_key, person_name, username, message_id, .. } = chat;
    let mut conversation =
        store::conversation::lock(&ctx, tx, *channel, chat_key, person_name, username.as_deref())?;
    let at = Some(conversation.id);
    let Some(message) = store::message::insert_incoming(&ctx, tx, *channel, at, key, &body, *message_id)?
    else {
        return Ok(());
    };
    if let What::Input(Input::Text(text) | Input::Media(flow::Media { caption: text, .. })) = what {
        store::said::insert(&ctx, tx, conversation.id, message, text)?;
    }
    let input = match what {
        What::Input(input) if answering.state == BotState::Active => input.clone(),
        // The bot rests, and whoever of the staff answers does not.
        What::Input(input) if conversation.desk.with_person => {
            let is_message = !matches!(input, Input::Button(_));
            inbox::heard(&ctx, tx, &mut conversation, true, is_message)?;
            return store::conversation::update(&ctx, tx, &conversation);
        }
        What::Blocked(blocked) => {
            return store::conversation::set_blocked(ctx.workspace(), tx, conversation.id, *blocked);
        }
        What::Input(_) | What::Other(_) => return Ok(()),
    };
    let blueprint = bots.blueprint(&ctx, tx, answering.bot, answering.version)?;
    conversation.blocked = false;
    Talk { ctx: &ctx, blueprint: &blueprint, bot: answering.bot, chat, answers }.go_on(
        tx,
        &mut conversation,
        input,
    )
}

/// The bot acts, on behalf of whoever writes to it: with what a customer may do and nothing more.
fn as_bot(ctx: &Ctx, bot: Id<Bot>, chat: &Chat) -> Ctx {
    let permissions: Permissions = [
        Permission::InventoryRead,
        Permission::SalesRead,
        Permission::SalesCreate,
        Permission::SalesEdit,
        Permission::BotsRead,
    ]
    .into_iter()
    .collect();
    ctx.with(|builder| {
        builder.actor = Actor { kind: ActorKind::Bot, id: Some(bot.uuid()), name: chat.person_name.clone() };
        builder.permissions = permissions;
    })
}

/// What one input of a conversation needs at hand.
struct Talk<'t> {
    ctx: &'t Ctx,
    blueprint: &'t Arc<Blueprint>,
    bot: Id<Bot>,
    chat: &'t Chat,
    answers: &'t Answers,
}

impl Talk<'_> {
    fn go_on(&self, tx: &mut Tx, conversation: &mut Conversation, input: Input) -> Result<()> {
        let now = Now { at: self.ctx.now(), zone: self.ctx.zone() };
        let session = open_session(conversation)?;
        let is_message = !matches!(input, Input::Button(_));
        let mut turn = flow::turn(self.blueprint, session, input, now);
        let mut replies = std::mem::take(&mut turn.replies);
        for _ in 0..CALLS_MAX {
            let Some(call) = turn.pending.take() else { break };
            let result = self.perform(tx, conversation, &call)?;
            turn = flow::resume(self.blueprint, turn.session, result, now);
            replies.append(&mut turn.replies);
        }
        conversation.lang = turn.session.lang();
        conversation.session = serde_json::to_string(&turn.session).map_err(Error::internal)?;
        inbox::heard(self.ctx, tx, conversation, turn.session.is_handed_over(), is_message)?;
        store::conversation::update(self.ctx, tx, conversation)?;
        let leaving = leave(self.ctx, &self.chat.place, &replies);
        store::message::insert_leaving(self.ctx, tx, conversation.channel, conversation.id, &leaving)
    }

    /// Carries an action out. Its refusal is an outcome of the dialogue; a fault of ours is told politely by the
    /// blueprint and undone by itself, so that the person is answered either way.
    fn perform(
        &self,
        tx: &mut Tx,
        conversation: &mut Conversation,
        call: &ActionCall,
    ) -> Result<flow::ActionResult> {
        let before = conversation.clone();
        let host = host::Host { ctx: self.ctx, bot: self.bot, answers: self.answers };
        match tx.savepoint(|tx| host.perform(tx, conversation, call)) {
            Ok(result) => Ok(result),
            // What has to be found out first, and what may go well when it is run again, is not for the person to read.
            Err(error) if error.kind() == Kind::Busy => Err(error),
            Err(error) => {
                tracing::error!(bot.id = %self.bot, flow.action = call.name, %error, "an action of a bot failed");
                *conversation = before;
                Ok(call.failed())
            }
        }
    }
}

/// The conversation's session, or a new one.
pub(crate) fn open_session(conversation: &Conversation) -> Result<Session> {
    if conversation.session.is_empty() {
        // The count of resets tells the buttons of one session from those of an earlier one.
        let nonce = u32::try_from(conversation.resets).unwrap_or(u32::MAX);
        return Ok(Session::new(nonce, conversation.lang));
    }
    serde_json::from_str(&conversation.session).map_err(Error::internal)
}

/// The replies as messages that leave by the way of this place.
pub(crate) fn leave(ctx: &Ctx, place: &Place, replies: &[Reply]) -> Vec<Leaving> {
    match place {
        Place::Telegram { chat, tap } => {
            // Each call is kept apart; the reply it belongs to stands with the first of it.
            let calls = telegram::render(*chat, tap.as_ref(), replies);
            calls
                .into_iter()
                .map(|call| Leaving {
                    id: ctx.new_id(),
                    body: body_of(&call),
                    outgoing: Some(call),
                    edits: None,
                    key: None,
                    author: None,
                })
                .collect()
        }
        Place::Page { tapped } => {
            let mut replies: Vec<Reply> = replies.to_vec();
            // A tap is always answered.
            if place.is_tap() && !replies.iter().any(|reply| matches!(reply, Reply::Toast(_))) {
                replies.insert(0, Reply::Toast(String::new()));
            }
            replies
                .into_iter()
                .map(|reply| {
                    // An edit replaces the tapped message, a notice belongs to it.
                    let is_about_tapped = match &reply {
                        Reply::Message(message) => message.edit,
                        Reply::Toast(_) => true,
                        Reply::Typing => false,
                    };
                    let edits = if is_about_tapped { *tapped } else { None };
                    Leaving {
                        id: ctx.new_id(),
                        body: Body::Out(reply),
                        outgoing: None,
                        edits,
                        key: None,
                        author: None,
                    }
                })
                .collect()
        }
    }
}

/// What a call of the Bot API says, for the history.
fn body_of(call: &telegram::Outgoing) -> Body {
    use flow::{Keyboard, Message};
    use telegram::Act;
    let message = |text: &flow::RichText, picture: Option<&String>, keyboard: &Keyboard, edit| {
        let (picture, keyboard) = (picture.cloned(), keyboard.clone());
        Body::Out(Reply::Message(Message { picture, keyboard, edit, ..Message::of(text.clone()) }))
    };
    match &call.act {
        Act::Text { text, keyboard } => message(text, None, keyboard, false),
        Act::Photo { picture, caption, keyboard } => message(caption, Some(picture), keyboard, false),
        Act::Document { document, caption, keyboard } => {
            let (document, keyboard) = (Some(document.clone()), keyboard.clone());
            Body::Out(Reply::Message(Message { document, keyboard, ..Message::of(caption.clone()) }))
        }
        Act::EditText { text, keyboard, .. } => message(text, None, keyboard, true),
        Act::EditPhoto { picture, caption, keyboard, .. } => message(caption, Some(picture), keyboard, true),
        Act::Delete { message } => Body::Other(serde_json::json!({ "deleted": message })),
        Act::Answer { text, .. } => Body::Out(Reply::Toast(text.clone())),
        Act::Typing => Body::Out(Reply::Typing),
    }
}
