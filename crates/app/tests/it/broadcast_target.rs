//! A broadcast to one person, as far on as a path of its wants it.

use std::sync::Arc;

use bots::Bots;
use broadcast::{Content, People, Texts, actions};
use channels::telegram::{Profile, Token};
use context::Ctx;
use db::Tx;
use kernel::{Id, Result};

use crate::targets::Target;

pub(crate) fn broadcast(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    bots: &Arc<Bots>,
    called: &str,
    path: &str,
) -> Result<Target> {
    let new = bots::NewBot { source: flow::examples::BLANK.to_owned(), ..crate::world::new_bot() };
    let bot = bots::create_bot(ctx, tx, new)?;
    // An account is connected once on the whole server.
    let account = 100_000 + i64::from(u32::from_be_bytes(ctx.random().bytes::<4>()));
    let token = Token::parse(&format!("{account}:A-TOKEN-THAT-NOBODY-ANSWERS-FOR"))?;
    let username = "target_bot".to_owned();
    let profile = Profile { id: token.bot_id(), first_name: "Target".to_owned(), username };
    let channel = bots::connect_telegram(ctx, tx, bots, bot.id, &token, &profile, bots::Intake::Polling)?.id;
    let person: Id<bots::Conversation> = ctx.new_id();
    tx.execute_one(
        "INSERT INTO bots_conversation (workspace_id, id, channel_id, chat_key, person_name, session, created_at_ms, last_at_ms)
         VALUES ($1, $2, $3, '5', 'Anna', '', $4, $4)",
        db::params![ctx.workspace(), person, channel, ctx.now()],
    )?;
    let texts = Texts { uz: called.to_owned(), ru: called.to_owned(), en: called.to_owned() };
    let content = Content { texts, ..Content::default() };
    let new = actions::NewBroadcast { name: called.to_owned(), channel, content, people: People::default() };
    let made = actions::create(ctx, tx, bots, new)?;
    let ends = |verb: &str| path.ends_with(verb);
    if ends("/unschedule") || ends("/cancel") {
        let later = ctx.now().plus_seconds(3_600);
        actions::schedule(ctx, tx, bots, made.id, Some(later))?;
    }
    let state = match () {
        () if ends("/pause") => Some("running"),
        () if ends("/resume") => Some("paused"),
        () => None,
    };
    if let Some(state) = state {
        // Only a sender lets it run.
        tx.execute_one(
            "UPDATE broadcast_broadcast SET state = $3, started_at_ms = $4 WHERE workspace_id = $1 AND id = $2",
            db::params![ctx.workspace(), made.id, state, ctx.now()],
        )?;
    }
    Ok(Target { number: Some(made.number), id: made.id.uuid(), word: None, second: None })
}
