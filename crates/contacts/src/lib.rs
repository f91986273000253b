//! Everybody the workspace deals with: one contact for one person or company, whatever hats it wears.
//!
//! Knows nothing of orders, balances or conversations; those name the contact.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod actions;
mod contact;
pub mod events;
mod reads;
mod store;

pub use actions::{
    Deletion, create_contact, delete_contact, set_contact_lang, update_contact, upsert_by_phone,
};
pub use contact::{Contact, ContactKind, NewContact};
pub use reads::{
    ContactFilter, ContactOrder, find_by_number, find_by_numbers, find_by_phone, get, get_many, list,
};

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("contacts"; "V1__contacts");

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![context::MIGRATIONS, MIGRATIONS, tests::PROBE]
}
