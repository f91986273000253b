//! What a service of S3 says no with, in words.

use std::error::Error as StdError;

use kernel::{Error, Kind, Text};
use object_store::{
    Error as StoreError,
    client::{HttpError, HttpErrorKind},
};

use super::S3;

/// Characters of a service's own words.
const WORDS: usize = 300;

/// The service does not do now what it should; the same call may go through later.
pub(super) fn answerless(error: StoreError) -> Error {
    Error::new(Kind::Busy, Text::new("files-store-silent")).because(error)
}

/// What of the settings does not hold, in one sentence.
pub(super) fn refused_at_the_start(s3: &S3, error: StoreError) -> Error {
    let text = |key| Text::new(key).with("bucket", &s3.bucket).with("address", s3.address());
    let said = match &error {
        StoreError::NotFound { .. } => text("files-bucket-missing"),
        StoreError::PermissionDenied { .. } | StoreError::Unauthenticated { .. } => {
            text("files-bucket-refused")
        }
        other if is_unreachable(other) => text("files-bucket-unreachable"),
        other => {
            let words = other.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
            text("files-bucket-trouble").with("problem", words.chars().take(WORDS).collect::<String>())
        }
    };
    Error::conflict(said).because(error)
}

/// Whether nobody answered at all.
fn is_unreachable(error: &StoreError) -> bool {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(http) = error.downcast_ref::<HttpError>() {
            return !matches!(http.kind(), HttpErrorKind::Decode);
        }
        cause = error.source();
    }
    false
}
