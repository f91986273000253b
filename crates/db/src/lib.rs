//! The database: one transaction type over SQLite and PostgreSQL, group commit, migrations, test databases.
//!
//! The only ways in are [`Db::write`] and [`Db::read`]. What runs inside is an ordinary synchronous closure
//! that may run twice and has no effect outside its [`Tx`]. No other crate knows which database it is on.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]
// `#[db_test]` writes `db::…`; inside this crate that is ourselves.
#[cfg(test)]
extern crate self as db;

mod config;
mod copy;
mod database;
mod dialect;
mod error;
mod many;
mod migrate;
mod pending;
mod postgres;
mod queue;
mod row;
mod sqlite;
pub mod testing;
mod timer;
mod tx;
mod value;
mod wake;

pub use config::{Config, Limits, Target};
pub use copy::{CopiedTable, CopySink, copy_in, copy_out, is_empty};
pub use database::{Db, Lane, Scope, Statement};
pub use db_macros::db_test;
pub use dialect::Backend;
pub use error::{Constraint, ConstraintError, OnConstraint};
pub use migrate::{Migration, Migrations};
pub use row::Row;
pub use sea_query;
pub use tx::{ReadTx, Tx};
pub use value::{FromValue, ToValue, Value};
pub use wake::{Topic, Wakes};

/// The values of a statement, in the order of `$1`, `$2`, …: `params![workspace, id, name]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::ToValue::to_value(&$value)),*] };
}

/// The values of one row, for [`Tx::insert_many`]: `values![workspace, id, name]`.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { ::std::vec![$($crate::ToValue::to_value(&$value).into_owned()),*] };
}

/// A domain's migrations: every `*.sql` named here, in order, from the crate's `migrations/` folder.
///
/// `db::migrations!("sales"; "V1__orders", "V2__returns")`
#[macro_export]
macro_rules! migrations {
    ($domain:literal; $($file:literal),* $(,)?) => {
        $crate::Migrations::new($domain, &[
            $($crate::Migration {
                name: $file,
                sql: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $file, ".sql")),
            }),*
        ])
    };
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<Migrations> {
    vec![Migrations::new("probe", tests::PROBE)]
}
