//! Taking a conversation over, answering in it, giving it back.

use context::{Ctx, Permission};
use db::Tx;
use flow::{Message as Words, Reply, RichText, limits};
use kernel::{Checks, Error, Id, PersonId, Result, Text};

use super::events::{self, HANDED_BACK, SAID, TAKEN};
use crate::{
    Body, ChannelState, Conversation, DeskAct, Message, analytics, store,
    store::message::Author,
    ticketing,
    turn::{leave, open_session},
    update::Place,
};

/// Characters of a note.
const NOTE_CHARS: usize = 4_000;

/// Who may answer people: whoever answers tickets, and whoever changes bots.
pub(super) fn require_answering(ctx: &Ctx) -> Result<Author> {
    if !ctx.may(Permission::TicketsEdit) {
        ctx.require(Permission::BotsEdit)?;
    }
    ctx.require(Permission::BotsRead)?;
    Ok(Author::acting(ctx))
}

/// Whether the reader took this conversation over.
pub(crate) fn assigned_to_me(ctx: &Ctx, conversation: Option<PersonId>) -> bool {
    conversation.is_some() && conversation == ctx.actor().id.map(PersonId::from_uuid)
}

/// Somebody of the staff answers from here on; who did before is relieved. The bot keeps silent until the conversation
/// is given back, or the person sends a command.
pub(crate) fn take_over(ctx: &Ctx, tx: &mut Tx, id: Id<Conversation>) -> Result<Conversation> {
    let author = require_answering(ctx)?;
    let mut conversation = store::conversation::lock_by_id(ctx, tx, id)?;
    if conversation.desk.with_person && conversation.desk.assignee == Some(author.id) {
        return Ok(conversation);
    }
    take(ctx, tx, &mut conversation, &author)?;
    conversation.desk.see();
    store::conversation::update(ctx, tx, &conversation)?;
    Ok(conversation)
}

/// The row is the caller's to write.
fn take(ctx: &Ctx, tx: &mut Tx, conversation: &mut Conversation, author: &Author) -> Result<()> {
    let before = conversation.desk.assignee_name.clone();
    let mut session = open_session(conversation)?;
    session.hand_over();
    conversation.session = serde_json::to_string(&session).map_err(Error::internal)?;
    conversation.desk.with_person = true;
    conversation.desk.assignee = Some(author.id);
    conversation.desk.assignee_name = Some(author.name.clone());
    store::message::insert_aside(ctx, tx, conversation, &Body::Desk(DeskAct::Taken), Some(author))?;
    ctx.audit(tx, "conversation.take", "conversation", conversation.id, before.as_ref(), Some(&author.name))?;
    events::tell(ctx, tx, conversation, TAKEN)
}

/// The bot answers again: at the person's next word, from its home.
pub(crate) fn hand_back(ctx: &Ctx, tx: &mut Tx, id: Id<Conversation>) -> Result<Conversation> {
    let author = require_answering(ctx)?;
    let mut conversation = store::conversation::lock_by_id(ctx, tx, id)?;
    if !conversation.desk.with_person {
        return Ok(conversation);
    }
    give_back(ctx, tx, &mut conversation, Some(&author))?;
    Ok(conversation)
}

/// The desk is done with whoever asks here: the bot answers again, unless somebody of the staff has taken the conversation, or
/// it is no more.
pub(crate) fn leave_desk(ctx: &Ctx, tx: &mut Tx, id: Id<Conversation>) -> Result<()> {
    ctx.require(Permission::TicketsEdit)?;
    if store::conversation::find(ctx, tx, id)?.is_none() {
        return Ok(());
    }
    let mut conversation = store::conversation::lock_by_id(ctx, tx, id)?;
    if !conversation.desk.with_person || conversation.desk.assignee.is_some() {
        return Ok(());
    }
    give_back(ctx, tx, &mut conversation, None)
}

/// The desk has answered in this conversation: nobody waits there any more.
pub(crate) fn answered_at_desk(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Conversation>,
    author: Option<&Author>,
) -> Result<()> {
    ctx.require(Permission::TicketsEdit)?;
    let mut conversation = store::conversation::lock_by_id(ctx, tx, id)?;
    if let Some(author) = author {
        analytics::count_answer(ctx, tx, &conversation, author)?;
    }
    conversation.desk.answer();
    store::conversation::update(ctx, tx, &conversation)?;
    events::tell(ctx, tx, &conversation, SAID)
}

/// Gives a conversation that is held back to the bot.
fn give_back(ctx: &Ctx, tx: &mut Tx, conversation: &mut Conversation, author: Option<&Author>) -> Result<()> {
    let mut session = open_session(conversation)?;
    session.hand_back();
    conversation.session = serde_json::to_string(&session).map_err(Error::internal)?;
    conversation.desk.give_back();
    store::conversation::update(ctx, tx, conversation)?;
    store::message::insert_aside(ctx, tx, conversation, &Body::Desk(DeskAct::HandedBack), author)?;
    ctx.audit(tx, "conversation.hand_back", "conversation", conversation.id, None::<&()>, None::<&()>)?;
    events::tell(ctx, tx, conversation, HANDED_BACK)
}

/// Answers the person in these words. Whoever answers has taken the conversation over with it.
pub(crate) fn reply(ctx: &Ctx, tx: &mut Tx, id: Id<Conversation>, text: &str) -> Result<Id<Message>> {
    let author = require_answering(ctx)?;
    let mut checks = Checks::new();
    let text = checks.prose("text", text, limits::TEXT_UTF16_MAX);
    checks.hold(!text.is_empty() || checks.has("text"), "text", Text::new("kernel-text-missing"));
    // Telegram counts halves of characters: an emoji is two.
    let is_short = text.encode_utf16().count() <= limits::TEXT_UTF16_MAX;
    checks.hold(is_short || checks.has("text"), "text", Text::new("bots-reply-too-long"));
    checks.done()?;
    send(ctx, tx, id, &author, Words::of(RichText::plain(text)))
}

/// Puts the message among those that leave.
pub(super) fn send(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Conversation>,
    author: &Author,
    words: Words,
) -> Result<Id<Message>> {
    let mut conversation = store::conversation::lock_by_id(ctx, tx, id)?;
    let channel = store::channel::get(ctx, tx, conversation.channel)?;
    if conversation.blocked {
        return Err(Error::conflict(Text::new("bots-reply-blocked")));
    }
    if channel.state == ChannelState::Removed {
        return Err(Error::conflict(Text::new("bots-reply-no-channel")));
    }
    // A colleague may help out without taking somebody's conversation away.
    if !conversation.desk.with_person || conversation.desk.assignee.is_none() {
        take(ctx, tx, &mut conversation, author)?;
    }
    analytics::count_answer(ctx, tx, &conversation, author)?;
    conversation.desk.answer();
    store::conversation::update(ctx, tx, &conversation)?;
    let place = Place::of(&channel, &conversation)?;
    let said = words.text.text.clone();
    let mut leaving = leave(ctx, &place, &[Reply::Message(words.clone())]);
    for part in &mut leaving {
        part.author = Some(author.clone());
    }
    let first =
        leaving.first().map(|part| part.id).ok_or_else(|| Error::internal("a message without a call"))?;
    store::message::insert_leaving(ctx, tx, channel.id, conversation.id, &leaving)?;
    store::said::insert(ctx, tx, conversation.id, first, &said)?;
    ticketing::answered(ctx, tx, &conversation, first, &words)?;
    ctx.audit(tx, "conversation.reply", "conversation", id, None::<&()>, Some(&first))?;
    events::tell(ctx, tx, &conversation, SAID)?;
    Ok(first)
}

/// Writes a note that only the staff reads.
pub(crate) fn note(ctx: &Ctx, tx: &mut Tx, id: Id<Conversation>, text: &str) -> Result<Id<Message>> {
    let author = require_answering(ctx)?;
    let mut checks = Checks::new();
    let text = checks.prose("text", text, NOTE_CHARS);
    checks.hold(!text.is_empty() || checks.has("text"), "text", Text::new("kernel-text-missing"));
    checks.done()?;
    let conversation = store::conversation::lock_by_id(ctx, tx, id)?;
    let note =
        store::message::insert_aside(ctx, tx, &conversation, &Body::Note(text.clone()), Some(&author))?;
    store::said::insert(ctx, tx, conversation.id, note, &text)?;
    ctx.audit(tx, "conversation.note", "conversation", id, None::<&()>, Some(&note))?;
    events::tell(ctx, tx, &conversation, SAID)?;
    Ok(note)
}

/// Somebody of the staff has seen what was said up to now.
pub(crate) fn mark_seen(ctx: &Ctx, tx: &mut Tx, id: Id<Conversation>) -> Result<()> {
    require_answering(ctx)?;
    let mut conversation = store::conversation::lock_by_id(ctx, tx, id)?;
    if conversation.desk.unread == 0 {
        return Ok(());
    }
    conversation.desk.see();
    store::conversation::update(ctx, tx, &conversation)
}
