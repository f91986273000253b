//! The bot's token that the environment may name (`TELEGRAM_BOT_TOKEN`): connected once, as somebody would on the page.

use std::{sync::Arc, time::Duration};

use bots::NewBot;
use channels::telegram::Token;
use context::Ctx;
use db::Scope;
use flow::shop::ShopInfo;
use kernel::{Kind, Result};

use crate::{commands::console_ctx, parts::Parts};

/// The first wait for a workspace or for Telegram, doubled up to the longest.
const WAIT: Duration = Duration::from_millis(500);
const WAIT_MOST: Duration = Duration::from_secs(60);

/// Connects the token to the default workspace, as soon as there is one and Telegram answers; ends with the server.
pub(crate) async fn connect(parts: Parts, token: Token) {
    let mut wait = WAIT;
    loop {
        match try_once(&parts, &token).await {
            Ok(true) => return,
            Ok(false) => tracing::debug!("the token of the environment waits for the first workspace"),
            // The token itself is refused: trying again would not help.
            Err(error) if error.field_errors().iter().any(|e| e.text.key() == "bots-token-refused") => {
                tracing::error!(%error, "Telegram refuses the token of TELEGRAM_BOT_TOKEN");
                return;
            }
            Err(error) if error.kind() == Kind::Internal => {
                tracing::error!(%error, "the token of TELEGRAM_BOT_TOKEN could not be connected");
            }
            Err(error) => tracing::warn!(%error, "the token of TELEGRAM_BOT_TOKEN is not connected yet"),
        }
        tokio::select! {
            () = parts.app.stopping().cancelled() => return,
            () = tokio::time::sleep(wait) => wait = wait.saturating_mul(2).min(WAIT_MOST),
        }
    }
}

/// `false` while there is no workspace.
async fn try_once(parts: &Parts, token: &Token) -> Result<bool> {
    let db = parts.app.db();
    let find = |tx: &mut db::ReadTx<'_>| {
        let Some(id) = auth::default_workspace(tx)? else { return Ok(None) };
        Ok(Some((id, auth::workspace(tx, id)?.name)))
    };
    let Some((workspace, name)) = db.read(Scope::Server, find).await? else { return Ok(false) };
    let ctx: Ctx = console_ctx(parts, workspace);
    let shop = ShopInfo {
        name: name.clone(),
        about: String::new(),
        phone: String::new(),
        address: String::new(),
        hours: String::new(),
        site: String::new(),
        delivers: true,
        pickup: true,
        delivery_tiyin: 0,
    };
    let new = NewBot { name, source: flow::shop::BLUEPRINT.to_owned(), shop };
    if bots::connect_once(db, &Arc::clone(&parts.bots), &ctx, token, new).await? {
        tracing::info!(workspace.id = %workspace, "the bot of TELEGRAM_BOT_TOKEN is connected");
    }
    Ok(true)
}
