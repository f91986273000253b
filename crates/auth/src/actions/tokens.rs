//! Sessions that are held by tokens: the next tokens, and the end.

use context::{Actor, Ctx};
use db::{ReadTx, Tx};
use kernel::{Error, Kind, Result, Text};

use crate::{Secret, Session, store, token};

/// What became of a refresh token that somebody brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refreshed {
    /// It was the present one; the session goes on with another.
    Renewed(Session),
    /// It was used before, so two have it: the session has ended, for both.
    Reused,
}

/// The one answer to refresh tokens that open nothing (any more).
pub(crate) fn refused() -> Error {
    Error::new(Kind::Unauthenticated, Text::new("auth-refresh-refused"))
}

/// Refuses what no session ever had as its refresh token, before anything is written. Scope: server.
// tidy: no permission: whoever has the token may
pub fn known_refresh(_: &Ctx, tx: &mut ReadTx, secret: &str) -> Result<()> {
    let digest = token::digest(secret);
    let present = store::refresh::find_present(tx, &digest)?;
    let found = present.map_or_else(|| store::refresh::find_used(tx, &digest), |id| Ok(Some(id)))?;
    found.map(drop).ok_or_else(refused)
}

/// Exchanges the refresh token `from` for `to`. One that was used before ends its session: whoever stole a token and
/// whoever it was stolen from cannot be told apart (RFC 9700, section 4.14.2). Scope: server.
// tidy: no permission: whoever has the token may
pub fn refresh_session(ctx: &Ctx, tx: &mut Tx, from: &str, to: &Secret) -> Result<Refreshed> {
    let (from, to, now) = (token::digest(from), token::digest(to.reveal()), ctx.now());
    let before = store::refresh::find_present(tx, &from)?
        .map(|id| store::session::find_by_id(tx, id))
        .transpose()?
        .flatten();
    let Some(id) = store::refresh::update(tx, &from, &to, now)? else {
        return end_reused(ctx, tx, &from);
    };
    // It holds as it did before this use, and only for an active member.
    if !before.is_some_and(|session| session.holds(now)) {
        return Err(refused());
    }
    store::session::find_acting_token(tx, id, now)?.ok_or_else(refused)?;
    let session = store::session::find_by_id(tx, id)?.ok_or_else(refused)?;
    Ok(Refreshed::Renewed(session))
}

fn end_reused(ctx: &Ctx, tx: &mut Tx, digest: &[u8; 32]) -> Result<Refreshed> {
    let used = store::refresh::find_used(tx, digest)?;
    let used = used.map(|id| store::session::find_by_id(tx, id)).transpose()?.flatten();
    let session = used.ok_or_else(refused)?;
    if store::refresh::delete(tx, session.id)? > 0 {
        let at = ctx.with(|ctx| ctx.workspace = session.at_workspace);
        at.audit(tx, "session.revoke_reused", "session", session.id, None::<&()>, None::<&()>)?;
    }
    Ok(Refreshed::Reused)
}

/// Ends the session that this refresh token holds or held; one that is gone already is signed out as well. Scope: server.
// tidy: no permission: whoever has the token may
pub fn close_token_session(ctx: &Ctx, tx: &mut Tx, secret: &str) -> Result<()> {
    let digest = token::digest(secret);
    let present = store::refresh::find_present(tx, &digest)?;
    let id = present.map_or_else(|| store::refresh::find_used(tx, &digest), |id| Ok(Some(id)))?;
    let session = id.map(|id| store::session::find_by_id(tx, id)).transpose()?.flatten();
    let Some(session) = session else { return Ok(()) };
    if store::refresh::delete(tx, session.id)? == 0 {
        return Ok(());
    }
    let person = store::person::get(tx, session.person)?;
    let at = ctx.with(|ctx| {
        ctx.workspace = session.at_workspace;
        ctx.actor = Actor::member(person.id, &person.name);
    });
    at.audit(tx, "session.close", "session", session.id, None::<&()>, None::<&()>)
}
