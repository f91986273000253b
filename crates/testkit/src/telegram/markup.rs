//! Keyboards: what the server accepts in `reply_markup`.
//!
//! Source: tdlib/telegram-bot-api 10.0 `Client.cpp` (`get_reply_markup`), limits from python-telegram-bot's constants.

use serde_json::{Value, json};

use super::{error::ApiError, params::Params};

/// Bytes of `callback_data`, at most.
const CALLBACK_DATA_LIMIT_BYTES: usize = 64;
/// Buttons of a keyboard, at most.
const BUTTONS_LIMIT: usize = 100;
/// Inline buttons in a row, at most.
const INLINE_ROW_LIMIT: usize = 8;
/// Keys in a row of a reply keyboard, at most.
const KEYBOARD_ROW_LIMIT: usize = 12;
/// Letters of `copy_text` and of a placeholder, at most.
const COPY_TEXT_LIMIT: usize = 256;
const PLACEHOLDER_LIMIT: usize = 64;

/// A checked `reply_markup`.
#[derive(Debug, Clone, PartialEq)]
pub enum Markup {
    /// None given.
    None,
    /// Buttons under the message: the InlineKeyboardMarkup object.
    Inline(Value),
    /// Keys instead of the person's keyboard: the ReplyKeyboardMarkup object.
    Keyboard(Value),
    /// The keys go away.
    Remove,
    /// The person is asked to reply.
    ForceReply,
}

impl Markup {
    /// The part that stays on the message: only inline buttons do.
    pub fn on_message(&self) -> Option<&Value> {
        match self {
            Markup::Inline(value) => Some(value),
            _ => None,
        }
    }
}

/// Reads and checks `reply_markup`.
pub fn reply_markup(params: &Params, private_chat: bool) -> Result<Markup, ApiError> {
    let value = match params.json("reply_markup") {
        Ok(None) => return Ok(Markup::None),
        Ok(Some(value)) => value,
        Err(()) => return Err(ApiError::bad("can't parse reply keyboard markup JSON object")),
    };
    if !value.is_object() {
        return Err(ApiError::bad("object expected as reply markup"));
    }
    let rows = rows(&value, "keyboard", "Field \"keyboard\" must be an Array of Arrays")?;
    if !rows.is_empty() {
        return keyboard(&value, rows, private_chat);
    }
    let inline_rows = self::rows(
        &value,
        "inline_keyboard",
        "Field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays",
    )?;
    if !inline_rows.is_empty() {
        return inline(inline_rows, private_chat);
    }
    if value["remove_keyboard"] == json!(true) {
        return Ok(Markup::Remove);
    }
    if value["force_reply"] == json!(true) {
        placeholder(&value)?;
        return Ok(Markup::ForceReply);
    }
    Ok(Markup::None)
}

fn rows<'v>(value: &'v Value, field: &str, refusal: &str) -> Result<Vec<&'v Vec<Value>>, ApiError> {
    match &value[field] {
        Value::Null => Ok(Vec::new()),
        Value::Array(rows) => {
            rows.iter().map(|row| row.as_array().ok_or_else(|| ApiError::bad(refusal))).collect()
        }
        _ => Err(ApiError::bad(format!("field \"{field}\" must be of type Array"))),
    }
}

fn placeholder(value: &Value) -> Result<(), ApiError> {
    match value["input_field_placeholder"].as_str() {
        Some(text) if text.chars().count() > PLACEHOLDER_LIMIT => {
            Err(ApiError::bad("reply keyboard placeholder is too long"))
        }
        _ => Ok(()),
    }
}

fn too_many(rows: &[&Vec<Value>], row_limit: usize) -> bool {
    rows.iter().any(|row| row.len() > row_limit)
        || rows.iter().map(|row| row.len()).sum::<usize>() > BUTTONS_LIMIT
}

fn keyboard(value: &Value, rows: Vec<&Vec<Value>>, private_chat: bool) -> Result<Markup, ApiError> {
    if too_many(&rows, KEYBOARD_ROW_LIMIT) {
        return Err(ApiError::bad("reply markup is too long"));
    }
    placeholder(value)?;
    let cannot = |why: &str| ApiError::bad(format!("can't parse keyboard button: {why}"));
    let mut kept = Vec::new();
    for row in rows {
        let mut kept_row = Vec::new();
        for key in row {
            let key = match key {
                Value::String(text) => json!({"text": text}),
                Value::Object(_) => key.clone(),
                _ => return Err(cannot("KeyboardButton must be a String or an Object")),
            };
            if key["text"].as_str().is_none() {
                return Err(cannot("Can't find field \"text\""));
            }
            if key["text"] == "" {
                return Err(ApiError::bad("keyboard button text must be non-empty"));
            }
            let only_private = [
                ("request_contact", "phone number can be requested in private chats only"),
                ("request_location", "location can be requested in private chats only"),
                ("web_app", "web App buttons can be used in private chats only"),
            ];
            for (field, refusal) in only_private {
                if !private_chat && !matches!(key[field], Value::Null | Value::Bool(false)) {
                    return Err(ApiError::bad(refusal));
                }
            }
            if let Some(link) = key["web_app"]["url"].as_str() {
                https_only("keyboard button Web App URL", link)?;
            }
            kept_row.push(key);
        }
        kept.push(kept_row);
    }
    let mut markup = value.clone();
    markup["keyboard"] = json!(kept);
    Ok(Markup::Keyboard(markup))
}

fn inline(rows: Vec<&Vec<Value>>, private_chat: bool) -> Result<Markup, ApiError> {
    if too_many(&rows, INLINE_ROW_LIMIT) {
        return Err(ApiError::bad("reply markup is too long"));
    }
    for button in rows.iter().copied().flatten() {
        inline_button(button, private_chat)?;
    }
    let kept: Vec<&Vec<Value>> = rows.into_iter().filter(|row| !row.is_empty()).collect();
    if kept.is_empty() { Ok(Markup::None) } else { Ok(Markup::Inline(json!({"inline_keyboard": kept}))) }
}

fn inline_button(button: &Value, private_chat: bool) -> Result<(), ApiError> {
    let cannot = |why: &str| ApiError::bad(format!("can't parse inline keyboard button: {why}"));
    if !button.is_object() {
        return Err(cannot("InlineKeyboardButton must be an Object"));
    }
    match button["text"].as_str() {
        None => return Err(cannot("Can't find field \"text\"")),
        Some("") => return Err(ApiError::bad("inline keyboard button text must be non-empty")),
        Some(_) => {}
    }
    let text = |name: &str| button[name].as_str().filter(|text| !text.is_empty());
    if let Some(link) = text("url") {
        return public_link(link);
    }
    if let Some(data) = text("callback_data") {
        return if data.len() > CALLBACK_DATA_LIMIT_BYTES {
            Err(ApiError::bad("BUTTON_DATA_INVALID"))
        } else {
            Ok(())
        };
    }
    if !button["web_app"].is_null() {
        let Some(link) = button["web_app"]["url"].as_str() else {
            return Err(cannot("Can't find field \"url\""));
        };
        if !private_chat {
            return Err(ApiError::bad("BUTTON_TYPE_INVALID"));
        }
        return https_only("inline keyboard button Web App URL", link);
    }
    if !button["copy_text"].is_null() {
        return match button["copy_text"]["text"].as_str().map(|copied| copied.chars().count()) {
            Some(1..=COPY_TEXT_LIMIT) => Ok(()),
            _ => Err(ApiError::bad("BUTTON_COPY_TEXT_INVALID")),
        };
    }
    let other =
        ["switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat"];
    let other = other.iter().chain(&["login_url", "callback_game", "pay"]);
    if other.into_iter().any(|field| !button[*field].is_null()) {
        return Ok(());
    }
    Err(cannot("Text buttons are unallowed in the inline keyboard"))
}

/// Telegram refuses links to this machine and to bare host names.
fn public_link(link: &str) -> Result<(), ApiError> {
    let refused = || ApiError::bad(format!("inline keyboard button URL '{link}' is invalid: Wrong HTTP URL"));
    if link.starts_with("tg://") {
        return Ok(());
    }
    let parsed = reqwest::Url::parse(link).or_else(|_| reqwest::Url::parse(&format!("http://{link}")));
    let host = parsed.ok().and_then(|url| url.host_str().map(str::to_owned)).ok_or_else(refused)?;
    if host.contains('.') { Ok(()) } else { Err(refused()) }
}

fn https_only(what: &str, link: &str) -> Result<(), ApiError> {
    match reqwest::Url::parse(link) {
        Ok(url) if url.scheme() == "https" => Ok(()),
        _ => Err(ApiError::bad(format!("{what} '{link}' is invalid: Only HTTPS links are allowed"))),
    }
}
