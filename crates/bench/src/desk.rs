//! The support desk: 500 people open a ticket each by Telegram at once and write 20 messages, 20 agents answer, half of them
//! in Telegram; the same again while the program is killed ten times; and the desk's pages with 200,000 tickets.

mod queue;
mod story;

use crate::{
    bars::{Bars, figure, table},
    place::{Database, runtime},
    time::percentile_ms,
};
use story::{ANSWERS, Outcome, PEOPLE, SAYS};

/// `kill -9` in the second story.
const KILLS: u64 = 10;

/// The two stories, then the pages.
pub fn run(database: Database) -> Bars {
    runtime().block_on(measure(database))
}

async fn measure(database: Database) -> Bars {
    let calm = story::tell(database, 0).await;
    let killed = story::tell(database, KILLS).await;
    show(&[("nobody kills it", &calm), ("killed ten times", &killed)]);
    let slowest = queue::time(database).await;

    let mut bars = Bars::default();
    let seen: Vec<_> = calm.by_api.iter().chain(&calm.by_chat).copied().collect();
    bars.at_most("an answer until it is seen, p99, ms", percentile_ms(&seen, 99), 1_000.0);
    bars.at_most("lost, doubled or out of order", (calm.wrong + calm.twice) as f64, 0.0);
    bars.at_most("lost or out of order, killed ten times", killed.wrong as f64, 0.0);
    let beyond = killed.twice.saturating_sub(killed.on_their_way);
    bars.at_most("doubled beyond what was on its way at the kills", beyond as f64, 0.0);
    bars.at_most("slowest page's p99 with 200,000 tickets, ms", slowest.page, 150.0);
    bars.at_most("slowest search's p99 among them, ms", slowest.search, 300.0);
    bars
}

fn show(stories: &[(&str, &Outcome)]) {
    println!("{PEOPLE} people, {SAYS} messages each, {ANSWERS} answers to each\n");
    let row = |name: &str, of: &Outcome| {
        let ms = |share| format!("{:.0}", percentile_ms(&of.by_api, share));
        let chat = |share| format!("{:.0}", percentile_ms(&of.by_chat, share));
        vec![
            name.to_owned(),
            figure(of.opening.as_secs_f64()),
            figure(of.took.as_secs_f64()),
            ms(50),
            ms(99),
            ms(100),
            chat(50),
            chat(99),
            chat(100),
            of.wrong.to_string(),
            of.twice.to_string(),
            of.on_their_way.to_string(),
        ]
    };
    let rows: Vec<_> = stories.iter().map(|(name, of)| row(name, of)).collect();
    table(
        &[
            "answers, ms",
            "all open, s",
            "all said, s",
            "API p50",
            "p99",
            "slowest",
            "chat p50",
            "p99",
            "slowest",
            "wrong",
            "twice",
            "on their way",
        ],
        &rows,
    );
    println!();
}
