//! Every dependency is used by the crate that names it, and every one of the workspace by some crate.
//!
//! One that is there for a feature or a side effect has `# tidy: unnamed: <reason>` at the end of its line.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::{
    finding::Finding,
    rust_source::{Sort, pieces},
    tree::{Tree, line_where},
};

/// The comment that says why no source names a dependency.
const MARK: &str = "# tidy: unnamed: ";
const KINDS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// Finds dependencies that nothing names.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut named_somewhere = BTreeSet::new();
    for name in tree.crates() {
        let path = format!("crates/{name}/Cargo.toml");
        let text = tree.get(&path).unwrap_or_default();
        let words = words_of(tree, name);
        for dependency in dependencies(text) {
            if !words.contains(dependency.replace('-', "_").as_str()) && !is_marked(text, &dependency) {
                let message =
                    format!("nothing in `{name}` names `{dependency}`; where that is right, add `{MARK}…`");
                findings.push(Finding::new(&path, line_of(text, &dependency), message));
            }
            named_somewhere.insert(dependency);
        }
    }
    let root = tree.get("Cargo.toml").unwrap_or_default();
    let manifest: Table = root.parse().unwrap_or_default();
    let offered = manifest.get("workspace").and_then(|w| w.get("dependencies")).and_then(Value::as_table);
    for (offered, _) in offered.into_iter().flatten() {
        if !named_somewhere.contains(offered) && !is_marked(root, offered) {
            findings.push(Finding::new(
                "Cargo.toml",
                line_of(root, offered),
                format!("no crate uses `{offered}`"),
            ));
        }
    }
    findings
}

fn dependencies(manifest: &str) -> Vec<String> {
    let manifest: Table = manifest.parse().unwrap_or_default();
    let targets = manifest.get("target").and_then(Value::as_table);
    let tables = targets.into_iter().flat_map(Table::values).filter_map(Value::as_table);
    std::iter::once(&manifest)
        .chain(tables)
        .flat_map(|table| KINDS.iter().filter_map(|kind| table.get(*kind)?.as_table()))
        .flat_map(|dependencies| dependencies.keys().cloned())
        .collect()
}

/// Every word of a crate's code and strings (`#[serde(with = "hex::serde")]`).
fn words_of<'a>(tree: &'a Tree, name: &str) -> BTreeSet<&'a str> {
    tree.under(&format!("crates/{name}/"))
        .filter(|(path, _)| path.ends_with(".rs"))
        .flat_map(|(_, source)| pieces(source))
        .filter(|piece| piece.sort != Sort::Comment)
        .flat_map(|piece| piece.text.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .collect()
}

fn line_of(manifest: &str, dependency: &str) -> usize {
    line_where(manifest, |line| is_line_of(line, dependency))
}

fn is_line_of(line: &str, dependency: &str) -> bool {
    line.strip_prefix(dependency).is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
}

fn is_marked(manifest: &str, dependency: &str) -> bool {
    manifest.lines().any(|line| is_line_of(line, dependency) && line.contains(MARK))
}

#[cfg(test)]
mod tests {
    use super::{super::finding::assert_findings, *};

    #[test]
    fn a_dependency_that_nothing_names_is_found() {
        let tree = Tree::from([
            ("Cargo.toml", "[workspace.dependencies]\nhex = \"1\"\nmime-guess = \"2\"\nold = \"1\"\n"),
            (
                "crates/web/Cargo.toml",
                "[dependencies]\nhex.workspace = true\nmime-guess.workspace = true\n\
                 time.workspace = true # tidy: unnamed: turns a feature on\n\
                 [dev-dependencies]\ninsta.workspace = true\n",
            ),
            ("crates/web/src/lib.rs", "#[serde(with = \"hex::serde\")] // insta\nuse mime_guess;"),
        ]);
        assert_findings(
            check(&tree),
            &[
                "crates/web/Cargo.toml:6: nothing in `web` names `insta`; where that is right, add \
                 `# tidy: unnamed: …`",
                "Cargo.toml:4: no crate uses `old`",
            ],
        );
    }
}
