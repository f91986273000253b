//! Text with marks (bold, struck, a link): the words apart from the markup, so nothing a person typed can become markup.

use serde::{Deserialize, Serialize};

/// How a stretch of text looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// Bold.
    Bold,
    /// Italic.
    Italic,
    /// Underlined.
    Underline,
    /// Struck through: an old price.
    Strike,
    /// In letters of one width: a number to copy.
    Code,
    /// A link to this address.
    Link(String),
}

impl Style {
    const fn tag(&self) -> &'static str {
        match self {
            Self::Bold => "b",
            Self::Italic => "i",
            Self::Underline => "u",
            Self::Strike => "s",
            Self::Code => "code",
            Self::Link(_) => "a",
        }
    }
}

/// A stretch of text and its look; `start` and `length` in UTF-16 units, as Telegram's entities are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Where it begins.
    pub start: usize,
    /// How long it is; never zero.
    pub length: usize,
    /// How it looks.
    pub style: Style,
}

/// Plain words with marks beside them. Marks are nested or apart, never crossed, and lie inside the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RichText {
    /// The words.
    pub text: String,
    /// The marks, in the order in which they begin; an outer one before an inner one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

impl RichText {
    /// Words without marks.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), marks: Vec::new() }
    }

    /// Length in UTF-16 units.
    pub fn units(&self) -> usize {
        units(&self.text)
    }

    /// Whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The same text with `<b>`-like tags, everything else escaped: for pages and transcripts.
    pub fn to_html(&self) -> String {
        let mut html = String::with_capacity(self.text.len() + self.marks.len() * 8);
        let mut open: Vec<(usize, &Style)> = Vec::new();
        let mut marks = self.marks.iter().peekable();
        let mut at = 0;
        for c in self.text.chars() {
            close_until(&mut html, &mut open, at);
            while let Some(mark) = marks.next_if(|mark| mark.start <= at) {
                match &mark.style {
                    Style::Link(url) => {
                        html.push_str("<a href=\"");
                        url.chars().for_each(|c| escape(&mut html, c));
                        html.push_str("\">");
                    }
                    style => {
                        html.push('<');
                        html.push_str(style.tag());
                        html.push('>');
                    }
                }
                open.push((mark.start + mark.length, &mark.style));
            }
            escape(&mut html, c);
            at += c.len_utf16();
        }
        close_until(&mut html, &mut open, usize::MAX);
        html
    }
}

fn close_until(html: &mut String, open: &mut Vec<(usize, &Style)>, at: usize) {
    while let Some((_, style)) = open.pop_if(|(end, _)| *end <= at) {
        html.push_str("</");
        html.push_str(style.tag());
        html.push('>');
    }
}

fn escape(html: &mut String, c: char) {
    match c {
        '<' => html.push_str("&lt;"),
        '>' => html.push_str("&gt;"),
        '&' => html.push_str("&amp;"),
        '"' => html.push_str("&quot;"),
        other => html.push(other),
    }
}

/// Length of `text` in UTF-16 units.
pub fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// `text` in at most `chars_max` characters, with "…" at the end of what was cut.
pub fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// Builds a [`RichText`]: words from the blueprint, values from outside, marks around them.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    text: String,
    units: usize,
    marks: Vec<Mark>,
}

impl Writer {
    /// Appends words of the blueprint, as they are.
    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.units += units(text);
    }

    /// Appends a value from outside: control characters and marks that turn the direction of writing are left out.
    pub(crate) fn push_value(&mut self, text: &str) {
        for c in text.chars() {
            let c = match c {
                '\n' => c,
                '\r' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => continue,
                c if c.is_control() => ' ',
                c => c,
            };
            self.text.push(c);
            self.units += c.len_utf16();
        }
    }

    /// Appends a finished text with its marks.
    pub(crate) fn push_rich(&mut self, rich: &RichText) {
        let shifted = rich.marks.iter().map(|mark| Mark { start: mark.start + self.units, ..mark.clone() });
        self.marks.extend(shifted);
        self.push(&rich.text);
    }

    /// Begins a stretch; give the answer to [`Self::close`].
    pub(crate) fn open(&mut self, style: Style) -> usize {
        self.marks.push(Mark { start: self.units, length: 0, style });
        self.marks.len() - 1
    }

    /// Ends the stretch that [`Self::open`] began.
    pub(crate) fn close(&mut self, mark: usize) {
        let end = self.units;
        if let Some(mark) = self.marks.get_mut(mark) {
            mark.length = end - mark.start;
        }
    }

    /// The text without white space around it (a channel would strip it and shift the marks), in at most `units_max`.
    pub(crate) fn finish(self, units_max: usize) -> RichText {
        let Self { text, marks, .. } = self;
        let lead = units(&text) - units(text.trim_start());
        let mut words = text.trim().to_owned();
        let mut end = units(&words);
        if end > units_max {
            words = cut_units(&words, units_max);
            end = units(&words);
        }
        let marks = marks.into_iter().filter_map(|Mark { start, length, style }| {
            let from = start.saturating_sub(lead).min(end);
            let to = (start + length).saturating_sub(lead).min(end);
            (to > from).then_some(Mark { start: from, length: to - from, style })
        });
        let marks = marks.collect();
        RichText { text: words, marks }
    }
}

/// `text` in at most `units_max` UTF-16 units, with "…" at the end of what was cut.
pub(crate) fn cut_units(text: &str, units_max: usize) -> String {
    if units(text) <= units_max {
        return text.to_owned();
    }
    let mut left = units_max.saturating_sub(1);
    let mut short = String::new();
    for c in text.chars() {
        match left.checked_sub(c.len_utf16()) {
            Some(rest) => left = rest,
            None => break,
        }
        short.push(c);
    }
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_follow_the_words_when_white_space_and_length_are_cut() {
        let mut writer = Writer::default();
        writer.push("  ");
        let bold = writer.open(Style::Bold);
        writer.push("😀 narx");
        let strike = writer.open(Style::Strike);
        writer.push_value(" 1<b>2");
        writer.close(strike);
        writer.close(bold);
        let whole = writer.finish(4096);
        assert_eq!(whole.to_html(), "<b>😀 narx<s> 1&lt;b&gt;2</s></b>");
        assert_eq!(whole.marks.first().map(|mark| (mark.start, mark.length)), Some((0, 13)));

        let mut writer = Writer::default();
        let bold = writer.open(Style::Bold);
        writer.push("bir ikki uch");
        writer.close(bold);
        assert_eq!(writer.finish(6).to_html(), "<b>bir i…</b>");
    }

    #[test]
    fn letters_that_turn_the_direction_of_writing_do_not_pass() {
        let mut writer = Writer::default();
        writer.push_value("a\u{202e}b\0c\u{2066}");
        assert_eq!(writer.finish(100).text, "ab c");
    }

    #[test]
    fn text_is_never_cut_inside_a_character() {
        assert_eq!(cut_units("😀😀😀", 4), "😀…");
        assert_eq!(cut("Toʻshak kiyim", 8), "Toʻshak…");
        assert_eq!(units("😀a"), 3);
    }
}
