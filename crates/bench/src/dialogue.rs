//! 200 chats over Telegram: generator, fake and program on the same two cores. An update is done when the fake has taken
//! the reply that the person waits for.
//!
//! First everybody writes again as soon as they are answered: that is the most there is, and how long people wait then is
//! 200 divided by it. Then updates come at the pace of the bar, whether or not those before are answered: the time of one
//! counts from the moment that it was due.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use app::server::Background;
use bots::Intake;
use channels::telegram::{Profile, Token};
use context::Ctx;
use db::{Lane, ReadTx, Scope, Tx, params};
use kernel::PageRequest;
use testkit::telegram::{Fake, FakeBot, Limits, Options, Person, Screen, Shown};
use tokio::task::JoinSet;

use crate::{
    bars::{Bars, figure, table},
    goods::{ctx, receive},
    place::{Database, runtime},
    site::Shop,
    talk::{self, offers, says},
    time::{now, percentile_ms, rate},
};

const CHATS: i64 = 200;
const TOKEN: &str = "42:AAbenchmarkbenchmarkbenchmarkbench12";
/// Rounds of each chat.
const ROUNDS: usize = 6;
/// Updates of a round.
const UPDATES: u32 = 11;
/// Nothing that is alive takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

const SEARCHES: [&str; 12] = [
    "samsung televizor",
    "самсунг телевизор",
    "muzlatkich",
    "kir yuvish mashinasi",
    "redmi",
    "ноутбук",
    "konditsioner artel",
    "samsng",
    "galaxy",
    "холодильник",
    "televizor",
    "наушники",
];

/// What an update is, for the mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Search,
    Order,
    Step,
}

/// Runs every chat through its rounds.
pub fn run(database: Database) -> Bars {
    runtime().block_on(measure(database))
}

async fn measure(database: Database) -> Bars {
    let options = Options { limits: Limits::Off, keep_calls: false, keep_messages: 12, ..Options::default() };
    let fake = Fake::start_with(options).await;
    let bot = fake.bot(TOKEN);
    let settings = [("KARVON_TELEGRAM_API_URL", fake.url()), ("KARVON_TELEGRAM_LIMITS", "false")];
    let shop = Shop::make(database, &settings).await;
    let own = ctx(shop.workspace, shop.parts.app.clock().now());
    stock_up(&shop, &own).await;
    connect(&shop, &own).await;
    let background = Background::start(&shop.parts);

    let welcomed: Times = each_chat(&bot, |number, person| Box::pin(welcome(number, person))).await;
    let started = now();
    let pressed = each_chat(&bot, |number, person| Box::pin(rounds(number, person, None))).await;
    let took = started.elapsed();
    let wanted = database.choose(800, 400);
    let started = now();
    let pace = |number| Some(Pace::of(started, wanted, number));
    let paced = each_chat(&bot, |number, person| Box::pin(rounds(number, person, pace(number)))).await;
    let paced_took = started.elapsed();
    // Whatever still leaves after the last reply leaves before it is counted.
    let counters = talk::settled(&fake, PATIENCE).await;
    background.stop().await;

    show("as fast as they are answered", &pressed, took);
    show(&format!("{wanted} updates a second"), &paced, paced_took);
    println!("\n{counters:?}");
    let placed = orders(&shop, &own).await;
    let all = || welcomed.iter().chain(&pressed).chain(&paced);
    let ordered = all().filter(|(kind, _)| *kind == Kind::Order).count();
    println!("orders placed: {ordered} in chats, {placed} in the books\n");
    let lost = counters.chats_unanswered + counters.taps_unanswered + counters.updates_waiting;
    let doubled = counters.messages_doubled;
    let mut bars = Bars::default();
    bars.at_least("updates per second", rate(pressed.len(), took), f64::from(wanted));
    bars.at_most("p99 at that pace, ms", percentile_ms(&of(&paced, None), 99), 250.0);
    bars.at_most("lost or doubled", lost as f64 + doubled as f64 + placed.abs_diff(ordered) as f64, 0.0);
    bars
}

fn of(times: &Times, kind: Option<Kind>) -> Vec<Duration> {
    times.iter().filter(|(own, _)| kind.is_none_or(|kind| kind == *own)).map(|(_, time)| *time).collect()
}

fn show(name: &str, times: &Times, took: Duration) {
    let row = |name: &str, kind: Option<Kind>| {
        let own = of(times, kind);
        let ms = |share| format!("{:.1}", percentile_ms(&own, share));
        let share = format!("{:.0} %", 100.0 * own.len() as f64 / times.len() as f64);
        vec![name.to_owned(), own.len().to_string(), share, ms(50), ms(99), ms(100)]
    };
    let head = format!("{name}, ms");
    table(
        &[&head, "updates", "share", "p50", "p99", "slowest"],
        &[
            row("searches", Some(Kind::Search)),
            row("orders", Some(Kind::Order)),
            row("other steps", Some(Kind::Step)),
            row("all", None),
        ],
    );
    println!("{} a second\n", figure(rate(times.len(), took)));
}

/// Plenty of everything, so that no cart is refused.
async fn stock_up(shop: &Shop, own: &Ctx) {
    let reader = own.clone();
    let read = move |tx: &mut ReadTx<'_>| {
        let mut all = Vec::new();
        for page in 1.. {
            let part =
                catalog::list(&reader, tx, &catalog::ProductFilter::default(), PageRequest::new(page, 100))?;
            all.extend(part.results.iter().map(|product| product.id));
            if !part.has_next() {
                break;
            }
        }
        Ok(all)
    };
    let products = shop.db.read(own, read).await.unwrap();
    receive(&shop.db, own, &products).await;
}

async fn connect(shop: &Shop, own: &Ctx) {
    let (ctx, bots) = (own.clone(), Arc::clone(&shop.parts.bots));
    let connect = move |tx: &mut Tx<'_>| {
        let bot = bots::list_bots(&ctx, tx)?.remove(0);
        let profile = Profile { id: 42, first_name: "Bench".to_owned(), username: "bench_bot".to_owned() };
        bots::connect_telegram(&ctx, tx, &bots, bot.id, &Token::parse(TOKEN)?, &profile, Intake::Polling)
    };
    shop.db.write(own, Lane::People, connect).await.unwrap();
}

async fn orders(shop: &Shop, own: &Ctx) -> usize {
    let workspace = own.workspace();
    let sql = "SELECT COUNT(*) FROM sales_order WHERE workspace_id = $1 AND source = 'chat'";
    let count = move |tx: &mut ReadTx<'_>| tx.query_one(sql, params![workspace], |row| row.get::<i64>(0));
    usize::try_from(shop.db.read(Scope::from(own), count).await.unwrap()).unwrap()
}

type Times = Vec<(Kind, Duration)>;
type Story = std::pin::Pin<Box<dyn Future<Output = Times> + Send>>;

async fn each_chat(bot: &FakeBot, story: impl Fn(usize, Person) -> Story) -> Times {
    let mut tasks = JoinSet::new();
    for (number, id) in (1_000..1_000 + CHATS).enumerate() {
        tasks.spawn(story(number, bot.user(id)));
    }
    tasks.join_all().await.concat()
}

/// When somebody's next update is due, where it does not wait for the last answer.
#[derive(Debug, Clone, Copy)]
struct Pace {
    next: Instant,
    every: Duration,
}

impl Pace {
    /// For the chat `number` among those who send `rate` updates a second together, one after the other. Each begins its rounds
    /// at another moment, so that the mix is the mix at any time: people do not all search at once and then all order.
    fn of(start: Instant, rate: u32, number: usize) -> Self {
        let (one, number) = (Duration::from_secs(1) / rate, u32::try_from(number).unwrap());
        let every = one * u32::try_from(CHATS).unwrap();
        Self { next: start + one * number + every * (number % UPDATES), every }
    }

    /// Waits for the moment, and gives it.
    async fn due(&mut self) -> Instant {
        let due = self.next;
        self.next += self.every;
        tokio::time::sleep_until(due.into()).await;
        due
    }
}

/// A person with the times of what they did.
struct Chat {
    person: Person,
    times: Times,
    pace: Option<Pace>,
}

impl Chat {
    /// Does something and waits for a new message that fits.
    async fn ask(&mut self, kind: Kind, act: impl FnOnce(&Person, &Screen), fits: impl Fn(&Shown) -> bool) {
        let started = match &mut self.pace {
            Some(pace) => pace.due().await,
            None => now(),
        };
        let screen = talk::ask(&self.person, PATIENCE, act, fits).await;
        assert!(screen.is_some(), "no reply in a chat that shows\n{}", self.person.screen());
        self.times.push((kind, started.elapsed()));
    }

    async fn say(&mut self, kind: Kind, text: &str, fits: impl Fn(&Shown) -> bool) {
        self.ask(kind, talk::say(text), fits).await;
    }

    async fn tap(&mut self, kind: Kind, words: &str, fits: impl Fn(&Shown) -> bool) {
        self.ask(kind, talk::tap(words), fits).await;
    }
}

/// The first words of a chat, and an order that leaves the name.
async fn welcome(number: usize, person: Person) -> Times {
    let mut chat = Chat { person, times: Vec::new(), pace: None };
    chat.say(Kind::Step, "/start", says("Tilni tanlang")).await;
    chat.tap(Kind::Step, "🇺🇿", says("telefon raqamingizni ulashing")).await;
    chat.ask(
        Kind::Step,
        |person, _| {
            let _message = person.share_contact();
        },
        says("Nima qidiramiz"),
    )
    .await;
    round(&mut chat, number, true).await;
    chat.times
}

async fn rounds(number: usize, person: Person, pace: Option<Pace>) -> Times {
    let mut chat = Chat { person, times: Vec::new(), pace };
    for round_number in 0..ROUNDS {
        round(&mut chat, number + round_number * 5, false).await;
    }
    chat.times
}

/// Four searches, one order, six steps that lead to it.
async fn round(chat: &mut Chat, number: usize, is_first: bool) {
    for search in 0..4 {
        let words = SEARCHES[(number * 4 + search) % SEARCHES.len()];
        chat.say(Kind::Search, words, says("🔎 «")).await;
    }
    chat.tap(Kind::Step, "1. ", offers("🛒 Savatga qoʻshish")).await;
    chat.tap(Kind::Step, "🛒 Savatga qoʻshish", offers("🛒 Savatga oʻtish")).await;
    chat.tap(Kind::Step, "🛒 Savatga oʻtish", offers("✅ Buyurtma berish")).await;
    if is_first {
        chat.tap(Kind::Step, "✅ Buyurtma berish", says("Ismingiz nima")).await;
        chat.say(Kind::Step, "Dilnoza Karimova", offers("🏬")).await;
    } else {
        chat.tap(Kind::Step, "✅ Buyurtma berish", offers("🏬")).await;
    }
    chat.tap(Kind::Step, "🏬", says("izohingiz")).await;
    chat.say(Kind::Step, "⏭ Oʻtkazib yuborish", says("Tasdiqlaysizmi")).await;
    chat.tap(Kind::Order, "✅ Buyurtma berish", says("Nima qidiramiz")).await;
}
