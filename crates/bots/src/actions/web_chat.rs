//! A bot's chats on sites.

use context::{Ctx, Permission};
use db::Tx;
use kernel::{Error, Id, Result, Text};

use super::making::blank_channel;
use crate::{
    Bot, Channel, ChannelKind, store,
    webchat::{NewWebChat, WebChat},
};

/// Chats of one bot: a company's sites, each with a title of its own.
const CHATS_AT_MOST: usize = 10;

/// Makes a chat that sites can show.
pub fn connect_web_chat(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, new: &NewWebChat) -> Result<WebChat> {
    ctx.require(Permission::BotsEdit)?;
    let bot = store::bot::get(ctx, tx, bot)?;
    if store::web_chat::list(ctx, tx, bot.id)?.len() >= CHATS_AT_MOST {
        return Err(Error::conflict(
            Text::new("bots-web-chats-full").with("most", CHATS_AT_MOST.to_string()),
        ));
    }
    let channel = blank_channel(ctx, bot.id, ChannelKind::Web);
    let key = hex::encode(ctx.random().bytes::<12>());
    let chat = new.checked(channel.id, key, title(&bot))?;
    store::channel::insert(ctx, tx, &channel, None)?;
    store::web_chat::insert(ctx, tx, &chat)?;
    ctx.audit_new(tx, "channel.connect", "channel", channel.id, &chat)?;
    Ok(chat)
}

/// Changes what a chat shows and where. Its key stays: the snippet stands in pages of others.
pub fn change_web_chat(ctx: &Ctx, tx: &mut Tx, channel: Id<Channel>, new: &NewWebChat) -> Result<WebChat> {
    ctx.require(Permission::BotsEdit)?;
    let found = store::channel::get(ctx, tx, channel)?;
    let before = store::web_chat::get(ctx, tx, channel)?;
    let bot = store::bot::get(ctx, tx, found.bot)?;
    let after = new.checked(channel, before.key.clone(), title(&bot))?;
    store::web_chat::update(ctx, tx, &after)?;
    ctx.audit(tx, "channel.change", "channel", channel, Some(&before), Some(&after))?;
    Ok(after)
}

/// What a chat is called that nobody gave a title.
fn title(bot: &Bot) -> &str {
    if bot.shop.name.is_empty() { &bot.name } else { &bot.shop.name }
}
