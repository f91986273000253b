//! The names of what happens to bots.

/// A bot was made.
pub(crate) const BOT_CREATED: &str = "bot.created";
/// Its name, its facts or its state changed.
pub(crate) const BOT_CHANGED: &str = "bot.changed";
/// Somebody worked on its draft.
pub(crate) const BOT_DRAFT_CHANGED: &str = "bot.draft_changed";
/// Another version answers.
pub(crate) const BOT_PUBLISHED: &str = "bot.published";
/// It was deleted.
pub const BOT_DELETED: &str = "bot.deleted";
