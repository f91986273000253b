//! The same file names in every crate, and the manifest's inherited lines.

use toml::{Table, Value};

use super::{
    finding::Finding,
    levels::{LOWEST_DOMAIN_LEVEL, level_of},
    rust_source::{Sort, is_test_file, pieces},
    tree::{Tree, crate_of, line_where},
};

/// Levels whose crates are domains of the business; above them stands the program.
const DOMAIN_LEVELS: std::ops::RangeInclusive<u8> = LOWEST_DOMAIN_LEVEL..=7;
/// Names that say nothing about what a file holds.
const EMPTY_NAMES: &[&str] =
    &["common", "data", "helper", "helpers", "info", "manager", "misc", "process", "shared", "util", "utils"];
/// What a manifest takes from the workspace.
const INHERITED: &[&str] = &["version", "edition", "rust-version", "license", "publish"];
const LANGUAGES: &[&str] = &["en.ftl", "ru.ftl", "uz.ftl"];

/// Finds manifests, folders and files that are named or placed otherwise than everywhere else.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in tree.crates() {
        manifest(tree, name, &mut findings);
        texts(tree, name, &mut findings);
        migrations(tree, name, &mut findings);
        if level_of(name).is_some_and(|level| DOMAIN_LEVELS.contains(&level)) {
            domain(tree, name, &mut findings);
        }
    }
    for (path, _) in tree.under("crates/").filter(|(path, _)| path.ends_with(".rs")) {
        let stem = path.rsplit('/').next().and_then(|file| file.strip_suffix(".rs")).unwrap_or_default();
        if EMPTY_NAMES.contains(&stem) {
            findings.push(Finding::new(path, 1, format!("`{stem}` is no name: say what the file holds")));
        }
    }
    findings
}

fn manifest(tree: &Tree, name: &str, findings: &mut Vec<Finding>) {
    let path = format!("crates/{name}/Cargo.toml");
    let text = tree.get(&path).unwrap_or_default();
    let Ok(manifest) = text.parse::<Table>() else { return };
    let inherits = |value: Option<&Value>| {
        value.and_then(|value| value.get("workspace")).and_then(Value::as_bool).unwrap_or(false)
    };
    let package = manifest.get("package");
    if package.and_then(|package| package.get("name")).and_then(Value::as_str) != Some(name) {
        findings.push(Finding::new(&path, 1, format!("the package is called as its folder: `{name}`")));
    }
    for field in INHERITED.iter().filter(|field| !inherits(package.and_then(|package| package.get(field)))) {
        findings.push(Finding::new(&path, 1, format!("write `{field}.workspace = true`")));
    }
    if !inherits(manifest.get("lints")) {
        findings.push(Finding::new(&path, 1, "write `[lints] workspace = true`"));
    }
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let dependencies = manifest.get(kind).and_then(Value::as_table);
        for (used, _) in dependencies.into_iter().flatten().filter(|(_, value)| !inherits(Some(value))) {
            let line = line_where(text, |line| line.starts_with(used.as_str()));
            let message =
                format!("the version of `{used}` stands in the root Cargo.toml: `workspace = true`");
            findings.push(Finding::new(&path, line, message));
        }
    }
}

fn texts(tree: &Tree, name: &str, findings: &mut Vec<Finding>) {
    let folder = format!("crates/{name}/texts/");
    let files: Vec<&str> = tree
        .under(&folder)
        .filter_map(|(path, _)| path.strip_prefix(&folder))
        .filter(|file| is_text(file))
        .collect();
    if !files.is_empty() && files != LANGUAGES {
        let message = format!("texts are {}; here are {}", LANGUAGES.join(", "), files.join(", "));
        findings.push(Finding::new(&folder, 1, message));
    }
}

fn is_text(file: &str) -> bool {
    file.ends_with(".ftl") && !file.contains('/')
}

/// `V<number>__<words>.sql`, numbers from 1 without a gap, each named where the crate lists them.
fn migrations(tree: &Tree, name: &str, findings: &mut Vec<Finding>) {
    let folder = format!("crates/{name}/migrations/");
    let mut numbers = Vec::new();
    for (path, _) in tree.under(&folder) {
        let file = path.strip_prefix(&folder).unwrap_or(path);
        let Some(stem) = file.strip_suffix(".sql") else {
            findings.push(Finding::new(path, 1, "only .sql files stand among the migrations"));
            continue;
        };
        let number = stem.strip_prefix('V').and_then(|rest| rest.split_once("__"));
        match number.and_then(|(number, _)| number.parse::<usize>().ok()) {
            Some(number) => numbers.push((number, path)),
            None => findings.push(Finding::new(path, 1, "a migration is called V<number>__<words>.sql")),
        }
        if !is_listed(tree, name, stem) {
            let message = format!("no `migrations!` of this crate names \"{stem}\", so it would never run");
            findings.push(Finding::new(path, 1, message));
        }
    }
    numbers.sort_unstable();
    for (place, (number, path)) in numbers.into_iter().enumerate() {
        if number != place + 1 {
            findings.push(Finding::new(path, 1, format!("expected number {}, found {number}", place + 1)));
            break;
        }
    }
}

fn is_listed(tree: &Tree, name: &str, stem: &str) -> bool {
    tree.under(&format!("crates/{name}/src/"))
        .filter(|(path, _)| path.ends_with(".rs"))
        .flat_map(|(_, source)| pieces(source))
        .any(|piece| piece.sort == Sort::Literal && piece.text == stem)
}

/// A domain has a page for people, its SQL in `store`, its HTTP in `api` and `pages`.
fn domain(tree: &Tree, name: &str, findings: &mut Vec<Finding>) {
    let folder = format!("crates/{name}/");
    let lib = format!("{folder}src/lib.rs");
    if tree.get(&format!("{folder}README.md")).is_none() {
        findings.push(Finding::new(
            &folder,
            1,
            "a domain has a README.md: concepts, states, invariants in one page",
        ));
    }
    let has = |part: &str| tree.under(&folder).any(|(path, _)| path.starts_with(&format!("{folder}{part}")));
    if has("migrations/") && !has("src/store.rs") && !has("src/store/") {
        findings.push(Finding::new(&folder, 1, "there are migrations and no src/store.rs"));
    }
    if has("src/api") || has("src/pages") {
        let exports = tree.get(&lib).is_some_and(|source| source.contains("pub fn module("));
        if !exports {
            findings.push(Finding::new(&lib, 1, "a domain with routes has `pub fn module() -> web::Module`"));
        }
    }
    for (path, source) in tree.under(&format!("{folder}src/")).filter(|(path, _)| path.ends_with(".rs")) {
        let place = path.strip_prefix(&folder).unwrap_or(path);
        let may_hold_routes = place.starts_with("src/api") || place.starts_with("src/pages");
        if may_hold_routes || is_test_file(path) || crate_of(path) != Some(name) {
            continue;
        }
        for piece in pieces(source).iter().filter(|piece| piece.sort == Sort::Code) {
            if let Some(at) = piece.text.find("#[utoipa::path") {
                let line = piece.line + piece.text.get(..at).unwrap_or_default().matches('\n').count();
                findings.push(Finding::new(path, line, "REST handlers stand in src/api.rs or src/api/"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::finding::assert_findings, *};

    const GOOD: &str = "[package]\nname = \"sales\"\nversion.workspace = true\nedition.workspace = true\n\
                        rust-version.workspace = true\nlicense.workspace = true\npublish.workspace = true\n\
                        [lints]\nworkspace = true\n";

    #[test]
    fn a_whole_domain_has_nothing_to_mend() {
        let tree = Tree::from([
            ("crates/sales/Cargo.toml", GOOD),
            ("crates/sales/README.md", ""),
            ("crates/sales/migrations/V1__orders.sql", ""),
            ("crates/sales/src/api.rs", "#[utoipa::path(get)]"),
            ("crates/sales/src/lib.rs", "pub fn module() { db::migrations!(\"sales\"; \"V1__orders\") }"),
            ("crates/sales/src/store.rs", ""),
            ("crates/sales/texts/en.ftl", ""),
            ("crates/sales/texts/ru.ftl", ""),
            ("crates/sales/texts/uz.ftl", ""),
        ]);
        assert_findings(check(&tree), &[]);
    }

    #[test]
    fn what_is_missing_or_misplaced_is_said() {
        let manifest = format!("{GOOD}[dependencies]\nserde = \"1\"\n");
        let tree = Tree::from([
            ("crates/sales/Cargo.toml", manifest.as_str()),
            ("crates/sales/migrations/V2__orders.sql", ""),
            ("crates/sales/migrations/orders.sql", ""),
            ("crates/sales/src/lib.rs", "\n#[utoipa::path(get)] \"V2__orders\" \"orders\""),
            ("crates/sales/src/pages.rs", ""),
            ("crates/sales/src/utils.rs", ""),
            ("crates/sales/texts/uz.ftl", ""),
        ]);
        assert_findings(
            check(&tree),
            &[
                "crates/sales/Cargo.toml:11: the version of `serde` stands in the root Cargo.toml: \
                 `workspace = true`",
                "crates/sales/texts/:1: texts are en.ftl, ru.ftl, uz.ftl; here are uz.ftl",
                "crates/sales/migrations/orders.sql:1: a migration is called V<number>__<words>.sql",
                "crates/sales/migrations/V2__orders.sql:1: expected number 1, found 2",
                "crates/sales/:1: a domain has a README.md: concepts, states, invariants in one page",
                "crates/sales/:1: there are migrations and no src/store.rs",
                "crates/sales/src/lib.rs:1: a domain with routes has `pub fn module() -> web::Module`",
                "crates/sales/src/lib.rs:2: REST handlers stand in src/api.rs or src/api/",
                "crates/sales/src/utils.rs:1: `utils` is no name: say what the file holds",
            ],
        );
    }

    #[test]
    fn a_migration_that_nobody_lists_is_found() {
        let tree = Tree::from([
            ("crates/jobs/Cargo.toml", &*GOOD.replace("sales", "jobs")),
            ("crates/jobs/migrations/V1__jobs.sql", ""),
            ("crates/jobs/src/lib.rs", "// \"V1__jobs\""),
        ]);
        assert_findings(
            check(&tree),
            &[
                "crates/jobs/migrations/V1__jobs.sql:1: no `migrations!` of this crate names \"V1__jobs\", so it \
               would never run",
            ],
        );
    }

    #[test]
    fn a_manifest_takes_its_lines_from_the_workspace() {
        let tree =
            Tree::from([("crates/kernel/Cargo.toml", "[package]\nname = \"core\"\nversion = \"1\"\n")]);
        assert_findings(
            check(&tree),
            &[
                "crates/kernel/Cargo.toml:1: the package is called as its folder: `kernel`",
                "crates/kernel/Cargo.toml:1: write `version.workspace = true`",
                "crates/kernel/Cargo.toml:1: write `edition.workspace = true`",
                "crates/kernel/Cargo.toml:1: write `rust-version.workspace = true`",
                "crates/kernel/Cargo.toml:1: write `license.workspace = true`",
                "crates/kernel/Cargo.toml:1: write `publish.workspace = true`",
                "crates/kernel/Cargo.toml:1: write `[lints] workspace = true`",
            ],
        );
    }
}
