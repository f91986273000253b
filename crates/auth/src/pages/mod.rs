//! The pages of this crate.

mod company;
mod grid;
mod invitations;
mod keys;
mod links;
mod members;
mod operator;
mod profile;
mod roles;
mod sign_in;
mod workspaces;

use axum::{
    Router,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Error, Kind, Lang, Result};
use web::{
    App,
    pages::{Choice, Go, MenuEntry, Section, Tone, Words},
};

use crate::{Role, RoleKind};

/// Every page of this crate.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(sign_in::routes())
        .merge(links::routes())
        .merge(invitations::routes())
        .merge(operator::routes())
        .merge(profile::routes())
        .merge(workspaces::routes())
        .merge(company::routes())
        .merge(members::routes())
        .merge(roles::routes())
        .merge(keys::routes())
}

/// What this crate puts into the side menu.
pub fn menu() -> [MenuEntry; 4] {
    let entry = |order, href, text, icon, permission| MenuEntry {
        section: Section::Settings,
        order,
        href,
        text,
        icon,
        permission: Some(permission),
    };
    [
        entry(10, "/settings/company", "auth-company", "building", Permission::SettingsRead),
        entry(20, "/members", "auth-members", "people", Permission::UsersRead),
        entry(30, "/roles", "auth-roles", "shield-check", Permission::UsersRead),
        entry(40, "/api-keys", "auth-keys", "key", Permission::UsersRead),
    ]
}

/// The name of a role in the reader's language.
fn role_name(words: &Words, kind: RoleKind, name: &str) -> String {
    kind.text_key().map_or_else(|| name.to_owned(), |key| words.t(key))
}

/// The roles as choices.
fn role_choices(words: &Words, roles: &[(Role, i64)]) -> Vec<Choice> {
    let choice =
        |(role, _): &(Role, i64)| Choice::new(role.id.to_string(), role_name(words, role.kind, &role.name));
    roles.iter().map(choice).collect()
}

/// The languages as choices, each called as it calls itself.
fn language_choices() -> Vec<Choice> {
    Lang::ALL.map(|lang| Choice::new(lang.code(), lang.name())).to_vec()
}

/// Back to `path` with what was wrong, for buttons without a form of their own; errors that nobody can mend stay.
fn back_with(words: &Words, path: String, error: Error) -> Result<Response> {
    if !matches!(error.kind(), Kind::Invalid | Kind::Conflict | Kind::Forbidden | Kind::TooMuch { .. }) {
        return Err(error);
    }
    let said = match error.field_errors().first() {
        Some(field) => words.say(&field.text),
        None => words.say(error.text()),
    };
    Ok(Go::to(path).toast(Tone::Error, said).into_response())
}
