//! `/files/{hash}`: the bytes, to whoever may see them.

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use context::{Actor, Ctx, CtxBuilder};
use kernel::{Error, Result, WorkspaceId};
use web::{App, Caller, Meta, Module, Query};

use crate::{Asked, Blobs, File, Hash, asked::Part, find, signature::Signature};

/// A name means one content for ever; a shared cache must not keep what only some may see.
const CACHE: &str = "private, max-age=31536000, immutable";
/// Whatever it is, nothing of it runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// The files of all domains: one route.
pub fn module() -> Module {
    Module::new("files")
        .migrations(crate::MIGRATIONS)
        .texts(crate::TEXTS)
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
    asked: Asked,
) -> web::Result<Response> {
    let hash: Hash = hash.parse()?;
    let ctx = match signature.workspace(app.secret(), hash, meta.now)? {
        Some(workspace) => bearer(&app, &meta, workspace),
        None => caller.ok_or_else(Error::unauthenticated)?.ctx,
    };
    let reader = ctx.clone();
    let file = app.db().read(&ctx, move |tx| find(&reader, tx, hash)).await?.ok_or_else(Error::not_found)?;
    file.permission.map_or(Ok(()), |permission| ctx.require(permission))?;
    Ok(answer(&app, file, None, &asked).await?)
}

/// The bytes of a file, for a domain's own address of it; whoever calls has asked who may see it. `name` is what the
/// browser saves it as.
pub async fn send(caller: &Caller, hash: Hash, name: &str, asked: &Asked) -> Result<Response> {
    send_to(&caller.app, &caller.ctx, hash, name, asked).await
}

/// [`send`] to somebody who is not signed in, whom the domain knows otherwise.
pub async fn send_to(app: &App, ctx: &Ctx, hash: Hash, name: &str, asked: &Asked) -> Result<Response> {
    let reader = ctx.clone();
    let found = app.db().read(ctx, move |tx| find(&reader, tx, hash)).await?;
    answer(app, found.ok_or_else(Error::not_found)?, Some(name), asked).await
}

/// Whoever brings a signed address acts for nobody and sees that one file.
fn bearer(app: &App, meta: &Meta, workspace: WorkspaceId) -> Ctx {
    CtxBuilder::server(workspace, Actor::guest(), meta.now, app.random().clone()).build()
}

async fn answer(app: &App, file: File, name: Option<&str>, asked: &Asked) -> Result<Response> {
    let File { hash, media_type, size_bytes, permission: _, created_at: _ } = file;
    let size = u64::try_from(size_bytes).map_err(Error::internal)?;
    let tag = format!("\"{hash}\"");
    if asked.knows(&tag) {
        let headers = [(header::ETAG, tag), (header::CACHE_CONTROL, CACHE.to_owned())];
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let part = match asked.part(&tag, size) {
        Part::Whole => None,
        Part::Of(part) => Some(part),
        Part::Behind => {
            let headers = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response());
        }
    };
    let body = if asked.is_head() {
        Body::empty()
    } else {
        let reading = app.service::<Blobs>()?.read_part(hash, part.clone()).await?;
        if reading.size != size {
            return Err(Error::internal(format!("{hash}: {} bytes of {size} are there", reading.size)));
        }
        Body::from_stream(reading.pieces)
    };
    let shown = match name {
        Some(name) => format!("attachment; filename=\"{}\"", plain(name)),
        None if media_type.is_picture() => "inline".to_owned(),
        None => "attachment".to_owned(),
    };
    let length = part.as_ref().map_or(size, |part| part.end.saturating_sub(part.start));
    let status = if part.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let headers = [
        (header::CONTENT_TYPE, media_type.name()),
        (header::CONTENT_LENGTH, &length.to_string()),
        (header::ACCEPT_RANGES, "bytes"),
        (header::CACHE_CONTROL, CACHE),
        (header::ETAG, tag.as_str()),
        (header::CONTENT_DISPOSITION, shown.as_str()),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    let mut answer = (status, headers, body).into_response();
    if let Some(part) = part {
        let range = format!("bytes {}-{}/{size}", part.start, part.end.saturating_sub(1));
        let range = HeaderValue::try_from(range).map_err(Error::internal)?;
        answer.headers_mut().insert(header::CONTENT_RANGE, range);
    }
    Ok(answer)
}

/// A name that no header misreads.
fn plain(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect()
}
