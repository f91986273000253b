//! How SQLite finds what a sale asks for: it plans by the indexes alone, and an unlucky statement would be slower with
//! each sale that was made.

use db::{Statement, testing::TestDb};

use super::*;
use crate::{
    NewDelivery, NewInvoice, NewPayment, QuickSale, deliver_order, invoice_order, pay_order, sell,
    test_migrations,
};

/// Few rows of a workspace, whatever it sells.
const SMALL: [&str; 9] = [
    "context_setting",
    "catalog_category",
    "tax_vat_rate",
    "stock_warehouse",
    "ledger_account",
    "ledger_role",
    "ledger_period",
    "ledger_book",
    "cash_register",
];

/// Statements, and how SQLite runs each.
fn plans(db: &TestDb, statements: Vec<Statement>) -> Vec<(String, Vec<String>)> {
    let explain = |Statement { sql, values }: Statement| {
        let explained = format!("EXPLAIN QUERY PLAN {sql}");
        let plan =
            db.read_now(Scope::Server, move |tx| tx.query(&explained, &values, |row| row.get(3))).unwrap();
        (sql, plan)
    };
    statements.into_iter().map(explain).collect()
}

#[test]
fn no_statement_of_a_sale_walks_along_a_whole_workspace() {
    let db = TestDb::sqlite(&test_migrations());
    let ctx = ctx(1);
    let (choy, non) = (product(&db, &ctx, "A", 112, 99), product(&db, &ctx, "B", 56, 99));
    let aziza = customer(&db, &ctx);
    let goods = OrderContent { customer: Some(aziza.id), ..content(&[(&choy, 2), (&non, 1)]) };
    let in_steps = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let order = create_order(ctx, tx, Source::Staff, Status::Confirmed, goods.clone())?;
        deliver_order(ctx, tx, order.id, NewDelivery::default())?;
        invoice_order(ctx, tx, order.id, NewInvoice::default())?;
        pay_order(ctx, tx, order.id, NewPayment::default())
    };
    let Goods::Lines(lines) = content(&[(&choy, 1), (&non, 2)]).goods else { unreachable!() };
    let sale = QuickSale { customer: Some(aziza.id), lines, ..QuickSale::default() };
    let at_once = move |ctx: &Ctx, tx: &mut Tx<'_>| sell(ctx, tx, Source::Staff, sale.clone());
    let order = cart(&aziza, &[(&choy, 1), (&non, 2)]);
    let by_chat = move |ctx: &Ctx, tx: &mut Tx<'_>| place_order(ctx, tx, order.clone());
    write(&db, &ctx, at_once.clone()).unwrap();
    db.set_recording(true);
    write(&db, &ctx, at_once).unwrap();
    write(&db, &ctx, in_steps).unwrap();
    write(&db, &ctx, by_chat).unwrap();
    db.set_recording(false);
    let statements: Vec<Statement> = db.take_record().into_iter().flatten().collect();
    assert!(statements.len() > 50);
    for (sql, plan) in plans(&db, statements) {
        for step in &plan {
            let mut words = step.split(' ');
            let (how, what) = (words.next().unwrap(), words.next().unwrap());
            // Rows that the statement brings along are scanned, too; tables have a `_` in their names, or are called by a letter. What the plan
            // has for foreign keys is not in the statement, and is not run where no row goes.
            let is_table = (what.contains('_') && sql.contains(what)) || sql.contains(&format!(" {what}."));
            let walks = is_table && (how == "SCAN" || step.ends_with("(workspace_id=?)"));
            assert!(!walks || SMALL.contains(&what), "{step}\n{sql}");
        }
    }
}
