//! The REST API of this crate: JSON types and handlers.

mod access;
mod invitations;
mod keys;
mod links;
mod members;
mod operator;
mod roles;
mod sessions;
mod tokens;
mod workspaces;

pub(crate) use access::agent;
pub(crate) use invitations::{accept, make_invitation, opened, renew_invitation};
use kernel::{Error, Result};
pub(crate) use keys::make_key;
pub(crate) use operator::{Usage, operate, stop_acting, tenant, tenants};
pub(crate) use workspaces::{Turn, belongings, turn};

use utoipa_axum::router::OpenApiRouter;
use web::{App, Caller, RowKey};

use crate::Session;

/// Every route of this crate that speaks JSON.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(access::routes())
        .merge(links::routes())
        .merge(invitations::routes())
        .merge(operator::routes())
        .merge(members::routes())
        .merge(roles::routes())
        .merge(keys::routes())
        .merge(sessions::routes())
        .merge(tokens::routes())
        .merge(workspaces::routes())
}

/// The session by which somebody calls; none for a program with a key.
pub(crate) fn session(caller: &Caller) -> Option<kernel::Id<Session>> {
    caller.standing().session.map(kernel::Id::from_uuid)
}

/// The id that a path names; a number is the id of nothing here.
fn id_of<T>(key: RowKey) -> Result<kernel::Id<T>> {
    key.id().ok_or_else(Error::not_found)
}
