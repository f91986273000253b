//! Links of letters: an address confirmed, a forgotten password, another address.

use axum::{
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, ProblemBody, Visitor};

use super::access::{PersonOut, SignedInOut, agent, answer};
use crate::{
    Auth, LinkOpened, Password,
    actions::{self, Opened},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(forgot_password))
        .routes(routes!(reset_password))
        .routes(routes!(confirm_email))
        .routes(routes!(change_email))
        .routes(routes!(send_confirmation))
}

/// What happens next, in words.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PostedOut {
    message: String,
}

impl PostedOut {
    pub(super) fn new(message: String) -> Json<Self> {
        Json(Self { message })
    }
}

/// Whose password is forgotten.
#[derive(Debug, Deserialize, ToSchema)]
struct ForgotIn {
    /// An e-mail address or a username.
    #[serde(alias = "email", alias = "username")]
    login: String,
}

/// A new password, by the token that ends the link of a letter.
#[derive(Debug, Deserialize, ToSchema)]
struct ResetIn {
    token: String,
    #[schema(value_type = String, format = Password)]
    password: Password,
}

/// The token that ends the link of a letter.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct TokenIn {
    pub(super) token: String,
}

/// Another address to sign in with.
#[derive(Debug, Deserialize, ToSchema)]
struct EmailIn {
    email: String,
    /// The present password.
    #[schema(value_type = String, format = Password)]
    current: Password,
}

/// What a link did.
#[derive(Debug, Serialize, ToSchema)]
struct ConfirmedOut {
    /// The address that is confirmed now.
    email: String,
    /// Set where the link ended a sign-up: whoever opened it is signed in by the cookie.
    signed_in: Option<SignedInOut>,
}

/// Sends the letter that sets a forgotten password. The answer is the same whoever's login it is.
#[utoipa::path(post, path = "/api/auth/forgot-password", tag = "auth", request_body = ForgotIn, security(()),
    responses((status = 202, body = PostedOut), (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn forgot_password(visitor: Visitor, Json(body): Json<ForgotIn>) -> web::Result<Response> {
    let auth = visitor.app.service::<Auth>()?;
    auth.forgot_password(visitor.app.db(), &visitor.ctx(), body.login).await?;
    let said = PostedOut::new(visitor.words().t("auth-forgot-sent"));
    Ok((StatusCode::ACCEPTED, said).into_response())
}

/// Sets a forgotten password and ends every session of the person.
#[utoipa::path(post, path = "/api/auth/reset-password", tag = "auth", request_body = ResetIn, security(()),
    responses((status = 204), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn reset_password(visitor: Visitor, Json(body): Json<ResetIn>) -> web::Result<StatusCode> {
    let ResetIn { token, password } = body;
    let auth = visitor.app.service::<Auth>()?;
    auth.reset_password(visitor.app.db(), &visitor.ctx(), token, password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Confirms an address by the token of a letter; that of a sign-up makes its workspace and signs in.
#[utoipa::path(post, path = "/api/auth/confirm", tag = "auth", request_body = TokenIn, security(()),
    responses((status = 200, body = ConfirmedOut), (status = 409, body = ProblemBody)))]
async fn confirm_email(
    visitor: Visitor,
    headers: HeaderMap,
    Json(body): Json<TokenIn>,
) -> web::Result<(HeaderMap, Json<ConfirmedOut>)> {
    let auth = visitor.app.service::<Auth>()?;
    let opened = auth.open_link(visitor.app.db(), &visitor.ctx(), body.token, agent(&headers)).await?;
    Ok(match opened {
        LinkOpened::Address(Opened::Confirmed(email) | Opened::Changed(email)) => {
            (HeaderMap::new(), Json(ConfirmedOut { email: email.to_string(), signed_in: None }))
        }
        LinkOpened::SignedUp(signed) => {
            let email = PersonOut::from(&signed.person).email.unwrap_or_default();
            let (headers, Json(signed_in)) = answer(&visitor.app, &signed);
            (headers, Json(ConfirmedOut { email, signed_in: Some(signed_in) }))
        }
    })
}

/// Asks for another address to sign in with. It counts when the letter to it comes back; at once where no letters are
/// sent.
#[utoipa::path(post, path = "/api/auth/email", tag = "auth", request_body = EmailIn,
    responses((status = 202, body = PostedOut), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn change_email(caller: Caller, Json(body): Json<EmailIn>) -> web::Result<Response> {
    let EmailIn { email, current } = body;
    let auth = caller.app.service::<Auth>()?;
    auth.change_email(caller.db(), &caller.ctx, &email, current).await?;
    let said = if auth.mailer().is_on() { "auth-email-sent" } else { "auth-saved" };
    Ok((StatusCode::ACCEPTED, PostedOut::new(caller.words().t(said))).into_response())
}

/// Sends the letter that confirms one's address once more.
#[utoipa::path(post, path = "/api/auth/email/send", tag = "auth",
    responses((status = 202, body = PostedOut), (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn send_confirmation(caller: Caller) -> web::Result<Response> {
    let mailer = caller.app.service::<Auth>()?.mailer().clone();
    caller.write(move |ctx, tx| actions::ask_confirmation(ctx, tx, &mailer)).await?;
    Ok((StatusCode::ACCEPTED, PostedOut::new(caller.words().t("auth-email-sent"))).into_response())
}
