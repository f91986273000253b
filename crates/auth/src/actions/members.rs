//! Who works here, and as what.

use context::{Ctx, Event, Permission};
use db::{ReadTx, Scope, Tx};
use kernel::{Error, Kind, Lang, Page, PageRequest, PersonId, Phone, Result, Text};

use super::require_within;
use crate::{
    Email, Member, MemberFilter, MemberState, Password, PasswordHash, Person, Role, RoleKind, RoleRef, Theme,
    Username,
    input::{self, Checks},
    store,
};

/// What an Admin types about somebody new. An e-mail address or a username, or both.
#[derive(Debug, Clone)]
pub struct AddMember {
    /// What people call them.
    pub name: String,
    /// What they will sign in with.
    pub email: Option<String>,
    /// What they will sign in with who have no e-mail address.
    pub username: Option<String>,
    /// Their phone.
    pub phone: Option<String>,
    /// Their language.
    pub lang: Lang,
    /// Their first password; tell them to change it.
    pub password: Password,
    /// As what: a built-in role's word, or a role's id.
    pub role: String,
}

/// A new member who was checked.
#[derive(Debug, Clone)]
pub struct NewMember {
    name: String,
    email: Option<Email>,
    username: Option<Username>,
    phone: Option<Phone>,
    lang: Lang,
    role: RoleRef,
}

/// What adding made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// Who.
    pub person: PersonId,
    /// Their number.
    pub number: i64,
}

impl AddMember {
    /// Checks every field; an error names all that are wrong.
    pub fn check(&self) -> Result<NewMember> {
        let Self { name, email, username, phone, lang, password, role } = self;
        let mut checks = Checks::default();
        let checked_name = checks.take("name", input::name(name));
        let no_login = [email, username].into_iter().flatten().all(|text| text.trim().is_empty());
        if no_login {
            checks.refuse("email", Text::new("auth-login-missing"));
        }
        let logins = [email.as_deref().unwrap_or_default(), username.as_deref().unwrap_or_default(), name];
        let email = checks.take_optional("email", email.as_deref(), Email::parse);
        let username = checks.take_optional("username", username.as_deref(), Username::parse);
        let phone = checks.take_optional("phone", phone.as_deref(), Phone::parse);
        let role = checks.take("role", RoleRef::parse(role));
        checks.take("password", password.check(&logins));
        checks.finish()?;
        let refused = || Error::internal("a refused field left no error");
        let (name, role) = (checked_name.ok_or_else(refused)?, role.ok_or_else(refused)?);
        Ok(NewMember { name, email, username, phone, lang: *lang, role })
    }
}

/// Adds somebody to the workspace with a sign-in of this password. Who has a sign-in already is invited instead.
pub fn add_member(ctx: &Ctx, tx: &mut Tx, new: &NewMember, password: &PasswordHash) -> Result<Added> {
    ctx.require(Permission::UsersCreate)?;
    let NewMember { name, email, username, phone, lang, role } = new;
    let role = role_of_input(ctx, tx, *role)?;
    require_within(ctx, role.permissions)?;
    require_seat(ctx, tx)?;
    let known = email.as_ref().map(|email| store::person::find_by_email(tx, email)).transpose()?.flatten();
    if let Some(person) = known {
        return Err(Error::field("email", Text::new(known_as(ctx, tx, person)?)));
    }
    let mut person = Person {
        id: ctx.new_id(),
        number: 0,
        name: name.clone(),
        email: email.clone(),
        email_confirmed_at: super::sign_up::known_by_console(ctx),
        username: username.clone(),
        phone: phone.clone(),
        lang: *lang,
        theme: Theme::default(),
        password_set_at: ctx.now(),
        created_at: ctx.now(),
    };
    person.number = store::person::insert(tx, &person, password)?;
    store::member::insert(ctx, tx, person.id, role.id, MemberState::Active)?;
    let after = serde_json::json!({"login": person.login(), "role": role.name, "state": MemberState::Active});
    ctx.audit_new(tx, "member.add", "member", person.id, &after)?;
    ctx.emit(tx, Event::new("member.added", person.id))?;
    Ok(Added { person: person.id, number: person.number })
}

/// What to say of somebody who has a sign-in: only of this workspace's own members more than that.
pub(super) fn known_as(ctx: &Ctx, tx: &mut ReadTx, person: PersonId) -> Result<&'static str> {
    Ok(match store::member::find(ctx, tx, person)?.map(|member| member.state) {
        Some(MemberState::Active) => "auth-member-already",
        Some(MemberState::Inactive) => "auth-member-was-here",
        None => "auth-member-invite-instead",
    })
}

/// Refuses one more member where the server's operator has set a limit that is reached.
pub(super) fn require_seat(ctx: &Ctx, tx: &mut ReadTx) -> Result<()> {
    context::require_room(ctx, tx, context::Limited::Members, store::member::count_active)
}

/// The role that a form names; one that is not there is an error of its field.
pub(super) fn role_of_input(ctx: &Ctx, tx: &mut ReadTx, role: RoleRef) -> Result<Role> {
    let found = match role {
        RoleRef::BuiltIn(kind) => store::role::get_built_in(ctx, tx, kind),
        RoleRef::Id(id) => store::role::get(ctx, tx, id),
    };
    found.map_err(
        |error| if error.kind() == Kind::NotFound { RoleRef::unknown().under("role") } else { error },
    )
}

/// The members that fit, by name.
pub fn members(ctx: &Ctx, tx: &mut ReadTx, filter: &MemberFilter, page: PageRequest) -> Result<Page<Member>> {
    ctx.require(Permission::UsersRead)?;
    store::member::list(ctx, tx, filter, page)
}

/// One member, by the person's number.
pub fn member(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Member> {
    ctx.require(Permission::UsersRead)?;
    store::member::get(ctx, tx, number)
}

/// The number of the member whose person has this id, for paths that name the id.
pub fn member_number(ctx: &Ctx, tx: &mut ReadTx, person: PersonId) -> Result<i64> {
    ctx.require(Permission::UsersRead)?;
    let member = store::member::find(ctx, tx, person)?.ok_or_else(Error::not_found)?;
    Ok(member.person.number)
}

/// Gives a member another role.
pub fn set_member_role(ctx: &Ctx, tx: &mut Tx, number: i64, role: impl Into<RoleRef>) -> Result<Member> {
    ctx.require(Permission::UsersEdit)?;
    let admins = store::member::admins(ctx, tx)?;
    let member = store::member::get(ctx, tx, number)?;
    let role = role_of_input(ctx, tx, role.into())?;
    require_within(ctx, member.role.permissions)?;
    require_within(ctx, role.permissions)?;
    if role.id == member.role.id {
        return Ok(member);
    }
    if role.kind != RoleKind::Admin {
        keep_an_admin(&admins, member.person.id)?;
    }
    store::member::set_role(ctx, tx, member.person.id, role.id)?;
    let (before, after) = (role_word(&member.role), role_word(&role));
    ctx.audit(tx, "member.set_role", "member", member.person.id, Some(&before), Some(&after))?;
    Ok(Member { role, ..member })
}

fn role_word(role: &Role) -> serde_json::Value {
    serde_json::json!({"role": role.name})
}

/// Lets a member go: their sessions here end at once, what they did stays.
pub fn deactivate_member(ctx: &Ctx, tx: &mut Tx, number: i64) -> Result<()> {
    ctx.require(Permission::UsersDelete)?;
    let admins = store::member::admins(ctx, tx)?;
    let member = store::member::get(ctx, tx, number)?;
    require_within(ctx, member.role.permissions)?;
    keep_an_admin(&admins, member.person.id)?;
    set_state(ctx, tx, &member, MemberState::Active, MemberState::Inactive)?;
    store::session::delete_at(tx, member.person.id, ctx.workspace())?;
    audit_state(ctx, tx, &member, MemberState::Inactive)
}

/// Takes a member back who was let go.
pub fn activate_member(ctx: &Ctx, tx: &mut Tx, number: i64) -> Result<()> {
    ctx.require(Permission::UsersEdit)?;
    let member = store::member::get(ctx, tx, number)?;
    require_within(ctx, member.role.permissions)?;
    require_seat(ctx, tx)?;
    set_state(ctx, tx, &member, MemberState::Inactive, MemberState::Active)?;
    audit_state(ctx, tx, &member, MemberState::Active)
}

/// Gives another role, lets go or takes back, in one step: all or nothing.
// tidy: no permission: each of its steps asks for its own
pub fn change_member(
    ctx: &Ctx,
    tx: &mut Tx,
    number: i64,
    role: Option<RoleRef>,
    active: Option<bool>,
) -> Result<()> {
    if let Some(role) = role {
        set_member_role(ctx, tx, number, role)?;
    }
    match active {
        Some(true) => activate_member(ctx, tx, number),
        Some(false) => deactivate_member(ctx, tx, number),
        None => Ok(()),
    }
}

fn set_state(ctx: &Ctx, tx: &mut Tx, member: &Member, from: MemberState, to: MemberState) -> Result<()> {
    if member.state != from {
        return Err(Error::conflict(Text::new("auth-member-state-other")));
    }
    store::member::set_state(tx, ctx.workspace(), member.person.id, from, to)
}

fn audit_state(ctx: &Ctx, tx: &mut Tx, member: &Member, after: MemberState) -> Result<()> {
    let (before, after) = (serde_json::json!({"state": member.state}), serde_json::json!({"state": after}));
    ctx.audit(tx, "member.set_state", "member", member.person.id, Some(&before), Some(&after))
}

/// A workspace is never without an active Admin.
fn keep_an_admin(admins: &[PersonId], leaving: PersonId) -> Result<()> {
    let alone = admins.contains(&leaving) && admins.len() == 1;
    if alone { Err(Error::conflict(Text::new("auth-last-admin"))) } else { Ok(()) }
}

/// Sets a member's password when they forgot it, and ends their sessions. Refused when they belong to another
/// workspace too: a password opens all of them, and this workspace's Admin is not theirs.
pub fn reset_member_password(ctx: &Ctx, tx: &mut Tx, number: i64, password: &PasswordHash) -> Result<()> {
    ctx.require(Permission::UsersEdit)?;
    super::require_oneself(ctx)?;
    let member = store::member::get(ctx, tx, number)?;
    require_within(ctx, member.role.permissions)?;
    tx.enter(Scope::Server)?;
    let workspaces = store::member::count_of(tx, member.person.id)?;
    tx.enter(Scope::Workspace(ctx.workspace()))?;
    if workspaces > 1 {
        return Err(Error::conflict(Text::new("auth-member-belongs-elsewhere")));
    }
    store::person::set_password(tx, member.person.id, password, ctx.now())?;
    store::session::delete_others(tx, member.person.id, None)?;
    ctx.audit(tx, "member.reset_password", "member", member.person.id, None::<&()>, None::<&()>)
}
