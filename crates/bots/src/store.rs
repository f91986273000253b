//! The SQL of bots, channels, conversations and messages.

pub(crate) mod bot;
pub(crate) mod canned;
pub(crate) mod channel;
pub(crate) mod conversation;
pub(crate) mod label;
pub(crate) mod media;
pub(crate) mod message;
pub(crate) mod said;
pub(crate) mod summary;
