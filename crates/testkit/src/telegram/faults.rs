//! Faults on order: the next calls fail in a chosen way.

use std::time::Duration;

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// An HTTP status with a page instead of JSON, as a proxy gives it; nothing is taken.
    Status(u16),
    /// The connection breaks before the call is taken.
    DropBefore,
    /// The call is taken, then the connection breaks without an answer.
    DropAfter,
    /// The answer comes this much later.
    Slow(Duration),
    /// 429 with these seconds; nothing is taken.
    RetryAfter(u32),
    /// The API's own refusal with this code and full description; nothing is taken.
    Refuse(u16, String),
    /// Taken, and answered with something that is not JSON.
    Garbage,
}

/// For which calls a fault holds.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub token: Option<String>,
    pub method: Option<String>,
    pub left: u32,
    pub fault: Fault,
}

impl Rule {
    /// Takes one use of the first rule that fits this call.
    pub fn take(rules: &mut Vec<Rule>, token: &str, method: &str) -> Option<Fault> {
        let position = rules.iter().position(|rule| {
            rule.token.as_deref().is_none_or(|wanted| wanted == token)
                && rule.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
        })?;
        let rule = &mut rules[position];
        let fault = rule.fault.clone();
        rule.left -= 1;
        if rule.left == 0 {
            rules.remove(position);
        }
        Some(fault)
    }
}
