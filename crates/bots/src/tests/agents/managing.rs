//! Files at the desk, and what head agents manage in their chat.

use db::{db_test, testing::TestDb};
use flow::{Contact, Input, Media, MediaKind};
use std::sync::{Arc, atomic::Ordering};

use channels::telegram::Act;
use context::Random;
use files::Blobs;
use jobs::Worker;
use kernel::FixedClock;
use sales::Papers;
use text::Texts;
use tickets::{actions, reads};
use web::testing::NOW;

use super::{AZIZA, BOBUR, Desk, HEAD, SEED};

#[db_test]
async fn files_that_people_sent_are_brought_into_the_agent_s_chat(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    desk.asked("Look").await;
    let photo = Media { kind: MediaKind::Photo, file: "telegram:AgAC".to_owned(), caption: String::new() };
    desk.gives(AZIZA, Input::Media(photo)).await;
    let platform_id = desk.updates;
    let shown = desk.say(BOBUR, "/admin 1").await;
    assert!(shown.contains("🖼 picture"), "{shown}");
    let files = desk.press(BOBUR, "Files").await;
    assert!(files.contains(&format!("copy of {AZIZA}/{platform_id}")), "{files}");
}

#[db_test]
async fn a_head_agent_manages_categories_and_agents_and_others_do_not(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    let front = desk.say(BOBUR, "/admin").await;
    assert!(!front.contains("All open"), "{front}");
    desk.say(HEAD, "/admin").await;
    desk.press(HEAD, "Categories").await;
    desk.press(HEAD, "New category").await;
    for words in ["toʻlov", "Skip", "Skip"] {
        desk.say(HEAD, words).await;
    }
    for words in ["Qaytarish", "Возврат"] {
        desk.say(HEAD, words).await;
    }
    let made = desk.say(HEAD, "Returns").await;
    assert!(made.contains("Written down") && made.contains("🇷🇺 Возврат"), "{made}");
    desk.press(HEAD, "⬆️").await;
    desk.press(HEAD, "Stop offering").await;
    let ctx = desk.shop.ctx.clone();
    let categories = db.read_now(&desk.shop.ctx, move |tx| reads::categories(&ctx, tx)).unwrap();
    let order: Vec<_> = categories.iter().map(|one| (one.name.uz.as_str(), one.is_active)).collect();
    assert_eq!(order, [("Toʻlov", true), ("Qaytarish", false), ("Yetkazish", true)]);

    desk.press(HEAD, "Categories").await;
    desk.press(HEAD, "Desk").await;
    desk.press(HEAD, "Agents").await;
    desk.press(HEAD, "New agent").await;
    assert!(desk.say(HEAD, "501").await.contains("an agent already"));
    desk.press(HEAD, "New agent").await;
    let unknown = Contact { phone: "+998907654321".to_owned(), own: false };
    assert!(desk.gives(HEAD, Input::Contact(unknown)).await.contains("Nobody is known by that"));
    let asked = desk.say(HEAD, &AZIZA.to_string()).await;
    assert!(asked.contains("What is the agent called"), "{asked}");
    let hired = desk.say(HEAD, "Aziza").await;
    assert!(hired.contains("The agent is there"), "{hired}");
    let with = desk.press(HEAD, "Delivery").await;
    assert!(with.contains("Aziza"), "{with}");
    assert_eq!(desk.agent(AZIZA).categories, [desk.delivery.id]);
    desk.press(HEAD, "Put away").await;
    assert!(!desk.agent(AZIZA).is_active);
    desk.press(HEAD, "Agents").await;
    desk.press(HEAD, "⭐️ Head").await;
    assert!(desk.press(HEAD, "Put away").await.contains("cannot put yourself away"));
    assert!(desk.agent(HEAD).is_active);
    desk.say(HEAD, "/admin").await;
    assert!(desk.press(HEAD, "Report").await.contains("Opened: 0"));
}

#[db_test]
async fn a_head_agent_of_the_configuration_gets_the_name_of_their_chat(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    let ctx = desk.shop.ctx.clone();
    db.write_now(&desk.shop.ctx, move |tx| actions::make_heads(&ctx, tx, &[AZIZA])).unwrap();
    assert!(desk.say(AZIZA, "/admin").await.contains("👋 Aziza"));
    assert_eq!((desk.agent(AZIZA).full_name.as_str(), desk.agent(AZIZA).is_head), ("Aziza", true));
}

#[db_test]
async fn a_head_agent_gets_the_report_as_a_file_once(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    desk.asked("Hello?").await;
    desk.say(HEAD, "/admin").await;
    desk.press(HEAD, "Report").await;
    assert!(desk.press(HEAD, "PDF").await.contains("on its way"));
    let texts = Arc::new(Texts::new(&[text::BASE, tickets::TEXTS, crate::TEXTS]));
    let papers = Arc::new(Papers::new(texts));
    for _ in 0..2 {
        let services = desk.shop.site.app.services().clone().with(Arc::clone(&papers));
        let clock = Arc::new(FixedClock::at(NOW));
        let random = Random::from_seed(SEED.fetch_add(1, Ordering::SeqCst));
        Worker::new((**db).clone(), services, clock, random, crate::work()).drain().await.unwrap();
    }
    desk.news(HEAD);
    let files: Vec<_> = desk
        .sent
        .iter()
        .filter_map(|one| match &one.act {
            Act::Document { document, .. } if one.chat == HEAD => Some(document.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(files[0].name, "desk-2026-08-23-2026-09-21.pdf");
    let blobs = desk.shop.site.app.service::<Blobs>().unwrap();
    assert!(blobs.get(files[0].file.parse().unwrap()).await.unwrap().starts_with(b"%PDF"));
    // A plain agent is not offered it.
    assert!(!desk.say(BOBUR, "/admin").await.contains("Report"));
}
