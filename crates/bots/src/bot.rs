//! What a bot, a channel and a conversation are.

use contacts::Contact;
use flow::shop::ShopInfo;
use kernel::{Id, Lang, PersonId, Timestamp, WorkspaceId, words};
use serde::{Deserialize, Serialize};

/// A bot of a workspace: a blueprint in some version, reached by channels.
#[derive(Debug, Clone, Serialize)]
pub struct Bot {
    /// Its id.
    pub id: Id<Bot>,
    /// The number that people and the API use.
    pub number: i64,
    /// Its name, for the people who run it.
    pub name: String,
    /// Whether it answers.
    pub state: BotState,
    /// The version of its blueprint that answers.
    pub version: i64,
    /// What its blueprint says of the shop.
    pub shop: ShopInfo,
    /// The conversation in which staff is told.
    pub staff_chat: Option<Id<Conversation>>,
    /// When it was made.
    pub created_at: Timestamp,
}

words! {
    /// Whether a bot answers.
    BotState {
        /// It answers.
        Active = "active",
        /// It says now and then that it rests; what people write is kept.
        Paused = "paused",
        /// Put away: it keeps silent and stands in no list; what people write is kept.
        Archived = "archived",
    }
}
words! {
    /// How people reach a bot.
    ChannelKind {
        /// The page in the browser where a bot is tried out.
        Simulator = "simulator",
        /// A Telegram bot.
        Telegram = "telegram",
        /// A chat on somebody's site.
        Web = "web",
    }
}
words! {
    /// Whether a channel works.
    ChannelState {
        /// It works, as far as known.
        Live = "live",
        /// The platform refuses us until somebody mends it: `problem` says what.
        Broken = "broken",
        /// Its workspace is suspended: nobody listens, and what people write waits at the platform.
        Held = "held",
        /// Somebody took it away.
        Removed = "removed",
    }
}
words! {
    /// How far a message has come.
    DeliveryState {
        /// It came in and was taken.
        Taken = "taken",
        /// It stands on a page of ours.
        Shown = "shown",
        /// It waits for its sender.
        Queued = "queued",
        /// The platform has it.
        Sent = "sent",
        /// The platform refused it.
        Failed = "failed",
    }
}
words! {
    /// What became of a conversation at the desk.
    DeskAct {
        /// The bot asked for a person.
        HandedOver = "handed_over",
        /// Somebody of the staff took it over.
        Taken = "taken",
        /// The bot answers again.
        HandedBack = "handed_back",
        /// A file of the support desk's answer cannot be shown in this chat.
        FileLost = "file_lost",
    }
}
words! {
    /// How a Telegram channel gets its updates.
    Intake {
        /// We ask for them: works behind any router.
        Polling = "polling",
        /// Telegram calls us: needs an address that it reaches by HTTPS.
        Webhook = "webhook",
    }
}

/// A way by which people reach a bot.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Its id.
    pub id: Id<Channel>,
    /// Whose channel.
    pub workspace: WorkspaceId,
    /// Its bot.
    pub bot: Id<Bot>,
    /// What kind.
    pub kind: ChannelKind,
    /// Whether it works.
    pub state: ChannelState,
    /// The platform's name of the account, without `@`.
    pub username: Option<String>,
    /// The token, sealed.
    pub token_sealed: Option<Vec<u8>>,
    /// How updates come.
    pub intake: Option<Intake>,
    /// What Telegram has to say with each webhook call.
    pub webhook_secret: Option<String>,
    /// The first update not yet taken (polling).
    pub next_update: i64,
    /// What is wrong, in the platform's words.
    pub problem: Option<String>,
    /// The fencing number of the present lease.
    pub fence: i64,
}

/// One person's talk with one bot over one channel.
#[derive(Debug, Clone)]
pub struct Conversation {
    /// Its id.
    pub id: Id<Conversation>,
    /// Its channel.
    pub channel: Id<Channel>,
    /// The platform's name of the chat.
    pub chat_key: String,
    /// What the person calls themselves there.
    pub person_name: String,
    /// Their name for others there, without `@`.
    pub username: Option<String>,
    /// When something was last heard of them.
    pub last_at: Timestamp,
    /// The person, once they shared their number.
    pub contact: Option<Id<Contact>>,
    /// The language they chose.
    pub lang: Option<Lang>,
    /// The engine's memory, as JSON; empty before the first word.
    pub session: String,
    /// How often it was begun anew.
    pub resets: i64,
    /// Messages before this one belong to what was before.
    pub first_seq: i64,
    /// Whether the person blocked the bot.
    pub blocked: bool,
    /// Who answers.
    pub desk: Desk,
}

/// Who of the staff answers in a conversation, and what waits for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Desk {
    /// A person answers in place of the bot.
    pub with_person: bool,
    /// Who took it over.
    pub assignee: Option<PersonId>,
    /// Their name when they did.
    pub assignee_name: Option<String>,
    /// When the person wrote what nobody has answered yet.
    pub waiting_since: Option<Timestamp>,
    /// Messages of the person that nobody of the staff has seen.
    pub unread: i64,
    /// When open pages were last told that something was said.
    pub told_at: Timestamp,
}

/// A message as it is kept.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its place among all messages; later ones have larger ones.
    pub seq: i64,
    /// Its id.
    pub id: Id<Message>,
    /// What was said.
    pub body: Body,
    /// The message that this one replaces.
    pub edits: Option<Id<Message>>,
    /// The key under which it came; for the simulator, the page's own id of the input.
    pub update_key: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Who of the staff said it; nobody when the bot or the person did.
    pub author: Option<String>,
    /// How far it has come.
    pub state: DeliveryState,
    /// The platform's id of it.
    pub platform_id: Option<i64>,
}

/// What was said, by whom.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// By the person.
    In(flow::Input),
    /// By the bot.
    Out(flow::Reply),
    /// By the platform: something that is no step of a dialogue, as it came.
    Other(serde_json::Value),
    /// By the staff, for the staff.
    Note(String),
    /// By nobody: somebody of the staff took the conversation over, or gave it back.
    Desk(DeskAct),
}
