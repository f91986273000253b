//! A test for each hard edge of one code on two databases (`DESIGN`, "Hard edges").

mod closing;
mod later;
mod nodes;
mod savepoints;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use kernel::{Error, Id, Kind, Money, Result, Timestamp, Workspace, WorkspaceId};

use crate::{
    Backend, Constraint, Lane, Limits, Migration, Migrations, OnConstraint, ReadTx, Scope, Topic, Tx, Value,
    db_test, testing::TestDb,
};

pub(crate) const PROBE: &[Migration] = &[Migration {
    name: "V1__probe",
    sql: "CREATE TABLE probe (
        workspace_id {id} NOT NULL,
        name {text} NOT NULL,
        amount_tiyin {money} NOT NULL CHECK (amount_tiyin >= 0),
        active {bool} NOT NULL DEFAULT {true},
        born_on {date},
        extra {json},
        PRIMARY KEY (workspace_id, name)
    ) {strict};",
}];

const WORKSPACE: WorkspaceId = Id::from_uuid(uuid::Uuid::from_u128(1));
const OTHER: WorkspaceId = Id::from_uuid(uuid::Uuid::from_u128(2));

fn put(tx: &mut Tx, workspace: Id<Workspace>, name: &str, amount: i64) -> Result<()> {
    tx.execute_one(
        "INSERT INTO probe (workspace_id, name, amount_tiyin) VALUES ($1, $2, $3)",
        params![workspace, name, amount],
    )
}

fn count(db: &TestDb, workspace: WorkspaceId) -> i64 {
    db.read_now(workspace, |tx| tx.query_one("SELECT COUNT(*) FROM probe", &[], |row| row.get(0))).unwrap()
}

#[db_test]
fn parameters_go_by_number_and_types_survive_the_trip(db: &TestDb) {
    let day = kernel::Date::parse("2026-11-20").unwrap();
    let row = db
        .write_now(WORKSPACE, move |tx| {
            tx.query_one(
                "INSERT INTO probe (workspace_id, name, amount_tiyin, active, born_on, extra)
                 VALUES ($2, $1, $3, $4, $5, $6) RETURNING workspace_id, name, amount_tiyin, active, born_on, extra",
                params!["oʻ'", WORKSPACE, Money::from_som(5), false, day, serde_json::json!({"a": [1, "б"]})],
                |row| {
                    let id: WorkspaceId = row.get(0)?;
                    let day: kernel::Date = row.get(4)?;
                    let extra: serde_json::Value = row.get(5)?;
                    Ok((id, row.get::<String>(1)?, row.get::<Money>(2)?, row.get::<bool>(3)?, day, extra.to_string()))
                },
            )
        })
        .unwrap();
    assert_eq!(row, (WORKSPACE, "oʻ'".into(), Money::from_som(5), false, day, r#"{"a":[1,"б"]}"#.into()));
}

#[db_test]
fn an_error_ends_its_transaction_unless_a_savepoint_held_it(db: &TestDb) {
    let error = db
        .write_now(WORKSPACE, |tx| {
            put(tx, WORKSPACE, "a", 1)?;
            let _swallowed = put(tx, WORKSPACE, "a", 1);
            put(tx, WORKSPACE, "b", 1)
        })
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Internal);
    assert_eq!(count(db, WORKSPACE), 0);

    db.write_now(WORKSPACE, |tx| {
        put(tx, WORKSPACE, "a", 1)?;
        let refused = tx.savepoint(|tx| put(tx, WORKSPACE, "a", 1));
        assert!(refused.is_err());
        put(tx, WORKSPACE, "b", 1)
    })
    .unwrap();
    assert_eq!(count(db, WORKSPACE), 2);
}

#[db_test]
fn a_swallowed_error_is_never_committed(db: &TestDb) {
    let outcome = db.write_now(WORKSPACE, |tx| {
        put(tx, WORKSPACE, "a", 1)?;
        let _swallowed = put(tx, WORKSPACE, "a", 1);
        Ok(())
    });
    assert!(outcome.is_err());
    assert_eq!(count(db, WORKSPACE), 0);
}

#[db_test]
fn constraints_become_words_in_the_store(db: &TestDb) {
    let words = || Error::conflict(kernel::Text::new("probe-taken"));
    let error = db
        .write_now(WORKSPACE, move |tx| {
            put(tx, WORKSPACE, "a", 1)?;
            put(tx, WORKSPACE, "a", 1).on_unique(words)
        })
        .unwrap_err();
    assert_eq!((error.kind(), error.text().key()), (Kind::Conflict, "probe-taken"));
    let error = db
        .write_now(WORKSPACE, move |tx| put(tx, WORKSPACE, "a", -1).on(Constraint::Check, words))
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict);
}

#[db_test]
fn a_nul_byte_in_text_is_refused_on_both(db: &TestDb) {
    let error = db.write_now(WORKSPACE, |tx| put(tx, WORKSPACE, "a\0b", 1)).unwrap_err();
    assert_eq!((error.kind(), error.text().key()), (Kind::Invalid, "db-text-has-nul"));
}

#[db_test]
fn a_panic_is_its_callers_error_and_the_writer_lives_on(db: &TestDb) {
    let error = db
        .write_now(WORKSPACE, |tx| -> Result<()> {
            put(tx, WORKSPACE, "a", 1)?;
            panic!("on purpose")
        })
        .unwrap_err();
    assert!(error.to_string().contains("on purpose"));
    db.write_now(WORKSPACE, |tx| put(tx, WORKSPACE, "b", 1)).unwrap();
    assert_eq!(count(db, WORKSPACE), 1);
}

#[db_test]
fn casts_with_colons_are_refused(db: &TestDb) {
    assert!(db.read_now(WORKSPACE, |tx| tx.query("SELECT 1::bigint", &[], |_| Ok(()))).is_err());
}

#[db_test]
fn changing_another_number_of_rows_than_meant_is_undone(db: &TestDb) {
    let gone = "UPDATE probe SET amount_tiyin = 9 WHERE workspace_id = $1 AND name = $2";
    let error =
        db.write_now(WORKSPACE, move |tx| tx.execute_one(gone, params![WORKSPACE, "none"])).unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
    let all = "UPDATE probe SET amount_tiyin = 9 WHERE workspace_id = $1";
    let error = db
        .write_now(WORKSPACE, move |tx| {
            put(tx, WORKSPACE, "a", 1)?;
            put(tx, WORKSPACE, "b", 1)?;
            tx.execute_one(all, params![WORKSPACE])
        })
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Internal);
    assert_eq!(count(db, WORKSPACE), 0);
}

#[db_test]
fn sums_are_read_as_integers(db: &TestDb) {
    let sum: i64 = db
        .write_now(WORKSPACE, |tx| {
            put(tx, WORKSPACE, "a", 1)?;
            put(tx, WORKSPACE, "b", 2)?;
            let sql = "SELECT CAST(SUM(amount_tiyin) AS BIGINT) FROM probe WHERE workspace_id = $1";
            tx.query_one(sql, params![WORKSPACE], |row| row.get(0))
        })
        .unwrap();
    assert_eq!(sum, 3);
}

#[db_test]
async fn a_write_is_seen_by_the_callers_next_read(db: &TestDb) {
    for n in 0..50_i64 {
        db.write(WORKSPACE, Lane::People, move |tx| put(tx, WORKSPACE, &format!("n{n}"), n)).await.unwrap();
        let sql = "SELECT COUNT(*) FROM probe WHERE workspace_id = $1";
        let seen: i64 = db
            .read(WORKSPACE, move |tx| tx.query_one(sql, params![WORKSPACE], |row| row.get(0)))
            .await
            .unwrap();
        assert_eq!(seen, n + 1);
    }
}

#[db_test]
async fn one_calls_error_does_not_harm_the_others_of_its_group(db: &TestDb) {
    let calls = (0..200_i64).map(|n| {
        db.write(WORKSPACE, Lane::People, move |tx| {
            put(tx, WORKSPACE, &format!("n{n}"), n)?;
            if n % 3 == 0 { Err(Error::conflict(kernel::Text::new("probe-no"))) } else { Ok(n) }
        })
    });
    let well = futures::future::join_all(calls).await.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(well, 133);
    assert_eq!(count(db, WORKSPACE), 133);
}

#[db_test]
async fn a_counter_row_gives_every_caller_its_own_number(db: &TestDb) {
    db.write(WORKSPACE, Lane::People, |tx| put(tx, WORKSPACE, "counter", 0)).await.unwrap();
    let next = "UPDATE probe SET amount_tiyin = amount_tiyin + 1
                WHERE workspace_id = $1 AND name = 'counter' RETURNING amount_tiyin";
    let db: crate::Db = (**db).clone();
    let mut tasks = Vec::new();
    for _ in 0..64 {
        let db = db.clone();
        tasks.push(tokio::spawn(async move {
            let take = move |tx: &mut Tx| tx.query_one(next, params![WORKSPACE], |row| row.get::<i64>(0));
            db.write(WORKSPACE, Lane::People, take).await
        }));
    }
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.push(task.await.unwrap().unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=64).collect::<Vec<_>>());
}

#[db_test]
async fn a_waker_moves_after_the_commit_and_not_for_what_was_undone(db: &TestDb) {
    let mut jobs = db.subscribe(Topic::Jobs);
    let undone = db.write(WORKSPACE, Lane::People, |tx| -> Result<()> {
        tx.wake(Topic::Jobs);
        Err(Error::not_found())
    });
    assert!(undone.await.is_err());
    assert!(!jobs.has_changed().unwrap());
    db.write(WORKSPACE, Lane::People, |tx| {
        tx.wake(Topic::Jobs);
        put(tx, WORKSPACE, "a", 1)
    })
    .await
    .unwrap();
    jobs.changed().await.unwrap();
}

#[db_test]
fn rows_stay_after_the_database_is_opened_again(db: &TestDb) {
    db.write_now(WORKSPACE, |tx| put(tx, WORKSPACE, "a", 1)).unwrap();
    let again = crate::Db::open(db.config(), &crate::test_migrations()).unwrap();
    let sql = "SELECT amount_tiyin FROM probe WHERE workspace_id = $1";
    let amount: i64 =
        again.read_now(WORKSPACE, move |tx| tx.query_one(sql, params![WORKSPACE], |r| r.get(0))).unwrap();
    assert_eq!(amount, 1);
}

/// Tells whether its thread was panicking when it went.
struct LastWord(std::sync::mpsc::Sender<bool>);

impl Drop for LastWord {
    fn drop(&mut self) {
        // Nobody may be listening.
        let _gone = self.0.send(std::thread::panicking());
    }
}

#[db_test]
fn a_closure_may_hold_the_last_handle(db: &TestDb) {
    let last = crate::Db::open_unmigrated(db.config()).unwrap();
    let (sender, went) = std::sync::mpsc::channel();
    // Captures go in order: the handle first, then the word.
    let held = (last.clone(), LastWord(sender));
    {
        let write = last.write(WORKSPACE, Lane::People, move |_: &mut Tx| {
            assert_eq!(held.0.waiting(), (0, 0));
            let _word = &held.1;
            Ok(())
        });
        futures::executor::block_on(async {
            // On its way, and nobody waits for the answer any more.
            let _on_its_way = futures::poll!(std::pin::pin!(write));
        });
    }
    drop(last);
    assert!(!went.recv().unwrap(), "the thread that let the last handle go panicked");
}

#[db_test]
fn what_a_run_does_can_be_recorded(db: &TestDb) {
    db.set_recording(true);
    db.write_now(WORKSPACE, |tx| put(tx, WORKSPACE, "a", 1)).unwrap();
    db.set_recording(false);
    let record = db.take_record();
    assert_eq!(record.len(), 1);
    assert_eq!(record[0].len(), 1);
    assert_eq!(record[0][0].values[1], Value::Text("a".into()));
}

#[test]
fn row_level_security_hides_other_workspaces_even_from_a_statement_that_forgot_to_name_it() {
    let db = TestDb::postgres(&crate::test_migrations());
    db.write_now(Scope::Server, |tx| {
        put(tx, WORKSPACE, "ours", 1)?;
        put(tx, OTHER, "theirs", 1)
    })
    .unwrap();
    assert_eq!(count(&db, WORKSPACE), 1);
    assert!(db.write_now(WORKSPACE, |tx| put(tx, OTHER, "sneaked in", 1)).is_err());
    let gone = db.write_now(WORKSPACE, |tx| tx.execute("DELETE FROM probe", &[])).unwrap();
    assert_eq!(gone, 1);
    assert_eq!(count(&db, OTHER), 1);
    let entered = db.write_now(Scope::Server, |tx| {
        tx.enter(Scope::Workspace(OTHER))?;
        tx.query_one("SELECT COUNT(*) FROM probe", &[], |row| row.get::<i64>(0))
    });
    assert_eq!(entered.unwrap(), 1);
}

#[test]
fn a_plan_made_for_an_empty_table_does_not_outlive_its_growth() {
    // Wide rows, so that the planner expects few of them, and an index that costs as little as the key then.
    const GROWING: &[Migration] = &[Migration {
        name: "V1__growing",
        sql: "CREATE TABLE growing (
                workspace_id {id} NOT NULL, id {id} NOT NULL, day {bigint} NOT NULL,
                a {text}, b {text}, c {text}, d {text}, e {text}, f {text}, g {text}, h {text},
                PRIMARY KEY (workspace_id, id)
            ) {strict};
            CREATE INDEX growing_day ON growing (workspace_id, day);",
    }];
    const BY_ID: &str = "SELECT day FROM growing WHERE workspace_id = $1 AND id = $2";
    let db = TestDb::postgres_with(
        &[Migrations::new("growing", GROWING)],
        Limits { writers: 1, ..Limits::default() },
        false,
    );
    let look = || {
        let looks = |tx: &mut Tx| tx.query_opt(BY_ID, params![WORKSPACE, OTHER], |row| row.get::<i64>(0));
        db.write_now(WORKSPACE, looks).unwrap();
    };
    let walks = |tx: &mut Tx| {
        let name = "SELECT name FROM pg_prepared_statements WHERE statement = $1";
        let name = tx.query_one(name, params![BY_ID], |row| row.get::<String>(0))?;
        let plan = format!("EXPLAIN (ANALYZE, COSTS OFF) EXECUTE {name} ('{WORKSPACE}', '{OTHER}')");
        let lines = tx.query(&plan, &[], |row| row.get::<String>(0))?;
        Ok(lines.iter().any(|line| line.contains("Rows Removed by Filter")))
    };
    (0..20).for_each(|_| look());
    let fill = "INSERT INTO growing (workspace_id, id, day)
                SELECT $1, gen_random_uuid(), number FROM generate_series(1, 5000) AS s (number)";
    let walked = db.write_now(WORKSPACE, move |tx| {
        tx.execute(fill, params![WORKSPACE])?;
        walks(tx)
    });
    assert!(walked.unwrap(), "the planner knows better by now, and this test tests nothing");
    assert!(!db.write_now(WORKSPACE, walks).unwrap(), "still the plan of the empty table");
}

#[test]
fn a_deadlock_is_run_again_and_both_sides_succeed() {
    let db = TestDb::postgres(&crate::test_migrations());
    db.write_now(WORKSPACE, |tx| {
        put(tx, WORKSPACE, "a", 0)?;
        put(tx, WORKSPACE, "b", 0)
    })
    .unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let barrier = Arc::new(std::sync::Barrier::new(2));
    let both = |first: &'static str, second: &'static str| {
        let (db, runs, barrier) = ((*db).clone(), Arc::clone(&runs), Arc::clone(&barrier));
        std::thread::spawn(move || {
            db.write_now(WORKSPACE, move |tx| {
                let sql =
                    "UPDATE probe SET amount_tiyin = amount_tiyin + 1 WHERE workspace_id = $1 AND name = $2";
                let run = runs.fetch_add(1, Ordering::SeqCst);
                tx.execute_one(sql, params![WORKSPACE, first])?;
                if run < 2 {
                    barrier.wait();
                }
                tx.execute_one(sql, params![WORKSPACE, second])
            })
        })
    };
    let (one, two) = (both("a", "b"), both("b", "a"));
    one.join().unwrap().unwrap();
    two.join().unwrap().unwrap();
    assert!(runs.load(Ordering::SeqCst) >= 3, "nothing was run again");
    let sum = db.read_now(WORKSPACE, |tx| {
        tx.query_one("SELECT CAST(SUM(amount_tiyin) AS BIGINT) FROM probe", &[], |row| row.get::<i64>(0))
    });
    assert_eq!(sum.unwrap(), 4);
}

#[test]
fn a_closure_that_holds_the_writer_is_stopped_and_its_group_still_commits() {
    let limits = Limits { write_ms: 100, ..Limits::default() };
    let db = TestDb::sqlite_with(&crate::test_migrations(), limits, false);
    assert_eq!(db.backend(), Backend::Sqlite);
    crate::testing::block_on(async {
        let endless = "INSERT INTO probe (workspace_id, name, amount_tiyin)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)
            SELECT $1, 'x', MAX(i) FROM n";
        let slow = db.write(WORKSPACE, Lane::People, move |tx| tx.execute(endless, params![WORKSPACE]));
        let quick = db.write(WORKSPACE, Lane::People, |tx| put(tx, WORKSPACE, "a", 1));
        let (slow, quick) = tokio::join!(slow, quick);
        assert_eq!(slow.unwrap_err().kind(), Kind::Busy);
        quick.unwrap();
    });
    assert_eq!(count(&db, WORKSPACE), 1);
}

#[test]
fn a_full_queue_answers_busy() {
    let limits = Limits { queue: 1, ..Limits::default() };
    let db = TestDb::sqlite_with(&crate::test_migrations(), limits, false);
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let entered = Arc::new(std::sync::Barrier::new(2));
    let inside = Arc::clone(&entered);
    crate::testing::block_on(async {
        let held = tokio::spawn({
            let db = (*db).clone();
            async move {
                db.write(WORKSPACE, Lane::People, move |_| {
                    inside.wait();
                    let _told = wait.lock().unwrap().recv();
                    Ok(())
                })
                .await
            }
        });
        entered.wait();
        let waiting = db.write(WORKSPACE, Lane::People, |tx| put(tx, WORKSPACE, "a", 1));
        let mut waiting = Box::pin(waiting);
        assert!(futures::poll!(waiting.as_mut()).is_pending());
        let refused = db.write(WORKSPACE, Lane::People, |tx| put(tx, WORKSPACE, "b", 1)).await;
        assert_eq!(refused.unwrap_err().kind(), Kind::Busy);
        go.send(()).unwrap();
        held.await.unwrap().unwrap();
        waiting.await.unwrap();
    });
}

#[test]
fn a_migration_applies_once_and_a_changed_one_is_refused() {
    let db = TestDb::sqlite(&crate::test_migrations());
    let _again = crate::Db::open(db.config(), &crate::test_migrations()).unwrap();
    const CHANGED: &[Migration] =
        &[Migration { name: "V1__probe", sql: "CREATE TABLE probe (n {int}) {strict};" }];
    assert!(crate::Db::open(db.config(), &[Migrations::new("probe", CHANGED)]).is_err());
}

#[test]
fn moments_are_stored_as_they_are() {
    assert_eq!(crate::ToValue::to_value(&Timestamp::from_millis(7)), Value::Int(7));
}

#[db_test]
fn many_rows_are_written_in_few_statements_or_none_is(db: &TestDb) {
    let rows = |names: std::ops::Range<i64>| -> Vec<Vec<Value<'static>>> {
        let row = |n: i64| values![WORKSPACE, format!("n{n}"), n];
        names.map(row).collect()
    };
    let sql = "INSERT INTO probe (workspace_id, name, amount_tiyin) VALUES {}";
    db.write_now(WORKSPACE, move |tx| {
        tx.insert_many(sql, &[])?;
        tx.insert_many(sql, &rows(0..3_000))
    })
    .unwrap();
    assert_eq!(count(db, WORKSPACE), 3_000);
    let sum = |tx: &mut ReadTx<'_>| {
        tx.query_one("SELECT CAST(SUM(amount_tiyin) AS BIGINT) FROM probe", &[], |row| row.get::<i64>(0))
    };
    assert_eq!(db.read_now(WORKSPACE, sum).unwrap(), 2_999 * 3_000 / 2);
    // One row too many of a name that is taken, one that is skipped, one that is too short.
    let taken = db.write_now(WORKSPACE, move |tx| tx.insert_many(sql, &rows(2_990..3_010)));
    assert!(taken.is_err());
    let skipping = "INSERT INTO probe (workspace_id, name, amount_tiyin) VALUES {} ON CONFLICT DO NOTHING";
    let skipped = db.write_now(WORKSPACE, move |tx| tx.insert_many(skipping, &rows(2_990..3_010)));
    assert!(skipped.is_err());
    let uneven = db.write_now(WORKSPACE, move |tx| {
        let mut uneven = rows(4_000..4_003);
        uneven[1].pop();
        tx.insert_many(sql, &uneven)
    });
    assert!(uneven.is_err());
    assert_eq!(count(db, WORKSPACE), 3_000);
    // Every sixth is doubled; one is not there.
    let change = "UPDATE probe SET amount_tiyin = v.column2 FROM (VALUES {}) AS v
        WHERE probe.workspace_id = $1 AND probe.name = v.column1";
    let new = |n: i64| values![format!("n{n}"), n * 2];
    let sixths: Vec<_> = (0..=3_000).step_by(6).map(new).collect();
    let changed = db.write_now(WORKSPACE, move |tx| {
        tx.change_many(change, params![WORKSPACE], &["text", "bigint"], &[])?;
        tx.change_many(change, params![WORKSPACE], &["text", "bigint"], &sixths)
    });
    assert_eq!(changed.unwrap(), 500);
    let of = |range: std::ops::Range<i64>| range.sum::<i64>();
    assert_eq!(db.read_now(WORKSPACE, sum).unwrap(), of(0..3_000) + 6 * of(0..500));
}
