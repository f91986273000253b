//! Streams over both databases, listened to as a browser or a program does.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::StatusCode,
    response::Response,
};
use context::{Ctx, Event, Services, last_event_seq, newest_event_seq, settled_events};
use db::{Db, db_test, testing::TestDb};
use futures::StreamExt;
use kernel::Id;
use serde_json::{Value, json};
use web::testing::{Site, ctx};

use crate::{Limits, Realtime, RealtimeHandle};

/// What a test waits for at most; on a loaded machine an event takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A node: a site and the one who tells its streams.
struct Node {
    site: Site,
    hub: Arc<Realtime>,
    handle: RealtimeHandle,
}

impl Node {
    async fn new(db: &Db, limits: Limits) -> Self {
        let hub = Arc::new(Realtime::new(db.clone(), limits));
        hub.tell_new().await.unwrap();
        let site = Site::new(db, Services::default().with(Arc::clone(&hub)), vec![crate::module()]);
        Self { site, handle: hub.start(), hub }
    }
}

/// An open stream, and what of it was not looked at yet.
struct Heard {
    body: futures::stream::BoxStream<'static, Result<Bytes, axum::Error>>,
    text: String,
    last_id: String,
}

impl Heard {
    async fn open(site: &Site, query: &str, last: Option<&str>) -> Self {
        let headers: Vec<(&str, &str)> = last.map(|id| ("last-event-id", id)).into_iter().collect();
        let response = site.open(&format!("/api/realtime/stream{query}"), &headers).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self::of(response)
    }

    fn of(response: Response<Body>) -> Self {
        Self {
            body: response.into_body().into_data_stream().boxed(),
            text: String::new(),
            last_id: String::new(),
        }
    }

    /// The next event: its kind, and its data.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| {
                    let line = block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
                    line.map(|value| value.trim().to_owned())
                };
                if let Some(id) = field("id") {
                    self.last_id = id;
                }
                let Some(data) = field("data") else { continue };
                return Some((field("event").unwrap_or_default(), serde_json::from_str(&data).unwrap()));
            }
            let piece = tokio::time::timeout(PATIENCE, self.body.next()).await.expect("an event in time")?;
            self.text.push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
        }
    }

    /// The names of the events up to `last`.
    async fn names_until(&mut self, last: &str) -> Vec<String> {
        let mut names = Vec::new();
        loop {
            let (kind, data) = self.next().await.expect("the stream goes on");
            let name = data["name"].as_str().map_or(kind, str::to_owned);
            let is_last = name == last;
            names.push(name);
            if is_last {
                return names;
            }
        }
    }
}

fn happen(db: &Db, ctx: &Ctx, names: &'static [&'static str]) {
    let own = ctx.clone();
    db.write_now(ctx, move |tx| {
        let subject: Id<()> = own.new_id();
        let events: Vec<Event> = names.iter().map(|name| Event::new(name, subject)).collect();
        own.emit_many(tx, &events)
    })
    .unwrap();
}

/// Waits until whatever happened may be told: on PostgreSQL any transaction of the server that is still open holds it up.
async fn settled(db: &Db) {
    let open = |tx: &mut db::ReadTx<'_>| {
        let settled = settled_events(tx)?;
        Ok(newest_event_seq(tx)? > last_event_seq(tx, settled)?)
    };
    while db.read(db::Scope::Server, open).await.unwrap() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[db_test]
async fn everybody_hears_what_they_may_see_of_their_own_workspace(db: &TestDb) {
    let Node { site, handle, hub } = Node::new(db, Limits::default()).await;
    let mut all = Heard::open(&site, "", None).await;
    let mut goods = Heard::open(&site.by("1:inventory.read"), "", None).await;
    let mut orders = Heard::open(&site, "?topics=sales_order.placed,member", None).await;
    let mut others = Heard::open(&site.by("2"), "", None).await;
    for stream in [&mut all, &mut goods, &mut orders, &mut others] {
        assert_eq!(stream.names_until("ready").await, ["ready"]);
    }
    happen(db, &ctx(1), &["sales_order.placed", "stock.changed", "secret.made", "member.added"]);
    happen(db, &ctx(2), &["stock.changed"]);
    assert_eq!(
        all.names_until("member.added").await,
        ["sales_order.placed", "stock.changed", "member.added"]
    );
    assert_eq!(goods.names_until("stock.changed").await, ["stock.changed"]);
    assert_eq!(orders.names_until("member.added").await, ["sales_order.placed", "member.added"]);
    assert_eq!(others.names_until("stock.changed").await, ["stock.changed"]);
    assert_eq!(hub.seats(), 4);
    drop((all, goods, orders, others));
    assert_eq!(hub.seats(), 0, "whoever leaves gives the seat back");
    handle.stop().await;
}

#[db_test]
async fn whoever_was_away_hears_what_they_missed_once_and_goes_on(db: &TestDb) {
    let Node { site, handle, .. } = Node::new(db, Limits::default()).await;
    let mut first = Heard::open(&site, "", None).await;
    happen(db, &ctx(1), &["product.created"]);
    first.names_until("product.created").await;
    let heard = first.last_id.clone();
    drop(first);
    happen(db, &ctx(1), &["product.changed", "contact.created"]);
    happen(db, &ctx(2), &["product.deleted"]);
    settled(db).await;
    let mut again = Heard::open(&site, "?topics=product", Some(&heard)).await;
    assert_eq!(again.names_until("ready").await, ["product.changed", "ready"]);
    happen(db, &ctx(1), &["product.deleted"]);
    assert_eq!(
        again.names_until("product.deleted").await,
        ["product.deleted"],
        "live events follow, none twice"
    );
    // A script that has to open a stream by itself says it in the address.
    let mut by_query = Heard::open(&site, &format!("?topics=product&last_event_id={heard}"), None).await;
    assert_eq!(by_query.names_until("ready").await, ["product.changed", "product.deleted", "ready"]);
    handle.stop().await;
}

#[db_test]
async fn what_cannot_be_told_again_is_said_to_be_lost(db: &TestDb) {
    let Node { site, handle, hub } = Node::new(db, Limits::default()).await;
    for strange in ["99999999", "-5", "nonsense"] {
        let mut stream = Heard::open(&site, "", Some(strange)).await;
        assert_eq!(stream.names_until("reset").await, ["reset"], "{strange}");
    }
    for _ in 0..=100 {
        happen(
            db,
            &ctx(1),
            &["stock.changed", "stock.changed", "stock.changed", "stock.changed", "stock.changed"],
        );
    }
    settled(db).await;
    hub.tell_new().await.unwrap();
    let mut stream = Heard::open(&site, "", Some("0")).await;
    assert_eq!(stream.names_until("reset").await, ["reset"], "too much was missed");
    let here = stream.last_id.clone();
    happen(db, &ctx(1), &["product.created"]);
    assert_eq!(stream.names_until("product.created").await, ["product.created"]);
    assert!(here.parse::<i64>().unwrap() > 500);
    handle.stop().await;
}

#[db_test]
async fn who_does_not_read_is_sent_away_and_comes_back_for_the_rest(db: &TestDb) {
    let Node { site, handle, hub } = Node::new(db, Limits::default()).await;
    let mut slow = Heard::open(&site, "", None).await;
    slow.names_until("ready").await;
    let heard = slow.last_id.clone();
    for _ in 0..60 {
        happen(
            db,
            &ctx(1),
            &["stock.changed", "stock.changed", "stock.changed", "stock.changed", "product.changed"],
        );
    }
    settled(db).await;
    hub.tell_new().await.unwrap();
    let mut count = 0;
    while slow.next().await.is_some() {
        count += 1;
    }
    assert!(count < 300, "the stream ended behind what fits into the room");
    let mut again = Heard::open(&site, "", Some(&heard)).await;
    assert_eq!(again.names_until("ready").await.len(), 301);
    handle.stop().await;
}

#[db_test]
async fn what_happens_at_one_node_is_heard_at_another(db: &TestDb) {
    let here = Node::new(db, Limits::default()).await;
    // Another process: connections of its own, woken by nobody.
    let config = db.config();
    let open = move || Db::open(config, &crate::test_migrations()).unwrap();
    let other_db = tokio::task::spawn_blocking(open).await.unwrap();
    let there = Node::new(&other_db, Limits::default()).await;
    let mut near = Heard::open(&here.site, "", None).await;
    let mut far = Heard::open(&there.site, "", None).await;
    for stream in [&mut near, &mut far] {
        stream.names_until("ready").await;
    }
    let sent = here
        .site
        .post("/api/realtime/publish", json!({ "topic": "shop.opened", "data": { "till": 2 } }))
        .await;
    assert_eq!((sent.status, sent.json()), (StatusCode::ACCEPTED, json!({ "name": "custom.shop.opened" })));
    for stream in [&mut near, &mut far] {
        let (_, event) = stream.next().await.unwrap();
        assert_eq!((&event["name"], &event["data"]), (&json!("custom.shop.opened"), &json!({ "till": 2 })));
    }
    // What the other node missed is told by it, too.
    let mut again = Heard::open(&there.site, "", Some(&near.last_id)).await;
    assert_eq!(again.names_until("ready").await, ["ready"]);
    drop((near, far, again));
    here.handle.stop().await;
    there.handle.stop().await;
    tokio::task::spawn_blocking(move || drop((there.site, there.hub, other_db))).await.unwrap();
}

#[db_test]
async fn whoever_listens_before_a_node_first_looks_misses_nothing(db: &TestDb) {
    let hub = Arc::new(Realtime::new((**db).clone(), Limits::default()));
    let site = Site::new(db, Services::default().with(Arc::clone(&hub)), vec![crate::module()]);
    let mut early = Heard::open(&site, "", None).await;
    early.names_until("ready").await;
    happen(db, &ctx(1), &["product.created"]);
    let handle = hub.start();
    assert_eq!(early.names_until("product.created").await, ["product.created"]);
    handle.stop().await;
}

#[db_test]
async fn only_who_may_publishes_and_only_what_is_right(db: &TestDb) {
    let Node { site, handle, .. } = Node::new(db, Limits::default()).await;
    let refused = site.by("1:sales.read").post("/api/realtime/publish", json!({ "topic": "a" })).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    for (body, error) in [
        (json!({ "topic": "Katta harf" }), "topic: realtime-topic-malformed"),
        (json!({ "topic": "" }), "topic: realtime-topic-malformed"),
        (json!({ "topic": "a", "data": "x".repeat(9_000) }), "data: realtime-data-too-long"),
        (json!({ "data": 1 }), "topic: web-field-missing"),
        (json!({ "topic": "a", "data": "x\0" }), "data: db-text-has-nul"),
        (json!({ "topic": "a", "data": [{ "a\0": 1 }] }), "data: db-text-has-nul"),
    ] {
        let answer = site.post("/api/realtime/publish", body).await;
        assert_eq!(
            (answer.status, answer.errors()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec![error.to_owned()])
        );
    }
    let wrong = site.get("/api/realtime/stream?topics=A%20b").await;
    assert_eq!(
        (wrong.status, wrong.errors()),
        (StatusCode::UNPROCESSABLE_ENTITY, vec!["topics: realtime-topic-malformed".to_owned()])
    );
    handle.stop().await;
}

#[db_test]
async fn one_person_has_so_many_streams_and_a_stopping_server_ends_them(db: &TestDb) {
    let Node { site, handle, hub } = Node::new(db, Limits { of_one: 2, of_node: 3 }).await;
    let mut open = [Heard::open(&site, "", None).await, Heard::open(&site, "", None).await];
    let third = site.open("/api/realtime/stream", &[]).await;
    assert_eq!((third.status(), hub.seats()), (StatusCode::TOO_MANY_REQUESTS, 2));
    let other = Heard::open(&site.by("2"), "", None).await;
    assert_eq!(site.by("3").open("/api/realtime/stream", &[]).await.status(), StatusCode::TOO_MANY_REQUESTS);
    drop(other);
    site.app.stopping().cancel();
    for stream in &mut open {
        while stream.next().await.is_some() {}
    }
    drop(open);
    assert_eq!(hub.seats(), 0);
    handle.stop().await;
}
