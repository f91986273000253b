//! Chat completions: what the service refuses, and how it answers.

use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::{
    KEY, MODEL, Quirk, Seen, Turn, Wire,
    answer::{Piece, Refused, pieces_of},
};

const FIELDS: [&str; 9] = [
    "model",
    "messages",
    "stream",
    "stream_options",
    "max_tokens",
    "max_completion_tokens",
    "tools",
    "tool_choice",
    "temperature",
];

/// An error in the words of the service.
pub(super) fn error(status: u16, code: Option<&str>, message: &str) -> Refused {
    let kind = match status {
        429 if code == Some("insufficient_quota") => "insufficient_quota",
        429 => "requests",
        500.. => "server_error",
        _ => "invalid_request_error",
    };
    Refused {
        status,
        body: json!({ "error": { "message": message, "type": kind, "param": null, "code": code } }),
    }
}

/// The error that the service gives with a status that a test orders.
pub(super) fn ordered_error(status: u16, code: Option<&str>) -> Refused {
    let (own, message) = match status {
        401 => (Some("invalid_api_key"), format!("Incorrect API key provided: {KEY}.")),
        404 => (Some("model_not_found"), format!("The model `{MODEL}` does not exist.")),
        429 => (Some("rate_limit_exceeded"), "Rate limit reached for requests".to_owned()),
        503 => (None, "The engine is currently overloaded, please try again later".to_owned()),
        _ => (None, "The server had an error while processing your request.".to_owned()),
    };
    error(status, code.or(own), &message)
}

/// What is asked, as far as it can be read.
pub(super) fn see(address: &str, body: &Value) -> Seen {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let messages = body["messages"].as_array().cloned().unwrap_or_default();
    let system = messages.iter().find(|message| message["role"] == "system");
    let turn = |message: &Value| {
        let role = match message["role"].as_str()? {
            "user" => "user",
            "assistant" => "model",
            "tool" => "tool",
            _ => return None,
        };
        let calls = message["tool_calls"].as_array().into_iter().flatten().map(|call| {
            let args = serde_json::from_str(call["function"]["arguments"].as_str().unwrap_or_default());
            (text(&call["function"]["name"]), args.unwrap_or_default())
        });
        let content = text(&message["content"]);
        let result = || serde_json::from_str(&content).unwrap_or_else(|_| content.clone().into());
        let results = if role == "tool" { vec![result()] } else { Vec::new() };
        Some(Turn { role, text: content.clone(), calls: calls.collect(), results })
    };
    Seen {
        wire: Wire::OpenAi,
        model: text(&body["model"]),
        address: address.to_owned(),
        system: system.map(|message| text(&message["content"])).unwrap_or_default(),
        messages: messages.iter().filter_map(turn).collect(),
        tools: body["tools"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|tool| text(&tool["function"]["name"]))
            .collect(),
        may_call: body["tool_choice"] != "none",
        body: body.clone(),
    }
}

/// Refuses what the service refuses.
pub(super) fn check(headers: &HeaderMap, body: &Value) -> Result<(), Refused> {
    let key = headers.get("authorization").and_then(|value| value.to_str().ok());
    match key.and_then(|value| value.strip_prefix("Bearer ")) {
        Some(key) if key == KEY => {}
        Some(key) => {
            let message = format!("Incorrect API key provided: {key}. You can find your API key at …");
            return Err(error(401, Some("invalid_api_key"), &message));
        }
        None => return Err(error(401, None, "You didn't provide an API key.")),
    }
    let invalid = |message: String| Err(error(400, None, &message));
    let Some(fields) = body.as_object() else {
        return invalid("We could not parse the JSON body".to_owned());
    };
    if let Some(unknown) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        return invalid(format!("Unrecognized request argument supplied: {unknown}"));
    }
    match body["model"].as_str() {
        None | Some("") => return invalid("you must provide a model parameter".to_owned()),
        Some(MODEL) => {}
        Some(other) => {
            let message = format!("The model `{other}` does not exist or you do not have access to it.");
            return Err(error(404, Some("model_not_found"), &message));
        }
    }
    for name in ["max_tokens", "max_completion_tokens"] {
        if fields.get(name).is_some_and(|limit| limit.as_u64().is_none_or(|limit| limit == 0)) {
            return invalid(format!("Invalid value for '{name}': integer above 0 expected"));
        }
    }
    if fields.contains_key("stream_options") && body["stream"] != true {
        return invalid(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.".to_owned(),
        );
    }
    check_tools(fields.get("tools"))?;
    check_choice(body)?;
    check_messages(&body["messages"])
}

/// Messages with tool calls, and a word on which tool to call, need tools.
fn check_choice(body: &Value) -> Result<(), Refused> {
    let invalid = |message: &str| Err(error(400, None, message));
    let choice = &body["tool_choice"];
    let is_known = matches!(choice, Value::Null | Value::Object(_))
        || ["none", "auto", "required"].iter().any(|word| choice == word);
    if !is_known {
        return invalid(
            "Invalid value for 'tool_choice'. Supported values are: 'none', 'auto', and 'required'.",
        );
    }
    if !body["tools"].is_null() {
        return Ok(());
    }
    if !choice.is_null() {
        return invalid(
            "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
        );
    }
    // The service itself lets this through; servers that imitate it do not.
    let has_calls = |message: &Value| !message["tool_calls"].is_null();
    if body["messages"].as_array().into_iter().flatten().any(has_calls) {
        return invalid("Invalid parameter: messages with 'tool_calls' need the 'tools' that were called.");
    }
    Ok(())
}

fn check_tools(tools: Option<&Value>) -> Result<(), Refused> {
    let invalid = |message: String| Err(error(400, None, &message));
    let Some(tools) = tools else { return Ok(()) };
    let Some(tools) = tools.as_array().filter(|tools| !tools.is_empty()) else {
        return invalid("[] is too short - 'tools'".to_owned());
    };
    for (at, tool) in tools.iter().enumerate() {
        let name = tool["function"]["name"].as_str().unwrap_or_default();
        let is_name = (1..=64).contains(&name.len())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if tool["type"] != "function" || !is_name {
            return invalid(format!("Invalid 'tools[{at}].function.name': string does not match pattern."));
        }
        if tool["function"].get("parameters").is_some_and(|schema| schema["type"] != "object") {
            return invalid(format!(
                "Invalid schema for function '{name}': schema must be of type \"object\""
            ));
        }
    }
    Ok(())
}

fn check_messages(messages: &Value) -> Result<(), Refused> {
    let invalid = |message: String| Err(error(400, None, &message));
    let Some(messages) = messages.as_array().filter(|messages| !messages.is_empty()) else {
        return invalid("Missing required parameter: 'messages'.".to_owned());
    };
    let mut unanswered: Vec<String> = Vec::new();
    for (at, message) in messages.iter().enumerate() {
        let role = message["role"].as_str().unwrap_or_default();
        if role != "tool" && !unanswered.is_empty() {
            return invalid(format!(
                "An assistant message with 'tool_calls' must be followed by tool messages responding to each \
                 'tool_call_id'. The following tool_call_ids did not have response messages: {}",
                unanswered.join(", ")
            ));
        }
        match role {
            "system" | "developer" | "user" => {
                if !message["content"].is_string() {
                    return invalid(format!(
                        "Invalid value for 'messages[{at}].content': expected a string."
                    ));
                }
            }
            "assistant" => unanswered = check_calls(at, message)?,
            "tool" => {
                let id = message["tool_call_id"].as_str().unwrap_or_default();
                let Some(place) = unanswered.iter().position(|asked| asked == id) else {
                    return invalid(
                        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message \
                         with 'tool_calls'."
                            .to_owned(),
                    );
                };
                unanswered.remove(place);
                if !message["content"].is_string() {
                    return invalid(format!(
                        "Invalid value for 'messages[{at}].content': expected a string."
                    ));
                }
            }
            other => return invalid(format!("Invalid value: '{other}'. Supported values are: 'system', …")),
        }
    }
    if !unanswered.is_empty() {
        let ids = unanswered.join(", ");
        return invalid(format!("The following tool_call_ids did not have response messages: {ids}"));
    }
    Ok(())
}

/// The ids of the calls of an assistant's message.
fn check_calls(at: usize, message: &Value) -> Result<Vec<String>, Refused> {
    let invalid = |message: String| Err(error(400, None, &message));
    let calls = message.get("tool_calls").filter(|calls| !calls.is_null());
    let Some(calls) = calls else {
        if message["content"].is_string() {
            return Ok(Vec::new());
        }
        return invalid(format!("Invalid value for 'messages[{at}].content': expected a string, got null."));
    };
    let mut ids: Vec<String> = Vec::new();
    for call in calls.as_array().into_iter().flatten() {
        let (id, name) = (call["id"].as_str(), call["function"]["name"].as_str());
        let is_object = call["function"]["arguments"]
            .as_str()
            .is_some_and(|text| serde_json::from_str::<Value>(text).is_ok_and(|args| args.is_object()));
        match (id, name) {
            (Some(id), Some(_)) if call["type"] == "function" && is_object => {
                if ids.iter().any(|known| known == id) {
                    return invalid(format!("Duplicate value for 'tool_call_id' of '{id}'"));
                }
                ids.push(id.to_owned());
            }
            _ => return invalid(format!("Invalid value for 'messages[{at}].tool_calls'.")),
        }
    }
    if ids.is_empty() { invalid(format!("[] is too short - 'messages.{at}.tool_calls'")) } else { Ok(ids) }
}

/// The chunks of an answer.
pub(super) fn answer(
    text: &str,
    calls: &[(String, Value)],
    usage: Option<(u64, u64)>,
    quirks: &[Quirk],
    round: usize,
) -> Vec<Piece> {
    let has = |quirk| quirks.contains(&quirk);
    let finish = match () {
        () if has(Quirk::Cut) => "length",
        () if !calls.is_empty() && !has(Quirk::EndsWithStop) => "tool_calls",
        () => "stop",
    };
    let usage = usage.map(|(input, output)| {
        json!({ "prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output })
    });
    if has(Quirk::NoStream) {
        let calls: Vec<Value> = calls
            .iter()
            .enumerate()
            .flat_map(|(at, call)| call_pieces(at, call, round, &[Quirk::WholeCalls]))
            .collect();
        let message = json!({ "role": "assistant", "content": text, "tool_calls": calls });
        let choice = json!({ "index": 0, "message": message, "finish_reason": finish });
        let whole =
            json!({ "object": "chat.completion", "model": MODEL, "choices": [choice], "usage": usage });
        return vec![Piece::Json(whole)];
    }
    let chunk = |delta: Value, finish: Value| {
        let choice = json!({ "index": 0, "delta": delta, "finish_reason": finish });
        Piece::Json(
            json!({ "object": "chat.completion.chunk", "model": MODEL, "choices": [choice], "usage": null }),
        )
    };
    let mut pieces = vec![chunk(json!({ "role": "assistant", "content": "" }), Value::Null)];
    for piece in pieces_of(text) {
        pieces.push(chunk(json!({ "content": piece }), Value::Null));
    }
    for (at, call) in calls.iter().enumerate() {
        for piece in call_pieces(at, call, round, quirks) {
            pieces.push(chunk(json!({ "tool_calls": [piece] }), Value::Null));
        }
    }
    pieces.push(chunk(json!({}), finish.into()));
    if let Some(usage) = usage {
        pieces.push(Piece::Json(json!({ "object": "chat.completion.chunk", "choices": [], "usage": usage })));
    }
    if !has(Quirk::NoDone) {
        pieces.push(Piece::Done);
    }
    pieces
}

/// The pieces of one tool call.
fn call_pieces(at: usize, (name, args): &(String, Value), round: usize, quirks: &[Quirk]) -> Vec<Value> {
    let has = |quirk| quirks.contains(&quirk);
    let text = args.as_str().map_or_else(|| args.to_string(), ToOwned::to_owned);
    let whole = has(Quirk::WholeCalls) || has(Quirk::IndexZero) || has(Quirk::ArgsAsObject);
    let mut parts = if whole { vec![text] } else { pieces_of(&text) };
    if !whole {
        // The service names the call first, and then says its arguments.
        parts.insert(0, String::new());
    }
    let piece = |(number, part): (usize, String)| {
        let mut piece = json!({ "function": { "arguments": part } });
        if has(Quirk::ArgsAsObject) {
            piece["function"]["arguments"] = args.clone();
        }
        if number == 0 || has(Quirk::RepeatsNames) {
            piece["type"] = "function".into();
            piece["function"]["name"] = name.as_str().into();
            if !has(Quirk::NoIds) {
                piece["id"] = format!("call_fake_{round}_{at}").into();
            }
        }
        if !has(Quirk::NoIndex) {
            piece["index"] = if has(Quirk::IndexZero) { 0 } else { at }.into();
        }
        piece
    };
    parts.into_iter().enumerate().map(piece).collect()
}

/// The pieces of a question that the filter stopped.
pub(super) fn blocked() -> Vec<Piece> {
    let choice = json!({ "index": 0, "delta": {}, "finish_reason": "content_filter" });
    vec![Piece::Json(json!({ "object": "chat.completion.chunk", "choices": [choice] })), Piece::Done]
}
