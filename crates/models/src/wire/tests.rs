//! Both wires against the fakes: answers in every form; failures stand in the file beside.

mod failing;

use std::time::Duration;

use net::Options;
use serde_json::{Value, json};
use testkit::models::{Fake, KEY, MODEL, Quirk, Wire};

use super::*;
use crate::{Message, Tool, ToolResult, Usage};

fn net() -> Net {
    Net::new(&Options { allow: "127.0.0.1".parse().unwrap(), ..Options::default() }).unwrap()
}

fn endpoint(fake: &Fake, wire: Wire) -> Endpoint {
    let provider = match wire {
        Wire::OpenAi => Provider::OpenAi,
        Wire::Gemini => Provider::Gemini,
    };
    let base = fake.url_of(wire).parse().unwrap();
    Endpoint { provider, base, model: MODEL.to_owned(), key: Key(KEY.to_owned()) }
}

fn request() -> Request {
    Request {
        system: "You sell tea.".to_owned(),
        messages: vec![Message::User("Choy bormi?".to_owned())],
        tools: vec![Tool {
            name: "search".to_owned(),
            about: "Finds goods.".to_owned(),
            parameters: json!({ "type": "object", "additionalProperties": false, "required": ["q"],
                "properties": { "q": { "type": "string" } } }),
        }],
        may_call: true,
        output_tokens_at_most: 500,
        time_at_most: None,
    }
}

fn short() -> Limits {
    Limits {
        first_byte: Duration::from_millis(150),
        silence: Duration::from_millis(150),
        whole: Duration::from_millis(600),
        bytes: 1 << 20,
    }
}

async fn try_with(
    fake: &Fake,
    wire: Wire,
    request: &Request,
    limits: &Limits,
) -> (Result<Answer, Failed>, Vec<String>) {
    let mut pieces: Vec<String> = Vec::new();
    let mut heard = |piece: &str| pieces.push(piece.to_owned());
    let result = ask(&net(), &endpoint(fake, wire), request, limits, &mut heard).await;
    (result, pieces)
}

async fn answer(fake: &Fake, wire: Wire, request: &Request) -> Answer {
    try_with(fake, wire, request, &Limits::default()).await.0.unwrap()
}

async fn failure(fake: &Fake, wire: Wire) -> Failed {
    try_with(fake, wire, &request(), &short()).await.0.unwrap_err()
}

#[tokio::test]
async fn an_answer_is_heard_piece_by_piece() {
    for wire in Wire::ALL {
        let fake = Fake::start().await;
        fake.count(100, 20);
        fake.say("Ha, choy bor: 12 000 soʻm. Чай есть.");
        let (result, pieces) = try_with(&fake, wire, &request(), &Limits::default()).await;
        let answer = result.unwrap();
        assert_eq!(answer.text, "Ha, choy bor: 12 000 soʻm. Чай есть.");
        assert_eq!(pieces.concat(), answer.text);
        assert!(pieces.len() > 3, "{pieces:?}");
        assert_eq!(answer.usage, Usage { input_tokens: 100, output_tokens: 20, is_estimated: false });
        assert!(answer.calls.is_empty() && !answer.is_cut);
        let seen = &fake.requests()[0];
        assert_eq!((seen.system.as_str(), seen.messages.len()), ("You sell tea.", 1));
        assert_eq!(
            (seen.messages[0].text.as_str(), seen.tools.as_slice()),
            ("Choy bormi?", &["search".to_owned()][..])
        );
        assert!(!seen.address.contains(KEY) && !seen.body.to_string().contains(KEY));
    }
}

#[tokio::test]
async fn odd_streams_are_understood() {
    let odd = [
        &[Quirk::OddLines][..],
        &[Quirk::NoDone],
        &[Quirk::NoDone, Quirk::NoLastLine],
        &[Quirk::NoStream],
        &[Quirk::OddLines, Quirk::NoLastLine],
        &[Quirk::Thinks],
    ];
    for wire in Wire::ALL {
        for quirks in odd {
            let fake = Fake::start().await;
            fake.count(100, 20);
            fake.quirks(quirks);
            fake.say("Choy bor.");
            let (result, pieces) = try_with(&fake, wire, &request(), &Limits::default()).await;
            let answer = result.unwrap_or_else(|failed| panic!("{wire:?} {quirks:?}: {failed:?}"));
            assert_eq!(
                (answer.text.as_str(), pieces.concat().as_str()),
                ("Choy bor.", "Choy bor."),
                "{quirks:?}"
            );
            assert_eq!(answer.usage.output_tokens, 20, "{wire:?} {quirks:?}");
        }
    }
}

#[tokio::test]
async fn what_was_not_counted_is_estimated_and_says_so() {
    for wire in Wire::ALL {
        let fake = Fake::start().await;
        fake.quirks(&[Quirk::NoUsage]);
        fake.say("1234567");
        let asked = request();
        let usage = answer(&fake, wire, &asked).await.usage;
        assert_eq!(usage, Usage { input_tokens: asked.input_tokens(), output_tokens: 3, is_estimated: true });
    }
}

#[tokio::test]
async fn an_answer_that_was_cut_says_so() {
    for wire in Wire::ALL {
        let fake = Fake::start().await;
        fake.quirks(&[Quirk::Cut]);
        fake.say("Choy");
        assert!(answer(&fake, wire, &request()).await.is_cut);
    }
}

#[tokio::test]
async fn tool_calls_are_put_together_from_every_form() {
    let forms = [
        &[][..],
        &[Quirk::WholeCalls],
        &[Quirk::NoIndex],
        &[Quirk::NoIndex, Quirk::WholeCalls],
        &[Quirk::NoIndex, Quirk::NoIds],
        &[Quirk::NoIndex, Quirk::NoIds, Quirk::WholeCalls],
        &[Quirk::NoIds],
        &[Quirk::NoIds, Quirk::WholeCalls],
        &[Quirk::IndexZero],
        &[Quirk::IndexZero, Quirk::NoIds],
        &[Quirk::RepeatsNames],
        &[Quirk::RepeatsNames, Quirk::NoIndex],
        &[Quirk::ArgsAsObject],
        &[Quirk::ArgsAsObject, Quirk::NoIndex, Quirk::NoIds],
        &[Quirk::EndsWithStop],
        &[Quirk::NoStream],
        &[Quirk::NoStream, Quirk::EndsWithStop],
        &[Quirk::NoDone, Quirk::NoLastLine],
    ];
    let made = [
        ("search", json!({ "q": "koʻk choy \"a\" {b}" })),
        ("search", json!({ "q": "qand" })),
        ("show_cart", json!({})),
    ];
    for wire in Wire::ALL {
        for quirks in forms {
            let fake = Fake::start().await;
            fake.quirks(quirks);
            fake.say_and_call("Qarayman.", &made);
            let mut talk = request();
            let first = answer(&fake, wire, &talk).await;
            let got: Vec<(&str, Value)> = first
                .calls
                .iter()
                .map(|call| (call.name.as_str(), Value::Object(call.args.clone())))
                .collect();
            assert_eq!(got, made.clone().map(|(name, args)| (name, args)), "{wire:?} {quirks:?}");
            assert!(first.calls.iter().all(|call| !call.id.is_empty() && !first.is_garbled(call)));
            assert_eq!(first.text, "Qarayman.");
            // The next round: the service checks ids, roles and signatures.
            let results = |answer: &Answer| {
                let done = |call: &crate::ToolCall| ToolResult {
                    call: call.clone(),
                    result: json!([{ "name": "Choy" }]),
                };
                Message::Results(answer.calls.iter().map(done).collect())
            };
            talk.messages.extend([Message::Model(first.clone()), results(&first)]);
            fake.call_tool("search", json!({ "q": "yana" }));
            let second = answer(&fake, wire, &talk).await;
            talk.messages.extend([Message::Model(second.clone()), results(&second)]);
            fake.say("Mana.");
            let third = try_with(&fake, wire, &talk, &Limits::default()).await.0;
            assert_eq!(
                third.unwrap_or_else(|failed| panic!("{wire:?} {quirks:?}: {failed:?}")).text,
                "Mana."
            );
            let seen = fake.requests().pop().unwrap();
            assert_eq!(seen.messages.iter().map(|turn| turn.calls.len()).sum::<usize>(), 4);
            assert_eq!(seen.messages.iter().map(|turn| turn.results.len()).sum::<usize>(), 4);
        }
    }
}

#[tokio::test]
async fn in_the_last_round_tools_are_declared_and_none_may_be_called() {
    for (wire, path, word) in [
        (Wire::OpenAi, "/tool_choice", "none"),
        (Wire::Gemini, "/toolConfig/functionCallingConfig/mode", "NONE"),
    ] {
        let fake = Fake::start().await;
        fake.call_tool("search", json!({ "q": "choy" }));
        let mut talk = request();
        let first = answer(&fake, wire, &talk).await;
        let done = ToolResult { call: first.calls[0].clone(), result: json!([]) };
        talk.messages.extend([Message::Model(first), Message::Results(vec![done])]);
        talk.may_call = false;
        fake.say("Topilmadi.");
        assert_eq!(answer(&fake, wire, &talk).await.text, "Topilmadi.");
        let seen = fake.requests();
        assert_eq!((seen[0].may_call, seen[0].body.pointer(path)), (true, None));
        assert_eq!((seen[1].may_call, seen[1].body.pointer(path)), (false, Some(&json!(word))));
        assert_eq!(seen[1].tools, ["search"]);
        // Without tools there is nothing to forbid: services refuse the word then.
        let plain = Request { tools: Vec::new(), may_call: false, ..request() };
        fake.say("Salom.");
        assert_eq!(answer(&fake, wire, &plain).await.text, "Salom.");
        assert_eq!(fake.requests().pop().unwrap().body.pointer(path), None);
    }
}

#[tokio::test]
async fn arguments_that_are_no_object_are_empty_and_marked() {
    for (wire, args) in [
        (Wire::OpenAi, json!("{\"q\": ")),
        (Wire::OpenAi, json!("[1]")),
        (Wire::OpenAi, json!("choy")),
        (Wire::Gemini, json!("choy")),
        (Wire::Gemini, json!([1])),
    ] {
        let fake = Fake::start().await;
        fake.call_tool("search", args);
        let mut talk = request();
        let first = answer(&fake, wire, &talk).await;
        assert!(
            first.calls.len() == 1 && first.calls[0].args.is_empty() && first.is_garbled(&first.calls[0])
        );
        // And the talk goes on.
        let wrong = ToolResult { call: first.calls[0].clone(), result: json!("no arguments") };
        talk.messages.extend([Message::Model(first), Message::Results(vec![wrong])]);
        fake.say("Uzr.");
        assert_eq!(answer(&fake, wire, &talk).await.text, "Uzr.");
    }
}

#[tokio::test]
async fn words_of_old_are_told_on_both_wires() {
    for wire in Wire::ALL {
        let fake = Fake::start().await;
        let mut talk = request();
        talk.messages.extend([
            Message::Model(Answer::said("Bor.")),
            Message::Model(Answer::said("")),
            Message::User("Qancha?".to_owned()),
        ]);
        answer(&fake, wire, &talk).await;
        let roles: Vec<(&str, String)> =
            fake.requests()[0].messages.iter().map(|turn| (turn.role, turn.text.clone())).collect();
        let said = |role, text: &str| (role, text.to_owned());
        assert_eq!(roles, [said("user", "Choy bormi?"), said("model", "Bor."), said("user", "Qancha?")]);
    }
}

#[tokio::test]
async fn the_limit_of_an_answer_is_named_as_the_host_wants_it() {
    let fake = Fake::start().await;
    answer(&fake, Wire::OpenAi, &request()).await;
    answer(&fake, Wire::Gemini, &request()).await;
    let seen = fake.requests();
    assert_eq!(seen[0].body["max_tokens"], 500);
    assert_eq!(seen[1].body["generationConfig"]["maxOutputTokens"], 500);
    let to = Endpoint { base: "https://api.openai.com/v1".parse().unwrap(), ..endpoint(&fake, Wire::OpenAi) };
    let call = openai::call(&net(), &to, &request()).unwrap().build().unwrap();
    assert_eq!(call.url().as_str(), "https://api.openai.com/v1/chat/completions");
    let body: Value = serde_json::from_slice(call.body().unwrap().as_bytes().unwrap()).unwrap();
    assert_eq!((&body["max_completion_tokens"], body.get("max_tokens")), (&json!(500), None));
    assert!(call.headers()["authorization"].is_sensitive() && !format!("{call:?}").contains(KEY));
}

#[tokio::test]
async fn a_model_s_name_cannot_lead_to_another_address() {
    let fake = Fake::start().await;
    let to = Endpoint { model: "../../v1/x?key=1#".to_owned(), ..endpoint(&fake, Wire::Gemini) };
    let call = gemini::call(&net(), &to, &request()).unwrap().build().unwrap();
    assert_eq!(call.url().path(), "/v1beta/models/..%2F..%2Fv1%2Fx%3Fkey=1%23:streamGenerateContent");
    assert_eq!(call.url().query(), Some("alt=sse"));
}
