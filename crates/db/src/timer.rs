//! The one place of this crate that measures time: limits of closures and their metrics. Nothing stored depends on it.

use std::time::{Duration, Instant};

/// A moment by the machine's monotonic clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment(Instant);

impl Moment {
    #[expect(clippy::disallowed_methods, reason = "limits and metrics of the database threads")]
    pub(crate) fn now() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    pub(crate) fn after_ms(self, ms: u64) -> Self {
        Self(self.0 + Duration::from_millis(ms))
    }

    pub(crate) fn is_past(self) -> bool {
        self.elapsed() > Duration::ZERO
    }
}
