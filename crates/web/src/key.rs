//! The `{id}` of a path: the number that people and the seeds' APIs use, or the UUID.

use std::{fmt, str::FromStr};

use kernel::{Error, Id};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

/// A row as a path names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKey {
    /// The workspace's integer number.
    Number(i64),
    /// The UUID.
    Id(Uuid),
}

impl RowKey {
    /// The typed id, when it is one.
    pub const fn id<T>(self) -> Option<Id<T>> {
        match self {
            Self::Id(uuid) => Some(Id::from_uuid(uuid)),
            Self::Number(_) => None,
        }
    }
}

impl FromStr for RowKey {
    type Err = Error;
    /// What is neither names nothing: "not found".
    fn from_str(text: &str) -> Result<Self, Error> {
        if let Ok(number) = text.parse::<i64>() {
            return if number > 0 { Ok(Self::Number(number)) } else { Err(Error::not_found()) };
        }
        Uuid::try_parse(text).map(Self::Id).map_err(|_| Error::not_found())
    }
}

impl fmt::Display for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Id(uuid) => uuid.fmt(f),
        }
    }
}

/// So that `Path<RowKey>` works. A malformed key is the nil id, which names nothing.
impl<'de> Deserialize<'de> for RowKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(text.parse().unwrap_or(Self::Id(Uuid::nil())))
    }
}
