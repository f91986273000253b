//! What people can do here. Passwords arrive hashed: hashing takes longer than a transaction may (`service.rs`).

mod attempts;
mod company;
mod invitations;
mod keys;
mod links;
mod members;
mod operators;
mod people;
mod roles;
mod sessions;
mod sign_up;
mod tokens;

pub use attempts::{
    admit_join, admit_password_change, admit_sign_in, admit_sign_up, forgive_password_change,
};
pub use company::{Company, SetCompany, company, set_company};
pub use invitations::{
    Invite, Newcomer, accept_as_member, accept_as_newcomer, answer_invitation, find_invitation, invitation,
    invitation_of_token, invitations, invite, resend_invitation, revoke_invitation,
};
pub use keys::{NewKey, create_key, keys, made_key, revoke_key};
pub(crate) use links::{Forgotten, forget_ended, write_confirmation};
pub use links::{
    Opened, admit_reset, ask_confirmation, ask_email, confirm, find_link, hold_sign_up, reset_password,
    take_held_sign_up, write_reset, write_sign_up,
};
pub use members::{
    AddMember, Added, NewMember, activate_member, add_member, change_member, deactivate_member, member,
    member_number, members, reset_member_password, set_member_role,
};
pub(crate) use operators::is_operator;
pub use operators::{
    RESUMED, SUSPENDED, act_as, end_acting, resume_tenant, set_operator, set_tenant_limits, suspend_tenant,
    tenant, tenants,
};
pub use people::{
    SetProfile, belongings, change_password, me, profile, set_password, set_profile, switch_workspace,
};
pub use roles::{SetRole, create_role, delete_role, role, roles, set_role_permissions};
pub(crate) use sessions::refused as refused_sign_in;
pub use sessions::{
    Opening, open_session, revoke_other_sessions, revoke_session, session_of, sessions, sign_out,
};
pub use sign_up::{
    CreateWorkspace, NewOwner, SignUp, SignedUp, create_first_admin, create_workspace, sign_up,
};
pub(crate) use tokens::refused as refused_refresh;
pub use tokens::{Refreshed, close_token_session, known_refresh, refresh_session};

use context::{Ctx, Permissions};
use kernel::{Error, Kind, PersonId, Result, Text};

/// The person who acts; whoever is none has no profile, no sessions, no keys.
pub(crate) fn acting_person(ctx: &Ctx) -> Result<PersonId> {
    ctx.actor().person().ok_or_else(Error::forbidden)
}

/// Refuses whoever acts in another person's name: what is a person's own stays theirs.
pub(crate) fn require_oneself(ctx: &Ctx) -> Result<()> {
    if ctx.operator().is_some() {
        Err(Error::new(Kind::Forbidden, Text::new("auth-not-while-acting")))
    } else {
        Ok(())
    }
}

/// Nobody gives or takes more than they have: else a member who may only edit members would make an Admin of
/// themselves.
pub(crate) fn require_within(ctx: &Ctx, permissions: Permissions) -> Result<()> {
    if permissions.is_within(ctx.permissions()) {
        Ok(())
    } else {
        Err(Error::new(Kind::Forbidden, Text::new("auth-beyond-own")))
    }
}
