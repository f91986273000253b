//! Tool calls of a chat completion, put together from the pieces in which servers send them.
//!
//! OpenAI names a call by its `index` and sends its id and name once. Others leave the index out, say 0 for each call,
//! send a call in one piece, give no ids, or repeat id and name in each piece.

use serde_json::{Map, Value, json};

use super::look::Look;
use crate::ToolCall;

/// Calls of one answer, and bytes of one call's arguments, that are taken; what is beyond is dropped.
const CALLS_AT_MOST: usize = 64;
const ARGUMENTS_AT_MOST: usize = 64 << 10;

/// The calls so far.
#[derive(Debug, Default)]
pub(super) struct ToolPieces(Vec<Pieces>);

#[derive(Debug, Default)]
struct Pieces {
    index: Option<u64>,
    id: String,
    name: String,
    arguments: String,
    /// What else the server put into the call, and wants to have back: signatures of thoughts.
    extra: Map<String, Value>,
}

impl Pieces {
    /// Whether the arguments can be no longer than they are.
    fn is_whole(&self) -> bool {
        self.arguments.trim_end().ends_with('}') && object(&self.arguments).is_some()
    }
}

fn object(text: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(text).ok()
}

impl ToolPieces {
    /// Whether none has come.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Characters of names and arguments.
    pub(super) fn chars(&self) -> usize {
        self.0.iter().map(|call| call.name.chars().count() + call.arguments.chars().count()).sum()
    }

    /// Takes a piece.
    pub(super) fn take(&mut self, piece: &Value) {
        let word = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let function = piece.at("function");
        let (id, name) = (word(piece.text_at("id")), word(function.text_at("name")));
        let index = piece.at("index").as_u64();
        let arguments = match function.at("arguments") {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            whole => whole.to_string(),
        };
        let Some(call) = self.called(index, &id, &name) else { return };
        call.index = index.or(call.index);
        if call.id.is_empty() {
            call.id = id;
        }
        if call.name.is_empty() {
            call.name = name;
        }
        // What is cut is no JSON any more, and so it is marked.
        if call.arguments.len() <= ARGUMENTS_AT_MOST {
            call.arguments.push_str(&arguments);
        }
        for (word, value) in piece.as_object().into_iter().flatten() {
            if !matches!(word.as_str(), "index" | "id" | "type" | "function") {
                call.extra.insert(word.clone(), value.clone());
            }
        }
    }

    /// The call that a piece belongs to, a new one where it begins one; `None` when there are too many.
    fn called(&mut self, index: Option<u64>, id: &str, name: &str) -> Option<&mut Pieces> {
        let known = match index {
            Some(_) => self.0.iter().rposition(|call| call.index == index),
            None if !id.is_empty() => self.0.iter().rposition(|call| call.id == id),
            None => self.0.len().checked_sub(1),
        };
        let continues = known.and_then(|at| self.0.get(at)).is_some_and(|call| {
            let same_id = id.is_empty() || call.id.is_empty() || call.id == id;
            // A name without an id begins a call, unless it is said again while the arguments are still coming.
            let begins = id.is_empty() && !name.is_empty() && !call.name.is_empty();
            same_id && !(begins && (call.is_whole() || call.name != name))
        });
        if continues {
            return self.0.get_mut(known?);
        }
        if self.0.len() >= CALLS_AT_MOST {
            return None;
        }
        self.0.push(Pieces::default());
        self.0.last_mut()
    }

    /// The calls, the ids of those whose arguments are no object, and the calls as the server wants them back.
    /// A call without an id gets one that no other round of the talk has.
    pub(super) fn finish(self, round: usize) -> (Vec<ToolCall>, Vec<String>, Vec<Value>) {
        let (mut calls, mut garbled, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        for (number, Pieces { index: _, id, name, arguments, extra }) in self.0.into_iter().enumerate() {
            let id = if id.is_empty() { format!("call_{round}_{number}") } else { id };
            let arguments = if arguments.trim().is_empty() { "{}".to_owned() } else { arguments };
            let args = object(&arguments);
            if args.is_none() {
                garbled.push(id.clone());
            }
            let args = args.unwrap_or_default();
            // Servers refuse to hear arguments again that are no JSON, though they said them.
            let arguments = Value::Object(args.clone()).to_string();
            let mut part = extra;
            part.insert("id".to_owned(), id.clone().into());
            part.insert("type".to_owned(), "function".into());
            part.insert("function".to_owned(), json!({ "name": name, "arguments": arguments }));
            parts.push(Value::Object(part));
            calls.push(ToolCall { id, name, args });
        }
        (calls, garbled, parts)
    }
}
