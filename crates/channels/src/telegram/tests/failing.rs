//! What goes wrong, and what the sender is told about it.

use std::time::Duration;

use testkit::telegram::Fault;

use super::*;

fn text() -> Outgoing {
    to_anna(Act::Text { text: RichText::plain("Salom"), keyboard: Keyboard::Keep })
}

async fn outcome(world: &World, fault: Fault) -> Outcome {
    world.fake.fail_next("sendMessage", 1, fault);
    world.telegram.deliver(&text(), None).await.unwrap_err()
}

#[tokio::test]
async fn a_lost_answer_is_unknown_whether_it_was_taken_or_not() {
    let world = world().await;
    for fault in [Fault::DropBefore, Fault::DropAfter, Fault::Status(502), Fault::Status(500), Fault::Garbage]
    {
        assert_eq!(outcome(&world, fault.clone()).await, Outcome::Unknown, "{fault:?}");
    }
    assert_eq!(world.anna.screen().count("Salom"), 2, "two of them were taken");
    world.telegram.deliver(&text(), None).await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_has_taken_nothing() {
    let nowhere = client("http://127.0.0.1:1");
    let failed = nowhere.deliver(&text(), None).await.unwrap_err();
    assert_eq!(failed, Outcome::Retry { after_s: None });
}

#[tokio::test]
async fn too_many_messages_say_when_to_go_on() {
    let world = world().await;
    assert_eq!(outcome(&world, Fault::RetryAfter(17)).await, Outcome::Retry { after_s: Some(17) });
}

#[tokio::test]
async fn people_and_groups_that_are_gone_are_told_apart() {
    let world = world().await;
    let deliver = |chat: i64| {
        let outgoing = Outgoing { chat, ..text() };
        let telegram = world.telegram.clone();
        async move { telegram.deliver(&outgoing, None).await.map(drop) }
    };
    world.anna.block();
    assert_eq!(deliver(1001).await, Err(Outcome::Blocked));
    world.anna.unblock();
    assert_eq!(deliver(1001).await, Ok(()));
    world.anna.deactivate();
    assert_eq!(deliver(1001).await, Err(Outcome::Gone));
    assert_eq!(deliver(777).await, Err(Outcome::Gone));
    world.bot.user(2002);
    assert_eq!(deliver(2002).await, Err(Outcome::Blocked), "never started the bot");
    world.bot.user_in_group(2002, -500, false).block();
    assert_eq!(deliver(-500).await, Err(Outcome::Gone));
    world.bot.user_in_group(2002, -501, false);
    world.bot.migrate_group(-501, -100_501);
    assert_eq!(deliver(-501).await, Err(Outcome::Moved(-100_501)));
}

#[tokio::test]
async fn a_wrong_call_is_wrong_for_good() {
    let world = world().await;
    let empty = to_anna(Act::Text { text: RichText::default(), keyboard: Keyboard::Keep });
    assert!(matches!(world.telegram.deliver(&empty, None).await, Err(Outcome::BadRequest(_))));
    let mut crossed = RichText::plain("ab");
    crossed.marks.push(flow::Mark { start: 1, length: 9, style: flow::Style::Bold });
    let crossed = to_anna(Act::Text { text: crossed, keyboard: Keyboard::Keep });
    assert!(matches!(world.telegram.deliver(&crossed, None).await, Err(Outcome::BadRequest(_))));
}

#[tokio::test]
async fn a_revoked_token_is_unauthorized() {
    let world = world().await;
    world.bot.revoke();
    assert_eq!(world.telegram.deliver(&text(), None).await, Err(Outcome::Unauthorized));
    assert_eq!(classify(&world.telegram.get_me().await.unwrap_err()), Outcome::Unauthorized);
}

#[tokio::test]
async fn no_error_shows_the_token() {
    let world = world().await;
    let mut errors = vec![client("http://127.0.0.1:1").get_me().await.unwrap_err()];
    world.fake.fail_next("getMe", 1, Fault::DropBefore);
    errors.push(world.telegram.get_me().await.unwrap_err());
    world.fake.fail_next("getMe", 1, Fault::Garbage);
    errors.push(world.telegram.get_me().await.unwrap_err());
    let file = FileRef { id: "x".into(), unique_id: String::new(), name: None, mime: None, size: None };
    errors.push(client("http://127.0.0.1:1").download(&file).await.unwrap_err());
    for error in errors {
        let mut words = format!("{error} {error:?} {:?}", world.telegram);
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            words += &format!(" {cause} {cause:?}");
            source = cause.source();
        }
        assert!(!words.contains("SECRET"), "{words}");
    }
}

#[tokio::test]
async fn a_slow_answer_is_waited_for() {
    let world = world().await;
    world.fake.fail_next("sendMessage", 1, Fault::Slow(Duration::from_millis(50)));
    assert!(world.telegram.deliver(&text(), None).await.is_ok());
}

#[tokio::test]
async fn a_sender_that_asks_the_limiter_is_never_told_to_wait() {
    let fake = Fake::start().await;
    let bot = fake.bot(TOKEN);
    let mut chats: Vec<i64> = (1..=40).collect();
    for chat in &chats {
        bot.user(*chat).send_text("/start");
    }
    bot.user_in_group(1, -500, true);
    chats.extend([-500, 1, 1, 1]);
    let mut limiter = Limiter::new();
    let start = kernel::Timestamp::from_millis(1_800_000_000_000);
    let mut now = start;
    for chat in chats.iter().cycle().take(800) {
        while let Turn::Wait(until) = limiter.ask(now, *chat) {
            fake.skip(Duration::from_millis(until.millis_since(now).unsigned_abs()));
            now = until;
        }
        let params = serde_json::json!({"chat_id": chat, "text": "x"});
        fake.call(TOKEN, "sendMessage", params).unwrap();
    }
    assert_eq!(fake.counters().calls_flooded, 0);
    assert!(now.millis_since(start) > 26_000, "eight hundred are more than thirty a second");
}

#[test]
fn an_address_that_is_none_is_refused() {
    let net = Net::new(&Options::default()).unwrap();
    for url in ["", "api.telegram.org", "ftp://api.telegram.org", "http://x/?a=b"] {
        let made = Telegram::new(net.trusted().clone(), url, Token::parse(TOKEN).unwrap());
        assert_eq!(made.unwrap_err().text().key(), "channels-telegram-url-malformed", "{url}");
    }
}
