//! Workspaces of whoever calls, and the company that is open.

use axum::{extract::Path, http::StatusCode};
use db::{Lane, Scope};
use kernel::{Error, Lang, Page, PageRequest, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, ProblemBody};

use super::session;
use crate::{
    Auth, Belonging, Requisites, WorkspaceRecord,
    actions::{self, Company, CreateWorkspace, SetCompany},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_workspaces, create_workspace))
        .routes(routes!(open_workspace))
        .routes(routes!(accept_invitation))
        .routes(routes!(decline_invitation))
        .routes(routes!(get_company, set_company))
}

/// A workspace to which one belongs, or is asked to.
#[derive(Debug, Serialize, ToSchema)]
struct WorkspaceOut {
    #[schema(value_type = String, format = Uuid)]
    id: WorkspaceId,
    name: String,
    slug: String,
    /// `active`, or `invited`.
    state: &'static str,
    /// `admin`, `manager`, `cashier`, `warehouse`, `user`, or `custom`.
    role: &'static str,
    /// Whether it is the one that is open.
    current: bool,
}

impl WorkspaceOut {
    fn of(belonging: &Belonging, current: WorkspaceId) -> Self {
        let Belonging { workspace, name, slug, role: _, role_kind, role_name: _, invitation } = belonging;
        Self {
            id: *workspace,
            name: name.clone(),
            slug: slug.clone(),
            state: if invitation.is_some() { "invited" } else { "active" },
            role: role_kind.word(),
            current: *workspace == current,
        }
    }
}

/// One more workspace.
#[derive(Debug, Deserialize, ToSchema)]
struct WorkspaceIn {
    name: String,
}

/// A workspace that was made.
#[derive(Debug, Serialize, ToSchema)]
struct WorkspaceMadeOut {
    #[schema(value_type = String, format = Uuid)]
    id: WorkspaceId,
}

/// The company that is open.
#[derive(Debug, Serialize, ToSchema)]
struct CompanyOut {
    #[schema(value_type = String, format = Uuid)]
    id: WorkspaceId,
    name: String,
    slug: String,
    /// What the tax office knows it by: 9, 12 or 14 digits.
    tin: Option<String>,
    phone: Option<String>,
    address: String,
    /// An IANA name.
    zone: &'static str,
    #[schema(value_type = String)]
    lang: Lang,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// What its papers say.
    requisites: Requisites,
}

impl From<Company> for CompanyOut {
    fn from(company: Company) -> Self {
        let Company { record, requisites } = company;
        let WorkspaceRecord { id, name, slug, lang, zone, tin, phone, address, created_at } = record;
        Self {
            id,
            name,
            slug,
            tin: tin.as_ref().map(ToString::to_string),
            phone: phone.as_ref().map(ToString::to_string),
            address,
            zone: zone.name(),
            lang,
            created_at,
            requisites,
        }
    }
}

/// What the company is from now on.
#[derive(Debug, Deserialize, ToSchema)]
struct CompanyIn {
    name: String,
    #[serde(default)]
    tin: Option<String>,
    #[serde(default)]
    phone: Option<String>,
    #[serde(default)]
    address: Option<String>,
    /// An IANA name.
    zone: String,
    #[schema(value_type = String)]
    lang: Lang,
    /// What its papers say; without it they stay as they are.
    #[serde(default)]
    requisites: Option<Requisites>,
}

#[utoipa::path(get, path = "/api/workspaces", tag = "workspaces",
    responses((status = 200, body = Listed<WorkspaceOut>)))]
async fn list_workspaces(caller: Caller) -> web::Result<Json<Listed<WorkspaceOut>>> {
    let current = caller.ctx.workspace();
    let all = belongings(&caller).await?;
    let out: Vec<WorkspaceOut> = all.iter().map(|one| WorkspaceOut::of(one, current)).collect();
    let (count, rows) = (i64::try_from(out.len()).unwrap_or(0), u32::try_from(out.len()).unwrap_or(0));
    Ok(Json(Listed::of(&caller, Page::new(PageRequest::new(1, rows), count, out))))
}

/// The workspaces of whoever calls.
pub(crate) async fn belongings(caller: &Caller) -> kernel::Result<Vec<Belonging>> {
    let ctx = caller.ctx.clone();
    let trusts = caller.app.service::<Auth>()?.trusts_addresses();
    caller.db().read(Scope::Server, move |tx| actions::belongings(&ctx, tx, trusts)).await
}

#[utoipa::path(post, path = "/api/workspaces", tag = "workspaces", request_body = WorkspaceIn,
    responses((status = 201, body = WorkspaceMadeOut), (status = 422, body = ProblemBody)))]
async fn create_workspace(
    caller: Caller,
    Json(body): Json<WorkspaceIn>,
) -> web::Result<(StatusCode, Json<WorkspaceMadeOut>)> {
    let WorkspaceIn { name } = body;
    let input = CreateWorkspace { name };
    let id = caller.once(move |ctx, tx| actions::create_workspace(ctx, tx, &input)).await?;
    Ok((StatusCode::CREATED, Json(WorkspaceMadeOut { id })))
}

/// What one does about a workspace of one's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Opens it in this session.
    Open,
    /// Joins it.
    Accept,
    /// Turns the invitation down.
    Decline,
}

/// Takes the turn about the workspace with this slug; one that is not one's own is not found.
pub(crate) async fn turn(caller: &Caller, slug: String, turn: Turn) -> kernel::Result<()> {
    caller.fresh()?;
    let (ctx, session) = (caller.ctx.clone(), session(caller));
    let trusts = caller.app.service::<Auth>()?.trusts_addresses();
    let write = caller.db().write(Scope::Server, Lane::People, move |tx| {
        let mine = actions::belongings(&ctx, tx, trusts)?;
        let one = mine.iter().find(|one| one.slug == slug).ok_or_else(Error::not_found)?;
        match turn {
            Turn::Open => actions::switch_workspace(&ctx, tx, session, one.workspace),
            Turn::Accept => actions::answer_invitation(&ctx, tx, one, true),
            Turn::Decline => actions::answer_invitation(&ctx, tx, one, false),
        }
    });
    write.await
}

#[utoipa::path(post, path = "/api/workspaces/{slug}/open", tag = "workspaces", params(("slug" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
async fn open_workspace(caller: Caller, Path(slug): Path<String>) -> web::Result<StatusCode> {
    turn(&caller, slug, Turn::Open).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(post, path = "/api/workspaces/{slug}/accept", tag = "workspaces", params(("slug" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
async fn accept_invitation(caller: Caller, Path(slug): Path<String>) -> web::Result<StatusCode> {
    turn(&caller, slug, Turn::Accept).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(post, path = "/api/workspaces/{slug}/decline", tag = "workspaces", params(("slug" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
async fn decline_invitation(caller: Caller, Path(slug): Path<String>) -> web::Result<StatusCode> {
    turn(&caller, slug, Turn::Decline).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(get, path = "/api/company", tag = "workspaces", responses((status = 200, body = CompanyOut)))]
async fn get_company(caller: Caller) -> web::Result<Json<CompanyOut>> {
    Ok(Json(caller.read(actions::company).await?.into()))
}

#[utoipa::path(put, path = "/api/company", tag = "workspaces", request_body = CompanyIn,
    responses((status = 200, body = CompanyOut), (status = 422, body = ProblemBody)))]
async fn set_company(caller: Caller, Json(body): Json<CompanyIn>) -> web::Result<Json<CompanyOut>> {
    let CompanyIn { name, tin, phone, address, zone, lang, requisites } = body;
    let [tin, phone, address] = [tin, phone, address].map(Option::unwrap_or_default);
    let input = SetCompany { name, tin, phone, address, zone, lang, requisites };
    let company = caller.write(move |ctx, tx| actions::set_company(ctx, tx, &input)).await?;
    Ok(Json(company.into()))
}
