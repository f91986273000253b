//! The SQL of this crate's tables.

pub mod api_key;
pub mod invitation;
pub mod link;
pub mod member;
pub mod operator;
pub mod person;
pub mod refresh;
pub mod role;
pub mod session;
pub mod throttle;
pub mod workspace;
