//! What a channel hands in, in no channel's words.

use channels::telegram::Tap;
use flow::Input;
use kernel::{Error, Id, Lang, Result};

use crate::{Channel, ChannelKind, Conversation, Message};

/// One update of a channel.
#[derive(Debug, Clone)]
pub struct Update {
    /// The channel.
    pub channel: Id<Channel>,
    /// Names the update among the channel's: the same one again changes nothing.
    pub key: String,
    /// The chat; `None` for what belongs to none.
    pub chat: Option<Chat>,
    /// What happened.
    pub what: What,
}

/// The chat of an update.
#[derive(Debug, Clone)]
pub struct Chat {
    /// The platform's name of it.
    pub key: String,
    /// What the person calls themselves.
    pub person_name: String,
    /// Their user name, without `@`.
    pub username: Option<String>,
    /// The language of their device.
    pub lang: Option<Lang>,
    /// The platform's id of the message it came with.
    pub message_id: Option<i64>,
    /// Where replies go.
    pub place: Place,
}

/// Where replies go.
#[derive(Debug, Clone)]
pub enum Place {
    /// To a Telegram chat; with the tap that they answer.
    Telegram {
        /// The chat's id.
        chat: i64,
        /// The tap.
        tap: Option<Tap>,
    },
    /// To a page; with the message whose button was pressed.
    Page {
        /// That message.
        tapped: Option<Id<Message>>,
    },
    /// To a chat on somebody's site; with the message whose button was pressed.
    Site {
        /// That message.
        tapped: Option<Id<Message>>,
    },
}

/// What happened.
#[derive(Debug, Clone)]
pub enum What {
    /// A step of the dialogue.
    Input(Input),
    /// The person blocked the bot, or took that back.
    Blocked(bool),
    /// Something else, kept as it came.
    Other(serde_json::Value),
}

impl Place {
    /// To a conversation, by itself and in answer to nothing.
    pub(crate) fn of(channel: &Channel, conversation: &Conversation) -> Result<Self> {
        Ok(match channel.kind {
            ChannelKind::Simulator => Self::Page { tapped: None },
            ChannelKind::Web => Self::Site { tapped: None },
            ChannelKind::Telegram => {
                let chat = conversation.chat_key.parse();
                Self::Telegram { chat: chat.map_err(|_| Error::internal("a chat without an id"))?, tap: None }
            }
        })
    }

    /// Whether the update was a tap on a button.
    pub(crate) fn is_tap(&self) -> bool {
        match self {
            Self::Telegram { tap, .. } => tap.is_some(),
            Self::Page { tapped } | Self::Site { tapped } => tapped.is_some(),
        }
    }

    /// Whether a number that is shared here is the person's own: Telegram says so, and the simulator makes it up. At a
    /// site anybody types any number.
    pub(crate) const fn proves_phones(&self) -> bool {
        !matches!(self, Self::Site { .. })
    }
}
