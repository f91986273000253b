//! Sign-in, sign-up, sign-out, and the language of the pages.

use axum::{
    Router,
    extract::{Path, Query},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use kernel::{Error, Kind, Lang, Text};
use serde::Deserialize;
use web::{
    App, Caller, Cookie, Form, LANG_COOKIE, SameSite, Visitor,
    pages::{self, Field, Go, SignInPage, Tone, render, render_with},
};

use super::links::SaidPage;
use crate::{
    Auth, Password, SessionKind, SignIn, SignedIn, SigningUp,
    actions::{self, SetProfile, SignUp},
    api::{agent, session},
    cookie,
};

/// Seconds that a visitor's choice of a language is kept: a year.
const LANG_SECONDS: i64 = 31_536_000;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(sign_in_page).post(sign_in))
        .route("/sign-up", get(sign_up_page).post(sign_up))
        .route("/sign-out", post(sign_out))
        .route("/language/{code}", get(set_language))
}

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Debug, Default, Deserialize)]
struct SignInForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Debug, Default, Deserialize)]
struct SignUpForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    workspace: String,
    #[serde(default)]
    password: String,
}

async fn sign_in_page(
    caller: Option<Caller>,
    visitor: Visitor,
    Query(next): Query<Next>,
) -> web::Result<Response> {
    if caller.is_some() {
        return Ok(Go::to(next.next).into_response());
    }
    let typed = SignInForm { next: next.next, ..SignInForm::default() };
    Ok(with_holder(&visitor, render(&sign_in_form(&visitor, &typed, None)?)))
}

fn sign_in_form(visitor: &Visitor, typed: &SignInForm, error: Option<&Error>) -> web::Result<SignInPage> {
    let SignInForm { login, password: _, next } = typed;
    let p = visitor.shell().titled("auth-sign-in");
    let form = pages::Form::new(&p, "/sign-in")
        .error(error)
        .field(
            Field::text("login", "auth-login")
                .value(login)
                .required()
                .focus()
                .autocomplete("username")
                .max(254),
        )
        .field(Field::password("password", "auth-password").required())
        .hidden("next", next)
        .submit("auth-sign-in")
        .wide();
    let may_sign_up = visitor.app.service::<Auth>()?.is_sign_up_open();
    let mut links = vec![("/forgot-password".to_owned(), p.t("auth-forgot"))];
    if may_sign_up {
        links.push(("/sign-up".to_owned(), p.t("auth-to-sign-up")));
    }
    Ok(SignInPage { p, form, links })
}

async fn sign_in(
    visitor: Visitor,
    headers: HeaderMap,
    Form(typed): Form<SignInForm>,
) -> web::Result<Response> {
    let password = Password::typed(typed.password.as_str());
    let login = typed.login.clone();
    let input = SignIn { login, password, agent: agent(&headers), kind: SessionKind::Page, workspace: None };
    let auth = visitor.app.service::<Auth>()?;
    let signed = match visitor.fresh() {
        Ok(()) => auth.sign_in(visitor.app.db(), &visitor.ctx(), input).await,
        Err(stale) => Err(stale),
    };
    match signed {
        Ok(signed) => Ok(welcome(&visitor, &signed, &typed.next)),
        Err(error) => match status_of(&error) {
            Some(status) => {
                let page = sign_in_form(&visitor, &typed, Some(&error))?;
                Ok(with_holder(&visitor, render_with(status, &page)))
            }
            None => Err(error.into()),
        },
    }
}

/// The status of a form that is shown again; `None` where that would not help.
pub(super) const fn status_of(error: &Error) -> Option<StatusCode> {
    match error.kind() {
        Kind::Invalid | Kind::Conflict => Some(StatusCode::UNPROCESSABLE_ENTITY),
        Kind::Unauthenticated => Some(StatusCode::UNAUTHORIZED),
        Kind::Forbidden => Some(StatusCode::FORBIDDEN),
        Kind::TooMuch { .. } => Some(StatusCode::TOO_MANY_REQUESTS),
        Kind::NotFound | Kind::Busy | Kind::Internal => None,
    }
}

pub(super) fn welcome(visitor: &Visitor, signed: &SignedIn, next: &str) -> Response {
    let mut response = Go::to(next).into_response();
    cookie::open(&visitor.app, &signed.secret).set(response.headers_mut());
    response
}

pub(super) fn with_holder(visitor: &Visitor, mut response: Response) -> Response {
    visitor.remember(response.headers_mut());
    response
}

async fn sign_up_page(caller: Option<Caller>, visitor: Visitor) -> web::Result<Response> {
    if caller.is_some() {
        return Ok(Go::to("/").into_response());
    }
    if !visitor.app.service::<Auth>()?.is_sign_up_open() {
        return Ok(Go::to("/sign-in").into_response());
    }
    Ok(with_holder(&visitor, render(&sign_up_form(&visitor, &SignUpForm::default(), None))))
}

fn sign_up_form(visitor: &Visitor, typed: &SignUpForm, error: Option<&Error>) -> SignInPage {
    let SignUpForm { name, email, phone, workspace, password: _ } = typed;
    let p = visitor.shell().titled("auth-sign-up").lead("auth-sign-up-lead");
    let form = pages::Form::new(&p, "/sign-up")
        .error(error)
        .field(
            Field::text("workspace", "auth-company-name")
                .value(workspace)
                .required()
                .focus()
                .autocomplete("organization")
                .max(120),
        )
        .field(Field::text("name", "auth-your-name").value(name).required().autocomplete("name").max(120))
        .field(Field::email("email", "auth-email").value(email).required().max(254))
        .field(Field::phone("phone", "auth-phone").value(phone))
        .field(
            Field::password("password", "auth-password")
                .required()
                .autocomplete("new-password")
                .help("auth-password-help"),
        )
        .submit("auth-sign-up")
        .wide();
    let links = vec![("/sign-in".to_owned(), p.t("auth-to-sign-in"))];
    SignInPage { p, form, links }
}

async fn sign_up(
    visitor: Visitor,
    headers: HeaderMap,
    Form(typed): Form<SignUpForm>,
) -> web::Result<Response> {
    let SignUpForm { name, email, phone, workspace, password } = &typed;
    let input = SignUp {
        name: name.clone(),
        email: email.clone(),
        username: None,
        phone: Some(phone.clone()),
        password: Password::typed(password.as_str()),
        workspace: workspace.clone(),
        lang: visitor.lang(),
    };
    let auth = visitor.app.service::<Auth>()?;
    let signed = match visitor.fresh() {
        Ok(()) => auth.sign_up(visitor.app.db(), &visitor.ctx(), input, agent(&headers)).await,
        Err(stale) => Err(stale),
    };
    match signed {
        Ok(SigningUp::Done(signed)) => Ok(welcome(&visitor, &signed, "/")),
        Ok(SigningUp::Posted) => {
            let p = visitor.shell().titled("auth-sign-up");
            Ok(render(&SaidPage::new(p, Tone::Success, &Text::new("auth-sign-up-sent"))))
        }
        Err(error) => match status_of(&error) {
            Some(status) => {
                Ok(with_holder(&visitor, render_with(status, &sign_up_form(&visitor, &typed, Some(&error)))))
            }
            None => Err(error.into()),
        },
    }
}

async fn sign_out(caller: Option<Caller>, visitor: Visitor) -> web::Result<Response> {
    if let Some(caller) = caller {
        let session = session(&caller);
        caller.write(move |ctx, tx| actions::sign_out(ctx, tx, session)).await?;
    }
    let mut response = Go::to("/sign-in").into_response();
    cookie::close(&visitor.app).set(response.headers_mut());
    Ok(response)
}

/// The page to come back to.
#[derive(Debug, Default, Deserialize)]
struct Back {
    #[serde(default)]
    back: String,
}

/// A visitor's language is kept in a cookie, a person's in their profile too.
async fn set_language(
    caller: Option<Caller>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(back): Query<Back>,
) -> web::Result<Response> {
    let lang = Lang::parse(&code).ok_or_else(Error::not_found)?;
    if let Some(caller) =
        caller.filter(|caller| caller.ctx.actor().person().is_some() && caller.ctx.operator().is_none())
    {
        let input = SetProfile { lang: Some(lang), ..SetProfile::default() };
        caller.write(move |ctx, tx| actions::set_profile(ctx, tx, &input)).await?;
    }
    let mut response = Go::to(back.back).into_response();
    let cookie = Cookie {
        name: LANG_COOKIE,
        value: lang.code().to_owned(),
        max_age_s: Some(LANG_SECONDS),
        secure: visitor.app.config().is_https(),
        same_site: SameSite::Lax,
    };
    cookie.set(response.headers_mut());
    Ok(response)
}
