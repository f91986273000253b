//! A university's bots at a site, where a typed number and a typed id prove nothing: what somebody answered or applied for is theirs.

use db::{db_test, testing::TestDb};
use kernel::{PageRequest, Phone};
use serde_json::json;

use super::{Page, opened};
use crate::tests::{
    Shop,
    admissions::{applications_of, asks_in, becomes},
};

const PHONE: &str = "+998901112233";

/// From the menu's first button as far as the menu again.
async fn answers(page: &mut Page<'_>, name: &str, student: &str, year: &str) {
    page.say("📝 Begin").await;
    page.gives(json!({ "kind": "contact", "phone": PHONE })).await;
    page.say(name).await;
    page.say("Karimova").await;
    page.press("👩 Female").await;
    page.press("Tashkent city").await;
    page.say(student).await;
    studies(page, year).await;
}

async fn studies(page: &mut Page<'_>, year: &str) {
    page.press("Mechanical Engineering 🇮🇹").await;
    page.press(year).await;
    page.press("❌ No").await;
    page.say("⏭ Skip").await;
    page.press("❌ No").await;
}

async fn comes(page: &mut Page<'_>) {
    page.gives(json!({ "kind": "command", "command": "start" })).await;
    page.press("English").await;
}

/// Who answered in which year of their studies, by their ids.
fn answered(db: &TestDb, shop: &Shop) -> Vec<(String, Option<i64>)> {
    let ctx = shop.ctx.clone();
    let found = db.read_now(&shop.ctx, move |tx| {
        let all =
            surveys::reads::responses(&ctx, tx, &surveys::ResponseFilter::default(), PageRequest::default())?;
        let whose = all.results.into_iter().map(|one| {
            let student = surveys::reads::student(&ctx, tx, one.student)?;
            Ok((student.student_external_id, one.course_year.map(i64::from)))
        });
        whose.collect::<kernel::Result<Vec<_>>>()
    });
    let mut found = found.unwrap();
    found.sort();
    found
}

#[db_test]
async fn a_student_s_id_and_phone_that_somebody_types_lead_to_nobody_s_answers(db: &TestDb) {
    let (shop, key) = opened(db).await;
    becomes(db, &shop, flow::examples::SURVEY).await;
    asks_in(db, &shop, "bandlik-2026");
    let mut owner = Page::met(&shop.site, &key).await;
    comes(&mut owner).await;
    answers(&mut owner, "Madina", "U2201", "3").await;
    assert!(owner.seen().await.contains("your answers are saved"), "{}", owner.seen().await);
    let first = [("U2201".to_owned(), Some(3))];
    assert_eq!(answered(db, &shop), first);

    let mut other = Page::met(&shop.site, &key).await;
    comes(&mut other).await;
    assert!(!other.seen().await.contains("saved"), "{}", other.seen().await);
    answers(&mut other, "Somebody", "u2201 ", "2").await;
    let seen = other.seen().await;
    assert!(seen.contains("has answered from another account"), "{seen}");
    assert!(!seen.contains("year 3"), "{seen}");
    assert_eq!(answered(db, &shop), first, "nothing of theirs is changed");
    // Under an id of their own the same phone is no hindrance, and no way to the other one either.
    other.say("U2202").await;
    let second = ("U2202".to_owned(), Some(2));
    assert_eq!(answered(db, &shop), [first[0].clone(), second.clone()], "{}", other.seen().await);

    // Whoever answered here may answer otherwise, here.
    owner.say("📝 Answer again").await;
    studies(&mut owner, "4").await;
    assert_eq!(answered(db, &shop), [("U2201".to_owned(), Some(4)), second]);
    let ctx = shop.ctx.clone();
    let holder =
        db.read_now(&shop.ctx, move |tx| contacts::find_by_phone(&ctx, tx, &Phone::parse(PHONE)?)).unwrap();
    let ctx = shop.ctx.clone();
    let students = db.read_now(&shop.ctx, move |tx| match &holder {
        Some(holder) => surveys::reads::find_student(&ctx, tx, holder.id),
        None => Ok(None),
    });
    assert_eq!(students.unwrap(), None, "a typed number ties nobody to its contact");
}

#[db_test]
async fn a_phone_that_somebody_types_leads_to_nobody_s_application(db: &TestDb) {
    let (shop, key) = opened(db).await;
    becomes(db, &shop, flow::examples::ADMISSIONS).await;
    for name in ["Madina", "Somebody"] {
        let mut page = Page::met(&shop.site, &key).await;
        comes(&mut page).await;
        page.gives(json!({ "kind": "contact", "phone": PHONE })).await;
        page.say(name).await;
        page.say("Karimova").await;
        page.press("👩 Female").await;
        page.press("Tashkent city").await;
        page.say("17.05.2009").await;
        page.say("My applications").await;
        let seen = page.seen().await;
        assert!(seen.contains("You are registered") && !seen.contains("Foundation Year, no."), "{seen}");
        page.say("Foundation Year").await;
        page.say("90 765 43 21").await;
        page.press("✅ Yes").await;
    }
    let all = applications_of(db, &shop);
    let mut names: Vec<_> = all.iter().map(|one| one.applicant.name()).collect();
    names.sort();
    assert_eq!(names, ["Madina Karimova", "Somebody Karimova"]);
    assert_ne!(all[0].applicant.contact, all[1].applicant.contact);
}
