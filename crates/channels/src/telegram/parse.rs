//! Updates, leniently: what is understood becomes a [`Kind`], everything else is [`Kind::Unknown`], and nothing is an error
//! but bytes that hold no update at all. Nothing here can panic, whatever the bytes.

use flow::{Contact, Location, MediaKind};
use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};

use super::incoming::{Chat, ChatKind, FileRef, Incoming, Kind, Sender};

/// Letters of a command's name, at most.
const COMMAND_CHARS_MAX: usize = 32;

/// These bytes are no update: no JSON object, or one without `update_id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body holds no Telegram update")]
pub struct NotAnUpdate;

/// Reads the body of a webhook call.
pub fn parse(body: &[u8]) -> Result<Incoming, NotAnUpdate> {
    let raw: Box<RawValue> = serde_json::from_slice(body).map_err(|_| NotAnUpdate)?;
    of_raw(raw)
}

/// Reads the result of getUpdates. What is no update is left out; it could not be acknowledged anyway.
pub fn parse_many(result: &RawValue) -> Vec<Incoming> {
    let updates: Vec<Box<RawValue>> = serde_json::from_str(result.get()).unwrap_or_default();
    updates.into_iter().filter_map(|raw| of_raw(raw).ok()).collect()
}

/// The first look: only the id, so that an update with anything else in it can be acknowledged.
#[derive(Deserialize)]
struct Numbered {
    update_id: i64,
}

fn of_raw(raw: Box<RawValue>) -> Result<Incoming, NotAnUpdate> {
    let Numbered { update_id } = serde_json::from_str(raw.get()).map_err(|_| NotAnUpdate)?;
    // What is valid JSON may still be too deep to read; such an update is kept as unknown.
    let fields = match serde_json::from_str(raw.get()) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let unknown = (String::new(), Value::Null);
    let (name, content) = fields.into_iter().find(|(name, _)| name != "update_id").unwrap_or(unknown);
    let message = match name.as_str() {
        "callback_query" => field(&content, "message"),
        _ => &content,
    };
    let from = sender(field(&content, "from"));
    Ok(Incoming {
        update_id,
        chat: chat(field(message, "chat")).or_else(|| of_person(&name, from.as_ref())),
        message_id: field(message, "message_id").as_i64(),
        date_s: field(message, "date").as_i64().filter(|date| *date > 0),
        kind: kind(&name, &content, from.as_ref()),
        from,
        raw,
    })
}

/// A tap on a message that Telegram no longer shows to the bot names no chat when it came from an inline message; then there
/// is none. In a private chat the person is the chat.
fn of_person(name: &str, from: Option<&Sender>) -> Option<Chat> {
    let from = from.filter(|_| name == "callback_query")?;
    Some(Chat { id: from.id, kind: ChatKind::Private, title: None })
}

fn kind(name: &str, content: &Value, from: Option<&Sender>) -> Kind {
    let unknown = || Kind::Unknown(name.to_owned());
    match name {
        "message" => message(content, from).unwrap_or_else(unknown),
        "edited_message" => {
            Kind::Edited { text: text(field(content, "text")), caption: text(field(content, "caption")) }
        }
        "callback_query" => button(content).unwrap_or_else(unknown),
        "my_chat_member" => membership(content).unwrap_or_else(unknown),
        _ => unknown(),
    }
}

fn message(message: &Value, from: Option<&Sender>) -> Option<Kind> {
    if let Some(words) = text(field(message, "text")) {
        return Some(command(&words).unwrap_or(Kind::Text(words)));
    }
    if let Some(phone) = text(field(field(message, "contact"), "phone_number")) {
        // Only this makes a phone the person's own; a name or number proves nothing.
        let owner = field(field(message, "contact"), "user_id").as_i64();
        let own = owner.is_some() && owner == from.map(|from| from.id);
        return Some(Kind::Contact(Contact { phone, own }));
    }
    if let Some(place) = location(field(message, "location")) {
        return Some(Kind::Location(place));
    }
    if let Some(moved) = field(message, "migrate_to_chat_id").as_i64() {
        return Some(Kind::Moved(moved));
    }
    media(message)
}

/// `/start payload`, `/help@our_bot`.
fn command(words: &str) -> Option<Kind> {
    let rest = words.strip_prefix('/')?;
    let (head, payload) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let (name, bot) = match head.split_once('@') {
        Some((name, bot)) => (name, Some(bot.to_owned())),
        None => (head, None),
    };
    let is_name = (1..=COMMAND_CHARS_MAX).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then(|| Kind::Command {
        name: name.to_ascii_lowercase(),
        payload: payload.trim().to_owned(),
        bot,
    })
}

fn button(query: &Value) -> Option<Kind> {
    let message = field(query, "message");
    Some(Kind::Button {
        query_id: text(field(query, "id"))?,
        data: text(field(query, "data"))?,
        has_picture: ["photo", "video", "animation", "document"]
            .iter()
            .any(|media| !field(message, media).is_null()),
    })
}

fn membership(change: &Value) -> Option<Kind> {
    let member = field(change, "new_chat_member");
    match field(member, "status").as_str()? {
        "kicked" | "left" => Some(Kind::Blocked),
        "member" | "administrator" | "creator" => Some(Kind::Unblocked),
        "restricted" if field(member, "is_member").as_bool() == Some(false) => Some(Kind::Blocked),
        "restricted" => Some(Kind::Unblocked),
        _ => None,
    }
}

fn media(message: &Value) -> Option<Kind> {
    let (kind, found) = match field(message, "photo") {
        // Sizes of one picture; the last is the largest.
        Value::Array(sizes) => (MediaKind::Photo, sizes.last()?),
        _ => [
            (MediaKind::Video, "video"),
            (MediaKind::Video, "video_note"),
            (MediaKind::Video, "animation"),
            (MediaKind::Voice, "voice"),
            (MediaKind::Audio, "audio"),
            (MediaKind::Document, "document"),
        ]
        .into_iter()
        .map(|(kind, name)| (kind, field(message, name)))
        .find(|(_, found)| found.is_object())?,
    };
    let file = FileRef {
        id: text(field(found, "file_id"))?,
        unique_id: text(field(found, "file_unique_id")).unwrap_or_default(),
        name: text(field(found, "file_name")),
        mime: text(field(found, "mime_type")),
        size: field(found, "file_size").as_u64(),
    };
    let caption = text(field(message, "caption")).unwrap_or_default();
    Some(Kind::Media { kind, file, caption, album: text(field(message, "media_group_id")) })
}

fn location(place: &Value) -> Option<Location> {
    let degrees = |name: &str, most: i32| {
        let millionths = millionths(field(place, name).as_f64()?)?;
        (-most..=most).contains(&millionths).then_some(millionths)
    };
    Some(Location {
        latitude_e6: degrees("latitude", 90_000_000)?,
        longitude_e6: degrees("longitude", 180_000_000)?,
    })
}

/// A decimal number in millionths, by its digits: no arithmetic with floats.
fn millionths(number: f64) -> Option<i32> {
    if !number.is_finite() {
        return None;
    }
    format!("{number:.6}").replace('.', "").parse().ok()
}

fn chat(chat: &Value) -> Option<Chat> {
    let kind = match field(chat, "type").as_str() {
        Some("private") => ChatKind::Private,
        Some("group" | "supergroup") => ChatKind::Group,
        _ => ChatKind::Other,
    };
    Some(Chat { id: field(chat, "id").as_i64()?, kind, title: text(field(chat, "title")) })
}

fn sender(from: &Value) -> Option<Sender> {
    Some(Sender {
        id: field(from, "id").as_i64()?,
        is_bot: field(from, "is_bot").as_bool() == Some(true),
        first_name: text(field(from, "first_name")).unwrap_or_default(),
        last_name: text(field(from, "last_name")),
        username: text(field(from, "username")),
        language_code: text(field(from, "language_code")),
    })
}

/// A field of an object; `null` for anything else.
fn field<'v>(value: &'v Value, name: &str) -> &'v Value {
    value.get(name).unwrap_or(&Value::Null)
}

/// A string without NUL, which no database column takes.
fn text(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    Some(if text.contains('\0') { text.replace('\0', "") } else { text.to_owned() })
}
