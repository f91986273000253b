//! A conversation in which something can be told: whose blueprint says how, in which language, by which way.

use std::sync::{Arc, LazyLock};

use context::Ctx;
use db::{ReadTx, Tx};
use flow::{
    Blueprint, Keyboard, Message, Reply,
    examples::{ADMISSIONS, SHOP, SUPPORT},
    render_notification,
};
use kernel::{Error, Id, Lang, Result};
use serde_json::Value;

use crate::{
    Body, Bots, Channel, ChannelKind, ChannelState, Conversation, DeskAct, analytics,
    ready::telling,
    store::{
        self,
        message::{Author, Copied, Leaving},
    },
    turn::leave,
    update::Place,
};

/// The blueprints as they are delivered: their words are used where a bot's own blueprint is older than what is told.
static DELIVERED: LazyLock<Vec<Blueprint>> = LazyLock::new(|| {
    [SHOP, SUPPORT, ADMISSIONS].into_iter().filter_map(|source| Bots::load(source).ok()).collect()
});

/// Where something is told.
pub(super) struct Audience {
    conversation: Conversation,
    channel: Channel,
    blueprint: Arc<Blueprint>,
    /// What is spoken there.
    pub(super) lang: Lang,
}

impl Audience {
    /// The audience of this conversation; `None` when nobody would read it. `lang` is the customer's, for a
    /// conversation in which no language was chosen.
    pub(super) fn find(
        ctx: &Ctx,
        tx: &mut ReadTx,
        id: Id<Conversation>,
        lang: Option<Lang>,
    ) -> Result<Option<Self>> {
        Ok(Self::of(ctx, tx, id, lang)?.filter(|audience| audience.barrier().is_none()))
    }

    /// The same, also where nobody would read it; `None` when the conversation is no more.
    pub(super) fn of(
        ctx: &Ctx,
        tx: &mut ReadTx,
        id: Id<Conversation>,
        lang: Option<Lang>,
    ) -> Result<Option<Self>> {
        let Some(conversation) = store::conversation::find(ctx, tx, id)? else { return Ok(None) };
        let channel = store::channel::get(ctx, tx, conversation.channel)?;
        let bot = store::bot::get(ctx, tx, channel.bot)?;
        let blueprint = telling(&store::version::source(ctx, tx, bot.id, bot.version)?)?;
        let lang = conversation.lang.or(lang).unwrap_or_default();
        Ok(Some(Self { conversation, channel, blueprint, lang }))
    }

    /// Why nobody would read anything there, in the outbox's words.
    pub(super) fn barrier(&self) -> Option<&'static str> {
        if self.conversation.blocked {
            return Some("blocked");
        }
        (self.channel.state == ChannelState::Removed).then_some("no channel")
    }

    /// Whether it is in Telegram.
    pub(super) fn is_telegram(&self) -> bool {
        self.channel.kind == ChannelKind::Telegram
    }

    /// Whether the bot understands this command.
    pub(super) fn knows_command(&self, name: &str) -> bool {
        self.blueprint.has_command(name)
    }

    /// Whether a message of this key stands there.
    pub(super) fn has(&self, ctx: &Ctx, tx: &mut ReadTx, key: &str) -> Result<bool> {
        store::message::has_key(ctx, tx, self.channel.id, key)
    }

    /// Whether the bot has words of its own for the notification.
    pub(super) fn has_own(&self, notification: &str) -> bool {
        self.blueprint.notifications().any(|own| own == notification)
    }

    /// The notification in the words of the bot. Those that are delivered come without their buttons, which are commands that
    /// the bot does not have.
    pub(super) fn message(&self, ctx: &Ctx, notification: &str, args: &Value) -> Option<Message> {
        let render = |blueprint| render_notification(blueprint, notification, self.lang, ctx.zone(), args);
        render(self.blueprint.as_ref()).or_else(|| {
            let delivered = DELIVERED.iter().find_map(render)?;
            Some(Message { keyboard: Keyboard::Keep, ..delivered })
        })
    }

    /// Tells the notification.
    pub(super) fn tell(&self, ctx: &Ctx, tx: &mut Tx, notification: &str, args: &Value) -> Result<()> {
        match self.message(ctx, notification, args) {
            Some(message) => self.send(ctx, tx, message, None, None),
            None => Ok(()),
        }
    }

    /// Puts a message among those that leave; one whose key stands there already is not put there again. `author` is who of
    /// the staff says it.
    pub(super) fn send(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        message: Message,
        key: Option<&str>,
        author: Option<&Author>,
    ) -> Result<()> {
        put(ctx, tx, &self.channel, self.conversation.id, message, key, author)
    }

    /// The message of this key as it left.
    pub(super) fn copy_of(&self, ctx: &Ctx, tx: &mut ReadTx, key: &str) -> Result<Option<Copied>> {
        store::message::copied(ctx, tx, self.channel.id, key)
    }

    /// What Telegram calls the chat.
    pub(super) fn chat(&self) -> Result<i64> {
        self.conversation.chat_key.parse().map_err(|_| Error::internal("a chat without an id"))
    }

    /// Puts what leaves there as it is.
    pub(super) fn put_leaving(&self, ctx: &Ctx, tx: &mut Tx, leaving: Leaving) -> Result<()> {
        // The lock keeps the order within the chat.
        let conversation = store::conversation::lock_by_id(ctx, tx, self.conversation.id)?;
        store::message::insert_leaving(ctx, tx, self.channel.id, conversation.id, &[leaving])
    }

    /// Keeps a message there that does not arrive, for the staff to see, and why.
    pub(super) fn lose(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        message: Message,
        key: &str,
        author: Option<&Author>,
        why: &'static str,
    ) -> Result<()> {
        let lost = Leaving {
            key: Some(key.to_owned()),
            author: author.cloned(),
            ..Leaving::lost(ctx, message, why)
        };
        store::message::insert_leaving(ctx, tx, self.channel.id, self.conversation.id, &[lost])
    }

    /// Notes for the staff that a file cannot be shown there.
    pub(super) fn lose_file(&self, ctx: &Ctx, tx: &mut Tx, author: Option<&Author>) -> Result<()> {
        let act = Body::Desk(DeskAct::FileLost);
        store::message::insert_aside(ctx, tx, &self.conversation, &act, author).map(drop)
    }
}

/// Puts a message among those that leave to a conversation; one whose key stands there already is not put there again.
pub(crate) fn put(
    ctx: &Ctx,
    tx: &mut Tx,
    channel: &Channel,
    id: Id<Conversation>,
    message: Message,
    key: Option<&str>,
    author: Option<&Author>,
) -> Result<()> {
    // The lock keeps the order within the chat.
    let conversation = store::conversation::lock_by_id(ctx, tx, id)?;
    if let Some(key) = key
        && store::message::has_key(ctx, tx, channel.id, key)?
    {
        return Ok(());
    }
    analytics::count_turn(ctx, tx, &conversation, false, 1, &[])?;
    let place = Place::of(channel, &conversation)?;
    let mut leaving: Vec<Leaving> = leave(ctx, &place, &[Reply::Message(message)]);
    for part in &mut leaving {
        part.author = author.cloned();
    }
    if let Some(first) = leaving.first_mut() {
        first.key = key.map(ToOwned::to_owned);
    }
    store::message::insert_leaving(ctx, tx, channel.id, conversation.id, &leaving)
}
