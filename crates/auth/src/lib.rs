//! People, workspaces, roles, sessions, API keys and service tokens: who somebody is and what they may do where.
//!
//! `README.md` says how it works. What others use: [`Auth`] (the process's service, which tells `web` who calls),
//! [`actions`], [`default_workspace`].
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod access_token;
pub mod actions;
mod api;
mod api_key;
mod authenticator;
mod cookie;
mod demo;
mod input;
mod invitation;
mod letters;
mod link;
mod member;
mod operator;
mod pages;
mod password;
mod person;
mod requisites;
mod role;
mod service;
mod service_token;
mod session;
mod store;
mod throttle;
mod token;
mod work;
mod workspace;

pub use access_token::ACCESS_S;
pub use api_key::{ApiKey, KEYS_AT_MOST, KeyKind};
pub use authenticator::{Auth, AuthConfig};
pub use demo::{DemoMember, DemoPeople, DemoSignIn, DemoWorkspace, demo_people};
pub use input::{Email, Password, Username};
pub use invitation::Invitation;
pub use link::{Link, LinkKind};
pub use member::{Belonging, Member, MemberState};
pub use operator::{Operator, Tenant};
pub use password::{Cost, PasswordHash, Passwords};
pub use person::{Person, Theme};
pub use requisites::{Requisites, requisites};
pub use role::{Role, RoleKind, RoleRef, grid, parse_words, to_words};
pub use service::{ChangePassword, Join, LinkOpened, Renewed, SignIn, SignedIn, SigningUp};
pub use service_token::ServiceToken;
pub use session::{IDLE_DAYS, LIFE_DAYS, Session, SessionKind, TOKEN_SESSIONS_AT_MOST, device};
pub use store::member::MemberFilter;
pub use token::Secret;
pub use work::work;
pub use workspace::WorkspaceRecord;

use context::{Ctx, Permissions};
use db::ReadTx;
use kernel::{PersonId, Result, WorkspaceId};

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("auth"; "V1__people_and_access", "V2__letters_and_invitations", "V3__operators", "V4__tokens");
/// The words of this crate.
pub const TEXTS: text::TextFiles = text::files!("auth");

/// What this crate gives to the application. Its handlers need the service [`Auth`].
pub fn module() -> web::Module {
    web::Module::new("auth")
        .migrations(MIGRATIONS)
        .texts(TEXTS)
        .api(api::routes())
        .pages(pages::routes())
        .menu(pages::menu())
}

/// The workspace that environment variables and addresses without a tenant mean: the first of the server
/// (scope: server).
pub fn default_workspace(tx: &mut ReadTx) -> Result<Option<WorkspaceId>> {
    Ok(store::workspace::find_first(tx)?.map(|workspace| workspace.id))
}

/// Every workspace of the server, oldest first; for commands (scope: server).
pub fn workspaces(tx: &mut ReadTx) -> Result<Vec<WorkspaceId>> {
    store::workspace::ids(tx)
}

/// The workspace's own record: its name, language, zone, address. For receipts, bots and pages; asks no permission.
pub fn workspace(tx: &mut ReadTx, id: WorkspaceId) -> Result<WorkspaceRecord> {
    store::workspace::get(tx, id)
}

/// The workspace with this name in addresses (scope: server).
pub fn find_workspace(tx: &mut ReadTx, slug: &str) -> Result<Option<WorkspaceRecord>> {
    store::workspace::find_by_slug(tx, slug)
}

/// What this person may do in the workspace as a member of it; nothing where they are no active one. Asks no permission.
pub fn permissions_of(ctx: &Ctx, tx: &mut ReadTx, person: PersonId) -> Result<Permissions> {
    let member = store::member::find(ctx, tx, person)?.filter(|member| member.state == MemberState::Active);
    Ok(member.map_or(Permissions::NONE, |member| member.role.permissions))
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![context::MIGRATIONS, web::MIGRATIONS, jobs::MIGRATIONS, mail::MIGRATIONS, MIGRATIONS]
}
