//! Changes of a draft place by place, and talks with a draft.

use axum::http::StatusCode;
use db::{db_test, testing::TestDb};
use flow::shop::BLUEPRINT;
use serde_json::{Value, json};
use web::testing::{Answer, Site};

use super::{
    Shop,
    simulator::{Chat, said},
};

/// A menu that says other words.
async fn say_in_the_menu(site: &Site, words: &str, revision: i64) -> Answer {
    let tree = site.get("/api/bots/1/draft/tree").await.json();
    let mut step = tree["tree"]["flows"]["main"]["menu"].clone();
    step["text"] = json!({ "uz": words, "ru": words, "en": words });
    let change = json!({ "path": ["flows", "main", "menu"], "value": step });
    site.patch("/api/bots/1/draft", json!({ "revision": revision, "changes": [change] })).await
}

#[db_test]
async fn a_change_of_a_step_leaves_the_rest_of_the_file_as_it_is(db: &TestDb) {
    let site = Shop::open(db).site;
    let tree = site.get("/api/bots/1/draft/tree").await.json();
    assert_eq!((&tree["revision"], &tree["is_draft"]), (&json!(0), &json!(false)));
    let call = |name: &str| tree["actions"].as_array().unwrap().iter().find(|a| a["name"] == name).cloned();
    assert_eq!(call("webhook").unwrap()["args"][0], json!({ "name": "url", "needed": true }));
    assert_eq!(call("tell_staff").unwrap()["outcomes"], json!(["ok", "nobody"]));

    let saved = say_in_the_menu(&site, "Yangi soʻz", 0).await;
    assert_eq!((saved.status, &saved.json()["problems"]), (StatusCode::OK, &json!([])), "{}", saved.text());
    let draft = site.get("/api/bots/1/draft").await.json();
    let source = draft["source"].as_str().unwrap();
    let differing = |of: &str, than: &str| {
        let other: Vec<&str> = than.lines().collect();
        of.lines().filter(|line| !other.contains(line)).count()
    };
    assert!((1..=3).contains(&differing(source, BLUEPRINT)), "{source}");
    assert_eq!(BLUEPRINT.matches('#').count(), source.matches('#').count(), "comments stay");

    let again = say_in_the_menu(&site, "Yangi soʻz", 0).await;
    assert_eq!(
        (again.status, &again.json()["revision"]),
        (StatusCode::OK, &json!(1)),
        "sent twice is done once"
    );
    let stale = say_in_the_menu(&site, "Boshqa", 0).await;
    assert_eq!((stale.status, stale.errors()), (StatusCode::CONFLICT, vec!["bots-draft-stale".to_owned()]));
}

#[db_test]
async fn changes_with_faults_are_kept_and_those_that_cannot_be_are_refused_as_a_whole(db: &TestDb) {
    let site = Shop::open(db).site;
    let gone = json!({ "path": ["flows", "main", "menu"] });
    let home = json!({ "path": ["home"], "value": "main.nowhere" });
    let sent = |changes: Value, revision: i64| json!({ "revision": revision, "changes": changes });
    let saved = site.patch("/api/bots/1/draft", sent(json!([home, gone]), 0)).await.json();
    let fault = saved["problems"].as_array().unwrap().iter().find(|fault| fault["field"] == "home").cloned();
    assert_eq!(fault.unwrap()["code"], "flow-step-unknown");

    let start = json!({ "path": ["start"], "value": "main.first" });
    let impossible = json!({ "path": ["start", "x"], "value": 1 });
    let refused = site.patch("/api/bots/1/draft", sent(json!([start, impossible]), 1)).await;
    assert_eq!(
        (refused.status, refused.errors()),
        (StatusCode::UNPROCESSABLE_ENTITY, vec!["changes: flow-change-misplaced".to_owned()])
    );
    assert_eq!(site.get("/api/bots/1/draft").await.json()["revision"], 1);

    let broken = json!({ "source": "format = ", "revision": 1 });
    assert_eq!(site.put("/api/bots/1/draft", broken).await.status, StatusCode::OK);
    let tree = site.get("/api/bots/1/draft/tree").await.json();
    assert_eq!((&tree["tree"], &tree["problems"][0]["code"]), (&Value::Null, &json!("flow-file-malformed")));
    let refused = site.patch("/api/bots/1/draft", sent(json!([]), 2)).await;
    assert_eq!(
        (refused.status, refused.errors()),
        (StatusCode::CONFLICT, vec!["flow-file-no-toml".to_owned()])
    );
}

#[db_test]
async fn a_draft_talks_with_who_tries_it_and_with_nobody_else(db: &TestDb) {
    let site = Shop::open(db).site;
    say_in_the_menu(&site, "Words of the draft", 0).await;
    let mut trial = Chat::trial(&site);
    let state = trial.state().await;
    assert_eq!(state["version"], "Draft");
    trial.come_in().await;
    assert!(said(&trial.state().await).contains("Words of the draft"));
    let mut live = Chat::new(&site);
    assert_eq!(live.state().await["messages"], json!([]), "a talk of its own");
    live.come_in().await;
    assert!(!said(&live.state().await).contains("Words of the draft"));

    // A draft that changes goes on in the same talk, also while its bot rests.
    say_in_the_menu(&site, "Words of another draft", 1).await;
    assert_eq!(site.patch("/api/bots/1", json!({ "state": "paused" })).await.status, StatusCode::OK);
    trial.command("menu").await;
    assert!(said(&trial.state().await).contains("Words of another draft"));
    live.command("menu").await;
    assert!(!said(&live.state().await).contains("Words of another draft"));
}

#[db_test]
async fn a_draft_with_faults_is_not_talked_with_and_says_why(db: &TestDb) {
    let site = Shop::open(db).site;
    let mut trial = Chat::trial(&site);
    trial.come_in().await;
    let before = trial.state().await["messages"].clone();
    let change = json!({ "path": ["home"], "value": "main.nowhere" });
    site.patch("/api/bots/1/draft", json!({ "revision": 0, "changes": [change] })).await;
    let refused = trial.send(json!({ "kind": "text", "text": "hello" })).await;
    assert_eq!(
        (refused.status, refused.errors()),
        (StatusCode::CONFLICT, vec!["bots-trial-faulty".to_owned()])
    );
    let state = trial.state().await;
    assert_eq!(state["messages"], before, "what was not taken is not shown");
    assert_eq!(state["version"], "The draft does not run: it has 1 fault. Mend it first.");
    Chat::new(&site).come_in().await;

    let mended = json!({ "path": ["home"], "value": "main.menu" });
    site.patch("/api/bots/1/draft", json!({ "revision": 1, "changes": [mended] })).await;
    trial.command("menu").await;
    assert_eq!(trial.restart("new").await["messages"], json!([]));
}
