//! Long texts in parts: at a paragraph, a line or a word, never inside a mark, a letter pair or an emoji.

use flow::{Mark, RichText};
use unicode_segmentation::UnicodeSegmentation;

/// Splits a text into parts of at most `first_max` (the first) and `rest_max` (the others) UTF-16 units. White space at
/// the cuts is dropped, as Telegram drops it. A mark is cut only when it is longer than a part. No part is empty, so an
/// empty text has no parts.
pub fn split(text: &RichText, first_max: usize, rest_max: usize) -> Vec<RichText> {
    let mut parts = Vec::new();
    let mut rest = trimmed(text);
    let mut max = first_max.max(1);
    while !rest.is_empty() {
        if rest.units() <= max {
            parts.push(rest);
            break;
        }
        let cut = best_cut(&rest, max);
        let (part, left) = cut_at(&rest, cut);
        if !part.is_empty() {
            parts.push(part);
        }
        rest = left;
        max = rest_max.max(1);
    }
    parts
}

/// What stands at a place where a text may be cut; the later ones are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// Inside a mark that would fit a part.
    Mark,
    /// Inside a word.
    Letter,
    /// At white space, but the part would be less than half full.
    Early,
    Word,
    Line,
    Paragraph,
}

/// The best place within `max` units, the last of its kind: a position in bytes and in units, both above zero.
fn best_cut(text: &RichText, max: usize) -> (usize, usize) {
    let mut best = None;
    let mut units = 0;
    for (start, grapheme) in text.text.grapheme_indices(true) {
        units += units_of(grapheme);
        if units > max {
            break;
        }
        let end = start + grapheme.len();
        let inside =
            |mark: &Mark| mark.length <= max && mark.start < units && units < mark.start + mark.length;
        let place = if text.marks.iter().any(inside) {
            Place::Mark
        } else {
            match place_of(grapheme, text.text.get(end..).unwrap_or_default()) {
                place if place > Place::Early && units * 2 <= max => Place::Early,
                place => place,
            }
        };
        best = best.max(Some((place, units, end)));
    }
    match best {
        Some((_, units, end)) => (end, units),
        None => first_characters(&text.text, max),
    }
}

fn place_of(before: &str, after: &str) -> Place {
    let is_line = |text: &str| text.starts_with('\n') || text.starts_with("\r\n");
    if is_line(before) && is_line(after) {
        Place::Paragraph
    } else if is_line(before) || is_line(after) {
        Place::Line
    } else if before.starts_with(char::is_whitespace) || after.starts_with(char::is_whitespace) {
        Place::Word
    } else {
        Place::Letter
    }
}

/// For a single grapheme longer than a part (a letter under a thousand accents): whole characters, at least one.
fn first_characters(text: &str, max: usize) -> (usize, usize) {
    let (mut end, mut units) = (0, 0);
    for letter in text.chars() {
        if units > 0 && units + letter.len_utf16() > max {
            break;
        }
        units += letter.len_utf16();
        end += letter.len_utf8();
    }
    (end, units)
}

fn cut_at(text: &RichText, (bytes, units): (usize, usize)) -> (RichText, RichText) {
    let (head, tail) = text.text.split_at_checked(bytes).unwrap_or((&text.text, ""));
    let mut head = RichText { text: head.to_owned(), marks: Vec::new() };
    let mut tail = RichText { text: tail.to_owned(), marks: Vec::new() };
    for Mark { start, length, style } in &text.marks {
        let end = start + length;
        let before = units.min(end).saturating_sub(*start);
        if before > 0 {
            head.marks.push(Mark { start: *start, length: before, style: style.clone() });
        }
        if end > units {
            let start = (*start).max(units);
            tail.marks.push(Mark { start: start - units, length: end - start, style: style.clone() });
        }
    }
    (trimmed(&head), trimmed(&tail))
}

/// Without white space at both ends; marks move with the words.
fn trimmed(text: &RichText) -> RichText {
    let words = text.text.trim();
    let lead = units_of(&text.text) - units_of(text.text.trim_start());
    let length = units_of(words);
    let marks = text.marks.iter().filter_map(|Mark { start, length: long, style }| {
        let from = start.saturating_sub(lead).min(length);
        let to = (start + long).saturating_sub(lead).min(length);
        (to > from).then(|| Mark { start: from, length: to - from, style: style.clone() })
    });
    RichText { text: words.to_owned(), marks: marks.collect() }
}

fn units_of(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    use flow::Style;
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &RichText, max: usize) -> Vec<String> {
        split(text, max, max).into_iter().map(|part| part.text).collect()
    }

    #[test]
    fn a_text_is_cut_at_the_best_place_there_is() {
        let plain = |text: &str| texts(&RichText::plain(text), 12);
        assert_eq!(plain(""), Vec::<String>::new());
        assert_eq!(plain("  qisqa  "), ["qisqa"]);
        assert_eq!(plain("bir ikki\n\nuch"), ["bir ikki", "uch"]);
        assert_eq!(plain("birinchi\nikki uch"), ["birinchi", "ikki uch"]);
        assert_eq!(plain("birinchi ikkinchi"), ["birinchi", "ikkinchi"]);
        assert_eq!(plain("a birinchiikki"), ["a", "birinchiikki"]);
        assert_eq!(plain("birinchiikkinchi"), ["birinchiikki", "nchi"]);
    }

    #[test]
    fn emoji_are_never_cut() {
        let family = "👨‍👩‍👧‍👦";
        assert_eq!(units_of(family), 11);
        let text = RichText::plain(format!("abc{family}{family}🇺🇿🇺🇿👍🏽"));
        for part in texts(&text, 14) {
            for grapheme in part.graphemes(true) {
                assert!(text.text.graphemes(true).any(|whole| whole == grapheme), "{grapheme} was cut");
            }
        }
        let accents = "e\u{301}".to_owned() + &"\u{301}".repeat(40);
        let parts = texts(&RichText::plain(accents.clone()), 10);
        assert_eq!(parts.concat(), accents, "what cannot be kept whole is still kept");
    }

    #[test]
    fn a_mark_is_kept_whole_when_it_fits_a_part() {
        let mut text = RichText::plain("narxi 150 000 soʻm hozir");
        text.marks.push(Mark { start: 6, length: 12, style: Style::Bold });
        let parts = split(&text, 16, 16);
        assert_eq!(parts[0].text, "narxi");
        assert_eq!(parts[1].to_html(), "<b>150 000 soʻm</b>");
        assert_eq!(parts[2].text, "hozir");
        let mut long = RichText::plain("qalin ".repeat(10));
        long.marks.push(Mark { start: 0, length: 59, style: Style::Bold });
        assert!(
            split(&long, 20, 20)
                .iter()
                .all(|part| part.marks.len() == 1 && part.marks[0].length == part.units())
        );
    }

    proptest! {
        #[test]
        fn parts_fit_and_hold_all_the_words(
            text in "[a-z😀👍🏽🇺🇿\u{301}\n ў]{0,120}",
            start in 0_usize..100, length in 1_usize..60, max in 4_usize..40,
        ) {
            let units = units_of(&text);
            let mut rich = RichText::plain(text.clone());
            // A mark from an outside editor may begin in the middle of a pair; those are not made by flow.
            let edges: Vec<usize> = text.chars().scan(0, |at, c| { let here = *at; *at += c.len_utf16(); Some(here) }).collect();
            if edges.contains(&start) && (edges.contains(&(start + length)) || start + length == units) {
                rich.marks.push(Mark { start, length, style: Style::Bold });
            }
            let parts = split(&rich, max, max);
            for part in &parts {
                prop_assert!(part.units() <= max);
                prop_assert!(!part.text.is_empty());
                prop_assert_eq!(part.text.trim(), &part.text);
                for mark in &part.marks {
                    prop_assert!(mark.length > 0 && mark.start + mark.length <= part.units());
                    let units: Vec<u16> = part.text.encode_utf16().collect();
                    prop_assert!(String::from_utf16(&units[mark.start..mark.start + mark.length]).is_ok());
                }
            }
            let squeeze = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let joined: String = parts.iter().map(|part| part.text.as_str()).collect();
            prop_assert_eq!(squeeze(&joined), squeeze(&text));
        }
    }
}
