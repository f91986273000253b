//! The words of a text, as they are indexed and as they are asked for.

use uztext::fold;

/// Longest word kept, in characters; longer ones are cut, so that a pasted page makes no giant terms.
const MAX_WORD_CHARS: usize = 40;

/// Splits a text into folded words. A plus sign after a letter or digit is the word `plus` (S25+, Tab A9+).
pub fn words(text: &str) -> Vec<String> {
    let mut spoken = String::with_capacity(text.len() + 8);
    let mut after_word = false;
    for c in text.chars() {
        if c == '+' && after_word {
            spoken.push_str(" plus ");
        } else {
            spoken.push(c);
        }
        after_word = c.is_alphanumeric();
    }
    fold(&spoken).split(' ').filter(|word| !word.is_empty()).map(cut).collect()
}

fn cut(word: &str) -> String {
    word.chars().take(MAX_WORD_CHARS).collect()
}

/// The parts of a text that are written together with hyphens, as one word each: `GA-B379SLUL` → `gab379slul`.
pub(crate) fn hyphenated(text: &str) -> Vec<String> {
    text.split_whitespace()
        .filter(|chunk| chunk.contains(['-', '‑', '–']))
        .map(|chunk| chunk.trim_end_matches([',', '.', ';']))
        .filter(|chunk| chunk.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '‑' | '–')))
        .map(|chunk| fold(chunk).replace(' ', ""))
        .filter(|word| !word.is_empty() && word.chars().count() <= MAX_WORD_CHARS)
        .collect()
}

/// The words with a Latin x that is heard as ks, as they would be written by ear: `PartyBox` → `partiboks`. The key of
/// a word reads every x as the Uzbek one.
pub(crate) fn heard(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| {
            word.is_ascii() && word.chars().skip(1).any(|c| matches!(c, 'x' | 'X')) && length(word) > 2
        })
        .map(|word| cut(&fold(&word.to_ascii_lowercase().replace('x', "ks"))))
        .collect()
}

/// The runs of letters and of digits of a word that has both: `buds3` → `buds`, `3`. Empty for any other word.
pub(crate) fn pieces(word: &str) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    let mut digits: Option<bool> = None;
    for c in word.chars() {
        let is_digit = c.is_numeric();
        if digits != Some(is_digit) {
            runs.push(String::new());
            digits = Some(is_digit);
        }
        if let Some(run) = runs.last_mut() {
            run.push(c);
        }
    }
    if runs.len() > 1 { runs } else { Vec::new() }
}

/// True when the word has a digit.
pub fn has_digit(word: &str) -> bool {
    word.chars().any(char::is_numeric)
}

/// True when the word has nothing but digits.
pub(crate) fn is_number(word: &str) -> bool {
    word.chars().all(char::is_numeric)
}

/// The length in characters.
pub(crate) fn length(word: &str) -> usize {
    word.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_after_a_model_is_a_word() {
        assert_eq!(words("Galaxy S25+, 12/256 ГБ"), ["galahi", "s25", "plus", "12", "256", "gb"]);
        assert_eq!(words("+998"), ["998"]);
    }

    #[test]
    fn models_with_hyphens_are_also_one_word() {
        assert_eq!(hyphenated("LG GA-B379SLUL, wi-fi 12/256"), ["gab379slul", "vifi"]);
    }

    #[test]
    fn a_foreign_x_is_also_written_by_ear() {
        assert_eq!(heard("Xiaomi PartyBox Galaxy"), ["partiboks", "galaksi"]);
    }

    #[test]
    fn letters_and_digits_come_apart() {
        assert_eq!(pieces("buds3"), ["buds", "3"]);
        assert_eq!(pieces("1000hm6"), ["1000", "hm", "6"]);
        assert!(pieces("televizor").is_empty() && pieces("256").is_empty());
    }
}
