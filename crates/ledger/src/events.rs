//! What the ledger tells after a commit, of entries that people write. Documents tell of themselves.

use context::{Ctx, Event};
use db::Tx;
use kernel::{Date, Result};
use serde_json::json;

use crate::Posted;

/// A person wrote an entry. The subject is the entry; the payload has its `number` and its day `entry_on`.
pub const ENTRY_POSTED: &str = "ledger_entry.posted";
/// A person took an entry back. The subject is the entry that takes it back; the payload has its `number`, its day
/// `entry_on`, and what it takes back in `reverses`.
pub const ENTRY_REVERSED: &str = "ledger_entry.reversed";

/// Tells that `posted` was written for `day`.
pub(crate) fn posted(ctx: &Ctx, tx: &mut Tx, posted: &Posted, day: Date) -> Result<()> {
    let payload = json!({ "number": posted.number, "entry_on": day });
    ctx.emit(tx, Event::new(ENTRY_POSTED, posted.id).with(&payload)?)
}

/// Tells that `posted` of `day` takes back the entry of the number `reverses`.
pub(crate) fn reversed(ctx: &Ctx, tx: &mut Tx, posted: &Posted, day: Date, reverses: i64) -> Result<()> {
    let payload = json!({ "number": posted.number, "entry_on": day, "reverses": reverses });
    ctx.emit(tx, Event::new(ENTRY_REVERSED, posted.id).with(&payload)?)
}
