//! Every module of the program, lower ones first.

use db::Migrations;
use jobs::Work;
use text::{TextFiles, Texts};
use web::Module;

use crate::{health, home, operations};

/// The words of `flow`, which is pure and knows no messages.
const FLOW: TextFiles = TextFiles {
    name: "flow",
    uz: include_str!("../../flow/texts/uz.ftl"),
    ru: include_str!("../../flow/texts/ru.ftl"),
    en: include_str!("../../flow/texts/en.ftl"),
};

/// The modules, as the server and the description of the API use them.
pub fn all() -> Vec<Module> {
    vec![
        health::module(),
        operations::module(),
        home::module(),
        files::module(),
        mail::module(),
        auth::module(),
        audit::module(),
        contacts::module(),
        catalog::module(),
        ledger::module(),
        realtime::module(),
        cash::module(),
        tax::module(),
        stock::module(),
        sales::module(),
        tickets::module(),
        applications::module(),
        surveys::module(),
        ingest::module(),
        reports::module(),
        models::module(),
        knowledge::module(),
        bots::module(),
        broadcast::module(),
    ]
}

/// The tables of every crate, in the order in which they depend on each other.
pub fn migrations() -> Vec<Migrations> {
    let mut all = vec![context::MIGRATIONS, web::MIGRATIONS, jobs::MIGRATIONS];
    all.extend(self::all().iter().filter_map(|module| module.migrations));
    all
}

/// The messages of every crate.
pub fn text_files() -> Vec<TextFiles> {
    let mut all = vec![text::BASE, web::TEXTS, jobs::TEXTS, FLOW, channels::TEXTS];
    all.extend(self::all().iter().filter_map(|module| module.texts));
    all
}

/// The messages, ready to be said.
pub fn texts() -> Texts {
    Texts::new(&text_files())
}

/// What every crate does after the answer.
pub fn work() -> Work {
    let mut all = operations::work();
    for Work { handlers, listeners, schedules } in [
        mail::work(),
        auth::work(),
        ingest::work(),
        models::work(),
        knowledge::work(),
        bots::work(),
        broadcast::work(),
        tickets::work(),
        surveys::work(),
    ] {
        all.handlers.extend(handlers);
        all.listeners.extend(listeners);
        all.schedules.extend(schedules);
    }
    all
}
