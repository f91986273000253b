//! Audit entries and events, on both databases.

use std::sync::{Arc, Barrier};

use db::{Scope, db_test, testing::TestDb};
use kernel::{Id, Kind, PageRequest, Timestamp};

use crate::{
    Actor, AuditFilter, Ctx, CtxBuilder, Event, Permission, Permissions, Random, Trace, events_after,
    get_setting, hold_numbers, list_audit_entries, next_number, next_numbers, set_setting, settled_events,
};

fn ctx(permissions: Permissions) -> Ctx {
    let random = Random::from_seed(1);
    let workspace = Id::from_uuid(uuid::Uuid::from_u128(7));
    let now = Timestamp::from_millis(1_790_000_000_000);
    let mut builder = CtxBuilder::server(workspace, Actor::guest(), now, random);
    builder.permissions = permissions;
    builder.build()
}

#[test]
fn only_what_the_role_gives_is_allowed() {
    let ctx = ctx([Permission::SalesRead].into_iter().collect());
    assert!(ctx.require(Permission::SalesRead).is_ok());
    assert_eq!(ctx.require(Permission::SalesEdit).unwrap_err().kind(), Kind::Forbidden);
    assert_eq!(Permission::parse("sales.edit"), Some(Permission::SalesEdit));
    assert!(Permission::ALL.len() <= 64, "the set holds 64");
}

#[db_test]
fn audit_entries_are_found_by_their_row_newest_first(db: &TestDb) {
    let ctx = ctx(Permissions::ALL);
    let (one, two): (Id<()>, Id<()>) = (ctx.new_id(), ctx.new_id());
    let writer = ctx.clone();
    db.write_now(&ctx, move |tx| {
        writer.audit_new(tx, "probe.create", "probe", one, &serde_json::json!({"n": 1}))?;
        writer.audit_new(tx, "probe.create", "probe", two, &2)?;
        let later = writer.with(|ctx| ctx.now = ctx.now.plus_seconds(1));
        later.audit(tx, "probe.change", "probe", one, Some(&1), Some(&3))
    })
    .unwrap();
    let reader = ctx.clone();
    let page = db
        .read_now(&ctx, move |tx| {
            let filter = AuditFilter { entity_id: Some(one.uuid()), ..AuditFilter::default() };
            list_audit_entries(&reader, tx, &filter, PageRequest::default())
        })
        .unwrap();
    let actions: Vec<_> = page.results.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!((page.count, actions), (2, vec!["probe.change", "probe.create"]));
    assert_eq!(page.results[1].after, Some(serde_json::json!({"n": 1})));
}

#[db_test]
fn entries_of_one_millisecond_stand_in_the_order_in_which_they_were_made(db: &TestDb) {
    let ctx = ctx(Permissions::ALL);
    let row: Id<()> = ctx.new_id();
    for first in [0, 50] {
        let writer = ctx.clone();
        db.write_now(&ctx, move |tx| {
            (first..first + 50)
                .try_for_each(|n| writer.audit(tx, "probe.step", "probe", row, None::<&()>, Some(&n)))
        })
        .unwrap();
    }
    let reader = ctx.clone();
    let part = PageRequest::new(1, 100);
    let list = move |tx: &mut db::ReadTx<'_>| list_audit_entries(&reader, tx, &AuditFilter::default(), part);
    let page = db.read_now(&ctx, list).unwrap();
    assert!(page.results.iter().all(|entry| entry.at == ctx.now()), "all of one moment");
    let told: Vec<_> = page.results.into_iter().filter_map(|entry| entry.after?.as_i64()).collect();
    assert_eq!(told, (0..100).rev().collect::<Vec<_>>());
}

#[test]
fn ids_of_one_moment_grow_and_are_version_7() {
    for seed in 0..50 {
        let random = Random::from_seed(seed);
        let at = Timestamp::from_millis(1_790_000_000_000);
        let ids: Vec<Id<()>> = (0..1_000).map(|_| Id::from_parts(at, random.id_tail())).collect();
        assert!(ids.is_sorted(), "seed {seed}");
        assert!(ids.iter().all(|id| id.uuid().get_version_num() == 7), "seed {seed}");
        // Another process at the same moment makes others.
        let other = Random::from_seed(seed + 1_000);
        let others: Vec<Id<()>> = (0..1_000).map(|_| Id::from_parts(at, other.id_tail())).collect();
        assert!(others.iter().all(|id| !ids.contains(id)), "seed {seed}");
    }
}

/// So many events after `seq`, once nothing open stands before them.
fn when_told(db: &TestDb, seq: i64, at_most: u32, wanted: usize) -> Vec<crate::StoredEvent> {
    loop {
        let settled = db.read_now(Scope::Server, settled_events).unwrap();
        let events = db.read_now(Scope::Server, move |tx| events_after(tx, seq, settled, at_most)).unwrap();
        if events.len() >= wanted {
            return events;
        }
        std::thread::yield_now();
    }
}

#[db_test]
fn events_are_read_in_order_and_none_is_passed_by(db: &TestDb) {
    let ctx = ctx(Permissions::ALL);
    let subject: Id<()> = ctx.new_id();
    for _ in 0..3 {
        let writer = ctx.clone();
        db.write_now(&ctx, move |tx| writer.emit(tx, Event::new("probe.made", subject).with(&[1, 2])?))
            .unwrap();
    }
    let events = when_told(db, 0, 2, 2);
    assert_eq!(events.len(), 2);
    let rest = when_told(db, events[1].seq, 10, 1);
    assert_eq!(
        (rest.len(), rest[0].subject, rest[0].payload.to_string()),
        (1, subject.uuid(), "[1,2]".to_owned())
    );
}

#[db_test]
fn an_event_of_a_slower_transaction_is_not_passed_by(db: &TestDb) {
    if db.backend() == db::Backend::Sqlite {
        // Writers come one after the other there.
        return;
    }
    let ctx = ctx(Permissions::ALL);
    let emit = |slow: Option<(Arc<Barrier>, Arc<Barrier>)>, name: &'static str| {
        let (writer, subject): (Ctx, Id<()>) = (ctx.clone(), ctx.new_id());
        let (db, scope) = ((**db).clone(), ctx.clone());
        std::thread::spawn(move || {
            db.write_now(&scope, move |tx| {
                writer.emit(tx, Event::new(name, subject))?;
                // With the next statement it has its place in the outbox; the transaction is not done yet.
                let own = "SELECT COUNT(*) FROM context_event WHERE workspace_id = $1";
                tx.query_one(own, db::params![writer.workspace()], |row| row.get::<i64>(0))?;
                if let Some((has_place, may_end)) = &slow {
                    has_place.wait();
                    may_end.wait();
                }
                Ok(())
            })
            .unwrap();
        })
    };
    let read = |seq: i64| {
        let settled = db.read_now(Scope::Server, settled_events).unwrap();
        db.read_now(Scope::Server, move |tx| events_after(tx, seq, settled, 10)).unwrap()
    };
    let gates = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    // A transaction that began before all others, and takes the later place.
    let early = ctx.clone();
    let (began, go_on) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let (own_db, waits) = ((**db).clone(), (Arc::clone(&began), Arc::clone(&go_on)));
    let first = std::thread::spawn(move || {
        let scope = early.clone();
        own_db
            .write_now(&scope, move |tx| {
                set_setting(&early, tx, "probe.began", &true)?;
                waits.0.wait();
                waits.1.wait();
                early.emit(tx, Event::new("probe.later", early.new_id::<()>()))
            })
            .unwrap();
    });
    began.wait();
    let slow = emit(Some(gates.clone()), "probe.slow");
    gates.0.wait();
    go_on.wait();
    first.join().unwrap();
    assert!(read(0).is_empty(), "what stands behind an open place is left for later");
    gates.1.wait();
    slow.join().unwrap();
    let names: Vec<String> = read(0).into_iter().map(|event| event.name).collect();
    assert_eq!(names, ["probe.slow", "probe.later"]);
}

#[db_test]
fn numbers_have_no_gaps_and_a_failed_transaction_gives_its_number_back(db: &TestDb) {
    let ctx = ctx(Permissions::ALL);
    let take = |fails: bool| {
        let taker = ctx.clone();
        db.write_now(&ctx, move |tx| {
            let number = next_number(&taker, tx, "order")?;
            if fails { Err(kernel::Error::not_found()) } else { Ok(number) }
        })
    };
    assert_eq!(take(false).unwrap(), 1);
    assert!(take(true).is_err());
    assert_eq!(take(false).unwrap(), 2);
    let taker = ctx.clone();
    assert_eq!(db.write_now(&ctx, move |tx| next_numbers(&taker, tx, "order", 10)).unwrap(), 3);
    assert_eq!(take(false).unwrap(), 13);
}

#[db_test]
fn a_setting_is_its_default_until_it_is_set(db: &TestDb) {
    let ctx = ctx(Permissions::ALL);
    let user = ctx.clone();
    let (before, after) = db
        .write_now(&ctx, move |tx| {
            let before: Option<bool> = get_setting(&user, tx, "probe.flag")?;
            set_setting(&user, tx, "probe.flag", &true)?;
            Ok((before, get_setting::<Option<bool>>(&user, tx, "probe.flag")?))
        })
        .unwrap();
    assert_eq!((before, after), (None, Some(true)));
}

#[db_test]
fn traces_and_events_of_many_rows_stand_in_their_order(db: &TestDb) {
    let ctx = ctx(Permissions::ALL);
    let rows: Vec<Id<()>> = (0..700).map(|_| ctx.new_id()).collect();
    let (writer, subjects) = (ctx.clone(), rows.clone());
    db.write_now(&ctx, move |tx| {
        let trace = |id: &Id<()>| Trace::new(*id, None::<&()>, Some(&"o'zbek"));
        let traces = subjects.iter().map(trace).collect::<kernel::Result<Vec<_>>>()?;
        writer.audit_many(tx, "probe.create", "probe", &traces)?;
        writer.audit_many(tx, "probe.create", "probe", &[])?;
        let events: Vec<_> = subjects.iter().map(|id| Event::new("probe.made", *id)).collect();
        writer.emit_many(tx, &events)?;
        writer.emit_many(tx, &[])
    })
    .unwrap();
    let events = when_told(db, 0, 1_000, 700);
    assert_eq!(
        events.iter().map(|e| e.subject).collect::<Vec<_>>(),
        rows.iter().map(|id| id.uuid()).collect::<Vec<_>>()
    );
    let reader = ctx.clone();
    let part = PageRequest::new(1, 3);
    let list = move |tx: &mut db::ReadTx<'_>| list_audit_entries(&reader, tx, &AuditFilter::default(), part);
    let page = db.read_now(&ctx, list).unwrap();
    let newest: Vec<_> = page.results.iter().map(|entry| entry.entity_id).collect();
    assert_eq!(
        (page.count, newest),
        (700, rows.iter().rev().take(3).map(|id| id.uuid()).collect::<Vec<_>>())
    );
    assert_eq!(page.results[0].after, Some(serde_json::json!("o'zbek")));
}

#[db_test]
fn whoever_holds_a_series_takes_no_number(db: &TestDb) {
    let ctx = ctx(Permissions::ALL);
    let writer = ctx.clone();
    let numbers = db
        .write_now(&ctx, move |tx| {
            hold_numbers(&writer, tx, "probe")?;
            let first = next_number(&writer, tx, "probe")?;
            hold_numbers(&writer, tx, "probe")?;
            Ok((first, next_number(&writer, tx, "probe")?))
        })
        .unwrap();
    assert_eq!(numbers, (1, 2));
}
