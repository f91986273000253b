//! The memory of one conversation: where it stands, what it knows, which buttons it handed out.
//!
//! Plain data, kept by the host between turns. Steps are remembered by name, so a session outlives its blueprint's version.

use std::collections::VecDeque;

use kernel::Lang;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{blueprint::Blueprint, value::weight};

/// The memory of one conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Tells this session's buttons from those of an earlier session in the same chat.
    pub(crate) nonce: u32,
    /// The language the person chose; the blueprint's until then.
    pub(crate) lang: Option<Lang>,
    /// The errand it is about, by number: from one time at home to the next. Sessions of one chat share none.
    #[serde(default)]
    pub(crate) errand: u64,
    /// Turns taken.
    pub(crate) turn: u64,
    /// Steps passed since the person's last answer.
    pub(crate) hops: u32,
    pub(crate) state: State,
    /// The question that was asked last.
    pub(crate) question: Option<Place>,
    /// The inline keyboard of that question, by the turn that sent it.
    pub(crate) board_turn: Option<u64>,
    /// Steps that called a flow and wait for its return, the innermost last.
    pub(crate) calls: Vec<String>,
    /// Questions asked before this one.
    pub(crate) trail: Vec<Place>,
    pub(crate) variables: Map<String, Value>,
    /// The inline keyboards handed out lately, the newest last.
    pub(crate) boards: VecDeque<Board>,
    /// The reply keyboard that is shown.
    pub(crate) reply_board: Option<ReplyBoard>,
    /// The month a calendar shows, as `2026-11`.
    pub(crate) month: Option<String>,
    /// The message whose button is being answered, while an action is under way.
    pub(crate) pressed: Option<Pressed>,
    /// What was said while an action is under way, taken after it where anything may be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) meanwhile: Option<String>,
    /// When something was last kept in a list, UTC milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) kept_at_ms: Option<i64>,
    /// What the chat calls the input that is being taken.
    #[serde(skip)]
    pub(crate) coming: Option<i64>,
}

/// Where a conversation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Nothing was said yet.
    New,
    /// A question waits for its answer.
    Asking,
    /// An action is under way.
    Acting {
        place: String,
        call: u64,
        /// It fetches what an earlier question shows: the present one is not remembered.
        back: bool,
    },
    /// A person answers in place of the bot.
    HandedOver,
    /// Everything was said.
    Ended,
}

/// A question, with the flows it was asked in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) step: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) calls: Vec<String>,
}

/// An inline keyboard that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Board {
    /// The turn that sent it; part of its buttons' keys.
    pub(crate) turn: u64,
    pub(crate) place: String,
    /// Whether its message has a picture.
    pub(crate) picture: bool,
    /// Its message was edited since and shows other buttons.
    pub(crate) replaced: bool,
    pub(crate) buttons: Vec<Issued>,
}

impl Board {
    /// About as many bytes as it takes when written as JSON.
    pub(crate) fn weight(&self) -> usize {
        let buttons = self.buttons.iter().map(|button| {
            let set: usize = button.set.iter().map(|(name, value)| name.len() + weight(value) + 8).sum();
            button.id.len() + button.label.len() + set + 64
        });
        self.place.len() + 80 + buttons.sum::<usize>()
    }
}

/// A button that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Issued {
    /// The button's id in its step.
    pub(crate) id: String,
    /// The words on it, for typed answers; kept while its question is the current one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) label: String,
    /// What a tap puts into variables, fixed when the button was shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) set: Vec<(String, Value)>,
    /// When it was pressed, UTC milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pressed_at_ms: Option<i64>,
}

/// The reply keyboard that is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReplyBoard {
    pub(crate) place: String,
    pub(crate) buttons: Vec<Issued>,
}

/// The message whose button is being answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pressed {
    pub(crate) turn: u64,
    pub(crate) place: String,
    pub(crate) picture: bool,
    /// A message was sent since the tap: the question then comes below it, and edits nothing.
    pub(crate) said: bool,
}

impl Session {
    /// A conversation before its first word. `nonce` is any number that the chat's earlier sessions did not have.
    pub fn new(nonce: u32, lang: Option<Lang>) -> Self {
        Self {
            nonce,
            lang,
            errand: u64::from(nonce) << 24,
            turn: 0,
            hops: 0,
            state: State::New,
            question: None,
            board_turn: None,
            calls: Vec::new(),
            trail: Vec::new(),
            variables: Map::new(),
            boards: VecDeque::new(),
            reply_board: None,
            month: None,
            pressed: None,
            meanwhile: None,
            kept_at_ms: None,
            coming: None,
        }
    }

    /// The language the person chose; `None` before that.
    pub const fn lang(&self) -> Option<Lang> {
        self.lang
    }

    /// The step at which it stands, as `flow.step`.
    pub fn step(&self) -> Option<&str> {
        match &self.state {
            State::Asking => self.question.as_ref().map(|question| question.step.as_str()),
            State::Acting { place, .. } => Some(place),
            State::New | State::HandedOver | State::Ended => None,
        }
    }

    /// The variables, for a simulator and for the inbox.
    pub const fn variables(&self) -> &Map<String, Value> {
        &self.variables
    }

    /// What the host knows beforehand: the phone and the name of a contact it has met elsewhere.
    pub fn set_variable(&mut self, name: &str, value: Value) {
        self.variables.insert(name.to_owned(), value);
    }

    /// Whether a person answers in place of the bot.
    pub fn is_handed_over(&self) -> bool {
        self.state == State::HandedOver
    }

    /// A person takes the conversation over; the bot keeps silent until [`Self::hand_back`] or a command.
    pub fn hand_over(&mut self) {
        self.state = State::HandedOver;
    }

    /// The bot answers again, from its home.
    pub fn hand_back(&mut self) {
        if self.is_handed_over() {
            self.state = State::Ended;
        }
    }

    /// The action under way takes long: what comes of it stands below as a message of its own, and not in place of the
    /// one whose button was tapped.
    pub fn let_go_of_tap(&mut self) {
        self.pressed = None;
    }

    /// The number of the action under way.
    pub fn pending(&self) -> Option<u64> {
        match self.state {
            State::Acting { call, .. } => Some(call),
            _ => None,
        }
    }

    /// Gives each declared variable that is not there its first value, and drops those no longer declared.
    pub(crate) fn fit(&mut self, blueprint: &Blueprint) {
        for variable in &blueprint.variables {
            if !self.variables.contains_key(&variable.name) {
                self.variables.insert(variable.name.clone(), variable.start.clone());
            }
        }
        if self.variables.len() > blueprint.variables.len() {
            self.variables
                .retain(|name, _| blueprint.variables.iter().any(|variable| variable.name == *name));
        }
    }

    /// Begins another errand: its variables get their first values.
    pub(crate) fn forget_errand(&mut self, blueprint: &Blueprint) {
        self.errand += 1;
        for variable in blueprint.variables.iter().filter(|variable| !variable.keep) {
            self.variables.insert(variable.name.clone(), variable.start.clone());
        }
        self.calls.clear();
        self.trail.clear();
        self.question = None;
        self.board_turn = None;
        self.month = None;
    }
}
