//! Sign-in for dashboards, which keep tokens instead of a cookie.

use axum::{
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Json, ProblemBody, Visitor};

use super::access::{PersonOut, agent};
use crate::{
    ACCESS_S, Auth, Password, Secret, Session, SessionKind, SignIn, access_token::AccessKey, actions,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(log_in)).routes(routes!(refresh_tokens)).routes(routes!(log_out))
}

/// What a dashboard signs in with.
#[derive(Debug, Deserialize, ToSchema)]
struct LoginIn {
    /// An e-mail address or a username.
    #[serde(alias = "login", alias = "username")]
    email: String,
    #[schema(value_type = String, format = Password)]
    password: Password,
    /// The workspace's name in addresses, or its id; without it the one that was used last.
    #[serde(default)]
    workspace: Option<String>,
}

/// Somebody signed in, with their tokens.
#[derive(Debug, Serialize, ToSchema)]
struct LoggedInOut {
    user: PersonOut,
    /// The workspace that is open.
    #[schema(value_type = String, format = Uuid)]
    workspace_id: kernel::WorkspaceId,
    #[serde(flatten)]
    tokens: TokensOut,
}

/// The tokens of a session.
#[derive(Debug, Serialize, ToSchema)]
struct TokensOut {
    /// A JWT for `Authorization: Bearer`.
    access: String,
    /// Brings the next tokens, once.
    refresh: String,
    /// Seconds that `access` holds.
    expires_in: i64,
}

/// A refresh token.
#[derive(Debug, Deserialize, ToSchema)]
struct RefreshIn {
    refresh: String,
}

/// Tokens are stored nowhere on their way (RFC 6749, section 5.1).
const NOT_STORED: AppendHeaders<[(HeaderName, &str); 1]> =
    AppendHeaders([(header::CACHE_CONTROL, "no-store")]);

fn tokens(visitor: &Visitor, session: &Session, refresh: &Secret) -> kernel::Result<TokensOut> {
    let access = AccessKey::derived(visitor.app.secret())?.sign(session, visitor.meta.now)?;
    Ok(TokensOut { access, refresh: refresh.reveal().to_owned(), expires_in: ACCESS_S })
}

#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth", request_body = LoginIn, security(()),
    responses((status = 200, body = LoggedInOut), (status = 401, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn log_in(
    visitor: Visitor,
    headers: HeaderMap,
    Json(body): Json<LoginIn>,
) -> web::Result<impl IntoResponse> {
    let LoginIn { email, password, workspace } = body;
    let input =
        SignIn { login: email, password, agent: agent(&headers), kind: SessionKind::Token, workspace };
    let auth = visitor.app.service::<Auth>()?;
    let signed = auth.sign_in(visitor.app.db(), &visitor.ctx(), input).await?;
    let out = LoggedInOut {
        user: (&signed.person).into(),
        workspace_id: signed.session.at_workspace,
        tokens: tokens(&visitor, &signed.session, &signed.secret)?,
    };
    Ok((NOT_STORED, Json(out)))
}

/// The refresh token is exchanged: one that comes a second time ends the session.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "auth", request_body = RefreshIn, security(()),
    responses((status = 200, body = TokensOut), (status = 401, body = ProblemBody)))]
async fn refresh_tokens(visitor: Visitor, Json(body): Json<RefreshIn>) -> web::Result<impl IntoResponse> {
    let auth = visitor.app.service::<Auth>()?;
    let renewed = auth.refresh(visitor.app.db(), &visitor.ctx(), body.refresh).await?;
    let out = tokens(&visitor, &renewed.session, &renewed.secret)?;
    Ok((NOT_STORED, Json(out)))
}

#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "auth", request_body = RefreshIn, security(()),
    responses((status = 204)))]
async fn log_out(visitor: Visitor, Json(body): Json<RefreshIn>) -> web::Result<StatusCode> {
    visitor.write(move |ctx, tx| actions::close_token_session(ctx, tx, &body.refresh)).await?;
    Ok(StatusCode::NO_CONTENT)
}
