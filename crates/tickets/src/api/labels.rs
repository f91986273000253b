//! `/api/conversation-labels`: what conversations are sorted by.

use axum::{extract::Path, http::StatusCode};
use kernel::{Error, Id, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, Listed, ProblemBody, RowKey};

use crate::{Label, NewLabel, actions, reads};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_labels, create_label))
        .routes(routes!(update_label, delete_label))
}

/// A label.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LabelOut {
    /// Its UUID.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its colour: `plain`, `info`, `success`, `warning` or `danger`.
    pub tone: String,
}

impl From<Label> for LabelOut {
    fn from(label: Label) -> Self {
        let Label { id, name, tone } = label;
        Self { id: id.uuid(), name, tone }
    }
}

/// A label to make or to change.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct LabelIn {
    /// Its name; no two labels have the same.
    #[schema(max_length = 40, example = "Shikoyat")]
    name: String,
    /// Its colour: `plain`, `info`, `success`, `warning` or `danger`.
    #[serde(default = "plain")]
    tone: String,
}

fn plain() -> String {
    "plain".to_owned()
}

impl From<LabelIn> for NewLabel {
    fn from(LabelIn { name, tone }: LabelIn) -> Self {
        Self { name, tone }
    }
}

pub(super) fn id_of<T>(key: RowKey) -> Result<Id<T>> {
    key.id().ok_or_else(Error::not_found)
}

/// The labels, by name.
#[utoipa::path(get, path = "/api/conversation-labels", tag = "conversations",
    responses((status = 200, body = Listed<LabelOut>), (status = 403, body = ProblemBody)))]
async fn list_labels(caller: Caller) -> web::Result<Json<Listed<LabelOut>>> {
    let labels = caller.read(reads::labels).await?.into_iter().map(LabelOut::from).collect();
    Ok(Json(Listed::whole(labels)))
}

/// Makes a label.
#[utoipa::path(post, path = "/api/conversation-labels", tag = "conversations", request_body = LabelIn,
    responses((status = 201, body = LabelOut), (status = 422, body = ProblemBody)))]
async fn create_label(
    caller: Caller,
    Json(sent): Json<LabelIn>,
) -> web::Result<(StatusCode, Json<LabelOut>)> {
    let create = move |ctx: &context::Ctx, tx: &mut db::Tx| {
        actions::create_label(ctx, tx, sent.clone().into()).map(LabelOut::from)
    };
    Ok((StatusCode::CREATED, Json(caller.once(create).await?)))
}

/// Names a label anew, or gives it another colour.
#[utoipa::path(put, path = "/api/conversation-labels/{id}", tag = "conversations", request_body = LabelIn,
    params(("id" = Uuid, Path)),
    responses((status = 200, body = LabelOut), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn update_label(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(sent): Json<LabelIn>,
) -> web::Result<Json<LabelOut>> {
    let id = id_of(key)?;
    let changed =
        caller.write(move |ctx, tx| actions::update_label(ctx, tx, id, sent.clone().into())).await?;
    Ok(Json(changed.into()))
}

/// Takes a label away, from every conversation too.
#[utoipa::path(delete, path = "/api/conversation-labels/{id}", tag = "conversations", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
async fn delete_label(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    let id = id_of(key)?;
    caller.write(move |ctx, tx| actions::delete_label(ctx, tx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
