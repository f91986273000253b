//! The pages, driven as a browser drives them.

use axum::http::StatusCode;
use contacts::NewContact;
use db::{db_test, testing::TestDb};
use kernel::{Lang, Phone};
use serde_json::json;
use testkit::telegram::Fake;
use uuid::Uuid;

use super::Shop;
use crate::{list_bots, simulator_channel, store};

/// What the form of a bot sends when all is well.
const FORM: &[(&str, &str)] = &[
    ("name", "Ikkinchi"),
    ("shop_name", "Chorsu"),
    ("about", "Yaxshi\r\ndoʻkon"),
    ("phone", "90 123 45 67"),
    ("delivery", "25 000"),
    ("delivers", "true"),
];

#[db_test]
async fn pages_are_drawn_in_every_language(db: &TestDb) {
    let shop = Shop::open(db);
    for lang in Lang::ALL {
        let site = shop.site.in_lang(lang);
        for path in [
            "/bots",
            "/bots?state=archived",
            "/bots/new",
            "/bots/new/shop",
            "/bots/new/simple?template=booking",
            "/bots/import",
            "/bots/1/flow",
            "/bots/1/flow/file",
            "/bots/1/trial",
            "/bots/1/staff",
            "/bots/1/versions",
            "/bots/1/compare",
            "/bots/1/publish",
            "/bots/1/duplicate",
            "/bots/1/delete",
            "/bots/1",
            "/bots/1/edit",
            "/bots/1/channels/new",
            "/bots/1/simulator",
            "/conversations",
            "/conversations?bot=1&channel=simulator",
        ] {
            let page = site.page(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(!page.text().contains(">bots-"), "{lang:?} {path}: a key without a text");
        }
    }
    for path in ["/bots/2", "/bots/x", "/conversations/x", "/bots/2/simulator"] {
        assert_eq!(shop.site.page(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(shop.site.by("2").page("/bots/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(shop.site.by("1:sales.read").page("/bots").await.status, StatusCode::FORBIDDEN);
}

#[db_test]
async fn a_bot_is_made_changed_paused_and_resumed(db: &TestDb) {
    let shop = Shop::open(db);
    let mut site = shop.site.clone();
    let made = site.form("/bots/new/shop", FORM).await;
    assert_eq!(
        (made.status, made.header("location")),
        (StatusCode::SEE_OTHER, Some("/bots/2")),
        "{}",
        made.text()
    );
    let bot = site.get("/api/bots/2").await.json();
    assert_eq!(bot["shop"]["phone"], "+998901234567");
    assert_eq!((&bot["shop"]["delivery_price"], &bot["shop"]["pickup"]), (&json!(25000), &json!(false)));

    let mut changed = FORM.to_vec();
    changed[1] = ("shop_name", "<b>Yangi</b>");
    assert_eq!(site.form("/bots/2/edit", &changed).await.status, StatusCode::SEE_OTHER);
    let page = site.page("/bots/2").await.text();
    assert!(page.contains("&#60;b&#62;Yangi") && !page.contains("<b>Yangi"), "words stay words");

    for (path, state) in [("/bots/2/pause", "paused"), ("/bots/2/resume", "active")] {
        assert_eq!(site.form(path, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(site.get("/api/bots/2").await.json()["state"], state);
    }
}

#[db_test]
async fn a_wrong_form_comes_back_with_what_was_typed(db: &TestDb) {
    let mut site = Shop::open(db).site;
    let wrong = [("name", ""), ("shop_name", "Chorsu"), ("phone", "12"), ("delivery", "arzon")];
    let page = site.form("/bots/new/shop", &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("arzon") && page.text().contains("is-invalid"));
    let nowhere = [("name", "Bot"), ("shop_name", "Chorsu")];
    let page = site.form("/bots/new/shop", &nowhere).await;
    assert!(page.text().contains("otherwise nobody can order"), "{}", page.text());
    assert_eq!(site.by("1:bots.read").form("/bots/new/shop", FORM).await.status, StatusCode::FORBIDDEN);
}

#[db_test]
async fn telegram_is_connected_when_it_answers_for_the_token(db: &TestDb) {
    let fake = Fake::start().await;
    fake.bot("42:SECRET");
    let mut site = Shop::reaching(db, fake.url()).site;
    for (token, words) in
        [("salom", "is-invalid"), ("43:OTHER", "Telegram does not know this token"), ("", "is-invalid")]
    {
        let page = site.form("/bots/1/channels/new", &[("token", token)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{token}");
        assert!(page.text().contains(words), "{token}");
    }
    let connected = site.form("/bots/1/channels/new", &[("token", "42:SECRET")]).await;
    assert_eq!(connected.header("location"), Some("/bots/1"), "{}", connected.text());
    let page = site.page("/bots/1").await.text();
    assert!(page.contains("@bot42_bot") && !page.contains("SECRET"));
    let again = site.form("/bots/1/channels/new", &[("token", "42:SECRET")]).await;
    assert!(again.text().contains("connected already"), "{}", again.text());

    let channels = site.get("/api/bots/1/channels").await.json();
    let of =
        |kind: &str| channels.as_array().unwrap().iter().find(|c| c["kind"] == kind).unwrap()["id"].clone();
    let path = |id: serde_json::Value| format!("/bots/1/channels/{}/disconnect", id.as_str().unwrap());
    let simulator = site.form(&path(of("simulator")), &[]).await;
    assert_eq!(simulator.status, StatusCode::CONFLICT);
    assert_eq!(site.form(&path(of("telegram")), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!site.page("/bots/1").await.text().contains("@bot42_bot"));
    // What was taken away can be connected anew.
    assert_eq!(
        site.form("/bots/1/channels/new", &[("token", "42:SECRET")]).await.status,
        StatusCode::SEE_OTHER
    );
}

#[db_test]
async fn a_network_that_is_down_is_said_beside_the_token(db: &TestDb) {
    let mut site = Shop::open(db).site;
    let page = site.form("/bots/1/channels/new", &[("token", "42:SECRET")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("Telegram could not be reached") && !page.text().contains("127.0.0.1:9"));
}

#[db_test]
async fn a_conversation_can_be_read_with_its_taps(db: &TestDb) {
    let shop = Shop::open(db);
    for (n, input) in [
        json!({ "kind": "command", "command": "start" }),
        json!({ "kind": "text", "text": "<script>alert(1)</script>" }),
    ]
    .into_iter()
    .enumerate()
    {
        let mut input = input;
        input["client_id"] = json!(Uuid::from_u128(u128::try_from(n).unwrap()));
        assert_eq!(shop.site.post("/bots/1/simulator/input", input).await.status, StatusCode::ACCEPTED);
    }
    let list = shop.site.page("/conversations").await.text();
    let row = list.split("inbox-row-main").next().unwrap();
    let id = row.rsplit("/conversations/").next().unwrap().split(['"', '?']).next().unwrap();
    let page = shop.site.page(&format!("/conversations/{id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("&#60;script&#62;") && !page.text().contains("<script>alert"));
    assert!(page.text().contains("Oʻzbekcha"), "buttons are shown");
    assert_eq!(shop.site.by("2").page(&format!("/conversations/{id}")).await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn conversations_are_found_by_name_username_and_phone_in_both_scripts(db: &TestDb) {
    let shop = Shop::open(db);
    let (scope, ctx) = (shop.ctx.clone(), shop.ctx.clone());
    db.write_now(&scope, move |tx| {
        let bot = list_bots(&ctx, tx)?.first().map(|bot| bot.id).unwrap();
        let channel = simulator_channel(&ctx, tx, bot)?.id;
        let chats =
            [("a", "Азиза Каримова", Some("xurshida_77")), ("b", "Bobur", None), ("c", "Gʻayrat", None)];
        for (key, name, username) in chats {
            store::conversation::lock(&ctx, tx, channel, key, name, username)?;
        }
        let mut old = store::conversation::lock(&ctx, tx, channel, "d", "Шахноза", None)?;
        let new = NewContact::customer("Шахноза", Phone::parse("901234567").ok());
        old.contact = Some(contacts::upsert_by_phone(&ctx, tx, new)?.id);
        store::conversation::update(&ctx, tx, &old)?;
        // As rows are that stood there before names were folded.
        let sql = "UPDATE bots_conversation SET search_fold = '' WHERE workspace_id = $1 AND chat_key = 'd'";
        tx.execute_one(sql, db::params![ctx.workspace()])
    })
    .unwrap();
    for (q, names) in [
        ("karimova aziza", vec!["Азиза Каримова"]),
        ("Хуршида", vec!["Азиза Каримова"]),
        ("@xurshida_77", vec!["Азиза Каримова"]),
        ("бобур", vec!["Bobur"]),
        ("G'ay", vec!["Gʻayrat"]),
        ("shahnoza", vec!["Шахноза"]),
        ("90 123-45-67", vec!["Шахноза"]),
        ("yoʻq bunday", vec![]),
        ("***", vec![]),
    ] {
        let query = serde_urlencoded::to_string([("q", q)]).unwrap();
        let found = shop.site.get(&format!("/api/bots/1/conversations?{query}")).await;
        assert_eq!(found.status, StatusCode::OK, "{q}: {}", found.text());
        let found = found.json();
        let found: Vec<&str> =
            found["results"].as_array().unwrap().iter().map(|row| row["person"].as_str().unwrap()).collect();
        assert_eq!(found, names, "{q}");
        let page = shop.site.page(&format!("/conversations?{query}")).await.text();
        assert!(names.iter().all(|name| page.contains(name)), "{q}");
        assert_eq!(page.contains("Bobur"), names.contains(&"Bobur"), "{q}");
    }
    let blind = shop.site.by("1:bots.read").get("/api/bots/1/conversations?q=901234567").await.json();
    assert_eq!(blind["count"], 0, "who may not see contacts does not find by their phones");
}
