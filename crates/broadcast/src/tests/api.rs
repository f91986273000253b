//! The API, driven as programs drive it.

use axum::http::StatusCode;
use db::{db_test, testing::TestDb};
use serde_json::json;

use super::House;

#[db_test]
async fn a_broadcast_is_written_looked_at_and_begun(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 6);
    let body = json!({
        "name": "Chegirma", "channel": house.channel.id, "texts": {"uz": "Salom"},
        "button": {"labels": {"uz": "Sayt"}, "url": "https://shop.uz"}, "people": {"langs": ["uz", "ru"]}
    });
    let made = house.site.post("/api/broadcasts", body.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    assert_eq!((&made["id"], &made["state"], &made["bot"]), (&json!(1), &json!("draft"), &json!(1)));
    let preview = house.site.get("/api/broadcasts/1/preview").await.json();
    assert_eq!((&preview["reachable"], &preview["blocked"]), (&json!(6), &json!(0)));
    let russian = preview["langs"].as_array().unwrap().iter().find(|row| row["lang"] == "ru").unwrap();
    assert_eq!((&russian["count"], &russian["has_words"]), (&json!(2), &json!(false)));
    let picture = house.site.upload("/api/broadcasts/1/file", "file", "a.jpg", b"\xff\xd8\xff").await;
    assert_eq!(picture.status, StatusCode::METHOD_NOT_ALLOWED, "a file is put");
    let begun = house.site.post("/api/broadcasts/1/start", json!({})).await;
    assert_eq!(begun.json()["state"], "scheduled", "{}", begun.text());
    let changed = house.site.post("/api/broadcasts/1/unschedule", json!({})).await;
    assert_eq!(changed.json()["state"], "draft");
    let mut wrong = body;
    wrong["button"]["command"] = json!("start");
    let wrong = house.site.put("/api/broadcasts/1", wrong).await;
    assert_eq!(
        (wrong.status, wrong.errors()),
        (StatusCode::UNPROCESSABLE_ENTITY, vec!["button: broadcast-button-one".to_owned()])
    );
    let none = house.site.get("/api/broadcasts/1/recipients?outcome=sent").await.json();
    assert_eq!(none["count"], 0);
    assert_eq!(house.site.get("/api/broadcasts?state=draft").await.json()["count"], 1);
    let copy = house.site.post("/api/broadcasts/1/copy", json!({})).await;
    assert_eq!((copy.status, &copy.json()["id"]), (StatusCode::CREATED, &json!(2)));
    assert_eq!(house.site.delete("/api/broadcasts/2").await.status, StatusCode::NO_CONTENT);
}

#[db_test]
async fn who_may_not_may_not(db: &TestDb) {
    let house = House::open(db).await;
    let reader = house.site.by("1:broadcast.read");
    assert_eq!(reader.get("/api/broadcasts").await.status, StatusCode::OK);
    let body = json!({"name": "x", "channel": house.channel.id, "texts": {"uz": "Salom"}});
    assert_eq!(reader.post("/api/broadcasts", body.clone()).await.status, StatusCode::FORBIDDEN);
    house.site.post("/api/broadcasts", body).await;
    assert_eq!(reader.post("/api/broadcasts/1/start", json!({})).await.status, StatusCode::FORBIDDEN);
    let seen = reader.get("/api/broadcasts/1").await;
    assert_eq!((seen.status, &seen.json()["bot"]), (StatusCode::OK, &json!(1)), "{}", seen.text());
    for path in ["preview", "recipients"] {
        let read = reader.get(&format!("/api/broadcasts/1/{path}")).await;
        assert_eq!(read.status, StatusCode::OK, "{path}: {}", read.text());
    }
    assert_eq!(
        reader.get("/api/bots").await.status,
        StatusCode::FORBIDDEN,
        "of bots there is no more to see"
    );
    let blind = house.site.by("1:broadcast.read,broadcast.create");
    for verb in ["start", "unschedule", "pause", "resume", "cancel", "copy"] {
        let refused = blind.post(&format!("/api/broadcasts/1/{verb}"), json!({})).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{verb}: who writes sees the bot");
    }
    assert_eq!(blind.delete("/api/broadcasts/1").await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.site.by("1:bots.read").get("/api/broadcasts/1").await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.site.by("2").get("/api/broadcasts/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.site.get("/api/broadcasts/7").await.status, StatusCode::NOT_FOUND);
}
