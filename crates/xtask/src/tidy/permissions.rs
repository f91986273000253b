//! Every public action asks for its permission first.
//!
//! An action that everybody may do, or that looks at the actor in another way, has
//! `// tidy: no permission: <reason>` above it; a file of nothing else has it under its first comment.

use super::{
    finding::Finding,
    rust_source::{before_tests, is_test_file},
    tree::Tree,
};

/// The comment that says why an action asks for no permission.
const MARK: &str = "// tidy: no permission: ";

/// Finds actions whose first statement is not `ctx.require…`.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, source) in tree.under("crates/").filter(|(path, _)| is_of_actions(path) && !is_test_file(path))
    {
        let lines: Vec<&str> = before_tests(source).lines().collect();
        if lines.iter().take_while(|line| line.is_empty() || line.starts_with("//")).any(|line| is_mark(line))
        {
            continue;
        }
        for (index, line) in lines.iter().enumerate() {
            let Some(name) = line.strip_prefix("pub fn ").and_then(|rest| rest.split(['(', '<']).next())
            else {
                continue;
            };
            let (above, from_here) = lines.split_at(index);
            if acts(from_here) && !requires_first(from_here) && !is_marked(above) {
                let message = format!("`{name}` begins with `ctx.require(…)?`, or `{MARK}…` stands above it");
                findings.push(Finding::new(path, index + 1, message));
            }
        }
    }
    findings
}

fn is_of_actions(path: &str) -> bool {
    path.ends_with("/src/actions.rs") || path.contains("/src/actions/")
}

/// True when the function that begins here takes who acts, and a transaction.
fn acts(lines: &[&str]) -> bool {
    let mut signature = String::new();
    for line in lines {
        signature.push_str(line);
        if line.ends_with('{') || line.ends_with(';') {
            break;
        }
    }
    signature.contains("ctx: &Ctx") && (signature.contains("&mut Tx") || signature.contains("&mut ReadTx"))
}

fn requires_first(lines: &[&str]) -> bool {
    let body = lines.iter().skip_while(|line| !line.ends_with('{')).skip(1);
    let mut statements =
        body.map(|line| line.trim()).filter(|line| !line.is_empty() && !line.starts_with("//"));
    statements.next().is_some_and(|first| first.starts_with("ctx.require"))
}

/// Looks through the comments and attributes above a function.
fn is_marked(above: &[&str]) -> bool {
    above
        .iter()
        .rev()
        .take_while(|line| line.starts_with("//") || line.starts_with("#["))
        .any(|line| is_mark(line))
}

fn is_mark(line: &str) -> bool {
    line.strip_prefix(MARK).is_some_and(|reason| !reason.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::{super::finding::assert_findings, *};

    #[test]
    fn an_action_asks_for_its_permission_first() {
        let source = "/// Ends it.\npub fn cancel(ctx: &Ctx, tx: &mut Tx) -> Result<()> {\n    ctx.require(A)?;\n}\n\
                      pub fn confirm(\n    ctx: &Ctx,\n    tx: &mut Tx,\n) -> Result<()> {\n    // First.\n    \
                      ctx.require_any(&[A])?;\n}\n\
                      pub fn read(ctx: &Ctx, tx: &mut ReadTx) -> Result<()> {\n    let a = 1;\n    ctx.require(A)?;\n}\n\
                      // tidy: no permission: one's own name\n#[must_use]\n\
                      pub fn me(ctx: &Ctx, tx: &mut ReadTx) -> Result<()> {\n    a()\n}\n\
                      // tidy: no permission: \npub fn other(ctx: &Ctx, tx: &mut Tx) -> Result<()> {\n    a()\n}\n\
                      pub fn total(lines: &[Line]) -> Money {\n    a()\n}\n";
        let tree =
            Tree::from([("crates/sales/src/actions.rs", source), ("crates/sales/src/store.rs", source)]);
        assert_findings(
            check(&tree),
            &[
                "crates/sales/src/actions.rs:12: `read` begins with `ctx.require(…)?`, or \
                 `// tidy: no permission: …` stands above it",
                "crates/sales/src/actions.rs:22: `other` begins with `ctx.require(…)?`, or \
                 `// tidy: no permission: …` stands above it",
            ],
        );
    }
}
