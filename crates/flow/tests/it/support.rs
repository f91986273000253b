//! What stands around the support desk's bot: two categories, and the person's ticket.

use flow::{
    ActionCall, ActionResult, Input,
    tickets::{
        OpenTicket, RateTicket, RatedTicket, SayInTicket, TicketCategories, TicketCategory, TicketView,
    },
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
    /// What the last ticket was about.
    about: i64,
    is_late: bool,
    /// The last stars, and the words with them.
    rated: (i32, String),
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
                self.about = category;
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
            "rate_ticket" => {
                let rating: RateTicket = args(call);
                let Some((stars, Some(number))) = rating.said().filter(|_| self.open.is_none()) else {
                    return call.answer("none", Value::Null);
                };
                self.rated = (stars, rating.comment.unwrap_or_default());
                call.answer("ok", serde_json::to_value(RatedTicket { number, stars }).unwrap())
            }
            "reopen_ticket" => match self.open {
                Some(about) => call.answer("already", self.view(about, call.lang)),
                None if self.is_late => call.answer("late", Value::Null),
                None => {
                    self.open = Some(self.about);
                    call.answer("ok", self.view(self.about, call.lang))
                }
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
            "the desk asks the same of who closed it" => {
                Ok(vec![("ticket_rating".to_owned(), json!({ "number": self.opened }))])
            }
            "the desk opens the ticket again" => {
                self.open = Some(self.about);
                Ok(vec![("ticket_reopened".to_owned(), json!({ "number": self.opened }))])
            }
            "the desk merges the ticket" => {
                self.open = None;
                Ok(vec![("ticket_merged".to_owned(), json!({ "number": self.opened, "into": 12 }))])
            }
            "a month goes by" => {
                self.is_late = true;
                Ok(Vec::new())
            }
            "somebody reads the stars" => {
                let (stars, comment) = &self.rated;
                assert!((1..=5).contains(stars) && !comment.is_empty(), "{stars} {comment}");
                Ok(Vec::new())
            }
            "nothing can be asked about" => {
                self.is_empty = true;
                Ok(Vec::new())
            }
            _ => Err("unknown words".to_owned()),
        }
    }
}
