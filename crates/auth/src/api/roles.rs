//! Roles.

use axum::{extract::Path, http::StatusCode};
use kernel::{Id, Page, PageRequest, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, ProblemBody, RowKey};

use super::id_of;
use crate::{
    Role,
    actions::{self, SetRole},
    parse_words, to_words,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_roles, create_role)).routes(routes!(
        get_role,
        set_role,
        delete_role
    ))
}

/// A role.
#[derive(Debug, Serialize, ToSchema)]
struct RoleOut {
    #[schema(value_type = String, format = Uuid)]
    id: Id<Role>,
    /// `admin`, `manager`, `cashier`, `warehouse`, `user`, or `custom`.
    kind: &'static str,
    /// Its name, in the caller's language for a built-in one.
    name: String,
    /// What it gives.
    permissions: Vec<&'static str>,
    /// Members who have it; absent where it was not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<i64>,
}

impl RoleOut {
    fn of(caller: &Caller, role: &Role, members: Option<i64>) -> Self {
        let Role { id, kind, name, permissions, created_at: _ } = role;
        let name = kind.text_key().map_or_else(|| name.clone(), |key| caller.words().t(key));
        Self { id: *id, kind: kind.word(), name, permissions: to_words(*permissions), members }
    }
}

/// A role of the workspace's own.
#[derive(Debug, Deserialize, ToSchema)]
struct RoleIn {
    name: String,
    /// Words of the grid: `sales.read`.
    permissions: Vec<String>,
}

impl RoleIn {
    fn check(&self) -> Result<SetRole> {
        let Self { name, permissions } = self;
        let permissions = parse_words(permissions.iter().map(String::as_str))?;
        Ok(SetRole { name: name.clone(), permissions })
    }
}

/// All roles at once: there are at most a few dozen.
#[utoipa::path(get, path = "/api/roles", tag = "members", responses((status = 200, body = Listed<RoleOut>)))]
async fn list_roles(caller: Caller) -> web::Result<Json<Listed<RoleOut>>> {
    let roles = caller.read(actions::roles).await?;
    let out: Vec<_> =
        roles.iter().map(|(role, members)| RoleOut::of(&caller, role, Some(*members))).collect();
    let count = i64::try_from(out.len()).unwrap_or(i64::MAX);
    Ok(Json(Listed::of(&caller, Page::new(PageRequest::new(1, 500), count, out))))
}

#[utoipa::path(post, path = "/api/roles", tag = "members", request_body = RoleIn,
    responses((status = 201, body = RoleOut), (status = 422, body = ProblemBody)))]
async fn create_role(caller: Caller, Json(body): Json<RoleIn>) -> web::Result<(StatusCode, Json<RoleOut>)> {
    let input = body.check()?;
    let id = caller.once(move |ctx, tx| Ok(actions::create_role(ctx, tx, &input)?.id)).await?;
    Ok((StatusCode::CREATED, role(&caller, id).await?))
}

async fn role(caller: &Caller, id: Id<Role>) -> web::Result<Json<RoleOut>> {
    let ctx = caller.ctx.with(|ctx| ctx.permissions = ctx.permissions.with(context::Permission::UsersRead));
    let role = caller.read(move |_, tx| actions::role(&ctx, tx, id)).await?;
    Ok(Json(RoleOut::of(caller, &role, None)))
}

#[utoipa::path(get, path = "/api/roles/{id}", tag = "members", params(("id" = String, Path)),
    responses((status = 200, body = RoleOut), (status = 404, body = ProblemBody)))]
async fn get_role(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<RoleOut>> {
    let id = id_of(key)?;
    let role = caller.read(move |ctx, tx| actions::role(ctx, tx, id)).await?;
    Ok(Json(RoleOut::of(&caller, &role, None)))
}

#[utoipa::path(put, path = "/api/roles/{id}", tag = "members", params(("id" = String, Path)), request_body = RoleIn,
    responses((status = 200, body = RoleOut), (status = 409, body = ProblemBody)))]
async fn set_role(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<RoleIn>,
) -> web::Result<Json<RoleOut>> {
    let (id, input) = (id_of(key)?, body.check()?);
    let role = caller.write(move |ctx, tx| actions::set_role_permissions(ctx, tx, id, &input)).await?;
    Ok(Json(RoleOut::of(&caller, &role, None)))
}

#[utoipa::path(delete, path = "/api/roles/{id}", tag = "members", params(("id" = String, Path)),
    responses((status = 204), (status = 409, body = ProblemBody)))]
async fn delete_role(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    let id = id_of(key)?;
    caller.write(move |ctx, tx| actions::delete_role(ctx, tx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
