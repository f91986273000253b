//! Students answer.

use std::thread;

use context::Permission;
use kernel::{Error, Money, PageRequest, Phone};
use serde_json::json;

use super::*;
use crate::{Answered, Employment, NewSurvey, Person, ResponseFilter, Saved, json as kept};

fn survey(student: &str, program: Option<&str>) -> NewSurvey {
    NewSurvey {
        student_external_id: student.to_owned(),
        program: program.map(str::to_owned),
        ..NewSurvey::default()
    }
}

fn works(company: &str) -> Answered {
    Answered {
        employment: Some(Employment::Employed),
        company: Some(company.to_owned()),
        role: Some("Muhandis".to_owned()),
        salary: Some(Money::from_som(4_000_000)),
        ..Answered::default()
    }
}

pub(super) fn save(db: &TestDb, ctx: &Ctx, new: &NewSurvey) -> Result<Saved> {
    let new = new.clone();
    run(db, ctx, move |ctx, tx| actions::save_survey(ctx, tx, new.clone()))
}

fn fields(error: &Error) -> Vec<String> {
    error.field_errors().iter().map(|e| format!("{}: {}", e.field, e.text.key())).collect()
}

fn history(db: &TestDb, ctx: &Ctx, saved: &Saved) -> Vec<(&'static str, Vec<String>)> {
    let id = saved.response.id;
    let all = run(db, ctx, move |ctx, tx| reads::history(ctx, tx, id)).unwrap();
    let line = |entry: crate::Entry| {
        (entry.deed.word(), entry.changes.into_iter().map(|change| change.field).collect())
    };
    all.into_iter().map(line).collect()
}

#[db_test]
fn a_student_answers_once_and_changes_their_answer(db: &TestDb) {
    let ctx = ctx(1);
    let (kuz, mechanics) = (campaign(db, &ctx, "kuz"), item(db, &ctx, ItemKind::Program, "ME"));
    let unknown = save(db, &ctx, &survey("U-1", None)).unwrap_err();
    assert_eq!(fields(&unknown), ["program_id: surveys-not-in-roster"]);
    let first = NewSurvey { course_year: Some(2), answered: works("Artel"), ..survey("U-1", Some("me")) };
    let first = save(db, &ctx, &first).unwrap();
    assert!(first.is_new && first.roster.is_active);
    assert_eq!((first.response.program, first.response.course_year), (mechanics.id, Some(2)));
    assert_eq!(figures(db, &ctx, kuz.id), Figures { roster: 1, responses: 1, employed: 1, unemployed: 0 });

    let role = Answered { role: Some("Bosh muhandis".to_owned()), ..Answered::default() };
    let second = save(db, &ctx, &NewSurvey { answered: role, ..survey(" u-1 ", None) }).unwrap();
    assert!(!second.is_new);
    assert_eq!((second.response.id, second.student.id), (first.response.id, first.student.id));
    let expected = Answered { role: Some("Bosh muhandis".to_owned()), ..works("Artel") };
    assert_eq!(second.response.answered, expected, "what is absent erases nothing");
    let same = save(db, &ctx, &survey("U-1", None)).unwrap();
    assert_eq!(same.response, second.response);

    let stops = Answered {
        employment: Some(Employment::Unemployed),
        help: Some("Rezyume".to_owned()),
        ..Answered::default()
    };
    let third = save(db, &ctx, &NewSurvey { answered: stops.clone(), ..survey("U-1", None) }).unwrap();
    assert_eq!(third.response.answered, stops);
    assert_eq!(figures(db, &ctx, kuz.id), Figures { roster: 1, responses: 1, employed: 0, unemployed: 1 });
    let told = history(db, &ctx, &third);
    assert_eq!(told.iter().map(|(deed, _)| *deed).collect::<Vec<_>>(), ["changed", "changed", "submitted"]);
    assert_eq!(told[0].1, ["employment_status", "employment_company", "employment_role", "salary", "help"]);
    let late = Answered { company: Some("Uzum".to_owned()), ..Answered::default() };
    let late = save(db, &ctx, &NewSurvey { answered: late, ..survey("U-1", None) }).unwrap_err();
    assert_eq!(fields(&late), ["employment_company: surveys-work-of-one-who-does-not"]);
    check_tally(db, &ctx);
    let told: Vec<String> = run(db, &ctx, |ctx, tx| {
        let sql =
            "SELECT name FROM context_event WHERE workspace_id = $1 AND name LIKE 'survey.%' ORDER BY seq";
        tx.query(sql, db::params![ctx.workspace()], |row| row.get(0))
    })
    .unwrap();
    assert_eq!(told, ["survey.answered"; 3]);
}

#[db_test]
fn the_roster_wins_and_the_answer_keeps_what_was_answered(db: &TestDb) {
    let ctx = ctx(1);
    campaign(db, &ctx, "kuz");
    let (one, other) = (item(db, &ctx, ItemKind::Program, "ONE"), item(db, &ctx, ItemKind::Program, "TWO"));
    save(db, &ctx, &NewSurvey { course_year: Some(1), ..survey("U-1", Some("ONE")) }).unwrap();
    let saved = save(db, &ctx, &NewSurvey { course_year: Some(3), ..survey("U-1", Some("TWO")) }).unwrap();
    assert_eq!((saved.roster.program, saved.roster.course_year), (one.id, Some(1)));
    assert_eq!((saved.response.program, saved.response.course_year), (other.id, Some(3)));
    check_tally(db, &ctx);
    let id = other.id;
    let used = run(db, &ctx, move |ctx, tx| catalog::delete_item(ctx, tx, id)).unwrap_err();
    assert_eq!((used.kind(), used.text().key()), (Kind::Conflict, "catalog-item-in-use"));
    run(db, &ctx, move |ctx, tx| catalog::set_item_active(ctx, tx, id, false)).unwrap();
    save(db, &ctx, &survey("U-1", Some("TWO"))).unwrap();
    let gone = save(db, &ctx, &survey("U-2", Some("TWO"))).unwrap_err();
    assert_eq!(
        fields(&gone),
        ["program_id: surveys-program-unknown"],
        "what is offered no more is chosen no more"
    );
}

#[db_test]
fn directions_are_studied_where_there_are_no_programs(db: &TestDb) {
    let ctx = ctx(1);
    campaign(db, &ctx, "kuz");
    item(db, &ctx, ItemKind::Direction, "DIR-1");
    item(db, &ctx, ItemKind::Region, "UZ-TK");
    let wrong = save(db, &ctx, &survey("U-1", Some("UZ-TK"))).unwrap_err();
    assert_eq!(fields(&wrong), ["program_id: surveys-program-unknown"]);
    save(db, &ctx, &survey("U-1", Some("dir-1"))).unwrap();
    item(db, &ctx, ItemKind::Program, "P-1");
    let codes = run(db, &ctx, |ctx, tx| reads::programs(ctx, tx)).unwrap();
    assert_eq!(codes.iter().map(|item| item.code.as_str()).collect::<Vec<_>>(), ["P-1"]);
    let wrong = save(db, &ctx, &survey("U-2", Some("DIR-1"))).unwrap_err();
    assert_eq!(fields(&wrong), ["program_id: surveys-program-unknown"]);
    save(db, &ctx, &survey("U-1", Some("DIR-1"))).unwrap();
}

#[db_test]
fn answers_of_one_student_at_once_end_in_one(db: &TestDb) {
    let ctx = ctx(1);
    let kuz = campaign(db, &ctx, "kuz");
    item(db, &ctx, ItemKind::Program, "ME");
    let all: Vec<Saved> = thread::scope(|scope| {
        let racing: Vec<_> = (0..8)
            .map(|n| {
                let ctx = &ctx;
                scope.spawn(move || {
                    let person = Person {
                        telegram_user_id: Some(77),
                        phone: Phone::parse("901234567").ok(),
                        ..Person::default()
                    };
                    let answered = works(&format!("Korxona {n}"));
                    let new = NewSurvey { person, answered, ..survey("U-1", Some("ME")) };
                    save(db, ctx, &new).unwrap()
                })
            })
            .collect();
        racing.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(all.iter().filter(|saved| saved.is_new).count(), 1);
    let first = (all[0].response.id, all[0].student.id, all[0].student.contact);
    assert!(all.iter().all(|one| (one.response.id, one.student.id, one.student.contact) == first));
    assert_eq!(figures(db, &ctx, kuz.id), Figures { roster: 1, responses: 1, employed: 1, unemployed: 0 });
    assert_eq!(history(db, &ctx, &all[0]).len(), 8);
    check_tally(db, &ctx);
}

#[db_test]
fn nobody_answers_in_the_name_of_another(db: &TestDb) {
    let ctx = ctx(1);
    campaign(db, &ctx, "kuz");
    item(db, &ctx, ItemKind::Program, "ME");
    let by = |telegram: i64, student: &str| NewSurvey {
        person: Person { telegram_user_id: Some(telegram), ..Person::default() },
        ..survey(student, Some("ME"))
    };
    let first = save(db, &ctx, &by(77, "U-1")).unwrap();
    let other = save(db, &ctx, &by(78, "U-1")).unwrap_err();
    assert_eq!((other.kind(), other.text().key()), (Kind::Conflict, "surveys-student-taken"));
    let corrected = save(db, &ctx, &by(77, "U-2")).unwrap();
    assert_eq!((corrected.student.id, corrected.is_new), (first.student.id, true), "whoever was mistaken");
    assert_eq!(corrected.student.student_external_id, "U-2");
    save(db, &ctx, &by(78, "U-1")).unwrap();
    let id = corrected.student.id;
    run(db, &ctx, move |ctx, tx| actions::release_student(ctx, tx, id)).unwrap();
    let again = save(db, &ctx, &by(79, "U-2")).unwrap();
    assert_eq!((again.student.id, again.is_new), (id, false));
    let contact = again.student.contact.unwrap();
    let found = run(db, &ctx, move |ctx, tx| reads::find_student(ctx, tx, contact)).unwrap().unwrap();
    assert_eq!(found, again.student);
}

#[db_test]
fn a_student_is_the_contact_that_has_their_phone(db: &TestDb) {
    let ctx = ctx(1);
    campaign(db, &ctx, "kuz");
    item(db, &ctx, ItemKind::Program, "ME");
    let region = item(db, &ctx, ItemKind::Region, "UZ-TK");
    let phone = Phone::parse("901234567").unwrap();
    let content = contacts::NewContact::customer("Aziza Karimova", Some(phone.clone()));
    let known = run(db, &ctx, move |ctx, tx| contacts::create_contact(ctx, tx, content.clone())).unwrap();
    let person = |telegram| Person {
        telegram_user_id: Some(telegram),
        username: Some("@aziza".to_owned()),
        first_name: Some(" Aziza ".to_owned()),
        phone: Some(phone.clone()),
        region: Some("uz-tk".to_owned()),
        ..Person::default()
    };
    let first = NewSurvey { person: person(77), ..survey("U-1", Some("ME")) };
    let first = save(db, &ctx, &first).unwrap().student;
    assert_eq!((first.contact, first.region), (Some(known.id), Some(region.id)));
    assert_eq!((first.username.as_deref(), first.first_name.as_deref()), (Some("aziza"), Some("Aziza")));
    let sister = NewSurvey { person: person(78), ..survey("U-2", Some("ME")) };
    let sister = save(db, &ctx, &sister).unwrap().student;
    assert!(sister.contact.is_some() && sister.contact != first.contact, "two students are two people");
    let named =
        Person { last_name: Some("Karimova".to_owned()), telegram_user_id: Some(77), ..Person::default() };
    let named = save(db, &ctx, &NewSurvey { person: named, ..survey("U-1", None) }).unwrap().student;
    assert_eq!(named.full_name(), "Aziza Karimova");
    let wrong = Person { region: Some("ME".to_owned()), ..Person::default() };
    let wrong = save(db, &ctx, &NewSurvey { person: wrong, ..survey("U-1", None) }).unwrap_err();
    assert_eq!(fields(&wrong), ["region: surveys-region-unknown"]);
}

#[db_test]
fn what_is_wrong_is_said_at_once_and_nothing_is_kept(db: &TestDb) {
    let ctx = ctx(1);
    let kuz = campaign(db, &ctx, "kuz");
    let answered = Answered {
        employment: Some(Employment::Unemployed),
        company: Some("Artel".to_owned()),
        hours_per_week: Some(169),
        salary: Some(Money::from_tiyin(-1)),
        answers: kept::object(json!({"a": [[[[[[[1]]]]]]]})),
        ..Answered::default()
    };
    let person = Person { telegram_user_id: Some(-5), ..Person::default() };
    let new = NewSurvey { course_year: Some(5), person, answered, ..survey("№", Some("ME")) };
    let expected = [
        "student_external_id: surveys-student-id-malformed",
        "course_year: surveys-course-year-out-of-range",
        "telegram_user_id: surveys-telegram-id-malformed",
        "hours_per_week: surveys-hours-out-of-range",
        "salary: surveys-salary-out-of-range",
        "answers: surveys-json-too-deep",
        "employment_company: surveys-work-of-one-who-does-not",
        "hours_per_week: surveys-work-of-one-who-does-not",
    ];
    assert_eq!(fields(&save(db, &ctx, &new).unwrap_err()), expected);
    let elsewhere = NewSurvey { campaign: Some("bahor".to_owned()), ..survey("U-1", None) };
    assert_eq!(
        fields(&save(db, &ctx, &elsewhere).unwrap_err()),
        ["survey_campaign: surveys-campaign-unknown"]
    );
    let id = kuz.id;
    run(db, &ctx, move |ctx, tx| actions::set_campaign_active(ctx, tx, id, false)).unwrap();
    let closed = save(db, &ctx, &survey("U-1", None)).unwrap_err();
    assert_eq!((closed.kind(), closed.text().key()), (Kind::Conflict, "surveys-campaign-closed"));
    let reader = ctx.with(|ctx| ctx.permissions = [Permission::SurveysRead].into_iter().collect());
    assert_eq!(save(db, &reader, &survey("U-1", None)).unwrap_err().kind(), Kind::Forbidden);
    assert_eq!(figures(db, &ctx, kuz.id), Figures::default());
}

#[db_test]
fn answers_are_found_by_what_is_known_of_them(db: &TestDb) {
    let ctx = ctx(1);
    let kuz = campaign(db, &ctx, "kuz");
    for code in ["ONE", "TWO"] {
        item(db, &ctx, ItemKind::Program, code);
    }
    for n in 1..=6_i64 {
        let person = Person { first_name: Some(format!("Шоира{n}")), ..Person::default() };
        let program = if n % 2 == 0 { "ONE" } else { "TWO" };
        let answered = if n < 4 { works("Artel") } else { Answered::default() };
        let new = NewSurvey {
            person,
            answered,
            course_year: Some(n % 3 + 1),
            ..survey(&format!("U-{n}"), Some(program))
        };
        save(db, &ctx, &new).unwrap();
    }
    let one = run(db, &ctx, |ctx, tx| catalog::items::find_by_code(ctx, tx, "ONE")).unwrap().unwrap().id;
    let all = ResponseFilter { campaign: Some(kuz.id), ..ResponseFilter::default() };
    let count = |filter: ResponseFilter| {
        let page =
            run(db, &ctx, move |ctx, tx| reads::responses(ctx, tx, &filter, PageRequest::new(1, 2))).unwrap();
        assert!(page.results.len() <= 2);
        page.count
    };
    assert_eq!(count(all.clone()), 6);
    assert_eq!(count(ResponseFilter { program: Some(one), ..all.clone() }), 3);
    assert_eq!(count(ResponseFilter { course_year: Some(2), ..all.clone() }), 2);
    assert_eq!(count(ResponseFilter { employment: Some(Employment::Employed), ..all.clone() }), 3);
    for (text, expected) in
        [("Shoira5", 1), ("artel", 3), ("shoira artel", 3), ("U-6", 1), ("!!", 0), ("yoʻq", 0)]
    {
        assert_eq!(count(ResponseFilter { text: text.to_owned(), ..all.clone() }), expected, "{text}");
    }
    let elsewhere = web::testing::ctx(2);
    let none = run(db, &elsewhere, |ctx, tx| {
        reads::responses(ctx, tx, &ResponseFilter::default(), PageRequest::default())
    });
    assert_eq!(none.unwrap().count, 0);
    check_tally(db, &ctx);
}
