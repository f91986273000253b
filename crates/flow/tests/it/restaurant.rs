//! What stands around the booking bot: a staff chat, and perhaps another system that is called.

use flow::{
    ActionCall, ActionResult,
    outside::{TellStaff, Webhook, WebhookAnswer},
    transcript::Host,
};
use kernel::Timestamp;
use serde_json::{Value, json};

/// The restaurant.
#[derive(Debug, Default)]
pub struct Restaurant {
    /// What the other system was sent.
    pub sent: Vec<Value>,
    /// What the staff was told, by the notification's name.
    pub told: Vec<(String, Value)>,
    is_down: bool,
}

fn args<T: serde::de::DeserializeOwned>(call: &ActionCall) -> T {
    serde_json::from_value(Value::Object(call.args.clone())).unwrap()
}

impl Host for Restaurant {
    fn act(&mut self, call: &ActionCall, _: Timestamp) -> ActionResult {
        match call.name.as_str() {
            "tell_staff" => {
                let TellStaff { message, with, chat: _ } = args(call);
                self.told.push((message, Value::Object(with.unwrap_or_default())));
                call.answer("ok", Value::Null)
            }
            "webhook" => {
                let Webhook { url, method, body } = args(call);
                assert_eq!((url.as_str(), method.as_deref()), ("https://example.com/bookings", Some("post")));
                self.sent.push(Value::Object(body.unwrap_or_default()));
                if self.is_down {
                    return call.failed();
                }
                let answer = WebhookAnswer { status: 201, body: json!({ "number": "B-17" }) };
                call.answer("ok", serde_json::to_value(answer).unwrap())
            }
            other => panic!("no action {other}"),
        }
    }

    fn happen(&mut self, words: &str, _: Timestamp) -> Result<Vec<(String, Value)>, String> {
        match words {
            "the other system answers with a number" => Ok(Vec::new()),
            "the other system is down" => {
                self.is_down = true;
                Ok(Vec::new())
            }
            _ => Err("unknown words".to_owned()),
        }
    }
}
