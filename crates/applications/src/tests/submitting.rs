//! Somebody applies, again and again.

use std::thread;

use context::{Permission, Permissions};
use db::{db_test, testing::TestDb};
use kernel::{Id, Kind, Phone};
use serde_json::json;

use super::{
    answers, applicant, ctx, deactivate, item, named, new_item, polito, refused, run, seeded, submit, told,
    upsert, with_permissions,
};
use crate::{Application, Change, Deed, NewApplicant, Status, Who, actions, reads};

#[db_test]
fn answers_are_made_regular_and_items_are_found_by_id_and_by_code(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let who = applicant(db, &ctx, 7);
    let track = item(db, &ctx, "TRACK-ITALIAN").id.uuid().to_string();
    let given = json!({"track_id": track, "direction_code": " dir-mech-it ", "region": "UZ-TAS",
        "second_phone": "90 111 22 33", "utm": "instagram", "kurs": 2, "yotoqxona": true, "bosh": null});
    let made = submit(db, &ctx, &who, "admissions-2026", given).unwrap();
    assert!(made.is_new);
    let expected = json!({"track": "TRACK-ITALIAN", "direction": "DIR-MECH-IT", "region": "UZ-TAS",
        "second_phone": "+998901112233", "utm": "instagram", "kurs": 2, "yotoqxona": true});
    assert_eq!(made.application.answers, answers(expected));
    assert_eq!((made.application.number, made.application.status), (1, Status::Submitted));
    let id = made.application.id;
    let whole = run(db, &ctx, move |ctx, tx| reads::get(ctx, tx, id)).unwrap();
    assert_eq!((whole.application, whole.applicant.id), (made.application, who.id));
    assert_eq!(whole.chosen["direction"].code, "DIR-MECH-IT");
    let used = whole.chosen["region"].id;
    let kept = run(db, &ctx, move |ctx, tx| catalog::delete_item(ctx, tx, used)).unwrap_err();
    assert_eq!(kept.text().key(), "catalog-item-in-use");
    let events = told(db, &ctx);
    assert_eq!(
        events,
        [(
            "application.submitted".to_owned(),
            json!({"form": "admissions-2026", "status": "submitted", "message": null})
        )]
    );
}

#[db_test]
fn who_submits_again_changes_what_comes_and_nothing_else(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let who = applicant(db, &ctx, 7);
    let first = polito(db, &ctx, &who).application;
    let again = polito(db, &ctx, &who);
    assert_eq!((again.is_new, &again.application), (false, &first), "the same again writes nothing");
    let given = json!({"score": "91,5", "subject": null, "izoh": "  "});
    let changed = submit(db, &ctx, &who, "polito-academy", given).unwrap();
    assert_eq!(changed.application.answers, answers(json!({"subject": "SUBJ-MATH", "score": 91.5})));
    submit(db, &ctx, &who, "polito-academy", json!({"subject": "SUBJ-PHYS"})).unwrap();
    let id = first.id;
    let history = run(db, &ctx, move |ctx, tx| reads::history(ctx, tx, id)).unwrap();
    let deeds: Vec<_> = history.into_iter().map(|entry| entry.deed).collect();
    let change =
        |field: &str, from, to| Deed::Changed { fields: vec![Change { field: field.to_owned(), from, to }] };
    assert_eq!(
        deeds,
        [
            Deed::Submitted,
            change("score", json!(80), json!(91.5)),
            change("subject", json!("SUBJ-MATH"), json!("SUBJ-PHYS"))
        ]
    );
    let whole = run(db, &ctx, move |ctx, tx| reads::get(ctx, tx, id)).unwrap();
    assert_eq!(whole.chosen["subject"].code, "SUBJ-PHYS");
    let names: Vec<String> = told(db, &ctx).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["application.submitted", "application.changed", "application.changed"]);
}

#[db_test]
fn everything_wrong_with_answers_is_said_at_once(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let who = applicant(db, &ctx, 7);
    let apply = |form: &str, given| submit(db, &ctx, &who, form, given);
    assert_eq!(
        refused(apply(
            "campus-tour",
            json!({"organization": " ", "phone": "12", "preferred_date": "2026-09-20", "preferred_time": "25:00"})
        )),
        [
            "phone: kernel-phone-malformed",
            "preferred_date: applications-date-too-early",
            "preferred_time: applications-time-malformed",
            "organization: kernel-text-missing",
            "position: kernel-text-missing"
        ]
    );
    assert_eq!(
        refused(apply("polito-academy", json!({"subject_id": "UZ-TAS", "score": "101"}))),
        ["subject_id: applications-item-unknown", "score: applications-number-out-of-range"]
    );
    assert_eq!(
        refused(apply("foundation", json!({"a": ["b"], "c": "x".repeat(1_001), "d": "a\u{0}b"}))),
        ["a: applications-answer-not-plain", "c: kernel-text-too-long", "d: kernel-text-has-control"]
    );
    let many: serde_json::Map<_, _> = (0..51).map(|n| (format!("k{n}"), json!(n))).collect();
    assert_eq!(refused(apply("foundation", many.into())), ["answers: applications-answers-too-many"]);
    assert_eq!(apply("no-such-form", json!({})).unwrap_err().kind(), Kind::NotFound);
    let none = run(db, &ctx, |ctx, tx| reads::counts(ctx, tx, &reads::ApplicationFilter::default())).unwrap();
    assert!(none.iter().all(|(_, count)| *count == 0), "nothing was half done");
    let strange = super::ctx(2);
    seeded(db, &strange);
    assert_eq!(submit(db, &strange, &who, "foundation", json!({})).unwrap_err().kind(), Kind::NotFound);
    let reader = with_permissions(&ctx, Permissions::NONE.with(Permission::ApplicationsRead));
    assert_eq!(submit(db, &reader, &who, "foundation", json!({})).unwrap_err().kind(), Kind::Forbidden);
}

#[db_test]
fn what_was_chosen_stays_when_it_can_be_chosen_no_more(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let who = applicant(db, &ctx, 7);
    polito(db, &ctx, &who);
    let subject = item(db, &ctx, "SUBJ-MATH").id;
    deactivate(db, &ctx, subject);
    let given = json!({"subject": "SUBJ-MATH", "score": 81});
    submit(db, &ctx, &who, "polito-academy", given.clone()).unwrap();
    let other = applicant(db, &ctx, 8);
    assert_eq!(
        refused(submit(db, &ctx, &other, "polito-academy", given)),
        ["subject: applications-item-inactive"]
    );
}

#[db_test]
fn a_day_that_is_over_by_now_stays_where_it_stood(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let who = applicant(db, &ctx, 7);
    let given = json!({"organization": "Maktab 5", "position": "Direktor", "phone": "901112233",
        "preferred_date": "22.09.2026", "preferred_time": "9:30"});
    submit(db, &ctx, &who, "campus-tour", given.clone()).unwrap();
    let later = ctx.with(|ctx| ctx.now = ctx.now.plus_seconds(10 * 86_400));
    assert!(!submit(db, &later, &who, "campus-tour", given).unwrap().is_new);
    let moved = submit(db, &later, &who, "campus-tour", json!({"preferred_date": "2026-09-23"}));
    assert_eq!(refused(moved), ["preferred_date: applications-date-too-early"]);
}

#[db_test]
fn a_decided_application_stays_and_a_cancelled_one_comes_again(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let who = applicant(db, &ctx, 7);
    let id = polito(db, &ctx, &who).application.id;
    let go = |id, to| run(db, &ctx, move |ctx, tx| actions::set_status(ctx, tx, id, to, None));
    go(id, Status::Accepted).unwrap();
    let refused = submit(db, &ctx, &who, "polito-academy", json!({"score": 100})).unwrap_err();
    assert_eq!((refused.kind(), refused.text().key()), (Kind::Conflict, "applications-decided"));
    assert!(!polito(db, &ctx, &who).is_new, "the same again is no change");
    go(id, Status::Cancelled).unwrap();
    let later = ctx.with(|ctx| ctx.now = ctx.now.plus_seconds(60));
    let revived = submit(db, &later, &who, "polito-academy", json!({"score": 100})).unwrap();
    assert_eq!(
        (revived.is_new, revived.application.id, revived.application.status),
        (false, id, Status::Submitted)
    );
    assert_eq!(revived.application.submitted_at, later.now());
    assert_eq!(told(db, &ctx).last().unwrap().0, "application.submitted");
}

#[db_test]
fn two_submissions_at_once_are_one_application(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let who = applicant(db, &ctx, 7);
    let outcomes: Vec<(Id<Application>, bool)> = thread::scope(|scope| {
        let apply = |n: i64| {
            let (ctx, who) = (ctx.clone(), who.clone());
            scope.spawn(move || {
                let given = json!({"subject": "SUBJ-MATH", "score": n});
                let made = submit(db, &ctx, &who, "polito-academy", given).unwrap();
                (made.application.id, made.is_new)
            })
        };
        let handles: Vec<_> = (0..4).map(apply).collect();
        handles.into_iter().map(|handle| handle.join().unwrap()).collect()
    });
    assert!(outcomes.iter().all(|(id, _)| *id == outcomes[0].0), "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|(_, is_new)| *is_new).count(), 1);
    new_item(db, &ctx, catalog::ItemKind::Subject, "SUBJ-NEW");
}

#[db_test]
fn what_is_known_of_a_person_answers_what_is_required_and_names_of_buttons_are_understood(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let known = NewApplicant {
        region: Some(item(db, &ctx, "UZ-FA").id),
        phone: Phone::parse("901234567").ok(),
        ..named("Aziza", "Karimova")
    };
    let (who, _) = upsert(db, &ctx, Who::Telegram(7), known).unwrap();
    let given = json!({"track": "🇮🇹 italiya yo'nalishi", "direction": "Машиностроительная инженерия"});
    let made = submit(db, &ctx, &who, "admissions-2026", given).unwrap().application;
    let expected = json!({"track": "TRACK-ITALIAN", "direction": "DIR-MECH-IT", "region": "UZ-FA"});
    assert_eq!(made.answers, answers(expected));
    let chosen = submit(db, &ctx, &who, "admissions-2026", json!({"region": "UZ-AN"})).unwrap().application;
    assert_eq!(chosen.answers["region"], "UZ-AN");
    let kept = submit(db, &ctx, &who, "admissions-2026", json!({})).unwrap().application;
    assert_eq!(kept.answers["region"], "UZ-AN", "what was said stands before what is known");
    let tour = json!({"organization": "Maktab", "position": "Direktor", "preferred_date": "2026-10-01",
        "preferred_time": "10:00", "phone": ""});
    let tour = submit(db, &ctx, &who, "campus-tour", tour).unwrap().application;
    assert_eq!(tour.answers["phone"], "+998901234567");
    let unknown = submit(db, &ctx, &who, "polito-academy", json!({"subject": "Toshkent shahri", "score": 1}));
    assert_eq!(refused(unknown), ["subject: applications-item-unknown"]);
}
