//! Collects what is wrong with the fields of one input, so that a person reads all of it at once.

use crate::{Error, FieldError, Kind, Result, Text};

/// The errors found so far. Each check gives back the tidy value, or something empty in its place;
/// [`Checks::done`] says whether the values may be used.
#[derive(Debug, Default)]
pub struct Checks {
    errors: Vec<FieldError>,
    fatal: Option<Error>,
}

impl Checks {
    /// Nothing checked yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A text of one line, at most `max` characters: trimmed, runs of white space made one space.
    pub fn line(&mut self, field: &str, text: &str, max: usize) -> String {
        let tidy = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.bounded(field, tidy, max)
    }

    /// The same, and it may not be empty.
    pub fn required_line(&mut self, field: &str, text: &str, max: usize) -> String {
        let line = self.line(field, text, max);
        if line.is_empty() && !self.has(field) {
            self.refuse(field, Text::new("kernel-text-missing"));
        }
        line
    }

    /// The same as [`Checks::line`]; an empty text is none.
    pub fn optional_line(&mut self, field: &str, text: Option<&str>, max: usize) -> Option<String> {
        text.map(|text| self.line(field, text, max)).filter(|line| !line.is_empty())
    }

    /// A text of several lines, at most `max` characters: trimmed, line ends made `\n`.
    pub fn prose(&mut self, field: &str, text: &str, max: usize) -> String {
        let tidy = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
        self.bounded(field, tidy.trim().to_owned(), max)
    }

    /// The value, or its error put under `field`. An error that is not about the input ends the whole.
    pub fn take<T>(&mut self, field: &str, value: Result<T>) -> Option<T> {
        match value {
            Ok(value) => return Some(value),
            Err(error) if error.kind() == Kind::Invalid => {
                self.errors.extend_from_slice(error.under(field).field_errors());
            }
            Err(error) => self.fatal = self.fatal.take().or(Some(error)),
        }
        None
    }

    /// The value, or the errors of its fields beside those found so far; those of fields that are wrong already are
    /// left out. An error that is not about the input ends the whole.
    pub fn take_all<T>(&mut self, value: Result<T>) -> Option<T> {
        match value {
            Ok(value) => return Some(value),
            Err(error) if error.kind() == Kind::Invalid && !error.field_errors().is_empty() => {
                let new: Vec<FieldError> =
                    error.field_errors().iter().filter(|error| !self.has(&error.field)).cloned().collect();
                self.errors.extend(new);
            }
            Err(error) => self.fatal = self.fatal.take().or(Some(error)),
        }
        None
    }

    /// Says that `field` is wrong.
    pub fn refuse(&mut self, field: impl Into<String>, text: Text) {
        self.errors.push(FieldError { field: field.into(), text });
    }

    /// Says that `field` is wrong, unless `holds`.
    pub fn hold(&mut self, holds: bool, field: &str, text: Text) {
        if !holds {
            self.refuse(field, text);
        }
    }

    /// Whether something is wrong with `field`.
    pub fn has(&self, field: &str) -> bool {
        self.errors.iter().any(|error| error.field == field)
    }

    /// `Ok` when nothing is wrong.
    pub fn done(self) -> Result<()> {
        match self.fatal {
            Some(error) => Err(error),
            None => Error::all(self.errors),
        }
    }

    fn bounded(&mut self, field: &str, text: String, max: usize) -> String {
        if text.chars().any(|c| c.is_control() && c != '\n') {
            self.refuse(field, Text::new("kernel-text-has-control"));
            return String::new();
        }
        if text.chars().count() > max {
            self.refuse(field, Text::new("kernel-text-too-long").with("max", max));
            return String::new();
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Money;

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let mut checks = Checks::new();
        assert_eq!(checks.line("name", "  Qora \t choy ", 20), "Qora choy");
        assert_eq!(checks.prose("note", " a\r\nb ", 20), "a\nb");
        assert_eq!(checks.optional_line("brand", Some("  "), 5), None);
        checks.required_line("code", " ", 5);
        checks.line("unit", "kilogramm", 5);
        checks.line("brand", "a\0b", 5);
        checks.take("price", Money::parse("x"));
        let error = checks.done().unwrap_err();
        let found: Vec<_> =
            error.field_errors().iter().map(|e| format!("{}: {}", e.field, e.text.key())).collect();
        assert_eq!(
            found,
            [
                "code: kernel-text-missing",
                "unit: kernel-text-too-long",
                "brand: kernel-text-has-control",
                "price: kernel-number-malformed"
            ]
        );
    }

    #[test]
    fn an_error_of_ours_is_not_made_one_of_the_input() {
        let mut checks = Checks::new();
        checks.take("price", Err::<(), _>(Error::internal("disk")));
        assert_eq!(checks.done().unwrap_err().kind(), Kind::Internal);
    }
}
