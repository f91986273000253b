//! How often somebody at a site may ask: by visitor and by address, counted in this process. Pure.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use kernel::{Error, Kind, Result, Text, Timestamp};

/// Whoever is counted at once; the oldest counts are forgotten first, when they mean nothing any more.
const COUNTED_AT_MOST: usize = 100_000;

/// What is counted, and how often it may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Doing {
    /// Any request of an address. Behind one address of a mobile operator are many people.
    Asking,
    /// New visitors of an address.
    Coming,
    /// What a visitor says.
    Saying,
    /// What is said from an address.
    SayingFrom,
    /// Files of a visitor.
    Sending,
    /// Files from an address.
    SendingFrom,
}

impl Doing {
    /// Milliseconds that one of it weighs, and how many may come at once.
    const fn measure(self) -> (i64, i64) {
        match self {
            Self::Asking => (50, 600),
            Self::Coming => (10_000, 60),
            Self::Saying => (2_000, 20),
            Self::SayingFrom => (200, 200),
            Self::Sending => (30_000, 10),
            Self::SendingFrom => (20_000, 40),
        }
    }
}

/// The counts.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// When everything that was done will have been paid off.
    until: Mutex<HashMap<(Doing, String), Timestamp>>,
}

impl Pace {
    /// Counts one of it; an error when it is too much, with the seconds after which it may go.
    pub(super) fn count(&self, doing: Doing, who: &str, now: Timestamp) -> Result<()> {
        let (weight_ms, burst) = doing.measure();
        let mut counts = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= COUNTED_AT_MOST {
            counts.retain(|_, until| *until > now);
        }
        let until = counts.entry((doing, who.to_owned())).or_insert(now);
        let owed_ms = until.millis_since(now).max(0);
        let over_ms = owed_ms + weight_ms - weight_ms * burst;
        if over_ms > 0 {
            let retry_after_s = u32::try_from((over_ms + 999) / 1_000).ok();
            return Err(Error::new(Kind::TooMuch { retry_after_s }, Text::new("bots-web-too-often")));
        }
        *until = now.plus_millis(owed_ms + weight_ms);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asks_too_often_waits_and_nobody_else_does() {
        let (pace, now) = (Pace::default(), Timestamp::from_millis(1_000_000));
        let say = |who: &str, now| pace.count(Doing::Saying, who, now);
        for _ in 0..20 {
            say("ali", now).unwrap();
        }
        let refused = say("ali", now).unwrap_err();
        assert_eq!(refused.kind(), Kind::TooMuch { retry_after_s: Some(2) });
        say("vali", now).unwrap();
        pace.count(Doing::SayingFrom, "ali", now).unwrap();
        say("ali", now.plus_millis(2_000)).unwrap();
        assert!(say("ali", now.plus_millis(2_000)).is_err());
        // Whoever rests may do as much again, and not more.
        let later = now.plus_millis(3_600_000);
        assert_eq!((0..30).filter(|_| say("ali", later).is_ok()).count(), 20);
    }
}
