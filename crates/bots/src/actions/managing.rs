//! What becomes of a bot: its name and facts, whether it answers, and its end.

use context::{Ctx, Event, Permission};
use db::{Lane, Tx};
use flow::shop::ShopInfo;
use jobs::{Handler, JobError, NewJob, OrFail, Run};
use kernel::{Checks, Error, Id, Result, Text};
use serde::{Deserialize, Serialize};

use crate::{
    Bot, BotState, Conversation,
    events::{BOT_CHANGED, BOT_DELETED},
    store,
};

/// Characters of a bot's name.
pub(super) const NAME_CHARS: usize = 100;
/// Characters of each of the shop's facts.
const FACT_CHARS: usize = 300;
/// Characters of what a shop says about itself.
const ABOUT_CHARS: usize = 2_000;
/// Delivery that costs more is a typing mistake: so'm in tiyin.
const DELIVERY_TIYIN_MAX: i64 = 1_000_000_000;
/// Rows that are erased in one transaction: a few milliseconds of the writer.
const ERASED_AT_ONCE: i64 = 500;
/// The kind of the job that erases.
const ERASE: &str = "bots.erase";

/// Changes what the bot says of the shop, and its name.
pub fn set_shop_info(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, name: &str, shop: ShopInfo) -> Result<Bot> {
    ctx.require(Permission::BotsEdit)?;
    let before = store::bot::get(ctx, tx, bot)?;
    let mut checks = Checks::new();
    let name = checks.required_line("name", name, NAME_CHARS);
    let shop = checked_shop(&mut checks, shop);
    checks.done()?;
    let after = Bot { name, shop, ..before.clone() };
    store::bot::update(ctx, tx, &after)?;
    ctx.audit(tx, "bot.change", "bot", bot, Some(&before), Some(&after))?;
    ctx.emit(tx, Event::new(BOT_CHANGED, bot))?;
    Ok(after)
}

/// Lets the bot answer, lets it rest, or puts it away.
pub fn set_bot_state(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, state: BotState) -> Result<Bot> {
    ctx.require(Permission::BotsEdit)?;
    let before = store::bot::get(ctx, tx, bot)?;
    let after = Bot { state, ..before.clone() };
    store::bot::update(ctx, tx, &after)?;
    ctx.audit(tx, "bot.set_state", "bot", bot, Some(&before.state), Some(&state))?;
    ctx.emit(tx, Event::new(BOT_CHANGED, bot))?;
    Ok(after)
}

/// Chooses the conversation in which the bot tells the staff; none is told nothing. Errors: it is no conversation of
/// this bot.
pub fn set_staff_chat(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, chat: Option<Id<Conversation>>) -> Result<Bot> {
    ctx.require(Permission::BotsEdit)?;
    let before = store::bot::get(ctx, tx, bot)?;
    if let Some(chat) = chat {
        let channel = match store::conversation::find(ctx, tx, chat)? {
            Some(conversation) => store::channel::find(ctx, tx, conversation.channel)?,
            None => None,
        };
        if channel.is_none_or(|channel| channel.bot != bot) {
            return Err(Error::field("conversation", Text::new("bots-staff-unknown")));
        }
    }
    let after = Bot { staff_chat: chat, ..before.clone() };
    store::bot::update(ctx, tx, &after)?;
    ctx.audit(tx, "bot.set_staff_chat", "bot", bot, Some(&before.staff_chat), Some(&after.staff_chat))?;
    ctx.emit(tx, Event::new(BOT_CHANGED, bot))?;
    Ok(after)
}

/// What the job that erases has to know.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Erase {
    bot: Id<Bot>,
}

/// Deletes a bot; a name that was typed to confirm it must be its own. It answers nobody from now on, and a job erases its channels, its
/// versions and what was said to it. Orders, customers and files that came of it stay: the books need them.
pub fn delete_bot(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, typed_name: Option<&str>) -> Result<()> {
    ctx.require(Permission::BotsDelete)?;
    let before = store::bot::get(ctx, tx, bot)?;
    // Compared as a search would: nobody types the apostrophe of another keyboard.
    let differs = |typed: &str| uztext::fold(typed.trim()) != uztext::fold(before.name.trim());
    if typed_name.is_some_and(differs) {
        return Err(Error::field("name", Text::new("bots-delete-name-differs").with("name", before.name)));
    }
    store::bot::set_deleted(ctx, tx, bot)?;
    store::channel::remove_all(ctx, tx, bot)?;
    jobs::enqueue(ctx, tx, NewJob::new(ERASE, &Erase { bot })?.unique(format!("erase:{bot}")))?;
    ctx.audit(tx, "bot.delete", "bot", bot, Some(&before), None::<&()>)?;
    ctx.emit(tx, Event::new(BOT_DELETED, bot))
}

/// Erases deleted bots.
pub(crate) fn erase_handler() -> Handler {
    Handler::new(ERASE, erase)
}

async fn erase(run: Run) -> Result<(), JobError> {
    let Erase { bot } = run.payload()?;
    loop {
        let ctx = run.ctx.clone();
        let piece = move |tx: &mut Tx<'_>| {
            let messages = store::erase::messages(&ctx, tx, bot, ERASED_AT_ONCE)?;
            let talks =
                if messages == 0 { store::erase::conversations(&ctx, tx, bot, ERASED_AT_ONCE)? } else { 0 };
            let visitors = match messages + talks {
                0 => store::erase::visitors(&ctx, tx, bot, ERASED_AT_ONCE)?,
                _ => 0,
            };
            let is_done = messages + talks + visitors == 0;
            if is_done {
                models::forget_bot(&ctx, tx, bot.uuid())?;
                store::erase::rest(&ctx, tx, bot)?;
            }
            Ok(is_done)
        };
        if run.db.write(&run.ctx, Lane::Background, piece).await.or_retry()? {
            return Ok(());
        }
    }
}

pub(super) fn checked_shop(checks: &mut Checks, shop: ShopInfo) -> ShopInfo {
    let ShopInfo { name, about, phone, address, hours, site, delivers, pickup, delivery_tiyin } = shop;
    let checked = ShopInfo {
        name: checks.required_line("shop_name", &name, FACT_CHARS),
        about: checks.prose("about", &about, ABOUT_CHARS),
        phone: checks.line("phone", &phone, FACT_CHARS),
        address: checks.line("address", &address, FACT_CHARS),
        hours: checks.line("hours", &hours, FACT_CHARS),
        site: checks.line("site", &site, FACT_CHARS),
        delivers,
        pickup,
        delivery_tiyin,
    };
    if !delivers && !pickup {
        checks.refuse("pickup", Text::new("bots-shop-no-way"));
    }
    if !(0..=DELIVERY_TIYIN_MAX).contains(&delivery_tiyin) {
        checks.refuse("delivery", Text::new("bots-shop-delivery-price"));
    }
    checked
}
