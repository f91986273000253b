//! What goes to Telegram: one API call each, in a form that an outbox can keep.

use flow::{Document, Keyboard, Location, MediaKind, RichText};
use serde::{Deserialize, Serialize};

/// One call to make for a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Telegram's id of the chat.
    pub chat: i64,
    /// What to do there.
    pub act: Act,
}

/// What to do in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Send words.
    Text {
        /// At most 4096 UTF-16 units, not empty.
        text: RichText,
        /// What can be pressed.
        keyboard: Keyboard,
    },
    /// Send a picture with words.
    Photo {
        /// An address, or our id of a stored file.
        picture: String,
        /// At most 1024 UTF-16 units.
        caption: RichText,
        /// What can be pressed.
        keyboard: Keyboard,
    },
    /// Send a file with words.
    Document {
        /// The file, stored with us.
        document: Document,
        /// At most 1024 UTF-16 units.
        caption: RichText,
        /// What can be pressed.
        keyboard: Keyboard,
    },
    /// Send a video with words.
    Video {
        /// The file, stored with us.
        video: Document,
        /// At most 1024 UTF-16 units.
        caption: RichText,
        /// What can be pressed.
        keyboard: Keyboard,
    },
    /// Send a file that is not stored with us, with words.
    File {
        /// As what it is shown.
        kind: MediaKind,
        /// An address, or Telegram's id of the file for this bot.
        file: String,
        /// At most 1024 UTF-16 units.
        caption: RichText,
        /// What can be pressed.
        keyboard: Keyboard,
    },
    /// Send a place.
    Place {
        /// The place.
        place: Location,
        /// What can be pressed.
        keyboard: Keyboard,
    },
    /// Send a message of another chat of the bot once more, whatever it holds, without saying whose it was.
    Copy {
        /// That chat.
        from: i64,
        /// The message.
        message: i64,
    },
    /// Change the words of a message; when it cannot be changed, send them anew.
    EditText {
        /// The message.
        message: i64,
        /// The new words.
        text: RichText,
        /// The new buttons.
        keyboard: Keyboard,
    },
    /// Change picture and words of a message; when it cannot be changed, send them anew.
    EditPhoto {
        /// The message.
        message: i64,
        /// The new picture: an address, or our id of a stored file.
        picture: String,
        /// The new words.
        caption: RichText,
        /// The new buttons.
        keyboard: Keyboard,
    },
    /// Take a message away.
    Delete {
        /// The message.
        message: i64,
    },
    /// Answer a tap, so that its button stops turning.
    Answer {
        /// Of the tap.
        query_id: String,
        /// Shown for a moment; empty for nothing.
        text: String,
    },
    /// Show "typing…" for five seconds.
    Typing,
}

impl Outgoing {
    /// Counts against the limits of bot and chat. Answers and "typing" do not.
    pub fn is_limited(&self) -> bool {
        !matches!(self.act, Act::Answer { .. } | Act::Typing)
    }

    /// The stored file to hand to [`super::Telegram::deliver`], when the call needs one.
    pub fn stored_file(&self) -> Option<&str> {
        let file = match &self.act {
            Act::Photo { picture, .. } | Act::EditPhoto { picture, .. } => picture,
            Act::Document { document, .. } | Act::Video { video: document, .. } => {
                return Some(&document.file);
            }
            _ => return None,
        };
        (!is_address(file)).then_some(file)
    }
}

/// Telegram fetches such a file itself.
pub(crate) fn is_address(file: &str) -> bool {
    file.starts_with("https://") || file.starts_with("http://")
}

/// The tap that replies answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tap {
    /// For the answer.
    pub query_id: String,
    /// The message whose button was tapped; `None` when Telegram does not say.
    pub message_id: Option<i64>,
    /// That message has a picture.
    pub has_picture: bool,
}
