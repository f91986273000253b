//! What a person sees in a chat: after edits and deletions, with buttons and keys.

use std::{fmt, sync::Arc};

use serde_json::Value;

use super::person::Answer;

/// What a button under a message does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Sends a callback with this data.
    Callback(String),
    /// Opens a page.
    Url(String),
    /// Opens a Web App.
    WebApp(String),
    /// Copies a text.
    Copy(String),
    /// Anything else.
    Other,
}

/// A button under a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What is written on it.
    pub text: String,
    /// What it does.
    pub action: Action,
}

/// A picture, document, voice… of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// `photo`, `document`, `video`, `voice`, `audio`, `sticker`.
    pub kind: String,
    /// File id of the largest version.
    pub file_id: String,
    /// The name, of documents.
    pub name: Option<String>,
}

/// A message on the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Its message id.
    pub id: i64,
    /// The bot wrote it.
    pub by_bot: bool,
    /// Text or caption; empty if there is none.
    pub text: String,
    /// MessageEntity objects of the text or caption.
    pub entities: Vec<Value>,
    /// Picture or file.
    pub media: Option<Media>,
    /// Latitude and longitude.
    pub location: Option<(f64, f64)>,
    /// Phone number of a shared contact.
    pub contact: Option<String>,
    /// Buttons under it, by rows.
    pub buttons: Vec<Vec<Button>>,
    /// Was edited.
    pub edited: bool,
    /// Messages of one album have the same.
    pub album: Option<String>,
    /// The message it answers.
    pub reply_to: Option<i64>,
}

impl Shown {
    /// Reads a Message object.
    pub(super) fn of(message: &Value, by_bot: bool) -> Self {
        let text = |field: &str| message[field].as_str().map(str::to_owned);
        let entities = [&message["entities"], &message["caption_entities"]]
            .into_iter()
            .find_map(|found| found.as_array().cloned())
            .unwrap_or_default();
        let location = &message["location"];
        Self {
            id: message["message_id"].as_i64().unwrap_or_default(),
            by_bot,
            text: text("text").or_else(|| text("caption")).unwrap_or_default(),
            entities,
            media: media(message),
            location: location["latitude"].as_f64().zip(location["longitude"].as_f64()),
            contact: message["contact"]["phone_number"].as_str().map(str::to_owned),
            buttons: buttons(&message["reply_markup"]["inline_keyboard"]),
            edited: !message["edit_date"].is_null(),
            album: text("media_group_id"),
            reply_to: message["reply_to_message"]["message_id"].as_i64(),
        }
    }

    /// The button with this text, if there is one.
    pub fn button(&self, text: &str) -> Option<&Button> {
        self.buttons.iter().flatten().find(|button| button.text == text)
    }

    /// The part of the text under the first entity of a kind.
    pub fn text_of(&self, kind: &str) -> Option<String> {
        let entity = self.entities.iter().find(|entity| entity["type"] == kind)?;
        let units: Vec<u16> = self.text.encode_utf16().collect();
        let start = entity["offset"].as_u64()? as usize;
        let end = start + entity["length"].as_u64()? as usize;
        String::from_utf16(units.get(start..end)?).ok()
    }
}

fn media(message: &Value) -> Option<Media> {
    if let Some(sizes) = message["photo"].as_array() {
        let file_id = sizes.last()?["file_id"].as_str()?.to_owned();
        return Some(Media { kind: "photo".into(), file_id, name: None });
    }
    ["document", "video", "voice", "audio", "animation", "sticker"].iter().find_map(|kind| {
        let file = &message[*kind];
        Some(Media {
            kind: (*kind).to_owned(),
            file_id: file["file_id"].as_str()?.to_owned(),
            name: file["file_name"].as_str().map(str::to_owned),
        })
    })
}

fn buttons(rows: &Value) -> Vec<Vec<Button>> {
    let of_row = |row: &Value| row.as_array().into_iter().flatten().map(button).collect();
    rows.as_array().into_iter().flatten().map(of_row).collect()
}

fn button(button: &Value) -> Button {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let action = text(&button["callback_data"])
        .map(Action::Callback)
        .or_else(|| text(&button["url"]).map(Action::Url))
        .or_else(|| text(&button["web_app"]["url"]).map(Action::WebApp))
        .or_else(|| text(&button["copy_text"]["text"]).map(Action::Copy))
        .unwrap_or(Action::Other);
    Button { text: text(&button["text"]).unwrap_or_default(), action }
}

/// A chat as the person sees it now. Printing it gives a transcript.
#[derive(Debug, Clone)]
pub struct Screen {
    /// Messages, the oldest first.
    pub messages: Vec<Arc<Shown>>,
    /// The keys shown instead of the keyboard, by rows.
    pub keys: Vec<Vec<String>>,
    /// Answers to taps, the oldest first.
    pub toasts: Vec<Answer>,
    /// The bot "is typing", "is sending a photo"…
    pub typing: Option<String>,
}

impl Screen {
    /// The newest message of the bot.
    pub fn last(&self) -> Option<&Shown> {
        self.messages.iter().rev().find(|message| message.by_bot).map(AsRef::as_ref)
    }

    /// The text of the newest message of the bot; empty if there is none.
    pub fn last_text(&self) -> &str {
        self.last().map_or("", |message| &message.text)
    }

    /// What the bot wrote, the oldest first.
    pub fn bot_texts(&self) -> Vec<&str> {
        self.messages.iter().filter(|message| message.by_bot).map(|message| message.text.as_str()).collect()
    }

    /// How many messages of the bot have this in their text.
    pub fn count(&self, part: &str) -> usize {
        self.bot_texts().into_iter().filter(|text| text.contains(part)).count()
    }

    /// The bot wrote this somewhere.
    pub fn says(&self, part: &str) -> bool {
        self.count(part) > 0
    }

    /// There is a key with this text.
    pub fn has_key(&self, text: &str) -> bool {
        self.keys.iter().flatten().any(|key| key == text)
    }
}

impl fmt::Display for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for message in &self.messages {
            write!(f, "{} ", if message.by_bot { "bot>" } else { "me> " })?;
            if let Some(media) = &message.media {
                write!(f, "({}) ", media.kind)?;
            }
            if let Some(phone) = &message.contact {
                write!(f, "(contact {phone}) ")?;
            }
            if message.location.is_some() {
                write!(f, "(location) ")?;
            }
            writeln!(f, "{}", message.text.replace('\n', "\n     "))?;
            for row in &message.buttons {
                let row: Vec<String> = row.iter().map(|button| format!("[{}]", button.text)).collect();
                writeln!(f, "     {}", row.join(" "))?;
            }
        }
        for row in &self.keys {
            let row: Vec<String> = row.iter().map(|key| format!("<{key}>")).collect();
            writeln!(f, "     {}", row.join(" "))?;
        }
        Ok(())
    }
}
