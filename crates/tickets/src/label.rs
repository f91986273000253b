//! Labels: what tickets and conversations are sorted by, one set for the whole staff. Pure.

use kernel::{Checks, Error, Id, Result, Text};
use serde::Serialize;

/// Characters of a label's name.
pub(crate) const NAME_CHARS: usize = 40;
/// Labels of a workspace: what one list can be chosen from.
pub(crate) const AT_MOST: usize = 100;
/// The colours that a label can have, by the names that the pages' tones have.
pub(crate) const TONES: [&str; 5] = ["plain", "info", "success", "warning", "danger"];

/// A label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Its id.
    pub id: Id<Label>,
    /// Its name.
    pub name: String,
    /// `plain`, `info`, `success`, `warning` or `danger`.
    pub tone: String,
}

/// A label as somebody wants it.
#[derive(Debug, Clone)]
pub struct NewLabel {
    /// Its name.
    pub name: String,
    /// `plain`, `info`, `success`, `warning` or `danger`.
    pub tone: String,
}

/// The labels with these ids, by name. Errors: one is not there, beside the field `labels`.
pub fn labels_of(known: &[Label], ids: &[Id<Label>]) -> Result<Vec<Label>> {
    if ids.iter().any(|id| !known.iter().any(|label| label.id == *id)) {
        return Err(Error::field("labels", Text::new("tickets-label-unknown")));
    }
    Ok(known.iter().filter(|label| ids.contains(&label.id)).cloned().collect())
}

impl NewLabel {
    pub(crate) fn checked(self, id: Id<Label>) -> Result<Label> {
        let mut checks = Checks::new();
        let name = checks.required_line("name", &self.name, NAME_CHARS);
        let is_known = TONES.contains(&self.tone.as_str());
        checks.hold(is_known, "tone", Text::new("tickets-label-tone-unknown"));
        checks.done()?;
        Ok(Label { id, name, tone: self.tone })
    }
}
