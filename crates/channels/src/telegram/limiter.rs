//! When the next message may go: the limits of one bot, kept without a clock of its own.
//!
//! Source: core.telegram.org/bots/faq ("My bot is hitting limits"): 30 messages a second, one a second to a chat with short
//! bursts, 20 a minute to a group. A 429 stops the whole bot for as long as it says.

use std::collections::{HashMap, VecDeque};

use kernel::Timestamp;

/// Messages of a bot in any second.
const BOT_MESSAGES: usize = 30;
const BOT_WINDOW_MS: i64 = 1_000;
/// Of these, so many are left to answers by what may wait: an answer then goes at once, however much stands behind it.
/// Telegram counts when messages arrive, so that a little less than all it allows also keeps clear of refusals.
const KEPT_FOR_ANSWERS: usize = 3;
/// Messages to a group in any minute.
const GROUP_MESSAGES: usize = 20;
const GROUP_WINDOW_MS: i64 = 60_000;
/// A chat takes one message each second, and this many at once after a silence. Telegram passes short bursts and does
/// not say how short; three is what a reply of our dialogues may need.
const CHAT_INTERVAL_MS: i64 = 1_000;
const CHAT_BURST: i64 = 3;
/// Chats are forgotten when they are idle; looked for whenever this many are known.
const CHATS_KEPT: usize = 4_096;

/// Whether a message may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Now, and it is counted.
    Go,
    /// Not before this moment; ask again then.
    Wait(Timestamp),
}

/// The limits of one bot.
#[derive(Debug, Default)]
pub struct Limiter {
    stopped_until: Option<Timestamp>,
    sent: Window,
    chats: HashMap<i64, Pace>,
    groups: HashMap<i64, Window>,
    sweep_at: usize,
}

impl Limiter {
    /// Nothing sent yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for one message, edit or picture to a chat; groups have ids below zero. Answers to taps and "is typing" need
    /// not ask. Once it said [`Turn::Go`] the message is counted.
    pub fn ask(&mut self, now: Timestamp, chat: i64) -> Turn {
        self.ask_within(now, chat, BOT_MESSAGES)
    }

    /// As [`Limiter::ask`], for a message that stands behind all answers: some of what the bot may send in a second is
    /// left to those.
    pub fn ask_behind(&mut self, now: Timestamp, chat: i64) -> Turn {
        self.ask_within(now, chat, BOT_MESSAGES - KEPT_FOR_ANSWERS)
    }

    fn ask_within(&mut self, now: Timestamp, chat: i64, most: usize) -> Turn {
        let is_group = chat < 0;
        let ready = [
            self.stopped_until.unwrap_or(now),
            self.sent.ready(now, most, BOT_WINDOW_MS),
            self.chats.get(&chat).map_or(now, |pace| pace.ready()),
            self.groups.get(&chat).map_or(now, |window| window.ready(now, GROUP_MESSAGES, GROUP_WINDOW_MS)),
        ];
        let ready = ready.into_iter().max().unwrap_or(now);
        if ready > now {
            return Turn::Wait(ready);
        }
        self.sent.count(now, BOT_MESSAGES);
        self.chats.entry(chat).or_default().count(now);
        if is_group {
            self.groups.entry(chat).or_default().count(now, GROUP_MESSAGES);
        }
        self.sweep(now);
        Turn::Go
    }

    /// Telegram answered 429: the whole bot is silent for these seconds.
    pub fn stop(&mut self, now: Timestamp, retry_after_s: u32) {
        let until = now.plus_seconds(i64::from(retry_after_s.max(1)));
        self.stopped_until = self.stopped_until.max(Some(until));
    }

    /// When the bot may speak again after a 429.
    pub fn stopped_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.stopped_until.filter(|until| *until > now)
    }

    /// Forgets chats whose limits are as those of a chat never written to.
    fn sweep(&mut self, now: Timestamp) {
        if self.chats.len() < self.sweep_at.max(CHATS_KEPT) {
            return;
        }
        self.chats.retain(|_, pace| pace.full_at > now);
        self.groups.retain(|_, window| {
            window.sent.back().is_some_and(|last| now.millis_since(*last) < GROUP_WINDOW_MS)
        });
        self.sweep_at = self.chats.len().saturating_mul(2);
    }
}

/// The moments of the last messages: exact in any window of time, not only in those that begin on the second.
#[derive(Debug, Default)]
struct Window {
    sent: VecDeque<Timestamp>,
}

impl Window {
    fn ready(&self, now: Timestamp, most: usize, window_ms: i64) -> Timestamp {
        let last_of_them = self.sent.len().checked_sub(most).and_then(|place| self.sent.get(place));
        last_of_them.map_or(now, |at| at.plus_millis(window_ms))
    }

    fn count(&mut self, now: Timestamp, most: usize) {
        if self.sent.len() >= most {
            self.sent.pop_front();
        }
        self.sent.push_back(now);
    }
}

/// A bucket of [`CHAT_BURST`] messages that gains one each [`CHAT_INTERVAL_MS`], kept as the moment when it is full.
#[derive(Debug)]
struct Pace {
    full_at: Timestamp,
}

impl Default for Pace {
    fn default() -> Self {
        Self { full_at: Timestamp::from_millis(i64::MIN / 2) }
    }
}

impl Pace {
    fn ready(&self) -> Timestamp {
        self.full_at.plus_millis(-(CHAT_BURST - 1) * CHAT_INTERVAL_MS)
    }

    fn count(&mut self, now: Timestamp) {
        self.full_at = self.full_at.max(now).plus_millis(CHAT_INTERVAL_MS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_800_000_000_000;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(START + ms)
    }

    /// Sends as soon as it may, chats in turn; gives the moments, in milliseconds from the start.
    fn send(limiter: &mut Limiter, chats: &[i64], count: usize) -> Vec<(i64, i64)> {
        let mut now = at(0);
        let mut moments = Vec::new();
        let mut chat = chats.iter().copied().cycle();
        let mut next = chat.next().unwrap();
        while moments.len() < count {
            match limiter.ask(now, next) {
                Turn::Go => {
                    moments.push((now.millis_since(at(0)), next));
                    next = chat.next().unwrap();
                }
                Turn::Wait(until) => {
                    assert!(until > now, "waiting must go forward");
                    now = until;
                }
            }
        }
        moments
    }

    /// The most messages within any window of this length.
    fn busiest(moments: &[(i64, i64)], window_ms: i64) -> usize {
        let within =
            |start: i64| moments.iter().filter(|(at, _)| (start..start + window_ms).contains(at)).count();
        moments.iter().map(|(start, _)| within(*start)).max().unwrap_or(0)
    }

    #[test]
    fn a_chat_takes_a_burst_of_three_and_then_one_a_second() {
        let moments = send(&mut Limiter::new(), &[7], 6);
        assert_eq!(moments.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 0, 0, 1_000, 2_000, 3_000]);
    }

    #[test]
    fn a_bot_never_sends_more_than_thirty_in_any_second() {
        let chats: Vec<i64> = (1..=500).collect();
        let moments = send(&mut Limiter::new(), &chats, 300);
        assert_eq!(busiest(&moments, BOT_WINDOW_MS), 30);
        assert_eq!(moments.last().unwrap().0, 9_000, "and it loses nothing of the thirty");
    }

    #[test]
    fn what_stands_behind_leaves_room_for_answers_and_takes_the_rest() {
        let mut limiter = Limiter::new();
        let behind = BOT_MESSAGES - KEPT_FOR_ANSWERS;
        for chat in 1..=27 {
            assert_eq!(limiter.ask_behind(at(0), chat), Turn::Go);
        }
        assert_eq!(limiter.ask_behind(at(10), 100), Turn::Wait(at(1_000)));
        for chat in 101..=103 {
            assert_eq!(limiter.ask(at(20), chat), Turn::Go, "an answer goes at once");
        }
        assert_eq!(limiter.ask(at(30), 104), Turn::Wait(at(1_000)));
        // Three answers count: after a second 24 may go, and no more before theirs have passed.
        let gone = (200..300).take_while(|chat| limiter.ask_behind(at(1_000), *chat) == Turn::Go).count();
        assert_eq!(gone, behind - 3);
    }

    #[test]
    fn a_group_never_gets_more_than_twenty_in_any_minute() {
        let moments = send(&mut Limiter::new(), &[-5], 45);
        assert_eq!(busiest(&moments, GROUP_WINDOW_MS), 20);
        assert!(moments.last().unwrap().0 < 140_000);
    }

    #[test]
    fn one_chat_that_waits_does_not_hold_the_others() {
        let mut limiter = Limiter::new();
        for _ in 0..3 {
            assert_eq!(limiter.ask(at(0), 1), Turn::Go);
        }
        assert_eq!(limiter.ask(at(0), 1), Turn::Wait(at(1_000)));
        assert_eq!(limiter.ask(at(0), 2), Turn::Go);
        assert_eq!(limiter.ask(at(999), 1), Turn::Wait(at(1_000)));
        assert_eq!(limiter.ask(at(1_000), 1), Turn::Go);
    }

    #[test]
    fn retry_after_silences_the_whole_bot_and_the_longest_holds() {
        let mut limiter = Limiter::new();
        limiter.stop(at(0), 5);
        limiter.stop(at(100), 1);
        assert_eq!(limiter.ask(at(200), 1), Turn::Wait(at(5_000)));
        assert_eq!(limiter.ask(at(200), -9), Turn::Wait(at(5_000)));
        assert_eq!(limiter.stopped_until(at(200)), Some(at(5_000)));
        assert_eq!(limiter.ask(at(5_000), 1), Turn::Go);
        assert_eq!(limiter.stopped_until(at(5_000)), None);
    }

    #[test]
    fn idle_chats_are_forgotten() {
        let mut limiter = Limiter::new();
        for chat in 0..20_000_i64 {
            let _ = limiter.ask(at(chat * 40), chat);
        }
        assert!(limiter.chats.len() <= CHATS_KEPT, "{} are kept", limiter.chats.len());
    }
}
