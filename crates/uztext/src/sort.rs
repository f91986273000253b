//! The order of the Uzbek alphabet, the same for both scripts.

use crate::letters::{TURNED, is_apostrophe};
use crate::to_latin::cyrillic_to_latin;

/// A key whose byte order is the order of the Uzbek alphabet: a b d e f g h i j k l m n o p q r s t u v x y z oʻ gʻ sh ch.
///
/// A Latin and a Cyrillic spelling of one word have one key. Digits stand before letters, a shorter word before a
/// longer one. `ng` is sorted as n and g, as dictionaries do; the tutuq and case are ignored. Compare the keys byte by
/// byte (in a database, `COLLATE "C"`).
pub fn sort_key(text: &str) -> String {
    let latin = cyrillic_to_latin(text).to_lowercase();
    let mut out = String::with_capacity(latin.len());
    let mut chars = latin.chars().map(crate::letters::plain).peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        match (c, next) {
            ('o' | 'g', Some(mark)) if is_apostrophe(mark) => {
                chars.next();
                out.push(if c == 'o' { '{' } else { '|' });
            }
            ('s' | 'c', Some('h')) => {
                chars.next();
                out.push(if c == 's' { '}' } else { '~' });
            }
            (TURNED, _) => {}
            (mark, _) if is_apostrophe(mark) || crate::letters::is_invisible(mark) => {}
            (letter, _) if letter.is_alphanumeric() => match crate::letters::romanized(letter) {
                Some(plain) => out.push_str(plain),
                None => out.push(letter),
            },
            _ if out.ends_with(' ') || out.is_empty() => {}
            _ => out.push(' '),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_the_order_of_the_uzbek_alphabet() {
        let sorted = [
            "10 dona",
            "anor",
            "banan",
            "gilos",
            "hurmo",
            "non",
            "olma",
            "qovun",
            "suv",
            "tarvuz",
            "uzum",
            "xurmo",
            "yongʻoq",
            "zira",
            "oʻrik",
            "gʻoz",
            "sholgʻom",
            "choy",
        ];
        let mut words = sorted;
        words.reverse();
        words.sort_by_key(|word| sort_key(word));
        assert_eq!(words, sorted);
    }

    #[test]
    fn both_scripts_have_one_place() {
        for (latin, cyrillic) in [
            ("oʻrik", "ўрик"),
            ("Gʻoz", "ғоз"),
            ("sholgʻom", "шолғом"),
            ("choy", "чой"),
            ("yer", "ер"),
            ("s'hab", "сҳаб"),
        ] {
            assert_eq!(sort_key(latin), sort_key(cyrillic), "{latin}");
        }
        assert_eq!(sort_key("o'rik"), sort_key("O‘RIK"));
    }
}
