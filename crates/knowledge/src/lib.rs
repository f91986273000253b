//! What a workspace's bots know: questions with answers, texts, files; cut into passages, found and cited.
//!
//! Others use [`Knowledge`] (one per process, [`Knowledge::find`]), [`has_any`], [`module`] and [`work`]. Nothing here
//! knows bots, conversations or models; what is found is said or cited by whoever asked.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod actions;
mod api;
mod cut;
mod document;
mod index;
mod knowledge;
mod pages;
mod pdf;
mod sheet;
mod store;
mod upload;
mod work;

pub use actions::{
    Imported, NewDocument, create_document, delete_document, get_document, import_pairs, list_documents,
    passages_of, read_again, set_on, update_document,
};
pub use api::{DocumentIn, DocumentOut, FoundOut, PassageOut};
pub use document::{
    Content, Document, DocumentFilter, DocumentKind, DocumentState, FileFormat, Passage, Problem,
};
pub use index::{Engine, Entry, Hit};
pub use knowledge::{Found, Knowledge, has_any};
pub use work::work;

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("knowledge"; "V1__knowledge");

/// The words of this crate.
pub const TEXTS: text::TextFiles = text::files!("knowledge");

/// This domain's part of the application. Its handlers need the services [`Knowledge`] and `files::Blobs`, the latter
/// also its [`work`].
pub fn module() -> web::Module {
    web::Module::new("knowledge")
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
    vec![context::MIGRATIONS, web::MIGRATIONS, jobs::MIGRATIONS, files::MIGRATIONS, MIGRATIONS]
}
