//! The support desk in chats of people who are known: one person, one ticket, wherever they write.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::http::StatusCode;
use catalog::Names;
use context::Random;
use db::{db_test, params, testing::TestDb};
use jobs::Worker;
use kernel::{FixedClock, Id, PageRequest};
use serde_json::json;
use tickets::{Message, MessageFilter, NewAgent, NewCategory, Ticket, actions, reads};
use web::testing::NOW;

use super::{
    Shop,
    simulator::{Chat, said},
};
use crate::{Conversation, inbox, store};

/// The bot of the shop becomes the desk's, where something can be asked about; the number of the agent who answers.
pub(super) async fn is_a_desk(db: &TestDb, shop: &Shop) {
    let draft = json!({ "source": flow::examples::SUPPORT, "revision": 0 });
    let saved = shop.site.put("/api/bots/1/draft", draft).await;
    assert_eq!(saved.json()["problems"], json!([]), "{}", saved.text());
    assert_eq!(shop.site.post("/api/bots/1/publish", json!({})).await.status, StatusCode::CREATED);
    let ctx = shop.ctx.clone();
    db.write_now(&shop.ctx, move |tx| {
        let name = Names { uz: "Toʻlov".to_owned(), ru: None, en: Some("Payment".to_owned()) };
        let category =
            actions::create_category(&ctx, tx, NewCategory { name, position: 0, is_active: true })?;
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
async fn asks(chat: &mut Chat<'_>, words: &str) {
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
    let (mut here, mut there) = (Chat::new(&shop.site), Chat::trial(&shop.site));
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
    let (mut here, mut there) = (Chat::new(&shop.site), Chat::trial(&shop.site));
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
