//! A university's bots: somebody registers and applies, is told what became of it, and answers a survey.

use axum::http::StatusCode;
use catalog::Names;
use db::{db_test, testing::TestDb};
use kernel::PageRequest;
use serde_json::json;

use super::{
    Shop,
    desk::told,
    simulator::{self, said},
};

/// The bot of the shop becomes this one, where there are a university's catalog items.
pub(super) async fn becomes(db: &TestDb, shop: &Shop, source: &str) {
    let ctx = shop.ctx.clone();
    let items = catalog::delivered_items().unwrap();
    db.write_now(&shop.ctx, move |tx| catalog::ensure_items(&ctx, tx, &items).map(drop)).unwrap();
    let draft = json!({ "source": source, "revision": 0 });
    let saved = shop.site.put("/api/bots/1/draft", draft).await;
    assert_eq!(saved.json()["problems"], json!([]), "{}", saved.text());
    assert_eq!(shop.site.post("/api/bots/1/publish", json!({})).await.status, StatusCode::CREATED);
}

async fn registers(chat: &mut simulator::Chat<'_>) {
    chat.command("start").await;
    chat.press("English").await;
    assert_eq!(chat.send(json!({ "kind": "contact" })).await.status, StatusCode::ACCEPTED);
    chat.say("Madina").await;
    chat.say("Karimova").await;
    chat.press("👩 Female").await;
    chat.press("Tashkent city").await;
    chat.say("17.05.2009").await;
    assert!(said(&chat.state().await).contains("You are registered"), "{}", said(&chat.state().await));
}

async fn applies(chat: &mut simulator::Chat<'_>, form: &str) {
    chat.say(form).await;
    chat.press("Italian Track").await;
    chat.press("Mechanical Engineering 🇮🇹").await;
    chat.press("Tashkent city").await;
    chat.say("90 765 43 21").await;
    chat.press("✅ Yes").await;
}

pub(super) fn applications_of(db: &TestDb, shop: &Shop) -> Vec<applications::WholeApplication> {
    let ctx = shop.ctx.clone();
    let filter = applications::ApplicationFilter::default();
    let found = db
        .read_now(&shop.ctx, move |tx| applications::reads::list(&ctx, tx, &filter, PageRequest::default()));
    found.unwrap().results
}

#[db_test]
async fn somebody_registers_applies_once_and_is_told_what_became_of_it(db: &TestDb) {
    let shop = Shop::open(db);
    becomes(db, &shop, flow::examples::ADMISSIONS).await;
    let mut chat = simulator::Chat::new(&shop.site);
    registers(&mut chat).await;
    applies(&mut chat, "Admissions 2026").await;
    assert!(said(&chat.state().await).contains("Its number is"), "{}", said(&chat.state().await));

    // Who applies again changes what they applied for.
    chat.say("Admissions 2026").await;
    chat.say("✏️ Change the answers").await;
    chat.press("Uzbek Track").await;
    chat.press("Mechanical Engineering 🇮🇹").await;
    chat.press("Tashkent city").await;
    chat.say("⏭ Skip").await;
    chat.press("✅ Yes").await;
    assert!(said(&chat.state().await).contains("has been updated"), "{}", said(&chat.state().await));
    let all = applications_of(db, &shop);
    assert_eq!(all.len(), 1);
    let one = &all[0];
    assert_eq!(one.chosen["track"].code, "TRACK-UZBEK");
    assert_eq!(one.application.answers["second_phone"], "+998907654321", "what is skipped stays");
    assert_eq!(one.applicant.name(), "Madina Karimova");
    assert!(one.applicant.phone.is_some() && one.applicant.chat_ref.is_some());

    // The staff decides, and the chat is told once, in the person's language.
    let (ctx, id) = (shop.ctx.clone(), one.application.id);
    db.write_now(&shop.ctx, move |tx| {
        let to = applications::Status::Accepted;
        applications::actions::set_status(&ctx, tx, id, to, Some("Welcome on 1 September.")).map(drop)
    })
    .unwrap();
    told(db, &shop).await;
    told(db, &shop).await;
    let words = said(&chat.state().await);
    assert_eq!(words.matches("Welcome on 1 September.").count(), 1, "{words}");
    assert!(words.contains("Admissions 2026, application no. 1: ✅ Accepted"), "{words}");
    chat.say("My applications").await;
    assert!(said(&chat.state().await).contains("Uzbek Track"));
    // What was decided is shown, and asks nothing.
    chat.say("Admissions 2026").await;
    let words = said(&chat.state().await);
    let last = words.rsplit("Choose a section.").nth(1).unwrap();
    assert!(last.contains("✅ Accepted") && !last.contains("Choose a track"), "{words}");
}

#[db_test]
async fn who_asks_to_be_forgotten_is_forgotten_in_the_chat_too(db: &TestDb) {
    let shop = Shop::open(db);
    becomes(db, &shop, flow::examples::ADMISSIONS).await;
    let mut chat = simulator::Chat::new(&shop.site);
    registers(&mut chat).await;
    applies(&mut chat, "Admissions 2026").await;
    let whole = applications_of(db, &shop).remove(0);
    let (ctx, id, contact) = (shop.ctx.clone(), whole.applicant.id, whole.applicant.contact);
    db.write_now(&shop.ctx, move |tx| applications::actions::erase(&ctx, tx, id).map(drop)).unwrap();
    told(db, &shop).await;
    told(db, &shop).await;
    let ctx = shop.ctx.clone();
    let nobody = db.read_now(&shop.ctx, move |tx| contacts::get(&ctx, tx, contact)).unwrap();
    assert_eq!((nobody.name, nobody.phone), (format!("№ {}", nobody.number), None));
    let list = shop.site.get("/api/conversations").await;
    assert!(!list.text().contains("Madina"), "{}", list.text());
    let found = shop.site.get("/api/conversations?view=all&q=Karimova").await.json();
    assert_eq!(found["results"], json!([]));
    // What they applied for stays counted; who writes again is somebody new.
    assert_eq!(applications_of(db, &shop).len(), 1);
    assert_eq!(said(&chat.state().await), "");
    registers(&mut chat).await;
    chat.say("My applications").await;
    assert!(!said(&chat.state().await).contains("Italian Track"), "{}", said(&chat.state().await));
}

#[db_test]
async fn an_item_that_is_put_away_disappears_at_once_and_stays_where_it_was_chosen(db: &TestDb) {
    let shop = Shop::open(db);
    becomes(db, &shop, flow::examples::ADMISSIONS).await;
    let mut chat = simulator::Chat::new(&shop.site);
    registers(&mut chat).await;
    applies(&mut chat, "Admissions 2026").await;
    chat.say("Admissions 2026").await;
    chat.say("✏️ Change the answers").await;
    chat.press("Italian Track").await;
    chat.press("Mechanical Engineering 🇮🇹").await;
    chat.press("Tashkent city").await;
    let ctx = shop.ctx.clone();
    db.write_now(&shop.ctx, move |tx| {
        for code in ["DIR-COMP-IT", "TRACK-UZBEK"] {
            let item = catalog::items::find_by_code(&ctx, tx, code)?.unwrap();
            catalog::set_item_active(&ctx, tx, item.id, false)?;
        }
        Ok(())
    })
    .unwrap();
    chat.say("⏭ Skip").await;
    chat.press("✅ Yes").await;
    chat.say("Admissions 2026").await;
    chat.say("✏️ Change the answers").await;
    let words = said(&chat.state().await);
    let last = words.rsplit("Choose a track.").next().unwrap();
    assert!(!last.contains("Uzbek Track"), "{words}");
    let ctx = shop.ctx.clone();
    let refused = db.write_now(&shop.ctx, move |tx| {
        let item = catalog::items::find_by_code(&ctx, tx, "DIR-MECH-IT")?.unwrap();
        catalog::delete_item(&ctx, tx, item.id)
    });
    assert_eq!(refused.unwrap_err().kind(), kernel::Kind::Conflict);
    assert_eq!(applications_of(db, &shop)[0].chosen["direction"].code, "DIR-MECH-IT");
}

#[db_test]
async fn a_form_for_next_year_is_a_copy_with_fields_of_its_own(db: &TestDb) {
    let shop = Shop::open(db);
    becomes(db, &shop, flow::examples::ADMISSIONS).await;
    let path = "/api/bots/1/forms/admissions-2026/copy";
    let work = shop.site.get("/api/bots/1/draft").await.json();
    let copy = json!({ "code": "admissions-2027", "name_uz": "Qabul 2027", "name_en": "Admissions 2027", "revision": work["revision"] });
    let mut wrong = copy.clone();
    wrong["code"] = json!("Qabul 2027");
    let refused = shop.site.post(path, wrong).await;
    assert_eq!(
        (refused.status, refused.json()["errors"][0]["field"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("code"))
    );
    let made = shop.site.post(path, copy.clone()).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    // A second copy by who read the draft before is refused, and makes no form.
    let mut stale = copy;
    stale["code"] = json!("admissions-2028");
    assert_eq!(shop.site.post(path, stale).await.status, StatusCode::CONFLICT);

    // The draft gets another question, is published, and the form has its field.
    let work = shop.site.get("/api/bots/1/draft").await.json();
    let source = work["source"].as_str().unwrap();
    let asked = source.replacen(
        "answers = { track = \"{track.code}\", direction = \"{direction.code}\", region = \"{home_region.code}\", second_phone = \"{second_phone}\" } }",
        "answers = { essay = \"{position}\", track = \"{track.code}\", direction = \"{direction.code}\", region = \"{home_region.code}\", second_phone = \"{second_phone}\" } }",
        1,
    );
    assert!(asked != source, "the copy has no such answers");
    let saved =
        shop.site.put("/api/bots/1/draft", json!({ "source": asked, "revision": work["revision"] })).await;
    assert_eq!(saved.json()["problems"], json!([]), "{}", saved.text());
    assert_eq!(shop.site.post("/api/bots/1/publish", json!({})).await.status, StatusCode::CREATED);
    let ctx = shop.ctx.clone();
    let forms = db.read_now(&shop.ctx, move |tx| applications::reads::forms(&ctx, tx)).unwrap();
    let form = forms.iter().find(|form| form.code == "admissions-2027").unwrap();
    assert!(form.field("essay").is_some() && form.field("track").is_some() && !form.is_open);
    assert!(forms.iter().all(|form| form.code != "admissions-2028"));
    let old = forms.iter().find(|form| form.code == "admissions-2026").unwrap();
    assert!(old.field("essay").is_none());

    let mut chat = simulator::Chat::new(&shop.site);
    registers(&mut chat).await;
    chat.say("Admissions 2027").await;
    assert!(said(&chat.state().await).contains("No applications are taken here now."));
    let (ctx, id) = (shop.ctx.clone(), form.id);
    db.write_now(&shop.ctx, move |tx| applications::actions::set_form_open(&ctx, tx, id, true).map(drop))
        .unwrap();
    applies(&mut chat, "Admissions 2027").await;
    assert_eq!(applications_of(db, &shop)[0].form.code, "admissions-2027");
}

/// From the menu as far as the menu again.
async fn answers(chat: &mut simulator::Chat<'_>) {
    chat.command("menu").await;
    chat.say("📝 Begin").await;
    assert_eq!(chat.send(json!({ "kind": "contact" })).await.status, StatusCode::ACCEPTED);
    for words in ["Madina", "Karimova"] {
        chat.say(words).await;
    }
    chat.press("👩 Female").await;
    chat.press("Tashkent city").await;
    chat.say("U2201").await;
    chat.press("Mechanical Engineering 🇮🇹").await;
    chat.press("3").await;
    chat.press("✅ Yes").await;
    for words in ["Namuna Soft", "Developer", "20", "2500000"] {
        chat.say(words).await;
    }
}

/// The workspace asks its students in this campaign from here on.
pub(super) fn asks_in(db: &TestDb, shop: &Shop, code: &'static str) {
    let ctx = shop.ctx.clone();
    db.write_now(&shop.ctx, move |tx| {
        let names = Names { uz: "Bandlik 2026".to_owned(), ru: None, en: Some("Employment 2026".to_owned()) };
        let new = surveys::NewCampaign { is_default: true, ..surveys::NewCampaign::new(code, names) };
        surveys::actions::create_campaign(&ctx, tx, new).map(drop)
    })
    .unwrap();
}

#[db_test]
async fn a_student_answers_and_answers_otherwise(db: &TestDb) {
    let shop = Shop::open(db);
    becomes(db, &shop, flow::examples::SURVEY).await;
    let mut chat = simulator::Chat::new(&shop.site);
    chat.command("start").await;
    chat.press("English").await;
    assert!(said(&chat.state().await).contains("There is no survey now."));
    asks_in(db, &shop, "bandlik-2026");
    answers(&mut chat).await;
    let words = said(&chat.state().await);
    assert!(words.contains("Employment 2026: your answers are saved"), "{words}");
    chat.say("📝 Answer again").await;
    chat.press("Mechanical Engineering 🇮🇹").await;
    chat.press("4").await;
    chat.press("❌ No").await;
    chat.say("⏭ Skip").await;
    chat.press("✅ Yes").await;
    chat.press("Telegram").await;
    chat.press("➡️ Done").await;
    let ctx = shop.ctx.clone();
    let found = db.read_now(&shop.ctx, move |tx| {
        surveys::reads::responses(&ctx, tx, &surveys::ResponseFilter::default(), PageRequest::default())
    });
    let found = found.unwrap().results;
    assert_eq!(found.len(), 1, "answering again updates");
    let answered = &found[0].answered;
    assert_eq!(answered.employment, Some(surveys::Employment::Unemployed));
    assert_eq!((answered.company.as_deref(), answered.salary), (None, None));
    assert_eq!(answered.channels, ["telegram"]);
    assert_eq!(found[0].course_year, Some(4));
}

#[db_test]
async fn a_student_who_asks_to_be_forgotten_is_forgotten_in_the_chat_too(db: &TestDb) {
    let shop = Shop::open(db);
    becomes(db, &shop, flow::examples::SURVEY).await;
    asks_in(db, &shop, "bandlik-2026");
    let mut chat = simulator::Chat::new(&shop.site);
    chat.command("start").await;
    chat.press("English").await;
    answers(&mut chat).await;
    let ctx = shop.ctx.clone();
    let erased = db.write_now(&shop.ctx, move |tx| {
        let all =
            surveys::reads::responses(&ctx, tx, &surveys::ResponseFilter::default(), PageRequest::default())?;
        surveys::actions::erase_student(&ctx, tx, all.results[0].student)
    });
    assert!(erased.unwrap().contact_is_gone);
    told(db, &shop).await;
    for path in ["/api/conversations", "/api/customers"] {
        let list = shop.site.get(path).await;
        assert!(!list.text().contains("Madina"), "{path}: {}", list.text());
    }
    assert_eq!(said(&chat.state().await), "");
}
