//! SQL: every statement of a store names the workspace, and a domain's statements stand nowhere else.
//!
//! The crates below the domains (`context`, `jobs`) have a table or two and no store of that name: there each file
//! counts as one.
//! The same for statements built with sea-query: the function that begins one names the column.
//! A statement that truly belongs to no workspace has `// tidy: no workspace: <reason>` on the line before it.

use super::{
    finding::Finding,
    levels::{LOWEST_DOMAIN_LEVEL, is_tool, level_of},
    rust_source::{Piece, Sort, before_tests, is_test_file, pieces},
    tree::{Tree, crate_of, line_at},
};

/// Words that begin a statement.
const VERBS: &[&str] = &["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "REPLACE"];
/// Calls that begin a statement of sea-query.
const BUILDERS: &[&str] = &["Query::select()", "Query::insert()", "Query::update()", "Query::delete()"];
/// The column that makes a row a workspace's own.
const COLUMN: &str = "workspace_id";
/// The comment that says why a statement names no workspace.
const MARK: &str = "// tidy: no workspace: ";
/// How many lines above a statement the comment may end: the call may open a line before its string.
const MARK_REACH_LINES: usize = 2;
/// Crates whose matter is SQL itself, or no workspace's rows: the database, tools, and the program that wires all.
const EXEMPT_CRATES: &[&str] = &["db", "db-macros", "testkit", "xtask", "app"];

/// Finds statements without a workspace in stores, and statements outside stores.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, source) in
        tree.under("crates/").filter(|(path, _)| path.ends_with(".rs") && path.contains("/src/"))
    {
        let exempt = crate_of(path).is_none_or(|name| EXEMPT_CRATES.contains(&name));
        if exempt || is_test_file(path) {
            continue;
        }
        let source = before_tests(source);
        let pieces = pieces(source);
        let written = pieces.iter().filter(|piece| is_statement(piece)).map(|piece| (piece.line, piece.text));
        for (line, statement) in written.chain(built(source)) {
            if !is_store(path) && is_domain(path) {
                findings.push(Finding::new(path, line, "SQL stands in src/store.rs or src/store/ only"));
            } else if !statement.contains(COLUMN) && !is_marked(&pieces, line) {
                let message =
                    format!("the statement names no {COLUMN}; where that is right, write `{MARK}…` above");
                findings.push(Finding::new(path, line, message));
            }
        }
    }
    findings
}

fn is_domain(path: &str) -> bool {
    let name = crate_of(path);
    !name.is_some_and(is_tool) && name.and_then(level_of).is_none_or(|level| level >= LOWEST_DOMAIN_LEVEL)
}

fn is_store(path: &str) -> bool {
    path.ends_with("/store.rs") || path.contains("/store/")
}

fn is_statement(piece: &Piece<'_>) -> bool {
    let text = piece.text.trim_start_matches(['\\', '\n', ' ']);
    let verb = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    let more = text.get(verb.len()..).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    piece.sort == Sort::Literal && more && VERBS.contains(&verb)
}

/// Every statement of sea-query: its line, and the source from there to the end of the function.
fn built(source: &str) -> impl Iterator<Item = (usize, &str)> {
    BUILDERS.iter().flat_map(|builder| source.match_indices(builder)).map(|(at, _)| {
        let rest = source.get(at..).unwrap_or_default();
        let function = rest.find("\n}").and_then(|end| rest.get(..end)).unwrap_or(rest);
        (line_at(source, at), function)
    })
}

fn is_marked(pieces: &[Piece<'_>], line: usize) -> bool {
    pieces.iter().any(|piece| {
        let reason = piece.text.strip_prefix(MARK).is_some_and(|reason| !reason.trim().is_empty());
        piece.sort == Sort::Comment && reason && piece.line < line && piece.line + MARK_REACH_LINES >= line
    })
}

#[cfg(test)]
mod tests {
    use super::{super::finding::assert_findings, *};

    #[track_caller]
    fn check_source(path: &str, source: &str, expected: &[&str]) {
        assert_findings(check(&Tree::from([(path, source)])), expected);
    }

    #[test]
    fn a_statement_of_a_store_names_the_workspace() {
        check_source(
            "crates/sales/src/store.rs",
            "tx.query(\"SELECT id FROM sales_order WHERE workspace_id = $1\");\n\
             tx.query(\n    \"\\\n     DELETE FROM sales_order WHERE id = $1\");\n\
             let words = \"select nothing\"; // SELECT id\n",
            &[
                "crates/sales/src/store.rs:3: the statement names no workspace_id; where that is right, write \
               `// tidy: no workspace: …` above",
            ],
        );
    }

    #[test]
    fn a_reason_excuses_the_next_statement_only() {
        check_source(
            "crates/auth/src/store/people.rs",
            "// tidy: no workspace: people belong to the server\ntx.query(\n    \"SELECT id FROM auth_person\",\n);\n\
             // tidy: no workspace: \nlet a = \"UPDATE auth_person SET a = 1\";",
            &[
                "crates/auth/src/store/people.rs:6: the statement names no workspace_id; where that is right, write \
               `// tidy: no workspace: …` above",
            ],
        );
    }

    #[test]
    fn a_built_statement_names_the_workspace_somewhere_in_its_function() {
        check_source(
            "crates/sales/src/store.rs",
            "fn a() {\n    let s = Query::select();\n    s.and_where(Expr::col(\"workspace_id\"))\n}\n\
             fn b() {\n    Query::delete().from(\"workspace\");\n}\nfn c() {\n    \"workspace_id\"\n}\n",
            &[
                "crates/sales/src/store.rs:6: the statement names no workspace_id; where that is right, write \
               `// tidy: no workspace: …` above",
            ],
        );
    }

    #[test]
    fn sql_outside_a_store_is_found_and_tests_may_look_anywhere() {
        check_source(
            "crates/sales/src/actions.rs",
            "let a = \"INSERT INTO sales_order (workspace_id) VALUES ($1)\";\n\
             #[cfg(test)]\nmod tests {\n    const B: &str = \"SELECT 1\";\n}\n",
            &["crates/sales/src/actions.rs:1: SQL stands in src/store.rs or src/store/ only"],
        );
        check_source("crates/context/src/audit.rs", "\"INSERT INTO audit (workspace_id) VALUES ($1)\"", &[]);
        check_source("crates/sales/src/tests.rs", "\"SELECT 1\"", &[]);
        check_source("crates/db/src/tx.rs", "\"SELECT 1\"", &[]);
    }
}
