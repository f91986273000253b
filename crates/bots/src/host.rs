//! What bots can do: the actions that a blueprint calls, done in the update's own transaction.

mod order;
mod shop;
mod words;

use context::Ctx;
use db::Tx;
use flow::{ActionCall, ActionResult, ActionSignature};
use kernel::{Error, Id};
use serde::de::DeserializeOwned;

use crate::{Bot, Bots, Conversation};

/// The actions that every blueprint may call.
pub const ACTIONS: &[ActionSignature] = flow::shop::ACTIONS;

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

/// Why an action stopped.
#[derive(Debug)]
pub(crate) enum Stop {
    Need(Need),
    Error(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Carries actions out for one update.
pub(crate) struct Host<'h> {
    pub(crate) ctx: &'h Ctx,
    pub(crate) bots: &'h Bots,
    pub(crate) bot: Id<Bot>,
    pub(crate) answers: &'h Answers,
}

impl Host<'_> {
    /// Carries `call` out; what it is refused for is an outcome.
    pub(crate) fn perform(
        &self,
        tx: &mut Tx,
        conversation: &mut Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult, Stop> {
        match call.name.as_str() {
            "register" => self.register(tx, conversation, call),
            "save_phone" => self.save_phone(tx, conversation, call),
            "save_name" => self.save_name(tx, conversation, call),
            "shop_info" => self.shop_info(tx, call),
            "search_products" => self.search_products(tx, call),
            "show_category" => self.show_category(tx, call),
            "product" => self.product(tx, call),
            "change_cart" => self.change_cart(tx, call),
            "view_cart" => self.view_cart(tx, call),
            "check_order" => self.check_order(tx, call),
            "place_order" => self.place_order(tx, conversation, call),
            "my_orders" => self.my_orders(tx, conversation, call),
            "order_status" => self.order_status(tx, conversation, call),
            "cancel_order" => self.cancel_order(tx, conversation, call),
            other => Err(Stop::Error(Error::internal(format!("no action {other}")))),
        }
    }
}

/// The arguments of a call; the blueprint was checked against the signatures, so a misfit is ours.
fn args<T: DeserializeOwned>(call: &ActionCall) -> Result<T, Stop> {
    let args = serde_json::Value::Object(call.args.clone());
    serde_json::from_value(args).map_err(|error| Stop::Error(Error::internal(error)))
}

fn answer(call: &ActionCall, outcome: &str, data: &impl serde::Serialize) -> Result<ActionResult, Stop> {
    let data = serde_json::to_value(data).map_err(|error| Stop::Error(Error::internal(error)))?;
    Ok(call.answer(outcome, data))
}
