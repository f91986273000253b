//! A card of facts with what can be done about them.

use askama::{Template, filters::HtmlSafe};
use web::pages::{Action, Facts, Notice};

/// Facts, sentences and buttons in one card.
#[derive(Debug, Default, Template)]
#[template(path = "card.html")]
pub(super) struct Card {
    pub(super) facts: Option<Facts>,
    pub(super) notices: Vec<Notice>,
    pub(super) actions: Vec<Action>,
}
impl HtmlSafe for Card {}
