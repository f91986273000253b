//! Pages that links of letters open, and the one that asks for such a letter. Whatever changes something is a button: a
//! program that looks into letters for people opens every link in them.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use db::{ReadTx, Scope};
use kernel::{Error, Kind, Text};
use serde::Deserialize;
use web::{
    App, Form, Visitor,
    pages::{self, Field, Go, Notice, Shell, SignInPage, Tone, render, render_with},
};

use super::sign_in::{status_of, welcome, with_holder};
use crate::{
    Auth, Link, LinkKind, LinkOpened, Password,
    actions::{self, Opened},
    api::agent,
};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/forgot-password", get(forgot_page).post(forgot))
        .route("/reset-password/{token}", get(reset_page).post(reset))
        .route("/confirm/{token}", get(confirm_page).post(confirm))
}

/// A page without a menu that says one thing.
#[derive(Debug, Template)]
#[template(path = "said.html")]
pub(super) struct SaidPage {
    p: Shell,
    notice: Notice,
    form: Option<pages::Form>,
    links: Vec<(String, String)>,
}

impl SaidPage {
    /// Says this, with the way to sign in.
    pub(super) fn new(p: Shell, tone: Tone, said: &Text) -> Self {
        let links = vec![("/sign-in".to_owned(), p.t("auth-to-sign-in"))];
        Self { notice: Notice::new(tone, p.say(said)), p, form: None, links }
    }

    /// With what to do.
    pub(super) fn form(mut self, form: pages::Form) -> Self {
        self.form = Some(form);
        self
    }

    /// With these ways on.
    pub(super) fn links(mut self, links: Vec<(String, String)>) -> Self {
        self.links = links;
        self
    }
}

/// What a link says that opens nothing (any more), or what was wrong otherwise.
pub(super) fn closed(visitor: &Visitor, error: &Error) -> Option<Response> {
    let status = status_of(error)?;
    let p = visitor.shell().titled("auth-link-title");
    let forgot = ("/forgot-password".to_owned(), p.t("auth-forgot"));
    let sign_in = ("/sign-in".to_owned(), p.t("auth-to-sign-in"));
    let page = SaidPage::new(p, Tone::Error, error.text()).links(vec![sign_in, forgot]);
    Some(with_holder(visitor, render_with(status, &page)))
}

#[derive(Debug, Default, Deserialize)]
struct ForgotForm {
    #[serde(default)]
    login: String,
}

fn forgot_form(visitor: &Visitor, typed: &ForgotForm, error: Option<&Error>) -> SignInPage {
    let p = visitor.shell().titled("auth-forgot").lead("auth-forgot-lead");
    let login = Field::text("login", "auth-login").value(&typed.login).required().focus();
    let form = pages::Form::new(&p, "/forgot-password")
        .error(error)
        .field(login.autocomplete("username").max(254))
        .submit("auth-forgot-send")
        .wide();
    let links = vec![("/sign-in".to_owned(), p.t("auth-to-sign-in"))];
    SignInPage { p, form, links }
}

async fn forgot_page(visitor: Visitor) -> web::Result<Response> {
    if !visitor.app.service::<Auth>()?.mailer().is_on() {
        let p = visitor.shell().titled("auth-forgot");
        return Ok(render(&SaidPage::new(p, Tone::Info, &Text::new("auth-forgot-no-mail"))));
    }
    Ok(with_holder(&visitor, render(&forgot_form(&visitor, &ForgotForm::default(), None))))
}

async fn forgot(visitor: Visitor, Form(typed): Form<ForgotForm>) -> web::Result<Response> {
    let auth = visitor.app.service::<Auth>()?;
    let asked = match visitor.fresh() {
        Ok(()) => auth.forgot_password(visitor.app.db(), &visitor.ctx(), typed.login.clone()).await,
        Err(stale) => Err(stale),
    };
    match asked {
        Ok(()) => {
            let p = visitor.shell().titled("auth-forgot");
            Ok(render(&SaidPage::new(p, Tone::Success, &Text::new("auth-forgot-sent"))))
        }
        Err(error) => match status_of(&error) {
            Some(status) => {
                let page = forgot_form(&visitor, &typed, Some(&error));
                Ok(with_holder(&visitor, render_with(status, &page)))
            }
            None => Err(error.into()),
        },
    }
}

async fn link(visitor: &Visitor, token: String) -> kernel::Result<Link> {
    let ctx = visitor.ctx();
    let find = move |tx: &mut ReadTx<'_>| actions::find_link(&ctx, tx, &token);
    visitor.app.db().read(Scope::Server, find).await
}

#[derive(Debug, Deserialize)]
struct ResetForm {
    #[serde(default)]
    password: String,
}

fn reset_form(visitor: &Visitor, token: &str, link: &Link, error: Option<&Error>) -> SignInPage {
    let p = visitor.shell().titled("auth-reset").lead("auth-reset-lead");
    let form = pages::Form::new(&p, format!("/reset-password/{token}"))
        .error(error)
        .field(
            Field::email("login", "auth-email")
                .value(link.email.as_str())
                .disabled()
                .required()
                .autocomplete("username"),
        )
        .field(
            Field::password("password", "auth-password-new")
                .required()
                .focus()
                .autocomplete("new-password")
                .help("auth-password-help"),
        )
        .submit("auth-reset-set")
        .wide();
    SignInPage { p, form, links: Vec::new() }
}

async fn reset_page(visitor: Visitor, Path(token): Path<String>) -> web::Result<Response> {
    match link(&visitor, token.clone()).await {
        Ok(link) if link.kind == LinkKind::Reset => {
            Ok(with_holder(&visitor, render(&reset_form(&visitor, &token, &link, None))))
        }
        Ok(_) => Err(Error::not_found().into()),
        Err(error) => closed(&visitor, &error).ok_or_else(|| error.into()),
    }
}

async fn reset(
    visitor: Visitor,
    Path(token): Path<String>,
    Form(typed): Form<ResetForm>,
) -> web::Result<Response> {
    let auth = visitor.app.service::<Auth>()?;
    let password = Password::typed(typed.password);
    let set = match visitor.fresh() {
        Ok(()) => auth.reset_password(visitor.app.db(), &visitor.ctx(), token.clone(), password).await,
        Err(stale) => Err(stale),
    };
    let Err(error) = set else {
        return Ok(Go::to("/sign-in").done(&visitor.words(), &Text::new("auth-reset-done")).into_response());
    };
    match (link(&visitor, token.clone()).await, status_of(&error)) {
        (Ok(link), Some(status)) => {
            Ok(with_holder(&visitor, render_with(status, &reset_form(&visitor, &token, &link, Some(&error)))))
        }
        (Err(gone), _) => closed(&visitor, &gone).ok_or_else(|| gone.into()),
        (_, None) => Err(error.into()),
    }
}

fn confirm_form(visitor: &Visitor, token: &str, link: &Link) -> SaidPage {
    let (title, said, button) = match link.kind {
        LinkKind::SignUp => ("auth-sign-up", "auth-confirm-sign-up", "auth-confirm-sign-up-button"),
        _ => ("auth-confirm", "auth-confirm-ask", "auth-confirm-button"),
    };
    let p = visitor.shell().titled(title);
    let form = pages::Form::new(&p, format!("/confirm/{token}")).submit(button).wide();
    SaidPage::new(p, Tone::Info, &Text::new(said).with("email", link.email.as_str()))
        .form(form)
        .links(Vec::new())
}

async fn confirm_page(visitor: Visitor, Path(token): Path<String>) -> web::Result<Response> {
    match link(&visitor, token.clone()).await {
        Ok(link) if link.kind != LinkKind::Reset => {
            Ok(with_holder(&visitor, render(&confirm_form(&visitor, &token, &link))))
        }
        Ok(_) => Err(Error::not_found().into()),
        Err(error) => closed(&visitor, &error).ok_or_else(|| error.into()),
    }
}

async fn confirm(
    visitor: Visitor,
    headers: axum::http::HeaderMap,
    Path(token): Path<String>,
) -> web::Result<Response> {
    visitor.fresh()?;
    let auth = visitor.app.service::<Auth>()?;
    let opened = auth.open_link(visitor.app.db(), &visitor.ctx(), token, agent(&headers)).await;
    let words = visitor.words();
    match opened {
        Ok(LinkOpened::SignedUp(signed)) => Ok(welcome(&visitor, &signed, "/")),
        Ok(LinkOpened::Address(Opened::Confirmed(email) | Opened::Changed(email))) => {
            let done = Text::new("auth-confirmed").with("email", email.as_str());
            Ok(Go::to("/profile").done(&words, &done).into_response())
        }
        Err(error) if error.kind() == Kind::Internal => Err(error.into()),
        Err(error) => closed(&visitor, &error).ok_or_else(|| error.into()),
    }
}
