//! The bounded queue between callers and the database threads: two lanes, people first.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::Lane;

/// Calls that wait for a database thread.
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    limit: usize,
}

struct State<T> {
    people: VecDeque<T>,
    background: VecDeque<T>,
    closed: bool,
}

impl<T> State<T> {
    fn take(&mut self) -> Option<T> {
        self.people.pop_front().or_else(|| self.background.pop_front())
    }
}

/// What a database thread found.
pub(crate) enum Taken<T> {
    One(T),
    Idle,
    Closed,
}

impl<T> Queue<T> {
    pub(crate) fn new(limit: usize) -> Self {
        let state = State { people: VecDeque::new(), background: VecDeque::new(), closed: false };
        Self { state: Mutex::new(state), changed: Condvar::new(), limit }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a call into its lane; gives it back when the lane is full or closed.
    pub(crate) fn push(&self, lane: Lane, call: T) -> Result<(), T> {
        let mut state = self.lock();
        if state.closed {
            return Err(call);
        }
        let queue = match lane {
            Lane::People => &mut state.people,
            Lane::Background => &mut state.background,
        };
        if queue.len() >= self.limit {
            return Err(call);
        }
        queue.push_back(call);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for a call, at most `patience`.
    pub(crate) fn take(&self, patience: Duration) -> Taken<T> {
        let state = self.lock();
        let waiting = |s: &mut State<T>| s.people.is_empty() && s.background.is_empty() && !s.closed;
        let (mut state, _) =
            self.changed.wait_timeout_while(state, patience, waiting).unwrap_or_else(PoisonError::into_inner);
        match state.take() {
            Some(call) => Taken::One(call),
            None if state.closed => Taken::Closed,
            None => Taken::Idle,
        }
    }

    /// A call that waits already, if any.
    pub(crate) fn try_take(&self) -> Option<T> {
        self.lock().take()
    }

    /// Calls that wait now.
    pub(crate) fn len(&self) -> usize {
        let state = self.lock();
        state.people.len() + state.background.len()
    }

    /// Takes no more calls; those that wait are still served.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }
}
