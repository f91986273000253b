//! What is told of tickets after a commit. The subject is the ticket's id.

use context::Ctx;
use db::ReadTx;
use kernel::{Id, Result};
use serde::{Deserialize, Serialize};

use crate::{Message, reads};

/// Somebody asks.
pub const TICKET_OPENED: &str = "ticket.opened";
/// Something was said in it, by the contact or by the staff: [`Told`].
pub const TICKET_SAID: &str = "ticket.said";
/// Words in it were replaced by others.
pub const TICKET_EDITED: &str = "ticket.edited";
/// It has another agent, or none.
pub const TICKET_ASSIGNED: &str = "ticket.assigned";
/// It is asked in another chat from here on: [`Moved`].
pub const TICKET_MOVED: &str = "ticket.moved";
/// It is closed: [`Closed`].
pub const TICKET_CLOSED: &str = "ticket.closed";
/// Something else became of it: it was moved, snoozed, noted or rated.
pub const TICKET_CHANGED: &str = "ticket.changed";
/// It was closed and is open again: [`Reopened`].
pub const TICKET_REOPENED: &str = "ticket.reopened";
/// It slept, and its time has come.
pub const TICKET_RETURNED: &str = "ticket.returned";
/// A promised time is over.
pub const TICKET_OVERDUE: &str = "ticket.overdue";

/// What is told with [`TICKET_MOVED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Moved {
    /// The chat that it left, as whoever brought it there calls it; nothing where it was asked in none.
    pub left: Option<String>,
}

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
    /// What listeners ask first, so that most of them need not read the message. Events of older programs have none.
    #[serde(default)]
    pub brief: Option<Brief>,
}

/// A message in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// Whether the staff says it.
    pub is_answer: bool,
    /// Its place in the ticket.
    pub place: i64,
    /// Whether it has a file that we do not keep.
    pub has_file_elsewhere: bool,
}

impl Brief {
    pub(crate) const fn of(message: &Message) -> Self {
        let has_file_elsewhere = message.said.file_id.is_some() && message.said.kept.is_none();
        Self { is_answer: message.is_answer, place: message.place, has_file_elsewhere }
    }
}

impl Told {
    pub(crate) const fn of(message: &Message, has_arrived: bool) -> Self {
        Self { message: message.id, has_arrived, brief: Some(Brief::of(message)) }
    }

    /// The message in short.
    pub fn brief(&self, ctx: &Ctx, tx: &mut ReadTx) -> Result<Brief> {
        match self.brief {
            Some(brief) => Ok(brief),
            None => reads::get_message(ctx, tx, self.message).map(|message| Brief::of(&message)),
        }
    }
}
