//! Who applies is written down, found, forgotten.

use std::thread;

use contacts::NewContact;
use context::{Permission, Permissions};
use db::{db_test, params, testing::TestDb};
use kernel::{Date, Id, Kind, Lang, PageRequest, Phone};
use serde_json::json;

use super::{
    applicant, ctx, deactivate, item, named, polito, refused, run, seeded, submit, upsert, with_permissions,
};
use crate::{Applicant, ApplicantFilter, Deed, Gender, NewApplicant, Status, Who, actions, reads};

fn phone(text: &str) -> Option<Phone> {
    Some(Phone::parse(text).unwrap())
}

#[db_test]
fn what_does_not_come_stays_and_what_comes_is_written(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let region = item(db, &ctx, "UZ-AN").id;
    let first = NewApplicant {
        telegram_chat_id: Some(-5),
        username: Some("@aziza".to_owned()),
        gender: Some(Gender::Female),
        birth_date: Date::parse("2009-01-31").ok(),
        phone: phone("901234567"),
        email: Some("aziza@example.uz".to_owned()),
        region: Some(region),
        lang: Some(Lang::Ru),
        ..named(" Aziza ", "Karimova")
    };
    let (made, is_new) = upsert(db, &ctx, Who::Telegram(77), first).unwrap();
    assert!(is_new);
    assert_eq!((made.name().as_str(), made.username.as_deref()), ("Aziza Karimova", Some("aziza")));
    let (same, is_new) = upsert(db, &ctx, Who::Telegram(77), NewApplicant::default()).unwrap();
    assert_eq!((&same, is_new), (&made, false), "nothing came, nothing is written");
    let later = NewApplicant { first_name: Some("Nargiza".to_owned()), ..NewApplicant::default() };
    let (after, _) = upsert(db, &ctx, Who::Telegram(77), later).unwrap();
    let expected = Applicant { first_name: Some("Nargiza".to_owned()), ..made.clone() };
    assert_eq!(after, expected);
    let contact = after.contact;
    let contact = run(db, &ctx, move |ctx, tx| contacts::get(ctx, tx, contact)).unwrap();
    assert_eq!((contact.phone, contact.lang, contact.is_customer), (phone("901234567"), Lang::Ru, false));
    let audit = run(db, &ctx, |ctx, tx| {
        let sql = "SELECT COUNT(*) FROM context_audit_entry WHERE workspace_id = $1 AND entity = 'applicant'
                       AND CAST(after AS text) LIKE '%Nargiza%'";
        tx.query_one(sql, params![ctx.workspace()], |row| row.get::<i64>(0))
    });
    assert_eq!(audit.unwrap(), 0, "the log outlives an erasure: nothing personal stands in it");
}

#[db_test]
fn an_applicant_is_the_contact_that_has_the_phone_unless_two_share_it(db: &TestDb) {
    let ctx = ctx(1);
    let buyer = NewContact::customer("Karim aka", phone("901234567"));
    let buyer = run(db, &ctx, move |ctx, tx| contacts::create_contact(ctx, tx, buyer.clone())).unwrap();
    let with_phone = |first: &str| NewApplicant { phone: phone("90 123 45 67"), ..named(first, "Karimov") };
    let (one, _) = upsert(db, &ctx, Who::Telegram(1), with_phone("Ali")).unwrap();
    assert_eq!(one.contact, buyer.id);
    let (brother, is_new) = upsert(db, &ctx, Who::Telegram(2), with_phone("Vali")).unwrap();
    assert!(is_new && brother.contact != one.contact, "two people with one phone are two applicants");
    assert_eq!(brother.phone, one.phone);
    let id = buyer.id;
    let (same, is_new) = upsert(db, &ctx, Who::Contact(id), named("Ali", "Karimov")).unwrap();
    assert_eq!((same.id, is_new), (one.id, false), "whom our bot talks to is known by the contact");
    let taken = NewApplicant { telegram_id: Some(2), ..NewApplicant::default() };
    let (kept, _) = upsert(db, &ctx, Who::Contact(id), taken).unwrap();
    assert_eq!(kept.telegram_id, Some(1), "an id that is another applicant's stays theirs");
}

#[db_test]
fn two_first_messages_at_once_make_one_applicant(db: &TestDb) {
    let ctx = ctx(1);
    let outcomes: Vec<(Id<Applicant>, bool)> = thread::scope(|scope| {
        let write = |n: usize| {
            let ctx = ctx.clone();
            scope.spawn(move || {
                let (applicant, is_new) =
                    upsert(db, &ctx, Who::Telegram(77), named("Aziza", &format!("K{n}"))).unwrap();
                (applicant.id, is_new)
            })
        };
        let handles: Vec<_> = (0..4).map(write).collect();
        handles.into_iter().map(|handle| handle.join().unwrap()).collect()
    });
    assert!(outcomes.iter().all(|(id, _)| *id == outcomes[0].0), "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|(_, is_new)| *is_new).count(), 1);
    let contacts = run(db, &ctx, |ctx, tx| {
        contacts::list(ctx, tx, &contacts::ContactFilter::default(), PageRequest::default())
    });
    assert_eq!(contacts.unwrap().count, 1, "those who lost took their contact back");
}

#[db_test]
fn what_is_wrong_with_an_applicant_is_said_beside_its_field(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let track = item(db, &ctx, "TRACK-UZBEK").id;
    let region = item(db, &ctx, "UZ-AN").id;
    let of = |region| NewApplicant { region: Some(region), ..NewApplicant::default() };
    assert_eq!(refused(upsert(db, &ctx, Who::Telegram(1), of(track))), ["region: applications-item-unknown"]);
    upsert(db, &ctx, Who::Telegram(1), of(region)).unwrap();
    deactivate(db, &ctx, region);
    upsert(db, &ctx, Who::Telegram(1), of(region)).unwrap();
    assert_eq!(
        refused(upsert(db, &ctx, Who::Telegram(2), of(region))),
        ["region: applications-item-inactive"]
    );
    let wrong = NewApplicant {
        email: Some("a@b".to_owned()),
        birth_date: Date::parse("2020-01-01").ok(),
        ..named(&"a".repeat(101), "b")
    };
    assert_eq!(
        refused(upsert(db, &ctx, Who::Telegram(-1), wrong)),
        [
            "first_name: kernel-text-too-long",
            "email: applications-email-malformed",
            "birth_date: applications-age-out-of-range"
        ]
    );
    let zero = upsert(db, &ctx, Who::Telegram(0), NewApplicant::default());
    assert_eq!(refused(zero), ["telegram_user_id: applications-telegram-id-malformed"]);
    let reader = with_permissions(&ctx, Permissions::NONE.with(Permission::ApplicationsRead));
    let outcome = upsert(db, &reader, Who::Telegram(3), NewApplicant::default());
    assert_eq!(outcome.unwrap_err().kind(), Kind::Forbidden);
}

#[db_test]
fn applicants_are_found_in_either_script_and_by_the_ends_of_a_phone(db: &TestDb) {
    let ctx = ctx(1);
    let new = NewApplicant { phone: phone("901234567"), ..named("Шоира", "Ғуломова") };
    upsert(db, &ctx, Who::Telegram(1), new).unwrap();
    upsert(db, &ctx, Who::Telegram(2), named("Vali", "Olimov")).unwrap();
    let found = |text: &str| {
        let filter = ApplicantFilter { text: text.to_owned(), by_name: true, ..ApplicantFilter::default() };
        let page = run(db, &ctx, move |ctx, tx| reads::applicants(ctx, tx, &filter, PageRequest::default()));
        page.unwrap().results.into_iter().map(|one| one.applicant.telegram_id.unwrap()).collect::<Vec<_>>()
    };
    for text in ["shoira", "Gʻulomova shoi", "гуломова", "4567", "90 123 45 67", "+998901234567"] {
        assert_eq!(found(text), [1], "{text}");
    }
    assert_eq!((found(""), found("yoʻq"), found("%")), (vec![2, 1], vec![], vec![]), "gʻ stands behind o");
    let strange = run(db, &super::ctx(2), |ctx, tx| {
        reads::applicants(ctx, tx, &ApplicantFilter::default(), PageRequest::default())
    });
    assert_eq!(strange.unwrap().count, 0);
}

#[db_test]
fn whoever_asks_is_forgotten_and_what_was_counted_stays_counted(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let region = item(db, &ctx, "UZ-AN").id;
    let new = NewApplicant { phone: phone("901234567"), region: Some(region), ..named("Aziza", "Karimova") };
    let (who, _) = upsert(db, &ctx, Who::Telegram(77), new).unwrap();
    let sent = polito(db, &ctx, &who).application;
    submit(db, &ctx, &who, "polito-academy", json!({"score": 90, "izoh": "Otamning raqami 901112233"}))
        .unwrap();
    submit(db, &ctx, &who, "polito-academy", json!({"izoh": "Yangi"})).unwrap();
    let id = sent.id;
    run(db, &ctx, move |ctx, tx| {
        actions::add_note(ctx, tx, id, "Onasi bilan gaplashildi")?;
        actions::set_status(ctx, tx, id, Status::InReview, Some("Aziza, kuting"))
    })
    .unwrap();
    let personal = who.id;
    let kept = run(db, &ctx, move |ctx, tx| reads::personal(ctx, tx, personal)).unwrap();
    assert_eq!((kept.applications.len(), kept.applications[0].history.len()), (1, 5));
    let clerk = with_permissions(&ctx, Permissions::NONE.with(Permission::ApplicationsEdit));
    let refused = run(db, &clerk, move |ctx, tx| actions::erase(ctx, tx, personal));
    assert_eq!(refused.unwrap_err().kind(), Kind::Forbidden);

    let erased = run(db, &ctx, move |ctx, tx| actions::erase(ctx, tx, personal)).unwrap();
    assert!(erased.erased_at.is_some());
    assert_eq!(
        (erased.name(), erased.telegram_id, erased.phone, erased.region),
        (String::new(), None, None, Some(region))
    );
    let left = run(db, &ctx, move |ctx, tx| reads::personal(ctx, tx, personal)).unwrap();
    let whole = &left.applications[0].whole;
    assert_eq!(whole.application.status, Status::InReview);
    assert_eq!(
        serde_json::to_string(&whole.application.answers).unwrap(),
        r#"{"subject":"SUBJ-MATH","score":90}"#
    );
    let said =
        serde_json::to_string(&left.applications[0].history.iter().map(|e| &e.deed).collect::<Vec<_>>());
    let said = said.unwrap();
    for word in ["Otam", "Yangi", "Onasi", "kuting"] {
        assert!(!said.contains(word), "{word}: {said}");
    }
    assert!(matches!(left.applications[0].history.last().unwrap().deed, Deed::Erased));
    assert_eq!((left.applicant.contact.phone, left.applicant.contact.name), (None, "№ 1".to_owned()));
    let again = run(db, &ctx, move |ctx, tx| actions::erase(ctx, tx, personal)).unwrap();
    assert_eq!(again.erased_at, erased.erased_at);
    let late = submit(db, &ctx, &who, "foundation", json!({}));
    assert_eq!(late.unwrap_err().text().key(), "applications-applicant-erased");
    let (back, is_new) = upsert(db, &ctx, Who::Telegram(77), named("Aziza", "Karimova")).unwrap();
    assert!(is_new && back.id != who.id, "who comes back is somebody new");
    let nobody = ApplicantFilter { text: "4567".to_owned(), ..ApplicantFilter::default() };
    let found = run(db, &ctx, move |ctx, tx| reads::applicants(ctx, tx, &nobody, PageRequest::default()));
    assert_eq!(found.unwrap().count, 0);
}

#[db_test]
fn applicants_follow_a_contact_that_is_joined_to_another(db: &TestDb) {
    let ctx = ctx(1);
    let (one, other) = (applicant(db, &ctx, 1), applicant(db, &ctx, 2));
    let third = NewContact::customer("Karim aka", None);
    let third = run(db, &ctx, move |ctx, tx| contacts::create_contact(ctx, tx, third.clone())).unwrap().id;
    let lead = |gone, stays| run(db, &ctx, move |ctx, tx| actions::lead_to(ctx, tx, gone, stays));
    assert_eq!(lead(one.contact, other.contact).unwrap_err().kind(), Kind::Conflict);
    lead(one.contact, third).unwrap();
    let id = one.id;
    let moved = run(db, &ctx, move |ctx, tx| reads::applicant(ctx, tx, id)).unwrap();
    assert_eq!(moved.contact.id, third);
    let gone = one.contact;
    run(db, &ctx, move |ctx, tx| contacts::join_contacts(ctx, tx, gone, third)).unwrap();
}
