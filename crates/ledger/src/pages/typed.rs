//! A manual entry as it is typed.

use kernel::{Checks, Date, Error, FieldError, Kind, Money, Result, Text};
use web::{Multi, pages::Words};

use crate::{AccountRef, NewLine, Side, WriteEntry};

/// One line as it stands in the form, with what is wrong with it.
#[derive(Debug, Clone, Default)]
pub(super) struct TypedLine {
    pub(super) account: String,
    pub(super) shown: String,
    pub(super) debit: String,
    pub(super) credit: String,
    pub(super) note: String,
    errors: Vec<(String, String)>,
}

impl TypedLine {
    pub(super) fn error(&self, field: &str) -> String {
        let said = self.errors.iter().filter(|(name, _)| name == field);
        said.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn is_empty(&self) -> bool {
        let Self { account, shown, debit, credit, note, errors: _ } = self;
        [account, shown, debit, credit, note].iter().all(|text| text.is_empty())
    }

    /// The code that was chosen, or typed where nothing was chosen.
    fn code(&self) -> &str {
        if self.account.is_empty() { self.shown.split(' ').next().unwrap_or_default() } else { &self.account }
    }
}

/// The form.
#[derive(Debug, Clone, Default)]
pub(super) struct TypedEntry {
    pub(super) date: String,
    pub(super) memo: String,
    pub(super) lines: Vec<TypedLine>,
}

impl TypedEntry {
    pub(super) fn empty(today: Date) -> Self {
        let lines = vec![TypedLine::default(); 2];
        Self { date: today.to_string(), memo: String::new(), lines }
    }

    pub(super) fn sent(form: &Multi) -> Self {
        let column = |name| form.all(name).map(|value| value.trim().to_owned()).collect::<Vec<_>>();
        let (accounts, shown) = (column("line_account"), column("line_account_shown"));
        let (debits, credits, notes) = (column("line_debit"), column("line_credit"), column("line_note"));
        let at = |column: &[String], index: usize| column.get(index).cloned().unwrap_or_default();
        let count = accounts.len().max(shown.len());
        let line = |index| TypedLine {
            account: at(&accounts, index),
            shown: at(&shown, index),
            debit: at(&debits, index),
            credit: at(&credits, index),
            note: at(&notes, index),
            errors: Vec::new(),
        };
        Self {
            date: form.get("date").trim().to_owned(),
            memo: form.get("memo").to_owned(),
            lines: (0..count).map(line).filter(|line| !line.is_empty()).collect(),
        }
    }

    /// What the action takes, or everything that is wrong with what was typed.
    pub(super) fn input(&self) -> Result<WriteEntry> {
        let mut checks = Checks::new();
        let date = checks.take("date", Date::parse(&self.date));
        let mut lines = Vec::with_capacity(self.lines.len());
        for (place, line) in self.lines.iter().enumerate() {
            let field = |name: &str| format!("lines.{place}.{name}");
            let code = line.code();
            checks.hold(!code.is_empty(), &field("account"), Text::new("ledger-account-choose"));
            let typed = match (line.debit.is_empty(), line.credit.is_empty()) {
                (false, true) => Some((Side::Debit, &line.debit, "debit")),
                (true, false) => Some((Side::Credit, &line.credit, "credit")),
                _ => None,
            };
            let Some((side, amount, name)) = typed else {
                checks.refuse(field("debit"), Text::new("ledger-line-one-side"));
                continue;
            };
            if let Some(amount) = checks.take(&field(name), Money::parse(amount)) {
                let note = line.note.clone();
                lines.push(NewLine { note, ..NewLine::new(AccountRef::from(code), side, amount) });
            }
        }
        checks.done()?;
        let date = date.ok_or_else(|| Error::internal("a day that was read is not there"))?;
        Ok(WriteEntry { date, memo: self.memo.clone(), lines })
    }

    /// The sums of what can be read so far: left and right.
    pub(super) fn sums(&self) -> (Money, Money) {
        let sum = |of: fn(&TypedLine) -> &String| {
            let read = self.lines.iter().filter_map(|line| Money::parse(of(line)).ok());
            Money::sum(read.filter(|money| money.is_positive())).unwrap_or_default()
        };
        (sum(|line| &line.debit), sum(|line| &line.credit))
    }

    /// Puts what is wrong beside its fields; answers what is wrong with the lines as a whole.
    pub(super) fn mark(&mut self, error: Option<&Error>, words: &Words) -> String {
        let mut whole = String::new();
        for FieldError { field, text } in error.map(Error::field_errors).unwrap_or_default() {
            let Some(path) = field.strip_prefix("lines") else { continue };
            let said = words.say(text);
            let mut steps = path.trim_start_matches('.').splitn(2, '.');
            let line = steps.next().and_then(|index| index.parse::<usize>().ok());
            match line.and_then(|index| self.lines.get_mut(index)) {
                Some(line) => {
                    let name = match steps.next() {
                        // The amount stands on one of the two sides.
                        Some("amount") if line.debit.is_empty() => "credit",
                        Some("amount") => "debit",
                        Some(name) => name,
                        None => "account",
                    };
                    line.errors.push((name.to_owned(), said));
                }
                None => whole = said,
            }
        }
        whole
    }
}

/// The same error without those of lines, which the lines show themselves. Nothing when it is about no field.
pub(super) fn without_lines(error: &Error) -> Option<Error> {
    if error.kind() != Kind::Invalid || error.field_errors().is_empty() {
        return None;
    }
    let others: Vec<_> =
        error.field_errors().iter().filter(|error| !error.field.starts_with("lines")).cloned().collect();
    Some(Error::fields(others))
}
