//! Links of letters; nobody's workspace.

use db::{ReadTx, Row, Tx, params};
use kernel::{Id, PersonId, Result, Timestamp};

use crate::link::{Link, LinkKind};

fn read(row: &Row<'_>) -> Result<Link> {
    Ok(Link {
        id: row.get(0)?,
        kind: row.parse(1)?,
        person: row.get(2)?,
        email: row.get(3)?,
        content: row.get(4)?,
        created_at: row.get(5)?,
        expires_at: row.get(6)?,
    })
}

/// The link of this token's digest that holds at `now`.
pub fn find(tx: &mut ReadTx, digest: &[u8; 32], now: Timestamp) -> Result<Option<Link>> {
    // tidy: no workspace: whoever opens a link need not have signed in
    let sql = "SELECT id, kind, person_id, email, content, created_at_ms, expires_at_ms FROM auth_link
         WHERE token_hash = $1 AND expires_at_ms > $2";
    tx.query_opt(sql, params![digest, now], read)
}

/// The link with this id, whatever its age.
pub fn find_by_id(tx: &mut ReadTx, id: Id<Link>) -> Result<Option<Link>> {
    // tidy: no workspace: a link belongs to a person or to nobody
    let sql = "SELECT id, kind, person_id, email, content, created_at_ms, expires_at_ms FROM auth_link WHERE id = $1";
    tx.query_opt(sql, params![id], read)
}

/// Puts a link in, with the digest of its token where it has one.
pub fn insert(tx: &mut Tx, link: &Link, digest: Option<&[u8; 32]>) -> Result<()> {
    let Link { id, kind, person, email, content, created_at, expires_at } = link;
    // tidy: no workspace: a link belongs to a person or to nobody
    let sql = "INSERT INTO auth_link (id, kind, token_hash, person_id, email, content, created_at_ms, expires_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let digest = digest.map(|digest| digest.to_vec());
    tx.execute_one(sql, params![id, kind.word(), digest, person, email, content, created_at, expires_at])
}

/// Gives a link its token.
pub fn set_token(tx: &mut Tx, id: Id<Link>, digest: &[u8; 32]) -> Result<()> {
    // tidy: no workspace: a link belongs to a person or to nobody
    tx.execute_one("UPDATE auth_link SET token_hash = $2 WHERE id = $1", params![id, digest])
}

/// Uses a link up; not found when somebody else did.
pub fn delete(tx: &mut Tx, id: Id<Link>) -> Result<()> {
    // tidy: no workspace: a link belongs to a person or to nobody
    tx.execute_one("DELETE FROM auth_link WHERE id = $1", params![id])
}

/// Takes the links of this kind away that a person has; the newest letter counts.
pub fn delete_of(tx: &mut Tx, person: PersonId, kind: LinkKind) -> Result<u64> {
    // tidy: no workspace: a link belongs to a person or to nobody
    tx.execute("DELETE FROM auth_link WHERE person_id = $1 AND kind = $2", params![person, kind.word()])
}

/// Forgets the links that ended before `moment`; answers how many.
pub fn delete_expired(tx: &mut Tx, moment: Timestamp) -> Result<u64> {
    // tidy: no workspace: housekeeping of the whole server
    tx.execute("DELETE FROM auth_link WHERE expires_at_ms < $1", params![moment])
}
