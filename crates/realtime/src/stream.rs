//! One open stream: first what was missed, then what happens.

use std::{collections::VecDeque, convert::Infallible, pin::Pin, time::Duration};

use axum::response::sse::Event;
use context::Permissions;
use futures::{Stream, stream};
use tokio::time::Sleep;

use crate::{
    hub::{Seat, Told},
    missed::Missed,
    topic::Topics,
};

/// A stream ends after this, and the browser opens another: so whoever may see less by now sees less.
const LIFE: Duration = Duration::from_secs(10 * 60);
/// How soon a browser comes back.
const RETRY: Duration = Duration::from_secs(3);

/// Somebody listening.
#[derive(Debug)]
pub(crate) struct Listening {
    seat: Seat,
    permissions: Permissions,
    topics: Topics,
    /// Up to where everything was told.
    place: i64,
    waiting: VecDeque<Event>,
    end: Pin<Box<Sleep>>,
}

impl Listening {
    pub(crate) fn new(seat: Seat, permissions: Permissions, topics: Topics, missed: Missed) -> Self {
        let Missed { place, events, is_lost } = missed;
        let mut waiting: VecDeque<Event> = events.iter().map(event).collect();
        let name = if is_lost { "reset" } else { "ready" };
        // Behind what was missed: its place is the last.
        let here = Event::default().event(name).id(place.to_string()).retry(RETRY).data("{}");
        waiting.push_back(here);
        Self { seat, permissions, topics, place, waiting, end: Box::pin(tokio::time::sleep(LIFE)) }
    }

    pub(crate) fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut listening| async move {
            let event = listening.next().await?;
            Some((Ok(event), listening))
        })
    }

    async fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.waiting.pop_front() {
            return Some(event);
        }
        loop {
            let told = tokio::select! {
                told = self.seat.next() => told?,
                () = &mut self.end => return None,
            };
            if told.seq <= self.place {
                continue;
            }
            self.place = told.seq;
            if told.is_for(self.permissions, &self.topics) {
                return Some(event(&told));
            }
        }
    }
}

fn event(told: &Told) -> Event {
    Event::default().id(told.seq.to_string()).data(told.data.as_str())
}
