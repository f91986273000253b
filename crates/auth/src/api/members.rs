//! Members.
#![expect(unused_qualifications, reason = "utoipa writes the path of each query's type")]

use axum::{extract::Path, http::StatusCode};
use kernel::{Error, Lang, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use super::id_of;
use crate::{
    Auth, Member, MemberFilter, Password, RoleRef,
    actions::{self, AddMember},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_members, add_member))
        .routes(routes!(get_member, change_member, deactivate_member))
        .routes(routes!(reset_member_password))
}

/// A member of the workspace.
#[derive(Debug, Serialize, ToSchema)]
struct MemberOut {
    /// The person's number, one series for the whole server.
    id: i64,
    name: String,
    email: Option<String>,
    username: Option<String>,
    phone: Option<String>,
    #[schema(value_type = String)]
    lang: Lang,
    /// The role's id.
    #[schema(value_type = String, format = Uuid)]
    role_id: kernel::Id<crate::Role>,
    /// `admin`, `manager`, `cashier`, `warehouse`, `user`, or `custom`.
    role: &'static str,
    /// The name of a role of the workspace's own.
    role_name: String,
    /// `active` or `inactive`.
    state: &'static str,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<&Member> for MemberOut {
    fn from(member: &Member) -> Self {
        let Member { person, role, state, created_at } = member;
        Self {
            id: person.number,
            name: person.name.clone(),
            email: person.email.as_ref().map(ToString::to_string),
            username: person.username.as_ref().map(ToString::to_string),
            phone: person.phone.as_ref().map(ToString::to_string),
            lang: person.lang,
            role_id: role.id,
            role: role.kind.word(),
            role_name: role.name.clone(),
            state: state.word(),
            created_at: *created_at,
        }
    }
}

/// A new member: an e-mail address or a username, or both.
#[derive(Debug, Deserialize, ToSchema)]
struct MemberIn {
    name: String,
    email: Option<String>,
    username: Option<String>,
    phone: Option<String>,
    #[schema(value_type = Option<String>)]
    lang: Option<Lang>,
    /// The first password.
    #[schema(value_type = String, format = Password)]
    password: Password,
    /// A built-in role's word, or a role's id.
    role: String,
}

/// What changes about a member; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
struct MemberPatch {
    /// A built-in role's word, or a role's id.
    role: Option<String>,
    /// False lets the member go, true takes them back.
    active: Option<bool>,
}

/// A password that an Admin sets.
#[derive(Debug, Deserialize, ToSchema)]
struct ResetIn {
    #[schema(value_type = String, format = Password)]
    password: Password,
}

/// Which members are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MembersQuery {
    /// In the name, e-mail address, username or phone.
    #[serde(default, alias = "search")]
    q: String,
    /// `active` or `inactive`.
    #[serde(default)]
    state: String,
}

#[utoipa::path(get, path = "/api/members", tag = "members", params(MembersQuery, PageQuery),
    responses((status = 200, body = Listed<MemberOut>)))]
async fn list_members(
    caller: Caller,
    Query(asked): Query<MembersQuery>,
    Query(page): Query<PageQuery>,
) -> web::Result<Json<Listed<MemberOut>>> {
    let MembersQuery { q, state } = asked;
    let search = (!q.trim().is_empty()).then_some(q);
    let filter = MemberFilter { state: state.parse().ok(), role: None, search };
    let members = caller.read(move |ctx, tx| actions::members(ctx, tx, &filter, page.request())).await?;
    Ok(Json(Listed::of(&caller, members.map(|member| MemberOut::from(&member)))))
}

#[utoipa::path(post, path = "/api/members", tag = "members", request_body = MemberIn,
    responses((status = 201, body = MemberOut), (status = 422, body = ProblemBody)))]
async fn add_member(
    caller: Caller,
    Json(body): Json<MemberIn>,
) -> web::Result<(StatusCode, Json<MemberOut>)> {
    let MemberIn { name, email, username, phone, lang, password, role } = body;
    let lang = lang.unwrap_or_else(|| caller.ctx.lang());
    let input = AddMember { name, email, username, phone, lang, password, role };
    let auth = caller.app.service::<Auth>()?;
    let (new, hash) = auth.prepare_member(&caller.ctx, input).await?;
    let number = caller.once(move |ctx, tx| Ok(actions::add_member(ctx, tx, &new, &hash)?.number)).await?;
    Ok((StatusCode::CREATED, member(&caller, number).await?))
}

async fn member(caller: &Caller, number: i64) -> web::Result<Json<MemberOut>> {
    // Whoever may add or change may see what became of it, with or without the permission to read the others.
    let ctx = caller.ctx.with(|ctx| ctx.permissions = ctx.permissions.with(context::Permission::UsersRead));
    let member = caller.read(move |_, tx| actions::member(&ctx, tx, number)).await?;
    Ok(Json(MemberOut::from(&member)))
}

async fn number_of(caller: &Caller, key: RowKey) -> kernel::Result<i64> {
    if let RowKey::Number(number) = key {
        return Ok(number);
    }
    let id = id_of(key)?;
    caller.read(move |ctx, tx| actions::member_number(ctx, tx, id)).await
}

#[utoipa::path(get, path = "/api/members/{id}", tag = "members", params(("id" = String, Path)),
    responses((status = 200, body = MemberOut), (status = 404, body = ProblemBody)))]
async fn get_member(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<MemberOut>> {
    let number = number_of(&caller, key).await?;
    let member = caller.read(move |ctx, tx| actions::member(ctx, tx, number)).await?;
    Ok(Json(MemberOut::from(&member)))
}

#[utoipa::path(patch, path = "/api/members/{id}", tag = "members", params(("id" = String, Path)),
    request_body = MemberPatch, responses((status = 200, body = MemberOut), (status = 409, body = ProblemBody)))]
async fn change_member(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<MemberPatch>,
) -> web::Result<Json<MemberOut>> {
    let MemberPatch { role, active } = body;
    let number = number_of(&caller, key).await?;
    let role = role.as_deref().map(RoleRef::parse).transpose().map_err(|error| error.under("role"))?;
    if role.is_none() && active.is_none() {
        return Err(Error::invalid(kernel::Text::new("auth-nothing-to-change")).into());
    }
    caller.write(move |ctx, tx| actions::change_member(ctx, tx, number, role, active)).await?;
    member(&caller, number).await
}

#[utoipa::path(delete, path = "/api/members/{id}", tag = "members", params(("id" = String, Path)),
    responses((status = 204), (status = 409, body = ProblemBody)))]
async fn deactivate_member(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    let number = number_of(&caller, key).await?;
    caller.write(move |ctx, tx| actions::deactivate_member(ctx, tx, number)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(post, path = "/api/members/{id}/password", tag = "members", params(("id" = String, Path)),
    request_body = ResetIn, responses((status = 204), (status = 409, body = ProblemBody)))]
async fn reset_member_password(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<ResetIn>,
) -> web::Result<StatusCode> {
    let number = number_of(&caller, key).await?;
    let hash = caller.app.service::<Auth>()?.prepare_reset(&caller.ctx, body.password).await?;
    caller.write(move |ctx, tx| actions::reset_member_password(ctx, tx, number, &hash)).await?;
    Ok(StatusCode::NO_CONTENT)
}
