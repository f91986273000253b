//! 1,000 bots in one process, each with a token of its own: what they take while nobody writes, and how soon all of them
//! answer when somebody writes to each at once. The program is a process; Telegram's fake is in this one.

use std::{sync::Arc, time::Duration};

use app::parts::{self, Parts};
use bots::{Intake, NewBot};
use channels::telegram::{Profile, Token};
use context::Ctx;
use db::{Lane, Scope, Target, Tx};
use flow::shop::BLUEPRINT;
use kernel::WorkspaceId;
use testkit::telegram::{Fake, FakeBot, Limits, Options};
use tokio::task::JoinSet;

use crate::{
    bars::{Bars, figure, table},
    goods::ctx,
    karvon::{Server, free_address, karvon},
    place::{Database, runtime},
    site::{config, facts},
    time::{now, percentile_ms},
};

const BOTS: i64 = 1_000;
/// Bots made in one transaction.
const AT_ONCE: i64 = 50;
/// Until all of them ask for updates, and until all have answered.
const PATIENCE: Duration = Duration::from_secs(120);
/// While nobody writes.
const REST: Duration = Duration::from_secs(20);

/// Spawns the release's `karvon`, which lies beside this program.
pub fn run(database: Database) -> Bars {
    runtime().block_on(measure(database))
}

async fn measure(database: Database) -> Bars {
    let options = Options { limits: Limits::Off, keep_calls: false, keep_messages: 4, ..Options::default() };
    let fake = Fake::start_with(options).await;
    let bots: Vec<FakeBot> = (1..=BOTS).map(|number| fake.bot(&token(number))).collect();
    let data = tempfile::tempdir().unwrap();
    // An empty database of its own; on SQLite it lies in the data folder.
    let held = (database == Database::Postgres).then(|| tokio::task::block_in_place(|| database.open(&[])));
    let url = held.as_ref().map(|db| match db.config().target {
        Target::Postgres(url) => url,
        Target::Sqlite(path) => path.display().to_string(),
    });
    let url = url.as_deref();
    let settings = [("KARVON_TELEGRAM_API_URL", fake.url()), ("KARVON_TELEGRAM_LIMITS", "false")];
    let start = || Server::start(karvon(data.path(), url, free_address(), &["serve"], &settings));

    let made = karvon(data.path(), url, free_address(), &["seed", "demo"], &settings).status().unwrap();
    assert!(made.success(), "the demo was not made");
    let without = start();
    tokio::time::sleep(REST / 2).await;
    let without_kb = without.resident_kb();
    drop(without);

    let mut own: Vec<(&str, &str)> = settings.to_vec();
    own.extend(url.map(|url| ("KARVON_DATABASE_URL", url)));
    let config = config(data.path(), &own);
    let parts = tokio::task::block_in_place(|| parts::open(&config)).unwrap();
    connect(&parts).await;
    tokio::task::block_in_place(|| drop(parts));

    let server = start();
    let polling = now();
    while fake.polled() < bots.len() {
        assert!(polling.elapsed() < PATIENCE, "{} of {BOTS} bots ask for updates", fake.polled());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let polling = polling.elapsed();
    let ticks = server.ticks();
    tokio::time::sleep(REST).await;
    let busy = (server.ticks() - ticks) as f64 / 100.0 / REST.as_secs_f64();
    let (idle_kb, descriptors) = (server.resident_kb(), server.descriptors());
    let times = everybody_writes(&bots).await;
    let after_kb = server.resident_kb();
    drop(server);

    let mb = |kb: f64| figure(kb / 1_024.0);
    table(
        &["karvon serve", "RSS, MB", "descriptors"],
        &[
            vec!["the demo alone".to_owned(), mb(without_kb), String::new()],
            vec![format!("{BOTS} bots that nobody writes to"), mb(idle_kb), descriptors.to_string()],
            vec!["after a message to each".to_owned(), mb(after_kb), String::new()],
        ],
    );
    println!("all ask for updates {:.1} s after the start", polling.as_secs_f64());
    println!(
        "at rest: {:.1} % of one core, {} KB a bot",
        busy * 100.0,
        figure((idle_kb - without_kb) / BOTS as f64)
    );
    println!(
        "a message to each at once, answered after: p50 {:.0} ms, p99 {:.0} ms, slowest {:.0} ms\n",
        percentile_ms(&times, 50),
        percentile_ms(&times, 99),
        percentile_ms(&times, 100)
    );
    let mut bars = Bars::default();
    bars.at_most("RSS of 1,000 bots at rest, MB", idle_kb / 1_024.0, 250.0);
    bars.at_most("bots that did not answer", (bots.len() - times.len()) as f64, 0.0);
    bars
}

fn token(number: i64) -> String {
    format!("{}:AAbenchmarkbenchmarkbenchmarkbench12", 1_000_000 + number)
}

/// Makes the bots and gives each its account.
async fn connect(parts: &Parts) {
    let workspace: WorkspaceId =
        parts.app.db().read(Scope::Server, auth::default_workspace).await.unwrap().unwrap();
    let own = ctx(workspace, parts.app.clock().now());
    for first in (1..=BOTS).step_by(usize::try_from(AT_ONCE).unwrap()) {
        let (ctx, bots) = (own.clone(), Arc::clone(&parts.bots));
        let make = move |tx: &mut Tx<'_>| {
            for number in first..first + AT_ONCE {
                make_one(&ctx, tx, &bots, number)?;
            }
            Ok(())
        };
        parts.app.db().write(&own, Lane::People, make).await.unwrap();
    }
}

fn make_one(ctx: &Ctx, tx: &mut Tx, bots: &bots::Bots, number: i64) -> kernel::Result<()> {
    let shop = facts(format!("Shop {number}"));
    let new = NewBot { name: format!("Bot {number}"), source: BLUEPRINT.to_owned(), shop };
    let bot = bots::create_bot(ctx, tx, new)?;
    let id = 1_000_000 + number;
    let profile =
        Profile { id, first_name: format!("Bot {number}"), username: format!("bench_{number}_bot") };
    bots::connect_telegram(ctx, tx, bots, bot.id, &Token::parse(&token(number))?, &profile, Intake::Polling)?;
    Ok(())
}

/// Somebody writes to each bot at once: how long each took to answer, of those that did.
async fn everybody_writes(bots: &[FakeBot]) -> Vec<Duration> {
    let mut tasks = JoinSet::new();
    let began = now();
    for bot in bots {
        let person = bot.user(7);
        tasks.spawn(async move {
            let _message = person.send_text("/start");
            let is_answered =
                |screen: &testkit::telegram::Screen| screen.messages.iter().any(|shown| shown.by_bot);
            person.try_wait_for(PATIENCE, is_answered).await.map(|_| began.elapsed())
        });
    }
    tasks.join_all().await.into_iter().flatten().collect()
}
