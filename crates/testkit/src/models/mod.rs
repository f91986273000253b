//! A fake of both language model services: OpenAI's chat completions and Gemini, at one address, with one script.
//!
//! A test says what the next answers are; without a script the model says `OK`. Requests are checked as the real services
//! check them, and refused in their words. Where the fake differs, it is stricter: fields that we do not use are refused.
//!
//! ```no_run
//! # async fn story() {
//! let fake = testkit::models::Fake::start().await;
//! fake.call_tool("search_products", serde_json::json!({ "query": "choy" }));
//! fake.say("Choy bor: 12 000 soʻm.");
//! // … ask fake.openai_url() or fake.gemini_url() with testkit::models::KEY and MODEL …
//! assert_eq!(fake.requests()[1].messages.len(), 3);
//! # }
//! ```

mod answer;
mod gemini;
mod gullible;
mod openai;
mod seen;
mod server;
#[cfg(test)]
mod tests;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

pub use answer::Quirk;
pub use seen::{Seen, Turn, Wire};

use answer::Step;

/// The key that the services take.
pub const KEY: &str = "sk-fake-0123456789abcdef";
/// The model that they have.
pub const MODEL: &str = "fake-1";

/// How slowly an answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Slow {
    /// Before anything, the status too.
    pub before: Duration,
    /// Before the first piece.
    pub first: Duration,
    /// Between two pieces.
    pub between: Duration,
}

#[derive(Default)]
struct State {
    script: VecDeque<Step>,
    requests: Vec<Seen>,
    quirks: Vec<Quirk>,
    slow: Slow,
    usage: Option<(u64, u64)>,
    is_gullible: bool,
    /// How many signatures of thoughts were given out.
    signed: u64,
}

/// What the tasks of the server share.
type Shared = Arc<Mutex<State>>;

/// A running fake. It stops when the last clone is dropped.
#[derive(Clone)]
pub struct Fake {
    shared: Shared,
    url: String,
    _server: Arc<Server>,
}

struct Server(JoinHandle<()>);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Fake {
    /// Starts on a free port of 127.0.0.1.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("a bound port"));
        let shared = Shared::default();
        let server = tokio::spawn(server::serve(listener, Arc::clone(&shared)));
        Self { shared, url, _server: Arc::new(Server(server)) }
    }

    /// The base address of the service that speaks as OpenAI does.
    pub fn openai_url(&self) -> String {
        format!("{}/v1", self.url)
    }

    /// The base address of the service that speaks as Gemini does.
    pub fn gemini_url(&self) -> String {
        self.url.clone()
    }

    /// The base address of a wire.
    pub fn url_of(&self, wire: Wire) -> String {
        match wire {
            Wire::OpenAi => self.openai_url(),
            Wire::Gemini => self.gemini_url(),
        }
    }

    /// The next answer is this text.
    pub fn say(&self, text: &str) {
        self.push(Step::Say { text: text.to_owned(), calls: Vec::new() });
    }

    /// The next answer asks for this tool.
    pub fn call_tool(&self, name: &str, args: Value) {
        self.call_tools(&[(name, args)]);
    }

    /// The next answer asks for these tools at once.
    pub fn call_tools(&self, calls: &[(&str, Value)]) {
        self.say_and_call("", calls);
    }

    /// The next answer is this text and asks for these tools. Arguments that are a text are sent as they stand, so that
    /// they can be no JSON.
    pub fn say_and_call(&self, text: &str, calls: &[(&str, Value)]) {
        let calls = calls.iter().map(|(name, args)| ((*name).to_owned(), args.clone())).collect();
        self.push(Step::Say { text: text.to_owned(), calls });
    }

    /// The next call is refused with this status, in the words of the wire.
    pub fn fail(&self, status: u16) {
        self.push(Step::Fail { status, retry_after_s: None, code: None });
    }

    /// The same, with `Retry-After`.
    pub fn fail_until(&self, status: u16, retry_after_s: u32) {
        self.push(Step::Fail { status, retry_after_s: Some(retry_after_s), code: None });
    }

    /// The same, with a code of the provider's: `insufficient_quota`.
    pub fn fail_with(&self, status: u16, code: &str) {
        self.push(Step::Fail { status, retry_after_s: None, code: Some(code.to_owned()) });
    }

    /// The next answer begins with this text (which may be empty), and then comes an error of this status in the stream.
    pub fn fail_in_stream(&self, text: &str, status: u16) {
        self.push(Step::FailInStream { text: text.to_owned(), status });
    }

    /// The next answer begins with this text, and then the connection breaks.
    pub fn break_after(&self, text: &str) {
        self.push(Step::Break { text: text.to_owned() });
    }

    /// The next question is blocked by the provider's filter.
    pub fn block(&self) {
        self.push(Step::Block);
    }

    /// The next answer is these bytes, with this content type.
    pub fn send_raw(&self, content_type: &str, body: &str) {
        self.push(Step::Raw { content_type: content_type.to_owned(), body: body.to_owned() });
    }

    /// The next call is sent to another address.
    pub fn redirect(&self, status: u16, to: &str) {
        self.push(Step::Redirect { status, to: to.to_owned() });
    }

    /// From now on answers come so slowly.
    pub fn slow(&self, slow: Slow) {
        self.with(|state| state.slow = slow);
    }

    /// From now on the service has these habits, and no others.
    pub fn quirks(&self, quirks: &[Quirk]) {
        self.with(|state| state.quirks = quirks.to_vec());
    }

    /// From now on this is what the service counts for a call; otherwise it counts characters.
    pub fn count(&self, input_tokens: u64, output_tokens: u64) {
        self.with(|state| state.usage = Some((input_tokens, output_tokens)));
    }

    /// From now on the model does what any text of the request tells it: `CALL name {"json": …}`, wherever it stands,
    /// becomes a call of that tool, declared or not. What it has called already it does not call again.
    pub fn be_gullible(&self) {
        self.with(|state| state.is_gullible = true);
    }

    /// Every request so far, refused ones too, the oldest first.
    pub fn requests(&self) -> Vec<Seen> {
        self.with(|state| state.requests.clone())
    }

    /// What of the script was not used.
    pub fn left(&self) -> usize {
        self.with(|state| state.script.len())
    }

    fn push(&self, step: Step) {
        self.with(|state| state.script.push_back(step));
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.shared.lock().unwrap_or_else(|poisoned| poisoned.into_inner()))
    }
}
