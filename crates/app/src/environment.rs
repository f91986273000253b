//! The process's environment, with a `.env` file under it: the only reader of both.

use std::{collections::HashMap, path::Path};

/// The variables, those of the process over those of `.env`.
pub(crate) fn read(dot_env: &Path) -> HashMap<String, String> {
    let file = std::fs::read_to_string(dot_env).unwrap_or_default();
    let mut all = parse(&file);
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    all.extend(std::env::vars());
    all
}

/// Reads `NAME=value` lines; `#` begins a comment line, quotes around a value are dropped.
fn parse(text: &str) -> HashMap<String, String> {
    let pair = |line: &str| {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (name, value) = line.split_once('=').filter(|_| !line.starts_with('#'))?;
        let value = value.trim();
        let bare = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
        Some((name.trim().to_owned(), bare.unwrap_or(value).to_owned()))
    };
    text.lines().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_env_file_is_read_as_people_write_it() {
        let found = parse("# comment\nA=1\nexport B=\"two words\"\n C = 'x=y' \nnonsense\n");
        assert_eq!(found.get("A").map(String::as_str), Some("1"));
        assert_eq!(found.get("B").map(String::as_str), Some("two words"));
        assert_eq!(found.get("C").map(String::as_str), Some("x=y"));
        assert_eq!(found.len(), 3);
    }
}
