//! `/api/ai`: settings, trying them out, and the log of calls for programs.

mod shapes;

use std::sync::Arc;

use axum::extract::Path;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use self::shapes::{CallOut, CallsQuery, CheckOut, SettingsIn, SettingsOut, UsageOut};
use crate::{Models, actions};

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_ai_settings, edit_ai_settings))
        .routes(routes!(remove_ai_key))
        .routes(routes!(check_ai))
        .routes(routes!(list_ai_calls))
        .routes(routes!(get_ai_call))
        .routes(routes!(get_ai_usage))
}

/// Which language model the workspace asks. The key is never shown.
#[utoipa::path(get, path = "/api/ai/settings", tag = "ai",
    responses((status = 200, body = SettingsOut), (status = 403, body = ProblemBody)))]
async fn get_ai_settings(caller: Caller) -> web::Result<Json<SettingsOut>> {
    Ok(Json(caller.read(actions::settings).await?.into()))
}

/// Chooses. What is left out becomes what it is at the beginning, but for the key, which stays as long as the address does.
#[utoipa::path(put, path = "/api/ai/settings", tag = "ai", request_body = SettingsIn,
    responses((status = 200, body = SettingsOut), (status = 422, body = ProblemBody)))]
async fn edit_ai_settings(caller: Caller, Json(body): Json<SettingsIn>) -> web::Result<Json<SettingsOut>> {
    let models: Arc<Models> = caller.app.service()?;
    let edit = body.read();
    let edited = caller.write(move |ctx, tx| actions::edit_settings(ctx, tx, &models, &edit)).await?;
    Ok(Json(edited.into()))
}

/// Takes the key away; with it nothing is asked any more.
#[utoipa::path(delete, path = "/api/ai/settings/key", tag = "ai",
    responses((status = 200, body = SettingsOut), (status = 403, body = ProblemBody)))]
async fn remove_ai_key(caller: Caller) -> web::Result<Json<SettingsOut>> {
    Ok(Json(caller.write(actions::remove_key).await?.into()))
}

/// Makes one tiny call with the settings as they stand, be they on or off. It is counted as any other.
#[utoipa::path(post, path = "/api/ai/check", tag = "ai",
    responses((status = 200, body = CheckOut), (status = 403, body = ProblemBody)))]
async fn check_ai(caller: Caller) -> web::Result<Json<CheckOut>> {
    let models: Arc<Models> = caller.app.service()?;
    let checked = models.check(&caller.ctx, caller.db()).await?;
    Ok(Json(CheckOut::of(&caller.words(), &checked)))
}

/// The calls of language models in the last ninety days, newest first.
#[utoipa::path(get, path = "/api/ai/calls", tag = "ai", params(CallsQuery),
    responses((status = 200, body = Listed<CallOut>), (status = 403, body = ProblemBody)))]
async fn list_ai_calls(
    caller: Caller,
    Query(query): Query<CallsQuery>,
) -> web::Result<Json<Listed<CallOut>>> {
    let part = PageQuery::of(query.page, query.page_size).request();
    let page = caller
        .read(move |ctx, tx| {
            let filter = query.filter(ctx)?;
            actions::calls(ctx, tx, &filter, part)
        })
        .await?;
    Ok(Json(Listed::of(&caller, page.map(CallOut::from))))
}

/// One call, by its number or UUID.
#[utoipa::path(get, path = "/api/ai/calls/{id}", tag = "ai", params(("id" = String, Path)),
    responses((status = 200, body = CallOut), (status = 404, body = ProblemBody)))]
async fn get_ai_call(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<CallOut>> {
    Ok(Json(caller.read(move |ctx, tx| actions::call(ctx, tx, key)).await?.into()))
}

/// What the calls that fit took together.
#[utoipa::path(get, path = "/api/ai/usage", tag = "ai", params(CallsQuery),
    responses((status = 200, body = UsageOut), (status = 403, body = ProblemBody)))]
async fn get_ai_usage(caller: Caller, Query(query): Query<CallsQuery>) -> web::Result<Json<UsageOut>> {
    let totals = caller
        .read(move |ctx, tx| {
            let filter = query.filter(ctx)?;
            actions::totals(ctx, tx, &filter)
        })
        .await?;
    Ok(Json(totals.into()))
}
