//! The people of the demo: a workspace with a member for each role, from a readable file.

use context::{Actor, Ctx};
use db::{Scope, Tx};
use kernel::{Error, Lang, Phone, Result, Text, Tin, WorkspaceId, Zone};
use serde::Deserialize;

use crate::{
    Email, Password, PasswordHash, Requisites, RoleKind, Username,
    actions::{self, AddMember, SetCompany, SignUp},
    store,
};

/// The file: its workspace, its members, the one password of all of them. Other tables in it are others' matter.
#[derive(Debug, Clone, Deserialize)]
pub struct DemoPeople {
    /// The workspace.
    pub workspace: DemoWorkspace,
    /// How they all sign in.
    pub sign_in: DemoSignIn,
    /// The members, the first of them an Admin.
    #[serde(rename = "member")]
    pub members: Vec<DemoMember>,
}

/// The demo's workspace.
#[derive(Debug, Clone, Deserialize)]
pub struct DemoWorkspace {
    /// What it is called.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    /// Its language.
    pub language: Lang,
    /// What the tax office knows it by.
    pub tin: Tin,
    /// Its phone.
    pub phone: Phone,
    /// Its address.
    pub address: String,
    /// What its papers say.
    #[serde(default)]
    pub requisites: Requisites,
}

/// How the demo's members sign in.
#[derive(Debug, Clone, Deserialize)]
pub struct DemoSignIn {
    /// The password of all of them.
    pub password: Password,
}

impl DemoSignIn {
    /// The password in words, for the console that made the demo and for nobody else.
    pub fn words(&self) -> &str {
        self.password.secret()
    }
}

/// One of them.
#[derive(Debug, Clone, Deserialize)]
pub struct DemoMember {
    /// The role, by its English name.
    pub role: String,
    /// What people call them.
    pub name: String,
    /// What they sign in with.
    pub email: Email,
    /// A shorter name to sign in with.
    #[serde(default)]
    pub username: Option<Username>,
    /// Their phone.
    pub phone: Phone,
    /// Their language.
    pub language: Lang,
}

/// Makes the demo's workspace and members; what is there already stays as it is, so that it can be called at every
/// start. Answers the workspace. Scope: server.
pub fn demo_people(
    ctx: &Ctx,
    tx: &mut Tx,
    people: &DemoPeople,
    password: &PasswordHash,
) -> Result<WorkspaceId> {
    let DemoPeople { workspace, sign_in, members } = people;
    if let Some(found) = store::workspace::find_by_slug(tx, &workspace.slug)? {
        return Ok(found.id);
    }
    let (admin, others) =
        members.split_first().ok_or_else(|| Error::invalid(Text::new("auth-name-missing")))?;
    let owner = SignUp {
        name: admin.name.clone(),
        email: admin.email.to_string(),
        username: admin.username.as_ref().map(ToString::to_string),
        phone: Some(admin.phone.to_string()),
        password: sign_in.password.clone(),
        workspace: workspace.name.clone(),
        lang: workspace.language,
    };
    let made = actions::sign_up(ctx, tx, &owner.check()?, password)?;
    tx.enter(Scope::Workspace(made.workspace))?;
    let ctx = ctx.with(|ctx| {
        ctx.workspace = made.workspace;
        ctx.actor = Actor::server("demo");
    });
    let company = SetCompany {
        name: workspace.name.clone(),
        tin: workspace.tin.to_string(),
        phone: workspace.phone.to_string(),
        address: workspace.address.clone(),
        zone: Zone::default().name().to_owned(),
        lang: workspace.language,
        requisites: Some(workspace.requisites.clone()),
    };
    actions::set_company(&ctx, tx, &company)?;
    for member in others {
        add(&ctx, tx, member, &sign_in.password, password)?;
    }
    tx.enter(Scope::Server)?;
    Ok(made.workspace)
}

fn add(ctx: &Ctx, tx: &mut Tx, member: &DemoMember, typed: &Password, password: &PasswordHash) -> Result<()> {
    let DemoMember { role, name, email, username, phone, language } = member;
    let kind: RoleKind = role.parse()?;
    let new = AddMember {
        name: name.clone(),
        email: Some(email.to_string()),
        username: username.as_ref().map(ToString::to_string),
        phone: Some(phone.to_string()),
        lang: *language,
        password: typed.clone(),
        role: kind.word().to_owned(),
    };
    actions::add_member(ctx, tx, &new.check()?, password).map(drop)
}
