//! Dialogues as text files: what a person does, what the bot says. Replayed as tests, readable without programming.
//!
//! ```text
//! == A search
//! > samsung televizor
//! bot
//!     🔎 …
//!     [1. Samsung QE55] [2. Samsung UE43]
//! > [1. Samsung QE55]
//! ! the stock of Samsung QE55 becomes 1
//! ```
//! A tap is on the last message that has the button; `> [Buy] on an older message`, `> [Buy] #2` (the second of that
//! name), `> [Buy] twice`, and `> [Buy] that is gone` (an edit took it away, a slow client still shows it) mean others.
//! Lines that begin with `>` are the person, with `!` the world, with `==` a new dialogue from its beginning, with `#` or
//! `--` words for the reader. Everything else is what the bot says; a replay writes it anew, and the test compares.

mod chat;
mod write;

use kernel::Timestamp;

use crate::{
    action::{ActionCall, ActionResult},
    blueprint::Blueprint,
    engine::{self, Now},
    input::{Contact, Input, Location, Media, MediaKind},
    reply::Reply,
    session::Session,
};
use chat::Chat;

/// Milliseconds between two doings of the person, unless the file says otherwise.
const PACE_MS: i64 = 10_000;

/// What a dialogue is replayed against: the engine with a small host in memory, or the whole product.
pub trait Stage {
    /// The person does this at this moment; everything that comes of it, in its order.
    fn take(&mut self, input: Input, at: Timestamp) -> Vec<Reply>;

    /// Something happens in the world, in the words of the file; what the bot says of itself then. `Err` when the words
    /// mean nothing.
    fn happen(&mut self, words: &str, at: Timestamp) -> Result<Vec<Reply>, String>;
}

/// Replays a file from `start`, a new stage for each dialogue, and gives the file as it should be.
/// `Err` names the line that cannot be played.
pub fn replay<S: Stage>(
    file: &str,
    start: Timestamp,
    mut stage: impl FnMut(&str) -> S,
) -> Result<String, String> {
    let mut out = String::new();
    let mut scene: Option<Scene<S>> = None;
    for (number, line) in file.lines().enumerate() {
        let wrong = |reason: String| format!("line {}: {reason}: {line}", number + 1);
        if let Some(title) = line.strip_prefix("==") {
            scene = Some(Scene { stage: stage(title.trim()), chat: Chat::default(), now: start });
            write::gap(&mut out);
            out.push_str(line);
            out.push('\n');
        } else if line.starts_with('#') || line.starts_with("--") {
            write::gap(&mut out);
            out.push_str(line);
            out.push('\n');
        } else if line.starts_with('>') || line.starts_with('!') {
            let scene = scene.as_mut().ok_or_else(|| wrong("no dialogue begun".to_owned()))?;
            write::gap(&mut out);
            out.push_str(line);
            out.push('\n');
            scene.play(line, &mut out).map_err(wrong)?;
        }
    }
    Ok(out)
}

struct Scene<S> {
    stage: S,
    chat: Chat,
    now: Timestamp,
}

impl<S: Stage> Scene<S> {
    fn play(&mut self, line: &str, out: &mut String) -> Result<(), String> {
        self.now = self.now.plus_millis(PACE_MS);
        if let Some(words) = line.strip_prefix('!') {
            let replies = self.stage.happen(words.trim(), self.now)?;
            return self.hear(replies, None, out);
        }
        let words = line.strip_prefix('>').unwrap_or(line).trim();
        let (tapped, rest) = match words.strip_prefix('[').and_then(|rest| rest.rsplit_once(']')) {
            Some((label, rest)) => (Some(label), rest.trim()),
            None => (None, ""),
        };
        let Some(label) = tapped else {
            let replies = self.stage.take(doing(words)?, self.now);
            return self.hear(replies, None, out);
        };
        let (rest, twice) = rest.strip_suffix("twice").map_or((rest, false), |rest| (rest.trim(), true));
        let (rest, gone) =
            rest.strip_suffix("that is gone").map_or((rest, false), |rest| (rest.trim(), true));
        let (rest, older) =
            rest.strip_suffix("on an older message").map_or((rest, false), |rest| (rest.trim(), true));
        let which: usize = match rest.strip_prefix('#') {
            Some(number) => number.parse().map_err(|_| "no number".to_owned())?,
            None if rest.is_empty() => 1,
            None => return Err("unknown words after the button".to_owned()),
        };
        let found = if gone { self.chat.tap_gone(label) } else { self.chat.tap(label, which, older) };
        let (input, message) = found.ok_or_else(|| self.chat.missing(label))?;
        let replies = self.stage.take(input.clone(), self.now);
        self.hear(replies, message, out)?;
        if twice {
            self.now = self.now.plus_millis(200);
            let replies = self.stage.take(input, self.now);
            out.push_str("(the second tap)\n");
            self.hear(replies, message, out)?;
        }
        Ok(())
    }

    fn hear(&mut self, replies: Vec<Reply>, message: Option<usize>, out: &mut String) -> Result<(), String> {
        write::replies(&replies, out);
        for reply in replies {
            if let Reply::Message(said) = reply {
                self.chat.hear(said, message)?;
            }
        }
        Ok(())
    }
}

/// What a person does other than tapping.
fn doing(words: &str) -> Result<Input, String> {
    let Some(doing) = words.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else {
        return Ok(Input::Text(words.to_owned()));
    };
    let input = if let Some(phone) = doing.strip_prefix("own contact ") {
        Input::Contact(Contact { phone: phone.to_owned(), own: true })
    } else if let Some(phone) = doing.strip_prefix("somebody else's contact ") {
        Input::Contact(Contact { phone: phone.to_owned(), own: false })
    } else if let Some(place) = doing.strip_prefix("location ") {
        let mut degrees = place.split(' ').map(|part| part.replace('.', "").parse::<i32>());
        match (degrees.next(), degrees.next()) {
            (Some(Ok(latitude_e6)), Some(Ok(longitude_e6))) => {
                Input::Location(Location { latitude_e6, longitude_e6 })
            }
            _ => return Err("a location is written with six decimals: 41.311081 69.240562".to_owned()),
        }
    } else if let Some(kind) = MediaKind::ALL.into_iter().find(|kind| kind.name() == doing) {
        Input::Media(Media { kind, file: format!("{doing}-1"), caption: String::new() })
    } else if doing == "nothing for a long time" {
        Input::Timeout
    } else {
        return Err("unknown doing".to_owned());
    };
    Ok(input)
}

/// What carries out the actions of an [`EngineStage`].
pub trait Host {
    /// Answers a call.
    fn act(&mut self, call: &ActionCall, at: Timestamp) -> ActionResult;

    /// Something happens in the world; the notifications that come of it, by name, with their arguments.
    fn happen(&mut self, words: &str, at: Timestamp) -> Result<Vec<(String, serde_json::Value)>, String>;
}

/// The engine with a host and a session, and nothing else of the product.
pub struct EngineStage<'b, H> {
    /// What is played.
    pub blueprint: &'b Blueprint,
    /// The session between turns.
    pub session: Session,
    /// What carries out the actions.
    pub host: H,
}

impl<H: Host> Stage for EngineStage<'_, H> {
    fn take(&mut self, input: Input, at: Timestamp) -> Vec<Reply> {
        let now = Now { at, zone: kernel::Zone::default() };
        // Through its JSON, as a real host keeps it.
        let kept = serde_json::to_string(&self.session).and_then(|json| serde_json::from_str(&json));
        let session = kept.unwrap_or_else(|_| self.session.clone());
        let mut turn = engine::turn(self.blueprint, session, input, now);
        let mut replies = std::mem::take(&mut turn.replies);
        while let Some(call) = turn.pending.take() {
            let result = self.host.act(&call, at);
            turn = engine::resume(self.blueprint, turn.session, result, now);
            replies.append(&mut turn.replies);
        }
        self.session = turn.session;
        replies
    }

    fn happen(&mut self, words: &str, at: Timestamp) -> Result<Vec<Reply>, String> {
        let lang = self.session.lang().unwrap_or_else(|| self.blueprint.language());
        let mut replies = Vec::new();
        for (name, args) in self.host.happen(words, at)? {
            let message =
                crate::render_notification(self.blueprint, &name, lang, kernel::Zone::default(), &args);
            replies.push(Reply::Message(message.ok_or_else(|| format!("no notification {name}"))?));
        }
        Ok(replies)
    }
}
