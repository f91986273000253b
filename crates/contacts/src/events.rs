//! The names of what is told of contacts after a commit. The subject is the contact's id.

/// A contact was written down.
pub const CONTACT_CREATED: &str = "contact.created";
/// Something in a contact was changed.
pub const CONTACT_CHANGED: &str = "contact.changed";
/// A contact was deleted.
pub const CONTACT_DELETED: &str = "contact.deleted";
/// Whoever a contact is asked to be forgotten: what is kept of them elsewhere goes, too.
pub const CONTACT_FORGOTTEN: &str = "contact.forgotten";
