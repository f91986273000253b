//! Flood limits as FACTS has them: a message a second per chat with a short burst, 30 a second per bot, 20 a minute per group.

use std::time::Duration;

/// Whether calls are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Limits {
    /// As Telegram does.
    #[default]
    Telegram,
    /// Not at all, for measuring how fast the program itself is.
    Off,
}

/// How many pass at once in one chat before 1/s holds. Telegram does not say; short bursts pass.
pub const CHAT_BURST: u32 = 5;
/// Messages a second of one bot.
pub const BOT_PER_SECOND: u32 = 30;
/// Messages a minute of one bot in one group.
pub const GROUP_PER_MINUTE: u32 = 20;

/// A bucket of permissions to send, refilled evenly.
#[derive(Debug, Clone)]
pub struct Bucket {
    capacity: f64,
    per_second: f64,
    filled: f64,
    at: Duration,
}

impl Bucket {
    /// A full bucket.
    pub fn new(capacity: u32, per_second: f64) -> Self {
        Self { capacity: f64::from(capacity), per_second, filled: f64::from(capacity), at: Duration::ZERO }
    }

    /// The bucket of a chat.
    pub fn of_chat(is_group: bool) -> Self {
        if is_group {
            Self::new(GROUP_PER_MINUTE, f64::from(GROUP_PER_MINUTE) / 60.0)
        } else {
            Self::new(CHAT_BURST, 1.0)
        }
    }

    /// Seconds until one more may pass; zero if now.
    pub fn wait_seconds(&mut self, now: Duration) -> u32 {
        let passed = now.saturating_sub(self.at).as_secs_f64();
        self.filled = (self.filled + passed * self.per_second).min(self.capacity);
        self.at = now;
        if self.filled >= 1.0 { 0 } else { ((1.0 - self.filled) / self.per_second).ceil().max(1.0) as u32 }
    }

    /// Takes one; call only when `wait_seconds` said zero.
    pub fn take(&mut self) {
        self.filled -= 1.0;
    }
}
