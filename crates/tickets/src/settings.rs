//! What a workspace says of its desk.

use context::Ctx;
use db::ReadTx;
use kernel::{Checks, Result, Text};
use serde::{Deserialize, Serialize};

use crate::Hours;

/// What it is kept by.
pub(crate) const NAME: &str = "tickets.desk";
/// Days within which a closed ticket can be opened again, at most.
const REOPEN_DAYS_MAX: i32 = 365;

/// What a workspace says of its desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// When the desk works: its clocks stand still outside.
    pub hours: Hours,
    /// Days within which whoever asked may open a closed ticket again; 0 when not at all.
    pub reopen_days: i32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { hours: Hours::default(), reopen_days: 7 }
    }
}

impl Settings {
    /// What the workspace says.
    pub(crate) fn of(ctx: &Ctx, tx: &mut ReadTx) -> Result<Self> {
        context::get_setting(ctx, tx, NAME)
    }

    /// The same, tidied, or everything that is wrong with it.
    pub fn checked(self) -> Result<Self> {
        let mut checks = Checks::new();
        let is_fit = (0..=REOPEN_DAYS_MAX).contains(&self.reopen_days);
        checks.hold(is_fit, "reopen_days", Text::new("tickets-days-malformed").with("max", REOPEN_DAYS_MAX));
        let hours = checks.take_all(self.hours.clone().checked());
        checks.done()?;
        Ok(Self { hours: hours.unwrap_or_default(), ..self })
    }
}
