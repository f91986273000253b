//! A request as a test looks at it, the same for both wires.

use serde_json::Value;

/// Which service was spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// Chat completions.
    OpenAi,
    /// Gemini.
    Gemini,
}

impl Wire {
    /// Both.
    pub const ALL: [Self; 2] = [Self::OpenAi, Self::Gemini];
}

/// A request that came.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Which service was spoken to.
    pub wire: Wire,
    /// The model that was asked for.
    pub model: String,
    /// The path and the query.
    pub address: String,
    /// The instructions.
    pub system: String,
    /// What was said, the oldest first.
    pub messages: Vec<Turn>,
    /// The names of the tools that were declared.
    pub tools: Vec<String>,
    /// Whether the model may ask for them now.
    pub may_call: bool,
    /// The whole body.
    pub body: Value,
}

/// What somebody said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Turn {
    /// `user`, `model` or `tool`.
    pub role: &'static str,
    /// The words.
    pub text: String,
    /// The tools that the model asked for, with their arguments.
    pub calls: Vec<(String, Value)>,
    /// What tools gave.
    pub results: Vec<Value>,
}

impl Seen {
    /// Every text of the request, wherever it stands.
    pub fn texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        collect(&self.body, &mut texts);
        texts
    }

    /// Whether any text of the request holds these words.
    pub fn holds(&self, words: &str) -> bool {
        self.texts().iter().any(|text| text.contains(words))
    }
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
