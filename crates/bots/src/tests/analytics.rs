//! What is counted while people talk, and how it is told.

use axum::http::StatusCode;
use db::{db_test, testing::TestDb};
use kernel::{Id, PersonId};
use serde_json::{Value, json};

use super::{Shop, simulator::Chat};
use crate::{
    Conversation,
    store::{
        self,
        counted::{self, Counts, Span},
        message::Author,
    },
};

async fn told(shop: &Shop) -> Value {
    shop.site.get("/api/bots/1/analytics?channel=simulator").await.json()
}

fn step<'t>(told: &'t Value, name: &str) -> &'t Value {
    let flow = name.split_once('.').unwrap().0;
    let funnels = told["funnels"].as_array().unwrap();
    let funnel = funnels.iter().find(|funnel| funnel["flow"] == flow).unwrap_or_else(|| panic!("{told:#}"));
    let found = funnel["steps"].as_array().unwrap().iter().find(|step| step["step"] == name);
    found.unwrap_or_else(|| panic!("no {name}: {told:#}"))
}

async fn conversation(shop: &Shop) -> String {
    let list = shop.site.get("/api/conversations").await.json();
    list["results"][0]["id"].as_str().unwrap().to_owned()
}

#[db_test]
async fn a_talk_is_counted_with_the_steps_at_which_it_stopped(db: &TestDb) {
    let shop = Shop::open(db);
    let mut chat = Chat::new(&shop.site);
    chat.come_in().await;
    let first = told(&shop).await;
    assert_eq!(
        (&first["people"], &first["sums"]["new"], &first["sums"]["active"], &first["sums"]["heard"]),
        (&json!(1), &json!(1), &json!(1), &json!(3)),
        "a start, a tap and a number: {first:#}"
    );
    assert!(first["sums"]["said"].as_i64().unwrap() >= 3);
    for funnel in first["funnels"].as_array().unwrap() {
        for step in funnel["steps"].as_array().unwrap() {
            let count = |what: &str| step[what].as_i64().unwrap();
            assert!(count("passed") <= count("reached"), "{step}");
            assert!(count("reached") <= funnel["came"].as_i64().unwrap(), "{funnel}");
        }
    }

    chat.say("samsung galaxy").await;
    chat.press("Samsung Galaxy A15").await;
    chat.press("Add to cart").await;
    chat.press("Go to the cart").await;
    chat.press("Checkout").await;
    chat.command("menu").await;
    let left = told(&shop).await;
    let cart = step(&left, "cart.show");
    assert_eq!((&cart["reached"], &cart["left"]), (&json!(1), &json!(0)), "{left:#}");
    let stopped: Vec<&Value> = left["funnels"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|funnel| funnel["flow"] == "checkout")
        .flat_map(|funnel| funnel["steps"].as_array().unwrap())
        .filter(|step| step["left"] == 1)
        .collect();
    assert_eq!(stopped.len(), 1, "one question of the checkout was not answered: {left:#}");
    assert_eq!(stopped[0]["kind"], "question");
    assert!(!stopped[0]["words"].as_str().unwrap().is_empty());

    let people = shop.site.get("/api/bots/1/analytics").await.json();
    assert_eq!(
        (&people["people"], &people["sums"]["heard"]),
        (&json!(0), &json!(0)),
        "the simulator is no person"
    );
    let days = left["days"].as_array().unwrap();
    assert_eq!(days.last().unwrap()["heard"], left["sums"]["heard"]);
    assert!(days.len() > 1 && days[0]["active"] == 0, "days without anybody stand there too");
}

#[db_test]
async fn a_wait_for_the_staff_is_counted_once_and_under_who_answered(db: &TestDb) {
    let shop = Shop::open(db);
    let mut chat = Chat::new(&shop.site);
    chat.come_in().await;
    let path = format!("/api/conversations/{}", conversation(&shop).await);
    shop.site.post(&format!("{path}/take-over"), json!({})).await;
    chat.say("Kimdir bormi?").await;
    for text in ["Ha", "Eshitaman"] {
        let answer = shop.site.post(&format!("{path}/messages"), json!({ "text": text })).await;
        assert_eq!(answer.status, StatusCode::CREATED);
    }
    let told = told(&shop).await;
    assert_eq!((&told["sums"]["answered"], &told["sums"]["with_staff"]), (&json!(2), &json!(1)));
    assert_eq!((&told["waits"]["count"], &told["staff"][0]["name"]), (&json!(1), &json!("Tester")));
}

#[db_test]
async fn half_and_nine_of_ten_of_the_waits_are_those_that_people_had(db: &TestDb) {
    let shop = Shop::open(db);
    Chat::new(&shop.site).come_in().await;
    let id = Id::<Conversation>::parse(&conversation(&shop).await).unwrap();
    let own = shop.ctx.clone();
    let (busy, idle) =
        (PersonId::from_uuid(uuid::Uuid::from_u128(1)), PersonId::from_uuid(uuid::Uuid::from_u128(2)));
    let (waits, of_idle) = db
        .write_now(&shop.ctx, move |tx| {
            let conversation = store::conversation::lock_by_id(&own, tx, id)?;
            for n in 1..=10 {
                let author = Author { id: if n == 3 { idle } else { busy }, name: format!("{n}") };
                let since = own.now().plus_seconds(-n);
                counted::add_answer(&own, tx, &conversation, since, &author)?;
                counted::add_answer(&own, tx, &conversation, since, &author)?;
            }
            counted::add_day(&own, tx, &conversation, Counts { answered: 1, ..Counts::default() })?;
            let bot = store::channel::get(&own, tx, conversation.channel)?.bot;
            let kind = Some(crate::ChannelKind::Simulator);
            let span = Span::of(&own, tx, bot, kind, (own.today(), own.today()))?;
            let by_author = counted::waits_by_author(tx, &span)?;
            assert_eq!(by_author.iter().map(|(_, waits)| waits.count).collect::<Vec<_>>(), [9, 1]);
            Ok((counted::waits(tx, &span)?, by_author[1].1.clone()))
        })
        .unwrap();
    assert_eq!((waits.count, waits.median_ms, waits.p90_ms), (10, 5_000, 9_000));
    assert_eq!((of_idle.count, of_idle.median_ms, of_idle.p90_ms), (1, 3_000, 3_000));
}

#[db_test]
async fn the_page_and_its_files_say_the_same_and_bad_questions_are_refused(db: &TestDb) {
    let shop = Shop::open(db);
    let mut chat = Chat::new(&shop.site);
    chat.come_in().await;
    chat.say("samsung galaxy").await;
    let page = shop.site.get("/bots/1/analytics?channel=simulator").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text().contains("funnel-step") && page.text().contains("<svg class=\"chart\""),
        "{}",
        page.text()
    );
    let steps = shop.site.get("/bots/1/analytics?channel=simulator&of=steps&format=csv").await.text();
    assert!(steps.lines().count() > 2 && steps.contains("main.menu"), "{steps}");
    let days = shop.site.get("/bots/1/analytics?channel=simulator&of=days&format=csv").await.text();
    let today = shop.ctx.today().to_string();
    let told = told(&shop).await;
    let heard = told["sums"]["heard"].as_i64().unwrap();
    assert!(days.lines().any(|line| line.starts_with(&today) && line.contains(&heard.to_string())), "{days}");

    let wrong = shop.site.get("/bots/1/analytics?from=2026-11-05&until=2026-11-04").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (query, status) in
        [("?from=x", StatusCode::UNPROCESSABLE_ENTITY), ("?channel=pigeon", StatusCode::UNPROCESSABLE_ENTITY)]
    {
        assert_eq!(shop.site.get(&format!("/api/bots/1/analytics{query}")).await.status, status, "{query}");
    }
    assert_eq!(shop.site.get("/api/bots/7/analytics").await.status, StatusCode::NOT_FOUND);
    assert_eq!(shop.site.by("2").get("/api/bots/1/analytics").await.status, StatusCode::NOT_FOUND);
    assert_eq!(shop.site.by("1:sales.read").get("/api/bots/1/analytics").await.status, StatusCode::FORBIDDEN);
}
