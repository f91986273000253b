//! Invitations to the desk as actions: whoever opens a link, and the head agents who make them.

use serde::{Deserialize, Serialize};

use super::DeskDuty;

/// `desk_join`: whoever opens the link of an invitation becomes an agent. Outcomes: `ok` with [`DeskJoined`]; `known` for somebody
/// who is one already; `dead` with [`DeskJoined`] where the link opens nothing any more; `none` for words that no invitation has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinDesk {
    /// What the link brings.
    pub key: String,
}

/// What becomes of whoever opens the link of an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskJoined {
    /// What they are called.
    pub name: String,
    /// The language to speak: theirs, or that of the invitation where they chose none.
    pub lang: String,
    /// `accepted`, `revoked` or `expired` where the link is dead.
    pub why: Option<String>,
}

/// `desk_invite_form`: the invitation as it is made, after something of it was changed. Outcomes: `ok` with [`DeskInvite`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FillDeskInvite {
    /// As it was; a blank one where nothing.
    #[serde(default)]
    pub form: Option<DeskInvite>,
    /// `role` for the other role, or a language.
    #[serde(default)]
    pub act: Option<String>,
    /// The number of a category in which they will answer, or will not.
    #[serde(default)]
    pub category: Option<i64>,
}

/// An invitation as it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskInvite {
    /// Whether they become a head agent.
    pub is_head: bool,
    /// The language that they are greeted in.
    pub lang: String,
    /// Every category that is offered, and whether they will answer in it.
    pub categories: Vec<DeskDuty>,
}

/// `desk_invite`: makes the invitation. Outcomes: `ok` with [`DeskInvited`]; `unfit` where they would answer nowhere, or too many
/// wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MakeDeskInvite {
    /// The invitation.
    pub form: DeskInvite,
}

/// A link to pass on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskInvited {
    /// The link.
    pub link: String,
}

/// What `desk_invitations` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskInvitations {
    /// The newest first.
    pub items: Vec<DeskInvitation>,
    /// Those that wait for somebody.
    pub pending: Vec<DeskInvitation>,
}

/// An invitation as head agents see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskInvitation {
    /// What `desk_revoke` calls it by.
    pub id: String,
    /// Whether they become a head agent.
    pub is_head: bool,
    /// The names of the categories.
    pub answers: String,
    /// `pending`, `accepted`, `revoked` or `expired`.
    pub state: String,
    /// Who came by it.
    pub agent: Option<String>,
    /// Until when it holds, UTC milliseconds.
    pub until_ms: i64,
}

/// `desk_revoke`: takes an invitation back. Outcomes: `ok`; `gone` where somebody came by it meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokeDeskInvite {
    /// Which.
    pub id: String,
}
