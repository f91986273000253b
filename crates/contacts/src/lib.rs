//! Everybody the workspace deals with: one contact for one person or company, whatever hats it wears.
//!
//! Knows nothing of orders, balances or conversations; those name the contact.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod actions;
mod api;
mod contact;
pub mod events;
mod pages;
mod reads;
mod store;

pub use actions::{
    Deletion, create_contact, delete_contact, forget_contact, join_contacts, set_contact_lang,
    update_contact, upsert_by_phone,
};
pub use api::{ContactIn, ContactOut};
pub use contact::{
    Contact, ContactKind, Gender, NAME_CHARS, NewContact, is_email, joined_digits, phone_words,
};
pub use reads::{
    ContactFilter, ContactOrder, find_by_number, find_by_numbers, find_by_phone, get, get_many, list,
};

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("contacts"; "V1__contacts");

/// The messages of this crate.
pub const TEXTS: text::TextFiles = text::files!("contacts");

/// The contacts' part of the application.
pub fn module() -> web::Module {
    web::Module::new("contacts")
        .migrations(MIGRATIONS)
        .texts(TEXTS)
        .api(api::routes())
        .pages(pages::routes())
        .menu(pages::MENU)
        .usage(USAGE)
}

/// What a workspace has of this, for whoever runs the server.
const USAGE: [web::UsageKind; 1] =
    [web::UsageKind { word: "contacts", text: "contacts-usage", count: store::count }];

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![context::MIGRATIONS, web::MIGRATIONS, MIGRATIONS, tests::PROBE]
}
