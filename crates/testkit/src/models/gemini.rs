//! Gemini: what the service refuses, and how it answers.

use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::{
    KEY, MODEL, Quirk, Seen, Turn, Wire,
    answer::{Piece, Refused, pieces_of},
};

const FIELDS: [&str; 6] =
    ["contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings"];
const SCHEMA: [&str; 22] = [
    "type",
    "format",
    "title",
    "description",
    "nullable",
    "enum",
    "maxItems",
    "minItems",
    "properties",
    "required",
    "minProperties",
    "maxProperties",
    "minLength",
    "maxLength",
    "pattern",
    "example",
    "anyOf",
    "propertyOrdering",
    "default",
    "items",
    "minimum",
    "maximum",
];
const SIGNATURE: &str = "c2lnbmVkLWJ5LXRoZS1mYWtl";

/// An error in the words of the service.
pub(super) fn error(status: u16, message: &str) -> Refused {
    let word = match status {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        _ => "INTERNAL",
    };
    Refused { status, body: json!({ "error": { "code": status, "message": message, "status": word } }) }
}

fn wrong_key() -> Refused {
    let mut refused = error(400, "API key not valid. Please pass a valid API key.");
    refused.body["error"]["details"] = json!([{
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "API_KEY_INVALID",
        "domain": "googleapis.com",
    }]);
    refused
}

/// The error that the service gives with a status that a test orders.
pub(super) fn ordered_error(status: u16, code: Option<&str>) -> Refused {
    match status {
        401 => wrong_key(),
        _ => error(status, code.unwrap_or("The model is overloaded. Please try again later.")),
    }
}

/// What is asked, as far as it can be read.
pub(super) fn see(address: &str, model: &str, body: &Value) -> Seen {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let words = |content: &Value| -> String {
        content["parts"].as_array().into_iter().flatten().filter_map(|part| part["text"].as_str()).collect()
    };
    let turn = |content: &Value| {
        let parts = content["parts"].as_array().cloned().unwrap_or_default();
        let calls = parts.iter().filter_map(|part| part.get("functionCall"));
        let results: Vec<Value> = parts
            .iter()
            .filter_map(|part| part.get("functionResponse"))
            .map(|answer| answer["response"].clone())
            .collect();
        let role = match content["role"].as_str() {
            Some("model") => "model",
            _ if !results.is_empty() => "tool",
            _ => "user",
        };
        let calls = calls.map(|call| (text(&call["name"]), call["args"].clone())).collect();
        Turn { role, text: words(content), calls, results }
    };
    let declared = body["tools"].as_array().into_iter().flatten();
    let declared = declared.flat_map(|tool| tool["functionDeclarations"].as_array().into_iter().flatten());
    Seen {
        wire: Wire::Gemini,
        model: model.to_owned(),
        address: address.to_owned(),
        system: words(&body["systemInstruction"]),
        messages: body["contents"].as_array().into_iter().flatten().map(turn).collect(),
        tools: declared.map(|tool| text(&tool["name"])).collect(),
        may_call: body["toolConfig"]["functionCallingConfig"]["mode"] != "NONE",
        body: body.clone(),
    }
}

/// Refuses what the service refuses.
pub(super) fn check(headers: &HeaderMap, address: &str, model: &str, body: &Value) -> Result<(), Refused> {
    if address.contains("key=") {
        return Err(error(400, "The fake takes no key in an address."));
    }
    match headers.get("x-goog-api-key").and_then(|value| value.to_str().ok()) {
        Some(KEY) => {}
        Some(_) => return Err(wrong_key()),
        None => return Err(error(403, "Method doesn't allow unregistered callers.")),
    }
    if model != MODEL {
        let message = format!("models/{model} is not found for API version v1beta.");
        return Err(error(404, &message));
    }
    let invalid = |message: String| Err(error(400, &message));
    let Some(fields) = body.as_object() else { return invalid("Invalid JSON payload received.".to_owned()) };
    if let Some(unknown) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        return invalid(format!(
            "Invalid JSON payload received. Unknown name \"{unknown}\": Cannot find field."
        ));
    }
    let limit = &body["generationConfig"]["maxOutputTokens"];
    if !limit.is_null() && limit.as_u64().is_none_or(|limit| limit == 0) {
        return invalid("Unable to submit request because it has a maxOutputTokens value of 0".to_owned());
    }
    if fields.contains_key("systemInstruction") && !has_parts(&body["systemInstruction"]) {
        return invalid("GenerateContentRequest.system_instruction.parts: must not be empty".to_owned());
    }
    for declared in body["tools"].as_array().into_iter().flatten() {
        check_declared(&declared["functionDeclarations"])?;
    }
    check_config(body)?;
    check_contents(&body["contents"])
}

fn check_config(body: &Value) -> Result<(), Refused> {
    let mode = &body["toolConfig"]["functionCallingConfig"]["mode"];
    let is_known = ["AUTO", "ANY", "NONE", "VALIDATED"].iter().any(|word| mode == word);
    if !body["toolConfig"].is_null() && !is_known {
        let place = "tool_config.function_calling_config.mode";
        return Err(error(400, &format!("Invalid value at '{place}' (type.googleapis.com/…Mode), {mode}")));
    }
    if !body["toolConfig"].is_null() && body["tools"].is_null() {
        return Err(error(400, "Function calling config is set without function_declarations."));
    }
    Ok(())
}

fn has_parts(content: &Value) -> bool {
    content["parts"].as_array().is_some_and(|parts| !parts.is_empty())
}

fn check_declared(declared: &Value) -> Result<(), Refused> {
    for (at, function) in declared.as_array().into_iter().flatten().enumerate() {
        let place = format!("GenerateContentRequest.tools[0].function_declarations[{at}]");
        let name = function["name"].as_str().unwrap_or_default();
        let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let rest = name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
        if !starts || !rest || name.len() > 64 {
            return Err(error(400, &format!("{place}.name: Invalid function name.")));
        }
        if let Some(schema) = function.get("parameters") {
            check_schema(&format!("{place}.parameters"), schema)?;
        }
    }
    Ok(())
}

fn check_schema(place: &str, schema: &Value) -> Result<(), Refused> {
    let invalid = |message: String| Err(error(400, &message));
    let Some(words) = schema.as_object() else { return invalid(format!("Invalid value at '{place}'")) };
    if let Some(unknown) = words.keys().find(|word| !SCHEMA.contains(&word.as_str())) {
        return invalid(format!("Invalid JSON payload received. Unknown name \"{unknown}\" at '{place}'"));
    }
    if words.get("type").is_some_and(|kind| !kind.is_string()) {
        return invalid(format!("Proto field is not repeating, cannot start list at '{place}.type'"));
    }
    let is_empty = schema["properties"].as_object().is_none_or(serde_json::Map::is_empty);
    if schema["type"] == "object" && is_empty {
        return invalid(format!("{place}.properties: should be non-empty for OBJECT type"));
    }
    if schema["enum"].as_array().is_some_and(|words| !words.iter().all(Value::is_string)) {
        return invalid(format!("Invalid value at '{place}.enum' (TYPE_STRING)"));
    }
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        check_schema(&format!("{place}.properties[{name}]"), inner)?;
    }
    schema.get("items").map_or(Ok(()), |items| check_schema(&format!("{place}.items"), items))
}

fn check_contents(contents: &Value) -> Result<(), Refused> {
    let invalid = |message: &str| Err(error(400, message));
    let Some(contents) = contents.as_array().filter(|contents| !contents.is_empty()) else {
        return invalid("* GenerateContentRequest.contents: contents is not specified");
    };
    let of = |content: &Value, kind: &str| -> Vec<Value> {
        content["parts"].as_array().into_iter().flatten().filter_map(|part| part.get(kind).cloned()).collect()
    };
    let is_question =
        |content: &Value| content["role"] == "user" && of(content, "functionResponse").is_empty();
    let turn_begins = contents.iter().rposition(is_question).unwrap_or_default();
    let mut asked: Vec<Value> = Vec::new();
    for (at, content) in contents.iter().enumerate() {
        let role = content["role"].as_str().unwrap_or_default();
        if !matches!(role, "user" | "model") {
            return invalid("Please use a valid role: user, model.");
        }
        if !has_parts(content) {
            return invalid("* GenerateContentRequest.contents: contents.parts must not be empty.");
        }
        let (calls, results) = (of(content, "functionCall"), of(content, "functionResponse"));
        if !results.is_empty() && asked.is_empty() {
            return invalid(
                "Please ensure that function response turn comes immediately after a function call turn.",
            );
        }
        if results.len() != asked.len() {
            return invalid(
                "Please ensure that the number of function response parts is equal to the number of function call \
                 parts of the function call turn.",
            );
        }
        for (result, call) in results.iter().zip(&asked) {
            check_result(result, call)?;
        }
        if !calls.is_empty() && role != "model" {
            return invalid("Please ensure that function call parts have the role model.");
        }
        if !calls.is_empty() && (at == 0 || contents[at - 1]["role"] != "user") {
            return invalid(
                "Please ensure that function call turn comes immediately after a user turn or after a function \
                 response turn.",
            );
        }
        if !calls.is_empty() && at > turn_begins {
            check_signature(content)?;
        }
        asked = calls;
    }
    if asked.is_empty() { Ok(()) } else { invalid("Please ensure that function calls are answered.") }
}

fn check_result(result: &Value, call: &Value) -> Result<(), Refused> {
    if result["name"] != call["name"] || result["name"].as_str().is_none_or(str::is_empty) {
        return Err(error(400, "function_response.name: Name cannot be empty or another than the call's."));
    }
    if !result["response"].is_object() {
        return Err(error(
            400,
            "Invalid value at 'function_response.response' (type.googleapis.com/google.protobuf.Struct)",
        ));
    }
    if result.get("id") != call.get("id") {
        return Err(error(400, "function_response.id: is not the id of the function call."));
    }
    Ok(())
}

/// The first call of each answer of the present turn carries the signature that the service gave it.
fn check_signature(content: &Value) -> Result<(), Refused> {
    let mut parts = content["parts"].as_array().into_iter().flatten();
    let first = parts.find(|part| part.get("functionCall").is_some());
    let signature = first.and_then(|part| part["thoughtSignature"].as_str());
    match signature {
        Some(signature) if signature.starts_with(SIGNATURE) => Ok(()),
        Some(_) => Err(error(400, "Thought signature is not valid.")),
        None => Err(error(400, "Function call is missing a thought_signature in functionCall parts.")),
    }
}

/// The responses of an answer.
pub(super) fn answer(
    text: &str,
    calls: &[(String, Value)],
    usage: Option<(u64, u64)>,
    quirks: &[Quirk],
    signed: u64,
) -> Vec<Piece> {
    let has = |quirk| quirks.contains(&quirk);
    let mut parts: Vec<Vec<Value>> = Vec::new();
    if has(Quirk::Thinks) {
        parts.push(vec![json!({ "text": "I think about it.", "thought": true })]);
    }
    parts.extend(pieces_of(text).into_iter().map(|piece| vec![json!({ "text": piece })]));
    if !calls.is_empty() {
        let call = |(at, (name, args)): (usize, &(String, Value))| {
            let mut call = json!({ "name": name, "args": args });
            if !has(Quirk::NoIds) {
                call["id"] = format!("fake-{signed}-{at}").into();
            }
            let mut part = json!({ "functionCall": call });
            if at == 0 {
                part["thoughtSignature"] = format!("{SIGNATURE}{signed}").into();
            }
            part
        };
        parts.push(calls.iter().enumerate().map(call).collect());
    }
    let finish = if has(Quirk::Cut) { "MAX_TOKENS" } else { "STOP" };
    let usage = usage.map(|(input, output)| {
        let thoughts = output / 2;
        let said = output - thoughts;
        json!({ "promptTokenCount": input, "candidatesTokenCount": said, "thoughtsTokenCount": thoughts,
            "totalTokenCount": input + output })
    });
    let whole = has(Quirk::NoStream);
    let groups = if whole { vec![parts.concat()] } else { parts };
    let last = groups.len().saturating_sub(1);
    let piece = |(at, parts): (usize, Vec<Value>)| {
        let mut candidate = json!({ "content": { "role": "model", "parts": parts }, "index": 0 });
        if at == last {
            candidate["finishReason"] = finish.into();
        }
        let mut response = json!({ "candidates": [candidate], "modelVersion": MODEL });
        if let Some(usage) = &usage {
            response["usageMetadata"] = usage.clone();
        }
        response
    };
    let responses: Vec<Value> = groups.into_iter().enumerate().map(piece).collect();
    if whole { vec![Piece::Json(responses.into())] } else { responses.into_iter().map(Piece::Json).collect() }
}

/// The pieces of a question that the filter stopped.
pub(super) fn blocked() -> Vec<Piece> {
    vec![Piece::Json(json!({
        "promptFeedback": { "blockReason": "SAFETY" },
        "usageMetadata": { "promptTokenCount": 7, "totalTokenCount": 7 },
    }))]
}
