//! Words of one meaning, from two data files: sets of synonyms, and words that say nothing about the goods.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use super::stem::{akin, forms};
use super::words::words;

const SETS: &str = include_str!("../../data/synonyms.txt");
const NOISE: &str = include_str!("../../data/noise.txt");

/// The sets of synonyms of the product, read once.
pub(crate) static SYNONYMS: LazyLock<Synonyms> = LazyLock::new(|| Synonyms::read(SETS, forms));
/// How words are indexed. Another number when that changes, so that indexes of before are made anew.
const FORMAT: u32 = 1;

/// What an index depends on beside its products: the format and the synonyms. An index of another version gives other
/// answers and has to be made anew.
pub static VERSION: LazyLock<String> = LazyLock::new(|| {
    // FNV-1a: short, and the same on every machine and after every upgrade.
    let hash = SETS.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{FORMAT}-{hash:016x}")
});

static NOISE_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| lines(NOISE).flat_map(words).collect());

/// The number of a set.
pub type SetId = usize;

/// Sets of phrases that mean one thing.
pub struct Synonyms {
    phrases: Vec<Phrase>,
    /// From any form of a first word to the phrases that begin with it.
    by_first: HashMap<String, Vec<usize>>,
    /// The words of every phrase of a set, with their forms.
    terms: Vec<Vec<String>>,
}

struct Phrase {
    set: SetId,
    /// The forms of each word.
    words: Vec<Vec<String>>,
}

impl Synonyms {
    /// Reads one set a line, its phrases separated by `|`; `#` begins a remark. `forms` gives the forms of a word.
    pub fn read(text: &str, forms: impl Fn(&str) -> Vec<String>) -> Self {
        let mut phrases = Vec::new();
        let mut by_first: HashMap<String, Vec<usize>> = HashMap::new();
        let mut terms = Vec::new();
        for (set, line) in lines(text).enumerate() {
            let mut known = BTreeSet::new();
            for variant in line.split('|') {
                let forms: Vec<Vec<String>> = words(variant).iter().map(|word| forms(word)).collect();
                known.extend(forms.iter().flatten().cloned());
                for form in forms.first().into_iter().flatten() {
                    by_first.entry(form.clone()).or_default().push(phrases.len());
                }
                phrases.push(Phrase { set, words: forms });
            }
            terms.push(known.into_iter().collect());
        }
        Self { phrases, by_first, terms }
    }

    /// The sets of which a phrase stands in these words (given as the forms of each).
    pub fn found_in<F: AsRef<[String]>>(&self, text: &[F]) -> Vec<SetId> {
        let mut sets = Vec::new();
        for at in 0..text.len() {
            self.add_found_at(text, at, &mut sets);
        }
        sets
    }

    /// Adds the sets of which a phrase begins with the word `at` of these, where they are not among `sets`.
    pub fn add_found_at<F: AsRef<[String]>>(&self, text: &[F], at: usize, sets: &mut Vec<SetId>) {
        let rest = text.get(at..).unwrap_or(&[]);
        let Some(first) = rest.first() else { return };
        for phrase in first.as_ref().iter().filter_map(|form| self.by_first.get(form)).flatten() {
            let Some(phrase) = self.phrases.get(*phrase) else { continue };
            let stands = rest.len() >= phrase.words.len()
                && phrase.words.iter().zip(rest).all(|(wanted, there)| akin(wanted, there.as_ref()));
            if stands && !sets.contains(&phrase.set) {
                sets.push(phrase.set);
            }
        }
    }

    /// Whether a phrase begins with the word of these forms.
    pub fn begins(&self, forms: &[String]) -> bool {
        forms.iter().any(|form| self.by_first.contains_key(form))
    }

    /// Every word of a set, with its forms.
    pub fn terms(&self, set: SetId) -> &[String] {
        self.terms.get(set).map_or(&[], Vec::as_slice)
    }
}

/// True for a word that says nothing about the goods (`narxi`, `kerak`, `купить`).
pub(crate) fn is_noise(word: &str) -> bool {
    NOISE_WORDS.contains(word)
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets_of(text: &str) -> Vec<SetId> {
        let forms: Vec<Vec<String>> = words(text).iter().map(|word| forms(word)).collect();
        SYNONYMS.found_in(&forms)
    }

    #[test]
    fn one_kind_is_found_in_three_languages() {
        for names in [
            ["Televizor", "Телевизоры", "TV"],
            ["Kir yuvish mashinalari", "Стиральная машина", "washing machines"],
            ["Muzlatkichlar", "Холодильники", "fridge"],
            ["Changyutgich", "пылесоса", "vacuum cleaner"],
            ["Quloqchin", "Наушники", "earbuds"],
            ["dazmol", "Утюг", "iron"],
            ["mikroto'lqinli pech", "микроволновка", "microwave"],
        ] {
            let first = sets_of(names[0]);
            assert!(!first.is_empty(), "{names:?}");
            for name in names {
                assert!(sets_of(name).iter().any(|set| first.contains(set)), "{name}");
            }
        }
    }

    #[test]
    fn another_machine_is_another_kind() {
        let washing = sets_of("kir yuvish mashinasi");
        assert!(sets_of("idish yuvish mashinasi").iter().all(|set| !washing.contains(set)));
    }

    #[test]
    fn noise_is_known_in_any_script() {
        assert!(is_noise("kerak") && is_noise(&words("купить")[0]) && is_noise(&words("нархи")[0]));
        assert!(!is_noise("samsung"));
    }
}
