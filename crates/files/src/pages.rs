//! `/files/{hash}`: the bytes, to whoever may see them.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use context::{Actor, Ctx, CtxBuilder};
use kernel::{Error, Result, WorkspaceId};
use web::{App, Caller, Meta, Module, Query};

use crate::{Blobs, File, Hash, find, signature::Signature};

/// A name means one content for ever; a shared cache must not keep what only some may see.
const CACHE: &str = "private, max-age=31536000, immutable";
/// Whatever it is, nothing of it runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// The files of all domains: one route.
pub fn module() -> Module {
    Module::new("files")
        .migrations(crate::MIGRATIONS)
        .pages(Router::new().route("/files/{hash}", get(get_file)))
}

/// The address of the file with this hash, for members.
pub fn path(hash: &str) -> String {
    format!("/files/{hash}")
}

async fn get_file(
    caller: Option<Caller>,
    State(app): State<App>,
    axum::Extension(meta): axum::Extension<Meta>,
    Path(hash): Path<String>,
    Query(signature): Query<Signature>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let hash: Hash = hash.parse()?;
    let ctx = match signature.workspace(app.secret(), hash, meta.now)? {
        Some(workspace) => bearer(&app, &meta, workspace),
        None => caller.ok_or_else(Error::unauthenticated)?.ctx,
    };
    let reader = ctx.clone();
    let file = app.db().read(&ctx, move |tx| find(&reader, tx, hash)).await?.ok_or_else(Error::not_found)?;
    file.permission.map_or(Ok(()), |permission| ctx.require(permission))?;
    Ok(answer(&app, file, None, &headers).await?)
}

/// The bytes of a file, for a domain's own address of it; whoever calls has asked who may see it. `name` is what the
/// browser saves it as.
pub async fn send(caller: &Caller, hash: Hash, name: &str, headers: &HeaderMap) -> Result<Response> {
    send_to(&caller.app, &caller.ctx, hash, name, headers).await
}

/// [`send`] to somebody who is not signed in, whom the domain knows otherwise.
pub async fn send_to(app: &App, ctx: &Ctx, hash: Hash, name: &str, headers: &HeaderMap) -> Result<Response> {
    let reader = ctx.clone();
    let found = app.db().read(ctx, move |tx| find(&reader, tx, hash)).await?;
    answer(app, found.ok_or_else(Error::not_found)?, Some(name), headers).await
}

/// Whoever brings a signed address acts for nobody and sees that one file.
fn bearer(app: &App, meta: &Meta, workspace: WorkspaceId) -> Ctx {
    CtxBuilder::server(workspace, Actor::guest(), meta.now, app.random().clone()).build()
}

async fn answer(app: &App, file: File, name: Option<&str>, headers: &HeaderMap) -> Result<Response> {
    let File { hash, media_type, size_bytes: _, permission: _, created_at: _ } = file;
    let tag = format!("\"{hash}\"");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)) {
        return Ok((
            StatusCode::NOT_MODIFIED,
            [(header::ETAG, tag), (header::CACHE_CONTROL, CACHE.to_owned())],
        )
            .into_response());
    }
    let bytes = app.service::<Blobs>()?.get(hash).await?;
    let shown = match name {
        Some(name) => format!("attachment; filename=\"{}\"", plain(name)),
        None if media_type.is_picture() => "inline".to_owned(),
        None => "attachment".to_owned(),
    };
    let headers = [
        (header::CONTENT_TYPE, media_type.name()),
        (header::CACHE_CONTROL, CACHE),
        (header::ETAG, tag.as_str()),
        (header::CONTENT_DISPOSITION, shown.as_str()),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    Ok((headers, bytes).into_response())
}

/// A name that no header misreads.
fn plain(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect()
}
