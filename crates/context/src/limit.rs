//! How much of something a workspace may have, where whoever runs the server says so.
//!
//! The limits are a setting that only the operator's console writes. Whoever makes something countable asks
//! [`require_room`] in the same transaction.

use db::{ReadTx, Tx};
use kernel::{Error, Result, Text};
use serde::{Deserialize, Serialize};

use crate::{Ctx, get_setting, set_setting};

/// The setting's name.
const LIMITS: &str = "operator.limits";

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limited {
    /// Active members.
    Members,
    /// Bots that are not deleted.
    Bots,
    /// Contacts.
    Contacts,
}

impl Limited {
    const fn reached(self) -> &'static str {
        match self {
            Self::Members => "kernel-limit-members",
            Self::Bots => "kernel-limit-bots",
            Self::Contacts => "kernel-limit-contacts",
        }
    }
}

/// The limits of a workspace; what is `None` is not limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Active members at most.
    pub members: Option<i64>,
    /// Bots at most.
    pub bots: Option<i64>,
    /// Contacts at most.
    pub contacts: Option<i64>,
}

impl Limits {
    /// What this is limited to.
    pub const fn of(&self, what: Limited) -> Option<i64> {
        match what {
            Limited::Members => self.members,
            Limited::Bots => self.bots,
            Limited::Contacts => self.contacts,
        }
    }
}

/// The limits of the workspace.
pub fn limits(ctx: &Ctx, tx: &mut ReadTx) -> Result<Limits> {
    get_setting(ctx, tx, LIMITS)
}

/// Writes the limits of the workspace; for the operator's console alone.
pub fn set_limits(ctx: &Ctx, tx: &mut Tx, limits: &Limits) -> Result<()> {
    set_setting(ctx, tx, LIMITS, limits)
}

/// Refuses one more of `what` where the limit is reached. `count` is asked only where there is a limit.
pub fn require_room(
    ctx: &Ctx,
    tx: &mut ReadTx,
    what: Limited,
    count: impl FnOnce(&Ctx, &mut ReadTx) -> Result<i64>,
) -> Result<()> {
    let Some(most) = limits(ctx, tx)?.of(what) else { return Ok(()) };
    if count(ctx, tx)? < most {
        return Ok(());
    }
    Err(Error::conflict(Text::new(what.reached()).with("most", most)))
}
