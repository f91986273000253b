//! Two nodes behind one address on one PostgreSQL: they are killed and started again at random while 200 people talk, and
//! every message is answered, in order. On SQLite there is one node.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use context::Random;
use db::{Backend, db_test, testing::TestDb};
use testkit::telegram::{Fake, Limits, Options, Person, Screen};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinSet,
};

use crate::{
    program::{Program, free_address},
    world::{KEY, World},
};

const PEOPLE: i64 = 200;
/// What each says; the last of it all at once.
const SAYS: usize = 12;
const AT_ONCE: usize = 4;
const KILLS: u64 = 10;
/// Both nodes are down at the same time in every so many kills.
const BOTH_EVERY: u64 = 3;
/// Milliseconds between a start and the next kill.
const LIVES_MS: (u64, u64) = (150, 900);
/// A dead node's channel is taken over when its lease has run out: a short one here.
const LEASE_MS: &str = "600";
/// An answer comes within this, whatever is killed meanwhile.
const PATIENCE: Duration = Duration::from_secs(60);
/// Telegram makes a call again that is not answered within this; a minute in earnest. A killed node ends its connections,
/// but a call that is handed to one at that very moment may hear of it only so (hyper #4122).
const CALLED_AGAIN_AFTER: Duration = Duration::from_secs(10);
/// Events that an outside system tells meanwhile.
const EVENTS: usize = 60;
/// They come as long as nodes are killed.
const EVENT_EVERY: Duration = Duration::from_millis(120);

/// Says back what it hears.
const ECHO: &str = r#"
format = 1
id = "echo"
version = 1
language = "uz"
start = "main.menu"
home = "main.menu"
name = { all = "Echo" }

[variables]
words = {}

[on]
text = { save = "words", go = "main.echo" }

[flows.main.menu]
kind = "menu"
nav = []
text = { all = "?" }
buttons = [{ id = "b", text = { all = "b" }, go = "echo" }]

[flows.main.echo]
kind = "message"
text = { all = "> {words}" }
go = "stay"
"#;

/// One address for both nodes: each connection goes to the next of them that takes it.
async fn one_address(nodes: [SocketAddr; 2]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let turn = Arc::new(AtomicUsize::new(0));
    tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let turn = Arc::clone(&turn);
            tokio::spawn(async move {
                let first = turn.fetch_add(1, Ordering::Relaxed);
                for way in [first, first + 1] {
                    if let Ok(mut to) = TcpStream::connect(nodes[way % 2]).await {
                        // Either side may be killed.
                        let _broken = tokio::io::copy_bidirectional(&mut from, &mut to).await;
                        return;
                    }
                }
            });
        }
    });
    address
}

/// What the person was answered, a message that came twice once.
fn heard(screen: &Screen) -> Vec<String> {
    let mut heard: Vec<String> = Vec::new();
    for words in screen.bot_texts().iter().filter_map(|text| text.strip_prefix("> ")) {
        if !heard.iter().any(|known| known == words) {
            heard.push(words.to_owned());
        }
    }
    heard
}

async fn wait(person: &Person, what: &str, wanted: impl Fn(&Screen) -> bool) -> Screen {
    match person.try_wait_for(PATIENCE, wanted).await {
        Some(screen) => screen,
        None => panic!("{what} did not come to {}:\n{}", person.id(), person.screen()),
    }
}

/// Says something after each answer, and the last of it without waiting.
async fn talk(person: Person) {
    person.send_text("/start");
    wait(&person, "the menu", |screen| screen.says("?")).await;
    let says: Vec<String> = (1..=SAYS).map(|number| format!("{}-{number}", person.id())).collect();
    let (one_by_one, at_once) = says.split_at(SAYS - AT_ONCE);
    for (place, words) in one_by_one.iter().enumerate() {
        person.send_text(words);
        wait(&person, words, |screen| heard(screen).len() > place).await;
    }
    for words in at_once {
        person.send_text(words);
    }
    let screen = wait(&person, "the last answer", |screen| heard(screen).len() >= SAYS).await;
    assert_eq!(heard(&screen), says, "every message is answered, in order");
}

/// Sends over one connection and reads the answer's status line.
async fn status_of(to: SocketAddr, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(to).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).await?;
    Ok(line)
}

/// Tells an event until a node has taken it; the key says that it is the same one.
async fn publish(to: SocketAddr, number: usize) {
    let body = format!(r#"{{"topic":"two_nodes","data":{{"number":{number}}}}}"#);
    let request = format!(
        "POST /api/realtime/publish HTTP/1.1\r\nhost: {to}\r\nx-api-key: {KEY}\r\ncontent-type: application/json\r\n\
         idempotency-key: two-nodes-{number}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    loop {
        match status_of(to, &request).await {
            Ok(line) if line.contains(" 202 ") || line.contains(" 201 ") || line.contains(" 200 ") => return,
            Ok(line) if line.contains(" 4") => panic!("{line}"),
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// Listens to events of this topic and goes on where it was when a node goes away.
async fn listen(to: SocketAddr, numbers: Arc<Mutex<Vec<u64>>>, listens: Arc<Notify>) {
    let mut last: Option<String> = None;
    loop {
        let again = last.as_ref().map(|id| format!("last-event-id: {id}\r\n")).unwrap_or_default();
        let request = format!(
            "GET /api/realtime/stream?topics=custom.two_nodes HTTP/1.1\r\nhost: {to}\r\nx-api-key: {KEY}\r\n{again}\r\n"
        );
        if let Ok(mut stream) = TcpStream::connect(to).await
            && stream.write_all(request.as_bytes()).await.is_ok()
        {
            let mut lines = BufReader::new(stream).lines();
            let mut id = None;
            while let Ok(Some(line)) = lines.next_line().await {
                if line.starts_with("event:") && line.contains("ready") {
                    listens.notify_one();
                }
                if let Some(seq) = line.strip_prefix("id:") {
                    id = Some(seq.trim().to_owned());
                } else if let Some(data) = line.strip_prefix("data:")
                    && let Ok(data) = serde_json::from_str::<serde_json::Value>(data)
                    && let Some(number) = data["data"]["number"].as_u64()
                {
                    numbers.lock().unwrap().push(number);
                }
                if line.is_empty() {
                    last = id.take().or(last);
                }
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Messages that Telegram took and that are not marked as sent: a start sends them again.
async fn on_their_way(world: &World, fake: &Fake) -> u64 {
    let taken = fake.counters().messages_taken;
    let sql =
        "SELECT COUNT(*) FROM bots_message WHERE workspace_id = $1 AND direction = 'out' AND state = 'sent'";
    let marked = world
        .read(move |ctx, tx| tx.query_one(sql, db::params![ctx.workspace()], |row| row.get::<i64>(0)))
        .await;
    taken.saturating_sub(marked.unsigned_abs())
}

/// How many messages the person got more than once.
fn doubled(person: &Person) -> u64 {
    let screen = person.screen();
    let mut known = std::collections::HashSet::new();
    screen.bot_texts().into_iter().filter(|text| !known.insert(*text)).count().try_into().unwrap()
}

/// `seed` decides when which node is killed.
async fn talk_while_nodes_are_killed(db: &TestDb, intake: bots::Intake, seed: u64) {
    if db.backend() == Backend::Sqlite {
        return;
    }
    println!("seed {seed}");
    let random = Random::from_seed(seed);
    let dice = |below: u64| u64::from_le_bytes(random.bytes()) % below;
    let options = Options { limits: Limits::Off, webhook_patience: CALLED_AGAIN_AFTER, ..Options::default() };
    let fake = Fake::start_with(options).await;
    let addresses = [free_address(), free_address()];
    let front = one_address(addresses).await;
    let public = format!("http://{front}");
    let world = World::with(db, fake.url(), &[("KARVON_PUBLIC_URL", &public)]).await;
    let bot = world.connect_new(&fake, ECHO, intake).await;
    let settings = [("KARVON_LEASE_MS", LEASE_MS), ("KARVON_PUBLIC_URL", public.as_str()), ("API_KEYS", KEY)];
    let mut nodes = addresses.map(|listen| Program::new(db, &world, fake.url(), listen, &settings));
    for node in &mut nodes {
        node.start().await;
    }
    let numbers = Arc::new(Mutex::new(Vec::new()));
    let listens = Arc::new(Notify::new());
    let listener = tokio::spawn(listen(front, Arc::clone(&numbers), Arc::clone(&listens)));
    listens.notified().await;
    let mut people: JoinSet<()> = JoinSet::new();
    for number in 0..PEOPLE {
        people.spawn(talk(bot.user(5_001 + number)));
    }
    let told = tokio::spawn(async move {
        for number in 1..=EVENTS {
            publish(front, number).await;
            tokio::time::sleep(EVENT_EVERY).await;
        }
    });
    let mut may_be_doubled = 0;
    for kill in 1..=KILLS {
        tokio::time::sleep(Duration::from_millis(LIVES_MS.0 + dice(LIVES_MS.1 - LIVES_MS.0))).await;
        let first = usize::try_from(dice(2)).unwrap();
        nodes[first].kill().await;
        may_be_doubled += on_their_way(&world, &fake).await;
        if kill % BOTH_EVERY == 0 {
            nodes[1 - first].kill().await;
            may_be_doubled += on_their_way(&world, &fake).await;
            nodes[1 - first].start().await;
        }
        nodes[first].start().await;
    }
    while let Some(done) = people.join_next().await {
        done.unwrap();
    }
    told.await.unwrap();
    let all = async {
        while !numbers.lock().unwrap().contains(&u64::try_from(EVENTS).unwrap()) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, all).await.is_ok(), "not every event was heard");
    listener.abort();
    for node in &mut nodes {
        node.stop().await;
    }
    let heard = numbers.lock().unwrap().clone();
    let expected: Vec<u64> = (1..=u64::try_from(EVENTS).unwrap()).collect();
    assert_eq!(heard, expected, "each event once and in order");
    let counters = fake.counters();
    assert_eq!(counters.updates_waiting, 0, "{counters:?}");
    let sql = "SELECT COUNT(*) FROM bots_message WHERE workspace_id = $1 AND direction = 'in'";
    let taken = world
        .read(move |ctx, tx| tx.query_one(sql, db::params![ctx.workspace()], |row| row.get::<i64>(0)))
        .await;
    assert_eq!(taken.unsigned_abs(), counters.updates_made, "updates are taken, each once: {counters:?}");
    let twice: u64 = (0..PEOPLE).map(|number| doubled(&bot.user(5_001 + number))).sum();
    assert!(twice <= may_be_doubled, "{twice} twice, {may_be_doubled} were on their way");
    println!(
        "{KILLS} kills, {PEOPLE} people, {taken} messages of theirs; {twice} answers twice of {may_be_doubled} on their way"
    );
}

#[db_test]
async fn two_nodes_that_poll_and_are_killed_answer_everybody_in_order(db: &TestDb) {
    talk_while_nodes_are_killed(db, bots::Intake::Polling, 20261121).await;
}

#[db_test]
async fn two_nodes_that_hold_a_webhook_and_are_killed_answer_everybody_in_order(db: &TestDb) {
    talk_while_nodes_are_killed(db, bots::Intake::Webhook, 4242).await;
}
