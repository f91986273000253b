//! Attempts are counted before anything is hashed.

use context::Ctx;
use db::Tx;
use kernel::{PersonId, Result};

use crate::{
    PasswordHash, Person, store,
    throttle::{
        JOIN_BY_ADDRESS, PASSWORD_BY_PERSON, Policy, SIGN_IN_BY_ADDRESS, SIGN_IN_BY_LOGIN,
        SIGN_UP_BY_ADDRESS, address_subject, login_subject,
    },
};

/// Counts an attempt to sign in as `login` and answers what to compare the password with; "wait" when there were
/// too many. The answer says nothing to outsiders: they learn the same for a login that is nobody's. Scope: server.
// tidy: no permission: nobody has signed in yet
pub fn admit_sign_in(ctx: &Ctx, tx: &mut Tx, login: &str) -> Result<Option<(Person, PasswordHash)>> {
    count(ctx, tx, &address_subject("sign_in", ctx.origin()), SIGN_IN_BY_ADDRESS)?;
    count(ctx, tx, &login_subject(login), SIGN_IN_BY_LOGIN)?;
    store::person::find_by_login(tx, &login.trim().to_lowercase())
}

/// Takes the attempt back that a right password made: nothing is held against the login, and one attempt less
/// against the address.
pub(super) fn forgive_sign_in(ctx: &Ctx, tx: &mut Tx, login: &str) -> Result<()> {
    store::throttle::delete(tx, &login_subject(login))?;
    let subject = address_subject("sign_in", ctx.origin());
    let standing = store::throttle::get(tx, &subject)?;
    store::throttle::update(tx, &subject, &SIGN_IN_BY_ADDRESS.forgive(standing, ctx.now()))
}

/// Counts a new workspace against its address. Scope: server.
// tidy: no permission: nobody has signed in yet
pub fn admit_sign_up(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    count(ctx, tx, &address_subject("sign_up", ctx.origin()), SIGN_UP_BY_ADDRESS)
}

/// Counts somebody new who joins by an invitation against their address. Scope: server.
// tidy: no permission: nobody has signed in yet
pub fn admit_join(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    count(ctx, tx, &address_subject("join", ctx.origin()), JOIN_BY_ADDRESS)
}

/// Counts an attempt to set a new password and answers what the present one is kept as.
// tidy: no permission: it is about whoever acts
pub fn admit_password_change(ctx: &Ctx, tx: &mut Tx) -> Result<(Person, PasswordHash)> {
    super::require_oneself(ctx)?;
    let id = super::acting_person(ctx)?;
    count(ctx, tx, &password_subject(id), PASSWORD_BY_PERSON)?;
    Ok((store::person::get(tx, id)?, store::person::get_password(tx, id)?))
}

/// Forgets the attempts of whoever knew the present password.
// tidy: no permission: it is about whoever acts
pub fn forgive_password_change(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    store::throttle::delete(tx, &password_subject(super::acting_person(ctx)?))
}

fn password_subject(person: PersonId) -> String {
    format!("password.person.{person}")
}

/// Counts an attempt of `subject`, or refuses it with the seconds to wait.
pub(super) fn count(ctx: &Ctx, tx: &mut Tx, subject: &str, policy: Policy) -> Result<()> {
    let standing = store::throttle::get(tx, subject)?;
    let standing = policy.attempt(standing, ctx.now())?;
    store::throttle::update(tx, subject, &standing)
}
