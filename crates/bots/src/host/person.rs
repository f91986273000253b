//! Who it is that a bot talks to.

use contacts::{Contact, NewContact};
use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Id, Lang, Result};
use tickets::Telegram;

use super::Host;
use crate::{ChannelKind, Conversation, store};

impl Host<'_> {
    /// A contact of this chat's own, to which no number leads: who writes where nothing proves who they are.
    pub(super) fn contact_of_the_chat(
        &self,
        tx: &mut Tx,
        conversation: &Conversation,
        lang: Lang,
    ) -> Result<Id<Contact>> {
        let name = Some(conversation.person_name.trim()).filter(|name| !name.is_empty());
        let name = name.map_or_else(|| format!("№ {}", conversation.chat_key), ToOwned::to_owned);
        let new = NewContact { lang, is_customer: false, ..NewContact::customer(name, None) };
        Ok(contacts::upsert_by_phone(self.ctx, tx, new)?.id)
    }
}

/// What Telegram calls the person, where the conversation is there.
pub(super) fn telegram_of(
    ctx: &Ctx,
    tx: &mut ReadTx,
    conversation: &Conversation,
) -> Result<Option<Telegram>> {
    let channel = store::channel::get(ctx, tx, conversation.channel)?;
    if channel.kind != ChannelKind::Telegram {
        return Ok(None);
    }
    let telegram_id = conversation.chat_key.parse().ok().filter(|id: &i64| *id > 0);
    Ok(telegram_id.map(|telegram_id| Telegram { telegram_id, username: conversation.username.clone() }))
}
