//! Sign-up, sign-in, sign-out, and oneself.

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use context::ActorKind;
use kernel::{Lang, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, ProblemBody, Visitor};

use super::{links::PostedOut, session};
use crate::{
    Auth, ChangePassword, Email, Password, Person, SessionKind, SignIn, SignedIn, SigningUp, Theme, Username,
    actions::{self, SetProfile, SignUp},
    cookie, to_words,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sign_up))
        .routes(routes!(sign_in))
        .routes(routes!(sign_out))
        .routes(routes!(get_me, set_me))
        .routes(routes!(set_password))
}

/// A person, as the API shows them to themselves and to those who manage members.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonOut {
    /// The person's number, one series for the whole server.
    pub id: i64,
    /// What people call them.
    pub name: String,
    /// What they sign in with.
    pub email: Option<String>,
    /// Whether a letter to it came back, so that it is known to be theirs.
    pub email_confirmed: bool,
    /// What they sign in with besides or instead.
    pub username: Option<String>,
    /// Their phone.
    pub phone: Option<String>,
    /// The language of their pages.
    #[schema(value_type = String)]
    pub lang: Lang,
    /// How their pages look.
    #[schema(value_type = String)]
    pub theme: Theme,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl From<&Person> for PersonOut {
    fn from(person: &Person) -> Self {
        let Person {
            id: _,
            number,
            name,
            email,
            email_confirmed_at,
            username,
            phone,
            lang,
            theme,
            password_set_at: _,
            created_at,
        } = person;
        Self {
            id: *number,
            name: name.clone(),
            email: email.as_ref().map(Email::to_string),
            email_confirmed: email_confirmed_at.is_some(),
            username: username.as_ref().map(Username::to_string),
            phone: phone.as_ref().map(ToString::to_string),
            lang: *lang,
            theme: *theme,
            created_at: *created_at,
        }
    }
}

/// What a sign-up takes.
#[derive(Debug, Deserialize, ToSchema)]
struct SignUpIn {
    name: String,
    email: String,
    username: Option<String>,
    phone: Option<String>,
    #[schema(value_type = String, format = Password)]
    password: Password,
    /// What the company is called.
    workspace: String,
    #[schema(value_type = Option<String>)]
    lang: Option<Lang>,
}

/// What a sign-in takes: a login (or `username`, or `email`) and a password.
#[derive(Debug, Deserialize, ToSchema)]
struct SignInIn {
    #[serde(alias = "username", alias = "email")]
    login: String,
    #[schema(value_type = String, format = Password)]
    password: Password,
}

/// Somebody who has just signed in. The session is in the cookie.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SignedInOut {
    user: PersonOut,
    /// The workspace that is open.
    #[schema(value_type = String, format = Uuid)]
    workspace_id: kernel::WorkspaceId,
}

/// Who calls.
#[derive(Debug, Serialize, ToSchema)]
struct MeOut {
    /// The person; null for a program with a key.
    user: Option<PersonOut>,
    /// `member`, `api_key` or `service`.
    kind: &'static str,
    /// The person's or the key's name.
    name: String,
    /// The workspace that is open.
    #[schema(value_type = String, format = Uuid)]
    workspace_id: kernel::WorkspaceId,
    /// What they may do there.
    permissions: Vec<&'static str>,
}

/// What one may change about oneself; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
struct MePatch {
    name: Option<String>,
    /// An empty text takes the phone away.
    phone: Option<String>,
    #[schema(value_type = Option<String>)]
    lang: Option<Lang>,
    #[schema(value_type = Option<String>)]
    theme: Option<Theme>,
}

/// A new password for oneself.
#[derive(Debug, Deserialize, ToSchema)]
struct PasswordIn {
    #[schema(value_type = String, format = Password)]
    current: Password,
    #[schema(value_type = String, format = Password)]
    password: Password,
}

/// How many other sessions ended.
#[derive(Debug, Serialize, ToSchema)]
struct EndedOut {
    sessions_ended: u64,
}

#[utoipa::path(post, path = "/api/auth/sign-up", tag = "auth", request_body = SignUpIn, security(()),
    responses((status = 201, body = SignedInOut),
        (status = 202, body = PostedOut, description = "A letter was sent; its link makes the workspace"),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn sign_up(visitor: Visitor, headers: HeaderMap, Json(body): Json<SignUpIn>) -> web::Result<Response> {
    let SignUpIn { name, email, username, phone, password, workspace, lang } = body;
    let lang = lang.unwrap_or_else(|| visitor.lang());
    let input = SignUp { name, email, username, phone, password, workspace, lang };
    let auth = visitor.app.service::<Auth>()?;
    let signed = auth.sign_up(visitor.app.db(), &visitor.ctx(), input, agent(&headers)).await?;
    Ok(match signed {
        SigningUp::Done(signed) => (StatusCode::CREATED, answer(&visitor.app, &signed)).into_response(),
        SigningUp::Posted => {
            let said = PostedOut::new(visitor.words().t("auth-sign-up-sent"));
            (StatusCode::ACCEPTED, said).into_response()
        }
    })
}

#[utoipa::path(post, path = "/api/auth/sign-in", tag = "auth", request_body = SignInIn, security(()),
    responses((status = 200, body = SignedInOut), (status = 401, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn sign_in(
    visitor: Visitor,
    headers: HeaderMap,
    Json(body): Json<SignInIn>,
) -> web::Result<(HeaderMap, Json<SignedInOut>)> {
    let SignInIn { login, password } = body;
    let input = SignIn { login, password, agent: agent(&headers), kind: SessionKind::Page, workspace: None };
    let auth = visitor.app.service::<Auth>()?;
    let signed = auth.sign_in(visitor.app.db(), &visitor.ctx(), input).await?;
    Ok(answer(&visitor.app, &signed))
}

pub(super) fn answer(app: &App, signed: &SignedIn) -> (HeaderMap, Json<SignedInOut>) {
    let mut headers = HeaderMap::new();
    cookie::open(app, &signed.secret).set(&mut headers);
    (headers, Json(SignedInOut { user: (&signed.person).into(), workspace_id: signed.session.at_workspace }))
}

/// What the browser calls itself.
pub(crate) fn agent(headers: &HeaderMap) -> String {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

#[utoipa::path(post, path = "/api/auth/sign-out", tag = "auth", responses((status = 204)))]
async fn sign_out(caller: Caller) -> web::Result<(StatusCode, HeaderMap)> {
    let session = session(&caller);
    caller.write(move |ctx, tx| actions::sign_out(ctx, tx, session)).await?;
    let mut headers = HeaderMap::new();
    cookie::close(&caller.app).set(&mut headers);
    Ok((StatusCode::NO_CONTENT, headers))
}

#[utoipa::path(get, path = "/api/auth/me", tag = "auth", responses((status = 200, body = MeOut)))]
async fn get_me(caller: Caller) -> web::Result<Json<MeOut>> {
    let is_person = caller.ctx.actor().kind == ActorKind::Member;
    let person = if is_person { Some(caller.read(actions::profile).await?) } else { None };
    let actor = caller.ctx.actor();
    Ok(Json(MeOut {
        user: person.as_ref().map(PersonOut::from),
        kind: actor.kind.word(),
        name: actor.name.clone(),
        workspace_id: caller.ctx.workspace(),
        permissions: to_words(caller.ctx.permissions()),
    }))
}

#[utoipa::path(patch, path = "/api/auth/me", tag = "auth", request_body = MePatch,
    responses((status = 200, body = PersonOut), (status = 422, body = ProblemBody)))]
async fn set_me(caller: Caller, Json(body): Json<MePatch>) -> web::Result<Json<PersonOut>> {
    let MePatch { name, phone, lang, theme } = body;
    let input = SetProfile { name, phone, lang, theme };
    let person = caller.write(move |ctx, tx| actions::set_profile(ctx, tx, &input)).await?;
    Ok(Json((&person).into()))
}

#[utoipa::path(post, path = "/api/auth/password", tag = "auth", request_body = PasswordIn,
    responses((status = 200, body = EndedOut), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn set_password(caller: Caller, Json(body): Json<PasswordIn>) -> web::Result<Json<EndedOut>> {
    let PasswordIn { current, password } = body;
    let input = ChangePassword { current, new: password, session: session(&caller) };
    let auth = caller.app.service::<Auth>()?;
    let sessions_ended = auth.change_password(caller.db(), &caller.ctx, input).await?;
    Ok(Json(EndedOut { sessions_ended }))
}
