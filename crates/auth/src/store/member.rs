//! Who belongs to a workspace.

use context::Ctx;
use db::{
    OnConstraint, ReadTx, Row, ToValue, Tx, params,
    sea_query::{Expr, ExprTrait, JoinType, Order, Query},
};
use kernel::{Error, Id, Page, PageRequest, PersonId, Result, Text, WorkspaceId};

use crate::{Belonging, Member, MemberState, Person, Role, RoleKind};

/// Which members are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct MemberFilter {
    /// In this state.
    pub state: Option<MemberState>,
    /// With this role.
    pub role: Option<Id<Role>>,
    /// Whose name, e-mail address, username or phone holds this.
    pub search: Option<String>,
}

fn read(row: &Row<'_>) -> Result<Member> {
    let kind: RoleKind = row.parse(12)?;
    Ok(Member {
        person: Person {
            id: row.get(0)?,
            number: row.get(1)?,
            name: row.get(2)?,
            email: row.get(3)?,
            username: row.get(4)?,
            phone: row.get(5)?,
            lang: row.get(6)?,
            theme: row.parse(7)?,
            password_set_at: row.get(8)?,
            created_at: row.get(9)?,
            email_confirmed_at: row.get(10)?,
        },
        role: Role {
            id: row.get(11)?,
            kind,
            name: row.get(13)?,
            permissions: Role::permissions_of(kind, &row.get(14)?),
            created_at: row.get(15)?,
        },
        state: row.parse(16)?,
        created_at: row.get(17)?,
    })
}

/// The member whose person has this number; of another workspace: not found.
pub fn get(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Member> {
    tx.query_one(
        "SELECT p.id, p.number, p.name, p.email, p.username, p.phone, p.lang, p.theme, p.password_set_at_ms,
             p.created_at_ms, p.email_confirmed_at_ms, r.id, r.kind, r.name, r.permissions, r.created_at_ms, m.state, m.created_at_ms
         FROM auth_membership m
         JOIN auth_person p ON p.id = m.person_id
         JOIN auth_role r ON r.workspace_id = m.workspace_id AND r.id = m.role_id
         WHERE m.workspace_id = $1 AND p.number = $2",
        params![ctx.workspace(), number],
        read,
    )
}

/// The same by the person's id.
pub fn find(ctx: &Ctx, tx: &mut ReadTx, person: PersonId) -> Result<Option<Member>> {
    tx.query_opt(
        "SELECT p.id, p.number, p.name, p.email, p.username, p.phone, p.lang, p.theme, p.password_set_at_ms,
             p.created_at_ms, p.email_confirmed_at_ms, r.id, r.kind, r.name, r.permissions, r.created_at_ms, m.state, m.created_at_ms
         FROM auth_membership m
         JOIN auth_person p ON p.id = m.person_id
         JOIN auth_role r ON r.workspace_id = m.workspace_id AND r.id = m.role_id
         WHERE m.workspace_id = $1 AND p.id = $2",
        params![ctx.workspace(), person],
        read,
    )
}

/// The members of the workspace that fit, by name.
pub fn list(ctx: &Ctx, tx: &mut ReadTx, filter: &MemberFilter, page: PageRequest) -> Result<Page<Member>> {
    let MemberFilter { state, role, search } = filter;
    let of_person = [
        "id",
        "number",
        "name",
        "email",
        "username",
        "phone",
        "lang",
        "theme",
        "password_set_at_ms",
        "created_at_ms",
        "email_confirmed_at_ms",
    ];
    let of_role = ["id", "kind", "name", "permissions", "created_at_ms"];
    let found = search.as_deref().map(uztext::fold).filter(|key| !key.is_empty());
    let mut select = Query::select();
    // Aliases, because the count is taken of a table made of these columns.
    for column in of_person {
        select.expr_as(Expr::col(("p", column)), format!("p_{column}"));
    }
    for column in of_role {
        select.expr_as(Expr::col(("r", column)), format!("r_{column}"));
    }
    let statement = select
        .expr_as(Expr::col(("m", "state")), "m_state")
        .expr_as(Expr::col(("m", "created_at_ms")), "m_created_at_ms")
        .from_as("auth_membership", "m")
        .join_as(JoinType::InnerJoin, "auth_person", "p", Expr::col(("p", "id")).equals(("m", "person_id")))
        .join_as(
            JoinType::InnerJoin,
            "auth_role",
            "r",
            Expr::col(("r", "workspace_id"))
                .equals(("m", "workspace_id"))
                .and(Expr::col(("r", "id")).equals(("m", "role_id"))),
        )
        .and_where(Expr::col(("m", "workspace_id")).eq(ctx.workspace().to_value()))
        .and_where_option(state.map(|state| Expr::col(("m", "state")).eq(state.word())))
        .and_where_option(role.map(|role| Expr::col(("m", "role_id")).eq(role.to_value())))
        .and_where_option(found.map(|key| {
            let key = key.replace(['%', '_'], " ");
            Expr::col(("p", "search_key")).like(format!("%{key}%"))
        }))
        .order_by(("p", "sort_key"), Order::Asc)
        .order_by(("p", "number"), Order::Asc)
        .to_owned();
    tx.page(&statement, page, read)
}

/// The workspaces of a person where they are active, by age (scope: server).
pub fn belongings(tx: &mut ReadTx, person: PersonId) -> Result<Vec<Belonging>> {
    tx.query(
        "SELECT w.workspace_id, w.name, w.slug, r.id, r.kind, r.name
         FROM auth_membership m
         JOIN auth_workspace w ON w.workspace_id = m.workspace_id
         JOIN auth_role r ON r.workspace_id = m.workspace_id AND r.id = m.role_id
         WHERE m.person_id = $1 AND m.state = 'active'
         ORDER BY w.created_at_ms, w.workspace_id",
        params![person],
        |row| {
            Ok(Belonging {
                workspace: row.get(0)?,
                name: row.get(1)?,
                slug: row.get(2)?,
                role: row.get(3)?,
                role_kind: row.parse(4)?,
                role_name: row.get(5)?,
                invitation: None,
            })
        },
    )
}

/// How many workspaces know the person, whatever the state (scope: server).
pub fn count_of(tx: &mut ReadTx, person: PersonId) -> Result<i64> {
    // tidy: no workspace: it counts over all of them
    tx.query_one("SELECT COUNT(*) FROM auth_membership WHERE person_id = $1", params![person], |row| {
        row.get(0)
    })
}

/// How many members of the workspace are active.
pub fn count_active(ctx: &Ctx, tx: &mut ReadTx) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM auth_membership WHERE workspace_id = $1 AND state = 'active'";
    tx.query_one(sql, params![ctx.workspace()], |row| row.get(0))
}

/// The active Admins of the workspace. The rows stay locked, so that two who step down at once do not both go.
pub fn admins(ctx: &Ctx, tx: &mut Tx) -> Result<Vec<PersonId>> {
    tx.query(
        "SELECT m.person_id FROM auth_membership m
         JOIN auth_role r ON r.workspace_id = m.workspace_id AND r.id = m.role_id
         WHERE m.workspace_id = $1 AND m.state = 'active' AND r.kind = 'admin'
         ORDER BY m.person_id FOR UPDATE",
        params![ctx.workspace()],
        |row| row.get(0),
    )
}

/// Puts a membership in.
pub fn insert(ctx: &Ctx, tx: &mut Tx, person: PersonId, role: Id<Role>, state: MemberState) -> Result<()> {
    tx.execute_one(
        "INSERT INTO auth_membership (workspace_id, person_id, role_id, state, created_at_ms)
         VALUES ($1, $2, $3, $4, $5)",
        params![ctx.workspace(), person, role, state.word(), ctx.now()],
    )
    .on_unique(|| Error::field("email", Text::new("auth-member-already")))
}

/// Gives a member another role.
pub fn set_role(ctx: &Ctx, tx: &mut Tx, person: PersonId, role: Id<Role>) -> Result<()> {
    tx.execute_one(
        "UPDATE auth_membership SET role_id = $3 WHERE workspace_id = $1 AND person_id = $2",
        params![ctx.workspace(), person, role],
    )
}

/// Moves a membership from one state to another; not found when it stands otherwise.
pub fn set_state(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    from: MemberState,
    to: MemberState,
) -> Result<()> {
    tx.execute_one(
        "UPDATE auth_membership SET state = $4 WHERE workspace_id = $1 AND person_id = $2 AND state = $3",
        params![workspace, person, from.word(), to.word()],
    )
}
