//! Who may come in, and who may not.

use auth::actions::{RESUMED, SUSPENDED};
use axum::http::{Method, Request, StatusCode};
use db::{db_test, testing::TestDb};
use serde_json::json;

use super::{super::held::told, ORIGIN, Page, connected, opened};

#[db_test]
async fn only_sites_of_the_list_and_the_server_s_own_pages_may_show_a_chat(db: &TestDb) {
    let (shop, key) = opened(db).await;
    let from = async |origin: Option<&str>, path: &str, method: Method| {
        let request = Request::builder()
            .method(method)
            .uri(format!("/chat/{key}/{path}"))
            .header("host", "karvon.test");
        let request = origin.into_iter().fold(request, |request, origin| request.header("origin", origin));
        shop.site.ask(request.header("accept", "application/json"), "").await
    };
    for path in ["config?lang=ru", "history", "live"] {
        let refused = from(Some("https://evil.uz"), path, Method::GET).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(refused.header("access-control-allow-origin"), None, "its page cannot even read that");
    }
    for origin in ["http://shop.uz", "https://www.shop.uz", "https://shop.uz.evil.uz", "null", ""] {
        assert_eq!(from(Some(origin), "config", Method::GET).await.status, StatusCode::FORBIDDEN, "{origin}");
    }
    let shown = from(Some(ORIGIN), "config?lang=ru", Method::GET).await;
    assert_eq!((shown.status, shown.header("access-control-allow-origin")), (StatusCode::OK, Some(ORIGIN)));
    assert_eq!(shown.header("vary").map(|vary| vary.contains("origin")), Some(true));
    let config = shown.json();
    assert_eq!((&config["title"], &config["lang"]), (&json!("Chorsu Texno"), &json!("ru")));
    assert_eq!(config["texts"]["send"], "Отправить");
    assert_eq!(shown.header("set-cookie"), None);
    for own in [Some("http://karvon.test"), None] {
        assert_eq!(from(own, "config", Method::GET).await.status, StatusCode::OK, "{own:?}");
    }
    let asked = from(Some(ORIGIN), "messages", Method::OPTIONS).await;
    assert_eq!(
        (asked.status, asked.header("access-control-allow-origin")),
        (StatusCode::NO_CONTENT, Some(ORIGIN))
    );
    let headers = asked.header("access-control-allow-headers").unwrap_or_default();
    assert!(headers.contains("x-chat-token") && headers.contains("content-type"), "{headers}");
    assert_eq!(asked.header("access-control-allow-credentials"), None, "no cookie is ever wanted");
    assert_eq!(
        from(Some("https://evil.uz"), "messages", Method::OPTIONS).await.status,
        StatusCode::FORBIDDEN
    );
    let refused = from(Some(ORIGIN), "history", Method::GET).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert_eq!(
        refused.header("access-control-allow-origin"),
        Some(ORIGIN),
        "a refusal can be read by the page"
    );
}

#[db_test]
async fn a_token_is_good_for_its_own_chat_alone(db: &TestDb) {
    let (shop, key) = opened(db).await;
    let (other, _) = connected(&shop).await;
    let mut page = Page::met(&shop.site, &key).await;
    page.say("salom").await;
    let strange = Page { key: other, ..page.clone() };
    assert_eq!(strange.ask(Method::GET, "history", None).await.status, StatusCode::NOT_FOUND);
    for token in ["", "x", &"a".repeat(64), &"a".repeat(5_000)] {
        let strange = Page { token: token.to_owned(), ..page.clone() };
        assert_eq!(strange.ask(Method::GET, "history", None).await.status, StatusCode::NOT_FOUND);
        let said = strange.clone().send(json!({ "kind": "text", "text": "salom" })).await;
        assert_eq!(said.status, StatusCode::NOT_FOUND);
    }
    for key in ["x", &"k".repeat(200), "..%2fconfig", "0"] {
        let strange = Page { key: key.to_owned(), ..page.clone() };
        assert_eq!(strange.ask(Method::GET, "config", None).await.status, StatusCode::NOT_FOUND, "{key}");
    }
    let sql = "SELECT COUNT(*) FROM bots_visitor WHERE token_hash = $1";
    let token = page.token.clone();
    let kept: i64 =
        db.read_now(&shop.ctx, move |tx| tx.query_one(sql, db::params![token], |row| row.get(0))).unwrap();
    assert_eq!(kept, 0, "the token itself stands nowhere");
}

#[db_test]
async fn a_chat_of_a_suspended_workspace_waits_and_one_taken_away_is_gone(db: &TestDb) {
    let (shop, key) = opened(db).await;
    let mut page = Page::met(&shop.site, &key).await;
    page.say("salom").await;
    told(db, &shop, SUSPENDED).await;
    let refused = page.send(json!({ "kind": "text", "text": "bormisiz" })).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.header("retry-after").is_some());
    assert_eq!(refused.header("access-control-allow-origin"), Some(ORIGIN));
    told(db, &shop, RESUMED).await;
    page.say("bormisiz").await;
    assert!(page.seen().await.contains("bormisiz"));
    let channels = shop.site.get("/api/bots/1/channels").await.json();
    let web = channels.as_array().unwrap().iter().find(|channel| channel["kind"] == "web").unwrap();
    let gone = shop.site.delete(&format!("/api/bots/1/channels/{}", web["id"].as_str().unwrap())).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(page.ask(Method::GET, "history", None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(shop.site.page(&format!("/chat/{key}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(shop.site.get("/api/conversations").await.json()["count"], 1, "its conversations stay");
}

#[db_test]
async fn whoever_writes_too_much_waits(db: &TestDb) {
    let (shop, key) = opened(db).await;
    let mut page = Page::met(&shop.site, &key).await;
    for _ in 0..20 {
        page.say("salom").await;
    }
    let refused = page.send(json!({ "kind": "text", "text": "salom" })).await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, Some("2")));
    Page::met(&shop.site, &key).await.say("salom").await;
}
