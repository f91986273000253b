//! What takes longer than a transaction may: hashing stands between two of them.

use std::sync::Arc;

use context::{Actor, Ctx, Permission};
use db::{Db, Lane, ReadTx, Scope, Tx};
use kernel::{Error, Id, Kind, Lang, Result, Text};

use crate::{
    Auth, Email, Password, PasswordHash, Person, Secret, Session, SessionKind,
    actions::{self, AddMember, NewMember, NewOwner, Newcomer, Opened, Opening, Refreshed, SignUp},
    authenticator::SECRET_AT_MOST,
    input::{self, Checks},
    link::LinkKind,
    store,
};

/// What somebody types to sign in.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// An e-mail address or a username.
    pub login: String,
    /// The password.
    pub password: Password,
    /// What the browser calls itself.
    pub agent: String,
    /// What is to hold the session.
    pub kind: SessionKind,
    /// The workspace they want, by its name in addresses or its id; `None` for the one they used last.
    pub workspace: Option<String>,
}

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// The session.
    pub session: Session,
    /// What goes into the cookie, or the refresh token.
    pub secret: Secret,
}

/// A session that goes on with other tokens.
#[derive(Debug, Clone)]
pub struct Renewed {
    /// The session.
    pub session: Session,
    /// The next refresh token.
    pub secret: Secret,
}

/// What became of a sign-up.
#[derive(Debug, Clone)]
pub enum SigningUp {
    /// The workspace stands, and its Admin is signed in.
    Done(Box<SignedIn>),
    /// A letter goes to the address; what it says is between us and whoever reads it.
    Posted,
}

/// What the link of a letter did.
#[derive(Debug, Clone)]
pub enum LinkOpened {
    /// Something about an address.
    Address(Opened),
    /// The workspace of a sign-up stands, and its Admin is signed in.
    SignedUp(Box<SignedIn>),
}

/// What somebody new types who was invited.
#[derive(Debug, Clone)]
pub struct Join {
    /// What people call them.
    pub name: String,
    /// What they will sign in with; the invitation's own address goes over it.
    pub email: String,
    /// Their password.
    pub password: Password,
    /// Their language.
    pub lang: Lang,
    /// What the browser calls itself.
    pub agent: String,
}

/// A new password for whoever acts.
#[derive(Debug, Clone)]
pub struct ChangePassword {
    /// The present one.
    pub current: Password,
    /// The new one.
    pub new: Password,
    /// The session that goes on.
    pub session: Option<Id<Session>>,
}

impl Auth {
    /// Signs somebody in, by a page or for tokens. A wrong login and a wrong password have one answer and take one time;
    /// too many have to wait. The session is opened in one place, below: what else somebody has to show stands before it.
    pub async fn sign_in(&self, db: &Db, ctx: &Ctx, input: SignIn) -> Result<SignedIn> {
        let SignIn { login, password, agent, kind, workspace } = input;
        let (admitting, name) = (ctx.clone(), login.clone());
        let found = db
            .write(Scope::Server, Lane::People, move |tx| actions::admit_sign_in(&admitting, tx, &name))
            .await?;
        let hash = found.as_ref().map(|(_, hash)| hash.clone());
        let fits = self.passwords.verify(password, hash).await?;
        let Some((person, hash)) = found.filter(|_| fits) else {
            tracing::info!(auth.origin = ctx.origin(), "a sign-in was refused");
            return Err(actions::refused_sign_in());
        };
        let (ctx, who) = (ctx.clone(), person.clone());
        let opening = Opening { login, kind, workspace, agent, trusts: self.trusts_addresses() };
        let (session, secret) = db
            .write(Scope::Server, Lane::People, move |tx| {
                actions::open_session(&ctx, tx, &who, &hash, &opening)
            })
            .await?;
        Ok(SignedIn { person, session, secret })
    }

    /// Gives a session that is held by tokens its next refresh token. One that is nobody's, has ended or was used before
    /// has one answer; the last also ends its session.
    pub async fn refresh(&self, db: &Db, ctx: &Ctx, refresh: String) -> Result<Renewed> {
        if refresh.len() > SECRET_AT_MOST {
            return Err(actions::refused_refresh());
        }
        let (looking, token) = (ctx.clone(), refresh.clone());
        db.read(Scope::Server, move |tx| actions::known_refresh(&looking, tx, &token)).await?;
        let secret = Secret::for_refresh(ctx.random());
        let (acting, next) = (ctx.clone(), secret.clone());
        let exchange = move |tx: &mut Tx<'_>| actions::refresh_session(&acting, tx, &refresh, &next);
        match db.write(Scope::Server, Lane::People, exchange).await? {
            Refreshed::Renewed(session) => Ok(Renewed { session, secret }),
            Refreshed::Reused => {
                tracing::warn!(
                    auth.origin = ctx.origin(),
                    "a refresh token came twice: its session has ended"
                );
                Err(actions::refused_refresh())
            }
        }
    }

    /// Makes a workspace and its first Admin, and signs them in. Where letters reach people it keeps what they said until
    /// the link of a letter is opened, whether or not the address has a sign-in, and so tells nobody which have one.
    pub async fn sign_up(&self, db: &Db, ctx: &Ctx, input: SignUp, agent: String) -> Result<SigningUp> {
        if !self.is_sign_up_open() {
            return Err(Error::new(Kind::Forbidden, Text::new("auth-sign-up-closed")));
        }
        let owner = input.check()?;
        let admitting = ctx.clone();
        db.write(Scope::Server, Lane::People, move |tx| actions::admit_sign_up(&admitting, tx)).await?;
        let hash = self.passwords.hash(ctx.random(), input.password).await?;
        let (ctx, mailer) = (ctx.clone(), Arc::clone(&self.mailer));
        if mailer.reaches_people() {
            let hold = move |tx: &mut Tx<'_>| actions::hold_sign_up(&ctx, tx, &owner, &hash);
            db.write(Scope::Server, Lane::People, hold).await?;
            return Ok(SigningUp::Posted);
        }
        let made = db.write(Scope::Server, Lane::People, move |tx| {
            let signed = signed_up(&ctx, tx, &owner, &hash, &agent)?;
            let at = ctx.with(|ctx| {
                ctx.workspace = signed.session.at_workspace;
                ctx.actor = Actor::member(signed.person.id, &signed.person.name);
            });
            actions::write_confirmation(&at, tx, &mailer, &signed.person)?;
            Ok(signed)
        });
        Ok(SigningUp::Done(Box::new(made.await?)))
    }

    /// Opens the link of a letter that confirms an address, or that makes the workspace of a sign-up.
    pub async fn open_link(&self, db: &Db, ctx: &Ctx, secret: String, agent: String) -> Result<LinkOpened> {
        let (ctx, mailer) = (ctx.clone(), Arc::clone(&self.mailer));
        let open = move |tx: &mut Tx<'_>| {
            if actions::find_link(&ctx, tx, &secret)?.kind != LinkKind::SignUp {
                return actions::confirm(&ctx, tx, &mailer, &secret).map(LinkOpened::Address);
            }
            let (owner, hash) = actions::take_held_sign_up(&ctx, tx, &secret)?;
            let mut signed = signed_up(&ctx, tx, &owner, &hash, &agent)?;
            let now = ctx.now();
            store::person::set_email_confirmed(tx, signed.person.id, owner.email(), now)?;
            signed.person.email_confirmed_at = Some(now);
            Ok(LinkOpened::SignedUp(Box::new(signed)))
        };
        db.write(Scope::Server, Lane::People, open).await
    }

    /// Has the letter written that sets a forgotten password; the answer is the same whoever's login it is.
    pub async fn forgot_password(&self, db: &Db, ctx: &Ctx, login: String) -> Result<()> {
        if !self.mailer.is_on() {
            return Err(Error::conflict(Text::new("auth-forgot-no-mail")));
        }
        if login.trim().is_empty() {
            return Err(Error::field("login", Text::new("auth-login-missing")));
        }
        let ctx = ctx.clone();
        let admit = move |tx: &mut Tx<'_>| actions::admit_reset(&ctx, tx, &login);
        db.write(Scope::Server, Lane::People, admit).await
    }

    /// Sets a forgotten password by the link of a letter.
    pub async fn reset_password(&self, db: &Db, ctx: &Ctx, secret: String, password: Password) -> Result<()> {
        let (looking, token) = (ctx.clone(), secret.clone());
        let look = move |tx: &mut ReadTx<'_>| {
            let link = actions::find_link(&looking, tx, &token)?;
            Ok((link.email, link.person.map(|person| store::person::get(tx, person)).transpose()?))
        };
        let (email, person) = db.read(Scope::Server, look).await?;
        let name = person.map(|person| person.name).unwrap_or_default();
        password.check(&[email.as_str(), &name]).map_err(|error| error.under("password"))?;
        let hash = self.passwords.hash(ctx.random(), password).await?;
        let (ctx, mailer) = (ctx.clone(), Arc::clone(&self.mailer));
        let reset = move |tx: &mut Tx<'_>| actions::reset_password(&ctx, tx, &mailer, &secret, &hash);
        db.write(Scope::Server, Lane::People, reset).await
    }

    /// Gives whoever acts another address to sign in with, when they know their password.
    pub async fn change_email(&self, db: &Db, ctx: &Ctx, email: &str, current: Password) -> Result<()> {
        let email = Email::parse(email).map_err(|error| error.under("email"))?;
        let admitting = ctx.clone();
        let (_, compared) =
            db.write(ctx, Lane::People, move |tx| actions::admit_password_change(&admitting, tx)).await?;
        if !self.passwords.verify(current, Some(compared.clone())).await? {
            return Err(Error::field("current", Text::new("auth-password-wrong")));
        }
        let (acting, mailer) = (ctx.clone(), Arc::clone(&self.mailer));
        db.write(ctx, Lane::People, move |tx| actions::ask_email(&acting, tx, &mailer, &compared, &email))
            .await
    }

    /// Makes somebody new a member by the link of an invitation, and signs them in.
    pub async fn join(&self, db: &Db, ctx: &Ctx, secret: String, input: Join) -> Result<SignedIn> {
        let Join { name, email, password, lang, agent } = input;
        let (looking, token) = (ctx.clone(), secret.clone());
        let look = move |tx: &mut ReadTx<'_>| actions::invitation_of_token(&looking, tx, &token);
        let invitation = db.read(Scope::Server, look).await?;
        let mut checks = Checks::default();
        let name = checks.take("name", input::name(&name)).unwrap_or_default();
        let email = match invitation.email {
            Some(email) => Some(email),
            None => checks.take("email", Email::parse(&email)),
        };
        let login = email.as_ref().map(Email::to_string).unwrap_or_default();
        checks.take("password", password.check(&[&login, &name]));
        checks.finish()?;
        let email = email.ok_or_else(|| Error::internal("a refused field left no error"))?;
        let admitting = ctx.clone();
        db.write(Scope::Server, Lane::People, move |tx| actions::admit_join(&admitting, tx)).await?;
        let hash = self.passwords.hash(ctx.random(), password).await?;
        let (ctx, mailer, trusts) = (ctx.clone(), Arc::clone(&self.mailer), self.trusts_addresses());
        let newcomer = Newcomer { name, email, lang };
        let opening = Opening { login, kind: SessionKind::Page, workspace: None, agent, trusts };
        let join = move |tx: &mut Tx<'_>| {
            let person = actions::accept_as_newcomer(&ctx, tx, &mailer, &secret, &newcomer, &hash)?;
            let (session, secret) = actions::open_session(&ctx, tx, &person, &hash, &opening)?;
            Ok(SignedIn { person, session, secret })
        };
        db.write(Scope::Server, Lane::People, join).await
    }

    /// Sets the password of whoever acts and ends their other sessions; answers how many.
    pub async fn change_password(&self, db: &Db, ctx: &Ctx, input: ChangePassword) -> Result<u64> {
        let ChangePassword { current, new, session } = input;
        let admitting = ctx.clone();
        let (person, compared) =
            db.write(ctx, Lane::People, move |tx| actions::admit_password_change(&admitting, tx)).await?;
        if !self.passwords.verify(current, Some(compared.clone())).await? {
            return Err(Error::field("current", Text::new("auth-password-wrong")));
        }
        let names = [person.login(), person.name.as_str()];
        new.check(&names).map_err(|error| error.under("password"))?;
        let hash = self.passwords.hash(ctx.random(), new).await?;
        let acting = ctx.clone();
        db.write(ctx, Lane::People, move |tx| {
            actions::change_password(&acting, tx, &compared, &hash, session)
        })
        .await
    }

    /// Checks a new member and hashes the password that their Admin chose; what [`actions::add_member`] takes.
    /// Refuses before it hashes whoever may not add anybody.
    pub async fn prepare_member(&self, ctx: &Ctx, input: AddMember) -> Result<(NewMember, PasswordHash)> {
        ctx.require(Permission::UsersCreate)?;
        let new = input.check()?;
        Ok((new, self.passwords.hash(ctx.random(), input.password).await?))
    }

    /// Checks and hashes a password that an Admin sets for a member; what [`actions::reset_member_password`] takes.
    pub async fn prepare_reset(&self, ctx: &Ctx, password: Password) -> Result<PasswordHash> {
        ctx.require(Permission::UsersEdit)?;
        password.check(&[]).map_err(|error| error.under("password"))?;
        self.passwords.hash(ctx.random(), password).await
    }
}

/// Makes the workspace and signs its Admin in.
fn signed_up(ctx: &Ctx, tx: &mut Tx, owner: &NewOwner, hash: &PasswordHash, agent: &str) -> Result<SignedIn> {
    let made = actions::sign_up(ctx, tx, owner, hash)?;
    let person = store::person::get(tx, made.person)?;
    // Nobody has asked this person to join anything that they would join before their own.
    let login = owner.email().to_string();
    let opening =
        Opening { login, kind: SessionKind::Page, workspace: None, agent: agent.to_owned(), trusts: false };
    let (session, secret) = actions::open_session(ctx, tx, &person, hash, &opening)?;
    Ok(SignedIn { person, session, secret })
}
