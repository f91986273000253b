//! Who the person in a conversation is: one contact may talk in several chats, each on a channel of its own.

use contacts::Contact;
use context::{Ctx, Permission};
use db::Tx;
use kernel::{Error, Id, Kind, Result, Text};

use super::{
    answering::require_answering,
    events::{self, SAID},
};
use crate::{Conversation, store};

/// What the staff says of who a person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Person {
    /// The number of their contact; none: nobody that is known.
    pub(crate) contact: Option<i64>,
    /// The contact that stood there is the same person: all of its conversations and tickets are led to the new one, which
    /// gains what it lacks, and the old one is gone.
    pub(crate) join: bool,
}

/// Leads the conversation to the contact. Errors: 422 on `contact_id` where there is no such contact, or where nobody was named and
/// contacts are to be joined; on `join` where documents name the contact that would be gone,
/// both have an open ticket, or both applied or were asked.
pub(crate) fn set_person(ctx: &Ctx, tx: &mut Tx, id: Id<Conversation>, person: Person) -> Result<()> {
    require_answering(ctx)?;
    ctx.require(Permission::SalesRead)?;
    let mut conversation = store::conversation::lock_by_id(ctx, tx, id)?;
    let wanted = person.contact.map(|number| named(ctx, tx, number)).transpose()?;
    let (before, after) = (conversation.contact, wanted.as_ref().map(|contact| contact.id));
    if person.join && after.is_none() {
        return Err(Error::field("contact_id", Text::new("bots-person-choose")));
    }
    if before == after {
        return Ok(());
    }
    conversation.contact = after;
    store::conversation::update(ctx, tx, &conversation)?;
    ctx.audit(tx, "conversation.person", "conversation", id, before.as_ref(), after.as_ref())?;
    if let (true, Some(gone), Some(stays)) = (person.join, before, after) {
        let others = store::conversation::lead_to(ctx, tx, gone, stays)?;
        for other in others {
            ctx.audit(tx, "conversation.person", "conversation", other, Some(&gone), Some(&stays))?;
        }
        let joined = tickets::actions::lead_to(ctx, tx, gone, stays)
            .and_then(|()| applications::actions::lead_to(ctx, tx, gone, stays))
            .and_then(|()| surveys::actions::lead_to(ctx, tx, gone, stays))
            .and_then(|()| contacts::join_contacts(ctx, tx, gone, stays));
        joined.map_err(|error| match error.kind() {
            Kind::Conflict => Error::field("join", error.text().clone()),
            _ => error,
        })?;
    }
    events::tell(ctx, tx, &conversation, SAID)
}

fn named(ctx: &Ctx, tx: &mut Tx, number: i64) -> Result<Contact> {
    let found = contacts::find_by_number(ctx, tx, number)?;
    found.ok_or_else(|| Error::field("contact_id", Text::new("bots-person-unknown")))
}
