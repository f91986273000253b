//! The log by page and by API, on both databases.

use context::{Actor, Ctx, Services};
use db::{db_test, testing::TestDb};
use kernel::{Id, Lang, PersonId};
use serde_json::json;
use uuid::Uuid;
use web::testing::{Site, ctx};

fn write(db: &TestDb, ctx: &Ctx, action: &'static str, entity: &'static str, before: i64, after: i64) {
    let acting = ctx.clone();
    let row: Id<()> = ctx.new_id();
    db.write_now(ctx, move |tx| {
        let state = |n: i64| json!({"name": format!("<b>{n}</b>"), "kept": true});
        acting.audit(tx, action, entity, row, Some(&state(before)), Some(&state(after)))
    })
    .unwrap();
}

fn by(ctx: &Ctx, number: u128, name: &str) -> Ctx {
    let name = name.to_owned();
    ctx.with(|ctx| ctx.actor = Actor::member(PersonId::from_uuid(Uuid::from_u128(number)), name))
}

fn site(db: &TestDb) -> Site {
    Site::new(db, Services::default(), vec![crate::module()])
}

#[db_test]
async fn entries_are_found_by_row_actor_action_and_day(db: &TestDb) {
    let server = ctx(1);
    let ali = by(&server, 5, "Ali");
    write(db, &ali, "product.change", "product", 1, 2);
    write(db, &by(&server, 6, "Elena"), "sales_order.confirm", "sales_order", 1, 2);
    let tomorrow = ali.with(|ctx| ctx.now = ctx.now.plus_seconds(86_400));
    write(db, &tomorrow, "product.delete", "product", 2, 3);
    write(db, &ctx(2), "product.change", "product", 7, 8);
    let site = site(db);
    let count = async |query: &str| {
        let answer = site.get(&format!("/api/v1/audit?{query}")).await;
        answer.json()["count"].as_i64().unwrap_or_else(|| panic!("{query}: {}", answer.text()))
    };
    let (day, next) = (ali.today(), tomorrow.today());
    assert_eq!(count("").await, 3, "of this workspace alone");
    assert_eq!(count("entity=product").await, 2);
    assert_eq!(count("action=product.change").await, 1);
    assert_eq!(count(&format!("actor={}", Uuid::from_u128(6))).await, 1);
    assert_eq!(count(&format!("to={day}")).await, 2);
    assert_eq!(count(&format!("from={next}&to={next}")).await, 1);
    assert_eq!(count("entity=' OR 1=1 --".replace(' ', "%20").as_str()).await, 0);
    let first = site.get("/api/v1/audit?page_size=1").await.json();
    assert_eq!(first["results"][0]["action"], "product.delete");
    assert_eq!(
        first["results"][0]["changes"],
        json!([{"field": "name", "before": "<b>2</b>", "after": "<b>3</b>"}])
    );
    assert!(first["next"].as_str().unwrap().contains("page=2"));
    let wrong = site.get("/api/v1/audit?from=kecha").await;
    assert_eq!(wrong.errors(), ["from: kernel-date-malformed"]);
    let by_actor = site.get("/api/v1/audit?actor=kim").await;
    assert_eq!(by_actor.status, 404);
}

#[db_test]
async fn one_entry_is_read_only_and_anothers_is_not_found(db: &TestDb) {
    write(db, &ctx(1), "product.change", "product", 1, 2);
    let site = site(db);
    let id = site.get("/api/v1/audit").await.json()["results"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/audit/{id}");
    assert_eq!(site.get(&path).await.status, 200);
    assert_eq!(site.by("2").get(&path).await.status, 404);
    assert_eq!(site.delete(&path).await.status, 405);
    for key in ["1:users.read", "1:sales.read,settings.read"] {
        let other = site.by(key);
        assert_eq!(other.get(&path).await.status, 403);
        assert_eq!(other.get("/api/v1/audit").await.status, 403);
        assert_eq!(other.page("/audit").await.status, 403);
    }
    for odd in ["0", "7", "x", "%00", "00000000-0000-0000-0000-000000000000"] {
        assert_eq!(site.get(&format!("/api/v1/audit/{odd}")).await.status, 404, "{odd}");
    }
}

#[db_test]
async fn the_page_shows_what_changed_in_three_languages_and_escapes_it(db: &TestDb) {
    let server = ctx(1);
    write(db, &by(&server, 5, "<i>Ali</i>"), "product.change", "product", 1, 2);
    write(db, &server, "moon.land", "moon", 1, 2);
    for lang in Lang::ALL {
        let site = site(db).in_lang(lang);
        let list = site.page("/audit?entity=product&days=7&actor=&from=kecha").await;
        assert_eq!(list.status, 200);
        let text = list.text();
        assert!(!text.contains("<b>") && !text.contains("<i>Ali"), "{lang:?}");
        assert!(text.contains("name: &#60;b&#62;1"), "{text}");
        assert!(!text.contains(">audit-"), "{lang:?} shows a key");
        let id = site.get("/api/v1/audit?entity=product").await.json()["results"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let one = site.page(&format!("/audit/{id}")).await;
        assert_eq!(one.status, 200);
        assert!(!one.text().contains(">audit-"), "{lang:?} shows a key");
        let file = site.page("/audit?format=csv").await;
        assert_eq!(file.status, 200);
        assert!(file.text().contains("moon.land"), "an action without a name is shown by its word");
    }
}
