//! The chat at its edges: old buttons, trembling fingers, a crowd, refusals of the platform, odd updates.

use std::time::Duration;

use axum::http::Request;
use db::{db_test, testing::TestDb};
use futures::future::join_all;
use kernel::Quantity;
use sales::OrderFilter;
use serde_json::json;
use testkit::telegram::{Fake, FakeBot, Fault, Limits, Options, Person};
use tower::ServiceExt;

use crate::{
    chat::{
        ADD, CHECKOUT, PHONE, PLACE, check_out, enter, open_card, order_one, orders_told, put_into_cart, see,
    },
    world::World,
};

/// A shop whose bot answers by polling, with no limits kept.
async fn shop(db: &TestDb) -> (Fake, World, FakeBot) {
    let fake = Fake::start_with(Options { limits: Limits::Off, ..Options::default() }).await;
    let mut world = World::with(db, fake.url(), &[("KARVON_TELEGRAM_LIMITS", "false")]).await;
    let bot = world.connect(&fake, bots::Intake::Polling).await;
    world.start();
    (fake, world, bot)
}

fn anna(bot: &FakeBot) -> Person {
    bot.user(1_001).named("Anna", "en", "+998901234567")
}

async fn orders(world: &World) -> i64 {
    let one = kernel::PageRequest::new(1, 1);
    world.read(move |ctx, tx| sales::list_orders(ctx, tx, &OrderFilter::default(), one)).await.count
}

/// Nothing is left waiting, and the bot still answers this person.
async fn still_answers(person: &Person) {
    let before = person.screen().count("What are you looking for?");
    person.send_text("/menu");
    see(person, "the home menu", |screen| screen.count("What are you looking for?") > before).await;
}

#[db_test]
async fn a_button_of_an_old_message_is_answered_and_does_nothing_twice(db: &TestDb) {
    let (fake, mut world, bot) = shop(db).await;
    let anna = anna(&bot);
    enter(&anna).await;
    put_into_cart(&anna, PHONE).await;
    check_out(&anna).await;
    let old = anna.screen().last().unwrap().id;
    let place = data_of(&anna, old, PLACE);
    anna.tap_button(PLACE).answer().await;
    see(&anna, "the order", |screen| orders_told(screen).len() == 1).await;
    for _ in 0..2 {
        anna.tap_data(old, &place).answer().await;
    }
    assert_eq!(orders(&world).await, 1);
    // Many messages later the buttons are forgotten; a changed client may send anything at all.
    for _ in 0..12 {
        still_answers(&anna).await;
    }
    anna.tap_data(old, &place).answer().await;
    let answer = anna.tap_data(old, "zz.1.0").answer().await;
    assert!(!answer.text.is_empty(), "a button of another session says that it is old");
    for data in ["", "x", "0", "\u{0}", "9999999999:9:9", "'; DROP TABLE sales_order; --", &"я".repeat(30)] {
        anna.tap_data(old, data).answer().await;
    }
    still_answers(&anna).await;
    assert_eq!((orders(&world).await, world.reserved().await), (1, Quantity::from_units(1)));
    assert_eq!(fake.counters().taps_unanswered, 0);
    world.stop().await;
}

/// What a button sends.
fn data_of(person: &Person, message: i64, text: &str) -> String {
    use testkit::telegram::Action;
    let screen = person.screen();
    let shown = screen.messages.iter().find(|shown| shown.id == message);
    match shown.and_then(|shown| shown.button(text)).map(|button| &button.action) {
        Some(Action::Callback(data)) => data.clone(),
        _ => panic!("there is no button {text:?}:\n{screen}"),
    }
}

#[db_test]
async fn an_old_button_says_that_it_is_old_in_the_person_s_language_and_orders_nothing(db: &TestDb) {
    let (_fake, mut world, bot) = shop(db).await;
    let anna = anna(&bot);
    enter(&anna).await;
    put_into_cart(&anna, PHONE).await;
    check_out(&anna).await;
    let summary = anna.screen().last().unwrap().id;
    let gone = data_of(&anna, summary, PLACE);
    // The summary is edited into the cart; a client that has not seen it still shows "Place the order".
    anna.tap_button("✏️ Back to the cart").answer().await;
    see(&anna, "the cart", |screen| screen.last().is_some_and(|m| m.button(CHECKOUT).is_some())).await;
    let english = "This button is old. Please use the buttons of the latest message.";
    assert_eq!(anna.tap_data(summary, &gone).answer().await.text, english);
    assert_eq!(orders(&world).await, 0);
    check_out(&anna).await;
    let answered = anna.screen().last().unwrap().id;
    let place = data_of(&anna, answered, PLACE);
    // A trembling finger: the second tap stays quiet.
    let (first, second) = (anna.tap_data(answered, &place), anna.tap_data(answered, &place));
    let taps = join_all([first.answer(), second.answer()]).await;
    assert!(taps.iter().all(|tap| tap.text.is_empty()), "{taps:?}");
    see(&anna, "the order", |screen| orders_told(screen).len() == 1).await;
    // Later than a trembling finger: its limit is the engine's, in the machine's time.
    tokio::time::sleep(Duration::from_millis(1_600)).await;
    for (button, old) in [
        ("🇷🇺 Русский", "Эта кнопка устарела. Воспользуйтесь кнопками последнего сообщения."),
        ("🇺🇿 Oʻzbekcha", "Bu tugma eskirgan. Oxirgi xabardagi tugmalardan foydalaning."),
        ("🇬🇧 English", english),
    ] {
        anna.send_text("/lang");
        crate::chat::see_button(&anna, button).await;
        anna.tap_button(button).answer().await;
        for (message, data) in [(summary, &gone), (answered, &place)] {
            assert_eq!(anna.tap_data(message, data).answer().await.text, old);
        }
    }
    assert_eq!((orders(&world).await, world.reserved().await), (1, Quantity::from_units(1)));
    assert_eq!(orders_told(&anna.screen()).len(), 1);
    world.stop().await;
}

#[db_test]
async fn two_taps_at_once_are_one(db: &TestDb) {
    let (_fake, mut world, bot) = shop(db).await;
    let anna = anna(&bot);
    enter(&anna).await;
    open_card(&anna, PHONE).await;
    let card = anna.screen().last().unwrap().id;
    let (first, second) = (anna.tap_button_of(card, ADD), anna.tap_button_of(card, ADD));
    join_all([first.answer(), second.answer()]).await;
    anna.send_text("/cart");
    let screen = see(&anna, "the cart", |screen| {
        screen.last().is_some_and(|message| message.button(CHECKOUT).is_some())
    })
    .await;
    assert!(screen.last_text().contains("1 pcs × "), "{}", screen.last_text());
    check_out(&anna).await;
    let last = anna.screen().last().unwrap().id;
    let (first, second) = (anna.tap_button_of(last, PLACE), anna.tap_button_of(last, PLACE));
    join_all([first.answer(), second.answer()]).await;
    still_answers(&anna).await;
    assert_eq!(orders_told(&anna.screen()).len(), 1);
    assert_eq!((orders(&world).await, world.reserved().await), (1, Quantity::from_units(1)));
    world.stop().await;
}

#[db_test]
async fn of_fifty_buyers_ten_get_the_last_ten_pieces_and_forty_are_told(db: &TestDb) {
    let (fake, mut world, bot) = shop(db).await;
    let person = |number: i64| {
        let phone = format!("+9989012345{number:02}");
        bot.user(2_000 + number).named(&format!("Person {number}"), "en", &phone)
    };
    let people: Vec<Person> = (0..50).map(person).collect();
    join_all(people.iter().map(|person| async move {
        enter(person).await;
        put_into_cart(person, PHONE).await;
        check_out(person).await;
    }))
    .await;
    for person in &people {
        person.tap_button(PLACE);
    }
    let told = "was sold before you";
    join_all(people.iter().map(|person| {
        see(person, "an outcome", |screen| !orders_told(screen).is_empty() || screen.says(told))
    }))
    .await;
    let with_order = people.iter().filter(|person| orders_told(&person.screen()).len() == 1).count();
    let without = people.iter().filter(|person| person.screen().says(told)).count();
    assert_eq!((with_order, without), (10, 40));
    assert_eq!((orders(&world).await, world.reserved().await), (10, Quantity::from_units(10)));
    assert_eq!(world.disagreements().await, Vec::<String>::new());
    assert_eq!(fake.counters().messages_doubled, 0);
    world.stop().await;
}

#[db_test]
async fn cancel_in_the_middle_of_a_form_keeps_the_cart_and_makes_no_order(db: &TestDb) {
    let (_fake, mut world, bot) = shop(db).await;
    let anna = anna(&bot);
    enter(&anna).await;
    put_into_cart(&anna, PHONE).await;
    check_out(&anna).await;
    anna.send_text("/cancel");
    see(&anna, "the word of it", |screen| screen.says("Cancelled. Your cart has been kept.")).await;
    anna.send_text("/cart");
    see(&anna, "the cart", |screen| screen.last().is_some_and(|m| m.button(CHECKOUT).is_some())).await;
    assert_eq!(orders(&world).await, 0);
    world.stop().await;
}

#[db_test]
async fn a_person_who_blocked_the_bot_stops_nobody_else_and_may_come_back(db: &TestDb) {
    let (fake, mut world, bot) = shop(db).await;
    let (anna, ali) = (anna(&bot), bot.user(1_002).named("Ali", "en", "+998901234568"));
    enter(&anna).await;
    let number = order_one(&anna, PHONE).await;
    anna.block();
    let (status, _) = world.api("POST", &format!("/api/sales-orders/{number}/cancel"), "{}").await;
    assert_eq!(status, 200);
    fake.wait_for_calls(|calls| {
        calls.iter().any(|call| matches!(&call.ended, testkit::telegram::Ended::Refused(403, _)))
            || calls.iter().filter(|call| call.method == "getUpdates").count() > 8
    })
    .await;
    enter(&ali).await;
    order_one(&ali, PHONE).await;
    anna.unblock();
    still_answers(&anna).await;
    assert_eq!(world.reserved().await, Quantity::from_units(1));
    world.stop().await;
}

#[db_test]
async fn the_platform_may_be_busy_break_off_or_answer_nonsense(db: &TestDb) {
    let (fake, mut world, bot) = shop(db).await;
    let anna = anna(&bot);
    enter(&anna).await;
    bot.fail_next("sendMessage", 1, Fault::RetryAfter(1));
    still_answers(&anna).await;
    assert_eq!(fake.counters().messages_doubled, 0, "nothing was taken, so nothing is there twice");
    for fault in [Fault::DropBefore, Fault::Status(502), Fault::Status(500)] {
        bot.fail_next("sendMessage", 1, fault);
        still_answers(&anna).await;
    }
    for fault in [Fault::DropAfter, Fault::Garbage] {
        bot.fail_next("sendMessage", 1, fault);
        still_answers(&anna).await;
    }
    let doubled = fake.counters().messages_doubled;
    assert!(doubled <= 2, "one send whose outcome is unknown is one double at most: {doubled}");
    for fault in [Fault::DropAfter, Fault::Status(502), Fault::Garbage] {
        bot.fail_next("getUpdates", 1, fault);
        still_answers(&anna).await;
    }
    order_one(&anna, PHONE).await;
    assert_eq!(orders(&world).await, 1);
    world.stop().await;
}

#[db_test]
async fn a_message_the_platform_refuses_for_good_does_not_hold_up_the_next(db: &TestDb) {
    let (_fake, mut world, bot) = shop(db).await;
    let anna = anna(&bot);
    enter(&anna).await;
    bot.fail_next("sendMessage", 1, Fault::Refuse(400, "Bad Request: message text is empty".to_owned()));
    anna.send_text("/menu");
    still_answers(&anna).await;
    world.stop().await;
}

#[db_test]
async fn odd_updates_are_taken_and_stop_nothing(db: &TestDb) {
    let (fake, mut world, bot) = shop(db).await;
    let anna = anna(&bot);
    enter(&anna).await;
    bot.raw_update(
        &anna,
        "message_reaction_of_a_year_to_come",
        json!({"x": [1, {"y": null}], "nul": "a\u{0}b"}),
    );
    bot.raw_update(&anna, "message", json!({"message_id": 1}));
    bot.raw_update(&anna, "message", json!(null));
    bot.raw_update(&anna, "callback_query", json!({"id": "1", "from": {"id": "no number"}}));
    bot.raw_update(&anna, "my_chat_member", json!({"chat": {"id": 1_001, "type": "private"}}));
    anna.send(json!({"dice": {"emoji": "🎲", "value": 6}}));
    anna.send(json!({"text": "a\u{0}b"}));
    anna.send_text("'; DROP TABLE sales_order; -- <script>alert(1)</script> \u{202e}\u{200b}\u{feff}");
    anna.send_text(&"щ".repeat(4_096));
    anna.send_text("/order 999999999999999999999999");
    anna.send_text("/order -1");
    anna.share_contact_of("Somebody", "+998909999999", Some(77));
    anna.share_location(-91.0, 500.0);
    anna.send_photo(vec![1, 2, 3], "samsung");
    anna.send_big_document("film.mkv", 3 << 30);
    let said = anna.send_text("samsung");
    anna.edit_text(said, "galaxy");
    still_answers(&anna).await;
    let group = bot.user_in_group(1_001, -55, false);
    let before = fake.counters().messages_taken;
    group.send_text("/start");
    group.send_text("hello everybody");
    still_answers(&anna).await;
    assert_eq!(group.screen().bot_texts(), Vec::<&str>::new(), "a group has no dialogue of ours");
    assert_eq!(fake.counters().messages_taken, before + 1);
    order_one(&anna, PHONE).await;
    assert_eq!(orders(&world).await, 1);
    world.stop().await;
}

#[db_test]
async fn whoever_does_not_know_the_webhook_s_secret_learns_and_changes_nothing(db: &TestDb) {
    let fake = Fake::start().await;
    let world = World::with(db, fake.url(), &[("KARVON_PUBLIC_URL", "http://127.0.0.1:9")]).await;
    world.connect(&fake, bots::Intake::Webhook).await;
    let bot = world.bot;
    let telegram = "SELECT id, webhook_secret FROM bots_channel WHERE workspace_id = $1 AND bot_id = $2
         AND kind = 'telegram'";
    let (channel, secret) = world
        .read(move |ctx, tx| {
            tx.query_one(telegram, db::params![ctx.workspace(), bot], |row| {
                Ok((row.get::<uuid::Uuid>(0)?, row.get::<String>(1)?))
            })
        })
        .await;
    let update = json!({"update_id": 1, "message": {"message_id": 1, "date": 1, "text": "/start",
        "chat": {"id": 5, "type": "private"}, "from": {"id": 5, "is_bot": false, "first_name": "A"}}});
    let call = |path: String, given: Option<String>, body: String| {
        let router = world.router();
        async move {
            let mut request = Request::post(path).header("content-type", "application/json");
            if let Some(secret) = given {
                request = request.header("x-telegram-bot-api-secret-token", secret);
            }
            router
                .oneshot(request.body(axum::body::Body::from(body)).unwrap())
                .await
                .unwrap()
                .status()
                .as_u16()
        }
    };
    let (path, nowhere) =
        (format!("/webhook/telegram/{channel}"), format!("/webhook/telegram/{}", uuid::Uuid::nil()));
    for given in [None, Some(String::new()), Some("wrong".to_owned()), Some(secret[1..].to_owned())] {
        assert_eq!(call(path.clone(), given.clone(), update.to_string()).await, 404, "{given:?}");
    }
    assert_eq!(call(nowhere, Some(secret.clone()), update.to_string()).await, 404);
    let taken = "SELECT COUNT(*) FROM bots_message WHERE workspace_id = $1";
    let taken = move |ctx: &context::Ctx, tx: &mut db::ReadTx<'_>| {
        tx.query_one(taken, db::params![ctx.workspace()], |row| row.get::<i64>(0))
    };
    assert_eq!(world.read(taken).await, 0);
    for nonsense in [
        "",
        "{",
        "[]",
        "{\"update_id\":\"x\"}",
        "{\"update_id\":2,\"message\":\"\\u0000\"}",
        "{\"update_id\":4,\"of_a_year_to_come\":{\"a\\u0000\":[\"\\u0000\"]}}",
    ] {
        let status = call(path.clone(), Some(secret.clone()), nonsense.to_owned()).await;
        assert!(status < 500, "{nonsense}: {status}");
    }
    let long = format!("{{\"update_id\":3,\"x\":\"{}\"}}", "x".repeat(10 << 20));
    assert!((400..500).contains(&call(path.clone(), Some(secret.clone()), long).await));
    assert_eq!(call(path.clone(), Some(secret.clone()), update.to_string()).await, 200);
    let after_one = world.read(taken).await;
    assert_eq!(call(path, Some(secret), update.to_string()).await, 200, "the same update again");
    assert_eq!(world.read(taken).await, after_one, "changes nothing");
}

#[db_test]
async fn a_person_may_say_nothing_for_a_moment_and_find_the_bot_where_it_was(db: &TestDb) {
    let (fake, mut world, bot) = shop(db).await;
    let anna = anna(&bot);
    enter(&anna).await;
    put_into_cart(&anna, PHONE).await;
    fake.skip(Duration::from_secs(20 * 60));
    anna.send_text("/cart");
    see(&anna, "the cart", |screen| screen.last().is_some_and(|m| m.button(CHECKOUT).is_some())).await;
    world.stop().await;
}
