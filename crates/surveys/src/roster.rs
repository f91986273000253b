//! The roster: who is asked in a campaign. Pure.

use catalog::Item;
use kernel::{Checks, Id, Text, Timestamp};
use serde::Serialize;

use crate::{Campaign, json::Object};

/// Characters of a student's id.
pub(crate) const STUDENT_ID_CHARS: usize = 60;
/// The years in which somebody studies.
pub(crate) const COURSE_YEARS: std::ops::RangeInclusive<i64> = 1..=4;

/// A student whom a campaign asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RosterRow {
    /// Its id.
    pub id: Id<RosterRow>,
    /// The campaign whose roster it stands in.
    pub campaign: Id<Campaign>,
    /// What the university calls the student.
    pub student_external_id: String,
    /// What they study: a catalog item.
    pub program: Id<Item>,
    /// 1 to 4, where it is known.
    pub course_year: Option<i32>,
    /// Whether they are asked still.
    pub is_active: bool,
    /// Whatever else the university's list says of them.
    pub metadata: Object,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A student's id as others are compared with it: case, spaces and the script of its letters do not matter, signs do:
/// `12-345` is not `123-45`. Empty where it has neither letters nor digits.
pub fn student_key(id: &str) -> String {
    let mut key = String::with_capacity(id.len());
    let mut word = String::new();
    for c in id.trim().chars().filter(|c| !c.is_whitespace()) {
        if c.is_alphanumeric() {
            word.push(c);
            continue;
        }
        key.push_str(&uztext::code_key(&word));
        word.clear();
        key.push(if matches!(c, '–' | '—' | '‐' | '‑' | '−') { '-' } else { c });
    }
    key.push_str(&uztext::code_key(&word));
    if key.chars().any(char::is_alphanumeric) { key } else { String::new() }
}

/// A student's id, tidied.
pub(crate) fn checked_student_id(checks: &mut Checks, field: &str, id: &str) -> String {
    let id = checks.required_line(field, id, STUDENT_ID_CHARS);
    if !checks.has(field) {
        checks.hold(!student_key(&id).is_empty(), field, Text::new("surveys-student-id-malformed"));
    }
    id
}

/// A year of study.
pub(crate) fn checked_year(checks: &mut Checks, field: &str, year: i64) -> Option<i32> {
    let fits = COURSE_YEARS.contains(&year);
    checks.hold(fits, field, Text::new("surveys-course-year-out-of-range"));
    i32::try_from(year).ok().filter(|_| fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_students_id_is_compared_whatever_its_case_and_script() {
        for same in ["SE-2023-014", " se-2023-014 ", "se-2023 - 014", "SE–2023–014", "SЕ-2023-014"] {
            assert_eq!(student_key(same), "SE-2023-014", "{same}");
        }
        assert_ne!(student_key("12-345"), student_key("123-45"));
        assert_eq!((student_key("№"), student_key(" ")), (String::new(), String::new()));
    }
}
