//! `cargo xtask simulate`: many stories, one after the other.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a tool that speaks to a person")]

use std::process::ExitCode;

use simulation::{Story, Told, tell};

const USAGE: &str = "simulate [--seeds N] [--from SEED] [--steps N] [--database sqlite|postgres]";

fn main() -> ExitCode {
    let (mut seeds, mut story) = (100_u64, Story { seed: 1, steps: 300, on_postgres: false });
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().unwrap_or_default();
        let number = value.parse::<u64>();
        match (name.as_str(), number) {
            ("--seeds", Ok(number)) => seeds = number,
            ("--from", Ok(number)) => story.seed = number,
            ("--steps", Ok(number)) => story.steps = usize::try_from(number).unwrap(),
            ("--database", _) if value == "sqlite" => story.on_postgres = false,
            ("--database", _) if value == "postgres" => story.on_postgres = true,
            _ => {
                println!("{USAGE}");
                return ExitCode::from(2);
            }
        }
    }
    let mut whole = Told::default();
    for seed in story.seed..story.seed + seeds {
        let told = tell(Story { seed, ..story });
        whole.updates += told.updates;
        whole.orders += told.orders;
        whole.orders_by_chat += told.orders_by_chat;
        whole.cancelled += told.cancelled;
        whole.refused += told.refused;
        whole.crashes += told.crashes;
        whole.lost_writes += told.lost_writes;
        whole.carts_of_many += told.carts_of_many;
        whole.deaths_at_work += told.deaths_at_work;
        whole.restocks += told.restocks;
        whole.products_replaced += told.products_replaced;
        whole.deliveries += told.deliveries;
        whole.invoices += told.invoices;
        whole.payments += told.payments;
        whole.credit_notes += told.credit_notes;
        whole.refunds += told.refunds;
        whole.sold += told.sold;
        whole.taken_back += told.taken_back;
        whole.actions += told.actions;
    }
    let last = story.seed + seeds.saturating_sub(1);
    println!("the stories of seeds {}..={last}, {} steps each: {whole:#?}", story.seed, story.steps);
    ExitCode::SUCCESS
}
