//! Stories of people and access, on both databases.

mod http;
mod invitations;
mod keys;
mod letters;
mod members;
mod operator;
mod people;
mod roles;
mod service_tokens;
mod signing_in;
mod site;
mod tokens;

use std::sync::Arc;

use context::{Actor, Ctx, CtxBuilder, Permissions, Random};
use db::{Scope, testing::TestDb};
use kernel::{Error, Id, Lang, PersonId, Result, Timestamp, WorkspaceId};
use mail::{Delivery, MailConfig, Mailer};

use text::Texts;

use crate::{
    Auth, AuthConfig, Cost, Member, Password, Role, RoleKind, SessionKind, SignIn, SignedIn, SigningUp,
    actions::{self, AddMember, Added, SignUp, SignedUp},
    store,
};

/// Writes letters to there.
pub(crate) fn mailer(delivery: Delivery) -> Arc<Mailer> {
    let texts = Texts::new(&[text::BASE, web::TEXTS, mail::TEXTS, crate::TEXTS]);
    let config = MailConfig {
        delivery,
        from: "Karvon <no-reply@karvon.example>".into(),
        base_url: "https://karvon.example".into(),
        secret: [9; 32],
    };
    Arc::new(Mailer::new(config, Arc::new(texts)).unwrap())
}

/// A server with one database and a clock that a test moves.
pub(crate) struct Server<'t> {
    pub(crate) db: &'t TestDb,
    pub(crate) auth: Auth,
    pub(crate) now: Timestamp,
    random: Random,
}

pub(crate) const PASSWORD: &str = "togʻdagi bulbul";

impl<'t> Server<'t> {
    pub(crate) fn new(db: &'t TestDb) -> Self {
        let config = AuthConfig { cost: Cost::TESTS, ..AuthConfig::default() };
        let now = Timestamp::from_millis(1_790_000_000_000);
        Self {
            db,
            auth: Auth::new(&config, mailer(Delivery::Off)).unwrap(),
            now,
            random: Random::from_seed(7),
        }
    }

    pub(crate) fn guest(&self) -> Ctx {
        let nobody = Id::from_uuid(uuid::Uuid::nil());
        let mut builder = CtxBuilder::server(nobody, Actor::guest(), self.now, self.random.clone());
        builder.permissions = Permissions::NONE;
        builder.origin = "203.0.113.7".to_owned();
        builder.build()
    }

    /// Acts as this person in this workspace, with what their role gives at this moment.
    pub(crate) fn as_member(&self, workspace: WorkspaceId, person: PersonId) -> Ctx {
        let server =
            CtxBuilder::server(workspace, Actor::server("test"), self.now, self.random.clone()).build();
        let reading = server.clone();
        let member: Member = self
            .db
            .read_now(&server, move |tx| {
                store::member::find(&reading, tx, person)?.ok_or_else(Error::not_found)
            })
            .unwrap();
        server.with(|ctx| {
            ctx.actor = Actor::member(person, member.person.name);
            ctx.permissions = member.role.permissions;
        })
    }

    pub(crate) fn owner(&self, made: SignedUp) -> Ctx {
        self.as_member(made.workspace, made.person)
    }

    pub(crate) fn write<T: Send + 'static>(
        &self,
        ctx: &Ctx,
        work: impl Fn(&Ctx, &mut db::Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let acting = ctx.clone();
        self.db.write_now(ctx, move |tx| work(&acting, tx))
    }

    /// The same in the scope of the server, as sign-in and the workspace switcher have it.
    pub(crate) fn write_as_server<T: Send + 'static>(
        &self,
        ctx: &Ctx,
        work: impl Fn(&Ctx, &mut db::Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let acting = ctx.clone();
        self.db.write_now(Scope::Server, move |tx| work(&acting, tx))
    }

    pub(crate) async fn try_sign_up(&self, input: SignUp) -> Result<SignedUp> {
        let SigningUp::Done(made) = self.auth.sign_up(self.db, &self.guest(), input, String::new()).await?
        else {
            panic!("a letter was sent")
        };
        let (workspace, id) = (made.session.at_workspace, made.session.id);
        let person = made.person.id;
        self.db.write_now(Scope::Server, move |tx| store::session::delete(tx, person, id))?;
        Ok(SignedUp { workspace, person, number: made.person.number })
    }

    pub(crate) async fn sign_up(&self, email: &str, workspace: &str) -> Result<SignedUp> {
        self.try_sign_up(sign_up(email, workspace)).await
    }

    pub(crate) async fn sign_in(&self, login: &str, password: &str) -> Result<SignedIn> {
        let input = SignIn {
            login: login.into(),
            password: Password::typed(password),
            agent: "Chrome Linux".into(),
            kind: SessionKind::Page,
            workspace: None,
        };
        self.auth.sign_in(self.db, &self.guest(), input).await
    }

    pub(crate) fn role(&self, ctx: &Ctx, kind: RoleKind) -> Role {
        self.write(ctx, move |ctx, tx| store::role::get_built_in(ctx, tx, kind)).unwrap()
    }

    pub(crate) async fn add(&self, ctx: &Ctx, email: &str, kind: RoleKind) -> Result<Added> {
        let input = AddMember {
            name: "Yangi A’zo".into(),
            email: Some(email.into()),
            username: None,
            phone: None,
            lang: Lang::Uz,
            password: Password::typed(PASSWORD),
            role: kind.word().into(),
        };
        let (new, hash) = self.auth.prepare_member(ctx, input).await?;
        self.write(ctx, move |ctx, tx| actions::add_member(ctx, tx, &new, &hash))
    }

    /// The actions that the workspace's log holds, oldest first.
    pub(crate) fn log(&self, ctx: &Ctx) -> Vec<String> {
        let page = kernel::PageRequest::new(1, 500);
        let entries = self.write(ctx, move |ctx, tx| {
            context::list_audit_entries(ctx, tx, &context::AuditFilter::default(), page)
        });
        let mut names: Vec<String> = entries.unwrap().results.into_iter().map(|entry| entry.action).collect();
        names.reverse();
        names
    }
}

pub(crate) fn sign_up(email: &str, workspace: &str) -> SignUp {
    SignUp {
        name: "Dilnoza Karimova".into(),
        email: email.into(),
        username: None,
        phone: Some("90 123 45 67".into()),
        password: Password::typed(PASSWORD),
        workspace: workspace.into(),
        lang: Lang::Uz,
    }
}

#[track_caller]
pub(crate) fn key<T: std::fmt::Debug>(outcome: Result<T>) -> &'static str {
    outcome.unwrap_err().text().key()
}

#[track_caller]
pub(crate) fn fields<T: std::fmt::Debug>(outcome: Result<T>) -> Vec<(String, &'static str)> {
    let error = outcome.unwrap_err();
    error.field_errors().iter().map(|field| (field.field.clone(), field.text.key())).collect()
}
