//! The bot through which people come to the support desk: whose links lead to it.

use context::Ctx;
use db::ReadTx;
use kernel::{Error, Result, Text};
use tickets::{InvitationKey, NewInvitation, actions};

use crate::{BotState, Bots, ChannelState, store};

/// What a blueprint calls whose bot takes agents in.
const JOIN: &str = "desk_join";

/// The name in Telegram of a bot that takes agents in, without `@`: the oldest that is connected. `None` where there is none.
pub(crate) fn door(ctx: &Ctx, tx: &mut ReadTx, bots: &Bots) -> Result<Option<String>> {
    for channel in store::channel::in_telegram(ctx, tx)? {
        let bot = store::bot::get(ctx, tx, channel.bot)?;
        if channel.state != ChannelState::Live || bot.state == BotState::Archived {
            continue;
        }
        let Some(username) = channel.username else { continue };
        let blueprint = bots.blueprint(ctx, tx, bot.id, bot.version)?;
        if blueprint.calls().any(|call| call == JOIN) {
            return Ok(Some(username));
        }
    }
    Ok(None)
}

/// The link of Telegram by which whoever has this key becomes an agent.
pub(crate) fn link(username: &str, key: &InvitationKey) -> String {
    format!("https://t.me/{username}?start={}", key.start_parameter())
}

/// Asks somebody to the desk through the bot that takes agents in. Errors: there is none.
pub(crate) fn invite(
    ctx: &Ctx,
    tx: &mut db::Tx,
    bots: &Bots,
    new: NewInvitation,
    key: &InvitationKey,
) -> Result<kernel::Id<tickets::Invitation>> {
    let made = actions::invite_agent(ctx, tx, new, key)?;
    match door(ctx, tx, bots)? {
        Some(_) => Ok(made.id),
        None => Err(Error::conflict(Text::new("bots-desk-no-door"))),
    }
}
