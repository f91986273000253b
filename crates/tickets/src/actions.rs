//! What people and programs do with tickets.

mod after;
mod answering;
mod asking;
mod canned;
mod desk;
mod inviting;
mod joining;
mod labels;
mod staff;
mod working;

pub use self::{
    after::{rate, reopen, reopen_own},
    answering::{answer, be_present, become_agent},
    asking::{
        By, Opening, add_message, assign, close, close_own, edit_message, follow, keep_file, lose_answer,
        lose_file, note_reach, open_ticket, put_telegram, put_user,
    },
    canned::{create_canned_reply, delete_canned_reply, update_canned_reply},
    desk::{hold, make_heads},
    inviting::{Coming, accept_invitation, find_invitation, invite_agent, revoke_invitation},
    joining::lead_to,
    labels::{create_label, delete_label, update_label},
    staff::{create_agent, create_category, update_agent, update_category},
    working::{
        add_note, merge, move_to, see, set_duty, set_settings, set_ticket_labels, snooze, unassign, wake,
    },
};
