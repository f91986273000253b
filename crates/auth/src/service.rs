//! What takes longer than a transaction may: hashing stands between two of them.

use context::{Ctx, Permission};
use db::{Db, Lane, Scope};
use kernel::{Error, Kind, Result, Text};

use crate::{
    Auth, Password, PasswordHash, Person, Secret, Session,
    actions::{self, AddMember, NewMember, SignUp},
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
}

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// The session.
    pub session: Session,
    /// What goes into the cookie.
    pub secret: Secret,
}

/// A new password for whoever acts.
#[derive(Debug, Clone)]
pub struct ChangePassword {
    /// The present one.
    pub current: Password,
    /// The new one.
    pub new: Password,
    /// The secret of the session that goes on.
    pub secret: String,
}

impl Auth {
    /// Signs somebody in. A wrong login and a wrong password have one answer and take one time; too many have to
    /// wait.
    pub async fn sign_in(&self, db: &Db, ctx: &Ctx, input: SignIn) -> Result<SignedIn> {
        let SignIn { login, password, agent } = input;
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
        let (session, secret) = db
            .write(Scope::Server, Lane::People, move |tx| {
                actions::open_session(&ctx, tx, &who, &hash, &login, &agent)
            })
            .await?;
        Ok(SignedIn { person, session, secret })
    }

    /// Makes a workspace and its first Admin, and signs them in.
    pub async fn sign_up(&self, db: &Db, ctx: &Ctx, input: SignUp, agent: String) -> Result<SignedIn> {
        if !self.is_sign_up_open() {
            return Err(Error::new(Kind::Forbidden, Text::new("auth-sign-up-closed")));
        }
        let owner = input.check()?;
        let admitting = ctx.clone();
        db.write(Scope::Server, Lane::People, move |tx| actions::admit_sign_up(&admitting, tx)).await?;
        let hash = self.passwords.hash(ctx.random(), input.password).await?;
        let (ctx, login) = (ctx.clone(), input.email);
        let made = db.write(Scope::Server, Lane::People, move |tx| {
            let made = actions::sign_up(&ctx, tx, &owner, &hash)?;
            let person = store::person::get(tx, made.person)?;
            let (session, secret) = actions::open_session(&ctx, tx, &person, &hash, &login, &agent)?;
            Ok(SignedIn { person, session, secret })
        });
        made.await
    }

    /// Sets the password of whoever acts and ends their other sessions; answers how many.
    pub async fn change_password(&self, db: &Db, ctx: &Ctx, input: ChangePassword) -> Result<u64> {
        let ChangePassword { current, new, secret } = input;
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
            actions::change_password(&acting, tx, &compared, &hash, &secret)
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
