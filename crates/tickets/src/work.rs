//! The work of agents: what waits for whom, and what was done in a time.

use std::collections::HashMap;

use context::Ctx;
use db::ReadTx;
use kernel::{Error, Id, Page, PageRequest, Result, Timestamp};

use crate::{
    Agent, Ticket,
    reads::{Sight, View},
    store,
};

/// What was done from a moment on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Tickets that were opened.
    pub opened: i64,
    /// Answers that were given.
    pub answered: i64,
    /// Tickets that were closed.
    pub closed: i64,
    /// How long the first answers took in the mean, seconds; `None` where there was none.
    pub first_answer_s: Option<i64>,
}

/// The part `page` of what waits at the desk: who has waited longest comes first, whoever does not wait last.
pub fn queue(ctx: &Ctx, tx: &mut ReadTx, view: View, page: PageRequest) -> Result<Page<Ticket>> {
    let sight = Sight::of(ctx, tx)?;
    store::queue::longest_first(ctx, tx, &sight, view, page)
}

/// What an agent has done since then: their answers, the tickets that were closed in their hands, and how long those waited
/// whom they answered first. Of all agents where none is named, which is for whoever manages.
pub fn figures(ctx: &Ctx, tx: &mut ReadTx, agent: Option<Id<Agent>>, since: Timestamp) -> Result<Figures> {
    let sight = Sight::of(ctx, tx)?;
    let own = sight.agent().map(|agent| agent.id);
    if !sight.manages(ctx) && (agent.is_none() || agent != own) {
        return Err(Error::forbidden());
    }
    store::work::figures(ctx, tx, agent, since)
}

/// How many open tickets each agent has; for whoever manages. Who has none is left out.
pub fn open_counts(ctx: &Ctx, tx: &mut ReadTx) -> Result<HashMap<Id<Agent>, i64>> {
    if !Sight::of(ctx, tx)?.manages(ctx) {
        return Err(Error::forbidden());
    }
    store::work::open_counts(ctx, tx)
}
