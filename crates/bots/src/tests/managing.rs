//! What becomes of a bot: made, copied, sent as a file, resting, put away, deleted.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use db::{db_test, testing::TestDb};
use jobs::Worker;
use kernel::FixedClock;
use serde_json::{Value, json};
use web::testing::{NOW, Site};

use super::{
    Shop,
    simulator::{Chat, all},
};

/// Runs what waits to be done after the answer.
async fn after(db: &TestDb, shop: &Shop) {
    let clock = Arc::new(FixedClock::at(NOW));
    let services = shop.site.app.services().clone();
    let worker = Worker::new((**db).clone(), services, clock, context::Random::from_seed(9), crate::work());
    worker.drain().await.unwrap();
}

async fn say(site: &Site, n: u128, text: &str) {
    let input = json!({ "client_id": uuid::Uuid::from_u128(n), "kind": "text", "text": text });
    let sent = site.api(Method::POST, "/bots/1/simulator/input", Some(input)).await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.text());
}

#[db_test]
async fn a_bot_is_made_of_a_blank_blueprint_by_its_name_alone(db: &TestDb) {
    let mut site = Shop::open(db).site;
    let choose = site.page("/bots/new").await.text();
    assert!(choose.contains("template=blank") && choose.contains("/bots/import"), "{choose}");
    let made = site.form("/bots/new/simple", &[("name", "Navbat"), ("template", "booking")]).await;
    assert_eq!(made.header("location"), Some("/bots/2"), "{}", made.text());
    let page = site.page("/bots/2").await.text();
    assert!(!page.contains("Opening hours"), "nothing of a shop where there is none");
    let edit = site.page("/bots/2/edit").await.text();
    assert!(edit.contains("Navbat") && !edit.contains("shop_name"), "{edit}");
    assert_eq!(site.form("/bots/2/edit", &[("name", "Stollar")]).await.header("location"), Some("/bots/2"));
    assert_eq!(site.get("/api/bots/2").await.json()["name"], "Stollar");
    let nameless = site.form("/bots/new/simple", &[("name", " ")]).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nameless.text().contains("is-invalid"));
    assert_eq!(
        site.form("/bots/new/simple", &[("name", "A"), ("template", "nothing")]).await.status,
        StatusCode::NOT_FOUND
    );
    let made = site.post("/api/bots", json!({ "name": "Uchinchi", "template": "blank" })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let both = json!({ "name": "A", "template": "blank", "blueprint": "" });
    assert_eq!(site.post("/api/bots", both).await.errors(), ["blueprint: bots-blueprint-twice"]);
}

#[db_test]
async fn a_bot_leaves_as_one_file_and_comes_back_as_the_same(db: &TestDb) {
    let site = Shop::open(db).site;
    let file = site.get("/api/bots/1/export").await;
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"bot-1-1.toml\""));
    assert_eq!(file.text(), flow::shop::BLUEPRINT);
    let dos = format!("\u{feff}{}", file.text().replace('\n', "\r\n"));
    let body = json!({ "name": "Qaytgan", "blueprint": dos });
    assert_eq!(site.post("/api/bots", body).await.status, StatusCode::CREATED);
    assert_eq!(site.get("/api/bots/2/export?version=draft").await.text(), flow::shop::BLUEPRINT);
    let page = site.upload("/bots/import", "file", "bot.toml", flow::examples::BLANK.as_bytes()).await;
    assert_eq!(page.header("location"), Some("/bots/3"), "{}", page.text());
    assert_eq!(site.get("/api/bots/3").await.json()["name"], "New bot", "as the file says");
}

#[db_test]
async fn a_file_with_faults_is_refused_with_each_of_them(db: &TestDb) {
    let site = Shop::open(db).site;
    let wrong = flow::examples::BLANK
        .replacen("format = 1", "format = 7", 1)
        .replacen("go = \"about\"", "go = \"basket\"", 1)
        .replacen("ru = \"ℹ️ О нас\", ", "", 1);
    let refused = site.post("/api/bots", json!({ "name": "Xato", "blueprint": wrong })).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told: Vec<String> = refused.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| format!("{}: {}", error["field"].as_str().unwrap(), error["message"].as_str().unwrap()))
        .collect();
    assert!(told.iter().all(|line| line.starts_with("blueprint: ")), "{told:?}");
    for place in ["3 · format", "main.menu · buttons.0.go", "main.menu · buttons.0.text"] {
        assert!(told.iter().any(|line| line.contains(place)), "{place} in {told:?}");
    }
    for (file, word) in [
        (vec![0xff, 0xfe, b'a', 0], "UTF-8"),
        (b"".to_vec(), "Choose a file"),
        (vec![b'a'; 600_000], "too long"),
        (wrong.clone().into_bytes(), "main.menu · buttons.0.go"),
    ] {
        let page = site.upload("/bots/import", "file", "bot.toml", &file).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{word}");
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    assert_eq!(site.get("/api/bots").await.json()["count"], 1, "nothing was made");
}

#[db_test]
async fn a_copy_says_the_same_and_has_the_same_draft(db: &TestDb) {
    let mut site = Shop::open(db).site;
    let draft = json!({ "source": flow::examples::BLANK, "revision": 0 });
    assert_eq!(site.put("/api/bots/1/draft", draft).await.status, StatusCode::OK);
    let form = site.page("/bots/1/duplicate").await.text();
    assert!(form.contains("Yordamchi (copy)"), "{form}");
    let made = site.form("/bots/1/duplicate", &[("name", "Nusxa")]).await;
    assert_eq!(made.header("location"), Some("/bots/2"), "{}", made.text());
    assert_eq!(site.get("/api/bots/2").await.json()["shop"], site.get("/api/bots/1").await.json()["shop"]);
    let copy = site.get("/api/bots/2/draft").await.json();
    assert_eq!((&copy["source"], &copy["is_draft"]), (&json!(flow::examples::BLANK), &json!(true)));
    assert_eq!(site.get("/api/bots/2/channels").await.json().as_array().unwrap().len(), 1);
}

#[db_test]
async fn a_paused_bot_says_now_and_then_that_it_rests_and_an_archived_one_is_silent(db: &TestDb) {
    let shop = Shop::open(db);
    let mut chat = Chat::new(&shop.site);
    chat.come_in().await;
    let before = all(&chat.state().await["messages"]).count();
    assert_eq!(shop.site.patch("/api/bots/1", json!({ "state": "paused" })).await.status, StatusCode::OK);
    say(&shop.site, 501, "bormisiz").await;
    say(&shop.site, 502, "hey").await;
    let state = chat.state().await;
    let said: Vec<&Value> = all(&state["messages"]).skip(before).collect();
    let from: Vec<&Value> = said.iter().map(|message| &message["from"]).collect();
    assert_eq!(
        from,
        [&json!("contact"), &json!("bot"), &json!("contact")],
        "once, and what is written is kept"
    );
    let words = said[1]["text"].to_string();
    assert!(words.contains("taking a break"), "in the language of the conversation: {words}");
    assert_eq!(shop.site.patch("/api/bots/1", json!({ "state": "archived" })).await.status, StatusCode::OK);
    say(&shop.site, 503, "hali ham").await;
    let state = chat.state().await;
    assert_eq!(all(&state["messages"]).count(), before + 4);
    assert_eq!(shop.site.get("/api/bots").await.json()["count"], 0);
    assert_eq!(shop.site.get("/api/bots?state=archived").await.json()["count"], 1);
    let mut site = shop.site.clone();
    assert_eq!(site.form("/bots/1/restore", &[]).await.header("location"), Some("/bots/1"));
    assert_eq!(site.get("/api/bots/1").await.json()["state"], "paused");
}

#[db_test]
async fn a_deleted_bot_is_gone_at_once_and_its_conversations_with_it(db: &TestDb) {
    let shop = Shop::open(db);
    let mut chat = Chat::new(&shop.site);
    chat.come_in().await;
    let mut site = shop.site.clone();
    assert_eq!(site.get("/api/bots/1/conversations").await.json()["count"], 1);
    let wrong = site.form("/bots/1/delete", &[("name", "Boshqa")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("This is not the name of the bot"), "{}", wrong.text());
    assert_eq!(
        site.by("1:bots.read,bots.edit").delete("/api/bots/1?name=Yordamchi").await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(site.by("2").delete("/api/bots/1?name=Yordamchi").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.delete("/api/bots/1?name=A").await.errors(), ["name: bots-delete-name-differs"]);

    assert_eq!(
        site.form("/bots/1/delete", &[("name", " yordamchi ")]).await.header("location"),
        Some("/bots")
    );
    assert_eq!(site.get("/api/bots/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.page("/bots/1/simulator").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.page("/conversations").await.status, StatusCode::OK, "while it is being erased, too");
    after(db, &shop).await;
    let ctx = shop.ctx.clone();
    let left = db
        .write_now(&shop.ctx, move |tx| {
            let mut left = Vec::new();
            for table in ["bots_bot", "bots_version", "bots_channel", "bots_conversation", "bots_message"] {
                let sql = format!("SELECT COUNT(*) FROM {table} WHERE workspace_id = $1");
                left.push(tx.query_one(&sql, db::params![ctx.workspace()], |row| row.get::<i64>(0))?);
            }
            Ok(left)
        })
        .unwrap();
    assert_eq!(left, [0; 5]);
    assert_eq!(site.post("/api/bots", json!({ "name": "Yangi", "template": "blank" })).await.json()["id"], 2);
}
