//! A key with which an outside system calls the API. Pure.

use context::Permissions;
use kernel::{Id, PersonId, Timestamp};

/// Keys of one workspace that hold at most; a list that nobody reads is a list of forgotten keys.
pub const KEYS_AT_MOST: i64 = 100;

/// A key. It does what its scopes say and never more than its maker may at that moment; when the maker leaves the
/// workspace, the key falls silent.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiKey {
    /// Its id.
    pub id: Id<ApiKey>,
    /// What it is for.
    pub name: String,
    /// Its first characters, which are no secret.
    pub prefix: String,
    /// What it may do at most.
    pub permissions: Permissions,
    /// Who made it.
    pub made_by: PersonId,
    /// The maker's name.
    pub maker: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when; `None` is until it is revoked.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, give or take a minute.
    pub used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl ApiKey {
    /// Whether it still opens anything.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}
