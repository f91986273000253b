//! Trials: conversations of the simulator in which the draft answers, told from the others by their chat's key.

use context::Ctx;
use kernel::{Error, Result};

/// The key of a trial's chat begins with this; a platform's chat is a number.
const TRIAL: &str = "try:";
/// The key of a chat with what is published.
const LIVE: &str = "sim:";

/// Which blueprint a chat of the simulator is held by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plays {
    /// What answers everybody.
    Published,
    /// What somebody works on; nobody else is answered by it.
    Draft,
}

impl Plays {
    /// With this begin the keys of the member's chats.
    pub(crate) fn prefix(self, ctx: &Ctx) -> Result<String> {
        let person = ctx.actor().id.ok_or_else(Error::forbidden)?;
        let word = match self {
            Self::Published => LIVE,
            Self::Draft => TRIAL,
        };
        Ok(format!("{word}{person}:"))
    }
}

/// Whether a chat is a trial.
pub(crate) fn is_trial(chat_key: &str) -> bool {
    chat_key.starts_with(TRIAL)
}
