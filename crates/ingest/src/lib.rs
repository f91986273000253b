//! Spreadsheets into the catalog and the stock: files become rows, rows are checked, good rows are written by the
//! domains' own actions.
//!
//! Knows rows, columns, mistakes and progress. What a product or a receipt is, `catalog` and `stock` know.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod actions;
mod api;
mod apply;
mod books;
mod columns;
mod direct;
mod download;
mod import;
mod kind;
mod number;
mod pages;
mod problem;
mod row;
mod sheet;
mod stage;
mod store;
mod upload;
mod work;

pub use actions::{apply_import, bad_rows, cancel_import, get_import, is_stopped, list_imports, set_columns};
pub use api::ImportOut;
pub use columns::{Field, Mapping};
pub use direct::{Report, import_products, import_receipt};
pub use import::{Import, ImportState, Policy, Refused};
pub use kind::ImportKind;
pub use problem::BadRow;
pub use work::work;

/// The messages of this crate.
pub const TEXTS: text::TextFiles = text::files!("ingest");

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("ingest"; "V1__imports");

/// The part of the application that imports. Its handlers and jobs need the service `files::Blobs`.
pub fn module() -> web::Module {
    web::Module::new("ingest")
        .migrations(MIGRATIONS)
        .texts(TEXTS)
        .api(api::routes())
        .pages(pages::routes())
        .menu(pages::MENU)
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![
        context::MIGRATIONS,
        web::MIGRATIONS,
        jobs::MIGRATIONS,
        files::MIGRATIONS,
        catalog::MIGRATIONS,
        contacts::MIGRATIONS,
        tax::MIGRATIONS,
        ledger::MIGRATIONS,
        stock::MIGRATIONS,
        MIGRATIONS,
    ]
}
