//! What documents and people do with money.

mod posting;
mod recording;
mod registers;
mod reversing;
mod transferring;

pub use posting::{MoveMoney, post_transaction};
pub use recording::record;
pub use registers::{create_register, default_register, delete_register, update_register};
pub use reversing::reverse_transaction;
pub use transferring::{Transfer, transfer};
