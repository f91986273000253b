//! `/api/v1/bot2/import-roster`: a roster as a file (seed 004).

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Path, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use context::Ctx;
use db::ReadTx;
use jobs::Job;
use kernel::{Error, Id, Kind, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, ProblemBody, Query, RowKey, Upload, pages::Words};

use crate::{
    Import, ImportState,
    actions::{get_import, may_import},
    download::problems_file,
    store,
    upload::{BODY_BYTES_AT_MOST, Brought, take_in},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(import_roster))
        .layer(DefaultBodyLimit::max(BODY_BYTES_AT_MOST))
        .routes(routes!(get_roster_import))
        .routes(routes!(get_roster_import_errors))
}

/// What is said beside the file; a multipart body can say it in fields.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RosterImportQuery {
    /// The code of the campaign whose roster it is; the default one unless said.
    campaign: Option<String>,
    /// `true`: students whom the file does not name are asked no more.
    deactivate_missing: Option<String>,
}

/// The body of an upload, for the description of the API.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a description only")]
struct RosterUpload {
    /// CSV, XLSX or JSON of at most 20 MB and 100,000 rows.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    campaign: Option<String>,
    deactivate_missing: Option<String>,
}

/// An import that was taken in.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct RosterImportTaken {
    id: Uuid,
    #[schema(value_type = String)]
    state: ImportState,
    /// Where to ask what became of it.
    status_url: String,
}

/// What is wrong in a row.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct RosterRowError {
    /// Of a table the row's number as a spreadsheet shows it, of JSON its place.
    row: u32,
    /// The column, as the file calls it.
    field: String,
    code: String,
    message: String,
}

/// An import.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct RosterImportOut {
    id: Uuid,
    /// `waiting`, `checking`, `applying`, `done`, `refused` (something in the file is wrong) or `failed`: of the last two nothing
    /// stands in the roster.
    #[schema(value_type = String)]
    state: ImportState,
    /// The campaign's code.
    campaign: String,
    filename: String,
    deactivate_missing: bool,
    rows: i64,
    created: i64,
    updated: i64,
    unchanged: i64,
    deactivated: i64,
    /// Everything that is wrong in its rows.
    wrong: i64,
    /// The first thousand of it.
    errors: Vec<RosterRowError>,
    /// Why it was refused.
    refusal: Option<String>,
    /// How many rows are staged, and how many there are.
    progress: RosterProgress,
    #[schema(value_type = String)]
    created_at: Timestamp,
    created_by: String,
    #[schema(value_type = Option<String>)]
    finished_at: Option<Timestamp>,
    status_url: String,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct RosterProgress {
    done: i64,
    total: i64,
}

fn status_url(id: Uuid) -> String {
    format!("/api/v1/bot2/import-roster/{id}")
}

fn out(words: &Words, import: Import, campaign: String, job: Option<&Job>) -> RosterImportOut {
    let state = import.state_with(job);
    let Import {
        id,
        campaign: _,
        state: _,
        filename,
        file_hash: _,
        deactivates_missing,
        row_count,
        created_count,
        updated_count,
        unchanged_count,
        deactivated_count,
        wrong_count,
        problems,
        refusal,
        job: _,
        created_by,
        created_at,
        finished_at,
    } = import;
    let error = |problem: crate::RowProblem| RosterRowError {
        row: problem.row,
        field: problem.column,
        code: problem.text.key().to_owned(),
        message: words.say(&problem.text),
    };
    let (done, total) = job.map_or((0, 0), |job| (job.progress_done, job.progress_total));
    RosterImportOut {
        id: id.uuid(),
        state,
        campaign,
        filename,
        deactivate_missing: deactivates_missing,
        rows: row_count,
        created: created_count,
        updated: updated_count,
        unchanged: unchanged_count,
        deactivated: deactivated_count,
        wrong: wrong_count,
        errors: problems.into_iter().map(error).collect(),
        refusal: refusal.map(|text| words.say(&text)),
        progress: RosterProgress { done, total },
        created_at,
        created_by,
        finished_at,
        status_url: status_url(id.uuid()),
    }
}

/// Takes a roster's file in: multipart with `file`, or a CSV or JSON body of at most 2 MB. A job checks every row and writes them into
/// the roster when none is wrong, all at once; ask at `status_url`. The same file again changes nothing. Needs `surveys.edit`; an
/// outside bot's token may not.
#[utoipa::path(post, path = "/api/v1/bot2/import-roster", tag = "surveys", params(RosterImportQuery),
    request_body(content = RosterUpload, content_type = "multipart/form-data"),
    responses((status = 202, body = RosterImportTaken), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn import_roster(
    caller: Caller,
    State(app): State<App>,
    Query(query): Query<RosterImportQuery>,
    request: Request,
) -> web::Result<Response> {
    may_import(&caller.ctx)?;
    let RosterImportQuery { campaign, deactivate_missing } = query;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_multipart = kind.is_some_and(|kind| kind.trim_start().starts_with("multipart/form-data"));
    let mut brought = Brought { campaign: campaign.unwrap_or_default(), ..Brought::default() };
    let mut deactivates = deactivate_missing.unwrap_or_default();
    if is_multipart {
        let upload = Upload::from_request(request, &app).await?;
        if brought.campaign.is_empty() {
            upload.get("campaign").clone_into(&mut brought.campaign);
        }
        if deactivates.is_empty() {
            upload.get("deactivate_missing").clone_into(&mut deactivates);
        }
        (brought.filename, brought.bytes) = (upload.filename, upload.bytes);
    } else {
        let too_large = |error| {
            let words = Text::new("web-body-too-large");
            Error::new(Kind::TooMuch { retry_after_s: None }, words).because(error)
        };
        brought.bytes =
            Bytes::from_request(request, &app).await.map_err(|error| too_large(error.to_string()))?;
    }
    brought.deactivates_missing = match deactivates.trim().to_lowercase().as_str() {
        "" | "false" | "0" | "no" => false,
        "true" | "1" | "yes" | "on" => true,
        _ => return Err(Error::field("deactivate_missing", Text::new("surveys-active-unknown")).into()),
    };
    let id = take_in(&caller, brought).await?.uuid();
    let taken = RosterImportTaken { id, state: ImportState::Waiting, status_url: status_url(id) };
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, status_url(id))], Json(taken)).into_response())
}

type Known = (Import, Option<Job>, String);

fn known(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Known> {
    let id: Id<Import> = key.id().ok_or_else(Error::not_found)?;
    let (import, job) = get_import(ctx, tx, id)?;
    let code = store::campaign::get(ctx, tx, import.campaign)?.code;
    Ok((import, job, code))
}

/// What became of an import, with what is wrong in its rows, in the caller's language. Needs `surveys.edit`.
#[utoipa::path(get, path = "/api/v1/bot2/import-roster/{id}", tag = "surveys", params(("id" = Uuid, Path)),
    responses((status = 200, body = RosterImportOut), (status = 404, body = ProblemBody)))]
async fn get_roster_import(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<RosterImportOut>> {
    let (import, job, campaign) = caller.read(move |ctx, tx| known(ctx, tx, key)).await?;
    Ok(Json(out(&caller.words(), import, campaign, job.as_ref())))
}

/// What is wrong in an import's rows, as CSV. Needs `surveys.edit`.
#[utoipa::path(get, path = "/api/v1/bot2/import-roster/{id}/errors.csv", tag = "surveys", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = ProblemBody)))]
async fn get_roster_import_errors(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let (import, _, _) = caller.read(move |ctx, tx| known(ctx, tx, key)).await?;
    Ok(problems_file(&caller.words(), &import)?)
}
