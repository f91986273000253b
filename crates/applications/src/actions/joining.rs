//! Two contacts turn out to be one person.

use contacts::Contact;
use context::{Ctx, Permission};
use db::Tx;
use kernel::{Error, Id, Result, Text};

use crate::{Applicant, store};

/// Makes whoever applied as the contact `gone` an applicant as `stays`. Whoever joins the two contacts need not see their
/// applications. Errors: a conflict where both applied, for nobody can apply twice for the same.
pub fn lead_to(ctx: &Ctx, tx: &mut Tx, gone: Id<Contact>, stays: Id<Contact>) -> Result<()> {
    ctx.require(Permission::SalesDelete)?;
    if gone == stays {
        return Ok(());
    }
    let Some(found) = store::applicant::find_by_contact(ctx, tx, gone)? else { return Ok(()) };
    if store::applicant::find_by_contact(ctx, tx, stays)?.is_some() {
        return Err(Error::conflict(Text::new("applications-join-both-applied")));
    }
    let before = store::applicant::lock(ctx, tx, found.id)?;
    let after = Applicant { contact: stays, updated_at: ctx.now(), ..before.clone() };
    store::applicant::update(ctx, tx, &before, &after)?;
    ctx.audit(tx, "applicant.contact", "applicant", after.id, Some(&gone), Some(&stays))
}
