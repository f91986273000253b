//! What the staff sees of applications and does with them.

use context::{Ctx, Permission, Permissions};
use db::{db_test, testing::TestDb};
use kernel::{Date, Id, Kind, PageRequest};
use serde_json::json;

use super::{
    applicant, ctx, item, named, polito, refused, run, seeded, submit, told, upsert, with_permissions,
};
use crate::{Application, ApplicationFilter, ApplicationOrder, BULK_AT_MOST, Deed, Status, actions, reads};

fn numbers(db: &TestDb, ctx: &Ctx, filter: ApplicationFilter) -> Vec<i64> {
    let page = run(db, ctx, move |ctx, tx| reads::list(ctx, tx, &filter, PageRequest::default())).unwrap();
    assert_eq!(page.count, i64::try_from(page.results.len()).unwrap());
    page.results.into_iter().map(|whole| whole.application.number).collect()
}

#[db_test]
fn an_application_goes_on_with_a_message_and_not_everywhere(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let id = polito(db, &ctx, &applicant(db, &ctx, 7)).application.id;
    let go = |to, message: Option<&'static str>| {
        run(db, &ctx, move |ctx, tx| actions::set_status(ctx, tx, id, to, message))
    };
    go(Status::InReview, None).unwrap();
    let accepted = go(Status::Accepted, Some(" Tabriklaymiz! \r\nKeling. ")).unwrap();
    assert_eq!(accepted.status, Status::Accepted);
    assert_eq!(
        told(db, &ctx).last().unwrap(),
        &(
            "application.status_changed".to_owned(),
            json!({"form": "polito-academy", "status": "accepted", "message": "Tabriklaymiz! \nKeling."})
        )
    );
    for (to, key) in [
        (Status::Accepted, "applications-step-same"),
        (Status::Rejected, "applications-step-accepted"),
        (Status::Submitted, "applications-step-accepted"),
    ] {
        let error = go(to, None).unwrap_err();
        assert_eq!((error.kind(), error.text().key()), (Kind::Conflict, key));
    }
    let long = run(db, &ctx, move |ctx, tx| {
        actions::set_status(ctx, tx, id, Status::InReview, Some(&"a".repeat(3_501)))
    });
    assert_eq!(refused(long), ["message: kernel-text-too-long"]);
    run(db, &ctx, move |ctx, tx| actions::add_note(ctx, tx, id, " Hujjatlari toʻliq ")).unwrap();
    let blank = run(db, &ctx, move |ctx, tx| actions::add_note(ctx, tx, id, " "));
    assert_eq!(refused(blank), ["text: kernel-text-missing"]);
    let history = run(db, &ctx, move |ctx, tx| reads::history(ctx, tx, id)).unwrap();
    let last = history.last().unwrap();
    assert_eq!(
        (&last.deed, last.author.as_str()),
        (&Deed::Note { text: "Hujjatlari toʻliq".to_owned() }, "test")
    );
    let reader = with_permissions(&ctx, Permissions::NONE.with(Permission::ApplicationsRead));
    let outcomes = [
        run(db, &reader, move |ctx, tx| actions::set_status(ctx, tx, id, Status::InReview, None).map(drop)),
        run(db, &reader, move |ctx, tx| {
            actions::set_statuses(ctx, tx, &[id], Status::InReview, None).map(drop)
        }),
        run(db, &reader, move |ctx, tx| actions::add_note(ctx, tx, id, "a")),
    ];
    for outcome in outcomes {
        assert_eq!(outcome.unwrap_err().kind(), Kind::Forbidden);
    }
    let theirs =
        run(db, &super::ctx(2), move |ctx, tx| actions::set_status(ctx, tx, id, Status::InReview, None));
    assert_eq!(theirs.unwrap_err().kind(), Kind::NotFound);
}

#[db_test]
fn many_go_on_at_once_each_by_itself(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let sent: Vec<Application> =
        (1..=3).map(|n| polito(db, &ctx, &applicant(db, &ctx, n)).application).collect();
    let (first, second, third) = (sent[0].id, sent[1].id, sent[2].id);
    run(db, &ctx, move |ctx, tx| actions::set_status(ctx, tx, second, Status::Rejected, None)).unwrap();
    let unknown = Id::from_uuid(uuid::Uuid::from_u128(9));
    let ids = vec![third, second, first, unknown, first];
    let outcomes = run(db, &ctx, move |ctx, tx| {
        let outcomes = actions::set_statuses(ctx, tx, &ids, Status::Accepted, Some("Keling"))?;
        Ok(outcomes
            .into_iter()
            .map(|one| (one.id, one.result.map(|it| it.status).map_err(|error| error.text().key())))
            .collect::<Vec<_>>())
    })
    .unwrap();
    let of = |id| outcomes.iter().find(|(found, _)| *found == id).unwrap().1;
    assert_eq!(outcomes.len(), 4);
    assert_eq!((of(first), of(third)), (Ok(Status::Accepted), Ok(Status::Accepted)));
    assert_eq!((of(second), of(unknown)), (Err("applications-step-rejected"), Err("kernel-not-found")));
    let messages = told(db, &ctx).into_iter().filter(|(_, payload)| payload["message"] == "Keling").count();
    assert_eq!(messages, 2, "each who goes on is told once");
    let bulk = |ids: Vec<Id<Application>>| {
        run(db, &ctx, move |ctx, tx| actions::set_statuses(ctx, tx, &ids, Status::InReview, None).map(drop))
    };
    assert_eq!(refused(bulk(vec![])), ["ids: applications-bulk-none"]);
    assert_eq!(refused(bulk(vec![first; BULK_AT_MOST + 1])), ["ids: applications-bulk-too-many"]);
}

#[db_test]
fn lists_are_filtered_ordered_and_counted(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let at = |days: i64| ctx.with(|ctx| ctx.now = ctx.now.plus_seconds(days * 86_400));
    let region = item(db, &ctx, "UZ-AN").id;
    let own = crate::NewApplicant { region: Some(region), ..named("Шоира", "Каримова") };
    let (one, _) = upsert(db, &ctx, crate::Who::Telegram(1), own).unwrap();
    let two = applicant(db, &ctx, 2);
    polito(db, &at(0), &one);
    submit(
        db,
        &at(1),
        &two,
        "admissions-2026",
        json!({"track": "TRACK-UZBEK", "direction": "DIR-SOFT-UZ", "region": "UZ-AN"}),
    )
    .unwrap();
    submit(db, &at(2), &two, "polito-academy", json!({"subject": "SUBJ-PHYS", "score": 1})).unwrap();
    submit(db, &at(3), &two, "foundation", json!({})).unwrap();
    let list = |filter| numbers(db, &ctx, filter);
    let filter = ApplicationFilter::default;
    assert_eq!(list(filter()), [4, 3, 2, 1]);
    assert_eq!(
        list(ApplicationFilter { ascending: true, order: ApplicationOrder::Number, ..filter() }),
        [1, 2, 3, 4]
    );
    assert_eq!(list(ApplicationFilter { order: ApplicationOrder::Updated, ..filter() }), [4, 3, 2, 1]);
    assert_eq!(list(ApplicationFilter { region: Some(region), ..filter() }), [2, 1], "theirs, or chosen");
    let physics = item(db, &ctx, "SUBJ-PHYS").id;
    assert_eq!(list(ApplicationFilter { items: vec![physics], ..filter() }), [3]);
    let search = |text: &str| list(ApplicationFilter { text: text.to_owned(), ..filter() });
    assert_eq!(
        (search("shoira"), search("#2"), search("Karimova"), search("?!")),
        (vec![1], vec![4, 3, 2], vec![4, 3, 2, 1], vec![])
    );
    assert_eq!(search("№ 4"), [4]);
    assert_eq!(list(ApplicationFilter { applicant: Some(one.id), ..filter() }), [1]);
    let day = |text| Date::parse(text).ok();
    let between = ApplicationFilter { from: day("2026-09-22"), to: day("2026-09-23"), ..filter() };
    assert_eq!(list(between.clone()), [3, 2], "days of the workspace's zone, both ends in");
    let form = run(db, &ctx, |ctx, tx| reads::find_form(ctx, tx, "polito-academy")).unwrap().unwrap().id;
    let of_form = ApplicationFilter { form: Some(form), ..filter() };
    assert_eq!(list(of_form.clone()), [3, 1]);
    let first = run(db, &ctx, move |ctx, tx| reads::get_by_number(ctx, tx, 1)).unwrap().application.id;
    run(db, &ctx, move |ctx, tx| actions::set_status(ctx, tx, first, Status::InReview, None)).unwrap();
    assert_eq!(list(ApplicationFilter { status: Some(Status::InReview), ..of_form.clone() }), [1]);
    let counted = of_form.clone();
    let counts = run(db, &ctx, move |ctx, tx| reads::counts(ctx, tx, &counted)).unwrap();
    assert_eq!(counts.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [1, 1, 0, 0, 0]);
    let board = run(db, &ctx, move |ctx, tx| reads::board(ctx, tx, &of_form)).unwrap();
    let cards: Vec<_> = board.iter().map(|column| (column.count, column.applications.len())).collect();
    assert_eq!(cards, [(1, 1), (1, 1), (0, 0), (0, 0), (0, 0)]);
    let contact = two.contact;
    let last = run(db, &ctx, move |ctx, tx| reads::last_of(ctx, tx, contact, 2)).unwrap();
    assert_eq!(last.iter().map(|whole| whole.application.number).collect::<Vec<_>>(), [4, 3]);
    assert_eq!(last[0].form.names.en.as_deref(), Some("Foundation Year"));
    assert_eq!(numbers(db, &super::ctx(2), filter()), Vec::<i64>::new());
}
