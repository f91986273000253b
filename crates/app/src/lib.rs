//! The program: configuration, the list of modules, the server, the commands.
//!
//! Nothing here decides anything about a business; a module does, and [`modules`] names them all.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

pub mod backup;
mod bot_token;
pub mod commands;
pub mod config;
pub mod demo;
mod environment;
mod head_agents;
mod health;
mod home;
pub mod logs;
pub mod modules;
mod operations;
pub mod parts;
pub mod seed;
pub mod server;
