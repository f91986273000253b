//! Which events are told to whom, by their names.

use context::Permission;
use kernel::{Checks, Error, Result, Text};

/// The name of events that outside systems publish begins with this.
pub const CUSTOM: &str = "custom";
/// Topics that one stream can ask for.
const TOPICS_AT_MOST: usize = 32;
/// Characters of a topic.
const TOPIC_CHARS: usize = 64;

/// Who is told an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Everybody of the workspace.
    Everybody,
    /// Whoever may do this.
    Needs(Permission),
}

/// The first words of events' names, and who is told them. What is not here is told to nobody.
const AREAS: &[(&str, Sight)] = &[
    ("sales_order", Sight::Needs(Permission::SalesRead)),
    ("sales_delivery", Sight::Needs(Permission::SalesRead)),
    ("sales_invoice", Sight::Needs(Permission::SalesRead)),
    ("sales_payment", Sight::Needs(Permission::SalesRead)),
    ("sales_credit_note", Sight::Needs(Permission::SalesRead)),
    ("sales_refund", Sight::Needs(Permission::SalesRead)),
    ("contact", Sight::Needs(Permission::SalesRead)),
    ("product", Sight::Needs(Permission::InventoryRead)),
    ("category", Sight::Needs(Permission::InventoryRead)),
    ("stock", Sight::Needs(Permission::InventoryRead)),
    ("cash_transaction", Sight::Needs(Permission::FinanceRead)),
    ("ledger_entry", Sight::Needs(Permission::FinanceRead)),
    ("conversation", Sight::Needs(Permission::BotsRead)),
    ("ticket", Sight::Needs(Permission::TicketsRead)),
    ("bot", Sight::Needs(Permission::BotsRead)),
    ("broadcast", Sight::Needs(Permission::BroadcastRead)),
    ("member", Sight::Needs(Permission::UsersRead)),
    ("workspace", Sight::Needs(Permission::SettingsRead)),
    (CUSTOM, Sight::Everybody),
];

/// Who is told the event `name`; `None` when nobody is.
pub fn sight(name: &str) -> Option<Sight> {
    let area = name.split('.').next().unwrap_or_default();
    AREAS.iter().find(|(found, _)| *found == area).map(|(_, sight)| *sight)
}

/// The events that somebody asks for: each a whole name, or the beginning of one up to a dot. None asks for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topics(Vec<String>);

impl Topics {
    /// Reads `sales_order,stock.changed`.
    pub fn parse(text: &str) -> Result<Self> {
        let topics: Vec<String> =
            text.split(',').map(str::trim).filter(|topic| !topic.is_empty()).map(str::to_owned).collect();
        let mut checks = Checks::new();
        let is_few = topics.len() <= TOPICS_AT_MOST;
        checks.hold(is_few && topics.iter().all(|topic| is_topic(topic)), "topics", malformed());
        checks.done()?;
        Ok(Self(topics))
    }

    /// Whether the event `name` is asked for.
    pub fn hold(&self, name: &str) -> bool {
        let is_of = |topic: &String| {
            name.strip_prefix(topic.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.0.is_empty() || self.0.iter().any(is_of)
    }
}

/// Refuses what is no name of a topic.
pub fn check_topic(topic: &str) -> Result<()> {
    if is_topic(topic) { Ok(()) } else { Err(Error::field("topic", malformed())) }
}

fn malformed() -> Text {
    Text::new("realtime-topic-malformed")
}

fn is_topic(topic: &str) -> bool {
    let parts = topic.split('.').all(|part| !part.is_empty());
    let letters = topic
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-' | b'.'));
    parts && letters && topic.len() <= TOPIC_CHARS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_a_name_or_its_beginning_up_to_a_dot() {
        let topics = Topics::parse(" sales_order , stock.changed,").unwrap();
        for (name, told) in [
            ("sales_order.placed", true),
            ("sales_order", true),
            ("sales_order_x.placed", false),
            ("stock.changed", true),
            ("stock.counted", false),
        ] {
            assert_eq!(topics.hold(name), told, "{name}");
        }
        assert!(Topics::parse("").unwrap().hold("anything.at.all"));
    }

    #[test]
    fn what_is_no_topic_is_refused() {
        let many = vec!["a"; TOPICS_AT_MOST + 1].join(",");
        let long = "a".repeat(TOPIC_CHARS + 1);
        for text in ["Sales", "a..b", ".a", "a b", "соғ", "a%", many.as_str(), long.as_str()] {
            let error = Topics::parse(text).unwrap_err();
            assert_eq!(error.field_errors()[0].field, "topics", "{text}");
        }
        assert!(check_topic("order.shipped").is_ok() && check_topic("").is_err());
    }

    #[test]
    fn an_event_that_no_area_knows_is_told_to_nobody() {
        assert_eq!(sight("sales_order.placed"), Some(Sight::Needs(Permission::SalesRead)));
        assert_eq!(sight("custom.anything"), Some(Sight::Everybody));
        assert_eq!((sight("secret.made"), sight("")), (None, None));
    }
}
