//! The desk of the agents: whoever writes from a chat that is an agent's works with that agent's sight, and in their name.
//!
//! Only Telegram says whose a chat is; a number that was typed, and a chat at a site, prove nothing.

mod answering;
mod files;
mod head;
mod inviting;
mod looking;

use context::{Actor, Ctx, Permission};
use db::{ReadTx, Tx};
use flow::{ActionCall, ActionResult};
use kernel::{Error, Id, Kind, Result};
use serde_json::Value;
use tickets::{Agent, NewAgent, Ticket, actions, reads};

use super::{Host, answer, person::telegram_of};
use crate::{Conversation, ticketing};

/// The agent who writes.
struct Me<'h> {
    /// Acts as the agent, with what agents may do.
    ctx: Ctx,
    agent: Agent,
    conversation: &'h Conversation,
}

impl Host<'_> {
    /// Carries out what an agent asks for. Whoever is none is told nothing.
    pub(super) fn at_desk(
        &self,
        tx: &mut Tx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        if call.name == "desk_join" {
            return self.join(tx, conversation, call);
        }
        let Some(me) = self.me(tx, conversation)? else { return answer(call, "none", &()) };
        let is_for_heads = match call.name.as_str() {
            "desk_agents" => call.args.get("number").is_none_or(Value::is_null),
            "desk_report" | "desk_report_file" | "desk_categories" | "desk_category"
            | "desk_category_set" | "desk_person" | "desk_hire" | "desk_colleague" | "desk_invite_form"
            | "desk_invite" | "desk_invitations" | "desk_revoke" => true,
            _ => false,
        };
        if is_for_heads && !me.agent.is_head {
            return answer(call, "none", &());
        }
        match call.name.as_str() {
            "desk_agent" => me.greeted(tx, call),
            "desk_tickets" => me.pile(tx, call),
            "desk_ticket" => me.ticket(tx, call),
            "desk_files" => me.files(tx, call),
            "desk_activity" => me.figures(tx, call, Some(me.agent.id)),
            "desk_report" => me.figures(tx, call, None),
            "desk_report_file" => me.report_file(tx, call),
            "desk_answer" => me.answer(tx, call, self.coming),
            "desk_take" => me.take(tx, call),
            "desk_hand" => me.hand(tx, call),
            "desk_close" => me.close(tx, call),
            "desk_note" => me.note(tx, call),
            "desk_duty" => me.duty(tx, call),
            "desk_snooze" => me.snooze(tx, call),
            "desk_merge" => me.merge(tx, call),
            "desk_agents" => me.agents(tx, call),
            "desk_categories" => me.categories(tx, call),
            "desk_category" => me.write_category(tx, call),
            "desk_category_set" => me.set_category(tx, call),
            "desk_person" => me.person(tx, call),
            "desk_hire" => me.hire(tx, call),
            "desk_invite_form" => me.fill_invite(tx, call),
            "desk_invite" => me.invite(tx, call),
            "desk_invitations" => me.invitations(tx, call),
            "desk_revoke" => me.revoke(tx, call),
            "desk_colleague" => me.colleague(tx, call),
            other => Err(Error::internal(format!("no action {other}"))),
        }
    }

    /// The agent whose chat this is.
    fn me<'c>(&self, tx: &mut Tx, conversation: &'c Conversation) -> Result<Option<Me<'c>>> {
        let ctx = &ticketing::asking(self.ctx);
        let Some(telegram) = telegram_of(ctx, tx, conversation)? else { return Ok(None) };
        let Some(agent) = reads::agent_of_telegram(ctx, tx, telegram.telegram_id)? else { return Ok(None) };
        if !is_at_work(ctx, tx, &agent)? {
            return Ok(None);
        }
        let ctx = self.ctx.with(|ctx| {
            ctx.actor = Actor::agent(agent.id.uuid(), &agent.full_name);
            ctx.permissions = [Permission::TicketsRead, Permission::TicketsEdit, Permission::SalesRead]
                .into_iter()
                .collect();
        });
        let agent = named(&ctx, tx, agent, conversation)?;
        Ok(Some(Me { ctx, agent, conversation }))
    }
}

/// Whether the agent works at the desk now. One who is a member, too, has to be an active one who may answer tickets: whom the
/// workspace lets into its pages no more, its bot lets in no more either.
pub(crate) fn is_at_work(ctx: &Ctx, tx: &mut ReadTx, agent: &Agent) -> Result<bool> {
    let Some(member) = agent.member.filter(|_| agent.is_active) else { return Ok(agent.is_active) };
    let may = auth::permissions_of(ctx, tx, member)?;
    Ok(may.has(Permission::TicketsRead) && may.has(Permission::TicketsEdit))
}

/// A head agent of the configuration gets the name of their chat when they first come.
fn named(ctx: &Ctx, tx: &mut Tx, agent: Agent, conversation: &Conversation) -> Result<Agent> {
    let is_unnamed = agent.telegram_id.is_some_and(|id| agent.full_name == Agent::unnamed(id));
    let name = conversation.person_name.trim();
    if !is_unnamed || !agent.is_head || name.is_empty() {
        return Ok(agent);
    }
    let new = NewAgent { full_name: name.to_owned(), ..content(&agent) };
    actions::update_agent(ctx, tx, agent.id, new)
}

/// What is written in an agent.
fn content(agent: &Agent) -> NewAgent {
    let Agent { member, telegram_id, full_name, is_head, is_active, categories, .. } = agent.clone();
    NewAgent { member, telegram_id, full_name, is_head, is_active, categories }
}

impl Me<'_> {
    /// The ticket with this number, as it is read or typed, where the agent sees it.
    fn find(&self, tx: &mut ReadTx, number: &Value) -> Result<Option<Ticket>> {
        let Some(number) = flow::value::integer(number) else { return Ok(None) };
        found(reads::get_by_number(&self.ctx, tx, number))
    }

    /// The same, held until the end of the transaction.
    fn hold(&self, tx: &mut Tx, number: &Value) -> Result<Option<Ticket>> {
        let Some(ticket) = self.find(tx, number)? else { return Ok(None) };
        found(actions::hold(&self.ctx, tx, ticket.id))
    }

    /// What the agent with this id is called.
    fn name_of(&self, tx: &mut ReadTx, agent: Option<Id<Agent>>) -> Result<Option<String>> {
        let Some(agent) = agent else { return Ok(None) };
        Ok(reads::agent(&self.ctx, tx, agent)?.map(|agent| agent.full_name))
    }
}

/// What is not found is nothing.
fn found<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == Kind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
