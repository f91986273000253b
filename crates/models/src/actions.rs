//! What people can do: choose a provider, look at calls.

use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Date, Error, Page, PageRequest, Result};
use uuid::Uuid;
use web::RowKey;

use crate::{Call, CallState, Cost, EditSettings, Models, Settings, store};

/// What of today's budget is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spent {
    /// Promised to calls that are under way, or whose end nobody knows.
    pub reserved_tokens: i64,
    /// Used by calls that ended.
    pub used_tokens: i64,
}

/// Which calls are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct CallFilter {
    /// From this business day on.
    pub from: Option<Date>,
    /// Until this business day, with it.
    pub until: Option<Date>,
    /// What became of them.
    pub state: Option<CallState>,
    /// Who asked.
    pub purpose: Option<String>,
    /// Which bot asked.
    pub bot: Option<Uuid>,
    /// What they belong to.
    pub subject: Option<Uuid>,
}

/// What calls took together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// How many there are.
    pub calls: i64,
    /// Of what was asked.
    pub input_tokens: i64,
    /// Of what was answered.
    pub output_tokens: i64,
    /// What those cost whose price was known; `None` when none was.
    pub cost: Option<Cost>,
}

/// What the workspace chose, or what stands in the form before it does.
pub fn settings(ctx: &Ctx, tx: &mut ReadTx) -> Result<Settings> {
    ctx.require(Permission::SettingsRead)?;
    Ok(store::find_settings(ctx, tx)?.map(|(settings, _)| settings).unwrap_or_default())
}

/// What of today's budget is gone.
pub fn spent_today(ctx: &Ctx, tx: &mut ReadTx) -> Result<Spent> {
    ctx.require(Permission::SettingsRead)?;
    let (reserved_tokens, used_tokens) = store::spent(ctx, tx, ctx.today())?;
    Ok(Spent { reserved_tokens, used_tokens })
}

/// Chooses. A key that is not typed again stays, as long as the address does. Errors: what is wrong, beside its field.
pub fn edit_settings(ctx: &Ctx, tx: &mut Tx, models: &Models, edit: &EditSettings) -> Result<Settings> {
    ctx.require(Permission::SettingsEdit)?;
    let (before, sealed) = store::find_settings(ctx, tx)?.unwrap_or_default();
    let (after, key) = edit.check(models.net.tenant(), &before)?;
    let is_new_key = key.is_some();
    let sealed = key.map(|key| models.seal(ctx, &after, &key)).transpose()?.or(sealed);
    store::set_settings(ctx, tx, &after, sealed.as_deref())?;
    if is_new_key || before != after {
        ctx.audit(
            tx,
            "models_settings.edit",
            "models_settings",
            ctx.workspace(),
            Some(&before),
            Some(&after),
        )?;
    }
    Ok(after)
}

/// Takes the key away; with it nothing is asked any more.
pub fn remove_key(ctx: &Ctx, tx: &mut Tx) -> Result<Settings> {
    ctx.require(Permission::SettingsEdit)?;
    let (before, _) = store::find_settings(ctx, tx)?.unwrap_or_default();
    if before.key_end.is_none() {
        return Ok(before);
    }
    let after = Settings { key_end: None, is_on: false, ..before.clone() };
    store::set_settings(ctx, tx, &after, None)?;
    ctx.audit(
        tx,
        "models_settings.remove_key",
        "models_settings",
        ctx.workspace(),
        Some(&before),
        Some(&after),
    )?;
    Ok(after)
}

/// The calls that fit, newest first.
pub fn calls(ctx: &Ctx, tx: &mut ReadTx, filter: &CallFilter, page: PageRequest) -> Result<Page<Call>> {
    ctx.require(Permission::BotsRead)?;
    store::list(ctx, tx, filter, page)
}

/// What the calls that fit took together.
pub fn totals(ctx: &Ctx, tx: &mut ReadTx, filter: &CallFilter) -> Result<Totals> {
    ctx.require(Permission::BotsRead)?;
    store::totals(ctx, tx, filter)
}

/// How many calls of a subject (a conversation) the model was asked today, whatever became of them; those that the
/// budget refused are none. Asks for no permission: a bot limits its conversations by it.
// tidy: no permission: a bot limits its conversations by it
pub fn answered_today(ctx: &Ctx, tx: &mut ReadTx, subject: Uuid) -> Result<i64> {
    store::count_of(ctx, tx, subject, ctx.today())
}

/// Forgets what was said in the calls of a bot, and with whom; what they took and cost stays. For whoever erases the bot,
/// and has asked whether that is allowed.
// tidy: no permission: whoever erases the bot has asked
pub fn forget_bot(ctx: &Ctx, tx: &mut Tx, bot: Uuid) -> Result<()> {
    store::blank_bot(ctx, tx, bot)
}

/// What calls were for, each once.
pub fn purposes(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    ctx.require(Permission::BotsRead)?;
    store::purposes(ctx, tx)
}

/// One call, by its number or id.
pub fn call(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Call> {
    ctx.require(Permission::BotsRead)?;
    store::find_call(ctx, tx, key)?.ok_or_else(Error::not_found)
}
