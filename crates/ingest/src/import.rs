//! An import: a file on its way into the books. Pure.

use std::str::FromStr;

use jobs::Job;
use kernel::{Error, Id, Result, Text, Timestamp};

use crate::{ImportKind, Mapping, problem::Problem};

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportState {
    /// Its columns do not say what they hold: a person has to.
    Columns,
    /// Its rows are being read and checked.
    Reading,
    /// Its rows are checked; a person decides.
    Ready,
    /// Its rows are being written into the books.
    Applying,
    /// They are in the books.
    Done,
    /// It was thrown away.
    Cancelled,
}

impl ImportState {
    /// All states, in their order.
    pub const ALL: [Self; 6] =
        [Self::Columns, Self::Reading, Self::Ready, Self::Applying, Self::Done, Self::Cancelled];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Columns => "columns",
            Self::Reading => "reading",
            Self::Ready => "ready",
            Self::Applying => "applying",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }

    /// The message that names it.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Columns => "ingest-state-columns",
            Self::Reading => "ingest-state-reading",
            Self::Ready => "ingest-state-ready",
            Self::Applying => "ingest-state-applying",
            Self::Done => "ingest-state-done",
            Self::Cancelled => "ingest-state-cancelled",
        }
    }

    /// Whether a job works on it.
    pub const fn is_busy(self) -> bool {
        matches!(self, Self::Reading | Self::Applying)
    }
}

impl FromStr for ImportState {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self> {
        let unknown = || Error::field("state", Text::new("ingest-state-unknown"));
        Self::ALL.into_iter().find(|state| state.word() == word).ok_or_else(unknown)
    }
}

/// What becomes of the good rows where some are bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// Every row, or none.
    #[default]
    All,
    /// The good rows; the bad ones are left out.
    Good,
}

impl Policy {
    /// Both.
    pub const ALL: [Self; 2] = [Self::All, Self::Good];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Good => "good",
        }
    }
}

impl FromStr for Policy {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self> {
        let unknown = || Error::field("policy", Text::new("ingest-policy-unknown"));
        Self::ALL.into_iter().find(|policy| policy.word() == word).ok_or_else(unknown)
    }
}

/// A file on its way into the books.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Its id.
    pub id: Id<Import>,
    /// Its number in the workspace, which the API speaks.
    pub number: i64,
    /// What the file brings.
    pub kind: ImportKind,
    /// Where it stands.
    pub state: ImportState,
    /// What becomes of the good rows where some are bad.
    pub policy: Policy,
    /// What the file was called.
    pub filename: String,
    /// The hash of its bytes.
    pub file_hash: String,
    /// Whether the store of blobs has it.
    pub file_kept: bool,
    /// The headings of its columns.
    pub headings: Vec<String>,
    /// Which field each column holds.
    pub mapping: Mapping,
    /// Its first rows.
    pub sample: Vec<Vec<String>>,
    /// Rows in the file.
    pub row_count: i64,
    /// Rows without a mistake.
    pub good_count: i64,
    /// Rows with one.
    pub bad_count: i64,
    /// Products that were not there, or lines of the receipt.
    pub created_count: i64,
    /// Products that are different now.
    pub changed_count: i64,
    /// Products that were as the file says.
    pub same_count: i64,
    /// The number of the stock receipt that came of it.
    pub receipt: Option<i64>,
    /// Why it could not be applied as a whole.
    pub(crate) refusal: Option<Problem>,
    /// The job that reads or applies it now, or did last.
    pub job: Option<Id<Job>>,
    /// Who brought it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was done or thrown away.
    pub finished_at: Option<Timestamp>,
}

impl Import {
    /// Rows that are in the books.
    pub const fn applied_count(&self) -> i64 {
        self.created_count + self.changed_count + self.same_count
    }

    /// What the file calls the column of this field.
    pub(crate) fn heading(&self, field: &str) -> String {
        let heading = self.mapping.column(field).and_then(|column| self.headings.get(column));
        heading.cloned().unwrap_or_default()
    }

    /// What is wrong with the columns, while a person has to say what they hold.
    pub fn column_problems(&self) -> Vec<Text> {
        match self.mapping.check(self.kind, &self.headings, false) {
            Err(error) if self.state == ImportState::Columns => {
                error.field_errors().iter().map(|error| error.text.clone()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Why it could not be applied as a whole.
    pub fn refusal(&self) -> Option<&Text> {
        self.refusal.as_ref().map(|problem| &problem.text)
    }
}

/// A row that cannot be taken, as it stands in the file, with everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its number as a spreadsheet shows it.
    pub row: u32,
    /// Its cells.
    pub cells: Vec<String>,
    /// What is wrong: the column's heading (empty for the whole row) and the words.
    pub problems: Vec<(String, Text)>,
}
