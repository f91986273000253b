//! The SQL of sales' tables.

pub(crate) mod lines;
pub(crate) mod orders;
