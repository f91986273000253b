//! The SQL of stock's tables.

pub(crate) mod balances;
pub(crate) mod checks;
pub(crate) mod moves;
pub(crate) mod receipts;
pub(crate) mod reservations;
pub(crate) mod warehouses;
