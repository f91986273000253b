//! What is said, both ways.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use db::{db_test, testing::TestDb};
use futures::SinkExt;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{ORIGIN, Page, Served, all, conversation, heard, opened};

/// The smallest file that is a PNG to whoever looks at its beginning.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n0000";

#[db_test]
async fn somebody_at_a_site_is_greeted_and_finds_goods(db: &TestDb) {
    let (shop, key) = opened(db).await;
    let mut page = Page::met(&shop.site, &key).await;
    assert_eq!(page.history().await["messages"], json!([]));
    page.come_in("+998 90 123 45 67").await;
    let seen = page.seen().await;
    assert!(!seen.contains("/start") && seen.contains("What are you looking for?"), "{seen}");
    assert!(page.history().await["reply_keyboard"]["rows"].is_array());
    page.say("galaxy a15").await;
    page.press("Samsung Galaxy A15").await;
    page.press("Add to cart").await;
    assert!(page.seen().await.contains("In the cart: 1"), "{}", page.seen().await);
    let found = shop.site.get("/api/conversations?channel=web").await.json();
    assert_eq!((&found["count"], &found["results"][0]["channel"]), (&json!(1), &json!("web")));
}

#[db_test]
async fn the_same_input_again_is_taken_once_and_another_visitor_s_is_another(db: &TestDb) {
    let (shop, key) = opened(db).await;
    let mut page = Page::met(&shop.site, &key).await;
    let mut other = Page::met(&shop.site, &key).await;
    page.say("salom").await;
    let before = page.history().await;
    let mine = all(&before["messages"]).next().unwrap();
    assert_eq!(mine["client_id"], json!(uuid::Uuid::from_u128(page.sent)), "under the page's own name of it");
    page.sent -= 1;
    page.say("salom").await;
    assert_eq!(page.history().await["messages"], before["messages"]);
    other.say("salom").await;
    assert!(other.seen().await.contains("contact: salom"), "the same id of somebody else");
}

#[db_test]
async fn what_is_malformed_is_refused_with_its_field(db: &TestDb) {
    let (shop, key) = opened(db).await;
    let mut page = Page::met(&shop.site, &key).await;
    for (input, error) in [
        (json!({ "kind": "text", "text": " " }), "text: kernel-text-missing"),
        (json!({ "kind": "text", "text": "a".repeat(5_000) }), "text: kernel-text-too-long"),
        (json!({ "kind": "contact", "phone": "12" }), "phone: kernel-phone-malformed"),
        (json!({ "kind": "contact" }), "phone: kernel-phone-malformed"),
        (json!({ "kind": "location", "latitude": 91, "longitude": 1 }), "latitude: bots-place-malformed"),
    ] {
        let answer = page.send(input.clone()).await;
        assert_eq!(
            (answer.status, answer.errors()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec![error.to_owned()]),
            "{input}"
        );
    }
    let tap = json!({ "kind": "button", "message_id": uuid::Uuid::nil(), "key": "x" });
    assert_eq!(page.send(tap).await.status, StatusCode::NOT_FOUND);
    assert_eq!(page.history().await["messages"], json!([]));
}

#[db_test]
async fn the_staff_answers_and_the_page_that_waits_hears_it(db: &TestDb) {
    let (shop, key) = opened(db).await;
    let mut page = Page::met(&shop.site, &key).await;
    page.say("Odam kerak").await;
    let last = page.history().await["last"].as_i64().unwrap();
    let waiting = {
        let (site, page) = (shop.site.clone(), page.clone());
        tokio::spawn(async move {
            let page = Page { site: &site, ..page };
            page.get(&format!("news?after={last}")).await
        })
    };
    let id = conversation(&shop).await;
    let note = shop.site.post(&format!("/api/conversations/{id}/notes"), json!({ "text": "Ulgurji" })).await;
    assert_eq!(note.status, StatusCode::CREATED);
    let answered = shop
        .site
        .post(&format!("/api/conversations/{id}/messages"), json!({ "text": "Men shu yerdaman" }))
        .await;
    assert_eq!(answered.status, StatusCode::CREATED, "{}", answered.text());
    let news = tokio::time::timeout(Duration::from_secs(20), waiting).await.unwrap().unwrap();
    assert!(news.to_string().contains("Men shu yerdaman"), "{news}");
    assert_eq!(news["with_person"], true);
    let whole = page.get(&format!("news?after={last}")).await;
    assert!(!whole.to_string().contains("Ulgurji") && !page.seen().await.contains("Ulgurji"), "{whole}");
    let restored = page.get("news?after=999999999").await;
    assert_eq!(restored["reset"], true, "a place that was never reached");
}

#[db_test]
async fn history_comes_a_stretch_at_a_time(db: &TestDb) {
    let (shop, key) = opened(db).await;
    let mut page = Page::met(&shop.site, &key).await;
    page.say("birinchi").await;
    let id = conversation(&shop).await;
    for number in 0..70 {
        let text = json!({ "text": format!("javob {number}") });
        shop.site.post(&format!("/api/conversations/{id}/messages"), text).await;
    }
    let newest = page.history().await;
    let before = newest["before"].as_i64().unwrap();
    assert!(!newest.to_string().contains("birinchi") && newest.to_string().contains("javob 69"));
    let older = page.get(&format!("history?before={before}")).await;
    assert!(older.to_string().contains("birinchi") && older["before"].is_null(), "{older}");
}

#[db_test]
async fn files_go_both_ways_and_nobody_else_opens_them(db: &TestDb) {
    let (shop, key) = opened(db).await;
    let mut page = Page::met(&shop.site, &key).await;
    let mut other = Page::met(&shop.site, &key).await;
    other.say("salom").await;
    page.say("rasm").await;
    assert_eq!(page.file("chek.png", PICTURE).await.status, StatusCode::ACCEPTED);
    page.sent -= 1;
    assert_eq!(page.file("chek.png", PICTURE).await.status, StatusCode::ACCEPTED, "sent again");
    let history = page.history().await;
    let files: Vec<&Value> =
        all(&history["messages"]).filter(|said| said["media"]["kind"] == "sent").collect();
    assert_eq!((files.len(), &files[0]["media"]["what"]), (1, &json!("photo")), "{history}");
    let path = files[0]["media"]["url"].as_str().unwrap();
    let mine = page.ask(Method::GET, path, None).await;
    assert_eq!((mine.status, mine.bytes.as_slice()), (StatusCode::OK, PICTURE));
    assert_eq!(mine.header("content-type"), Some("image/png"));
    assert_eq!(other.ask(Method::GET, path, None).await.status, StatusCode::NOT_FOUND);
    let list = shop.site.get("/api/conversations").await.json();
    let ids: Vec<&str> = all(&list["results"]).map(|one| one["id"].as_str().unwrap()).collect();
    let mut seen = Vec::new();
    for id in &ids {
        let told = shop.site.get(&format!("/api/conversations/{id}/messages")).await.json();
        for sent in all(&told["results"]).filter_map(|one| one["sent"]["url"].as_str()) {
            seen.push(((*id).to_owned(), shop.site.page(sent).await));
        }
    }
    assert_eq!(seen.len(), 1);
    let (id, shown) = &seen[0];
    assert_eq!((shown.status, shown.bytes.as_slice()), (StatusCode::OK, PICTURE), "the staff sees it");
    for (name, bytes, error) in [
        ("virus.exe", b"MZ".as_slice(), "file: bots-web-file-kind"),
        ("rasm.png", b"<html>".as_slice(), "file: bots-web-file-kind"),
        ("boʻsh.txt", b"".as_slice(), "file: bots-attachment-missing"),
    ] {
        let answer = page.file(name, bytes).await;
        assert_eq!(
            (answer.status, answer.errors()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec![error.to_owned()]),
            "{name}"
        );
    }
    for (name, bytes) in [("narxlar.pdf", b"%PDF-1.7".as_slice()), ("katalog.png", PICTURE)] {
        let path = format!("/api/conversations/{id}/files");
        let sent = shop.site.upload(&path, "file", name, bytes).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
    }
    let history = page.history().await;
    let kinds = |kind: &str| all(&history["messages"]).filter(|said| said["media"]["kind"] == kind).count();
    assert_eq!((kinds("document"), kinds("photo")), (1, 1), "{history}");
    for said in all(&history["messages"]).filter(|said| said["from"] == "bot" && said["media"].is_object()) {
        let path = said["media"]["url"].as_str().unwrap();
        assert!(path.starts_with("files/"), "what the staff sends is asked for with the token: {path}");
        assert_eq!(page.ask(Method::GET, path, None).await.status, StatusCode::OK);
        assert_eq!(other.ask(Method::GET, path, None).await.status, StatusCode::NOT_FOUND);
    }
}

#[db_test]
async fn a_paused_bot_says_that_it_rests_and_one_put_away_keeps_silent(db: &TestDb) {
    let (shop, key) = opened(db).await;
    let mut page = Page::met(&shop.site, &key).await;
    shop.site.patch("/api/bots/1", json!({ "state": "paused" })).await;
    page.say("salom").await;
    assert!(
        page.seen().await.contains("taking a break") || page.seen().await.contains("dam"),
        "{}",
        page.seen().await
    );
    shop.site.patch("/api/bots/1", json!({ "state": "archived" })).await;
    page.say("bormisiz").await;
    assert!(page.seen().await.ends_with("contact: bormisiz\n"), "{}", page.seen().await);
}

#[db_test]
async fn a_socket_tells_what_was_missed_and_then_what_is_said(db: &TestDb) {
    let (shop, key) = opened(db).await;
    let mut page = Page::met(&shop.site, &key).await;
    page.say("salom").await;
    let served = Served::start(&shop).await;
    let open = async |origin: Option<&str>| served.open(&key, origin).await;
    assert!(open(Some("https://evil.uz")).await.is_err(), "another site");
    assert!(open(None).await.is_err(), "a browser says the origin of every socket");

    let mut strange = open(Some(ORIGIN)).await.unwrap();
    strange.send(Message::text(json!({ "token": "x" }).to_string())).await.unwrap();
    let Message::Close(Some(frame)) = heard(&mut strange).await else { panic!("nobody has this token") };
    assert_eq!(u16::from(frame.code), 4404);

    let mut socket = open(Some(ORIGIN)).await.unwrap();
    let hello = json!({ "token": page.token, "after": 0 });
    socket.send(Message::text(hello.to_string())).await.unwrap();
    let missed = heard(&mut socket).await.into_text().unwrap();
    assert!(missed.contains("salom"), "{missed}");
    let id = conversation(&shop).await;
    shop.site.post(&format!("/api/conversations/{id}/messages"), json!({ "text": "Labbay" })).await;
    let told = heard(&mut socket).await.into_text().unwrap();
    assert!(told.contains("Labbay") && !told.contains("salom"), "{told}");
    // The server stops: the page is told to come again.
    shop.site.app.stopping().cancel();
    let Message::Close(Some(frame)) = heard(&mut socket).await else { panic!("it is closed") };
    assert_eq!(u16::from(frame.code), 1012);
}
