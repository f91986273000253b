//! The support desk in chats of people who are known: one person, one ticket, wherever they write.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::http::StatusCode;
use catalog::Names;
use context::Random;
use db::{db_test, params, testing::TestDb};
use flow::{Contact, Input, Location, Media, MediaKind};
use jobs::Worker;
use kernel::{FixedClock, Id, PageRequest};
use serde_json::json;
use tickets::{
    By, Message, MessageFilter, MessageKind, NewAgent, NewCategory, Said, Settings, Ticket, actions, reads,
};
use web::testing::NOW;

use super::{
    Shop,
    simulator::{self, said},
};
use crate::{
    Bots, Chat, Conversation, Place, Update, What, actions::simulator_channel, inbox, receive, store,
};

/// The bot of the shop becomes the desk's, where something can be asked about; the number of the agent who answers.
pub(super) async fn is_a_desk(db: &TestDb, shop: &Shop) {
    let draft = json!({ "source": flow::examples::SUPPORT, "revision": 0 });
    let saved = shop.site.put("/api/bots/1/draft", draft).await;
    assert_eq!(saved.json()["problems"], json!([]), "{}", saved.text());
    assert_eq!(shop.site.post("/api/bots/1/publish", json!({})).await.status, StatusCode::CREATED);
    let ctx = shop.ctx.clone();
    db.write_now(&shop.ctx, move |tx| {
        let name = Names { uz: "Toʻlov".to_owned(), ru: None, en: Some("Payment".to_owned()) };
        let category = actions::create_category(&ctx, tx, NewCategory::named(name))?;
        let agent = NewAgent {
            member: None,
            telegram_id: Some(501),
            full_name: "Bobur".to_owned(),
            is_head: false,
            is_active: true,
            categories: vec![category.id],
        };
        actions::create_agent(&ctx, tx, agent)
    })
    .unwrap();
}

/// The ticket, and what was said in it.
pub(super) fn standing(db: &TestDb, shop: &Shop, number: i64) -> (Ticket, Vec<Message>) {
    let ctx = shop.ctx.clone();
    db.read_now(&shop.ctx, move |tx| {
        let ticket = reads::get_by_number(&ctx, tx, number)?;
        let filter = MessageFilter { ticket: Some(ticket.id), ..MessageFilter::default() };
        Ok((ticket, reads::messages(&ctx, tx, &filter, PageRequest::default())?.results))
    })
    .unwrap()
}

/// No two workers make the same ids.
static SEED: AtomicU64 = AtomicU64::new(11);

/// Has told what is to be told.
pub(super) async fn told(db: &TestDb, shop: &Shop) {
    let services = shop.site.app.services().clone();
    let clock = Arc::new(FixedClock::at(NOW));
    let seed = SEED.fetch_add(1, Ordering::SeqCst);
    let worker = Worker::new((**db).clone(), services, clock, Random::from_seed(seed), crate::work());
    worker.drain().await.unwrap();
}

/// As far as an open ticket.
async fn asks(chat: &mut simulator::Chat<'_>, words: &str) {
    chat.command("start").await;
    chat.press("English").await;
    chat.press("Payment").await;
    chat.say(words).await;
}

/// The member's chats whose keys begin with `prefix`.
fn chat_of(db: &TestDb, shop: &Shop, prefix: &'static str) -> Id<Conversation> {
    let ctx = shop.ctx.clone();
    db.read_now(&shop.ctx, move |tx| {
        let sql = "SELECT id FROM bots_conversation WHERE workspace_id = $1 AND chat_key LIKE $2";
        tx.query_one(sql, params![ctx.workspace(), format!("{prefix}%")], |row| row.get(0))
    })
    .unwrap()
}

fn desk_of(db: &TestDb, shop: &Shop, id: Id<Conversation>) -> crate::Desk {
    let ctx = shop.ctx.clone();
    db.read_now(&shop.ctx, move |tx| Ok(store::conversation::find(&ctx, tx, id)?.unwrap().desk)).unwrap()
}

/// What a chat of a platform brings, which calls its messages by numbers.
struct Platform<'s> {
    shop: &'s Shop,
    db: &'s TestDb,
    channel: Id<crate::Channel>,
    updates: u32,
}

impl<'s> Platform<'s> {
    /// The simulator's channel, which sends nothing anywhere.
    fn new(db: &'s TestDb, shop: &'s Shop) -> Self {
        let ctx = shop.ctx.clone();
        let channel = db.write_now(&shop.ctx, move |tx| {
            let bot = crate::reads::get_bot(&ctx, tx, "1".parse()?)?;
            Ok(simulator_channel(&ctx, tx, bot.id)?.id)
        });
        Self { shop, db, channel: channel.unwrap(), updates: 0 }
    }

    /// The message that its chat calls so; its update comes twice.
    async fn says(&mut self, message: i64, what: What) {
        self.updates += 1;
        let chat = Chat {
            key: "77".to_owned(),
            person_name: "Aziza".to_owned(),
            username: None,
            lang: None,
            message_id: Some(message),
            place: Place::Page { tapped: None },
        };
        let key = format!("update {}", self.updates);
        let bots = self.shop.site.app.services().get::<Bots>().unwrap();
        for _ in 0..2 {
            let update = Update {
                channel: self.channel,
                key: key.clone(),
                chat: Some(chat.clone()),
                what: what.clone(),
            };
            receive(&self.shop.ctx, self.db, &bots, update).await.unwrap();
        }
    }

    async fn words(&mut self, message: i64, words: &str) {
        self.says(message, What::Input(Input::Text(words.to_owned()))).await;
    }

    async fn says_anew(&mut self, message: i64, words: &str) {
        let edited = json!({ "edited_message": { "message_id": message, "text": words } });
        self.says(message, What::Other(edited)).await;
    }
}

/// One person in two chats: both conversations are of one contact.
fn are_one_person(db: &TestDb, shop: &Shop, first: Id<Conversation>, second: Id<Conversation>) {
    let ctx = shop.ctx.clone();
    db.write_now(&shop.ctx, move |tx| {
        let contact = store::conversation::find(&ctx, tx, first)?.unwrap().contact;
        let second = store::conversation::lock_by_id(&ctx, tx, second)?;
        store::conversation::update(&ctx, tx, &Conversation { contact, ..second })
    })
    .unwrap();
}

#[db_test]
async fn a_chat_that_a_ticket_left_is_the_bot_s_again(db: &TestDb) {
    let shop = Shop::open(db);
    is_a_desk(db, &shop).await;
    let (mut here, mut there) = (simulator::Chat::new(&shop.site), simulator::Chat::trial(&shop.site));
    asks(&mut here, "Charged twice").await;
    there.command("start").await;
    let (first, second) = (chat_of(db, &shop, "sim:"), chat_of(db, &shop, "try:"));
    are_one_person(db, &shop, first, second);
    assert!(desk_of(db, &shop, first).with_person);

    there.press("English").await;
    assert!(said(&there.state().await).contains("Your ticket No. 1 is open"));
    told(db, &shop).await;
    assert_eq!(standing(db, &shop, 1).0.chat_ref, Some(second.to_string()));
    assert!(!desk_of(db, &shop, first).with_person && desk_of(db, &shop, second).with_person);
    // Who goes on where they were before takes the ticket along, and nothing is lost.
    here.say("And now?").await;
    told(db, &shop).await;
    let (ticket, messages) = standing(db, &shop, 1);
    assert_eq!((ticket.chat_ref, messages[1].said.text.as_str()), (Some(first.to_string()), "And now?"));
    assert!(desk_of(db, &shop, first).with_person && !desk_of(db, &shop, second).with_person);

    // Closed from the other chat: nobody answers in this one any more.
    there.command("close").await;
    assert!(said(&there.state().await).contains("Ticket No. 1 is closed"));
    told(db, &shop).await;
    assert!(!standing(db, &shop, 1).0.is_open && !desk_of(db, &shop, first).with_person);
    here.say("Something else").await;
    assert!(said(&here.state().await).contains("What is it about?"));
}

#[db_test]
async fn a_chat_that_somebody_of_the_staff_has_stays_theirs_when_its_ticket_leaves(db: &TestDb) {
    let shop = Shop::open(db);
    is_a_desk(db, &shop).await;
    let (mut here, mut there) = (simulator::Chat::new(&shop.site), simulator::Chat::trial(&shop.site));
    asks(&mut here, "Charged twice").await;
    there.command("start").await;
    let (first, second) = (chat_of(db, &shop, "sim:"), chat_of(db, &shop, "try:"));
    are_one_person(db, &shop, first, second);
    let ctx = shop.ctx.clone();
    db.write_now(&shop.ctx, move |tx| inbox::take_over(&ctx, tx, first)).unwrap();
    there.press("English").await;
    told(db, &shop).await;
    assert_eq!(standing(db, &shop, 1).0.chat_ref, Some(second.to_string()));
    let desk = desk_of(db, &shop, first);
    assert!(desk.with_person && desk.assignee.is_some());
}

#[db_test]
async fn what_is_said_before_a_ticket_is_its_first_messages_and_can_be_changed_at_any_time(db: &TestDb) {
    let shop = Shop::open(db);
    is_a_desk(db, &shop).await;
    let mut chat = Platform::new(db, &shop);
    chat.words(11, "My card was charged twyce").await;
    chat.words(12, "English").await;
    let photo =
        Media { kind: MediaKind::Photo, file: "telegram:AgAC1".to_owned(), caption: "The check".to_owned() };
    chat.says(13, What::Input(Input::Media(photo))).await;
    let place = Location { latitude_e6: 41_311_081, longitude_e6: 69_240_562 };
    chat.says(14, What::Input(Input::Location(place))).await;
    let courier = Contact { phone: "+998901112233".to_owned(), own: false };
    chat.says(15, What::Input(Input::Contact(courier))).await;
    // Before there is a ticket, and after.
    chat.says_anew(11, "My card was charged twice").await;
    chat.words(16, "payment").await;
    chat.says_anew(13, "The check of the bank").await;
    chat.words(17, "And?").await;
    let (ticket, said) = standing(db, &shop, 1);
    let lines: Vec<_> = said.iter().map(|one| (one.place, one.said.kind, one.said.text.as_str())).collect();
    assert_eq!(
        lines,
        [
            (1, MessageKind::Text, "My card was charged twice"),
            (2, MessageKind::Image, "The check of the bank"),
            (3, MessageKind::Location, ""),
            (4, MessageKind::Text, "+998901112233"),
            (5, MessageKind::Text, "And?"),
        ]
    );
    assert_eq!(said[1].said.file_id.as_deref(), Some("AgAC1"));
    assert!(said[1].edited_at.is_some() && said[0].edited_at.is_none());
    let keys: Vec<_> = said.iter().map(|one| one.said.chat_key.clone().unwrap()).collect();
    let chat_ref = ticket.chat_ref.unwrap();
    assert_eq!(keys, [11, 13, 14, 15, 17].map(|number| format!("{chat_ref}:{number}")));
}

/// Says this at the desk, in the ticket with this number.
async fn desk_says(db: &TestDb, shop: &Shop, number: i64, said: Said) {
    let ctx = shop.ctx.clone();
    db.write_now(&shop.ctx, move |tx| {
        let agent = reads::agents(&ctx, tx)?.remove(0).id;
        let ticket = reads::get_by_number(&ctx, tx, number)?.id;
        actions::add_message(&ctx, tx, ticket, By::Agent(agent), said.clone())
    })
    .unwrap();
    told(db, shop).await;
}

/// What the staff sees of the conversation: who said it, the words, what became of it.
async fn staff_sees(shop: &Shop, id: Id<Conversation>) -> Vec<(String, String, String)> {
    let seen = shop.site.get(&format!("/api/conversations/{id}/messages")).await.json();
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let of = |one: &serde_json::Value| {
        (word(&one["from"]), word(&one["text"]), word(&one["act"]) + &word(&one["delivery"]))
    };
    seen["results"].as_array().unwrap().iter().map(of).collect()
}

#[db_test]
async fn what_of_an_answer_does_not_arrive_is_marked_for_the_staff(db: &TestDb) {
    let shop = Shop::open(db);
    is_a_desk(db, &shop).await;
    let mut chat = Platform::new(db, &shop);
    for (number, words) in [(1, "Where is my money?"), (2, "English"), (3, "1")] {
        chat.words(number, words).await;
    }
    let id = chat_of(db, &shop, "77");
    let url = Some("https://example.com/act.pdf".to_owned());
    desk_says(db, &shop, 1, Said { kind: MessageKind::File, file_url: url, ..Said::words("The act") }).await;
    let place = Some(tickets::Place { latitude_e6: 41_311_081, longitude_e6: 69_240_562 });
    desk_says(db, &shop, 1, Said { kind: MessageKind::Location, place, ..Said::words("Our office") }).await;
    // Telegram's name of a file means nothing in this chat: its words come all the same.
    let photo = Some("AgAC7".to_owned());
    desk_says(db, &shop, 1, Said { kind: MessageKind::Image, file_id: photo, ..Said::words("The check") })
        .await;
    chat.says(4, What::Blocked(true)).await;
    desk_says(db, &shop, 1, Said::words("Paid back")).await;
    let seen = staff_sees(&shop, id).await;
    let seen: Vec<_> = seen.iter().skip(8).map(|(from, text, state)| (&**from, &**text, &**state)).collect();
    assert_eq!(
        seen,
        [
            ("staff", "The act", "shown"),
            ("staff", "41.311081, 69.240562\nOur office", "shown"),
            ("desk", "", "file_lostshown"),
            ("staff", "The check", "shown"),
            ("staff", "Paid back", "failed"),
        ]
    );
}

#[db_test]
async fn a_closed_ticket_gets_stars_and_goes_on_by_its_buttons_whenever_they_are_tapped(db: &TestDb) {
    let shop = Shop::open(db);
    is_a_desk(db, &shop).await;
    let mut chat = simulator::Chat::new(&shop.site);
    asks(&mut chat, "Charged twice").await;
    let id = standing(db, &shop, 1).0.id;
    let ctx = shop.ctx.clone();
    db.write_now(&shop.ctx, move |tx| actions::close(&ctx, tx, id)).unwrap();
    told(db, &shop).await;
    assert!(said(&chat.state().await).contains("How did we help you?"));
    let stars = || standing(db, &shop, 1).0.rating.map(|rating| (rating.stars, rating.comment));
    chat.press("3 ⭐").await;
    assert_eq!(stars(), Some((3, String::new())), "stars count also without words");
    chat.say("You were quick").await;
    assert_eq!(stars(), Some((3, "You were quick".to_owned())));
    // Later, and twice: the last stars count, and the words stay.
    chat.command("menu").await;
    chat.press("5 ⭐").await;
    chat.press("5 ⭐").await;
    assert_eq!(stars(), Some((5, "You were quick".to_owned())));

    chat.press("Go on in this ticket").await;
    assert!(said(&chat.state().await).contains("Ticket No. 1 is open again"));
    chat.say("It happened again").await;
    chat.press("Go on in this ticket").await;
    chat.press("1 ⭐").await;
    let (ticket, messages) = standing(db, &shop, 1);
    assert!(ticket.is_open && ticket.rating.unwrap().stars == 5, "stars are for what is closed");
    assert_eq!(messages.last().unwrap().said.text, "It happened again");
    assert!(
        desk_of(db, &shop, chat_of(db, &shop, "sim:")).with_person,
        "a tap leads nobody out of their ticket"
    );
    chat.say("Are you there?").await;
    assert_eq!(standing(db, &shop, 1).1.len(), 3);

    // Who closes it is asked the same.
    chat.command("close").await;
    told(db, &shop).await;
    assert!(said(&chat.state().await).contains("How did we help you with ticket No. 1?"));
    let ctx = shop.ctx.clone();
    db.write_now(&shop.ctx, move |tx| {
        let settings = reads::settings(&ctx, tx)?;
        actions::set_settings(&ctx, tx, Settings { reopen_days: 0, ..settings })
    })
    .unwrap();
    chat.press("Go on in this ticket").await;
    assert!(said(&chat.state().await).contains("It is too late to go on in this ticket"));
    assert!(!standing(db, &shop, 1).0.is_open);
}
