//! Labels: what conversations are sorted by.

use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Checks, Error, Id, Result, Text};
use serde::Serialize;

use super::answering::require_answering;
use crate::{Conversation, store};

/// Characters of a label's name.
const NAME_CHARS: usize = 40;
/// Labels of a workspace: what one list can be chosen from.
const LABELS_AT_MOST: usize = 100;
/// The colours that a label can have, by the names that the pages' tones have.
pub(crate) const TONES: [&str; 5] = ["plain", "info", "success", "warning", "danger"];

/// A label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    pub(crate) id: Id<Label>,
    pub(crate) name: String,
    /// One of [`TONES`].
    pub(crate) tone: String,
}

impl Label {
    /// Its id.
    pub const fn id(&self) -> Id<Self> {
        self.id
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// A label as somebody wants it.
#[derive(Debug, Clone)]
pub struct NewLabel {
    /// Its name.
    pub name: String,
    /// `plain`, `info`, `success`, `warning` or `danger`.
    pub tone: String,
}

impl NewLabel {
    fn checked(self, id: Id<Label>) -> Result<Label> {
        let mut checks = Checks::new();
        let name = checks.required_line("name", &self.name, NAME_CHARS);
        let is_known = TONES.contains(&self.tone.as_str());
        checks.hold(is_known, "tone", Text::new("bots-label-tone-unknown"));
        checks.done()?;
        Ok(Label { id, name, tone: self.tone })
    }
}

/// The workspace's labels, by name.
pub fn labels(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Label>> {
    ctx.require(context::Permission::BotsRead)?;
    store::label::list(ctx, tx)
}

/// Makes a label.
pub fn create_label(ctx: &Ctx, tx: &mut Tx, new: NewLabel) -> Result<Label> {
    require_answering(ctx)?;
    let label = new.checked(ctx.new_id())?;
    if store::label::list(ctx, tx)?.len() >= LABELS_AT_MOST {
        return Err(Error::conflict(Text::new("bots-labels-full").with("most", LABELS_AT_MOST.to_string())));
    }
    refuse_double(ctx, tx, &label)?;
    store::label::insert(ctx, tx, &label)?;
    ctx.audit_new(tx, "conversation_label.create", "conversation_label", label.id, &label)?;
    Ok(label)
}

/// Names a label anew, or gives it another colour.
pub(crate) fn update_label(ctx: &Ctx, tx: &mut Tx, id: Id<Label>, new: NewLabel) -> Result<Label> {
    require_answering(ctx)?;
    let before = store::label::get(ctx, tx, id)?;
    let after = new.checked(id)?;
    refuse_double(ctx, tx, &after)?;
    store::label::update(ctx, tx, &after)?;
    ctx.audit(tx, "conversation_label.update", "conversation_label", id, Some(&before), Some(&after))?;
    Ok(after)
}

fn refuse_double(ctx: &Ctx, tx: &mut ReadTx, label: &Label) -> Result<()> {
    match store::label::find_by_name(ctx, tx, &label.name)? {
        Some(found) if found != label.id => {
            Err(Error::field("name", Text::new("bots-label-taken").with("name", label.name.as_str())))
        }
        _ => Ok(()),
    }
}

/// Takes a label away, from every conversation too.
pub(crate) fn delete_label(ctx: &Ctx, tx: &mut Tx, id: Id<Label>) -> Result<()> {
    require_answering(ctx)?;
    let before = store::label::get(ctx, tx, id)?;
    store::label::delete(ctx, tx, id)?;
    ctx.audit(tx, "conversation_label.delete", "conversation_label", id, Some(&before), None::<&()>)
}

/// Gives the conversation these labels and no others.
pub(crate) fn set_labels(
    ctx: &Ctx,
    tx: &mut Tx,
    conversation: Id<Conversation>,
    labels: &[Id<Label>],
) -> Result<Vec<Label>> {
    require_answering(ctx)?;
    // The lock: of two who label at once, the last one's labels stand whole.
    store::conversation::lock_by_id(ctx, tx, conversation)?;
    let known = store::label::list(ctx, tx)?;
    let chosen: Vec<Label> = known.into_iter().filter(|label| labels.contains(&label.id)).collect();
    if labels.iter().any(|id| !chosen.iter().any(|label| label.id == *id)) {
        return Err(Error::field("labels", Text::new("bots-label-unknown")));
    }
    let before = store::label::of(ctx, tx, conversation)?;
    store::label::set(ctx, tx, conversation, &chosen)?;
    ctx.audit(tx, "conversation.label", "conversation", conversation, Some(&before), Some(&chosen))?;
    Ok(chosen)
}
