//! The days that figures are asked for, in the API.

use context::Ctx;
use kernel::{Date, Result};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::pages::{DayRange, Period};

/// The days that figures are asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeriodQuery {
    /// The first day; the first of the month unless said.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Date)]
    pub from: Option<String>,
    /// The last day; today unless said.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Date)]
    pub until: Option<String>,
}

impl PeriodQuery {
    /// The period that is meant, by the workspace's today. Errors: what is no span of days, beside its field.
    pub fn period(&self, ctx: &Ctx) -> Result<Period> {
        Period::asked(&DayRange::read(self.from.as_deref(), self.until.as_deref()), ctx.today())
    }
}

/// Days, both ends too.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PeriodOut {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
}

impl From<Period> for PeriodOut {
    fn from(Period { from, until }: Period) -> Self {
        Self { from, until }
    }
}
