//! Why there is no answer.

use kernel::{Error, Text};

kernel::words! {
    /// What went wrong at the provider or on the way there.
    Failure {
        /// The key is wrong, or may not use this model.
        WrongKey = "wrong_key",
        /// The stored key does not open: the server's secret is another one. Nobody was asked.
        KeyLost = "key_lost",
        /// The provider has no such model, or there is no provider at this address.
        UnknownModel = "unknown_model",
        /// The provider wants fewer calls.
        TooMany = "too_many",
        /// The provider wants money first.
        Unpaid = "unpaid",
        /// The provider is overloaded or broken.
        Overloaded = "overloaded",
        /// Nobody is reached at the address.
        Unreachable = "unreachable",
        /// The address leads into a network that is closed to tenants.
        RefusedAddress = "refused_address",
        /// It took too long.
        TimedOut = "timed_out",
        /// The provider would not answer this.
        Blocked = "blocked",
        /// The provider does not take the request: this model cannot do what was asked, or it was too long.
        Rejected = "rejected",
        /// What came is no answer.
        NotValid = "not_valid",
    }
}

impl Failure {
    /// The key of what people are told.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::WrongKey => "models-failure-wrong-key",
            Self::KeyLost => "models-failure-key-lost",
            Self::UnknownModel => "models-failure-unknown-model",
            Self::TooMany => "models-failure-too-many",
            Self::Unpaid => "models-failure-unpaid",
            Self::Overloaded => "models-failure-overloaded",
            Self::Unreachable => "models-failure-unreachable",
            Self::RefusedAddress => "models-failure-refused-address",
            Self::TimedOut => "models-failure-timed-out",
            Self::Blocked => "models-failure-blocked",
            Self::Rejected => "models-failure-rejected",
            Self::NotValid => "models-failure-not-valid",
        }
    }
}

/// Why [`crate::Models::ask`] gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The workspace has no provider, or it is off.
    #[error("no language model is set")]
    NotSet,
    /// Today's budget has no room for the call.
    #[error("the budget of the day has no room for the call")]
    OverBudget,
    /// The provider gave no answer.
    #[error("the language model gave no answer: {0}")]
    Failed(Failure),
    /// Our own database failed.
    #[error(transparent)]
    Database(#[from] Error),
}

impl Refusal {
    /// What people are told.
    pub const fn text(&self) -> Text {
        Text::new(match self {
            Self::NotSet => "models-refused-not-set",
            Self::OverBudget => "models-refused-over-budget",
            Self::Failed(failure) => failure.text_key(),
            Self::Database(_) => "kernel-internal",
        })
    }
}
