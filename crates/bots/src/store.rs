//! The SQL of bots, their blueprints, channels, conversations and messages.

pub(crate) mod bot;
pub(crate) mod channel;
pub(crate) mod conversation;
pub(crate) mod draft;
pub(crate) mod erase;
pub(crate) mod message;
pub(crate) mod summary;
pub(crate) mod version;
