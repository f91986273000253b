//! What the model is told to answer, and the pieces in which an answer travels.

use serde_json::Value;

/// The next thing to happen.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Say { text: String, calls: Vec<(String, Value)> },
    Fail { status: u16, retry_after_s: Option<u32>, code: Option<String> },
    FailInStream { text: String, status: u16 },
    Break { text: String },
    Block,
    Raw { content_type: String, body: String },
    Redirect { status: u16, to: String },
}

/// A habit of a server that imitates a wire. Those of tool calls hold for chat completions only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quirk {
    /// Each tool call in one piece.
    WholeCalls,
    /// Tool calls without an index.
    NoIndex,
    /// Every tool call has the index 0.
    IndexZero,
    /// Tool calls without ids.
    NoIds,
    /// Id and name in every piece of a tool call.
    RepeatsNames,
    /// Arguments as an object, where a text is due.
    ArgsAsObject,
    /// An answer with tool calls ends with `stop`.
    EndsWithStop,
    /// Nothing is counted.
    NoUsage,
    /// Nothing says that the answer has ended.
    NoDone,
    /// The last event has no empty line behind it.
    NoLastLine,
    /// The answer comes whole, as JSON.
    NoStream,
    /// Lines end with CR LF, comments stand between them, and a byte order mark before them.
    OddLines,
    /// The answer was cut at the limit.
    Cut,
    /// Gemini's thoughts come as parts of their own.
    Thinks,
}

/// What an answer travels in.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    Json(Value),
    Done,
    /// The connection breaks.
    Break,
}

/// A refusal with its status and its body.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    pub(super) status: u16,
    pub(super) body: Value,
}

/// A text in pieces of a few characters.
pub(super) fn pieces_of(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(5).map(|piece| piece.iter().collect()).collect()
}

/// Four characters are a token.
pub(super) fn tokens(text: &str) -> u64 {
    text.chars().count().div_ceil(4) as u64
}
