//! States and reasons in words.

use bots::WayName;
use web::pages::{Badge, Tone, Words};

use crate::{Fate, Problem, State, reads::Seen};

pub(super) const fn state_key(state: State) -> &'static str {
    match state {
        State::Draft => "broadcast-state-draft",
        State::Scheduled => "broadcast-state-scheduled",
        State::Running => "broadcast-state-running",
        State::Paused => "broadcast-state-paused",
        State::Done => "broadcast-state-done",
        State::Cancelled => "broadcast-state-cancelled",
    }
}

pub(super) fn state(words: &Words, state: State) -> Badge {
    let tone = match state {
        State::Draft | State::Cancelled => Tone::Plain,
        State::Scheduled | State::Running => Tone::Info,
        State::Paused => Tone::Warning,
        State::Done => Tone::Success,
    };
    Badge::new(tone, words.t(state_key(state)))
}

pub(super) const fn fate_key(fate: Fate) -> &'static str {
    match fate {
        Fate::Waiting => "broadcast-fate-waiting",
        Fate::Sending => "broadcast-fate-sending",
        Fate::Sent => "broadcast-fate-sent",
        Fate::Blocked => "broadcast-fate-blocked",
        Fate::Failed => "broadcast-fate-failed",
        Fate::Unknown => "broadcast-fate-unknown",
    }
}

/// What became of a person; whose turn no longer comes is not waiting.
pub(super) fn fate(words: &Words, fate: Fate, state: State) -> Badge {
    let is_over = matches!(state, State::Cancelled);
    match fate {
        Fate::Waiting if is_over => Badge::new(Tone::Plain, words.t("broadcast-fate-left")),
        Fate::Waiting => Badge::new(Tone::Plain, words.t(fate_key(fate))),
        Fate::Sending => Badge::new(Tone::Info, words.t(fate_key(fate))),
        Fate::Sent => Badge::new(Tone::Success, words.t(fate_key(fate))),
        Fate::Blocked | Fate::Unknown => Badge::new(Tone::Warning, words.t(fate_key(fate))),
        Fate::Failed => Badge::new(Tone::Error, words.t(fate_key(fate))),
    }
}

/// Why a broadcast stands still.
pub(super) fn problem(words: &Words, problem: &Problem) -> String {
    match problem {
        Problem::BotRests => words.t("broadcast-problem-bot"),
        Problem::FileMissing => words.t("broadcast-problem-file-missing"),
        Problem::FileRefused(why) => words.t1("broadcast-problem-file", "why", why.as_str()),
        Problem::Refused(why) if why.is_empty() => words.t("broadcast-problem-unclear"),
        Problem::Refused(why) => words.t1("broadcast-problem-refused", "why", why.as_str()),
    }
}

/// Why a person did not get it.
pub(super) fn reason(words: &Words, fate: Fate, problem: Option<&str>) -> String {
    match (fate, problem) {
        (Fate::Unknown, _) => words.t("broadcast-reason-unknown"),
        (Fate::Blocked, _) => words.t("broadcast-reason-blocked"),
        (Fate::Failed, Some("gone")) => words.t("broadcast-reason-gone"),
        (_, Some(problem)) => problem.to_owned(),
        (_, None) => String::new(),
    }
}

/// Its bot and the bot's name on the platform.
pub(super) fn bot(words: &Words, seen: &Seen) -> String {
    let Some(WayName { bot: _, name, username, is_live: _ }) = &seen.way else {
        return words.t("broadcast-bot-gone");
    };
    username.as_ref().map_or_else(|| name.clone(), |username| format!("{name} · @{username}"))
}
