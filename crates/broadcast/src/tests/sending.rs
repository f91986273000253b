//! Sending, against the fake of Telegram.

use std::time::Duration;

use db::{db_test, testing::TestDb};
use testkit::telegram::{Fault, Limits};

use super::{House, words};
use crate::{
    Button, Content, Fate, IN_FLIGHT, Opens, Problem, State, Texts, actions, actions::StoredFile, reads,
};

const LEASE: Duration = Duration::from_secs(3);

#[db_test]
async fn everybody_gets_it_once_in_their_language_and_reads_it_in_the_chat(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 300);
    house.fake_bot.user(1_003).block();
    house.fake_bot.user(1_006).deactivate();
    let id = house.create(db, house.draft(words())).id;
    house.start(db, id);
    let handle = house.serve(db, LEASE);
    let (done, counts) = house.wait(db, id, |one, _| one.state == State::Done).await;
    handle.stop().await;
    // Who blocked the bot may be known before it begins: then they are not among its people.
    assert_eq!((counts.sent, counts.failed, counts.unknown, counts.waiting), (298, 1, 0, 0));
    assert!(counts.blocked <= 1 && done.ended_at.is_some());
    for person in 1_000..1_300 {
        let expected = usize::from(person != 1_003 && person != 1_006);
        assert_eq!(house.messages(person), expected, "{person}");
    }
    for person in [1_001_i64, 1_002] {
        let shown = house.fake_bot.user(person).messages();
        let expected =
            if House::lang_of(person) == Some(kernel::Lang::Ru) { "Скидка" } else { "Chegirma" };
        assert!(shown[0].text.contains(expected), "{person}: {}", shown[0].text);
    }
    let own = house.ctx.clone();
    let gone = db
        .read_now(&house.ctx, move |tx| {
            reads::recipients(&own, tx, id, Some(Fate::Failed), kernel::PageRequest::default())
        })
        .unwrap();
    assert_eq!((gone.count, gone.results[0].problem.as_deref()), (1, Some("gone")));
    // It stands in the person's conversation, marked.
    let own = house.ctx.clone();
    let sent = db
        .read_now(&house.ctx, move |tx| {
            reads::recipients(&own, tx, id, Some(Fate::Sent), kernel::PageRequest::default())
        })
        .unwrap();
    let conversation = sent.results[0].conversation;
    let said = house.site.get(&format!("/api/conversations/{conversation}/messages")).await.json();
    assert_eq!(said["results"][0]["is_broadcast"], true, "{said}");
    let page = house.site.page(&format!("/conversations/{conversation}")).await.text();
    assert!(page.contains("broadcast"), "the inbox says so");
}

#[db_test]
async fn a_picture_travels_once_and_then_by_its_id(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 40);
    let id = house.create(db, house.draft(words())).id;
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x64\0\0\0\x64".to_vec();
    png.resize(64, 0);
    let size = png.len();
    let hash = house.blobs.put(png).await.unwrap();
    let file = StoredFile { hash, name: "a.png".to_owned(), media_type: files::MediaType::Png, size };
    house.write(db, move |ctx, tx, bots| actions::set_file(ctx, tx, bots, id, Some(&file)));
    house.start(db, id);
    let handle = house.serve(db, LEASE);
    let (done, counts) = house.wait(db, id, |one, _| one.state == State::Done).await;
    handle.stop().await;
    assert_eq!(counts.sent, 40);
    let file_id = done.file_id.unwrap();
    let calls = house.fake.calls_of("sendPhoto");
    let by_id = calls.iter().filter(|call| call.params["photo"] == file_id.as_str()).count();
    assert_eq!((calls.len(), by_id), (40, 39));
}

#[db_test]
async fn a_file_that_telegram_does_not_take_stops_it_with_the_reason(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 40);
    let id = house.create(db, house.draft(words())).id;
    let hash = house.blobs.put(b"\0\0\0\x18ftypmp42 film".to_vec()).await.unwrap();
    let media_type = files::MediaType::Mp4;
    let file = StoredFile { hash, name: "a.mp4".to_owned(), media_type, size: 17 };
    house.write(db, move |ctx, tx, bots| actions::set_file(ctx, tx, bots, id, Some(&file)));
    house.start(db, id);
    let refusal = Fault::Refuse(400, "Bad Request: wrong file identifier/HTTP URL specified".to_owned());
    house.fake_bot.fail_next("sendVideo", 1, refusal);
    let handle = house.serve(db, LEASE);
    let (stopped, counts) = house.wait(db, id, |one, _| one.state == State::Paused).await;
    assert!(matches!(stopped.problem, Some(Problem::FileRefused(why)) if why.contains("wrong file")));
    assert_eq!((counts.failed, counts.waiting), (1, 39), "one was tried, the others wait");
    house.write(db, move |ctx, tx, _| actions::resume(ctx, tx, id));
    let (_, counts) = house.wait(db, id, |one, _| one.state == State::Done).await;
    handle.stop().await;
    assert_eq!((counts.sent, counts.failed), (39, 1));
    assert_eq!(house.fake.calls_of("sendVideo").iter().filter(|call| call.is_ok()).count(), 39);
}

#[db_test]
async fn a_call_without_an_answer_is_unknown_and_is_never_made_again(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 60);
    let id = house.create(db, house.draft(words())).id;
    house.start(db, id);
    house.fake_bot.fail_next("sendMessage", 3, Fault::DropAfter);
    house.fake_bot.fail_next("sendMessage", 2, Fault::RetryAfter(1));
    house.fake_bot.fail_next("sendMessage", 2, Fault::Refuse(400, "Bad Request: strange".to_owned()));
    let handle = house.serve(db, LEASE);
    let (_, counts) = house.wait(db, id, |one, _| one.state == State::Done).await;
    handle.stop().await;
    // What was asked to wait came later; what was lost on the way back stays as it is.
    assert_eq!((counts.unknown, counts.failed, counts.sent), (3, 2, 55), "{counts:?}");
    let most = (1_000..1_060).map(|person| house.messages(person)).max();
    assert_eq!((most, house.fake.counters().messages_taken), (Some(1), 58));
}

#[db_test]
async fn one_refusal_after_the_other_stops_it(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 400);
    let id = house.create(db, house.draft(words())).id;
    house.start(db, id);
    house.fake_bot.fail_next("sendMessage", 1_000, Fault::Status(502));
    let handle = house.serve(db, LEASE);
    let (stopped, counts) = house.wait(db, id, |one, _| one.state == State::Paused).await;
    handle.stop().await;
    assert!(matches!(stopped.problem, Some(Problem::Refused(_))));
    let most = i64::try_from(20 + IN_FLIGHT * 2).unwrap();
    assert!(counts.unknown <= most && counts.waiting >= 400 - most, "{counts:?}");
}

#[db_test]
async fn it_is_paused_resumed_and_ended_while_it_runs(db: &TestDb) {
    let house = House::with(db, Limits::Telegram).await;
    house.people(db, 1_000, 120);
    let id = house.create(db, house.draft(words())).id;
    house.start(db, id);
    let handle = house.serve(db, LEASE);
    house.wait(db, id, |_, counts| counts.sent > 5).await;
    house.write(db, move |ctx, tx, _| actions::pause(ctx, tx, id));
    let (_, paused) = house.wait(db, id, |_, counts| counts.sending == 0).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(house.get(db, id).1, paused, "nothing leaves while it is paused");
    house.write(db, move |ctx, tx, _| actions::resume(ctx, tx, id));
    house.wait(db, id, |_, counts| counts.sent > paused.sent + 5).await;
    // A bot that rests says nothing to anybody.
    let bot = house.bot.id;
    house.write(db, move |ctx, tx, _| bots::set_bot_state(ctx, tx, bot, bots::BotState::Paused));
    let (rests, _) = house.wait(db, id, |one, _| one.state == State::Paused).await;
    assert_eq!(rests.problem, Some(Problem::BotRests));
    house.write(db, move |ctx, tx, _| actions::cancel(ctx, tx, id));
    handle.stop().await;
    let (ended, counts) = house.get(db, id);
    assert_eq!((ended.state, counts.sending, counts.unknown), (State::Cancelled, 0, 0));
    assert_eq!(house.fake.counters().messages_taken, counts.sent.unsigned_abs());
    assert_eq!(house.fake.counters().calls_flooded, 0, "the limits are kept");
}

#[db_test]
async fn a_stop_in_order_leaves_nothing_unknown_and_the_next_process_goes_on(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 2_000);
    let id = house.create(db, house.draft(words())).id;
    house.start(db, id);
    for _ in 0..3 {
        let sent = house.get(db, id).1.sent;
        let handle = house.serve(db, LEASE);
        house.wait(db, id, |_, counts| counts.sent > sent).await;
        handle.stop().await;
        assert_eq!(house.get(db, id).1.sending, 0);
    }
    let handle = house.serve(db, LEASE);
    let (_, counts) = house.wait(db, id, |one, _| one.state == State::Done).await;
    handle.stop().await;
    assert_eq!((counts.sent, counts.unknown), (2_000, 0));
    assert_eq!(house.fake.counters().messages_doubled, 0);
}

#[db_test]
async fn an_answer_is_not_late_while_a_broadcast_runs(db: &TestDb) {
    let house = House::with(db, Limits::Telegram).await;
    house.people(db, 1_000, 300);
    let id = house.create(db, house.draft(words())).id;
    house.start(db, id);
    let handle = house.serve(db, LEASE);
    // The bot's second is full from here on.
    house.wait(db, id, |_, counts| counts.sent > 30).await;
    let mut slowest = Duration::ZERO;
    for person in 5_000..5_006 {
        let anna = house.fake_bot.user(person).named("Anna", "uz", "+998901234567");
        let asked = tokio::time::Instant::now();
        anna.send_text("/start");
        anna.wait_for(|screen| !screen.messages.is_empty() && screen.messages.iter().any(|m| m.by_bot)).await;
        slowest = slowest.max(asked.elapsed());
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    let (running, counts) = house.get(db, id);
    handle.stop().await;
    assert_eq!(running.state, State::Running, "it still ran: {counts:?}");
    assert!(slowest < Duration::from_millis(900), "{slowest:?}");
}

#[db_test]
async fn a_button_starts_a_command_of_the_bot(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 1);
    let labels = Texts { uz: "Boshlash".to_owned(), ..Texts::default() };
    let button = Some(Button { labels, opens: Opens::Command("start".to_owned()) });
    let own = house.ctx.clone();
    let (bots, bot) = (std::sync::Arc::clone(&house.bots), house.bot.clone());
    let voice = db.read_now(&house.ctx, move |tx| bots::voice(&own, tx, &bots, &bot)).unwrap();
    let name = voice.commands.first().map(|(name, _)| name.clone()).unwrap();
    let button = button.map(|button| Button { opens: Opens::Command(name), ..button });
    let id = house.create(db, house.draft(Content { button, ..words() })).id;
    house.start(db, id);
    let handle = house.serve(db, LEASE);
    house.wait(db, id, |one, _| one.state == State::Done).await;
    let person = house.fake_bot.user(1_000);
    person.tap_button("Boshlash");
    person.wait_for(|screen| screen.messages.len() > 1).await;
    handle.stop().await;
}
