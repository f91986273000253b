//! The real program is killed at random moments while people order by chat, and started again: nothing is lost,
//! nothing is doubled on our side.

use std::time::Duration;

use context::Random;
use db::{Scope, db_test, testing::TestDb};
use kernel::Quantity;
use sales::OrderFilter;
use testkit::telegram::{Fake, Limits, Options, Person};
use tokio::task::JoinSet;

use crate::{
    chat::{PHONE, enter, order_one},
    program::{Program, free_address},
    world::World,
};

const PEOPLE: i64 = 5;
/// Each orders so often: together all the ten pieces there are.
const ORDERS_EACH: usize = 2;
const KILLS: u64 = 4;
/// A dead program's channel is taken over when its lease has run out: a short one here.
const LEASE_MS: u64 = 600;
/// Within the lease and the looks around it; a busy machine takes a little longer.
const TAKEN_OVER: Duration = Duration::from_millis(LEASE_MS + 2_500);
/// Milliseconds that the program lives before it is killed.
const LIVES_MS: (u64, u64) = (100, 900);

/// Who holds the bot's channel: the number of the present lease, and whether it still runs.
async fn lease(db: &TestDb) -> (i64, bool) {
    let read = |tx: &mut db::ReadTx<'_>| {
        let now = tx.database_now()?;
        let sql = "SELECT fence, lease_until_ms >= $1 FROM bots_channel WHERE kind = 'telegram'";
        tx.query_one(sql, db::params![now], |row| Ok((row.get(0)?, row.get(1)?)))
    };
    db.read(Scope::Server, read).await.unwrap()
}

/// The program that was started after a kill takes the dead one's channel, and not before its lease has run out.
async fn taken_over(db: &TestDb, (dead, held): (i64, bool)) {
    let late = tokio::time::sleep(TAKEN_OVER);
    tokio::pin!(late);
    loop {
        let (fence, _) = lease(db).await;
        if fence > dead {
            return;
        }
        tokio::select! {
            () = &mut late => panic!("the dead program's channel (held: {held}) is not taken over in {TAKEN_OVER:?}"),
            () = tokio::time::sleep(Duration::from_millis(20)) => {}
        }
    }
}

async fn customer(person: Person) -> (Person, Vec<i64>) {
    enter(&person).await;
    let mut numbers = Vec::new();
    for _ in 0..ORDERS_EACH {
        numbers.push(order_one(&person, PHONE).await);
    }
    (person, numbers)
}

/// `seed` decides when the program is killed; it is printed when the test fails, and stands in its name.
async fn order_while_it_is_killed(db: &TestDb, intake: bots::Intake, seed: u64) {
    println!("seed {seed}");
    let random = Random::from_seed(seed);
    let fake = Fake::start_with(Options { limits: Limits::Off, ..Options::default() }).await;
    let listen = free_address();
    let world = World::with(db, fake.url(), &[("KARVON_PUBLIC_URL", &format!("http://{listen}"))]).await;
    let bot = world.connect(&fake, intake).await;
    let lease_ms = LEASE_MS.to_string();
    let mut program = Program::new(db, &world, fake.url(), listen, &[("KARVON_LEASE_MS", &lease_ms)]);
    program.start().await;
    let mut customers: JoinSet<(Person, Vec<i64>)> = JoinSet::new();
    for number in 0..PEOPLE {
        let phone = format!("+99890123450{number}");
        customers.spawn(customer(bot.user(1_001 + number).named(&format!("Person {number}"), "en", &phone)));
    }
    let mut leases_left = 0;
    for _ in 0..KILLS {
        let life = LIVES_MS.0 + u64::from_le_bytes(random.bytes()) % (LIVES_MS.1 - LIVES_MS.0);
        tokio::time::sleep(Duration::from_millis(life)).await;
        program.kill().await;
        let of_the_dead = lease(db).await;
        leases_left += u64::from(of_the_dead.1);
        program.start().await;
        taken_over(db, of_the_dead).await;
    }
    assert!(leases_left > 0, "no kill left a lease behind");
    let mut told = Vec::new();
    while let Some(done) = customers.join_next().await {
        let (person, numbers) = done.unwrap();
        let taps = fake.counters().taps_unanswered;
        assert_eq!(numbers.len(), ORDERS_EACH, "{} taps wait:\n{}", taps, person.screen());
        told.extend(numbers);
    }
    everything_is_answered(&fake).await;
    program.kill().await;
    nothing_lost_and_nothing_doubled(&world, &fake, told).await;
}

/// The last taps are answered and the last updates confirmed behind the messages.
async fn everything_is_answered(fake: &Fake) {
    for _ in 0..200 {
        let counters = fake.counters();
        if (counters.updates_waiting, counters.chats_unanswered, counters.taps_unanswered) == (0, 0, 0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("not everything was answered: {:?}", fake.counters());
}

async fn nothing_lost_and_nothing_doubled(world: &World, fake: &Fake, mut told: Vec<i64>) {
    told.sort_unstable();
    let whole = kernel::PageRequest::new(1, 100);
    let orders = world.read(move |ctx, tx| sales::list_orders(ctx, tx, &OrderFilter::default(), whole)).await;
    let mut numbers: Vec<i64> = orders.results.iter().map(|order| order.number).collect();
    numbers.sort_unstable();
    assert_eq!(told, numbers, "orders that people were told of, and orders that stand");
    let pieces = i64::try_from(told.len()).unwrap();
    assert_eq!(world.reserved().await, Quantity::from_units(pieces));
    assert_eq!(world.disagreements().await, Vec::<String>::new());
    let taken = "SELECT COUNT(*) FROM bots_message WHERE direction = 'in'";
    let taken = world.read(move |_, tx| tx.query_one(taken, &[], |row| row.get::<i64>(0))).await;
    let counters = fake.counters();
    assert_eq!(
        u64::try_from(taken).unwrap(),
        counters.updates_made,
        "updates taken, each once: {counters:?}"
    );
    // One person waits for an answer before the next step, so at most one turn of each is on its way.
    let in_flight = KILLS * PEOPLE.unsigned_abs();
    assert!(counters.messages_doubled <= in_flight, "{counters:?}");
    println!("{} orders, {KILLS} kills, {} messages twice", told.len(), counters.messages_doubled);
}

#[db_test]
async fn a_program_killed_while_it_polls_loses_and_doubles_nothing_1(db: &TestDb) {
    order_while_it_is_killed(db, bots::Intake::Polling, 20261121).await;
}

#[db_test]
async fn a_program_killed_while_it_polls_loses_and_doubles_nothing_2(db: &TestDb) {
    order_while_it_is_killed(db, bots::Intake::Polling, 77).await;
}

#[db_test]
async fn a_program_killed_while_it_polls_loses_and_doubles_nothing_3(db: &TestDb) {
    order_while_it_is_killed(db, bots::Intake::Polling, 4242).await;
}

#[db_test]
async fn a_program_killed_while_it_holds_a_webhook_loses_and_doubles_nothing_1(db: &TestDb) {
    order_while_it_is_killed(db, bots::Intake::Webhook, 20261121).await;
}

#[db_test]
async fn a_program_killed_while_it_holds_a_webhook_loses_and_doubles_nothing_2(db: &TestDb) {
    order_while_it_is_killed(db, bots::Intake::Webhook, 77).await;
}

#[db_test]
async fn a_program_killed_while_it_holds_a_webhook_loses_and_doubles_nothing_3(db: &TestDb) {
    order_while_it_is_killed(db, bots::Intake::Webhook, 4242).await;
}
