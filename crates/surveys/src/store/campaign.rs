//! The SQL of campaigns.

use context::Ctx;
use db::{Constraint, OnConstraint, ReadTx, Row, Tx, params};
use kernel::{Error, Id, Result, Text};

use crate::{
    Campaign,
    campaign::{NewCampaign, slug},
};
use catalog::Names;

/// `SELECT` of whole campaigns; what follows narrows it. `$1` is the workspace.
macro_rules! select_campaigns {
    ($rest:literal) => {
        concat!(
            "SELECT id, code, name_uz, name_ru, name_en, is_active, is_default, opens_on, closes_on, created_at_ms,
                 updated_at_ms
             FROM surveys_campaign WHERE workspace_id = $1 ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Campaign> {
    Ok(Campaign {
        id: row.get(0)?,
        code: row.get(1)?,
        names: Names { uz: row.get(2)?, ru: row.get(3)?, en: row.get(4)? },
        is_active: row.get(5)?,
        is_default: row.get(6)?,
        opens_on: row.get(7)?,
        closes_on: row.get(8)?,
        created_at: row.get(9)?,
        updated_at: row.get(10)?,
    })
}

fn taken(code: &str) -> Error {
    Error::field("code", Text::new("surveys-code-taken").with("code", code))
}

/// Every campaign, the latest first.
pub(crate) fn list(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Campaign>> {
    tx.query(select_campaigns!("ORDER BY created_at_ms DESC, id DESC"), params![ctx.workspace()], read)
}

/// The campaign with this id. Errors: the workspace has none.
pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Campaign>) -> Result<Campaign> {
    tx.query_one(select_campaigns!("AND id = $2"), params![ctx.workspace(), id], read)
}

/// The same, held until the end of the transaction.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Campaign>) -> Result<Campaign> {
    tx.query_one(select_campaigns!("AND id = $2 FOR UPDATE"), params![ctx.workspace(), id], read)
}

/// The campaign with this code, however it is spelt.
pub(crate) fn find_by_code(ctx: &Ctx, tx: &mut ReadTx, code: &str) -> Result<Option<Campaign>> {
    tx.query_opt(select_campaigns!("AND code_fold = $2"), params![ctx.workspace(), slug(code)], read)
}

/// The campaign that is meant where none is named.
pub(crate) fn find_default(ctx: &Ctx, tx: &mut ReadTx) -> Result<Option<Campaign>> {
    tx.query_opt(select_campaigns!("AND is_default = $2"), params![ctx.workspace(), true], read)
}

/// Writes a new campaign. Errors: another one has the code.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, campaign: &Campaign) -> Result<()> {
    let Campaign {
        id,
        code,
        names: Names { uz, ru, en },
        is_active,
        is_default,
        opens_on,
        closes_on,
        created_at,
        updated_at,
    } = campaign;
    tx.execute_one(
        "INSERT INTO surveys_campaign (workspace_id, id, code, code_fold, name_uz, name_ru, name_en, is_active,
             is_default, opens_on, closes_on, created_at_ms, updated_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            ctx.workspace(),
            id,
            code,
            slug(code),
            uz,
            ru,
            en,
            is_active,
            is_default,
            opens_on,
            closes_on,
            created_at,
            updated_at
        ],
    )
    .on_unique(|| taken(code))
}

/// Writes new content into a campaign.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, id: Id<Campaign>, content: &NewCampaign) -> Result<()> {
    let NewCampaign { code, names: Names { uz, ru, en }, is_active, is_default, opens_on, closes_on } =
        content;
    tx.execute_one(
        "UPDATE surveys_campaign SET code = $3, code_fold = $4, name_uz = $5, name_ru = $6, name_en = $7,
             is_active = $8, is_default = $9, opens_on = $10, closes_on = $11, updated_at_ms = $12
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(),
            id,
            code,
            slug(code),
            uz,
            ru,
            en,
            is_active,
            is_default,
            opens_on,
            closes_on,
            ctx.now()
        ],
    )
    .on_unique(|| taken(code))
}

/// No campaign is meant any more where none is named.
pub(crate) fn clear_default(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    tx.execute(
        "UPDATE surveys_campaign SET is_default = $2 WHERE workspace_id = $1 AND is_default = $3",
        params![ctx.workspace(), false, true],
    )?;
    Ok(())
}

/// Takes away a campaign that nobody is asked in.
pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Campaign>) -> Result<()> {
    let in_use = || Error::conflict(Text::new("surveys-campaign-in-use"));
    tx.savepoint(|tx| {
        tx.execute(
            "DELETE FROM surveys_person_tally WHERE workspace_id = $1 AND campaign_id = $2 AND response_count = 0",
            params![ctx.workspace(), id],
        )?;
        tx.execute(
            "DELETE FROM surveys_tally WHERE workspace_id = $1 AND campaign_id = $2 AND roster_count = 0
                 AND response_count = 0",
            params![ctx.workspace(), id],
        )?;
        tx.execute_one(
            "DELETE FROM surveys_campaign WHERE workspace_id = $1 AND id = $2",
            params![ctx.workspace(), id],
        )
        .on(Constraint::ForeignKey, in_use)
    })
}
