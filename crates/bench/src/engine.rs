//! How many turns of the shop's dialogue one thread holds in a second.
//!
//! The clock runs during `turn` and `resume` only; the shop in memory that answers the actions is not counted.

#[allow(missing_docs, clippy::inconsistent_digit_grouping, reason = "the tests of `flow` own it")]
#[path = "../../flow/tests/it/fake_shop/mod.rs"]
mod fake_shop;

use std::time::Duration;

use flow::{
    Blueprint, Contact, InlineAct, Input, Keyboard, Now, Reply, Session, resume, shop, transcript::Host, turn,
};
use kernel::{Lang, Timestamp, Zone};

use crate::{
    bars::{Bars, table},
    place::Database,
    time::{now, rate},
};

/// DESIGN: ten thousand steps in a second.
const TURNS_AT_LEAST: f64 = 100_000.0;

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

/// The engine knows no database: it is the same on both.
pub fn run(_: Database) -> Bars {
    let blueprint = Blueprint::load("shop.toml", shop::BLUEPRINT, shop::ACTIONS).unwrap();
    let mut at = Timestamp::from_millis(1_795_157_100_000);
    let (mut spent, mut inputs, mut turns) = (Duration::ZERO, 0_usize, 0_usize);
    while spent < Duration::from_secs(2) {
        let mut session = Session::new(1, Some(Lang::Uz));
        let mut host = fake_shop::FakeShop::new();
        let mut keys: Vec<String> = Vec::new();
        for doing in &ERRAND {
            at = at.plus_seconds(5);
            let moment = Now { at, zone: Zone::default() };
            let input = match doing {
                Doing::Say(text) => Input::Text((*text).to_owned()),
                Doing::Tap(position) => Input::Button(keys[position % keys.len()].clone()),
                Doing::Share => Input::Contact(Contact { phone: "998901234567".to_owned(), own: true }),
            };
            let start = now();
            let mut next = turn(&blueprint, session, input, moment);
            spent += start.elapsed();
            (inputs, turns) = (inputs + 1, turns + 1);
            loop {
                keys = last_keys(&next.replies).unwrap_or(keys);
                let Some(call) = next.pending.take() else { break };
                let result = host.act(&call, at);
                let start = now();
                next = resume(&blueprint, next.session, result, moment);
                spent += start.elapsed();
                turns += 1;
            }
            session = next.session;
        }
    }
    table(
        &["per second, one thread", ""],
        &[
            vec!["inputs answered".to_owned(), format!("{:.0}", rate(inputs, spent))],
            vec!["turns and resumes".to_owned(), format!("{:.0}", rate(turns, spent))],
        ],
    );
    let mut bars = Bars::default();
    bars.at_least("turns per second", rate(turns, spent), TURNS_AT_LEAST);
    bars
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
