//! Labels, as the staff makes them.
// tidy: no permission: each asks whether whoever acts answers people, at the desk or in the inbox.

use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Error, Id, Result, Text};

use crate::{
    Label, NewLabel, label,
    reads::{self, must_answer},
    store,
};

/// Makes a label.
pub fn create_label(ctx: &Ctx, tx: &mut Tx, new: NewLabel) -> Result<Label> {
    must_answer(ctx)?;
    let label = new.checked(ctx.new_id())?;
    if reads::labels(ctx, tx)?.len() >= label::AT_MOST {
        let full = Text::new("tickets-labels-full").with("most", label::AT_MOST.to_string());
        return Err(Error::conflict(full));
    }
    refuse_double(ctx, tx, &label)?;
    store::label::insert(ctx, tx, &label)?;
    ctx.audit_new(tx, "conversation_label.create", "conversation_label", label.id, &label)?;
    Ok(label)
}

/// Names a label anew, or gives it another colour.
pub fn update_label(ctx: &Ctx, tx: &mut Tx, id: Id<Label>, new: NewLabel) -> Result<Label> {
    must_answer(ctx)?;
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
            Err(Error::field("name", Text::new("tickets-label-taken").with("name", label.name.as_str())))
        }
        _ => Ok(()),
    }
}

/// Takes a label away, from everything that has it too.
pub fn delete_label(ctx: &Ctx, tx: &mut Tx, id: Id<Label>) -> Result<()> {
    must_answer(ctx)?;
    let before = store::label::get(ctx, tx, id)?;
    store::label::delete(ctx, tx, id)?;
    ctx.audit(tx, "conversation_label.delete", "conversation_label", id, Some(&before), None::<&()>)
}
