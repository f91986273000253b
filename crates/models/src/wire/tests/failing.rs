//! Both wires against the fakes: failures in every form.

use std::time::Duration;

use net::{Net, Options};
use serde_json::{Value, json};
use testkit::models::{Fake, Slow, Wire};
use tokio::time::Instant;

use super::{
    super::{Endpoint, Key, Limits, ask},
    answer, endpoint, failure, net, request, short, try_with,
};
use crate::{Failure, Request, Usage};

#[tokio::test]
async fn every_refusal_has_its_word() {
    for wire in Wire::ALL {
        for (status, expected) in [
            (401, Failure::WrongKey),
            (403, Failure::WrongKey),
            (402, Failure::Unpaid),
            (404, Failure::UnknownModel),
            (400, Failure::Rejected),
            (413, Failure::Rejected),
            (429, Failure::TooMany),
            (500, Failure::Overloaded),
            (529, Failure::Overloaded),
        ] {
            let fake = Fake::start().await;
            fake.fail(status);
            fake.fail(status);
            let failed = failure(&fake, wire).await;
            assert_eq!((failed.failure, failed.usage), (expected, Usage::default()), "{wire:?} {status}");
        }
    }
    let fake = Fake::start().await;
    fake.fail_with(429, "insufficient_quota");
    assert_eq!(failure(&fake, Wire::OpenAi).await.failure, Failure::Unpaid);
    for wire in Wire::ALL {
        let unknown = Endpoint { model: "fake-9".to_owned(), ..endpoint(&fake, wire) };
        let failed = ask(&net(), &unknown, &request(), &short(), &mut |_: &str| {}).await.unwrap_err();
        assert_eq!(failed.failure, Failure::UnknownModel);
        let wrong = Endpoint { key: Key("sk-wrong-key-123".to_owned()), ..endpoint(&fake, wire) };
        let failed = ask(&net(), &wrong, &request(), &short(), &mut |_: &str| {}).await.unwrap_err();
        assert_eq!(failed.failure, Failure::WrongKey);
        assert!(!format!("{failed:?}").contains("sk-wrong"), "the service repeats the key: {failed:?}");
    }
}

#[tokio::test]
async fn a_busy_provider_is_asked_once_more_and_no_oftener() {
    for wire in Wire::ALL {
        let fake = Fake::start().await;
        fake.fail(503);
        assert_eq!(answer(&fake, wire, &request()).await.text, "OK");
        fake.fail_until(429, 0);
        assert_eq!(answer(&fake, wire, &request()).await.text, "OK");
        fake.fail_in_stream("", 503);
        assert_eq!(answer(&fake, wire, &request()).await.text, "OK");
        assert_eq!(fake.requests().len(), 6);
        fake.fail(500);
        fake.fail(500);
        assert_eq!(failure(&fake, wire).await.failure, Failure::Overloaded);
        assert_eq!(fake.requests().len(), 8);
        // Nobody waits for long, nor asks on without being told when.
        fake.fail_until(429, 3);
        assert_eq!(failure(&fake, wire).await.failure, Failure::TooMany);
        fake.fail(429);
        assert_eq!(failure(&fake, wire).await.failure, Failure::TooMany);
        fake.fail_until(503, 60);
        assert_eq!(failure(&fake, wire).await.failure, Failure::Overloaded);
        fake.fail(400);
        assert_eq!(failure(&fake, wire).await.failure, Failure::Rejected);
        assert_eq!(fake.requests().len(), 12);
    }
}

#[tokio::test]
async fn what_was_heard_is_not_asked_for_again() {
    for wire in Wire::ALL {
        let fake = Fake::start().await;
        fake.fail_in_stream("Choy bo", 503);
        let asked = request();
        let (result, pieces) = try_with(&fake, wire, &asked, &short()).await;
        let failed = result.unwrap_err();
        assert_eq!((failed.failure, pieces.concat().as_str()), (Failure::Overloaded, "Choy bo"));
        assert!(failed.usage.is_estimated && failed.usage.input_tokens == asked.input_tokens());
        assert!(failed.usage.output_tokens >= 3);
        fake.break_after("Choy bo");
        let failed = failure(&fake, wire).await;
        assert_eq!(failed.failure, Failure::Unreachable);
        assert!(failed.usage.output_tokens >= 3);
        assert_eq!(fake.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_filter_s_refusal_is_told_from_a_fault() {
    for wire in Wire::ALL {
        let fake = Fake::start().await;
        fake.block();
        assert_eq!(failure(&fake, wire).await.failure, Failure::Blocked);
        assert_eq!(fake.requests().len(), 1);
    }
    let fake = Fake::start().await;
    for reason in ["SAFETY", "PROHIBITED_CONTENT", "SPII"] {
        let body = json!({ "candidates": [{ "finishReason": reason }] });
        fake.send_raw("text/event-stream", &format!("data: {body}\n\n"));
        assert_eq!(failure(&fake, Wire::Gemini).await.failure, Failure::Blocked);
    }
    let body = json!({ "candidates": [{ "finishReason": "MALFORMED_FUNCTION_CALL" }] });
    fake.send_raw("text/event-stream", &format!("data: {body}\n\n"));
    assert_eq!(failure(&fake, Wire::Gemini).await.failure, Failure::NotValid);
    let refusal = json!({ "choices": [{ "delta": { "refusal": "I cannot." }, "finish_reason": "stop" }] });
    fake.send_raw("text/event-stream", &format!("data: {refusal}\n\n"));
    assert_eq!(failure(&fake, Wire::OpenAi).await.failure, Failure::Blocked);
}

#[tokio::test]
async fn what_is_no_answer_is_not_taken_for_one() {
    let deep = format!("data: {}\n\n", "[".repeat(100_000));
    for wire in Wire::ALL {
        for (kind, body) in [
            ("text/html", "<html>Sign in to the network</html>"),
            ("application/json", "{\"ok\":true}"),
            ("application/json", "{\"choices\":"),
            ("application/json", "[]"),
            ("application/json", "[[],1,null]"),
            ("text/event-stream", ""),
            ("text/event-stream", "data: {\"choices\"\n\n"),
            ("text/event-stream", "data: 1\n\ndata: null\n\ndata: \"x\"\n\n"),
            ("text/event-stream", "data: {\"choices\":[{\"delta\":7}],\"candidates\":7}\n\n"),
            ("text/event-stream", "data: [DONE]\n\n"),
            ("text/event-stream", "\u{feff}data: [DONE]\n\n"),
            ("text/event-stream", ": ping\n\n\r\n\r"),
            ("text/event-stream", deep.as_str()),
            ("text/plain", "\u{feff}"),
        ] {
            let fake = Fake::start().await;
            fake.send_raw(kind, body);
            let failed = failure(&fake, wire).await;
            let start: String = body.chars().take(40).collect();
            assert_eq!(failed.failure, Failure::NotValid, "{wire:?} {start}");
        }
        let fake = Fake::start().await;
        fake.send_raw("text/event-stream", &format!("data: \"{}\"\n\n", "a".repeat(1 << 20)));
        assert_eq!(failure(&fake, wire).await.failure, Failure::NotValid, "longer than a megabyte");
        fake.send_raw("text/event-stream", &"\r".repeat(1 << 18));
        let started = Instant::now();
        let patient = Limits { whole: Duration::from_secs(20), ..Limits::default() };
        assert!(try_with(&fake, wire, &request(), &patient).await.0.is_err());
        assert!(started.elapsed() < Duration::from_secs(5), "many lines take no quadratic time");
    }
}

#[tokio::test]
async fn an_answer_of_a_great_many_pieces_takes_no_quadratic_time() {
    let calls: Vec<Value> = (0..30_000).map(|index| json!({ "index": index })).collect();
    let named = json!({ "function": { "name": "f", "arguments": "{\"a\":" } });
    let parts = vec![json!({ "text": "a" }); 70_000];
    let many = [
        (Wire::OpenAi, json!({ "choices": [{ "delta": { "tool_calls": calls } }] })),
        (Wire::OpenAi, json!({ "choices": [{ "delta": { "tool_calls": vec![named; 15_000] } }] })),
        (Wire::Gemini, json!({ "candidates": [{ "content": { "parts": parts } }] })),
    ];
    for (wire, piece) in many {
        let fake = Fake::start().await;
        fake.send_raw("application/json", &piece.to_string());
        let patient = Limits { whole: Duration::from_secs(20), ..Limits::default() };
        let started = Instant::now();
        let answer = try_with(&fake, wire, &request(), &patient).await.0.unwrap();
        assert!(started.elapsed() < Duration::from_secs(3), "{wire:?}");
        assert!(answer.calls.len() <= 64 && (wire == Wire::OpenAi || answer.text.len() == 70_000));
    }
}

#[tokio::test]
async fn errors_inside_of_an_answer_are_understood_however_they_are_written() {
    for (error, expected) in [
        (json!({ "error": { "code": 429, "message": "slow down" } }), Failure::TooMany),
        (json!({ "error": { "code": "502", "message": "bad gateway" } }), Failure::Overloaded),
        (json!({ "error": { "type": "server_error", "message": "oops" } }), Failure::Overloaded),
        (json!({ "error": { "type": "invalid_request_error" } }), Failure::Rejected),
        (json!({ "error": { "code": "rate_limit_exceeded" } }), Failure::TooMany),
        (json!({ "error": { "code": "content_filter" } }), Failure::Blocked),
        (json!({ "error": "something" }), Failure::NotValid),
        (json!({ "error": {} }), Failure::NotValid),
    ] {
        for (kind, body) in
            [("text/event-stream", format!("data: {error}\n\n")), ("application/json", error.to_string())]
        {
            let fake = Fake::start().await;
            fake.send_raw(kind, &body);
            fake.send_raw(kind, &body);
            assert_eq!(failure(&fake, Wire::OpenAi).await.failure, expected, "{body}");
        }
    }
}

#[tokio::test]
async fn nobody_is_waited_for_without_end() {
    let ms = Duration::from_millis;
    for wire in Wire::ALL {
        for slow in [
            Slow { before: ms(400), ..Slow::default() },
            Slow { first: ms(400), ..Slow::default() },
            Slow { between: ms(400), ..Slow::default() },
            // Each piece comes in time, the whole does not.
            Slow { between: ms(100), ..Slow::default() },
        ] {
            let fake = Fake::start().await;
            fake.slow(slow);
            fake.say("A long answer that comes in many small pieces, one after another.");
            let started = Instant::now();
            let failed = failure(&fake, wire).await;
            assert_eq!(failed.failure, Failure::TimedOut, "{wire:?} {slow:?}");
            assert!(started.elapsed() < ms(900) && failed.usage.input_tokens > 0);
            assert_eq!(fake.requests().len(), 1, "it may have worked, so it is not asked again");
        }
        let fake = Fake::start().await;
        fake.slow(Slow { before: ms(300), ..Slow::default() });
        let hurried = Request { time_at_most: Some(ms(50)), ..request() };
        let failed = try_with(&fake, wire, &hurried, &Limits::default()).await.0.unwrap_err();
        assert_eq!(failed.failure, Failure::TimedOut);
    }
}

#[tokio::test]
async fn addresses_that_lead_nowhere_or_where_they_must_not_are_told_apart() {
    let fake = Fake::start().await;
    for wire in Wire::ALL {
        let to = |base: &str| Endpoint { base: base.parse().unwrap(), ..endpoint(&fake, wire) };
        for (base, expected) in [
            ("http://127.0.0.1:1", Failure::Unreachable),
            ("http://10.0.0.1", Failure::RefusedAddress),
            ("http://localhost:1", Failure::Unreachable),
        ] {
            let failed = ask(&net(), &to(base), &request(), &short(), &mut |_: &str| {}).await.unwrap_err();
            assert_eq!(failed.failure, expected, "{base}");
        }
        let closed = Net::new(&Options::default()).unwrap();
        let failed = ask(&closed, &to("http://localhost:1"), &request(), &short(), &mut |_: &str| {}).await;
        assert_eq!(failed.unwrap_err().failure, Failure::RefusedAddress);
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn a_key_follows_no_redirect() {
    for wire in Wire::ALL {
        let (fake, thief) = (Fake::start().await, Fake::start().await);
        fake.redirect(307, &thief.url_of(wire));
        fake.redirect(302, &thief.url_of(wire));
        assert_eq!(failure(&fake, wire).await.failure, Failure::NotValid);
        assert_eq!(failure(&fake, wire).await.failure, Failure::NotValid);
        assert!(thief.requests().is_empty());
    }
}
