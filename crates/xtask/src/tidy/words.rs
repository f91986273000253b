//! No words for people in templates: they come from the texts, in three languages.

use super::{
    finding::Finding,
    templates::{attributes, tag_name, tags, without_expressions},
    tree::{Tree, line_at},
};

/// Attributes whose value people read or hear.
const READ_ATTRIBUTES: &[&str] = &["alt", "aria-description", "aria-label", "placeholder", "title"];
/// Words that are the same in every language.
const NAMES: &[&str] =
    &["Karvon", "API", "OpenAPI", "JSON", "CSV", "XLSX", "Telegram", "Esc", "Enter", "Ctrl"];
/// Elements whose content is no text.
const WITHOUT_TEXT: &[&str] = &["script", "style"];

/// Finds words between tags and in attributes that people read.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending(".html").filter(|(path, _)| path.starts_with("crates/")) {
        let plain = without_expressions(text);
        if tags(&plain).next().is_none() {
            continue; // A part that stands inside a tag: names of attributes.
        }
        let mut found = |at: usize, words: &str| {
            let message = format!("`{words}`: words for people come from texts/*.ftl");
            findings.push(Finding::new(path, line_at(text, at), message));
        };
        let mut text_from = 0;
        let mut skipped = "".to_owned();
        for (at, tag) in tags(&plain).chain(std::iter::once((plain.len(), ""))) {
            if skipped.is_empty() {
                let between = plain.get(text_from..at).unwrap_or_default();
                if let Some((place, words)) = first_words(between) {
                    found(text_from + place, words);
                }
            }
            for (name, value) in attributes(tag) {
                if let Some((_, words)) = first_words(&value)
                    && READ_ATTRIBUTES.contains(&&*name)
                {
                    found(at, words);
                }
            }
            let name = tag_name(tag);
            skipped = if WITHOUT_TEXT.contains(&&*name) { name } else { String::new() };
            text_from = at + tag.len();
        }
    }
    findings
}

/// The first line with a word that is no name, and its place.
fn first_words(text: &str) -> Option<(usize, &str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_word = |word: &str| word.chars().any(char::is_alphabetic) && !NAMES.contains(&word);
        let words = line.split(|c: char| !c.is_alphanumeric() && c != '&' && c != ';');
        if words.filter(|word| !is_entity(word)).any(is_word) {
            let indent = line.len() - line.trim_start().len();
            return Some((at + indent, line.trim()));
        }
        at += line.len();
    }
    None
}

fn is_entity(word: &str) -> bool {
    word.starts_with('&') && word.ends_with(';')
}

#[cfg(test)]
mod tests {
    use super::{super::finding::assert_findings, *};

    #[test]
    fn words_for_people_are_found_in_text_and_attributes() {
        let page = "<!doctype html>\n<!-- words -->{# words #}\n<p class=\"words\">{{ p.t(\"words\") }} · 12 &nbsp;\n\
                    Karvon</p>\n<p>\n  Savat boʻsh\n</p>\n<input placeholder=\"Qidirish\" value=\"ok\">\n\
                    <img alt=\"{{ name }}\" title=\"Karvon\">\n<script type=\"application/json\">{\"a\": 1}</script>";
        assert_findings(
            check(&Tree::from([("crates/web/templates/a.html", page)])),
            &[
                "crates/web/templates/a.html:6: `Savat boʻsh`: words for people come from texts/*.ftl",
                "crates/web/templates/a.html:8: `Qidirish`: words for people come from texts/*.ftl",
            ],
        );
    }
}
