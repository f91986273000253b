//! The real program is asked to stop: what is in hand is finished, nothing waits for streams, nothing is sent twice.

use std::time::Duration;

use db::{db_test, testing::TestDb};
use serde_json::json;
use testkit::telegram::{Fake, Limits, Options, Person};
use tokio::task::JoinSet;

use crate::{
    browser::Browser,
    chat::{PHONE, enter, order_one},
    program::{Program, Wire, free_address},
    world::{OWNER, World},
};

/// A stop with nothing but streams and short turns in hand; a second, and what a busy machine adds.
const SOON: Duration = Duration::from_secs(2);
const PEOPLE: i64 = 4;
const STOPS: usize = 3;

#[db_test]
async fn a_stop_ends_streams_at_once_and_finishes_the_turn_in_hand(db: &TestDb) {
    let world = World::new(db, "http://127.0.0.1:9").await;
    let owner = Browser::stranger(&world.parts).signed_in(OWNER).await;
    let listen = free_address();
    let mut program = Program::new(db, &world, "http://127.0.0.1:9", listen, &[]);
    program.start().await;
    let cookie = owner.cookie();
    let mut stream = Wire::open(listen).await;
    let ask = format!(
        "GET /bots/1/simulator/events HTTP/1.1\r\nHost: {listen}\r\nCookie: {cookie}\r\nAccept: text/event-stream\r\n\r\n"
    );
    stream.say(&ask).await;
    stream.hear("text/event-stream").await;

    // The server has the head of the request and waits for its body: the turn is in hand.
    let body =
        json!({"client_id": uuid::Uuid::from_u128(1), "kind": "command", "command": "start"}).to_string();
    let head = format!(
        "POST /bots/1/simulator/input HTTP/1.1\r\nHost: {listen}\r\nCookie: {cookie}\r\nX-CSRF-Token: {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        owner.csrf(),
        body.len()
    );
    let mut turn = Wire::open(listen).await;
    turn.say(&head).await;
    turn.hear("100 Continue").await;

    program.ask_to_stop().await;
    let told = stream.hear_the_end(SOON).await;
    assert!(told.ends_with("0\r\n\r\n"), "the stream ends as streams do, not cut off: {told:?}");
    turn.say(&body).await;
    let answer = turn.hear_the_end(SOON).await;
    assert!(answer.contains(" 202 "), "{answer}");
    assert!(program.ended(SOON).await.success());
    let kept = "SELECT COUNT(*) FROM bots_message WHERE workspace_id = $1 AND direction = $2";
    for direction in ["in", "out"] {
        let count = world
            .read(move |ctx, tx| {
                tx.query_one(kept, db::params![ctx.workspace(), direction], |row| row.get::<i64>(0))
            })
            .await;
        assert!(count > 0, "the turn was finished: {direction}");
    }
}

#[db_test]
async fn a_stop_waits_for_no_quiet_stream(db: &TestDb) {
    let world = World::new(db, "http://127.0.0.1:9").await;
    let owner = Browser::stranger(&world.parts).signed_in(OWNER).await;
    let listen = free_address();
    let mut program = Program::new(db, &world, "http://127.0.0.1:9", listen, &[]);
    program.start().await;
    let mut streams = Vec::new();
    for _ in 0..5 {
        let mut stream = Wire::open(listen).await;
        let (path, cookie) = ("/bots/1/simulator/events", owner.cookie());
        stream.say(&format!("GET {path} HTTP/1.1\r\nHost: {listen}\r\nCookie: {cookie}\r\n\r\n")).await;
        stream.hear("text/event-stream").await;
        streams.push(stream);
    }
    // And a connection that never says anything.
    let _silent = Wire::open(listen).await;
    program.ask_to_stop().await;
    assert!(program.ended(SOON).await.success());
}

async fn customer(person: Person) -> (Person, Vec<i64>) {
    enter(&person).await;
    let mut numbers = Vec::new();
    for _ in 0..2 {
        numbers.push(order_one(&person, PHONE).await);
    }
    (person, numbers)
}

/// Stopped in good order, it sends nothing twice: what was on its way is waited for and noted.
#[db_test]
async fn a_program_stopped_and_started_while_people_order_loses_and_doubles_nothing(db: &TestDb) {
    let fake = Fake::start_with(Options { limits: Limits::Off, ..Options::default() }).await;
    let listen = free_address();
    let world = World::with(db, fake.url(), &[("KARVON_PUBLIC_URL", &format!("http://{listen}"))]).await;
    let bot = world.connect(&fake, bots::Intake::Polling).await;
    let mut program = Program::new(db, &world, fake.url(), listen, &[]);
    program.start().await;
    let mut customers: JoinSet<(Person, Vec<i64>)> = JoinSet::new();
    for number in 0..PEOPLE {
        let phone = format!("+99890123450{number}");
        customers.spawn(customer(bot.user(1_001 + number).named(&format!("Person {number}"), "en", &phone)));
    }
    let mut served = 0;
    for stop in 0..STOPS {
        let wanted = fake.counters().messages_taken + 10 + u64::try_from(stop).unwrap() * 7;
        // Whoever is quick has ordered everything before.
        while fake.counters().messages_taken < wanted && !customers.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
            while let Some(done) = customers.try_join_next() {
                assert_eq!(done.unwrap().1.len(), 2);
                served += 1;
            }
        }
        program.stop().await;
        program.start().await;
    }
    while let Some(done) = customers.join_next().await {
        assert_eq!(done.unwrap().1.len(), 2);
        served += 1;
    }
    assert_eq!(served, PEOPLE);
    program.stop().await;
    assert_eq!(fake.counters().messages_doubled, 0, "{:?}", fake.counters());
    assert_eq!(world.disagreements().await, Vec::<String>::new());
}

/// How many Telegram channels there are, of those that work.
async fn live_channels(world: &World) -> i64 {
    let sql =
        "SELECT COUNT(*) FROM bots_channel WHERE workspace_id = $1 AND kind = 'telegram' AND state = 'live'";
    world.read(move |ctx, tx| tx.query_one(sql, db::params![ctx.workspace()], |row| row.get(0))).await
}

#[db_test]
async fn the_token_of_the_environment_is_connected_once(db: &TestDb) {
    let fake = Fake::start_with(Options { limits: Limits::Off, ..Options::default() }).await;
    let bot = fake.bot(crate::world::TOKEN);
    let listen = free_address();
    let world = World::with(db, fake.url(), &[("KARVON_PUBLIC_URL", &format!("http://{listen}"))]).await;
    let token = [("TELEGRAM_BOT_TOKEN", crate::world::TOKEN)];
    let mut program = Program::new(db, &world, fake.url(), listen, &token);
    program.start().await;
    let anna = bot.user(1_001).named("Anna", "en", "+998901234567");
    enter(&anna).await;
    program.stop().await;
    assert_eq!(live_channels(&world).await, 1);
    program.start().await;
    order_one(&anna, PHONE).await;
    program.stop().await;
    assert_eq!(live_channels(&world).await, 1, "the same channel as before");
    // Somebody takes it away on the page: it stays away.
    let sql = "UPDATE bots_channel SET state = 'removed' WHERE workspace_id = $1 AND kind = 'telegram'";
    let ctx = world.ctx.clone();
    let remove = move |tx: &mut db::Tx<'_>| tx.execute_one(sql, db::params![ctx.workspace()]);
    db.write(&world.ctx, db::Lane::People, remove).await.unwrap();
    program.start().await;
    let asked = format!("GET /health/ready HTTP/1.1\r\nHost: {listen}\r\nConnection: close\r\n\r\n");
    let mut ready = Wire::open(listen).await;
    ready.say(&asked).await;
    assert!(ready.hear_the_end(SOON).await.contains(" 200 "));
    program.stop().await;
    assert_eq!(live_channels(&world).await, 0);
}
