//! Two contacts turn out to be one person.

use contacts::Contact;
use context::{Ctx, Event, Permission};
use db::Tx;
use kernel::{Error, Id, Result, Text};

use crate::{events, store};

/// Leads all tickets of the contact `gone`, and what Telegram calls them, to `stays`: of two names in Telegram that of `stays`
/// is kept. Whoever joins the two contacts need not see their tickets. Errors: a conflict where both have an open one, for
/// nobody has two.
pub fn lead_to(ctx: &Ctx, tx: &mut Tx, gone: Id<Contact>, stays: Id<Contact>) -> Result<()> {
    ctx.require(Permission::SalesDelete)?;
    if gone == stays {
        return Ok(());
    }
    let open = (store::ticket::find_open(ctx, tx, gone)?, store::ticket::find_open(ctx, tx, stays)?);
    if let (Some(one), Some(other)) = open {
        let both = Text::new("tickets-join-both-open").with("one", one.number).with("other", other.number);
        return Err(Error::conflict(both));
    }
    for ticket in store::ticket::lead_to(ctx, tx, gone, stays)? {
        ctx.audit(tx, "ticket.contact", "ticket", ticket, Some(&gone), Some(&stays))?;
        ctx.emit(tx, Event::new(events::TICKET_CHANGED, ticket))?;
    }
    let mut known = store::user::of_contacts(ctx, tx, &[gone, stays])?;
    let Some(telegram) = known.remove(&gone) else { return Ok(()) };
    store::user::delete(ctx, tx, gone)?;
    if known.is_empty() {
        store::user::put(ctx, tx, stays, &telegram)?;
    }
    ctx.audit(tx, "ticket_user.lead", "contact", stays, Some(&telegram), known.get(&stays))
}
