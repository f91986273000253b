//! Chat completions, as OpenAI has them and as many other servers nearly have them.
//!
//! Source: <https://platform.openai.com/docs/api-reference/chat> and the streams of servers that imitate it.

use net::{
    Net,
    reqwest::{
        Method, RequestBuilder, Url,
        header::{AUTHORIZATION, HeaderValue},
    },
};
use serde_json::{Value, json};

use super::{
    Collect, Endpoint, Failed, Heard,
    look::{Look, object},
    tool_pieces::ToolPieces,
};
use crate::{
    Answer, Failure, Message, Request, Tool, Usage,
    request::{Parts, tokens_of},
};

/// The host whose newer models refuse `max_tokens`; other servers know nothing else.
const OPENAI: &str = "api.openai.com";

/// The call that asks.
pub(super) fn call(net: &Net, to: &Endpoint, request: &Request) -> Result<RequestBuilder, Failed> {
    let address = address(&to.base);
    let call = net
        .tenant()
        .request_without_redirects(Method::POST, &address)
        .map_err(|_| Failed::new(Failure::RefusedAddress, ""))?;
    let mut key = HeaderValue::from_str(&format!("Bearer {}", to.key.0))
        .map_err(|_| Failed::new(Failure::WrongKey, ""))?;
    key.set_sensitive(true);
    Ok(call.header(AUTHORIZATION, key).json(&body(to, request)))
}

/// `{base}/chat/completions`.
fn address(base: &Url) -> String {
    format!("{}/chat/completions", base.as_str().trim_end_matches('/'))
}

fn body(to: &Endpoint, request: &Request) -> Value {
    let limit = if to.base.host_str() == Some(OPENAI) { "max_completion_tokens" } else { "max_tokens" };
    let mut messages = Vec::new();
    if !request.system.is_empty() {
        messages.push(json!({ "role": "system", "content": request.system }));
    }
    messages.extend(request.messages.iter().flat_map(message));
    object([
        ("model", Some(to.model.as_str().into())),
        ("messages", Some(messages.into())),
        ("stream", Some(true.into())),
        ("stream_options", Some(json!({ "include_usage": true }))),
        (limit, Some(request.output_tokens_at_most.into())),
        ("tools", (!request.tools.is_empty()).then(|| request.tools.iter().map(tool).collect())),
        ("tool_choice", (!request.tools.is_empty() && !request.may_call).then(|| "none".into())),
    ])
}

fn tool(tool: &Tool) -> Value {
    let Tool { name, about, parameters } = tool;
    json!({ "type": "function", "function": { "name": name, "description": about, "parameters": parameters } })
}

fn message(message: &Message) -> Vec<Value> {
    match message {
        Message::User(text) => vec![json!({ "role": "user", "content": text })],
        Message::Model(answer) => said(answer),
        Message::Results(results) => results
            .iter()
            .map(|done| {
                let content = match &done.result {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                json!({ "role": "tool", "tool_call_id": done.call.id, "content": content })
            })
            .collect(),
    }
}

/// What the model said; nothing when it said nothing.
fn said(answer: &Answer) -> Vec<Value> {
    if answer.calls.is_empty() {
        let text = (!answer.text.is_empty()).then(|| json!({ "role": "assistant", "content": answer.text }));
        return text.into_iter().collect();
    }
    let own = |call: &crate::ToolCall| {
        let arguments = Value::Object(call.args.clone()).to_string();
        json!({ "id": call.id, "type": "function", "function": { "name": call.name, "arguments": arguments } })
    };
    let calls: Vec<Value> = match &answer.parts {
        Parts::OpenAi(calls) => calls.clone(),
        Parts::Gemini(_) | Parts::None => answer.calls.iter().map(own).collect(),
    };
    let content = if answer.text.is_empty() { Value::Null } else { answer.text.as_str().into() };
    vec![json!({ "role": "assistant", "content": content, "tool_calls": calls })]
}

/// Makes an answer of chunks, or of one whole completion.
pub(super) struct Collector {
    input_tokens: u64,
    round: usize,
    text: String,
    tools: ToolPieces,
    usage: Option<Usage>,
    finish: String,
    refused: bool,
}

impl Collector {
    pub(super) fn new(request: &Request) -> Self {
        Self {
            input_tokens: request.input_tokens(),
            round: request.messages.len(),
            text: String::new(),
            tools: ToolPieces::default(),
            usage: None,
            finish: String::new(),
            refused: false,
        }
    }

    fn hear(&mut self, text: &str, heard: &mut Heard<'_>) {
        if !text.is_empty() {
            self.text.push_str(text);
            heard(text);
        }
    }

    /// `content` is a text; with some servers a list of typed parts, of which thoughts are none of the answer.
    fn take_content(&mut self, content: &Value, heard: &mut Heard<'_>) {
        match content {
            Value::String(text) => self.hear(text, heard),
            Value::Array(parts) => {
                for part in parts.iter().filter(|part| part.text_at("type") == Some("text")) {
                    self.hear(part.text_at("text").unwrap_or_default(), heard);
                }
            }
            _ => {}
        }
    }
}

impl Collect for Collector {
    fn take(&mut self, piece: Value, heard: &mut Heard<'_>) -> Result<(), Failed> {
        if let Some(error) = piece.get("error").filter(|error| !error.is_null()) {
            return Err(Failed::of_error(error));
        }
        if let Some(usage) = usage(piece.at("usage")) {
            self.usage = Some(usage);
        }
        let first = piece.get("choices").and_then(|choices| choices.get(0));
        let Some(choice) = first.filter(|choice| choice.at("index").as_u64().unwrap_or_default() == 0) else {
            return Ok(());
        };
        // A server that does not stream has a message where the others have its pieces.
        let delta = choice.get("delta").filter(|delta| delta.is_object()).unwrap_or(choice.at("message"));
        self.take_content(delta.at("content"), heard);
        self.refused |= delta.text_at("refusal").is_some_and(|words| !words.is_empty());
        for call in delta.items_at("tool_calls") {
            self.tools.take(call);
        }
        if let Some(reason) = choice.text_at("finish_reason") {
            reason.clone_into(&mut self.finish);
        }
        Ok(())
    }

    fn has_begun(&self) -> bool {
        !self.text.is_empty() || !self.tools.is_empty()
    }

    fn chars(&self) -> usize {
        self.text.chars().count() + self.tools.chars()
    }

    fn finish(self: Box<Self>) -> Result<Answer, Failed> {
        let chars = self.chars();
        let Self { input_tokens, round, text, tools, usage, finish, refused } = *self;
        if finish == "content_filter" || (refused && text.is_empty()) {
            return Err(Failed::new(Failure::Blocked, ""));
        }
        if text.is_empty() && tools.is_empty() {
            return Err(Failed::not_valid(format!("an empty answer ({finish})")));
        }
        let estimated = Usage { input_tokens, output_tokens: tokens_of(chars), is_estimated: true };
        let (calls, garbled, parts) = tools.finish(round);
        Ok(Answer {
            text,
            calls,
            usage: usage.unwrap_or(estimated),
            is_cut: finish == "length",
            garbled,
            parts: if parts.is_empty() { Parts::None } else { Parts::OpenAi(parts) },
        })
    }
}

/// What the server counted, when it counted both.
fn usage(usage: &Value) -> Option<Usage> {
    let input_tokens = usage.get("prompt_tokens")?.as_u64()?;
    let output_tokens = usage.get("completion_tokens")?.as_u64()?;
    (input_tokens > 0).then_some(Usage { input_tokens, output_tokens, is_estimated: false })
}
