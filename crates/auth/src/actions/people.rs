//! What people do about themselves: profile, password, workspaces.

use context::{ActorKind, Ctx};
use db::{ReadTx, Tx};
use kernel::{Error, Id, Lang, Phone, Result, Text, WorkspaceId};

use super::acting_person;
use crate::{
    Belonging, PasswordHash, Person, Session, Theme,
    input::{self, Checks},
    store,
};

/// Who acts, for `GET /api/auth/me`.
// tidy: no permission: it is about whoever acts
pub fn me(ctx: &Ctx, tx: &mut ReadTx) -> Result<Person> {
    store::person::get(tx, ctx.actor().person().ok_or_else(Error::unauthenticated)?)
}

/// The profile of whoever acts.
// tidy: no permission: it is about whoever acts
pub fn profile(ctx: &Ctx, tx: &mut ReadTx) -> Result<Person> {
    store::person::get(tx, acting_person(ctx)?)
}

/// What people change about themselves; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct SetProfile {
    /// Their name.
    pub name: Option<String>,
    /// Their phone; an empty text takes it away.
    pub phone: Option<String>,
    /// Their language.
    pub lang: Option<Lang>,
    /// How their pages look.
    pub theme: Option<Theme>,
}

/// Writes the profile of whoever acts.
// tidy: no permission: it is about whoever acts
pub fn set_profile(ctx: &Ctx, tx: &mut Tx, input: &SetProfile) -> Result<Person> {
    let SetProfile { name, phone, lang, theme } = input;
    super::require_oneself(ctx)?;
    let before = profile(ctx, tx)?;
    let mut after = before.clone();
    let mut checks = Checks::default();
    if let Some(name) = name {
        after.name = checks.take("name", input::name(name)).unwrap_or_default();
    }
    if let Some(phone) = phone {
        after.phone = checks.take_optional("phone", Some(phone), Phone::parse);
    }
    checks.finish()?;
    after.lang = lang.unwrap_or(before.lang);
    after.theme = theme.unwrap_or(before.theme);
    if before == after {
        return Ok(after);
    }
    store::person::update(tx, &after)?;
    let (old, new) = (worth_comparing(&before), worth_comparing(&after));
    ctx.audit(tx, "person.change", "person", after.id, Some(&old), Some(&new))?;
    Ok(after)
}

fn worth_comparing(person: &Person) -> serde_json::Value {
    serde_json::json!({
        "name": person.name, "phone": person.phone, "lang": person.lang, "theme": person.theme,
    })
}

/// Sets the password of whoever acts and ends their sessions but this one; answers how many ended.
/// The present password was compared with `compared`.
// tidy: no permission: it is about whoever acts
pub fn change_password(
    ctx: &Ctx,
    tx: &mut Tx,
    compared: &PasswordHash,
    password: &PasswordHash,
    kept: Option<Id<Session>>,
) -> Result<u64> {
    let person = acting_person(ctx)?;
    if store::person::get_password(tx, person)? != *compared {
        return Err(Error::field("current", Text::new("auth-password-wrong")));
    }
    super::forgive_password_change(ctx, tx)?;
    store::person::set_password(tx, person, password, ctx.now())?;
    let ended = store::session::delete_others(tx, person, kept)?;
    let after = serde_json::json!({"sessions_ended": ended});
    ctx.audit(tx, "person.change_password", "person", person, None::<&()>, Some(&after))?;
    Ok(ended)
}

/// Sets anybody's password and ends their sessions; for the command line alone. Scope: server.
// tidy: no permission: it refuses everybody but the command line
pub fn set_password(ctx: &Ctx, tx: &mut Tx, login: &str, password: &PasswordHash) -> Result<Person> {
    if ctx.actor().kind != ActorKind::Server {
        return Err(Error::forbidden());
    }
    let found = store::person::find_by_login(tx, &login.trim().to_lowercase())?;
    let (person, _) = found.ok_or_else(Error::not_found)?;
    store::person::set_password(tx, person.id, password, ctx.now())?;
    store::session::delete_others(tx, person.id, None)?;
    for belonging in store::member::belongings(tx, person.id)? {
        let at = ctx.with(|ctx| ctx.workspace = belonging.workspace);
        at.audit(tx, "person.change_password", "person", person.id, None::<&()>, None::<&()>)?;
    }
    Ok(person)
}

/// The workspaces of whoever acts, and those that ask them to join. `trusts` is whether an address counts as theirs that
/// no letter has confirmed, because no letters are sent here. Scope: server.
// tidy: no permission: it is about whoever acts
pub fn belongings(ctx: &Ctx, tx: &mut ReadTx, trusts: bool) -> Result<Vec<Belonging>> {
    let person = store::person::get(tx, acting_person(ctx)?)?;
    belongings_of(ctx, tx, &person, trusts)
}

/// The same of any person.
pub(super) fn belongings_of(
    ctx: &Ctx,
    tx: &mut ReadTx,
    person: &Person,
    trusts: bool,
) -> Result<Vec<Belonging>> {
    let mut all = store::member::belongings(tx, person.id)?;
    let email = if trusts { person.email.as_ref() } else { person.confirmed_email() };
    let asked = email.map(|email| store::invitation::list_of(tx, email, ctx.now())).transpose()?;
    for invitation in asked.unwrap_or_default() {
        if all.iter().all(|one| one.workspace != invitation.workspace) {
            all.push(Belonging {
                workspace: invitation.workspace,
                name: invitation.workspace_name,
                slug: invitation.workspace_slug,
                role: invitation.role.id,
                role_kind: invitation.role.kind,
                role_name: invitation.role.name,
                invitation: Some(invitation.id),
            });
        }
    }
    Ok(all)
}

/// Opens another workspace of whoever acts in this session of theirs. One that they do not belong to is not found.
/// Scope: server.
// tidy: no permission: it is about whoever acts
pub fn switch_workspace(
    ctx: &Ctx,
    tx: &mut Tx,
    session: Option<Id<Session>>,
    workspace: WorkspaceId,
) -> Result<()> {
    super::require_oneself(ctx)?;
    let person = acting_person(ctx)?;
    let session = session.ok_or_else(Error::unauthenticated)?;
    let mine = store::member::belongings(tx, person)?;
    if mine.iter().all(|one| one.workspace != workspace) {
        return Err(Error::not_found());
    }
    store::session::set_workspace(tx, person, session, workspace)?;
    let at = ctx.with(|ctx| ctx.workspace = workspace);
    at.audit(tx, "session.switch", "session", session, None::<&()>, None::<&()>)
}
