//! What a person, or the world, does to a conversation.

use kernel::Lang;
use serde::{Deserialize, Serialize};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Typed words, or a tap on a reply keyboard. A text that begins with `/` is a command.
    Text(String),
    /// A tap on an inline button: the key that the button carried.
    Button(String),
    /// A shared contact.
    Contact(Contact),
    /// A shared place.
    Location(Location),
    /// A picture, file, voice…
    Media(Media),
    /// A command: `start` with the payload of a deep link, `order` with `12`.
    Command {
        /// The name without the slash.
        name: String,
        /// What stood after it; empty when nothing did.
        #[serde(default)]
        payload: String,
    },
    /// The person's language was changed elsewhere (in their profile).
    Language(Lang),
    /// Nobody answered for long. Leaves the conversation as it is.
    Timeout,
}

/// A shared contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The number, as the channel gives it.
    pub phone: String,
    /// Whether it is the person's own: in Telegram `contact.user_id == from.id`, and nothing else.
    pub own: bool,
}

/// A place on the globe, in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// North is positive.
    pub latitude_e6: i32,
    /// East is positive.
    pub longitude_e6: i32,
}

/// A sent file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// What kind of file.
    pub kind: MediaKind,
    /// The host's id of the stored file.
    pub file: String,
    /// Words under it.
    #[serde(default)]
    pub caption: String,
}

/// Kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A picture.
    Photo,
    /// A film.
    Video,
    /// A voice message.
    Voice,
    /// Music or another sound.
    Audio,
    /// Any other file.
    Document,
}

impl MediaKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Photo, Self::Video, Self::Voice, Self::Audio, Self::Document];

    /// The name in blueprints.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Voice => "voice",
            Self::Audio => "audio",
            Self::Document => "document",
        }
    }
}
