//! Invoices, credit notes and receipts as PDF: what is read for them, and their addresses.

use std::sync::Arc;

use axum::http::StatusCode;
use context::{Ctx, Services};
use db::{Tx, db_test, params, testing::TestDb};
use kernel::{Money, Quantity};
use text::Texts;
use web::testing::{Answer, Site, ctx};

use super::{content, create, customer, product, read, told_events, write};
use crate::{
    DELIVERY_POSTED, INVOICE_POSTED, Invoice, NewCreditNote, NewDelivery, NewInvoice, NewPayment, Order,
    PAYMENT_RECEIVED, PaperKind, Papers, Status, credit_invoice, deliver_order, invoice_order, invoice_paper,
    module, pay_order, receipt_paper,
};

fn site(db: &TestDb) -> Site {
    let papers = Papers::new(Arc::new(Texts::new(&[text::BASE, crate::TEXTS])));
    let site = Site::new(db, Services::default().with(Arc::new(papers)), vec![module()]);
    company(db, &ctx(1));
    site
}

/// The company that papers name.
pub(super) fn company(db: &TestDb, ctx: &Ctx) {
    write(db, ctx, |ctx, tx| {
        tx.execute_one(
            "INSERT INTO auth_workspace (workspace_id, name, slug, lang, zone, tin, address, created_at_ms)
             VALUES ($1, $2, 'chorsu', 'uz', 'Asia/Tashkent', '300000017', 'Toshkent, Chorsu', $3)",
            params![ctx.workspace(), "Chorsu Texno", ctx.now()],
        )
    })
    .unwrap();
}

/// An order of two kinds of goods, delivered, invoiced and half paid.
fn invoiced(db: &TestDb) -> (Order, Invoice) {
    let ctx = ctx(1);
    let (tv, case) = (product(db, &ctx, "TV", 4_480_000, 10), product(db, &ctx, "CASE", 112_000, 10));
    let mut content = content(&[(&tv, 1), (&case, 3)]);
    content.customer = Some(customer(db, &ctx).id);
    let id = create(db, &ctx, Status::Confirmed, content).unwrap().id;
    write(db, &ctx, move |ctx, tx| {
        deliver_order(ctx, tx, id, NewDelivery::default())?;
        let (_, invoice) = invoice_order(ctx, tx, id, NewInvoice::default())?;
        let half = NewPayment { amount: Some(Money::from_som(2_000_000)), ..NewPayment::default() };
        let (order, _) = pay_order(ctx, tx, id, half)?;
        Ok((order, invoice))
    })
    .unwrap()
}

#[track_caller]
fn assert_pdf(answer: &Answer, name: &str) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/pdf"));
    assert_eq!(answer.header("content-disposition"), Some(format!("inline; filename=\"{name}\"").as_str()));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.bytes.starts_with(b"%PDF-") && answer.bytes.len() > 8_000);
}

#[db_test]
fn what_stands_on_papers_is_what_stands_in_the_books(db: &TestDb) {
    let _site = site(db);
    let (order, invoice) = invoiced(db);
    let id = invoice.id;
    let paper = read(db, &ctx(1), move |ctx, tx| invoice_paper(ctx, tx, id));
    assert_eq!((paper.kind, paper.label, paper.order.0), (PaperKind::Invoice, invoice.label(), order.number));
    assert_eq!(
        (paper.seller.party.name.as_str(), paper.buyer.name.as_str()),
        ("Chorsu Texno", "Aziza Karimova")
    );
    assert_eq!((paper.lines.len(), paper.amounts), (2, invoice.amounts));
    assert_eq!((paper.amounts.total, paper.paid), (Money::from_som(4_816_000), Money::from_som(2_000_000)));
    let case = paper.lines.last().unwrap();
    assert_eq!((case.quantity, case.amounts.vat), (Quantity::from_units(3), Money::from_som(36_000)));

    let back = move |ctx: &Ctx, tx: &mut Tx<'_>| credit_invoice(ctx, tx, id, NewCreditNote::default());
    let note = write(db, &ctx(1), back).unwrap().1.id;
    let paper = read(db, &ctx(1), move |ctx, tx| invoice_paper(ctx, tx, note));
    assert_eq!(paper.kind, PaperKind::CreditNote(invoice.label(), invoice.invoiced_on));
    assert_eq!(paper.amounts, invoice.amounts);

    let of = order.id;
    let given = Some(Money::from_som(2_100_000));
    let receipt = read(db, &ctx(1), move |ctx, tx| receipt_paper(ctx, tx, of, given));
    let paid: Vec<_> = receipt.payments.iter().map(|payment| (payment.is_cash, payment.amount)).collect();
    assert_eq!(paid, [(true, Money::from_som(2_000_000))]);
    assert_eq!(receipt.change().unwrap(), Money::from_som(100_000));
}

#[db_test]
async fn papers_have_addresses_for_those_who_may_see_sales(db: &TestDb) {
    let site = site(db);
    let (order, invoice) = invoiced(db);
    let label = invoice.label();
    let path = format!("/invoices/{label}/pdf");
    assert_pdf(&site.page(&path).await, &format!("invoice-{label}.pdf"));
    let russian = site.page(&format!("{path}?lang=ru")).await;
    assert_pdf(&russian, &format!("schet-faktura-{label}.pdf"));
    for key in [label.clone(), invoice.id.to_string()] {
        let answer = site.get(&format!("/api/sales-invoices/{key}/pdf?lang=uz")).await;
        assert_pdf(&answer, &format!("hisobvaraq-faktura-{label}.pdf"));
    }
    let receipt = format!("/orders/{}/receipt.pdf", order.number);
    assert_pdf(&site.page(&format!("{receipt}?given=2100000")).await, "receipt-1.pdf");

    for missing in ["/invoices/2026-999999/pdf", "/invoices/x/pdf", "/orders/9/receipt.pdf"] {
        assert_eq!(site.page(missing).await.status, StatusCode::NOT_FOUND, "{missing}");
    }
    for path in [&path, &receipt] {
        assert_eq!(site.by("2").page(path).await.status, StatusCode::NOT_FOUND, "another workspace");
        assert_eq!(site.by("1:inventory.read").page(path).await.status, StatusCode::FORBIDDEN);
    }
    for (wrong, field) in [("lang=de", "lang"), ("lang=uz&given=many", "given")] {
        let refused = site.get(&format!("{receipt}?{wrong}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
    }
    let refused = site.get(&format!("/api/sales-invoices/{label}/pdf?lang=de")).await;
    assert_eq!(refused.errors(), ["lang: sales-print-lang-unknown"]);
}

#[db_test]
async fn an_order_that_nobody_accepted_has_no_receipt(db: &TestDb) {
    let site = site(db);
    let tv = product(db, &ctx(1), "TV", 4_480_000, 10);
    create(db, &ctx(1), Status::New, content(&[(&tv, 1)])).unwrap();
    assert_eq!(site.get("/orders/1/receipt.pdf").await.status, StatusCode::CONFLICT);
}

#[db_test]
fn what_is_told_of_documents_can_be_read_again(db: &TestDb) {
    let _site = site(db);
    let (_, invoice) = invoiced(db);
    let told = told_events(db);
    let of = |name: &str| told.iter().find(|(found, _)| found == name).unwrap().1.told.clone();
    assert_eq!(of(INVOICE_POSTED).invoice, Some(invoice.id));
    assert_eq!(of(PAYMENT_RECEIVED).amount, Some(Money::from_som(2_000_000)));
    assert_eq!(of(PAYMENT_RECEIVED).left, Some(Money::from_som(2_816_000)));
    assert!(of(DELIVERY_POSTED).whole && of(DELIVERY_POSTED).number == Some(1));
}
