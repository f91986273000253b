//! An invitation: whoever opens its link first becomes an agent. Pure.

use context::Random;
use kernel::{Checks, Id, Lang, Result, Text, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{Agent, Category};

/// Seconds that an invitation holds: a week.
pub const INVITED_S: i64 = 604_800;
/// Invitations of a workspace that wait at most: a list that one can overlook.
pub const INVITATIONS_AT_MOST: usize = 200;

/// Somebody is asked to answer at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invitation {
    /// Its id, which is no secret.
    pub id: Id<Invitation>,
    /// Whether they become a head agent.
    pub is_head: bool,
    /// The categories they will answer in; a head agent answers in all.
    pub categories: Vec<Id<Category>>,
    /// The language that they are greeted in.
    pub lang: Lang,
    /// Who invites.
    pub invited_by: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// Who came by it, and when.
    pub accepted: Option<(Id<Agent>, Timestamp)>,
}

/// What became of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    /// It waits for somebody.
    Pending,
    /// Somebody came by it.
    Accepted,
    /// It was taken back.
    Revoked,
    /// Its time is over.
    Expired,
}

impl InvitationState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Accepted, Self::Revoked, Self::Expired];

    /// The word that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }
}

impl Invitation {
    /// What became of it.
    pub fn state(&self, now: Timestamp) -> InvitationState {
        if self.accepted.is_some() {
            InvitationState::Accepted
        } else if self.revoked_at.is_some() {
            InvitationState::Revoked
        } else if self.expires_at <= now {
            InvitationState::Expired
        } else {
            InvitationState::Pending
        }
    }
}

/// As what somebody is asked to come.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the same fields as Invitation's")]
pub struct NewInvitation {
    pub is_head: bool,
    pub categories: Vec<Id<Category>>,
    pub lang: Lang,
}

impl NewInvitation {
    /// The same, tidied. Errors: somebody who is no head agent would answer nowhere.
    pub fn checked(mut self) -> Result<Self> {
        let mut checks = Checks::new();
        let answers = self.is_head || !self.categories.is_empty();
        checks.hold(answers, "categories", Text::new("tickets-invitation-nowhere"));
        checks.done()?;
        self.categories.sort_unstable();
        self.categories.dedup();
        Ok(self)
    }
}

/// The key of an invitation in the clear: it goes into the link and is stored nowhere.
#[derive(Clone)]
pub struct InvitationKey(auth::Secret);

impl std::fmt::Debug for InvitationKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InvitationKey")
    }
}

/// What the start parameter of a link begins with, so that bots know it among others.
const MARK: &str = "desk_";

impl InvitationKey {
    /// A new key, 256 random bits.
    pub fn new(random: &Random) -> Self {
        Self(auth::Secret::for_link(random))
    }

    /// The start parameter of a link of Telegram: 48 of the 64 characters that it may have.
    pub fn start_parameter(&self) -> String {
        format!("{MARK}{}", self.0.reveal())
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
        hash(self.0.reveal())
    }
}

/// What is kept of the key that this start parameter brings; `None` where it brings none.
pub(crate) fn hash_of_start(parameter: &str) -> Option<Vec<u8>> {
    parameter.strip_prefix(MARK).map(hash)
}

fn hash(key: &str) -> Vec<u8> {
    Sha256::digest(key.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_parameter_is_what_telegram_takes_and_leads_to_its_key() {
        let key = InvitationKey::new(&Random::from_seed(1));
        let parameter = key.start_parameter();
        assert!(parameter.len() <= 64, "{parameter}");
        assert!(parameter.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-'), "{parameter}");
        assert_eq!(hash_of_start(&parameter), Some(key.hash()));
        assert_eq!(hash_of_start("instagram"), None);
        assert_eq!(format!("{key:?}"), "InvitationKey");
    }

    #[test]
    fn whoever_is_no_head_agent_answers_somewhere() {
        let new = |is_head| NewInvitation { is_head, categories: Vec::new(), lang: Lang::Uz };
        assert_eq!(new(false).checked().unwrap_err().field_errors()[0].field, "categories");
        assert!(new(true).checked().is_ok());
    }
}
