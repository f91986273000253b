//! Asking somebody to answer at the desk, and whoever comes by the link.

use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Error, Id, Lang, Result, Text};

use super::staff::{create_agent, must_know, update_agent};
use crate::{
    Agent, Invitation, InvitationKey, InvitationState, NewAgent, NewInvitation,
    invitation::{INVITATIONS_AT_MOST, INVITED_S, hash_of_start},
    reads, store,
};

/// Asks somebody to answer at the desk by the link of this key, for a week.
pub fn invite_agent(ctx: &Ctx, tx: &mut Tx, new: NewInvitation, key: &InvitationKey) -> Result<Invitation> {
    ctx.require(Permission::TicketsEdit)?;
    reads::must_manage(ctx, tx)?;
    let NewInvitation { is_head, categories, lang } = new.checked()?;
    must_know(ctx, tx, &categories)?;
    let pending = usize::try_from(store::invitation::count_pending(ctx, tx)?).map_err(Error::internal)?;
    if pending >= INVITATIONS_AT_MOST {
        let text = Text::new("tickets-invitations-too-many").with("max", INVITATIONS_AT_MOST);
        return Err(Error::conflict(text));
    }
    let invitation = Invitation {
        id: ctx.new_id(),
        is_head,
        categories,
        lang,
        invited_by: ctx.actor().name.clone(),
        created_at: ctx.now(),
        expires_at: ctx.now().plus_seconds(INVITED_S),
        revoked_at: None,
        accepted: None,
    };
    store::invitation::insert(ctx, tx, &invitation, &key.hash())?;
    ctx.audit_new(tx, "ticket_agent.invite", "ticket_invitation", invitation.id, &invitation)?;
    Ok(invitation)
}

/// The invitation, and whether this is its key: whoever asks the same twice made the first one only.
pub fn find_invitation(ctx: &Ctx, tx: &mut ReadTx, id: Id<Invitation>, key: &InvitationKey) -> Result<bool> {
    ctx.require(Permission::TicketsEdit)?;
    reads::must_manage(ctx, tx)?;
    store::invitation::has_key(ctx, tx, id, &key.hash())
}

/// Takes an invitation back: its link opens nothing from then on. Errors: somebody came by it.
pub fn revoke_invitation(ctx: &Ctx, tx: &mut Tx, id: Id<Invitation>) -> Result<Invitation> {
    ctx.require(Permission::TicketsEdit)?;
    reads::must_manage(ctx, tx)?;
    let before = store::invitation::lock(ctx, tx, id)?;
    if before.accepted.is_some() {
        return Err(Error::conflict(Text::new("tickets-invitation-accepted")));
    }
    if before.revoked_at.is_some() {
        return Ok(before);
    }
    let after = Invitation { revoked_at: Some(ctx.now()), ..before.clone() };
    store::invitation::update(ctx, tx, &after)?;
    ctx.audit(tx, "ticket_agent.uninvite", "ticket_invitation", id, Some(&before), Some(&after))?;
    Ok(after)
}

/// What became of opening a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Coming {
    /// They are an agent from now on.
    Hired(Agent, Lang),
    /// They were one before; the link stays whole.
    Known(Agent),
    /// The link opens nothing any more.
    Dead(InvitationState, Lang),
    /// There is no such link.
    Unknown,
}

/// Whoever opens the link with this start parameter in Telegram becomes the agent whom it asks for; somebody who was put away is an
/// agent again.
// tidy: no permission: whoever has the key may come
pub fn accept_invitation(
    ctx: &Ctx,
    tx: &mut Tx,
    parameter: &str,
    telegram_id: i64,
    name: &str,
) -> Result<Coming> {
    let Some(key_hash) = hash_of_start(parameter) else { return Ok(Coming::Unknown) };
    let Some(before) = store::invitation::lock_by_key(ctx, tx, &key_hash)? else {
        return Ok(Coming::Unknown);
    };
    let known = store::staff::agent_of_telegram(ctx, tx, telegram_id)?;
    if let Some(agent) = known.as_ref().filter(|agent| agent.is_active) {
        return Ok(Coming::Known(agent.clone()));
    }
    let state = before.state(ctx.now());
    if state != InvitationState::Pending {
        return Ok(Coming::Dead(state, before.lang));
    }
    // Who manages the desk said so when they invited.
    let hiring = ctx.with(|ctx| {
        ctx.permissions = ctx.permissions.with(Permission::TicketsRead).with(Permission::TicketsEdit);
        ctx.permissions = ctx.permissions.with(Permission::TicketsDelete);
    });
    let (is_head, categories) = (before.is_head, before.categories.clone());
    let agent = match known {
        Some(Agent { id, member, telegram_id, full_name, .. }) => {
            let new = NewAgent { member, telegram_id, full_name, is_head, is_active: true, categories };
            update_agent(&hiring, tx, id, new)?
        }
        None => {
            let name = Some(name.trim()).filter(|name| !name.is_empty());
            let full_name = name.map_or_else(|| Agent::unnamed(telegram_id), ToOwned::to_owned);
            let new = NewAgent {
                member: None,
                telegram_id: Some(telegram_id),
                full_name,
                is_head,
                is_active: true,
                categories,
            };
            create_agent(&hiring, tx, new)?
        }
    };
    let after = Invitation { accepted: Some((agent.id, ctx.now())), ..before.clone() };
    store::invitation::update(ctx, tx, &after)?;
    ctx.audit(tx, "ticket_agent.come", "ticket_invitation", after.id, Some(&before), Some(&after))?;
    Ok(Coming::Hired(agent, before.lang))
}
