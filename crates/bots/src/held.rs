//! A suspended workspace's bots fall silent: its channels are held until it works again. Nobody serves a channel that is
//! held; what people write meanwhile waits at the platform, which keeps it for a day.

use auth::actions::{RESUMED, SUSPENDED};
use context::{Ctx, StoredEvent};
use db::Tx;
use jobs::Listener;
use kernel::Result;

use crate::{ChannelState, store};

pub(crate) fn listener() -> Listener {
    Listener { name: "bots.hold_channels", events: &[SUSPENDED, RESUMED], on: hold }
}

fn hold(ctx: &Ctx, tx: &mut Tx, event: &StoredEvent) -> Result<()> {
    let (from, to) = if event.name == SUSPENDED {
        (ChannelState::Live, ChannelState::Held)
    } else {
        (ChannelState::Held, ChannelState::Live)
    };
    let changed = store::channel::set_all(ctx, tx, from, to)?;
    tracing::info!(workspace.id = %ctx.workspace(), changed, to = to.word(), "channels of a workspace");
    Ok(())
}
