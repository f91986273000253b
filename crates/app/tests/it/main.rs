//! The program as a whole: a chat over Telegram that becomes an order, routes that strangers try, texts, migrations.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::panic,
    clippy::print_stdout,
    missing_docs
)]

mod admissions_target;
mod answered_by_staff;
mod asked_at_the_desk;
mod backup;
mod bad_input;
mod broadcast_killed;
mod broadcast_target;
mod browser;
mod catalog_target;
mod chat;
mod chat_edges;
mod commands;
mod guards;
mod hard_stop;
mod knowledge_target;
mod migrations;
mod old_forms;
mod openapi;
mod order_by_chat;
mod paper_target;
mod program;
mod routes;
mod samples;
mod seed;
mod shown_as_words;
mod soft_stop;
mod targets;
mod ticket_target;
mod told_in_chat;
mod two_nodes;
mod upload_targets;
mod world;

/// What `#[db_test]` puts into each database.
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    app::modules::migrations()
}
