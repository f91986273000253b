//! The inbox: people answer in place of a bot, and speak among themselves about it.
//!
//! The bot's silence is a state of the dialogue (`flow::Session::hand_over`), so there is one truth about who answers: a
//! blueprint's step, or somebody of the staff, hands over; a command of the person, or the staff, gives back.

mod answering;
mod desk;
mod events;
mod files;
mod labels;
mod person;

pub use self::events::{HANDED_BACK, HANDED_OVER, SAID, TAKEN};
pub(crate) use self::{
    answering::{answered_at_desk, assigned_to_me, hand_back, leave_desk, mark_seen, note, reply, take_over},
    desk::heard,
    files::{Attachment, Brought, MAX_ATTACHMENT_BYTES, attach, brought, fetch, plain_name, received},
    labels::set_labels,
    person::{Person, set_person},
};
