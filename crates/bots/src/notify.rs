//! Tells a customer in their chat what became of their order.

use context::{Ctx, StoredEvent};
use db::Tx;
use flow::{Reply, render_notification};
use jobs::Listener;
use kernel::{Error, Id, Result};
use sales::OrderEvent;
use serde_json::json;

use crate::{Bots, ChannelKind, ChannelState, Conversation, store, turn::leave, update::Place};

/// Which event is told with which notification of the blueprint.
const TOLD: &[(&str, &str)] =
    &[("sales_order.confirmed", "order_confirmed"), ("sales_order.cancelled", "order_cancelled")];

pub(crate) fn listeners() -> Vec<Listener> {
    vec![Listener {
        name: "bots.tell_customer",
        events: &["sales_order.confirmed", "sales_order.cancelled"],
        on: tell,
    }]
}

fn tell(ctx: &Ctx, tx: &mut Tx, event: &StoredEvent) -> Result<()> {
    let order: OrderEvent = serde_json::from_value(event.payload.clone()).map_err(Error::internal)?;
    let named = TOLD.iter().find(|(name, _)| *name == event.name).map(|(_, notification)| *notification);
    let (Some(notification), Some(chat_ref)) = (named, &order.chat_ref) else { return Ok(()) };
    // Whoever did it themselves has read it already.
    if order.by_customer {
        return Ok(());
    }
    // An order whose conversation is not ours was taken by another bot.
    let Ok(id) = Id::<Conversation>::parse(chat_ref) else { return Ok(()) };
    let conversation = store::conversation::lock_by_id(ctx, tx, id)?;
    let channel = store::channel::get(ctx, tx, conversation.channel)?;
    if conversation.blocked || channel.state == ChannelState::Removed {
        return Ok(());
    }
    let bot = store::bot::get(ctx, tx, channel.bot)?;
    let source = store::bot::source(ctx, tx, bot.id, bot.version)?;
    let blueprint = Bots::load(&source)?;
    let args = json!({ "number": order.number, "total_tiyin": order.total.tiyin(), "reason": order.reason });
    let lang = conversation.lang.or(order.customer.map(|customer| customer.lang)).unwrap_or_default();
    let Some(message) = render_notification(&blueprint, notification, lang, ctx.zone(), &args) else {
        return Ok(());
    };
    let place = match channel.kind {
        ChannelKind::Simulator => Place::Page { tapped: None },
        ChannelKind::Telegram => {
            let chat = conversation.chat_key.parse().map_err(|_| Error::internal("a chat without an id"))?;
            Place::Telegram { chat, tap: None }
        }
    };
    let leaving = leave(ctx, &place, &[Reply::Message(message)]);
    store::message::insert_leaving(ctx, tx, channel.id, conversation.id, &leaving)
}
