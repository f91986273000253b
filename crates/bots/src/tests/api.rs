//! `/api/bots`, driven as programs drive it.

use axum::http::{Method, Request, StatusCode};
use db::{db_test, testing::TestDb};
use serde_json::{Value, json};
use testkit::telegram::Fake;
use uuid::Uuid;

use super::Shop;

fn new_bot() -> Value {
    json!({ "name": "Ikkinchi", "shop": { "name": "Chorsu", "phone": "90 123-45-67", "delivery_price": 15000 } })
}

#[db_test]
async fn a_bot_is_made_listed_read_and_changed(db: &TestDb) {
    let site = Shop::open(db).site;
    let made = site.post("/api/bots", new_bot()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let bot = made.json();
    assert_eq!((&bot["id"], &bot["state"], &bot["version"]), (&json!(2), &json!("active"), &json!(1)));
    assert_eq!((&bot["shop"]["phone"], &bot["shop"]["pickup"]), (&json!("+998901234567"), &json!(true)));
    assert_eq!(site.get("/api/bots/2").await.json(), bot);
    assert_eq!(site.get(&format!("/api/bots/{}", bot["uuid"].as_str().unwrap())).await.json(), bot);
    assert_eq!(site.get("/api/bots").await.json()["count"], 2);
    let changed = site.patch("/api/bots/2", json!({ "name": "Boshqa", "state": "paused" })).await.json();
    assert_eq!(
        (&changed["name"], &changed["state"], &changed["shop"]),
        (&json!("Boshqa"), &json!("paused"), &bot["shop"])
    );
}

#[db_test]
async fn wrong_bots_are_refused_with_every_field(db: &TestDb) {
    let site = Shop::open(db).site;
    let refused = |answer: web::testing::Answer| (answer.status, answer.errors());
    let unprocessable = |errors: &[&str]| {
        (StatusCode::UNPROCESSABLE_ENTITY, errors.iter().map(|&e| e.to_owned()).collect::<Vec<_>>())
    };
    let mut body = new_bot();
    body["name"] = json!(" ");
    body["shop"]["delivers"] = json!(false);
    body["shop"]["pickup"] = json!(false);
    body["shop"]["delivery_price"] = json!(-1);
    assert_eq!(
        refused(site.post("/api/bots", body).await),
        unprocessable(&[
            "name: kernel-text-missing",
            "pickup: bots-shop-no-way",
            "delivery: bots-shop-delivery-price"
        ])
    );
    let mut body = new_bot();
    body["blueprint"] = json!("format = 1\nid = \"x\"");
    let answer = site.post("/api/bots", body).await;
    let errors = answer.errors();
    assert!(
        !errors.is_empty() && errors.iter().all(|e| e == "blueprint: bots-blueprint-fault"),
        "{errors:?}"
    );
    for body in [json!({}), json!({ "name": 5, "shop": {} }), json!([])] {
        assert_eq!(site.post("/api/bots", body).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(
        site.patch("/api/bots/1", json!({ "state": "asleep" })).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    for path in ["/api/bots/9", "/api/bots/x", "/api/bots/9/channels", "/api/bots/9/conversations"] {
        assert_eq!(site.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let stranger = site.by("2");
    assert_eq!(stranger.get("/api/bots/1").await.status, StatusCode::NOT_FOUND);
    let reader = site.by("1:bots.read");
    assert_eq!(reader.post("/api/bots", new_bot()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(reader.patch("/api/bots/1", json!({ "name": "A" })).await.status, StatusCode::FORBIDDEN);
}

#[db_test]
async fn a_channel_is_connected_listed_and_taken_away_and_its_token_never_shown(db: &TestDb) {
    let fake = Fake::start().await;
    fake.bot("42:SECRET");
    let site = Shop::reaching(db, fake.url()).site;
    let wrong = site.post("/api/bots/1/channels", json!({ "token": "43:OTHER" })).await;
    assert_eq!(wrong.errors(), ["token: bots-token-refused"]);
    let webhook =
        site.post("/api/bots/1/channels", json!({ "token": "42:SECRET", "intake": "webhook" })).await;
    assert_eq!(webhook.errors(), ["intake: bots-webhook-impossible"]);
    let made = site.post("/api/bots/1/channels", json!({ "token": "42:SECRET" })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!((&made.json()["username"], &made.json()["intake"]), (&json!("bot42_bot"), &json!("polling")));
    let listed = site.get("/api/bots/1/channels").await;
    assert!(!listed.text().contains("SECRET") && listed.json().as_array().unwrap().len() == 2);
    let path = format!("/api/bots/1/channels/{}", made.json()["id"].as_str().unwrap());
    assert_eq!(site.by("2").delete(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(site.delete(&path).await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn conversations_and_their_messages_are_read(db: &TestDb) {
    let shop = Shop::open(db);
    let input = json!({ "client_id": Uuid::from_u128(1), "kind": "command", "command": "start" });
    let site = &shop.site;
    assert_eq!(
        site.api(Method::POST, "/bots/1/simulator/input", Some(input)).await.status,
        StatusCode::ACCEPTED
    );
    let list = site.get("/api/bots/1/conversations").await.json();
    let one = &list["results"][0];
    assert_eq!(
        (&list["count"], &one["channel"], &one["state"]),
        (&json!(1), &json!("simulator"), &json!("bot"))
    );
    let path = format!("/api/bots/1/conversations/{}", one["id"].as_str().unwrap());
    assert_eq!(&site.get(&path).await.json(), one);
    let said = site.get(&format!("{path}/messages")).await.json();
    assert_eq!(
        (&said["results"][0]["from"], &said["results"][0]["text"]),
        (&json!("person"), &json!("/start"))
    );
    assert_eq!(said["results"][1]["buttons"].as_array().unwrap().len(), 3);
    assert_eq!(said["before"], Value::Null);
    assert_eq!(site.by("2").get(&path).await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn the_format_of_blueprints_is_open_to_every_editor(db: &TestDb) {
    let site = Shop::open(db).site;
    let schema = site.ask(Request::get("/api/blueprints/schema"), "").await;
    assert_eq!(
        (schema.status, schema.header("content-type")),
        (StatusCode::OK, Some("application/schema+json"))
    );
    assert_eq!(schema.json()["title"], "Blueprint");
    assert!(schema.text().contains("place_order") && schema.text().contains("tell_staff"));
}
