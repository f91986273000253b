//! Choosing a provider, and what is refused beside its field.

use axum::http::StatusCode;
use db::{db_test, testing::TestDb};
use serde_json::{Value, json};
use testkit::models::{KEY, Wire};

use super::Office;
use crate::{EditSettings, NewKey, Prices, Provider, actions};

fn wrong_fields(edited: kernel::Result<crate::Settings>) -> Vec<String> {
    let error = edited.unwrap_err();
    error.field_errors().iter().map(|wrong| format!("{}: {}", wrong.field, wrong.text.key())).collect()
}

/// What is made wrong, and what is said of it.
type Spoiled = (fn(&mut EditSettings), &'static [&'static str]);

#[db_test]
async fn bad_settings_are_refused_beside_their_fields(db: &TestDb) {
    let office = Office::open(db).await;
    let good = office.wanted(Wire::OpenAi);
    let cases: &[Spoiled] = &[
        (|edit| edit.provider = "claude".to_owned(), &["provider: models-provider-unknown"]),
        (|edit| edit.base_url = "api.openai.com".to_owned(), &["base_url: net-address-invalid"]),
        (|edit| edit.base_url = "ftp://x.uz/v1".to_owned(), &["base_url: net-address-invalid"]),
        (|edit| edit.base_url = "https://10.0.0.1/v1".to_owned(), &["base_url: net-address-refused"]),
        (
            |edit| edit.base_url = "http://api.openai.com/v1".to_owned(),
            &["base_url: models-address-not-secure"],
        ),
        (|edit| edit.base_url = "https://x.uz/v1?key=1".to_owned(), &["base_url: models-address-not-bare"]),
        (|edit| edit.base_url = "https://x.uz/v1#a".to_owned(), &["base_url: models-address-not-bare"]),
        (|edit| edit.base_url = "https://me:pw@x.uz/v1".to_owned(), &["base_url: models-address-not-bare"]),
        (
            |edit| edit.base_url = format!("https://x.uz/{}", "a".repeat(300)),
            &["base_url: kernel-text-too-long"],
        ),
        (|edit| edit.model = String::new(), &["model: kernel-text-missing"]),
        (|edit| edit.model = "gpt 4".to_owned(), &["model: models-model-has-space"]),
        (|edit| edit.model = "a".repeat(121), &["model: kernel-text-too-long"]),
        (|edit| edit.key = NewKey(String::new()), &["key: models-key-missing"]),
        (|edit| edit.key = NewKey("short".to_owned()), &["key: models-key-wrong"]),
        (|edit| edit.key = NewKey("калит12345".to_owned()), &["key: models-key-wrong"]),
        (|edit| edit.key = NewKey("two words 123".to_owned()), &["key: models-key-wrong"]),
        (|edit| edit.key = NewKey("line\nline-1234".to_owned()), &["key: models-key-wrong"]),
        (|edit| edit.tokens_per_day = "-1".to_owned(), &["tokens_per_day: models-tokens-wrong"]),
        (|edit| edit.tokens_per_day = "many".to_owned(), &["tokens_per_day: models-tokens-wrong"]),
        (
            |edit| edit.tokens_per_day = "99999999999999999999".to_owned(),
            &["tokens_per_day: models-tokens-wrong"],
        ),
        (|edit| edit.input_price = String::new(), &["input_price: models-price-both"]),
        (|edit| edit.output_price = String::new(), &["output_price: models-price-both"]),
        (|edit| edit.input_price = "cheap".to_owned(), &["input_price: kernel-number-malformed"]),
        (|edit| edit.input_price = "0.0000001".to_owned(), &["input_price: kernel-number-too-precise"]),
        (|edit| edit.output_price = "1000000".to_owned(), &["output_price: kernel-number-too-large"]),
        (
            |edit| {
                edit.model = String::new();
                edit.tokens_per_day = "x".to_owned();
                edit.input_price = "x".to_owned();
            },
            &[
                "tokens_per_day: models-tokens-wrong",
                "input_price: kernel-number-malformed",
                "model: kernel-text-missing",
            ],
        ),
    ];
    for (spoil, expected) in cases {
        let mut edit = good.clone();
        spoil(&mut edit);
        assert_eq!(wrong_fields(office.edit(&edit)), *expected, "{edit:?}");
    }
    assert!(!office.is_ready());
}

#[db_test]
async fn what_is_left_out_is_the_provider_s_own_and_the_key_stays(db: &TestDb) {
    let office = Office::ready(db, Wire::OpenAi).await;
    let kept =
        EditSettings { key: NewKey::default(), model: "fake-2".to_owned(), ..office.wanted(Wire::OpenAi) };
    let settings = office.edit(&kept).unwrap();
    assert_eq!((settings.model.as_str(), settings.key_end.as_deref()), ("fake-2", Some("cdef")));
    office.fake.fail(401);
    assert!(office.ask("Salom").await.is_err());
    assert_eq!(office.fake.requests()[0].model, "fake-2", "the key that stayed still opens");
    let gemini = EditSettings {
        provider: "gemini".to_owned(),
        base_url: " ".to_owned(),
        model: "models/gemini-2.5-flash".to_owned(),
        key: NewKey("AIzaSy-another-key".to_owned()),
        is_on: true,
        ..EditSettings::default()
    };
    let settings = office.edit(&gemini).unwrap();
    assert_eq!(settings.base_url, "https://generativelanguage.googleapis.com");
    assert_eq!((settings.provider, settings.model.as_str()), (Provider::Gemini, "gemini-2.5-flash"));
    assert_eq!((settings.tokens_per_day, settings.prices), (200_000, None::<Prices>));
    assert_eq!(settings.key_end.as_deref(), Some("-key"));
    let back = EditSettings { key: NewKey::default(), ..office.wanted(Wire::OpenAi) };
    assert_eq!(wrong_fields(office.edit(&back)), ["key: models-key-again"]);
}

#[db_test]
async fn changes_are_audited_without_the_key(db: &TestDb) {
    let office = Office::ready(db, Wire::OpenAi).await;
    office.edit(&EditSettings { key: NewKey::default(), ..office.wanted(Wire::OpenAi) }).unwrap();
    let own = office.ctx.clone();
    office.db.write_now(&office.ctx, move |tx| actions::remove_key(&own, tx)).unwrap();
    let own = office.ctx.clone();
    office.db.write_now(&office.ctx, move |tx| actions::remove_key(&own, tx)).unwrap();
    let own = office.ctx.clone();
    let read = move |tx: &mut db::ReadTx| {
        let filter =
            context::AuditFilter { entity: Some("models_settings".to_owned()), ..Default::default() };
        context::list_audit_entries(&own, tx, &filter, Default::default())
    };
    let entries = office.db.read_now(&office.ctx, read).unwrap().results;
    let actions: Vec<&str> = entries.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(
        actions,
        ["models_settings.remove_key", "models_settings.edit"],
        "what changes nothing leaves none"
    );
    let after = entries[1].after.clone().unwrap();
    assert_eq!((after["key_end"].as_str(), after["model"].as_str()), (Some("cdef"), Some("fake-1")));
    assert!(!format!("{entries:?}").contains(&KEY[..12]));
    assert!(!office.is_ready());
}

fn chosen(office: &Office) -> Value {
    json!({ "provider": "openai", "base_url": office.fake.openai_url(), "model": "fake-1", "key": KEY,
        "is_on": true, "tokens_per_day": 5_000, "input_price": "0.15", "output_price": "0,6" })
}

#[db_test]
async fn programs_choose_check_and_take_the_key_away(db: &TestDb) {
    let office = Office::open(db).await;
    let site = &office.site;
    let first = site.get("/api/ai/settings").await.json();
    assert_eq!(
        (&first["has_key"], &first["is_ready"], &first["tokens_per_day"]),
        (&json!(false), &json!(false), &json!(200_000))
    );
    let set = site.put("/api/ai/settings", chosen(&office)).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.text());
    assert_eq!(
        set.json(),
        json!({ "provider": "openai", "base_url": office.fake.openai_url(), "model": "fake-1", "has_key": true,
            "key_end": "cdef", "is_on": true, "is_ready": true, "tokens_per_day": 5_000, "input_price": "0.15",
            "output_price": "0.60" })
    );
    let checked = site.post("/api/ai/check", json!({})).await.json();
    assert_eq!((&checked["is_answered"], &checked["error"]), (&json!(true), &Value::Null));
    assert!(checked["message"].as_str().unwrap().starts_with("The model answered “OK” in "), "{checked}");
    office.fake.fail(401);
    let checked = site.post("/api/ai/check", json!({})).await.json();
    assert_eq!(checked["error"], "wrong_key");
    let removed = site.delete("/api/ai/settings/key").await;
    assert_eq!((removed.status, &removed.json()["has_key"]), (StatusCode::OK, &json!(false)));
    assert_eq!(site.post("/api/ai/check", json!({})).await.json()["error"], "not_set");
    let mut wrong = chosen(&office);
    wrong["tokens_per_day"] = json!(-5);
    wrong["provider"] = json!("x");
    let refused = site.put("/api/ai/settings", wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        refused.errors(),
        ["provider: models-provider-unknown", "tokens_per_day: models-tokens-wrong"]
    );
    let refused = site.put("/api/ai/settings", json!({ "provider": "openai", "key": 5 })).await;
    assert_eq!((refused.status.is_client_error(), refused.text().contains("key")), (true, true));
}

#[db_test]
async fn only_those_may_who_may(db: &TestDb) {
    let office = Office::ready(db, Wire::OpenAi).await;
    office.ask("Salom").await.unwrap();
    let reader = office.site.by("1:settings.read");
    assert_eq!(reader.get("/api/ai/settings").await.status, StatusCode::OK);
    assert_eq!(reader.put("/api/ai/settings", chosen(&office)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(reader.delete("/api/ai/settings/key").await.status, StatusCode::FORBIDDEN);
    assert_eq!(reader.post("/api/ai/check", json!({})).await.status, StatusCode::FORBIDDEN);
    assert_eq!(reader.get("/api/ai/calls").await.status, StatusCode::FORBIDDEN);
    assert_eq!(reader.get("/api/ai/calls/1").await.status, StatusCode::FORBIDDEN);
    assert_eq!(reader.get("/api/ai/usage").await.status, StatusCode::FORBIDDEN);
    let bots = office.site.by("1:bots.read");
    assert_eq!(bots.get("/api/ai/calls").await.json()["count"], 1);
    assert_eq!(bots.get("/api/ai/settings").await.status, StatusCode::FORBIDDEN);
    let other = office.site.by("2");
    assert_eq!(other.get("/api/ai/calls").await.json()["count"], 0);
    assert_eq!(other.get("/api/ai/calls/1").await.status, StatusCode::NOT_FOUND);
    let uuid = office.calls()[0].id;
    assert_eq!(other.get(&format!("/api/ai/calls/{uuid}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(office.site.get(&format!("/api/ai/calls/{uuid}")).await.json()["id"], 1);
    assert_eq!(other.get("/api/ai/usage").await.json()["calls"], 0);
    assert_eq!(other.get("/api/ai/settings").await.json()["has_key"], false);
}
