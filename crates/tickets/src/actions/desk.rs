//! What agents need at their desk, and who is a head agent from the beginning.

use context::{Ctx, Permission, get_setting, set_setting};
use db::Tx;
use kernel::{Id, Result};

use super::{create_agent, update_agent};
use crate::{Agent, NewAgent, Ticket, reads::Sight, store};

/// The ticket, open or closed, held until the end of the transaction: nobody else answers, assigns or closes it meanwhile.
pub fn hold(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>) -> Result<Ticket> {
    ctx.require(Permission::TicketsEdit)?;
    let sight = Sight::of(ctx, tx)?;
    sight.seen(store::ticket::lock(ctx, tx, id)?)
}

/// The setting that says of which Telegram ids [`make_heads`] has made head agents.
const HEADS_MADE: &str = "tickets.heads_made";

/// Makes each of these Telegram ids a head agent, once: whatever somebody makes of it afterwards stays. Answers how many it
/// made now.
pub fn make_heads(ctx: &Ctx, tx: &mut Tx, telegram_ids: &[i64]) -> Result<usize> {
    ctx.require(Permission::TicketsDelete)?;
    let mut known: Vec<i64> = get_setting(ctx, tx, HEADS_MADE)?;
    let mut new: Vec<i64> = telegram_ids.iter().copied().filter(|id| !known.contains(id)).collect();
    new.sort_unstable();
    new.dedup();
    for telegram_id in &new {
        match store::staff::agent_of_telegram(ctx, tx, *telegram_id)? {
            Some(agent) => {
                let Agent { member, telegram_id, full_name, is_active, categories, .. } = agent;
                let head = NewAgent { member, telegram_id, full_name, is_head: true, is_active, categories };
                update_agent(ctx, tx, agent.id, head)?;
            }
            None => {
                let head = NewAgent {
                    member: None,
                    telegram_id: Some(*telegram_id),
                    full_name: Agent::unnamed(*telegram_id),
                    is_head: true,
                    is_active: true,
                    categories: Vec::new(),
                };
                create_agent(ctx, tx, head)?;
            }
        }
    }
    if !new.is_empty() {
        known.extend(&new);
        set_setting(ctx, tx, HEADS_MADE, &known)?;
    }
    Ok(new.len())
}
