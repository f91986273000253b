//! From the order to the money, in the customer's chat: each step is told once, in their language, the invoice as a PDF,
//! although the program is killed in between.

use std::time::Duration;

use context::Ctx;
use db::{Lane, Tx, db_test, testing::TestDb};
use kernel::{Id, Money, Quantity};
use sales::{
    Invoice, NewCreditNote, NewDelivery, NewInvoice, NewPayment, Order, PlaceLine, PlaceOrder, Source,
};
use testkit::telegram::{Fake, FakeBot, Fault, Limits, Options, Person, Screen, SentFile};

use crate::{
    chat::{PHONE, PLACE, check_out, enter, orders_told, put_into_cart, see, see_button},
    program::{Program, free_address},
    world::World,
};

/// What a customer reads in one language, step by step.
struct Reads {
    id: i64,
    language: &'static str,
    confirmed: &'static str,
    partly: &'static str,
    delivered: &'static str,
    file: &'static str,
    left: &'static str,
    paid: &'static str,
    credit_file: &'static str,
    refunded: &'static str,
    /// Of the card of the order.
    card: [&'static str; 2],
    again: &'static str,
}

const LANGUAGES: [Reads; 3] = [
    Reads {
        id: 2_001,
        language: "🇺🇿 Oʻzbekcha",
        confirmed: "buyurtmangiz tasdiqlandi",
        partly: "bir qismi yetkazildi",
        delivered: "buyurtmangiz yetkazildi",
        file: "hisobvaraq-faktura-",
        left: "Qoldi: 2 500 000 soʻm",
        paid: "Toʻliq toʻlandi, rahmat!",
        credit_file: "tuzatuvchi-hisobvaraq-faktura-QN-",
        refunded: "qaytarib berildi",
        card: ["✅ Yetkazildi", "Toʻlangan: 2 000 000 soʻm, qoldi: 2 500 000 soʻm"],
        again: "🧾 Hisobvaraq-fakturani olish",
    },
    Reads {
        id: 2_002,
        language: "🇷🇺 Русский",
        confirmed: "подтверждён",
        partly: "Часть вашего заказа",
        delivered: "доставлен. Спасибо",
        file: "schet-faktura-",
        left: "Осталось: 2 500 000 сум",
        paid: "Заказ оплачен полностью",
        credit_file: "korrektirovochnyi-schet-faktura-QN-",
        refunded: "возвращено",
        card: ["✅ Доставлен", "Оплачено: 2 000 000 сум, осталось: 2 500 000 сум"],
        again: "🧾 Получить счёт-фактуру",
    },
    Reads {
        id: 2_003,
        language: "🇬🇧 English",
        confirmed: "has been confirmed",
        partly: "Some of your order",
        delivered: "has been delivered. Thank you",
        file: "invoice-",
        left: "Left to pay: 2,500,000 soʻm",
        paid: "It is paid in full",
        credit_file: "credit-note-QN-",
        refunded: "has been paid back",
        card: ["✅ Delivered", "Paid: 2,000,000 soʻm, left to pay: 2,500,000 soʻm"],
        again: "🧾 Get the invoice",
    },
];

/// Does what staff do, and answers when it stands.
async fn staff<T, F>(world: &World, act: F) -> T
where
    F: Fn(&Ctx, &mut Tx<'_>) -> kernel::Result<T> + Send + 'static,
    T: Send + 'static,
{
    let ctx = world.ctx.clone();
    world.parts.app.db().write(&world.ctx, Lane::People, move |tx| act(&ctx, tx)).await.unwrap()
}

/// Orders a telephone and a television by chat, and chooses the language of all that follows.
async fn order_in(world: &World, bot: &FakeBot, reads: &Reads) -> (Person, Order) {
    let person = bot.user(reads.id).named("Anna", "en", &format!("+99890123{}", reads.id));
    enter(&person).await;
    put_into_cart(&person, PHONE).await;
    put_into_cart(&person, "Samsung UE20 TV").await;
    check_out(&person).await;
    person.tap_button(PLACE);
    let screen = see(&person, "the order's number", |screen| !orders_told(screen).is_empty()).await;
    let number = *orders_told(&screen).last().unwrap();
    person.send_text("/lang");
    see_button(&person, "🇷🇺 Русский").await;
    person.tap_button(reads.language);
    see(&person, "the answer to the choice", |screen| {
        !screen.messages.iter().any(|message| message.button("🇷🇺 Русский").is_some())
            || screen.last().is_some_and(|last| last.button("🇷🇺 Русский").is_none())
    })
    .await;
    let order = world.read(move |ctx, tx| sales::get_order_by_number(ctx, tx, number)).await;
    (person, order)
}

/// How many of the bot's messages have these words, whatever the spaces between figures.
fn told(screen: &Screen, words: &str) -> usize {
    screen.bot_texts().into_iter().filter(|text| text.replace('\u{a0}', " ").contains(words)).count()
}

async fn says(person: &Person, words: &str) {
    see(person, words, |screen| told(screen, words) > 0).await;
}

/// The files with this name's beginning that stand in the person's chat.
fn files(fake: &Fake, person: &Person, name: &str) -> Vec<SentFile> {
    let media = person.messages().into_iter().filter_map(|message| message.media.clone());
    let of_name = media.filter(|media| media.name.as_deref().is_some_and(|found| found.starts_with(name)));
    of_name.map(|media| fake.file(&media.file_id).unwrap()).collect()
}

async fn sees_file(fake: &Fake, person: &Person, name: &str, count: usize) {
    see(person, name, |_| files(fake, person, name).len() >= count).await;
    for file in files(fake, person, name) {
        assert_eq!(file.mime, "application/pdf");
        assert!(file.name.ends_with(".pdf") && file.bytes.starts_with(b"%PDF-"), "{}", file.name);
    }
}

/// One of the order's lines goes out.
async fn deliver_first_line(world: &World, id: Id<Order>) {
    staff(world, move |ctx, tx| {
        let line = sales::order_lines(ctx, tx, id)?.into_iter().next().unwrap();
        let lines = Some(vec![(line.id, line.quantity)]);
        sales::deliver_order(ctx, tx, id, NewDelivery { lines, ..NewDelivery::default() })
    })
    .await;
}

async fn deliver_the_rest(world: &World, id: Id<Order>) {
    staff(world, move |ctx, tx| sales::deliver_order(ctx, tx, id, NewDelivery::default())).await;
}

async fn invoice(world: &World, id: Id<Order>) -> Invoice {
    staff(world, move |ctx, tx| sales::invoice_order(ctx, tx, id, NewInvoice::default())).await.1
}

async fn pay(world: &World, id: Id<Order>, amount: Option<Money>) {
    let new = NewPayment { amount, ..NewPayment::default() };
    staff(world, move |ctx, tx| sales::pay_order(ctx, tx, id, new.clone())).await;
}

/// From the confirmation to the money that went back, as one customer reads it.
async fn whole_story(fake: &Fake, world: &World, bot: &FakeBot, reads: &Reads) {
    let (person, order) = order_in(world, bot, reads).await;
    let id = order.id;
    staff(world, move |ctx, tx| sales::confirm_order(ctx, tx, id)).await;
    says(&person, reads.confirmed).await;
    deliver_first_line(world, id).await;
    says(&person, reads.partly).await;
    deliver_the_rest(world, id).await;
    says(&person, reads.delivered).await;
    let sold = invoice(world, id).await;
    sees_file(fake, &person, reads.file, 1).await;
    assert!(person.screen().says(&sold.label()), "{}", person.screen());
    pay(world, id, Some(Money::from_som(2_000_000))).await;
    says(&person, reads.left).await;

    person.send_text(&format!("/order {}", order.number));
    for words in reads.card {
        says(&person, words).await;
    }
    person.tap_button(reads.again);
    sees_file(fake, &person, reads.file, 2).await;

    pay(world, id, None).await;
    says(&person, reads.paid).await;
    let sold = sold.id;
    staff(world, move |ctx, tx| sales::credit_invoice(ctx, tx, sold, NewCreditNote::default())).await;
    sees_file(fake, &person, reads.credit_file, 1).await;
    staff(world, move |ctx, tx| sales::refund_order(ctx, tx, id, NewPayment::default())).await;
    says(&person, reads.refunded).await;

    let screen = person.screen();
    for words in [reads.confirmed, reads.partly, reads.delivered, reads.left, reads.paid, reads.refunded] {
        assert_eq!(told(&screen, words), 1, "{words}\n{screen}");
    }
    assert_eq!(
        (files(fake, &person, reads.file).len(), files(fake, &person, reads.credit_file).len()),
        (2, 1)
    );
}

#[db_test]
async fn each_step_is_told_once_in_the_customer_s_language_with_the_invoice_as_a_file(db: &TestDb) {
    let fake = Fake::start_with(Options { limits: Limits::Off, ..Options::default() }).await;
    let mut world = World::with(db, fake.url(), &[("KARVON_TELEGRAM_LIMITS", "false")]).await;
    let bot = world.connect(&fake, bots::Intake::Polling).await;
    world.start();
    for reads in &LANGUAGES {
        whole_story(&fake, &world, &bot, reads).await;
    }
    assert_eq!(fake.counters().messages_doubled, 0);
    world.stop().await;
    assert_eq!(world.disagreements().await, Vec::<String>::new());
}

#[db_test]
async fn a_file_that_the_platform_does_not_take_is_told_and_holds_nothing_up(db: &TestDb) {
    let fake = Fake::start_with(Options { limits: Limits::Off, ..Options::default() }).await;
    let mut world = World::with(db, fake.url(), &[("KARVON_TELEGRAM_LIMITS", "false")]).await;
    let bot = world.connect(&fake, bots::Intake::Polling).await;
    world.start();
    let [reads, ..] = &LANGUAGES;
    let (person, order) = order_in(&world, &bot, reads).await;
    let id = order.id;
    staff(&world, move |ctx, tx| sales::confirm_order(ctx, tx, id)).await;
    deliver_the_rest(&world, id).await;
    bot.fail_next("sendDocument", 1, Fault::Refuse(413, "Request Entity Too Large".to_owned()));
    invoice(&world, id).await;
    says(&person, "faylini yuborib boʻlmadi").await;
    // The answer to an upload is lost: nobody knows whether it came, so it may stand there twice, and never not at all.
    bot.fail_next("sendDocument", 1, Fault::DropAfter);
    person.send_text(&format!("/order {}", order.number));
    see_button(&person, reads.again).await;
    person.tap_button(reads.again);
    sees_file(&fake, &person, reads.file, 1).await;
    pay(&world, id, None).await;
    says(&person, reads.paid).await;
    let twice = files(&fake, &person, reads.file).len();
    assert!((1..=2).contains(&twice), "{twice} files");
    world.stop().await;
}

/// A conversation in the simulator, begun by somebody who says hello.
async fn simulated(world: &World) -> String {
    let (ctx, bot) = (world.ctx.clone(), world.bot);
    let channel = world.read(move |ctx, tx| bots::simulator_channel(ctx, tx, bot)).await.id;
    let chat = bots::Chat {
        key: "sim:of a test".to_owned(),
        person_name: "Anna".to_owned(),
        username: None,
        lang: None,
        message_id: None,
        place: bots::Place::Page { tapped: None },
    };
    let what = bots::What::Input(flow::Input::Text("hello".to_owned()));
    let update = bots::Update { channel, key: "1".to_owned(), chat: Some(chat), what };
    bots::receive(&ctx, world.parts.app.db(), &world.parts.bots, update).await.unwrap();
    let sql = "SELECT id FROM bots_conversation WHERE chat_key = 'sim:of a test'";
    let found = world.read(move |_, tx| tx.query_one(sql, &[], |row| row.get::<uuid::Uuid>(0))).await;
    found.to_string()
}

#[db_test]
async fn a_simulated_chat_is_told_the_same_and_its_files_can_be_had(db: &TestDb) {
    let world = World::new(db, "http://127.0.0.1:9").await;
    let conversation = simulated(&world).await;
    let (chat_ref, goods) = (conversation.clone(), world.products[0].clone());
    let order = staff(&world, move |ctx, tx| {
        let phone = kernel::Phone::parse("+998901112233")?;
        let new = contacts::NewContact::customer("Anna", Some(phone));
        let customer = contacts::upsert_by_phone(ctx, tx, new)?.id;
        let line = PlaceLine { product: goods.id, quantity: Quantity::from_units(2), expected_price: None };
        let wanted = PlaceOrder {
            customer,
            lines: vec![line],
            delivery: sales::Delivery::default(),
            note: String::new(),
            expected_total: None,
            source: Source::Chat,
            chat_ref: Some(chat_ref.clone()),
        };
        let order = sales::place_order(ctx, tx, wanted)?;
        sales::confirm_order(ctx, tx, order.id)
    })
    .await;
    let id = order.id;
    deliver_the_rest(&world, id).await;
    let sold = invoice(&world, id).await;
    pay(&world, id, None).await;
    world.work_off().await;
    let path = format!("/api/bots/1/conversations/{conversation}/messages");
    let (status, said) = world.api("GET", &path, "").await;
    assert_eq!(status, 200);
    let messages = said["results"].as_array().unwrap();
    // Nobody chose a language here, so the customer's own is spoken.
    for words in ["buyurtmangiz tasdiqlandi", "buyurtmangiz yetkazildi", "Toʻliq toʻlandi"] {
        let told = messages.iter().filter(|message| message["text"].as_str().unwrap().contains(words));
        assert_eq!(told.count(), 1, "{words}: {said}");
    }
    let brought: Vec<_> = messages.iter().filter(|message| !message["document"].is_null()).collect();
    assert_eq!(brought.len(), 1, "{said}");
    let document = &brought[0]["document"];
    assert_eq!(document["name"], format!("hisobvaraq-faktura-{}.pdf", sold.label()));
    assert!(document["size"].as_u64().unwrap() > 8_000);
    let (status, _) = world.api("GET", document["url"].as_str().unwrap(), "").await;
    assert_eq!(status, 200, "{document}");
}

/// How often each message about the orders stands in the outbox.
async fn told_in_outbox(world: &World, words: &'static str) -> i64 {
    let sql = "SELECT COUNT(*) FROM bots_message WHERE direction = 'out' AND CAST(body AS TEXT) LIKE $1";
    let like = format!("%{}%", words.replace(' ', "_"));
    world.read(move |_, tx| tx.query_one(sql, db::params![like.clone()], |row| row.get(0))).await
}

#[db_test]
async fn a_program_killed_while_it_prints_and_sends_tells_each_step_once(db: &TestDb) {
    const KILLS: u64 = 6;
    let fake = Fake::start_with(Options { limits: Limits::Off, ..Options::default() }).await;
    let listen = free_address();
    let world = World::with(db, fake.url(), &[("KARVON_PUBLIC_URL", &format!("http://{listen}"))]).await;
    let bot = world.connect(&fake, bots::Intake::Polling).await;
    let mut program = Program::new(db, &world, fake.url(), listen, &[("KARVON_LEASE_MS", "600")]);
    program.start().await;
    let [.., reads] = &LANGUAGES;
    let (person, order) = order_in(&world, &bot, reads).await;
    let id = order.id;
    // The answers to uploads come late, so that a kill falls between a file and what is noted of it.
    bot.fail_next("sendDocument", 3, Fault::Slow(Duration::from_millis(400)));
    let steps = async {
        staff(&world, move |ctx, tx| sales::confirm_order(ctx, tx, id)).await;
        deliver_first_line(&world, id).await;
        deliver_the_rest(&world, id).await;
        invoice(&world, id).await;
        tokio::time::sleep(Duration::from_millis(900)).await;
        pay(&world, id, Some(Money::from_som(2_000_000))).await;
        pay(&world, id, None).await;
    };
    let kills = async {
        for kill in 0..KILLS {
            tokio::time::sleep(Duration::from_millis(120 + 130 * kill)).await;
            program.kill().await;
            program.start().await;
        }
    };
    tokio::join!(steps, kills);
    for words in [reads.confirmed, reads.partly, reads.delivered, reads.left, reads.paid] {
        says(&person, words).await;
    }
    sees_file(&fake, &person, reads.file, 1).await;
    program.stop().await;
    for words in [reads.confirmed, reads.partly, reads.delivered, reads.left, reads.paid, reads.file] {
        assert_eq!(told_in_outbox(&world, words).await, 1, "{words}");
    }
    let sent = files(&fake, &person, reads.file);
    let first = sent.first().unwrap();
    assert!(sent.iter().all(|file| file.bytes == first.bytes), "one paper, whatever was killed");
    let counters = fake.counters();
    assert!(counters.messages_doubled <= KILLS, "one send in flight a kill: {counters:?}");
    assert_eq!(world.disagreements().await, Vec::<String>::new());
    println!("{KILLS} kills, {} files, {} messages twice", sent.len(), counters.messages_doubled);
}
