//! Sessions of whoever calls.

use axum::{extract::Path, http::StatusCode};
use kernel::{Id, Page, PageRequest, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, ProblemBody, RowKey};

use super::{id_of, session};
use crate::{Session, actions, device};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_sessions, revoke_other_sessions)).routes(routes!(revoke_session))
}

/// Somebody signed in on one device.
#[derive(Debug, Serialize, ToSchema)]
struct SessionOut {
    #[schema(value_type = String, format = Uuid)]
    id: Id<Session>,
    /// What holds it: `page`, the cookie of a browser, or `token`, tokens of a dashboard.
    kind: &'static str,
    /// The browser and the system, where they are known.
    device: String,
    /// The address it was made from.
    address: String,
    /// Whether it is the one that asks.
    current: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last used, give or take a minute.
    #[schema(value_type = String, format = DateTime)]
    seen_at: Timestamp,
}

impl SessionOut {
    fn of(session: &Session, current: Option<Id<Session>>) -> Self {
        let Session { id, person: _, at_workspace: _, kind, agent, origin, created_at, seen_at } = session;
        Self {
            id: *id,
            kind: kind.word(),
            device: device(agent),
            address: origin.clone(),
            current: Some(*id) == current,
            created_at: *created_at,
            seen_at: *seen_at,
        }
    }
}

#[utoipa::path(get, path = "/api/sessions", tag = "auth", responses((status = 200, body = Listed<SessionOut>)))]
async fn list_sessions(caller: Caller) -> web::Result<Json<Listed<SessionOut>>> {
    let (all, current) = (caller.read(actions::sessions).await?, session(&caller));
    let out: Vec<SessionOut> = all.iter().map(|session| SessionOut::of(session, current)).collect();
    let (count, rows) = (i64::try_from(out.len()).unwrap_or(0), u32::try_from(out.len()).unwrap_or(0));
    Ok(Json(Listed::of(&caller, Page::new(PageRequest::new(1, rows), count, out))))
}

/// Ends every session but the one that asks.
#[utoipa::path(delete, path = "/api/sessions", tag = "auth", responses((status = 204)))]
async fn revoke_other_sessions(caller: Caller) -> web::Result<StatusCode> {
    let kept = session(&caller);
    caller.write(move |ctx, tx| actions::revoke_other_sessions(ctx, tx, kept)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(delete, path = "/api/sessions/{id}", tag = "auth", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
async fn revoke_session(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    let id = id_of(key)?;
    caller.write(move |ctx, tx| actions::revoke_session(ctx, tx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
