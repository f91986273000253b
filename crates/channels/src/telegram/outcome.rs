//! What became of a call: the errors of the Bot API by their words, and the errors of the way there.
//!
//! The wording is from tdlib/telegram-bot-api 10.0 `Client.cpp` and teloxide-core's `errors.rs`.

use net::reqwest;

/// Why a call gave no result. Holds no address, because addresses hold the token.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The Bot API refused it.
    #[error("{code} {description}")]
    Refused {
        /// `error_code`.
        code: u16,
        /// `description`.
        description: String,
        /// `parameters.retry_after`, seconds.
        retry_after_s: Option<u32>,
        /// `parameters.migrate_to_chat_id`.
        moved_to: Option<i64>,
    },
    /// The call certainly did not arrive.
    #[error("the Bot API was not reached: {0}")]
    NotSent(#[source] reqwest::Error),
    /// The call may have arrived, and the answer did not.
    #[error("no answer came: {0}")]
    NoAnswer(#[source] reqwest::Error),
    /// An answer came that is none of the Bot API's.
    #[error("the answer with status {status} is not the Bot API's")]
    Garbled {
        /// HTTP status.
        status: u16,
        /// The `Retry-After` header, seconds.
        retry_after_s: Option<u32>,
    },
}

impl CallError {
    /// An error of the HTTP client, without its address.
    pub(crate) fn of_network(error: reqwest::Error) -> Self {
        let arrived = !net::not_sent(&error);
        let error = error.without_url();
        if arrived { Self::NoAnswer(error) } else { Self::NotSent(error) }
    }
}

/// What an error means for the one who wanted the call made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is left to do: things already stand as the call wanted them.
    Done,
    /// Nothing was taken; make it again, after these seconds when they are given. They hold for the whole bot.
    Retry {
        /// Seconds that Telegram asks to wait.
        after_s: Option<u32>,
    },
    /// The person blocked the bot, or never started it. Until they come back nothing is to be sent.
    Blocked,
    /// The chat is no more, or the bot is out of it.
    Gone,
    /// The group has become a supergroup with this id; the same call goes there.
    Moved(i64),
    /// The message to change cannot be changed: send a new one.
    CannotEdit,
    /// The picture or file was not accepted; the words would be.
    BadFile(String),
    /// The call is wrong and will be wrong again.
    BadRequest(String),
    /// Somebody else polls this bot, or it has a webhook.
    Conflict(String),
    /// The token is good no longer.
    Unauthorized,
    /// Nobody knows whether it was taken.
    Unknown,
}

const GONE: &[&str] = &[
    "chat not found",
    "user is deactivated",
    "bot was kicked",
    "is not a member of the",
    "group chat was deleted",
    "peer_id_invalid",
    "can't send messages to bots",
    "user not found",
];
const BLOCKED: &[&str] = &[
    "bot was blocked by the user",
    "bot can't initiate conversation",
    "user_is_blocked",
    "privacy settings",
];
const DONE: &[&str] = &[
    "message is not modified",
    "query is too old",
    "query id is invalid",
    "message to delete not found",
    "webhook is already deleted",
];
const CANNOT_EDIT: &[&str] = &[
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
    "there is no media in the message to edit",
    "message_id_invalid",
    "message identifier is not specified",
];
const BAD_FILE: &[&str] = &[
    "wrong file identifier",
    "wrong remote file",
    "failed to get http url content",
    "wrong type of the web page content",
    "wrong http url specified",
    "image_process_failed",
    "photo_invalid_dimensions",
    "photo_invalid",
    "too big for a photo",
    "file must be non-empty",
    "can't upload file by url",
    "media_empty",
    "file is too big",
    "request entity too large",
    "media not found",
    "can't use file of type",
    "there is no photo in the request",
    "there is no document in the request",
];

/// What an error of a call means.
pub fn classify(error: &CallError) -> Outcome {
    match error {
        CallError::NotSent(_) => Outcome::Retry { after_s: None },
        CallError::NoAnswer(_) => Outcome::Unknown,
        CallError::Garbled { status: 429, retry_after_s } => {
            Outcome::Retry { after_s: Some(retry_after_s.unwrap_or(1)) }
        }
        CallError::Garbled { status: 413, .. } => Outcome::BadFile("Request Entity Too Large".to_owned()),
        CallError::Garbled { status: 400..=499, .. } => Outcome::BadRequest(error.to_string()),
        CallError::Garbled { .. } => Outcome::Unknown,
        CallError::Refused { moved_to: Some(chat), .. } => Outcome::Moved(*chat),
        CallError::Refused { code, description, retry_after_s, moved_to: None } => {
            of_words(*code, description, *retry_after_s)
        }
    }
}

fn of_words(code: u16, description: &str, retry_after_s: Option<u32>) -> Outcome {
    let words = description.to_lowercase();
    let says = |list: &[&str]| list.iter().any(|part| words.contains(part));
    match code {
        429 => Outcome::Retry { after_s: Some(retry_after_s.unwrap_or(1)) },
        401 => Outcome::Unauthorized,
        // api.telegram.org answers a malformed token so.
        404 if words == "not found" => Outcome::Unauthorized,
        409 => Outcome::Conflict(description.to_owned()),
        500.. => Outcome::Unknown,
        _ if says(BLOCKED) => Outcome::Blocked,
        _ if says(GONE) => Outcome::Gone,
        403 => Outcome::Gone,
        _ if says(DONE) => Outcome::Done,
        _ if says(CANNOT_EDIT) => Outcome::CannotEdit,
        _ if says(BAD_FILE) => Outcome::BadFile(description.to_owned()),
        _ => Outcome::BadRequest(description.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: u16, description: &str, expected: &Outcome) {
        let refused = CallError::Refused {
            code,
            description: description.to_owned(),
            retry_after_s: None,
            moved_to: None,
        };
        assert_eq!(classify(&refused), *expected, "{description}");
    }

    #[test]
    fn refusals_are_told_apart_by_their_words() {
        check(403, "Forbidden: bot was blocked by the user", &Outcome::Blocked);
        check(403, "Forbidden: bot can't initiate conversation with a user", &Outcome::Blocked);
        check(403, "Forbidden: user is deactivated", &Outcome::Gone);
        check(403, "Forbidden: bot was kicked from the supergroup chat", &Outcome::Gone);
        check(403, "Forbidden: bot is not a member of the channel chat", &Outcome::Gone);
        check(403, "Forbidden: the group chat was deleted", &Outcome::Gone);
        check(400, "Bad Request: chat not found", &Outcome::Gone);
        check(
            400,
            "Bad Request: message is not modified: specified new message content and…",
            &Outcome::Done,
        );
        let old = "Bad Request: query is too old and response timeout expired or query ID is invalid";
        check(400, old, &Outcome::Done);
        check(400, "Bad Request: message to edit not found", &Outcome::CannotEdit);
        check(400, "Bad Request: message can't be edited", &Outcome::CannotEdit);
        check(400, "Bad Request: there is no text in the message to edit", &Outcome::CannotEdit);
        for permanent in
            ["message is too long", "BUTTON_DATA_INVALID", "can't parse entities: x", "message text is empty"]
        {
            let words = format!("Bad Request: {permanent}");
            check(400, &words, &Outcome::BadRequest(words.clone()));
        }
        let file = "Bad Request: wrong file identifier/HTTP URL specified";
        check(400, file, &Outcome::BadFile(file.to_owned()));
        check(401, "Unauthorized", &Outcome::Unauthorized);
        check(404, "Not Found", &Outcome::Unauthorized);
        check(
            404,
            "Not Found: method not found",
            &Outcome::BadRequest("Not Found: method not found".to_owned()),
        );
        let conflict = "Conflict: terminated by other getUpdates request";
        check(409, conflict, &Outcome::Conflict(conflict.to_owned()));
        check(429, "Too Many Requests: retry after 5", &Outcome::Retry { after_s: Some(1) });
        check(500, "Internal Server Error", &Outcome::Unknown);
    }

    #[test]
    fn a_moved_group_names_its_new_id() {
        let description = "Bad Request: group chat was upgraded to a supergroup chat".to_owned();
        let refused =
            CallError::Refused { code: 400, description, retry_after_s: None, moved_to: Some(-1_005) };
        assert_eq!(classify(&refused), Outcome::Moved(-1_005));
    }

    #[test]
    fn answers_of_others_on_the_way_are_told_apart_by_their_status() {
        let garbled = |status, retry_after_s| classify(&CallError::Garbled { status, retry_after_s });
        assert_eq!(garbled(502, None), Outcome::Unknown);
        assert_eq!(garbled(200, None), Outcome::Unknown);
        assert_eq!(garbled(429, Some(9)), Outcome::Retry { after_s: Some(9) });
        assert!(matches!(garbled(413, None), Outcome::BadFile(_)));
        assert!(matches!(garbled(404, None), Outcome::BadRequest(_)));
    }
}
