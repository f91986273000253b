//! What goods are counted in, in the reader's language.
//!
//! A product keeps its unit as it was typed (`dona`, `шт`, `кг`). Where the word is one of `data/units.tsv`, people read
//! it in their own language; any other stands as it was typed.

use std::{collections::HashMap, sync::LazyLock};

use kernel::Lang;

const FILE: &str = include_str!("../data/units.tsv");

/// A unit in Uzbek, Russian and English.
type Unit = [&'static str; 3];

static KNOWN: LazyLock<HashMap<String, Unit>> = LazyLock::new(|| spellings().collect());

/// Every way of writing a unit, folded, with its names.
fn spellings() -> impl Iterator<Item = (String, Unit)> {
    FILE.lines().filter(|line| !line.starts_with('#')).flat_map(|line| {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or_default();
        let (unit, others) = ([next(), next(), next()], next());
        unit.into_iter().chain(others.split('|')).map(move |word| (key(word), unit))
    })
}

/// Case, script, apostrophes and marks do not matter; raised digits are digits.
fn key(word: &str) -> String {
    uztext::fold(&word.replace('²', "2").replace('³', "3"))
}

/// The unit as a reader of `lang` writes it.
pub fn unit_name(unit: &str, lang: Lang) -> &str {
    let Some([uz, ru, en]) = KNOWN.get(&key(unit)) else { return unit };
    match lang {
        Lang::Uz => uz,
        Lang::Ru => ru,
        Lang::En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_read_in_three_languages_however_it_was_typed() {
        let check = |typed: &str, expected: [&str; 3]| {
            assert_eq!(Lang::ALL.map(|lang| unit_name(typed, lang)), expected, "{typed}");
        };
        for typed in ["dona", "Dona", "дона", "шт", "ШТ.", "sht", "pcs", " ta "] {
            check(typed, ["dona", "шт.", "pcs"]);
        }
        check("toʻplam", ["toʻplam", "компл.", "set"]);
        check("to'plam", ["toʻplam", "компл.", "set"]);
        check("Кг", ["kg", "кг", "kg"]);
        check("м2", ["m²", "м²", "m²"]);
        check("M²", ["m²", "м²", "m²"]);
        check("kub m", ["m³", "м³", "m³"]);
    }

    #[test]
    fn an_unknown_unit_stands_as_it_was_typed() {
        for typed in ["bogʻlam", "<b>x</b>", "", "…"] {
            assert_eq!(unit_name(typed, Lang::Ru), typed);
        }
    }

    #[test]
    fn every_spelling_means_one_unit_and_every_unit_has_three_names() {
        let mut seen: HashMap<String, Unit> = HashMap::new();
        for (spelling, unit) in spellings() {
            assert!(!spelling.is_empty() && unit.iter().all(|name| !name.is_empty()), "{unit:?}");
            let before = *seen.entry(spelling.clone()).or_insert(unit);
            assert_eq!(before, unit, "{spelling} is two units");
        }
        assert!(seen.len() > 60);
    }
}
