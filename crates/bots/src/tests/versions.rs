//! Drafts and versions, driven as people and programs drive them.

use axum::http::StatusCode;
use db::{db_test, testing::TestDb};
use flow::shop::BLUEPRINT;
use serde_json::{Value, json};

use super::{Shop, simulator::Chat};

/// The shop's blueprint with another greeting.
fn greeting(words: &str) -> String {
    BLUEPRINT.replacen("name = {", &format!("# {words}\nname = {{"), 1)
}

async fn save(site: &web::testing::Site, source: &str, revision: i64) -> web::testing::Answer {
    site.put("/api/bots/1/draft", json!({ "source": source, "revision": revision })).await
}

#[db_test]
async fn a_draft_is_kept_published_and_an_old_version_published_again(db: &TestDb) {
    let site = Shop::open(db).site;
    let draft = site.get("/api/bots/1/draft").await.json();
    assert_eq!((&draft["revision"], &draft["is_draft"]), (&json!(0), &json!(false)));
    assert_eq!(draft["source"], BLUEPRINT);
    assert_eq!(
        site.post("/api/bots/1/publish", json!({})).await.errors(),
        ["bots-draft-none"],
        "what is published already is not published again"
    );

    let saved = save(&site, &greeting("second"), 0).await;
    assert_eq!((saved.status, &saved.json()["revision"]), (StatusCode::OK, &json!(1)), "{}", saved.text());
    assert_eq!(saved.json()["problems"], json!([]));
    let draft = site.get("/api/bots/1/draft").await.json();
    assert_eq!((&draft["is_draft"], &draft["changed_by"]), (&json!(true), &json!("Tester")));
    assert_eq!(site.get("/api/bots/1").await.json()["version"], 1, "nobody is answered by a draft");
    assert_eq!(site.get("/api/bots").await.json()["results"][0]["draft_problems"], 0);

    let stale = site.post("/api/bots/1/publish", json!({ "revision": 0 })).await;
    assert_eq!((stale.status, stale.errors()), (StatusCode::CONFLICT, vec!["bots-draft-stale".to_owned()]));
    let published = site.post("/api/bots/1/publish", json!({ "revision": 1, "note": "  A greeting " })).await;
    assert_eq!(published.status, StatusCode::CREATED, "{}", published.text());
    let published = published.json();
    assert_eq!((&published["version"], &published["note"]), (&json!(2), &json!("A greeting")));
    assert_eq!(published["published_by"], "Tester");
    assert_eq!(site.get("/api/bots/1").await.json()["version"], 2);
    assert_eq!(site.get("/api/bots/1/draft").await.json()["is_draft"], false);
    let version = site.get("/api/bots/1/versions/2").await.json();
    assert_eq!((&version["source"], &version["version"]), (&json!(greeting("second")), &json!(2)));

    let back = site.post("/api/bots/1/rollback", json!({ "version": 1 })).await;
    assert_eq!(back.status, StatusCode::CREATED, "{}", back.text());
    assert_eq!((&back.json()["version"], &back.json()["from_version"]), (&json!(3), &json!(1)));
    let again = site.post("/api/bots/1/rollback", json!({ "version": 3 })).await;
    assert_eq!(
        (again.status, again.errors()),
        (StatusCode::CONFLICT, vec!["bots-version-answers".to_owned()])
    );
    assert_eq!(
        site.post("/api/bots/1/rollback", json!({ "version": 9 })).await.status,
        StatusCode::NOT_FOUND
    );
    let versions = site.get("/api/bots/1/versions").await.json();
    let numbers: Vec<&Value> =
        versions["results"].as_array().unwrap().iter().map(|v| &v["version"]).collect();
    assert_eq!(numbers, [&json!(3), &json!(2), &json!(1)]);
}

#[db_test]
async fn a_faulty_draft_is_kept_with_its_faults_and_cannot_be_published(db: &TestDb) {
    let site = Shop::open(db).site;
    let faulty = BLUEPRINT.replacen("home = \"", "home = \"nowhere_", 1);
    let saved = save(&site, &faulty, 0).await;
    assert_eq!(saved.status, StatusCode::OK);
    let problem = &saved.json()["problems"][0];
    assert_eq!((&problem["code"], &problem["field"]), (&json!("flow-step-unknown"), &json!("home")));
    assert!(problem["line"].as_i64().unwrap() > 1);
    assert_eq!(site.get("/api/bots").await.json()["results"][0]["draft_problems"], 1);
    let refused = site.post("/api/bots/1/publish", json!({})).await;
    assert_eq!(
        (refused.status, refused.errors()),
        (StatusCode::UNPROCESSABLE_ENTITY, vec!["source: bots-blueprint-fault".to_owned()])
    );
    let page = site.page("/bots/1/publish").await.text();
    assert!(page.contains("cannot be published yet"), "{page}");

    // Half a sentence is a draft, too; and what is looked at is kept nowhere.
    let checked = site.post("/api/bots/1/draft/check", json!({ "source": "format = " })).await.json();
    assert_eq!(checked["problems"][0]["code"], "flow-file-malformed");
    assert_eq!(site.get("/api/bots/1/draft").await.json()["source"], faulty);
    for (source, code) in [
        ("a\u{0}b".to_owned(), "source: kernel-text-has-control"),
        ("x".repeat(600_000), "source: bots-file-long"),
    ] {
        let refused = save(&site, &source, 1).await;
        assert_eq!(
            (refused.status, refused.errors()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec![code.to_owned()])
        );
    }
}

#[db_test]
async fn two_who_edit_at_once_lose_nothing(db: &TestDb) {
    let site = Shop::open(db).site;
    assert_eq!(save(&site, &greeting("hers"), 0).await.status, StatusCode::OK);
    let refused = save(&site, &greeting("his"), 0).await;
    assert_eq!(
        (refused.status, refused.errors()),
        (StatusCode::CONFLICT, vec!["bots-draft-stale".to_owned()])
    );
    assert!(refused.text().contains("Tester"), "{}", refused.text());
    assert!(site.get("/api/bots/1/draft").await.text().contains("# hers"));
    // The answer to a save was lost and it is sent again: no change, and no conflict.
    assert_eq!(save(&site, &greeting("hers"), 0).await.json()["revision"], 1);
    assert_eq!(save(&site, &greeting("his"), 1).await.json()["revision"], 2);
    // A draft that was taken away is no way back for a page that was open.
    assert_eq!(site.delete("/api/bots/1/draft?revision=1").await.status, StatusCode::CONFLICT);
    assert_eq!(site.delete("/api/bots/1/draft?revision=2").await.status, StatusCode::NO_CONTENT);
    let gone = save(&site, &greeting("late"), 2).await;
    assert_eq!((gone.status, gone.errors()), (StatusCode::CONFLICT, vec!["bots-draft-gone".to_owned()]));
    assert_eq!(
        site.delete("/api/bots/1/draft").await.status,
        StatusCode::NO_CONTENT,
        "nothing is gone twice"
    );
    // Undone by hand: the draft is what is published, and no draft.
    assert_eq!(save(&site, &greeting("new"), 3).await.json()["revision"], 4);
    assert_eq!(save(&site, BLUEPRINT, 4).await.json()["revision"], 5);
    assert_eq!(site.get("/api/bots/1/draft").await.json()["is_draft"], false);
}

#[db_test]
async fn any_two_versions_are_compared_line_by_line(db: &TestDb) {
    let site = Shop::open(db).site;
    save(&site, &greeting("second"), 0).await;
    let told = site.get("/api/bots/1/diff").await.json();
    assert_eq!((&told["added"], &told["removed"]), (&json!(1), &json!(0)));
    let added: Vec<&Value> = told["hunks"][0]["lines"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["change"] == "added")
        .map(|line| &line["text"])
        .collect();
    assert_eq!(added, ["# second"]);
    let back = site.get("/api/bots/1/diff?from=draft&to=1").await.json();
    assert_eq!((&back["added"], &back["removed"]), (&json!(0), &json!(1)));
    assert_eq!(site.get("/api/bots/1/diff?from=1&to=1").await.json()["hunks"], json!([]));
    for path in ["/api/bots/1/diff?from=7", "/api/bots/1/diff?to=x", "/bots/1/compare?from=7"] {
        assert_eq!(site.page(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let page = site.page("/bots/1/compare").await.text();
    assert!(page.contains("is-added") && page.contains("# second"), "{page}");
}

#[db_test]
async fn a_conversation_goes_on_when_its_step_is_gone(db: &TestDb) {
    let shop = Shop::open(db);
    let mut chat = Chat::new(&shop.site);
    chat.come_in().await;
    let blank = flow::examples::BLANK;
    assert_eq!(save(&shop.site, blank, 0).await.json()["problems"], json!([]));
    assert_eq!(shop.site.post("/api/bots/1/publish", json!({})).await.status, StatusCode::CREATED);
    let input = json!({ "client_id": uuid::Uuid::from_u128(77), "kind": "text", "text": "salom" });
    assert_eq!(shop.site.post("/bots/1/simulator/input", input).await.status, StatusCode::ACCEPTED);
    let state = chat.state().await;
    assert_eq!(state["session"]["step"], "menu", "{state}");
}

#[db_test]
async fn versions_are_published_by_pages_too(db: &TestDb) {
    let mut site = Shop::open(db).site;
    save(&site, &greeting("second"), 0).await;
    let done = site.form("/bots/1/publish", &[("note", "Yangi salom"), ("revision", "1")]).await;
    assert_eq!(done.header("location"), Some("/bots/1/versions"), "{}", done.text());
    let list = site.page("/bots/1/versions").await.text();
    assert!(list.contains("Yangi salom") && list.contains("/bots/1/versions/1/publish"), "{list}");
    let done = site.form("/bots/1/versions/1/publish", &[("note", "")]).await;
    assert_eq!(done.header("location"), Some("/bots/1/versions"), "{}", done.text());
    let none = site.form("/bots/1/publish", &[]).await;
    assert_eq!(none.status, StatusCode::CONFLICT);
    save(&site, &greeting("third"), 2).await;
    let page = site.page("/bots/1").await.text();
    assert!(page.contains("/bots/1/discard?revision=3"), "{page}");
    assert_eq!(site.form("/bots/1/discard?revision=2", &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(site.form("/bots/1/discard?revision=3", &[]).await.header("location"), Some("/bots/1"));
    assert_eq!(site.get("/api/bots/1/draft").await.json()["is_draft"], false);
}

#[db_test]
async fn blueprints_are_for_those_who_may_and_of_one_workspace(db: &TestDb) {
    let site = Shop::open(db).site;
    let (stranger, reader) = (site.by("2"), site.by("1:bots.read"));
    let draft = json!({ "source": "", "revision": 0 });
    for path in ["draft", "versions", "versions/1", "diff", "export"] {
        let path = format!("/api/bots/1/{path}");
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(reader.get(&path).await.status, StatusCode::OK, "{path}");
        assert_eq!(site.by("1:sales.read").get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for (path, body) in [
        ("publish", json!({})),
        ("rollback", json!({ "version": 1 })),
        ("draft/check", json!({ "source": "" })),
        ("duplicate", json!({ "name": "A" })),
    ] {
        let path = format!("/api/bots/1/{path}");
        assert_eq!(stranger.post(&path, body.clone()).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(reader.post(&path, body).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(stranger.put("/api/bots/1/draft", draft.clone()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(reader.put("/api/bots/1/draft", draft).await.status, StatusCode::FORBIDDEN);
    assert_eq!(stranger.delete("/api/bots/1/draft").await.status, StatusCode::NOT_FOUND);
    assert_eq!(reader.delete("/api/bots/1/draft").await.status, StatusCode::FORBIDDEN);
    for path in ["flow", "versions", "compare", "publish", "duplicate", "delete"] {
        assert_eq!(stranger.page(&format!("/bots/1/{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
