//! What people and programs do with tickets.

mod asking;
mod staff;

pub use self::{
    asking::{
        By, Opening, add_message, assign, close, close_own, edit_message, follow, open_ticket, put_telegram,
        put_user,
    },
    staff::{create_agent, create_category, update_agent, update_category},
};
