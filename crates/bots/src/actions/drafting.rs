//! Working on a blueprint without anybody being answered by it.

use context::{Ctx, Event, Permission};
use db::Tx;
use kernel::{Error, Id, Result, Text};
use serde_json::json;

use crate::{
    Bot,
    events::BOT_DRAFT_CHANGED,
    store,
    version::{Draft, problems, tidy},
};

/// A draft to keep.
#[derive(Debug, Clone)]
pub struct SaveDraft {
    source: String,
    revision: i64,
    faults: i64,
}

impl SaveDraft {
    /// A blueprint as a file, which may have faults, by somebody who had read this revision. Its faults are counted
    /// here, before the transaction that keeps it.
    pub fn new(source: &str, revision: i64) -> Result<Self> {
        let source = tidy("source", source)?;
        let faults = i64::try_from(problems(&source).len()).unwrap_or(i64::MAX);
        Ok(Self { source, revision, faults })
    }

    /// The blueprint as it is kept.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }
}

/// Keeps a draft, with its faults. Gives the new revision. Errors: somebody has changed it since (409): nothing is
/// changed then, and theirs can be read; the same words again are no change.
pub fn save_draft(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, save: SaveDraft) -> Result<i64> {
    ctx.require(Permission::BotsEdit)?;
    let SaveDraft { source, revision: read, faults } = save;
    let present = store::draft::lock_revision(ctx, tx, bot)?;
    let before = store::draft::find(ctx, tx, bot)?;
    let row = store::bot::get(ctx, tx, bot)?;
    let published = store::version::source(ctx, tx, bot, row.version)?;
    let kept = before.as_ref().map_or(published.as_str(), |draft| draft.source.as_str());
    if kept == source {
        return Ok(present);
    }
    if read != present {
        return Err(stale(before.as_ref()));
    }
    let revision = present + 1;
    if source == published {
        store::draft::delete(ctx, tx, bot)?;
    } else {
        let draft = Draft {
            revision,
            base_version: before.as_ref().map_or(row.version, |draft| draft.base_version),
            source,
            problems: faults,
            changed_by: ctx.actor().name.clone(),
            changed_at: ctx.now(),
        };
        store::draft::set(ctx, tx, bot, &draft)?;
    }
    done(ctx, tx, bot, "bot.save_draft", present, revision, faults)
}

/// Takes the draft away: what is published stands there again. `revision` is the one that was read, when that matters.
pub fn discard_draft(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, revision: Option<i64>) -> Result<i64> {
    ctx.require(Permission::BotsEdit)?;
    let present = store::draft::lock_revision(ctx, tx, bot)?;
    if revision.is_some_and(|revision| revision != present) {
        let draft = store::draft::find(ctx, tx, bot)?;
        return Err(stale(draft.as_ref()));
    }
    if !store::draft::delete(ctx, tx, bot)? {
        return Ok(present);
    }
    done(ctx, tx, bot, "bot.discard_draft", present, present + 1, 0)
}

fn done(
    ctx: &Ctx,
    tx: &mut Tx,
    bot: Id<Bot>,
    action: &'static str,
    before: i64,
    after: i64,
    faults: i64,
) -> Result<i64> {
    store::draft::set_revision(ctx, tx, bot, after)?;
    let (was, is) = (json!({ "revision": before }), json!({ "revision": after, "problems": faults }));
    ctx.audit(tx, action, "bot", bot, Some(&was), Some(&is))?;
    ctx.emit(tx, Event::new(BOT_DRAFT_CHANGED, bot).with(&json!({ "revision": after }))?)?;
    Ok(after)
}

/// Somebody has changed the draft since it was read.
pub(crate) fn stale(present: Option<&Draft>) -> Error {
    Error::conflict(match present {
        Some(draft) => Text::new("bots-draft-stale").with("who", &draft.changed_by),
        None => Text::new("bots-draft-gone"),
    })
}
