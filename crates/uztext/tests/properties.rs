//! What holds for every text, not only for the tables.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use uztext::{
    code_key, cyrillic_to_latin, fold, is_apostrophe, latin_to_cyrillic, matches_answer, other_layout,
    sort_key, tidy_apostrophes, tokens,
};

const CONSONANTS: [&str; 23] = [
    "b", "d", "f", "g", "gʻ", "h", "j", "k", "l", "m", "n", "p", "q", "r", "s", "sh", "t", "ch", "v", "x",
    "y", "z", "ng",
];
const VOWELS: [&str; 6] = ["a", "e", "i", "o", "u", "oʻ"];

/// A word of one to five Uzbek syllables, sometimes with a tutuq between two of them.
fn uzbek_word() -> impl Strategy<Value = String> {
    let syllable = (
        prop::option::weighted(0.9, prop::sample::select(&CONSONANTS[..])),
        prop::sample::select(&VOWELS[..]),
        prop::option::weighted(0.4, prop::sample::select(&CONSONANTS[..])),
        prop::bool::weighted(0.05),
    );
    prop::collection::vec(syllable, 1..6).prop_map(|syllables| {
        let mut word = String::new();
        for (onset, vowel, coda, tutuq) in syllables {
            word.push_str(onset.unwrap_or(""));
            word.push_str(vowel);
            word.push_str(coda.unwrap_or(""));
            if tutuq {
                word.push('’');
            }
        }
        word
    })
}

/// Texts in which letters of both scripts, accents, apostrophes and anything else stand side by side.
fn any_text() -> impl Strategy<Value = String> {
    let letters = "abcdeghikmnopstuvwxyzABCHTXабвгдеёжзийклмнопрстуфхцчшщъыьэюяўқғҳАВЕКМНОРСТХЎҚҒҲ'ʻ’`‘ʼ´ -09<>&;{}/@.\u{306}\u{308}\u{200B}５ＡşçõğİßΣς";
    let chosen: Vec<char> = letters.chars().collect();
    prop_oneof![
        prop::collection::vec(prop::sample::select(chosen), 0..24)
            .prop_map(|chars| chars.into_iter().collect()),
        prop::collection::vec(any::<char>(), 0..16).prop_map(|chars| chars.into_iter().collect::<String>()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn folding_twice_is_folding_once(text in any_text()) {
        let key = fold(&text);
        prop_assert_eq!(fold(&key), key);
    }

    #[test]
    fn a_key_has_no_apostrophe_no_mark_and_no_double_space(text in any_text()) {
        let key = fold(&text);
        prop_assert!(!key.chars().any(|c| is_apostrophe(c) || (!c.is_alphanumeric() && c != ' ')), "{key:?}");
        prop_assert!(!key.contains("  ") && key.trim() == key, "{key:?}");
    }

    #[test]
    fn both_scripts_of_one_word_fold_alike(word in uzbek_word()) {
        let cyrillic = latin_to_cyrillic(&word);
        prop_assert_eq!(fold(&cyrillic), fold(&word), "{}", cyrillic);
        prop_assert_eq!(fold(&cyrillic_to_latin(&cyrillic)), fold(&word), "{}", cyrillic);
    }

    #[test]
    fn the_apostrophe_chosen_does_not_matter(word in uzbek_word(), mark in prop::sample::select(vec!['\'', 'ʻ', '’', '`', '‘', 'ʼ', '´'])) {
        let typed: String = word.chars().map(|c| if is_apostrophe(c) { mark } else { c }).collect();
        prop_assert_eq!(fold(&typed), fold(&word));
        prop_assert_eq!(sort_key(&typed), sort_key(&word));
        prop_assert!(matches_answer(&typed, &word));
    }

    #[test]
    fn case_does_not_matter(word in uzbek_word()) {
        prop_assert_eq!(fold(&word.to_uppercase()), fold(&word));
        let cyrillic = latin_to_cyrillic(&word);
        prop_assert_eq!(fold(&cyrillic.to_uppercase()), fold(&word));
    }

    #[test]
    fn a_look_alike_letter_does_not_matter(word in uzbek_word(), which in any::<prop::sample::Index>()) {
        let twins = [('a', 'а'), ('e', 'е'), ('o', 'о'), ('p', 'р'), ('x', 'х'), ('k', 'к')];
        let places: Vec<usize> = word.char_indices().filter(|(_, c)| twins.iter().any(|(latin, _)| latin == c)).map(|(at, _)| at).collect();
        // The rest of the word must say which script was meant.
        prop_assume!(!places.is_empty() && word.chars().any(|c| "dfgijlnqrsuvz".contains(c)));
        let place = *which.get(&places);
        let typed: String = word.char_indices().map(|(at, c)| twins.iter().find(|(latin, _)| at == place && *latin == c).map_or(c, |(_, twin)| *twin)).collect();
        prop_assert_eq!(fold(&typed), fold(&word), "{}", typed);
    }

    #[test]
    fn nothing_panics_on_any_text(text in any_text(), other in any_text()) {
        let _ = (tokens(&text), code_key(&text), sort_key(&text), latin_to_cyrillic(&text), cyrillic_to_latin(&text));
        let _ = (other_layout(&text), tidy_apostrophes(&text), matches_answer(&text, &other));
    }

    #[test]
    fn tidying_apostrophes_keeps_the_key(text in any_text()) {
        let tidy = tidy_apostrophes(&text);
        prop_assert_eq!(fold(&tidy), fold(&text));
        prop_assert_eq!(tidy_apostrophes(&tidy), tidy);
    }

    #[test]
    fn a_code_key_is_stable(text in any_text()) {
        let key = code_key(&text);
        prop_assert_eq!(code_key(&key), key);
    }
}
