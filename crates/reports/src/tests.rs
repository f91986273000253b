//! Figures over both databases: what is sold is what is shown, in the page, the API, the books and the file.

use axum::http::StatusCode;
use catalog::{Product, ProductContent, create_product};
use contacts::{Contact, NewContact, create_contact};
use context::{Ctx, Permission, Permissions, Services};
use db::{db_test, testing::TestDb};
use kernel::{Date, Id, Lang, Money, PageRequest, Quantity, Rate, Result};
use sales::{NewCreditNote, NewLine, NewPayment, QuickSale, Sold, Source, credit_invoice, sell};
use serde_json::{Value, json};
use stock::{NewReceipt, NewReceiptLine, receive};
use web::{
    pages::Period,
    testing::{Site, ctx},
};

use crate::{By, Dashboard, dashboard, sold};

fn som(amount: i64) -> Money {
    Money::from_som(amount)
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// A product at `price` soʻm of which there are a hundred at 50.
fn product(db: &TestDb, ctx: &Ctx, code: &'static str, price: i64) -> Product {
    let own = ctx.clone();
    db.write_now(ctx, move |tx| {
        let content = ProductContent::new(code, format!("Mahsulot {code}"), som(price));
        let product = create_product(&own, tx, content)?;
        let quantity = Quantity::from_units(100);
        let line = NewReceiptLine { product: product.id, quantity, unit_cost: som(50) };
        let received_on = Some(day("2026-07-01"));
        receive(&own, tx, NewReceipt { lines: vec![line], received_on, ..NewReceipt::default() })?;
        Ok(product)
    })
    .unwrap()
}

fn customer(db: &TestDb, ctx: &Ctx) -> Contact {
    let own = ctx.clone();
    db.write_now(ctx, move |tx| create_contact(&own, tx, NewContact::customer("Aziza Karimova", None)))
        .unwrap()
}

fn sale(
    db: &TestDb,
    ctx: &Ctx,
    on: &str,
    to: Option<Id<Contact>>,
    lines: &[(&Product, i64)],
    paid: Option<Money>,
) -> Sold {
    let line = |(product, units): &(&Product, i64)| NewLine {
        product: product.id,
        quantity: Quantity::from_units(*units),
        price: None,
        discount: Rate::default(),
    };
    let lines: Vec<NewLine> = lines.iter().map(line).collect();
    let (own, on) = (ctx.clone(), Some(day(on)));
    db.write_now(ctx, move |tx| {
        let payments = paid.map(|amount| match amount.is_zero() {
            true => Vec::new(),
            false => vec![NewPayment { amount: Some(amount), ..NewPayment::default() }],
        });
        let new = QuickSale { customer: to, lines: lines.clone(), on, payments, ..QuickSale::default() };
        sell(&own, tx, Source::Staff, new)
    })
    .unwrap()
}

fn read(db: &TestDb, ctx: &Ctx, from: &str, until: &str) -> Result<Dashboard> {
    let (own, period) = (ctx.clone(), Period { from: day(from), until: day(until) });
    db.read_now(ctx, move |tx| dashboard(&own, tx, period))
}

fn site(db: &TestDb) -> Site {
    Site::new(db, Services::default(), vec![crate::module()])
}

/// A shop of two products: sold in August and in September, one piece came back, one sale is not paid. It is the 21st.
fn shop(db: &TestDb, ctx: &Ctx) -> (Product, Product, Contact) {
    let (choy, non) = (product(db, ctx, "A", 112), product(db, ctx, "B", 224));
    let aziza = customer(db, ctx);
    sale(db, ctx, "2026-08-10", None, &[(&choy, 9)], None);
    sale(db, ctx, "2026-08-25", None, &[(&choy, 1)], None);
    let first = sale(db, ctx, "2026-09-10", Some(aziza.id), &[(&choy, 4), (&non, 1)], None);
    sale(db, ctx, "2026-09-21", Some(aziza.id), &[(&non, 1)], Some(Money::ZERO));
    let own = ctx.clone();
    db.write_now(ctx, move |tx| {
        let line = sales::order_lines(&own, tx, first.order.id)?.first().map(|line| line.id).unwrap();
        let lines = Some(vec![(line, Quantity::from_units(1))]);
        let new = NewCreditNote { lines, on: Some(day("2026-09-11")), ..NewCreditNote::default() };
        credit_invoice(&own, tx, first.invoice.id, new).map(drop)
    })
    .unwrap();
    (choy, non, aziza)
}

#[db_test]
fn what_is_sold_stands_in_every_figure_and_agrees_with_the_books(db: &TestDb) {
    let ctx = ctx(1);
    shop(db, &ctx);
    let found = read(db, &ctx, "2026-09-01", "2026-09-21").unwrap();
    let (sales, books) = (found.sales.unwrap(), found.books.unwrap());
    // 4 × 112 + 224 − 112 on the tenth and eleventh, 224 today: without VAT 100 and 200 a piece.
    assert_eq!((sales.now.count, sales.now.amounts.net, sales.now.amounts.total), (2, som(700), som(784)));
    assert_eq!((sales.now.average().unwrap(), sales.today.amounts.total), (som(392), som(224)));
    assert_eq!(
        (sales.before.count, sales.before.amounts.net),
        (1, som(100)),
        "the 11th to the 31st of August"
    );
    assert_eq!(sales.days.len(), 30);
    assert_eq!(sales.days.iter().map(|(_, sums)| sums.count).sum::<i64>(), 3);
    let top: Vec<_> = sales
        .top
        .iter()
        .map(|top| (top.product.code.as_str(), top.sold.quantity, top.sold.amounts.net))
        .collect();
    assert_eq!(top, [("B", Quantity::from_units(2), som(400)), ("A", Quantity::from_units(3), som(300))]);
    assert_eq!(
        (books.now.revenue, books.now.cost, books.now.gross().unwrap()),
        (som(700), som(250), som(450))
    );
    assert_eq!((books.before.revenue, books.before.cost), (som(100), som(50)));
    assert_eq!(books.receivables.balance().unwrap(), som(224));
    assert_eq!(
        Money::ZERO.minus(books.advances.balance().unwrap()).unwrap(),
        som(112),
        "paid, and came back"
    );
    assert_eq!(found.cash.unwrap().cash, som(9 * 112 + 112 + 4 * 112 + 224));
    assert_eq!(found.stock.unwrap().value, som(50 * (200 - 9 - 1 - 5 + 1 - 1)));
    let old = read(db, &ctx, "2020-01-01", "2020-01-31").unwrap();
    let old = (old.sales.unwrap(), old.books.unwrap());
    assert!(
        old.0.now.amounts.total.is_zero()
            && old.0.today.amounts.total == som(224)
            && old.1.now.revenue.is_zero()
    );
}

#[db_test]
fn nobody_sees_more_than_they_may(db: &TestDb) {
    let all = ctx(1);
    shop(db, &all);
    let with = |words: &[Permission]| {
        let permissions: Permissions = words.iter().copied().collect();
        read(db, &all.with(|ctx| ctx.permissions = permissions), "2026-09-01", "2026-09-21")
    };
    let error = with(&[Permission::SalesRead]).unwrap_err();
    assert_eq!(error.kind(), kernel::Kind::Forbidden);
    let found = with(&[Permission::ReportsRead]).unwrap();
    assert!(
        found.sales.is_none() && found.orders.is_none() && found.books.is_none() && found.stock.is_none()
    );
    let found = with(&[Permission::ReportsRead, Permission::SalesRead]).unwrap();
    assert!(found.sales.is_some() && found.cash.is_none() && found.books.is_none());
    let other = read(db, &ctx(2), "2026-09-01", "2026-09-21").unwrap();
    assert_eq!(other.sales.unwrap().now, sales::SalesSums::default());
    assert!(other.stock.unwrap().value.is_zero() && other.books.unwrap().now.revenue.is_zero());
}

#[db_test]
fn what_was_sold_is_told_by_day_product_and_customer(db: &TestDb) {
    let ctx = ctx(1);
    shop(db, &ctx);
    let told = |by, page| -> Vec<(String, Money)> {
        let (own, period) = (ctx.clone(), Period { from: day("2026-08-01"), until: day("2026-09-30") });
        let found =
            db.read_now(&ctx, move |tx| sold(&own, tx, by, period, PageRequest::new(page, 2))).unwrap();
        assert_eq!(found.count, if by == By::Day { 5 } else { 2 });
        let name = |row: &crate::SoldRow| {
            let product = row.product.as_ref().map(|product| product.code.clone());
            let customer = row.customer.as_ref().map(|contact| contact.name.clone());
            row.day.map(|day| day.to_string()).or(product).or(customer).unwrap_or_default()
        };
        found.results.iter().map(|row| (name(row), row.amounts.net)).collect()
    };
    let named = |rows: &[(&str, i64)]| {
        rows.iter().map(|(name, net)| ((*name).to_owned(), som(*net))).collect::<Vec<_>>()
    };
    assert_eq!(told(By::Day, 1), named(&[("2026-09-21", 200), ("2026-09-11", -100)]));
    assert_eq!(told(By::Day, 3), named(&[("2026-08-10", 900)]));
    assert_eq!(told(By::Product, 1), named(&[("A", 1_300), ("B", 400)]));
    assert_eq!(told(By::Customer, 1), named(&[("", 1_000), ("Aziza Karimova", 700)]));
}

#[db_test]
async fn programs_read_the_figures_and_are_told_what_is_wrong(db: &TestDb) {
    shop(db, &ctx(1));
    let site = site(db);
    let found = site.get("/api/reports/dashboard").await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text());
    let found = found.json();
    assert_eq!(found["period"], json!({ "from": "2026-09-01", "until": "2026-09-21" }));
    assert_eq!(found["before"], json!({ "from": "2026-08-11", "until": "2026-08-31" }));
    let number = |value: &Value| value.as_f64().unwrap();
    assert_eq!((number(&found["sales"]["total"]), number(&found["sales_today"]["net"])), (784.0, 200.0));
    assert_eq!((number(&found["profit"]["gross_profit"]), number(&found["receivables"])), (450.0, 224.0));
    assert_eq!(
        (found["days"].as_array().unwrap().len(), &found["top_products"][0]["code"]),
        (30, &json!("B"))
    );
    let summary = site.get("/api/reports/summary?from=2026-08-10&until=2026-08-10").await.json();
    assert_eq!(number(&summary["sales"]["net"]), 900.0);
    assert!(summary.get("days").is_none());
    let sold = site.get("/api/reports/sales?by=product&page_size=1&from=2026-09-01").await.json();
    assert_eq!((&sold["count"], &sold["results"][0]["name"]), (&json!(2), &json!("Mahsulot B")));
    for (query, errors) in [
        ("from=2026-02-30", "from: kernel-date-malformed"),
        ("from=2026-02-03&until=2026-02-01", "until: web-days-reversed"),
        ("from=1999-12-31", "from: web-period-too-long"),
        ("from=2001-01-01", "from: web-period-too-long"),
    ] {
        for path in ["dashboard", "summary", "sales"] {
            let answer = site.get(&format!("/api/reports/{path}?{query}")).await;
            let told = (answer.status, answer.errors());
            assert_eq!(told, (StatusCode::UNPROCESSABLE_ENTITY, vec![errors.to_owned()]), "{path}?{query}");
        }
    }
    assert_eq!(site.get("/api/reports/sales?by=color").await.errors(), ["by: reports-by-unknown"]);
    assert_eq!(site.by("1:sales.read").get("/api/reports/dashboard").await.status, StatusCode::FORBIDDEN);
}

#[db_test]
async fn the_pages_are_whole_in_every_language_and_each_figure_leads_to_what_is_behind_it(db: &TestDb) {
    shop(db, &ctx(1));
    let site = site(db);
    for lang in Lang::ALL {
        for path in
            ["/dashboard", "/reports/sales", "/reports/sales?by=product", "/reports/sales?by=customer"]
        {
            let page = site.in_lang(lang).page(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            let html = page.text();
            assert!(
                !html.contains(">reports-") && !html.contains("\"reports-"),
                "{lang:?} {path}: a key without words"
            );
        }
    }
    let html = site.page("/dashboard").await.text();
    for part in [
        r#"id="figures" data-live="sales_order "#,
        r#"href="/ledger/accounts/9020?from=2026-09-01&#38;until=2026-09-21""#,
        r#"href="/ledger/accounts/4010?from=2026-09-01&#38;until=2026-09-21""#,
        r#"href="/reports/sales?from=2026-09-01&#38;until=2026-09-21&#38;by=product""#,
        r#"href="/orders?status=confirmed""#,
        r#"<title id="chart-title">"#,
        "10.09.2026",
    ] {
        assert!(html.contains(part), "{part}");
    }
    let wrong = site.page("/dashboard?from=2026-09-40").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains(r#"id="field-from-error""#));
    let csv = site.page("/reports/sales?by=product&format=csv").await;
    assert!(csv.text().contains("Mahsulot B,2,400,48,448"), "{}", csv.text());
    assert_eq!(site.page("/reports/sales?format=xlsx").await.status, StatusCode::OK);
    let reader = site.by("1:reports.read,sales.read");
    assert_eq!(reader.page("/reports/sales?format=csv").await.status, StatusCode::FORBIDDEN);
    assert!(!reader.page("/dashboard").await.text().contains("/ledger/"));
    assert_eq!(site.by("1:sales.read").page("/dashboard").await.status, StatusCode::FORBIDDEN);
    let empty = site.by("3").page("/dashboard").await;
    assert_eq!(empty.status, StatusCode::OK, "a workspace without anything");
}
