//! Arrows between crates go down only.

use toml::Table;

use super::{
    finding::Finding,
    tree::{Tree, line_where},
};

/// Every crate in its row, lowest first: a crate may use those of the rows above its own line in this table, and
/// none of its own row. The number is the level that docs/ARCHITECTURE.md names.
pub const ROWS: &[(u8, &[&str])] = &[
    (0, &["kernel", "uztext", "db-macros"]),
    (0, &["flow"]),
    (1, &["db", "text", "net", "print"]),
    (2, &["context"]),
    (2, &["web"]),
    (2, &["files", "jobs"]),
    (2, &["mail"]),
    (3, &["auth", "audit", "realtime", "contacts", "catalog", "ledger", "models"]),
    (4, &["stock", "cash", "tax"]),
    (5, &["sales", "purchasing", "expenses", "payroll", "tickets", "applications"]),
    (5, &["surveys", "documents", "search"]),
    (5, &["knowledge"]),
    (6, &["reports", "forecast", "assistant", "ingest", "sync"]),
    (7, &["channels"]),
    (7, &["bots", "integrations"]),
    (7, &["broadcast"]),
    (8, &["app"]),
];

/// From here on a crate is a domain of the business.
pub const LOWEST_DOMAIN_LEVEL: u8 = 3;

/// Fakes and simulations for the tests of every crate: a dev-dependency anywhere, a dependency of tools only.
const FOR_TESTS: &str = "testkit";
/// Tools that may use every crate; no crate uses them.
const TOOLS: &[&str] = &["xtask", "bench", "simulation", FOR_TESTS];

/// The level of a crate that stands in the table.
pub fn level_of(name: &str) -> Option<u8> {
    row_of(name).and_then(|row| ROWS.get(row)).map(|(level, _)| *level)
}

/// Whether it is a tool: measurements and simulations ask the tables themselves what happened.
pub fn is_tool(name: &str) -> bool {
    TOOLS.contains(&name)
}

/// True when the first stands in the row of the second, or below.
pub fn stands_no_higher(one: &str, other: &str) -> bool {
    matches!((row_of(one), row_of(other)), (Some(one), Some(other)) if one <= other)
}

fn row_of(name: &str) -> Option<usize> {
    ROWS.iter().position(|(_, crates)| crates.contains(&name))
}

/// Finds crates outside the table and dependencies that point up or sideways.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in tree.crates() {
        let path = format!("crates/{name}/Cargo.toml");
        let text = tree.get(&path).unwrap_or_default();
        let manifest: Table = match text.parse() {
            Ok(manifest) => manifest,
            Err(error) => {
                findings.push(Finding::new(&path, 1, format!("not a manifest: {}", error.message())));
                continue;
            }
        };
        if row_of(name).is_none() && !TOOLS.contains(&name) {
            findings.push(Finding::new(
                &path,
                1,
                format!("`{name}` stands on no level; give it one in crates/xtask/src/tidy/levels.rs"),
            ));
            continue;
        }
        for (kind, used) in used_crates(&manifest, tree) {
            if let Some(reason) = reason_against(name, &used, kind) {
                let line = line_where(text, |line| names_dependency(line, &used));
                findings.push(Finding::new(&path, line, reason));
            }
        }
    }
    findings
}

/// Why `name` may not use `used`.
fn reason_against(name: &str, used: &str, kind: &str) -> Option<String> {
    if used == FOR_TESTS {
        let allowed = kind == "dev-dependencies" || TOOLS.contains(&name);
        return (!allowed).then(|| format!("`{used}` is for tests: a dev-dependency only"));
    }
    if TOOLS.contains(&used) {
        return Some(format!("`{used}` is a tool, nothing uses it"));
    }
    if TOOLS.contains(&name) {
        return None;
    }
    let (from, to) = (row_of(name)?, row_of(used)?);
    (to >= from).then(|| {
        format!(
            "`{name}` (level {}) may not use `{used}` (level {}): arrows go down only, see the table in \
             crates/xtask/src/tidy/levels.rs",
            level_of(name).unwrap_or_default(),
            level_of(used).unwrap_or_default()
        )
    })
}

/// The workspace's own crates that a manifest names, with the kind of dependency.
fn used_crates(manifest: &Table, tree: &Tree) -> Vec<(&'static str, String)> {
    let ours = tree.crates();
    let targets = manifest.get("target").and_then(|targets| targets.as_table());
    let tables =
        targets.into_iter().flat_map(|targets| targets.values()).filter_map(|target| target.as_table());
    let mut used = Vec::new();
    for table in std::iter::once(manifest).chain(tables) {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let names = table.get(kind).and_then(|dependencies| dependencies.as_table());
            for (name, _) in names.into_iter().flatten() {
                if ours.contains(name.as_str()) {
                    used.push((kind, name.clone()));
                }
            }
        }
    }
    used
}

fn names_dependency(line: &str, name: &str) -> bool {
    line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
}

#[cfg(test)]
mod tests {
    use super::{super::finding::assert_findings, *};

    #[test]
    fn arrows_go_down_only() {
        let tree = Tree::from([
            ("crates/kernel/Cargo.toml", ""),
            ("crates/sales/Cargo.toml", "[dependencies]\nkernel.workspace = true\nstock.workspace = true\n"),
            (
                "crates/stock/Cargo.toml",
                "[dependencies]\nkernel = { workspace = true }\nsales.workspace = true\n",
            ),
            ("crates/tickets/Cargo.toml", "[target.'cfg(unix)'.dependencies]\nsales.workspace = true\n"),
        ]);
        assert_findings(
            check(&tree),
            &[
                "crates/stock/Cargo.toml:3: `stock` (level 4) may not use `sales` (level 5): arrows go down only, \
                 see the table in crates/xtask/src/tidy/levels.rs",
                "crates/tickets/Cargo.toml:2: `tickets` (level 5) may not use `sales` (level 5): arrows go down \
                 only, see the table in crates/xtask/src/tidy/levels.rs",
            ],
        );
    }

    #[test]
    fn testkit_is_a_dev_dependency_and_xtask_none() {
        let tree = Tree::from([
            ("crates/testkit/Cargo.toml", "[dependencies]\napp.workspace = true\n"),
            ("crates/xtask/Cargo.toml", "[dependencies]\napp.workspace = true\ntestkit.workspace = true\n"),
            ("crates/app/Cargo.toml", "[dev-dependencies]\ntestkit.workspace = true\n"),
            ("crates/bots/Cargo.toml", "[dependencies]\ntestkit.workspace = true\nxtask.workspace = true\n"),
        ]);
        assert_findings(
            check(&tree),
            &[
                "crates/bots/Cargo.toml:2: `testkit` is for tests: a dev-dependency only",
                "crates/bots/Cargo.toml:3: `xtask` is a tool, nothing uses it",
            ],
        );
    }

    #[test]
    fn a_crate_outside_the_table_is_named() {
        let tree = Tree::from([("crates/misc/Cargo.toml", "")]);
        assert_findings(
            check(&tree),
            &["crates/misc/Cargo.toml:1: `misc` stands on no level; give it one in \
               crates/xtask/src/tidy/levels.rs"],
        );
    }

    #[test]
    fn no_crate_stands_in_two_rows() {
        let all: Vec<&str> = ROWS.iter().flat_map(|(_, crates)| crates.iter().copied()).collect();
        let mut once = all.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), all.len());
    }
}
