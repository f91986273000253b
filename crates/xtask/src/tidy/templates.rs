//! Templates obey the Content-Security-Policy: no inline script, style or handler; and nothing skips escaping.
//!
//! A value that is HTML already has `{# tidy: safe: <reason> #}` on the line before its `|safe`.

use super::{
    finding::Finding,
    tree::{Tree, line_at},
};

/// The comment that says why a value needs no escaping.
const SAFE_MARK: &str = "{# tidy: safe: ";

/// Finds inline scripts and styles, and values that are written without escaping.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending(".html").filter(|(path, _)| path.starts_with("crates/")) {
        let mut found =
            |at: usize, message: &str| findings.push(Finding::new(path, line_at(text, at), message));
        for (at, tag) in tags(&without_expressions(text)) {
            inline(tag).into_iter().for_each(|message| found(at, message));
        }
        for (at, filter) in text.match_indices("|safe").chain(text.match_indices("| safe")) {
            let ends =
                text.get(at + filter.len()..).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
            if ends && !is_marked_safe(text, at) {
                found(at, "`|safe` skips escaping; where that is right, write `{# tidy: safe: … #}` above");
            }
        }
    }
    findings
}

/// The text with expressions, comments and closing tags blanked, every byte of the rest in its place.
pub fn without_expressions(text: &str) -> String {
    let mut plain = text.to_owned();
    for (open, close) in [("{#", "#}"), ("{{", "}}"), ("{%", "%}"), ("<!--", "-->"), ("</", ">"), ("<!", ">")]
    {
        let mut from = 0;
        while let Some(start) = plain.get(from..).and_then(|rest| rest.find(open)).map(|at| from + at) {
            let length =
                plain.get(start..).and_then(|rest| rest.find(close)).map_or(0, |at| at + close.len());
            let end = if length == 0 { plain.len() } else { start + length };
            let blank: String = plain
                .get(start..end)
                .unwrap_or_default()
                .bytes()
                .map(|b| if b == b'\n' { '\n' } else { ' ' })
                .collect();
            plain.replace_range(start..end, &blank);
            from = end;
        }
    }
    plain
}

/// Every opening tag with its place, quotes respected, from `<` to `>`.
pub fn tags(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('<').filter_map(|(at, _)| {
        let rest = text.get(at..)?;
        rest.chars().nth(1).filter(char::is_ascii_alphabetic)?;
        let mut quote = None;
        let end = rest.find(|c| {
            match quote {
                Some(open) if c == open => quote = None,
                None if c == '"' || c == '\'' => quote = Some(c),
                _ => {}
            }
            quote.is_none() && c == '>'
        })?;
        Some((at, rest.get(..=end)?))
    })
}

/// The name of a tag, in lower case.
pub fn tag_name(tag: &str) -> String {
    tag.chars()
        .skip(1)
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect::<String>()
        .to_lowercase()
}

/// Names and values of a tag's attributes.
pub fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = tag.trim_start_matches('<').trim_start_matches(|c: char| !c.is_whitespace());
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/' || c == '>');
        let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>')).unwrap_or(rest.len());
        let (name, after) = rest.split_at(length);
        if name.is_empty() && after.is_empty() {
            return found;
        }
        let (value, after) = attribute_value(after);
        found.push((name.to_lowercase(), value.to_owned()));
        rest = after;
    }
}

/// The value behind an attribute's name, and what comes after it.
fn attribute_value(after: &str) -> (&str, &str) {
    let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else {
        return ("", after);
    };
    for quote in ['"', '\''] {
        if let Some((value, rest)) = value.strip_prefix(quote).and_then(|value| value.split_once(quote)) {
            return (value, rest);
        }
    }
    value.split_at(value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len()))
}

fn inline(tag: &str) -> Vec<&'static str> {
    let mut messages = Vec::new();
    let attributes = attributes(tag);
    let has = |name: &str| attributes.iter().any(|(found, _)| found == name);
    let is_json = attributes.iter().any(|(name, value)| name == "type" && value == "application/json");
    match tag_name(tag).as_str() {
        "script" if !has("src") && !is_json => messages.push("inline script: write it in web/src"),
        "style" => messages.push("inline style: write it in web/styles"),
        _ => {}
    }
    for (name, value) in &attributes {
        if name == "style" {
            messages.push("style attribute: use a class");
        } else if name.starts_with("on") || name.starts_with("hx-on") {
            messages.push("inline handler: listen in web/src");
        } else if value.trim_start().to_lowercase().starts_with("javascript:") {
            messages.push("script in an address: listen in web/src");
        }
    }
    messages
}

fn is_marked_safe(text: &str, at: usize) -> bool {
    let line = line_at(text, at);
    let mark_in = |line: usize| {
        line.checked_sub(1)
            .and_then(|index| text.lines().nth(index))
            .is_some_and(|line| line.contains(SAFE_MARK))
    };
    mark_in(line) || line > 1 && mark_in(line - 1)
}

#[cfg(test)]
mod tests {
    use super::{super::finding::assert_findings, *};

    #[test]
    fn what_the_policy_would_refuse_is_found() {
        let page = "<script src=\"/a.js\" defer></script>\n<script type=\"application/json\">{}</script>\n\
                    <script>alert(1)</script>\n<style>a{}</style>\n<p title=\"{{ p.t(\"online-b\") }} > b\" style=\"color:red\">\n\
                    <a href=\"javascript:go()\" onclick='go()'>\n<input oninput=\"x\" hx-on:click=\"x\">";
        assert_findings(
            check(&Tree::from([("crates/web/templates/a.html", page)])),
            &[
                "crates/web/templates/a.html:3: inline script: write it in web/src",
                "crates/web/templates/a.html:4: inline style: write it in web/styles",
                "crates/web/templates/a.html:5: style attribute: use a class",
                "crates/web/templates/a.html:6: script in an address: listen in web/src",
                "crates/web/templates/a.html:6: inline handler: listen in web/src",
                "crates/web/templates/a.html:7: inline handler: listen in web/src",
                "crates/web/templates/a.html:7: inline handler: listen in web/src",
            ],
        );
    }

    #[test]
    fn nothing_skips_escaping_without_a_reason() {
        let page = "{# tidy: safe: made by us #}\n{{ icon|safe }}\n\n{{ name | safe }}\n{{ name|safely }}";
        assert_findings(
            check(&Tree::from([("crates/web/templates/a.html", page)])),
            &["crates/web/templates/a.html:4: `|safe` skips escaping; where that is right, write \
               `{# tidy: safe: … #}` above"],
        );
    }

    #[test]
    fn attributes_are_read_with_and_without_quotes() {
        let read = attributes("<input type=text name='a b' checked value=\"1\"/>");
        let read: Vec<_> = read.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(read, [("type", "text"), ("name", "a b"), ("checked", ""), ("value", "1")]);
    }
}
