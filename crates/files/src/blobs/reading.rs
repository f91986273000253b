//! Bytes on their way out.

use std::{fmt, io};

use bytes::Bytes;
use futures::stream::BoxStream;

/// A blob, or a part of one, as a stream.
pub struct Reading {
    /// The length of the whole blob.
    pub size: u64,
    /// The bytes asked for, in order.
    pub pieces: BoxStream<'static, io::Result<Bytes>>,
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading").field("size", &self.size).finish_non_exhaustive()
    }
}
