//! Surveys of students: campaigns, rosters of who is asked, and what they answered.
//!
//! Knows nothing of bots and chats; those bring answers, an outside bot's over the API.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

pub mod actions;
pub mod analytics;
mod api;
mod campaign;
mod download;
pub mod events;
mod import;
mod json;
mod pages;
mod printing;
pub mod reads;
mod response;
mod roster;
mod roster_file;
mod sheet;
mod store;
mod student;
mod survey;
mod upload;
mod work;

pub use actions::{Erased, NewImport, Saved};
pub use campaign::{Campaign, NewCampaign};
pub use contacts::Gender;
pub use import::{Import, ImportState, RowProblem};
pub use reads::{Figures, ResponseFilter, StudentFilter};
pub use response::{Answered, Change, Deed, Employment, Entry, Response};
pub use roster::{RosterRow, student_key};
pub use student::Student;
pub use survey::{NewSurvey, Person};
pub use work::work;

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations =
    db::migrations!("surveys"; "V1__surveys", "V2__imports", "V3__analytics");

/// The messages of this crate.
pub const TEXTS: text::TextFiles = text::files!("surveys");

/// The surveys' part of the application. Its handlers and its job need the service `files::Blobs`.
pub fn module() -> web::Module {
    web::Module::new("surveys")
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
        catalog::MIGRATIONS,
        contacts::MIGRATIONS,
        MIGRATIONS,
    ]
}
