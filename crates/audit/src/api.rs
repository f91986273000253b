//! The log for programs.
#![expect(unused_qualifications, reason = "utoipa writes the path of each query's type")]

use axum::extract::Path;
use context::{AuditEntry, AuditFilter};
use kernel::{Date, Error, Id, Result, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use crate::{Change, actions, difference};

/// Every route of this crate that speaks JSON.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_audit_entries)).routes(routes!(get_audit_entry))
}

/// Something that was done.
#[derive(Debug, Serialize, ToSchema)]
struct EntryOut {
    #[schema(value_type = String, format = Uuid)]
    id: Id<AuditEntry>,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `member`, `api_key`, `service`, `bot`, `agent`, `job`, `server` or `guest`.
    actor_kind: String,
    /// The row that stands for the actor.
    actor: Option<Uuid>,
    actor_name: String,
    /// What was done: `sales_order.confirm`.
    action: String,
    /// What kind of row: `sales_order`.
    entity: String,
    /// Which row.
    entity_id: Uuid,
    /// From where.
    origin: String,
    /// What changed, field by field.
    changes: Vec<Change>,
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    #[schema(value_type = Option<Object>)]
    after: Option<Value>,
}

impl From<AuditEntry> for EntryOut {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry {
            id,
            at,
            actor_kind,
            actor_id,
            actor_name,
            action,
            entity,
            entity_id,
            before,
            after,
            origin,
        } = entry;
        let changes = difference(before.as_ref(), after.as_ref());
        Self {
            id,
            at,
            actor_kind,
            actor: actor_id,
            actor_name,
            action,
            entity,
            entity_id,
            origin,
            changes,
            before,
            after,
        }
    }
}

/// Which entries are wanted; what is absent does not matter.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// This kind of row: `sales_order`.
    #[serde(default)]
    entity: String,
    /// This row.
    #[serde(default)]
    entity_id: String,
    /// This actor's row.
    #[serde(default)]
    actor: String,
    /// This action: `sales_order.confirm`.
    #[serde(default)]
    action: String,
    /// From this day on, `2026-11-20`.
    #[serde(default)]
    from: String,
    /// Until the end of this day.
    #[serde(default)]
    to: String,
}

impl AuditQuery {
    fn check(self, ctx: &context::Ctx) -> Result<AuditFilter> {
        let Self { entity, entity_id, actor, action, from, to } = self;
        let said = |text: String| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let id = |text: String| said(text).map(|text| Uuid::try_parse(&text).map_err(|_| Error::not_found()));
        let day = |field: &'static str, text: String| {
            said(text).map(|text| Date::parse(&text).map_err(|error| error.under(field)))
        };
        let filter = AuditFilter {
            entity: said(entity),
            entity_id: id(entity_id).transpose()?,
            actor_id: id(actor).transpose()?,
            action: said(action),
            from: None,
            until: None,
        };
        let (first, last) = (day("from", from).transpose()?, day("to", to).transpose()?);
        Ok(actions::on_days(ctx, filter, first, last))
    }
}

/// What was done in the workspace, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(AuditQuery, PageQuery),
    responses((status = 200, body = Listed<EntryOut>), (status = 403, body = ProblemBody)))]
async fn list_audit_entries(
    caller: Caller,
    Query(asked): Query<AuditQuery>,
    Query(part): Query<PageQuery>,
) -> web::Result<Json<Listed<EntryOut>>> {
    let filter = asked.check(&caller.ctx)?;
    let page = caller.read(move |ctx, tx| actions::entries(ctx, tx, &filter, part.request())).await?;
    Ok(Json(Listed::of(&caller, page.map(EntryOut::from))))
}

#[utoipa::path(get, path = "/api/v1/audit/{id}", tag = "audit", params(("id" = String, Path)),
    responses((status = 200, body = EntryOut), (status = 404, body = ProblemBody)))]
async fn get_audit_entry(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<EntryOut>> {
    let id = key.id().ok_or_else(Error::not_found)?;
    Ok(Json(caller.read(move |ctx, tx| actions::entry(ctx, tx, id)).await?.into()))
}
