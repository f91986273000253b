//! One update, one transaction: dedupe, session, engine, actions, messages. Kill the process anywhere in it and the
//! update is either not taken or fully done.

use std::sync::Arc;

use channels::telegram;
use context::{Actor, ActorKind, Ctx, Permission, Permissions};
use db::{ReadTx, Tx};
use flow::{ActionCall, Blueprint, Input, Now, Reply, Session, Turn};
use kernel::{Error, Id, Kind, Result};
use text::Texts;

use crate::{
    Body, Bot, BotState, Bots, Conversation, Update, analytics,
    host::{self, Answers, Done},
    inbox, later, store,
    store::message::Leaving,
    ticketing, trial,
    update::{Chat, Place, What},
};

/// A paused bot says that it rests once in this time in each conversation, milliseconds: who writes the next day reads
/// it again, who writes ten lines reads it once.
const REST_SAID_AGAIN_MS: i64 = 12 * 60 * 60 * 1_000;

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
    let Chat { key: chat_key, person_name, username, message_id, .. } = chat;
    let username = username.as_deref();
    let (known, answering) = match store::conversation::lock_answered(ctx, tx, *channel, chat_key)? {
        Some((known, answering)) => (Some(known), answering),
        None => (None, store::bot::answering(ctx, tx, *channel)?),
    };
    let ctx = as_bot(ctx, answering.bot, person_name);
    let mut conversation = match known {
        Some(known) => known.heard_of(&ctx, person_name, username),
        None => store::conversation::begin(&ctx, tx, *channel, chat_key, person_name, username)?,
    };
    let at = Some(conversation.id);
    let Some(message) = store::message::insert_incoming(&ctx, tx, *channel, at, key, &body, *message_id)?
    else {
        return Ok(());
    };
    if let What::Input(Input::Text(text) | Input::Media(flow::Media { caption: text, .. })) = what {
        store::said::insert(&ctx, tx, conversation.id, message, text)?;
    }
    let input = match what {
        What::Input(input) if answering.state != BotState::Archived => input.clone(),
        What::Blocked(blocked) => {
            return match store::conversation::set_blocked(&ctx, tx, conversation.id, *blocked)? {
                true => ticketing::reached(&ctx, tx, conversation.id, !blocked),
                false => Ok(()),
            };
        }
        What::Other(other) => {
            ticketing::edit(&ctx, tx, &mut conversation, other)?;
            return store::conversation::update(&ctx, tx, &conversation);
        }
        What::Input(_) => return store::conversation::update(&ctx, tx, &conversation),
    };
    let blueprint = bots.holding(&ctx, tx, (answering.bot, answering.version), chat_key)?;
    let from = if matches!(what, What::Input(Input::Button(_))) { From::Tap } else { From::Words };
    // A draft is tried also while its bot rests.
    if answering.state == BotState::Paused && !trial::is_trial(chat_key) {
        // The bot rests, and whoever of the staff answers does not.
        analytics::count_turn(&ctx, tx, &conversation, true, 0, &[])?;
        if conversation.desk.with_person {
            inbox::heard(&ctx, tx, &mut conversation, true, from == From::Words)?;
            ticketing::say(&ctx, tx, &conversation, &input, *message_id)?;
        }
        store::conversation::update(&ctx, tx, &conversation)?;
        return rest(&ctx, tx, &blueprint, &conversation, chat);
    }
    if std::mem::take(&mut conversation.blocked) {
        ticketing::reached(&ctx, tx, conversation.id, true)?;
    }
    // A tap comes with the bot's own message.
    let coming = message_id.filter(|_| from == From::Words);
    let (bot, place) = (answering.bot, &chat.place);
    let texts = bots.texts();
    let talk = Talk { ctx: &ctx, blueprint: &blueprint, bot, place, answers, texts, coming };
    let mut session = talk.given_up(tx, &mut conversation)?;
    session.comes_as(*message_id);
    let was_with_person = session.is_handed_over();
    let turn = flow::turn(&blueprint, session, input.clone(), talk.now());
    let is_for_a_person = was_with_person && turn.session.is_handed_over();
    talk.go_on(tx, &mut conversation, turn, from)?;
    // What led to a person was an answer to the bot; what comes after it is for them.
    if is_for_a_person {
        ticketing::say(&ctx, tx, &conversation, &input, *message_id)?;
    }
    Ok(())
}

/// Goes on with a conversation after an action that took long. An answer that nobody waits for any more changes
/// nothing; a bot that was put away meanwhile keeps silent.
pub(crate) fn resume(
    ctx: &Ctx,
    tx: &mut Tx,
    bots: &Bots,
    id: Id<Conversation>,
    result: flow::ActionResult,
) -> Result<()> {
    let mut conversation = store::conversation::lock_by_id(ctx, tx, id)?;
    let session = open_session(&conversation)?;
    let Some(channel) = store::channel::find(ctx, tx, conversation.channel)? else { return Ok(()) };
    let bot = store::bot::get(ctx, tx, channel.bot)?;
    if session.pending() != Some(result.id) || bot.state == BotState::Archived {
        return Ok(());
    }
    let ctx = as_bot(ctx, bot.id, &conversation.person_name);
    let blueprint = match bots.holding(&ctx, tx, (bot.id, bot.version), &conversation.chat_key) {
        // A draft that got faults while it waited goes on with nothing; what it waited for is not asked for again.
        Err(error) if error.kind() == Kind::Conflict => return Ok(()),
        found => found?,
    };
    let place = Place::of(&channel, &conversation)?;
    let answers = &Answers::default();
    let texts = bots.texts();
    let talk =
        Talk { ctx: &ctx, blueprint: &blueprint, bot: bot.id, place: &place, answers, texts, coming: None };
    let turn = flow::resume(&blueprint, session, result, talk.now());
    talk.go_on(tx, &mut conversation, turn, From::Job)
}

/// Looks something up for the person of this conversation by an action that changes nothing. `None` for any other.
/// An error whose source is a [`Need`]: that has to be found out first.
pub(crate) fn look_up(
    ctx: &Ctx,
    tx: &mut ReadTx,
    bots: &Bots,
    id: Id<Conversation>,
    call: &ActionCall,
    answers: &Answers,
) -> Result<Option<flow::ActionResult>> {
    let Some(conversation) = store::conversation::find(ctx, tx, id)? else { return Ok(None) };
    let Some(channel) = store::channel::find(ctx, tx, conversation.channel)? else { return Ok(None) };
    let bot = store::bot::get(ctx, tx, channel.bot)?;
    let ctx = acting(ctx, bot.id, &conversation.person_name, READS);
    let blueprint = bots.holding(&ctx, tx, (bot.id, bot.version), &conversation.chat_key)?;
    let is_proved = Place::of(&channel, &conversation)?.proves_phones();
    let texts = bots.texts();
    let host =
        host::Host { ctx: &ctx, bot: bot.id, blueprint: &blueprint, answers, texts, is_proved, coming: None };
    host.look(tx, &conversation, call)
}

/// Says that the bot rests: now and then, and not where a person answers. A tap is answered in any case.
fn rest(
    ctx: &Ctx,
    tx: &mut Tx,
    blueprint: &Blueprint,
    conversation: &Conversation,
    chat: &Chat,
) -> Result<()> {
    let mut replies = Vec::new();
    if !conversation.desk.with_person
        && store::conversation::set_rested(ctx, tx, conversation.id, REST_SAID_AGAIN_MS)?
    {
        let lang = conversation.lang.or(chat.lang).unwrap_or_else(|| blueprint.language());
        replies.push(Reply::Message(flow::resting(blueprint, lang)));
    }
    let leaving = leave(ctx, &chat.place, &replies);
    store::message::insert_leaving(ctx, tx, conversation.channel, conversation.id, &leaving)
}

/// The bot acts, on behalf of whoever writes to it: with what a customer may do and nothing more.
fn as_bot(ctx: &Ctx, bot: Id<Bot>, person_name: &str) -> Ctx {
    acting(ctx, bot, person_name, &[READS, &[Permission::SalesCreate, Permission::SalesEdit]].concat())
}

/// What a bot has to read to answer anybody.
const READS: &[Permission] = &[Permission::InventoryRead, Permission::SalesRead, Permission::BotsRead];

fn acting(ctx: &Ctx, bot: Id<Bot>, person_name: &str, permissions: &[Permission]) -> Ctx {
    let permissions: Permissions = permissions.iter().copied().collect();
    ctx.with(|builder| {
        builder.actor = Actor { kind: ActorKind::Bot, id: Some(bot.uuid()), name: person_name.to_owned() };
        builder.permissions = permissions;
    })
}

/// What a turn came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    /// The person said something.
    Words,
    /// The person tapped on a button.
    Tap,
    /// What the conversation waited for is done.
    Job,
}

/// What a turn of a conversation needs at hand.
struct Talk<'t> {
    ctx: &'t Ctx,
    blueprint: &'t Arc<Blueprint>,
    bot: Id<Bot>,
    place: &'t Place,
    answers: &'t Answers,
    texts: &'t Texts,
    /// What the platform calls the message that came.
    coming: Option<i64>,
}

impl Talk<'_> {
    fn now(&self) -> Now {
        Now { at: self.ctx.now(), zone: self.ctx.zone() }
    }

    /// The session as it stands. What it waits for and nobody does any more (a job that died) is given up first.
    fn given_up(&self, tx: &mut Tx, conversation: &mut Conversation) -> Result<Session> {
        let session = open_session(conversation)?;
        let Some(call) = session.pending() else { return Ok(session) };
        if later::is_under_way(self.ctx, tx, conversation, call)? {
            return Ok(session);
        }
        let turn = flow::resume(self.blueprint, session, later::given_up(call), self.now());
        self.go_on(tx, conversation, turn, From::Job)?;
        open_session(conversation)
    }

    /// Carries out what the turn calls, until a question is asked or a job has to do it; keeps all of it.
    fn go_on(&self, tx: &mut Tx, conversation: &mut Conversation, mut turn: Turn, from: From) -> Result<()> {
        let mut replies = std::mem::take(&mut turn.replies);
        let mut visits = std::mem::take(&mut turn.visits);
        for _ in 0..CALLS_MAX {
            let Some(call) = turn.pending.take() else { break };
            match self.perform(tx, conversation, &call)? {
                Done::Now(result) => {
                    turn = flow::resume(self.blueprint, turn.session, result, self.now());
                    replies.append(&mut turn.replies);
                    turn.visits.drain(..).for_each(|visit| visit.put(&mut visits));
                }
                Done::Later => {
                    turn.session.let_go_of_tap();
                    break;
                }
            }
        }
        let said = replies.iter().filter(|reply| matches!(reply, Reply::Message(_))).count();
        analytics::count_turn(self.ctx, tx, conversation, from != From::Job, said, &visits)?;
        conversation.lang = turn.session.lang();
        conversation.session = serde_json::to_string(&turn.session).map_err(Error::internal)?;
        inbox::heard(self.ctx, tx, conversation, turn.session.is_handed_over(), from == From::Words)?;
        store::conversation::update(self.ctx, tx, conversation)?;
        let leaving = leave(self.ctx, self.place, &replies);
        store::message::insert_leaving(self.ctx, tx, conversation.channel, conversation.id, &leaving)
    }

    /// Carries an action out. Its refusal is an outcome of the dialogue; a fault of ours is told politely by the
    /// blueprint and undone by itself, so that the person is answered either way.
    fn perform(&self, tx: &mut Tx, conversation: &mut Conversation, call: &ActionCall) -> Result<Done> {
        let before = conversation.clone();
        let host = host::Host {
            ctx: self.ctx,
            bot: self.bot,
            blueprint: self.blueprint,
            answers: self.answers,
            texts: self.texts,
            is_proved: self.place.proves_phones(),
            coming: self.coming,
        };
        match tx.savepoint(|tx| host.begin(tx, conversation, call)) {
            Ok(done) => Ok(done),
            // What has to be found out first, and what may go well when it is run again, is not for the person to read.
            Err(error) if error.kind() == Kind::Busy => Err(error),
            Err(error) => {
                tracing::error!(bot.id = %self.bot, flow.action = call.name, %error, "an action of a bot failed");
                *conversation = before;
                Ok(Done::Now(call.failed()))
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
            calls.into_iter().map(|call| Leaving::call(ctx, call)).collect()
        }
        Place::Page { tapped } | Place::Site { tapped } => {
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
                        lost: None,
                    }
                })
                .collect()
        }
    }
}

/// What a call of the Bot API says, for the history.
pub(crate) fn body_of(call: &telegram::Outgoing) -> Body {
    use flow::{Attached, Keyboard, Message};
    use telegram::Act;
    let message = |text: &flow::RichText, picture: Option<&String>, keyboard: &Keyboard, edit| {
        let (picture, keyboard) = (picture.cloned(), keyboard.clone());
        Body::Out(Reply::Message(Message { picture, keyboard, edit, ..Message::of(text.clone()) }))
    };
    match &call.act {
        Act::Text { text, keyboard } => message(text, None, keyboard, false),
        Act::Photo { picture, caption, keyboard } => message(caption, Some(picture), keyboard, false),
        Act::Document { document, caption, keyboard } | Act::Video { video: document, caption, keyboard } => {
            let (document, keyboard) = (Some(document.clone()), keyboard.clone());
            Body::Out(Reply::Message(Message { document, keyboard, ..Message::of(caption.clone()) }))
        }
        Act::File { kind, file, caption, keyboard } => {
            let file = if file.contains("://") { file.clone() } else { format!("telegram:{file}") };
            let (attached, keyboard) =
                (Some(Box::new(Attached::File { kind: *kind, file })), keyboard.clone());
            Body::Out(Reply::Message(Message { attached, keyboard, ..Message::of(caption.clone()) }))
        }
        Act::Place { place, keyboard } => {
            let (attached, keyboard) = (Some(Box::new(Attached::Place(*place))), keyboard.clone());
            Body::Out(Reply::Message(Message {
                attached,
                keyboard,
                ..Message::of(flow::RichText::default())
            }))
        }
        Act::EditText { text, keyboard, .. } => message(text, None, keyboard, true),
        Act::EditPhoto { picture, caption, keyboard, .. } => message(caption, Some(picture), keyboard, true),
        Act::Copy { from, message } => {
            Body::Other(serde_json::json!({ "copied": { "chat": from, "message": message } }))
        }
        Act::Delete { message } => Body::Other(serde_json::json!({ "deleted": message })),
        Act::Answer { text, .. } => Body::Out(Reply::Toast(text.clone())),
        Act::Typing => Body::Out(Reply::Typing),
    }
}
