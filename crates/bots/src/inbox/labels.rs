//! The labels of a conversation.

use context::Ctx;
use db::Tx;
use kernel::{Id, Result};
use tickets::Label;

use super::answering::require_answering;
use crate::{Conversation, store};

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
    let known = tickets::reads::labels(ctx, tx)?;
    let before = store::label::of(ctx, tx, conversation)?;
    let before: Vec<&Label> = known.iter().filter(|label| before.contains(&label.id)).collect();
    let chosen = tickets::labels_of(&known, labels)?;
    store::label::set(ctx, tx, conversation, &chosen)?;
    ctx.audit(tx, "conversation.label", "conversation", conversation, Some(&before), Some(&chosen))?;
    Ok(chosen)
}
