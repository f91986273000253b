//! The SQL of this domain's tables.

pub(crate) mod act;
pub(crate) mod message;
pub(crate) mod presence;
pub(crate) mod queue;
pub(crate) mod staff;
pub(crate) mod ticket;
pub(crate) mod user;
pub(crate) mod work;
