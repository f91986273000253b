//! Replays every dialogue under `transcripts`. With `UPDATE_TRANSCRIPTS=1` the files are written anew instead of
//! compared: read the difference before it is committed.

use std::{fs, path::Path};

use flow::{
    Blueprint, Session, examples, render_notification,
    transcript::{EngineStage, Host, Stage, replay},
};
use kernel::{Date, Lang, Timestamp, Zone};
use serde_json::json;

use crate::{
    desk::Desk, fake_shop::FakeShop, restaurant::Restaurant, shop_blueprint, support::Support,
    university::University,
};

fn start() -> Timestamp {
    Zone::default().start_of(Date::parse("2026-11-20").unwrap()).plus_seconds(10 * 3600)
}

/// Replays the files of a folder, each dialogue on a stage of its own, which its title may choose.
#[expect(clippy::disallowed_methods, reason = "a test reads the wish to write the files anew")]
fn check<S: Stage>(folder: &str, stage: impl Fn(&str) -> S) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts").join(folder);
    let update = std::env::var_os("UPDATE_TRANSCRIPTS").is_some();
    let mut differing = Vec::new();
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 3, "a file for each language");
    for path in files {
        let expected = fs::read_to_string(&path).unwrap();
        let played =
            replay(&expected, start(), &stage).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        if update {
            fs::write(&path, &played).unwrap();
        } else if played != expected {
            differing.push(format!("{}\n{}", path.display(), first_difference(&expected, &played)));
        }
    }
    assert!(differing.is_empty(), "UPDATE_TRANSCRIPTS=1 writes them anew\n{}", differing.join("\n"));
}

fn staged<H: Host>(blueprint: &Blueprint, host: H) -> EngineStage<'_, H> {
    EngineStage { blueprint, session: Session::new(7, None), host }
}

#[test]
fn every_dialogue_with_the_shop_goes_as_its_transcript_says() {
    check("shop", |_| staged(shop_blueprint(), FakeShop::new()));
}

fn delivered(source: &str) -> Blueprint {
    Blueprint::load("delivered.toml", source, &examples::ACTIONS).unwrap()
}

#[test]
fn every_application_goes_as_its_transcript_says() {
    let blueprint = delivered(examples::ADMISSIONS);
    check("admissions", |_| staged(&blueprint, University::default()));
}

#[test]
fn every_survey_goes_as_its_transcript_says() {
    let blueprint = delivered(examples::SURVEY);
    check("survey", |_| staged(&blueprint, University::default()));
}

/// The booking bot as it is delivered, or with the address of another system.
fn booking(has_address: bool) -> Blueprint {
    let address = if has_address { "https://example.com/bookings" } else { "" };
    let line = "webhook_url = { keep = true, start = \"\" }";
    let source = examples::BOOKING.replacen(line, &line.replace("\"\"", &format!("\"{address}\"")), 1);
    assert_eq!(source != examples::BOOKING, has_address);
    Blueprint::load("booking.toml", &source, &examples::ACTIONS).unwrap()
}

#[test]
fn every_booking_goes_as_its_transcript_says() {
    let (alone, connected) = (booking(false), booking(true));
    check("booking", |title| {
        let is_alone = ["Stol band qilish", "Бронирование стола", "Booking a table"].contains(&title);
        staged(if is_alone { &alone } else { &connected }, Restaurant::default())
    });
}

#[test]
fn a_booking_is_told_to_the_staff_and_sent_to_the_other_system_once() {
    let connected = booking(true);
    let mut stage = staged(&connected, Restaurant::default());
    let mut at = start();
    let day = "25.11.2026";
    for words in [
        "/start",
        "Oʻzbekcha",
        "/book",
        day,
        "19:30",
        "4",
        "Aziza",
        "901234567",
        "Deraza",
        "Band qilish",
        "Band qilish",
    ] {
        at = at.plus_seconds(5);
        stage.take(flow::Input::Text(words.to_owned()), at);
    }
    let Restaurant { sent, told, .. } = &stage.host;
    let booked = json!({
        "name": "Aziza", "phone": "+998901234567", "day": "2026-11-25", "time": "19:30", "guests": 4,
        "wish": "Deraza",
    });
    assert_eq!(told.as_slice(), [("new_booking".to_owned(), booked.clone())]);
    assert_eq!(sent.iter().collect::<Vec<_>>(), [&booked]);
    let message = render_notification(&connected, "new_booking", Lang::Ru, Zone::default(), &booked).unwrap();
    assert_eq!(
        message.text.text,
        "🍽 Новая бронь\n📅 25.11.2026, 19:30, 4 гостя\n👤 Aziza, +998 90 123 45 67\n💬 Deraza"
    );
}

#[test]
fn every_question_to_the_support_desk_goes_as_its_transcript_says() {
    let support = Blueprint::load("support.toml", examples::SUPPORT, &examples::ACTIONS).unwrap();
    check("support", |_| staged(&support, Support::default()));
}

#[test]
fn every_talk_of_an_agent_with_the_desk_goes_as_its_transcript_says() {
    let support = Blueprint::load("support.toml", examples::SUPPORT, &examples::ACTIONS).unwrap();
    check("desk", |title| staged(&support, Desk::of(title)));
}

#[test]
fn what_is_said_before_a_ticket_is_open_is_said_in_it_once() {
    let support = Blueprint::load("support.toml", examples::SUPPORT, &examples::ACTIONS).unwrap();
    let mut stage = staged(&support, Support::default());
    let mut at = start();
    for words in
        ["/start", "Oʻzbekcha", "/menu", "Pul yechildi", "Toʻlov", "Qachon?", "/menu", "Yana bor", "/menu"]
    {
        at = at.plus_seconds(5);
        stage.take(flow::Input::Text(words.to_owned()), at);
    }
    assert_eq!(stage.host.said, ["Pul yechildi", "Yana bor"]);
}

fn first_difference(expected: &str, played: &str) -> String {
    let number = expected.lines().zip(played.lines()).take_while(|(a, b)| a == b).count();
    let around =
        |text: &str| text.lines().skip(number.saturating_sub(3)).take(8).collect::<Vec<_>>().join("\n");
    format!("line {}\n--- expected\n{}\n--- played\n{}", number + 1, around(expected), around(played))
}
