//! What bots can do: the actions that a blueprint calls, done in the update's own transaction.

mod admissions;
mod desk;
mod order;
mod outside;
mod person;
mod shop;
mod surveys;
mod ticket;
mod words;

pub(crate) use self::desk::is_at_work;

use std::error::Error as _;

use context::Ctx;
use db::{ReadTx, Tx};
use flow::{ActionCall, ActionResult, ActionSignature, Blueprint, assistant::ASK_ASSISTANT, examples};
use kernel::{Error, Id, Result};
use serde::de::DeserializeOwned;
use text::Texts;

use crate::{Bot, Conversation};

/// The actions that every blueprint may call.
pub fn actions() -> &'static [ActionSignature] {
    &examples::ACTIONS
}

/// What has to be found out outside of the transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Need {
    /// Products that fit these words, in order.
    Search { query: String, offset: usize, limit: usize },
}

/// What was found out, so that the transaction can go on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answers {
    pub(crate) search: Option<(Need, Vec<Id<catalog::Product>>, usize)>,
}

impl Answers {
    /// What was asked, what was found and how much there is, when it is these words that were searched for.
    pub(crate) fn search_for(&self, words: &str) -> Option<(&Need, &[Id<catalog::Product>], usize)> {
        let (need, found, total) = self.search.as_ref()?;
        let Need::Search { query, .. } = need;
        (query == words).then_some((need, found.as_slice(), *total))
    }
}

impl Need {
    /// What has to be found out first, when that is why a transaction ended.
    pub(crate) fn of(error: &Error) -> Option<&Self> {
        error.source().and_then(|source| source.downcast_ref())
    }
}

impl std::fmt::Display for Need {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "has to be found out first: {self:?}")
    }
}
impl std::error::Error for Need {}

impl From<Need> for Error {
    /// Ends the transaction; [`crate::receive`] finds it out and takes the update again.
    fn from(need: Need) -> Self {
        Self::busy().because(need)
    }
}

/// Carries actions out for one update.
pub(crate) struct Host<'h> {
    pub(crate) ctx: &'h Ctx,
    pub(crate) bot: Id<Bot>,
    pub(crate) blueprint: &'h Blueprint,
    pub(crate) answers: &'h Answers,
    /// What is wrong with an answer, in words.
    pub(crate) texts: &'h Texts,
    /// Whether a number that the person shares is known to be their own. Where it is not, the contact of that number is
    /// for the staff to see, and the person is told nothing of it.
    pub(crate) is_proved: bool,
    /// What the platform calls the message that is taken; `None` for a tap.
    pub(crate) coming: Option<i64>,
}

/// What became of a call.
#[derive(Debug)]
pub(crate) enum Done {
    /// It was carried out.
    Now(ActionResult),
    /// It takes long: a job does it and goes on with the conversation.
    Later,
}

impl Host<'_> {
    /// Carries `call` out, or has it carried out by a job.
    pub(crate) fn begin(
        &self,
        tx: &mut Tx,
        conversation: &mut Conversation,
        call: &ActionCall,
    ) -> Result<Done> {
        match call.name.as_str() {
            "webhook" => self.webhook(tx, conversation, call),
            ASK_ASSISTANT => self.ask_assistant(tx, conversation, call),
            _ => self.perform(tx, conversation, call).map(Done::Now),
        }
    }

    /// Carries a call out that only looks something up; `None` for one that does more.
    pub(crate) fn look(
        &self,
        tx: &mut ReadTx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<Option<ActionResult>> {
        let found = match call.name.as_str() {
            "shop_info" => self.shop_info(tx, call),
            "search_products" => self.search_products(tx, call),
            "show_category" => self.show_category(tx, call),
            "product" => self.product(tx, call),
            "view_cart" => self.view_cart(tx, call),
            "my_orders" => self.my_orders(tx, conversation, call),
            "order_status" => self.order_status(tx, conversation, call),
            "catalog_items" => self.catalog_items(tx, call),
            "my_profile" => self.my_profile(tx, conversation, call),
            "application_form" => self.application_form(tx, conversation, call),
            "my_applications" => self.my_applications(tx, conversation, call),
            "survey" => self.survey(tx, conversation, call),
            "survey_programs" => self.survey_programs(tx, call),
            _ => return Ok(None),
        };
        found.map(Some)
    }

    /// Carries `call` out; what it is refused for is an outcome.
    fn perform(
        &self,
        tx: &mut Tx,
        conversation: &mut Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        if let Some(found) = self.look(tx, conversation, call)? {
            return Ok(found);
        }
        match call.name.as_str() {
            "register" => self.register(tx, conversation, call),
            "save_phone" => self.save_phone(tx, conversation, call),
            "save_name" => self.save_name(tx, conversation, call),
            "change_cart" => self.change_cart(tx, call),
            "check_order" => self.check_order(tx, call),
            "place_order" => self.place_order(tx, conversation, call),
            "cancel_order" => self.cancel_order(tx, conversation, call),
            "tell_staff" => self.tell_staff(tx, conversation, call),
            "ticket_categories" => self.ticket_categories(tx, call),
            "my_ticket" => self.my_ticket(tx, conversation, call),
            "open_ticket" => self.open_ticket(tx, conversation, call),
            "say_in_ticket" => self.say_in_ticket(tx, conversation, call),
            "close_ticket" => self.close_ticket(tx, conversation, call),
            "rate_ticket" => self.rate_ticket(tx, conversation, call),
            "reopen_ticket" => self.reopen_ticket(tx, conversation, call),
            name if name.starts_with("desk_") => self.at_desk(tx, conversation, call),
            "save_profile" => self.save_profile(tx, conversation, call),
            "submit_application" => self.submit_application(tx, conversation, call),
            "save_survey" => self.save_survey(tx, conversation, call),
            "send_invoice" => self.send_invoice(tx, conversation, call),
            other => Err(Error::internal(format!("no action {other}"))),
        }
    }
}

/// The arguments of a call; the blueprint was checked against the signatures, so a misfit is ours.
fn args<T: DeserializeOwned>(call: &ActionCall) -> Result<T> {
    let args = serde_json::Value::Object(call.args.clone());
    serde_json::from_value(args).map_err(Error::internal)
}

fn answer(call: &ActionCall, outcome: &str, data: &impl serde::Serialize) -> Result<ActionResult> {
    let data = serde_json::to_value(data).map_err(Error::internal)?;
    Ok(call.answer(outcome, data))
}
