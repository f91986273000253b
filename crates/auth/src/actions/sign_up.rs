//! A new workspace and whoever made it.

use context::{Actor, ActorKind, Ctx, Event};
use db::{ReadTx, Scope, Tx};
use kernel::{Error, Lang, PersonId, Phone, Result, Text, Timestamp, WorkspaceId, Zone};
use serde::{Deserialize, Serialize};

use crate::{
    Email, MemberState, Password, PasswordHash, Person, Role, RoleKind, Theme, Username, WorkspaceRecord,
    input::{self, Checks},
    store, workspace,
};

/// What somebody types who has no sign-in yet.
#[derive(Debug, Clone)]
pub struct SignUp {
    /// What people call them.
    pub name: String,
    /// What they will sign in with.
    pub email: String,
    /// Another name to sign in with; may be empty.
    pub username: Option<String>,
    /// Their phone; may be empty.
    pub phone: Option<String>,
    /// Their password.
    pub password: Password,
    /// What their company is called.
    pub workspace: String,
    /// Their language, and at first the workspace's.
    pub lang: Lang,
}

/// A sign-up that was checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewOwner {
    name: String,
    email: Email,
    username: Option<Username>,
    phone: Option<Phone>,
    workspace: String,
    lang: Lang,
}

/// What a sign-up made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedUp {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its first Admin.
    pub person: PersonId,
    /// Their number.
    pub number: i64,
}

impl SignUp {
    /// Checks every field; an error names all that are wrong.
    pub fn check(&self) -> Result<NewOwner> {
        let Self { name, email, username, phone, password, workspace, lang } = self;
        let mut checks = Checks::default();
        let checked_name = checks.take("name", input::name(name));
        let checked_email = checks.take("email", Email::parse(email));
        let username = checks.take_optional("username", username.as_deref(), Username::parse);
        let phone = checks.take_optional("phone", phone.as_deref(), Phone::parse);
        let workspace = checks.take("workspace", input::name(workspace));
        checks.take("password", password.check(&[email, name]));
        checks.finish()?;
        match (checked_name, checked_email, workspace) {
            (Some(name), Some(email), Some(workspace)) => {
                Ok(NewOwner { name, email, username, phone, workspace, lang: *lang })
            }
            _ => Err(Error::internal("a refused field left no error")),
        }
    }
}

/// Makes a workspace with its roles, and its first Admin. Anybody may; scope: server.
// tidy: no permission: nobody has signed in yet
pub fn sign_up(ctx: &Ctx, tx: &mut Tx, owner: &NewOwner, password: &PasswordHash) -> Result<SignedUp> {
    let NewOwner { name, email, username, phone, workspace, lang } = owner;
    let mut person = Person {
        id: ctx.new_id(),
        number: 0,
        name: name.clone(),
        email: Some(email.clone()),
        email_confirmed_at: known_by_console(ctx),
        username: username.clone(),
        phone: phone.clone(),
        lang: *lang,
        theme: Theme::default(),
        password_set_at: ctx.now(),
        created_at: ctx.now(),
    };
    person.number = store::person::insert(tx, &person, password)?;
    let owner = as_owner(ctx, &person);
    let made = make_workspace(&owner, tx, &person, workspace)?;
    let ctx = owner.with(|ctx| ctx.workspace = made);
    ctx.audit_new(
        tx,
        "person.sign_up",
        "person",
        person.id,
        &serde_json::json!({"name": name, "email": email}),
    )?;
    Ok(SignedUp { workspace: made, person: person.id, number: person.number })
}

impl NewOwner {
    /// The address that they sign up with.
    pub(crate) const fn email(&self) -> &Email {
        &self.email
    }

    /// Their language.
    pub(crate) const fn lang(&self) -> Lang {
        self.lang
    }

    /// Refuses a username that is taken.
    pub(crate) fn check_username(&self, tx: &mut ReadTx) -> Result<()> {
        match &self.username {
            Some(username) if store::person::find_by_username(tx, username)?.is_some() => {
                Err(Error::field("username", Text::new("auth-username-taken")))
            }
            _ => Ok(()),
        }
    }

    /// The same without a username that somebody took meanwhile.
    pub(crate) fn with_free_username(mut self, tx: &mut ReadTx) -> Result<Self> {
        let taken = match &self.username {
            Some(username) => store::person::find_by_username(tx, username)?.is_some(),
            None => false,
        };
        if taken {
            self.username = None;
        }
        Ok(self)
    }
}

/// Whoever runs the server says whose an address is; of anybody else only a letter knows it.
pub(super) fn known_by_console(ctx: &Ctx) -> Option<Timestamp> {
    (ctx.actor().kind == ActorKind::Server).then(|| ctx.now())
}

/// Makes the first workspace of a server; refused when there is one. For the command line; scope: server.
// tidy: no permission: only the command line calls it
pub fn create_first_admin(
    ctx: &Ctx,
    tx: &mut Tx,
    owner: &NewOwner,
    password: &PasswordHash,
) -> Result<SignedUp> {
    if store::workspace::find_first(tx)?.is_some() {
        return Err(Error::conflict(Text::new("auth-workspace-exists")));
    }
    sign_up(ctx, tx, owner, password)
}

/// One more workspace of somebody who is signed in.
#[derive(Debug, Clone)]
pub struct CreateWorkspace {
    /// What it is called.
    pub name: String,
}

/// Makes one more workspace, whose Admin is whoever acts.
// tidy: no permission: it is about whoever acts
pub fn create_workspace(ctx: &Ctx, tx: &mut Tx, input: &CreateWorkspace) -> Result<WorkspaceId> {
    super::require_oneself(ctx)?;
    let person = store::person::get(tx, super::acting_person(ctx)?)?;
    let CreateWorkspace { name } = input;
    let name = input::name(name).map_err(|error| error.under("name"))?;
    super::admit_sign_up(ctx, tx)?;
    tx.enter(Scope::Server)?;
    let made = make_workspace(ctx, tx, &person, &name)?;
    tx.enter(Scope::Workspace(ctx.workspace()))?;
    Ok(made)
}

fn as_owner(ctx: &Ctx, person: &Person) -> Ctx {
    ctx.with(|ctx| ctx.actor = Actor::member(person.id, &person.name))
}

/// The workspace, its five roles, its first Admin. Other domains make what they need when `workspace.created` comes
/// by, or when it is first asked for.
fn make_workspace(ctx: &Ctx, tx: &mut Tx, owner: &Person, name: &str) -> Result<WorkspaceId> {
    let id: WorkspaceId = ctx.new_id();
    let ctx = ctx.with(|ctx| ctx.workspace = id);
    let record = WorkspaceRecord {
        id,
        name: name.to_owned(),
        slug: free_slug(&ctx, tx, name)?,
        lang: owner.lang,
        zone: Zone::default(),
        tin: None,
        phone: owner.phone.clone(),
        address: String::new(),
        created_at: ctx.now(),
    };
    store::workspace::insert(tx, &record)?;
    for kind in RoleKind::BUILT_IN {
        let role = Role {
            id: ctx.new_id(),
            kind,
            name: kind.word().to_owned(),
            permissions: kind.permissions().unwrap_or_default(),
            created_at: ctx.now(),
        };
        store::role::insert(&ctx, tx, &role)?;
        if kind == RoleKind::Admin {
            store::member::insert(&ctx, tx, owner.id, role.id, MemberState::Active)?;
        }
    }
    ctx.audit_new(
        tx,
        "workspace.create",
        "workspace",
        id,
        &serde_json::json!({"name": name, "slug": record.slug}),
    )?;
    ctx.emit(tx, Event::new("workspace.created", id))?;
    Ok(id)
}

/// The suggested slug, with a tail where it is another's.
fn free_slug(ctx: &Ctx, tx: &mut ReadTx, name: &str) -> Result<String> {
    let slug = workspace::suggested_slug(name);
    if store::workspace::find_by_slug(tx, &slug)?.is_none() {
        return Ok(slug);
    }
    let tail: String = ctx.random().bytes::<4>().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{slug}-{tail}"))
}
