//! What a conversation says, in no channel's words: the channel makes a Telegram message, a web page or a story of it.

use serde::{Deserialize, Serialize};

use crate::{
    input::{Location, MediaKind},
    rich::RichText,
};

/// One thing to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// A message.
    Message(Message),
    /// A short notice for the tap that is being answered. Empty: the tap is answered silently.
    Toast(String),
    /// Show that an answer is being prepared.
    Typing,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The words: at most [`crate::limits::TEXT_UTF16_MAX`], beside a picture or a file [`crate::limits::CAPTION_UTF16_MAX`].
    pub text: RichText,
    /// A picture by address or id of a stored file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// A stored file to keep; its words stand beside it. Never together with a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// Something that is not stored here. Never together with a picture or a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attached: Option<Box<Attached>>,
    /// What can be pressed.
    #[serde(default)]
    pub keyboard: Keyboard,
    /// Replace the message whose button is being answered. Only ever set when both have a picture or neither has;
    /// where a channel cannot edit, it sends anew.
    #[serde(default)]
    pub edit: bool,
}

impl Message {
    /// A message of these words alone.
    pub const fn of(text: RichText) -> Self {
        Self { text, picture: None, document: None, attached: None, keyboard: Keyboard::Keep, edit: false }
    }
}

/// What a message brings that is not stored here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attached {
    /// A file; its words stand beside it.
    File {
        /// As what it is shown.
        kind: MediaKind,
        /// Its address, or `telegram:` and what Telegram calls it for this bot.
        file: String,
    },
    /// A place; its words stand below it.
    Place(Location),
}

/// A file that a message brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Id of the stored file.
    pub file: String,
    /// Its name as the person keeps it, with its ending, in letters that every platform takes: ASCII.
    pub name: String,
    /// Its length.
    pub size_bytes: u64,
    /// What is said after the message's words where the file cannot be brought.
    pub without: String,
}

/// What can be pressed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keyboard {
    /// Nothing new; a reply keyboard that is shown stays.
    #[default]
    Keep,
    /// Buttons under the message.
    Inline(Vec<Vec<InlineButton>>),
    /// Buttons in place of the letters.
    Reply {
        /// The rows.
        rows: Vec<Vec<ReplyButton>>,
        /// Hide after one tap: the keyboard of a question in a form.
        once: bool,
        /// Hint in the input field; empty for none.
        placeholder: String,
    },
    /// Take the reply keyboard away.
    Remove,
}

/// A button under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InlineButton {
    /// The words, at most [`crate::limits::BUTTON_LABEL_CHARS_MAX`].
    pub label: String,
    /// What a tap does.
    pub act: InlineAct,
}

/// What a tap on an inline button does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InlineAct {
    /// Comes back as [`crate::Input::Button`]; at most [`crate::limits::BUTTON_KEY_BYTES_MAX`].
    Key(String),
    /// Opens an address.
    Url(String),
    /// Opens a page inside the chat (Telegram Mini App).
    WebApp(String),
}

/// A button in place of the letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyButton {
    /// The words; a tap sends them as [`crate::Input::Text`].
    pub label: String,
    /// What the tap shares besides.
    #[serde(default)]
    pub asks: Asks,
}

/// What a reply button shares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// Its words only.
    #[default]
    Nothing,
    /// The person's own contact.
    Contact,
    /// Where the person is.
    Location,
}
