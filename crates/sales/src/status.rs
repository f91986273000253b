//! The states of an order and the steps between them. Pure.

use std::str::FromStr;

use kernel::{Error, Result, Text};

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Being written by staff; promises nothing.
    Draft,
    /// Ordered. From a chat: its goods are reserved already.
    New,
    /// Accepted by staff; its goods are reserved.
    Confirmed,
    /// Called off; nothing is reserved.
    Cancelled,
}

/// What moves an order from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// A draft becomes an order.
    Submit,
    /// Staff accept the order.
    Confirm,
    /// Staff or the customer call it off.
    Cancel,
}

/// Every step there is: from, step, to. What is not here is refused.
pub const STEPS: &[(Status, Step, Status)] = &[
    (Status::Draft, Step::Submit, Status::New),
    (Status::Draft, Step::Confirm, Status::Confirmed),
    (Status::Draft, Step::Cancel, Status::Cancelled),
    (Status::New, Step::Confirm, Status::Confirmed),
    (Status::New, Step::Cancel, Status::Cancelled),
    (Status::Confirmed, Step::Cancel, Status::Cancelled),
];

/// The names that people and older systems use, besides the word itself; folded when compared.
const NAMES: &[(Status, &[&str])] = &[
    (Status::Draft, &["Qoralama", "Черновик"]),
    (Status::New, &["Yangi", "Новый"]),
    (Status::Confirmed, &["Tasdiqlangan", "Tasdiqlandi", "Подтверждён", "Подтвержден"]),
    (Status::Cancelled, &["Bekor qilindi", "Bekor qilingan", "canceled", "Отменён", "Отменен"]),
];

impl Status {
    /// All of them, in the order an order goes through them.
    pub const ALL: [Self; 4] = [Self::Draft, Self::New, Self::Confirmed, Self::Cancelled];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::New => "new",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Draft => "sales-status-draft",
            Self::New => "sales-status-new",
            Self::Confirmed => "sales-status-confirmed",
            Self::Cancelled => "sales-status-cancelled",
        }
    }

    /// Reads the word or a name in either script: `new`, `Yangi`, `Янги`.
    pub fn parse(text: &str) -> Result<Self> {
        let text = uztext::fold(text);
        let named = |status: &Self| {
            let names = NAMES.iter().find(|(of, _)| of == status).map_or(&[][..], |(_, names)| names);
            uztext::fold(status.word()) == text || names.iter().any(|name| uztext::fold(name) == text)
        };
        Self::ALL.into_iter().find(named).ok_or_else(|| Error::invalid(Text::new("sales-status-unknown")))
    }

    /// Where `step` leads from here; nowhere when it is not allowed.
    pub fn after(self, step: Step) -> Option<Self> {
        STEPS.iter().find(|(from, by, _)| *from == self && *by == step).map(|(_, _, to)| *to)
    }

    /// Whether the order's content may still be changed.
    pub const fn is_editable(self) -> bool {
        matches!(self, Self::Draft | Self::New)
    }
}

impl FromStr for Status {
    type Err = ();
    /// The stored word only.
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|status| status.word() == word).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_may_call_a_state_by_its_name_in_either_script() {
        #[track_caller]
        fn check(text: &str, expected: Status) {
            assert_eq!(Status::parse(text).unwrap(), expected, "{text}");
        }
        check("new", Status::New);
        check("Yangi", Status::New);
        check("ЯНГИ", Status::New);
        check("Qoralama", Status::Draft);
        check("Tasdiqlangan", Status::Confirmed);
        check("Bekor qilindi", Status::Cancelled);
        check("  bekor   QILINDI ", Status::Cancelled);
        check("Отменён", Status::Cancelled);
        assert!(Status::parse("").is_err());
        assert!(Status::parse("yangilik").is_err());
        assert!(Status::parse("new; DROP TABLE sales_order").is_err());
    }

    #[test]
    fn a_cancelled_order_stays_so_and_a_confirmed_one_can_only_be_cancelled() {
        let allowed = |status: Status| {
            [Step::Submit, Step::Confirm, Step::Cancel].map(|step| status.after(step).map(Status::word))
        };
        assert_eq!(allowed(Status::Draft), [Some("new"), Some("confirmed"), Some("cancelled")]);
        assert_eq!(allowed(Status::New), [None, Some("confirmed"), Some("cancelled")]);
        assert_eq!(allowed(Status::Confirmed), [None, None, Some("cancelled")]);
        assert_eq!(allowed(Status::Cancelled), [None, None, None]);
    }
}
