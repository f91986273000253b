//! What people and programs do with tickets.

mod after;
mod answering;
mod asking;
mod desk;
mod staff;
mod working;

pub use self::{
    after::{rate, reopen, reopen_own},
    answering::{answer, be_present, become_agent},
    asking::{
        By, Opening, add_message, assign, close, close_own, edit_message, follow, keep_file, lose_file,
        open_ticket, put_telegram, put_user,
    },
    desk::{hold, make_heads},
    staff::{create_agent, create_category, update_agent, update_category},
    working::{add_note, merge, move_to, see, set_duty, set_settings, snooze, unassign, wake},
};
