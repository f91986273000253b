//! Texts: the same messages with the same arguments in uz, ru and en; each used, each use defined.
//!
//! A key is used where Rust (tests aside), a template or a blueprint has it as a literal. A literal that looks like
//! a key of its crate (`sales-…`), or stands in a call that takes a key (`Text::new("…")`, `t("…")`), must be
//! defined, with the arguments that `.with("…", …)` gives it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    finding::Finding,
    levels::stands_no_higher,
    rust_source::{Piece, Sort, before_tests, is_test_file, pieces},
    tree::{Tree, crate_of, line_at},
};
use messages::{Message, read};

mod messages;

const LANGUAGES: [&str; 3] = ["uz", "ru", "en"];
/// Ends of the code before a literal that make it a key.
const CALLS_IN_RUST: &[&str] = &["Text::new(", " t(", ".t(", "(t(", "{t("];
/// What a key begins with in an error of serde, which carries nothing but a string.
const KEY_MARK: &str = "text:";
/// Ends of a template's text before a literal that make it a key.
const CALLS_IN_TEMPLATES: &[&str] = &[".t(", " t(", "(t(", "{t("];
/// Where else keys stand in quotes: forms and blueprints.
const OTHER_HOLDERS: &[&str] = &[".toml", ".json", ".ts"];

/// Finds differences between languages, messages nobody uses, and keys that no message has.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut defined: BTreeMap<String, Defined> = BTreeMap::new();
    for name in tree.crates() {
        let [uz, ru, en] = LANGUAGES.map(|language| {
            let path = format!("crates/{name}/texts/{language}.ftl");
            tree.get(&path).map(|text| (path.clone(), read(&path, text, &mut findings)))
        });
        let (Some(uz), Some(ru), Some(en)) = (uz, ru, en) else { continue };
        for one in [&uz, &ru, &en] {
            own_keys(tree, name, one, &mut findings);
        }
        compare(&uz, &ru, &mut findings);
        compare(&uz, &en, &mut findings);
        for (key, message) in uz.1 {
            defined.insert(key, Defined { path: uz.0.clone(), message });
        }
    }
    let mut used: BTreeSet<String> =
        defined.values().flat_map(|defined| defined.message.references.iter().cloned()).collect();
    for (path, source) in
        tree.ending(".rs").filter(|(path, _)| path.starts_with("crates/") && !is_test_file(path))
    {
        if crate_of(path) != Some("xtask") {
            in_rust(path, source, &defined, &mut used, &mut findings);
        }
    }
    for (path, text) in tree.ending(".html") {
        in_template(path, text, &defined, &mut used, &mut findings);
    }
    for (_, text) in OTHER_HOLDERS.iter().flat_map(|end| tree.ending(end)) {
        used.extend(text.split(['"', '\'']).filter(|word| defined.contains_key(*word)).map(str::to_owned));
    }
    for (key, Defined { path, message }) in &defined {
        if !used.contains(key) {
            findings.push(Finding::new(path, message.line, format!("nothing uses `{key}`")));
        }
    }
    findings
}

/// A message of the first language, and the file it stands in.
struct Defined {
    path: String,
    message: Message,
}

type Language = (String, BTreeMap<String, Message>);

/// A crate's keys begin with its name, or with the name of a crate no higher that has no texts of its own.
fn own_keys(tree: &Tree, name: &str, (path, messages): &Language, findings: &mut Vec<Finding>) {
    for (key, message) in messages {
        let holder =
            tree.crates().into_iter().filter(|holder| is_prefix(holder, key)).max_by_key(|h| h.len());
        let wordless = |holder: &str| {
            !tree.under(&format!("crates/{holder}/texts/")).any(|(path, _)| path.ends_with(".ftl"))
        };
        if !holder.is_some_and(|holder| holder == name || stands_no_higher(holder, name) && wordless(holder))
        {
            let message =
                Finding::new(path, message.line, format!("`{key}`: keys of this crate begin with `{name}-`"));
            findings.push(message);
        }
    }
}

fn is_prefix(name: &str, key: &str) -> bool {
    key.strip_prefix(name).is_some_and(|rest| rest.starts_with('-'))
}

fn compare(one: &Language, other: &Language, findings: &mut Vec<Finding>) {
    for ((path, messages), (other_path, others)) in [(one, other), (other, one)] {
        for (key, message) in messages.iter().filter(|(key, _)| !others.contains_key(*key)) {
            findings.push(Finding::new(
                path,
                message.line,
                format!("`{key}` is not in {}", file_name(other_path)),
            ));
        }
    }
    for (key, message) in &one.1 {
        if let Some(theirs) = other.1.get(key).filter(|theirs| theirs.arguments != message.arguments) {
            let message = format!(
                "`{key}` takes {}, in {} {}",
                named(&theirs.arguments),
                file_name(&one.0),
                named(&message.arguments)
            );
            findings.push(Finding::new(&other.0, theirs.line, message));
        }
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn named(arguments: &BTreeSet<String>) -> String {
    if arguments.is_empty() {
        return "no argument".to_owned();
    }
    arguments.iter().map(|argument| format!("${argument}")).collect::<Vec<_>>().join(", ")
}

fn in_rust(
    path: &str,
    source: &str,
    defined: &BTreeMap<String, Defined>,
    used: &mut BTreeSet<String>,
    findings: &mut Vec<Finding>,
) {
    let pieces = pieces(before_tests(source));
    for (place, piece) in pieces.iter().enumerate().filter(|(_, piece)| piece.sort == Sort::Literal) {
        let before =
            place.checked_sub(1).and_then(|before| pieces.get(before)).map_or("", |piece| piece.text);
        let is_call = ends_with_call(before, CALLS_IN_RUST);
        let marked = piece.text.strip_prefix(KEY_MARK).filter(|key| is_whole(key));
        let key = marked.unwrap_or(piece.text);
        let is_call = is_call || marked.is_some() || looks_like_key(path, key, defined);
        match defined.get(key) {
            Some(Defined { message, .. }) => {
                used.insert(key.to_owned());
                let given = given_arguments(pieces.get(place + 1..).unwrap_or_default());
                for argument in given.difference(&message.arguments).filter(|_| is_call) {
                    let message = format!("`{key}` takes {}, not ${argument}", named(&message.arguments));
                    findings.push(Finding::new(path, piece.line, message));
                }
            }
            None if is_call => {
                findings.push(Finding::new(path, piece.line, format!("no message has the key `{key}`")));
            }
            None => {}
        }
    }
}

/// The names in `.with("name", …)` behind a key, as far as they follow each other.
fn given_arguments(mut pieces: &[Piece<'_>]) -> BTreeSet<String> {
    let mut given = BTreeSet::new();
    while let Some((rest, behind)) = behind_parenthesis(pieces) {
        let (true, Some((name, after))) = (rest.trim() == ".with(", behind.split_first()) else { break };
        given.insert(name.text.to_owned());
        pieces = after;
    }
    given
}

/// Where the open parenthesis closes: the rest of that piece of code, and the pieces behind it.
fn behind_parenthesis<'p, 'a>(pieces: &'p [Piece<'a>]) -> Option<(&'a str, &'p [Piece<'a>])> {
    let mut depth = 1_usize;
    for (place, piece) in pieces.iter().enumerate().filter(|(_, piece)| piece.sort == Sort::Code) {
        for (at, c) in piece.text.char_indices() {
            match c {
                '(' => depth += 1,
                ')' if depth == 1 => return Some((piece.text.get(at + 1..)?, pieces.get(place + 1..)?)),
                ')' => depth -= 1,
                _ => {}
            }
        }
    }
    None
}

fn in_template(
    path: &str,
    text: &str,
    defined: &BTreeMap<String, Defined>,
    used: &mut BTreeSet<String>,
    findings: &mut Vec<Finding>,
) {
    for (at, expression) in expressions(text) {
        let mut before_at = 0;
        for (place, quoted) in quoted_words(expression) {
            let before = expression.get(before_at..place.saturating_sub(1)).unwrap_or_default();
            before_at = place + quoted.len() + 1;
            if defined.contains_key(quoted) {
                used.insert(quoted.to_owned());
            } else if ends_with_call(before, CALLS_IN_TEMPLATES) || looks_like_key(path, quoted, defined) {
                let message = format!("no message has the key `{quoted}`");
                findings.push(Finding::new(path, line_at(text, at + place), message));
            }
        }
    }
}

/// What stands between `{{ }}` or `{% %}`, with its place.
fn expressions(text: &str) -> impl Iterator<Item = (usize, &str)> {
    [("{{", "}}"), ("{%", "%}")].into_iter().flat_map(move |(open, close)| {
        text.match_indices(open).filter_map(move |(at, _)| {
            let inside = text.get(at + 1..)?;
            Some((at + 1, inside.get(..inside.find(close)?)?))
        })
    })
}

/// What stands between double quotes, with its place.
fn quoted_words(expression: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    expression.split('"').enumerate().filter_map(move |(number, part)| {
        let place = at;
        at += part.len() + 1;
        (number % 2 == 1).then_some((place, part))
    })
}

/// True for words that begin with the crate's name as its keys do, where it has texts of its own: the base's
/// crates call threads so, and `text-…` belongs to the styles.
fn looks_like_key(path: &str, word: &str, defined: &BTreeMap<String, Defined>) -> bool {
    let is_word =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let has_texts = |name: &str| {
        let texts = format!("crates/{name}/texts/");
        name != "text" && defined.values().any(|defined| defined.path.starts_with(&texts))
    };
    let may_be = |name: &str| is_prefix(name, word) && word.split('-').all(is_word);
    crate_of(path).is_some_and(|name| may_be(name) && has_texts(name))
}

/// False for a key that is put together where the program runs.
fn is_whole(key: &str) -> bool {
    !key.is_empty() && !key.contains('{')
}

fn ends_with_call(before: &str, calls: &[&str]) -> bool {
    let before = before.trim_end();
    calls.iter().any(|call| before.ends_with(call) || before == call.trim_start())
}

#[cfg(test)]
mod tests;
