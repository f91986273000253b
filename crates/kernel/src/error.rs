//! One error for everything that decides: a kind, a text for the person, and the fields it is about.

use std::{error::Error as StdError, fmt};

use crate::{Date, Money, Quantity};

/// The result of everything fallible in Karvon.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of no it is. Edges turn it into a status (HTTP) or a sentence (chat); nobody invents another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The input is wrong; the same input will be wrong again (400, 422).
    Invalid,
    /// Nobody is signed in, or the credentials are wrong (401).
    Unauthenticated,
    /// Signed in, and not allowed (403).
    Forbidden,
    /// No such thing in this workspace (404).
    NotFound,
    /// Right in itself, and against the state of things (409).
    Conflict,
    /// More than the limits allow (413, 429).
    TooMuch {
        /// Seconds after which it may go, when that is known.
        retry_after_s: Option<u32>,
    },
    /// The server cannot take it now; the same call may go through later (503).
    Busy,
    /// Ours to mend: the source is logged, the person is told that it is not their fault (500).
    Internal,
}

/// A message key with its arguments; becomes a sentence in the reader's language at the edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    key: &'static str,
    args: Vec<(&'static str, Arg)>,
}

impl Text {
    /// The message `key` without arguments.
    pub const fn new(key: &'static str) -> Self {
        Self { key, args: Vec::new() }
    }

    /// The same message with one more argument.
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// The message key; also the stable code of an error.
    pub const fn key(&self) -> &'static str {
        self.key
    }

    /// The arguments by name.
    pub fn args(&self) -> &[(&'static str, Arg)] {
        &self.args
    }
}

/// A value inside a message; formatted for the reader's language where the message is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// Words as they are.
    Text(String),
    /// A count; chooses the plural form.
    Int(i64),
    /// Money, shown in so'm.
    Money(Money),
    /// A quantity, shown in units.
    Quantity(Quantity),
    /// A business date.
    Date(Date),
}

macro_rules! arg_from {
    ($($from:ty => |$value:ident| $arg:expr),* $(,)?) => {$(
        impl From<$from> for Arg {
            fn from($value: $from) -> Self { $arg }
        }
    )*};
}
arg_from! {
    &str => |v| Self::Text(v.to_owned()),
    String => |v| Self::Text(v),
    &String => |v| Self::Text(v.clone()),
    i64 => |v| Self::Int(v),
    i32 => |v| Self::Int(i64::from(v)),
    u32 => |v| Self::Int(i64::from(v)),
    u64 => |v| Self::Int(i64::try_from(v).unwrap_or(i64::MAX)),
    usize => |v| Self::Int(i64::try_from(v).unwrap_or(i64::MAX)),
    Money => |v| Self::Money(v),
    Quantity => |v| Self::Quantity(v),
    Date => |v| Self::Date(v),
}

/// What is wrong with one field of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's path as the API names it: `lines.0.quantity`.
    pub field: String,
    /// What to tell the person.
    pub text: Text,
}

/// Why something was not done.
pub struct Error {
    kind: Kind,
    text: Text,
    fields: Vec<FieldError>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of this kind with this text.
    pub const fn new(kind: Kind, text: Text) -> Self {
        Self { kind, text, fields: Vec::new(), source: None }
    }

    /// Wrong input, said in one sentence.
    pub const fn invalid(text: Text) -> Self {
        Self::new(Kind::Invalid, text)
    }

    /// Wrong input in one field.
    pub fn field(field: impl Into<String>, text: Text) -> Self {
        Self::fields(vec![FieldError { field: field.into(), text }])
    }

    /// Wrong input in these fields.
    pub fn fields(fields: Vec<FieldError>) -> Self {
        Self { kind: Kind::Invalid, text: Text::new("kernel-fields-invalid"), fields, source: None }
    }

    /// No such thing in this workspace.
    pub const fn not_found() -> Self {
        Self::new(Kind::NotFound, Text::new("kernel-not-found"))
    }

    /// Against the state of things.
    pub const fn conflict(text: Text) -> Self {
        Self::new(Kind::Conflict, text)
    }

    /// Not allowed to whoever acts.
    pub const fn forbidden() -> Self {
        Self::new(Kind::Forbidden, Text::new("kernel-forbidden"))
    }

    /// Nobody is signed in.
    pub const fn unauthenticated() -> Self {
        Self::new(Kind::Unauthenticated, Text::new("kernel-unauthenticated"))
    }

    /// The server is full for the moment.
    pub const fn busy() -> Self {
        Self::new(Kind::Busy, Text::new("kernel-busy"))
    }

    /// Ours to mend. `source` is logged once at the edge and never shown.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            kind: Kind::Internal,
            text: Text::new("kernel-internal"),
            fields: Vec::new(),
            source: Some(source.into()),
        }
    }

    /// The same error, with what caused it.
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same error with the fields' paths put under `prefix`: `quantity` → `lines.0.quantity`.
    /// An error about the whole becomes one about `prefix` itself.
    pub fn under(mut self, prefix: &str) -> Self {
        if self.kind != Kind::Invalid {
            return self;
        }
        if self.fields.is_empty() {
            return Self::field(prefix, self.text);
        }
        for field in &mut self.fields {
            field.field = format!("{prefix}.{}", field.field);
        }
        self
    }

    /// What kind of no it is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// What to tell the person.
    pub const fn text(&self) -> &Text {
        &self.text
    }

    /// What is wrong with which field.
    pub fn field_errors(&self) -> &[FieldError] {
        &self.fields
    }

    /// Collects the errors of several checks into one: `Ok` when `errors` is empty.
    pub fn all(errors: Vec<FieldError>) -> Result<()> {
        if errors.is_empty() { Ok(()) } else { Err(Self::fields(errors)) }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// For logs, not for people: kind, key, arguments, fields and the whole chain of sources.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.kind, self.text.key)?;
        for (name, value) in &self.text.args {
            write!(f, " {name}={value:?}")?;
        }
        for FieldError { field, text } in &self.fields {
            write!(f, " [{field}: {} {:?}]", text.key, text.args)?;
        }
        let mut source = self.source.as_deref().map(|s| -> &dyn StdError { s });
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|s| -> &(dyn StdError + 'static) { s })
    }
}
