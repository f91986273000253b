//! The chat on somebody's site: a script draws it there, and speaks with this server as a visitor of the channel.
//!
//! The person who writes is known by a token that their browser keeps; nobody signs in and no cookie is set. What is said
//! is taken by [`crate::receive`], as over every channel, and read from the messages' rows.

mod door;
mod files;
mod live;
mod pace;
mod page;
mod routes;
mod settings;
mod site;
mod socket;
mod visitor;
mod watch;
mod wire;

pub(crate) use self::{
    door::home,
    live::Live,
    pace::Pace,
    routes::routes,
    settings::{COLOUR, snippet},
    visitor::Visitor,
};
pub use self::{
    settings::{NewWebChat, Side, WebChat},
    site::Site,
};
