//! The marks that people type: `*bold*`, `_italic_`, `[words](https://address)`. What is no mark stays as it was typed.

use flow::{Mark, RichText, Style};

/// The words with their looks.
pub(crate) fn rich(typed: &str) -> RichText {
    let mut writer = Writer::default();
    writer.read(typed);
    writer.marks.sort_by_key(|mark| (mark.start, std::cmp::Reverse(mark.length)));
    RichText { text: writer.text, marks: writer.marks }
}

#[derive(Default)]
struct Writer {
    text: String,
    units: usize,
    marks: Vec<Mark>,
}

impl Writer {
    fn read(&mut self, typed: &str) {
        let mut rest = typed;
        let mut before = None;
        while let Some(c) = rest.chars().next() {
            let after = rest.get(c.len_utf8()..).unwrap_or_default();
            let style = match c {
                '*' => Some(Style::Bold),
                '_' => Some(Style::Italic),
                _ => None,
            };
            let is_edge = before.is_none_or(|b: char| !b.is_alphanumeric());
            if let Some(style) = style
                && is_edge
                && let Some((inner, following)) = enclosed(after, c)
            {
                self.marked(style, inner);
                rest = following;
            } else if c == '['
                && let Some((label, url, following)) = link(after)
            {
                self.marked(Style::Link(url.to_owned()), label);
                rest = following;
            } else {
                self.text.push(c);
                self.units += c.len_utf16();
                rest = after;
            }
            before = Some(c);
        }
    }

    fn marked(&mut self, style: Style, inner: &str) {
        let start = self.units;
        self.read(inner);
        self.marks.push(Mark { start, length: self.units - start, style });
    }
}

/// What stands up to the closing `mark`: words of one line that neither begin nor end with a space, and nothing of a word
/// follows.
fn enclosed(text: &str, mark: char) -> Option<(&str, &str)> {
    if text.starts_with(|c: char| c.is_whitespace() || c == mark) {
        return None;
    }
    for (at, _) in text.match_indices(mark) {
        let (inner, after) = (text.get(..at)?, text.get(at + mark.len_utf8()..)?);
        if inner.contains('\n') {
            return None;
        }
        let closes = !inner.ends_with(char::is_whitespace) && !after.starts_with(char::is_alphanumeric);
        if closes {
            return Some((inner, after));
        }
    }
    None
}

/// `words](https://address)`.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (label, rest) = text.split_once("](")?;
    let (url, after) = rest.split_once(')')?;
    let is_url = is_address(url);
    let is_label = !label.trim().is_empty() && !label.contains(['[', ']', '\n']);
    (is_url && is_label).then_some((label, url, after))
}

/// An address that a message may lead to.
pub(crate) fn is_address(url: &str) -> bool {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let is_clean = !url.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>'));
    is_clean && host.is_some_and(|host| host.split('/').next().is_some_and(|name| name.contains('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_looks_and_words_stay_words() {
        for (typed, html) in [
            ("*Chegirma* 20 %", "<b>Chegirma</b> 20 %"),
            ("_qiya_ va *qalin _ikkalasi_*", "<i>qiya</i> va <b>qalin <i>ikkalasi</i></b>"),
            ("[Sayt](https://shop.uz/a?b=1)!", "<a href=\"https://shop.uz/a?b=1\">Sayt</a>!"),
            ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
            ("* ochiq * [x](javascript:alert(1))", "* ochiq * [x](javascript:alert(1))"),
            ("<b>x</b> & *😀 y*", "&lt;b&gt;x&lt;/b&gt; &amp; <b>😀 y</b>"),
            ("*ikki\nqator*", "*ikki\nqator*"),
            ("**", "**"),
        ] {
            assert_eq!(rich(typed).to_html(), html, "{typed}");
        }
    }
}
