//! What people do with bots: make one, connect it, pause it.

use channels::telegram::{Profile, Token};
use context::{Ctx, Permission};
use db::Tx;
use flow::{Blueprint, shop::ShopInfo};
use kernel::{Checks, Error, Id, Result, Text};

use crate::{Bot, BotState, Bots, Channel, ChannelKind, ChannelState, Intake, host, store};

/// Characters of a bot's name.
const NAME_CHARS: usize = 100;
/// Characters of each of the shop's facts.
const FACT_CHARS: usize = 300;
/// Characters of what a shop says about itself.
const ABOUT_CHARS: usize = 2_000;
/// Delivery that costs more is a typing mistake: so'm in tiyin.
const DELIVERY_TIYIN_MAX: i64 = 1_000_000_000;

/// A bot to make.
#[derive(Debug, Clone)]
pub struct NewBot {
    /// Its name, for the people who run it.
    pub name: String,
    /// Its blueprint as a file.
    pub source: String,
    /// What its blueprint says of the shop.
    pub shop: ShopInfo,
}

/// Makes a bot with its first version and its simulator. Errors: the name; the blueprint's problems, each with its
/// place in the file.
pub fn create_bot(ctx: &Ctx, tx: &mut Tx, new: NewBot) -> Result<Bot> {
    ctx.require(Permission::BotsCreate)?;
    let NewBot { name, source, shop } = new;
    let mut checks = Checks::new();
    let name = checks.required_line("name", &name, NAME_CHARS);
    let shop = checked_shop(&mut checks, shop);
    checks.done()?;
    if let Err(problems) = Blueprint::load("blueprint", &source, host::ACTIONS) {
        let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
        return Err(Error::field(
            "source",
            Text::new("bots-blueprint-wrong").with("problems", words.join("; ")),
        ));
    }
    context::require_room(ctx, tx, context::Limited::Bots, store::bot::count)?;
    let number = context::next_number(ctx, tx, "bot")?;
    let created_at = ctx.now();
    let bot = Bot { id: ctx.new_id(), number, name, state: BotState::Active, version: 1, shop, created_at };
    store::bot::insert(ctx, tx, &bot)?;
    store::bot::insert_version(ctx, tx, bot.id, bot.version, &source)?;
    let simulator = blank_channel(ctx, bot.id, ChannelKind::Simulator);
    store::channel::insert(ctx, tx, &simulator, None)?;
    ctx.audit_new(tx, "bot.create", "bot", bot.id, &bot)?;
    Ok(bot)
}

fn blank_channel(ctx: &Ctx, bot: Id<Bot>, kind: ChannelKind) -> Channel {
    Channel {
        id: ctx.new_id(),
        workspace: ctx.workspace(),
        bot,
        kind,
        state: ChannelState::Live,
        username: None,
        token_sealed: None,
        intake: None,
        webhook_secret: None,
        next_update: 0,
        problem: None,
        fence: 0,
    }
}

fn checked_shop(checks: &mut Checks, shop: ShopInfo) -> ShopInfo {
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
    Ok(after)
}

/// Lets the bot answer, or keep silent.
pub fn set_bot_state(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, state: BotState) -> Result<Bot> {
    ctx.require(Permission::BotsEdit)?;
    let before = store::bot::get(ctx, tx, bot)?;
    let after = Bot { state, ..before.clone() };
    store::bot::update(ctx, tx, &after)?;
    ctx.audit(tx, "bot.set_state", "bot", bot, Some(&before.state), Some(&state))?;
    Ok(after)
}

/// Connects a Telegram token that `getMe` has answered for with `profile`.
pub fn connect_telegram(
    ctx: &Ctx,
    tx: &mut Tx,
    bots: &Bots,
    bot: Id<Bot>,
    token: &Token,
    profile: &Profile,
    intake: Intake,
) -> Result<Channel> {
    ctx.require(Permission::BotsEdit)?;
    store::bot::get(ctx, tx, bot)?;
    let mut channel = blank_channel(ctx, bot, ChannelKind::Telegram);
    channel.token_sealed = Some(bots.seal(ctx.random(), channel.id, token)?);
    channel.username = Some(profile.username.clone());
    channel.intake = Some(intake);
    if intake == Intake::Webhook {
        channel.webhook_secret = Some(hex::encode(ctx.random().bytes::<24>()));
    }
    store::channel::insert(ctx, tx, &channel, Some(profile.id))?;
    let told = serde_json::json!({ "bot": bot, "username": profile.username, "intake": intake });
    ctx.audit_new(tx, "channel.connect", "channel", channel.id, &told)?;
    Ok(channel)
}

/// Takes a channel away. Its conversations stay.
pub fn disconnect(ctx: &Ctx, tx: &mut Tx, id: Id<Channel>) -> Result<Channel> {
    ctx.require(Permission::BotsEdit)?;
    let channel = store::channel::get(ctx, tx, id)?;
    if channel.kind == ChannelKind::Simulator {
        return Err(Error::conflict(Text::new("bots-simulator-stays")));
    }
    store::channel::set_state(ctx.workspace(), tx, id, ChannelState::Removed, None)?;
    ctx.audit(tx, "channel.disconnect", "channel", id, Some(&channel.username), None::<&()>)?;
    Ok(channel)
}

/// Lets a broken channel try again, as it was: somebody has mended what was wrong.
pub fn retry_channel(ctx: &Ctx, tx: &mut Tx, id: Id<Channel>) -> Result<Channel> {
    ctx.require(Permission::BotsEdit)?;
    let channel = store::channel::get(ctx, tx, id)?;
    let intake = channel.intake.unwrap_or(Intake::Polling);
    store::channel::set_intake(ctx, tx, id, intake, channel.webhook_secret.as_deref())?;
    ctx.audit(tx, "channel.retry", "channel", id, Some(&channel.problem), None::<&()>)?;
    Ok(channel)
}

/// The channel of the bot's simulator.
// tidy: no permission: whoever tries a bot out was asked before
pub fn simulator_channel(ctx: &Ctx, tx: &mut db::ReadTx, bot: Id<Bot>) -> Result<Channel> {
    let channels = store::channel::list(ctx, tx, bot)?;
    channels.into_iter().find(|channel| channel.kind == ChannelKind::Simulator).ok_or_else(Error::not_found)
}

/// The workspace's bots, oldest first; no workspace has more than a page of them in sight.
pub fn list_bots(ctx: &Ctx, tx: &mut db::ReadTx) -> Result<Vec<Bot>> {
    ctx.require(Permission::BotsRead)?;
    Ok(store::bot::list(ctx, tx, kernel::PageRequest::new(1, 500))?.results)
}
