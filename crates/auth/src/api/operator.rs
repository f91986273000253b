//! The console of whoever runs the server, for programs that act with their session.
#![expect(unused_qualifications, reason = "utoipa writes the path of each query's type")]

use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode},
};
use context::Limits;
use db::{Lane, ReadTx, Scope, Tx};
use kernel::{Page, PageRequest, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use super::id_of;
use crate::{Operator, Tenant, actions, cookie};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tenants))
        .routes(routes!(get_tenant))
        .routes(routes!(set_tenant_limits))
        .routes(routes!(suspend_tenant))
        .routes(routes!(resume_tenant))
        .routes(routes!(act_as_member))
        .routes(routes!(end_acting))
}

/// A workspace as whoever runs the server sees it.
#[derive(Debug, Serialize, ToSchema)]
struct TenantOut {
    #[schema(value_type = String, format = Uuid)]
    id: WorkspaceId,
    name: String,
    slug: String,
    /// Why it is suspended; null when it is not.
    suspended: Option<String>,
    /// Active members.
    members: i64,
    /// How much it has of everything that is counted: `bots`, `contacts`, `messages` of this month, `products`, `orders`.
    usage: BTreeMap<&'static str, i64>,
    /// When something was last done in it.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_activity: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl TenantOut {
    fn of(tenant: &Tenant, usage: &[(&'static str, i64)]) -> Self {
        let Tenant { record, suspended, members, last_activity } = tenant;
        Self {
            id: record.id,
            name: record.name.clone(),
            slug: record.slug.clone(),
            suspended: suspended.clone(),
            members: *members,
            usage: usage.iter().copied().collect(),
            last_activity: *last_activity,
            created_at: record.created_at,
        }
    }
}

/// One workspace with its limits.
#[derive(Debug, Serialize, ToSchema)]
struct TenantWholeOut {
    #[serde(flatten)]
    tenant: TenantOut,
    limits: LimitsBody,
}

/// How much a workspace may have; null is as much as it likes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct LimitsBody {
    #[serde(default)]
    members: Option<i64>,
    #[serde(default)]
    bots: Option<i64>,
    /// Contacts that its members write down; customers of a chat are never turned away.
    #[serde(default)]
    contacts: Option<i64>,
}

impl From<Limits> for LimitsBody {
    fn from(limits: Limits) -> Self {
        let Limits { members, bots, contacts } = limits;
        Self { members, bots, contacts }
    }
}

/// Why a workspace is suspended; its members read it.
#[derive(Debug, Deserialize, ToSchema)]
struct ReasonIn {
    reason: String,
}

/// As whom to act, and why.
#[derive(Debug, Deserialize, ToSchema)]
struct ActIn {
    /// The member's number.
    member: i64,
    reason: String,
}

/// Until when the session acts as the member.
#[derive(Debug, Serialize, ToSchema)]
struct ActingOut {
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// Which workspaces are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TenantsQuery {
    /// In the name or the address.
    #[serde(default, alias = "search")]
    q: String,
}

/// What a workspace has, by the words of what is counted.
pub(crate) type Usage = Vec<(&'static str, i64)>;

/// A page of the server's workspaces with what each has.
pub(crate) async fn tenants(
    caller: &Caller,
    search: String,
    part: PageRequest,
) -> kernel::Result<Page<(Tenant, Usage)>> {
    let operator = Operator::of(caller)?;
    let (ctx, app) = (caller.ctx.clone(), caller.app.clone());
    let read = move |tx: &mut ReadTx<'_>| {
        let page = actions::tenants(operator, tx, &search, part)?;
        let mut usage = Vec::with_capacity(page.results.len());
        for tenant in &page.results {
            usage.push(usage_of(&app, &ctx, tx, tenant.id())?);
        }
        let mut usage = usage.into_iter();
        Ok(page.map(|tenant| (tenant, usage.next().unwrap_or_default())))
    };
    caller.db().read(Scope::Server, read).await
}

fn usage_of(app: &App, ctx: &context::Ctx, tx: &mut ReadTx, id: WorkspaceId) -> kernel::Result<Usage> {
    let at = ctx.with(|ctx| ctx.workspace = id);
    app.usage().iter().map(|kind| Ok((kind.word, (kind.count)(&at, tx)?))).collect()
}

/// One workspace, what it has and what it may have.
pub(crate) async fn tenant(caller: &Caller, id: WorkspaceId) -> kernel::Result<(Tenant, Usage, Limits)> {
    let operator = Operator::of(caller)?;
    let (ctx, app) = (caller.ctx.clone(), caller.app.clone());
    let read = move |tx: &mut ReadTx<'_>| {
        let (tenant, limits) = actions::tenant(operator, &ctx, tx, id)?;
        Ok((tenant, usage_of(&app, &ctx, tx, id)?, limits))
    };
    caller.db().read(Scope::Server, read).await
}

/// Writes over all workspaces, for whoever proves that they run the server.
pub(crate) async fn operate<T: Send + 'static>(
    caller: &Caller,
    work: impl Fn(Operator, &context::Ctx, &mut Tx<'_>) -> kernel::Result<T> + Send + 'static,
) -> kernel::Result<T> {
    let operator = Operator::of(caller)?;
    caller.fresh()?;
    let ctx = caller.ctx.clone();
    caller.db().write(Scope::Server, Lane::People, move |tx| work(operator, &ctx, tx)).await
}

/// Lets the session of whoever calls act in its own name again.
pub(crate) async fn stop_acting(caller: &Caller, headers: &HeaderMap) -> kernel::Result<()> {
    caller.fresh()?;
    let (ctx, secret) = (caller.ctx.clone(), cookie::secret(headers));
    let end = move |tx: &mut Tx<'_>| actions::end_acting(&ctx, tx, &secret);
    caller.db().write(Scope::Server, Lane::People, end).await
}

#[utoipa::path(get, path = "/api/operator/workspaces", tag = "operator", params(TenantsQuery, PageQuery),
    responses((status = 200, body = Listed<TenantOut>), (status = 404, body = ProblemBody)))]
async fn list_tenants(
    caller: Caller,
    Query(asked): Query<TenantsQuery>,
    Query(part): Query<PageQuery>,
) -> web::Result<Json<Listed<TenantOut>>> {
    let page = tenants(&caller, asked.q, part.request()).await?;
    Ok(Json(Listed::of(&caller, page.map(|(tenant, usage)| TenantOut::of(&tenant, &usage)))))
}

#[utoipa::path(get, path = "/api/operator/workspaces/{id}", tag = "operator", params(("id" = String, Path)),
    responses((status = 200, body = TenantWholeOut), (status = 404, body = ProblemBody)))]
async fn get_tenant(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<TenantWholeOut>> {
    let (found, usage, limits) = tenant(&caller, id_of(key)?).await?;
    Ok(Json(TenantWholeOut { tenant: TenantOut::of(&found, &usage), limits: limits.into() }))
}

#[utoipa::path(put, path = "/api/operator/workspaces/{id}/limits", tag = "operator", params(("id" = String, Path)),
    request_body = LimitsBody, responses((status = 200, body = LimitsBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
async fn set_tenant_limits(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<LimitsBody>,
) -> web::Result<Json<LimitsBody>> {
    let id = id_of(key)?;
    let LimitsBody { members, bots, contacts } = body;
    let limits = Limits { members, bots, contacts };
    operate(&caller, move |operator, ctx, tx| actions::set_tenant_limits(operator, ctx, tx, id, &limits))
        .await?;
    Ok(Json(limits.into()))
}

#[utoipa::path(post, path = "/api/operator/workspaces/{id}/suspend", tag = "operator", params(("id" = String, Path)),
    request_body = ReasonIn, responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn suspend_tenant(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<ReasonIn>,
) -> web::Result<StatusCode> {
    let id = id_of(key)?;
    operate(&caller, move |operator, ctx, tx| actions::suspend_tenant(operator, ctx, tx, id, &body.reason))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(post, path = "/api/operator/workspaces/{id}/resume", tag = "operator", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn resume_tenant(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    let id = id_of(key)?;
    operate(&caller, move |operator, ctx, tx| actions::resume_tenant(operator, ctx, tx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The session acts as a member for an hour at most; both names stand in that workspace's log.
#[utoipa::path(post, path = "/api/operator/workspaces/{id}/act", tag = "operator", params(("id" = String, Path)),
    request_body = ActIn, responses((status = 200, body = ActingOut), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn act_as_member(
    caller: Caller,
    headers: HeaderMap,
    Path(key): Path<RowKey>,
    Json(body): Json<ActIn>,
) -> web::Result<Json<ActingOut>> {
    let (id, secret) = (id_of(key)?, cookie::secret(&headers));
    let ActIn { member, reason } = body;
    let act = operate(&caller, move |operator, ctx, tx| {
        actions::act_as(operator, ctx, tx, &secret, id, member, &reason)
    });
    Ok(Json(ActingOut { until: act.await? }))
}

/// Ends it before the hour.
#[utoipa::path(delete, path = "/api/operator/act", tag = "operator", responses((status = 204)))]
async fn end_acting(caller: Caller, headers: HeaderMap) -> web::Result<StatusCode> {
    stop_acting(&caller, &headers).await?;
    Ok(StatusCode::NO_CONTENT)
}
