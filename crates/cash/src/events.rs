//! What cash tells after a commit, of money that people move. Documents tell of themselves.

use context::{Ctx, Event};
use db::Tx;
use kernel::Result;
use serde_json::json;

use crate::Transaction;

/// Money came into a register or went out of it, moved by a person. The subject is the transaction; the payload has its
/// `number`, `flow`, `kind` and `amount`, and the `balance` of the register after it.
pub const TRANSACTION_RECORDED: &str = "cash_transaction.recorded";

/// Tells of these transactions.
pub(crate) fn recorded(ctx: &Ctx, tx: &mut Tx, transactions: &[&Transaction]) -> Result<()> {
    let event = |one: &&Transaction| {
        let payload = json!({ "number": one.number, "flow": one.flow.word(), "kind": one.kind.word(),
            "amount": one.amount, "balance": one.balance_after });
        Event::new(TRANSACTION_RECORDED, one.id).with(&payload)
    };
    let events = transactions.iter().map(event).collect::<Result<Vec<_>>>()?;
    ctx.emit_many(tx, &events)
}
