//! 10,000 people apply over Telegram in one run: each goes through the whole registration and the form “Admissions 2026”.
//! Generator, fake and program share the two cores. An update is done when the fake has taken the reply that the person
//! waits for; at the end every application is compared with what its person typed.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use app::server::Background;
use applications::{ApplicationFilter, reads};
use bots::{Intake, NewBot};
use channels::telegram::{Profile, Token};
use context::Ctx;
use db::{Lane, ReadTx, Tx};
use futures::{StreamExt, stream};
use kernel::PageRequest;
use testkit::telegram::{Fake, Limits, Options, Person, Screen, Shown};

use crate::{
    bars::{Bars, figure, table},
    goods::ctx,
    place::{Database, runtime},
    site::{Shop, facts},
    talk::{self, offers, says},
    time::{now, percentile_ms, rate},
};

/// People who apply, and how many of them do at once.
const PEOPLE: i64 = 10_000;
const AT_ONCE: usize = 200;
/// The id in Telegram of the first.
const FIRST: i64 = 1_000_000;
const TOKEN: &str = "43:AAbenchmarkbenchmarkbenchmarkbench12";
/// Nothing that is alive takes longer.
const PATIENCE: Duration = Duration::from_secs(60);
const FORM: &str = "admissions-2026";

/// Lets everybody apply, and compares what is there then.
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
    open_admissions(&shop, &own).await;
    let background = Background::start(&shop.parts);

    let began = now();
    let times: Vec<Vec<Duration>> = stream::iter(0..PEOPLE)
        .map(|number| tokio::spawn(applies(bot.user(FIRST + number), number)))
        .buffer_unordered(AT_ONCE)
        .map(|done| done.unwrap())
        .collect()
        .await;
    let took = began.elapsed();
    let counters = talk::settled(&fake, PATIENCE).await;
    background.stop().await;

    let times = times.concat();
    let ms = |share| format!("{:.1}", percentile_ms(&times, share));
    table(
        &["an answer, ms", "updates", "p50", "p99", "slowest"],
        &[vec!["all steps".to_owned(), times.len().to_string(), ms(50), ms(99), ms(100)]],
    );
    println!(
        "{PEOPLE} people in {:.0} s: {} a second, {} updates a second",
        took.as_secs_f64(),
        figure(rate(usize::try_from(PEOPLE).unwrap(), took)),
        figure(rate(times.len(), took))
    );
    println!("{counters:?}\n");
    let Compared { lost, doubled, differing } = compared(&shop, &own).await;
    let unanswered = counters.chats_unanswered + counters.taps_unanswered + counters.updates_waiting;
    let mut bars = Bars::default();
    bars.at_most("seconds for 10,000 applicants", took.as_secs_f64(), 240.0);
    bars.at_most("lost or unanswered", lost as f64 + unanswered as f64, 0.0);
    bars.at_most("doubled", doubled as f64 + counters.messages_doubled as f64, 0.0);
    bars.at_most("other than what was typed", differing as f64, 0.0);
    bars
}

/// The items, the bot and its account.
async fn open_admissions(shop: &Shop, own: &Ctx) {
    let (ctx, bots) = (own.clone(), Arc::clone(&shop.parts.bots));
    let items = catalog::delivered_items().unwrap();
    let open = move |tx: &mut Tx<'_>| {
        catalog::ensure_items(&ctx, tx, &items)?;
        let source = flow::examples::ADMISSIONS.to_owned();
        let bot = bots::create_bot(
            &ctx,
            tx,
            NewBot { name: "Qabul".to_owned(), source, shop: facts("Bench".to_owned()) },
        )?;
        let profile = Profile { id: 43, first_name: "Bench".to_owned(), username: "bench_bot".to_owned() };
        bots::connect_telegram(&ctx, tx, &bots, bot.id, &Token::parse(TOKEN)?, &profile, Intake::Polling)
    };
    shop.db.write(own, Lane::People, open).await.unwrap();
}

/// Somebody who applies, and how long each answer took.
struct Applicant {
    person: Person,
    times: Vec<Duration>,
}

impl Applicant {
    async fn ask(&mut self, act: impl FnOnce(&Person, &Screen), fits: impl Fn(&Shown) -> bool) {
        let started: Instant = now();
        let screen = talk::ask(&self.person, PATIENCE, act, fits).await;
        assert!(screen.is_some(), "no reply in a chat that shows\n{}", self.person.screen());
        self.times.push(started.elapsed());
    }

    async fn say(&mut self, text: &str, fits: impl Fn(&Shown) -> bool) {
        self.ask(talk::say(text), fits).await;
    }

    async fn tap(&mut self, words: &str, fits: impl Fn(&Shown) -> bool) {
        self.ask(talk::tap(words), fits).await;
    }
}

/// What the person of this number types as a last name and as a second phone.
fn typed(number: i64) -> (String, String) {
    let letters: String =
        format!("{number:05}").chars().map(|digit| char::from(b'a' + (digit as u8 - b'0'))).collect();
    (format!("Sinov{letters}"), format!("+99890{number:07}"))
}

async fn applies(person: Person, number: i64) -> Vec<Duration> {
    let (last_name, phone) = typed(number);
    let mut own = Applicant { person, times: Vec::new() };
    own.say("/start", says("Tilni tanlang")).await;
    own.tap("🇺🇿", says("Telefon raqamingizni")).await;
    let share = |person: &Person, _: &Screen| {
        let _message = person.share_contact();
    };
    own.ask(share, says("Ismingiz?")).await;
    own.say("Madina", says("Familiyangiz?")).await;
    own.say(&last_name, says("Jinsingiz?")).await;
    own.tap("Ayol", says("Qaysi hududdansiz?")).await;
    own.tap("Toshkent shahri", says("Tugʻilgan kuningiz?")).await;
    own.say("17.05.2009", says("Kerakli boʻlimni tanlang")).await;
    own.say("🎓 Qabul 2026", offers("Italiya")).await;
    own.tap("Italiya", offers("Mexanika")).await;
    own.tap("Mexanika", says("Hududni tanlang")).await;
    own.tap("Samarqand", says("Ikkinchi telefon")).await;
    own.say(&phone, says("Yuboraylikmi?")).await;
    own.tap("Ha", says("Kerakli boʻlimni tanlang")).await;
    own.times
}

/// What differs from one application a person with what they typed.
struct Compared {
    lost: usize,
    doubled: usize,
    differing: usize,
}

async fn compared(shop: &Shop, own: &Ctx) -> Compared {
    let ctx = own.clone();
    let read = move |tx: &mut ReadTx<'_>| {
        let mut found = Vec::new();
        for page in 1.. {
            let part = reads::list(&ctx, tx, &ApplicationFilter::default(), PageRequest::new(page, 100))?;
            found.extend(part.results.iter().filter(|whole| whole.form.code == FORM).map(|whole| {
                let phone = whole.application.answers.get("second_phone").and_then(|phone| phone.as_str());
                let said = (whole.applicant.last_name.clone(), phone.map(str::to_owned));
                (whole.applicant.telegram_id, said)
            }));
            if !part.has_next() {
                break;
            }
        }
        Ok(found)
    };
    let found = shop.db.read(own, read).await.unwrap();
    let all = found.len();
    let by_person: HashMap<_, _> = found.into_iter().collect();
    let (mut lost, mut differing) = (0, 0);
    for number in 0..PEOPLE {
        let (last_name, phone) = typed(number);
        match by_person.get(&Some(FIRST + number)) {
            None => lost += 1,
            Some(said) if *said != (Some(last_name), Some(phone)) => differing += 1,
            Some(_) => {}
        }
    }
    Compared { lost, doubled: all - by_person.len(), differing }
}
