//! The bytes of an answer, within limits of size and time, as the pieces of JSON they carry.

use std::{pin::Pin, vec};

use bytes::{Buf, Bytes, BytesMut};
use eventsource_stream::{EventStream, EventStreamError};
use futures::{Stream, StreamExt, stream};
use net::reqwest::Response;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::{Failed, Limits};

/// What OpenAI-compatible servers write after the last piece.
const DONE: &str = "[DONE]";
const BOM: &[u8] = b"\xef\xbb\xbf";

/// What comes next.
pub(super) enum Event {
    /// A piece of the answer.
    Piece(Value),
    /// The provider said that nothing more comes.
    Done,
}

/// A body that is being read.
pub(super) struct Body<'a> {
    answer: Response,
    limits: &'a Limits,
    /// When the next byte has to be there.
    next_by: Instant,
    deadline: Instant,
    waiting: BytesMut,
    /// How much of `waiting` holds no end of a line.
    scanned: usize,
    read: usize,
    after_cr: bool,
    has_ended: bool,
}

impl<'a> Body<'a> {
    pub(super) fn new(answer: Response, limits: &'a Limits, first_byte: Instant, deadline: Instant) -> Self {
        Self {
            answer,
            limits,
            next_by: first_byte,
            deadline,
            waiting: BytesMut::new(),
            scanned: 0,
            read: 0,
            after_cr: false,
            has_ended: false,
        }
    }

    /// Reads a little more; `false` at the end.
    async fn fill(&mut self) -> Result<bool, Failed> {
        if self.has_ended {
            return Ok(false);
        }
        let chunk = timeout_at(self.next_by, self.answer.chunk()).await.map_err(|_| Failed::timed_out())?;
        let Some(chunk) = chunk.map_err(|failure| Failed::of_transport(&failure))? else {
            self.has_ended = true;
            return Ok(false);
        };
        self.read = self.read.saturating_add(chunk.len());
        if self.read > self.limits.bytes {
            return Err(Failed::not_valid(format!("the answer is longer than {} bytes", self.limits.bytes)));
        }
        self.next_by = self.deadline.min(Instant::now() + self.limits.silence);
        self.waiting.extend_from_slice(&chunk);
        Ok(true)
    }

    /// Everything that still comes.
    pub(super) async fn rest(&mut self) -> Result<Bytes, Failed> {
        while self.fill().await? {}
        Ok(self.waiting.split().freeze())
    }

    /// The pieces of the answer: a stream of events, or one JSON where the server does not stream.
    pub(super) async fn events(mut self) -> Result<Events<'a>, Failed> {
        loop {
            let starts = without_bom(&self.waiting);
            match starts.iter().find(|byte| !byte.is_ascii_whitespace()) {
                Some(b'{' | b'[') => return self.whole().await,
                Some(first) if !BOM.contains(first) => break,
                // It may be the mark that some servers put first, of which the rest is on its way.
                Some(_) if starts.len() >= BOM.len() => break,
                _ => {}
            }
            if !self.fill().await? {
                break;
            }
        }
        let lines = stream::unfold(self, |mut body| async move {
            let line = body.line().await.transpose()?;
            Some((line, body))
        });
        // An event ends with an empty line, and the last one of some servers has none.
        let end = stream::once(async { Ok(Bytes::from_static(b"\n\n")) });
        Ok(Events::Stream(EventStream::new(Box::pin(lines.chain(end)))))
    }

    async fn whole(mut self) -> Result<Events<'a>, Failed> {
        let bytes = self.rest().await?;
        let value: Value =
            serde_json::from_slice(without_bom(&bytes)).map_err(|_| Failed::not_valid("no JSON"))?;
        let pieces = if let Value::Array(pieces) = value { pieces } else { vec![value] };
        Ok(Events::Whole(pieces.into_iter()))
    }

    /// The next line without byte order marks, its end made `\n`; `None` at the end. The parser of events is given one
    /// line at a time, because it copies what stands behind a line for each line; and no mark, because it panics there.
    async fn line(&mut self) -> Result<Option<Bytes>, Failed> {
        loop {
            if self.after_cr && self.waiting.first() == Some(&b'\n') {
                self.waiting.advance(1);
                self.after_cr = false;
            }
            self.after_cr &= self.waiting.is_empty();
            let unseen = self.waiting.get(self.scanned..).unwrap_or_default();
            let found = unseen.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            if let Some(at) = found {
                let mut line = self.waiting.split_to(self.scanned + at);
                self.after_cr = self.waiting.first() == Some(&b'\r');
                self.waiting.advance(1);
                self.scanned = 0;
                line.extend_from_slice(b"\n");
                let line = line.freeze();
                return Ok(Some(line.slice_ref(without_bom(&line))));
            }
            self.scanned = self.waiting.len();
            if !self.fill().await? {
                let last = self.waiting.split().freeze();
                self.scanned = 0;
                return Ok((!last.is_empty()).then(|| last.slice_ref(without_bom(&last))));
            }
        }
    }
}

/// What stands behind the byte order marks that some servers put first.
fn without_bom(mut bytes: &[u8]) -> &[u8] {
    while let Some(rest) = bytes.strip_prefix(BOM) {
        bytes = rest;
    }
    bytes
}

type Lines<'a> = Pin<Box<dyn Stream<Item = Result<Bytes, Failed>> + Send + 'a>>;

/// The pieces of an answer.
pub(super) enum Events<'a> {
    /// They come one by one.
    Stream(EventStream<Lines<'a>>),
    /// They came at once.
    Whole(vec::IntoIter<Value>),
}

impl Events<'_> {
    /// The next one; `None` at the end.
    pub(super) async fn next(&mut self) -> Option<Result<Event, Failed>> {
        let events = match self {
            Self::Whole(pieces) => return pieces.next().map(Event::Piece).map(Ok),
            Self::Stream(events) => events,
        };
        let event = match events.next().await? {
            Ok(event) => event,
            Err(EventStreamError::Transport(failed)) => return Some(Err(failed)),
            Err(_) => return Some(Err(Failed::not_valid("no stream of events"))),
        };
        if event.data.trim() == DONE {
            return Some(Ok(Event::Done));
        }
        let piece = serde_json::from_str(&event.data).map(Event::Piece);
        Some(piece.map_err(|_| Failed::not_valid("an event that is no JSON")))
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, time::Duration};

    use axum::http;
    use net::reqwest;
    use proptest::prelude::*;

    use super::*;

    /// The events of a body that comes in these chunks, until the first that is none.
    async fn read(chunks: Vec<Vec<u8>>) -> Vec<String> {
        let limits = Limits { bytes: 1 << 16, ..Limits::default() };
        let soon = Instant::now() + Duration::from_secs(60);
        let stream = stream::iter(chunks.into_iter().map(Ok::<_, Infallible>));
        let answer = http::Response::new(reqwest::Body::wrap_stream(stream));
        let mut seen = Vec::new();
        let mut events = match Body::new(answer.into(), &limits, soon, soon).events().await {
            Ok(events) => events,
            Err(failed) => return vec![format!("{:?}", failed.failure)],
        };
        while let Some(event) = events.next().await {
            match event {
                Ok(Event::Piece(piece)) => seen.push(piece.to_string()),
                Ok(Event::Done) => seen.push(DONE.to_owned()),
                Err(failed) => {
                    seen.push(format!("{:?}", failed.failure));
                    break;
                }
            }
        }
        seen
    }

    fn read_now(chunks: Vec<Vec<u8>>) -> Vec<String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(read(chunks))
    }

    #[test]
    fn every_end_of_a_line_is_one() {
        for body in [
            "data: 1\n\ndata: 2\n\n",
            "data: 1\r\n\r\ndata: 2\r\n\r\n",
            "data: 1\r\rdata: 2\r\r",
            "\u{feff}data: 1\n\r\ndata:2",
            "\u{feff}\u{feff}: hi\ndata: 1\n\nid: 7\ndata: 2\n",
        ] {
            let bytes = body.as_bytes();
            assert_eq!(read_now(vec![bytes.to_vec()]), ["1", "2"], "{body:?}");
            let single = bytes.iter().map(|byte| vec![*byte]).collect();
            assert_eq!(read_now(single), ["1", "2"], "{body:?} byte by byte");
        }
    }

    proptest! {
        #[test]
        fn nothing_breaks_the_reading_and_chunks_do_not_matter(
            words in prop::collection::vec(prop::sample::select(vec![
                &b"data: "[..], b"data", b":", b"\n", b"\r", b"\r\n", b"\n\n", b"{", b"}", b"{\"a\":1}", b"[", b"]", b"[DONE]",
                BOM, b"\xef", b"\xbb", b"\xff", "\u{44e}".as_bytes(), b"event: x", b"retry: 9", b" ", b"\0", b"7",
            ]), 0..24),
            cuts in prop::collection::vec(1_usize..6, 1..8),
        ) {
            let body = words.concat();
            let mut chunks = Vec::new();
            let mut rest = body.as_slice();
            for size in cuts.iter().cycle() {
                let (chunk, behind) = rest.split_at((*size).min(rest.len()));
                chunks.push(chunk.to_vec());
                rest = behind;
                if rest.is_empty() {
                    break;
                }
            }
            prop_assert_eq!(read_now(chunks), read_now(vec![body]));
        }
    }
}
