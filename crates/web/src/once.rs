//! Idempotency keys: the same key and body answer the first result, another body is refused (SPEC, "Rules").
//!
//! The answer is stored in the transaction that does the work, so a crash leaves either both or neither.

use context::{Actor, ActorKind, Ctx};
use db::{OnConstraint, Tx, params};
use kernel::{Error, Result, Text, Timestamp};
use serde::{Serialize, de::DeserializeOwned};

/// A request that is to take effect once.
#[derive(Debug, Clone)]
pub(crate) struct Once {
    pub(crate) key: String,
    pub(crate) hash: [u8; 32],
}

impl Once {
    /// Does `work` unless it was done before under this key; answers the same either way.
    pub(crate) fn run<T: Serialize + DeserializeOwned>(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        work: impl FnOnce(&mut Tx) -> Result<T>,
    ) -> Result<T> {
        let actor = actor(ctx);
        let found: Option<(Vec<u8>, serde_json::Value)> = tx.query_opt(
            "SELECT request_hash, answer FROM web_idempotency
             WHERE workspace_id = $1 AND actor = $2 AND idempotency_key = $3",
            params![ctx.workspace(), actor, self.key],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        if let Some((hash, answer)) = found {
            if hash != self.hash {
                return Err(Error::conflict(Text::new("web-idempotency-key-reused")));
            }
            return serde_json::from_value(answer).map_err(Error::internal);
        }
        let value = work(tx)?;
        let answer = serde_json::to_value(&value).map_err(Error::internal)?;
        // The same request at the same moment on another connection: the second is told to ask again.
        tx.execute_one(
            "INSERT INTO web_idempotency (workspace_id, actor, idempotency_key, request_hash, answer, created_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![ctx.workspace(), actor, self.key, self.hash, answer, ctx.now()],
        )
        .on_unique(|| Error::conflict(Text::new("web-idempotency-key-in-use")))?;
        Ok(value)
    }
}

/// Whose the keys are. Outside bots that the environment names have no row and are told apart by their names.
fn actor(ctx: &Ctx) -> String {
    let Actor { kind, id, name } = ctx.actor();
    match id {
        None if *kind == ActorKind::Service => format!("{}:{name}", kind.word()),
        id => format!("{}:{}", kind.word(), id.unwrap_or_default()),
    }
}

/// Forgets keys made before `moment`; SPEC keeps them at least 24 hours.
// tidy: no workspace: housekeeping of the whole server
pub fn delete_older(tx: &mut Tx, moment: Timestamp) -> Result<u64> {
    tx.execute("DELETE FROM web_idempotency WHERE created_at_ms < $1", params![moment])
}
