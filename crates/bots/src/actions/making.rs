//! Making a bot: from a blueprint, or as the copy of another.

use context::{Ctx, Event, Permission};
use db::Tx;
use flow::{Blueprint, shop::ShopInfo};
use kernel::{Checks, Error, Id, Result, Text};

use super::{
    forming::ensure_forms,
    managing::{NAME_CHARS, checked_shop},
};
use crate::{
    Bot, BotState, Channel, ChannelKind, ChannelState,
    events::BOT_CREATED,
    store,
    version::{Draft, Version, tidy},
};

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
    let source = checks.take_all(tidy("source", &source)).unwrap_or_default();
    checks.done()?;
    let blueprint = faultless(&source)?;
    let bot = insert(ctx, tx, name, shop, &source, None)?;
    ensure_forms(ctx, tx, &blueprint)?;
    Ok(bot)
}

/// Makes a bot that says what another says now, works on the same draft, and is reached by nobody yet.
pub fn duplicate_bot(ctx: &Ctx, tx: &mut Tx, of: Id<Bot>, name: &str) -> Result<Bot> {
    ctx.require(Permission::BotsCreate)?;
    let model = store::bot::get(ctx, tx, of)?;
    let mut checks = Checks::new();
    let name = checks.required_line("name", name, NAME_CHARS);
    checks.done()?;
    let source = store::version::source(ctx, tx, of, model.version)?;
    let draft = store::draft::find(ctx, tx, of)?;
    insert(ctx, tx, name, model.shop, &source, draft)
}

/// The blueprint of a file. Errors: it could not answer anybody, each problem with its place in the file.
pub(super) fn faultless(source: &str) -> Result<Blueprint> {
    Blueprint::load("blueprint", source, crate::host::actions()).map_err(|problems| {
        let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Error::field("source", Text::new("bots-blueprint-wrong").with("problems", words.join("; ")))
    })
}

fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    name: String,
    shop: ShopInfo,
    source: &str,
    draft: Option<Draft>,
) -> Result<Bot> {
    context::require_room(ctx, tx, context::Limited::Bots, store::bot::count)?;
    let number = context::next_number(ctx, tx, "bot")?;
    let created_at = ctx.now();
    let (id, state) = (ctx.new_id(), BotState::Active);
    let bot = Bot { id, number, name, state, version: 1, shop, staff_chat: None, created_at };
    store::bot::insert(ctx, tx, &bot)?;
    let first = Version {
        bot: id,
        version: bot.version,
        note: String::new(),
        published_by: ctx.actor().name.clone(),
        from_version: None,
        published_at: created_at,
    };
    store::version::insert(ctx, tx, &first, source)?;
    if let Some(draft) = draft {
        store::draft::set(ctx, tx, id, &Draft { revision: 1, base_version: 1, ..draft })?;
        store::draft::set_revision(ctx, tx, id, 1)?;
    }
    let simulator = blank_channel(ctx, id, ChannelKind::Simulator);
    store::channel::insert(ctx, tx, &simulator, None)?;
    ctx.audit_new(tx, "bot.create", "bot", id, &bot)?;
    ctx.emit(tx, Event::new(BOT_CREATED, id))?;
    Ok(bot)
}

pub(super) fn blank_channel(ctx: &Ctx, bot: Id<Bot>, kind: ChannelKind) -> Channel {
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
