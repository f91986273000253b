//! Rows that go with the next statement or with the commit, and connections that are lost on the way.

use std::{
    error::Error as _,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use kernel::{Error, Kind, Result};

use super::{WORKSPACE, count, put};
use crate::{
    Constraint, ConstraintError, Limits, Tx, db_test, postgres,
    testing::{TestDb, postgres_url},
};

const INSERT: &str = "INSERT INTO probe (workspace_id, name, amount_tiyin) VALUES ($1, $2, $3)";

fn put_later(tx: &mut Tx, name: &str) -> Result<()> {
    tx.insert_later(INSERT, params![WORKSPACE, name, 1_i64])
}

fn names(tx: &mut Tx) -> Result<Vec<String>> {
    tx.query("SELECT name FROM probe ORDER BY name", &[], |row| row.get(0))
}

fn is_refused(error: &Error) -> bool {
    let refusal = error.source().and_then(|source| source.downcast_ref::<ConstraintError>());
    refusal.is_some_and(|refusal| refusal.constraint == Constraint::Unique)
}

#[db_test]
fn a_row_that_is_written_later_is_there_for_the_next_statement_and_after_the_commit(db: &TestDb) {
    let seen = db.write_now(WORKSPACE, |tx| {
        put_later(tx, "a")?;
        put_later(tx, "b")?;
        let first = names(tx)?;
        put(tx, WORKSPACE, "c", 1)?;
        let rows = ["d", "e", "f"].map(|name| crate::values![WORKSPACE, name, 1_i64]);
        tx.insert_many_later("INSERT INTO probe (workspace_id, name, amount_tiyin) VALUES {}", &rows)?;
        Ok(first)
    });
    assert_eq!(seen.unwrap(), ["a", "b"]);
    assert_eq!(db.write_now(WORKSPACE, names).unwrap(), ["a", "b", "c", "d", "e", "f"]);
}

#[db_test]
fn more_rows_than_may_wait_are_all_written(db: &TestDb) {
    db.write_now(WORKSPACE, |tx| (0..300).try_for_each(|number| put_later(tx, &format!("{number}"))))
        .unwrap();
    assert_eq!(count(db, WORKSPACE), 300);
}

#[db_test]
fn a_row_that_is_refused_later_ends_its_transaction(db: &TestDb) {
    db.write_now(WORKSPACE, |tx| put(tx, WORKSPACE, "a", 1)).unwrap();
    let at_the_commit = db.write_now(WORKSPACE, |tx| {
        put(tx, WORKSPACE, "b", 1)?;
        put_later(tx, "a")
    });
    let at_a_statement = db.write_now(WORKSPACE, |tx| {
        put_later(tx, "c")?;
        put_later(tx, "a")?;
        put_later(tx, "d")?;
        names(tx).map(drop)
    });
    for error in [at_the_commit.unwrap_err(), at_a_statement.unwrap_err()] {
        assert!(is_refused(&error), "{error:?}");
    }
    assert_eq!(db.write_now(WORKSPACE, names).unwrap(), ["a"], "nothing of either is there");
}

#[db_test]
fn a_savepoint_holds_what_is_written_later_in_it(db: &TestDb) {
    db.write_now(WORKSPACE, |tx| {
        put_later(tx, "before")?;
        let refused = tx.savepoint(|tx| {
            put_later(tx, "lost")?;
            put_later(tx, "lost")
        });
        assert!(is_refused(&refused.unwrap_err()));
        let undone: Result<()> = tx.savepoint(|tx| {
            put_later(tx, "lost")?;
            Err(Error::not_found())
        });
        assert_eq!(undone.unwrap_err().kind(), Kind::NotFound);
        let undone: Result<()> = tx.savepoint(|tx| {
            put(tx, WORKSPACE, "lost", 1)?;
            tx.savepoint(|tx| put_later(tx, "lost too"))?;
            put_later(tx, "lost as well")?;
            Err(Error::not_found())
        });
        assert_eq!(undone.unwrap_err().kind(), Kind::NotFound);
        tx.savepoint(|tx| put_later(tx, "kept"))?;
        put_later(tx, "after")
    })
    .unwrap();
    assert_eq!(db.write_now(WORKSPACE, names).unwrap(), ["after", "before", "kept"]);
}

/// Ends the server's side of the connection that this transaction runs on.
fn cut(tx: &mut Tx) -> Result<()> {
    let own: i64 = tx.query_one("SELECT CAST(pg_backend_pid() AS bigint)", &[], |row| row.get(0))?;
    let mut other = postgres::connect(&postgres_url().unwrap())?;
    let own = i32::try_from(own).unwrap();
    other.execute("SELECT pg_terminate_backend($1, 5000)", &[&own]).map_err(Error::internal).map(drop)
}

#[test]
fn a_transaction_whose_connection_is_lost_runs_again_on_another() {
    let db = TestDb::postgres(&crate::test_migrations());
    let runs = Arc::new(AtomicU32::new(0));
    let own = Arc::clone(&runs);
    db.write_now(WORKSPACE, move |tx| {
        put_later(tx, "a")?;
        put(tx, WORKSPACE, "b", 1)?;
        if own.fetch_add(1, Ordering::Relaxed) == 0 {
            cut(tx)?;
        }
        put(tx, WORKSPACE, "c", 1)
    })
    .unwrap();
    assert_eq!((runs.load(Ordering::Relaxed), count(&db, WORKSPACE)), (2, 3));
}

#[test]
fn a_commit_whose_connection_is_lost_does_not_run_again() {
    let limits = Limits { writers: 1, ..Limits::default() };
    let db = TestDb::postgres_with(&crate::test_migrations(), limits, false);
    // Now the connection knows the statement: the row really goes with the commit.
    db.write_now(WORKSPACE, |tx| put_later(tx, "before")).unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let own = Arc::clone(&runs);
    let lost = db.write_now(WORKSPACE, move |tx| {
        own.fetch_add(1, Ordering::Relaxed);
        cut(tx)?;
        put_later(tx, "a")
    });
    assert_eq!(lost.unwrap_err().kind(), Kind::Internal);
    assert_eq!(
        (runs.load(Ordering::Relaxed), count(&db, WORKSPACE)),
        (1, 1),
        "what became of it is not known"
    );
    db.write_now(WORKSPACE, |tx| put_later(tx, "a")).unwrap();
    assert_eq!(count(&db, WORKSPACE), 2, "the next one has a connection");
}
