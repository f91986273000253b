//! A file on its way into a campaign's roster. Pure.

use jobs::{Job, JobState};
use kernel::{Arg, Id, Text, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Campaign;

/// Problems of one file that are kept; all are counted.
pub(crate) const PROBLEMS_AT_MOST: usize = 1_000;
/// Characters of a file's name.
pub(crate) const FILENAME_CHARS: usize = 200;

kernel::words! {
    /// Where an import stands.
    ImportState {
        /// Nobody works on it yet.
        Waiting = "waiting",
        /// Its rows are read and checked.
        Checking = "checking",
        /// All of them are right, and go into the roster.
        Applying = "applying",
        /// They are there.
        Done = "done",
        /// Rows are wrong, or the file is: nothing is in the roster.
        Refused = "refused",
        /// It could not be done; nothing is in the roster.
        Failed = "failed",
    }
}

impl ImportState {
    /// The message that names it.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Waiting => "surveys-import-waiting",
            Self::Checking => "surveys-import-checking",
            Self::Applying => "surveys-import-applying",
            Self::Done => "surveys-import-done",
            Self::Refused => "surveys-import-refused",
            Self::Failed => "surveys-import-failed",
        }
    }

    /// Whether nothing more happens to it.
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Done | Self::Refused | Self::Failed)
    }
}

/// A file on its way into a roster.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Its id.
    pub id: Id<Import>,
    /// Whose roster.
    pub campaign: Id<Campaign>,
    /// Where it stands.
    pub state: ImportState,
    /// What the file was called.
    pub filename: String,
    /// The hash of its bytes.
    pub file_hash: String,
    /// Whether students whom the file does not name are deactivated.
    pub deactivates_missing: bool,
    /// Rows of the file, once it is read.
    pub row_count: i64,
    /// Students who were not in the roster.
    pub created_count: i64,
    /// Students of whom it says something else now.
    pub updated_count: i64,
    /// Students who were there as the file says.
    pub unchanged_count: i64,
    /// Students whom the file does not name and who are asked no more.
    pub deactivated_count: i64,
    /// Everything that is wrong in the file.
    pub wrong_count: i64,
    /// The first of it.
    pub problems: Vec<RowProblem>,
    /// Why the file as a whole could not be taken.
    pub refusal: Option<Text>,
    /// The job that works on it.
    pub job: Option<Id<Job>>,
    /// Who brought it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

impl Import {
    /// Where it stands, also when the job that worked on it ended without a word.
    pub fn state_with(&self, job: Option<&Job>) -> ImportState {
        let is_dropped = job.is_some_and(|job| job.state.is_ended() && job.state != JobState::Done)
            && !self.state.is_ended();
        if is_dropped { ImportState::Failed } else { self.state }
    }
}

/// What is wrong in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The row's number: of a table as a spreadsheet shows it, of JSON its place.
    pub row: u32,
    /// The column, as the file calls it; empty where it is about the row.
    pub column: String,
    /// What is wrong.
    pub text: Text,
}

/// A text as it is kept: the key and its arguments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptText {
    key: String,
    args: Vec<(String, KeptArg)>,
}

/// A problem as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptProblem {
    row: u32,
    column: String,
    text: KeptText,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum KeptArg {
    Int(i64),
    Text(String),
}

/// The messages that a row or a file can be refused with. One that is not here is read back as `surveys-import-failed`.
const KEYS: &[&str] = &[
    "kernel-text-missing",
    "kernel-text-too-long",
    "kernel-text-has-control",
    "kernel-number-malformed",
    "surveys-student-id-malformed",
    "surveys-student-twice",
    "surveys-program-unknown",
    "surveys-program-ambiguous",
    "surveys-course-year-out-of-range",
    "surveys-active-unknown",
    "surveys-json-too-many-keys",
    "surveys-json-too-deep",
    "surveys-json-too-large",
    "surveys-file-empty",
    "surveys-file-is-xls",
    "surveys-file-is-no-table",
    "surveys-file-malformed",
    "surveys-file-too-large",
    "surveys-file-without-rows",
    "surveys-workbook-malformed",
    "surveys-workbook-too-large",
    "surveys-json-malformed",
    "surveys-json-without-list",
    "surveys-json-row-no-object",
    "surveys-too-many-rows",
    "surveys-too-many-columns",
    "surveys-cell-too-long",
    "surveys-column-missing",
    "surveys-column-twice",
    "surveys-import-rows-wrong",
];
/// The names of those messages' arguments.
const ARGS: &[&str] = &["max", "code", "row", "column"];

impl KeptText {
    pub(crate) fn of(text: &Text) -> Self {
        let arg = |value: &Arg| match value {
            Arg::Int(number) => KeptArg::Int(*number),
            Arg::Text(text) => KeptArg::Text(storable(text)),
            Arg::Money(money) => KeptArg::Text(money.to_string()),
            Arg::Quantity(quantity) => KeptArg::Text(quantity.to_string()),
            Arg::Date(date) => KeptArg::Text(date.to_string()),
        };
        let args = text.args().iter().map(|(name, value)| ((*name).to_owned(), arg(value))).collect();
        Self { key: text.key().to_owned(), args }
    }

    pub(crate) fn read(self) -> Text {
        let Self { key, args } = self;
        let key = KEYS.iter().find(|known| **known == key).copied().unwrap_or("surveys-import-failed");
        args.into_iter().fold(Text::new(key), |text, (name, value)| {
            match (ARGS.iter().find(|known| **known == name).copied(), value) {
                (None, _) => text,
                (Some(name), KeptArg::Int(number)) => text.with(name, number),
                (Some(name), KeptArg::Text(words)) => text.with(name, words),
            }
        })
    }
}

/// JSON of PostgreSQL holds no NUL; words that have one show where it stood.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

impl KeptProblem {
    pub(crate) fn of(problem: &RowProblem) -> Self {
        let RowProblem { row, column, text } = problem;
        Self { row: *row, column: storable(column), text: KeptText::of(text) }
    }

    pub(crate) fn read(self) -> RowProblem {
        let Self { row, column, text } = self;
        RowProblem { row, column, text: text.read() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_kept_and_read_back() {
        for key in KEYS {
            let text = Text::new(key).with("max", 5).with("code", "A\"1");
            let problem = RowProblem { row: 7, column: "Kurs".to_owned(), text };
            let kept = serde_json::to_value(KeptProblem::of(&problem)).unwrap();
            assert_eq!(serde_json::from_value::<KeptProblem>(kept).unwrap().read(), problem);
        }
    }
}
