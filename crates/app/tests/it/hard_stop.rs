//! The real program is killed at random moments while people order by chat, and started again: nothing is lost,
//! nothing is doubled on our side.

use std::{
    net::{SocketAddr, TcpListener},
    process::Stdio,
    time::Duration,
};

use context::Random;
use db::{Scope, Target, db_test, testing::TestDb};
use kernel::Quantity;
use sales::OrderFilter;
use testkit::telegram::{Fake, Limits, Options, Person};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    task::JoinSet,
};

use crate::{
    chat::{PHONE, enter, order_one},
    world::World,
};

const PEOPLE: i64 = 5;
/// Each orders so often: together all the ten pieces there are.
const ORDERS_EACH: usize = 2;
const KILLS: u64 = 5;
/// Milliseconds that the program lives before it is killed.
const LIVES_MS: (u64, u64) = (100, 900);

/// What decides when the program is killed; printed, so that a failure can be had again.
fn seed() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a failure is looked into with its seed")]
    let given = std::env::var("KARVON_TEST_SEED").ok().and_then(|text| text.parse().ok());
    given.unwrap_or(20_261_121)
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The program beside the test: its own folder, the shop's database.
struct Program {
    settings: Vec<(String, String)>,
    folder: tempfile::TempDir,
    child: Option<Child>,
}

impl Program {
    fn new(db: &TestDb, world: &World, fake: &Fake, listen: SocketAddr) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = match db.config().target {
            Target::Sqlite(path) => format!("sqlite:{}", path.display()),
            Target::Postgres(url) => url,
        };
        // The bot's token is sealed with it.
        let secret = std::fs::read_to_string(world.data().join("secret")).unwrap();
        let settings = [
            ("KARVON_LISTEN", listen.to_string()),
            ("KARVON_PUBLIC_URL", format!("http://{listen}")),
            ("KARVON_DATA", folder.path().display().to_string()),
            ("KARVON_DATABASE_URL", database),
            ("KARVON_SECRET", secret.trim().to_owned()),
            ("KARVON_TELEGRAM_API_URL", fake.url().to_owned()),
            ("KARVON_TELEGRAM_LIMITS", "false".to_owned()),
            ("KARVON_LOG", "warn".to_owned()),
            ("KARVON_LOG_FILES", "false".to_owned()),
        ];
        let settings = settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { settings, folder, child: None }
    }

    /// Starts it and waits until it answers.
    async fn start(&mut self) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_karvon"))
            .arg("serve")
            .env_clear()
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = tokio::time::timeout(Duration::from_secs(20), lines.next_line()).await;
        assert!(
            matches!(&said, Ok(Ok(Some(line))) if line.starts_with("http://")),
            "it does not start: {said:?}"
        );
        self.child = Some(child);
    }

    /// `kill -9`.
    async fn kill(&mut self) {
        self.child.take().unwrap().kill().await.unwrap();
    }
}

/// A dead program's channels are taken over when its lease runs out; here it has run out.
async fn let_the_leases_run_out(db: &TestDb) {
    let forget =
        |tx: &mut db::Tx<'_>| tx.execute("UPDATE bots_channel SET lease_until_ms = 0", &[]).map(drop);
    db.write(Scope::Server, db::Lane::People, forget).await.unwrap();
}

async fn customer(person: Person) -> (Person, Vec<i64>) {
    enter(&person).await;
    let mut numbers = Vec::new();
    for _ in 0..ORDERS_EACH {
        numbers.push(order_one(&person, PHONE).await);
    }
    (person, numbers)
}

async fn order_while_it_is_killed(db: &TestDb, intake: bots::Intake) {
    let seed = seed();
    println!("KARVON_TEST_SEED={seed}");
    let random = Random::from_seed(seed);
    let fake = Fake::start_with(Options { limits: Limits::Off, ..Options::default() }).await;
    let listen = free_address();
    let world = World::with(db, fake.url(), &[("KARVON_PUBLIC_URL", &format!("http://{listen}"))]).await;
    let bot = world.connect(&fake, intake).await;
    let mut program = Program::new(db, &world, &fake, listen);
    program.start().await;
    let mut customers: JoinSet<(Person, Vec<i64>)> = JoinSet::new();
    for number in 0..PEOPLE {
        let phone = format!("+99890123450{number}");
        customers.spawn(customer(bot.user(1_001 + number).named(&format!("Person {number}"), "en", &phone)));
    }
    for _ in 0..KILLS {
        let life = LIVES_MS.0 + u64::from_le_bytes(random.bytes()) % (LIVES_MS.1 - LIVES_MS.0);
        tokio::time::sleep(Duration::from_millis(life)).await;
        program.kill().await;
        let_the_leases_run_out(db).await;
        program.start().await;
    }
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
async fn a_program_killed_while_it_polls_loses_and_doubles_nothing(db: &TestDb) {
    order_while_it_is_killed(db, bots::Intake::Polling).await;
}

#[db_test]
async fn a_program_killed_while_it_holds_a_webhook_loses_and_doubles_nothing(db: &TestDb) {
    order_while_it_is_killed(db, bots::Intake::Webhook).await;
}
