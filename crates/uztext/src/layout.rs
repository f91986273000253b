//! Words typed with the keyboard in the wrong layout: `ыфьыгтп` for samsung, `ntktdbpjh` for телевизор.

use crate::letters::{is_cyrillic, is_latin};

const ENGLISH: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const RUSSIAN: &str = "ёйцукенгшщзхъфывапролджэячсмитьбю";

/// Reads a text as if its keys had been pressed in the other layout (Russian ЙЦУКЕН or English QWERTY), in the direction
/// that most of its letters call for. Case stays; what is on no key of both stays.
///
/// A text typed as meant becomes nonsense: ask only when nothing was found.
pub fn other_layout(text: &str) -> String {
    let cyrillic = text.chars().filter(|c| is_cyrillic(*c)).count();
    let latin = text.chars().filter(|c| is_latin(*c)).count();
    let (from, to) = if cyrillic >= latin { (RUSSIAN, ENGLISH) } else { (ENGLISH, RUSSIAN) };
    text.chars()
        .map(|c| {
            let lower = c.to_lowercase().next().unwrap_or(c);
            match from.chars().zip(to.chars()).find(|(key, _)| *key == lower) {
                Some((_, other)) if lower != c => other.to_uppercase().next().unwrap_or(other),
                Some((_, other)) => other,
                None => c,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_the_wrong_layout_is_read_as_pressed() {
        for (typed, meant) in [
            ("ыфьыгтп", "samsung"),
            ("Шзрщту 15", "Iphone 15"),
            ("ntktdbpjh", "телевизор"),
            ("[jkjlbkmybr", "холодильник"),
            ("ьгядфепшср", "muzlatgich"),
            ("", ""),
        ] {
            assert_eq!(other_layout(typed), meant);
        }
    }

    #[test]
    fn both_rows_of_keys_are_of_one_length() {
        assert_eq!(ENGLISH.chars().count(), RUSSIAN.chars().count());
    }
}
