//! The commands that Telegram shows beside the input field: told when a channel is taken up, and again when another
//! version of the blueprint answers.

use std::sync::Arc;

use channels::telegram::{CallError, Telegram};
use context::Ctx;
use db::{ReadTx, Tx};
use flow::Blueprint;
use jobs::{Handler, JobError, NewJob, OrFail, Run};
use kernel::{Id, Lang, Result};
use serde::{Deserialize, Serialize};

use crate::{Bot, Bots, Channel, ChannelKind, ChannelState, store};

/// The kind of the job.
const KIND: &str = "bots.set_commands";

#[derive(Debug, Clone, Serialize, Deserialize)]
struct SetCommands {
    bot: Id<Bot>,
    version: i64,
}

pub(crate) fn handler() -> Handler {
    Handler::new(KIND, set)
}

/// Has the bot's channels told the commands of this version.
pub(crate) fn set_soon(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, version: i64) -> Result<()> {
    let job = NewJob::new(KIND, &SetCommands { bot, version })?.unique(format!("commands:{bot}:{version}"));
    jobs::enqueue(ctx, tx, job).map(drop)
}

async fn set(run: Run) -> Result<(), JobError> {
    let SetCommands { bot, version } = run.payload()?;
    let bots: Arc<Bots> = run.services.get().or_fail()?;
    let (ctx, holder) = (run.ctx.clone(), Arc::clone(&bots));
    let read = move |tx: &mut ReadTx<'_>| found(&ctx, tx, &holder, bot, version);
    let Some((blueprint, channels)) = run.db.read(&run.ctx, read).await.or_retry()? else { return Ok(()) };
    for channel in channels {
        let telegram = bots.telegram_of(&channel).or_fail()?;
        if let Err(error) = tell(&telegram, &blueprint).await {
            // The menu is a comfort: the bot works without it.
            tracing::warn!(channel.id = %channel.id, %error, "the commands' menu was not set");
        }
    }
    Ok(())
}

/// The blueprint and whom to tell it; `None` when another version answers by now.
fn found(
    ctx: &Ctx,
    tx: &mut ReadTx,
    bots: &Bots,
    bot: Id<Bot>,
    version: i64,
) -> Result<Option<(Arc<Blueprint>, Vec<Channel>)>> {
    if store::bot::find(ctx, tx, bot)?.is_none_or(|bot| bot.version != version) {
        return Ok(None);
    }
    let mut channels = store::channel::list(ctx, tx, bot)?;
    channels.retain(|channel| channel.kind == ChannelKind::Telegram && channel.state == ChannelState::Live);
    Ok(Some((bots.blueprint(ctx, tx, bot, version)?, channels)))
}

/// Tells Telegram the bot's commands in each language.
pub(super) async fn tell(telegram: &Telegram, blueprint: &Blueprint) -> Result<(), CallError> {
    for lang in [None, Some(Lang::Uz), Some(Lang::Ru), Some(Lang::En)] {
        let commands = blueprint.commands(lang.unwrap_or_default()).into_iter();
        let commands: Vec<(String, String)> =
            commands.map(|(name, description)| (name.to_owned(), description)).collect();
        telegram.set_commands(lang, &commands).await?;
    }
    Ok(())
}
