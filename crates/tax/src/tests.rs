//! Rates in the database, on both.

use catalog::Vat;
use context::{Actor, Ctx, CtxBuilder, Permission, Permissions, Random};
use db::{db_test, testing::TestDb};
use kernel::{Date, Id, Kind, Rate, Timestamp};

use crate::{add_vat_rate, delete_vat_rate, vat_rate, vat_rates};

fn ctx(workspace: u128) -> Ctx {
    let now = Timestamp::from_millis(1_790_000_000_000);
    let id = Id::from_uuid(uuid::Uuid::from_u128(workspace));
    CtxBuilder::server(id, Actor::guest(), now, Random::from_seed(1)).build()
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

#[db_test]
fn a_rate_holds_from_its_day_in_its_own_workspace_only(db: &TestDb) {
    let (ours, theirs) = (ctx(1), ctx(2));
    let writer = ours.clone();
    let rate = db
        .write_now(&ours, move |tx| add_vat_rate(&writer, tx, day("2027-01-01"), Rate::from_percent(10)))
        .unwrap();
    let on = |ctx: &Ctx, text: &'static str| {
        let reader = ctx.clone();
        db.read_now(ctx, move |tx| vat_rate(&reader, tx, Vat::Standard, day(text))).unwrap().to_string()
    };
    assert_eq!((on(&ours, "2026-12-31"), on(&ours, "2027-01-01")), ("12".to_owned(), "10".to_owned()));
    assert_eq!(on(&theirs, "2027-01-01"), "12");

    let stranger = theirs.clone();
    let error = db.write_now(&theirs, move |tx| delete_vat_rate(&stranger, tx, rate.id)).unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
    let writer = ours.clone();
    db.write_now(&ours, move |tx| delete_vat_rate(&writer, tx, rate.id)).unwrap();
    assert_eq!(on(&ours, "2027-01-01"), "12");
    let reader = ours.clone();
    let periods = db.read_now(&ours, move |tx| vat_rates(&reader, tx)).unwrap().periods().len();
    assert_eq!(periods, 1);
}

#[db_test]
fn wrong_rates_are_refused_with_their_field(db: &TestDb) {
    #[track_caller]
    fn check(db: &TestDb, ctx: &Ctx, rate: i64, expected: &str) {
        let writer = ctx.clone();
        let add = move |tx: &mut db::Tx| {
            add_vat_rate(&writer, tx, day("2027-01-01"), Rate::from_basis_points(rate))
        };
        let error = db.write_now(ctx, add).unwrap_err();
        let field = error.field_errors().first().map(|e| format!("{}: {}", e.field, e.text.key()));
        assert_eq!(field.unwrap_or_else(|| error.text().key().to_owned()), expected);
    }
    let ours = ctx(1);
    check(db, &ours, -1, "rate: tax-rate-out-of-range");
    check(db, &ours, 10_001, "rate: tax-rate-out-of-range");
    check(
        db,
        &ours.with(|c| {
            c.permissions = Permissions::ALL.both([Permission::SettingsRead].into_iter().collect())
        }),
        1,
        "kernel-forbidden",
    );
    let writer = ours.clone();
    db.write_now(&ours, move |tx| add_vat_rate(&writer, tx, day("2027-01-01"), Rate::from_percent(10)))
        .unwrap();
    check(db, &ours, 1_000, "starts_on: tax-rate-day-taken");
}

#[test]
fn the_messages_are_complete() {
    assert_eq!(text::check(&crate::TEXTS), []);
}

#[db_test]
async fn the_page_and_the_api_show_the_law_and_add_a_rate_of_ones_own(db: &TestDb) {
    let mut site = web::testing::Site::new(db, context::Services::default(), vec![crate::module()]);
    let page = site.page("/settings/vat-rates").await;
    assert!(page.text().contains("12 %"), "{}", page.text());
    assert_eq!(site.page("/settings/vat-rates/new").await.status, 200);
    let sent = site.form("/settings/vat-rates/new", &[("starts_on", "2027-01-01"), ("rate", "10")]).await;
    assert_eq!((sent.status.as_u16(), sent.header("location")), (303, Some("/settings/vat-rates")));
    let again = site.form("/settings/vat-rates/new", &[("starts_on", "2027-01-01"), ("rate", "101")]).await;
    assert_eq!(again.status, 422, "{}", again.text());
    let list = site.get("/api/vat-rates").await.json();
    assert_eq!((&list["count"], &list["results"][1]["rate"]), (&2.into(), &10.into()));
    let id = list["results"][1]["id"].as_str().unwrap().to_owned();
    let body = serde_json::json!({ "starts_on": "2027-01-01", "rate": 11 });
    assert_eq!(site.post("/api/vat-rates", body).await.errors(), ["starts_on: tax-rate-day-taken"]);
    assert_eq!(site.by("2").delete(&format!("/api/vat-rates/{id}")).await.status, 404);
    assert_eq!(site.by("1:settings.read").delete(&format!("/api/vat-rates/{id}")).await.status, 403);
    assert_eq!(site.delete(&format!("/api/vat-rates/{id}")).await.status, 204);
    assert_eq!(site.get("/api/vat-rates").await.json()["count"], 1);
}
