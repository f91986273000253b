//! Months: closed one after another, opened from the last one back.

use db::{Lane, db_test, testing::TestDb};
use kernel::Error;

use super::{assert_sound, ctx, day, invoice, posted, read, told, write};
use crate::{Month, close_period, periods, post, reopen_period};

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn close(db: &TestDb, text: &str) -> Result<(), String> {
    let month = month(text);
    write(db, &ctx(1), move |ctx, tx| close_period(ctx, tx, month)).map(drop).map_err(|e| told(&e))
}

fn reopen(db: &TestDb, text: &str) -> Result<(), String> {
    let month = month(text);
    write(db, &ctx(1), move |ctx, tx| reopen_period(ctx, tx, month)).map(drop).map_err(|e| told(&e))
}

#[db_test]
fn nothing_is_posted_into_a_closed_month(db: &TestDb) {
    let ctx = ctx(1);
    let entry = "5010 10 | 9390 -10";
    posted(db, &ctx, "2026-07-15", entry).unwrap();
    close(db, "2026-07").unwrap();
    for on in ["2026-07-31", "2026-07-01", "2026-06-30", "2025-01-01"] {
        assert_eq!(told(&posted(db, &ctx, on, entry).unwrap_err()), "date: ledger-period-is-closed", "{on}");
    }
    posted(db, &ctx, "2026-08-01", entry).unwrap();
    reopen(db, "2026-07").unwrap();
    posted(db, &ctx, "2026-07-31", entry).unwrap();
    assert_sound(db, &ctx);
}

#[db_test]
fn months_close_in_order_and_open_from_the_last(db: &TestDb) {
    posted(db, &ctx(1), "2026-06-15", "5010 10 | 9390 -10").unwrap();
    let refused = |outcome: Result<(), String>| outcome.unwrap_err();
    assert_eq!(refused(close(db, "2026-07")), "Conflict ledger-period-before-open");
    assert_eq!(refused(reopen(db, "2026-07")), "Conflict ledger-period-is-open");
    close(db, "2026-06").unwrap();
    assert_eq!(refused(close(db, "2026-06")), "Conflict ledger-period-is-closed-already");
    assert_eq!(refused(close(db, "2026-08")), "Conflict ledger-period-before-open");
    close(db, "2026-07").unwrap();
    assert_eq!(refused(close(db, "2026-09")), "month: ledger-period-not-over");
    assert_eq!(refused(reopen(db, "2026-06")), "Conflict ledger-period-after-closed");
    let seen = read(db, &ctx(1), periods);
    let seen: Vec<_> = seen.iter().map(|p| format!("{} {}", p.month, p.closed.is_some())).collect();
    assert_eq!(seen, ["2026-09 false", "2026-08 false", "2026-07 true", "2026-06 true"]);
    reopen(db, "2026-07").unwrap();
    reopen(db, "2026-06").unwrap();
    assert_eq!(refused(reopen(db, "2026-06")), "Conflict ledger-period-is-open");
}

#[db_test]
async fn of_two_who_close_a_month_at_once_one_does(db: &TestDb) {
    let ctx = ctx(1);
    posted(db, &ctx, "2026-07-15", "5010 10 | 9390 -10").unwrap();
    let close = || {
        let own = ctx.clone();
        db.write(&ctx, Lane::People, move |tx| close_period(&own, tx, month("2026-07")))
    };
    let (one, two) = tokio::join!(close(), close());
    let refused: Vec<_> = [one, two].into_iter().filter_map(Result::err).map(|e| told(&e)).collect();
    assert_eq!(refused, ["Conflict ledger-period-is-closed-already"]);
}

#[db_test]
async fn who_posts_while_a_month_is_closed_stands_before_it_or_is_refused(db: &TestDb) {
    let ctx = ctx(1);
    posted(db, &ctx, "2026-08-01", "5010 10 | 9390 -10").unwrap();
    let mut calls = Vec::new();
    for document in 0..40_u128 {
        let (db, own) = ((**db).clone(), ctx.clone());
        calls.push(tokio::spawn(async move {
            db.write(own.workspace(), Lane::People, move |tx| {
                if document == 20 {
                    return close_period(&own, tx, month("2026-08")).map(|_| true);
                }
                let mut new = invoice(document);
                new.date = day("2026-08-31");
                post(&own, tx, new).map(|_| false)
            })
            .await
        }));
    }
    let (mut stand, mut closed) = (1, 0);
    for call in calls {
        match call.await.unwrap() {
            Ok(true) => closed += 1,
            Ok(false) => stand += 1,
            Err(error) => assert_eq!(told(&error), "date: ledger-period-is-closed"),
        }
    }
    assert_eq!(closed, 1);
    let count = read(db, &ctx, |ctx, tx| {
        let all =
            crate::list_entries(ctx, tx, &crate::EntryFilter::default(), kernel::PageRequest::default())?;
        Ok::<_, Error>(all.count)
    });
    assert_eq!(count, stand);
    assert_sound(db, &ctx);
}
