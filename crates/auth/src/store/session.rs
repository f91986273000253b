//! Sessions, which belong to people.

use context::Permissions;
use db::{ReadTx, Row, Tx, params};
use kernel::{Id, Lang, PersonId, Result, Timestamp, WorkspaceId, Zone};

use crate::{Email, Role, RoleKind, Session, Theme};

/// Everything that a request of somebody signed in needs to know, in one row.
#[derive(Debug, Clone)]
pub struct Acting {
    /// The session.
    pub session: Id<Session>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last noted as used.
    pub seen_at: Timestamp,
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they sign in with.
    pub login: String,
    /// Whether they have an e-mail address that nobody has confirmed.
    pub unconfirmed: bool,
    /// Whose session it really is: the person, or who runs the server and acts as them.
    pub owner: Owner,
    /// Until when they act as somebody else; `None` in their own name.
    pub acting_until: Option<Timestamp>,
    /// Why the workspace is suspended, when it is.
    pub suspended: Option<String>,
    /// The language of whoever really sits there.
    pub lang: Lang,
    /// The theme of their pages.
    pub theme: Theme,
    /// Where.
    pub workspace: WorkspaceId,
    /// What it is called.
    pub workspace_name: String,
    /// Its zone.
    pub zone: Zone,
    /// What they may do there.
    pub permissions: Permissions,
    /// Workspaces to which they belong or are asked to.
    pub belongings: i64,
}

/// Whose a session is.
#[derive(Debug, Clone)]
pub struct Owner {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: Option<Email>,
    /// Whether it is known to be theirs.
    pub confirmed: bool,
    /// Since when they run the server, when the command line said so.
    pub operator_since: Option<Timestamp>,
}

fn read(row: &Row<'_>) -> Result<Session> {
    Ok(Session {
        id: row.get(0)?,
        person: row.get(1)?,
        at_workspace: row.get(2)?,
        agent: row.get(3)?,
        origin: row.get(4)?,
        created_at: row.get(5)?,
        seen_at: row.get(6)?,
        kind: row.parse(7)?,
    })
}

/// What is asked of a session that acts, by what names it: `$1`, at the moment `$2`.
macro_rules! acting {
    ($named:literal) => {
        concat!(
            "SELECT s.id, s.created_at_ms, s.seen_at_ms, p.id, p.name, COALESCE(p.email, p.username), o.lang,
                 w.workspace_id, w.name, w.zone, r.kind, r.permissions,
                 (SELECT COUNT(*) FROM auth_membership o WHERE o.person_id = p.id AND o.state = 'active')
                     + (SELECT COUNT(*) FROM auth_invitation i WHERE i.email = p.email AND i.expires_at_ms > $2),
                 p.theme, p.email IS NOT NULL AND p.email_confirmed_at_ms IS NULL,
                 o.id, o.name, o.email, o.email_confirmed_at_ms IS NOT NULL, o.operator_since_ms,
                 CASE WHEN s.as_until_ms > $2 THEN s.as_until_ms END, w.suspended_at_ms, w.suspended_why
             FROM auth_session s
             JOIN auth_person o ON o.id = s.person_id
             JOIN auth_person p ON p.id = CASE WHEN s.as_until_ms > $2 THEN s.as_person_id ELSE s.person_id END
             JOIN auth_membership m ON m.person_id = p.id
                 AND m.workspace_id = CASE WHEN s.as_until_ms > $2 THEN s.as_workspace_id ELSE s.at_workspace_id END
             JOIN auth_role r ON r.workspace_id = m.workspace_id AND r.id = m.role_id
             JOIN auth_workspace w ON w.workspace_id = m.workspace_id
             WHERE m.state = 'active' AND ",
            $named
        )
    };
}

/// Who acts with the cookie of this digest, if it is one and its person is an active member of the workspace that
/// is open (scope: server). Whether the session has ended is the caller's question.
pub fn find_acting(tx: &mut ReadTx, digest: &[u8; 32], now: Timestamp) -> Result<Option<Acting>> {
    tx.query_opt(acting!("s.token_hash = $1 AND s.kind = 'page'"), params![digest, now], read_acting)
}

/// The same of a session that is held by tokens, by its id (scope: server).
pub fn find_acting_token(tx: &mut ReadTx, id: Id<Session>, now: Timestamp) -> Result<Option<Acting>> {
    tx.query_opt(acting!("s.id = $1 AND s.kind = 'token'"), params![id, now], read_acting)
}

fn read_acting(row: &Row<'_>) -> Result<Acting> {
    let kind: RoleKind = row.parse(10)?;
    let (suspended_at, why): (Option<Timestamp>, String) = (row.get(21)?, row.get(22)?);
    Ok(Acting {
        session: row.get(0)?,
        created_at: row.get(1)?,
        seen_at: row.get(2)?,
        person: row.get(3)?,
        name: row.get(4)?,
        login: row.get(5)?,
        unconfirmed: row.get(14)?,
        owner: Owner {
            id: row.get(15)?,
            name: row.get(16)?,
            email: row.get(17)?,
            confirmed: row.get(18)?,
            operator_since: row.get(19)?,
        },
        acting_until: row.get(20)?,
        suspended: suspended_at.map(|_| why),
        lang: row.get(6)?,
        theme: row.parse(13)?,
        workspace: row.get(7)?,
        workspace_name: row.get(8)?,
        zone: Zone::parse(&row.get::<String>(9)?).unwrap_or_default(),
        permissions: Role::permissions_of(kind, &row.get(11)?),
        belongings: row.get(12)?,
    })
}

/// The session that the cookie of this digest holds, whatever its membership.
pub fn find(tx: &mut ReadTx, digest: &[u8; 32]) -> Result<Option<Session>> {
    tx.query_opt(
        "SELECT id, person_id, at_workspace_id, agent, origin, created_at_ms, seen_at_ms, kind
         FROM auth_session WHERE token_hash = $1 AND kind = 'page'",
        params![digest],
        read,
    )
}

/// The sessions of a person, the last used first.
pub fn list(tx: &mut ReadTx, person: PersonId) -> Result<Vec<Session>> {
    tx.query(
        "SELECT id, person_id, at_workspace_id, agent, origin, created_at_ms, seen_at_ms, kind
         FROM auth_session WHERE person_id = $1 ORDER BY seen_at_ms DESC, id DESC",
        params![person],
        read,
    )
}

/// The session with this id, whoever's it is.
pub fn find_by_id(tx: &mut ReadTx, id: Id<Session>) -> Result<Option<Session>> {
    tx.query_opt(
        "SELECT id, person_id, at_workspace_id, agent, origin, created_at_ms, seen_at_ms, kind
         FROM auth_session WHERE id = $1",
        params![id],
        read,
    )
}

/// Puts a new session in.
pub fn insert(tx: &mut Tx, session: &Session, digest: &[u8; 32]) -> Result<()> {
    let Session { id, person, at_workspace, kind, agent, origin, created_at, seen_at } = session;
    tx.execute_one(
        "INSERT INTO auth_session (id, token_hash, person_id, at_workspace_id, agent, origin, created_at_ms, seen_at_ms, kind)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![id, digest, person, at_workspace, agent, origin, created_at, seen_at, kind.word()],
    )
}

/// Opens another workspace in a session of the person.
pub fn set_workspace(tx: &mut Tx, person: PersonId, id: Id<Session>, workspace: WorkspaceId) -> Result<()> {
    tx.execute_one(
        "UPDATE auth_session SET at_workspace_id = $3 WHERE person_id = $1 AND id = $2",
        params![person, id, workspace],
    )
}

/// Notes that a session was used; one that is gone by now is nobody's loss.
pub fn set_seen(tx: &mut Tx, id: Id<Session>, at: Timestamp) -> Result<()> {
    // tidy: no workspace: a session belongs to a person
    let sql = "UPDATE auth_session SET seen_at_ms = $2 WHERE id = $1 AND seen_at_ms < $2";
    tx.execute(sql, params![id, at]).map(drop)
}

/// Ends one session of a person.
pub fn delete(tx: &mut Tx, person: PersonId, id: Id<Session>) -> Result<()> {
    // tidy: no workspace: a session belongs to a person
    tx.execute_one("DELETE FROM auth_session WHERE person_id = $1 AND id = $2", params![person, id])
}

/// Ends every session of a person but this one; answers how many.
pub fn delete_others(tx: &mut Tx, person: PersonId, kept: Option<Id<Session>>) -> Result<u64> {
    let kept = kept.unwrap_or(Id::from_uuid(uuid::Uuid::nil()));
    // tidy: no workspace: a session belongs to a person
    tx.execute("DELETE FROM auth_session WHERE person_id = $1 AND id <> $2", params![person, kept])
}

/// Ends the sessions in which a person has this workspace open; answers how many.
pub fn delete_at(tx: &mut Tx, person: PersonId, workspace: WorkspaceId) -> Result<u64> {
    tx.execute(
        "DELETE FROM auth_session WHERE person_id = $1 AND at_workspace_id = $2",
        params![person, workspace],
    )
}

/// Takes away the sessions of a person that ended by themselves before these moments.
pub fn delete_ended(
    tx: &mut Tx,
    person: PersonId,
    made_before: Timestamp,
    seen_before: Timestamp,
) -> Result<u64> {
    // tidy: no workspace: a session belongs to a person
    let sql = "DELETE FROM auth_session WHERE person_id = $1 AND (created_at_ms <= $2 OR seen_at_ms <= $3)";
    tx.execute(sql, params![person, made_before, seen_before])
}
