//! Documents, what stands in them, and the passages they are cut into.

use kernel::{Checks, Id, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};

/// Characters of a title and of a question.
pub const TITLE_CHARS: usize = 300;
/// Characters of an answer.
pub const ANSWER_CHARS: usize = 4_000;
/// Characters of a pasted text.
pub const TEXT_CHARS: usize = 200_000;
/// Further wordings of one question.
pub const WORDINGS: usize = 20;
/// Passages of a workspace.
pub const PASSAGES: i64 = 5_000;

kernel::words! {
    /// What kind of document it is.
    DocumentKind {
        /// A question and its answer.
        Pair = "pair",
        /// A text that was typed or pasted.
        Text = "text",
        /// A file.
        File = "file",
    }
}

kernel::words! {
    /// How far a document is read.
    DocumentState {
        /// A job reads it soon, or now.
        Waiting = "waiting",
        /// Its passages are there.
        Ready = "ready",
        /// It could not be read.
        Failed = "failed",
    }
}

kernel::words! {
    /// What a file is.
    FileFormat {
        /// A text.
        Plain = "txt",
        /// A text with Markdown's headings.
        Markdown = "md",
        /// A PDF.
        Pdf = "pdf",
    }
}

kernel::words! {
    /// Why a file could not be read.
    Problem {
        /// It asks for a password.
        Encrypted = "encrypted",
        /// It holds pictures and no text.
        Pictures = "pictures",
        /// It is damaged, or no PDF.
        Broken = "broken",
        /// Reading it takes too long, too much memory, or gives too much text.
        TooHeavy = "too_heavy",
        /// This server has no program that reads it.
        NoProgram = "no_program",
        /// Nothing is in it.
        Empty = "empty",
        /// The workspace would have too many passages.
        TooMany = "too_many",
        /// The server failed; trying again may help.
        Server = "server",
    }
}

impl DocumentKind {
    /// The message that names it.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Pair => "knowledge-kind-pair",
            Self::Text => "knowledge-kind-text",
            Self::File => "knowledge-kind-file",
        }
    }
}

impl DocumentState {
    /// The message that names it.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Waiting => "knowledge-state-waiting",
            Self::Ready => "knowledge-state-ready",
            Self::Failed => "knowledge-state-failed",
        }
    }
}

impl Problem {
    /// What is told to the person.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Encrypted => "knowledge-problem-encrypted",
            Self::Pictures => "knowledge-problem-pictures",
            Self::Broken => "knowledge-problem-broken",
            Self::TooHeavy => "knowledge-problem-too-heavy",
            Self::NoProgram => "knowledge-problem-no-program",
            Self::Empty => "knowledge-problem-empty",
            Self::TooMany => "knowledge-problem-too-many",
            Self::Server => "knowledge-problem-server",
        }
    }
}

/// What a person writes into a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// A question and its answer.
    Pair {
        /// The question.
        question: String,
        /// What is answered.
        answer: String,
        /// Other ways to ask it.
        wordings: Vec<String>,
    },
    /// A text that was typed or pasted.
    Text {
        /// What it is called.
        title: String,
        /// The text.
        text: String,
    },
    /// A file that the store of blobs has.
    File {
        /// What it is called.
        title: String,
        /// What its sender called it.
        filename: String,
        /// What it is.
        format: FileFormat,
        /// The name of its bytes.
        hash: String,
    },
}

impl Content {
    /// Which kind of document it makes.
    pub const fn kind(&self) -> DocumentKind {
        match self {
            Self::Pair { .. } => DocumentKind::Pair,
            Self::Text { .. } => DocumentKind::Text,
            Self::File { .. } => DocumentKind::File,
        }
    }

    /// The question of a pair, the title of anything else.
    pub fn title(&self) -> &str {
        match self {
            Self::Pair { question: title, .. } | Self::Text { title, .. } | Self::File { title, .. } => title,
        }
    }

    /// The same, tidied, or everything that is wrong with it.
    pub fn checked(self) -> Result<Self> {
        let mut checks = Checks::new();
        let tidy = match self {
            Self::Pair { question, answer, wordings } => {
                let question = checks.required_line("question", &question, TITLE_CHARS);
                let answer = required_prose(&mut checks, "answer", &answer, ANSWER_CHARS);
                let mut tidy: Vec<String> = Vec::new();
                for wording in &wordings {
                    let line = checks.line("wordings", wording, TITLE_CHARS);
                    if !line.is_empty() && line != question && !tidy.contains(&line) {
                        tidy.push(line);
                    }
                }
                let words = Text::new("knowledge-wordings-too-many").with("max", WORDINGS);
                checks.hold(tidy.len() <= WORDINGS, "wordings", words);
                Self::Pair { question, answer, wordings: tidy }
            }
            Self::Text { title, text } => Self::Text {
                title: checks.required_line("title", &title, TITLE_CHARS),
                text: required_prose(&mut checks, "text", &text, TEXT_CHARS),
            },
            Self::File { title, filename, format, hash } => {
                let title = checks.required_line("title", &title, TITLE_CHARS);
                Self::File { title, filename, format, hash }
            }
        };
        checks.done().map(|()| tidy)
    }
}

fn required_prose(checks: &mut Checks, field: &str, text: &str, max: usize) -> String {
    let prose = checks.prose(field, text, max);
    if prose.is_empty() && !checks.has(field) {
        checks.refuse(field, Text::new("kernel-text-missing"));
    }
    prose
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Its id.
    pub id: Id<Document>,
    /// The integer that people and the API know it by.
    pub number: i64,
    /// What stands in it.
    pub content: Content,
    /// How far it is read.
    pub state: DocumentState,
    /// Why it could not be read.
    pub problem: Option<Problem>,
    /// Whether it is found.
    pub is_on: bool,
    /// How many passages it has.
    pub passage_count: i64,
    /// Who changed it last.
    pub changed_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

/// A part of a document that is found and cited as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Its id; another one when the document is cut anew.
    pub id: Id<Passage>,
    /// Its place in the document, from 1.
    pub position: i64,
    /// The page of a PDF on which it begins.
    pub page: Option<u32>,
    /// The heading above it.
    pub heading: Option<String>,
    /// Its text; the answer of a pair.
    pub text: String,
}

/// Which documents are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentFilter {
    /// A part of the title.
    pub q: Option<String>,
    /// Only of this kind.
    pub kind: Option<DocumentKind>,
    /// Only in this state.
    pub state: Option<DocumentState>,
    /// Only those that are found, or only those that are not.
    pub is_on: Option<bool>,
}
