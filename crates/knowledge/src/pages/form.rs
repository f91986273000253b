//! The forms of the three kinds.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Error, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey, Upload,
    pages::{Field, Form, FormPage, Go, Shell, form_again, render},
};

use super::{address, under_list};
use crate::{
    Content, Document, DocumentKind, FileFormat, NewDocument, create_document as create, get_document,
    update_document as update, upload::take_in,
};

/// What a form sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct DocumentForm {
    title: String,
    text: String,
    question: String,
    answer: String,
    wordings: String,
    is_on: String,
}

impl DocumentForm {
    fn empty() -> Self {
        Self { is_on: "true".to_owned(), ..Self::default() }
    }

    fn of(document: &Document) -> Self {
        let is_on = if document.is_on { "true".to_owned() } else { String::new() };
        let typed = Self { is_on, ..Self::default() };
        match document.content.clone() {
            Content::Pair { question, answer, wordings } => {
                Self { question, answer, wordings: wordings.join("\n"), ..typed }
            }
            Content::Text { title, text } => Self { title, text, ..typed },
            Content::File { title, .. } => Self { title, ..typed },
        }
    }

    /// The input of the actions. Of a file that stands only the title counts.
    fn new_document(&self, kind: DocumentKind) -> NewDocument {
        let Self { title, text, question, answer, wordings, is_on } = self.clone();
        let content = match kind {
            DocumentKind::Pair => {
                let wordings = wordings.lines().map(str::to_owned).collect();
                Content::Pair { question, answer, wordings }
            }
            DocumentKind::Text => Content::Text { title, text },
            DocumentKind::File => Content::File {
                title,
                filename: String::new(),
                format: FileFormat::Plain,
                hash: String::new(),
            },
        };
        NewDocument { content, is_on: is_on == "true" }
    }
}

/// The form of a kind; of the document with this number, where there is one.
fn page(
    p: Shell,
    kind: DocumentKind,
    number: Option<i64>,
    typed: &DocumentForm,
    error: Option<&Error>,
) -> FormPage {
    let (new, title) = match kind {
        DocumentKind::Pair => ("/knowledge/pairs/new", "knowledge-pair-new"),
        DocumentKind::Text => ("/knowledge/texts/new", "knowledge-text-new"),
        DocumentKind::File => ("/knowledge/files/new", "knowledge-file-new"),
    };
    let (action, back, title) = match number {
        None => (new.to_owned(), "/knowledge".to_owned(), title),
        Some(number) => (format!("{}/edit", address(number)), address(number), "knowledge-edit-title"),
    };
    let p = under_list(p.titled(title)).narrow();
    let mut form = Form::new(&p, action).error(error);
    let title = || Field::text("title", "knowledge-field-title").value(&typed.title).max(300);
    match kind {
        DocumentKind::Pair => {
            let question = Field::text("question", "knowledge-field-question").value(&typed.question);
            form = form
                .field(question.required().focus().max(300))
                .field(
                    Field::area("answer", "knowledge-field-answer")
                        .value(&typed.answer)
                        .required()
                        .max(4_000),
                )
                .field(
                    Field::area("wordings", "knowledge-field-wordings")
                        .value(&typed.wordings)
                        .help("knowledge-field-wordings-help"),
                );
        }
        DocumentKind::Text => {
            let text = Field::area("text", "knowledge-field-text").value(&typed.text).required();
            form = form.field(title().required().focus()).field(text.help("knowledge-field-text-help"));
        }
        DocumentKind::File if number.is_some() => form = form.field(title().required().focus()),
        DocumentKind::File => {
            let file = Field::file("file", "knowledge-field-file", ".txt,.md,.pdf").required();
            form = form
                .field(file.help("knowledge-field-file-help"))
                .field(title().help("knowledge-field-title-help"))
                .submit("knowledge-file-new")
                .submit_icon("upload");
        }
    }
    if kind != DocumentKind::File || number.is_some() {
        let is_on = typed.is_on == "true";
        form = form.field(Field::check("is_on", "knowledge-field-is-on").checked(is_on));
    }
    FormPage::new(p, form.cancel(back))
}

/// `GET /knowledge/pairs/new`.
pub(super) async fn new_pair_page(caller: Caller) -> web::Result<Response> {
    new_page(&caller, DocumentKind::Pair)
}

/// `GET /knowledge/texts/new`.
pub(super) async fn new_text_page(caller: Caller) -> web::Result<Response> {
    new_page(&caller, DocumentKind::Text)
}

/// `GET /knowledge/files/new`.
pub(super) async fn new_file_page(caller: Caller) -> web::Result<Response> {
    new_page(&caller, DocumentKind::File)
}

fn new_page(caller: &Caller, kind: DocumentKind) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    Ok(render(&page(caller.shell(), kind, None, &DocumentForm::empty(), None)))
}

/// `POST /knowledge/pairs/new`.
pub(super) async fn create_pair(
    caller: Caller,
    web::Form(typed): web::Form<DocumentForm>,
) -> web::Result<Response> {
    make(&caller, DocumentKind::Pair, &typed).await
}

/// `POST /knowledge/texts/new`.
pub(super) async fn create_text(
    caller: Caller,
    web::Form(typed): web::Form<DocumentForm>,
) -> web::Result<Response> {
    make(&caller, DocumentKind::Text, &typed).await
}

async fn make(caller: &Caller, kind: DocumentKind, typed: &DocumentForm) -> web::Result<Response> {
    let new = typed.new_document(kind);
    match caller.once(move |ctx, tx| Ok(create(ctx, tx, new.clone())?.number)).await {
        Ok(number) => Ok(done(caller, number, "knowledge-created")),
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), kind, None, typed, Some(error)))?),
    }
}

/// `POST /knowledge/files/new`.
pub(super) async fn create_file(caller: Caller, upload: Upload) -> web::Result<Response> {
    let typed = DocumentForm { title: upload.get("title").to_owned(), ..DocumentForm::empty() };
    match take_in(&caller, upload).await {
        Ok(number) => Ok(done(&caller, number, "knowledge-reading")),
        Err(error) => {
            let again = |error: &Error| page(caller.shell(), DocumentKind::File, None, &typed, Some(error));
            Ok(form_again(error, again)?)
        }
    }
}

/// `GET /knowledge/{id}/edit`.
pub(super) async fn edit_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    let document = caller.read(move |ctx, tx| get_document(ctx, tx, key)).await?;
    let (kind, number) = (document.content.kind(), document.number);
    Ok(render(&page(caller.shell(), kind, Some(number), &DocumentForm::of(&document), None)))
}

/// `POST /knowledge/{id}/edit`.
pub(super) async fn update_document(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<DocumentForm>,
) -> web::Result<Response> {
    let document = caller.read(move |ctx, tx| get_document(ctx, tx, key)).await?;
    let (kind, number) = (document.content.kind(), document.number);
    let new = typed.new_document(kind);
    match caller.write(move |ctx, tx| update(ctx, tx, key, new.clone()).map(drop)).await {
        Ok(()) => Ok(done(&caller, number, "knowledge-saved")),
        Err(error) => {
            Ok(form_again(error, |error| page(caller.shell(), kind, Some(number), &typed, Some(error)))?)
        }
    }
}

fn done(caller: &Caller, number: i64, text: &'static str) -> Response {
    Go::to(address(number)).done(&caller.words(), &Text::new(text)).into_response()
}
