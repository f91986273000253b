//! An entry and its lines, and what must hold of one before it is posted. Pure.

use std::fmt;

use kernel::{Arg, Checks, Date, Error, Id, Money, Result, Text, Timestamp};
use uuid::Uuid;

use crate::{Account, Month, Role};

/// Lines of one entry at most: three for each line of the longest receipt, and some.
pub const MAX_LINES: usize = 32_000;
/// The most that one line can say: ten trillion so'm.
pub const MAX_AMOUNT: Money = Money::from_tiyin(1_000_000_000_000_000);
/// The most that an account can turn over in a month: fifty trillion so'm (`ledger_balance` says the same).
pub const MAX_TURNOVER: Money = Money::from_tiyin(5_000_000_000_000_000);
/// Characters of a person's own memo at most.
pub const MAX_MEMO: usize = 500;
/// Characters of a line's note at most.
pub const MAX_NOTE: usize = 200;
/// The kind of source of entries that people write themselves.
pub const MANUAL: &str = "manual";

/// The document that an entry comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What kind: `sales_invoice`.
    pub kind: String,
    /// Its id.
    pub id: Uuid,
    /// What people call it by.
    pub number: Option<i64>,
}

impl Source {
    /// The document of this kind with this id, which people know by `number`.
    pub fn new<T>(kind: &str, id: Id<T>, number: Option<i64>) -> Self {
        Self { kind: kind.to_owned(), id: id.uuid(), number }
    }
}

/// What an entry is about: a message in the reader's language, or a person's own words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Memo {
    /// The message's key; empty when there is none.
    pub key: String,
    /// Its arguments: words and counts.
    pub args: Vec<(String, Arg)>,
    /// A person's own words.
    pub text: String,
}

impl Memo {
    /// A person's own words.
    pub fn said(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// A message in the reader's language. Its arguments are words and counts; others are kept as words.
impl From<Text> for Memo {
    fn from(text: Text) -> Self {
        let kept = |arg: &Arg| match arg {
            Arg::Text(_) | Arg::Int(_) => arg.clone(),
            Arg::Money(money) => Arg::Text(money.to_string()),
            Arg::Quantity(quantity) => Arg::Text(quantity.to_string()),
            Arg::Date(date) => Arg::Text(date.dotted()),
        };
        let args = text.args().iter().map(|(name, arg)| ((*name).to_owned(), kept(arg))).collect();
        Self { key: text.key().to_owned(), args, text: String::new() }
    }
}

/// The side of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Left.
    Debit,
    /// Right.
    Credit,
}

/// The account of a line, as whoever posts names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountRef {
    /// What the account is used for.
    Role(Role),
    /// Its code.
    Code(String),
    /// Its id.
    Id(Id<Account>),
}

impl From<Role> for AccountRef {
    fn from(role: Role) -> Self {
        Self::Role(role)
    }
}
impl From<&str> for AccountRef {
    fn from(code: &str) -> Self {
        Self::Code(code.to_owned())
    }
}
impl From<String> for AccountRef {
    fn from(code: String) -> Self {
        Self::Code(code)
    }
}
impl From<Id<Account>> for AccountRef {
    fn from(id: Id<Account>) -> Self {
        Self::Id(id)
    }
}

/// A line to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    /// Which account.
    pub account: AccountRef,
    /// Which side of it.
    pub side: Side,
    /// How much, above zero.
    pub amount: Money,
    /// Whom it is about: whose balance it changes.
    pub contact: Option<Uuid>,
    /// Which product it is about.
    pub product: Option<Uuid>,
    /// Where that lies.
    pub warehouse: Option<Uuid>,
    /// What people say of it.
    pub note: String,
}

impl NewLine {
    /// `amount` on this side of the account.
    pub fn new(account: impl Into<AccountRef>, side: Side, amount: Money) -> Self {
        let account = account.into();
        Self { account, side, amount, contact: None, product: None, warehouse: None, note: String::new() }
    }

    /// `amount` on the left.
    pub fn debit(account: impl Into<AccountRef>, amount: Money) -> Self {
        Self::new(account, Side::Debit, amount)
    }

    /// `amount` on the right.
    pub fn credit(account: impl Into<AccountRef>, amount: Money) -> Self {
        Self::new(account, Side::Credit, amount)
    }

    /// About this contact.
    #[must_use]
    pub fn contact<T>(self, id: Id<T>) -> Self {
        Self { contact: Some(id.uuid()), ..self }
    }

    /// About this product.
    #[must_use]
    pub fn product<T>(self, id: Id<T>) -> Self {
        Self { product: Some(id.uuid()), ..self }
    }

    /// About what lies in this warehouse.
    #[must_use]
    pub fn warehouse<T>(self, id: Id<T>) -> Self {
        Self { warehouse: Some(id.uuid()), ..self }
    }

    /// The amount with its side: debit above zero, credit below.
    pub fn signed(&self) -> Result<Money> {
        match self.side {
            Side::Debit => Ok(self.amount),
            Side::Credit => Money::ZERO.minus(self.amount),
        }
    }
}

/// An entry to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The day it counts for.
    pub date: Date,
    /// What it is about.
    pub memo: Memo,
    /// The document it comes from.
    pub source: Source,
    /// Which of that document's entries it is: `delivery`, `invoice`. Each is posted once.
    pub purpose: String,
    /// Its lines.
    pub lines: Vec<NewLine>,
}

impl NewEntry {
    /// An entry without lines yet.
    pub fn new(date: Date, source: Source, purpose: &str, memo: impl Into<Memo>) -> Self {
        Self { date, memo: memo.into(), source, purpose: purpose.to_owned(), lines: Vec::new() }
    }

    /// With one more line. One of nothing is left out: no VAT, no discount.
    #[must_use]
    pub fn with(mut self, line: NewLine) -> Self {
        if !line.amount.is_zero() {
            self.lines.push(line);
        }
        self
    }

    /// What can be known to be wrong without asking the books; also its month.
    pub fn check(&self) -> Result<Month> {
        let mut checks = Checks::new();
        let month = checks.take("date", Month::of(self.date));
        checks.hold(!self.lines.is_empty(), "lines", Text::new("ledger-lines-missing"));
        let many = Text::new("ledger-lines-too-many").with("max", MAX_LINES);
        checks.hold(self.lines.len() <= MAX_LINES, "lines", many);
        checks.done()?;
        let mut checks = Checks::new();
        for (place, line) in self.lines.iter().enumerate() {
            let field = format!("lines.{place}.amount");
            checks.hold(line.amount.is_positive(), &field, Text::new("ledger-amount-not-positive"));
            let large = Text::new("ledger-amount-too-large").with("max", MAX_AMOUNT);
            checks.hold(line.amount <= MAX_AMOUNT, &field, large);
        }
        checks.done()?;
        month.ok_or_else(|| Error::internal("a date without a month"))
    }
}

/// A line as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its entry.
    pub entry: Id<Entry>,
    /// Its place in it, from 0.
    pub position: i32,
    /// Its account.
    pub account: Id<Account>,
    /// Debit above zero, credit below.
    pub amount: Money,
    /// Whether its account stands beside the balance.
    pub off_balance: bool,
    /// Whom it is about.
    pub contact: Option<Uuid>,
    /// Which product it is about.
    pub product: Option<Uuid>,
    /// Where that lies.
    pub warehouse: Option<Uuid>,
    /// What people say of it.
    pub note: String,
}

impl Line {
    /// What stands on the left.
    pub fn debit(&self) -> Money {
        self.amount.max(Money::ZERO)
    }

    /// What stands on the right.
    pub fn credit(&self) -> Money {
        Money::from_tiyin(self.amount.tiyin().min(0).saturating_neg())
    }
}

/// An entry as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: Id<Entry>,
    /// Its number in the journal, from 1 without a gap.
    pub number: i64,
    /// The day it counts for.
    pub date: Date,
    /// What it is about.
    pub memo: Memo,
    /// The document it comes from.
    pub source: Source,
    /// Which of that document's entries it is.
    pub purpose: String,
    /// The entry that it takes back.
    pub reverses: Option<Id<Entry>>,
    /// The entry that takes it back.
    pub reversed_by: Option<Id<Entry>>,
    /// How many lines it has.
    pub line_count: i32,
    /// The sum of its debits.
    pub total: Money,
    /// Who posted it.
    pub posted_by: String,
    /// When.
    pub posted_at: Timestamp,
}

impl Entry {
    /// Whether a person wrote it; what a document posted is taken back by its document.
    pub fn is_manual(&self) -> bool {
        self.source.kind == MANUAL
    }
}

/// What was posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Posted {
    /// Its id.
    pub id: Id<Entry>,
    /// Its number in the journal.
    pub number: i64,
}

impl fmt::Display for Posted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "№ {}", self.number)
    }
}
