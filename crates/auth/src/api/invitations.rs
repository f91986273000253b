//! Invitations: those of the workspace, and the one that a link opens.

use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode},
};
use db::{Lane, Scope};
use kernel::{Id, Lang, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey, Visitor};

use super::{
    access::{SignedInOut, agent, answer},
    id_of,
    links::TokenIn,
    session,
};
use crate::{
    Auth, Email, Invitation, Join, Password, Secret,
    actions::{self, Invite},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_invitations, invite))
        .routes(routes!(revoke_invitation))
        .routes(routes!(resend_invitation))
        .routes(routes!(look_at_invitation))
        .routes(routes!(join_by_invitation))
        .routes(routes!(accept_by_link))
}

/// An invitation.
#[derive(Debug, Serialize, ToSchema)]
struct InvitationOut {
    #[schema(value_type = String, format = Uuid)]
    id: Id<Invitation>,
    /// For whom alone; null for whoever has the link.
    email: Option<String>,
    name: String,
    /// The role's id.
    #[schema(value_type = String, format = Uuid)]
    role_id: Id<crate::Role>,
    /// `admin`, `manager`, `cashier`, `warehouse`, `user`, or `custom`.
    role: &'static str,
    /// The name of a role of the workspace's own.
    role_name: String,
    #[schema(value_type = String)]
    lang: Lang,
    /// Who invites.
    invited_by: String,
    /// `pending` or `expired`.
    state: &'static str,
    /// When its link was made last.
    #[schema(value_type = String, format = DateTime)]
    sent_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl InvitationOut {
    fn of(invitation: &Invitation, now: Timestamp) -> Self {
        let Invitation {
            id,
            workspace: _,
            workspace_name: _,
            workspace_slug: _,
            email,
            name,
            role,
            lang,
            invited_by: _,
            inviter,
            mailed: _,
            created_at: _,
            sent_at,
            expires_at,
        } = invitation;
        Self {
            id: *id,
            email: email.as_ref().map(Email::to_string),
            name: name.clone(),
            role_id: role.id,
            role: role.kind.word(),
            role_name: role.name.clone(),
            lang: *lang,
            invited_by: inviter.clone(),
            state: if invitation.holds(now) { "pending" } else { "expired" },
            sent_at: *sent_at,
            expires_at: *expires_at,
        }
    }
}

/// An invitation and, where no letter carried it, its link.
#[derive(Debug, Serialize, ToSchema)]
struct InvitedOut {
    #[serde(flatten)]
    invitation: InvitationOut,
    /// The link to pass on, shown this once; null when a letter carries it.
    link: Option<String>,
}

/// Whom to invite.
#[derive(Debug, Deserialize, ToSchema)]
struct InviteIn {
    /// For them alone, by a letter where letters are sent; without it for whoever gets the link.
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    name: Option<String>,
    /// A built-in role's word, or a role's id.
    role: String,
    /// The language of the letter.
    #[schema(value_type = Option<String>)]
    lang: Option<Lang>,
}

/// What the holder of a link sees of its invitation.
#[derive(Debug, Serialize, ToSchema)]
struct OpenedOut {
    workspace: String,
    invited_by: String,
    role: &'static str,
    role_name: String,
    /// The address that it is for; null for whoever has the link.
    email: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Somebody new who was invited.
#[derive(Debug, Deserialize, ToSchema)]
struct JoinIn {
    token: String,
    name: String,
    /// Needed where the invitation has no address of its own.
    #[serde(default)]
    email: Option<String>,
    #[schema(value_type = String, format = Password)]
    password: Password,
    #[schema(value_type = Option<String>)]
    lang: Option<Lang>,
}

#[utoipa::path(get, path = "/api/invitations", tag = "members", params(PageQuery),
    responses((status = 200, body = Listed<InvitationOut>)))]
async fn list_invitations(
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> web::Result<Json<Listed<InvitationOut>>> {
    let now = caller.ctx.now();
    let page = caller.read(move |ctx, tx| actions::invitations(ctx, tx, page.request())).await?;
    Ok(Json(Listed::of(&caller, page.map(|invitation| InvitationOut::of(&invitation, now)))))
}

#[utoipa::path(post, path = "/api/invitations", tag = "members", request_body = InviteIn,
    responses((status = 201, body = InvitedOut), (status = 422, body = ProblemBody)))]
async fn invite(caller: Caller, Json(body): Json<InviteIn>) -> web::Result<(StatusCode, Json<InvitedOut>)> {
    let InviteIn { email, name, role, lang } = body;
    let [email, name] = [email, name].map(Option::unwrap_or_default);
    let lang = lang.unwrap_or_else(|| caller.ctx.lang());
    let (invitation, link) = make_invitation(&caller, Invite { email, name, role, lang }).await?;
    let invitation = InvitationOut::of(&invitation, caller.ctx.now());
    Ok((StatusCode::CREATED, Json(InvitedOut { invitation, link })))
}

/// Invites once. The secret is no part of what is stored for a repeated request: it then shows no link.
pub(crate) async fn make_invitation(
    caller: &Caller,
    input: Invite,
) -> kernel::Result<(Invitation, Option<String>)> {
    let auth = caller.app.service::<Auth>()?;
    let (mailer, secret) = (auth.mailer().clone(), Secret::for_link(caller.ctx.random()));
    let new = secret.clone();
    let id = caller.once(move |ctx, tx| Ok(actions::invite(ctx, tx, &mailer, &input, &new)?.id)).await?;
    let own = secret.clone();
    let (invitation, is_fresh) =
        caller.read(move |ctx, tx| actions::find_invitation(ctx, tx, id, &own)).await?;
    let link = (is_fresh && !invitation.mailed).then(|| link_of(&auth, &secret));
    Ok((invitation, link))
}

/// Makes a new link for an invitation, and posts it where it has an address.
pub(crate) async fn renew_invitation(
    caller: &Caller,
    id: Id<Invitation>,
) -> kernel::Result<(Invitation, Option<String>)> {
    let auth = caller.app.service::<Auth>()?;
    let (mailer, secret) = (auth.mailer().clone(), Secret::for_link(caller.ctx.random()));
    let new = secret.clone();
    let resend = caller.write(move |ctx, tx| actions::resend_invitation(ctx, tx, &mailer, id, &new));
    let invitation = resend.await?;
    let link = (!invitation.mailed).then(|| link_of(&auth, &secret));
    Ok((invitation, link))
}

fn link_of(auth: &Auth, secret: &Secret) -> String {
    auth.mailer().address_of(&format!("/invitation/{}", secret.reveal()))
}

/// Makes a new link for a week; the one before is dead.
#[utoipa::path(post, path = "/api/invitations/{id}/resend", tag = "members", params(("id" = String, Path)),
    responses((status = 200, body = InvitedOut), (status = 404, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn resend_invitation(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<InvitedOut>> {
    let (invitation, link) = renew_invitation(&caller, id_of(key)?).await?;
    Ok(Json(InvitedOut { invitation: InvitationOut::of(&invitation, caller.ctx.now()), link }))
}

#[utoipa::path(delete, path = "/api/invitations/{id}", tag = "members", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
async fn revoke_invitation(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    let id = id_of(key)?;
    caller.write(move |ctx, tx| actions::revoke_invitation(ctx, tx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the link of an invitation opens.
#[utoipa::path(post, path = "/api/auth/invitation", tag = "auth", request_body = TokenIn, security(()),
    responses((status = 200, body = OpenedOut), (status = 409, body = ProblemBody)))]
async fn look_at_invitation(visitor: Visitor, Json(body): Json<TokenIn>) -> web::Result<Json<OpenedOut>> {
    let invitation = opened(&visitor, body.token).await?;
    Ok(Json(OpenedOut {
        workspace: invitation.workspace_name,
        invited_by: invitation.inviter,
        role: invitation.role.kind.word(),
        role_name: invitation.role.name,
        email: invitation.email.as_ref().map(Email::to_string),
        expires_at: invitation.expires_at,
    }))
}

/// The invitation that the link with this token opens.
pub(crate) async fn opened(visitor: &Visitor, token: String) -> kernel::Result<Invitation> {
    let ctx = visitor.ctx();
    let look = move |tx: &mut db::ReadTx<'_>| actions::invitation_of_token(&ctx, tx, &token);
    visitor.app.db().read(Scope::Server, look).await
}

/// Somebody new joins by the link, and is signed in by the cookie.
#[utoipa::path(post, path = "/api/auth/invitation/join", tag = "auth", request_body = JoinIn, security(()),
    responses((status = 201, body = SignedInOut), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
async fn join_by_invitation(
    visitor: Visitor,
    headers: HeaderMap,
    Json(body): Json<JoinIn>,
) -> web::Result<(StatusCode, HeaderMap, Json<SignedInOut>)> {
    let JoinIn { token, name, email, password, lang } = body;
    let lang = lang.unwrap_or_else(|| visitor.lang());
    let input = Join { name, email: email.unwrap_or_default(), password, lang, agent: agent(&headers) };
    let auth = visitor.app.service::<Auth>()?;
    let signed = auth.join(visitor.app.db(), &visitor.ctx(), token, input).await?;
    let (headers, out) = answer(&visitor.app, &signed);
    Ok((StatusCode::CREATED, headers, out))
}

/// Whoever is signed in joins by the link, and has that workspace open.
#[utoipa::path(post, path = "/api/auth/invitation/accept", tag = "auth", request_body = TokenIn,
    responses((status = 204), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn accept_by_link(caller: Caller, Json(body): Json<TokenIn>) -> web::Result<StatusCode> {
    accept(&caller, body.token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whoever calls joins by the link and opens the workspace in their session.
pub(crate) async fn accept(caller: &Caller, token: String) -> kernel::Result<()> {
    caller.fresh()?;
    let (ctx, session) = (caller.ctx.clone(), session(caller));
    let join = move |tx: &mut db::Tx<'_>| {
        let invitation = actions::accept_as_member(&ctx, tx, &token)?;
        // A program with no session has nothing to open.
        match session {
            Some(_) => actions::switch_workspace(&ctx, tx, session, invitation.workspace),
            None => Ok(()),
        }
    };
    caller.db().write(Scope::Server, Lane::People, join).await
}
