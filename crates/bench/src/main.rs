//! Measures the program against its bars. `cargo xtask bench NAME --database sqlite|postgres` builds and runs this
//! in release; docs/BENCHMARKS.md says what each name measures.
//!
//! Every measurement prints a table and ends with one line a bar; one that is short makes the exit code 1.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::float_arithmetic,
    clippy::print_stdout,
    reason = "a measurement that cannot go on stops with a panic, and its figures are printed"
)]

mod action;
mod apply;
mod bare;
mod bars;
mod bots;
mod broadcast;
mod desk;
mod dialogue;
mod durable;
mod engine;
mod footprint;
mod goods;
mod inbox;
mod karvon;
mod media;
mod order;
mod pages;
mod place;
mod replay;
mod roster;
mod sale;
mod searching;
mod site;
mod talk;
mod time;
mod trial_balance;

use std::process::ExitCode;

use bars::Bars;
use place::Database;

/// A measurement gets the database and answers its bars.
type Measure = fn(Database) -> Bars;

const NAMES: &[(&str, &str, Measure)] = &[
    ("db", "durable one-row writes and five-row reads, against the driver alone", durable::run),
    ("order", "a checkout, against its own SQL through the driver alone", order::run),
    (
        "sale",
        "a whole sale from the order to the books, against its own SQL through the driver alone",
        sale::run,
    ),
    ("trial-balance", "the trial balance over 1,000,000 journal lines and over 10,000", trial_balance::run),
    ("dialogue", "200 chats over Telegram", dialogue::run),
    ("bots", "1,000 bots in one process, at rest and all at once", bots::run),
    ("broadcast", "10,000 messages to as many people over Telegram, and with its limits", broadcast::run),
    ("search", "the engine among 100,000 products, and the query set", searching::run),
    (
        "pages",
        "the server's time for a page with 100,000 products, and the weight of a first visit",
        pages::run,
    ),
    ("inbox", "the server's time for the inbox with 100,000 conversations", inbox::run),
    (
        "desk",
        "500 tickets by chat and 20 agents, also while the program is killed; the desk's pages with 200,000 tickets",
        desk::run,
    ),
    ("apply", "10,000 people through the registration and one form over Telegram", apply::run),
    ("roster", "a roster of 100,000 students as CSV and as a workbook, through `karvon serve`", roster::run),
    ("footprint", "memory and start of `karvon serve`", footprint::run),
    ("media", "a gigabyte of files stored and served by `karvon serve`, on a folder and on S3", media::run),
    ("engine", "turns of the dialogue's engine in one thread", engine::run),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, database) = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [name] => (*name, Some(Database::Sqlite)),
        [name, "--database", database] => (*name, Database::parse(database)),
        _ => ("", None),
    };
    let Some(((name, _, measure), database)) =
        NAMES.iter().find(|(known, _, _)| *known == name).zip(database)
    else {
        println!("bench NAME [--database sqlite|postgres]");
        for (name, about, _) in NAMES {
            println!("  {name:<13} {about}");
        }
        return ExitCode::from(2);
    };
    println!("{name} on {}\n", database.word());
    measure(database).end()
}
