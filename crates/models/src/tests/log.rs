//! The log of calls: what it tells, and how long.

use std::{sync::Arc, time::Duration};

use context::{Random, Services};
use db::{db_test, testing::TestDb};
use jobs::Worker;
use kernel::{Clock, FixedClock, Timestamp};
use serde_json::json;
use testkit::models::{Slow, Wire};
use uuid::Uuid;
use web::testing::NOW;

use super::{Office, about};
use crate::{CallFilter, CallState, EditSettings};

#[db_test]
async fn calls_are_listed_filtered_and_added_up(db: &TestDb) {
    let office = Office::ready(db, Wire::OpenAi).await;
    office.fake.count(1_000, 100);
    office.ask("bir").await.unwrap();
    office.fake.fail(400);
    office.ask("ikki").await.unwrap_err();
    let tomorrow = office.ctx.with(|ctx| ctx.now = ctx.now.plus_seconds(86_400));
    office.ask_as(&tomorrow, "uch").await.unwrap();
    office.models.check(&tomorrow, &office.db).await.unwrap();
    let count = async |query: &str| {
        let answer = office.site.get(&format!("/api/ai/calls{query}")).await;
        answer.json()["count"].as_i64().unwrap_or_else(|| panic!("{query}: {}", answer.text()))
    };
    assert_eq!(count("").await, 4);
    assert_eq!(count("?state=failed").await, 1);
    assert_eq!(count("?state=answered&purpose=bots.ask_assistant").await, 2);
    assert_eq!(count("?purpose=models.check").await, 1);
    assert_eq!(count(&format!("?until={}", office.ctx.today())).await, 2);
    assert_eq!(count(&format!("?from={}", tomorrow.today())).await, 2);
    assert_eq!(count("?bot_id=00000000-0000-0000-0000-000000000047").await, 3);
    assert_eq!(count("?subject_id=00000000-0000-0000-0000-000000000048").await, 0);
    let usage = office.site.get("/api/ai/usage?state=answered").await.json();
    assert_eq!(usage, json!({ "calls": 3, "input_tokens": 3_000, "output_tokens": 300, "cost": "0.00063" }));
    let none = office.site.get("/api/ai/usage?state=refused").await.json();
    assert_eq!(none, json!({ "calls": 0, "input_tokens": 0, "output_tokens": 0, "cost": null }));
    let wrong = office.site.get("/api/ai/calls?state=lost").await;
    assert_eq!(wrong.errors(), ["state: models-state-wrong"]);
    assert!(office.site.get("/api/ai/calls?from=x").await.status.is_client_error());
    for odd in ["purpose=%00", "purpose=%27%3B--", "bot_id=7", "page=-1", "until=2026-13-40", "state=%FF"] {
        let answer = office.site.get(&format!("/api/ai/calls?{odd}")).await;
        assert!(!answer.status.is_server_error(), "{odd}: {}", answer.text());
        let page = office.site.page(&format!("/ai/calls?{odd}")).await;
        assert!(!page.status.is_server_error(), "{odd}: {}", page.text());
    }
    let listed = office.site.get("/api/ai/calls?page_size=1&page=2").await.json();
    assert_eq!((&listed["results"][0]["id"], &listed["results"][0]["question"]), (&json!(3), &json!("uch")));
    assert_eq!(listed["results"][0]["cost"], "0.00021");
}

#[db_test]
async fn old_calls_are_forgotten_by_a_job(db: &TestDb) {
    let office = Office::ready(db, Wire::OpenAi).await;
    office.ask("eski").await.unwrap();
    let later = office.ctx.with(|ctx| ctx.now = ctx.now.plus_seconds(80 * 86_400));
    office.ask_as(&later, "yangi").await.unwrap();
    let run_at = async |moment: Timestamp| {
        let ctx = office.ctx.with(|ctx| ctx.workspace = kernel::Id::from_uuid(Uuid::nil()));
        let due = move |tx: &mut db::Tx| {
            jobs::enqueue(&ctx, tx, jobs::NewJob::new("models.forget", &json!({}))?).map(drop)
        };
        office.db.write_now(db::Scope::Server, due).unwrap();
        let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(moment));
        let worker =
            Worker::new(office.db.clone(), Services::default(), clock, Random::from_seed(8), crate::work());
        worker.drain().await.unwrap();
        office.calls_that(CallFilter::default()).iter().map(|call| call.question.clone()).collect::<Vec<_>>()
    };
    assert_eq!(run_at(NOW.plus_seconds(90 * 86_400)).await, ["yangi", "eski"]);
    assert_eq!(run_at(NOW.plus_seconds(92 * 86_400)).await, ["yangi"]);
}

fn asked_today(office: &Office, ctx: &context::Ctx, subject: Option<Uuid>) -> i64 {
    let own = ctx.clone();
    let subject = subject.unwrap();
    office.db.read_now(ctx, move |tx| crate::answered_today(&own, tx, subject)).unwrap()
}

#[db_test]
async fn the_calls_of_a_conversation_are_counted_by_the_day(db: &TestDb) {
    let office = Office::ready(db, Wire::OpenAi).await;
    let subject = about().subject;
    assert_eq!(asked_today(&office, &office.ctx, subject), 0);
    office.ask("bir").await.unwrap();
    office.fake.fail(400);
    office.ask("ikki").await.unwrap_err();
    assert_eq!(asked_today(&office, &office.ctx, subject), 2, "an answer and a failure");
    let wanted = office.wanted(Wire::OpenAi);
    office.edit(&EditSettings { tokens_per_day: "0".to_owned(), ..wanted }).unwrap();
    office.ask("uch").await.unwrap_err();
    assert_eq!(asked_today(&office, &office.ctx, subject), 2, "nobody was asked");
    assert_eq!(asked_today(&office, &office.ctx, about().bot), 0, "another conversation");
    assert_eq!(asked_today(&office, &web::testing::ctx(2), subject), 0, "another workspace");
    let tomorrow = office.ctx.with(|ctx| ctx.now = ctx.now.plus_seconds(86_400));
    assert_eq!(asked_today(&office, &tomorrow, subject), 0);
}

fn forget(office: &Office, ctx: &context::Ctx, bot: Option<Uuid>) {
    let (own, bot) = (ctx.clone(), bot.unwrap());
    office.db.write_now(ctx, move |tx| crate::forget_bot(&own, tx, bot)).unwrap();
}

#[db_test]
async fn the_calls_of_an_erased_bot_keep_their_numbers_and_no_words(db: &TestDb) {
    let office = Arc::new(Office::ready(db, Wire::OpenAi).await);
    office.fake.count(1_000, 100);
    office.fake.say("Ha, bor.");
    office.ask("Choy bormi?").await.unwrap();
    office.fake.fail(400);
    office.ask("Telefonim 901234567").await.unwrap_err();
    let before = office.calls();
    forget(&office, &web::testing::ctx(2), about().bot);
    forget(&office, &office.ctx, about().subject);
    assert_eq!(office.calls(), before, "another workspace's, another bot's");
    forget(&office, &office.ctx, about().bot);
    for (call, before) in office.calls().into_iter().zip(before) {
        let blank = String::new;
        let bare = crate::Call {
            question: blank(),
            answer: blank(),
            said: blank(),
            label: blank(),
            subject: None,
            ..before
        };
        assert_eq!(call, bare);
    }
    // A call that is under way at that moment ends without words.
    office.fake.slow(Slow { before: Duration::from_millis(400), ..Slow::default() });
    office.fake.say("Kechikkan javob");
    let asking = {
        let office = Arc::clone(&office);
        tokio::spawn(async move { office.ask("Salom").await.map(drop) })
    };
    while office.fake.requests().len() < 3 {
        tokio::task::yield_now().await;
    }
    forget(&office, &office.ctx, about().bot);
    asking.await.unwrap().unwrap();
    let last = &office.calls()[0];
    assert_eq!((last.state, last.question.as_str(), last.answer.as_str()), (CallState::Answered, "", ""));
    assert!(last.usage.output_tokens > 0);
}
