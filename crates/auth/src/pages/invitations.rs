//! Invitations: those of the workspace, and the page that the link of one opens.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use context::Permission;
use kernel::{Error, Id, Lang, Page, Text, Timestamp};
use serde::Deserialize;
use web::{
    App, Caller, RowKey, Visitor,
    pages::{
        self, Action, Cell, Column, Empty, Field, FormPage, Go, ListPage, ListQuery, Notice, Shell,
        SignInPage, Table, Tone, asked_page, form_again, render, render_with,
    },
};

use super::{
    back_with, language_choices,
    links::{SaidPage, closed},
    members::roles,
    role_choices, role_name,
    sign_in::{status_of, welcome, with_holder},
};
use crate::{
    Auth, Email, Invitation, Join, Password, Role,
    actions::{self, Invite},
    api::{accept, agent, make_invitation, opened, renew_invitation},
};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/invitations", get(list_page))
        .route("/invitations/new", get(new_page).post(create))
        .route("/invitations/{id}/resend", post(resend))
        .route("/invitations/{id}/revoke", post(revoke))
        .route("/invitation/{token}", get(invitation_page).post(join))
        .route("/invitation/{token}/accept", post(accept_invitation))
}

async fn list_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let page =
        caller.read(move |ctx, tx| asked_page(&asked, |part| actions::invitations(ctx, tx, part))).await?;
    let p = caller.shell().titled("auth-invitations").crumb("/members", "auth-members");
    let table = table(&p, &query, &page, caller.ctx.now());
    let may = p.can(Permission::UsersCreate);
    let new = |p: &Shell| Action::link("/invitations/new", p.t("auth-invite")).primary().icon("envelope");
    Ok(render(&ListPage::new(p, table).action_if(may, new)))
}

fn table(p: &Shell, query: &ListQuery, page: &Page<Invitation>, now: Timestamp) -> Table {
    let columns = vec![
        Column::main("auth-invited"),
        Column::new("auth-role"),
        Column::new("auth-state"),
        Column::new("auth-invitation-until"),
        Column::new("web-actions"),
    ];
    Table::new(&p.words, "invitations", query, columns, page, |invitation| {
        let Invitation { id, email, name, role, inviter, expires_at, .. } = invitation;
        let who = match (email, name.as_str()) {
            (Some(email), _) => email.to_string(),
            (None, "") => p.t("auth-invitation-anybody"),
            (None, name) => name.to_owned(),
        };
        let (tone, state) = if invitation.holds(now) {
            (Tone::Info, "auth-invitation-pending")
        } else {
            (Tone::Plain, "auth-invitation-ended")
        };
        let within = role.permissions.is_within(p.permissions);
        let mut actions = Vec::new();
        if within && p.can(Permission::UsersCreate) {
            actions.push(Action::post(p, format!("/invitations/{id}/resend"), p.t("auth-invitation-resend")));
        }
        if within && p.can(Permission::UsersDelete) {
            let revoke =
                Action::post(p, format!("/invitations/{id}/revoke"), p.t("auth-invitation-withdraw"));
            actions.push(revoke.danger().confirm(p.t("auth-invitation-withdraw-ask")));
        }
        vec![
            Cell::Two(who, inviter.clone()),
            Cell::text(role_name(&p.words, role.kind, &role.name)),
            Cell::badge(tone, p.t(state)),
            Cell::Time(*expires_at),
            Cell::Actions(actions),
        ]
    })
    .empty(Empty::new("envelope", p.t("auth-invitations-empty"), p.t("auth-invitations-empty-hint")))
}

/// What the form of an invitation sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct InviteForm {
    email: String,
    name: String,
    role: String,
    lang: String,
}

fn form_page(
    p: Shell,
    mails: bool,
    all: &[(Role, i64)],
    typed: &InviteForm,
    error: Option<&Error>,
) -> FormPage {
    let InviteForm { email, name, role, lang } = typed;
    let lead = if mails { "auth-invite-lead" } else { "auth-invite-lead-link" };
    let p = p.titled("auth-invite").lead(lead).crumb("/members", "auth-members");
    let p = p.crumb("/invitations", "auth-invitations").narrow();
    let may: Vec<(Role, i64)> =
        all.iter().filter(|(role, _)| role.permissions.is_within(p.permissions)).cloned().collect();
    let form = pages::Form::new(&p, "/invitations/new")
        .error(error)
        .field(
            Field::email("email", "auth-email")
                .value(email)
                .focus()
                .autocomplete("off")
                .max(254)
                .help("auth-invite-email-help"),
        )
        .field(Field::text("name", "auth-name").value(name).half().max(120))
        .field(Field::select("lang", "auth-language", language_choices()).value(lang).required().half())
        .field(Field::select("role", "auth-role", role_choices(&p.words, &may)).value(role).required())
        .submit("auth-invite")
        .cancel("/invitations");
    FormPage::new(p, form)
}

async fn new_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::UsersCreate)?;
    let (all, mails) = (roles(&caller).await?, caller.app.service::<Auth>()?.mailer().is_on());
    let typed = InviteForm { lang: caller.ctx.lang().code().to_owned(), ..InviteForm::default() };
    Ok(render(&form_page(caller.shell(), mails, &all, &typed, None)))
}

/// The link, shown once where no letter carries it.
#[derive(Debug, Template)]
#[template(path = "link_made.html")]
struct LinkMadePage {
    p: Shell,
    notice: Notice,
    link: Option<String>,
    copy: String,
    back: String,
}

/// After a letter back to the list, where it is said; else the link.
fn made(caller: &Caller, invitation: &Invitation, link: Option<String>) -> Response {
    let email = invitation.email.as_ref().map(Email::to_string).unwrap_or_default();
    if link.is_none() && invitation.mailed {
        let sent = Text::new("auth-invitation-sent").with("email", email);
        return Go::to("/invitations").done(&caller.words(), &sent).into_response();
    }
    let p = caller.shell().titled("auth-invitation-link").crumb("/members", "auth-members");
    let p = p.crumb("/invitations", "auth-invitations").narrow();
    let said = match (&link, &invitation.email) {
        (None, _) => "auth-invitation-shown-before",
        (Some(_), Some(_)) => "auth-invitation-link-for-one",
        (Some(_), None) => "auth-invitation-link-for-any",
    };
    let notice = Notice::new(Tone::Warning, p.t1(said, "email", email));
    let (copy, back) = (p.t("auth-key-copy"), p.t("auth-invitation-link-done"));
    render(&LinkMadePage { p, notice, link, copy, back })
}

async fn create(caller: Caller, web::Form(typed): web::Form<InviteForm>) -> web::Result<Response> {
    let InviteForm { email, name, role, lang } = typed.clone();
    let input = Invite { email, name, role, lang: Lang::parse(&lang).unwrap_or_default() };
    match make_invitation(&caller, input).await {
        Ok((invitation, link)) => Ok(made(&caller, &invitation, link)),
        Err(error) => {
            let (all, mails) = (roles(&caller).await?, caller.app.service::<Auth>()?.mailer().is_on());
            Ok(form_again(error, |error| form_page(caller.shell(), mails, &all, &typed, Some(error)))?)
        }
    }
}

async fn resend(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id: Id<Invitation> = key.id().ok_or_else(Error::not_found)?;
    match renew_invitation(&caller, id).await {
        Ok((invitation, link)) => Ok(made(&caller, &invitation, link)),
        Err(error) => Ok(back_with(&caller.words(), "/invitations".to_owned(), error)?),
    }
}

async fn revoke(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id: Id<Invitation> = key.id().ok_or_else(Error::not_found)?;
    match caller.write(move |ctx, tx| actions::revoke_invitation(ctx, tx, id)).await {
        Ok(()) => Ok(Go::to("/invitations").done(&caller.words(), &Text::new("auth-saved")).into_response()),
        Err(error) => Ok(back_with(&caller.words(), "/invitations".to_owned(), error)?),
    }
}

/// What somebody new types who was invited.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct JoinForm {
    name: String,
    email: String,
    password: String,
}

fn who_asks(visitor: &Visitor, invitation: &Invitation) -> (Text, String) {
    let Invitation { workspace_name, inviter, role, .. } = invitation;
    let by = if inviter.is_empty() { workspace_name } else { inviter };
    let role = role_name(&visitor.words(), role.kind, &role.name);
    let said = Text::new("auth-invitation-asks").with("inviter", by).with("workspace", workspace_name);
    (said.with("role", role), workspace_name.clone())
}

fn join_form(
    visitor: &Visitor,
    token: &str,
    invitation: &Invitation,
    typed: &JoinForm,
    error: Option<&Error>,
) -> SignInPage {
    let (said, workspace) = who_asks(visitor, invitation);
    let mut p = visitor.shell().named(workspace);
    p.lead = p.say(&said);
    let name = if typed.name.is_empty() { &invitation.name } else { &typed.name };
    let email = match &invitation.email {
        Some(email) => Field::email("login", "auth-email").value(email.as_str()).disabled().required(),
        None => Field::email("email", "auth-email").value(&typed.email).required().max(254),
    };
    let form = pages::Form::new(&p, format!("/invitation/{token}"))
        .error(error)
        .field(
            Field::text("name", "auth-your-name")
                .value(name)
                .required()
                .focus()
                .autocomplete("name")
                .max(120),
        )
        .field(email)
        .field(
            Field::password("password", "auth-password")
                .required()
                .autocomplete("new-password")
                .help("auth-password-help"),
        )
        .submit("auth-invitation-join")
        .wide();
    let next = format!("/sign-in?next=/invitation/{token}");
    let links = vec![(next, p.t("auth-invitation-has-sign-in"))];
    SignInPage { p, form, links }
}

async fn invitation_page(
    caller: Option<Caller>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> web::Result<Response> {
    let invitation = match opened(&visitor, token.clone()).await {
        Ok(invitation) => invitation,
        Err(error) => return closed(&visitor, &error).ok_or_else(|| error.into()),
    };
    let Some(caller) = caller else {
        let form = join_form(&visitor, &token, &invitation, &JoinForm::default(), None);
        return Ok(with_holder(&visitor, render(&form)));
    };
    Ok(render(&accept_form(&caller, &visitor, &token, &invitation)))
}

/// For somebody who is signed in: one button, and who they are.
fn accept_form(caller: &Caller, visitor: &Visitor, token: &str, invitation: &Invitation) -> SaidPage {
    let (said, workspace) = who_asks(visitor, invitation);
    let p = visitor.shell().named(workspace);
    let me = Text::new("auth-invitation-join-as").with("name", &caller.ctx.actor().name);
    let form = pages::Form::new(&p, format!("/invitation/{token}/accept"));
    let links = vec![("/".to_owned(), p.say(&me))];
    SaidPage::new(p, Tone::Info, &said).form(form.submit("auth-invitation-accept").wide()).links(links)
}

async fn join(
    visitor: Visitor,
    headers: HeaderMap,
    Path(token): Path<String>,
    web::Form(typed): web::Form<JoinForm>,
) -> web::Result<Response> {
    let auth = visitor.app.service::<Auth>()?;
    let input = Join {
        name: typed.name.clone(),
        email: typed.email.clone(),
        password: Password::typed(typed.password.as_str()),
        lang: visitor.lang(),
        agent: agent(&headers),
    };
    let joined = match visitor.fresh() {
        Ok(()) => auth.join(visitor.app.db(), &visitor.ctx(), token.clone(), input).await,
        Err(stale) => Err(stale),
    };
    let error = match joined {
        Ok(signed) => return Ok(welcome(&visitor, &signed, "/")),
        Err(error) => error,
    };
    match (opened(&visitor, token.clone()).await, status_of(&error)) {
        (Ok(invitation), Some(status)) => {
            let page = join_form(&visitor, &token, &invitation, &typed, Some(&error));
            Ok(with_holder(&visitor, render_with(status, &page)))
        }
        (Err(gone), _) => closed(&visitor, &gone).ok_or_else(|| gone.into()),
        (_, None) => Err(error.into()),
    }
}

async fn accept_invitation(
    caller: Caller,
    visitor: Visitor,
    Path(token): Path<String>,
) -> web::Result<Response> {
    match accept(&caller, token).await {
        Ok(()) => Ok(Go::to("/").done(&caller.words(), &Text::new("auth-invitation-joined")).into_response()),
        Err(error) => closed(&visitor, &error).ok_or_else(|| error.into()),
    }
}
