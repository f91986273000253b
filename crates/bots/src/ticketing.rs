//! What is said in a chat stands in the person's ticket, and what the desk says is told in the chat.

pub(crate) mod fetching;

use context::{Ctx, Permission};
use db::Tx;
use flow::{Input, MediaKind};
use kernel::{Error, Id, Kind, Result};
use tickets::{By, Kept, MessageKind, Place, Said, Undelivered, actions, events::Told, reads};

use crate::{
    Conversation, Message, notify,
    said::{changed, sent_here},
    turn::open_session,
};

/// The bot on behalf of whoever asks: with what they may do at the desk.
pub(crate) fn asking(ctx: &Ctx) -> Ctx {
    ctx.with(|ctx| {
        ctx.permissions = ctx.permissions.with(Permission::TicketsRead).with(Permission::TicketsCreate);
    })
}

/// What the desk calls a conversation by.
pub(crate) fn chat_ref(conversation: &Conversation) -> String {
    conversation.id.to_string()
}

/// The conversation that a ticket is asked in, by what the desk calls it by. One that is not ours belongs to another bot.
pub(crate) fn asked_in(chat_ref: Option<&str>) -> Option<Id<Conversation>> {
    Id::parse(chat_ref?).ok()
}

/// What the desk calls a message of the platform by.
pub(crate) fn chat_key(conversation: Id<Conversation>, platform_id: i64) -> String {
    format!("{conversation}:{platform_id}")
}

/// The conversation and the platform's id of a message, from what the desk calls it by.
pub(crate) fn message_of(chat_key: &str) -> Option<(Id<Conversation>, i64)> {
    let (conversation, platform_id) = chat_key.rsplit_once(':')?;
    Some((Id::parse(conversation).ok()?, platform_id.parse().ok()?))
}

/// Puts what the person says into the ticket that is open here; whether there is one. `platform_id` is what the platform calls
/// it. What the desk cannot take stands in the conversation all the same.
pub(crate) fn say(
    ctx: &Ctx,
    tx: &mut Tx,
    conversation: &Conversation,
    input: &Input,
    platform_id: Option<i64>,
) -> Result<bool> {
    let ctx = &asking(ctx);
    let Some(mut said) = said_of(input) else { return Ok(false) };
    let Some(ticket) = reads::open_in(ctx, tx, &chat_ref(conversation))? else { return Ok(false) };
    said.chat_key = platform_id.map(|id| chat_key(conversation.id, id));
    put(ctx, tx, ticket.id, By::Contact, said)
}

/// Whether it stands there. What the desk refuses is not for the person to read.
fn put(ctx: &Ctx, tx: &mut Tx, ticket: Id<tickets::Ticket>, by: By, said: Said) -> Result<bool> {
    match tx.savepoint(|tx| actions::add_message(ctx, tx, ticket, by, said.clone())) {
        Ok(_) => Ok(true),
        Err(error)
            if matches!(error.kind(), Kind::Invalid | Kind::Conflict | Kind::NotFound | Kind::Forbidden) =>
        {
            tracing::error!(ticket.id = %ticket, %error, "what was said in a chat could not be put into its ticket");
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// The person changed what they had said: an update of the platform that is kept as it came. What stands in no ticket, is kept
/// for none, and what is no such change is left alone. The conversation's row is the caller's to write.
pub(crate) fn edit(
    ctx: &Ctx,
    tx: &mut Tx,
    conversation: &mut Conversation,
    update: &serde_json::Value,
) -> Result<()> {
    let Some((platform_id, text)) = changed(update) else { return Ok(()) };
    let mut session = open_session(conversation)?;
    if session.say_anew(platform_id, &text) {
        conversation.session = serde_json::to_string(&session).map_err(Error::internal)?;
    }
    let ctx = &asking(ctx);
    let key = chat_key(conversation.id, platform_id);
    if let Some(answer) = reads::message_of_chat(ctx, tx, &key)?.filter(|message| message.is_answer) {
        return notify::edit_answer(ctx, tx, conversation, &answer, &key, &text);
    }
    match tx.savepoint(|tx| actions::edit_message(ctx, tx, &key, &text)) {
        // Words that the desk cannot hold: what stood there stays.
        Err(error) if error.kind() == Kind::Invalid => Ok(()),
        edited => edited.map(drop),
    }
}

/// Somebody of the staff answered in the chat itself: the answer stands in the ticket that is open there.
pub(crate) fn answered(
    ctx: &Ctx,
    tx: &mut Tx,
    conversation: &Conversation,
    message: Id<Message>,
    words: &flow::Message,
) -> Result<()> {
    let ctx = &asking(ctx).with(|ctx| ctx.permissions = ctx.permissions.with(Permission::TicketsEdit));
    let Some(ticket) = reads::open_anywhere_in(ctx, tx, &chat_ref(conversation))? else { return Ok(()) };
    let document =
        words.document.as_ref().map(|file| Kept { hash: file.file.clone(), name: file.name.clone() });
    let picture = words.picture.as_ref().map(|hash| Kept { hash: hash.clone(), name: String::new() });
    let kept = document.or(picture);
    let kind = match (&words.document, &words.picture) {
        (Some(_), _) => MessageKind::File,
        (None, Some(_)) => MessageKind::Image,
        (None, None) => MessageKind::Text,
    };
    let text = words.text.text.clone();
    let said = Said { text, kept, chat_key: Some(message.to_string()), ..Said::blank(kind) };
    put(ctx, tx, ticket.id, By::Staff, said).map(drop)
}

/// What the desk holds of it; `None` for what says nothing there.
pub(crate) fn said_of(input: &Input) -> Option<Said> {
    match input {
        Input::Text(text) => Some(Said::words(text)),
        Input::Contact(contact) => Some(Said::words(&contact.phone)),
        Input::Location(place) => {
            let place = Place { latitude_e6: place.latitude_e6, longitude_e6: place.longitude_e6 };
            Some(Said { place: Some(place), ..Said::blank(MessageKind::Location) })
        }
        Input::Media(media) => {
            let kind = match media.kind {
                MediaKind::Photo => MessageKind::Image,
                MediaKind::Video => MessageKind::Video,
                MediaKind::Voice | MediaKind::Audio => MessageKind::Audio,
                MediaKind::Document => MessageKind::File,
            };
            if let Some((hash, name)) = sent_here(&media.file) {
                let kept = Kept { hash: hash.to_owned(), name: name.to_owned() };
                return Some(Said { text: media.caption.clone(), kept: Some(kept), ..Said::blank(kind) });
            }
            // What Telegram knows a file by is what outside bots know it by, too.
            let file = media.file.strip_prefix("telegram:").unwrap_or(&media.file);
            Some(Said { text: media.caption.clone(), file_id: Some(file.to_owned()), ..Said::blank(kind) })
        }
        Input::Button(_) | Input::Command { .. } | Input::Language(_) | Input::Timeout => None,
    }
}

/// What an answer of the desk is called by among the messages of its chat: it stands there once.
pub(crate) fn answer_key(message: Id<tickets::Message>) -> String {
    format!("ticket:{message}")
}

/// The answer that a message with this key brings.
pub(crate) fn answer_of(key: &str) -> Option<Id<tickets::Message>> {
    Id::parse(key.strip_prefix("ticket:")?).ok()
}

/// Says in its ticket that an answer does not arrive, and why: in the words of the outbox or of the platform.
pub(crate) fn lost(ctx: &Ctx, tx: &mut Tx, message: Id<tickets::Message>, why: &str) -> Result<()> {
    let why = match why {
        "blocked" => Undelivered::Blocked,
        "no channel" => Undelivered::NoChannel,
        "file" => Undelivered::File,
        _ => Undelivered::Refused,
    };
    match actions::lose_answer(&asking(ctx), tx, message, why) {
        // Erased since: nobody looks for it.
        Err(error) if error.kind() == Kind::NotFound => Ok(()),
        lost => lost,
    }
}

/// Says in the ticket that is open here whether the person can be reached: they blocked the bot, or are back.
pub(crate) fn reached(
    ctx: &Ctx,
    tx: &mut Tx,
    conversation: Id<Conversation>,
    is_reached: bool,
) -> Result<()> {
    let ctx = &asking(ctx);
    match reads::open_anywhere_in(ctx, tx, &conversation.to_string())? {
        Some(ticket) => actions::note_reach(ctx, tx, ticket.id, is_reached),
        None => Ok(()),
    }
}

/// What an event of the desk tells.
pub(crate) fn told(payload: &serde_json::Value) -> Result<Told> {
    serde_json::from_value(payload.clone()).map_err(Error::internal)
}
