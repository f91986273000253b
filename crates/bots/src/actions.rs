//! What people do with bots: make one, work on its blueprint, connect it, put it away.

mod drafting;
mod forming;
mod making;
mod managing;
mod publishing;
mod web_chat;

use channels::telegram::{Profile, Token};
use context::{Ctx, Permission};
use db::Tx;
use kernel::{Error, Id, Result, Text};

use crate::{Bot, Bots, Channel, ChannelKind, ChannelState, Intake, store};

pub use drafting::{SaveDraft, discard_draft, save_draft};
pub use forming::{CopyForm, copy_form};
pub use making::{NewBot, create_bot, duplicate_bot};
pub(crate) use managing::erase_handler;
pub use managing::{delete_bot, set_bot_state, set_shop_info, set_staff_chat};
pub use publishing::{Publish, publish, roll_back};
pub use web_chat::{change_web_chat, connect_web_chat};

/// Connects a Telegram token that `getMe` has answered for with `profile`.
pub fn connect_telegram(
    ctx: &Ctx,
    tx: &mut Tx,
    bots: &Bots,
    bot: Id<Bot>,
    token: &Token,
    profile: &Profile,
    intake: Intake,
) -> Result<Channel> {
    ctx.require(Permission::BotsEdit)?;
    store::bot::get(ctx, tx, bot)?;
    let mut channel = making::blank_channel(ctx, bot, ChannelKind::Telegram);
    channel.token_sealed = Some(bots.seal(ctx.random(), channel.id, token)?);
    channel.username = Some(profile.username.clone());
    channel.intake = Some(intake);
    if intake == Intake::Webhook {
        channel.webhook_secret = Some(hex::encode(ctx.random().bytes::<24>()));
    }
    store::channel::insert(ctx, tx, &channel, Some(profile.id))?;
    let told = serde_json::json!({ "bot": bot, "username": profile.username, "intake": intake });
    ctx.audit_new(tx, "channel.connect", "channel", channel.id, &told)?;
    Ok(channel)
}

/// Takes a channel away. Its conversations stay.
pub fn disconnect(ctx: &Ctx, tx: &mut Tx, id: Id<Channel>) -> Result<Channel> {
    ctx.require(Permission::BotsEdit)?;
    let channel = store::channel::get(ctx, tx, id)?;
    if channel.kind == ChannelKind::Simulator {
        return Err(Error::conflict(Text::new("bots-simulator-stays")));
    }
    store::channel::set_state(ctx.workspace(), tx, id, ChannelState::Removed, None)?;
    ctx.audit(tx, "channel.disconnect", "channel", id, Some(&channel.username), None::<&()>)?;
    Ok(channel)
}

/// Lets a broken channel try again, as it was: somebody has mended what was wrong.
pub fn retry_channel(ctx: &Ctx, tx: &mut Tx, id: Id<Channel>) -> Result<Channel> {
    ctx.require(Permission::BotsEdit)?;
    let channel = store::channel::get(ctx, tx, id)?;
    let intake = channel.intake.unwrap_or(Intake::Polling);
    store::channel::set_intake(ctx, tx, id, intake, channel.webhook_secret.as_deref())?;
    ctx.audit(tx, "channel.retry", "channel", id, Some(&channel.problem), None::<&()>)?;
    Ok(channel)
}

/// The channel of the bot's simulator.
// tidy: no permission: whoever tries a bot out was asked before
pub fn simulator_channel(ctx: &Ctx, tx: &mut db::ReadTx, bot: Id<Bot>) -> Result<Channel> {
    let channels = store::channel::list(ctx, tx, bot)?;
    channels.into_iter().find(|channel| channel.kind == ChannelKind::Simulator).ok_or_else(Error::not_found)
}

/// The workspace's bots, oldest first; no workspace has more than a page of them in sight.
pub fn list_bots(ctx: &Ctx, tx: &mut db::ReadTx) -> Result<Vec<Bot>> {
    ctx.require(Permission::BotsRead)?;
    Ok(store::bot::list(ctx, tx, None, kernel::PageRequest::new(1, 500))?.results)
}
