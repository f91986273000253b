//! Who runs the server, and what they see of a workspace. Pure.

use kernel::{Error, Result, Timestamp, WorkspaceId};
use web::Caller;

use crate::WorkspaceRecord;

/// Seconds that an operator may act as a member at a time: an hour.
pub const ACTING_S: i64 = 3_600;

/// The proof that whoever calls runs the server, in their own name. Only [`Operator::of`] makes one.
#[derive(Debug, Clone, Copy)]
pub struct Operator(());

impl Operator {
    /// The proof, if whoever calls has it; to everybody else the console is not there.
    pub fn of(caller: &Caller) -> Result<Self> {
        let standing = caller.standing();
        let proven = standing.is_operator && standing.acting.is_none();
        if proven { Ok(Self(())) } else { Err(Error::not_found()) }
    }
}

/// A workspace as whoever runs the server sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its own record.
    pub record: WorkspaceRecord,
    /// Why it is suspended, when it is.
    pub suspended: Option<String>,
    /// Active members.
    pub members: i64,
    /// When something was last done in it.
    pub last_activity: Option<Timestamp>,
}

impl Tenant {
    /// Its id.
    pub const fn id(&self) -> WorkspaceId {
        self.record.id
    }
}
