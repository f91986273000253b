//! Who calls, as a handler gets it: signed in ([`Caller`]) or perhaps not ([`Visitor`]).

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use context::{Actor, Ctx, CtxBuilder, Permissions};
use db::{Db, Lane, ReadTx, Scope, Tx};
use kernel::{Error, Id, Kind, Lang, Result, Text, Zone};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    Acting, App, Cookie, Credentials, Identity, Meta, Problem, SameSite, Standing, csrf, guard,
    once::Once,
    pages::{self, Action, Member, Notice, Shell, Tone, Words},
    stale::Stale,
};

/// Where members of a suspended workspace still get: to their other workspaces, to themselves, and out.
const OPEN_WHILE_SUSPENDED: &[&str] = &[
    "/workspaces",
    "/api/workspaces",
    "/sign-out",
    "/sign-in",
    "/profile",
    "/language",
    "/api/auth",
    "/api/sessions",
    "/operator",
    "/api/operator",
];

/// Somebody signed in (or a program with a key). Taken as an argument, it refuses everybody else: a program gets
/// 401, a person is led to the sign-in page and back.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who acts, where, when.
    pub ctx: Ctx,
    /// The application.
    pub app: App,
    /// What is known of the request.
    pub meta: Meta,
    identity: Identity,
    once: Option<Once>,
    stale: Option<Stale>,
    holder: String,
    toasts: Vec<pages::Toast>,
}

impl Caller {
    /// The messages in the caller's language.
    pub fn words(&self) -> Words {
        self.app.words(self.ctx.lang(), self.ctx.zone())
    }

    /// Reads on a snapshot of the workspace.
    pub async fn read<T, F>(&self, closure: F) -> Result<T>
    where
        F: Fn(&Ctx, &mut ReadTx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let ctx = self.ctx.clone();
        self.db().read(&self.ctx, move |tx| closure(&ctx, tx)).await
    }

    /// Writes in one transaction of the workspace.
    pub async fn write<T, F>(&self, closure: F) -> Result<T>
    where
        F: Fn(&Ctx, &mut Tx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.fresh()?;
        let ctx = self.ctx.clone();
        self.db().write(&self.ctx, Lane::People, move |tx| closure(&ctx, tx)).await
    }

    /// Writes what must not be done twice: the same idempotency key answers the first result. For every POST that
    /// makes something, of the API and of forms.
    pub async fn once<T, F>(&self, closure: F) -> Result<T>
    where
        F: Fn(&Ctx, &mut Tx<'_>) -> Result<T> + Send + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let once = self.once.clone();
        self.write(move |ctx, tx| match &once {
            Some(once) => once.run(ctx, tx, |tx| closure(ctx, tx)),
            None => closure(ctx, tx),
        })
        .await
    }

    /// Refuses what a form asks for whose page was open for too long; the form is then shown again. [`Self::write`]
    /// and [`Self::once`] ask this themselves; whoever writes by another way asks it first.
    pub fn fresh(&self) -> Result<()> {
        Stale::refuse(self.stale)
    }

    /// The database.
    pub fn db(&self) -> &Db {
        self.app.db()
    }

    /// What else is known of them: whether they run the server, whether they act as somebody.
    pub const fn standing(&self) -> &Standing {
        &self.identity.standing
    }

    /// The frame of a page for this caller.
    pub fn shell(&self) -> Shell {
        let Identity {
            workspace: _,
            workspace_name,
            zone: _,
            actor,
            note,
            permissions,
            lang: _,
            theme,
            has_other_workspaces,
            standing,
        } = &self.identity;
        let words = self.words();
        let mut shell = bare_shell(&self.app, &self.meta, words.clone(), &self.holder);
        shell.workspace.clone_from(workspace_name);
        shell.member = Some(Member {
            name: actor.name.clone(),
            note: note.clone(),
            has_other_workspaces: *has_other_workspaces,
            is_operator: standing.is_operator,
        });
        shell.permissions = *permissions;
        if let Some(theme) = theme {
            shell.theme = theme;
        }
        shell.menu = pages::menu(self.app.menu(), *permissions, &self.meta.path, &words);
        shell.documents = Arc::clone(self.app.documents());
        shell.toasts.clone_from(&self.toasts);
        shell.banners = banners(&shell, standing);
        shell
    }
}

/// What stands above every page until it is settled.
fn banners(p: &Shell, standing: &Standing) -> Vec<Notice> {
    let Standing { session: _, unconfirmed, is_operator: _, acting, suspended: _ } = standing;
    let mut banners = Vec::new();
    if let Some(Acting { operator: _, member_name, until }) = acting {
        let said = Text::new("web-banner-acting").with("member", member_name).with("until", p.time(*until));
        let end = Action::post(p, "/operator/end", p.t("web-banner-acting-end"));
        banners.push(Notice::new(Tone::Error, p.say(&said)).action(end));
    }
    if let Some(email) = unconfirmed {
        let said = p.t1("web-banner-unconfirmed", "email", email.as_str());
        let again = Action::post(p, "/profile/email/send", p.t("web-banner-send-again"));
        banners.push(Notice::new(Tone::Warning, said).action(again));
    }
    banners
}

/// Refuses whoever works in a suspended workspace, save where they get out of it. Whoever runs the server may look.
fn refuse_suspended(identity: &Identity, meta: &Meta) -> Result<()> {
    let Standing { session: _, unconfirmed: _, is_operator: _, acting, suspended } = &identity.standing;
    let Some(why) = suspended.as_ref().filter(|_| acting.is_none()) else { return Ok(()) };
    let path = meta.path.split('?').next().unwrap_or_default();
    let is_under =
        |open: &&str| path.strip_prefix(*open).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if OPEN_WHILE_SUSPENDED.iter().any(is_under) {
        return Ok(());
    }
    let said = Text::new("web-suspended").with("workspace", &identity.workspace_name).with("why", why);
    Err(Error::new(Kind::Forbidden, said))
}

fn bare_shell(app: &App, meta: &Meta, words: Words, holder: &str) -> Shell {
    let csrf = csrf::token(app.secret(), holder, meta.now);
    let form_key = hex::encode(app.random().bytes::<12>());
    Shell::new(words, meta.path.clone(), csrf, form_key)
}

impl FromRequestParts<App> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let meta = meta_of(parts).map_err(IntoResponse::into_response)?;
        let Some(identity) = identify(parts, app, &meta).await.map_err(|e| Problem(e).into_response())?
        else {
            return Err(sign_in_first(&meta, parts));
        };
        let lang = identity.lang.unwrap_or_else(|| meta.lang());
        meta.choose_lang(lang);
        refuse_suspended(&identity, &meta).map_err(|refused| Problem(refused).into_response())?;
        let ctx = CtxBuilder {
            workspace: identity.workspace,
            actor: identity.actor.clone(),
            operator: identity.standing.acting.as_ref().map(|acting| acting.operator),
            permissions: identity.permissions,
            lang,
            zone: identity.zone,
            now: meta.now,
            random: app.random().clone(),
            origin: meta.address.clone(),
        }
        .build();
        Ok(Self {
            ctx,
            app: app.clone(),
            identity,
            once: parts.extensions.get::<Once>().cloned(),
            stale: parts.extensions.get::<Stale>().copied(),
            holder: guard::holder(&parts.headers).to_owned(),
            toasts: pages::flash(&parts.headers),
            meta,
        })
    }
}

/// `Option<Caller>`: for pages that anybody may see but that know who is signed in.
impl OptionalFromRequestParts<App> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Response> {
        let meta = meta_of(parts).map_err(IntoResponse::into_response)?;
        match identify(parts, app, &meta).await {
            Ok(None) => Ok(None),
            Ok(Some(_)) => <Self as FromRequestParts<App>>::from_request_parts(parts, app).await.map(Some),
            Err(error) => Err(Problem(error).into_response()),
        }
    }
}

fn meta_of(parts: &Parts) -> Result<Meta, Problem> {
    let missing = || Problem(Error::internal("no request meta: a route outside of the router"));
    parts.extensions.get::<Meta>().cloned().ok_or_else(missing)
}

async fn identify(parts: &Parts, app: &App, meta: &Meta) -> Result<Option<Identity>> {
    let Some(credentials) = parts.extensions.get::<Credentials>() else { return Ok(None) };
    if *credentials == Credentials::default() {
        return Ok(None);
    }
    app.authenticate().authenticate(app, credentials, meta.now).await
}

fn sign_in_first(meta: &Meta, parts: &Parts) -> Response {
    if meta.wants_json || parts.method != axum::http::Method::GET {
        return Problem(Error::unauthenticated()).into_response();
    }
    let back = serde_urlencoded::to_string([("next", meta.path.as_str())]).unwrap_or_default();
    Redirect::to(&format!("/sign-in?{back}")).into_response()
}

/// Whoever calls, signed in or not; for sign-in, sign-up and webhooks.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The application.
    pub app: App,
    /// What is known of the request.
    pub meta: Meta,
    stale: Option<Stale>,
    holder: Option<String>,
    new_holder: String,
    toasts: Vec<pages::Toast>,
}

impl Visitor {
    /// The messages in the visitor's language.
    pub fn words(&self) -> Words {
        self.app.words(self.lang(), Zone::default())
    }

    /// The visitor's language.
    pub fn lang(&self) -> Lang {
        self.meta.lang()
    }

    /// A context without a workspace and without permissions: nobody has signed in.
    pub fn ctx(&self) -> Ctx {
        CtxBuilder {
            workspace: Id::from_uuid(Uuid::nil()),
            actor: Actor::guest(),
            operator: None,
            permissions: Permissions::NONE,
            lang: self.lang(),
            zone: Zone::default(),
            now: self.meta.now,
            random: self.app.random().clone(),
            origin: self.meta.address.clone(),
        }
        .build()
    }

    /// Writes on the server's behalf: sign-up makes a workspace that is not there yet.
    pub async fn write<T, F>(&self, closure: F) -> Result<T>
    where
        F: Fn(&Ctx, &mut Tx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.fresh()?;
        let ctx = self.ctx();
        self.app.db().write(Scope::Server, Lane::People, move |tx| closure(&ctx, tx)).await
    }

    /// Refuses what a form asks for whose page was open for too long; see [`Caller::fresh`].
    pub fn fresh(&self) -> Result<()> {
        Stale::refuse(self.stale)
    }

    /// The frame of a page for somebody who has not signed in.
    pub fn shell(&self) -> Shell {
        let holder = self.holder.as_deref().unwrap_or(&self.new_holder);
        let mut shell = bare_shell(&self.app, &self.meta, self.words(), holder);
        shell.toasts.clone_from(&self.toasts);
        shell
    }

    /// Gives the browser the cookie that the page's CSRF token is bound to. For every answer that holds a form.
    pub fn remember(&self, headers: &mut HeaderMap) {
        if self.holder.is_none() {
            let cookie = Cookie {
                name: csrf::GUEST_COOKIE,
                value: self.new_holder.clone(),
                max_age_s: None,
                secure: self.app.config().is_https(),
                same_site: SameSite::Lax,
            };
            cookie.set(headers);
        }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let holder = guard::holder(&parts.headers);
        Ok(Self {
            app: app.clone(),
            meta: meta_of(parts).map_err(IntoResponse::into_response)?,
            stale: parts.extensions.get::<Stale>().copied(),
            holder: (!holder.is_empty()).then(|| holder.to_owned()),
            new_holder: hex::encode(app.random().bytes::<16>()),
            toasts: pages::flash(&parts.headers),
        })
    }
}
