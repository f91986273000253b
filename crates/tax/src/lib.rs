//! Taxes: which rate of value added tax holds on which day.
//!
//! The law's rates are the default; a workspace adds its own with the day they begin. Tax knows nothing of orders.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod actions;
mod api;
mod pages;
mod rate;
mod store;

pub use actions::{add_vat_rate, delete_vat_rate, vat_rate, vat_rates};
pub use rate::{Period, VatRate, VatRates};

/// Tax's part of the application.
pub fn module() -> web::Module {
    web::Module::new("tax")
        .migrations(MIGRATIONS)
        .texts(TEXTS)
        .api(api::routes())
        .pages(pages::routes())
        .menu(pages::MENU)
}

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("tax"; "V1__vat_rates");

/// The messages of this crate.
pub const TEXTS: text::TextFiles = text::files!("tax");

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![context::MIGRATIONS, web::MIGRATIONS, MIGRATIONS]
}
