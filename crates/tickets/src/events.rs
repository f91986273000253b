//! What is told of tickets after a commit. The subject is the ticket's id.

use kernel::Id;
use serde::{Deserialize, Serialize};

use crate::Message;

/// Somebody asks.
pub const TICKET_OPENED: &str = "ticket.opened";
/// Something was said in it, by the contact or by the staff: [`Told`].
pub const TICKET_SAID: &str = "ticket.said";
/// Words in it were replaced by others.
pub const TICKET_EDITED: &str = "ticket.edited";
/// It has another agent, or none.
pub const TICKET_ASSIGNED: &str = "ticket.assigned";
/// It is closed: [`Closed`].
pub const TICKET_CLOSED: &str = "ticket.closed";

/// Something else became of it: it was moved, snoozed, noted or rated.
pub const TICKET_CHANGED: &str = "ticket.changed";
/// It was closed and is open again: [`Reopened`].
pub const TICKET_REOPENED: &str = "ticket.reopened";
/// A promised time is over.
pub const TICKET_OVERDUE: &str = "ticket.overdue";

/// What is told with [`TICKET_CLOSED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Closed {
    /// Whether the contact did it, who knows then.
    pub by_contact: bool,
    /// The number of the ticket where it goes on, where it was merged into one.
    #[serde(default)]
    pub merged_into: Option<i64>,
}

/// What is told with [`TICKET_REOPENED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reopened {
    /// Whether the contact did it, who knows then.
    pub by_contact: bool,
}

/// What is told with [`TICKET_SAID`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Told {
    /// What was said.
    pub message: Id<Message>,
    /// Whether whom it is for has it already: it was said in their chat.
    pub has_arrived: bool,
}
