//! What people and programs do with tickets.

mod asking;
mod staff;

pub use self::{
    asking::{By, Opening, add_message, assign, close, open_ticket, put_user},
    staff::{create_agent, create_category, update_agent, update_category},
};
