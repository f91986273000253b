//! What an agent does with a ticket: answers, takes it, hands it over, closes it.

use db::Tx;
use flow::{
    ActionCall, ActionResult, Contact, Input, Location, Media,
    desk::{
        DeskAnswer, DeskHand, MergeDeskTicket, OfTicket, SetDeskDuty, SnoozeDeskTicket, Taken, WriteDeskNote,
    },
};
use kernel::{Kind, Result};
use serde_json::Value;
use tickets::{By, actions, reads};

use super::{Me, found};
use crate::{
    host::{answer, args},
    ticketing,
};

const HOUR_S: i64 = 60 * 60;

impl Me<'_> {
    /// `coming` is what the platform calls the agent's message: what they change in it later changes the answer.
    pub(super) fn answer(&self, tx: &mut Tx, call: &ActionCall, coming: Option<i64>) -> Result<ActionResult> {
        let DeskAnswer { number, said } = args(call)?;
        let Some(mut said) = input_of(said).as_ref().and_then(ticketing::said_of) else {
            return answer(call, "unfit", &());
        };
        let Some(ticket) = self.hold(tx, &number)? else { return answer(call, "gone", &()) };
        if !ticket.is_open {
            return answer(call, "closed", &());
        }
        if let Some(agent) = ticket.agent.filter(|agent| *agent != self.agent.id) {
            let agent = self.name_of(tx, Some(agent))?.unwrap_or_default();
            return answer(call, "taken", &Taken { agent });
        }
        said.chat_key = coming.map(|id| ticketing::chat_key(self.conversation.id, id));
        let by = By::Agent(self.agent.id);
        let said = tx.savepoint(|tx| actions::add_message(&self.ctx, tx, ticket.id, by, said.clone()));
        match said {
            Ok(_) => {}
            Err(error) if error.kind() == Kind::Invalid => return answer(call, "unfit", &()),
            Err(error) => return Err(error),
        }
        let after = reads::get(&self.ctx, tx, ticket.id)?;
        self.look(tx, &after)?;
        answer(call, "ok", &())
    }

    pub(super) fn take(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let OfTicket { number } = args(call)?;
        let Some(ticket) = self.hold(tx, &number)? else { return answer(call, "gone", &()) };
        if !ticket.is_open {
            return answer(call, "closed", &());
        }
        let taken = actions::assign(&self.ctx, tx, ticket.id, self.agent.id)?;
        self.look(tx, &taken)?;
        answer(call, "ok", &())
    }

    pub(super) fn hand(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let DeskHand { number, agent, category } = args(call)?;
        let Some(ticket) = self.hold(tx, &number)? else { return answer(call, "gone", &()) };
        if !ticket.is_open {
            return answer(call, "closed", &());
        }
        if let Some(number) = category {
            let offered = reads::categories(&self.ctx, tx)?.into_iter().filter(|category| category.is_active);
            let Some(category) = offered.into_iter().find(|category| category.number == number) else {
                return answer(call, "gone", &());
            };
            actions::move_to(&self.ctx, tx, ticket.id, category.id)?;
            return answer(call, "ok", &());
        }
        let agent = reads::agents(&self.ctx, tx)?.into_iter().find(|other| Some(other.number) == agent);
        let Some(agent) = agent.filter(|agent| agent.answers_in(ticket.category)) else {
            return answer(call, "gone", &());
        };
        actions::assign(&self.ctx, tx, ticket.id, agent.id)?;
        answer(call, "ok", &())
    }

    pub(super) fn note(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let WriteDeskNote { number, text } = args(call)?;
        let Some(ticket) = self.find(tx, &number)? else { return answer(call, "gone", &()) };
        match tx.savepoint(|tx| actions::add_note(&self.ctx, tx, ticket.id, &text)) {
            Ok(()) => answer(call, "ok", &()),
            Err(error) if error.kind() == Kind::Invalid => answer(call, "unfit", &()),
            Err(error) => Err(error),
        }
    }

    pub(super) fn duty(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let SetDeskDuty { act } = args(call)?;
        actions::set_duty(&self.ctx, tx, self.agent.id, act == "on")?;
        answer(call, "ok", &())
    }

    pub(super) fn snooze(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let SnoozeDeskTicket { number, act } = args(call)?;
        let Some(ticket) = self.hold(tx, &number)? else { return answer(call, "gone", &()) };
        if !ticket.is_open {
            return answer(call, "closed", &());
        }
        let hours = match act.as_str() {
            "hour" => Some(1),
            "hours" => Some(4),
            "day" => Some(24),
            "week" => Some(7 * 24),
            _ => None,
        };
        let done = match hours {
            Some(hours) => {
                let until = self.ctx.now().plus_seconds(hours * HOUR_S);
                actions::snooze(&self.ctx, tx, ticket.id, until)?
            }
            None => actions::wake(&self.ctx, tx, ticket.id)?,
        };
        self.look(tx, &done)?;
        answer(call, "ok", &())
    }

    pub(super) fn merge(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let MergeDeskTicket { number, into } = args(call)?;
        let Some(ticket) = self.find(tx, &number)? else { return answer(call, "gone", &()) };
        let Some(into) = self.find(tx, &into)? else { return answer(call, "unfit", &()) };
        match tx.savepoint(|tx| actions::merge(&self.ctx, tx, ticket.id, into.id)) {
            Ok(_) => answer(call, "ok", &()),
            Err(error) if error.kind() == Kind::Conflict => answer(call, "closed", &()),
            Err(error) if error.kind() == Kind::Invalid => answer(call, "unfit", &()),
            Err(error) => Err(error),
        }
    }

    pub(super) fn close(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let OfTicket { number } = args(call)?;
        let Some(ticket) = self.hold(tx, &number)? else { return answer(call, "gone", &()) };
        if !ticket.is_open {
            return answer(call, "closed", &());
        }
        let closed = found(actions::close(&self.ctx, tx, ticket.id))?;
        answer(call, if closed.is_some() { "ok" } else { "gone" }, &())
    }
}

/// What the agent said, as an `any` step keeps it.
fn input_of(said: Value) -> Option<Input> {
    let text = |name: &str| said.get(name).and_then(Value::as_str);
    if let Some(text) = text("text") {
        return Some(Input::Text(text.to_owned()));
    }
    if let Some(phone) = text("phone") {
        return Some(Input::Contact(Contact { phone: phone.to_owned(), own: false }));
    }
    if said.get("file").is_some() {
        return serde_json::from_value::<Media>(said).ok().map(Input::Media);
    }
    serde_json::from_value::<Location>(said).ok().map(Input::Location)
}
