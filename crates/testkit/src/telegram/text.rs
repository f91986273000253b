//! Text of messages: lengths in UTF-16 units, entities, and the HTML parse mode.
//!
//! Markdown modes are refused: Karvon sends entities, and half a Markdown parser would hide mistakes.

use serde_json::{Value, json};

use super::{error::ApiError, params::Params};

/// Longest text of a message, in UTF-16 units.
pub const TEXT_LIMIT: usize = 4096;
/// Longest caption of a media message, in UTF-16 units.
pub const CAPTION_LIMIT: usize = 1024;
/// The server refuses more bytes than this before it parses anything.
const RAW_LIMIT_BYTES: usize = 1 << 15;

/// Text with its entities, as it is stored and shown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Formatted {
    /// The text without markup.
    pub text: String,
    /// MessageEntity objects.
    pub entities: Vec<Value>,
}

/// Length in UTF-16 units, the unit of every length and offset of the Bot API.
pub fn utf16(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The `text` of sendMessage and editMessageText: 1–4096 units after parsing.
pub fn message_text(params: &Params) -> Result<Formatted, ApiError> {
    let raw = params.text("text");
    if raw.is_empty() {
        return Err(ApiError::bad("message text is empty"));
    }
    let formatted = parse(raw, params, "entities")?;
    if formatted.text.is_empty() {
        return Err(ApiError::bad("text must be non-empty"));
    }
    if utf16(&formatted.text) > TEXT_LIMIT {
        return Err(ApiError::bad("message is too long"));
    }
    Ok(formatted)
}

/// The `caption` of a media message: 0–1024 units after parsing.
pub fn caption(params: &Params) -> Result<Formatted, ApiError> {
    let formatted = parse(params.text("caption"), params, "caption_entities")?;
    if utf16(&formatted.text) > CAPTION_LIMIT {
        return Err(ApiError::bad("message caption is too long"));
    }
    Ok(formatted)
}

fn parse(raw: String, params: &Params, entities_field: &str) -> Result<Formatted, ApiError> {
    if raw.len() > RAW_LIMIT_BYTES {
        return Err(ApiError::bad("text is too long"));
    }
    let formatted = match params.text("parse_mode").to_lowercase().as_str() {
        "" | "none" => {
            let given = match params.json(entities_field) {
                Ok(Some(Value::Array(given))) => given,
                _ => Vec::new(),
            };
            let entities = check_entities(&raw, given)?;
            Formatted { text: raw, entities }
        }
        "html" => html(&raw)?,
        _ => return Err(ApiError::bad("unsupported parse_mode")),
    };
    Ok(trimmed(formatted))
}

/// Types a bot may set; the others are found by the server itself and ignored when given.
const OWN_TYPES: [&str; 13] = [
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
    "date_time",
];
const FOUND_TYPES: [&str; 9] = [
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bank_card_number",
    "media_timestamp",
];

fn check_entities(text: &str, given: Vec<Value>) -> Result<Vec<Value>, ApiError> {
    let length = utf16(text);
    let mut kept = Vec::new();
    for entity in given {
        let cannot = |why: &str| ApiError::bad(format!("can't parse MessageEntity: {why}"));
        if !entity.is_object() {
            return Err(cannot("expected an Object"));
        }
        let field = |name: &str| entity[name].as_i64();
        let Some(offset) = field("offset") else { return Err(cannot("Can't find field \"offset\"")) };
        let Some(size) = field("length") else { return Err(cannot("Can't find field \"length\"")) };
        let Some(kind) = entity["type"].as_str() else { return Err(cannot("Can't find field \"type\"")) };
        if FOUND_TYPES.contains(&kind) {
            continue;
        }
        if !OWN_TYPES.contains(&kind) {
            return Err(cannot("Unsupported type specified"));
        }
        if kind == "text_link" && entity["url"].as_str().is_none_or(str::is_empty) {
            return Err(cannot("Can't find field \"url\""));
        }
        if size <= 0 {
            continue;
        }
        let (Ok(start), Ok(size)) = (usize::try_from(offset), usize::try_from(size)) else {
            return Err(ApiError::bad(format!("entity beginning at UTF-16 offset {offset} is invalid")));
        };
        let end = start + size;
        if end > length {
            return Err(ApiError::bad(format!(
                "entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}"
            )));
        }
        for edge in [start, end] {
            if byte_at(text, edge).is_none() {
                return Err(ApiError::bad(format!(
                    "entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol at UTF-16 offset {edge}"
                )));
            }
        }
        kept.push(entity);
    }
    Ok(kept)
}

/// The byte at a UTF-16 offset, unless the offset is inside a character.
fn byte_at(text: &str, offset: usize) -> Option<usize> {
    let mut units = 0;
    for (byte, letter) in text.char_indices() {
        if units == offset {
            return Some(byte);
        }
        units += letter.len_utf16();
    }
    (units == offset).then_some(text.len())
}

/// White space at both ends is dropped by the server, and the entities move with the text.
fn trimmed(formatted: Formatted) -> Formatted {
    let Formatted { text, entities } = formatted;
    let kept = text.trim();
    let cut = utf16(&text) - utf16(text.trim_start());
    let length = utf16(kept);
    let entities = entities
        .into_iter()
        .filter_map(|mut entity| {
            let start = entity["offset"].as_u64()? as usize;
            let end = start + entity["length"].as_u64()? as usize;
            let (start, end) = (start.saturating_sub(cut), end.saturating_sub(cut).min(length));
            if start >= end {
                return None;
            }
            entity["offset"] = start.into();
            entity["length"] = (end - start).into();
            Some(entity)
        })
        .collect();
    Formatted { text: kept.to_owned(), entities }
}

/// The entities that the server finds by itself in what a person typed: commands.
pub fn found_entities(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut units = 0;
    let mut after_space = true;
    for (byte, letter) in text.char_indices() {
        if letter == '/' && after_space {
            let name: usize = text[byte + 1..]
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || "_@".contains(*c))
                .count();
            if (1..=64).contains(&name) {
                found.push(json!({"type": "bot_command", "offset": units, "length": name + 1}));
            }
        }
        after_space = letter.is_whitespace();
        units += letter.len_utf16();
    }
    found
}

/// The HTML parse mode: the tags of the Bot API, nested, with its entities.
fn html(raw: &str) -> Result<Formatted, ApiError> {
    let cannot = |why: String| ApiError::bad(format!("can't parse entities: {why}"));
    let mut text = String::new();
    let mut open: Vec<(String, usize, Value)> = Vec::new();
    let mut entities = Vec::new();
    let mut at = 0;
    while at < raw.len() {
        let rest = &raw[at..];
        if let Some(entity) = rest.starts_with('&').then(|| character_reference(rest)).flatten() {
            text.push(entity.0);
            at += entity.1;
        } else if rest.starts_with('<') {
            let Some(close) = rest.find('>') else {
                return Err(cannot(format!("Unclosed start tag at byte offset {at}")));
            };
            let tag = &rest[1..close];
            if let Some(name) = tag.strip_prefix('/') {
                let name = name.trim().to_lowercase();
                let Some((opened, start, mut entity)) = open.pop() else {
                    return Err(cannot(format!("Unexpected end tag at byte offset {at}")));
                };
                if !name.is_empty() && name != opened {
                    return Err(cannot(format!(
                        "Unmatched end tag at byte offset {at}, expected \"</{opened}>\", found \"</{name}>\""
                    )));
                }
                let length = utf16(&text) - start;
                if length > 0 && entity["type"].is_string() {
                    entity["offset"] = start.into();
                    entity["length"] = length.into();
                    entities.push(entity);
                }
            } else {
                let name = tag.split_whitespace().next().unwrap_or_default().to_lowercase();
                let Some(entity) = tag_entity(&name, tag) else {
                    return Err(cannot(format!("Unsupported start tag \"{name}\" at byte offset {at}")));
                };
                open.push((name, utf16(&text), entity));
            }
            at += close + 1;
        } else {
            let letter = rest.chars().next().expect("not at the end");
            text.push(letter);
            at += letter.len_utf8();
        }
    }
    if let Some((name, ..)) = open.pop() {
        return Err(cannot(format!("Can't find end tag corresponding to start tag \"{name}\"")));
    }
    entities.sort_by_key(|entity| (entity["offset"].as_u64(), std::cmp::Reverse(entity["length"].as_u64())));
    Ok(Formatted { text, entities })
}

fn character_reference(rest: &str) -> Option<(char, usize)> {
    let end = rest.find(';').filter(|end| *end <= 10)?;
    let name = &rest[1..end];
    let letter = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        _ => {
            let code = name.strip_prefix('#')?;
            let code = match code.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => code.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((letter, end + 1))
}

fn tag_entity(name: &str, tag: &str) -> Option<Value> {
    let attribute = |wanted: &str| {
        let (_, after) = tag.split_once(&format!("{wanted}="))?;
        let after = after.trim_start_matches('"').trim_start_matches('\'');
        after.split(['"', '\'']).next().map(str::to_owned)
    };
    Some(match name {
        "b" | "strong" => json!({"type": "bold"}),
        "i" | "em" => json!({"type": "italic"}),
        "u" | "ins" => json!({"type": "underline"}),
        "s" | "strike" | "del" => json!({"type": "strikethrough"}),
        "tg-spoiler" | "span" => json!({"type": "spoiler"}),
        "code" => json!({"type": "code"}),
        "pre" => json!({"type": "pre"}),
        "blockquote" => json!({"type": "blockquote"}),
        "a" => match attribute("href").filter(|link| !link.is_empty()) {
            Some(link) => json!({"type": "text_link", "url": link}),
            None => json!({}),
        },
        "tg-emoji" => json!({"type": "custom_emoji", "custom_emoji_id": attribute("emoji-id")?}),
        _ => return None,
    })
}
