//! The conversation engine and the blueprint format: a dialogue as data, and a pure function that holds it.
//!
//! [`Blueprint::load`] reads and checks a file; [`turn`] takes a [`Session`] and an [`Input`] and gives the next session,
//! the [`Reply`]s to send and perhaps an [`ActionCall`], which the host carries out and answers with [`resume`].
//! This crate knows no channel, no database, no clock and nothing of shops; [`shop`] is only a contract.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod action;
pub mod applications;
pub mod assistant;
mod blueprint;
pub mod desk;
pub mod edit;
mod engine;
pub mod examples;
mod expr;
mod format;
mod input;
mod kept;
pub mod limits;
mod notify;
pub mod outside;
mod phrase;
mod problem;
mod read;
mod reply;
mod rich;
mod schema;
mod session;
pub mod shop;
mod small_talk;
pub mod surveys;
mod template;
pub mod tickets;
pub mod transcript;
pub mod value;

pub use action::{ActionCall, ActionResult, ActionSignature, ArgCheck, FAILED, OK};
pub use blueprint::{Blueprint, FORMAT, Outline, OutlineKind};
pub use engine::{Now, Turn, Visit, resume, turn};
pub use input::{Contact, Input, Location, Media, MediaKind};
pub use kept::Kept;
pub use notify::{render_notification, resting};
pub use problem::Problem;
pub use reply::{Asks, Attached, Document, InlineAct, InlineButton, Keyboard, Message, Reply, ReplyButton};
pub use rich::{Mark, RichText, Style, units as rich_units};
pub use schema::schema;
pub use session::Session;
