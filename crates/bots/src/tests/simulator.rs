//! The simulator, driven as the page drives it.

mod files;

use std::error::Error as _;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode},
};
use db::{db_test, testing::TestDb};
use futures::StreamExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;
use web::testing::{Answer, Site};

use super::Shop;
use crate::What;

/// A member at the simulator's page.
pub(super) struct Chat<'s> {
    site: &'s Site,
    /// Who it is, as the site's keys say it.
    key: &'static str,
    /// `simulator` or `trial`.
    place: &'static str,
    sent: u128,
}

impl<'s> Chat<'s> {
    pub(super) fn new(site: &'s Site) -> Self {
        Self::of(site, "1")
    }

    pub(super) fn of(site: &'s Site, key: &'static str) -> Self {
        Self { site, key, place: "simulator", sent: 0 }
    }

    /// With the draft.
    pub(super) fn trial(site: &'s Site) -> Self {
        Self { place: "trial", sent: 1_000, ..Self::new(site) }
    }

    /// What is sent from here on is told from what another page of the member has sent.
    pub(super) fn skip(&mut self, sent: u128) {
        self.sent += sent;
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("/bots/1/{}/{path}", self.place))
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .header("x-api-key", self.key);
        self.site.ask(request, body.map(|body| body.to_string()).unwrap_or_default()).await
    }

    pub(super) async fn state(&self) -> Value {
        let answer = self.ask(Method::GET, "state", None).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    pub(super) async fn send(&mut self, mut input: Value) -> Answer {
        self.sent += 1;
        input["client_id"] = json!(Uuid::from_u128(self.sent));
        self.ask(Method::POST, "input", Some(input)).await
    }

    #[track_caller]
    fn taken(answer: &Answer) {
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    }

    pub(super) async fn say(&mut self, text: &str) {
        Self::taken(&self.send(json!({ "kind": "text", "text": text })).await);
    }

    pub(super) async fn command(&mut self, name: &str) {
        Self::taken(&self.send(json!({ "kind": "command", "command": name })).await);
    }

    /// Presses the last inline button whose words have `label`.
    pub(super) async fn press(&mut self, label: &str) {
        let state = self.state().await;
        let found = all(&state["messages"]).rev().find_map(|message| {
            let rows = all(&message["inline_keyboard"]);
            let button = rows.flat_map(all).find(|button| text(&button["text"]).contains(label))?;
            Some((message["id"].clone(), button["key"].clone()))
        });
        let (message, key) = found.unwrap_or_else(|| panic!("no button {label}: {}", said(&state)));
        Self::taken(&self.send(json!({ "kind": "button", "message_id": message, "key": key })).await);
    }

    pub(super) async fn restart(&mut self, person: &str) -> Value {
        let body = json!({ "client_id": Uuid::from_u128(9), "lang": "ru", "person": person });
        let answer = self.ask(Method::POST, "restart", Some(body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    /// As far as the menu, in English, with the own number shared.
    pub(super) async fn come_in(&mut self) {
        self.command("start").await;
        self.press("English").await;
        Self::taken(&self.send(json!({ "kind": "contact" })).await);
    }
}

pub(super) fn all(value: &Value) -> impl DoubleEndedIterator<Item = &Value> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// What the chat shows, a line a message.
pub(super) fn said(state: &Value) -> String {
    let words = |message: &Value| all(&message["text"]).map(|span| text(&span["text"])).collect::<String>();
    all(&state["messages"])
        .map(|message| format!("{}: {}\n", text(&message["from"]), words(message)))
        .collect()
}

#[db_test]
async fn an_order_by_chat_stands_in_the_erp(db: &TestDb) {
    let shop = Shop::open(db);
    let mut chat = Chat::new(&shop.site);
    chat.come_in().await;
    chat.say("самсунг galaxi").await;
    chat.press("Samsung Galaxy A15").await;
    chat.press("Add to cart").await;
    chat.press("➕").await;
    chat.press("Go to the cart").await;
    chat.press("Checkout").await;
    let mut state = chat.state().await;
    if said(&state).contains("What is your name?") {
        chat.say("Dilnoza Karimova").await;
    }
    chat.press("pick it up").await;
    chat.say("⏭ Skip").await;
    chat.press("Place the order").await;
    state = chat.state().await;
    assert!(said(&state).contains("Your order has been received."), "{}", said(&state));

    let own = shop.ctx.clone();
    let order = db.read_now(&shop.ctx, move |tx| sales::get_order_by_number(&own, tx, 1)).unwrap();
    assert_eq!(order.amounts.total.to_string(), "4398000");
    let phone = text(&state["person"]["phone"]).replace('\u{a0}', "");
    let own = shop.ctx.clone();
    let customer = order.customer.unwrap();
    let contact = db.read_now(&shop.ctx, move |tx| contacts::get(&own, tx, customer)).unwrap();
    assert_eq!(contact.phone.map(|phone| phone.to_string()), Some(phone));
    let own = shop.ctx.clone();
    assert_eq!(db.read_now(&shop.ctx, move |tx| stock::check(&own, tx)).unwrap(), Vec::new());
}

#[db_test]
async fn what_a_typed_search_needs_is_foreseen(db: &TestDb) {
    let shop = Shop::open(db);
    Chat::new(&shop.site).come_in().await;
    let place = "SELECT channel_id, chat_key FROM bots_conversation";
    let find = |tx: &mut db::ReadTx<'_>| tx.query_one(place, &[], |row| Ok((row.get(0)?, row.get(1)?)));
    let (channel, key) = db.read_now(&shop.ctx, find).unwrap();
    let chat = crate::Chat {
        key,
        person_name: String::new(),
        username: None,
        lang: None,
        message_id: None,
        place: crate::Place::Page { tapped: None },
    };
    let what = What::Input(flow::Input::Text("  galaxy A15 ".to_owned()));
    let update = crate::Update { channel, key: "1".to_owned(), chat: Some(chat), what };
    let foreseen = crate::receive::foreseen(&update).unwrap();

    let (own, bots) = (shop.ctx.clone(), shop.site.app.service::<crate::Bots>().unwrap());
    let knowing_nothing = move |tx: &mut db::Tx<'_>| {
        crate::turn::take(&own, tx, &bots, &update, &crate::host::Answers::default())
    };
    let error = db.write_now(&shop.ctx, knowing_nothing).unwrap_err();
    assert_eq!(error.source().and_then(|source| source.downcast_ref()), Some(&foreseen));
}

#[db_test]
async fn what_is_shown_is_the_chat_with_edits_in_their_places(db: &TestDb) {
    let shop = Shop::open(db);
    let mut chat = Chat::new(&shop.site);
    let empty = chat.state().await;
    assert_eq!((&empty["messages"], &empty["last_event_id"]), (&json!([]), &json!("0")));
    assert_eq!(empty["session"]["step"], "");
    chat.come_in().await;
    let state = chat.state().await;
    assert_eq!(all(&state["reply_keyboard"]["rows"]).count(), 3, "{state}");
    let contact = all(&state["messages"]).find_map(|message| message["media"].as_object());
    assert!(text(&contact.unwrap()["phone"]).starts_with("+998 00 "));
    assert_eq!(state["lang"], "en");
    assert!(all(&state["commands"]).any(|command| command["command"] == "search"));

    chat.say("samsung galaxy").await;
    chat.press("Samsung Galaxy A15").await;
    let before = chat.state().await;
    chat.press("Add to cart").await;
    let after = chat.state().await;
    assert_eq!(all(&before["messages"]).count(), all(&after["messages"]).count());
    let last = all(&after["messages"]).next_back().unwrap();
    assert!(last["edited"] == true && said(&after).contains("In the cart: 1"), "{last}");
    assert_eq!(after["session"]["flow"], "product");
    let variables: Vec<&str> = all(&after["session"]["variables"]).map(|v| text(&v["name"])).collect();
    assert!(variables.contains(&"cart") && !variables.contains(&"address"), "{variables:?}");
}

#[db_test]
async fn the_same_input_again_is_taken_once(db: &TestDb) {
    let shop = Shop::open(db);
    let mut chat = Chat::new(&shop.site);
    chat.command("start").await;
    let before = chat.state().await;
    chat.sent -= 1;
    chat.command("start").await;
    assert_eq!(chat.state().await["messages"], before["messages"]);
}

#[db_test]
async fn starting_again_forgets_and_a_new_person_was_never_met(db: &TestDb) {
    let shop = Shop::open(db);
    let mut chat = Chat::new(&shop.site);
    chat.come_in().await;
    let met = chat.state().await;
    let same = chat.restart("same").await;
    assert_eq!((&same["messages"], &same["reply_keyboard"]), (&json!([]), &Value::Null));
    assert_eq!((&same["person"], text(&same["lang"])), (&met["person"], "ru"));
    assert_eq!(same["last_event_id"], met["last_event_id"]);
    chat.command("start").await;
    chat.press("English").await;
    // The bot knows who it is.
    assert!(said(&chat.state().await).contains("What are you looking for?"));

    let new = chat.restart("new").await;
    assert_ne!(new["person"], met["person"]);
    let again = chat.restart("new").await;
    assert_eq!(again["person"], new["person"], "whoever has said nothing is new already");
    chat.command("start").await;
    chat.press("English").await;
    assert!(said(&chat.state().await).contains("Please share your phone number"));
    assert!(!text(&chat.state().await["person"]["name"]).is_empty());
}

#[db_test]
async fn a_chat_is_one_members_own_and_looking_is_not_writing(db: &TestDb) {
    let shop = Shop::open(db);
    let mut chat = Chat::new(&shop.site);
    chat.command("start").await;
    let state = chat.state().await;
    let message = all(&state["messages"]).next_back().unwrap();
    let key = &all(&message["inline_keyboard"]).flat_map(all).next().unwrap()["key"];

    let of = |key| Chat::of(&shop.site, key);
    assert_eq!(of("2").ask(Method::GET, "state", None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(of("1:sales.read").ask(Method::GET, "state", None).await.status, StatusCode::FORBIDDEN);
    let mut reader = of("1:bots.read");
    reader.state().await;
    let refused = reader.send(json!({ "kind": "text", "text": "salom" })).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);

    // A tap on what is not in this chat.
    let foreign = json!({ "kind": "button", "message_id": Uuid::from_u128(5), "key": key });
    assert_eq!(chat.send(foreign).await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn malformed_inputs_are_refused_with_their_field(db: &TestDb) {
    let shop = Shop::open(db);
    let mut chat = Chat::new(&shop.site);
    for (input, error) in [
        (json!({ "kind": "text", "text": "  " }), "text: kernel-text-missing"),
        (json!({ "kind": "text", "text": "a\u{0}b" }), "text: kernel-text-has-control"),
        (json!({ "kind": "text", "text": "a".repeat(5_000) }), "text: kernel-text-too-long"),
        (json!({ "kind": "command", "command": "/start" }), "command: bots-command-malformed"),
        (json!({ "kind": "location", "latitude": 500, "longitude": 1 }), "latitude: bots-place-malformed"),
    ] {
        let answer = chat.send(input).await;
        assert_eq!(
            (answer.status, answer.errors()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec![error.to_owned()])
        );
    }
    for input in
        [json!({ "kind": "sing" }), json!({}), json!({ "kind": "button", "message_id": "1", "key": "a" })]
    {
        assert_eq!(chat.send(input.clone()).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{input}");
    }
    assert_eq!(chat.state().await["messages"], json!([]));
}

#[db_test]
async fn a_paused_bot_keeps_what_is_written_and_says_that_it_rests(db: &TestDb) {
    let shop = Shop::open(db);
    shop.site.patch("/api/bots/1", json!({ "state": "paused" })).await;
    let mut chat = Chat::new(&shop.site);
    chat.say("salom").await;
    let state = chat.state().await;
    let rests = "bot: The bot is taking a break. Your message is kept; please write again later.\n";
    assert_eq!(said(&state), format!("contact: salom\n{rests}"));
    assert!(text(&state["version"]).contains("paused"), "{state}");
}

/// A page that listens.
struct Events(axum::body::BodyDataStream, String);

impl Events {
    async fn open(router: &Router, after: i64, last: Option<i64>) -> Self {
        let mut request =
            Request::get(format!("/bots/1/simulator/events?after={after}")).header("x-api-key", "1");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self(response.into_body().into_data_stream(), String::new())
    }

    /// The next event: its name, its data and its id.
    async fn next(&mut self) -> Option<(String, Value, Option<i64>)> {
        loop {
            if let Some((event, rest)) = self.1.clone().split_once("\n\n") {
                self.1 = rest.to_owned();
                let field = |name: &str| {
                    event.lines().find_map(|line| line.strip_prefix(name)).map(|rest| rest.trim().to_owned())
                };
                let Some(name) = field("event:") else { continue };
                let data = serde_json::from_str(&field("data:").unwrap_or_default()).unwrap();
                return Some((name, data, field("id:").and_then(|id| id.parse().ok())));
            }
            let bytes = self.0.next().await?.unwrap();
            self.1.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    /// Events until one of this name.
    async fn until(&mut self, last: &str) -> Vec<(String, Value, Option<i64>)> {
        let mut all = Vec::new();
        while let Some(event) = self.next().await {
            let is_last = event.0 == last;
            all.push(event);
            if is_last {
                break;
            }
        }
        all
    }
}

fn names(events: &[(String, Value, Option<i64>)]) -> Vec<&str> {
    events.iter().map(|(name, ..)| name.as_str()).collect()
}

#[db_test]
async fn events_follow_the_chat_and_go_on_where_they_broke_off(db: &TestDb) {
    let shop = Shop::open(db);
    let router = web::router(&shop.site.app, vec![crate::module()]);
    let mut chat = Chat::new(&shop.site);
    let mut page = Events::open(&router, 0, None).await;
    chat.command("start").await;
    let first = page.until("session").await;
    assert_eq!(names(&first), ["message", "message", "session"]);
    assert_eq!(first[0].1["client_id"], json!(Uuid::from_u128(1)));
    assert!(first[0].2 < first[1].2 && first[2].2.is_none());

    chat.press("English").await;
    let second = page.until("session").await;
    assert_eq!(names(&second), ["callback", "message", "message", "keyboard", "session"]);
    assert_eq!(second[0].1["message_id"], first[1].1["id"], "a notice belongs to the tapped message");
    // A row's place stands on its last event only.
    assert!(second[2].2.is_none() && second[3].2.is_some());

    let mut resumed = Events::open(&router, 0, first[1].2).await;
    assert_eq!(names(&resumed.until("session").await), names(&second));
    let state = chat.state().await;
    assert_eq!(text(&state["last_event_id"]), second[3].2.unwrap().to_string());

    chat.restart("same").await;
    assert_eq!(page.next().await.unwrap().0, "reset");
    assert!(page.next().await.is_none());
    let mut late = Events::open(&router, first[1].2.unwrap(), None).await;
    assert_eq!(late.next().await.unwrap().0, "reset");
    // From a place that was never reached: another database's, perhaps.
    let mut ahead = Events::open(&router, 1_000_000, None).await;
    assert_eq!(ahead.next().await.unwrap().0, "reset");
}

#[db_test]
async fn a_tap_on_a_button_of_before_is_answered_too(db: &TestDb) {
    let shop = Shop::open(db);
    let router = web::router(&shop.site.app, vec![crate::module()]);
    let mut chat = Chat::new(&shop.site);
    chat.command("start").await;
    let state = chat.state().await;
    let message = all(&state["messages"]).next_back().unwrap().clone();
    let key = all(&message["inline_keyboard"]).flat_map(all).next().unwrap()["key"].clone();
    let restarted = chat.restart("same").await;
    let after: i64 = text(&restarted["last_event_id"]).parse().unwrap();
    let mut page = Events::open(&router, after, None).await;
    let tap = json!({ "kind": "button", "message_id": message["id"], "key": key });
    Chat::taken(&chat.send(tap).await);
    let told = page.until("session").await;
    assert_eq!(told[0].0, "callback", "{told:?}");
}
