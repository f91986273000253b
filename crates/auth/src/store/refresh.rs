//! Refresh tokens: a session that is held by tokens knows the present one, and those that were used are remembered.

use db::{ReadTx, Row, Tx, params};
use kernel::{Id, PersonId, Result, Timestamp};

use crate::Session;

fn id(row: &Row<'_>) -> Result<Id<Session>> {
    row.get(0)
}

/// Puts another refresh token in the place of the present one, `from`, and remembers that one as used; answers the
/// session. `None` when `from` is no present one: of two who come with the same, one does it.
pub fn update(tx: &mut Tx, from: &[u8; 32], to: &[u8; 32], now: Timestamp) -> Result<Option<Id<Session>>> {
    // tidy: no workspace: a session belongs to a person
    let sql = "UPDATE auth_session SET token_hash = $2, seen_at_ms = CASE WHEN seen_at_ms < $3 THEN $3 ELSE seen_at_ms END
         WHERE token_hash = $1 AND kind = 'token' RETURNING id";
    let Some(session) = tx.query_opt(sql, params![from, to, now], id)? else { return Ok(None) };
    // tidy: no workspace: it belongs to a session
    let sql = "INSERT INTO auth_used_refresh (token_hash, session_id, used_at_ms) VALUES ($1, $2, $3)";
    tx.execute_one(sql, params![from, session, now])?;
    Ok(Some(session))
}

/// The session whose present refresh token has this digest.
pub fn find_present(tx: &mut ReadTx, digest: &[u8; 32]) -> Result<Option<Id<Session>>> {
    // tidy: no workspace: a session belongs to a person
    let sql = "SELECT id FROM auth_session WHERE token_hash = $1 AND kind = 'token'";
    tx.query_opt(sql, params![digest], id)
}

/// The session that had this refresh token and has another by now.
pub fn find_used(tx: &mut ReadTx, digest: &[u8; 32]) -> Result<Option<Id<Session>>> {
    // tidy: no workspace: it belongs to a session
    let sql = "SELECT session_id FROM auth_used_refresh WHERE token_hash = $1";
    tx.query_opt(sql, params![digest], id)
}

/// Ends a session with all its tokens; nothing happens when it has ended.
pub fn delete(tx: &mut Tx, session: Id<Session>) -> Result<u64> {
    // tidy: no workspace: a session belongs to a person
    tx.execute("DELETE FROM auth_session WHERE id = $1 AND kind = 'token'", params![session])
}

/// Ends the sessions of a person that are held by tokens, save this many that were used last; answers how many.
pub fn delete_beyond(tx: &mut Tx, person: PersonId, kept: i64) -> Result<u64> {
    // tidy: no workspace: a session belongs to a person
    let sql = "DELETE FROM auth_session WHERE person_id = $1 AND kind = 'token' AND id NOT IN
         (SELECT id FROM auth_session WHERE person_id = $1 AND kind = 'token' ORDER BY seen_at_ms DESC, id DESC LIMIT $2)";
    tx.execute(sql, params![person, kept])
}

/// Forgets refresh tokens that were used before this moment, after which they would hold no longer anyway; answers how
/// many.
pub fn delete_used(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    // tidy: no workspace: it belongs to a session
    tx.execute("DELETE FROM auth_used_refresh WHERE used_at_ms < $1", params![before])
}
