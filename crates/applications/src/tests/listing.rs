//! What lists find and count without looking at applications is what the applications say.

use std::collections::BTreeMap;

use db::{Backend, db_test};
use kernel::{Page, PageRequest};

use super::*;
use crate::{
    ApplicationFilter, ApplicationOrder, Status,
    reads::{self, Table},
};

/// What is kept, and the same counted anew from applications, choices and people.
fn kept_and_counted(db: &TestDb, ctx: &Ctx) -> [BTreeMap<String, i64>; 2] {
    let counted = "SELECT a.number, c.item_id, a.form_id, a.status, a.submitted_at_ms
        FROM applications_application a JOIN applications_choice c ON c.workspace_id = a.workspace_id AND c.application_id = a.id
        WHERE a.workspace_id = $1
        UNION SELECT a.number, p.region_id, a.form_id, a.status, a.submitted_at_ms
        FROM applications_application a JOIN applications_applicant p ON p.workspace_id = a.workspace_id AND p.id = a.applicant_id
        WHERE a.workspace_id = $1 AND p.region_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM applications_choice c JOIN catalog_item i ON i.workspace_id = c.workspace_id AND i.id = c.item_id
            WHERE c.workspace_id = a.workspace_id AND c.application_id = a.id AND i.kind = 'REGION')";
    let listed = "SELECT a.number, i.item_id, a.form_id, a.status, i.submitted_at_ms
        FROM applications_item i JOIN applications_application a ON a.workspace_id = i.workspace_id AND a.id = i.application_id
        WHERE i.workspace_id = $1";
    let rows = |sql: &'static str| {
        run(db, ctx, move |ctx, tx| {
            tx.query(sql, params![ctx.workspace()], |row| {
                let (item, form): (Id<Item>, Id<crate::Form>) = (row.get(1)?, row.get(2)?);
                let (number, at): (i64, i64) = (row.get(0)?, row.get(4)?);
                Ok((format!("{number} {item} {at}"), format!("{item} {form} {}", row.get::<String>(3)?)))
            })
        })
        .unwrap()
    };
    let whole = "SELECT number, form_id, form_id, status, submitted_at_ms FROM applications_application WHERE workspace_id = $1";
    let mut anew = BTreeMap::new();
    for (listed, kind) in rows(counted) {
        anew.insert(listed, 1);
        *anew.entry(kind).or_default() += 1;
    }
    for (_, kind) in rows(whole) {
        *anew.entry(kind.split_once(' ').unwrap().1.to_owned()).or_default() += 1;
    }
    let tally =
        "SELECT item_id, form_id, status, application_count FROM applications_tally WHERE workspace_id = $1";
    let mut kept: BTreeMap<String, i64> = rows(listed).into_iter().map(|(listed, _)| (listed, 1)).collect();
    let sums = run(db, ctx, move |ctx, tx| {
        tx.query(tally, params![ctx.workspace()], |row| {
            let (item, form): (Id<Item>, Id<crate::Form>) = (row.get(0)?, row.get(1)?);
            let item = if item.uuid().is_nil() { String::new() } else { format!("{item} ") };
            Ok((format!("{item}{form} {}", row.get::<String>(2)?), row.get::<i64>(3)?))
        })
    });
    kept.extend(sums.unwrap().into_iter().filter(|(_, count)| *count != 0));
    [kept, anew]
}

#[track_caller]
fn assert_kept(db: &TestDb, ctx: &Ctx) {
    let [kept, counted] = kept_and_counted(db, ctx);
    let other: Vec<_> =
        kept.iter().chain(&counted).filter(|(key, _)| kept.get(*key) != counted.get(*key)).collect();
    assert!(!kept.is_empty() && other.is_empty(), "{other:#?}");
}

/// A database from before anything was kept has it counted as it is opened.
#[track_caller]
fn assert_kept_of_old(db: &TestDb, ctx: &Ctx) {
    let migration = include_str!("../../migrations/V3__listed.sql");
    let (_, counting) =
        migration.split_once("-- The applications of every workspace are counted once.").unwrap();
    let (own, other) = match db.backend() {
        Backend::Sqlite => ("--sqlite:", "--postgres:"),
        Backend::Postgres => ("--postgres:", "--sqlite:"),
    };
    let lines = counting.lines().filter(|line| !line.starts_with(other));
    let counting: String =
        lines.map(|line| line.strip_prefix(own).unwrap_or(line).to_owned() + "\n").collect();
    run(db, ctx, move |_, tx| {
        tx.execute("DELETE FROM applications_item", &[])?;
        tx.execute("DELETE FROM applications_tally", &[])?;
        for statement in counting.split(';').filter(|one| one.contains("INSERT")) {
            let insert = statement.split_at(statement.find("INSERT").unwrap()).1;
            tx.execute(insert, &[])?;
        }
        Ok(())
    })
    .unwrap();
    assert_kept(db, ctx);
}

#[db_test]
fn what_is_kept_of_applications_is_what_they_say(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let region = |code: &str| Some(item(db, &ctx, code).id);
    let from = |code: &str| NewApplicant { region: region(code), ..NewApplicant::default() };
    let own = NewApplicant { region: region("UZ-AN"), ..named("Aziza", "Karimova") };
    let (who, _) = upsert(db, &ctx, Who::Telegram(1), own).unwrap();
    let first = polito(db, &ctx, &who).application;
    let second = json!({"track": "TRACK-UZBEK", "direction": "DIR-SOFT-UZ", "region": "UZ-SA"});
    let second = submit(db, &ctx, &who, "admissions-2026", second).unwrap().application;
    submit(db, &ctx, &applicant(db, &ctx, 2), "foundation", json!({})).unwrap();
    assert_kept(db, &ctx);
    // Another choice, and another region of one who said none in an application, and of one who did.
    submit(db, &ctx, &who, "polito-academy", json!({"subject": "SUBJ-PHYS"})).unwrap();
    assert_kept(db, &ctx);
    upsert(db, &ctx, Who::Telegram(1), from("UZ-FA")).unwrap();
    upsert(db, &ctx, Who::Telegram(2), from("UZ-FA")).unwrap();
    assert_kept(db, &ctx);
    let filter = |code: &str| ApplicationFilter { region: region(code), ..ApplicationFilter::default() };
    let table = |filter: ApplicationFilter| {
        run(db, &ctx, move |ctx, tx| reads::table(ctx, tx, &filter, PageRequest::default())).unwrap()
    };
    let numbers =
        |filter| table(filter).page.results.iter().map(|one| one.application.number).collect::<Vec<_>>();
    assert_eq!(
        (numbers(filter("UZ-FA")), numbers(filter("UZ-SA")), numbers(filter("UZ-AN"))),
        (vec![3, 1], vec![2], vec![])
    );
    // One by one, many at once with some that cannot go there, and what was cancelled and comes again.
    let status = |id, to| run(db, &ctx, move |ctx, tx| actions::set_status(ctx, tx, id, to, None)).unwrap();
    status(first.id, Status::InReview);
    assert_kept(db, &ctx);
    let ids = vec![first.id, second.id, ctx.new_id()];
    let outcomes = run(db, &ctx, move |ctx, tx| actions::set_statuses(ctx, tx, &ids, Status::InReview, None));
    assert_eq!(outcomes.unwrap().iter().filter(|one| one.result.is_ok()).count(), 1);
    assert_kept(db, &ctx);
    status(second.id, Status::Cancelled);
    let later = ctx.with(|ctx| ctx.now = ctx.now.plus_seconds(5));
    submit(db, &later, &who, "admissions-2026", json!({"region": "UZ-BU"})).unwrap();
    assert_kept(db, &ctx);
    let counts = table(filter("UZ-BU")).counts;
    assert_eq!(counts.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [1, 0, 0, 0, 0]);
    assert_kept_of_old(db, &ctx);
    let (erased, kept_before) = (who.id, kept_and_counted(db, &ctx));
    run(db, &ctx, move |ctx, tx| actions::erase(ctx, tx, erased)).unwrap();
    assert_eq!(kept_and_counted(db, &ctx), kept_before);
    // What fails is not counted.
    let refused = submit(
        db,
        &ctx,
        &applicant(db, &ctx, 3),
        "polito-academy",
        json!({"subject": "SUBJ-MATH", "score": 101}),
    );
    assert!(refused.is_err());
    assert_eq!(kept_and_counted(db, &ctx), kept_before);
}

#[db_test]
async fn many_who_apply_at_once_are_all_counted(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let people: Vec<Applicant> = (1..=24).map(|n| applicant(db, &ctx, n)).collect();
    let mut calls = Vec::new();
    for who in &people {
        let (db, own, who) = ((**db).clone(), ctx.clone(), who.id);
        calls.push(tokio::spawn(async move {
            let subject = if who.uuid().as_u128() % 2 == 0 { "SUBJ-MATH" } else { "SUBJ-PHYS" };
            let given = answers(json!({"subject": subject, "score": 1}));
            db.write(own.workspace(), db::Lane::People, move |tx| {
                let sent = actions::submit(&own, tx, who, "polito-academy", &given)?.application;
                actions::set_statuses(&own, tx, &[sent.id], Status::InReview, None).map(drop)
            })
            .await
        }));
    }
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_kept(db, &ctx);
}

#[db_test]
fn every_page_of_every_order_is_what_stands_there(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    for n in 1..=23 {
        let at = ctx.with(|ctx| ctx.now = ctx.now.plus_seconds(100 - n % 7));
        let subject = ["SUBJ-MATH", "SUBJ-PHYS"][usize::try_from(n % 2).unwrap()];
        let who = applicant(db, &ctx, n);
        submit(db, &at, &who, "polito-academy", json!({"subject": subject, "score": 1})).unwrap();
    }
    let mathematics = item(db, &ctx, "SUBJ-MATH").id;
    let all = ApplicationFilter::default;
    let filters = [
        all(),
        ApplicationFilter { items: vec![mathematics], ..all() },
        ApplicationFilter { items: vec![mathematics], status: Some(Status::Submitted), ..all() },
        ApplicationFilter { text: "karimova aziza".to_owned(), ..all() },
        ApplicationFilter { text: "karimova 7".to_owned(), ..all() },
        ApplicationFilter { text: "karimova".to_owned(), items: vec![mathematics], ..all() },
        ApplicationFilter { from: Some(ctx.today()), ..all() },
    ];
    let part = |filter: &ApplicationFilter, page, size| -> Page<i64> {
        let filter = filter.clone();
        let Table { page, .. } =
            run(db, &ctx, move |ctx, tx| reads::table(ctx, tx, &filter, PageRequest::new(page, size)))
                .unwrap();
        Page::new(page.request, page.count, page.results.iter().map(|one| one.application.number).collect())
    };
    for filter in filters {
        for order in [ApplicationOrder::Submitted, ApplicationOrder::Updated, ApplicationOrder::Number] {
            for ascending in [false, true] {
                let filter = ApplicationFilter { order, ascending, ..filter.clone() };
                let whole = part(&filter, 1, 100);
                assert!(
                    !whole.results.is_empty() && whole.count == i64::try_from(whole.results.len()).unwrap()
                );
                if order == ApplicationOrder::Number {
                    assert!(whole.results.is_sorted_by(|a, b| if ascending { a < b } else { a > b }));
                }
                for size in [1, 4, 5] {
                    let pages = 1..=u32::try_from(whole.results.len()).unwrap().div_ceil(size) + 1;
                    let parts: Vec<i64> = pages.flat_map(|page| part(&filter, page, size).results).collect();
                    assert_eq!(parts, whole.results, "{filter:?} by {size}");
                }
            }
        }
    }
}
