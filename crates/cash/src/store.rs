//! The rows of this crate.

pub(crate) mod checks;
pub(crate) mod registers;
pub(crate) mod transactions;
