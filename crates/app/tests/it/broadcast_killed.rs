//! The real program is killed ten times while it sends a broadcast to 10,000 people, and started again: nobody gets it
//! twice, and what nobody knows is no more than was on its way at the kills, each of it listed.

use std::{collections::HashMap, time::Duration};

use broadcast::{Content, IN_FLIGHT, People, Texts, actions};
use context::Random;
use db::{ToValue, Value, db_test, testing::TestDb};
use kernel::Id;
use testkit::telegram::{Fake, Limits, Options};

use crate::{
    program::{Program, free_address},
    world::World,
};

const PEOPLE: i64 = 10_000;
const KILLS: u64 = 10;
/// A dead program's channel is taken over when its lease has run out: a short one here.
const LEASE_MS: &str = "600";
/// Milliseconds that the program sends before it is killed.
const SENDS_MS: (u64, u64) = (30, 350);
/// All of it comes within this, or never.
const PATIENCE: Duration = Duration::from_secs(240);

/// People of the bot who talked to it long ago.
async fn people(world: &World, fake_bot: &testkit::telegram::FakeBot) {
    for id in 0..PEOPLE {
        fake_bot.user(100_000 + id).begin();
    }
    let own = world.ctx.clone();
    let write = move |tx: &mut db::Tx<'_>| {
        let (workspace, now) = (own.workspace(), own.now());
        let channel: Id<bots::Channel> = tx.query_one(
            "SELECT id FROM bots_channel WHERE workspace_id = $1 AND kind = 'telegram'",
            db::params![workspace],
            |row| row.get(0),
        )?;
        let rows: Vec<Vec<Value<'static>>> = (0..PEOPLE)
            .map(|id| {
                let key: Id<bots::Conversation> = own.new_id();
                let text = |text: String| Value::Text(text.into());
                vec![
                    workspace.to_value().into_owned(),
                    key.to_value().into_owned(),
                    channel.to_value().into_owned(),
                    text((100_000 + id).to_string()),
                    text(format!("Person {id}")),
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
        Ok(channel)
    };
    let channel = world.parts.app.db().write(&world.ctx, db::Lane::People, write).await.unwrap();
    let (own, bots) = (world.ctx.clone(), std::sync::Arc::clone(&world.parts.bots));
    let begin = move |tx: &mut db::Tx<'_>| {
        let texts = Texts { uz: "Chegirma".to_owned(), ru: "Скидка".to_owned(), en: "Sale".to_owned() };
        let content = Content { texts, ..Content::default() };
        let new =
            actions::NewBroadcast { name: "All".to_owned(), channel, content, people: People::default() };
        let made = actions::create(&own, tx, &bots, new)?;
        actions::schedule(&own, tx, &bots, made.id, None)
    };
    world.parts.app.db().write(&world.ctx, db::Lane::People, begin).await.unwrap();
}

/// How many people have which fate, and the broadcast's state.
async fn fates(world: &World) -> (HashMap<String, i64>, String) {
    world
        .read(|ctx, tx| {
            let found = tx.query(
                "SELECT state, COUNT(*) FROM broadcast_recipient WHERE workspace_id = $1 GROUP BY state",
                db::params![ctx.workspace()],
                |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)),
            )?;
            let state = tx.query_one(
                "SELECT state FROM broadcast_broadcast WHERE workspace_id = $1",
                db::params![ctx.workspace()],
                |row| row.get(0),
            )?;
            Ok((found.into_iter().collect(), state))
        })
        .await
}

/// `seed` decides when the program is killed.
async fn send_while_it_is_killed(db: &TestDb, seed: u64) {
    println!("seed {seed}");
    let random = Random::from_seed(seed);
    let fake = Fake::start_with(Options { limits: Limits::Off, ..Options::default() }).await;
    let listen = free_address();
    let world = World::new(db, fake.url()).await;
    let bot = world.connect(&fake, bots::Intake::Polling).await;
    people(&world, &bot).await;
    // Calls that fail are told, for when the numbers do not agree.
    let settings = [("KARVON_LEASE_MS", LEASE_MS), ("KARVON_LOG", "warn,channels=debug")];
    let mut program = Program::new(db, &world, fake.url(), listen, &settings);
    program.start().await;
    let (mut kills, mut on_their_way) = (0, 0);
    let done = async {
        let mut before = 0;
        loop {
            let taken = fake.counters().messages_taken;
            let (_, state) = fates(&world).await;
            if state == "done" {
                return;
            }
            // It sends again since the last kill.
            if kills < KILLS && taken > before {
                let life = SENDS_MS.0 + u64::from_le_bytes(random.bytes()) % (SENDS_MS.1 - SENDS_MS.0);
                tokio::time::sleep(Duration::from_millis(life)).await;
                program.kill().await;
                kills += 1;
                on_their_way += fates(&world).await.0.get("sending").copied().unwrap_or_default();
                before = fake.counters().messages_taken;
                program.start().await;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let ended = tokio::time::timeout(PATIENCE, done).await;
    let (fates, state) = fates(&world).await;
    assert!(ended.is_ok(), "it does not end: {state} {fates:?} {kills} kills");
    program.stop().await;
    let count = |fate: &str| fates.get(fate).copied().unwrap_or_default();
    let (sent, unknown) = (count("sent"), count("unknown"));
    let mut got = HashMap::new();
    for id in 0..PEOPLE {
        *got.entry(bot.user(100_000 + id).messages().len()).or_insert(0_i64) += 1;
    }
    println!(
        "{kills} kills: {sent} sent, {unknown} unknown ({on_their_way} were on their way), messages a person: {got:?}"
    );
    assert_eq!(kills, KILLS, "it ended before it was killed often enough");
    assert_eq!(got.keys().max(), Some(&1), "nobody twice");
    assert_eq!(sent + unknown, PEOPLE, "everybody is listed: {fates:?}");
    assert!(unknown <= on_their_way, "unknown is what was on its way at the kills");
    assert!(on_their_way <= i64::try_from(IN_FLIGHT).unwrap() * i64::try_from(KILLS).unwrap());
    let reached = got.get(&1).copied().unwrap_or_default();
    assert!((sent..=sent + unknown).contains(&reached), "{reached} got it");
    let noted = world
        .read(|ctx, tx| {
            let sql =
                "SELECT COUNT(*) FROM bots_message WHERE workspace_id = $1 AND update_key LIKE 'broadcast:%'";
            tx.query_one(sql, db::params![ctx.workspace()], |row| row.get::<i64>(0))
        })
        .await;
    assert_eq!(noted, sent, "what was sent stands in the conversations");
}

#[db_test]
async fn a_broadcast_that_is_killed_ten_times_reaches_nobody_twice(db: &TestDb) {
    send_while_it_is_killed(db, 20261121).await;
}
