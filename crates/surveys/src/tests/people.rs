//! What a person may ask for.

use kernel::{Money, Phone};

use super::{answering::save, *};
use crate::{Answered, Employment, NewSurvey, Person};

const SECRETS: [&str; 6] = ["Aziza", "Karimova", "aziza_k", "901234567", "Artel", "maoshim past"];

fn secret() -> NewSurvey {
    NewSurvey {
        student_external_id: "U-1".to_owned(),
        program: Some("ME".to_owned()),
        person: Person {
            telegram_user_id: Some(77),
            username: Some("aziza_k".to_owned()),
            first_name: Some("Aziza".to_owned()),
            last_name: Some("Karimova".to_owned()),
            phone: Phone::parse("901234567").ok(),
            ..Person::default()
        },
        answered: Answered {
            employment: Some(Employment::Employed),
            company: Some("Artel".to_owned()),
            salary: Some(Money::from_som(3_000_000)),
            suggestions: Some("maoshim past".to_owned()),
            ..Answered::default()
        },
        ..NewSurvey::default()
    }
}

#[db_test]
fn a_student_takes_their_data_and_is_forgotten(db: &TestDb) {
    let ctx = ctx(1);
    let kuz = campaign(db, &ctx, "kuz");
    item(db, &ctx, ItemKind::Program, "ME");
    let saved = save(db, &ctx, &secret()).unwrap();
    let id = saved.student.id;
    let whole = run(db, &ctx, move |ctx, tx| actions::export_student(ctx, tx, id)).unwrap().to_string();
    for secret in SECRETS {
        assert!(whole.contains(secret), "{secret} is not in what a person is given");
    }
    let erased = run(db, &ctx, move |ctx, tx| actions::erase_student(ctx, tx, id)).unwrap();
    assert_eq!((erased.responses, erased.contact_is_gone), (1, true));
    let left = run(db, &ctx, move |ctx, tx| actions::export_student(ctx, tx, id)).unwrap();
    for secret in SECRETS {
        assert!(!left.to_string().contains(secret), "{secret} is left");
    }
    assert_eq!(left["responses"][0]["answered"]["salary"], 3_000_000);
    assert_eq!(left["responses"][0]["history"].as_array().unwrap().len(), 2);
    assert_eq!(figures(db, &ctx, kuz.id), Figures { roster: 1, responses: 1, employed: 1, unemployed: 0 });
    let words: i64 = run(db, &ctx, |ctx, tx| {
        let sql =
            "SELECT COUNT(*) FROM surveys_student WHERE workspace_id = $1 AND search_fold LIKE '%asisa%'";
        tx.query_one(sql, db::params![ctx.workspace()], |row| row.get(0))
    })
    .unwrap();
    assert_eq!(words, 0);
    let logged: Vec<serde_json::Value> = run(db, &ctx, |ctx, tx| {
        let sql = "SELECT after FROM context_audit_entry WHERE workspace_id = $1 AND entity <> $2 AND after IS NOT NULL";
        tx.query(sql, db::params![ctx.workspace(), "contact"], |row| row.get(0))
    })
    .unwrap();
    let logged = serde_json::Value::from(logged).to_string();
    assert!(logged.contains("employment_company"), "the log says which fields changed: {logged}");
    for secret in SECRETS {
        assert!(!logged.contains(secret), "the log, which nothing is taken out of, holds {secret}");
    }
    let again = save(db, &ctx, &secret()).unwrap();
    assert_eq!((again.student.id, again.student.erased_at, again.is_new), (id, None, false));
}

#[db_test]
fn a_contact_that_buys_is_not_forgotten_with_the_student(db: &TestDb) {
    let ctx = ctx(1);
    campaign(db, &ctx, "kuz");
    item(db, &ctx, ItemKind::Program, "ME");
    let content = contacts::NewContact::customer("Aziza", Phone::parse("901234567").ok());
    let buys = run(db, &ctx, move |ctx, tx| contacts::create_contact(ctx, tx, content.clone())).unwrap();
    let id = save(db, &ctx, &secret()).unwrap().student.id;
    let erased = run(db, &ctx, move |ctx, tx| actions::erase_student(ctx, tx, id)).unwrap();
    assert_eq!((erased.contact_is_gone, erased.student.contact), (false, None));
    let there = run(db, &ctx, move |ctx, tx| contacts::get(ctx, tx, buys.id)).unwrap();
    assert_eq!(there.deleted_at, None);
}

#[db_test]
fn two_contacts_that_are_one_person_are_one_student(db: &TestDb) {
    let ctx = ctx(1);
    campaign(db, &ctx, "kuz");
    item(db, &ctx, ItemKind::Program, "ME");
    let gone = save(db, &ctx, &secret()).unwrap().student.contact.unwrap();
    let content = contacts::NewContact::customer("Aziza", None);
    let stays = run(db, &ctx, move |ctx, tx| contacts::create_contact(ctx, tx, content.clone())).unwrap().id;
    run(db, &ctx, move |ctx, tx| actions::lead_to(ctx, tx, gone, stays)).unwrap();
    let led = run(db, &ctx, move |ctx, tx| reads::find_student(ctx, tx, stays)).unwrap().unwrap();
    assert_eq!(led.student_external_id, "U-1");
    run(db, &ctx, move |ctx, tx| contacts::join_contacts(ctx, tx, gone, stays)).unwrap();
    let other = NewSurvey { student_external_id: "U-2".to_owned(), person: Person::default(), ..secret() };
    let other = save(db, &ctx, &other).unwrap().student.contact.unwrap();
    let both = run(db, &ctx, move |ctx, tx| actions::lead_to(ctx, tx, other, stays)).unwrap_err();
    assert_eq!((both.kind(), both.text().key()), (Kind::Conflict, "surveys-join-both-students"));
}
