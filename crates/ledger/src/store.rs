//! The SQL of the ledger's tables.

pub(crate) mod accounts;
pub(crate) mod balances;
pub(crate) mod books;
pub(crate) mod checks;
pub(crate) mod entries;
pub(crate) mod lines;
pub(crate) mod reports;
