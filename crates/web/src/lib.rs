//! HTTP: the application's state, who calls, problems, forms, idempotency, the frame of every page.
//!
//! Domains give a [`Module`] (routes, pages, texts, migrations, menu); `app` puts them together with [`router`].
//! Nothing here decides anything about the business.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod app;
pub mod assets;
mod body;
mod caller;
mod cookie;
mod cors;
mod csrf;
mod events;
mod guard;
mod headers;
mod identity;
mod key;
mod listed;
mod meta;
mod module;
mod once;
pub mod pages;
mod period;
mod problem;
mod router;
mod stale;
pub mod testing;
mod upload;

pub use app::{App, AppConfig, AppParts};
pub use body::{Form, Json, Multi, OptionalJson, Query};
pub use caller::{Caller, Visitor};
pub use cookie::{Cookie, SameSite, find as find_cookie};
pub use cors::Origins;
pub use events::event_stream;
pub use identity::{Acting, Authenticate, Credentials, Identity, Standing};
pub use key::RowKey;
pub use listed::{Listed, PageQuery};
pub use meta::Meta;
pub use module::{Module, UsageKind};
pub use once::delete_older as delete_idempotency_keys_older_than;
pub use period::{PeriodOut, PeriodQuery};
pub use problem::{Problem, ProblemBody, Result};
pub use router::{openapi, router};
pub use upload::{FilePart, FormPart, FormParts, Upload};

/// The name of the session's cookie.
pub const SESSION_COOKIE: &str = "karvon_session";
/// The cookie that holds the language of somebody who has not signed in.
pub const LANG_COOKIE: &str = "karvon_lang";

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("web"; "V1__idempotency");
/// The words of this crate.
pub const TEXTS: text::TextFiles = text::files!("web");

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![context::MIGRATIONS, MIGRATIONS]
}
