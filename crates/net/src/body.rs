//! Bodies of answers, no longer than we are ready to hold.

use bytes::{Bytes, BytesMut};
use reqwest::Response;

/// Why a body was not read.
#[derive(Debug, thiserror::Error)]
pub enum TooLong {
    /// More bytes than the limit.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    /// The connection failed on the way.
    #[error(transparent)]
    Broken(#[from] reqwest::Error),
}

/// Reads a body of at most `limit` bytes, counted after decompression.
pub async fn read_up_to(mut answer: Response, limit: usize) -> Result<Bytes, TooLong> {
    let announced = answer.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    if announced > limit {
        return Err(TooLong::TooLong(limit));
    }
    let mut body = BytesMut::with_capacity(announced);
    while let Some(chunk) = answer.chunk().await? {
        if body.len().saturating_add(chunk.len()) > limit {
            return Err(TooLong::TooLong(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
