//! Files stay short enough to be read in one sitting.

use super::{finding::Finding, tree::Tree};

/// Lines of a file; past it, the file becomes a folder of the same name.
const MOST_LINES: usize = 500;
/// What people write by hand and read again. Texts, tables of tests and made files may be longer.
const ENDINGS: &[&str] = &[".rs", ".ts", ".mjs", ".html", ".scss", ".sql", ".sh", ".py"];

/// Finds files that are too long.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let files = ENDINGS.iter().flat_map(|end| tree.ending(end));
    files
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(path, lines)| {
            Finding::new(
                path,
                MOST_LINES + 1,
                format!("{lines} lines; more than {MOST_LINES} are two subjects"),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{super::finding::assert_findings, *};

    #[test]
    fn the_five_hundred_and_first_line_is_too_much() {
        let (fits, long) = ("a\n".repeat(MOST_LINES), "a\n".repeat(MOST_LINES + 1));
        let tree = Tree::from([
            ("crates/a/src/fits.rs", &*fits),
            ("crates/a/src/long.rs", &*long),
            ("a.ftl", &*long),
        ]);
        assert_findings(
            check(&tree),
            &["crates/a/src/long.rs:501: 501 lines; more than 500 are two subjects"],
        );
    }
}
