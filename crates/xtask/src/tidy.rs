//! `cargo xtask tidy`: the rules of docs/ARCHITECTURE.md that a machine can check, each in a file of its own.
//!
//! A check is a function from the tree of files to findings; it reads nothing else, so its tests are trees
//! written down in the test.

mod dependencies;
mod finding;
mod length;
mod levels;
mod marks;
mod names;
mod permissions;
mod rust_source;
mod statements;
mod templates;
mod texts;
mod tree;
mod words;

use std::{path::PathBuf, process::ExitCode};

use finding::Finding;
use tree::Tree;

type Check = fn(&Tree) -> Vec<Finding>;

/// Every check by its name.
const CHECKS: &[(&str, Check)] = &[
    ("levels", levels::check),
    ("names", names::check),
    ("dependencies", dependencies::check),
    ("texts", texts::check),
    ("statements", statements::check),
    ("permissions", permissions::check),
    ("length", length::check),
    ("marks", marks::check),
    ("templates", templates::check),
    ("words", words::check),
];

/// Runs all checks, or those named, prints `path:line: message` for each finding, and fails where there is one.
pub fn run(root: PathBuf, only: Vec<String>) -> ExitCode {
    let tree = match Tree::read(&root) {
        Ok(tree) => tree,
        Err(error) => {
            eprintln!("tidy: {error}");
            return ExitCode::from(2);
        }
    };
    let mut findings: Vec<Finding> = CHECKS
        .iter()
        .filter(|(name, _)| only.is_empty() || only.iter().any(|asked| asked == name))
        .flat_map(|(_, check)| check(&tree))
        .collect();
    findings.sort();
    findings.dedup();
    for finding in &findings {
        eprintln!("{finding}");
    }
    if findings.is_empty() {
        eprintln!("tidy: {} files, nothing to mend", tree.len());
        ExitCode::SUCCESS
    } else {
        eprintln!("tidy: {} to mend", findings.len());
        ExitCode::FAILURE
    }
}
