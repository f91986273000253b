//! From the draft to what answers people, and back to an older version.

use context::{Ctx, Event, Permission};
use db::Tx;
use kernel::{Checks, Error, Id, Result, Text};
use serde_json::json;

use super::{drafting::stale, forming::ensure_forms, making::faultless};
use crate::{
    Bot,
    events::BOT_PUBLISHED,
    store,
    telegram::menu,
    version::{NOTE_CHARS, Version},
};

/// A draft to publish.
#[derive(Debug, Clone, Default)]
pub struct Publish {
    /// The revision that was read; any when it does not matter.
    pub revision: Option<i64>,
    /// What is to be remembered about it.
    pub note: String,
}

/// Publishes the draft: it answers from now on, in conversations that are under way too. Errors: there is no draft, it
/// has faults, it was changed since it was read.
pub fn publish(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, asked: &Publish) -> Result<Version> {
    ctx.require(Permission::BotsEdit)?;
    let Publish { revision, note } = asked;
    let present = store::draft::lock_revision(ctx, tx, bot)?;
    let draft = store::draft::find(ctx, tx, bot)?;
    if revision.is_some_and(|revision| revision != present) {
        return Err(stale(draft.as_ref()));
    }
    let draft = draft.ok_or_else(|| Error::conflict(Text::new("bots-draft-none")))?;
    let blueprint = faultless(&draft.source)?;
    store::draft::delete(ctx, tx, bot)?;
    store::draft::set_revision(ctx, tx, bot, present + 1)?;
    ensure_forms(ctx, tx, &blueprint)?;
    answer_by(ctx, tx, bot, &draft.source, note, None)
}

/// Publishes an old version again, under a new number. The draft stays as it is. Errors: it answers already; today's
/// rules find faults in it.
pub fn roll_back(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, version: i64, note: &str) -> Result<Version> {
    ctx.require(Permission::BotsEdit)?;
    store::draft::lock_revision(ctx, tx, bot)?;
    let old = store::version::get(ctx, tx, bot, version)?;
    if store::bot::get(ctx, tx, bot)?.version == old.version {
        return Err(Error::conflict(Text::new("bots-version-answers").with("version", version)));
    }
    let source = store::version::source(ctx, tx, bot, version)?;
    let blueprint = faultless(&source)?;
    ensure_forms(ctx, tx, &blueprint)?;
    answer_by(ctx, tx, bot, &source, note, Some(version))
}

fn answer_by(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Bot>,
    source: &str,
    note: &str,
    from_version: Option<i64>,
) -> Result<Version> {
    let mut checks = Checks::new();
    let note = checks.line("note", note, NOTE_CHARS);
    checks.done()?;
    let before = store::bot::get(ctx, tx, id)?;
    let version = store::version::last(ctx, tx, id)? + 1;
    let published_by = ctx.actor().name.clone();
    let published = Version { bot: id, version, note, published_by, from_version, published_at: ctx.now() };
    store::version::insert(ctx, tx, &published, source)?;
    store::bot::update(ctx, tx, &Bot { version, ..before.clone() })?;
    menu::set_soon(ctx, tx, id, version)?;
    let action = if from_version.is_some() { "bot.roll_back" } else { "bot.publish" };
    ctx.audit(tx, action, "bot", id, Some(&json!({ "version": before.version })), Some(&published))?;
    ctx.emit(tx, Event::new(BOT_PUBLISHED, id).with(&json!({ "version": version }))?)?;
    Ok(published)
}
