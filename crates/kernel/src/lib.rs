//! The words every other crate is written in: ids, money, quantities, rates, phones, dates, errors, pages.
//!
//! Pure: no I/O, no clock, no randomness. A value that exists is a valid value; what strangers type becomes
//! one of these types at the edge or is refused with an [`Error`] that names a text key, never a sentence.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod amount;
mod checks;
mod clock;
mod date;
mod decimal;
mod degrees;
mod error;
mod id;
mod lang;
mod page;
mod phone;
mod registry;
mod words;

pub use amount::{Money, Quantity, Rate};
pub use checks::Checks;
pub use clock::{Clock, FixedClock, SystemClock};
pub use date::{Date, Timestamp, Zone};
pub use degrees::degrees;
pub use error::{Arg, Error, FieldError, Kind, Result, Text};
pub use id::Id;
pub use lang::Lang;
pub use page::{Page, PageRequest};
pub use phone::Phone;
pub use registry::{Barcode, Mxik, Pinfl, Tin};

/// Marks the ids of workspaces, the tenants of a server: `Id<Workspace>`.
#[derive(Debug)]
pub enum Workspace {}
/// Marks the ids of people who sign in: `Id<Person>`.
#[derive(Debug)]
pub enum Person {}

/// The id of a workspace.
pub type WorkspaceId = Id<Workspace>;
/// The id of a person who signs in.
pub type PersonId = Id<Person>;
