//! A member: a person in a workspace, with a role. Pure.

use std::str::FromStr;

use kernel::{Error, Id, Timestamp, WorkspaceId};
use serde::Serialize;

use crate::{Invitation, Person, Role, RoleKind};

/// How a membership stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MemberState {
    /// Signs in and works.
    Active,
    /// Belonged here.
    Inactive,
}

impl MemberState {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Active, Self::Inactive];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Active => "auth-member-active",
            Self::Inactive => "auth-member-inactive",
        }
    }
}

impl FromStr for MemberState {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|state| state.word() == word).ok_or_else(Error::not_found)
    }
}

/// A person in a workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// As what.
    pub role: Role,
    /// How it stands.
    pub state: MemberState,
    /// Since when.
    pub created_at: Timestamp,
}

/// A workspace to which a person belongs, or is asked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belonging {
    /// Which.
    pub workspace: WorkspaceId,
    /// What it is called.
    pub name: String,
    /// The name in addresses.
    pub slug: String,
    /// Which role.
    pub role: Id<Role>,
    /// Which role it is.
    pub role_kind: RoleKind,
    /// The role's name.
    pub role_name: String,
    /// The invitation, where they have yet to answer one.
    pub invitation: Option<Id<Invitation>>,
}
