//! Cuts a text into passages: at headings, paragraphs and ends of sentences. Pure.

/// Characters of a passage from which on the end of a paragraph ends it.
const ENOUGH_CHARS: usize = 600;
/// Characters of a passage at most, without its overlap.
const MOST_CHARS: usize = 900;
/// Characters of a sentence at most that is said again at the beginning of the next passage.
const OVERLAP_CHARS: usize = 250;
/// Characters of a heading at most; a longer line is a paragraph.
const HEADING_CHARS: usize = 90;

/// Characters of a sentence at least: what is shorter ends with an abbreviation or a number.
const SENTENCE_CHARS: usize = 12;

/// A passage as it was cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) page: Option<u32>,
    pub(crate) heading: Option<String>,
    pub(crate) text: String,
}

/// What the text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writing {
    /// Paragraphs; a short line that stands alone is a heading.
    Plain,
    /// The same, and lines that begin with `#`.
    Markdown,
    /// Pages end with form feeds; columns are held apart by runs of spaces.
    Pages,
}

/// The passages of a text. A text without letters has none.
pub(crate) fn cut(text: &str, writing: Writing) -> Vec<Piece> {
    let mut cutter = Cutter::default();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for (number, page) in (1_u32..).zip(text.split('\u{c}')) {
        let page_number = (writing == Writing::Pages).then_some(number);
        for block in blocks(page, writing) {
            match block {
                Block::Heading(heading) => cutter.heading(heading),
                Block::Paragraph(paragraph) => cutter.paragraph(&paragraph, page_number),
            }
        }
    }
    cutter.done()
}

enum Block {
    Heading(String),
    Paragraph(String),
}

/// The headings and paragraphs of a page.
fn blocks(page: &str, writing: Writing) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut paragraph: Vec<String> = Vec::new();
    let end = |paragraph: &mut Vec<String>, blocks: &mut Vec<Block>| {
        let lines = std::mem::take(paragraph);
        match lines.as_slice() {
            [] => {}
            [line] if is_heading(line) => blocks.push(Block::Heading(line.trim_end_matches(':').to_owned())),
            lines => blocks.push(Block::Paragraph(joined(lines))),
        }
    };
    for line in page.lines() {
        let is_row = line.trim().contains("   ") || line.contains('\t') || line.trim_start().starts_with('|');
        let tidy = tidy_line(line);
        if tidy.is_empty() || (writing == Writing::Pages && is_page_number(&tidy)) {
            end(&mut paragraph, &mut blocks);
        } else if let Some(heading) = markdown_heading(&tidy).filter(|_| writing == Writing::Markdown) {
            end(&mut paragraph, &mut blocks);
            if !heading.is_empty() {
                blocks.push(Block::Heading(heading));
            }
        } else {
            // Rows of tables and lists stay lines of their own.
            let is_own = is_row || is_item(&tidy);
            match paragraph.last_mut() {
                Some(last) if !is_own && !last.ends_with('\n') => append(last, &tidy),
                _ => paragraph.push(tidy),
            }
            if let Some(last) = paragraph.last_mut().filter(|_| is_row) {
                last.push('\n');
            }
        }
    }
    end(&mut paragraph, &mut blocks);
    blocks
}

/// One line of many: runs of space made one, what cannot be shown left out.
fn tidy_line(line: &str) -> String {
    let shown: String = line
        .chars()
        .filter(|c| !matches!(c, '\u{ad}' | '\u{feff}' | '\u{fffd}') && (!c.is_control() || *c == '\t'))
        .collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Goes on with a line; a word that was divided at its end is put together.
fn append(last: &mut String, line: &str) {
    let divided = last
        .strip_suffix('-')
        .is_some_and(|head| head.ends_with(char::is_alphabetic) && line.starts_with(char::is_lowercase));
    if divided {
        last.pop();
    } else {
        last.push(' ');
    }
    last.push_str(line);
}

fn joined(lines: &[String]) -> String {
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

fn is_item(line: &str) -> bool {
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with(['•', '*', '–', '—', '▪', '·'])
        || line.starts_with("- ")
        || (number.len() < line.len() && number.len() + 3 >= line.len() && number.starts_with(['.', ')']))
        || (number.len() < line.len() && number.starts_with([')', '.']) && number.get(1..2) == Some(" "))
}

fn is_page_number(line: &str) -> bool {
    line.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '–' | '—' | ' ' | '/')) && line.len() <= 9
}

fn markdown_heading(line: &str) -> Option<String> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    ((1..=6).contains(&level) && (rest.is_empty() || rest.starts_with(' ')))
        .then(|| rest.trim().trim_end_matches('#').trim().chars().take(HEADING_CHARS).collect())
}

/// A short line that stands alone, begins large and ends as no sentence does.
fn is_heading(line: &str) -> bool {
    let begins = line.chars().find(|c| c.is_alphanumeric());
    line.chars().count() <= HEADING_CHARS
        && !line.ends_with(['.', ',', ';', '!', '?', '…', '\n'])
        && !line.starts_with(['-', '*', '•', '|', '–', '—'])
        && begins.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
        && line.chars().filter(|c| c.is_alphabetic()).count() >= 3
}

#[derive(Default)]
struct Cutter {
    pieces: Vec<Piece>,
    heading: Option<String>,
    page: Option<u32>,
    text: String,
    /// Characters of the text; the sentence said again is not counted.
    chars: usize,
    /// Whether something is in the text that no piece has yet.
    is_new: bool,
    last_sentence: String,
}

impl Cutter {
    fn heading(&mut self, heading: String) {
        if !self.is_new && self.pieces.last().is_none_or(|piece| piece.heading != self.heading) {
            // A heading under which nothing stands is kept as words of the text below.
            if let Some(above) = self.heading.take() {
                let both = format!("{above} – {heading}");
                self.heading = Some(if both.chars().count() <= 2 * HEADING_CHARS { both } else { heading });
                return;
            }
        }
        self.end();
        self.text.clear();
        self.last_sentence.clear();
        self.heading = Some(heading);
    }

    fn paragraph(&mut self, paragraph: &str, page: Option<u32>) {
        for line in paragraph.split('\n') {
            let sentences = sentences(line);
            let parts = sentences.iter().flat_map(|sentence| parts(sentence));
            for (at, part) in parts.enumerate() {
                self.sentence(&part, at == 0, page);
            }
        }
        if self.chars >= ENOUGH_CHARS {
            self.end();
        }
    }

    fn sentence(&mut self, sentence: &str, begins_line: bool, page: Option<u32>) {
        let chars = sentence.chars().count();
        if self.is_new && self.chars + chars > MOST_CHARS {
            self.end();
        }
        if !self.is_new {
            self.page = page;
        }
        if !self.text.is_empty() {
            self.text.push(if begins_line { '\n' } else { ' ' });
        }
        self.text.push_str(sentence);
        self.chars += chars + 1;
        self.is_new = true;
        sentence.clone_into(&mut self.last_sentence);
    }

    /// Ends the passage; the next one begins with its last sentence.
    fn end(&mut self) {
        if !self.is_new {
            return;
        }
        let text = std::mem::take(&mut self.text);
        if text.chars().any(char::is_alphanumeric) {
            self.pieces.push(Piece { page: self.page, heading: self.heading.clone(), text });
        }
        if self.last_sentence.chars().count() <= OVERLAP_CHARS {
            self.text = std::mem::take(&mut self.last_sentence);
        }
        self.chars = 0;
        self.is_new = false;
    }

    fn done(mut self) -> Vec<Piece> {
        self.end();
        if self.pieces.is_empty()
            && let Some(heading) = self.heading
        {
            self.pieces.push(Piece { page: self.page, heading: None, text: heading });
        }
        self.pieces
    }
}

/// The sentences of a line.
fn sentences(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut sentence = String::new();
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        sentence.push(c);
        let ends = matches!(c, '.' | '!' | '?' | '…') && chars.peek().is_none_or(|next| next.is_whitespace());
        if ends && sentence.chars().count() > SENTENCE_CHARS {
            out.push(std::mem::take(&mut sentence).trim().to_owned());
        }
    }
    if !sentence.trim().is_empty() {
        out.push(sentence.trim().to_owned());
    }
    out
}

/// A sentence in parts that fit a passage, cut between words where there are any.
fn parts(sentence: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut chars = 0_usize;
    for word in sentence.split(' ') {
        let letters: Vec<char> = word.chars().collect();
        for piece in letters.chunks(MOST_CHARS) {
            if chars > 0 && chars + 1 + piece.len() > MOST_CHARS {
                parts.push(std::mem::take(&mut part));
                chars = 0;
            }
            if chars > 0 {
                part.push(' ');
                chars += 1;
            }
            part.extend(piece);
            chars += piece.len();
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(n: usize) -> String {
        format!("Bu {n}-gap boʻlib, unda bir necha soʻz bor va u nuqta bilan tugaydi. ")
    }

    #[test]
    fn a_long_text_is_cut_at_sentences_and_says_the_last_one_again() {
        let text: String = (0..60).map(sentence).collect();
        let pieces = cut(&text, Writing::Plain);
        assert!(pieces.len() >= 4);
        for pair in pieces.windows(2) {
            assert!(pair[0].text.chars().count() <= MOST_CHARS + OVERLAP_CHARS + 1);
            let last = pair[0].text.rsplit_once(". ").map_or("", |(_, last)| last);
            assert!(pair[1].text.starts_with(last) && !last.is_empty(), "{last} / {}", pair[1].text);
        }
    }

    #[test]
    fn headings_of_markdown_and_of_plain_text_begin_passages() {
        let text = "# Yetkazib berish\nBiz bepul yetkazamiz.\n\n## Muddat\n\nBir kun ichida.\n";
        let pieces = cut(text, Writing::Markdown);
        let seen: Vec<_> = pieces.iter().map(|p| (p.heading.as_deref().unwrap(), p.text.as_str())).collect();
        assert_eq!(seen, [("Yetkazib berish", "Biz bepul yetkazamiz."), ("Muddat", "Bir kun ichida.")]);
        let pieces = cut("Kafolat\n\nBir yil beriladi.\n\nQaytarish:\n\nOʻn kun ichida.", Writing::Plain);
        let seen: Vec<_> = pieces.iter().map(|p| p.heading.as_deref().unwrap()).collect();
        assert_eq!(seen, ["Kafolat", "Qaytarish"]);
    }

    #[test]
    fn a_heading_above_a_heading_stays_beside_it() {
        let pieces = cut("# Nizom\n## 1-bob\n\nMatn shu yerda.", Writing::Markdown);
        assert_eq!(pieces[0].heading.as_deref(), Some("Nizom – 1-bob"));
    }

    #[test]
    fn passages_of_pages_know_where_they_begin_and_divided_words_are_put_together() {
        let pages = format!(
            "{}\n    1\n\u{c}Ikkinchi sahifada yetkaz-\nib berish haqida.\n\u{c}",
            sentence(1).repeat(12)
        );
        let pieces = cut(&pages, Writing::Pages);
        assert_eq!(pieces.first().unwrap().page, Some(1));
        let last = pieces.last().unwrap();
        assert_eq!(last.page, Some(2), "{pieces:?}");
        assert!(last.text.ends_with("Ikkinchi sahifada yetkazib berish haqida."), "{}", last.text);
    }

    #[test]
    fn rows_of_a_table_stay_rows() {
        let pieces = cut(
            "Fakultet            Narxi\nIqtisod             12 mln\nHuquq               15 mln\n",
            Writing::Pages,
        );
        assert_eq!(pieces[0].text, "Fakultet Narxi\nIqtisod 12 mln\nHuquq 15 mln");
    }

    #[test]
    fn what_has_no_letters_gives_nothing_and_one_endless_word_gives_parts() {
        assert!(cut(" \n \u{c} \n", Writing::Pages).is_empty());
        assert!(cut("--- *** ...", Writing::Plain).is_empty());
        let pieces = cut(&"a".repeat(5_000), Writing::Plain);
        assert_eq!(pieces.len(), 6);
        assert_eq!(cut("Faqat sarlavha", Writing::Plain)[0].text, "Faqat sarlavha");
    }
}
