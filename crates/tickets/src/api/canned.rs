//! `/api/canned-replies`: what the staff answers often.

use axum::{extract::Path, http::StatusCode};
use kernel::Lang;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, Listed, ProblemBody, RowKey};

use super::labels::id_of;
use crate::{CannedReply, Filling, NewCannedReply, actions, reads};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_canned_replies, create_canned_reply))
        .routes(routes!(update_canned_reply, delete_canned_reply))
}

/// A canned reply.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CannedReplyOut {
    /// Its UUID.
    pub id: Uuid,
    /// What is typed after `/` to find it.
    pub shortcut: String,
    /// In Uzbek.
    pub uz: String,
    /// In Russian; empty: the Uzbek words are used.
    pub ru: String,
    /// In English; empty: the Uzbek words are used.
    pub en: String,
}

impl From<CannedReply> for CannedReplyOut {
    fn from(reply: CannedReply) -> Self {
        let CannedReply { id, shortcut, uz, ru, en } = reply;
        Self { id: id.uuid(), shortcut, uz, ru, en }
    }
}

/// A canned reply as it is given to somebody.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FilledReplyOut {
    /// Its UUID.
    pub id: Uuid,
    /// What is typed after `/` to find it.
    pub shortcut: String,
    /// The words in the person's language, with the values of their variables.
    pub text: String,
}

impl FilledReplyOut {
    /// The reply in this language, with what is known.
    pub fn of(reply: CannedReply, lang: Lang, filling: &Filling) -> Self {
        Self { id: reply.id.uuid(), text: reply.filled(lang, filling), shortcut: reply.shortcut }
    }
}

/// A canned reply to make or to change; at least one language.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct CannedReplyIn {
    /// A word, without the slash; no two replies have the same.
    #[schema(max_length = 30, example = "manzil")]
    shortcut: String,
    /// In Uzbek. Values stand in place of `{name}`, `{number}`, `{category}`, `{agent}` and `{business}`, here and in the others.
    #[serde(default)]
    uz: String,
    #[serde(default)]
    ru: String,
    #[serde(default)]
    en: String,
}

impl From<CannedReplyIn> for NewCannedReply {
    fn from(CannedReplyIn { shortcut, uz, ru, en }: CannedReplyIn) -> Self {
        Self { shortcut, uz, ru, en }
    }
}

/// The canned replies, by their short words.
#[utoipa::path(get, path = "/api/canned-replies", tag = "conversations",
    responses((status = 200, body = Listed<CannedReplyOut>), (status = 403, body = ProblemBody)))]
async fn list_canned_replies(caller: Caller) -> web::Result<Json<Listed<CannedReplyOut>>> {
    let all = caller.read(reads::canned_replies).await?.into_iter().map(CannedReplyOut::from).collect();
    Ok(Json(Listed::whole(all)))
}

/// Makes a canned reply.
#[utoipa::path(post, path = "/api/canned-replies", tag = "conversations", request_body = CannedReplyIn,
    responses((status = 201, body = CannedReplyOut), (status = 422, body = ProblemBody)))]
async fn create_canned_reply(
    caller: Caller,
    Json(sent): Json<CannedReplyIn>,
) -> web::Result<(StatusCode, Json<CannedReplyOut>)> {
    let create = move |ctx: &context::Ctx, tx: &mut db::Tx| {
        actions::create_canned_reply(ctx, tx, sent.clone().into()).map(CannedReplyOut::from)
    };
    Ok((StatusCode::CREATED, Json(caller.once(create).await?)))
}

/// Changes a canned reply.
#[utoipa::path(put, path = "/api/canned-replies/{id}", tag = "conversations", request_body = CannedReplyIn,
    params(("id" = Uuid, Path)),
    responses((status = 200, body = CannedReplyOut), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn update_canned_reply(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(sent): Json<CannedReplyIn>,
) -> web::Result<Json<CannedReplyOut>> {
    let id = id_of(key)?;
    let change =
        caller.write(move |ctx, tx| actions::update_canned_reply(ctx, tx, id, sent.clone().into())).await?;
    Ok(Json(change.into()))
}

/// Takes a canned reply away.
#[utoipa::path(delete, path = "/api/canned-replies/{id}", tag = "conversations", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
async fn delete_canned_reply(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    let id = id_of(key)?;
    caller.write(move |ctx, tx| actions::delete_canned_reply(ctx, tx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
