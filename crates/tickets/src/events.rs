//! The names of what is told of tickets after a commit. The subject is the ticket's id.

/// Somebody asks.
pub const TICKET_OPENED: &str = "ticket.opened";
/// Something was said in it, by the contact or by an agent.
pub const TICKET_SAID: &str = "ticket.said";
/// It has another agent, or none.
pub const TICKET_ASSIGNED: &str = "ticket.assigned";
/// It is closed.
pub const TICKET_CLOSED: &str = "ticket.closed";
