//! Database errors as Karvon's error. A constraint's violation keeps its name, so a store can make words of it.

use std::{error::Error as StdError, fmt};

use kernel::{Error, Result};

/// What kind of constraint refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// UNIQUE or PRIMARY KEY.
    Unique,
    /// REFERENCES.
    ForeignKey,
    /// CHECK.
    Check,
    /// NOT NULL.
    NotNull,
}

/// A constraint refused a write. The source of the error that a statement answers.
#[derive(Debug)]
pub struct ConstraintError {
    /// Which kind.
    pub constraint: Constraint,
    /// What the database said; for logs.
    pub message: String,
}

impl fmt::Display for ConstraintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} constraint: {}", self.constraint, self.message)
    }
}
impl StdError for ConstraintError {}

/// Makes words of a constraint's refusal, in `store.rs`.
pub trait OnConstraint<T> {
    /// The error for a person when this kind of constraint refused; other errors stay as they are.
    fn on(self, constraint: Constraint, words: impl FnOnce() -> Error) -> Result<T>;

    /// The error for a person when the row is there already.
    fn on_unique(self, words: impl FnOnce() -> Error) -> Result<T>;
}

impl<T> OnConstraint<T> for Result<T> {
    fn on(self, constraint: Constraint, words: impl FnOnce() -> Error) -> Self {
        self.map_err(|error| {
            let refused = error.source().and_then(|s| s.downcast_ref::<ConstraintError>());
            match refused {
                Some(refusal) if refusal.constraint == constraint => words().because(error),
                _ => error,
            }
        })
    }

    fn on_unique(self, words: impl FnOnce() -> Error) -> Self {
        self.on(Constraint::Unique, words)
    }
}

/// The transaction cannot go on, but the same closure may succeed when it runs again.
#[derive(Debug)]
pub(crate) struct Retry(pub(crate) Box<dyn StdError + Send + Sync>);

impl fmt::Display for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "to be run again: {}", self.0)
    }
}
impl StdError for Retry {}

/// Whether running the closure again may help.
pub(crate) fn is_retry(error: &Error) -> bool {
    error.source().is_some_and(|s| s.is::<Retry>())
}

pub(crate) fn from_sqlite(error: rusqlite::Error) -> Error {
    use rusqlite::ffi;
    let Some(code) = error.sqlite_error().map(|e| e.extended_code) else {
        return Error::internal(error);
    };
    let constraint = match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => Constraint::Unique,
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Constraint::ForeignKey,
        ffi::SQLITE_CONSTRAINT_CHECK => Constraint::Check,
        ffi::SQLITE_CONSTRAINT_NOTNULL => Constraint::NotNull,
        ffi::SQLITE_INTERRUPT => return Error::busy().because(error),
        _ => return Error::internal(error),
    };
    Error::internal(ConstraintError { constraint, message: error.to_string() })
}

/// What a `COMMIT` answered. A connection that is lost on the way leaves open what became of it: running it again could do it twice.
pub(crate) fn from_commit(error: postgres::Error) -> Error {
    use postgres::error::Severity::{Fatal, Panic};
    match error.as_db_error().map(postgres::error::DbError::parsed_severity) {
        None | Some(Some(Fatal | Panic)) => Error::internal(error),
        Some(_) => from_postgres(error),
    }
}

pub(crate) fn from_postgres(error: postgres::Error) -> Error {
    use postgres::error::SqlState;
    let Some(refusal) = error.as_db_error() else {
        return if error.is_closed() { Error::internal(Retry(error.into())) } else { Error::internal(error) };
    };
    let message = format!("{}: {}", refusal.constraint().unwrap_or_default(), refusal.message());
    let constraint = match *refusal.code() {
        SqlState::UNIQUE_VIOLATION => Constraint::Unique,
        SqlState::FOREIGN_KEY_VIOLATION => Constraint::ForeignKey,
        SqlState::CHECK_VIOLATION => Constraint::Check,
        SqlState::NOT_NULL_VIOLATION => Constraint::NotNull,
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => {
            return Error::internal(Retry(error.into()));
        }
        // The server is being stopped or has been killed; the next connection finds the one that comes after it.
        SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN => return Error::internal(Retry(error.into())),
        // "cached plan must not change result type", after a migration by another node.
        SqlState::FEATURE_NOT_SUPPORTED if refusal.message().contains("cached plan") => {
            return Error::internal(Retry(error.into()));
        }
        SqlState::QUERY_CANCELED | SqlState::LOCK_NOT_AVAILABLE | SqlState::TOO_MANY_CONNECTIONS => {
            return Error::busy().because(error);
        }
        _ => return Error::internal(format!("{}: {message}", refusal.code().code())),
    };
    Error::internal(ConstraintError { constraint, message })
}
