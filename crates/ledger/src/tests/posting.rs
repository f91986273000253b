//! Entries: posted once, balanced, sealed.

use db::{Lane, db_test, params, testing::TestDb};
use kernel::{Kind, Money};

use super::{assert_sound, ctx, day, entry, invoice, invoiced, lines, posted, read, told, trial, write};
use crate::{
    EntryFilter, MAX_AMOUNT, MAX_LINES, NewLine, Role, Side, WriteEntry, entries_of, list_entries, post,
    post_all, write_entry,
};

#[db_test]
fn a_sale_stands_in_the_books(db: &TestDb) {
    let ctx = ctx(1);
    assert_eq!(invoiced(db, &ctx, 7).unwrap().number, 1);
    assert_eq!(
        trial(db, &ctx, "2026-09-01", "2026-09-30"),
        "4010: 0 +168000 -0 = 168000 | 6410: 0 +0 -18000 = -18000 | 9020: 0 +0 -150000 = -150000"
    );
    let id = uuid::Uuid::from_u128(7);
    let found = read(db, &ctx, move |ctx, tx| entries_of(ctx, tx, "sales_invoice", id));
    assert_eq!((found.len(), found[0].line_count, found[0].total), (1, 3, Money::from_som(168_000)));
    assert_sound(db, &ctx);
}

#[db_test]
fn a_document_posts_each_of_its_entries_once(db: &TestDb) {
    let ctx = ctx(1);
    invoiced(db, &ctx, 7).unwrap();
    assert_eq!(told(&invoiced(db, &ctx, 7).unwrap_err()), "Conflict ledger-entry-is-posted");
    assert_eq!(invoiced(db, &ctx, 8).unwrap().number, 2, "the number of the refused one is given back");
    assert_sound(db, &ctx);
}

#[db_test]
fn an_entry_of_four_lines_takes_five_statements_and_so_do_three_entries_together(db: &TestDb) {
    let ctx = ctx(1);
    invoiced(db, &ctx, 1).unwrap();
    db.set_recording(true);
    write(db, &ctx, |ctx, tx| {
        let som = Money::from_som;
        let mut new = invoice(2).with(NewLine::debit(Role::Customers, som(5)));
        new.lines.push(NewLine::credit(Role::Cash, som(5)));
        post(ctx, tx, new)
    })
    .unwrap();
    write(db, &ctx, |ctx, tx| post_all(ctx, tx, vec![invoice(3), invoice(4), invoice(5)])).unwrap();
    db.set_recording(false);
    let counts: Vec<_> = db.take_record().iter().map(Vec::len).collect();
    assert_eq!(counts, [5, 5]);
    assert_sound(db, &ctx);
}

#[db_test]
fn bad_input_is_refused_with_its_field(db: &TestDb) {
    let ctx = ctx(1);
    let line = |side, amount| NewLine::new("5010", side, Money::from_tiyin(amount));
    let with = |lines: Vec<NewLine>| WriteEntry { lines, ..entry("2026-09-01", "5010 1 | 9390 -1") };
    let many = |count: usize| {
        let mut lines = vec![line(Side::Debit, 1); count - 1];
        lines.push(line(Side::Credit, i64::try_from(count - 1).unwrap()));
        with(lines)
    };
    for (input, expected) in [
        (with(lines("5010 10 | 9390 -9.99")), "lines: ledger-entry-unbalanced"),
        (with(lines("5010 10")), "lines: ledger-entry-unbalanced"),
        (with(Vec::new()), "lines: ledger-lines-missing"),
        (
            with(lines("5010 0 | 9390 -0")),
            "lines.0.amount: ledger-amount-not-positive, lines.1.amount: ledger-amount-not-positive",
        ),
        (
            with(vec![line(Side::Debit, -5), line(Side::Credit, -5)]),
            "lines.0.amount: ledger-amount-not-positive, lines.1.amount: ledger-amount-not-positive",
        ),
        (
            with(vec![line(Side::Debit, i64::MAX), line(Side::Credit, i64::MAX)]),
            "lines.0.amount: ledger-amount-too-large, lines.1.amount: ledger-amount-too-large",
        ),
        (with(vec![line(Side::Credit, i64::MIN)]), "lines.0.amount: ledger-amount-not-positive"),
        (with(vec![line(Side::Debit, MAX_AMOUNT.tiyin()); 9_300]), "lines: kernel-number-too-large"),
        (with(lines("5011 10 | 9390 -10")), "lines.0.account: ledger-account-unknown"),
        (with(lines("5000 10 | 9390 -10")), "lines.0.account: ledger-account-is-group"),
        (
            with(vec![NewLine::debit(kernel::Id::from_uuid(uuid::Uuid::from_u128(5)), Money::from_som(1))]),
            "lines.0.account: ledger-account-unknown",
        ),
        (many(MAX_LINES + 1), "lines: ledger-lines-too-many"),
        (
            WriteEntry { memo: " ".into(), ..entry("2026-09-01", "5010 1 | 9390 -1") },
            "memo: kernel-text-missing",
        ),
        (
            WriteEntry { memo: "a\0".into(), ..entry("2026-09-01", "5010 1 | 9390 -1") },
            "memo: kernel-text-has-control",
        ),
        (entry("1999-12-31", "5010 1 | 9390 -1"), "date: ledger-date-beyond"),
        (entry("2100-01-01", "5010 1 | 9390 -1"), "date: ledger-date-beyond"),
    ] {
        let error = write(db, &ctx, move |ctx, tx| write_entry(ctx, tx, input.clone())).unwrap_err();
        assert_eq!(told(&error), expected);
    }
    let input = many(MAX_LINES);
    write(db, &ctx, move |ctx, tx| write_entry(ctx, tx, input.clone())).unwrap();
    assert_sound(db, &ctx);
}

#[db_test]
fn an_account_that_would_overflow_is_refused_in_words_and_nothing_is_lost(db: &TestDb) {
    let ctx = ctx(1);
    let text = format!("5010 {MAX_AMOUNT} | 9390 -{MAX_AMOUNT}");
    for _ in 0..5 {
        posted(db, &ctx, "2026-09-01", &text).unwrap();
    }
    let error = posted(db, &ctx, "2026-09-02", &text).unwrap_err();
    assert_eq!(told(&error), "Conflict ledger-turnover-too-large");
    posted(db, &ctx, "2026-08-31", &text).unwrap();
    assert_sound(db, &ctx);
}

#[db_test]
fn an_account_of_another_workspace_is_no_account(db: &TestDb) {
    let (ours, theirs) = (ctx(1), ctx(2));
    invoiced(db, &theirs, 1).unwrap();
    invoiced(db, &ours, 1).unwrap();
    let account = read(db, &theirs, |ctx, tx| crate::find_account(ctx, tx, "5010")).id;
    let input = WriteEntry {
        lines: vec![NewLine::debit(account, Money::from_som(1)), NewLine::credit("9390", Money::from_som(1))],
        ..entry("2026-09-01", "5010 1")
    };
    let error = write(db, &ours, move |ctx, tx| write_entry(ctx, tx, input.clone())).unwrap_err();
    assert_eq!(told(&error), "lines.0.account: ledger-account-unknown");
    let all = read(db, &ours, |ctx, tx| {
        list_entries(ctx, tx, &EntryFilter::default(), kernel::PageRequest::default())
    });
    assert_eq!(all.count, 1);
}

#[db_test]
fn what_stands_beside_the_balance_needs_no_other_side(db: &TestDb) {
    let ctx = ctx(1);
    posted(db, &ctx, "2026-09-01", "002 500").unwrap();
    posted(db, &ctx, "2026-09-02", "002 -200 | 5010 10 | 9390 -10").unwrap();
    let error = posted(db, &ctx, "2026-09-02", "002 -10 | 5010 10").unwrap_err();
    assert_eq!(told(&error), "lines: ledger-entry-unbalanced");
    assert_eq!(
        trial(db, &ctx, "2026-09-01", "2026-09-30"),
        "5010: 0 +10 -0 = 10 | 9390: 0 +0 -10 = -10 | 002: 0 +500 -200 = 300"
    );
    assert_sound(db, &ctx);
}

#[db_test]
fn the_database_itself_refuses_what_must_not_be(db: &TestDb) {
    let ctx = ctx(1);
    invoiced(db, &ctx, 7).unwrap();
    for sql in [
        "UPDATE ledger_entry SET memo = 'x' WHERE workspace_id = $1",
        "DELETE FROM ledger_entry WHERE workspace_id = $1",
        "UPDATE ledger_line SET amount_tiyin = 1 WHERE workspace_id = $1",
        "DELETE FROM ledger_line WHERE workspace_id = $1",
        // One more line of an entry that stands.
        "INSERT INTO ledger_line (workspace_id, entry_id, position, account_id, amount_tiyin, off_balance, number, entry_on, note)
         SELECT workspace_id, entry_id, 9, account_id, 5, off_balance, number, entry_on, note FROM ledger_line WHERE workspace_id = $1 AND position = 0",
        // An entry without lines.
        "INSERT INTO ledger_entry (workspace_id, id, number, entry_on, memo_key, memo_args, memo, memo_fold, source_kind, source_id, purpose, line_count, total_tiyin, posted_by, posted_at_ms)
         SELECT workspace_id, source_id, 99, entry_on, memo_key, memo_args, memo, memo_fold, source_kind, source_id, 'other', line_count, total_tiyin, posted_by, posted_at_ms FROM ledger_entry WHERE workspace_id = $1",
    ] {
        let error = write(db, &ctx, move |ctx, tx| tx.execute(sql, params![ctx.workspace()])).unwrap_err();
        assert_eq!(error.kind(), Kind::Internal, "{sql}");
    }
    assert_sound(db, &ctx);
}

#[db_test]
fn the_database_itself_refuses_to_seal_what_does_not_balance(db: &TestDb) {
    let ctx = ctx(1);
    invoiced(db, &ctx, 7).unwrap();
    for (amount, is_sealed) in [(-5_i64, true), (-4, false)] {
        let outcome = write(db, &ctx, move |ctx, tx| {
            let account = crate::find_account(ctx, tx, "5010")?.id;
            let id: kernel::Id<crate::Entry> = ctx.new_id();
            for (position, amount) in [(0_i64, 5_i64), (1, amount)] {
                tx.execute_one(
                    "INSERT INTO ledger_line (workspace_id, entry_id, position, account_id, amount_tiyin, off_balance, number, entry_on, note)
                     VALUES ($1, $2, $3, $4, $5, $6, 50, $7, '')",
                    params![ctx.workspace(), id, position, account, amount, false, day("2026-09-01")],
                )?;
            }
            tx.execute_one(
                "INSERT INTO ledger_entry (workspace_id, id, number, entry_on, memo_key, memo_args, memo, memo_fold, source_kind, source_id, purpose, line_count, total_tiyin, posted_by, posted_at_ms)
                 VALUES ($1, $2, 50, $3, '', '{}', '', '', 'x', $2, 'x', 2, 5, '', 0)",
                params![ctx.workspace(), id, day("2026-09-01")],
            )?;
            Err::<(), _>(kernel::Error::not_found())
        });
        let kind = outcome.unwrap_err().kind();
        assert_eq!(kind == Kind::NotFound, is_sealed, "{kind:?}");
    }
}

#[db_test]
async fn sixty_four_at_once_post_to_the_same_accounts(db: &TestDb) {
    let ctx = ctx(1);
    let calls: Vec<_> = (0..64_u128)
        .map(|document| {
            let (db, own) = ((**db).clone(), ctx.clone());
            tokio::spawn(async move {
                db.write(own.workspace(), Lane::People, move |tx| post(&own, tx, invoice(document))).await
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for call in calls {
        numbers.push(call.await.unwrap().unwrap().number);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=64).collect::<Vec<_>>());
    assert_sound(db, &ctx);
}
