//! `/api/v1/catalog/items`, driven as seed 004's bots and dashboards drive it.

use axum::http::StatusCode;
use db::{db_test, testing::TestDb};
use kernel::Id;
use serde_json::{Value, json};
use web::testing::Site;

use super::{api::shop, ctx, items::name_it, run};
use crate::{delivered_items, ensure_items};

/// The item of the seed's documentation.
fn seed() -> Value {
    json!({
        "type": "PROGRAM",
        "code": "SE-01",
        "metadata": {
            "name_uz": "Dasturiy ta'minot muhandisligi",
            "name_ru": "Программная инженерия",
            "name_en": "Software Engineering",
            "description_uz": "...",
            "icon": "💻",
        },
        "is_active": true,
    })
}

/// How many there are, and the codes of the page.
async fn codes(site: &Site, query: &str) -> (i64, Vec<String>) {
    let answer = site.get(&format!("/api/v1/catalog/items{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text());
    let body = answer.json();
    let code = |item: &Value| item["code"].as_str().unwrap().to_owned();
    (body["count"].as_i64().unwrap(), body["results"].as_array().unwrap().iter().map(code).collect())
}

#[db_test]
async fn the_seeds_item_is_made_read_changed_and_deleted(db: &TestDb) {
    let shop = shop(db);
    let site = &shop.site;
    let made = site.post("/api/v1/catalog/items", seed()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let body = made.json();
    for (field, value) in seed().as_object().unwrap() {
        assert_eq!(&body[field], value, "{field}");
    }
    let fields: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["id", "type", "code", "metadata", "is_active", "created_at", "updated_at"]);
    let address = format!("/api/v1/catalog/items/{}", body["id"].as_str().unwrap());
    assert_eq!(made.header("location"), Some(address.as_str()));
    assert_eq!(site.get(&address).await.json(), body);
    let off = site.patch(&address, json!({"is_active": false})).await;
    assert_eq!(off.status, StatusCode::OK, "{}", off.text());
    let off = off.json();
    assert_eq!((&off["is_active"], &off["metadata"]), (&json!(false), &body["metadata"]));
    let other = json!({"metadata": {"name_uz": "Boshqa"}, "type": "direction"});
    let changed = site.patch(&address, other).await.json();
    assert_eq!(changed["metadata"], json!({"name_uz": "Boshqa"}), "given metadata replaces the former");
    assert_eq!((&changed["type"], &changed["code"]), (&json!("DIRECTION"), &json!("SE-01")));
    assert_eq!(site.delete(&address).await.status, StatusCode::NO_CONTENT);
    for gone in
        [site.get(&address).await, site.delete(&address).await, site.get("/api/v1/catalog/items/7").await]
    {
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
    }
}

#[db_test]
async fn lists_are_filtered_as_the_seeds_bots_ask(db: &TestDb) {
    let shop = shop(db);
    let site = &shop.site;
    let own = ctx(1);
    run(db, &own, |ctx, tx| ensure_items(ctx, tx, &delivered_items()?)).unwrap();
    let (count, regions) = codes(site, "?type=region&is_active=true").await;
    assert_eq!((count, regions.len()), (14, 14));
    assert_eq!(regions[..3], ["UZ-TAS", "UZ-AN", "UZ-BU"], "in the order in which they came");
    for kind in ["DIRECTION", "direction", "Direction"] {
        assert_eq!(codes(site, &format!("?type={kind}&is_active=True")).await.0, 8, "{kind}");
    }
    assert_eq!(codes(site, "").await.1.len(), 32, "all on one page");
    assert_eq!(codes(site, "?is_active=false&type=").await, (0, vec![]));
    assert_eq!(codes(site, "?code=dir-mech-it").await.1, ["DIR-MECH-IT"]);
    let unreadable = site.get("/api/v1/catalog/items?code=a%00b").await;
    assert_eq!(unreadable.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unreadable.text());
    assert_eq!(codes(site, "?search=%00").await.0, 0);
    for search in ["Fargʻona", "farg'ona", "фаргона", "ферганская", "fergana"] {
        let query = percent_encoded(search);
        assert_eq!(codes(site, &format!("?search={query}")).await.1, ["UZ-FA"], "{search}");
    }
    assert_eq!(codes(site, "?type=track&ordering=-code").await.1, ["TRACK-UZBEK", "TRACK-ITALIAN"]);
    let part = site.get("/api/v1/catalog/items?type=subject&page=2&page_size=3").await.json();
    assert_eq!((&part["count"], part["results"].as_array().unwrap().len()), (&json!(8), 3));
    let (next, previous) = (part["next"].as_str().unwrap(), part["previous"].as_str().unwrap());
    assert!(next.contains("type=subject") && next.contains("page=3"), "{next}");
    assert!(previous.contains("page=1"), "{previous}");
    for (query, field) in
        [("?type=faculty", "type"), ("?is_active=maybe", "is_active"), ("?ordering=name", "ordering")]
    {
        let wrong = site.get(&format!("/api/v1/catalog/items{query}")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(wrong.errors().iter().any(|error| error.starts_with(field)), "{:?}", wrong.errors());
    }
}

/// The word as an address carries it.
fn percent_encoded(word: &str) -> String {
    word.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[db_test]
async fn what_is_wrong_is_said_beside_its_field_and_all_at_once(db: &TestDb) {
    let shop = shop(db);
    let site = &shop.site;
    let refused = async |body: Value| {
        let answer = site.post("/api/v1/catalog/items", body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
        let mut fields: Vec<_> =
            answer.errors().iter().map(|error| error.split(':').next().unwrap().to_owned()).collect();
        fields.sort_unstable();
        fields
    };
    assert_eq!(refused(json!({})).await, ["code", "metadata.name_uz", "type"]);
    let wrong =
        json!({"type": "FACULTY", "code": "x".repeat(101), "metadata": {"name_uz": "A", "name_ru": 5}});
    assert_eq!(refused(wrong).await, ["code", "metadata.name_ru", "type"]);
    assert_eq!(refused(json!({"type": "TRACK", "code": "T", "metadata": ["A"]})).await, ["metadata"]);
    assert_eq!(site.post("/api/v1/catalog/items", seed()).await.status, StatusCode::CREATED);
    let mut twin = seed();
    twin["code"] = json!("se-01");
    assert_eq!(refused(twin).await, ["code"]);
    let odd = json!({"type": "TRACK", "code": "T", "metadata": {"name_uz": "A", "note": "a\u{0}b"}});
    assert_eq!(refused(odd).await, ["metadata"]);
}

#[db_test]
async fn an_item_in_use_is_kept_and_leaves_the_lists_of_what_is_active(db: &TestDb) {
    let shop = shop(db);
    let site = &shop.site;
    let id = site.post("/api/v1/catalog/items", seed()).await.json()["id"].as_str().unwrap().to_owned();
    name_it(db, &ctx(1), Id::from_uuid(id.parse().unwrap()));
    let address = format!("/api/v1/catalog/items/{id}");
    let kept = site.delete(&address).await;
    assert_eq!(kept.status, StatusCode::CONFLICT);
    assert_eq!(kept.json()["code"], "catalog-item-in-use", "{}", kept.text());
    let moved = site.patch(&address, json!({"type": "TRACK"})).await;
    assert_eq!(moved.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", moved.text());
    assert_eq!(site.patch(&address, json!({"is_active": false})).await.status, StatusCode::OK);
    assert_eq!(codes(site, "?is_active=true").await.0, 0);
    assert_eq!(site.get(&address).await.json()["is_active"], false);
}

#[db_test]
async fn others_see_nothing_of_it_and_readers_write_nothing(db: &TestDb) {
    let shop = shop(db);
    let id = shop.site.post("/api/v1/catalog/items", seed()).await.json()["id"].as_str().unwrap().to_owned();
    let address = format!("/api/v1/catalog/items/{id}");
    let strange = shop.site.by("2");
    for answer in [
        strange.get(&address).await,
        strange.patch(&address, json!({"is_active": false})).await,
        strange.delete(&address).await,
    ] {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(codes(&strange, "").await.0, 0);
    for reader in ["1:applications.read", "1:surveys.read"] {
        let reader = shop.site.by(reader);
        assert_eq!(reader.get(&address).await.status, StatusCode::OK);
        assert_eq!(codes(&reader, "").await.0, 1);
        for answer in [
            reader.post("/api/v1/catalog/items", json!({})).await,
            reader.patch(&address, json!({"is_active": false})).await,
            reader.delete(&address).await,
        ] {
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
        }
    }
    let nobody = shop.site.by("1:inventory.read");
    for path in [address.as_str(), "/api/v1/catalog/items", "/api/v1/catalog/items?type=x"] {
        assert_eq!(nobody.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}
