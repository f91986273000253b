//! What the workers run in a story: the product's own listeners, one that is told late now and then, and a job of two
//! transactions between which a process may die.

use context::{Ctx, StoredEvent};
use db::{Lane, ReadTx, Tx, params};
use jobs::{Handler, JobError, Listener, NewJob, Run, Work};
use kernel::{Error, Id, Money, Quantity, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;
use stock::{NewReceipt, NewReceiptLine, Receipt};

use catalog::Product;

/// The job that takes a delivery in: writes the receipt down, then posts it.
const RESTOCK: &str = "simulation.restock";
/// The listener that hears of orders; what it heard stands in the audit log.
const HEARS: &str = "simulation.hears";
/// What it leaves there.
pub(crate) const HEARD: &str = "simulation.heard";
/// Every so many events it fails the first time it is told.
const FAILS_EVERY: i64 = 5;

/// A delivery to take in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Restock {
    /// Stands in the receipt's note: there is one receipt for each.
    pub(crate) mark: String,
    pub(crate) product: Id<Product>,
    pub(crate) units: i64,
}

impl Restock {
    pub(crate) fn enqueue(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        jobs::enqueue(ctx, tx, NewJob::new(RESTOCK, self)?).map(drop)
    }
}

/// Everything that a process of the story runs.
pub(crate) fn all() -> Work {
    let mut work = bots::work();
    work.handlers.extend(tickets::work().handlers);
    work.handlers.extend(surveys::work().handlers);
    work.handlers.push(Handler::new(RESTOCK, restock));
    work.listeners.push(Listener {
        name: HEARS,
        events: &[sales::ORDER_PLACED, sales::ORDER_CONFIRMED, sales::ORDER_CANCELLED],
        on: hear,
    });
    work
}

fn hear(ctx: &Ctx, tx: &mut Tx<'_>, event: &StoredEvent) -> Result<()> {
    let heard = json!({ "seq": event.seq });
    ctx.audit_new(tx, HEARD, "sales_order", Id::<()>::from_uuid(event.subject), &heard)?;
    // By the dispatcher it acts under its own name; a job tells it again.
    if event.seq % FAILS_EVERY == 0 && ctx.actor().name == HEARS {
        return Err(Error::internal("the listener fails the first time"));
    }
    Ok(())
}

async fn restock(run: Run) -> Result<(), JobError> {
    let wanted: Restock = run.payload()?;
    let (ctx, delivery) = (run.ctx.clone(), wanted.clone());
    let write_down = move |tx: &mut Tx<'_>| match receipt_of(&ctx, tx, &delivery.mark)? {
        Some(_) => Ok(()),
        None => {
            let line = NewReceiptLine {
                product: delivery.product,
                quantity: Quantity::from_units(delivery.units),
                unit_cost: Money::from_som(1_000),
            };
            let note = delivery.mark.clone();
            stock::create_receipt(&ctx, tx, NewReceipt { note, lines: vec![line], ..NewReceipt::default() })
                .map(drop)
        }
    };
    run.db.write(&run.ctx, Lane::Background, write_down).await.map_err(JobError::Retry)?;
    run.progress(1, 2).await?;
    let ctx = run.ctx.clone();
    let post = move |tx: &mut Tx<'_>| match receipt_of(&ctx, tx, &wanted.mark)? {
        Some((id, false)) => stock::post_receipt(&ctx, tx, id).map(drop),
        Some((_, true)) => Ok(()),
        None => Err(Error::internal("the receipt is gone")),
    };
    run.db.write(&run.ctx, Lane::Background, post).await.map_err(JobError::Retry)
}

/// The receipt with this mark, and whether it is posted.
fn receipt_of(ctx: &Ctx, tx: &mut ReadTx<'_>, mark: &str) -> Result<Option<(Id<Receipt>, bool)>> {
    tx.query_opt(
        "SELECT id, status FROM stock_receipt WHERE workspace_id = $1 AND note = $2",
        params![ctx.workspace(), mark],
        |row| Ok((row.get(0)?, row.get::<String>(1)? == "posted")),
    )
}

/// The jobs that are not done, in words.
pub(crate) fn unfinished(tx: &mut ReadTx<'_>) -> Result<Vec<String>> {
    // tidy: no workspace: the jobs of the whole story
    tx.query("SELECT kind, state, error FROM jobs_job WHERE state NOT IN ('done', 'cancelled')", &[], |row| {
        let (kind, state, error): (String, String, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(format!("{kind} {state} {error:?}"))
    })
}
