//! Savepoints and scopes, whose words to the database wait for the statement that needs them.

use kernel::{Error, Kind, Result};

use super::{OTHER, WORKSPACE, count, put};
use crate::{Scope, Tx, db_test, testing::TestDb};

fn on_purpose<T>() -> Result<T> {
    Err(Error::not_found())
}

#[db_test]
fn a_savepoint_undoes_what_was_done_in_it_and_no_more(db: &TestDb) {
    db.write_now(WORKSPACE, |tx| {
        put(tx, WORKSPACE, "before", 1)?;
        let undone: Result<()> = tx.savepoint(|tx| {
            put(tx, WORKSPACE, "outer", 1)?;
            tx.savepoint(|tx| put(tx, WORKSPACE, "inner", 1))?;
            on_purpose()
        });
        assert_eq!(undone.unwrap_err().kind(), Kind::NotFound);
        tx.savepoint(|tx| {
            tx.savepoint(|_| Ok(()))?;
            let undone: Result<()> = tx.savepoint(|tx| {
                put(tx, WORKSPACE, "lost", 1)?;
                on_purpose()
            });
            assert!(undone.is_err());
            put(tx, WORKSPACE, "kept", 1)
        })?;
        // One that is over does not take the next along.
        tx.savepoint(|tx| put(tx, WORKSPACE, "kept too", 1))?;
        let undone: Result<()> = tx.savepoint(|_| on_purpose());
        assert!(undone.is_err());
        put(tx, WORKSPACE, "after", 1)
    })
    .unwrap();
    let names = db
        .read_now(WORKSPACE, |tx| {
            tx.query("SELECT name FROM probe ORDER BY name", &[], |row| row.get::<String>(0))
        })
        .unwrap();
    assert_eq!(names, ["after", "before", "kept", "kept too"]);
}

#[db_test]
fn what_a_savepoint_did_goes_with_its_transaction(db: &TestDb) {
    let lost: Result<()> = db.write_now(WORKSPACE, |tx| {
        tx.savepoint(|tx| put(tx, WORKSPACE, "a", 1))?;
        on_purpose()
    });
    assert!(lost.is_err());
    assert_eq!(count(db, WORKSPACE), 0);
}

#[test]
fn a_scope_lasts_until_the_next_and_no_longer_than_the_savepoint_that_was_undone() {
    let db = TestDb::postgres(&crate::test_migrations());
    db.write_now(Scope::Server, |tx| {
        put(tx, WORKSPACE, "ours", 1)?;
        put(tx, OTHER, "theirs", 1)?;
        put(tx, OTHER, "theirs as well", 1)
    })
    .unwrap();
    let seen = |tx: &mut Tx| tx.query_one("SELECT COUNT(*) FROM probe", &[], |row| row.get::<i64>(0));
    let seen = db.write_now(Scope::Server, move |tx| {
        let mut counts = vec![seen(tx)?];
        for workspace in [WORKSPACE, OTHER, WORKSPACE] {
            tx.enter(Scope::Workspace(workspace))?;
            counts.push(tx.savepoint(seen)?);
        }
        let undone: Result<()> = tx.savepoint(|tx| {
            tx.enter(Scope::Workspace(OTHER))?;
            seen(tx)?;
            on_purpose()
        });
        assert!(undone.is_err());
        counts.push(seen(tx)?);
        tx.enter(Scope::Workspace(OTHER))?;
        counts.push(seen(tx)?);
        tx.enter(Scope::Server)?;
        counts.push(seen(tx)?);
        Ok(counts)
    });
    assert_eq!(seen.unwrap(), [3, 1, 2, 1, 1, 2, 3]);
}
