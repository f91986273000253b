//! What people and other domains do with stock.

mod adjusting;
mod delivering;
mod moving;
mod receiving;
mod reserving;
mod warehouses;

pub use adjusting::{Adjust, AdjustBy, adjust, quantities};
pub use delivering::{deliver, take_back};
pub use receiving::{create_receipt, delete_receipt, post_receipt, receive, update_receipt};
pub use reserving::{release, reserve};
pub use warehouses::{create_warehouse, default_warehouse, update_warehouse};

use context::Ctx;
use db::Tx;
use kernel::{Error, Result, Text};
use ledger::NewEntry;

/// Posts what a document of stock did to the books; there is nothing to post where nothing cost anything. What the books
/// refuse of the day is said beside `day`, the field that says it.
fn post_entry(ctx: &Ctx, tx: &mut Tx, entry: Option<NewEntry>, day: &str) -> Result<()> {
    let Some(entry) = entry else { return Ok(()) };
    let refused = |error: Error| match error.field_errors().iter().find(|field| field.field == "date") {
        Some(field) => Error::field(day, field.text.clone()),
        None if error.field_errors().is_empty() => error,
        None => Error::field("lines", Text::new("stock-value-too-large")),
    };
    ledger::post(ctx, tx, entry).map(drop).map_err(refused)
}
