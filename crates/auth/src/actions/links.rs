//! What links of letters do: a sign-up that waits for its letter, a confirmed address, a forgotten password.
//!
//! What a stranger asks for is written by a job: whether an address has a sign-in then changes neither the answer nor
//! the time it takes.

use context::{Actor, Ctx};
use db::{ReadTx, Scope, Tx};
use jobs::NewJob;
use kernel::{Error, Id, PersonId, Result, Text};
use mail::Mailer;
use serde::{Deserialize, Serialize};

use super::{acting_person, attempts::count, sign_up::NewOwner};
use crate::{
    Email, PasswordHash, Person, Secret, letters,
    link::{CONFIRM_S, Link, LinkKind, RESET_S},
    store,
    throttle::{
        CONFIRM_BY_PERSON, LETTERS_TO_ADDRESS, RESET_BY_ADDRESS, RESET_BY_LOGIN, address_subject,
        named_subject,
    },
    token, work,
};

/// What a sign-up that waits keeps.
#[derive(Debug, Serialize, Deserialize)]
struct Held {
    owner: NewOwner,
    password: String,
}

/// What a link did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// The address of a person is known to be theirs.
    Confirmed(Email),
    /// A person signs in with another address from now on.
    Changed(Email),
}

/// The link does not open anything: it was used, it is too old, or it never was one.
fn closed() -> Error {
    Error::conflict(Text::new("auth-link-closed"))
}

/// The link of this token, while it holds. Scope: server.
// tidy: no permission: whoever has the link may open it
pub fn find_link(ctx: &Ctx, tx: &mut ReadTx, secret: &str) -> Result<Link> {
    store::link::find(tx, &token::digest(secret), ctx.now())?.ok_or_else(closed)
}

fn new_link(ctx: &Ctx, kind: LinkKind, person: Option<PersonId>, email: &Email, seconds: i64) -> Link {
    Link {
        id: ctx.new_id(),
        kind,
        person,
        email: email.clone(),
        content: None,
        created_at: ctx.now(),
        expires_at: ctx.now().plus_seconds(seconds),
    }
}

/// Keeps a sign-up until its letter comes back, whoever has the address already. Scope: server.
// tidy: no permission: nobody has signed in yet
pub fn hold_sign_up(ctx: &Ctx, tx: &mut Tx, owner: &NewOwner, password: &PasswordHash) -> Result<()> {
    owner.check_username(tx)?;
    let mut link = new_link(ctx, LinkKind::SignUp, None, owner.email(), CONFIRM_S);
    let held = Held { owner: owner.clone(), password: password.kept().to_owned() };
    link.content = Some(serde_json::to_value(held).map_err(Error::internal)?);
    store::link::insert(tx, &link, None)?;
    jobs::enqueue(ctx, tx, NewJob::new(work::WRITE_SIGN_UP, &link.id)?).map(drop)
}

/// Writes the letter of a sign-up: its link, or that the address has a sign-in. Scope: server.
// tidy: no permission: a job calls it
pub fn write_sign_up(ctx: &Ctx, tx: &mut Tx, mailer: &Mailer, id: Id<Link>) -> Result<()> {
    let Some(link) = store::link::find_by_id(tx, id)? else { return Ok(()) };
    let subject = named_subject("letters.address", link.email.as_str());
    if !allowed(ctx, tx, &subject, LETTERS_TO_ADDRESS)? {
        return store::link::delete(tx, id);
    }
    let lang = held(&link)?.owner.lang();
    if let Some(person) = store::person::find_by_email(tx, &link.email)? {
        let lang = store::person::get(tx, person)?.lang;
        store::link::delete(tx, id)?;
        return mailer.post(ctx, tx, &letters::has_sign_in(mailer, &link.email, lang)).map(drop);
    }
    let secret = Secret::for_link(ctx.random());
    store::link::set_token(tx, id, &token::digest(secret.reveal()))?;
    let letter = letters::sign_up(mailer, &link.email, lang, &secret, link.expires_at);
    mailer.post(ctx, tx, &letter).map(drop)
}

fn held(link: &Link) -> Result<Held> {
    serde_json::from_value(link.content.clone().unwrap_or_default()).map_err(Error::internal)
}

/// Uses up the link of a sign-up and answers what it said, when the address is still free. Scope: server.
// tidy: no permission: whoever has the link may open it
pub fn take_held_sign_up(ctx: &Ctx, tx: &mut Tx, secret: &str) -> Result<(NewOwner, PasswordHash)> {
    let link = find_link(ctx, tx, secret)?;
    if link.kind != LinkKind::SignUp {
        return Err(closed());
    }
    store::link::delete(tx, link.id).map_err(|_| closed())?;
    let Held { owner, password } = held(&link)?;
    if store::person::find_by_email(tx, owner.email())?.is_some() {
        return Err(closed());
    }
    Ok((owner.with_free_username(tx)?, PasswordHash::from_kept(password)))
}

/// Sends whoever acts the letter that confirms their address, a few times.
// tidy: no permission: it is about whoever acts
pub fn ask_confirmation(ctx: &Ctx, tx: &mut Tx, mailer: &Mailer) -> Result<Email> {
    super::require_oneself(ctx)?;
    let person = store::person::get(tx, acting_person(ctx)?)?;
    let email = person.email.clone().ok_or_else(|| Error::conflict(Text::new("auth-email-none")))?;
    if person.email_confirmed_at.is_some() {
        return Err(Error::conflict(Text::new("auth-email-confirmed-before")));
    }
    count(ctx, tx, &format!("confirm.person.{}", person.id), CONFIRM_BY_PERSON)?;
    write_confirmation(ctx, tx, mailer, &person)?;
    ctx.audit(tx, "person.ask_confirmation", "person", person.id, None::<&()>, None::<&()>)?;
    Ok(email)
}

/// Writes the letter that confirms the address of a person, where letters are written and there is one to confirm.
pub(crate) fn write_confirmation(ctx: &Ctx, tx: &mut Tx, mailer: &Mailer, person: &Person) -> Result<()> {
    let Some(email) = &person.email else { return Ok(()) };
    if !mailer.is_on() || person.email_confirmed_at.is_some() {
        return Ok(());
    }
    let secret = Secret::for_link(ctx.random());
    let link = new_link(ctx, LinkKind::Confirm, Some(person.id), email, CONFIRM_S);
    store::link::delete_of(tx, person.id, LinkKind::Confirm)?;
    store::link::insert(tx, &link, Some(&token::digest(secret.reveal())))?;
    let letter = letters::confirm(mailer, email, person.lang, &secret, link.expires_at);
    mailer.post(ctx, tx, &letter).map(drop)
}

/// Gives whoever acts another address: at once where no letters are sent, else when the letter to it comes back. The
/// present password was compared with `compared`. The answer does not say whether somebody has the address.
// tidy: no permission: it is about whoever acts
pub fn ask_email(
    ctx: &Ctx,
    tx: &mut Tx,
    mailer: &Mailer,
    compared: &PasswordHash,
    email: &Email,
) -> Result<()> {
    let id = acting_person(ctx)?;
    if store::person::get_password(tx, id)? != *compared {
        return Err(Error::field("current", Text::new("auth-password-wrong")));
    }
    super::forgive_password_change(ctx, tx)?;
    let person = store::person::get(tx, id)?;
    if person.email.as_ref() == Some(email) {
        return Err(Error::field("email", Text::new("auth-email-same")));
    }
    count(ctx, tx, &format!("confirm.person.{id}"), CONFIRM_BY_PERSON)?;
    if !mailer.is_on() {
        return change_email(ctx, tx, mailer, person, email, false);
    }
    let after = serde_json::json!({"email": email});
    ctx.audit(tx, "person.ask_email", "person", id, None::<&()>, Some(&after))?;
    let subject = named_subject("letters.address", email.as_str());
    if !allowed(ctx, tx, &subject, LETTERS_TO_ADDRESS)? {
        return Ok(());
    }
    if store::person::find_by_email(tx, email)?.is_some() {
        return mailer.post(ctx, tx, &letters::has_sign_in(mailer, email, person.lang)).map(drop);
    }
    let secret = Secret::for_link(ctx.random());
    let link = new_link(ctx, LinkKind::Change, Some(id), email, CONFIRM_S);
    store::link::delete_of(tx, id, LinkKind::Change)?;
    store::link::insert(tx, &link, Some(&token::digest(secret.reveal())))?;
    let letter = letters::confirm(mailer, email, person.lang, &secret, link.expires_at);
    mailer.post(ctx, tx, &letter).map(drop)
}

/// Whether one more letter may go to `subject`; nobody is told when not.
fn allowed(ctx: &Ctx, tx: &mut Tx, subject: &str, policy: crate::throttle::Policy) -> Result<bool> {
    let standing = store::throttle::get(tx, subject)?;
    match policy.attempt(standing, ctx.now()) {
        Ok(standing) => store::throttle::update(tx, subject, &standing).map(|()| true),
        Err(_) => Ok(false),
    }
}

fn change_email(
    ctx: &Ctx,
    tx: &mut Tx,
    mailer: &Mailer,
    mut person: Person,
    email: &Email,
    confirmed: bool,
) -> Result<()> {
    if store::person::find_by_email(tx, email)?.is_some() {
        return Err(Error::field("email", Text::new("auth-email-taken")));
    }
    let before = person.email.replace(email.clone());
    person.email_confirmed_at = confirmed.then(|| ctx.now());
    store::person::set_email(tx, &person)?;
    // A letter to the address before opens nothing any more.
    for kind in [LinkKind::Confirm, LinkKind::Reset] {
        store::link::delete_of(tx, person.id, kind)?;
    }
    if let Some(before) = &before {
        mailer.post(ctx, tx, &letters::email_changed(before, person.lang, email))?;
    }
    let (old, new) = (serde_json::json!({"email": before}), serde_json::json!({"email": email}));
    note_everywhere(ctx, tx, &person, "person.change_email", Some((&old, &new)))
}

/// Leaves an entry in every workspace of a person, and acts as them there; when it is about no workspace at all.
fn note_everywhere(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &Person,
    action: &'static str,
    change: Option<(&serde_json::Value, &serde_json::Value)>,
) -> Result<()> {
    let is_here = ctx.actor().person() == Some(person.id);
    let all = if is_here {
        vec![ctx.workspace()]
    } else {
        store::member::belongings(tx, person.id)?.into_iter().map(|one| one.workspace).collect()
    };
    for workspace in all {
        let at = ctx.with(|ctx| {
            ctx.workspace = workspace;
            ctx.actor = Actor::member(person.id, &person.name);
        });
        at.audit(tx, action, "person", person.id, change.map(|(old, _)| old), change.map(|(_, new)| new))?;
    }
    Ok(())
}

/// Opens the link of an address, whoever does: a letter that came back proves whose it is. Scope: server.
// tidy: no permission: whoever has the link may open it
pub fn confirm(ctx: &Ctx, tx: &mut Tx, mailer: &Mailer, secret: &str) -> Result<Opened> {
    let link = find_link(ctx, tx, secret)?;
    let person = store::person::get(tx, link.person.ok_or_else(closed)?)?;
    store::link::delete(tx, link.id).map_err(|_| closed())?;
    // Whoever opens it need not be signed in, and the person may not be who is.
    let ctx = ctx.with(|ctx| ctx.actor = Actor::guest());
    match link.kind {
        LinkKind::Confirm => {
            if store::person::set_email_confirmed(tx, person.id, &link.email, ctx.now())? == 0 {
                return Err(closed());
            }
            note_everywhere(&ctx, tx, &person, "person.confirm_email", None)?;
            Ok(Opened::Confirmed(link.email))
        }
        LinkKind::Change => {
            change_email(&ctx, tx, mailer, person, &link.email, true).map_err(|_| closed())?;
            Ok(Opened::Changed(link.email))
        }
        LinkKind::SignUp | LinkKind::Reset => Err(closed()),
    }
}

/// What the job of a forgotten password is told.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Forgotten {
    pub(crate) login: String,
}

/// Counts a forgotten password against its login and its address, and lets a job look who it is. Scope: server.
// tidy: no permission: nobody has signed in yet
pub fn admit_reset(ctx: &Ctx, tx: &mut Tx, login: &str) -> Result<()> {
    count(ctx, tx, &address_subject("reset", ctx.origin()), RESET_BY_ADDRESS)?;
    count(ctx, tx, &named_subject("reset.login", login), RESET_BY_LOGIN)?;
    let login = login.trim().to_lowercase();
    // What is neither an address nor a username may be a password in the wrong field, and is kept nowhere.
    if Email::parse(&login).is_err() && crate::Username::parse(&login).is_err() {
        return Ok(());
    }
    jobs::enqueue(ctx, tx, NewJob::new(work::WRITE_RESET, &Forgotten { login })?).map(drop)
}

/// Writes the letter that sets a forgotten password, when there is such a person with an address. Scope: server.
// tidy: no permission: a job calls it
pub fn write_reset(ctx: &Ctx, tx: &mut Tx, mailer: &Mailer, login: &str) -> Result<()> {
    let Some((person, _)) = store::person::find_by_login(tx, login)? else { return Ok(()) };
    let Some(email) = &person.email else { return Ok(()) };
    // A person has two logins perhaps; the letters of both are counted together.
    if !allowed(ctx, tx, &format!("reset.person.{}", person.id), RESET_BY_LOGIN)? {
        return Ok(());
    }
    let secret = Secret::for_link(ctx.random());
    let link = new_link(ctx, LinkKind::Reset, Some(person.id), email, RESET_S);
    store::link::delete_of(tx, person.id, LinkKind::Reset)?;
    store::link::insert(tx, &link, Some(&token::digest(secret.reveal())))?;
    let letter = letters::reset(mailer, email, person.lang, &secret, link.expires_at);
    mailer.post(ctx, tx, &letter).map(drop)
}

/// Sets the password of whoever's link this is, ends all their sessions, and tells them. Scope: server.
// tidy: no permission: whoever has the link may open it
pub fn reset_password(
    ctx: &Ctx,
    tx: &mut Tx,
    mailer: &Mailer,
    secret: &str,
    password: &PasswordHash,
) -> Result<()> {
    let link = find_link(ctx, tx, secret)?;
    let person = match (link.kind, link.person) {
        (LinkKind::Reset, Some(person)) => store::person::get(tx, person)?,
        _ => return Err(closed()),
    };
    store::link::delete(tx, link.id).map_err(|_| closed())?;
    store::person::set_password(tx, person.id, password, ctx.now())?;
    if mailer.reaches_people() {
        store::person::set_email_confirmed(tx, person.id, &link.email, ctx.now())?;
    }
    store::session::delete_others(tx, person.id, None)?;
    // Whoever guessed before is not held against them, who cannot sign in otherwise.
    store::throttle::delete(tx, &crate::throttle::login_subject(person.login()))?;
    let ctx = ctx.with(|ctx| ctx.actor = Actor::guest());
    mailer.post(&ctx, tx, &letters::password_set(&link.email, person.lang))?;
    note_everywhere(&ctx, tx, &person, "person.reset_password", None)
}

/// Forgets links and invitations that ended long ago. Scope: server.
pub(crate) fn forget_ended(ctx: &Ctx, tx: &mut Tx) -> Result<u64> {
    tx.enter(Scope::Server)?;
    let listed = ctx.now().plus_seconds(crate::invitation::LISTED_DAYS.saturating_mul(-86_400));
    let used = ctx.now().plus_seconds(crate::IDLE_DAYS.saturating_mul(-86_400));
    let ended = store::link::delete_expired(tx, ctx.now())? + store::invitation::delete_ended(tx, listed)?;
    Ok(ended + store::refresh::delete_used(tx, used)?)
}
