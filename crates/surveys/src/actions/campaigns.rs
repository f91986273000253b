//! Campaigns, as the staff makes them.

use context::{Ctx, Permission};
use db::Tx;
use kernel::{Error, Id, Result, Text};

use crate::{
    Campaign, NewCampaign,
    campaign::AT_MOST,
    store::campaign::{self as store},
};

/// Writes a new campaign. Errors: what is wrong with its fields; another one has the code.
pub fn create_campaign(ctx: &Ctx, tx: &mut Tx, new: NewCampaign) -> Result<Campaign> {
    ctx.require(Permission::SurveysCreate)?;
    let NewCampaign { code, names, is_active, is_default, opens_on, closes_on } = new.checked()?;
    must_be_free(ctx, tx, &code, None)?;
    if store::list(ctx, tx)?.len() >= AT_MOST {
        return Err(Error::conflict(Text::new("surveys-campaigns-too-many").with("max", AT_MOST)));
    }
    if is_default {
        store::clear_default(ctx, tx)?;
    }
    let (created_at, updated_at) = (ctx.now(), ctx.now());
    let id = ctx.new_id();
    let campaign =
        Campaign { id, code, names, is_active, is_default, opens_on, closes_on, created_at, updated_at };
    store::insert(ctx, tx, &campaign)?;
    ctx.audit_new(tx, "survey_campaign.create", "survey_campaign", campaign.id, &campaign)?;
    Ok(campaign)
}

/// Writes into a campaign what `change` makes of it; nothing happens when nothing differs. Of two defaults the new one stays.
/// Errors: what is wrong with its fields; another one has the code.
pub fn update_campaign(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Campaign>,
    change: impl FnOnce(&Campaign) -> Result<NewCampaign>,
) -> Result<Campaign> {
    ctx.require(Permission::SurveysEdit)?;
    let before = store::lock(ctx, tx, id)?;
    let content = change(&before)?.checked()?;
    if content == before.content() {
        return Ok(before);
    }
    must_be_free(ctx, tx, &content.code, Some(id))?;
    if content.is_default && !before.is_default {
        store::clear_default(ctx, tx)?;
    }
    store::update(ctx, tx, id, &content)?;
    let was = before.content();
    ctx.audit(tx, "survey_campaign.change", "survey_campaign", id, Some(&was), Some(&content))?;
    store::get(ctx, tx, id)
}

/// Has this campaign meant where none is named.
pub fn set_default_campaign(ctx: &Ctx, tx: &mut Tx, id: Id<Campaign>) -> Result<Campaign> {
    ctx.require(Permission::SurveysEdit)?;
    update_campaign(ctx, tx, id, |stands| Ok(NewCampaign { is_default: true, ..stands.content() }))
}

/// Lets a campaign be answered, or not any more.
pub fn set_campaign_active(ctx: &Ctx, tx: &mut Tx, id: Id<Campaign>, is_active: bool) -> Result<Campaign> {
    ctx.require(Permission::SurveysEdit)?;
    update_campaign(ctx, tx, id, |stands| Ok(NewCampaign { is_active, ..stands.content() }))
}

/// Deletes a campaign in which nobody is asked. Errors: it has a roster, or answers; then it can be closed.
pub fn delete_campaign(ctx: &Ctx, tx: &mut Tx, id: Id<Campaign>) -> Result<()> {
    ctx.require(Permission::SurveysDelete)?;
    let before = store::lock(ctx, tx, id)?;
    store::delete(ctx, tx, id)?;
    ctx.audit(tx, "survey_campaign.delete", "survey_campaign", id, Some(&before), None::<&()>)
}

fn must_be_free(ctx: &Ctx, tx: &mut Tx, code: &str, own: Option<Id<Campaign>>) -> Result<()> {
    match store::find_by_code(ctx, tx, code)? {
        Some(found) if Some(found.id) != own => {
            Err(Error::field("code", Text::new("surveys-code-taken").with("code", found.code)))
        }
        _ => Ok(()),
    }
}
