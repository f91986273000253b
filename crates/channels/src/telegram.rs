//! Telegram, through the Bot API.
//!
//! In: [`parse`] takes the bytes of an update, whatever they hold, and gives an [`Incoming`]. Out: [`render`] makes
//! [`Outgoing`] messages of replies, each one API call that can be kept in an outbox; [`Telegram::deliver`] makes the call
//! and says what became of it as [`Sent`] or an [`Outcome`]. [`Limiter`] says when. What holds bots, sessions and queues
//! stands elsewhere.
//!
//! Facts about the Bot API are from tdlib/telegram-bot-api 10.0 and core.telegram.org/bots/api.

mod account;
mod api;
mod deliver;
mod download;
mod incoming;
mod limiter;
mod markup;
mod outcome;
mod outgoing;
mod parse;
mod render;
mod secret;
mod split;
#[cfg(test)]
mod tests;
mod token;

pub use account::{MenuButton, Profile, WebhookState};
pub use api::{DEFAULT_API_URL, Telegram};
pub use deliver::{Bring, Sent, Upload};
pub use download::Download;
pub use incoming::{Chat, ChatKind, FileRef, Incoming, Kind, Sender};
pub use limiter::{Limiter, Turn};
pub use outcome::{CallError, Outcome, classify};
pub use outgoing::{Act, Outgoing, Tap};
pub use parse::{NotAnUpdate, parse, parse_many};
pub use render::render;
pub use secret::{SECRET_HEADER, secret_matches};
pub use split::split;
pub use token::Token;
