//! Errors as the Bot API words them. The wording is part of the interface: programs tell errors apart by it.
//!
//! Source: tdlib/telegram-bot-api 10.0, `telegram-bot-api/Client.cpp` and `Query.cpp`.

use serde_json::{Value, json};

/// What the server refuses a call with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// HTTP status and `error_code`.
    pub code: u16,
    /// The whole `description`, with its prefix.
    pub description: String,
    /// Seconds to wait, for code 429.
    pub retry_after: Option<u32>,
    /// The id of the supergroup that a group became.
    pub migrate_to: Option<i64>,
}

impl ApiError {
    fn new(code: u16, description: String) -> Self {
        Self { code, description, retry_after: None, migrate_to: None }
    }

    /// 400 with "Bad Request: " before the message; the first letter becomes small, as the server does it
    /// (but not in an all-capital code such as `BUTTON_DATA_INVALID`).
    pub fn bad(message: impl AsRef<str>) -> Self {
        let message = message.as_ref();
        let mut letters = message.chars();
        let lowered = match (letters.next(), letters.clone().next()) {
            (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
                format!("{}{}", first.to_lowercase(), letters.as_str())
            }
            _ => message.to_owned(),
        };
        Self::new(400, format!("Bad Request: {lowered}"))
    }

    /// 403 with "Forbidden: " before the message.
    pub fn forbidden(message: &str) -> Self {
        Self::new(403, format!("Forbidden: {message}"))
    }

    /// 409 with "Conflict: " before the message.
    pub fn conflict(message: &str) -> Self {
        Self::new(409, format!("Conflict: {message}"))
    }

    /// 401: the token is of no bot, or was revoked.
    pub fn unauthorized() -> Self {
        Self::new(401, "Unauthorized".to_owned())
    }

    /// 404, for a method that does not exist or a token that is not one.
    pub fn not_found(message: &str) -> Self {
        Self::new(404, message.to_owned())
    }

    /// 429 with the seconds to wait.
    pub fn too_many(retry_after: u32) -> Self {
        let mut error = Self::new(429, format!("Too Many Requests: retry after {retry_after}"));
        error.retry_after = Some(retry_after);
        error
    }

    /// A group that became a supergroup: 400 with the new id.
    pub fn migrated(to: i64) -> Self {
        let mut error = Self::bad("group chat was upgraded to a supergroup chat");
        error.migrate_to = Some(to);
        error
    }

    /// The body of the answer.
    pub fn body(&self) -> Value {
        let mut body = json!({"ok": false, "error_code": self.code, "description": self.description});
        let mut parameters = serde_json::Map::new();
        if let Some(seconds) = self.retry_after {
            parameters.insert("retry_after".into(), seconds.into());
        }
        if let Some(chat) = self.migrate_to {
            parameters.insert("migrate_to_chat_id".into(), chat.into());
        }
        if !parameters.is_empty() {
            body["parameters"] = parameters.into();
        }
        body
    }
}
