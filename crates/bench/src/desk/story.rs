//! People ask by Telegram and agents answer, over `karvon serve` as a process of its own.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bots::{Intake, NewBot, connect_telegram, create_bot};
use catalog::Names;
use channels::telegram::{Profile, Token};
use context::{Ctx, Random};
use db::{Lane, ReadTx, Tx, params};
use kernel::PageRequest;
use serde_json::{Value, json};
use testkit::telegram::{Fake, FakeBot, Limits, Options, Person};
use tickets::{Assigns, MessageFilter, NewAgent, NewCategory, Service, actions, reads};
use tokio::{
    sync::{Barrier, mpsc, oneshot},
    task::JoinSet,
};

use crate::{
    goods::ctx,
    karvon::{Server, free_address, karvon},
    place::Database,
    site::{Shop, facts},
    talk::{self, offers, says},
    time::now,
};

pub const PEOPLE: usize = 500;
/// What each writes, one after the other.
pub const SAYS: usize = 20;
/// One for every so many messages.
const ANSWER_EVERY: usize = 5;
/// Answers to each.
pub const ANSWERS: usize = SAYS / ANSWER_EVERY;
/// Every so many messages is a picture with words.
const PICTURE_EVERY: usize = 10;
/// Between two messages of one person: 250 come a second.
const PACE: Duration = Duration::from_secs(2);
const AGENTS: usize = 20;
/// What people ask about; five agents each.
const CATEGORIES: [&str; 4] = ["Kredit", "Obuna", "Hamkorlik", "Ishga kirish"];
const TOKEN: &str = "42:AAbenchmarkbenchmarkbenchmarkbench12";
const KEY: &str = "benchmark-key-of-an-outside-system";
const FIRST_PERSON: i64 = 100_000;
const FIRST_AGENT: i64 = 50_000;
/// Nothing that is alive takes longer, and no kill either.
const PATIENCE: Duration = Duration::from_secs(60);
/// Milliseconds that the program lives before it is killed.
const LIVES_MS: (u64, u64) = (1_500, 4_000);
/// How soon what a dead process had is taken over.
const LEASE_MS: &str = "1000";

/// What became of a story.
pub struct Outcome {
    /// Until everybody had a ticket.
    pub opening: Duration,
    /// From then until everything was said, answered and seen.
    pub took: Duration,
    /// From an agent's request until the person sees the answer.
    pub by_api: Vec<Duration>,
    /// The same of agents who answer in Telegram.
    pub by_chat: Vec<Duration>,
    /// Tickets and chats in which something is missing, twice in the ticket, or in another order.
    pub wrong: u64,
    /// Messages of the bot that came twice.
    pub twice: u64,
    /// Messages that were on their way when the program was killed: these may come twice.
    pub on_their_way: u64,
}

/// An answer that somebody waits for.
struct Wanted {
    person: usize,
    ticket: i64,
    number: usize,
    seen: oneshot::Sender<()>,
}

/// What the tasks of a story share.
struct Desk {
    fake: Fake,
    bot: FakeBot,
    net: net::Net,
    address: SocketAddr,
    /// The ticket of each who has one.
    tickets: std::sync::Mutex<HashMap<usize, i64>>,
    keys: AtomicUsize,
}

/// Runs a story with so many kills.
pub async fn tell(database: Database, kills: u64) -> Outcome {
    let options =
        Options { limits: Limits::Off, keep_calls: false, keep_messages: 120, ..Options::default() };
    let fake = Fake::start_with(options).await;
    let bot = fake.bot(TOKEN);
    let shop = Shop::make(database, &[("KARVON_TELEGRAM_API_URL", fake.url())]).await;
    let own = ctx(shop.workspace, shop.parts.app.clock().now());
    let numbers = open_desk(&shop, &own).await;
    let address = free_address();
    let net = net::Net::new(&net::Options::default()).unwrap();
    let tickets = std::sync::Mutex::default();
    let desk = Arc::new(Desk { fake, bot, net, address, tickets, keys: AtomicUsize::new(1) });
    let folder = tempfile::tempdir().unwrap();
    let mut settings = shop.settings();
    settings.extend([
        ("KARVON_TELEGRAM_API_URL", desk.fake.url().to_owned()),
        ("KARVON_TELEGRAM_LIMITS", "false".to_owned()),
        ("KARVON_LOG_FILES", "false".to_owned()),
        ("API_KEYS", KEY.to_owned()),
    ]);
    if kills > 0 {
        settings.push(("KARVON_LEASE_MS", LEASE_MS.to_owned()));
    }
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let start = || Server::start(karvon(folder.path(), None, address, &["serve"], &settings));

    let mut server = start();
    server.wait_for_page(address, now());
    let opened = Arc::new(Barrier::new(PEOPLE + 1));
    let mut working = JoinSet::new();
    let mut wanted = HashMap::new();
    for (place, number) in numbers.into_iter().enumerate() {
        let (sender, receiver) = mpsc::unbounded_channel();
        wanted.insert(number, sender);
        working.spawn(agent(Arc::clone(&desk), place, number, receiver));
    }
    let wanted = Arc::new(wanted);
    let began = now();
    let mut people = JoinSet::new();
    for place in 0..PEOPLE {
        people.spawn(person(Arc::clone(&desk), place, Arc::clone(&opened), Arc::clone(&wanted)));
    }
    drop(wanted);
    opened.wait().await;
    let opening = began.elapsed();
    let began = now();
    let mut on_their_way = 0;
    let random = Random::from_seed(kills);
    for _ in 0..kills {
        let life = LIVES_MS.0 + u64::from_le_bytes(random.bytes()) % (LIVES_MS.1 - LIVES_MS.0);
        tokio::time::sleep(Duration::from_millis(life)).await;
        drop(server);
        on_their_way += unmarked(&shop, &own, &desk.fake).await;
        server = start();
    }
    while let Some(done) = people.join_next().await {
        done.unwrap();
    }
    let took = began.elapsed();
    let (mut by_api, mut by_chat) = (Vec::new(), Vec::new());
    while let Some(done) = working.join_next().await {
        let (place, times) = done.unwrap();
        if is_in_chat(place) { by_chat.extend(times) } else { by_api.extend(times) }
    }
    settle(&desk.fake).await;
    drop(server);
    let wrong = check(&shop, &own, &desk).await;
    let twice = everybody(&desk.bot).map(|person| doubled(&person)).sum();
    println!("{kills} kills: {:?}", desk.fake.counters());
    Outcome { opening, took, by_api, by_chat, wrong, twice, on_their_way }
}

/// Every second agent answers in Telegram.
const fn is_in_chat(agent: usize) -> bool {
    agent % 2 == 1
}

fn question(place: usize, number: usize) -> String {
    format!("Savol {place}-{number}")
}

fn answer(ticket: i64, number: usize) -> String {
    format!("Javob {ticket}-{number}")
}

impl Desk {
    fn person(&self, place: usize) -> Person {
        self.bot.user(FIRST_PERSON + place as i64)
    }

    fn ticket_of(&self, place: usize) -> Option<i64> {
        self.tickets.lock().unwrap().get(&place).copied()
    }

    /// Calls the program until it answers, whatever is killed meanwhile. The same key all the time: it is done once.
    async fn call(&self, path: &str, body: Option<Value>) -> Value {
        let key = format!("desk-{}", self.keys.fetch_add(1, Ordering::Relaxed));
        let url = format!("http://{}{path}", self.address);
        let until = now() + PATIENCE;
        loop {
            let client = self.net.trusted();
            let request = match &body {
                Some(body) => client
                    .post(&url)
                    .header("idempotency-key", &key)
                    .header("content-type", "application/json")
                    .body(body.to_string()),
                None => client.get(&url),
            };
            if let Ok(response) = request.header("x-api-key", KEY).send().await {
                let status = response.status();
                if let Ok(text) = response.text().await {
                    assert!(!status.is_client_error(), "{path}: {status} {text}");
                    if status.is_success() {
                        return serde_json::from_str(&text).unwrap();
                    }
                }
            }
            assert!(now() < until, "{path} is not answered");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Categories and agents, and a bot that opens tickets. The agents' numbers.
async fn open_desk(shop: &Shop, own: &Ctx) -> Vec<i64> {
    let (ctx, bots) = (own.clone(), Arc::clone(&shop.parts.bots));
    let open = move |tx: &mut Tx<'_>| {
        let mut numbers = Vec::new();
        for (position, name) in CATEGORIES.into_iter().enumerate() {
            let name = Names { uz: name.to_owned(), ru: None, en: None };
            let service =
                Service { answer_minutes: Some(5), resolve_minutes: Some(60), assigns: Assigns::ByLoad };
            let new = NewCategory { position: 100 + position as i32, service, ..NewCategory::named(name) };
            let category = actions::create_category(&ctx, tx, new)?.id;
            for number in 0..AGENTS / CATEGORIES.len() {
                let place = position * (AGENTS / CATEGORIES.len()) + number;
                let new = NewAgent {
                    member: None,
                    telegram_id: Some(FIRST_AGENT + place as i64),
                    full_name: format!("Agent {place}"),
                    is_head: false,
                    is_active: true,
                    categories: vec![category],
                };
                numbers.push(actions::create_agent(&ctx, tx, new)?.number);
            }
        }
        let shop = facts("Desk".to_owned());
        let new = NewBot { name: "Desk".to_owned(), source: flow::examples::SUPPORT.to_owned(), shop };
        let bot = create_bot(&ctx, tx, new)?;
        let profile =
            Profile { id: 42, first_name: "Desk".to_owned(), username: "bench_desk_bot".to_owned() };
        connect_telegram(&ctx, tx, &bots, bot.id, &Token::parse(TOKEN)?, &profile, Intake::Polling)?;
        Ok(numbers)
    };
    shop.db.write(own, Lane::People, open).await.unwrap()
}

/// Opens a ticket, waits for the others, and writes: by the clock, whether anybody answers or not. Then waits until the last
/// answer is seen.
async fn person(
    desk: Arc<Desk>,
    place: usize,
    opened: Arc<Barrier>,
    wanted: Arc<HashMap<i64, mpsc::UnboundedSender<Wanted>>>,
) {
    let phone = format!("+99890{:07}", 1_000_000 + place);
    let person = desk.person(place).named(&format!("Person {place}"), "uz", &phone);
    let category = CATEGORIES[place % CATEGORIES.len()];
    let shows =
        |screen: Option<_>| assert!(screen.is_some(), "no reply in a chat that shows\n{}", person.screen());
    shows(talk::ask(&person, PATIENCE, talk::say("/start"), says("Tilni tanlang")).await);
    shows(talk::ask(&person, PATIENCE, talk::tap("Oʻzbekcha"), offers(category)).await);
    shows(talk::ask(&person, PATIENCE, talk::tap(category), says("murojaat ochildi")).await);
    let screen = person.screen();
    let told = screen.bot_texts().into_iter().find(|text| text.contains("murojaat ochildi")).unwrap();
    let digits = told.split_once('№').unwrap().1.trim_start();
    let ticket: i64 = digits.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap();
    desk.tickets.lock().unwrap().insert(place, ticket);
    let shown = desk.call(&format!("/api/ticket/tickets/{ticket}"), None).await;
    let agent = shown["assigned_admin"].as_i64().expect("given to somebody on duty");
    opened.wait().await;

    let mut due = now() + PACE * u32::try_from(place).unwrap() / u32::try_from(PEOPLE).unwrap();
    let mut last = None;
    for number in 1..=SAYS {
        tokio::time::sleep_until(due.into()).await;
        due += PACE;
        let _message = match number % PICTURE_EVERY {
            0 => person.send_photo(b"a picture".to_vec(), &question(place, number)),
            _ => person.send_text(&question(place, number)),
        };
        if number % ANSWER_EVERY == 0 {
            let (seen, sees) = oneshot::channel();
            let one = Wanted { person: place, ticket, number: number / ANSWER_EVERY, seen };
            wanted[&agent].send(one).unwrap();
            last = Some(sees);
        }
    }
    last.unwrap().await.unwrap();
}

/// Answers whoever waits, one after the other, until nobody can come any more: who it was, and how long each waited.
async fn agent(
    desk: Arc<Desk>,
    place: usize,
    own: i64,
    mut wanted: mpsc::UnboundedReceiver<Wanted>,
) -> (usize, Vec<Duration>) {
    let phone = format!("+99891{:07}", 1_000_000 + place);
    let chat = desk.bot.user(FIRST_AGENT + place as i64).named(&format!("Agent {place}"), "uz", &phone);
    let mut times = Vec::new();
    while let Some(Wanted { person, ticket, number, seen }) = wanted.recv().await {
        let words = answer(ticket, number);
        let began;
        if is_in_chat(place) {
            let ready = format!("№ {ticket}: ");
            open_ticket(&chat, ticket, &ready).await;
            began = now();
            let sent = talk::ask(&chat, PATIENCE, talk::say(&words), says("Yuborildi"));
            let shows = sees(&desk, person, &words);
            let (sent, ()) = tokio::join!(sent, shows);
            assert!(sent.is_some(), "not sent:\n{}", chat.screen());
        } else {
            began = now();
            let body = json!({ "ticket": ticket, "sender_type": "admin", "sender": own, "text": words });
            let sent = desk.call("/api/ticket/messages", Some(body));
            tokio::join!(sent, sees(&desk, person, &words));
        }
        times.push(began.elapsed());
        let _gone = seen.send(());
    }
    (place, times)
}

/// Opens the ticket at the desk in the chat, and goes to where an answer is written.
async fn open_ticket(agent: &Person, ticket: i64, ready: &str) {
    let opens = format!("/admin {ticket}");
    let is_open = |shown: &testkit::telegram::Shown| {
        shown.text.contains(&format!("№ {ticket} ")) && offers("Javob berish")(shown)
    };
    let screen = talk::ask(agent, PATIENCE, talk::say(&opens), is_open).await;
    assert!(screen.is_some(), "ticket {ticket} does not open:\n{}", agent.screen());
    let screen = talk::ask(agent, PATIENCE, talk::tap("Javob berish"), says(ready)).await;
    assert!(screen.is_some(), "nothing asks for the answer:\n{}", agent.screen());
}

async fn sees(desk: &Desk, place: usize, words: &str) {
    let person = desk.person(place);
    let screen = person.try_wait_for(PATIENCE, |screen| screen.says(words)).await;
    assert!(screen.is_some(), "{words:?} did not come:\n{}", person.screen());
}

/// How many messages that people see are not marked as sent. The program is dead: a start sends them again.
async fn unmarked(shop: &Shop, own: &Ctx, fake: &Fake) -> u64 {
    let workspace = own.workspace();
    let sql = "SELECT conversation.chat_key, message.platform_message_id FROM bots_message message
               JOIN bots_conversation conversation ON conversation.workspace_id = message.workspace_id
                   AND conversation.id = message.conversation_id
               WHERE message.workspace_id = $1 AND message.platform_message_id IS NOT NULL
                   AND message.direction = 'out'";
    let read = move |tx: &mut ReadTx<'_>| {
        tx.query(sql, params![workspace], |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)))
    };
    let marked = shop.db.read(own, read).await.unwrap();
    let marked: std::collections::HashSet<(String, i64)> = marked.into_iter().collect();
    let bot = fake.bot(TOKEN);
    let seen = everybody(&bot).flat_map(|person| {
        let chat = person.chat().to_string();
        let shown = person.messages().into_iter().filter(|shown| shown.by_bot);
        shown.map(move |shown| (chat.clone(), shown.id)).collect::<Vec<_>>()
    });
    seen.filter(|one| !marked.contains(one)).count() as u64
}

/// Whoever asks, and whoever answers.
fn everybody(bot: &FakeBot) -> impl Iterator<Item = Person> {
    let ids = (0..PEOPLE as i64).map(|place| FIRST_PERSON + place);
    ids.chain((0..AGENTS as i64).map(|place| FIRST_AGENT + place)).map(move |id| bot.user(id))
}

/// How many messages the person has more than once. What answers an agent's own steps may be the same each time.
fn doubled(person: &Person) -> u64 {
    let is_agent = (FIRST_AGENT..FIRST_PERSON).contains(&person.id());
    let screen = person.screen();
    let mut known = std::collections::HashSet::new();
    let counted = |text: &&str| !is_agent || text.starts_with("🔔");
    screen.bot_texts().into_iter().filter(counted).filter(|text| !known.insert(*text)).count() as u64
}

/// Waits until nothing is on its way any more.
async fn settle(fake: &Fake) {
    let until = now() + PATIENCE;
    while fake.counters().updates_waiting + fake.counters().taps_unanswered > 0 && now() < until {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// In how many tickets or chats something is missing, or stands elsewhere than it should.
async fn check(shop: &Shop, own: &Ctx, desk: &Desk) -> u64 {
    let mut wrong = 0;
    for place in 0..PEOPLE {
        let number = desk.ticket_of(place).unwrap();
        let ctx = own.clone();
        let read = move |tx: &mut ReadTx<'_>| {
            let ticket = reads::get_by_number(&ctx, tx, number)?.id;
            let filter = MessageFilter { ticket: Some(ticket), ..MessageFilter::default() };
            Ok(reads::messages(&ctx, tx, &filter, PageRequest::new(1, 100))?.results)
        };
        let said = shop.db.read(own, read).await.unwrap();
        let of = |is_answer: bool| -> Vec<&str> {
            said.iter().filter(|one| one.is_answer == is_answer).map(|one| one.said.text.as_str()).collect()
        };
        let questions: Vec<String> = (1..=SAYS).map(|number| question(place, number)).collect();
        let answers: Vec<String> = (1..=ANSWERS).map(|one| answer(number, one)).collect();
        let screen = desk.person(place).screen();
        let mut seen: Vec<&str> =
            screen.bot_texts().into_iter().filter(|text| text.starts_with("Javob ")).collect();
        seen.dedup();
        let came =
            seen.len() == answers.len() && seen.iter().zip(&answers).all(|(seen, answer)| seen == answer);
        if of(false) != questions || of(true) != answers || !came {
            wrong += 1;
            if wrong <= 3 {
                println!("ticket {number}: {:?}, {:?}, seen {seen:?}", of(false), of(true));
            }
        }
    }
    wrong
}
