//! Canned replies, as the staff writes them.
// tidy: no permission: each asks whether whoever acts answers people, at the desk or in the inbox.

use context::Ctx;
use db::Tx;
use kernel::{Error, Id, Result, Text};

use crate::{CannedReply, NewCannedReply, canned, reads::must_answer, store};

/// Makes a canned reply.
pub fn create_canned_reply(ctx: &Ctx, tx: &mut Tx, new: NewCannedReply) -> Result<CannedReply> {
    must_answer(ctx)?;
    let reply = new.checked(ctx.new_id())?;
    let all = store::canned::list(ctx, tx)?;
    if all.len() >= canned::AT_MOST {
        return Err(Error::conflict(
            Text::new("tickets-canned-full").with("most", canned::AT_MOST.to_string()),
        ));
    }
    refuse_double(&all, &reply)?;
    store::canned::insert(ctx, tx, &reply)?;
    ctx.audit_new(tx, "canned_reply.create", "canned_reply", reply.id, &reply)?;
    Ok(reply)
}

/// Changes a canned reply.
pub fn update_canned_reply(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<CannedReply>,
    new: NewCannedReply,
) -> Result<CannedReply> {
    must_answer(ctx)?;
    let before = store::canned::get(ctx, tx, id)?;
    let after = new.checked(id)?;
    refuse_double(&store::canned::list(ctx, tx)?, &after)?;
    store::canned::update(ctx, tx, &after)?;
    ctx.audit(tx, "canned_reply.update", "canned_reply", id, Some(&before), Some(&after))?;
    Ok(after)
}

fn refuse_double(all: &[CannedReply], reply: &CannedReply) -> Result<()> {
    let is_taken = all.iter().any(|other| other.id != reply.id && other.shortcut == reply.shortcut);
    if is_taken {
        let text = Text::new("tickets-canned-taken").with("shortcut", reply.shortcut.as_str());
        return Err(Error::field("shortcut", text));
    }
    Ok(())
}

/// Takes a canned reply away.
pub fn delete_canned_reply(ctx: &Ctx, tx: &mut Tx, id: Id<CannedReply>) -> Result<()> {
    must_answer(ctx)?;
    let before = store::canned::get(ctx, tx, id)?;
    store::canned::delete(ctx, tx, id)?;
    ctx.audit(tx, "canned_reply.delete", "canned_reply", id, Some(&before), None::<&()>)
}
