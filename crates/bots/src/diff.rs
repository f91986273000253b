//! What differs between two blueprints, line by line. Pure.

use std::time::Duration;

use serde::Serialize;
use similar::{Algorithm, ChangeTag, TextDiff};
use utoipa::ToSchema;

/// Lines shown around each change.
const AROUND: usize = 3;
/// After this long the rest is called different as a whole: two files of half a megabyte without a common line.
const TIME_AT_MOST: Duration = Duration::from_millis(500);

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Change {
    /// It stands in both.
    Same,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
}

/// A line of either file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct DiffLine {
    /// What became of it.
    pub(crate) change: Change,
    /// Its number in the first file, from 1.
    pub(crate) old_line: Option<usize>,
    /// Its number in the second.
    pub(crate) new_line: Option<usize>,
    /// The line, without its end.
    pub(crate) text: String,
}

/// Lines that stand together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Hunk {
    /// Its lines, in order.
    pub(crate) lines: Vec<DiffLine>,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Diff {
    /// Lines that are new.
    pub(crate) added: usize,
    /// Lines that are gone.
    pub(crate) removed: usize,
    /// What changed, with a few lines around it; none when both are the same.
    pub(crate) hunks: Vec<Hunk>,
}

/// What leads from `old` to `new`.
pub(crate) fn diff(old: &str, new: &str) -> Diff {
    let compared =
        TextDiff::configure().algorithm(Algorithm::Patience).timeout(TIME_AT_MOST).diff_lines(old, new);
    let (mut added, mut removed) = (0, 0);
    let mut hunks = Vec::new();
    for group in compared.grouped_ops(AROUND) {
        let changes = group.iter().flat_map(|op| compared.iter_changes(op));
        let lines = changes.map(|change| {
            let kind = match change.tag() {
                ChangeTag::Equal => Change::Same,
                ChangeTag::Insert => Change::Added,
                ChangeTag::Delete => Change::Removed,
            };
            added += usize::from(kind == Change::Added);
            removed += usize::from(kind == Change::Removed);
            DiffLine {
                change: kind,
                old_line: change.old_index().map(|index| index + 1),
                new_line: change.new_index().map(|index| index + 1),
                text: change.value().trim_end_matches('\n').to_owned(),
            }
        });
        hunks.push(Hunk { lines: lines.collect() });
    }
    Diff { added, removed, hunks }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(old: &str, new: &str) -> String {
        let sign = |change| match change {
            Change::Same => ' ',
            Change::Added => '+',
            Change::Removed => '-',
        };
        let lines = |hunk: &Hunk| {
            hunk.lines
                .iter()
                .map(|line| format!("{}{}", sign(line.change), line.text))
                .collect::<Vec<_>>()
                .join("|")
        };
        diff(old, new).hunks.iter().map(lines).collect::<Vec<_>>().join(" … ")
    }

    #[test]
    fn changes_are_told_line_by_line_with_what_stands_around_them() {
        assert_eq!(drawn("a\nb\nc\n", "a\nB\nc\n"), " a|-b|+B| c");
        assert_eq!(drawn("a\n", "a\nb"), " a|+b");
        assert_eq!(drawn("", "a\n"), "+a");
        assert_eq!(drawn("a\nb", "a\nb"), "");
        let far = (0..20).map(|n| format!("{n}\n")).collect::<String>();
        let changed = far.replace("2\n3", "two\n3").replace("17\n", "");
        assert_eq!(diff(&far, &changed).hunks.len(), 2);
    }

    #[test]
    fn lines_have_the_numbers_of_their_files() {
        let told = diff("a\nb\n", "b\nc\n");
        let of = |change| told.hunks[0].lines.iter().find(|line| line.change == change).unwrap();
        assert_eq!((of(Change::Removed).old_line, of(Change::Removed).new_line), (Some(1), None));
        assert_eq!((of(Change::Same).old_line, of(Change::Same).new_line), (Some(2), Some(1)));
        assert_eq!((told.added, told.removed), (1, 1));
    }

    #[test]
    fn long_files_without_a_common_line_are_compared_in_time() {
        let old: String = (0..20_000).map(|n| format!("old {n}\n")).collect();
        let new: String = (0..20_000).map(|n| format!("new {n}\n")).collect();
        let told = diff(&old, &new);
        assert_eq!((told.added, told.removed), (20_000, 20_000));
    }
}
