//! The pages of orders, opened and sent as a browser does.

use axum::http::StatusCode;
use context::Services;
use db::{db_test, testing::TestDb};
use kernel::Lang;
use web::testing::{Site, ctx};

use super::{assert_sound, cart, create, customer, place, product, standing, steps::som};
use crate::{Goods, OrderContent, Status, module};

fn site(db: &TestDb) -> Site {
    Site::new(db, Services::default(), vec![module(), stock::module()])
}

/// The fields of a form with one line.
fn fields<'f>(quantity: &'f str, price: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![
        ("customer_id", "1"),
        ("customer_id_shown", "Aziza Karimova"),
        ("ordered_on", "2026-09-21"),
        ("status", "new"),
        ("discount", "1 000"),
        ("delivery.kind", "delivery"),
        ("delivery.fee", ""),
        ("delivery.address", "Chilonzor 5"),
        ("note", "Tezroq"),
        ("version", ""),
        ("line_product_id", "1"),
        ("line_product", "Mahsulot A"),
        ("line_unit", "dona"),
        ("line_quantity", quantity),
        ("line_price", price),
        ("line_discount", "10"),
    ]
}

#[db_test]
async fn an_order_is_written_opened_changed_confirmed_and_cancelled_on_its_pages(db: &TestDb) {
    let (mut site, ctx) = (site(db), ctx(1));
    let choy = product(db, &ctx, "A", 56_000, 10);
    customer(db, &ctx);
    assert!(site.page("/orders").await.text().contains("No orders yet"));
    assert_eq!(site.page("/orders/new?customer=1").await.status, StatusCode::OK);
    let sent = site.form("/orders/new", &fields("2", "56 000")).await;
    assert_eq!(
        (sent.status, sent.header("location")),
        (StatusCode::SEE_OTHER, Some("/orders/1")),
        "{}",
        sent.text()
    );
    let page = site.page("/orders/1").await.text();
    for words in
        ["Aziza Karimova", "+998 90 123 45 67", "Chilonzor 5", "Tezroq", "99,800", "Not yet", "Tester"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let edit = site.page("/orders/1/edit").await;
    assert!(edit.text().contains("value=\"56000\""), "{}", edit.text());
    let mut changed = fields("3", "56000");
    changed.retain(|(name, _)| *name != "version");
    changed.push(("version", "1"));
    assert_eq!(site.form("/orders/1/edit", &changed).await.status, StatusCode::SEE_OTHER);
    let stale = site.form("/orders/1/edit", &changed).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("Somebody else changed order 1 meanwhile"));

    assert_eq!(site.form("/orders/1/confirm", &[]).await.header("location"), Some("/orders/1"));
    assert_eq!(standing(db, &ctx, &choy), "10/3");
    assert!(site.page("/orders/1").await.text().contains("In full"));
    assert_eq!(
        site.page("/orders/1/edit").await.status,
        StatusCode::SEE_OTHER,
        "a confirmed order has no form"
    );
    assert_eq!(site.page("/orders/1/cancel").await.status, StatusCode::OK);
    let cancelled = site.form("/orders/1/cancel", &[("reason", "Mijoz voz kechdi")]).await;
    assert_eq!(cancelled.status, StatusCode::SEE_OTHER);
    assert!(site.page("/orders/1").await.text().contains("Mijoz voz kechdi"));
    assert_eq!(standing(db, &ctx, &choy), "10/0");
    assert_sound(db, &ctx);
}

#[db_test]
async fn a_form_with_mistakes_is_shown_again_with_what_was_typed(db: &TestDb) {
    let (mut site, ctx) = (site(db), ctx(1));
    product(db, &ctx, "A", 56_000, 10);
    customer(db, &ctx);
    let again = site.form("/orders/new", &fields("ikki", "-5")).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = again.text();
    for words in ["ikki", "This is not a number", "Tezroq"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let html = [("note", "<script>alert(1)</script>"), ("ordered_on", "2026-09-21")];
    let again = site.form("/orders/new", &html).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!again.text().contains("<script>alert(1)"), "{}", again.text());
    let unchosen: Vec<_> = fields("1", "1").into_iter().filter(|(name, _)| *name != "customer_id").collect();
    assert!(site.form("/orders/new", &unchosen).await.text().contains("Choose a customer from the list"));
    let too_much = fields("11", "1000");
    let too_much = too_much.into_iter().map(|(n, v)| if n == "status" { (n, "confirmed") } else { (n, v) });
    let refused = site.form("/orders/new", &too_much.collect::<Vec<_>>()).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("Mahsulot A: not enough, 10 pcs left"), "{}", refused.text());
    assert_eq!(site.get("/api/sales-orders").await.json()["count"], 0);
}

#[db_test]
async fn the_sums_follow_what_is_typed_and_forgive_what_is_not_typed_yet(db: &TestDb) {
    let (mut site, ctx) = (site(db), ctx(1));
    product(db, &ctx, "A", 56_000, 10);
    let sums = site.form("/orders/totals", &fields("2", "56 000")).await;
    assert_eq!(sums.status, StatusCode::OK);
    for words in ["−1,000", "89,107.14", "10,692.86", "99,800"] {
        assert!(sums.text().contains(words), "{words}: {}", sums.text());
    }
    assert!(site.form("/orders/totals", &fields("", "")).await.text().contains('0'));
    assert_eq!(site.form("/orders/totals", &[]).await.status, StatusCode::OK);
    assert_eq!(
        site.form("/orders/totals", &fields("99999999999999", "99999999999999")).await.status,
        StatusCode::OK
    );
}

#[db_test]
async fn the_list_is_filtered_exported_and_read_in_three_languages(db: &TestDb) {
    let (site, ctx) = (site(db), ctx(1));
    let choy = product(db, &ctx, "A", 56_000, 10);
    let aziza = customer(db, &ctx);
    place(db, &ctx, cart(&aziza, &[(&choy, 1)])).unwrap();
    let found = |path: &'static str| async { site.page(path).await.text().contains("/orders/1\"") };
    for path in [
        "/orders",
        "/orders?q=азиза",
        "/orders?status=new&source=chat&from=2026-09-01&until=2026-09-30",
        "/orders?customer=1",
    ] {
        assert!(found(path).await, "{path}");
    }
    for path in ["/orders?q=yoq", "/orders?status=confirmed", "/orders?from=2027-01-01"] {
        assert!(!found(path).await, "{path}");
    }
    let csv = site.page("/orders?format=csv").await;
    assert!(csv.text().contains("Aziza Karimova,Chat,56000,New"), "{}", csv.text());
    assert_eq!(site.page("/orders?format=xlsx").await.status, StatusCode::OK);
    for (lang, words) in [(Lang::Uz, "Buyurtmalar"), (Lang::Ru, "Заказы"), (Lang::En, "Orders")] {
        for path in ["/orders", "/orders/new", "/orders/1", "/orders/1/edit", "/orders/1/cancel"] {
            let page = site.in_lang(lang).page(path).await;
            assert!(page.status.is_success() && page.text().contains(words), "{lang:?} {path}");
            assert!(!page.text().contains(">sales-"), "{lang:?} {path}: a key without words");
        }
    }
    for (lang, unit) in [(Lang::Uz, "1 dona"), (Lang::Ru, "1 шт."), (Lang::En, "1 pcs")] {
        let page = site.in_lang(lang).page("/orders/1").await.text().replace('\u{a0}', " ");
        assert!(page.contains(unit), "{lang:?}: {unit} in {page}");
    }
}

#[db_test]
async fn strangers_find_nothing_and_buttons_are_hidden_from_those_who_may_not(db: &TestDb) {
    let (site, ctx) = (site(db), ctx(1));
    let choy = product(db, &ctx, "A", 56_000, 10);
    let aziza = customer(db, &ctx);
    place(db, &ctx, cart(&aziza, &[(&choy, 1)])).unwrap();
    let mut theirs = site.by("2");
    for path in ["/orders/1", "/orders/1/edit", "/orders/1/cancel"] {
        assert_eq!(theirs.page(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in
        ["/orders/1/edit", "/orders/1/confirm", "/orders/1/cancel", "/orders/1/submit", "/orders/1/delete"]
    {
        assert_eq!(theirs.form(path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let mut reader = site.by("1:sales.read");
    let page = reader.page("/orders/1").await.text();
    assert!(!page.contains("/orders/1/confirm") && !page.contains("/orders/1/cancel"));
    assert_eq!(reader.page("/orders/new").await.status, StatusCode::FORBIDDEN);
    assert_eq!(reader.form("/orders/1/confirm", &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.by("1:inventory.read").page("/orders").await.status, StatusCode::FORBIDDEN);
}

#[db_test]
async fn whether_prices_have_vat_in_them_is_set_on_a_page_and_by_the_api(db: &TestDb) {
    let (mut site, ctx) = (site(db), ctx(1));
    product(db, &ctx, "A", 50_000, 10);
    assert!(site.page("/settings/sales").await.text().contains("checked"));
    assert_eq!(site.form("/settings/sales", &[]).await.status, StatusCode::SEE_OTHER);
    let body = serde_json::json!({ "prices_include_vat": false });
    assert_eq!(site.get("/api/sales-settings").await.json(), body);
    let order = serde_json::json!({ "lines": [{ "product_id": 1, "quantity": 3 }] });
    assert_eq!(site.post("/api/sales-orders", order).await.json()["total_amount"], 168_000);
    assert_eq!(
        site.by("1:settings.read").put("/api/sales-settings", body.clone()).await.status,
        StatusCode::FORBIDDEN
    );
    let wrong = serde_json::json!({ "prices_include_vat": "maybe" });
    assert_eq!(site.put("/api/sales-settings", wrong).await.errors(), ["prices_include_vat: web-field-type"]);
    let on = serde_json::json!({ "prices_include_vat": true });
    assert_eq!(site.put("/api/sales-settings", on.clone()).await.json(), on);
    assert_eq!(site.by("2").get("/api/sales-settings").await.json(), on, "theirs is their own");
}

#[db_test]
async fn an_order_of_sums_offers_an_invoice_when_there_is_something_to_invoice(db: &TestDb) {
    let (site, ctx) = (site(db), ctx(1));
    let aziza = customer(db, &ctx);
    for (number, total, offers) in [("1", 0, false), ("2", 500_000, true)] {
        let goods = Goods::Sums { total: som(total), vat: som(0) };
        let sums = OrderContent { customer: Some(aziza.id), goods, ..OrderContent::default() };
        create(db, &ctx, Status::Confirmed, sums).unwrap();
        let page = site.page(&format!("/orders/{number}")).await.text();
        assert_eq!(page.contains(&format!("/orders/{number}/invoice")), offers, "{page}");
    }
}
