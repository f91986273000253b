//! A file of Telegram, in the pieces in which it comes.

use std::fmt;

use bytes::Bytes;
use net::reqwest::Response;

use super::outcome::CallError;

/// A file that is being downloaded.
pub struct Download {
    answer: Response,
    /// Bytes that may still come.
    left: usize,
}

impl fmt::Debug for Download {
    /// Without the address, which holds the bot's token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download").field("left", &self.left).finish_non_exhaustive()
    }
}

impl Download {
    /// Reads this answer, of at most `limit` bytes.
    pub(super) fn of(answer: Response, limit: usize) -> Result<Self, CallError> {
        let announced = answer.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        if announced > limit { Err(too_big()) } else { Ok(Self { answer, left: limit }) }
    }

    /// The next bytes; none at the end. What is longer than announced is refused as Telegram refuses it.
    pub async fn next(&mut self) -> Result<Option<Bytes>, CallError> {
        let piece = self.answer.chunk().await.map_err(|error| CallError::NoAnswer(error.without_url()))?;
        if let Some(piece) = &piece {
            self.left = self.left.checked_sub(piece.len()).ok_or_else(too_big)?;
        }
        Ok(piece)
    }
}

/// What Telegram says of a file that bots may not download.
pub(super) fn too_big() -> CallError {
    CallError::Refused {
        code: 400,
        description: "Bad Request: file is too big".to_owned(),
        retry_after_s: None,
        moved_to: None,
    }
}
