//! Trial balances, account ledgers, balances of contacts and products.

use db::{Backend, db_test, params, testing::TestDb};
use kernel::{Id, Money, PageRequest};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::{ctx, day, invoice, posted, read, trial, write};
use crate::{
    EntryFilter, NewLine, Role, account_lines, check, contact_balances, find_account, list_entries, post,
    product_balances, reverse, trial_balance,
};

#[db_test]
fn a_range_may_begin_and_end_within_months(db: &TestDb) {
    let ctx = ctx(1);
    for (on, sum) in [
        ("2026-06-30", 1),
        ("2026-07-01", 2),
        ("2026-07-15", 4),
        ("2026-08-10", 8),
        ("2026-08-31", 16),
        ("2026-09-01", 32),
    ] {
        posted(db, &ctx, on, &format!("5010 {sum} | 9390 -{sum}")).unwrap();
    }
    let cash = |from, until| trial(db, &ctx, from, until).split(" | ").next().unwrap().to_owned();
    assert_eq!(cash("2026-07-01", "2026-07-31"), "5010: 1 +6 -0 = 7");
    assert_eq!(cash("2026-07-02", "2026-08-30"), "5010: 3 +12 -0 = 15");
    assert_eq!(cash("2026-07-15", "2026-07-15"), "5010: 3 +4 -0 = 7");
    assert_eq!(cash("2026-08-11", "2026-08-30"), "5010: 15 +0 -0 = 15");
    assert_eq!(cash("2000-01-01", "2099-12-31"), "5010: 0 +63 -0 = 63");
    assert_eq!(trial(db, &ctx, "2026-01-01", "2026-06-29"), "");
}

#[db_test]
fn an_account_shows_what_stood_on_it_after_each_line_on_every_page(db: &TestDb) {
    let ctx = ctx(1);
    for (on, text) in [
        ("2026-08-01", "5010 100 | 9390 -100"),
        ("2026-09-02", "5010 5 | 9390 -5"),
        ("2026-09-01", "9430 30 | 5010 -30"),
        ("2026-09-02", "5010 7 | 9390 -7"),
    ] {
        posted(db, &ctx, on, text).unwrap();
    }
    let balances = |page: u32| {
        let found = read(db, &ctx, move |ctx, tx| {
            let cash = find_account(ctx, tx, "5010")?.id;
            account_lines(ctx, tx, cash, day("2026-09-01"), day("2026-09-30"), PageRequest::new(page, 2))
        });
        assert_eq!(found.count, 3);
        found.results.iter().map(|line| line.balance.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(balances(1), ["70", "75"]);
    assert_eq!(balances(2), ["82"]);
}

#[db_test]
fn entries_are_found_by_day_account_document_sum_and_words(db: &TestDb) {
    let ctx = ctx(1);
    write(db, &ctx, |ctx, tx| post(ctx, tx, invoice(7))).unwrap();
    posted(db, &ctx, "2026-08-01", "5010 100 | 9390 -100").unwrap();
    let found = |filter: EntryFilter| {
        let page = read(db, &ctx, move |ctx, tx| list_entries(ctx, tx, &filter, PageRequest::default()));
        page.results.iter().map(|entry| entry.number).collect::<Vec<_>>()
    };
    let cash = read(db, &ctx, |ctx, tx| find_account(ctx, tx, "5010")).id;
    let any = EntryFilter::default;
    assert_eq!(found(any()), [1, 2]);
    assert_eq!(found(EntryFilter { ascending: true, ..any() }), [2, 1]);
    assert_eq!(found(EntryFilter { until: Some(day("2026-08-31")), ..any() }), [2]);
    assert_eq!(found(EntryFilter { from: Some(day("2026-09-10")), ..any() }), [1]);
    assert_eq!(found(EntryFilter { account: Some(cash), ..any() }), [2]);
    assert_eq!(found(EntryFilter { source_kind: Some("sales_invoice".into()), ..any() }), [1]);
    assert_eq!(found(EntryFilter { amount: Some(Money::from_som(100)), ..any() }), [2]);
    assert_eq!(found(EntryFilter { text: "СОТУВ".into(), ..any() }), [1]);
    assert_eq!(found(EntryFilter { text: "100%_".into(), ..any() }), Vec::<i64>::new());
}

#[db_test]
fn customers_and_products_have_their_own_balances(db: &TestDb) {
    let ctx = ctx(1);
    let id = |n: u128| -> Id<()> { Id::from_uuid(uuid::Uuid::from_u128(n)) };
    write(db, &ctx, move |ctx, tx| {
        let mut sale = invoice(1);
        sale.lines[0] = sale.lines[0].clone().contact(id(5));
        let som = Money::from_som;
        let mut goods = invoice(2);
        goods.lines = vec![
            NewLine::debit(Role::Goods, som(70)).product(id(8)).warehouse(id(9)),
            NewLine::credit(Role::Customers, som(70)).contact(id(6)),
        ];
        post(ctx, tx, sale)?;
        post(ctx, tx, goods)
    })
    .unwrap();
    let (debts, goods) = read(db, &ctx, move |ctx, tx| {
        let asked = [id(6).uuid(), id(5).uuid(), id(4).uuid()];
        Ok((contact_balances(ctx, tx, Role::Customers, &asked)?, product_balances(ctx, tx, Role::Goods)?))
    });
    let debts: Vec<_> = debts.iter().map(|(_, money)| money.to_string()).collect();
    assert_eq!(debts, ["-70", "168000", "0"]);
    assert_eq!(goods, [(id(8).uuid(), Money::from_som(70))]);
}

#[db_test]
fn what_does_not_agree_is_found(db: &TestDb) {
    let ctx = ctx(1);
    posted(db, &ctx, "2026-08-01", "5010 100 | 9390 -100").unwrap();
    write(db, &ctx, |ctx, tx| {
        let sql = "UPDATE ledger_balance SET debit_tiyin = debit_tiyin + 1 WHERE workspace_id = $1 AND debit_tiyin > 0";
        tx.execute_one(sql, params![ctx.workspace()])?;
        tx.execute_one("UPDATE ledger_book SET last_number = 5 WHERE workspace_id = $1", params![ctx.workspace()])
    })
    .unwrap();
    let found = read(db, &ctx, check);
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found[0].starts_with("account 5010 in 2026-08"), "{found:?}");
}

#[db_test]
fn any_posts_and_reversals_keep_the_books_balanced(db: &TestDb) {
    let cases = if db.backend() == Backend::Sqlite { 12 } else { 4 };
    let step = (0_u32..20, 0_usize..4, 0_usize..4, 1_i64..1_000_000, 0_u64..120);
    let steps = prop::collection::vec(step, 1..25);
    let workspace = std::cell::Cell::new(10_u128);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    runner
        .run(&steps, |steps| {
            workspace.set(workspace.get() + 1);
            let ctx = ctx(workspace.get());
            let codes = ["5010", "4010", "9020", "002"];
            let mut numbers = Vec::new();
            let mut cash = 0;
            for (kind, left, right, amount, days) in steps {
                let on = day("2026-06-01").plus_days(days);
                if kind < 5 && !numbers.is_empty() {
                    let id = numbers[kind as usize % numbers.len()];
                    let (_, done) = write(db, &ctx, move |ctx, tx| {
                        let done = tx.savepoint(|tx| reverse(ctx, tx, id, on, crate::Memo::said("x")));
                        let lines = crate::entry_lines(ctx, tx, id)?;
                        Ok((lines, done.is_ok()))
                    })
                    .unwrap();
                    if done {
                        let own = cash_of(db, &ctx, id);
                        cash -= own;
                    }
                    continue;
                }
                let (left, right) = (codes[left], codes[right]);
                let (a, b) = (Money::from_tiyin(amount), Money::from_tiyin(amount));
                let outcome = posted(db, &ctx, &on.to_string(), &format!("{left} {a} | {right} -{b}"));
                if let Ok(posted) = outcome {
                    cash += cash_of(db, &ctx, posted.id);
                    numbers.push(posted.id);
                } else {
                    prop_assert!((left == "002") != (right == "002"));
                }
            }
            prop_assert_eq!(read(db, &ctx, check), Vec::<String>::new());
            for (from, until) in
                [("2026-06-01", "2026-12-31"), ("2026-06-11", "2026-08-20"), ("2026-07-01", "2026-07-31")]
            {
                trial(db, &ctx, from, until);
            }
            let whole =
                read(db, &ctx, |ctx, tx| trial_balance(ctx, tx, day("2000-01-01"), day("2099-12-31")));
            let found = whole.rows.iter().find(|row| row.account.code == "5010");
            let net = found.map_or(0, |row| row.closing.debit.tiyin() - row.closing.credit.tiyin());
            prop_assert_eq!(net, cash);
            Ok(())
        })
        .unwrap();
}

fn cash_of(db: &TestDb, ctx: &context::Ctx, id: Id<crate::Entry>) -> i64 {
    read(db, ctx, move |ctx, tx| {
        let cash = find_account(ctx, tx, "5010")?.id;
        let lines = crate::entry_lines(ctx, tx, id)?;
        Ok(lines.iter().filter(|line| line.account == cash).map(|line| line.amount.tiyin()).sum())
    })
}
