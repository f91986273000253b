//! Who can be written to over a channel, for whoever writes to many: people who talked to the bot, cut by language, label
//! and when they last wrote.

use channels::telegram::Outgoing;
use contacts::Contact;
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Error, Id, Lang, Result, Text, Timestamp};
use tickets::Label;
use uuid::Uuid;

use crate::{
    Body, Bot, BotState, Bots, Channel, ChannelKind, ChannelState, Conversation, Message, store,
    store::message::{Author, Leaving},
    ticketing,
};

/// Chats that are offered to try a message out in.
const CHATS_OFFERED: i64 = 20;
/// How the key of a message begins that went to many.
pub(crate) const BROADCAST_KEY: &str = "broadcast:";

/// Which people of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The channel.
    pub channel: Id<Channel>,
    /// Those who speak one of these; everybody when there is none.
    pub langs: Vec<Lang>,
    /// What those speak who never said.
    pub default_lang: Lang,
    /// With this label.
    pub label: Option<Id<Label>>,
    /// Who wrote at this moment or later.
    pub wrote_since: Option<Timestamp>,
    /// Who last wrote before this moment.
    pub silent_since: Option<Timestamp>,
}

/// How many people a segment holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audience {
    /// People who can be reached.
    pub reachable: i64,
    /// Conversations that can be reached, by the language that the person chose.
    pub by_lang: Vec<(Option<Lang>, i64)>,
    /// Conversations of people who blocked the bot.
    pub blocked: i64,
}

/// One person of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// The conversation.
    pub conversation: Id<Conversation>,
    /// The same for all conversations of one person whose number is known.
    pub person: Uuid,
    /// The platform's id of the chat.
    pub chat: i64,
    /// The language they chose.
    pub lang: Option<Lang>,
    /// What they call themselves.
    pub name: String,
    /// The customer, once they shared their number.
    pub contact: Option<Id<Contact>>,
}

/// A way to people: a bot and one of its channels.
#[derive(Debug, Clone)]
pub struct Way {
    /// The bot.
    pub bot: Bot,
    /// The channel.
    pub channel: Channel,
}

/// A way to people as whoever reads of it is told: nothing of the bot's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayName {
    /// The bot's number.
    pub bot: i64,
    /// The bot's name.
    pub name: String,
    /// The channel's name on the platform; nothing once the channel was taken away.
    pub username: Option<String>,
    /// Whether the channel works.
    pub is_live: bool,
}

/// What a bot's blueprint says to whoever writes in its name.
#[derive(Debug, Clone)]
pub struct Voice {
    /// The language of those who never chose one.
    pub lang: Lang,
    /// Its commands, without the slash, and what they do.
    pub commands: Vec<(String, String)>,
}

/// Every Telegram channel of every bot that is not put away.
pub fn ways(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Way>> {
    ctx.require(Permission::BotsRead)?;
    let mut ways = Vec::new();
    for bot in store::bot::list(ctx, tx, None, kernel::PageRequest::new(1, 500))?.results {
        let channels = store::channel::list(ctx, tx, bot.id)?;
        let outside = channels.into_iter().filter(|channel| channel.kind == ChannelKind::Telegram);
        ways.extend(outside.map(|channel| Way { bot: bot.clone(), channel }));
    }
    Ok(ways)
}

/// The Telegram channel with this id and its bot; `None` where there is none, or it was taken away.
pub fn way_of(ctx: &Ctx, tx: &mut ReadTx, channel: Id<Channel>) -> Result<Option<Way>> {
    ctx.require(Permission::BotsRead)?;
    let found = store::channel::find(ctx, tx, channel)?;
    let Some(channel) = found.filter(|found| found.kind == ChannelKind::Telegram) else { return Ok(None) };
    let bot = store::bot::find(ctx, tx, channel.bot)?;
    Ok(bot.map(|bot| Way { bot, channel }))
}

/// The bot of this channel, and the channel unless it was taken away; `None` when the bot was deleted.
pub fn way(
    ctx: &Ctx,
    tx: &mut ReadTx,
    bot: Id<Bot>,
    channel: Id<Channel>,
) -> Result<Option<(Bot, Option<Channel>)>> {
    ctx.require(Permission::BotsRead)?;
    let Some(bot) = store::bot::find(ctx, tx, bot)? else { return Ok(None) };
    let channel = store::channel::find(ctx, tx, channel)?;
    Ok(Some((bot, channel)))
}

/// What the bot of this channel and the channel are called; `None` when the bot was deleted.
pub fn way_name(ctx: &Ctx, tx: &mut ReadTx, bot: Id<Bot>, channel: Id<Channel>) -> Result<Option<WayName>> {
    ctx.require(Permission::BroadcastRead)?;
    let Some(bot) = store::bot::find(ctx, tx, bot)? else { return Ok(None) };
    let channel = store::channel::find(ctx, tx, channel)?;
    let is_live = channel.as_ref().is_some_and(|channel| channel.state == ChannelState::Live);
    let username = channel.and_then(|channel| channel.username);
    Ok(Some(WayName { bot: bot.number, name: bot.name, username, is_live }))
}

/// What the label of a segment is called; `None` when it was deleted.
pub fn label_name(ctx: &Ctx, tx: &mut ReadTx, label: Id<Label>) -> Result<Option<String>> {
    ctx.require(Permission::BroadcastRead)?;
    let ctx = ctx.with(|ctx| ctx.permissions = ctx.permissions.with(Permission::BotsRead));
    let labels = tickets::reads::labels(&ctx, tx)?;
    Ok(labels.into_iter().find(|found| found.id == label).map(|found| found.name))
}

/// What the bot's blueprint says.
pub fn voice(ctx: &Ctx, tx: &mut ReadTx, bots: &Bots, bot: &Bot) -> Result<Voice> {
    ctx.require(Permission::BotsRead)?;
    let blueprint = bots.blueprint(ctx, tx, bot.id, bot.version)?;
    let commands = blueprint.commands(ctx.lang()).into_iter();
    let commands = commands.map(|(name, does)| (name.to_owned(), does)).collect();
    Ok(Voice { lang: blueprint.language(), commands })
}

/// How many people the segment holds.
pub fn count_audience(ctx: &Ctx, tx: &mut ReadTx, segment: &Segment) -> Result<Audience> {
    ctx.require(Permission::BroadcastRead)?;
    store::audience::count(ctx, tx, segment)
}

/// The people of the segment whom the bot can reach, after this conversation, in a fixed order.
// tidy: no permission: who may write to many was asked when it was decided
pub fn list_audience(
    ctx: &Ctx,
    tx: &mut ReadTx,
    segment: &Segment,
    after: Option<Id<Conversation>>,
    at_most: i64,
) -> Result<Vec<Listener>> {
    store::audience::list(ctx, tx, segment, after, at_most)
}

/// Conversations in which a message can be tried out: the bot's staff chat first, then who wrote last.
pub fn trial_chats(ctx: &Ctx, tx: &mut ReadTx, way: &Way) -> Result<Vec<(Id<Conversation>, String)>> {
    ctx.require(Permission::BotsRead)?;
    let mut chats = store::audience::latest(ctx, tx, way.channel.id, CHATS_OFFERED)?;
    if let Some(staff) = way.bot.staff_chat
        && let Some(found) = store::conversation::find(ctx, tx, staff)?
        && found.channel == way.channel.id
    {
        chats.retain(|(id, _)| *id != staff);
        chats.insert(0, (staff, found.person_name));
    }
    Ok(chats)
}

/// Puts messages among those that leave, for one conversation of this channel: what goes to many is tried out so.
pub fn send_trial(
    ctx: &Ctx,
    tx: &mut Tx,
    channel: Id<Channel>,
    conversation: Id<Conversation>,
    make: impl Fn(i64) -> Vec<Outgoing>,
) -> Result<()> {
    ctx.require(Permission::BroadcastCreate)?;
    let wrong = || Error::field("conversation", Text::new("bots-trial-unknown"));
    let found = store::conversation::find(ctx, tx, conversation)?.ok_or_else(wrong)?;
    let chat = found.chat_key.parse().map_err(|_| wrong())?;
    if found.channel != channel {
        return Err(wrong());
    }
    if found.blocked {
        return Err(Error::field("conversation", Text::new("bots-reply-blocked")));
    }
    let author = Author::acting(ctx);
    let leaving = |call| Leaving { author: Some(author.clone()), ..Leaving::call(ctx, call) };
    let leaving: Vec<Leaving> = make(chat).into_iter().map(leaving).collect();
    store::message::insert_leaving(ctx, tx, channel, conversation, &leaving)
}

/// A message that went to many and has arrived with one of them.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// The conversation.
    pub conversation: Id<Conversation>,
    /// The call that was made.
    pub call: Outgoing,
    /// The platform's id of the message.
    pub platform_id: Option<i64>,
    /// When.
    pub at: Timestamp,
}

/// Writes such messages into the histories of their conversations; `broadcast` names what went to many.
// tidy: no permission: what is sent is written down
pub fn note_arrived(
    ctx: &Ctx,
    tx: &mut Tx,
    channel: Id<Channel>,
    broadcast: Uuid,
    arrived: &[Arrived],
) -> Result<()> {
    store::audience::insert_arrived(ctx, tx, channel, broadcast, arrived)
}

/// Notes that a person blocked the bot or is gone: nothing more is sent until they come back. A conversation that was
/// erased meanwhile is none.
// tidy: no permission: the platform said so
pub fn note_blocked(ctx: &Ctx, tx: &mut Tx, conversation: Id<Conversation>) -> Result<()> {
    for answer in store::message::waiting_answers(ctx, tx, conversation)? {
        ticketing::lost(ctx, tx, answer, "blocked")?;
    }
    let is_new = store::conversation::set_blocked(ctx, tx, conversation, true)?;
    store::message::fail_conversation(tx, ctx.workspace(), conversation, "blocked")?;
    if is_new { ticketing::reached(ctx, tx, conversation, false) } else { Ok(()) }
}

/// Whether something may leave over the channel now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// It may.
    Ready,
    /// The bot is paused, put away or deleted.
    BotRests,
    /// Another node serves the channel now, or nobody may.
    Lost,
}

/// Whether whoever holds the channel with this lease may send over it.
// tidy: no permission: the platform's side asks for itself
pub fn readiness(tx: &mut ReadTx, channel: &Channel) -> Result<Readiness> {
    Ok(match store::audience::standing(tx, channel)? {
        Some((fence, ChannelState::Live, BotState::Active)) if fence == channel.fence => Readiness::Ready,
        Some((fence, ChannelState::Live, _)) if fence == channel.fence => Readiness::BotRests,
        _ => Readiness::Lost,
    })
}

/// Whether the message went to many.
pub(crate) fn is_broadcast(message: &Message) -> bool {
    matches!(message.body, Body::Out(_))
        && message.update_key.as_deref().is_some_and(|key| key.starts_with(BROADCAST_KEY))
}
