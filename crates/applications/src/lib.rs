//! Admissions: who applies, for what, and what became of it.
//!
//! Knows nothing of bots and chats; those write down applicants and submit what they say.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

pub mod actions;
mod api;
mod applicant;
mod application;
mod delivered;
mod entry;
pub mod events;
mod field;
mod form;
mod pages;
pub mod reads;
mod store;

pub use actions::{Outcome, Submission, Who};
pub use api::{ApplicantOut, ApplicationFormOut, ApplicationOut, ChoiceOut};
pub use applicant::{AGE_MAX, AGE_MIN, Applicant, NewApplicant};
pub use application::{Answers, Application, BULK_AT_MOST, Status};
pub use contacts::Gender;
pub use delivered::delivered_forms;
pub use entry::{Change, Deed, Entry};
pub use field::{FieldKind, FormField};
pub use form::{FIELDS_AT_MOST, FORMS_AT_MOST, Form, NewForm};
pub use reads::{
    ApplicantFilter, ApplicationFilter, ApplicationOrder, Column, Offered, Personal, WholeApplicant,
    WholeApplication,
};

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations =
    db::migrations!("applications"; "V1__applications", "V2__counted", "V3__listed");

/// The messages of this crate.
pub const TEXTS: text::TextFiles = text::files!("applications");

/// The admissions' part of the application.
pub fn module() -> web::Module {
    web::Module::new("applications")
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
        jobs::MIGRATIONS,
        web::MIGRATIONS,
        files::MIGRATIONS,
        auth::MIGRATIONS,
        catalog::MIGRATIONS,
        contacts::MIGRATIONS,
        MIGRATIONS,
    ]
}
