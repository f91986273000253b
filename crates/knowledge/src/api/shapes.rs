//! JSON.

use kernel::{Error, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::pages::Words;

use crate::{Content, Document, DocumentKind, DocumentState, Found, NewDocument, Passage};

/// What is written into a document. A pair has `question`, `answer` and `wordings`; a text `title` and `text`; of a file
/// only the `title` can be changed. What is absent stays as it is.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct DocumentIn {
    /// `pair` or `text`; files are sent to `/api/knowledge/files`. Required of POST.
    #[schema(example = "pair")]
    pub kind: Option<String>,
    /// What a text or a file is called.
    #[schema(max_length = 300)]
    pub title: Option<String>,
    /// A pair's question.
    #[schema(max_length = 300, example = "Yetkazib berish narxi qancha?")]
    pub question: Option<String>,
    /// A pair's answer.
    #[schema(max_length = 4000)]
    pub answer: Option<String>,
    /// Other ways to ask a pair's question, at most 20.
    pub wordings: Option<Vec<String>>,
    /// A text, in plain paragraphs or Markdown.
    #[schema(max_length = 200000)]
    pub text: Option<String>,
    /// Whether it is found; true unless said.
    pub is_on: Option<bool>,
}

impl DocumentIn {
    /// A whole new document.
    pub(crate) fn new_document(self) -> Result<NewDocument> {
        let unknown = || Error::field("kind", Text::new("knowledge-kind-unknown"));
        let kind: DocumentKind = self.kind.as_deref().unwrap_or_default().parse().map_err(|_| unknown())?;
        let stands = match kind {
            DocumentKind::Pair => {
                Content::Pair { question: String::new(), answer: String::new(), wordings: Vec::new() }
            }
            DocumentKind::Text => Content::Text { title: String::new(), text: String::new() },
            DocumentKind::File => return Err(unknown()),
        };
        Ok(NewDocument { is_on: self.is_on.unwrap_or(true), content: self.over_content(stands) })
    }

    /// What stands, with what is said written over it.
    pub(crate) fn over(self, stands: Document) -> Result<NewDocument> {
        let is_other = |kind: &str| kind != stands.content.kind().word();
        if self.kind.as_deref().is_some_and(is_other) {
            return Err(Error::field("kind", Text::new("knowledge-kind-stays")));
        }
        let is_on = self.is_on.unwrap_or(stands.is_on);
        Ok(NewDocument { is_on, content: self.over_content(stands.content) })
    }

    fn over_content(self, stands: Content) -> Content {
        let Self {
            kind: _,
            title: named,
            question: asked,
            answer: said,
            wordings: worded,
            text: written,
            is_on: _,
        } = self;
        match stands {
            Content::Pair { question, answer, wordings } => Content::Pair {
                question: asked.unwrap_or(question),
                answer: said.unwrap_or(answer),
                wordings: worded.unwrap_or(wordings),
            },
            Content::Text { title, text } => {
                Content::Text { title: named.unwrap_or(title), text: written.unwrap_or(text) }
            }
            Content::File { title, filename, format, hash } => {
                Content::File { title: named.unwrap_or(title), filename, format, hash }
            }
        }
    }
}

/// A document as the API shows it. Fields of another kind are absent.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the same fields as DocumentIn's and Document's")]
pub struct DocumentOut {
    pub id: i64,
    pub uuid: Uuid,
    #[schema(value_type = String)]
    pub kind: DocumentKind,
    /// The question of a pair.
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wordings: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    #[schema(value_type = String)]
    pub state: DocumentState,
    /// Why a file could not be read: a word.
    pub problem: Option<&'static str>,
    /// The same in the caller's language.
    pub problem_text: Option<String>,
    pub is_on: bool,
    pub passage_count: i64,
    pub changed_by: String,
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    #[schema(value_type = String)]
    pub changed_at: Timestamp,
}

impl DocumentOut {
    pub(crate) fn new(words: &Words, document: Document) -> Self {
        let Document {
            id,
            number,
            content,
            state,
            problem,
            is_on,
            passage_count,
            changed_by,
            created_at,
            changed_at,
        } = document;
        let (kind, title) = (content.kind(), content.title().to_owned());
        let (mut question, mut answer, mut wordings, mut text, mut filename) = (None, None, None, None, None);
        match content {
            Content::Pair { question: asked, answer: said, wordings: worded } => {
                (question, answer, wordings) = (Some(asked), Some(said), Some(worded));
            }
            Content::Text { text: written, .. } => text = Some(written),
            Content::File { filename: named, .. } => filename = Some(named),
        }
        Self {
            id: number,
            uuid: id.uuid(),
            kind,
            title,
            question,
            answer,
            wordings,
            text,
            filename,
            state,
            problem: problem.map(|problem| problem.word()),
            problem_text: problem.map(|problem| words.t(problem.text_key())),
            is_on,
            passage_count,
            changed_by,
            created_at,
            changed_at,
        }
    }
}

/// A passage as the API shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the same fields as Passage's")]
pub struct PassageOut {
    pub uuid: Uuid,
    pub position: i64,
    pub page: Option<u32>,
    pub heading: Option<String>,
    pub text: String,
}

impl From<Passage> for PassageOut {
    fn from(passage: Passage) -> Self {
        let Passage { id, position, page, heading, text } = passage;
        Self { uuid: id.uuid(), position, page, heading, text }
    }
}

/// A passage that fits a question.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundOut {
    /// The passage.
    pub passage: Uuid,
    /// The number of its document.
    pub document_id: i64,
    /// The document's title; the question of a pair.
    pub title: String,
    /// The page of a PDF on which it begins.
    pub page: Option<u32>,
    /// The heading above it.
    pub heading: Option<String>,
    /// Its text; the answer of a pair.
    pub text: String,
    /// The question, for a pair.
    pub question: Option<String>,
    /// How much of the question's weight it covers, in thousandths.
    pub fit: u16,
    /// Good enough to be said as the answer.
    pub is_sure: bool,
}

impl From<Found> for FoundOut {
    fn from(found: Found) -> Self {
        let Found { passage, document, title, page, heading, text, question, fit, is_sure } = found;
        Self {
            passage: passage.uuid(),
            document_id: document,
            title,
            page,
            heading,
            text,
            question,
            fit,
            is_sure,
        }
    }
}
