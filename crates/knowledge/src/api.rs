//! `/api/knowledge`.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

mod shapes;

use axum::{
    extract::{DefaultBodyLimit, Path},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{Error, Result, Text};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey, Upload};

pub use shapes::{DocumentIn, DocumentOut, FoundOut, PassageOut};

use crate::{
    DocumentFilter, Imported, Knowledge, actions, create_document as create, delete_document as delete,
    get_document as get, list_documents as list, passages_of, read_again as again, update_document as update,
    upload::{BODY_BYTES, take_in, take_pairs_in},
};

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(upload_document))
        .routes(routes!(import_pairs))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .routes(routes!(list_documents, create_document))
        .routes(routes!(get_document, change_document, delete_document))
        .routes(routes!(read_document_again))
        .routes(routes!(list_passages))
        .routes(routes!(search_knowledge))
}

/// Which documents are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DocumentQuery {
    /// Words of the title, in either script.
    q: Option<String>,
    /// `pair`, `text` or `file`.
    kind: Option<String>,
    /// `waiting`, `ready` or `failed`.
    state: Option<String>,
    /// Those that are found, or those that are not.
    is_on: Option<bool>,
    page: Option<u32>,
    page_size: Option<u32>,
}

/// What is asked.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// The question, as a person types it.
    q: Option<String>,
    /// Passages at most: 5 unless said, 50 at most.
    limit: Option<usize>,
}

/// The body of an upload, for the description of the API.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a description only")]
struct DocumentUpload {
    /// What it is called; the file's name unless said.
    title: Option<String>,
    /// A `.txt` or `.md` file in UTF-8, or a `.pdf`, of at most 20 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// What the bots know, the last changed first.
#[utoipa::path(get, path = "/api/knowledge/documents", tag = "knowledge", params(DocumentQuery),
    responses((status = 200, body = Listed<DocumentOut>)))]
async fn list_documents(
    caller: Caller,
    Query(query): Query<DocumentQuery>,
) -> web::Result<Json<Listed<DocumentOut>>> {
    let DocumentQuery { q, kind, state, is_on, page, page_size } = query;
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let kind = given(kind).map(|word| word.parse()).transpose()?;
    let state = given(state).map(|word| word.parse()).transpose()?;
    let filter = DocumentFilter { q: given(q), kind, state, is_on };
    let part = PageQuery::of(page, page_size).request();
    let found = caller.read(move |ctx, tx| list(ctx, tx, &filter, part)).await?;
    let words = caller.words();
    Ok(Json(Listed::of(&caller, found.map(|document| DocumentOut::new(&words, document)))))
}

/// Writes a pair or a text down.
#[utoipa::path(post, path = "/api/knowledge/documents", tag = "knowledge", request_body = DocumentIn,
    responses((status = 201, body = DocumentOut), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn create_document(caller: Caller, Json(body): Json<DocumentIn>) -> web::Result<Response> {
    let new = body.new_document()?;
    let number = caller.once(move |ctx, tx| Ok(create(ctx, tx, new.clone())?.number)).await?;
    created(&caller, number).await
}

/// Takes a file in. It is read by a job: ask for the document until its state is `ready` or `failed`.
#[utoipa::path(post, path = "/api/knowledge/files", tag = "knowledge",
    request_body(content = DocumentUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = DocumentOut), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn upload_document(caller: Caller, upload: Upload) -> web::Result<Response> {
    let number = take_in(&caller, upload).await?;
    created(&caller, number).await
}

/// The body of an import, for the description of the API.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a description only")]
struct PairsUpload {
    /// CSV in UTF-8, at most 500 rows: question, answer and, separated by `|`, other wordings.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Writes the pairs of a CSV file down, all or none. One whose question is there already changes that one.
#[utoipa::path(post, path = "/api/knowledge/pairs", tag = "knowledge",
    request_body(content = PairsUpload, content_type = "multipart/form-data"),
    responses((status = 200, body = Imported), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn import_pairs(caller: Caller, upload: Upload) -> web::Result<Json<Imported>> {
    Ok(Json(take_pairs_in(&caller, upload).await?))
}

/// One document.
#[utoipa::path(get, path = "/api/knowledge/documents/{id}", tag = "knowledge", params(("id" = String, Path)),
    responses((status = 200, body = DocumentOut), (status = 404, body = ProblemBody)))]
async fn get_document(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<DocumentOut>> {
    Ok(Json(shown(&caller, key).await?))
}

/// Changes a document; what is absent stays. Its kind and the bytes of a file stay for ever.
#[utoipa::path(patch, path = "/api/knowledge/documents/{id}", tag = "knowledge", params(("id" = String, Path)),
    request_body = DocumentIn, responses((status = 200, body = DocumentOut), (status = 422, body = ProblemBody)))]
async fn change_document(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<DocumentIn>,
) -> web::Result<Json<DocumentOut>> {
    caller
        .once(move |ctx, tx| {
            let new = body.clone().over(get(ctx, tx, key)?)?;
            update(ctx, tx, key, new).map(drop)
        })
        .await?;
    Ok(Json(shown(&caller, key).await?))
}

/// Takes a document away.
#[utoipa::path(delete, path = "/api/knowledge/documents/{id}", tag = "knowledge", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
async fn delete_document(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    caller.write(move |ctx, tx| delete(ctx, tx, key)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Has a file read once more.
#[utoipa::path(post, path = "/api/knowledge/documents/{id}/read", tag = "knowledge", params(("id" = String, Path)),
    responses((status = 200, body = DocumentOut), (status = 409, body = ProblemBody)))]
async fn read_document_again(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<DocumentOut>> {
    caller.once(move |ctx, tx| again(ctx, tx, key).map(drop)).await?;
    Ok(Json(shown(&caller, key).await?))
}

/// The passages of a document, in their order.
#[utoipa::path(get, path = "/api/knowledge/documents/{id}/passages", tag = "knowledge",
    params(("id" = String, Path), PageQuery),
    responses((status = 200, body = Listed<PassageOut>), (status = 404, body = ProblemBody)))]
async fn list_passages(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(page): Query<PageQuery>,
) -> web::Result<Json<Listed<PassageOut>>> {
    let read = move |ctx: &context::Ctx, tx: &mut db::ReadTx<'_>| {
        let document = get(ctx, tx, key)?;
        passages_of(ctx, tx, document.id, page.request())
    };
    let found = caller.read(read).await?;
    Ok(Json(Listed::of(&caller, found.map(PassageOut::from))))
}

/// The passages that fit a question best, the best first.
#[utoipa::path(get, path = "/api/knowledge/search", tag = "knowledge", params(SearchQuery),
    responses((status = 200, body = Vec<FoundOut>), (status = 422, body = ProblemBody)))]
async fn search_knowledge(
    caller: Caller,
    Query(query): Query<SearchQuery>,
) -> web::Result<Json<Vec<FoundOut>>> {
    actions::may_ask(&caller.ctx)?;
    let SearchQuery { q, limit } = query;
    let question = q.filter(|question| !question.trim().is_empty());
    let missing = || Error::field("q", Text::new("kernel-text-missing"));
    let found = ask(&caller, &question.ok_or_else(missing)?, limit.unwrap_or(FOUND)).await?;
    Ok(Json(found.into_iter().map(FoundOut::from).collect()))
}

/// Passages that an answer has unless more are asked for.
pub(crate) const FOUND: usize = 5;

/// What the workspace knows about a question, for members.
pub(crate) async fn ask(caller: &Caller, question: &str, at_most: usize) -> Result<Vec<crate::Found>> {
    actions::may_ask(&caller.ctx)?;
    caller.app.service::<Knowledge>()?.find(&caller.ctx, caller.app.db(), question, at_most).await
}

async fn shown(caller: &Caller, key: RowKey) -> Result<DocumentOut> {
    let document = caller.read(move |ctx, tx| get(ctx, tx, key)).await?;
    Ok(DocumentOut::new(&caller.words(), document))
}

async fn created(caller: &Caller, number: i64) -> web::Result<Response> {
    let out = shown(caller, RowKey::Number(number)).await?;
    let place = [(header::LOCATION, format!("/api/knowledge/documents/{number}"))];
    Ok((StatusCode::CREATED, place, Json(out)).into_response())
}
