//! Signing in, out, and where one is signed in.

use context::{Actor, Ctx};
use db::{ReadTx, Tx};
use kernel::{Error, Id, Kind, Result, Text, WorkspaceId};

use super::{acting_person, attempts::forgive_sign_in};
use crate::{
    Belonging, PasswordHash, Person, Secret, Session, SessionKind,
    session::{self, TOKEN_SESSIONS_AT_MOST},
    store, token,
};

/// Characters of a browser's own description that are kept.
const AGENT_AT_MOST: usize = 300;

/// How a session is opened.
#[derive(Debug, Clone)]
pub struct Opening {
    /// What they signed in as.
    pub login: String,
    /// What holds the session.
    pub kind: SessionKind,
    /// The workspace they want, by its name in addresses or its id; `None` for the one they used last, or else the first.
    pub workspace: Option<String>,
    /// What the browser calls itself.
    pub agent: String,
    /// Whether an address counts as theirs that no letter has confirmed, as in [`super::belongings`].
    pub trusts: bool,
}

/// Opens a session for `person`, whose password was compared with `compared`; the secret goes into the cookie, or is the
/// first refresh token. Somebody who belongs nowhere and is asked to join one workspace joins it by signing in.
/// Scope: server.
// tidy: no permission: nobody has signed in yet
pub fn open_session(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &Person,
    compared: &PasswordHash,
    opening: &Opening,
) -> Result<(Session, Secret)> {
    let Opening { login, kind, workspace, agent, trusts } = opening;
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
    let at_workspace = match workspace.as_deref().map(str::trim).filter(|named| !named.is_empty()) {
        Some(named) => named_workspace(tx, person, named)?,
        None => workspace_to_open(ctx, tx, person, last, *trusts)?,
    };
    let ctx = ctx.with(|ctx| {
        ctx.workspace = at_workspace;
        ctx.actor = Actor::member(person.id, &person.name);
    });
    let secret = match kind {
        SessionKind::Page => Secret::for_session(ctx.random()),
        SessionKind::Token => Secret::for_refresh(ctx.random()),
    };
    let session = Session {
        id: ctx.new_id(),
        person: person.id,
        at_workspace,
        kind: *kind,
        agent: agent.chars().filter(|c| !c.is_control()).take(AGENT_AT_MOST).collect(),
        origin: ctx.origin().to_owned(),
        created_at: now,
        seen_at: now,
    };
    store::session::insert(tx, &session, &token::digest(secret.reveal()))?;
    if *kind == SessionKind::Token {
        store::refresh::delete_beyond(tx, person.id, TOKEN_SESSIONS_AT_MOST)?;
    }
    let after = serde_json::json!({"device": session::device(&session.agent), "kind": kind.word()});
    ctx.audit_new(tx, "session.open", "session", session.id, &after)?;
    Ok((session, secret))
}

/// The one answer to a wrong login and to a wrong password.
pub(crate) fn refused() -> Error {
    Error::new(Kind::Unauthenticated, Text::new("auth-sign-in-refused"))
}

/// The workspace that somebody names of those where they are active.
fn named_workspace(tx: &mut Tx, person: &Person, named: &str) -> Result<WorkspaceId> {
    let mine = store::member::belongings(tx, person.id)?;
    let found = mine.iter().find(|one| one.slug == named || one.workspace.to_string() == named);
    let unknown = || Error::field("workspace", Text::new("auth-sign-in-workspace-unknown"));
    found.map(|one| one.workspace).ok_or_else(unknown)
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

/// The session that the cookie of this secret holds, when it is one of whoever acts.
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

/// Ends every session of whoever acts but this one; answers how many.
// tidy: no permission: it is about whoever acts
pub fn revoke_other_sessions(ctx: &Ctx, tx: &mut Tx, kept: Option<Id<Session>>) -> Result<u64> {
    super::require_oneself(ctx)?;
    let person = acting_person(ctx)?;
    let ended = store::session::delete_others(tx, person, kept)?;
    let after = serde_json::json!({"ended": ended});
    ctx.audit(tx, "session.revoke_others", "person", person, None::<&()>, Some(&after))?;
    Ok(ended)
}

/// Ends the session by which whoever acts came. One that is gone already is signed out as well.
// tidy: no permission: it is about whoever acts
pub fn sign_out(ctx: &Ctx, tx: &mut Tx, id: Option<Id<Session>>) -> Result<()> {
    let mine = |session: &Session| {
        Some(session.person) == ctx.actor().person() || Some(session.person) == ctx.operator()
    };
    let found = id.map(|id| store::session::find_by_id(tx, id)).transpose()?.flatten();
    let Some(session) = found.filter(mine) else { return Ok(()) };
    store::session::delete(tx, session.person, session.id)?;
    ctx.audit(tx, "session.close", "session", session.id, None::<&()>, None::<&()>)
}
