//! `/api/broadcasts`: writing them, letting them go, and who got them.

mod shapes;

use std::sync::Arc;

use axum::{
    extract::{DefaultBodyLimit, Path},
    http::StatusCode,
};
use bots::Bots;
use context::{Ctx, Permission};
use db::Tx;
use files::Received;
use kernel::{Error, Id, Result, Text};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use self::shapes::{
    BroadcastIn, BroadcastOut, BroadcastsQuery, FileIn, PreviewOut, RecipientOut, RecipientsQuery,
    ScheduleIn, TrialIn,
};
use crate::{
    Broadcast,
    actions::{self, FILE_BYTES_MAX, StoredFile},
    reads,
};

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    let files = OpenApiRouter::new()
        .routes(routes!(set_broadcast_file, remove_broadcast_file))
        .layer(DefaultBodyLimit::max(FILE_BYTES_MAX + 16 * 1024));
    OpenApiRouter::new()
        .routes(routes!(list_broadcasts, create_broadcast))
        .routes(routes!(get_broadcast, change_broadcast, delete_broadcast))
        .routes(routes!(preview_broadcast))
        .routes(routes!(list_recipients))
        .routes(routes!(try_broadcast))
        .routes(routes!(schedule_broadcast))
        .routes(routes!(unschedule_broadcast))
        .routes(routes!(start_broadcast))
        .routes(routes!(pause_broadcast))
        .routes(routes!(resume_broadcast))
        .routes(routes!(cancel_broadcast))
        .routes(routes!(copy_broadcast))
        .merge(files)
}

/// Broadcasts, the newest first.
#[utoipa::path(get, path = "/api/broadcasts", tag = "broadcasts", params(BroadcastsQuery),
    responses((status = 200, body = Listed<BroadcastOut>), (status = 403, body = ProblemBody)))]
async fn list_broadcasts(
    caller: Caller,
    Query(asked): Query<BroadcastsQuery>,
) -> web::Result<Json<Listed<BroadcastOut>>> {
    let state = asked.state()?;
    let page = PageQuery::of(asked.page, asked.page_size).request();
    let found = caller.read(move |ctx, tx| reads::list(ctx, tx, state, page)).await?;
    Ok(Json(Listed::of(&caller, found.map(BroadcastOut::from))))
}

/// Writes a new one, as a draft: nothing is sent yet. Its picture or film is given by `PUT /api/broadcasts/{id}/file`.
#[utoipa::path(post, path = "/api/broadcasts", tag = "broadcasts", request_body = BroadcastIn,
    responses((status = 201, body = BroadcastOut), (status = 422, body = ProblemBody)))]
async fn create_broadcast(
    caller: Caller,
    Json(body): Json<BroadcastIn>,
) -> web::Result<(StatusCode, Json<BroadcastOut>)> {
    let bots: Arc<Bots> = caller.app.service()?;
    let make = move |ctx: &Ctx, tx: &mut Tx| {
        let made = actions::create(ctx, tx, &bots, body.clone().check()?)?;
        reads::get(ctx, tx, RowKey::Id(made.id.uuid())).map(BroadcastOut::from)
    };
    Ok((StatusCode::CREATED, Json(caller.once(make).await?)))
}

/// One broadcast, with how many got it.
#[utoipa::path(get, path = "/api/broadcasts/{id}", tag = "broadcasts", params(("id" = String, Path)),
    responses((status = 200, body = BroadcastOut), (status = 404, body = ProblemBody)))]
async fn get_broadcast(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<BroadcastOut>> {
    Ok(Json(caller.read(move |ctx, tx| reads::get(ctx, tx, key)).await?.into()))
}

/// Changes one that has not begun. Its picture or film stays.
#[utoipa::path(put, path = "/api/broadcasts/{id}", tag = "broadcasts", request_body = BroadcastIn,
    params(("id" = String, Path)),
    responses((status = 200, body = BroadcastOut), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
async fn change_broadcast(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<BroadcastIn>,
) -> web::Result<Json<BroadcastOut>> {
    let bots: Arc<Bots> = caller.app.service()?;
    act(&caller, key, move |ctx, tx, id| actions::change(ctx, tx, &bots, id, body.clone().check()?)).await
}

/// Throws a draft away.
#[utoipa::path(delete, path = "/api/broadcasts/{id}", tag = "broadcasts", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn delete_broadcast(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    let delete = move |ctx: &Ctx, tx: &mut Tx| {
        let id = reads::id_of(ctx, tx, key)?;
        actions::delete(ctx, tx, id)
    };
    caller.write(delete).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives it a picture or a film.
#[utoipa::path(put, path = "/api/broadcasts/{id}/file", tag = "broadcasts",
    request_body(content = FileIn, content_type = "multipart/form-data"), params(("id" = String, Path)),
    responses((status = 200, body = BroadcastOut), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 413, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn set_broadcast_file(
    caller: Caller,
    Path(key): Path<RowKey>,
    received: Received,
) -> web::Result<Json<BroadcastOut>> {
    let file = store_file(&caller, key, received).await?;
    let bots: Arc<Bots> = caller.app.service()?;
    act(&caller, key, move |ctx, tx, id| actions::set_file(ctx, tx, &bots, id, Some(&file))).await
}

/// Takes its picture or film away.
#[utoipa::path(delete, path = "/api/broadcasts/{id}/file", tag = "broadcasts", params(("id" = String, Path)),
    responses((status = 200, body = BroadcastOut), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
async fn remove_broadcast_file(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<BroadcastOut>> {
    let bots: Arc<Bots> = caller.app.service()?;
    act(&caller, key, move |ctx, tx, id| actions::set_file(ctx, tx, &bots, id, None)).await
}

/// Who would get it now, and in which languages words are missing.
#[utoipa::path(get, path = "/api/broadcasts/{id}/preview", tag = "broadcasts", params(("id" = String, Path)),
    responses((status = 200, body = PreviewOut), (status = 404, body = ProblemBody)))]
async fn preview_broadcast(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<PreviewOut>> {
    let read = caller.read(move |ctx, tx| {
        let seen = reads::get(ctx, tx, key)?;
        let preview = reads::preview(ctx, tx, &seen.broadcast)?;
        Ok(PreviewOut::of(&seen.broadcast, preview))
    });
    Ok(Json(read.await?))
}

/// What became of each person, in the order of their turns.
#[utoipa::path(get, path = "/api/broadcasts/{id}/recipients", tag = "broadcasts",
    params(("id" = String, Path), RecipientsQuery),
    responses((status = 200, body = Listed<RecipientOut>), (status = 404, body = ProblemBody)))]
async fn list_recipients(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(asked): Query<RecipientsQuery>,
) -> web::Result<Json<Listed<RecipientOut>>> {
    let fate = asked.fate()?;
    let page = PageQuery::of(asked.page, asked.page_size).request();
    let read = caller.read(move |ctx, tx| {
        let id = reads::id_of(ctx, tx, key)?;
        reads::recipients(ctx, tx, id, fate, page)
    });
    Ok(Json(Listed::of(&caller, read.await?.map(RecipientOut::from))))
}

/// Sends it to one conversation as it is now, once in each language that has words.
#[utoipa::path(post, path = "/api/broadcasts/{id}/try", tag = "broadcasts", request_body = TrialIn,
    params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
async fn try_broadcast(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(TrialIn { conversation }): Json<TrialIn>,
) -> web::Result<StatusCode> {
    let send = move |ctx: &Ctx, tx: &mut Tx| {
        let id = reads::id_of(ctx, tx, key)?;
        actions::try_out(ctx, tx, id, Id::from_uuid(conversation))
    };
    caller.once(send).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets it begin at this moment.
#[utoipa::path(post, path = "/api/broadcasts/{id}/schedule", tag = "broadcasts", request_body = ScheduleIn,
    params(("id" = String, Path)),
    responses((status = 200, body = BroadcastOut), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
async fn schedule_broadcast(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(ScheduleIn { at }): Json<ScheduleIn>,
) -> web::Result<Json<BroadcastOut>> {
    let bots: Arc<Bots> = caller.app.service()?;
    act(&caller, key, move |ctx, tx, id| actions::schedule(ctx, tx, &bots, id, Some(at))).await
}

/// Takes it back before it has begun: it is a draft again.
#[utoipa::path(post, path = "/api/broadcasts/{id}/unschedule", tag = "broadcasts", params(("id" = String, Path)),
    responses((status = 200, body = BroadcastOut), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn unschedule_broadcast(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<BroadcastOut>> {
    act(&caller, key, actions::unschedule).await
}

/// Lets it begin now.
#[utoipa::path(post, path = "/api/broadcasts/{id}/start", tag = "broadcasts", params(("id" = String, Path)),
    responses((status = 200, body = BroadcastOut), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
async fn start_broadcast(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<BroadcastOut>> {
    let bots: Arc<Bots> = caller.app.service()?;
    act(&caller, key, move |ctx, tx, id| actions::schedule(ctx, tx, &bots, id, None)).await
}

/// Stops it for now; what is on its way arrives.
#[utoipa::path(post, path = "/api/broadcasts/{id}/pause", tag = "broadcasts", params(("id" = String, Path)),
    responses((status = 200, body = BroadcastOut), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn pause_broadcast(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<BroadcastOut>> {
    act(&caller, key, actions::pause).await
}

/// Lets it go on with those whose turn has not come.
#[utoipa::path(post, path = "/api/broadcasts/{id}/resume", tag = "broadcasts", params(("id" = String, Path)),
    responses((status = 200, body = BroadcastOut), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn resume_broadcast(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<BroadcastOut>> {
    act(&caller, key, actions::resume).await
}

/// Ends it: who has not got it gets it no more.
#[utoipa::path(post, path = "/api/broadcasts/{id}/cancel", tag = "broadcasts", params(("id" = String, Path)),
    responses((status = 200, body = BroadcastOut), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn cancel_broadcast(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<BroadcastOut>> {
    act(&caller, key, actions::cancel).await
}

/// Makes a copy of it, as a draft.
#[utoipa::path(post, path = "/api/broadcasts/{id}/copy", tag = "broadcasts", params(("id" = String, Path)),
    responses((status = 201, body = BroadcastOut), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn copy_broadcast(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<(StatusCode, Json<BroadcastOut>)> {
    let bots: Arc<Bots> = caller.app.service()?;
    let made = act(&caller, key, move |ctx, tx, id| actions::copy(ctx, tx, &bots, id)).await?;
    Ok((StatusCode::CREATED, made))
}

async fn act(
    caller: &Caller,
    key: RowKey,
    act: impl Fn(&Ctx, &mut Tx, Id<Broadcast>) -> Result<Broadcast> + Send + 'static,
) -> web::Result<Json<BroadcastOut>> {
    let write = move |ctx: &Ctx, tx: &mut Tx| {
        let id = reads::id_of(ctx, tx, key)?;
        let done = act(ctx, tx, id)?;
        reads::get(ctx, tx, RowKey::Id(done.id.uuid())).map(BroadcastOut::from)
    };
    Ok(Json(caller.once(write).await?))
}

/// Stores the file of a form or a program; nothing is stored for a broadcast that is not there.
pub(crate) async fn store_file(caller: &Caller, key: RowKey, received: Received) -> Result<StoredFile> {
    caller.ctx.require(Permission::BroadcastCreate)?;
    caller.read(move |ctx, tx| reads::get(ctx, tx, key)).await?;
    let missing = || Error::field("file", Text::new("broadcast-file-missing"));
    let file = received.file.ok_or_else(missing)?;
    let (media_type, size) = (file.media_type(), file.size());
    StoredFile::kind(media_type, size)?;
    Ok(StoredFile { hash: file.keep().await?, name: received.filename, media_type, size })
}
