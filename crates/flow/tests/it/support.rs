//! What stands around the support desk's bot: two categories, and the person's ticket.

use flow::{
    ActionCall, ActionResult, Input,
    tickets::{OpenTicket, SayInTicket, TicketCategories, TicketCategory, TicketView},
    transcript::Host,
};
use kernel::{Lang, Timestamp};
use serde_json::{Value, json};

/// The desk.
#[derive(Debug, Default)]
pub struct Support {
    opened: i64,
    /// The category of the open ticket.
    open: Option<i64>,
    /// What was said before a ticket was open.
    pub said: Vec<String>,
    is_empty: bool,
}

fn args<T: serde::de::DeserializeOwned>(call: &ActionCall) -> T {
    serde_json::from_value(Value::Object(call.args.clone())).unwrap()
}

fn category(number: i64, lang: Lang) -> TicketCategory {
    let name = match (number, lang) {
        (1, Lang::Uz) => "Toʻlov",
        (1, Lang::Ru) => "Оплата",
        (1, Lang::En) => "Payment",
        (_, Lang::Uz) => "Yetkazish",
        (_, Lang::Ru) => "Доставка",
        (_, Lang::En) => "Delivery",
    };
    TicketCategory { number, name: name.to_owned() }
}

/// What was said, in one line.
fn words(input: &Input) -> String {
    match input {
        Input::Text(text) => text.clone(),
        Input::Media(media) => format!("({}) {}", media.kind.name(), media.caption).trim().to_owned(),
        Input::Location(place) => format!("{}, {}", place.latitude_e6, place.longitude_e6),
        Input::Contact(contact) => contact.phone.clone(),
        other => panic!("nobody says {other:?}"),
    }
}

impl Support {
    fn view(&self, category_number: i64, lang: Lang) -> Value {
        let view = TicketView { number: self.opened, category: category(category_number, lang).name };
        serde_json::to_value(view).unwrap()
    }
}

impl Host for Support {
    fn act(&mut self, call: &ActionCall, _: Timestamp) -> ActionResult {
        match call.name.as_str() {
            "ticket_categories" if self.is_empty => call.answer("empty", json!({ "items": [] })),
            "ticket_categories" => {
                let items = vec![category(1, call.lang), category(2, call.lang)];
                call.answer("ok", serde_json::to_value(TicketCategories { items }).unwrap())
            }
            "my_ticket" => match self.open {
                Some(about) => call.answer("open", self.view(about, call.lang)),
                None => call.answer("none", Value::Null),
            },
            "open_ticket" => {
                let OpenTicket { category } = args(call);
                self.opened += 1;
                self.open = Some(category);
                call.answer("ok", self.view(category, call.lang))
            }
            "say_in_ticket" => {
                let SayInTicket { said, text, media } = args(call);
                assert!(text.is_none() && media.is_none());
                let before = self.said.len();
                self.said.extend(said.iter().map(|kept| words(&kept.input)));
                call.answer(if self.said.len() > before { "ok" } else { "none" }, Value::Null)
            }
            "close_ticket" => match self.open.take() {
                Some(about) => call.answer("ok", self.view(about, call.lang)),
                None => call.answer("none", Value::Null),
            },
            other => panic!("no action {other}"),
        }
    }

    fn happen(&mut self, words: &str, _: Timestamp) -> Result<Vec<(String, Value)>, String> {
        match words {
            "the desk closes the ticket" => {
                self.open = None;
                Ok(vec![("ticket_closed".to_owned(), json!({ "number": self.opened }))])
            }
            "nothing can be asked about" => {
                self.is_empty = true;
                Ok(Vec::new())
            }
            _ => Err("unknown words".to_owned()),
        }
    }
}
