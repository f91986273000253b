//! How updates reach a bot: the poll, the webhook, and what goes wrong on the way.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
    routing::post,
};

use super::*;
use crate::telegram::{Ended, Fault};

#[tokio::test]
async fn an_offset_confirms_what_is_before_it() {
    let (fake, _, anna, api) = started().await;
    anna.send_text("bir");
    anna.send_text("ikki");
    let all = api.call("getUpdates", json!({})).await;
    let ids: Vec<i64> =
        all.as_array().unwrap().iter().map(|update| update["update_id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [ids[0], ids[0] + 1, ids[0] + 2]);
    assert_eq!(api.call("getUpdates", json!({"limit": 1})).await.as_array().unwrap().len(), 1);
    let rest = api.call("getUpdates", json!({"offset": ids[2]})).await;
    assert_eq!(rest[0]["message"]["text"], "ikki");
    assert_eq!(api.call("getUpdates", json!({"offset": ids[2] + 1})).await, json!([]));
    let counters = fake.counters();
    assert_eq!((counters.updates_made, counters.updates_confirmed, counters.updates_waiting), (3, 3, 0));
    assert_eq!(counters.updates_handed_again, 2);
}

#[tokio::test]
async fn a_poll_waits_for_an_update_and_for_no_longer_than_asked() {
    let (_, bot, anna, api) = started().await;
    let first = api.call("getUpdates", json!({})).await;
    let offset = first[0]["update_id"].as_i64().unwrap() + 1;
    let poll = tokio::spawn(async move {
        let found = api.call("getUpdates", json!({"offset": offset, "timeout": 30})).await;
        (found, api)
    });
    tokio::task::yield_now().await;
    anna.send_text("tez");
    let (found, api) = poll.await.unwrap();
    assert_eq!(found[0]["message"]["text"], "tez");
    let empty = api.call("getUpdates", json!({"offset": offset + 1, "timeout": 1})).await;
    assert_eq!(empty, json!([]));
    bot.jump_update_ids(55);
    anna.send_text("bir hafta keyin");
    assert_eq!(api.call("getUpdates", json!({})).await[0]["update_id"], 55);
}

#[tokio::test]
async fn updates_that_nobody_takes_for_a_day_are_gone() {
    let (fake, _, anna, api) = started().await;
    fake.skip(Duration::from_secs(24 * 3600));
    anna.send_text("bugungi");
    let updates = api.call("getUpdates", json!({})).await;
    assert_eq!((updates.as_array().unwrap().len(), &updates[0]["message"]["text"]), (1, &json!("bugungi")));
    assert_eq!(fake.counters().updates_dropped, 1);
}

#[tokio::test]
async fn a_second_poller_ends_the_first() {
    let (fake, _, anna, api) = started().await;
    let offset = api.call("getUpdates", json!({})).await[0]["update_id"].as_i64().unwrap() + 1;
    let first = Api::of(&fake, TOKEN);
    let first =
        tokio::spawn(
            async move { first.refused("getUpdates", json!({"offset": offset, "timeout": 30})).await },
        );
    // The first is known to wait when the second gets nothing taken from it.
    loop {
        let _ = api.call("getUpdates", json!({"offset": offset})).await;
        if first.is_finished() {
            break;
        }
        tokio::task::yield_now().await;
    }
    let words =
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    assert_eq!(first.await.unwrap(), words);
    anna.send_text("kimga?");
    assert_eq!(api.call("getUpdates", json!({"offset": offset})).await[0]["message"]["text"], "kimga?");
}

#[tokio::test]
async fn kinds_that_were_not_asked_for_are_not_made() {
    let (_, bot, anna, api) = started().await;
    bot.raw_update(&anna, "message_reaction", json!({"chat": {"id": 1001}}));
    bot.raw_update(&anna, "quite_new_kind", json!({"chat": {"id": 1001}}));
    let updates = api.call("getUpdates", json!({"allowed_updates": ["message"]})).await;
    assert_eq!(updates.as_array().unwrap().len(), 2);
    assert!(updates[1].get("quite_new_kind").is_some());
    anna.block();
    anna.unblock();
    anna.send_text("hali ham faqat xabarlar");
    assert_eq!(api.call("getUpdates", json!({})).await.as_array().unwrap().len(), 3);
}

/// A secret and an update, as they came.
type Delivery = (Option<String>, Value);

/// A bot's web server: what it received, and what it is to answer.
struct Hook {
    url: String,
    seen: Arc<Mutex<Vec<Delivery>>>,
    arrived: Arc<tokio::sync::Notify>,
}

impl Hook {
    async fn start(answers: Vec<(u16, Option<&'static str>, &'static str)>) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let arrived = Arc::new(tokio::sync::Notify::new());
        let answers = Arc::new(Mutex::new(answers.into_iter()));
        let (seen_too, arrived_too) = (seen.clone(), arrived.clone());
        let take = move |headers: HeaderMap, body: axum::Json<Value>| {
            let secret = headers
                .get("X-Telegram-Bot-Api-Secret-Token")
                .map(|value| value.to_str().unwrap().to_owned());
            seen_too.lock().unwrap().push((secret, body.0));
            arrived_too.notify_one();
            let (status, retry_after, body) = answers.lock().unwrap().next().unwrap_or((200, None, ""));
            let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
            if let Some(seconds) = retry_after {
                response.headers_mut().insert("Retry-After", seconds.parse().unwrap());
            }
            async move { response }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new().route("/hook", post(take));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, seen, arrived }
    }

    async fn wait_for(&self, count: usize) -> Vec<Delivery> {
        let waiting = async {
            loop {
                let seen = self.seen.lock().unwrap().clone();
                if seen.len() >= count {
                    return seen;
                }
                self.arrived.notified().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("the updates came")
    }
}

#[tokio::test]
async fn a_webhook_gets_pending_and_new_updates_with_its_secret() {
    let (fake, _, anna, api) = started().await;
    let reply = r#"{"method": "sendMessage", "chat_id": 1001, "text": "javobda"}"#;
    let hook = Hook::start(vec![(200, None, reply)]).await;
    let set = api.raw("setWebhook", json!({"url": hook.url, "secret_token": "s3cret_"})).await;
    assert_eq!(set["description"], "Webhook was set");
    anna.wait_for_text("javobda").await;
    anna.send_text("salom");
    let seen = hook.wait_for(2).await;
    assert_eq!(seen[0].0.as_deref(), Some("s3cret_"));
    assert_eq!(seen[1].1["message"]["text"], "salom");
    let conflict = api.refused("getUpdates", json!({})).await;
    assert!(conflict.starts_with("Conflict: can't use getUpdates method while webhook is active"));
    api.call("deleteWebhook", json!({})).await;
    anna.send_text("endi so‘rab olinadi");
    let rest = api.call("getUpdates", json!({})).await;
    assert_eq!(rest.as_array().unwrap().len(), 1);
    assert_eq!(fake.counters().updates_waiting, 1);
}

#[tokio::test]
async fn a_failing_webhook_is_tried_again_and_keeps_the_order_of_a_chat() {
    let (_, bot, anna, api) = started().await;
    api.call("getUpdates", json!({"offset": i64::from(i32::MAX)})).await;
    let hook = Hook::start(vec![(500, None, ""), (503, Some("2"), ""), (200, None, "")]).await;
    api.call("setWebhook", json!({"url": hook.url})).await;
    anna.send_text("bir");
    anna.send_text("ikki");
    let seen = hook.wait_for(4).await;
    let texts: Vec<&str> =
        seen.iter().map(|(_, update)| update["message"]["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["bir", "bir", "bir", "ikki"]);
    let info = api.call("getWebhookInfo", json!({})).await;
    assert_eq!(info["last_error_message"], "Wrong response from the webhook: 503 Service Unavailable");
    bot.user(2002).send_text("boshqa chat");
    hook.wait_for(5).await;
}

#[tokio::test]
async fn a_webhook_must_be_https_on_a_known_port_and_may_drop_what_waits() {
    let (fake, _, _, api) = started().await;
    let set = |url: &str, secret: &str| json!({"url": url, "secret_token": secret});
    let refused = |params| api.refused("setWebhook", params);
    assert_eq!(
        refused(set("http://shop.example/h", "")).await,
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    );
    assert_eq!(
        refused(set("https://shop.example:3000/h", "")).await,
        "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
    );
    assert_eq!(
        refused(set("https://shop.example/h", "a b")).await,
        "Bad Request: secret token contains unallowed characters"
    );
    assert_eq!(
        refused(set("https://shop.example/h", &"a".repeat(257))).await,
        "Bad Request: secret token is too long"
    );
    assert_eq!(refused(set("//", "")).await, "Bad Request: invalid webhook URL specified");
    assert_eq!(fake.counters().updates_waiting, 1);
    api.call("deleteWebhook", json!({"drop_pending_updates": true})).await;
    assert_eq!((fake.counters().updates_waiting, fake.counters().updates_dropped), (0, 1));
}

#[tokio::test]
async fn chats_are_delivered_in_parallel() {
    let (_, bot, _, api) = started().await;
    let inside = Arc::new(AtomicUsize::new(0));
    let both = Arc::new(tokio::sync::Barrier::new(2));
    let take = move || {
        let (inside, both) = (inside.clone(), both.clone());
        async move {
            inside.fetch_add(1, Ordering::SeqCst);
            both.wait().await;
            inside.load(Ordering::SeqCst).to_string()
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(take))).await });
    bot.user(2002).send_text("ikkinchi");
    api.call("setWebhook", json!({"url": url})).await;
    let emptied = async {
        while api.call("getWebhookInfo", json!({})).await["pending_update_count"] != 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), emptied)
        .await
        .expect("both wait for each other, so both came");
}

#[tokio::test]
async fn faults_come_when_ordered_and_as_often() {
    let (fake, bot, anna, api) = started().await;
    let send = |text: &str| {
        let url = format!("{}/sendMessage", api.url);
        api.client.post(url).json(&json!({"chat_id": 1001, "text": text})).send()
    };
    fake.fail_next("sendMessage", 2, Fault::Status(502));
    assert_eq!(send("a").await.unwrap().status(), 502);
    assert_eq!(api.call("getMe", json!({})).await["id"], 42);
    assert_eq!(send("b").await.unwrap().status(), 502);
    bot.fail_next("", 1, Fault::DropBefore);
    assert!(send("c").await.is_err());
    fake.fail_next("sendMessage", 1, Fault::DropAfter);
    assert!(send("d").await.is_err());
    fake.fail_next("sendMessage", 1, Fault::RetryAfter(7));
    assert_eq!(send("e").await.unwrap().headers()["retry-after"], "7");
    fake.fail_next("sendMessage", 1, Fault::Slow(Duration::from_millis(1)));
    fake.fail_next("sendMessage", 1, Fault::Garbage);
    assert_eq!(send("f").await.unwrap().status(), 200);
    assert_eq!(send("g").await.unwrap().text().await.unwrap(), "not what was asked for");
    fake.fail_next("sendMessage", 9, Fault::Status(500));
    fake.heal();
    assert_eq!(send("h").await.unwrap().status(), 200);
    assert_eq!(anna.screen().bot_texts(), ["d", "f", "g", "h"]);
    let ended: Vec<Ended> = fake.calls_of("sendMessage").into_iter().map(|call| call.ended).collect();
    assert_eq!(ended.iter().filter(|ended| **ended == Ended::LostBefore).count(), 3);
    assert_eq!(ended.iter().filter(|ended| **ended == Ended::LostAfter).count(), 2);
}
