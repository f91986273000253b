//! Signing in, out, and where one is signed in.

use context::{Actor, Ctx};
use db::{ReadTx, Tx};
use kernel::{Error, Id, Kind, Result, Text, WorkspaceId};

use super::{acting_person, attempts::forgive_sign_in};
use crate::{Belonging, PasswordHash, Person, Secret, Session, session, store, token};

/// Characters of a browser's own description that are kept.
const AGENT_AT_MOST: usize = 300;

/// Opens a session for `person`, whose password was compared with `compared`. Scope: server.
///
/// The workspace is the one they used last, or else the first. Somebody who belongs nowhere and is asked to join
/// one workspace joins it by signing in; `trusts` as in [`super::belongings`].
// tidy: no permission: nobody has signed in yet
pub fn open_session(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &Person,
    compared: &PasswordHash,
    login: &str,
    agent: &str,
    trusts: bool,
) -> Result<(Session, Secret)> {
    // Between the comparison and now the password may have been changed.
    if store::person::get_password(tx, person.id)? != *compared {
        return Err(refused());
    }
    forgive_sign_in(ctx, tx, login)?;
    let now = ctx.now();
    let day = |days: i64| now.plus_seconds(-days.saturating_mul(86_400));
    let last = store::session::list(tx, person.id)?.first().map(|session| session.at_workspace);
    store::throttle::delete_quiet(tx, day(2))?;
    store::session::delete_ended(tx, person.id, day(session::LIFE_DAYS), day(session::IDLE_DAYS))?;
    let at_workspace = workspace_to_open(ctx, tx, person, last, trusts)?;
    let ctx = ctx.with(|ctx| {
        ctx.workspace = at_workspace;
        ctx.actor = Actor::member(person.id, &person.name);
    });
    let secret = Secret::for_session(ctx.random());
    let session = Session {
        id: ctx.new_id(),
        person: person.id,
        at_workspace,
        agent: agent.chars().filter(|c| !c.is_control()).take(AGENT_AT_MOST).collect(),
        origin: ctx.origin().to_owned(),
        created_at: now,
        seen_at: now,
    };
    store::session::insert(tx, &session, &token::digest(secret.reveal()))?;
    let after = serde_json::json!({"device": session::device(&session.agent)});
    ctx.audit_new(tx, "session.open", "session", session.id, &after)?;
    Ok((session, secret))
}

/// The one answer to a wrong login and to a wrong password.
pub(crate) fn refused() -> Error {
    Error::new(Kind::Unauthenticated, Text::new("auth-sign-in-refused"))
}

fn workspace_to_open(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &Person,
    last: Option<WorkspaceId>,
    trusts: bool,
) -> Result<WorkspaceId> {
    let belongings = super::people::belongings_of(ctx, tx, person, trusts)?;
    let active = |belonging: &&Belonging| belonging.invitation.is_none();
    let used_last = belongings.iter().filter(active).find(|belonging| Some(belonging.workspace) == last);
    if let Some(belonging) = used_last.or_else(|| belongings.iter().find(active)) {
        return Ok(belonging.workspace);
    }
    let invited =
        belongings.first().ok_or_else(|| Error::new(Kind::Forbidden, Text::new("auth-no-workspace")))?;
    let ctx = ctx.with(|ctx| ctx.actor = Actor::member(person.id, &person.name));
    super::invitations::accept_by_address(&ctx, tx, person, invited)?;
    Ok(invited.workspace)
}

/// The sessions of whoever acts that still hold, the last used first.
// tidy: no permission: it is about whoever acts
pub fn sessions(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Session>> {
    let all = store::session::list(tx, acting_person(ctx)?)?;
    Ok(all.into_iter().filter(|session| session.holds(ctx.now())).collect())
}

/// The session that this secret opens, when it is one of whoever acts.
// tidy: no permission: it is about whoever acts
pub fn session_of(ctx: &Ctx, tx: &mut ReadTx, secret: &str) -> Result<Option<Session>> {
    let person = acting_person(ctx)?;
    let session = store::session::find(tx, &token::digest(secret))?;
    Ok(session.filter(|session| session.person == person))
}

/// Ends one session of whoever acts.
// tidy: no permission: it is about whoever acts
pub fn revoke_session(ctx: &Ctx, tx: &mut Tx, id: Id<Session>) -> Result<()> {
    super::require_oneself(ctx)?;
    store::session::delete(tx, acting_person(ctx)?, id)?;
    ctx.audit(tx, "session.revoke", "session", id, None::<&()>, None::<&()>)
}

/// Ends every session of whoever acts but the one of this secret; answers how many.
// tidy: no permission: it is about whoever acts
pub fn revoke_other_sessions(ctx: &Ctx, tx: &mut Tx, secret: &str) -> Result<u64> {
    super::require_oneself(ctx)?;
    let person = acting_person(ctx)?;
    let kept = session_of(ctx, tx, secret)?.map(|session| session.id);
    let ended = store::session::delete_others(tx, person, kept)?;
    let after = serde_json::json!({"ended": ended});
    ctx.audit(tx, "session.revoke_others", "person", person, None::<&()>, Some(&after))?;
    Ok(ended)
}

/// Ends the session of this secret. One that is gone already is signed out as well.
// tidy: no permission: it is about whoever acts
pub fn sign_out(ctx: &Ctx, tx: &mut Tx, secret: &str) -> Result<()> {
    let mine = |session: &Session| {
        Some(session.person) == ctx.actor().person() || Some(session.person) == ctx.operator()
    };
    let found = store::session::find(tx, &token::digest(secret))?;
    let Some(session) = found.filter(mine) else { return Ok(()) };
    store::session::delete(tx, session.person, session.id)?;
    ctx.audit(tx, "session.close", "session", session.id, None::<&()>, None::<&()>)
}
