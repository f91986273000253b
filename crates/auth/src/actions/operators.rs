//! What whoever runs the server does: looks at workspaces, limits and suspends them, acts as a member.

use context::{Actor, ActorKind, Ctx, Event, Limits};
use db::{ReadTx, Tx};
use kernel::{Error, Page, PageRequest, Result, Text, Timestamp, WorkspaceId};

use super::acting_person;
use crate::{
    Email, MemberState, Person,
    input::{self, Checks},
    operator::{ACTING_S, Operator, Tenant},
    store, token, workspace,
};

/// Characters of a reason at most.
const REASON_AT_MOST: usize = 200;
/// The event of a workspace that was suspended.
pub const SUSPENDED: &str = "workspace.suspended";
/// The event of a workspace that works again.
pub const RESUMED: &str = "workspace.resumed";

/// The workspaces of the server whose name holds this, the newest first. Scope: server.
// tidy: no permission: the proof that they run the server is an argument
pub fn tenants(_: Operator, tx: &mut ReadTx, search: &str, page: PageRequest) -> Result<Page<Tenant>> {
    let search = search.trim();
    let slug = if search.is_empty() { String::new() } else { workspace::suggested_slug(search) };
    store::operator::tenants(tx, search, &slug, page)
}

/// One workspace of the server, and its limits. Scope: server.
// tidy: no permission: the proof that they run the server is an argument
pub fn tenant(_: Operator, ctx: &Ctx, tx: &mut ReadTx, id: WorkspaceId) -> Result<(Tenant, Limits)> {
    let tenant = store::operator::tenant(tx, id)?;
    Ok((tenant, context::limits(&at(ctx, id), tx)?))
}

/// Whoever acts, in another workspace.
fn at(ctx: &Ctx, workspace: WorkspaceId) -> Ctx {
    ctx.with(|ctx| ctx.workspace = workspace)
}

/// Sets how much a workspace may have; the entry stands in that workspace's log. Scope: server.
// tidy: no permission: the proof that they run the server is an argument
pub fn set_tenant_limits(
    _: Operator,
    ctx: &Ctx,
    tx: &mut Tx,
    id: WorkspaceId,
    limits: &Limits,
) -> Result<()> {
    store::operator::tenant(tx, id)?;
    let mut checks = Checks::default();
    let Limits { members, bots, contacts } = limits;
    for (field, limit, least) in [("members", members, 1), ("bots", bots, 0), ("contacts", contacts, 0)] {
        if limit.is_some_and(|limit| limit < least) {
            checks.refuse(field, Text::new("auth-limit-too-small").with("least", least));
        }
    }
    checks.finish()?;
    context::set_limits(&at(ctx, id), tx, limits)
}

fn reason(text: &str) -> Result<String> {
    let reason = input::one_line(text, REASON_AT_MOST).map_err(|error| error.under("reason"))?;
    if reason.is_empty() { Err(Error::field("reason", Text::new("auth-reason-missing"))) } else { Ok(reason) }
}

/// Suspends a workspace: its members get no further than its reason, its keys nowhere, and its bots fall silent.
/// Scope: server.
// tidy: no permission: the proof that they run the server is an argument
pub fn suspend_tenant(_: Operator, ctx: &Ctx, tx: &mut Tx, id: WorkspaceId, why: &str) -> Result<()> {
    let why = reason(why)?;
    let tenant = store::operator::tenant(tx, id)?;
    if tenant.suspended.is_some() {
        return Err(Error::conflict(Text::new("auth-suspended-already")));
    }
    store::operator::set_suspended(tx, id, Some(ctx.now()), &why)?;
    let at = at(ctx, id);
    at.audit(
        tx,
        "workspace.suspend",
        "workspace",
        id,
        None::<&()>,
        Some(&serde_json::json!({"reason": why})),
    )?;
    at.emit(tx, Event::new(SUSPENDED, id))
}

/// Lets a suspended workspace work again. Scope: server.
// tidy: no permission: the proof that they run the server is an argument
pub fn resume_tenant(_: Operator, ctx: &Ctx, tx: &mut Tx, id: WorkspaceId) -> Result<()> {
    let tenant = store::operator::tenant(tx, id)?;
    let Some(why) = tenant.suspended else {
        return Err(Error::conflict(Text::new("auth-suspended-not")));
    };
    store::operator::set_suspended(tx, id, None, "")?;
    let at = at(ctx, id);
    at.audit(
        tx,
        "workspace.resume",
        "workspace",
        id,
        Some(&serde_json::json!({"reason": why})),
        None::<&()>,
    )?;
    at.emit(tx, Event::new(RESUMED, id))
}

/// Lets the session of this secret act as a member for an hour at most, and writes so into that workspace's log.
/// Scope: server.
// tidy: no permission: the proof that they run the server is an argument
pub fn act_as(
    _: Operator,
    ctx: &Ctx,
    tx: &mut Tx,
    secret: &str,
    id: WorkspaceId,
    member: i64,
    why: &str,
) -> Result<Timestamp> {
    let why = reason(why)?;
    let session = super::session_of(ctx, tx, secret)?.ok_or_else(Error::unauthenticated)?;
    let at = at(ctx, id);
    let member = store::member::get(&at, tx, member)?;
    if member.state != MemberState::Active || Some(member.person.id) == ctx.actor().person() {
        return Err(Error::conflict(Text::new("auth-act-not-as")));
    }
    let until = ctx.now().plus_seconds(ACTING_S);
    store::operator::set_acting(tx, session.id, member.person.id, id, &why, until)?;
    let after = serde_json::json!({"member": member.person.name, "reason": why, "until": until});
    at.audit_new(tx, "operator.act", "member", member.person.id, &after)?;
    Ok(until)
}

/// Lets the session of this secret act in its own name again. Scope: server.
// tidy: no permission: whoever acts as somebody may stop
pub fn end_acting(ctx: &Ctx, tx: &mut Tx, secret: &str) -> Result<()> {
    let session = store::session::find(tx, &token::digest(secret))?.ok_or_else(Error::unauthenticated)?;
    if ctx.operator() != Some(session.person) {
        return Ok(());
    }
    store::operator::clear_acting(tx, session.id)?;
    let operator = store::person::get(tx, session.person)?;
    let member = acting_person(ctx)?;
    let own = ctx.with(|ctx| ctx.actor = Actor::member(operator.id, &operator.name));
    own.audit(tx, "operator.end", "member", member, None::<&()>, None::<&()>)
}

/// Makes somebody an operator of the server, or ends that; for the command line alone. Scope: server.
// tidy: no permission: it refuses everybody but the command line
pub fn set_operator(ctx: &Ctx, tx: &mut Tx, login: &str, is_operator: bool) -> Result<Person> {
    if ctx.actor().kind != ActorKind::Server {
        return Err(Error::forbidden());
    }
    let found = store::person::find_by_login(tx, &login.trim().to_lowercase())?;
    let (person, _) = found.ok_or_else(Error::not_found)?;
    store::operator::set_operator(tx, person.id, is_operator.then(|| ctx.now()))?;
    let action = if is_operator { "operator.add" } else { "operator.remove" };
    for belonging in store::member::belongings(tx, person.id)? {
        at(ctx, belonging.workspace).audit(tx, action, "person", person.id, None::<&()>, None::<&()>)?;
    }
    Ok(person)
}

/// Whether a person runs the server: the command line said so, or the configuration names their confirmed address.
pub(crate) fn is_operator(
    since: Option<Timestamp>,
    email: Option<&Email>,
    confirmed: bool,
    named: &[Email],
) -> bool {
    since.is_some() || (confirmed && email.is_some_and(|email| named.contains(email)))
}
