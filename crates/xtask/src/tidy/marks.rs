//! Nothing half done is left behind, and every Rust file says what it is.

use super::{
    finding::Finding,
    rust_source::{Sort, pieces},
    tree::{Tree, line_at},
};

/// Words of a comment that say that work is left.
const LEFT_WORK: &[&str] = &["TODO", "FIXME", "XXX", "HACK"];
/// Code that must not land, and why.
const FORBIDDEN_CODE: &[(&str, &str)] = &[
    ("#[ignore", "a test runs or goes; none is ignored"),
    ("dbg!(", "this was for looking at something once"),
    ("todo!(", "finish it"),
    ("unimplemented!(", "finish it"),
];
/// Other sources than Rust, searched as they are.
const OTHER_SOURCES: &[&str] = &[".ts", ".mjs", ".html", ".scss", ".sql", ".ftl", ".sh", ".toml"];

/// Finds marks of unfinished work and files without a first line that says what they are.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, source) in tree.ending(".rs") {
        if !source.starts_with("//!") {
            findings.push(Finding::new(
                path,
                1,
                "begin with `//!`: what this file is and what it must not know",
            ));
        }
        for piece in pieces(source) {
            let line_of = |at| piece.line + line_at(piece.text, at) - 1;
            match piece.sort {
                Sort::Comment => left_work(piece.text, |at, mark| {
                    findings.push(Finding::new(path, line_of(at), left_message(mark)));
                }),
                Sort::Code => {
                    for (code, reason) in FORBIDDEN_CODE {
                        for (at, _) in piece.text.match_indices(code) {
                            findings.push(Finding::new(path, line_of(at), format!("`{code}`: {reason}")));
                        }
                    }
                }
                Sort::Literal => {}
            }
        }
    }
    for (path, text) in OTHER_SOURCES.iter().flat_map(|end| tree.ending(end)) {
        left_work(text, |at, mark| findings.push(Finding::new(path, line_at(text, at), left_message(mark))));
    }
    findings
}

fn left_message(mark: &str) -> String {
    format!("`{mark}`: do it, or file it as an issue")
}

/// Calls `found` with the place of each mark that stands as a word of its own.
fn left_work(text: &str, mut found: impl FnMut(usize, &str)) {
    for mark in LEFT_WORK {
        for (at, _) in text.match_indices(mark) {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at + mark.len()..).and_then(|after| after.chars().next());
            let in_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            if !in_word(before) && !in_word(after) {
                found(at, mark);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::finding::assert_findings, *};

    #[test]
    fn marks_of_unfinished_work_are_found_where_they_count() {
        let mark = LEFT_WORK.concat();
        let source = format!(
            "//! About.\nlet a = \"{first}\";\n// {first}: later\n/* a\n{second} */\nlet b = dbg!(1); // {mark}\n\
             #[ignore = \"slow\"]\n",
            first = "TODO",
            second = "FIXME"
        );
        let template = format!("<p>\n{}", "TODO");
        let tree =
            Tree::from([("a.rs", source.as_str()), ("b.rs", "fn a() {}"), ("c.html", template.as_str())]);
        assert_findings(
            check(&tree),
            &[
                "a.rs:3: `TODO`: do it, or file it as an issue",
                "a.rs:5: `FIXME`: do it, or file it as an issue",
                "a.rs:6: `dbg!(`: this was for looking at something once",
                "a.rs:7: `#[ignore`: a test runs or goes; none is ignored",
                "b.rs:1: begin with `//!`: what this file is and what it must not know",
                "c.html:2: `TODO`: do it, or file it as an issue",
            ],
        );
    }
}
