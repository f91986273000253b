//! The SQL of sales' tables.

pub(crate) mod checks;
pub(crate) mod deliveries;
pub(crate) mod invoices;
pub(crate) mod lines;
pub(crate) mod orders;
pub(crate) mod payments;
pub(crate) mod reports;
pub(crate) mod statements;
