//! Taking entries back.

use db::{db_test, params, testing::TestDb};
use kernel::Text;
use serde_json::{Value, json};

use super::{assert_sound, ctx, day, entry, invoiced, posted, read, told, trial, write};
use crate::{ENTRY_POSTED, ENTRY_REVERSED, get_entry, reverse, reverse_entry, write_entry};

#[db_test]
fn a_reversal_takes_everything_back_and_both_know_each_other(db: &TestDb) {
    let ctx = ctx(1);
    let stands = invoiced(db, &ctx, 7).unwrap();
    let back = write(db, &ctx, move |ctx, tx| {
        reverse(ctx, tx, stands.id, day("2026-10-01"), Text::new("ledger-memo-reversal").with("number", "1"))
    })
    .unwrap();
    let (one, two) =
        read(db, &ctx, move |ctx, tx| Ok((get_entry(ctx, tx, stands.id)?, get_entry(ctx, tx, back.id)?)));
    assert_eq!((one.reversed_by, two.reverses), (Some(back.id), Some(stands.id)));
    assert_eq!((two.source.kind.as_str(), two.purpose.as_str()), ("sales_invoice", "invoice:reversal"));
    assert_eq!(two.memo.key, "ledger-memo-reversal");
    assert!(trial(db, &ctx, "2026-10-01", "2026-10-31").contains("4010: 168000 +0 -168000 = 0"));
    assert_sound(db, &ctx);
}

#[db_test]
fn an_entry_is_taken_back_once_and_a_reversal_never(db: &TestDb) {
    let ctx = ctx(1);
    let stands = posted(db, &ctx, "2026-09-01", "5010 10 | 9390 -10").unwrap();
    let back = move |on: &'static str, id| {
        write(db, &ctx, move |ctx, tx| reverse_entry(ctx, tx, id, day(on), "Xato")).map_err(|e| told(&e))
    };
    assert_eq!(back("2026-08-31", stands.id).unwrap_err(), "date: ledger-reversal-before-entry");
    let reversal = back("2026-09-01", stands.id).unwrap();
    assert_eq!(back("2026-09-01", stands.id).unwrap_err(), "Conflict ledger-entry-is-reversed");
    assert_eq!(back("2026-09-01", reversal.id).unwrap_err(), "Conflict ledger-entry-is-reversal");
}

#[db_test]
fn people_do_not_take_back_what_a_document_posted(db: &TestDb) {
    let ctx = ctx(1);
    let stands = invoiced(db, &ctx, 7).unwrap();
    let error = write(db, &ctx, move |ctx, tx| reverse_entry(ctx, tx, stands.id, day("2026-09-30"), ""));
    assert_eq!(told(&error.unwrap_err()), "Conflict ledger-entry-of-document");
}

#[db_test]
async fn of_two_who_take_back_at_once_one_does(db: &TestDb) {
    let ctx = ctx(1);
    let stands = posted(db, &ctx, "2026-09-01", "5010 10 | 9390 -10").unwrap();
    let back = || {
        let own = ctx.clone();
        db.write(&ctx, db::Lane::People, move |tx| reverse_entry(&own, tx, stands.id, day("2026-09-02"), ""))
    };
    let (one, two) = tokio::join!(back(), back());
    let refused: Vec<_> = [one, two].into_iter().filter_map(Result::err).map(|e| told(&e)).collect();
    assert_eq!(refused, ["Conflict ledger-entry-is-reversed"]);
    assert_sound(db, &ctx);
}

#[db_test]
fn what_people_write_and_take_back_is_told(db: &TestDb) {
    let ctx = ctx(1);
    let new = entry("2026-09-01", "5010 10 | 9390 -10");
    let stands = write(db, &ctx, move |ctx, tx| write_entry(ctx, tx, new.clone())).unwrap();
    write(db, &ctx, move |ctx, tx| reverse_entry(ctx, tx, stands.id, day("2026-09-02"), "")).unwrap();
    // Nobody is told of an entry but by its document.
    invoiced(db, &ctx, 7).unwrap();
    let workspace = ctx.workspace();
    let told = read(db, &ctx, move |_, tx| {
        let sql = "SELECT name, payload FROM context_event WHERE workspace_id = $1 ORDER BY seq";
        tx.query(sql, params![workspace], |row| Ok((row.get(0)?, row.get(1)?)))
    });
    let expected: [(String, Value); 2] = [
        (ENTRY_POSTED.to_owned(), json!({ "number": 1, "entry_on": "2026-09-01" })),
        (ENTRY_REVERSED.to_owned(), json!({ "number": 2, "entry_on": "2026-09-02", "reverses": 1 })),
    ];
    assert_eq!(told, expected);
}
