//! A stateful fake of the Telegram Bot API server: many bots, people, chats, webhooks, limits and faults.
//!
//! It takes what the real server takes and refuses what that refuses, in the same words (tdlib/telegram-bot-api 10.0).
//! Where it differs, it is stricter, or it says so:
//! - a webhook on this machine may be plain HTTP on any port;
//! - a conflict is answered at once (the real server waits three seconds first);
//! - Markdown parse modes are refused.
//!
//! ```no_run
//! # async fn story() {
//! let fake = testkit::telegram::Fake::start().await;
//! let bot = fake.bot("42:SECRET");
//! let anna = bot.user(1001);
//! anna.send_text("/start");
//! anna.wait_for(|screen| screen.says("Assalomu alaykum")).await;
//! anna.tap_key("Katalog");
//! # }
//! ```

mod account;
mod bot;
mod calls;
mod editing;
mod error;
mod faults;
mod files;
mod limits;
mod markup;
mod params;
mod person;
mod screen;
mod sending;
mod server;
mod state;
#[cfg(test)]
mod tests;
mod text;
mod updates;
mod webhook;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;
use tokio::{net::TcpListener, runtime::Handle, sync::watch, task::JoinHandle};

pub use bot::FakeBot;
pub use calls::{Call, Counters, Ended};
pub use error::ApiError;
pub use faults::Fault;
pub use limits::{BOT_PER_SECOND, CHAT_BURST, GROUP_PER_MINUTE, Limits};
pub use person::{Answer, Person, Tap};
pub use screen::{Action, Button, Media, Screen, Shown};

use faults::Rule;
use state::{Bot, Clock, State};

/// A file as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentFile {
    /// Its name.
    pub name: String,
    /// What it was said to be.
    pub mime: String,
    /// Its bytes.
    pub bytes: bytes::Bytes,
}

/// How the fake behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// Flood limits.
    pub limits: Limits,
    /// Port to listen on; 0 takes any.
    pub port: u16,
    /// How long a second lasts in the retries of webhooks: short, so that tests need not wait.
    pub webhook_unit: Duration,
    /// How long a call of a webhook may go unanswered; then it is made again.
    pub webhook_patience: Duration,
    /// How long a tap may be answered.
    pub callback_lifetime: Duration,
    /// Keep every call; off for long measurements.
    pub keep_calls: bool,
    /// Messages kept per chat; older ones are forgotten.
    pub keep_messages: usize,
    /// The first update id of a bot.
    pub first_update_id: i64,
    /// Any token is some bot's: for tests that only connect.
    pub any_token: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limits: Limits::Telegram,
            port: 0,
            webhook_unit: Duration::from_millis(20),
            webhook_patience: Duration::from_secs(60),
            callback_lifetime: Duration::from_secs(15 * 60),
            keep_calls: true,
            keep_messages: 1000,
            first_update_id: 713_000_001,
            any_token: false,
        }
    }
}

/// What the tasks of the server share.
pub(crate) struct Shared {
    state: Mutex<State>,
    client: reqwest::Client,
    runtime: Handle,
    webhook_unit: Duration,
    webhook_patience: Duration,
}

impl Shared {
    /// Runs something under the lock, then sends couriers where it made updates for webhooks.
    fn with<R>(self: &Arc<Self>, act: impl FnOnce(&mut State) -> R) -> R {
        let (result, to_deliver) = {
            let mut state = self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            let result = act(&mut state);
            (result, std::mem::take(&mut state.to_deliver))
        };
        if !to_deliver.is_empty() {
            webhook::start_couriers(self, to_deliver);
        }
        result
    }
}

/// A running fake. It stops when the last clone is dropped.
#[derive(Clone)]
pub struct Fake {
    shared: Arc<Shared>,
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
    /// Starts on a free port of 127.0.0.1 with flood limits on.
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    /// Starts with chosen behaviour.
    pub async fn start_with(options: Options) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", options.port)).await.expect("the port is free");
        let url = format!("http://{}", listener.local_addr().expect("a bound port"));
        let state = State {
            bots: HashMap::new(),
            people: HashMap::new(),
            files: HashMap::new(),
            faults: Vec::new(),
            calls: Vec::new(),
            keep_calls: options.keep_calls,
            counters: Counters::default(),
            limits: options.limits,
            to_deliver: Vec::new(),
            called: watch::Sender::new(0),
            next_id: options.first_update_id.unsigned_abs(),
            clock: Clock::start(),
            callback_lifetime: options.callback_lifetime,
            keep_messages: options.keep_messages,
            any_token: options.any_token,
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            client: webhook_client(),
            runtime: Handle::current(),
            webhook_unit: options.webhook_unit,
            webhook_patience: options.webhook_patience,
        });
        let server = tokio::spawn(server::serve(listener, shared.clone()));
        Self { shared, url, _server: Arc::new(Server(server)) }
    }

    /// The address to give as `KARVON_TELEGRAM_API_URL`, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The bot of a token such as `42:SECRET`; made when it is not there yet. The number before the colon is its id.
    pub fn bot(&self, token: &str) -> FakeBot {
        let id: i64 =
            token.split(':').next().and_then(|id| id.parse().ok()).expect("a token starts with a number");
        self.shared.with(|state| {
            let first = state.next_id as i64;
            state
                .bots
                .entry(token.to_owned())
                .or_insert_with(|| Bot::new(id, &format!("Bot {id}"), &format!("bot{id}_bot"), first));
        });
        FakeBot::new(self.clone(), token)
    }

    /// A person in the chat with the only bot.
    pub fn user(&self, id: i64) -> Person {
        let only = self.shared.with(|state| {
            assert_eq!(state.bots.len(), 1, "there are several bots: say bot.user({id})");
            state.bots.keys().next().cloned().unwrap_or_default()
        });
        self.bot(&only).user(id)
    }

    /// The next `times` calls of this method fail like this; of any method when it is "".
    pub fn fail_next(&self, method: &str, times: u32, fault: Fault) {
        let method = (!method.is_empty()).then(|| method.to_owned());
        self.add_rule(Rule { token: None, method, left: times, fault });
    }

    fn add_rule(&self, rule: Rule) {
        if rule.left > 0 {
            self.shared.with(|state| state.faults.push(rule));
        }
    }

    /// Takes back all faults not used up yet.
    pub fn heal(&self) {
        self.shared.with(|state| state.faults.clear());
    }

    /// Lets time pass for the fake: callbacks grow old, flood limits refill, messages can't be deleted any more.
    pub fn skip(&self, time: Duration) {
        self.shared.with(|state| state.clock.skipped += time);
    }

    /// A file that a bot or a person sent, by the id that its message names.
    pub fn file(&self, file_id: &str) -> Option<SentFile> {
        self.shared.with(|state| {
            let file = state.files.get(file_id)?;
            Some(SentFile { name: file.name.clone(), mime: file.mime.clone(), bytes: file.bytes.clone() })
        })
    }

    /// Every call so far, the oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.with(|state| state.calls.clone())
    }

    /// The calls of one method.
    pub fn calls_of(&self, method: &str) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.method.eq_ignore_ascii_case(method)).collect()
    }

    /// Waits until the log of calls is as wanted; gives it. Panics after ten seconds.
    pub async fn wait_for_calls(&self, wanted: impl Fn(&[Call]) -> bool) -> Vec<Call> {
        let mut called = self.shared.with(|state| state.called.subscribe());
        let waiting = async {
            loop {
                called.mark_unchanged();
                let calls = self.calls();
                if wanted(&calls) {
                    return calls;
                }
                let _ = called.changed().await;
            }
        };
        match tokio::time::timeout(person::PATIENCE, waiting).await {
            Ok(calls) => calls,
            Err(_) => {
                let calls: Vec<String> =
                    self.calls().iter().map(|call| format!("{} {:?}", call.method, call.ended)).collect();
                panic!("the calls waited for did not come; these did: {calls:#?}")
            }
        }
    }

    /// What was counted since the start.
    pub fn counters(&self) -> Counters {
        self.shared.with(|state| {
            let mut counters = state.counters;
            for bot in state.bots.values() {
                counters.updates_waiting += bot.pending.len() as u64;
                counters.chats_unanswered +=
                    bot.chats.values().filter(|chat| chat.unanswered > 0).count() as u64;
                counters.taps_unanswered +=
                    bot.callbacks.values().filter(|callback| callback.answer.is_none()).count() as u64;
            }
            counters
        })
    }

    /// How many bots have asked for updates.
    pub fn polled(&self) -> usize {
        self.shared.with(|state| state.bots.values().filter(|bot| bot.poll_generation > 0).count())
    }

    /// Calls a method as a bot would, without HTTP.
    pub fn call(&self, token: &str, method: &str, params: Value) -> Result<Value, ApiError> {
        let fields = params.as_object().cloned().unwrap_or_default();
        let params = params::Params { fields, files: HashMap::new() };
        self.shared.with(|state| state.call(token, method, &params).map(|(result, _)| result))
    }
}

impl Clock {
    #[allow(clippy::disallowed_methods, reason = "the fake lives in real time, as the real server does")]
    fn start() -> Self {
        let unix = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let started_unix = unix.expect("a clock after 1970").as_secs();
        Self { started: tokio::time::Instant::now(), started_unix, skipped: Duration::ZERO }
    }
}

/// The client that carries updates to webhooks: this machine only, so without certificates.
#[allow(clippy::disallowed_methods, reason = "a fake service is not the product and does not know its `net`")]
fn webhook_client() -> reqwest::Client {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring knows the default versions")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .pool_max_idle_per_host(100)
        .tcp_nodelay(true)
        .build()
        .expect("a client")
}
