//! The SQL of this domain's tables.

pub(crate) mod analytics;
pub(crate) mod applicant;
pub(crate) mod application;
pub(crate) mod choice;
pub(crate) mod entry;
pub(crate) mod form;
pub(crate) mod listed;

/// Values of a list in one statement; a longer list takes several.
const VALUES_AT_ONCE: usize = 512;

/// A part of a list, padded to a power of two with its last value, so that lists of many lengths share few statements.
fn padded<T: Copy>(part: &[T]) -> Vec<T> {
    let mut padded = part.to_vec();
    if let Some(last) = part.last() {
        padded.resize(part.len().next_power_of_two(), *last);
    }
    padded
}

/// `$2, $3, $4`: so many places from this one on.
fn places(from: usize, count: usize) -> String {
    (from..from + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}
