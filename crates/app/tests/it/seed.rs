//! What `karvon seed admissions` and `karvon seed ttpumock` put in, and that they put it in once.

use std::collections::{HashMap, HashSet};

use app::seed::ttpumock::{MadeUp, Mock, Progress, Scale, Tally, ttpumock};
use applications::{
    ApplicantFilter, ApplicationFilter, ApplicationOrder, NewApplicant, NewForm, Status, Who, reads,
};
use catalog::{ItemKind, Names, NewItem};
use context::Ctx;
use db::{Lane, ReadTx, Scope, Tx, db_test, params, testing::TestDb};
use kernel::{Error, PageRequest, Result, WorkspaceId};

use crate::{
    program::{Program, free_address},
    world::World,
};

const NOWHERE: &str = "http://127.0.0.1:9";
const CAMPAIGN: &str = "ttpumock";

async fn write<T, F>(world: &World, closure: F) -> T
where
    F: Fn(&Ctx, &mut Tx<'_>) -> Result<T> + Send + 'static,
    T: Send + 'static,
{
    let ctx = world.ctx.clone();
    world.parts.app.db().write(&world.ctx, Lane::People, move |tx| closure(&ctx, tx)).await.unwrap()
}

/// Where a run is interrupted: after so many of these.
type Stop = Option<(&'static str, usize)>;

/// Makes up the small university.
async fn make_up(world: &World, workspace: Option<&str>, upsert: bool, stop: Stop) -> Result<MadeUp> {
    let mock = Mock { workspace: workspace.map(str::to_owned), scale: Scale::Small, upsert };
    let mut tell = |Progress { what, done, of }: Progress| {
        assert!(done <= of);
        let is_over = stop.is_some_and(|(stopped, at)| stopped == what && done >= at);
        if is_over { Err(Error::busy()) } else { Ok(()) }
    };
    ttpumock(&world.parts, &mock, &mut tell).await
}

async fn small(world: &World, upsert: bool) -> MadeUp {
    make_up(world, None, upsert, None).await.unwrap()
}

/// Everything that was made up, in words, of each person.
fn whole(ctx: &Ctx, tx: &mut ReadTx<'_>) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let all = reads::applicants(ctx, tx, &ApplicantFilter::default(), PageRequest::new(1, 500))?;
    for found in all.results {
        let who = &found.applicant;
        let region = found.region.as_ref().map(|item| item.code.clone());
        lines.push(format!(
            "{:?} {} {:?} {:?} {:?} {region:?} {:?} {:?} {}",
            who.telegram_id,
            who.name(),
            who.username,
            who.gender,
            who.birth_date,
            who.phone,
            who.email,
            who.created_at.as_millis()
        ));
        for one in reads::of_applicant(ctx, tx, who.id, 10)? {
            let own = &one.application;
            let steps = reads::history(ctx, tx, own.id)?;
            let steps: Vec<_> = steps.iter().map(|entry| (&entry.deed, entry.created_at)).collect();
            let code = &one.form.code;
            lines.push(format!("{:?} {code} {} {:?} {steps:?}", who.telegram_id, own.status, own.answers));
        }
    }
    let campaign = surveys::reads::campaign(ctx, tx, CAMPAIGN)?;
    let rows = surveys::reads::roster(ctx, tx, campaign.id, "", PageRequest::new(1, 500))?.results;
    for row in rows {
        let program = catalog::items::find(ctx, tx, row.program)?.map(|item| item.code);
        lines.push(format!("{} {program:?} {:?}", row.student_external_id, row.course_year));
    }
    let filter = surveys::ResponseFilter { campaign: Some(campaign.id), ..Default::default() };
    for response in surveys::reads::responses(ctx, tx, &filter, PageRequest::new(1, 500))?.results {
        let who = surveys::reads::student(ctx, tx, response.student)?;
        let at = response.submitted_at;
        lines.push(format!("{} {:?} {at} {:?}", who.student_external_id, who.phone, response.answered));
    }
    lines.sort_unstable();
    Ok(lines)
}

/// Rows of a table, of a workspace.
async fn rows(world: &World, workspace: WorkspaceId, table: &'static str) -> i64 {
    let count = move |tx: &mut ReadTx<'_>| {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE workspace_id = $1");
        tx.query_one(&sql, params![workspace], |row| row.get(0))
    };
    world.parts.app.db().read(Scope::Workspace(workspace), count).await.unwrap()
}

#[db_test]
async fn the_forms_of_admissions_are_put_in_once_and_what_the_staff_changed_stays(db: &TestDb) {
    let world = World::new(db, NOWHERE).await;
    let program = Program::new(db, &world, NOWHERE, free_address(), &[]);
    let run = async |command: &str| {
        let done = program.run(command).await;
        assert!(done.status.success(), "{done:?}");
        String::from_utf8_lossy(&done.stdout).into_owned()
    };
    let said = run("seed admissions").await;
    assert!(said.contains("Catalog items: 32 made") && said.contains("Forms: 4 made"), "{said}");
    let said = run("seed admissions").await;
    assert_eq!(said.matches("0 made, 0 changed by the staff and kept").count(), 2, "{said}");
    assert!(said.contains("32 unchanged") && said.contains("4 unchanged"), "{said}");
    write(&world, |ctx, tx| {
        let region = catalog::items::find_by_code(ctx, tx, "UZ-AN")?.unwrap();
        catalog::set_item_active(ctx, tx, region.id, false)?;
        let form = reads::find_form(ctx, tx, "foundation")?.unwrap();
        applications::actions::set_form_open(ctx, tx, form.id, false)
    })
    .await;
    let said = run("seed admissions").await;
    assert_eq!(said.matches("0 made, 1 changed by the staff and kept").count(), 2, "{said}");
    let (active, open) = world
        .read(|ctx, tx| {
            let region = catalog::items::find_by_code(ctx, tx, "UZ-AN")?.unwrap();
            Ok((region.active, reads::find_form(ctx, tx, "foundation")?.unwrap().is_open))
        })
        .await;
    assert!(!active && !open);
    for (command, words) in [
        ("seed ttpumock --scale huge", "possible values: small, medium, large"),
        ("seed ttpumock --workspace nobodys", "no workspace called nobodys"),
        ("seed admissions --workspace nobodys", "no workspace called nobodys"),
    ] {
        let refused = program.run(command).await;
        let told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && told.contains(words), "{told}");
    }
    let said = run("seed ttpumock --scale small --upsert").await;
    assert!(
        said.contains("Applicants: 200 made") && said.contains("Left out") && said.contains("foundation")
    );
}

#[db_test]
async fn the_university_that_is_made_up_adds_up(db: &TestDb) {
    let world = World::new(db, NOWHERE).await;
    let made = small(&world, false).await;
    assert_eq!(made.applicants, Tally { made: 200, again: 0, left: 0 });
    assert_eq!((made.rostered, &made.left_out[..]), ((80, 0), &[][..]));
    let expected = made.applications;
    world
        .read(move |ctx, tx| {
            let page = PageRequest::new(1, 500);
            let any = ApplicationFilter {
                order: ApplicationOrder::Number,
                ascending: true,
                ..ApplicationFilter::default()
            };
            let all = reads::list(ctx, tx, &any, page)?.results;
            assert_eq!(all.len(), expected);
            let by_status: HashMap<Status, i64> = reads::counts(ctx, tx, &any)?.into_iter().collect();
            assert_eq!(by_status.values().sum::<i64>(), i64::try_from(expected).unwrap());
            assert!(by_status.values().all(|count| *count > 0), "{by_status:?}");
            let by_form = reads::counts_of_forms(ctx, tx)?;
            assert_eq!(by_form.len(), 4);
            assert_eq!(by_form.values().sum::<i64>(), i64::try_from(expected).unwrap());
            let today = ctx.today();
            let mut came = HashSet::new();
            for one in &all {
                let own = &one.application;
                let day = ctx.zone().date(own.submitted_at);
                assert!(day < today && today.days_since(day) <= 240, "{day}");
                came.insert(day);
                let steps = reads::history(ctx, tx, own.id)?;
                assert!(steps.is_sorted_by_key(|entry| entry.created_at), "{steps:?}");
                assert!(steps.iter().all(|entry| entry.created_at < ctx.now()));
                if one.form.code == "admissions-2026" {
                    let code = own.answers["direction"].as_str().unwrap();
                    let direction = catalog::items::find_by_code(ctx, tx, code)?.unwrap();
                    assert_eq!(direction.word("track"), own.answers["track"].as_str());
                }
                if one.form.code == "campus-tour" {
                    let tour = kernel::Date::parse(own.answers["preferred_date"].as_str().unwrap())?;
                    assert!(tour.weekday() < 5 && tour > day, "{tour}");
                }
            }
            assert!(came.len() > 60, "{} days", came.len());
            let langs: HashSet<_> = all.iter().map(|one| one.contact.lang).collect();
            assert_eq!(langs.len(), 3);
            Ok(())
        })
        .await;
    let answers = made.answers.made;
    world
        .read(move |ctx, tx| {
            let campaign = surveys::reads::campaign(ctx, tx, CAMPAIGN)?.id;
            let cells = surveys::reads::cells(ctx, tx, campaign)?;
            let sum = |figure: fn(&surveys::Figures) -> i64| {
                cells.iter().map(|cell| figure(&cell.figures)).sum::<i64>()
            };
            assert_eq!(
                (sum(|all| all.roster), sum(|all| all.responses)),
                (80, i64::try_from(answers).unwrap())
            );
            assert_eq!(sum(|all| all.employed) + sum(|all| all.unemployed), sum(|all| all.responses));
            assert!((40..=60).contains(&answers), "{answers} answers");
            let work = |years: std::ops::RangeInclusive<i32>| {
                let own =
                    cells.iter().filter(|cell| cell.course_year.is_some_and(|year| years.contains(&year)));
                own.fold((0, 0), |(work, all), cell| {
                    (work + cell.figures.employed, all + cell.figures.responses)
                })
            };
            let ((few, beginners), (many, last)) = (work(1..=2), work(3..=4));
            assert!(
                few * last < many * beginners,
                "more work in later years: {few}/{beginners}, {many}/{last}"
            );
            Ok(())
        })
        .await;
}

#[db_test]
async fn a_second_run_doubles_nobody_and_nothing_is_sent(db: &TestDb) {
    let mut world = World::new(db, NOWHERE).await;
    let workspace = world.ctx.workspace();
    let first = small(&world, false).await;
    let before = world.read(whole).await;
    let entries = rows(&world, workspace, "context_audit_entry").await;
    let again = small(&world, false).await;
    assert_eq!(again.applicants, Tally { made: 0, again: 0, left: 200 });
    assert_eq!((again.applications, again.rostered), (0, (0, 0)));
    assert_eq!(again.answers, Tally { made: 0, again: 0, left: first.answers.made });
    assert_eq!(world.read(whole).await, before);
    assert_eq!(rows(&world, workspace, "context_audit_entry").await, entries);
    let written = small(&world, true).await;
    assert_eq!(written.applicants, Tally { made: 0, again: 200, left: 0 });
    assert_eq!((written.applications, written.rostered), (0, (0, 0)));
    assert_eq!(written.answers, Tally { made: 0, again: first.answers.made, left: 0 });
    assert_eq!(world.read(whole).await, before);
    assert_eq!(rows(&world, workspace, "context_audit_entry").await, entries, "nothing differed");
    // What somebody changed stays, unless it is to be written again.
    let id = 9_000_000_000_001;
    write(&world, move |ctx, tx| {
        let new = NewApplicant { first_name: Some("Boshqa".to_owned()), ..NewApplicant::default() };
        applications::actions::upsert_applicant(ctx, tx, Who::Telegram(id), new)
    })
    .await;
    let called = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        Ok(reads::find_applicant_by_telegram(ctx, tx, id)?.unwrap().first_name.unwrap())
    };
    small(&world, false).await;
    assert_eq!(world.read(called).await, "Boshqa");
    small(&world, true).await;
    assert_ne!(world.read(called).await, "Boshqa");
    world.start();
    world.stop().await;
    for table in ["bots_message", "bots_conversation", "mail_letter"] {
        assert_eq!(rows(&world, workspace, table).await, 0, "{table}");
    }
}

#[db_test]
async fn what_was_interrupted_and_run_again_is_the_same_whole(db: &TestDb) {
    let world = World::new(db, NOWHERE).await;
    let (neighbour, _) = world.neighbour().await;
    let workspace = neighbour.workspace();
    let named = move |tx: &mut ReadTx<'_>| Ok(auth::workspace(tx, workspace)?.slug);
    let slug = world.parts.app.db().read(Scope::Server, named).await.unwrap();
    let stops =
        [("applicants", 1), ("applicants", 100), ("applicants", 200), ("students", 1), ("students", 64)];
    for (stop, upsert) in stops.into_iter().zip([false, true, false, true, false]) {
        assert!(make_up(&world, None, upsert, Some(stop)).await.is_err(), "{stop:?}");
    }
    small(&world, false).await;
    make_up(&world, Some(&slug), false, None).await.unwrap();
    let read = move |tx: &mut ReadTx<'_>| whole(&neighbour, tx);
    let uninterrupted = world.parts.app.db().read(Scope::Workspace(workspace), read).await.unwrap();
    assert_eq!(world.read(whole).await, uninterrupted);
}

#[db_test]
async fn a_catalog_and_forms_of_the_staffs_own_are_no_hindrance(db: &TestDb) {
    let world = World::new(db, NOWHERE).await;
    write(&world, |ctx, tx| {
        catalog::create_item(ctx, tx, NewItem::new(ItemKind::Region, "OWN", &Names::uz("Oʻzimizniki")))?;
        let new = NewForm {
            code: "foundation".to_owned(),
            names: Names::uz("Tayyorlov"),
            position: 0,
            is_open: true,
            fields: Vec::new(),
        };
        applications::actions::create_form(ctx, tx, new)
    })
    .await;
    let made = small(&world, false).await;
    assert_eq!((made.applicants.made, &made.left_out[..]), (200, &[][..]));
}
