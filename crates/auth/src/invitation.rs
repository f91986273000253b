//! An invitation: somebody is asked to join a workspace in a role. Pure.

use kernel::{Id, Lang, PersonId, Timestamp, WorkspaceId};

use crate::{Email, Role};

/// Seconds that an invitation holds: a week.
pub const INVITED_S: i64 = 604_800;
/// Days after which an invitation that ended leaves the list.
pub const LISTED_DAYS: i64 = 30;
/// Invitations of a workspace at most: a page that one can overlook.
pub const INVITATIONS_AT_MOST: i64 = 200;

/// Somebody is asked to join. It is gone when they have, or when it is taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Invitation {
    /// Its id, which is no secret.
    pub id: Id<Invitation>,
    /// Where to.
    pub workspace: WorkspaceId,
    /// What the workspace is called.
    pub workspace_name: String,
    /// Its name in addresses.
    pub workspace_slug: String,
    /// For whom alone; without an address it is for whoever has the link.
    pub email: Option<Email>,
    /// What they are called; may be empty.
    pub name: String,
    /// As what.
    pub role: Role,
    /// The language of the letter.
    pub lang: Lang,
    /// Who invites; nobody where a program did.
    pub invited_by: Option<PersonId>,
    /// What whoever invites is called; empty where a program did.
    pub inviter: String,
    /// Whether its token went by a letter and to nobody else: whoever has it reads that mailbox.
    pub mailed: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// When its link was made last.
    pub sent_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

impl Invitation {
    /// Whether it still holds.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.expires_at > now
    }
}
