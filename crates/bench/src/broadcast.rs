//! A broadcast over the Telegram fake: 10,000 people without limits, against the same calls without a database; then
//! with the limits that Telegram has, while people write and want answers.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use app::server::Background;
use bots::{Intake, connect_telegram, list_bots};
use broadcast::{Broadcast, Content, IN_FLIGHT, People, Texts, actions};
use channels::telegram::{Profile, Telegram, Token};
use context::Ctx;
use db::{Lane, ToValue, Tx, Value, params};
use kernel::{Id, Lang};
use testkit::telegram::{BOT_PER_SECOND, Fake, FakeBot, Limits, Options};
use tokio::task::JoinSet;

use crate::{
    bars::{Bars, figure, table},
    goods::ctx,
    place::{Database, runtime},
    site::Shop,
    time::{now, percentile_ms, rate},
};

const PEOPLE: i64 = 10_000;
/// With the limits it takes half a minute for so many.
const PEOPLE_LIMITED: i64 = 1_000;
const TOKEN: &str = "42:AAbenchmarkbenchmarkbenchmarkbench12";
/// People who write while the limited broadcast runs.
const WRITERS: i64 = 30;
const PATIENCE: Duration = Duration::from_secs(300);

/// Both broadcasts, each in a shop of its own.
pub fn run(database: Database) -> Bars {
    runtime().block_on(measure(database))
}

async fn measure(database: Database) -> Bars {
    let free = Sending::start(database, Limits::Off, PEOPLE).await;
    let bare = free.bare().await;
    let (free, _) = free.finish(0).await;
    let limited = Sending::start(database, Limits::Telegram, PEOPLE_LIMITED).await;
    let (limited, answers) = limited.finish(WRITERS).await;
    let allowed = f64::from(BOT_PER_SECOND);
    let row = |name: &str, of: &Outcome, against: f64| {
        vec![
            name.to_owned(),
            of.people.to_string(),
            figure(of.rate),
            figure(against),
            of.doubled.to_string(),
            of.unknown.to_string(),
        ]
    };
    table(
        &["broadcast", "people", "messages/s", "bare/s", "doubled", "unknown"],
        &[row("without limits", &free, bare), row("Telegram's limits", &limited, allowed)],
    );
    println!(
        "an answer while the limited one runs: p50 {:.0} ms, slowest {:.0} ms; floods {}\n",
        percentile_ms(&answers, 50),
        percentile_ms(&answers, 100),
        limited.flooded
    );
    let mut bars = Bars::default();
    bars.at_least("rate / Telegram's own limit", limited.rate / allowed, 0.85);
    bars.at_least("rate without limits / the calls alone", free.rate / bare, 0.15);
    let wrong = free.doubled + free.unknown + limited.doubled + limited.unknown;
    bars.at_most("doubled or unknown", wrong as f64, 0.0);
    bars.at_most("slowest answer while it runs, ms", percentile_ms(&answers, 100), 500.0);
    bars
}

struct Outcome {
    people: i64,
    rate: f64,
    doubled: i64,
    unknown: i64,
    flooded: u64,
}

struct Sending {
    shop: Shop,
    own: Ctx,
    fake: Fake,
    bot: FakeBot,
    people: i64,
}

impl Sending {
    async fn start(database: Database, limits: Limits, people: i64) -> Self {
        let options = Options { limits, keep_calls: false, ..Options::default() };
        let fake = Fake::start_with(options).await;
        let bot = fake.bot(TOKEN);
        let limited = if limits == Limits::Off { "false" } else { "true" };
        let settings = [("KARVON_TELEGRAM_API_URL", fake.url()), ("KARVON_TELEGRAM_LIMITS", limited)];
        let shop = Shop::make(database, &settings).await;
        let own = ctx(shop.workspace, shop.parts.app.clock().now());
        for person in 0..people {
            bot.user(100_000 + person).begin();
        }
        Self { shop, own, fake, bot, people }
    }

    /// The calls alone: as many at once as a broadcast has on its way.
    async fn bare(&self) -> f64 {
        let bare = self.fake.bot("43:AAbarebarebarebarebarebarebarebare12");
        let net = net::Net::new(&net::Options::default()).unwrap();
        let token = Token::parse(bare.token()).unwrap();
        let telegram = Arc::new(Telegram::new(net.trusted().clone(), self.fake.url(), token).unwrap());
        for person in 0..self.people {
            bare.user(100_000 + person).begin();
        }
        let content = Arc::new(content());
        let started = now();
        let mut sending = JoinSet::new();
        for person in 0..self.people {
            if sending.len() >= IN_FLIGHT {
                sending.join_next().await.unwrap().unwrap();
            }
            let (telegram, content) = (Arc::clone(&telegram), Arc::clone(&content));
            sending.spawn(async move {
                let call = content.call_to(100_000 + person, Lang::Uz);
                telegram.deliver_as_it_is(&call, None).await.unwrap();
            });
        }
        while let Some(done) = sending.join_next().await {
            done.unwrap();
        }
        rate(self.people as usize, started.elapsed())
    }

    /// Sends it; `writers` people write meanwhile, and wait for their answers.
    async fn finish(self, writers: i64) -> (Outcome, Vec<Duration>) {
        let id = self.begin().await;
        let background = Background::start(&self.shop.parts);
        let started = self.first_message().await;
        let mut answers = Vec::new();
        for writer in 0..writers {
            let person = self.bot.user(900_000 + writer).named("Anna", "uz", "+998901234567");
            let asked = now();
            person.send_text("/start");
            person.wait_for(|screen| screen.messages.iter().any(|message| message.by_bot)).await;
            answers.push(asked.elapsed());
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        let counts = self.end(id).await;
        let took = started.elapsed();
        background.stop().await;
        let most = |person: i64| self.bot.user(100_000 + person).messages().len().saturating_sub(1);
        let doubled: usize = (0..self.people).map(most).sum();
        let outcome = Outcome {
            people: self.people,
            rate: rate(self.people as usize, took),
            doubled: doubled as i64,
            unknown: counts.get("unknown").copied().unwrap_or_default(),
            flooded: self.fake.counters().calls_flooded,
        };
        (outcome, answers)
    }

    async fn begin(&self) -> Id<Broadcast> {
        let (own, bots, people) = (self.own.clone(), Arc::clone(&self.shop.parts.bots), self.people);
        let write = move |tx: &mut Tx<'_>| {
            let bot = list_bots(&own, tx)?.remove(0);
            let profile =
                Profile { id: token().bot_id(), first_name: "Shop".to_owned(), username: "shop".to_owned() };
            let channel = connect_telegram(&own, tx, &bots, bot.id, &token(), &profile, Intake::Polling)?;
            let (workspace, now) = (own.workspace(), own.now());
            let text = |text: String| Value::Text(text.into());
            let rows: Vec<Vec<Value<'static>>> = (0..people)
                .map(|person| {
                    vec![
                        workspace.to_value().into_owned(),
                        own.new_id::<bots::Conversation>().to_value().into_owned(),
                        channel.id.to_value().into_owned(),
                        text((100_000 + person).to_string()),
                        text(format!("Person {person}")),
                        text(String::new()),
                        now.to_value().into_owned(),
                        now.to_value().into_owned(),
                    ]
                })
                .collect();
            let sql =
                "INSERT INTO bots_conversation (workspace_id, id, channel_id, chat_key, person_name, session,
                 created_at_ms, last_at_ms) VALUES {}";
            tx.insert_many(sql, &rows)?;
            let new = actions::NewBroadcast {
                name: "Bench".to_owned(),
                channel: channel.id,
                content: content(),
                people: People::default(),
            };
            let made = actions::create(&own, tx, &bots, new)?;
            actions::schedule(&own, tx, &bots, made.id, None).map(|planned| planned.id)
        };
        self.shop.db.write(&self.own, Lane::People, write).await.unwrap()
    }

    async fn first_message(&self) -> Instant {
        while self.fake.counters().messages_taken == 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        now()
    }

    /// Waits for its end; how many people have which fate.
    async fn end(&self, id: Id<Broadcast>) -> HashMap<String, i64> {
        let deadline = now() + PATIENCE;
        loop {
            let own = self.own.clone();
            let read = move |tx: &mut db::ReadTx<'_>| {
                let state: String = tx.query_one(
                    "SELECT state FROM broadcast_broadcast WHERE workspace_id = $1 AND id = $2",
                    params![own.workspace(), id],
                    |row| row.get(0),
                )?;
                let counts = tx.query(
                    "SELECT state, COUNT(*) FROM broadcast_recipient WHERE workspace_id = $1 GROUP BY state",
                    params![own.workspace()],
                    |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)),
                )?;
                Ok((state, counts))
            };
            let (state, counts) = self.shop.db.read(&self.own, read).await.unwrap();
            if state == "done" {
                return counts.into_iter().collect();
            }
            assert!(now() < deadline, "it does not end: {state} {counts:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn token() -> Token {
    Token::parse(TOKEN).unwrap()
}

fn content() -> Content {
    let texts = Texts {
        uz: "*Katta chegirma!* Bugun hamma televizorlar 20 % arzon. [Katalog](https://shop.uz)".to_owned(),
        ..Texts::default()
    };
    Content { texts, ..Content::default() }
}
