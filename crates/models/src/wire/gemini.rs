//! Gemini's own wire.
//!
//! Source: <https://ai.google.dev/api/generate-content> and <https://ai.google.dev/gemini-api/docs/thought-signatures>.

use net::{
    Net,
    reqwest::{Method, RequestBuilder, Url, header::HeaderValue},
};
use serde_json::{Map, Value, json};

use super::{
    Collect, Endpoint, Failed, Heard,
    look::{Look, object},
    schema,
};
use crate::{
    Answer, Failure, Message, Request, Tool, ToolCall, ToolResult, Usage,
    request::{Parts, tokens_of},
};

/// The header that the key travels in; never the address, which proxies write down.
const KEY: &str = "x-goog-api-key";
/// Reasons to end that say that the provider would not answer.
const BLOCKED: [&str; 8] = [
    "SAFETY",
    "RECITATION",
    "LANGUAGE",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "IMAGE_SAFETY",
    "MODEL_ARMOR",
];
/// Reasons to end that say that the model itself went wrong.
const BROKEN: [&str; 3] = ["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "MALFORMED_RESPONSE"];

/// The call that asks.
pub(super) fn call(net: &Net, to: &Endpoint, request: &Request) -> Result<RequestBuilder, Failed> {
    let call = net
        .tenant()
        .request_without_redirects(Method::POST, address(&to.base, &to.model).as_str())
        .map_err(|_| Failed::new(Failure::RefusedAddress, ""))?;
    let mut key = HeaderValue::from_str(&to.key.0).map_err(|_| Failed::new(Failure::WrongKey, ""))?;
    key.set_sensitive(true);
    Ok(call.header(KEY, key).json(&body(request)))
}

/// `{base}/v1beta/models/{model}:streamGenerateContent?alt=sse`.
fn address(base: &Url, model: &str) -> Url {
    let mut address = base.clone();
    if let Ok(mut path) = address.path_segments_mut() {
        path.pop_if_empty().extend(["v1beta", "models"]).push(&format!("{model}:streamGenerateContent"));
    }
    address.set_query(Some("alt=sse"));
    address
}

fn body(request: &Request) -> Value {
    let mut contents: Vec<Value> = Vec::new();
    for message in &request.messages {
        let (role, parts) = match message {
            Message::User(text) => ("user", vec![json!({ "text": text })]),
            Message::Model(answer) => ("model", said(answer)),
            Message::Results(results) => {
                ("user", results.iter().map(|done| result(done, &contents)).collect())
            }
        };
        if !parts.is_empty() {
            contents.push(json!({ "role": role, "parts": parts }));
        }
    }
    let system = (!request.system.is_empty()).then(|| json!({ "parts": [{ "text": request.system }] }));
    let declared: Vec<Value> = request.tools.iter().map(tool).collect();
    let no_call = || json!({ "functionCallingConfig": { "mode": "NONE" } });
    let config = (!declared.is_empty() && !request.may_call).then(no_call);
    object([
        ("contents", Some(contents.into())),
        ("generationConfig", Some(json!({ "maxOutputTokens": request.output_tokens_at_most }))),
        ("systemInstruction", system),
        ("tools", (!declared.is_empty()).then(|| json!([{ "functionDeclarations": declared }]))),
        ("toolConfig", config),
    ])
}

fn tool(tool: &Tool) -> Value {
    let Tool { name, about, parameters } = tool;
    object([
        ("name", Some(name.as_str().into())),
        ("description", Some(about.as_str().into())),
        ("parameters", schema::of(parameters)),
    ])
}

/// What the model said: its own parts where they are kept, because their signatures have to come back unchanged.
fn said(answer: &Answer) -> Vec<Value> {
    if let Parts::Gemini(parts) = &answer.parts {
        return parts.clone();
    }
    let text = (!answer.text.is_empty()).then(|| json!({ "text": answer.text }));
    let calls = answer
        .calls
        .iter()
        .map(|ToolCall { id: _, name, args }| json!({ "functionCall": { "name": name, "args": args } }));
    text.into_iter().chain(calls).collect()
}

/// What became of a call. It carries an id only when the model gave the call one.
fn result(done: &ToolResult, contents: &[Value]) -> Value {
    let ToolResult { call, result } = done;
    let response = if result.is_object() { result.clone() } else { json!({ "result": result }) };
    let asked = contents.last().into_iter().flat_map(|content| content.items_at("parts"));
    let mut ids = asked.filter_map(|part| part.at("functionCall").text_at("id"));
    let id = ids.any(|id| id == call.id).then(|| call.id.as_str().into());
    let answer =
        object([("id", id), ("name", Some(call.name.as_str().into())), ("response", Some(response))]);
    json!({ "functionResponse": answer })
}

/// Makes an answer of the responses of a stream.
pub(super) struct Collector {
    input_tokens: u64,
    round: usize,
    text: String,
    calls: Vec<ToolCall>,
    garbled: Vec<String>,
    parts: Vec<Value>,
    usage: Option<Usage>,
    finish: String,
}

impl Collector {
    pub(super) fn new(request: &Request) -> Self {
        Self {
            input_tokens: request.input_tokens(),
            round: request.messages.len(),
            text: String::new(),
            calls: Vec::new(),
            garbled: Vec::new(),
            parts: Vec::new(),
            usage: None,
            finish: String::new(),
        }
    }

    fn take_part(&mut self, part: &Value, heard: &mut Heard<'_>) {
        let is_thought = part.at("thought") == true;
        if let Some(text) = part.text_at("text").filter(|text| !is_thought && !text.is_empty()) {
            self.text.push_str(text);
            heard(text);
        }
        if let Some(call) = part.get("functionCall") {
            self.take_call(call);
        }
        self.keep(part);
    }

    fn take_call(&mut self, call: &Value) {
        let id = call.text_at("id").filter(|id| !id.is_empty());
        let id = id.map_or_else(|| format!("call_{}_{}", self.round, self.calls.len()), ToOwned::to_owned);
        let args = match call.at("args") {
            Value::Object(args) => args.clone(),
            Value::Null => Map::new(),
            _ => {
                self.garbled.push(id.clone());
                Map::new()
            }
        };
        let name = call.text_at("name").unwrap_or_default().to_owned();
        self.calls.push(ToolCall { id, name, args });
    }

    /// Keeps a part for the next round. Pieces of plain text are put together; what is signed stays as it came.
    fn keep(&mut self, part: &Value) {
        let plain =
            |part: &Value| part.as_object().is_some_and(|part| part.len() == 1 && part.contains_key("text"));
        if plain(part) {
            let text = part.text_at("text").unwrap_or_default();
            let last = self.parts.last_mut().filter(|last| plain(last)).and_then(|last| last.get_mut("text"));
            if let Some(Value::String(last)) = last {
                last.push_str(text);
                return;
            }
            if text.is_empty() {
                return;
            }
        }
        self.parts.push(part.clone());
    }
}

impl Collect for Collector {
    fn take(&mut self, piece: Value, heard: &mut Heard<'_>) -> Result<(), Failed> {
        if let Some(error) = piece.get("error").filter(|error| !error.is_null()) {
            return Err(Failed::of_error(error));
        }
        if let Some(usage) = usage(piece.at("usageMetadata")) {
            self.usage = Some(usage);
        }
        if let Some(reason) = piece.at("promptFeedback").text_at("blockReason") {
            return Err(Failed::new(Failure::Blocked, reason));
        }
        let Some(candidate) = piece.items_at("candidates").next() else { return Ok(()) };
        for part in candidate.at("content").items_at("parts") {
            self.take_part(part, heard);
        }
        let Some(reason) = candidate.text_at("finishReason") else { return Ok(()) };
        reason.clone_into(&mut self.finish);
        if BLOCKED.contains(&reason) {
            return Err(Failed::new(Failure::Blocked, reason));
        }
        if BROKEN.contains(&reason) {
            return Err(Failed::not_valid(reason));
        }
        Ok(())
    }

    fn has_begun(&self) -> bool {
        !self.parts.is_empty()
    }

    fn chars(&self) -> usize {
        self.parts.iter().map(|part| part.to_string().chars().count()).sum()
    }

    fn finish(self: Box<Self>) -> Result<Answer, Failed> {
        let Self { input_tokens, round: _, text, calls, garbled, parts, usage, finish } = *self;
        if text.is_empty() && calls.is_empty() {
            return Err(Failed::not_valid(format!("an empty answer ({finish})")));
        }
        let mut answer = Answer { text, calls, ..Answer::default() };
        let estimated = Usage { input_tokens, output_tokens: tokens_of(answer.chars()), is_estimated: true };
        answer.usage = usage.unwrap_or(estimated);
        answer.is_cut = finish == "MAX_TOKENS";
        answer.garbled = garbled;
        answer.parts = Parts::Gemini(parts);
        Ok(answer)
    }
}

/// What the provider counted, when it did. Each response counts anew from the beginning. Thoughts are paid as output.
fn usage(usage: &Value) -> Option<Usage> {
    let count = |name: &str| usage.at(name).as_u64().unwrap_or_default();
    let input_tokens = count("promptTokenCount").saturating_add(count("toolUsePromptTokenCount"));
    let output_tokens = count("candidatesTokenCount").saturating_add(count("thoughtsTokenCount"));
    (input_tokens > 0).then_some(Usage { input_tokens, output_tokens, is_estimated: false })
}
