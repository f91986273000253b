//! The SQL of the catalog's tables.

pub(crate) mod categories;
pub(crate) mod counts;
pub(crate) mod items;
pub(crate) mod lists;
pub(crate) mod products;
pub(crate) mod put;
pub(crate) mod words;

/// `$from, …` for `count` parameters, for a list of values inside a statement.
fn places(from: usize, count: usize) -> String {
    (from..from + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// The ids with the last one repeated up to the next power of two, so that lists of many lengths share few
/// statements; empty stays empty.
fn padded<T: Copy>(ids: &[T]) -> Vec<T> {
    let mut ids = ids.to_vec();
    if let Some(last) = ids.last().copied() {
        ids.resize(ids.len().next_power_of_two(), last);
    }
    ids
}
