//! The world behind the fake: bots, people, groups, chats, messages, files and updates not yet taken.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use serde_json::{Map, Value, json};
use tokio::sync::watch;

use super::{
    calls::{Call, Counters},
    error::ApiError,
    faults::Rule,
    limits::{BOT_PER_SECOND, Bucket, Limits},
    screen::Shown,
    webhook::Webhook,
};

/// Update kinds that are sent only to bots that ask for them.
const NOT_BY_DEFAULT: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

/// The server keeps an update that nobody takes for a day.
const UPDATE_LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// Everything, under one lock.
pub(super) struct State {
    pub bots: HashMap<String, Bot>,
    pub people: HashMap<i64, Profile>,
    pub files: HashMap<String, StoredFile>,
    pub faults: Vec<Rule>,
    pub calls: Vec<Call>,
    pub keep_calls: bool,
    pub counters: Counters,
    pub limits: Limits,
    /// Chats with a webhook whose queue needs a courier: (token, chat).
    pub to_deliver: Vec<(String, i64)>,
    /// Changes with every call, for those who wait for one.
    pub called: watch::Sender<u64>,
    pub next_id: u64,
    pub clock: Clock,
    /// How long an answer to a tap is awaited.
    pub callback_lifetime: Duration,
    /// Messages kept per chat.
    pub keep_messages: usize,
    pub any_token: bool,
}

/// Time as the fake sees it: real, plus what a test skipped.
pub(super) struct Clock {
    pub started: tokio::time::Instant,
    pub started_unix: u64,
    pub skipped: Duration,
}

impl Clock {
    /// Since the fake was started.
    pub fn now(&self) -> Duration {
        self.started.elapsed() + self.skipped
    }

    /// Seconds since 1970.
    pub fn unix(&self) -> u64 {
        self.started_unix + self.now().as_secs()
    }
}

/// A person, known to all bots by the same id.
#[derive(Debug, Clone)]
pub(super) struct Profile {
    pub first_name: String,
    pub last_name: Option<String>,
    pub username: Option<String>,
    pub language: String,
    pub phone: String,
    pub deactivated: bool,
}

/// A file on the server.
#[derive(Debug, Clone)]
pub(super) struct StoredFile {
    pub token: String,
    pub path: String,
    pub name: String,
    pub mime: String,
    pub bytes: Bytes,
    /// What is said about it: may be larger than `bytes`, for a file too big to be downloaded.
    pub size: u64,
}

/// A tap that waits for its answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Callback {
    pub chat: i64,
    pub made: Duration,
    pub answer: Option<super::person::Answer>,
}

/// An update not yet confirmed.
pub(super) struct Pending {
    pub json: Arc<Value>,
    pub made: Duration,
    pub deliveries: u32,
}

/// One bot.
pub(super) struct Bot {
    pub id: i64,
    pub name: String,
    pub username: String,
    pub next_update_id: i64,
    pub next_message_id: i64,
    pub pending: BTreeMap<i64, Pending>,
    pub allowed: Option<Vec<String>>,
    pub poll_generation: u64,
    pub changed: watch::Sender<u64>,
    pub webhook: Option<Webhook>,
    pub next_set_webhook: Duration,
    pub commands: HashMap<(String, String), Value>,
    pub menu: HashMap<i64, Value>,
    pub chats: HashMap<i64, Conversation>,
    pub callbacks: HashMap<String, Callback>,
    pub bucket: Bucket,
}

/// What a chat is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ChatKind {
    Private,
    Group { title: String, supergroup: bool, migrated_to: Option<i64> },
}

/// A message as the server keeps it.
pub(super) struct Stored {
    pub json: Value,
    pub shown: Arc<Shown>,
    pub by_bot: bool,
    /// Sent with a reply keyboard, a removal or a forced reply: such a message can't be edited.
    pub has_other_markup: bool,
    pub at: Duration,
}

/// One chat of one bot.
pub(super) struct Conversation {
    pub kind: ChatKind,
    /// The person blocked the bot, or the group threw it out.
    pub blocked: bool,
    pub messages: BTreeMap<i64, Stored>,
    pub keyboard: Option<Value>,
    pub toasts: Vec<super::person::Answer>,
    pub typing: Option<String>,
    pub version: watch::Sender<u64>,
    pub bucket: Bucket,
    /// Updates that wait for the webhook, in order.
    pub queue: VecDeque<i64>,
    pub delivering: bool,
    /// Updates since the bot last did something here.
    pub unanswered: u64,
    /// Updates since the last message of the bot.
    pub since_message: u64,
}

impl State {
    /// A number never given before.
    pub fn fresh(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// The bot of a token, or 401.
    pub fn bot(&mut self, token: &str) -> Result<&mut Bot, ApiError> {
        if self.any_token
            && !self.bots.contains_key(token)
            && let Some(id) = token.split(':').next().and_then(|id| id.parse().ok())
        {
            let bot = Bot::new(id, &format!("Bot {id}"), &format!("bot{id}_bot"), 1);
            self.bots.insert(token.to_owned(), bot);
        }
        self.bots.get_mut(token).ok_or_else(ApiError::unauthorized)
    }

    /// A User object of a person.
    pub fn user_json(&self, id: i64) -> Value {
        let person = &self.people[&id];
        let mut user = json!({"id": id, "is_bot": false, "first_name": person.first_name});
        if let Some(last) = &person.last_name {
            user["last_name"] = last.clone().into();
        }
        if let Some(username) = &person.username {
            user["username"] = username.clone().into();
        }
        user["language_code"] = person.language.clone().into();
        user
    }

    /// A Chat object.
    pub fn chat_json(&self, token: &str, chat: i64) -> Value {
        match &self.bots[token].chats[&chat].kind {
            ChatKind::Private => {
                let mut user = self.user_json(chat);
                let fields = user.as_object_mut().expect("an object");
                fields.shift_remove("is_bot");
                fields.shift_remove("language_code");
                fields.insert("type".into(), "private".into());
                user
            }
            ChatKind::Group { title, supergroup, .. } => {
                json!({"id": chat, "title": title, "type": if *supergroup { "supergroup" } else { "group" }})
            }
        }
    }

    /// Makes an update for a bot, unless the bot does not want its kind. Gives its id.
    pub fn push_update(&mut self, token: &str, chat: i64, kind: &str, content: Value) -> Option<i64> {
        let bot = self.bots.get_mut(token).expect("a bot of this fake");
        let wanted = match &bot.allowed {
            Some(kinds) if !kinds.is_empty() => kinds.iter().any(|wanted| wanted == kind),
            _ => !NOT_BY_DEFAULT.contains(&kind),
        };
        if !wanted {
            return None;
        }
        let made = self.clock.now();
        let id = bot.next_update_id;
        bot.next_update_id += 1;
        let mut update = Map::new();
        update.insert("update_id".into(), id.into());
        update.insert(kind.into(), content);
        bot.pending.insert(id, Pending { json: Arc::new(update.into()), made, deliveries: 0 });
        bot.changed.send_modify(|version| *version += 1);
        self.counters.updates_made += 1;
        let conversation = bot.chats.get_mut(&chat).expect("a chat of this bot");
        if matches!(kind, "message" | "callback_query") {
            conversation.unanswered += 1;
            conversation.since_message += 1;
        }
        if bot.webhook.is_some() {
            conversation.queue.push_back(id);
            self.to_deliver.push((token.to_owned(), chat));
        }
        Some(id)
    }

    /// Throws away the updates of a bot that are a day old.
    pub fn drop_old_updates(&mut self, token: &str) {
        let now = self.clock.now();
        let Some(bot) = self.bots.get_mut(token) else { return };
        // The oldest come first, so this looks at one update when none is old.
        while let Some(oldest) = bot.pending.first_entry()
            && now.saturating_sub(oldest.get().made) >= UPDATE_LIFETIME
        {
            oldest.remove();
            self.counters.updates_dropped += 1;
        }
    }

    /// Stores a message in a chat and shows it.
    pub fn store_message(
        &mut self,
        token: &str,
        chat: i64,
        id: i64,
        json: Value,
        by_bot: bool,
        other_markup: bool,
    ) {
        let at = self.clock.now();
        let keep = self.keep_messages;
        let shown = Arc::new(Shown::of(&json, by_bot));
        let conversation = self.conversation(token, chat);
        conversation.messages.insert(id, Stored { json, shown, by_bot, has_other_markup: other_markup, at });
        while conversation.messages.len() > keep {
            conversation.messages.pop_first();
        }
        conversation.typing = None;
        conversation.touch();
    }

    /// A chat that is known to exist.
    pub fn conversation(&mut self, token: &str, chat: i64) -> &mut Conversation {
        self.bots
            .get_mut(token)
            .expect("a bot of this fake")
            .chats
            .get_mut(&chat)
            .expect("a chat of this bot")
    }
}

impl Bot {
    /// A new bot.
    pub fn new(id: i64, name: &str, username: &str, first_update_id: i64) -> Self {
        Self {
            id,
            name: name.to_owned(),
            username: username.to_owned(),
            next_update_id: first_update_id,
            next_message_id: 1,
            pending: BTreeMap::new(),
            allowed: None,
            poll_generation: 0,
            changed: watch::Sender::new(0),
            webhook: None,
            next_set_webhook: Duration::ZERO,
            commands: HashMap::new(),
            menu: HashMap::new(),
            chats: HashMap::new(),
            callbacks: HashMap::new(),
            bucket: Bucket::new(BOT_PER_SECOND, f64::from(BOT_PER_SECOND)),
        }
    }

    /// The bot as a User object.
    pub fn user_json(&self) -> Value {
        json!({"id": self.id, "is_bot": true, "first_name": self.name, "username": self.username})
    }

    /// Gives the next message id.
    pub fn fresh_message_id(&mut self) -> i64 {
        let id = self.next_message_id;
        self.next_message_id += 1;
        id
    }
}

impl Conversation {
    /// An empty chat.
    pub fn new(kind: ChatKind) -> Self {
        let bucket = Bucket::of_chat(kind != ChatKind::Private);
        Self {
            kind,
            blocked: false,
            messages: BTreeMap::new(),
            keyboard: None,
            toasts: Vec::new(),
            typing: None,
            version: watch::Sender::new(0),
            bucket,
            queue: VecDeque::new(),
            delivering: false,
            unanswered: 0,
            since_message: 0,
        }
    }

    /// Tells those who look at this chat that it changed.
    pub fn touch(&mut self) {
        self.version.send_modify(|version| *version += 1);
    }
}
