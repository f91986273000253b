//! What people and programs do with tickets.

mod asking;
mod desk;
mod staff;

pub use self::{
    asking::{
        By, Opening, add_message, assign, close, close_own, edit_message, follow, open_ticket, put_telegram,
        put_user,
    },
    desk::{hold, make_heads, move_to},
    staff::{create_agent, create_category, update_agent, update_category},
};
