//! A suspended workspace's channels: nobody serves them until it works again; and how many bots a workspace may have.

use std::sync::Arc;

use auth::actions::{RESUMED, SUSPENDED};
use axum::http::{Request, StatusCode};
use context::{Event, Limits, Random, Services, set_limits};
use db::{Scope, db_test, testing::TestDb};
use jobs::Worker;
use kernel::{Clock, FixedClock};
use serde_json::json;
use testkit::telegram::Fake;
use web::testing::NOW;

use super::Shop;
use crate::{ChannelKind, Intake, store};

const LEASE_MS: i64 = 1_000;

pub(super) async fn told(db: &TestDb, shop: &Shop, name: &'static str) {
    let ctx = shop.ctx.clone();
    db.write_now(&shop.ctx, move |tx| ctx.emit(tx, Event::new(name, ctx.workspace()))).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(NOW));
    let work = jobs::Work { listeners: vec![crate::held::listener()], ..jobs::Work::default() };
    Worker::new((**db).clone(), Services::default(), clock, Random::from_seed(4), work)
        .drain()
        .await
        .unwrap();
}

#[db_test]
async fn channels_of_a_suspended_workspace_are_held_until_it_works_again(db: &TestDb) {
    let fake = Fake::start().await;
    fake.bot("42:SECRET");
    let shop = Shop::reaching(db, fake.url());
    let made = shop.site.post("/api/bots/1/channels", json!({ "token": "42:SECRET" })).await.json();
    let id = kernel::Id::parse(made["id"].as_str().unwrap()).unwrap();
    let take = || {
        db.write_now(Scope::Server, |tx| store::channel::take_free(tx, ChannelKind::Telegram, LEASE_MS, 10))
            .unwrap()
    };
    let served = take();
    assert_eq!(served.len(), 1);
    let channel = served[0].clone();
    told(db, &shop, SUSPENDED).await;
    let held = channel.clone();
    let goes_on =
        db.write_now(Scope::Server, move |tx| store::channel::extend_lease(tx, &held, LEASE_MS)).unwrap();
    assert!(!goes_on, "who serves it stops");
    db.write_now(Scope::Server, move |tx| store::channel::release_lease(tx, &channel)).unwrap();
    assert!(take().is_empty(), "and nobody takes it");
    let listed = shop.site.get("/api/bots/1/channels").await.json();
    let states: Vec<&str> =
        listed.as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
    assert!(states.contains(&"held") && states.contains(&"live"), "{states:?}: the simulator is a page");
    assert!(shop.site.page("/bots/1").await.text().contains("suspended"));
    // Telegram calls again later.
    let ctx = shop.ctx.clone();
    db.write_now(&shop.ctx, move |tx| {
        store::channel::set_intake(&ctx, tx, id, Intake::Webhook, Some("hush"))
    })
    .unwrap();
    told(db, &shop, SUSPENDED).await;
    let call = async || {
        let request = Request::post(format!("/webhook/telegram/{id}"))
            .header("x-telegram-bot-api-secret-token", "hush")
            .header("content-type", "application/json");
        shop.site.ask(request, r#"{"update_id":1}"#).await.status
    };
    assert_eq!(call().await, StatusCode::SERVICE_UNAVAILABLE);
    told(db, &shop, RESUMED).await;
    assert_eq!(call().await, StatusCode::OK);
    assert_eq!(take().len(), 1);
}

#[db_test]
async fn a_limit_of_bots_is_said_in_words_and_binds_this_workspace_alone(db: &TestDb) {
    let shop = Shop::reaching(db, "http://127.0.0.1:9");
    let ctx = shop.ctx.clone();
    let limits = Limits { bots: Some(1), ..Limits::default() };
    db.write_now(&shop.ctx, move |tx| set_limits(&ctx, tx, &limits)).unwrap();
    let bot = json!({"name": "Ikkinchi", "shop": {"name": "Doʻkon", "delivers": true, "pickup": true}});
    let refused = shop.site.post("/api/bots", bot.clone()).await;
    assert_eq!(
        (refused.status, refused.errors()),
        (StatusCode::CONFLICT, vec!["kernel-limit-bots".to_owned()])
    );
    assert!(refused.text().contains("At most 1 bots"), "{}", refused.text());
    let other = shop.site.by("2").post("/api/bots", bot).await;
    assert_eq!(other.status, StatusCode::CREATED, "{}", other.text());
}
