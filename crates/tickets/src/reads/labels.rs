//! Labels and canned replies: for everybody who reads what people write, at the desk or in the inbox.

use std::collections::HashMap;

use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Id, Kind, Lang, Result};

use super::Sight;
use crate::{Agent, CannedReply, Filling, Label, Ticket, store};

/// The workspace's labels, by name.
pub fn labels(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Label>> {
    must_read(ctx)?;
    store::label::list(ctx, tx)
}

/// The labels of each of these tickets that is seen, by name; one without labels is left out.
pub fn labels_of_tickets(
    ctx: &Ctx,
    tx: &mut ReadTx,
    tickets: &[Ticket],
) -> Result<HashMap<Id<Ticket>, Vec<Label>>> {
    let sight = Sight::of(ctx, tx)?;
    let seen: Vec<Id<Ticket>> =
        tickets.iter().filter(|ticket| sight.sees(ticket)).map(|ticket| ticket.id).collect();
    store::label::of_many(ctx, tx, &seen)
}

/// The workspace's canned replies, by their short words.
pub fn canned_replies(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<CannedReply>> {
    must_read_canned(ctx)?;
    store::canned::list(ctx, tx)
}

/// What stands in canned replies that are given to a person of this name, in this language, about this ticket where there is one.
pub fn filling(
    ctx: &Ctx,
    tx: &mut ReadTx,
    name: &str,
    lang: Lang,
    ticket: Option<&Ticket>,
) -> Result<Filling> {
    must_read(ctx)?;
    let category = match ticket {
        Some(ticket) => store::staff::get_category(ctx, tx, ticket.category)?.name.get(lang).to_owned(),
        None => String::new(),
    };
    let business = match auth::workspace(tx, ctx.workspace()) {
        Err(error) if error.kind() == Kind::NotFound => String::new(),
        record => record?.name,
    };
    let agent = match ctx.may(Permission::TicketsRead) {
        true => Sight::of(ctx, tx)?.agent().map(Agent::spoken_name),
        false => None,
    };
    Ok(Filling {
        name: name.to_owned(),
        number: ticket.map(|ticket| ticket.number),
        category,
        agent: agent.unwrap_or_else(|| ctx.actor().name.clone()),
        business,
    })
}

/// Whoever answers tickets sees what is answered often, and whoever sees bots.
pub(crate) fn must_read_canned(ctx: &Ctx) -> Result<()> {
    if ctx.may(Permission::TicketsEdit) { Ok(()) } else { ctx.require(Permission::BotsRead) }
}

/// What whoever reads what people write may see: whoever sees tickets, and whoever sees bots.
fn must_read(ctx: &Ctx) -> Result<()> {
    if ctx.may(Permission::TicketsRead) { Ok(()) } else { ctx.require(Permission::BotsRead) }
}

/// What whoever answers people may do: whoever answers tickets, and whoever changes bots.
pub(crate) fn must_answer(ctx: &Ctx) -> Result<()> {
    must_read(ctx)?;
    if ctx.may(Permission::TicketsEdit) { Ok(()) } else { ctx.require(Permission::BotsEdit) }
}
