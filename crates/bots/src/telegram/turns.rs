//! Who is written to next: chats in the order in which they began to wait, so that none waits for ever behind busier ones.

use std::collections::{HashMap, HashSet, VecDeque};

/// Messages of chats that wait to be sent, and the chats that are being written to.
#[derive(Debug)]
pub(super) struct Turns<M> {
    /// Chats that wait and are not being written to, each once.
    order: VecDeque<i64>,
    waiting: HashMap<i64, VecDeque<M>>,
    busy: HashSet<i64>,
}

impl<M> Default for Turns<M> {
    fn default() -> Self {
        Self { order: VecDeque::new(), waiting: HashMap::new(), busy: HashSet::new() }
    }
}

impl<M> Turns<M> {
    /// Puts a message behind those of its chat.
    pub(super) fn add(&mut self, chat: i64, message: M) {
        let queue = self.waiting.entry(chat).or_default();
        if queue.is_empty() && !self.busy.contains(&chat) {
            self.order.push_back(chat);
        }
        queue.push_back(message);
    }

    /// The chat that has waited longest, with all its messages; it is busy until [`Turns::done`].
    pub(super) fn next(&mut self) -> Option<(i64, VecDeque<M>)> {
        let chat = self.order.pop_front()?;
        let queue = self.waiting.remove(&chat)?;
        self.busy.insert(chat);
        Some((chat, queue))
    }

    /// The chat's messages have left; those that came meanwhile have their turn behind the others'.
    pub(super) fn done(&mut self, chat: i64) {
        self.busy.remove(&chat);
        if self.waiting.contains_key(&chat) {
            self.order.push_back(chat);
        }
    }

    /// Chats that are being written to.
    pub(super) fn busy(&self) -> usize {
        self.busy.len()
    }

    /// Whether nothing waits and nobody is being written to.
    pub(super) fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.busy.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_that_waits_longer_comes_first_whatever_its_number() {
        let mut turns = Turns::default();
        for (chat, message) in [(9, "a"), (1, "b"), (9, "c"), (5, "d")] {
            turns.add(chat, message);
        }
        assert_eq!(turns.next(), Some((9, VecDeque::from(["a", "c"]))));
        // A busy chat does not push itself before those that wait.
        turns.add(9, "e");
        assert_eq!(turns.next(), Some((1, VecDeque::from(["b"]))));
        turns.done(9);
        turns.add(1, "f");
        assert_eq!(turns.next(), Some((5, VecDeque::from(["d"]))));
        assert_eq!(turns.next(), Some((9, VecDeque::from(["e"]))));
        assert_eq!((turns.next(), turns.busy(), turns.is_idle()), (None, 3, false));
        turns.done(1);
        assert_eq!(turns.next(), Some((1, VecDeque::from(["f"]))));
        [1, 5, 9].into_iter().for_each(|chat| turns.done(chat));
        assert!(turns.next().is_none() && turns.is_idle());
    }
}
