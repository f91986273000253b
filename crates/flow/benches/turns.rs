//! How many turns of the shop's dialogue one thread holds in a second: `cargo bench -p flow`.
//!
//! The clock runs during `turn` and `resume` only; the shop in memory that answers the actions is not counted.
#![allow(
    clippy::unwrap_used,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::inconsistent_digit_grouping,
    clippy::print_stdout,
    clippy::disallowed_methods
)]

#[path = "../tests/it/fake_shop/mod.rs"]
mod fake_shop;

use std::time::{Duration, Instant};

use flow::{
    Blueprint, Contact, InlineAct, Input, Keyboard, Now, Reply, Session, resume, shop, transcript::Host, turn,
};
use kernel::{Lang, Timestamp, Zone};

/// An errand: what is tapped is the button at this place of the last inline keyboard.
enum Doing {
    Say(&'static str),
    Tap(usize),
    Share,
}

const ERRAND: [Doing; 20] = [
    Doing::Say("/start"),
    Doing::Tap(0),
    Doing::Share,
    Doing::Say("samsung televizor"),
    Doing::Tap(5),
    Doing::Tap(1),
    Doing::Say("самсунг телевизор"),
    Doing::Tap(1),
    Doing::Tap(0),
    Doing::Tap(2),
    Doing::Say("galaxy a15"),
    Doing::Tap(0),
    Doing::Tap(0),
    Doing::Say("/cart"),
    Doing::Tap(0),
    Doing::Say("/order 1001"),
    Doing::Say("/menu"),
    Doing::Say("🗂 Katalog"),
    Doing::Tap(0),
    Doing::Tap(5),
];

fn main() {
    let blueprint = Blueprint::load("shop.toml", shop::BLUEPRINT, shop::ACTIONS).unwrap();
    let mut at = Timestamp::from_millis(1_795_157_100_000);
    let (mut spent, mut inputs, mut turns) = (Duration::ZERO, 0_u64, 0_u64);
    while spent < Duration::from_secs(2) {
        let mut session = Session::new(1, Some(Lang::Uz));
        let mut host = fake_shop::FakeShop::new();
        let mut keys: Vec<String> = Vec::new();
        for doing in &ERRAND {
            at = at.plus_seconds(5);
            let now = Now { at, zone: Zone::default() };
            let input = match doing {
                Doing::Say(text) => Input::Text((*text).to_owned()),
                Doing::Tap(position) => Input::Button(keys[position % keys.len()].clone()),
                Doing::Share => Input::Contact(Contact { phone: "998901234567".to_owned(), own: true }),
            };
            let start = Instant::now();
            let mut next = turn(&blueprint, session, input, now);
            spent += start.elapsed();
            (inputs, turns) = (inputs + 1, turns + 1);
            loop {
                keys = last_keys(&next.replies).unwrap_or(keys);
                let Some(call) = next.pending.take() else { break };
                let result = host.act(&call, at);
                let start = Instant::now();
                next = resume(&blueprint, next.session, result, now);
                spent += start.elapsed();
                turns += 1;
            }
            session = next.session;
        }
    }
    let per_second = |count: u64| count * 1_000_000 / u64::try_from(spent.as_micros()).unwrap();
    println!(
        "inputs answered: {}/s; turns and resumes: {}/s, one thread",
        per_second(inputs),
        per_second(turns)
    );
}

fn last_keys(replies: &[Reply]) -> Option<Vec<String>> {
    let keyboards = replies.iter().rev().filter_map(|reply| match reply {
        Reply::Message(message) => Some(&message.keyboard),
        _ => None,
    });
    let mut inline = keyboards
        .filter_map(|keyboard| if let Keyboard::Inline(rows) = keyboard { Some(rows) } else { None });
    let keys = inline.next()?.iter().flatten().filter_map(|button| match &button.act {
        InlineAct::Key(key) => Some(key.clone()),
        _ => None,
    });
    Some(keys.collect())
}
