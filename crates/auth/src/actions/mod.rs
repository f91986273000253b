//! What people can do here. Passwords arrive hashed: hashing takes longer than a transaction may (`service.rs`).

mod attempts;
mod company;
mod keys;
mod members;
mod people;
mod roles;
mod sessions;
mod sign_up;

pub use attempts::{admit_password_change, admit_sign_in, admit_sign_up, forgive_password_change};
pub use company::{Company, SetCompany, company, set_company};
pub use keys::{NewKey, create_key, keys, made_key, revoke_key};
pub use members::{
    AddMember, Added, NewMember, activate_member, add_member, change_member, deactivate_member, member,
    member_number, members, reset_member_password, set_member_role,
};
pub use people::{
    SetProfile, accept_invitation, belongings, change_password, decline_invitation, me, profile,
    set_password, set_profile, switch_workspace,
};
pub use roles::{SetRole, create_role, delete_role, role, roles, set_role_permissions};
pub(crate) use sessions::refused as refused_sign_in;
pub use sessions::{open_session, revoke_other_sessions, revoke_session, session_of, sessions, sign_out};
pub use sign_up::{
    CreateWorkspace, NewOwner, SignUp, SignedUp, create_first_admin, create_workspace, sign_up,
};

use context::{Ctx, Permissions};
use kernel::{Error, Kind, PersonId, Result, Text};

/// The person who acts; whoever is none has no profile, no sessions, no keys.
pub(crate) fn acting_person(ctx: &Ctx) -> Result<PersonId> {
    ctx.actor().person().ok_or_else(Error::forbidden)
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
