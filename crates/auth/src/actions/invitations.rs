//! Asking somebody to join, and what they answer.

use context::{Actor, Ctx, Event, Permission};
use db::{ReadTx, Scope, Tx};
use kernel::{Error, Id, Kind, Lang, Page, PageRequest, Result, Text};
use mail::Mailer;

use super::{acting_person, attempts::count, members, require_within};
use crate::{
    Belonging, Email, Invitation, MemberState, PasswordHash, Person, RoleRef, Secret, Theme,
    input::{self, Checks},
    invitation::{INVITATIONS_AT_MOST, INVITED_S},
    letters, store,
    throttle::INVITE_BY_WORKSPACE,
    token,
};

/// Whom somebody invites.
#[derive(Debug, Clone)]
pub struct Invite {
    /// By a letter, and for them alone; empty for whoever gets the link.
    pub email: String,
    /// What they are called; may be empty.
    pub name: String,
    /// As what: a built-in role's word, or a role's id.
    pub role: String,
    /// The language of the letter.
    pub lang: Lang,
}

/// The invitations of the workspace, the newest first; those that ended are among them for a while.
pub fn invitations(ctx: &Ctx, tx: &mut ReadTx, page: PageRequest) -> Result<Page<Invitation>> {
    ctx.require(Permission::UsersRead)?;
    store::invitation::list(ctx, tx, page)
}

/// One invitation.
pub fn invitation(ctx: &Ctx, tx: &mut ReadTx, id: Id<Invitation>) -> Result<Invitation> {
    ctx.require(Permission::UsersRead)?;
    store::invitation::get(ctx, tx, id)
}

/// Asks somebody to join: by a letter where they have an address and letters are sent, else by the link of `secret`
/// that whoever invites passes on.
pub fn invite(
    ctx: &Ctx,
    tx: &mut Tx,
    mailer: &Mailer,
    input: &Invite,
    secret: &Secret,
) -> Result<Invitation> {
    ctx.require(Permission::UsersCreate)?;
    let Invite { email, name, role, lang } = input;
    let mut checks = Checks::default();
    let email = checks.take_optional("email", Some(email), Email::parse);
    let name = checks.take_optional("name", Some(name), input::name).unwrap_or_default();
    let role = checks.take("role", RoleRef::parse(role));
    checks.finish()?;
    let role = members::role_of_input(ctx, tx, role.ok_or_else(|| Error::internal("no role, no error"))?)?;
    require_within(ctx, role.permissions)?;
    if let Some(email) = &email
        && let Some(person) = store::person::find_by_email(tx, email)?
        && store::member::find(ctx, tx, person)?.is_some()
    {
        return Err(Error::field("email", Text::new(members::known_as(ctx, tx, person)?)));
    }
    if store::invitation::count(ctx, tx)? >= INVITATIONS_AT_MOST {
        return Err(Error::conflict(
            Text::new("auth-invitations-too-many").with("most", INVITATIONS_AT_MOST),
        ));
    }
    let workspace = store::workspace::get(tx, ctx.workspace())?;
    let invited_by = ctx.actor().person();
    let invitation = Invitation {
        id: ctx.new_id(),
        workspace: workspace.id,
        workspace_name: workspace.name,
        workspace_slug: workspace.slug,
        mailed: email.is_some() && mailer.reaches_people(),
        email,
        name,
        role,
        lang: *lang,
        invited_by,
        inviter: if invited_by.is_some() { ctx.actor().name.clone() } else { String::new() },
        created_at: ctx.now(),
        sent_at: ctx.now(),
        expires_at: ctx.now().plus_seconds(INVITED_S),
    };
    store::invitation::insert(ctx, tx, &invitation, &token::digest(secret.reveal()))?;
    write(ctx, tx, mailer, &invitation, secret)?;
    ctx.audit_new(tx, "invitation.create", "invitation", invitation.id, &worth_telling(&invitation))?;
    Ok(invitation)
}

fn worth_telling(invitation: &Invitation) -> serde_json::Value {
    serde_json::json!({
        "email": invitation.email, "name": invitation.name, "role": invitation.role.name,
        "expires_at": invitation.expires_at,
    })
}

/// Posts the letter of an invitation that has an address.
fn write(ctx: &Ctx, tx: &mut Tx, mailer: &Mailer, invitation: &Invitation, secret: &Secret) -> Result<()> {
    let Some(email) = &invitation.email else { return Ok(()) };
    if !mailer.is_on() {
        return Ok(());
    }
    count(ctx, tx, &format!("invite.workspace.{}", ctx.workspace()), INVITE_BY_WORKSPACE)?;
    let inviter = ctx.actor().person().map(|person| store::person::get(tx, person)).transpose()?;
    let reply_to = inviter.as_ref().and_then(Person::confirmed_email).map(Email::to_string);
    mailer.post(ctx, tx, &letters::invitation(mailer, email, invitation, reply_to, secret)).map(drop)
}

/// Gives an invitation a new link for a week, and sends it again where it has an address. The link before is dead.
pub fn resend_invitation(
    ctx: &Ctx,
    tx: &mut Tx,
    mailer: &Mailer,
    id: Id<Invitation>,
    secret: &Secret,
) -> Result<Invitation> {
    ctx.require(Permission::UsersCreate)?;
    let before = store::invitation::get(ctx, tx, id)?;
    require_within(ctx, before.role.permissions)?;
    let mailed = before.email.is_some() && mailer.reaches_people();
    let expires_at = ctx.now().plus_seconds(INVITED_S);
    let invitation = Invitation { mailed, sent_at: ctx.now(), expires_at, ..before };
    store::invitation::set_token(ctx, tx, id, mailed, expires_at, &token::digest(secret.reveal()))?;
    write(ctx, tx, mailer, &invitation, secret)?;
    ctx.audit(tx, "invitation.resend", "invitation", id, None::<&()>, Some(&worth_telling(&invitation)))?;
    Ok(invitation)
}

/// Takes an invitation back; its link opens nothing from then on.
pub fn revoke_invitation(ctx: &Ctx, tx: &mut Tx, id: Id<Invitation>) -> Result<()> {
    ctx.require(Permission::UsersDelete)?;
    let invitation = store::invitation::get(ctx, tx, id)?;
    require_within(ctx, invitation.role.permissions)?;
    store::invitation::delete(tx, ctx.workspace(), id)?;
    ctx.audit(tx, "invitation.revoke", "invitation", id, Some(&worth_telling(&invitation)), None::<&()>)
}

/// The invitation that this link opens, while it holds. Scope: server.
// tidy: no permission: whoever has the link may look
pub fn invitation_of_token(ctx: &Ctx, tx: &mut ReadTx, secret: &str) -> Result<Invitation> {
    let found = store::invitation::find_by_token(tx, &token::digest(secret), ctx.now())?;
    found.ok_or_else(|| Error::conflict(Text::new("auth-invitation-closed")))
}

/// The workspace's invitation whose link has this secret; whoever made it learns so that the link is theirs to show.
pub fn find_invitation(
    ctx: &Ctx,
    tx: &mut ReadTx,
    id: Id<Invitation>,
    secret: &Secret,
) -> Result<(Invitation, bool)> {
    ctx.require(Permission::UsersCreate)?;
    let invitation = store::invitation::get(ctx, tx, id)?;
    let found = store::invitation::find_by_token(tx, &token::digest(secret.reveal()), ctx.now())?;
    let is_fresh = found.is_some_and(|found| found.id == id);
    Ok((invitation, is_fresh))
}

/// Whoever acts joins by the link. Scope: server.
// tidy: no permission: it is about whoever acts
pub fn accept_as_member(ctx: &Ctx, tx: &mut Tx, secret: &str) -> Result<Invitation> {
    super::require_oneself(ctx)?;
    let person = store::person::get(tx, acting_person(ctx)?)?;
    let invitation = invitation_of_token(ctx, tx, secret)?;
    join(ctx, tx, &person, &invitation)?;
    if invitation.mailed
        && let Some(email) = &invitation.email
    {
        store::person::set_email_confirmed(tx, person.id, email, ctx.now())?;
    }
    Ok(invitation)
}

/// Somebody new, as the page of an invitation has them.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// What people call them.
    pub name: String,
    /// What they will sign in with: the invitation's own address where it has one.
    pub email: Email,
    /// Their language.
    pub lang: Lang,
}

/// Somebody new joins by the link, with a sign-in of this password. Scope: server.
// tidy: no permission: nobody has signed in yet
pub fn accept_as_newcomer(
    ctx: &Ctx,
    tx: &mut Tx,
    mailer: &Mailer,
    secret: &str,
    newcomer: &Newcomer,
    password: &PasswordHash,
) -> Result<Person> {
    let Newcomer { name, email, lang } = newcomer;
    let invitation = invitation_of_token(ctx, tx, secret)?;
    let email = invitation.email.as_ref().unwrap_or(email);
    if store::person::find_by_email(tx, email)?.is_some() {
        return Err(Error::field("email", Text::new("auth-invitation-sign-in")));
    }
    let mut person = Person {
        id: ctx.new_id(),
        number: 0,
        name: name.clone(),
        email: Some(email.clone()),
        email_confirmed_at: invitation.mailed.then(|| ctx.now()),
        username: None,
        phone: None,
        lang: *lang,
        theme: Theme::default(),
        password_set_at: ctx.now(),
        created_at: ctx.now(),
    };
    person.number = store::person::insert(tx, &person, password)?;
    let ctx = ctx.with(|ctx| ctx.actor = Actor::member(person.id, &person.name));
    join(&ctx, tx, &person, &invitation)?;
    let at = ctx.with(|ctx| ctx.workspace = invitation.workspace);
    super::write_confirmation(&at, tx, mailer, &person)?;
    Ok(person)
}

/// Joins the workspace that asked for a person's address. Scope: server.
pub(super) fn accept_by_address(ctx: &Ctx, tx: &mut Tx, person: &Person, asked: &Belonging) -> Result<()> {
    let id = asked.invitation.ok_or_else(Error::not_found)?;
    let at = ctx.with(|ctx| ctx.workspace = asked.workspace);
    let invitation = store::invitation::get(&at, tx, id)?;
    join(ctx, tx, person, &invitation)
}

/// Joins the workspace that asked for one's address, or turns it down. Scope: server.
// tidy: no permission: it is about whoever acts
pub fn answer_invitation(ctx: &Ctx, tx: &mut Tx, asked: &Belonging, accept: bool) -> Result<()> {
    super::require_oneself(ctx)?;
    let person = store::person::get(tx, acting_person(ctx)?)?;
    if accept {
        return accept_by_address(ctx, tx, &person, asked);
    }
    let id = asked.invitation.ok_or_else(Error::not_found)?;
    store::invitation::delete(tx, asked.workspace, id)?;
    let at = ctx.with(|ctx| ctx.workspace = asked.workspace);
    let before = serde_json::json!({"email": person.email});
    at.audit(tx, "invitation.decline", "invitation", id, Some(&before), None::<&()>)
}

/// Makes a member of whom an invitation asked. Whoever invited must still be able to give that role.
fn join(ctx: &Ctx, tx: &mut Tx, person: &Person, invitation: &Invitation) -> Result<()> {
    if let Some(email) = &invitation.email
        && person.email.as_ref() != Some(email)
    {
        let said = Text::new("auth-invitation-of-another").with("email", email.as_str());
        return Err(Error::new(Kind::Forbidden, said));
    }
    let at = ctx.with(|ctx| ctx.workspace = invitation.workspace);
    tx.enter(Scope::Workspace(invitation.workspace))?;
    if let Some(inviter) = invitation.invited_by {
        let inviter = store::member::find(&at, tx, inviter)?;
        let may = inviter.is_some_and(|inviter| {
            let theirs = inviter.role.permissions;
            inviter.state == MemberState::Active
                && theirs.has(Permission::UsersCreate)
                && invitation.role.permissions.is_within(theirs)
        });
        if !may {
            return Err(Error::conflict(Text::new("auth-invitation-void")));
        }
    }
    if store::member::find(&at, tx, person.id)?.is_some() {
        return Err(Error::conflict(Text::new(members::known_as(&at, tx, person.id)?)));
    }
    members::require_seat(&at, tx)?;
    store::invitation::delete(tx, invitation.workspace, invitation.id)
        .map_err(|_| Error::conflict(Text::new("auth-invitation-closed")))?;
    store::member::insert(&at, tx, person.id, invitation.role.id, MemberState::Active)?;
    let after = serde_json::json!({"login": person.login(), "role": invitation.role.name, "invited_by": invitation.inviter});
    at.audit_new(tx, "member.accept", "member", person.id, &after)?;
    at.emit(tx, Event::new("member.joined", person.id))?;
    tx.enter(Scope::Server)
}
