//! The SQL of bots, their blueprints, channels, conversations and messages.

pub(crate) mod audience;
pub(crate) mod bot;
pub(crate) mod channel;
pub(crate) mod conversation;
pub(crate) mod counted;
pub(crate) mod desk_look;
pub(crate) mod draft;
pub(crate) mod erase;
pub(crate) mod label;
pub(crate) mod media;
pub(crate) mod message;
pub(crate) mod said;
pub(crate) mod summary;
pub(crate) mod version;
pub(crate) mod web_chat;
