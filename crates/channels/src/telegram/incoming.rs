//! What came from Telegram, in the words of a conversation.

use flow::{Contact, Input, Location, Media, MediaKind};
use serde_json::value::RawValue;

/// One update. It always has an id, so it can always be acknowledged; what it means may be unknown.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Names the update among those of one bot. In order, but not for ever: dedupe by the pair (bot, id).
    pub update_id: i64,
    /// Where it happened; `None` for kinds that have no chat.
    pub chat: Option<Chat>,
    /// Who did it.
    pub from: Option<Sender>,
    /// The message it is about.
    pub message_id: Option<i64>,
    /// Unix seconds of the message, when it has them.
    pub date_s: Option<i64>,
    /// What happened.
    pub kind: Kind,
    /// The update as it came, for the store.
    pub raw: Box<RawValue>,
}

/// A chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    /// Telegram's id: a person's own in a private chat, below zero for groups.
    pub id: i64,
    /// What kind of chat.
    pub kind: ChatKind,
    /// The title of a group.
    pub title: Option<String>,
}

/// Kinds of chats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatKind {
    /// One person and the bot.
    Private,
    /// A group or supergroup.
    Group,
    /// A channel, or a kind not known yet.
    Other,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Telegram's id of the person.
    pub id: i64,
    /// Another bot.
    pub is_bot: bool,
    /// First name.
    pub first_name: String,
    /// Surname.
    pub last_name: Option<String>,
    /// User name without `@`.
    pub username: Option<String>,
    /// The language of the person's Telegram: `uz`, `ru`, `en`, or any other.
    pub language_code: Option<String>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Typed words, or a key of the reply keyboard.
    Text(String),
    /// `/name payload`, also the payload of a deep link.
    Command {
        /// Without the slash and without `@bot`.
        name: String,
        /// The rest of the line; may be empty.
        payload: String,
        /// The bot named by `/name@bot`, without `@`. In a group a command may be for another bot.
        bot: Option<String>,
    },
    /// A tap on a button under a message. It must be answered, even when it means nothing.
    Button {
        /// For the answer.
        query_id: String,
        /// What the button carried.
        data: String,
        /// The message had a picture, so an edit is of its caption.
        has_picture: bool,
    },
    /// A shared contact; `own` only when Telegram vouches for it.
    Contact(Contact),
    /// A shared place.
    Location(Location),
    /// A picture, film, voice, document.
    Media {
        /// What kind.
        kind: MediaKind,
        /// Where to get it.
        file: FileRef,
        /// Words under it; may be empty.
        caption: String,
        /// Messages of one album have the same.
        album: Option<String>,
    },
    /// A message was changed. What is `None` was not there; a caption edit does not erase the media.
    Edited {
        /// The new words.
        text: Option<String>,
        /// The new caption.
        caption: Option<String>,
    },
    /// The person blocked the bot, or it was thrown out of the group.
    Blocked,
    /// The person took the block back, or the bot came into a group.
    Unblocked,
    /// The group has become a supergroup with this id.
    Moved(i64),
    /// Something else, kept and acknowledged: the name of the update's kind.
    Unknown(String),
}

/// A file on Telegram's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRef {
    /// For `getFile`, and to send the same file again by the same bot.
    pub id: String,
    /// The same for every bot; not for `getFile`.
    pub unique_id: String,
    /// The name that the sender's device gave.
    pub name: Option<String>,
    /// The type that the sender's device gave.
    pub mime: Option<String>,
    /// Bytes, where Telegram says so.
    pub size: Option<u64>,
}

impl Incoming {
    /// What the conversation engine is to be told; `None` for what is no step of a dialogue. `stored` is our id of the
    /// file, for media.
    pub fn to_input(&self, stored: &str) -> Option<Input> {
        match &self.kind {
            Kind::Text(text) => Some(Input::Text(text.clone())),
            Kind::Command { name, payload, .. } => {
                Some(Input::Command { name: name.clone(), payload: payload.clone() })
            }
            Kind::Button { data, .. } => Some(Input::Button(data.clone())),
            Kind::Contact(contact) => Some(Input::Contact(contact.clone())),
            Kind::Location(location) => Some(Input::Location(*location)),
            Kind::Media { kind, caption, .. } => {
                Some(Input::Media(Media { kind: *kind, file: stored.to_owned(), caption: caption.clone() }))
            }
            Kind::Edited { .. } | Kind::Blocked | Kind::Unblocked | Kind::Moved(_) | Kind::Unknown(_) => None,
        }
    }

    /// The tap that replies answer, when this is one.
    pub fn tap(&self) -> Option<super::Tap> {
        match &self.kind {
            Kind::Button { query_id, has_picture, .. } => Some(super::Tap {
                query_id: query_id.clone(),
                message_id: self.message_id,
                has_picture: *has_picture,
            }),
            _ => None,
        }
    }
}
