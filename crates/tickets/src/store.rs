//! The SQL of this domain's tables.

pub(crate) mod act;
pub(crate) mod canned;
pub(crate) mod invitation;
pub(crate) mod label;
pub(crate) mod message;
pub(crate) mod presence;
pub(crate) mod queue;
pub(crate) mod said;
pub(crate) mod staff;
pub(crate) mod ticket;
pub(crate) mod user;
pub(crate) mod work;
