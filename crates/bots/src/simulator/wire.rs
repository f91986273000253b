//! The simulator's protocol as JSON; web/src/islands/simulator/protocol.ts is the other side of it.

use axum::http::HeaderMap;
use flow::{Contact, Input, Location};
use kernel::{Checks, Error, Id, Lang, Result, Text};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use web::pages::Words;

use crate::{
    BotState, Message,
    said::{ReplyKeyboard, Said},
};

/// Characters of a text at most, as in Telegram.
const TEXT_CHARS: usize = 4_096;
/// Characters of a command's name.
const COMMAND_CHARS: usize = 32;
/// Bytes of a button's key.
const KEY_BYTES: usize = 64;

/// Everything that the page shows, at one moment.
#[derive(Debug, Serialize)]
pub(super) struct SimState {
    pub(super) bot: BotFace,
    /// Which blueprint answers, in words.
    pub(super) version: String,
    pub(super) person: PersonFace,
    pub(super) lang: Lang,
    pub(super) languages: Vec<Language>,
    pub(super) commands: Vec<Command>,
    pub(super) messages: Vec<Said>,
    pub(super) reply_keyboard: Option<ReplyKeyboard>,
    pub(super) session: SessionView,
    pub(super) time_zone: &'static str,
    pub(super) last_event_id: String,
    #[serde(skip)]
    pub(super) answering: Answering,
}

/// What answers in the chat.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answering {
    pub(super) state: BotState,
    pub(super) version: i64,
    /// In a trial: how many faults the draft has. With any it answers nothing.
    pub(super) draft: Option<i64>,
}

#[derive(Debug, Serialize)]
pub(super) struct BotFace {
    pub(super) name: String,
    pub(super) about: String,
}

#[derive(Debug, Serialize)]
pub(super) struct PersonFace {
    pub(super) name: String,
    pub(super) phone: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Language {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Command {
    pub(super) command: String,
    pub(super) description: String,
}

/// Where the dialogue stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct SessionView {
    pub(super) flow: String,
    pub(super) step: String,
    pub(super) variables: Vec<Variable>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: String,
}

/// The state with what only the reader's language can say.
pub(super) fn in_words(mut state: SimState, words: &Words) -> SimState {
    let Answering { state: is, version, draft } = state.answering;
    state.version = match is {
        BotState::Archived => words.t("bots-state-archived-long"),
        _ if draft.is_some_and(|faults| faults > 0) => {
            words.t1("bots-trial-faulty", "count", draft.unwrap_or_default())
        }
        _ if draft.is_some() => words.t("bots-trial-version"),
        BotState::Active => words.t1("bots-version", "version", version),
        BotState::Paused => words.t("bots-state-paused-long"),
    };
    state
}

/// What the page sends.
#[derive(Debug, Deserialize)]
pub(crate) struct InputIn {
    client_id: Uuid,
    #[serde(flatten)]
    what: WhatIn,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum WhatIn {
    Text {
        text: String,
    },
    Command {
        command: String,
    },
    Button {
        message_id: Uuid,
        key: String,
    },
    Contact {
        /// What somebody at a site typed; the simulator knows its people's numbers.
        #[serde(default)]
        phone: String,
    },
    Location {
        latitude: f64,
        longitude: f64,
    },
}

/// An input that may be taken.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) client_id: Uuid,
    pub(crate) what: SentWhat,
}

/// What was done on the page.
#[derive(Debug, Clone)]
pub(crate) enum SentWhat {
    /// Words, a command or a place.
    Said(Input),
    /// The person's own contact, with the number that they typed, if they did.
    OwnContact(String),
    /// A tap on a button of this message.
    Tap(Id<Message>, String),
}

impl InputIn {
    /// Refuses what no messenger would send.
    pub(crate) fn check(self) -> Result<Sent> {
        let Self { client_id, what } = self;
        let mut checks = Checks::new();
        let what = match what {
            WhatIn::Text { text } => {
                let text = checks.prose("text", &text, TEXT_CHARS);
                checks.hold(!text.is_empty() || checks.has("text"), "text", Text::new("kernel-text-missing"));
                SentWhat::Said(Input::Text(text))
            }
            WhatIn::Command { command } => {
                let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
                let is_name =
                    !command.is_empty() && command.len() <= COMMAND_CHARS && command.bytes().all(fits);
                checks.hold(is_name, "command", Text::new("bots-command-malformed"));
                SentWhat::Said(Input::Command { name: command.to_lowercase(), payload: String::new() })
            }
            WhatIn::Button { message_id, key } => {
                let fits = !key.is_empty() && key.len() <= KEY_BYTES && !key.chars().any(char::is_control);
                checks.hold(fits, "key", Text::new("bots-button-malformed"));
                SentWhat::Tap(Id::from_uuid(message_id), key)
            }
            WhatIn::Contact { phone } => SentWhat::OwnContact(phone),
            WhatIn::Location { latitude, longitude } => {
                let place = Location {
                    latitude_e6: degrees(&mut checks, "latitude", latitude, 90),
                    longitude_e6: degrees(&mut checks, "longitude", longitude, 180),
                };
                SentWhat::Said(Input::Location(place))
            }
        };
        checks.done().map(|()| Sent { client_id, what })
    }
}

/// Degrees in millionths, by their digits: no arithmetic with floats.
fn degrees(checks: &mut Checks, field: &str, number: f64, most: i32) -> i32 {
    let digits = if number.is_finite() { format!("{number:.6}").replace('.', "") } else { String::new() };
    let millionths: Option<i32> = digits.parse().ok();
    let within = millionths.filter(|found| (-most * 1_000_000..=most * 1_000_000).contains(found));
    checks.hold(within.is_some(), field, Text::new("bots-place-malformed"));
    within.unwrap_or_default()
}

/// The input of somebody who shares their own number.
pub(crate) fn own_contact(phone: String) -> Input {
    Input::Contact(Contact { phone, own: true })
}

/// Starting anew.
#[derive(Debug, Deserialize)]
pub(super) struct RestartIn {
    #[expect(dead_code, reason = "part of the protocol; starting anew twice changes nothing more")]
    client_id: Uuid,
    lang: String,
    person: PersonIn,
}

/// Who goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum PersonIn {
    /// The one who wrote before.
    Same,
    /// Somebody the bot has never met.
    New,
}

/// How to start anew.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anew {
    pub(super) lang: Lang,
    pub(super) person: PersonIn,
}

impl RestartIn {
    pub(super) fn check(self) -> Result<Anew> {
        let lang = Lang::ALL.into_iter().find(|lang| lang.code() == self.lang);
        let lang = lang.ok_or_else(|| Error::field("lang", Text::new("bots-lang-unknown")))?;
        Ok(Anew { lang, person: self.person })
    }
}

/// From where the events are wanted.
#[derive(Debug, Deserialize)]
pub(super) struct After {
    #[serde(default)]
    pub(super) after: i64,
}

/// The last event that a browser saw before it lost the stream.
pub(super) fn last_event(headers: &HeaderMap) -> Option<i64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(sent: serde_json::Value) -> Result<Input> {
        let mut sent = sent;
        sent["client_id"] = json!(Uuid::from_u128(1));
        let input: InputIn = serde_json::from_value(sent).unwrap();
        Ok(match input.check()?.what {
            SentWhat::Said(input) => input,
            SentWhat::OwnContact(phone) => own_contact(phone),
            SentWhat::Tap(_, key) => Input::Button(key),
        })
    }

    #[test]
    fn inputs_of_the_page_become_inputs_of_the_dialogue() {
        assert_eq!(check(json!({"kind": "text", "text": " choy "})).unwrap(), Input::Text("choy".to_owned()));
        let command = Input::Command { name: "start".to_owned(), payload: String::new() };
        assert_eq!(check(json!({"kind": "command", "command": "Start"})).unwrap(), command);
        let place = Input::Location(Location { latitude_e6: 41_311_080, longitude_e6: -69_279_730 });
        let sent = json!({"kind": "location", "latitude": 41.31108, "longitude": -69.27973});
        assert_eq!(check(sent).unwrap(), place);
    }

    #[test]
    fn what_no_messenger_sends_is_refused() {
        for sent in [
            json!({"kind": "text", "text": "  "}),
            json!({"kind": "text", "text": "a\u{0}b"}),
            json!({"kind": "text", "text": "a".repeat(4_097)}),
            json!({"kind": "command", "command": "two words"}),
            json!({"kind": "command", "command": ""}),
            json!({"kind": "button", "message_id": Uuid::from_u128(2), "key": "k".repeat(65)}),
            json!({"kind": "location", "latitude": 91.0, "longitude": 0.0}),
            json!({"kind": "location", "latitude": 1e300, "longitude": 0.0}),
        ] {
            assert!(check(sent.clone()).is_err(), "{sent}");
        }
    }
}
