//! `/api/bots/{id}/versions`: what was published, what differs, and the ways between.
#![expect(unused_qualifications, reason = "utoipa writes the path of each query's type")]

use axum::{extract::Path, http::StatusCode};
use context::Permission;
use kernel::{Result, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use crate::{
    actions::{self, Publish},
    diff::{self, Diff},
    faults,
    reads::{self, Which},
    version::Version,
};

/// A version of a bot's blueprint.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct VersionOut {
    /// Its number, from 1.
    pub version: i64,
    /// What was said about it.
    pub note: String,
    /// Who published it; empty where that was not kept.
    pub published_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Timestamp,
    /// The older version that it is again.
    pub from_version: Option<i64>,
}

impl From<Version> for VersionOut {
    fn from(version: Version) -> Self {
        let Version { bot: _, version, note, published_by, from_version, published_at } = version;
        Self { version, note, published_by, published_at, from_version }
    }
}

/// A version with its blueprint.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionSourceOut {
    /// The version.
    #[serde(flatten)]
    pub version: VersionOut,
    /// Its blueprint as a file.
    pub source: String,
}

/// A draft to publish.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct PublishIn {
    /// The revision of the draft that you have read; any unless said.
    #[serde(default)]
    pub revision: Option<i64>,
    /// What is to be remembered about it.
    #[serde(default)]
    #[schema(max_length = 300)]
    pub note: String,
}

/// A version to publish again.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct RollBackIn {
    /// Its number.
    pub version: i64,
    /// What is to be remembered about it.
    #[serde(default)]
    #[schema(max_length = 300)]
    pub note: String,
}

/// What is compared.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DiffQuery {
    /// The number of a version, or `draft`; what answers people unless said.
    #[serde(default)]
    from: Option<String>,
    /// The same; `draft` unless said.
    #[serde(default)]
    to: Option<String>,
}

/// The bot's versions, the newest first.
#[utoipa::path(get, path = "/api/bots/{id}/versions", tag = "bots",
    params(("id" = String, Path, description = "number or UUID"), PageQuery),
    responses((status = 200, body = Listed<VersionOut>), (status = 404, body = ProblemBody)))]
pub(super) async fn list_versions(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(part): Query<PageQuery>,
) -> web::Result<Json<Listed<VersionOut>>> {
    let (_, page) = caller.read(move |ctx, tx| reads::list_versions(ctx, tx, key, part.request())).await?;
    Ok(Json(Listed::of(&caller, page.map(VersionOut::from))))
}

/// A version with its blueprint.
#[utoipa::path(get, path = "/api/bots/{id}/versions/{version}", tag = "bots",
    params(("id" = String, Path, description = "number or UUID"), ("version" = i64, Path, description = "its number")),
    responses((status = 200, body = VersionSourceOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_version(
    caller: Caller,
    Path((key, number)): Path<(RowKey, RowKey)>,
) -> web::Result<Json<VersionSourceOut>> {
    let (version, source) =
        caller.read(move |ctx, tx| reads::get_version(ctx, tx, key, number_of(number)?)).await?;
    Ok(Json(VersionSourceOut { version: version.into(), source }))
}

fn number_of(key: RowKey) -> Result<i64> {
    match key {
        RowKey::Number(number) => Ok(number),
        RowKey::Id(_) => Err(kernel::Error::not_found()),
    }
}

/// Publishes the draft: it answers from now on, in conversations under way too. 422 with all faults when it has some.
#[utoipa::path(post, path = "/api/bots/{id}/publish", tag = "bots", request_body = PublishIn,
    params(("id" = String, Path, description = "number or UUID")),
    responses((status = 201, body = VersionOut), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn publish_bot(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(sent): Json<PublishIn>,
) -> web::Result<(StatusCode, Json<VersionOut>)> {
    caller.ctx.require(Permission::BotsEdit)?;
    let work = caller.read(move |ctx, tx| reads::get_work(ctx, tx, key)).await?;
    // Each fault in words; the action asks once more.
    faults::refuse(&caller.words(), "source", &work.source)?;
    let published = caller
        .once(move |ctx, tx| {
            let PublishIn { revision, note } = sent.clone();
            actions::publish(ctx, tx, work.bot.id, &Publish { revision, note }).map(VersionOut::from)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(published)))
}

/// Publishes an old version again, under a new number. The draft stays.
#[utoipa::path(post, path = "/api/bots/{id}/rollback", tag = "bots", request_body = RollBackIn,
    params(("id" = String, Path, description = "number or UUID")),
    responses((status = 201, body = VersionOut), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn roll_back_bot(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(sent): Json<RollBackIn>,
) -> web::Result<(StatusCode, Json<VersionOut>)> {
    let published = caller
        .once(move |ctx, tx| {
            let RollBackIn { version, note } = sent.clone();
            let bot = reads::get_bot(ctx, tx, key)?;
            actions::roll_back(ctx, tx, bot.id, version, &note).map(VersionOut::from)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(published)))
}

/// What differs between two versions, or a version and the draft, line by line.
#[utoipa::path(get, path = "/api/bots/{id}/diff", tag = "bots",
    params(("id" = String, Path, description = "number or UUID"), DiffQuery),
    responses((status = 200, body = Diff), (status = 404, body = ProblemBody)))]
pub(super) async fn diff_versions(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(DiffQuery { from, to }): Query<DiffQuery>,
) -> web::Result<Json<Diff>> {
    let from = from.map(|word| word.parse::<Which>()).transpose()?;
    let to: Which = to.as_deref().unwrap_or("draft").parse()?;
    let (old, new) = caller
        .read(move |ctx, tx| {
            let bot = reads::get_bot(ctx, tx, key)?;
            let (_, old) = reads::get_source(ctx, tx, key, from.unwrap_or(Which::Version(bot.version)))?;
            let (_, new) = reads::get_source(ctx, tx, key, to)?;
            Ok((old, new))
        })
        .await?;
    let told = tokio::task::spawn_blocking(move || diff::diff(&old, &new)).await;
    Ok(Json(told.map_err(kernel::Error::internal)?))
}
