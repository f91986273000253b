//! Oneself: profile, password, sessions.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use kernel::{Error, Id, Lang, Text};
use serde::Deserialize;
use web::{
    App, Caller, RowKey,
    pages::{self, Action, Cell, Choice, Column, Field, Go, Notice, Shell, Table, Tone, form_again, render},
};

use super::{back_with, language_choices};
use crate::{
    Auth, ChangePassword, Password, Person, Session, SessionKind, Theme,
    actions::{self, SetProfile},
    api::session,
    device,
};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/profile", get(profile_page).post(set_profile))
        .route("/profile/email", get(email_page).post(set_email))
        .route("/profile/email/send", post(send_confirmation))
        .route("/profile/password", get(password_page).post(set_password))
        .route("/profile/sessions", get(sessions_page))
        .route("/profile/sessions/end-others", post(end_others))
        .route("/profile/sessions/{id}/end", post(end_session))
}

/// A page of tabs.
#[derive(Debug, Template)]
#[template(path = "tabs.html")]
struct TabsPage {
    p: Shell,
    tabs: Vec<Tab>,
    notice: Option<Notice>,
    form: Option<pages::Form>,
    table: Option<Table>,
    actions: Vec<Action>,
}

#[derive(Debug)]
struct Tab {
    href: &'static str,
    label: String,
    icon: &'static str,
    current: bool,
}

impl TabsPage {
    fn new(p: Shell, current: &str) -> Self {
        let p = p.titled("auth-profile").narrow();
        let tab = |(href, key, icon)| Tab { href, label: p.t(key), icon, current: href == current };
        let tabs = [
            ("/profile", "auth-profile-tab", "person"),
            ("/profile/email", "auth-email-tab", "envelope"),
            ("/profile/password", "auth-password-tab", "lock"),
            ("/profile/sessions", "auth-sessions-tab", "phone"),
        ]
        .map(tab)
        .into();
        Self { p, tabs, notice: None, form: None, table: None, actions: Vec::new() }
    }
}

/// What the form of the profile sends.
#[derive(Debug, Clone, Default, Deserialize)]
struct ProfileForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    theme: String,
}

impl From<&Person> for ProfileForm {
    fn from(person: &Person) -> Self {
        Self {
            name: person.name.clone(),
            phone: person.phone.as_ref().map(kernel::Phone::pretty).unwrap_or_default(),
            lang: person.lang.code().to_owned(),
            theme: person.theme.word().to_owned(),
        }
    }
}

fn profile_tab(caller: &Caller, person: &Person, typed: &ProfileForm, error: Option<&Error>) -> TabsPage {
    let ProfileForm { name, phone, lang, theme } = typed;
    let mut page = TabsPage::new(caller.shell(), "/profile");
    let p = &page.p;
    let themes = vec![
        Choice::new(Theme::Dark.word(), p.t("auth-theme-dark")),
        Choice::new(Theme::Light.word(), p.t("auth-theme-light")),
    ];
    let form = pages::Form::new(p, "/profile")
        .error(error)
        .field(Field::text("login", "auth-login").value(person.login()).disabled().required())
        .field(Field::text("name", "auth-your-name").value(name).required().autocomplete("name").max(120))
        .field(Field::phone("phone", "auth-phone").value(phone))
        .field(Field::select("lang", "auth-language", language_choices()).value(lang).required().half())
        .field(
            Field::select("theme", "auth-theme", themes)
                .value(theme)
                .required()
                .half()
                .help("auth-theme-help"),
        );
    page.form = Some(form);
    page
}

async fn profile_page(caller: Caller) -> web::Result<Response> {
    let person = caller.read(actions::profile).await?;
    Ok(render(&profile_tab(&caller, &person, &ProfileForm::from(&person), None)))
}

async fn set_profile(caller: Caller, web::Form(typed): web::Form<ProfileForm>) -> web::Result<Response> {
    let ProfileForm { name, phone, lang, theme } = typed.clone();
    let input = SetProfile {
        name: Some(name),
        phone: Some(phone),
        lang: Lang::parse(&lang),
        theme: theme.parse().ok(),
    };
    match caller.write(move |ctx, tx| actions::set_profile(ctx, tx, &input)).await {
        Ok(person) => {
            let words = caller.app.words(person.lang, caller.ctx.zone());
            Ok(Go::to("/profile").done(&words, &Text::new("auth-saved")).into_response())
        }
        Err(error) => {
            let person = caller.read(actions::profile).await?;
            Ok(form_again(error, |error| profile_tab(&caller, &person, &typed, Some(error)))?)
        }
    }
}

/// What the form of the address sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct EmailForm {
    email: String,
    current: String,
}

fn email_tab(
    caller: &Caller,
    person: &Person,
    mails: bool,
    typed: &EmailForm,
    error: Option<&Error>,
) -> TabsPage {
    let mut page = TabsPage::new(caller.shell(), "/profile/email");
    let p = &page.p;
    let (tone, said) = match (&person.email, person.email_confirmed_at) {
        (None, _) => (Tone::Info, "auth-email-none-yet"),
        (Some(_), Some(_)) => (Tone::Success, "auth-email-confirmed"),
        (Some(_), None) if mails => (Tone::Warning, "auth-email-unconfirmed"),
        (Some(_), None) => (Tone::Info, "auth-email-present"),
    };
    let email = person.email.as_ref().map(crate::Email::to_string).unwrap_or_default();
    let notice = Notice::new(tone, p.t1(said, "email", email));
    let help = if mails { "auth-email-new-help" } else { "auth-email-new-help-no-mail" };
    let form = pages::Form::new(p, "/profile/email")
        .error(error)
        .field(Field::email("email", "auth-email-new").value(&typed.email).required().max(254).help(help))
        .field(Field::password("current", "auth-password-current").required())
        .submit("auth-email-change");
    page.notice = Some(notice);
    page.form = Some(form);
    page
}

async fn email_page(caller: Caller) -> web::Result<Response> {
    let person = caller.read(actions::profile).await?;
    let mails = caller.app.service::<Auth>()?.mailer().is_on();
    Ok(render(&email_tab(&caller, &person, mails, &EmailForm::default(), None)))
}

async fn set_email(caller: Caller, web::Form(typed): web::Form<EmailForm>) -> web::Result<Response> {
    let auth = caller.app.service::<Auth>()?;
    let mails = auth.mailer().is_on();
    let current = Password::typed(typed.current.as_str());
    let changed = match caller.fresh() {
        Ok(()) => auth.change_email(caller.db(), &caller.ctx, &typed.email, current).await,
        Err(stale) => Err(stale),
    };
    match changed {
        Ok(()) => {
            let done = Text::new(if mails { "auth-email-sent" } else { "auth-saved" });
            Ok(Go::to("/profile/email").done(&caller.words(), &done).into_response())
        }
        Err(error) => {
            let person = caller.read(actions::profile).await?;
            Ok(form_again(error, |error| email_tab(&caller, &person, mails, &typed, Some(error)))?)
        }
    }
}

async fn send_confirmation(caller: Caller) -> web::Result<Response> {
    let mailer = caller.app.service::<Auth>()?.mailer().clone();
    match caller.write(move |ctx, tx| actions::ask_confirmation(ctx, tx, &mailer)).await {
        Ok(_) => {
            let done = Text::new("auth-email-sent");
            Ok(Go::to("/profile/email").done(&caller.words(), &done).into_response())
        }
        Err(error) => Ok(back_with(&caller.words(), "/profile/email".to_owned(), error)?),
    }
}

fn password_tab(caller: &Caller, error: Option<&Error>) -> TabsPage {
    let mut page = TabsPage::new(caller.shell(), "/profile/password");
    let form = pages::Form::new(&page.p, "/profile/password")
        .error(error)
        .field(Field::password("current", "auth-password-current").required().focus())
        .field(
            Field::password("password", "auth-password-new")
                .required()
                .autocomplete("new-password")
                .help("auth-password-new-help"),
        )
        .submit("auth-password-change");
    page.form = Some(form);
    page
}

async fn password_page(caller: Caller) -> web::Result<Response> {
    caller.read(actions::profile).await?;
    Ok(render(&password_tab(&caller, None)))
}

#[derive(Debug, Deserialize)]
struct PasswordForm {
    #[serde(default)]
    current: String,
    #[serde(default)]
    password: String,
}

async fn set_password(caller: Caller, web::Form(typed): web::Form<PasswordForm>) -> web::Result<Response> {
    let PasswordForm { current, password } = typed;
    let (current, new) = (Password::typed(current), Password::typed(password));
    let input = ChangePassword { current, new, session: session(&caller) };
    let auth = caller.app.service::<Auth>()?;
    let changed = match caller.fresh() {
        Ok(()) => auth.change_password(caller.db(), &caller.ctx, input).await,
        Err(stale) => Err(stale),
    };
    match changed {
        Ok(ended) => {
            let done = Text::new("auth-password-changed").with("ended", ended);
            Ok(Go::to("/profile/password").done(&caller.words(), &done).into_response())
        }
        Err(error) => Ok(form_again(error, |error| password_tab(&caller, Some(error)))?),
    }
}

async fn sessions_page(caller: Caller) -> web::Result<Response> {
    let (all, current) = (caller.read(actions::sessions).await?, session(&caller));
    let mut page = TabsPage::new(caller.shell(), "/profile/sessions");
    page.table = Some(sessions_table(&page.p, &all, current));
    if all.len() > 1 {
        let end = Action::post(&page.p, "/profile/sessions/end-others", page.p.t("auth-sessions-end-others"));
        page.actions.push(end.danger().confirm(page.p.t("auth-sessions-end-others-ask")));
    }
    Ok(render(&page))
}

fn sessions_table(p: &Shell, all: &[Session], current: Option<Id<Session>>) -> Table {
    let columns = vec![
        Column::main("auth-session-device"),
        Column::new("auth-session-address"),
        Column::new("auth-session-seen"),
        Column::new("web-actions"),
    ];
    let rows = all.iter().map(|session| {
        let known = device(&session.agent);
        let known = if known.is_empty() { p.t("auth-session-device-unknown") } else { known };
        let since = match session.kind {
            SessionKind::Page => "auth-session-since",
            SessionKind::Token => "auth-session-since-token",
        };
        let since = p.t1(since, "at", p.time(session.created_at));
        let is_current = current == Some(session.id);
        let end = Action::post(p, format!("/profile/sessions/{}/end", session.id), p.t("auth-session-end"));
        vec![
            Cell::Two(known, since),
            Cell::text(&session.origin),
            Cell::Time(session.seen_at),
            if is_current {
                Cell::badge(Tone::Success, p.t("auth-session-this"))
            } else {
                Cell::Actions(vec![end.danger()])
            },
        ]
    });
    Table::of(&p.words, "sessions", columns, rows.collect())
}

async fn end_session(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id = key.id().ok_or_else(Error::not_found)?;
    caller.write(move |ctx, tx| actions::revoke_session(ctx, tx, id)).await?;
    Ok(Go::to("/profile/sessions").done(&caller.words(), &Text::new("auth-session-ended")).into_response())
}

async fn end_others(caller: Caller) -> web::Result<Response> {
    let kept = session(&caller);
    caller.write(move |ctx, tx| actions::revoke_other_sessions(ctx, tx, kept)).await?;
    Ok(Go::to("/profile/sessions").done(&caller.words(), &Text::new("auth-session-ended")).into_response())
}
