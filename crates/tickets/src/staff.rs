//! What people ask about, and who answers it. Pure.

use catalog::Names;
use kernel::{Checks, Id, PersonId, Result, Text, Timestamp};
use serde::Serialize;

/// Characters of a category's name: it is a button in a chat.
pub const CATEGORY_NAME_CHARS: usize = 60;
/// Characters of an agent's name.
pub const AGENT_NAME_CHARS: usize = 200;
/// Categories of a workspace, and agents: each list is read at once.
pub const AT_MOST: usize = 1_000;

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
}

impl NewCategory {
    /// The same, tidied, or everything that is wrong with it; fields are called as in the API.
    pub fn checked(self) -> Result<Self> {
        let mut checks = Checks::new();
        let uz = checks.required_line("name_uz", &self.name.uz, CATEGORY_NAME_CHARS);
        let ru = checks.optional_line("name_ru", self.name.ru.as_deref(), CATEGORY_NAME_CHARS);
        let en = checks.optional_line("name_en", self.name.en.as_deref(), CATEGORY_NAME_CHARS);
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
    /// Whether it answers now.
    pub is_active: bool,
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
