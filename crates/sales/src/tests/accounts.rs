//! Money on account: it pays whatever a customer owes, and what of it pays nothing goes back.

use axum::http::StatusCode;
use catalog::Product;
use contacts::Contact;
use context::{AuditFilter, Ctx, Services, list_audit_entries};
use db::{Scope, Tx, db_test, testing::TestDb};
use kernel::{Money, PageRequest, Result};
use serde_json::json;
use web::testing::Site;

use super::{
    assert_sound, content, create, ctx, customer,
    papers::company,
    product, read,
    steps::{books, credit, deliver, invoice, now, pay, refund, som},
    told, told_events, write,
};
use crate::{
    AccountEvent, Invoice, NewPayment, Order, PAYMENT_ON_ACCOUNT, PAYMENT_ON_ACCOUNT_REVERSED,
    PAYMENT_RECEIVED, PAYMENT_REVERSED, Payment, REFUND_ON_ACCOUNT, Status, customer_standing, module,
    pay_on_account, receipt_paper, refund_on_account, reverse_payment,
};

/// An order of so many at 100 so'm, delivered and invoiced.
fn invoiced(db: &TestDb, ctx: &Ctx, whom: &Contact, product: &Product, units: i64) -> (Order, Invoice) {
    let mut content = content(&[(product, units)]);
    content.customer = Some(whom.id);
    let order = create(db, ctx, Status::Confirmed, content).unwrap();
    deliver(db, ctx, &order, None).unwrap();
    let made = invoice(db, ctx, &order).unwrap();
    (order, made)
}

fn money(amount: Option<i64>) -> NewPayment {
    NewPayment { amount: amount.map(som), ..NewPayment::default() }
}

fn takes(db: &TestDb, ctx: &Ctx, whom: &Contact, amount: Option<i64>) -> Result<Payment> {
    let id = whom.id;
    write(db, ctx, move |ctx, tx| pay_on_account(ctx, tx, id, money(amount)))
}

fn gives(db: &TestDb, ctx: &Ctx, whom: &Contact, amount: Option<i64>) -> Result<Payment> {
    let id = whom.id;
    write(db, ctx, move |ctx, tx| refund_on_account(ctx, tx, id, money(amount)))
}

/// What was told of money on account: the name, how much, how much of it pays invoices.
fn account_events(db: &TestDb) -> Vec<(String, Money, Money)> {
    let sql = "SELECT name, payload FROM context_event WHERE name LIKE 'sales_%_on_account' ORDER BY seq";
    db.read_now(Scope::Server, move |tx| {
        tx.query(sql, &[], |row| {
            let event: AccountEvent = serde_json::from_value(row.get(1)?).unwrap();
            assert_eq!(event.customer.unwrap().name, "Aziza Karimova");
            Ok((row.get(0)?, event.amount, event.allocated))
        })
    })
    .unwrap()
}

fn history(db: &TestDb, ctx: &Ctx, order: &Order) -> Vec<String> {
    let filter = AuditFilter { entity_id: Some(order.id.uuid()), ..AuditFilter::default() };
    let entries = read(db, ctx, move |ctx, tx| list_audit_entries(ctx, tx, &filter, PageRequest::new(1, 50)));
    entries.results.into_iter().map(|entry| entry.action).collect()
}

#[db_test]
fn each_order_that_money_on_account_pays_is_told_of_its_share(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, aziza) = (product(db, &ctx, "A", 100, 9), customer(db, &ctx));
    let (one, _) = invoiced(db, &ctx, &aziza, &choy, 1);
    let (two, _) = invoiced(db, &ctx, &aziza, &choy, 2);
    let paid = takes(db, &ctx, &aziza, Some(150)).unwrap();
    let of = |name: &str| -> Vec<_> {
        let told = told_events(db).into_iter().filter(|(told, _)| told == name);
        told.map(|(_, event)| (event.number, event.told.amount, event.told.left)).collect()
    };
    assert_eq!(
        of(PAYMENT_RECEIVED),
        [(one.number, Some(som(100)), Some(Money::ZERO)), (two.number, Some(som(50)), Some(som(150)))]
    );
    assert_eq!(history(db, &ctx, &two)[0], "sales_payment.allocate");
    // What pays nothing yet is told, too.
    let ahead = takes(db, &ctx, &aziza, Some(500)).unwrap();
    assert_eq!((ahead.allocated, ahead.free().unwrap()), (som(150), som(350)));
    let more = takes(db, &ctx, &aziza, Some(7)).unwrap();
    let nothing = takes(db, &ctx, &aziza, None).unwrap_err();
    assert_eq!(told(&nothing), "amount: sales-payment-not-positive");
    for id in [more.id, paid.id] {
        write(db, &ctx, move |ctx, tx| reverse_payment(ctx, tx, id, None)).unwrap();
        assert_sound(db, &ctx);
    }
    let back: Vec<_> = of(PAYMENT_REVERSED).into_iter().map(|(order, amount, _)| (order, amount)).collect();
    assert_eq!(back, [(one.number, Some(som(100))), (two.number, Some(som(50)))]);
    assert_eq!(history(db, &ctx, &one)[0], "sales_payment.free");
    let told: Vec<_> = account_events(db);
    let event = |name: &str, amount, allocated| (name.to_owned(), som(amount), som(allocated));
    assert_eq!(
        told,
        [
            event(PAYMENT_ON_ACCOUNT, 150, 150),
            event(PAYMENT_ON_ACCOUNT, 500, 150),
            event(PAYMENT_ON_ACCOUNT, 7, 0),
            event(PAYMENT_ON_ACCOUNT_REVERSED, 7, 0),
            event(PAYMENT_ON_ACCOUNT_REVERSED, 150, 0),
        ]
    );
}

#[db_test]
fn what_goods_that_came_back_leave_of_money_on_account_is_given_back(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, aziza) = (product(db, &ctx, "A", 100, 9), customer(db, &ctx));
    assert_eq!(
        told(&gives(db, &ctx, &aziza, None).unwrap_err()),
        "Conflict sales-refund-on-account-too-large"
    );
    let (order, made) = invoiced(db, &ctx, &aziza, &choy, 3);
    takes(db, &ctx, &aziza, Some(300)).unwrap();
    credit(db, &ctx, &order, &made, Some(&[(0, 2)])).unwrap();
    // It was not paid for the order, so the order has nothing to give back.
    assert_eq!(told(&refund(db, &ctx, &order, None).unwrap_err()), "Conflict sales-refund-too-large");
    let whom = aziza.id;
    let standing = read(db, &ctx, move |ctx, tx| customer_standing(ctx, tx, whom));
    assert_eq!((standing.advance, standing.on_account), (som(200), som(200)));
    assert_eq!(
        told(&gives(db, &ctx, &aziza, Some(201)).unwrap_err()),
        "amount: sales-refund-on-account-too-large"
    );
    assert_eq!(told(&gives(db, &ctx, &aziza, Some(0)).unwrap_err()), "amount: sales-payment-not-positive");
    gives(db, &ctx, &aziza, Some(50)).unwrap();
    let rest = gives(db, &ctx, &aziza, None).unwrap();
    assert_eq!((rest.amount, rest.order, rest.customer), (som(150), None, Some(aziza.id)));
    assert!(books(db, &ctx).ends_with("cash 100"), "{}", books(db, &ctx));
    assert_eq!(account_events(db).pop().unwrap(), (REFUND_ON_ACCOUNT.to_owned(), som(150), Money::ZERO));
    assert_sound(db, &ctx);
}

#[db_test]
fn money_of_an_order_is_not_given_back_on_account_nor_more_than_the_till_has(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, aziza) = (product(db, &ctx, "A", 100, 9), customer(db, &ctx));
    let (order, _) = invoiced(db, &ctx, &aziza, &choy, 1);
    pay(db, &ctx, &order, None).unwrap();
    let mut prepaid = content(&[(&choy, 1)]);
    prepaid.customer = Some(aziza.id);
    let prepaid = create(db, &ctx, Status::Confirmed, prepaid).unwrap();
    pay(db, &ctx, &prepaid, None).unwrap();
    assert_eq!(
        told(&gives(db, &ctx, &aziza, None).unwrap_err()),
        "Conflict sales-refund-on-account-too-large"
    );
    let whom = aziza.id;
    write(db, &ctx, move |ctx, tx: &mut Tx<'_>| {
        let bank = cash::default_register(ctx, tx, cash::RegisterKind::Bank)?.id;
        let register = Some(bank);
        pay_on_account(ctx, tx, whom, NewPayment { register, ..money(Some(300)) })
    })
    .unwrap();
    assert_eq!(told(&gives(db, &ctx, &aziza, None).unwrap_err()), "Conflict cash-register-has-only");
    assert_eq!(now(db, &ctx, &prepaid).progress.paid, som(100));
    assert_sound(db, &ctx);
}

#[db_test]
fn a_receipt_says_what_of_money_on_account_pays_its_order(db: &TestDb) {
    let ctx = ctx(1);
    company(db, &ctx);
    let (choy, aziza) = (product(db, &ctx, "A", 100, 9), customer(db, &ctx));
    let (one, _) = invoiced(db, &ctx, &aziza, &choy, 1);
    let (two, _) = invoiced(db, &ctx, &aziza, &choy, 3);
    takes(db, &ctx, &aziza, Some(1_000)).unwrap();
    for (order, paid) in [(one, 100), (two, 300)] {
        let paper = read(db, &ctx, move |ctx, tx| receipt_paper(ctx, tx, order.id, None));
        let payments: Vec<_> = paper.payments.iter().map(|payment| payment.amount).collect();
        assert_eq!((payments, paper.due), (vec![som(paid)], Money::ZERO));
    }
}

fn site(db: &TestDb) -> Site {
    let modules = vec![module(), cash::module(), ledger::module(), contacts::module(), stock::module()];
    Site::new(db, Services::default(), modules)
}

#[db_test]
async fn money_on_account_is_taken_and_given_back_from_the_statement(db: &TestDb) {
    let (mut site, ctx) = (site(db), ctx(1));
    let (choy, aziza) = (product(db, &ctx, "A", 100, 9), customer(db, &ctx));
    let (order, made) = invoiced(db, &ctx, &aziza, &choy, 3);
    let statement = site.page("/contacts/1/statement").await.text();
    assert!(
        statement.contains("/contacts/1/pay") && !statement.contains("/contacts/1/refund"),
        "{statement}"
    );
    let nothing = site.page("/contacts/1/refund").await;
    assert_eq!(nothing.header("location"), Some("/contacts/1/statement"));
    let form = site.page("/contacts/1/pay").await.text();
    assert!(form.contains("value=\"300\"") && form.contains("Open invoices: 300"), "{form}");
    let money = |amount: &'static str| {
        [("amount", amount), ("date", "2026-09-21"), ("register_id", ""), ("note", "Naqd")]
    };
    let again = site.form("/contacts/1/pay", &money("-5")).await;
    assert!(
        again.status == StatusCode::UNPROCESSABLE_ENTITY
            && again.text().contains("The sum must be above zero")
            && again.text().contains("value=\"-5\"")
            && again.text().contains("Naqd"),
        "{}",
        again.text()
    );
    let paid = site.form("/contacts/1/pay", &money("350")).await;
    assert_eq!(paid.header("location"), Some("/contacts/1/statement"), "{}", paid.text());
    credit(db, &ctx, &order, &made, Some(&[(0, 1)])).unwrap();
    let statement = site.page("/contacts/1/statement").await.text();
    assert!(statement.contains("/contacts/1/refund"), "{statement}");
    let form = site.page("/contacts/1/refund").await.text();
    assert!(form.contains("value=\"150\""), "{form}");
    let again = site.form("/contacts/1/refund", &money("151")).await;
    assert!(
        again.text().contains("150 soʻm of what was paid on account can be given back"),
        "{}",
        again.text()
    );
    let back = site.form("/contacts/1/refund", &money("100")).await;
    assert_eq!(back.header("location"), Some("/contacts/1/statement"), "{}", back.text());
    let page = site.page("/payments/2").await.text();
    assert!(page.contains("Refund № 2") && page.contains("/ledger/entries/"), "{page}");
    let page = site.page(&format!("/orders/{}", order.number)).await.text();
    // Of the 350 the order has 200: what is left of it.
    assert!(page.contains("Paid on account") && page.contains("200") && !page.contains("350"), "{page}");

    // The same by the API.
    let body = json!({ "customer_id": 1, "amount": 60 });
    let more = site.post("/api/sales-refunds", body).await;
    assert_eq!(
        (more.status, more.errors()),
        (StatusCode::UNPROCESSABLE_ENTITY, vec!["amount: sales-refund-on-account-too-large".to_owned()])
    );
    let back = site.post("/api/sales-refunds", json!({ "customer_id": 1 })).await;
    assert_eq!(back.status, StatusCode::OK, "{}", back.text());
    let back = back.json();
    assert_eq!(
        (&back["kind"], &back["amount"], &back["order_id"]),
        (&json!("refund"), &json!(50), &json!(null))
    );
    let nothing = site.post("/api/sales-refunds", json!({ "customer_id": 1 })).await;
    assert_eq!(nothing.status, StatusCode::CONFLICT, "{}", nothing.text());
    let nobody = site.post("/api/sales-refunds", json!({ "customer_id": 77 })).await;
    assert!(nobody.text().contains("customer_id"), "{}", nobody.text());
    let statement = site.get("/api/customers/1/statement").await.json();
    assert_eq!((&statement["balance"], &statement["on_account"]), (&json!(0), &json!(0)));
    assert_sound(db, &ctx);
}

#[db_test]
async fn a_payment_on_account_that_pays_nothing_yet_is_taken_back_on_its_page(db: &TestDb) {
    let (mut site, ctx) = (site(db), ctx(1));
    let aziza = customer(db, &ctx);
    takes(db, &ctx, &aziza, Some(70)).unwrap();
    let page = site.page("/payments/1").await.text();
    assert!(page.contains("/payments/1/reverse"), "{page}");
    let back = site.form("/payments/1/reverse", &[]).await;
    assert_eq!(back.header("location"), Some("/payments/1"), "{}", back.text());
    assert!(site.page("/payments/1").await.text().contains("Taken back"));
    assert_eq!(books(db, &ctx), "");
    assert_sound(db, &ctx);
}
