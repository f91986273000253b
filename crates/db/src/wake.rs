//! Who is woken after a commit: job workers, senders, realtime. A wake-up is a hint; whoever sleeps also looks by itself.

use tokio::sync::watch;

/// What there may be to do after a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// New events in the outbox.
    Events,
    /// New jobs.
    Jobs,
    /// New messages to send.
    Messages,
}

impl Topic {
    const ALL: [Self; 3] = [Self::Events, Self::Jobs, Self::Messages];

    const fn bit(self) -> u8 {
        match self {
            Self::Events => 1,
            Self::Jobs => 2,
            Self::Messages => 4,
        }
    }
}

/// Counters that move when there may be something to do.
#[derive(Debug)]
pub struct Wakes {
    channels: [watch::Sender<u64>; 3],
}

impl Default for Wakes {
    fn default() -> Self {
        Self { channels: std::array::from_fn(|_| watch::Sender::new(0)) }
    }
}

impl Wakes {
    /// A receiver that changes after each commit that woke `topic`.
    pub fn subscribe(&self, topic: Topic) -> watch::Receiver<u64> {
        let [events, jobs, messages] = &self.channels;
        match topic {
            Topic::Events => events.subscribe(),
            Topic::Jobs => jobs.subscribe(),
            Topic::Messages => messages.subscribe(),
        }
    }

    pub(crate) fn fire(&self, set: WakeSet) {
        for (topic, channel) in Topic::ALL.iter().zip(&self.channels) {
            if set.0 & topic.bit() != 0 {
                channel.send_modify(|count| *count = count.wrapping_add(1));
            }
        }
    }
}

/// The topics that one transaction wakes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WakeSet(u8);

impl WakeSet {
    pub(crate) fn add(&mut self, topic: Topic) {
        self.0 |= topic.bit();
    }

    pub(crate) fn join(&mut self, other: Self) {
        self.0 |= other.0;
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn all() -> Self {
        let mut set = Self::default();
        Topic::ALL.iter().for_each(|topic| set.add(*topic));
        set
    }

    /// How other nodes are told it.
    pub(crate) fn word(self) -> String {
        self.0.to_string()
    }

    /// What another node told; nothing when it tells of what is not known here.
    pub(crate) fn read(word: &str) -> Self {
        Self(word.parse().unwrap_or(0))
    }
}
