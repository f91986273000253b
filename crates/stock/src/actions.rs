//! What people and other domains do with stock.

mod adjusting;
mod moving;
mod receiving;
mod reserving;
mod warehouses;

pub use adjusting::{Adjust, AdjustBy, adjust, quantities};
pub use receiving::{create_receipt, delete_receipt, post_receipt, receive, update_receipt};
pub use reserving::{release, reserve};
pub use warehouses::{create_warehouse, default_warehouse, update_warehouse};
