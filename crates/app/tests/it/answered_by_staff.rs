//! The staff answers people in Telegram: words and files both ways, and what people change afterwards.

use std::time::Duration;

use db::{db_test, testing::TestDb};
use serde_json::{Value, json};
use testkit::telegram::{Fake, Limits, Options};

use crate::{
    chat::{enter, see},
    world::World,
};

/// The head of a PNG: all that is looked at.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x09\0\0\0\x09";
/// How long something may take to arrive on a busy machine.
const PATIENCE: Duration = Duration::from_secs(40);

/// What the API answers once it is as wanted.
async fn until(world: &World, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let ask = async {
        let mut look = tokio::time::interval(Duration::from_millis(30));
        loop {
            look.tick().await;
            let (_, found) = world.api("GET", path, "").await;
            if wanted(&found) {
                return found;
            }
        }
    };
    match tokio::time::timeout(PATIENCE, ask).await {
        Ok(found) => found,
        Err(_) => panic!("{path} never was as wanted: {}", world.api("GET", path, "").await.1),
    }
}

fn messages(told: &Value) -> &[Value] {
    told["results"].as_array().map(Vec::as_slice).unwrap_or_default()
}

#[db_test]
async fn people_in_telegram_are_answered_by_the_staff(db: &TestDb) {
    let fake = Fake::start_with(Options { limits: Limits::Off, ..Options::default() }).await;
    let mut world = World::with(db, fake.url(), &[]).await;
    let bot = world.connect(&fake, bots::Intake::Polling).await;
    world.start();
    let person = bot.user(3_001).named("Anna", "en", "+998901233001");
    enter(&person).await;
    let (_, all) = world.api("GET", "/api/conversations", "").await;
    let path = format!("/api/conversations/{}", all["results"][0]["id"].as_str().unwrap());
    let (status, taken) = world.api("POST", &format!("{path}/take-over"), "{}").await;
    assert_eq!((status.as_u16(), &taken["state"]), (200, &json!("person")));

    let asked = person.send_text("Do you have 2 kettles?");
    person.send_photo(PICTURE.to_vec(), "Like this one");
    until(&world, &path, |one| one["unread"] == 2).await;
    person.edit_text(asked, "Do you have 3 kettles?");
    let said = format!("{path}/messages");
    let told = until(&world, &said, |told| {
        messages(told).iter().any(|one| one["before_edit"] == "Do you have 2 kettles?")
    })
    .await;
    assert!(messages(&told).iter().any(|one| one["text"] == "Do you have 3 kettles?"));
    let photo = messages(&told).iter().find(|one| one["text"] == "Like this one").unwrap();
    assert_eq!(photo["sent"]["kind"], "photo");

    // It is fetched once, and is ours from then on.
    let file = photo["sent"]["url"].as_str().unwrap().to_owned();
    for _ in 0..2 {
        assert_eq!(world.api("GET", &file, "").await.0, 200);
    }
    assert_eq!(fake.calls_of("getFile").len(), 1);

    let answer = json!({ "text": "Yes, and they are blue" }).to_string();
    assert_eq!(world.api("POST", &said, &answer).await.0, 201);
    let note = json!({ "text": "Ask about delivery" }).to_string();
    assert_eq!(world.api("POST", &format!("{path}/notes"), &note).await.0, 201);
    let screen = see(&person, "the answer", |screen| {
        screen.bot_texts().iter().any(|text| text.contains("they are blue"))
    })
    .await;
    assert!(!screen.bot_texts().iter().any(|text| text.contains("delivery")), "a note never leaves");
    until(&world, &said, |told| {
        messages(told).iter().any(|one| one["from"] == "staff" && one["delivery"] == "sent")
    })
    .await;

    person.block();
    until(&world, &path, |one| one["state"] == "blocked").await;
    assert_eq!(world.api("POST", &said, &answer).await.0, 409);
    world.stop().await;
}
