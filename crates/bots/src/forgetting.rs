//! Whoever asks to be forgotten is forgotten in their chats, too: what was said, what they sent, what the bot remembers.

use applications::events::{APPLICANT_ERASED, Forgotten};
use contacts::events::CONTACT_FORGOTTEN;
use context::{Ctx, StoredEvent};
use db::Tx;
use jobs::Listener;
use kernel::{Error, Id, Result};

use crate::{store, ticketing::asked_in};

pub(crate) fn listener() -> Listener {
    Listener { name: "bots.forget", events: &[CONTACT_FORGOTTEN, APPLICANT_ERASED], on: forget }
}

/// Erases the chats of whoever it is. What was counted of them stays counted, for it names nobody. Who writes again is
/// somebody new.
fn forget(ctx: &Ctx, tx: &mut Tx, event: &StoredEvent) -> Result<()> {
    let conversations = match event.name.as_str() {
        CONTACT_FORGOTTEN => store::conversation::of_contact(ctx, tx, Id::from_uuid(event.subject))?,
        _ => {
            let Forgotten { chat_ref } =
                serde_json::from_value(event.payload.clone()).map_err(Error::internal)?;
            asked_in(chat_ref.as_deref()).into_iter().collect()
        }
    };
    for id in conversations {
        if store::erase::conversation(ctx, tx, id)? {
            ctx.audit(tx, "conversation.erase", "conversation", id, None::<&()>, None::<&()>)?;
        }
    }
    Ok(())
}
