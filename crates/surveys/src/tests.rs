//! Surveys on both databases.

mod analytics;
mod answering;
mod api;
mod importing;
mod pages;
mod people;

use std::collections::BTreeMap;

use catalog::{Item, ItemKind, Names, NewItem};
use context::Ctx;
use db::{Tx, db_test, testing::TestDb};
use kernel::{Id, Kind, Result};
use web::testing::ctx;

use crate::{Campaign, Figures, NewCampaign, actions, reads};

fn run<T: Send + 'static>(
    db: &TestDb,
    ctx: &Ctx,
    work: impl Fn(&Ctx, &mut Tx<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let own = ctx.clone();
    db.write_now(ctx, move |tx| work(&own, tx))
}

fn item(db: &TestDb, ctx: &Ctx, kind: ItemKind, code: &str) -> Item {
    let new = NewItem::new(kind, code, &Names::uz(code));
    run(db, ctx, move |ctx, tx| catalog::create_item(ctx, tx, new.clone())).unwrap()
}

fn campaign(db: &TestDb, ctx: &Ctx, code: &str) -> Campaign {
    let new = NewCampaign { is_default: true, ..NewCampaign::new(code, Names::uz(code)) };
    run(db, ctx, move |ctx, tx| actions::create_campaign(ctx, tx, new.clone())).unwrap()
}

fn figures(db: &TestDb, ctx: &Ctx, id: Id<Campaign>) -> Figures {
    let all = run(db, ctx, reads_campaigns).unwrap();
    all.into_iter().find(|(campaign, _)| campaign.id == id).unwrap().1
}

fn reads_campaigns(ctx: &Ctx, tx: &mut Tx<'_>) -> Result<Vec<(Campaign, Figures)>> {
    reads::campaigns(ctx, tx)
}

/// What is counted is what is there.
fn check_tally(db: &TestDb, ctx: &Ctx) {
    let counted = run(db, ctx, |ctx, tx| {
        tx.query(
            "SELECT campaign_id, program_id, course_year, roster_count, response_count, employed_count
             FROM surveys_tally WHERE workspace_id = $1 AND (roster_count <> 0 OR response_count <> 0)
             ORDER BY campaign_id, program_id, course_year",
            db::params![ctx.workspace()],
            |row| {
                let key: (uuid::Uuid, uuid::Uuid, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let counts: (i64, i64, i64) = (row.get(3)?, row.get(4)?, row.get(5)?);
                Ok((key, counts))
            },
        )
    })
    .unwrap();
    let there = run(db, ctx, |ctx, tx| {
        tx.query(
            "SELECT campaign_id, program_id, course_year, CAST(SUM(asked) AS bigint), CAST(SUM(answered) AS bigint),
                 CAST(SUM(works) AS bigint)
             FROM (
                 SELECT campaign_id, program_id, COALESCE(course_year, 0) AS course_year, 1 AS asked, 0 AS answered, 0 AS works
                 FROM surveys_roster WHERE workspace_id = $1 AND is_active
                 UNION ALL
                 SELECT campaign_id, program_id, COALESCE(course_year, 0), 0, 1,
                     CASE employment_status WHEN 'employed' THEN 1 ELSE 0 END
                 FROM surveys_response WHERE workspace_id = $1
             ) AS parts
             GROUP BY campaign_id, program_id, course_year ORDER BY campaign_id, program_id, course_year",
            db::params![ctx.workspace()],
            |row| {
                let key: (uuid::Uuid, uuid::Uuid, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let counts: (i64, i64, i64) = (row.get(3)?, row.get(4)?, row.get(5)?);
                Ok((key, counts))
            },
        )
    })
    .unwrap();
    assert_eq!(counted, there);
    check_person_tally(db, ctx);
}

/// What is counted by gender and region is what is there.
fn check_person_tally(db: &TestDb, ctx: &Ctx) {
    let read = |sql: &'static str| {
        run(db, ctx, move |ctx, tx| {
            tx.query(sql, db::params![ctx.workspace()], |row| {
                let key: (uuid::Uuid, String, Option<uuid::Uuid>) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let counts: (i64, i64, i64) = (row.get(3)?, row.get(4)?, row.get(5)?);
                let region = key.2.filter(|id| !id.is_nil());
                Ok(((key.0, key.1, region), counts))
            })
        })
        .unwrap()
        .into_iter()
        .collect::<BTreeMap<_, _>>()
    };
    let counted = read(
        "SELECT campaign_id, gender, region_id, response_count, employed_count, unemployed_count
         FROM surveys_person_tally WHERE workspace_id = $1
             AND (response_count <> 0 OR employed_count <> 0 OR unemployed_count <> 0)",
    );
    let there = read(
        "SELECT r.campaign_id, COALESCE(s.gender, ''), s.region_id, COUNT(*),
             CAST(SUM(CASE r.employment_status WHEN 'employed' THEN 1 ELSE 0 END) AS bigint),
             CAST(SUM(CASE r.employment_status WHEN 'unemployed' THEN 1 ELSE 0 END) AS bigint)
         FROM surveys_response r JOIN surveys_student s ON s.workspace_id = r.workspace_id AND s.id = r.student_id
         WHERE r.workspace_id = $1 GROUP BY r.campaign_id, COALESCE(s.gender, ''), s.region_id",
    );
    assert_eq!(counted, there);
}

#[db_test]
fn one_campaign_is_meant_where_none_is_named(db: &TestDb) {
    let ctx = ctx(1);
    let none = run(db, &ctx, |ctx, tx| reads::open_campaign(ctx, tx, None)).unwrap();
    assert_eq!(none, None);
    let spring = campaign(db, &ctx, "2026 bahor");
    let autumn = campaign(db, &ctx, "2026-kuz");
    let meant = run(db, &ctx, |ctx, tx| reads::open_campaign(ctx, tx, None)).unwrap().unwrap();
    assert_eq!(meant.id, autumn.id, "of two defaults the new one stays");
    let named = run(db, &ctx, |ctx, tx| reads::open_campaign(ctx, tx, Some("2026-BAHOR"))).unwrap().unwrap();
    assert_eq!((named.id, named.is_default), (spring.id, false));
    let (first, second) = (spring.id, autumn.id);
    run(db, &ctx, move |ctx, tx| actions::set_default_campaign(ctx, tx, first)).unwrap();
    run(db, &ctx, move |ctx, tx| actions::set_campaign_active(ctx, tx, first, false)).unwrap();
    let closed = run(db, &ctx, |ctx, tx| reads::open_campaign(ctx, tx, None)).unwrap();
    assert_eq!(closed, None, "a default that is closed is not replaced by another one");
    let taken = NewCampaign::new("2026 KUZ", Names::uz("Yana"));
    let taken = run(db, &ctx, move |ctx, tx| actions::create_campaign(ctx, tx, taken.clone())).unwrap_err();
    assert_eq!(taken.field_errors()[0].text.key(), "surveys-code-taken");
    run(db, &ctx, move |ctx, tx| actions::delete_campaign(ctx, tx, second)).unwrap();
    let gone = run(db, &ctx, |ctx, tx| reads::campaign(ctx, tx, "2026-kuz")).unwrap_err();
    assert_eq!(gone.kind(), Kind::NotFound);
}
