//! A key with which an outside system or an outside bot calls the API. Pure.

use std::str::FromStr;

use context::{ActorKind, Permissions};
use kernel::{Error, Id, PersonId, Timestamp};

/// Keys of one workspace that hold at most; a list that nobody reads is a list of forgotten keys.
pub const KEYS_AT_MOST: i64 = 100;

/// Who uses a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyKind {
    /// An outside system, which sends it as `X-API-KEY` or in `Authorization`.
    #[default]
    ApiKey,
    /// An outside bot, which sends it as `X-SERVICE-TOKEN`: a service token.
    Service,
}

impl KeyKind {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::ApiKey, Self::Service];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        self.actor().word()
    }

    /// As what it acts.
    pub const fn actor(self) -> ActorKind {
        match self {
            Self::ApiKey => ActorKind::ApiKey,
            Self::Service => ActorKind::Service,
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::ApiKey => "auth-key-kind-api",
            Self::Service => "auth-key-kind-service",
        }
    }

    /// The header that carries it.
    pub const fn header(self) -> &'static str {
        match self {
            Self::ApiKey => "X-API-KEY",
            Self::Service => "X-SERVICE-TOKEN",
        }
    }
}

impl FromStr for KeyKind {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(Error::not_found)
    }
}

/// A key. It does what its scopes say and never more than its maker may at that moment; when the maker leaves the
/// workspace, the key falls silent.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiKey {
    /// Its id.
    pub id: Id<ApiKey>,
    /// Who uses it.
    pub kind: KeyKind,
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
