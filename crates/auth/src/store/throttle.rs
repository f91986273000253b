//! Where those stand who try to sign in; nobody's workspace.

use db::{Tx, params};
use kernel::{Result, Timestamp};

use crate::throttle::Standing;

/// Where `subject` stands. Its row is made when it has none, and stays locked until the transaction ends.
pub fn get(tx: &mut Tx, subject: &str) -> Result<Standing> {
    // tidy: no workspace: somebody who has not signed in is in none
    let sql =
        "INSERT INTO auth_throttle (subject, attempts, blocked_until_ms, touched_at_ms) VALUES ($1, 0, 0, 0)
         ON CONFLICT (subject) DO UPDATE SET subject = excluded.subject
         RETURNING attempts, blocked_until_ms, touched_at_ms";
    tx.query_one(sql, params![subject], |row| {
        Ok(Standing { attempts: row.get(0)?, blocked_until: row.get(1)?, touched_at: row.get(2)? })
    })
}

/// Writes where `subject` stands.
pub fn update(tx: &mut Tx, subject: &str, standing: &Standing) -> Result<()> {
    let Standing { attempts, blocked_until, touched_at } = standing;
    // tidy: no workspace: somebody who has not signed in is in none
    let sql = "UPDATE auth_throttle SET attempts = $2, blocked_until_ms = $3, touched_at_ms = $4 WHERE subject = $1";
    tx.execute_one(sql, params![subject, attempts, blocked_until, touched_at])
}

/// Forgets `subject`.
pub fn delete(tx: &mut Tx, subject: &str) -> Result<()> {
    // tidy: no workspace: somebody who has not signed in is in none
    tx.execute("DELETE FROM auth_throttle WHERE subject = $1", params![subject]).map(drop)
}

/// Forgets those who have not tried since `before`; answers how many.
pub fn delete_quiet(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    // tidy: no workspace: somebody who has not signed in is in none
    tx.execute("DELETE FROM auth_throttle WHERE touched_at_ms < $1", params![before])
}
