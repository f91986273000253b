//! `/api/imports`.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

mod output;

use axum::{
    extract::{DefaultBodyLimit, Path},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::Result;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey, Upload};

pub use output::ImportOut;
pub(crate) use output::read;

use crate::{
    ImportKind, Policy, apply_import as apply, cancel_import as cancel,
    download::bad_rows_file,
    list_imports as list, set_columns as name_columns,
    upload::{BODY_BYTES_AT_MOST, take_in},
};

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_imports, create_import))
        .layer(DefaultBodyLimit::max(BODY_BYTES_AT_MOST))
        .routes(routes!(get_import))
        .routes(routes!(set_columns))
        .routes(routes!(apply_import))
        .routes(routes!(cancel_import))
        .routes(routes!(get_bad_rows))
}

/// The body of an upload, for the description of the API.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a description only")]
struct ImportUpload {
    /// `products` or `stock_receipt`.
    #[schema(example = "products")]
    kind: String,
    /// An XLSX or CSV file of at most 20 MB and 100,000 rows, its first row the names of its columns.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Which imports are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ImportQuery {
    /// `products` or `stock_receipt`.
    kind: Option<String>,
    /// `columns`, `reading`, `ready`, `applying`, `done` or `cancelled`.
    state: Option<String>,
    #[serde(default)]
    page: Option<u32>,
    #[serde(default)]
    page_size: Option<u32>,
}

/// Which field each column holds.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct ColumnsIn {
    /// The field of each column in the file's order; an empty text for a column that is not taken.
    #[schema(example = json!(["code", "name", "sale_price", ""]))]
    fields: Vec<String>,
}

/// How the rows are written into the books.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
struct ApplyIn {
    /// `all` (the default): every row or none; `good`: the good rows, the bad ones are left out.
    policy: Option<String>,
    /// Makes another receipt of a file that one came of before.
    again: bool,
}

/// The imports, newest first.
#[utoipa::path(get, path = "/api/imports", tag = "imports", params(ImportQuery),
    responses((status = 200, body = Listed<ImportOut>)))]
async fn list_imports(
    caller: Caller,
    Query(query): Query<ImportQuery>,
) -> web::Result<Json<Listed<ImportOut>>> {
    let some = |text: Option<String>| text.filter(|text| !text.is_empty());
    let part = PageQuery::of(query.page, query.page_size).request();
    let kind = some(query.kind).map(|word| word.parse()).transpose()?;
    let state = some(query.state).map(|word| word.parse()).transpose()?;
    let page = caller.read(move |ctx, tx| list(ctx, tx, kind, state, part)).await?;
    let words = caller.words();
    Ok(Json(Listed::of(&caller, page.map(|import| ImportOut::new(&words, import, None, Vec::new())))))
}

/// Takes a file in. Its rows are read and checked by a job: ask for the import until its state is `ready` (or
/// `columns`, when the headings do not say what the columns hold).
#[utoipa::path(post, path = "/api/imports", tag = "imports",
    request_body(content = ImportUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = ImportOut), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn create_import(caller: Caller, upload: Upload) -> web::Result<Response> {
    let kind: ImportKind = upload.get("kind").parse()?;
    let number = take_in(&caller, kind, upload).await?;
    let out = shown(&caller, RowKey::Number(number)).await?;
    let place = [(header::LOCATION, format!("/api/imports/{number}"))];
    Ok((StatusCode::CREATED, place, Json(out)).into_response())
}

/// One import, with its first hundred bad rows.
#[utoipa::path(get, path = "/api/imports/{id}", tag = "imports", params(("id" = String, Path)),
    responses((status = 200, body = ImportOut), (status = 404, body = ProblemBody)))]
async fn get_import(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<ImportOut>> {
    Ok(Json(shown(&caller, key).await?))
}

/// Says which field each column holds, and has the rows read anew.
#[utoipa::path(post, path = "/api/imports/{id}/columns", tag = "imports", params(("id" = String, Path)),
    request_body = ColumnsIn,
    responses((status = 200, body = ImportOut), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn set_columns(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<ColumnsIn>,
) -> web::Result<Json<ImportOut>> {
    caller.once(move |ctx, tx| name_columns(ctx, tx, key, &body.fields).map(drop)).await?;
    Ok(Json(shown(&caller, key).await?))
}

/// Has the checked rows written into the books, by a job.
#[utoipa::path(post, path = "/api/imports/{id}/apply", tag = "imports", params(("id" = String, Path)),
    request_body = ApplyIn,
    responses((status = 200, body = ImportOut), (status = 409, body = ProblemBody)))]
async fn apply_import(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<ApplyIn>,
) -> web::Result<Json<ImportOut>> {
    let policy: Policy = body.policy.map(|word| word.parse()).transpose()?.unwrap_or_default();
    caller.once(move |ctx, tx| apply(ctx, tx, key, policy, body.again).map(drop)).await?;
    Ok(Json(shown(&caller, key).await?))
}

/// Throws an import away; rows that are in the books stay there.
#[utoipa::path(post, path = "/api/imports/{id}/cancel", tag = "imports", params(("id" = String, Path)),
    responses((status = 200, body = ImportOut), (status = 409, body = ProblemBody)))]
async fn cancel_import(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<ImportOut>> {
    caller.once(move |ctx, tx| cancel(ctx, tx, key).map(drop)).await?;
    Ok(Json(shown(&caller, key).await?))
}

/// The bad rows as CSV: row number, what is wrong, and the cells as they stand in the file.
#[utoipa::path(get, path = "/api/imports/{id}/bad-rows.csv", tag = "imports", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = ProblemBody)))]
async fn get_bad_rows(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    Ok(bad_rows_file(&caller, key).await?)
}

async fn shown(caller: &Caller, key: RowKey) -> Result<ImportOut> {
    let (import, job, bad) = caller.read(move |ctx, tx| read(ctx, tx, key)).await?;
    Ok(ImportOut::new(&caller.words(), import, job, bad))
}
