//! Making a chat, changing it, and its pages.

use axum::http::StatusCode;
use db::{db_test, testing::TestDb};
use kernel::Lang;
use serde_json::json;

use super::{Page, Shop, connected};

#[db_test]
async fn a_chat_is_made_changed_and_taken_away_by_the_api(db: &TestDb) {
    let shop = Shop::open(db);
    let site = &shop.site;
    let (key, id) = connected(&shop).await;
    let list = site.get("/api/bots/1/web-chats").await.json();
    assert_eq!((&list[0]["key"], &list[0]["title"]), (&json!(key), &json!("Chorsu Texno")));
    let snippet = list[0]["snippet"].as_str().unwrap();
    assert!(snippet.contains("/chat.js") && snippet.contains(&key), "{snippet}");
    let path = format!("/api/bots/1/web-chats/{id}");
    let wanted =
        json!({ "title": "Savollar", "colour": "#AA3300", "side": "left", "origins": ["doʻkon.uz", "a.uz"] });
    let refused = site.put(&path, wanted).await;
    assert_eq!(
        (refused.status, refused.errors()),
        (StatusCode::UNPROCESSABLE_ENTITY, vec!["origins: bots-web-origin-wrong".to_owned()])
    );
    let wanted = json!({ "title": "Savollar", "colour": "#AA3300", "side": "left", "origins": ["a.uz", "https://*.b.uz"] });
    let changed = site.put(&path, wanted).await.json();
    assert_eq!((&changed["key"], &changed["colour"]), (&json!(key), &json!("#aa3300")), "the key stays");
    assert_eq!(changed["origins"], json!(["https://a.uz", "https://*.b.uz"]));
    assert_eq!(site.by("2").put(&path, json!({})).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.by("1:bots.read").put(&path, json!({})).await.status, StatusCode::FORBIDDEN);
    let channels = site.get("/api/bots/1/channels").await.json();
    let simulator = channels.as_array().unwrap().iter().find(|one| one["kind"] == "simulator").unwrap();
    let path = format!("/api/bots/1/web-chats/{}", simulator["id"].as_str().unwrap());
    assert_eq!(site.put(&path, json!({})).await.status, StatusCode::NOT_FOUND, "no chat on a site");
    for _ in 0..9 {
        assert_eq!(site.post("/api/bots/1/web-chats", json!({})).await.status, StatusCode::CREATED);
    }
    assert_eq!(site.post("/api/bots/1/web-chats", json!({})).await.status, StatusCode::CONFLICT);
}

#[db_test]
async fn pages_of_a_chat_are_drawn_in_every_language_and_say_what_is_wrong(db: &TestDb) {
    let mut shop = Shop::open(db);
    let (key, id) = connected(&shop).await;
    for lang in Lang::ALL {
        let site = shop.site.in_lang(lang);
        for path in [
            "/bots".to_owned(),
            "/bots/1".to_owned(),
            "/bots/1/web-chats/new".to_owned(),
            format!("/bots/1/web-chats/{id}"),
            format!("/bots/1/web-chats/{id}/edit"),
            format!("/chat/{key}"),
        ] {
            let page = site.page(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(!page.text().contains(">bots-"), "{lang:?} {path}: a key without a text");
        }
    }
    let page = shop.site.page(&format!("/bots/1/web-chats/{id}")).await.text();
    assert!(page.contains("chat.js") && page.contains(&key) && page.contains("https://shop.uz"), "{page}");
    assert_eq!(
        shop.site.by("2").page(&format!("/bots/1/web-chats/{id}")).await.status,
        StatusCode::NOT_FOUND
    );

    let form =
        [("title", "Savollar"), ("origins", "https://a.uz\r\nb.uz"), ("side", "left"), ("colour", "blue")];
    let refused = shop.site.form(&format!("/bots/1/web-chats/{id}/edit"), &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text().contains("A colour is #") && refused.text().contains("b.uz"),
        "what was typed stands there"
    );
    let form = [("title", "Savollar"), ("origins", "https://a.uz\r\nb.uz"), ("side", "left"), ("colour", "")];
    let saved = shop.site.form(&format!("/bots/1/web-chats/{id}/edit"), &form).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let made = shop.site.form("/bots/1/web-chats/new", &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let list = shop.site.get("/api/bots/1/web-chats").await.json();
    assert_eq!(list[0]["origins"], json!(["https://a.uz", "https://b.uz"]));
    assert_eq!(list.as_array().unwrap().len(), 2);
}

#[db_test]
async fn a_deleted_bot_takes_its_chats_and_visitors_along(db: &TestDb) {
    let shop = Shop::open(db);
    let (key, _) = connected(&shop).await;
    Page::met(&shop.site, &key).await.say("salom").await;
    let deleted = shop.site.delete("/api/bots/1").await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT, "{}", deleted.text());
    let ctx = shop.ctx.clone();
    let work = jobs::Work { handlers: vec![crate::actions::erase_handler()], ..jobs::Work::default() };
    let clock: std::sync::Arc<dyn kernel::Clock> =
        std::sync::Arc::new(kernel::FixedClock::at(web::testing::NOW));
    let services = context::Services::default();
    jobs::Worker::new((**db).clone(), services, clock, context::Random::from_seed(4), work)
        .drain()
        .await
        .unwrap();
    for table in ["bots_visitor", "bots_web_chat", "bots_channel", "bots_conversation"] {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE workspace_id = $1");
        let workspace = ctx.workspace();
        let left: i64 = db
            .read_now(&shop.ctx, move |tx| tx.query_one(&sql, db::params![workspace], |row| row.get(0)))
            .unwrap();
        assert_eq!(left, 0, "{table}");
    }
}
