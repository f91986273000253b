//! Bots that call other systems and tell the staff: the booking of a table from the first word to the last.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::IntoResponse,
};
use db::{db_test, testing::TestDb};
use jobs::Worker;
use kernel::FixedClock;
use net::{Net, Options};
use serde_json::{Value, json};
use web::testing::NOW;

use super::{
    Shop,
    simulator::{Chat, all},
};

/// Another system: keeps what it is sent, answers what it was given to answer.
#[derive(Clone, Default)]
struct Other {
    calls: Arc<Mutex<Vec<(String, String, Value)>>>,
    answers: Arc<Mutex<VecDeque<(u16, String)>>>,
}

impl Other {
    async fn start(&self) -> String {
        async fn take(
            State(other): State<Other>,
            method: Method,
            uri: Uri,
            headers: HeaderMap,
            body: String,
        ) -> impl IntoResponse {
            let key = headers.get("idempotency-key").map(|key| key.to_str().unwrap().to_owned());
            let body = serde_json::from_str(&body).unwrap_or_default();
            other.calls.lock().unwrap().push((format!("{method} {uri}"), key.unwrap_or_default(), body));
            let (status, body) = other.answers.lock().unwrap().pop_front().unwrap_or((200, "{}".to_owned()));
            (StatusCode::from_u16(status).unwrap(), body)
        }
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(take).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        format!("http://{address}")
    }

    fn answer(&self, status: u16, body: &str) {
        self.answers.lock().unwrap().push_back((status, body.to_owned()));
    }
}

/// Does what waits to be done after the answer; `allow` is what tenants may reach.
async fn after(db: &TestDb, shop: &Shop, allow: &str) {
    let net = Net::new(&Options { allow: allow.parse().unwrap(), ..Options::default() }).unwrap();
    let services = shop.site.app.services().clone().with(Arc::new(net));
    let clock = Arc::new(FixedClock::at(NOW));
    let worker = Worker::new((**db).clone(), services, clock, context::Random::from_seed(11), crate::work());
    worker.drain().await.unwrap();
}

/// The bot of the shop becomes one that books tables and calls `address`.
async fn books_tables(shop: &Shop, address: &str) {
    let source = flow::examples::BOOKING.replacen("start = \"\"", &format!("start = \"{address}\""), 1);
    let saved = shop.site.put("/api/bots/1/draft", json!({ "source": source, "revision": 0 })).await;
    assert_eq!(saved.json()["problems"], json!([]), "{}", saved.text());
    assert_eq!(shop.site.post("/api/bots/1/publish", json!({})).await.status, StatusCode::CREATED);
}

/// A booking up to the tap that confirms it.
async fn book(chat: &mut Chat<'_>) {
    chat.command("start").await;
    chat.press("English").await;
    chat.command("book").await;
    chat.say("25.09.2026").await;
    chat.press("19:30").await;
    chat.say("4").await;
    chat.say("Aziza Karimova").await;
    chat.say("90 123 45 67").await;
    chat.say("By the window").await;
    chat.press("Book").await;
}

async fn last_words(chat: &Chat<'_>) -> Vec<String> {
    let state = chat.state().await;
    let said = all(&state["messages"]).filter(|message| message["from"] == "bot");
    let text = |message: &Value| all(&message["text"]).filter_map(|span| span["text"].as_str()).collect();
    said.map(text).collect::<Vec<String>>().into_iter().rev().take(3).collect()
}

#[db_test]
async fn a_table_is_booked_the_staff_is_told_and_the_other_system_is_called_once(db: &TestDb) {
    let shop = Shop::open(db);
    let other = Other::default();
    let address = other.start().await;
    books_tables(&shop, &format!("{address}/bookings")).await;
    // A colleague has written to the bot, and their chat is the staff's.
    let mut colleague = Chat::of(&shop.site, "1:bots.read,bots.edit,bots.create");
    colleague.command("start").await;
    let staff = shop.site.get("/api/bots/1/conversations").await.json()["results"][0]["id"].clone();
    let chosen = shop.site.patch("/api/bots/1", json!({ "staff_conversation": staff })).await;
    assert_eq!((chosen.status, &chosen.json()["staff_conversation"]), (StatusCode::OK, &staff));

    let mut guest = Chat::of(&shop.site, "1");
    let anew = json!({ "client_id": uuid::Uuid::from_u128(900), "lang": "en", "person": "new" });
    let restarted = shop.site.post("/bots/1/simulator/restart", anew).await;
    assert_eq!(restarted.status, StatusCode::OK, "{}", restarted.text());
    guest.skip(100);
    book(&mut guest).await;
    assert!(other.calls.lock().unwrap().is_empty(), "nobody is called within a transaction");
    guest.say("and?").await;
    assert!(last_words(&guest).await[0].contains("moment"), "{:?}", last_words(&guest).await);
    other.answer(201, r#"{"number":"B-17","sum":2.5}"#);
    after(db, &shop, "127.0.0.1").await;
    let words = last_words(&guest).await;
    assert!(words[1].contains("Thank you, Aziza Karimova!") && words[2].contains("B-17"), "{words:?}");
    {
        let calls = other.calls.lock().unwrap();
        let booked = json!({
            "name": "Aziza Karimova", "phone": "+998901234567", "day": "2026-09-25", "time": "19:30",
            "guests": 4, "wish": "By the window",
        });
        assert_eq!((calls.len(), calls[0].0.as_str(), &calls[0].2), (1, "POST /bookings", &booked));
        assert!(calls[0].1.starts_with("webhook:"), "{}", calls[0].1);
    }
    let path = format!("/api/bots/1/conversations/{}/messages", staff.as_str().unwrap());
    let told = shop.site.get(&path).await.text();
    assert!(told.contains("Aziza Karimova") && told.contains("25.09.2026, 19:30"), "{told}");
    after(db, &shop, "127.0.0.1").await;
    assert_eq!(other.calls.lock().unwrap().len(), 1);
}

#[db_test]
async fn an_address_that_fails_or_lies_in_a_private_network_is_an_outcome_of_the_dialogue(db: &TestDb) {
    let shop = Shop::open(db);
    let other = Other::default();
    let address = other.start().await;
    books_tables(&shop, &format!("{address}/bookings")).await;
    for (allow, answer, called) in [
        ("127.0.0.1", Some((500, "{}".to_owned())), 1),
        ("127.0.0.1", Some((200, "x".repeat(100_000))), 2),
        ("", None, 2),
    ] {
        if let Some((status, body)) = &answer {
            other.answer(*status, body);
        }
        let mut guest = Chat::of(&shop.site, "1");
        guest.skip(1_000 * u128::try_from(allow.len() + called).unwrap());
        let anew = json!({ "client_id": uuid::Uuid::from_u128(5_000 + u128::try_from(called + allow.len()).unwrap()), "lang": "en", "person": "new" });
        assert_eq!(shop.site.post("/bots/1/simulator/restart", anew).await.status, StatusCode::OK);
        book(&mut guest).await;
        after(db, &shop, allow).await;
        let words = last_words(&guest).await;
        assert!(words[1].contains("Thank you"), "{allow} {words:?}");
        assert_eq!(other.calls.lock().unwrap().len(), called, "{allow}");
    }
}

#[db_test]
async fn an_answer_that_nobody_waits_for_any_more_changes_nothing(db: &TestDb) {
    let shop = Shop::open(db);
    let other = Other::default();
    let address = other.start().await;
    books_tables(&shop, &address).await;
    let mut guest = Chat::of(&shop.site, "1");
    book(&mut guest).await;
    guest.command("menu").await;
    let before = last_words(&guest).await;
    after(db, &shop, "127.0.0.1").await;
    assert_eq!(last_words(&guest).await, before);
    assert!(other.calls.lock().unwrap().is_empty(), "who left is not called for");
}

#[db_test]
async fn only_a_conversation_of_the_bot_is_a_chat_of_its_staff(db: &TestDb) {
    let shop = Shop::open(db);
    let mut site = shop.site.clone();
    let made = site.post("/api/bots", json!({ "name": "Stol", "template": "booking" })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let mut chat = Chat::new(&shop.site);
    chat.come_in().await;
    let id = site.get("/api/bots/1/conversations").await.json()["results"][0]["id"].clone();
    let refused = site.patch("/api/bots/2", json!({ "staff_conversation": id })).await;
    assert_eq!(refused.errors(), ["conversation: bots-staff-unknown"]);
    let page = site.page("/bots/2").await.text();
    assert!(page.contains("Nobody is told") && page.contains("/bots/2/staff"), "{page}");
    let refused = site.form("/bots/2/staff", &[("conversation", id.as_str().unwrap())]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = site.form("/bots/1/staff", &[("conversation", id.as_str().unwrap())]).await;
    assert_eq!(done.header("location"), Some("/bots/1"), "{}", done.text());
    assert_eq!(site.get("/api/bots/1").await.json()["staff_conversation"], id);
    let none = site.patch("/api/bots/1", json!({ "staff_conversation": null })).await.json();
    assert_eq!(none["staff_conversation"], Value::Null);
    assert_eq!(site.by("2").page("/bots/1/staff").await.status, StatusCode::NOT_FOUND);
}
