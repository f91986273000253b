//! Budgets and what is written down of a call.

use std::{sync::Arc, time::Duration};

use db::{db_test, testing::TestDb};
use testkit::models::{Fake, KEY, Quirk, Slow, Wire};
use web::testing::ctx;

use super::{Office, about, net, request};
use crate::{CallState, EditSettings, Failure, NewKey, Provider, Refusal, Usage};

/// Runs every future to its end, all of them at once.
async fn at_once<F: Future<Output = T> + Send + 'static, T: Send + 'static>(tasks: Vec<F>) -> Vec<T> {
    let running: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
    let mut done = Vec::new();
    for task in running {
        done.push(task.await.unwrap());
    }
    done
}

#[db_test]
async fn a_call_is_answered_paid_and_written_down(db: &TestDb) {
    for wire in Wire::ALL {
        let office = Office::ready(db, wire).await;
        let before = office.calls().len();
        let (_, used_before) = office.spent();
        assert!(office.is_ready());
        office.fake.count(1_234, 567);
        office.fake.say_and_call("Ha, bor.", &[("search", serde_json::json!({ "q": "choy" }))]);
        let mut heard = String::new();
        let mut hear = |piece: &str| heard.push_str(piece);
        let answer = office
            .models
            .ask(&office.ctx, &office.db, &about(), &request("Choy bormi?"), &mut hear)
            .await
            .unwrap();
        assert_eq!((answer.text.as_str(), heard.as_str(), answer.calls.len()), ("Ha, bor.", "Ha, bor.", 1));
        let calls = office.calls();
        assert_eq!(calls.len(), before + 1);
        let call = &calls[0];
        assert_eq!(call.number, i64::try_from(before).unwrap() + 1);
        assert_eq!(call.state, CallState::Answered);
        assert_eq!(call.usage, Usage { input_tokens: 1_234, output_tokens: 567, is_estimated: false });
        // 1 234 × 0.15 + 567 × 0.60 dollars for a million.
        assert_eq!(call.cost.unwrap().to_string(), "0.0005253");
        assert_eq!((call.purpose.as_str(), call.label.as_str()), ("bots.ask_assistant", "Choyxona <bot>"));
        assert_eq!((call.subject, call.bot), (about().subject, about().bot));
        assert_eq!((call.question.as_str(), call.answer.as_str()), ("Choy bormi?", "Ha, bor."));
        assert_eq!((call.tools.as_slice(), call.error.as_deref()), (&["search".to_owned()][..], None));
        assert!(call.duration_ms.is_some() && call.day == office.ctx.today());
        let expected = if wire == Wire::OpenAi { Provider::OpenAi } else { Provider::Gemini };
        assert_eq!((call.provider, call.model.as_str()), (expected, "fake-1"));
        assert_eq!(office.spent(), (0, used_before + 1_801), "what was reserved is given back");
    }
}

#[db_test]
async fn a_call_is_two_short_transactions(db: &TestDb) {
    let office = Office::ready(db, Wire::OpenAi).await;
    office.db.set_recording(true);
    office.ask("Salom").await.unwrap();
    let statements: Vec<usize> = office.db.take_record().iter().map(Vec::len).collect();
    assert_eq!(statements, [5, 2], "settings, day, reserve, number, call; then call, day");
}

#[db_test]
async fn a_call_without_an_answer_is_written_down_with_its_word(db: &TestDb) {
    let office = Office::ready(db, Wire::OpenAi).await;
    office.fake.fail(400);
    let refused = office.ask("Salom").await.unwrap_err();
    assert!(matches!(refused, Refusal::Failed(Failure::Rejected)), "{refused}");
    assert_eq!(refused.to_string(), "the language model gave no answer: rejected");
    let call = &office.calls()[0];
    assert_eq!((call.state, call.error.as_deref()), (CallState::Failed, Some("rejected")));
    assert!(call.said.contains("error while processing"), "{}", call.said);
    assert_eq!((call.usage, call.cost.unwrap().nanodollars()), (Usage::default(), 0));
    assert_eq!(office.spent(), (0, 0), "a refusal costs nothing");
    // What broke off has cost something, and nobody says how much.
    office.fake.break_after("Men hozir");
    assert!(office.ask("Salom").await.is_err());
    let call = &office.calls()[0];
    assert_eq!((call.state, call.error.as_deref()), (CallState::Failed, Some("unreachable")));
    assert!(call.usage.is_estimated && call.usage.output_tokens > 0);
    assert_eq!(office.spent().1, i64::try_from(call.usage.input_tokens + call.usage.output_tokens).unwrap());
}

#[db_test]
async fn a_budget_that_is_used_up_lets_nothing_through(db: &TestDb) {
    let office = Office::ready(db, Wire::OpenAi).await;
    let wanted = office.wanted(Wire::OpenAi);
    let budget = |tokens: u64| EditSettings { tokens_per_day: tokens.to_string(), ..wanted.clone() };
    let needed = request("Salom").input_tokens() + 200;
    office.edit(&budget(needed - 1)).unwrap();
    assert!(matches!(office.ask("Salom").await, Err(Refusal::OverBudget)));
    let call = &office.calls()[0];
    assert_eq!((call.state, call.usage, call.cost), (CallState::Refused, Usage::default(), None));
    assert!(office.fake.requests().is_empty(), "nobody was asked");
    assert_eq!(office.spent(), (0, 0));
    office.edit(&budget(needed)).unwrap();
    office.fake.count(10, 10);
    assert!(office.ask("Salom").await.is_ok());
    assert!(matches!(office.ask("Salom").await, Err(Refusal::OverBudget)));
    // A new day has a new budget; it begins at midnight in Tashkent.
    let evening = office.ctx.with(|ctx| ctx.now = ctx.now.plus_seconds(2 * 3_600));
    assert_eq!(evening.today(), office.ctx.today());
    assert!(matches!(office.ask_as(&evening, "Salom").await, Err(Refusal::OverBudget)));
    let tomorrow = office.ctx.with(|ctx| ctx.now = ctx.now.plus_seconds(6 * 3_600));
    assert_ne!(tomorrow.today(), office.ctx.today());
    assert!(office.ask_as(&tomorrow, "Salom").await.is_ok());
    office.edit(&budget(0)).unwrap();
    let later = office.ctx.with(|ctx| ctx.now = ctx.now.plus_seconds(4 * 86_400));
    assert!(matches!(office.ask_as(&later, "Salom").await, Err(Refusal::OverBudget)));
}

#[db_test]
async fn calls_of_one_moment_do_not_exceed_the_budget_together(db: &TestDb) {
    let office = Arc::new(Office::ready(db, Wire::OpenAi).await);
    let needed = request("Salom").input_tokens() + 200;
    let wanted = office.wanted(Wire::OpenAi);
    let room = 7 * needed + needed / 2;
    office.edit(&EditSettings { tokens_per_day: room.to_string(), ..wanted }).unwrap();
    // Each takes all that it reserved, and nobody ends before all have begun.
    office.fake.count(needed - 200, 200);
    office.fake.slow(Slow { before: Duration::from_millis(700), ..Slow::default() });
    let ask = |_| {
        let office = Arc::clone(&office);
        async move { office.ask("Salom").await.map(drop) }
    };
    let ended = at_once((0..50).map(ask).collect()).await;
    let answered = ended.iter().filter(|end| end.is_ok()).count();
    let refused = ended.iter().filter(|end| matches!(end, Err(Refusal::OverBudget))).count();
    assert_eq!((answered, refused), (7, 43), "{ended:?}");
    assert_eq!(office.fake.requests().len(), 7);
    assert_eq!(office.spent(), (0, i64::try_from(7 * needed).unwrap()));
    let ctx = office.ctx.clone();
    let count = move |tx: &mut db::ReadTx| {
        crate::calls(&ctx, tx, &Default::default(), kernel::PageRequest::new(1, 100))
    };
    let all = office.db.read_now(&office.ctx, count).unwrap();
    let mut numbers: Vec<i64> = all.results.iter().map(|call| call.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=50).collect::<Vec<_>>());
}

#[db_test]
async fn a_call_whose_process_died_stays_reserved_and_reads_as_unknown(db: &TestDb) {
    let office = Arc::new(Office::ready(db, Wire::OpenAi).await);
    office.fake.slow(Slow { before: Duration::from_secs(30), ..Slow::default() });
    let asking = {
        let office = Arc::clone(&office);
        tokio::spawn(async move { office.ask("Salom").await.map(drop) })
    };
    while office.fake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    let reserved = i64::try_from(request("Salom").input_tokens() + 200).unwrap();
    assert_eq!(office.spent(), (reserved, 0));
    assert_eq!(office.calls()[0].state, CallState::Begun);
    let later = |minutes: i64| office.ctx.with(|ctx| ctx.now = ctx.now.plus_seconds(60 * minutes));
    let state_at = |ctx: context::Ctx| {
        let own = ctx.clone();
        let read = move |tx: &mut db::ReadTx| crate::call(&own, tx, web::RowKey::Number(1));
        office.db.read_now(&ctx, read).unwrap().state
    };
    assert_eq!(state_at(later(10)), CallState::Begun);
    assert_eq!(state_at(later(11)), CallState::Unknown);
    let filtered = |ctx: context::Ctx, state| {
        let own = ctx.clone();
        let filter = crate::CallFilter { state: Some(state), ..Default::default() };
        let read = move |tx: &mut db::ReadTx| crate::calls(&own, tx, &filter, Default::default());
        office.db.read_now(&ctx, read).unwrap().count
    };
    assert_eq!((filtered(later(10), CallState::Begun), filtered(later(10), CallState::Unknown)), (1, 0));
    assert_eq!((filtered(later(11), CallState::Begun), filtered(later(11), CallState::Unknown)), (0, 1));
}

#[db_test]
async fn nothing_is_asked_without_settings_and_nothing_of_another_workspace(db: &TestDb) {
    let office = Office::open(db).await;
    assert!(!office.is_ready());
    assert!(matches!(office.ask("Salom").await, Err(Refusal::NotSet)));
    let wanted = office.wanted(Wire::OpenAi);
    office.edit(&EditSettings { is_on: false, ..wanted.clone() }).unwrap();
    assert!(!office.is_ready());
    assert!(matches!(office.ask("Salom").await, Err(Refusal::NotSet)));
    office.edit(&wanted).unwrap();
    let other = ctx(2);
    assert!(matches!(office.ask_as(&other, "Salom").await, Err(Refusal::NotSet)));
    assert!(office.calls().is_empty() && office.fake.requests().is_empty());
}

#[db_test]
async fn prices_are_those_of_the_moment_and_no_price_is_no_cost(db: &TestDb) {
    let office = Office::ready(db, Wire::Gemini).await;
    office.fake.count(1_000_000, 3);
    let wanted = office.wanted(Wire::Gemini);
    let priced = |input: &str, output: &str| EditSettings {
        input_price: input.to_owned(),
        output_price: output.to_owned(),
        tokens_per_day: "1000000000".to_owned(),
        ..wanted.clone()
    };
    office.edit(&priced("0.075", "0.3")).unwrap();
    office.ask("bir").await.unwrap();
    office.edit(&priced("", "")).unwrap();
    office.ask("ikki").await.unwrap();
    office.edit(&priced("0.000001", "0.000001")).unwrap();
    office.ask("uch").await.unwrap();
    let costs: Vec<Option<i64>> =
        office.calls().iter().map(|call| call.cost.map(crate::Cost::nanodollars)).collect();
    // 3 tokens at a micro-dollar for a million are 3 pico-dollars.
    assert_eq!(costs, [Some(1_000), None, Some(75_000_900)]);
    let own = office.ctx.clone();
    let totals = move |tx: &mut db::ReadTx| crate::totals(&own, tx, &Default::default());
    let totals = office.db.read_now(&office.ctx, totals).unwrap();
    assert_eq!((totals.calls, totals.input_tokens, totals.output_tokens), (3, 3_000_000, 9));
    assert_eq!(totals.cost.unwrap().to_string(), "0.0750019");
}

#[db_test]
async fn a_provider_that_counts_nonsense_breaks_nothing(db: &TestDb) {
    let office = Office::ready(db, Wire::OpenAi).await;
    office.fake.count(u64::MAX / 2, u64::MAX / 2);
    office.ask("Salom").await.unwrap();
    let call = &office.calls()[0];
    assert_eq!((call.state, call.usage.input_tokens), (CallState::Answered, 1_000_000_000));
    assert_eq!(office.spent(), (0, 2_000_000_000));
    assert!(matches!(office.ask("Salom").await, Err(Refusal::OverBudget)));
}

#[db_test]
async fn long_words_and_odd_ones_are_kept_cut(db: &TestDb) {
    let office = Office::ready(db, Wire::OpenAi).await;
    let wanted = office.wanted(Wire::OpenAi);
    office.edit(&EditSettings { tokens_per_day: "1000000".to_owned(), ..wanted }).unwrap();
    office.fake.quirks(&[Quirk::NoStream]);
    office.fake.say(&format!("a\0{}", "ў".repeat(5_000)));
    office.ask(&format!("q\0{}", "choy ".repeat(2_000))).await.unwrap();
    let call = &office.calls()[0];
    assert_eq!((call.question.chars().count(), call.answer.chars().count()), (2_000, 4_000));
    assert!(call.question.starts_with("qchoy") && call.answer.starts_with("aўў"));
}

/// Everything that is kept or said of a call, in which a key could stand.
async fn traces(office: &Office) -> String {
    let mut traces = format!("{:?} {:?} {:?}", office.calls(), office.models, office.wanted(Wire::OpenAi));
    for path in ["/api/ai/calls", "/api/ai/calls/1", "/api/ai/settings", "/api/ai/usage"] {
        traces.push_str(&office.site.get(path).await.text());
    }
    for path in ["/ai", "/ai/calls", "/ai/calls/1", "/ai/calls?format=csv"] {
        traces.push_str(&office.site.page(path).await.text());
    }
    let (own, audit) = (office.ctx.clone(), context::AuditFilter::default());
    let read = move |tx: &mut db::ReadTx| context::list_audit_entries(&own, tx, &audit, Default::default());
    traces + &format!("{:?}", office.db.read_now(&office.ctx, read).unwrap())
}

#[db_test]
async fn the_key_is_nowhere_but_sealed_and_in_its_header(db: &TestDb) {
    for wire in Wire::ALL {
        let office = Office::ready(db, wire).await;
        let stored = |sql: &'static str| {
            let own = office.ctx.clone();
            let read = move |tx: &mut db::ReadTx| {
                tx.query_one(sql, db::params![own.workspace()], |row| row.get::<Vec<u8>>(0))
            };
            office.db.read_now(&office.ctx, read).unwrap()
        };
        let sealed = stored("SELECT sealed_key FROM models_settings WHERE workspace_id = $1");
        assert!(!sealed.windows(6).any(|part| KEY.as_bytes().windows(6).any(|of_key| of_key == part)));
        // Each way to fail; the last one is a provider that tells the key back.
        for status in [400, 401, 404, 500] {
            office.fake.fail(status);
            office.fake.fail(status);
            let refused = office.ask("Salom").await.unwrap_err();
            assert!(!format!("{refused} {refused:?}").contains(&KEY[4..12]));
        }
        let echo = serde_json::json!({ "error": { "message": format!("bad key {KEY}"), "code": 400 } });
        office.fake.send_raw("application/json", &echo.to_string());
        assert!(office.ask("Salom").await.is_err());
        office.models.check(&office.ctx, &office.db).await.unwrap();
        let traces = traces(&office).await;
        for part in KEY.as_bytes().windows(6) {
            let part = std::str::from_utf8(part).unwrap();
            assert!(!traces.contains(part), "`{part}` of the key in {traces}");
        }
        assert!(traces.contains(&KEY[KEY.len() - 4..]), "its end is shown");
    }
}

#[db_test]
async fn a_key_of_another_workspace_or_address_does_not_open(db: &TestDb) {
    let office = Office::ready(db, Wire::OpenAi).await;
    let thief = Fake::start().await;
    // Somebody with the database moves the sealed key to an address of their own.
    let (own, url) = (office.ctx.clone(), thief.openai_url());
    let sql = "UPDATE models_settings SET base_url = $2 WHERE workspace_id = $1";
    let write = move |tx: &mut db::Tx| tx.execute_one(sql, db::params![own.workspace(), url]);
    office.db.write_now(&office.ctx, write).unwrap();
    assert!(matches!(office.ask("Salom").await, Err(Refusal::Failed(Failure::KeyLost))));
    assert!(thief.requests().is_empty());
    // Whoever may change settings cannot have it sent elsewhere, either.
    let elsewhere =
        EditSettings { base_url: thief.openai_url(), key: NewKey::default(), ..office.wanted(Wire::OpenAi) };
    let office = Office::ready(db, Wire::OpenAi).await;
    let refused = office.edit(&elsewhere).unwrap_err();
    assert_eq!(refused.field_errors()[0].text.key(), "models-key-again");
}

#[db_test]
async fn a_key_that_the_secret_does_not_open_any_more_has_to_be_typed_again(db: &TestDb) {
    let mut office = Office::ready(db, Wire::OpenAi).await;
    office.models = Arc::new(crate::Models::new(net(), [6; 32]));
    let refused = office.ask("Salom").await.unwrap_err();
    assert!(matches!(refused, Refusal::Failed(Failure::KeyLost)), "not ours to try again: {refused:?}");
    assert_eq!(refused.text().key(), "models-failure-key-lost");
    let call = &office.calls()[0];
    assert_eq!((call.state, call.error.as_deref()), (CallState::Failed, Some("key_lost")));
    assert_eq!((office.spent(), office.fake.requests().len()), ((0, 0), 0));
    let checked = office.models.check(&office.ctx, &office.db).await.unwrap();
    assert!(matches!(checked.result, Err(Refusal::Failed(Failure::KeyLost))));
    assert!(office.site.page("/ai/calls/1").await.text().contains("Type the key again"));
    office.edit(&office.wanted(Wire::OpenAi)).unwrap();
    assert!(office.ask("Salom").await.is_ok());
}
