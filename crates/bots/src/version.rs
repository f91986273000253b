//! What a draft and a version of a bot's blueprint are, and what is wrong with a file. Pure.

use flow::{Blueprint, Problem, limits::BLUEPRINT_BYTES_MAX};
use kernel::{Checks, Error, Id, Result, Text, Timestamp};
use serde::Serialize;

use crate::{Bot, host};

/// Characters of what somebody says about a version.
pub(crate) const NOTE_CHARS: usize = 300;

/// A version that was published. It never changes.
#[derive(Debug, Clone, Serialize)]
pub struct Version {
    /// Its bot.
    pub bot: Id<Bot>,
    /// Its number, from 1 in each bot.
    pub version: i64,
    /// What its maker said about it.
    pub note: String,
    /// Who published it; empty for versions from before that was kept.
    pub published_by: String,
    /// The older version that it is again.
    pub from_version: Option<i64>,
    /// When.
    pub published_at: Timestamp,
}

/// What somebody works on and nobody is answered by.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// Counts what was done to the bot's draft; whoever saves says which one they have read.
    pub(crate) revision: i64,
    /// The version that answered when it was begun.
    pub(crate) base_version: i64,
    pub(crate) source: String,
    /// How many faults it had when it was saved.
    pub(crate) problems: i64,
    pub(crate) changed_by: String,
    pub(crate) changed_at: Timestamp,
}

/// A blueprint as people edit it: the draft, or what is published where there is none.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    pub(crate) bot: Bot,
    pub(crate) source: String,
    pub(crate) revision: i64,
    pub(crate) base_version: i64,
    /// Who changed it last and when; `None` where it is what is published.
    pub(crate) changed: Option<(String, Timestamp)>,
}

impl Work {
    /// Why something could not be done to it: somebody who had read another revision is told that first.
    pub(crate) fn or_stale(&self, revision: i64, error: Error) -> Error {
        if revision == self.revision {
            return error;
        }
        Error::conflict(match &self.changed {
            Some((who, _)) => Text::new("bots-draft-stale").with("who", who),
            None => Text::new("bots-draft-gone"),
        })
    }
}

/// What is wrong with a blueprint, by what its bots can do.
pub(crate) fn problems(source: &str) -> Vec<Problem> {
    Blueprint::load("blueprint", source, host::actions()).err().unwrap_or_default()
}

/// The text of a file that somebody sent: UTF-8, not too long, with the line ends of ours. Errors are about `field`.
pub(crate) fn text_of_file(field: &str, bytes: &[u8]) -> Result<String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Error::field(field, Text::new("bots-file-not-utf8")).because(error))?;
    tidy(field, text)
}

/// The blueprint as it is kept. Errors are about `field`.
pub(crate) fn tidy(field: &str, source: &str) -> Result<String> {
    let mut checks = Checks::new();
    let kilobytes = BLUEPRINT_BYTES_MAX / 1024;
    let long = || Text::new("bots-file-long").with("kilobytes", kilobytes);
    checks.hold(source.len() <= BLUEPRINT_BYTES_MAX, field, long());
    checks.hold(!source.contains('\0'), field, Text::new("kernel-text-has-control"));
    checks.done()?;
    Ok(source.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_from_another_system_is_kept_with_our_line_ends() {
        assert_eq!(text_of_file("file", b"\xef\xbb\xbfa\r\nb\rc\n").unwrap(), "a\nb\nc\n");
    }

    #[test]
    fn what_is_no_text_or_too_long_is_refused_beside_its_field() {
        for (bytes, key) in [
            (vec![0xff, 0xfe, 0x41], "bots-file-not-utf8"),
            (b"a\0b".to_vec(), "kernel-text-has-control"),
            (vec![b'a'; BLUEPRINT_BYTES_MAX + 1], "bots-file-long"),
        ] {
            let error = text_of_file("file", &bytes).unwrap_err();
            assert_eq!(
                (error.field_errors()[0].field.as_str(), error.field_errors()[0].text.key()),
                ("file", key)
            );
        }
    }
}
