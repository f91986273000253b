//! Figures of the whole business: the dashboard, and what was sold by day, product and customer.
//!
//! Owns no table and no SQL: every figure is a public read of the domain whose figure it is, and leads to the list or the
//! account behind it.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod api;
mod chart;
mod dashboard;
mod pages;
mod sold;

pub use dashboard::{Books, Cash, Dashboard, Profit, Sales, StockFigures, TopProduct, dashboard};
pub use sold::{By, SoldRow, sold};

/// The words of this crate.
pub const TEXTS: text::TextFiles = text::files!("reports");

/// This domain's part of the application.
pub fn module() -> web::Module {
    web::Module::new("reports").texts(TEXTS).api(api::routes()).pages(pages::routes()).menu(pages::MENU)
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![
        context::MIGRATIONS,
        web::MIGRATIONS,
        contacts::MIGRATIONS,
        catalog::MIGRATIONS,
        ledger::MIGRATIONS,
        tax::MIGRATIONS,
        cash::MIGRATIONS,
        stock::MIGRATIONS,
        sales::MIGRATIONS,
    ]
}
