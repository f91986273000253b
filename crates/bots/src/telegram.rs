//! Telegram channels at work: who serves which, updates in, messages out.

mod intake;
pub(crate) mod menu;
mod post;
mod runner;
mod sender;
mod turns;
mod webhook;

pub use post::{Mailing, Post, stored_upload};
pub use runner::{Runner, RunnerHandle};
pub(crate) use webhook::routes;
