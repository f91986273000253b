//! What is done with a ticket beside what is said in it. Pure.

use kernel::{Checks, Id, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Agent, Category, Ticket};

/// Characters of a note, and of what somebody writes under their stars.
const NOTE_CHARS: usize = 4_000;
const COMMENT_CHARS: usize = 1_000;
/// The most stars.
pub const STARS_MAX: i32 = 5;

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Deed {
    /// Words that only the staff reads.
    Note {
        /// The words.
        text: String,
    },
    /// It was given to an agent; to nobody where there is none.
    Assigned {
        /// The agent's name.
        to: Option<String>,
        /// Whether the desk did it by itself.
        by_itself: bool,
    },
    /// It is about something else.
    Moved {
        /// The category.
        to: Id<Category>,
    },
    /// It ended.
    Closed,
    /// It goes on.
    Reopened,
    /// It is out of sight until then.
    Snoozed {
        /// The moment.
        until: Timestamp,
    },
    /// It is in sight again before its time.
    Woken,
    /// Its time has come: it is in sight again by itself.
    Returned,
    /// It was sorted anew.
    Labelled {
        /// The labels that it has now beside those from before, by name.
        added: Vec<String>,
        /// Those that it has no more.
        removed: Vec<String>,
    },
    /// Whoever asked blocked the bot: nothing reaches them.
    Blocked,
    /// Whoever asked can be reached again.
    Unblocked,
    /// Whoever asked said what they think of it.
    Rated {
        /// From 1 to 5.
        stars: i32,
        /// What they wrote.
        comment: String,
    },
    /// What was said in another ticket stands here now, behind what stood here.
    Merged {
        /// The other one's number.
        number: i64,
    },
    /// What was said here stands in another ticket now.
    MergedInto {
        /// The other one's number.
        number: i64,
    },
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Its id.
    pub id: Id<Act>,
    /// With which ticket.
    pub ticket: Id<Ticket>,
    /// The last message that stood in the ticket then.
    pub after_place: i64,
    /// Who did it.
    pub author: String,
    /// What.
    pub deed: Deed,
    /// When.
    pub created_at: Timestamp,
}

/// The names of labels, those that were added and those that were taken away: `+Shikoyat, −Ulgurji`.
pub(crate) fn signed(added: &[String], removed: &[String]) -> String {
    let added = added.iter().map(|name| format!("+{name}"));
    let removed = removed.iter().map(|name| format!("−{name}"));
    added.chain(removed).collect::<Vec<_>>().join(", ")
}

/// The words of a note, tidied.
pub(crate) fn note(text: &str) -> Result<String> {
    let mut checks = Checks::new();
    let text = checks.prose("text", text, NOTE_CHARS);
    checks.hold(!text.is_empty() || checks.has("text"), "text", Text::new("kernel-text-missing"));
    checks.done()?;
    Ok(text)
}

/// Stars and what is written under them, tidied.
pub(crate) fn rating(stars: i32, comment: &str) -> Result<String> {
    let mut checks = Checks::new();
    let comment = checks.prose("comment", comment, COMMENT_CHARS);
    checks.hold((1..=STARS_MAX).contains(&stars), "stars", Text::new("tickets-stars-malformed"));
    checks.done()?;
    Ok(comment)
}

/// The agents whom these words name: `@` and the agent's name, or its first word where that is nobody else's.
pub(crate) fn named_in<'a>(text: &str, agents: &'a [Agent]) -> Vec<&'a Agent> {
    let behind: Vec<String> = text
        .match_indices('@')
        .filter(|(at, _)| !text.get(..*at).is_some_and(|before| before.ends_with(char::is_alphanumeric)))
        .filter_map(|(at, _)| text.get(at + 1..))
        .map(|rest| uztext::fold(rest.split('@').next().unwrap_or_default()))
        .collect();
    let says = |name: &str| {
        let is_said = |words: &String| {
            words.strip_prefix(name).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        !name.is_empty() && behind.iter().any(is_said)
    };
    let first = |agent: &Agent| {
        let folded = uztext::fold(&agent.full_name);
        folded.split_whitespace().next().unwrap_or_default().to_owned()
    };
    let is_only = |word: &str| agents.iter().filter(|other| first(other) == word).count() == 1;
    let is_named = |agent: &&Agent| {
        let word = first(agent);
        says(&uztext::fold(&agent.full_name)) || (is_only(&word) && says(&word))
    };
    agents.iter().filter(|agent| agent.is_active).filter(is_named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(name: &str) -> Agent {
        Agent {
            id: Id::from_uuid(uuid::Uuid::from_u128(u128::from(name.len() as u64))),
            number: 1,
            member: None,
            telegram_id: Some(1),
            full_name: name.to_owned(),
            is_head: false,
            is_active: true,
            is_on_duty: true,
            categories: Vec::new(),
            created_at: Timestamp::default(),
        }
    }

    #[test]
    fn an_agent_is_named_by_their_whole_name_or_by_the_first_where_it_is_nobody_else_s() {
        let agents = [agent("Olim Karimov"), agent("Zuhra Xoʻjayeva"), agent("Olim Yusupov-Kichik")];
        let named = |text: &str| -> Vec<String> {
            named_in(text, &agents).into_iter().map(|agent| agent.full_name.clone()).collect()
        };
        assert_eq!(named("@Zuhra qarab bering"), ["Zuhra Xoʻjayeva"]);
        assert_eq!(named("Qara, @zuhra xo'jayeva!"), ["Zuhra Xoʻjayeva"]);
        assert_eq!(named("@Зуҳра"), ["Zuhra Xoʻjayeva"], "in the other script");
        assert_eq!(named("@Olim"), Vec::<String>::new(), "there are two");
        assert_eq!(named("@Olim Karimov va @Zuhra"), ["Olim Karimov", "Zuhra Xoʻjayeva"]);
        assert_eq!(named("Zuhra keldi, @Zuhraxon emas"), Vec::<String>::new());
    }

    #[test]
    fn stars_are_from_one_to_five() {
        assert!(rating(0, "").is_err() && rating(6, "").is_err());
        assert_eq!(rating(5, " Rahmat ").unwrap(), "Rahmat");
        assert!(note("  ").is_err());
    }
}
