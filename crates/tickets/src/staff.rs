//! What people ask about, and who answers it. Pure.

use std::str::FromStr;

use catalog::Names;
use kernel::{Checks, Error, Id, PersonId, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Characters of a category's name: it is a button in a chat.
pub const CATEGORY_NAME_CHARS: usize = 60;
/// Characters of an agent's name.
pub const AGENT_NAME_CHARS: usize = 200;
/// Categories of a workspace, and agents: each list is read at once.
pub const AT_MOST: usize = 1_000;

/// The longest time that a desk promises: a month, in minutes.
const MINUTES_MAX: i32 = 31 * 24 * 60;

/// Who gets a new ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Assigns {
    /// Nobody, until somebody takes it.
    #[default]
    Manual,
    /// Of the agents on duty who answer in the category, whoever has the fewest open ones; of several, whoever was given one the
    /// longest ago.
    ByLoad,
}

impl Assigns {
    /// Every way.
    pub const ALL: [Self; 2] = [Self::Manual, Self::ByLoad];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::ByLoad => "by_load",
        }
    }
}

impl FromStr for Assigns {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|way| way.word() == word);
        found.ok_or_else(|| Error::invalid(Text::new("tickets-assigns-unknown")))
    }
}

/// How a category is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Service {
    /// Minutes of working time within which somebody who waits is answered; none where nothing is promised.
    pub answer_minutes: Option<i32>,
    /// Minutes of working time within which a ticket is closed.
    pub resolve_minutes: Option<i32>,
    /// Who gets a new ticket.
    pub assigns: Assigns,
}

/// What people ask about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Category {
    /// Its id.
    pub id: Id<Category>,
    /// What the API calls it by.
    pub number: i64,
    /// What it is called.
    pub name: Names,
    /// Its place among the others; equal places are ordered by number.
    pub position: i32,
    /// Whether it is offered; what was asked in it stays.
    pub is_active: bool,
    /// How it is served.
    pub service: Service,
    /// When it was written down.
    pub created_at: Timestamp,
}

/// What is written into a category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the same fields as Category's")]
pub struct NewCategory {
    pub name: Names,
    pub position: i32,
    pub is_active: bool,
    pub service: Service,
}

impl NewCategory {
    /// A category that is offered, of which nothing is promised.
    pub fn named(name: Names) -> Self {
        Self { name, position: 0, is_active: true, service: Service::default() }
    }

    /// The same, tidied, or everything that is wrong with it; fields are called as in the API.
    pub fn checked(self) -> Result<Self> {
        let mut checks = Checks::new();
        let uz = checks.required_line("name_uz", &self.name.uz, CATEGORY_NAME_CHARS);
        let ru = checks.optional_line("name_ru", self.name.ru.as_deref(), CATEGORY_NAME_CHARS);
        let en = checks.optional_line("name_en", self.name.en.as_deref(), CATEGORY_NAME_CHARS);
        for (field, minutes) in [
            ("answer_minutes", self.service.answer_minutes),
            ("resolve_minutes", self.service.resolve_minutes),
        ] {
            let is_fit = minutes.is_none_or(|minutes| (1..=MINUTES_MAX).contains(&minutes));
            checks.hold(is_fit, field, Text::new("tickets-minutes-malformed").with("max", MINUTES_MAX));
        }
        checks.done()?;
        Ok(Self { name: Names { uz, ru, en }, ..self })
    }
}

/// Somebody who answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Agent {
    /// Its id.
    pub id: Id<Agent>,
    /// What the API calls it by.
    pub number: i64,
    /// The member of the workspace that it is.
    pub member: Option<PersonId>,
    /// Who it is in Telegram.
    pub telegram_id: Option<i64>,
    /// What it is called.
    pub full_name: String,
    /// Whether it sees every ticket, and manages categories and agents.
    pub is_head: bool,
    /// Whether it answers at all.
    pub is_active: bool,
    /// Whether it works now: who is off duty is given no tickets.
    pub is_on_duty: bool,
    /// The categories it answers in; a head agent answers in all.
    pub categories: Vec<Id<Category>>,
    /// When it was written down.
    pub created_at: Timestamp,
}

impl Agent {
    /// What an agent of whom only the Telegram id is known is called.
    pub fn unnamed(telegram_id: i64) -> String {
        format!("№ {telegram_id}")
    }

    /// What it is called before people; empty where only its Telegram id is known.
    pub fn spoken_name(&self) -> String {
        let is_unnamed = self.telegram_id.is_some_and(|id| self.full_name == Self::unnamed(id));
        if is_unnamed { String::new() } else { self.full_name.clone() }
    }

    /// Whether it answers what is asked in `category`.
    pub fn answers_in(&self, category: Id<Category>) -> bool {
        self.is_active && (self.is_head || self.categories.contains(&category))
    }
}

/// What is written into an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the same fields as Agent's")]
pub struct NewAgent {
    pub member: Option<PersonId>,
    pub telegram_id: Option<i64>,
    pub full_name: String,
    pub is_head: bool,
    pub is_active: bool,
    pub categories: Vec<Id<Category>>,
}

impl NewAgent {
    /// The same, tidied, or everything that is wrong with it.
    pub fn checked(mut self) -> Result<Self> {
        let mut checks = Checks::new();
        let full_name = checks.required_line("full_name", &self.full_name, AGENT_NAME_CHARS);
        checks.hold(
            self.telegram_id.is_none_or(|id| id > 0),
            "telegram_id",
            Text::new("tickets-telegram-id-malformed"),
        );
        let is_somebody = self.member.is_some() || self.telegram_id.is_some();
        checks.hold(is_somebody, "telegram_id", Text::new("tickets-agent-is-nobody"));
        checks.done()?;
        self.categories.sort_unstable();
        self.categories.dedup();
        Ok(Self { full_name, ..self })
    }
}
