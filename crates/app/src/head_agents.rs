//! The head agents of the support desk that the environment may name (`SUPER_ADMIN_IDS`): made once, as another head agent would.

use std::time::Duration;

use db::{Lane, Scope, Tx};
use kernel::Result;

use crate::{commands::console_ctx, parts::Parts};

/// The first wait for a workspace, doubled up to the longest.
const WAIT: Duration = Duration::from_millis(500);
const WAIT_MOST: Duration = Duration::from_secs(60);

/// Makes them in the default workspace, as soon as there is one; ends with the server.
pub(crate) async fn make(parts: Parts, telegram_ids: Vec<i64>) {
    let mut wait = WAIT;
    loop {
        match try_once(&parts, &telegram_ids).await {
            Ok(true) => return,
            Ok(false) => tracing::debug!("the head agents of the environment wait for the first workspace"),
            Err(error) => tracing::warn!(%error, "the head agents of SUPER_ADMIN_IDS are not made yet"),
        }
        tokio::select! {
            () = parts.app.stopping().cancelled() => return,
            () = tokio::time::sleep(wait) => wait = wait.saturating_mul(2).min(WAIT_MOST),
        }
    }
}

/// `false` while there is no workspace.
async fn try_once(parts: &Parts, telegram_ids: &[i64]) -> Result<bool> {
    let db = parts.app.db();
    let found = db.read(Scope::Server, |tx: &mut db::ReadTx<'_>| auth::default_workspace(tx)).await?;
    let Some(workspace) = found else { return Ok(false) };
    let ctx = console_ctx(parts, workspace);
    let (own, ids) = (ctx.clone(), telegram_ids.to_vec());
    let make = move |tx: &mut Tx<'_>| tickets::actions::make_heads(&own, tx, &ids);
    let made = db.write(&ctx, Lane::People, make).await?;
    if made > 0 {
        tracing::info!(workspace.id = %workspace, agents = made, "the head agents of SUPER_ADMIN_IDS are made");
    }
    Ok(true)
}
