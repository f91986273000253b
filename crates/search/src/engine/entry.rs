//! What the index is told about one product, and the words it is found by.

use std::collections::BTreeMap;
use std::rc::Rc;

use uztext::code_key;

use super::stem::Forms;
use super::synonyms::{SYNONYMS, SetId};
use super::words::{heard, hyphenated, is_number, length, pieces, words};

/// One product as the index sees it. Keys are the product's id; a second entry with one key replaces the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The product's id.
    pub key: u128,
    /// The article number.
    pub code: String,
    /// The barcode, or nothing.
    pub barcode: String,
    /// The names in every language there is.
    pub names: Vec<String>,
    /// The brand, or nothing.
    pub brand: String,
    /// The category the product stands in and those above it, the nearest first.
    pub categories: Vec<Category>,
    /// More words people look for it by.
    pub synonyms: Vec<String>,
    /// Short descriptions in every language there is.
    pub about: Vec<String>,
    /// False for what is not sold any more.
    pub active: bool,
    /// Among equals, the smaller stands first.
    pub order: u32,
}

/// A category of an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Category {
    /// The category's id.
    pub key: u128,
    /// Its names in every language there is.
    pub names: Vec<String>,
}

/// Most words of one entry; more are left out.
const MAX_ENTRY_TERMS: usize = 600;

/// How strongly a word belongs to a product. The index keeps it as the number of times that the word is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// A category far above, a part of the code.
    Far = 1,
    /// The description.
    About = 2,
    /// The product's own category, a synonym given with it.
    Near = 3,
    /// The name and the brand.
    Name = 4,
    /// The kind of goods: said by the name and by the category.
    Kind = 5,
}

impl Class {
    pub(crate) const fn repeats(self) -> usize {
        match self {
            Self::Far => 1,
            Self::About => 2,
            Self::Near => 3,
            Self::Name => 4,
            Self::Kind => 5,
        }
    }
}

/// The words of an entry with their classes, and how many words its first name has.
pub(crate) struct Terms {
    pub(crate) terms: Vec<(String, Class)>,
    pub(crate) name_words: usize,
    pub(crate) codes: Vec<String>,
}

impl Entry {
    pub(crate) fn terms(&self, forms: &mut Forms) -> Terms {
        let mut terms = BTreeMap::new();
        let mut name_sets: Vec<SetId> = Vec::new();
        let mut near_sets: Vec<SetId> = Vec::new();
        for name in self.names.iter().chain([&self.brand]) {
            name_sets.extend(add_text(&mut terms, forms, name, Class::Name));
            for word in hyphenated(name).into_iter().chain(heard(name)) {
                put(&mut terms, word, Class::Name);
            }
        }
        for (distance, category) in self.categories.iter().enumerate() {
            for name in &category.names {
                let class = if distance == 0 { Class::Near } else { Class::Far };
                let sets = add_text(&mut terms, forms, name, class);
                if distance == 0 {
                    near_sets.extend(sets);
                }
            }
        }
        for synonym in &self.synonyms {
            near_sets.extend(add_text(&mut terms, forms, synonym, Class::Near));
        }
        for text in &self.about {
            add_text(&mut terms, forms, text, Class::About);
        }
        add_text(&mut terms, forms, &self.code, Class::Far);
        for set in name_sets.iter().chain(&near_sets) {
            let class = match (name_sets.contains(set), near_sets.contains(set)) {
                (true, true) => Class::Kind,
                (true, false) => Class::Name,
                (false, _) => Class::Near,
            };
            for term in SYNONYMS.terms(*set) {
                put(&mut terms, term.clone(), class);
            }
        }
        let codes =
            [&self.code, &self.barcode].into_iter().map(|code| code_key(code)).filter(|key| !key.is_empty());
        Terms {
            terms: strongest(terms),
            name_words: self.names.first().map_or(0, |name| words(name).len()),
            codes: codes.collect(),
        }
    }
}

/// Adds the words of a text, their forms and their pieces; gives the sets of synonyms that stand in it.
fn add_text(terms: &mut BTreeMap<String, Class>, known: &mut Forms, text: &str, class: Class) -> Vec<SetId> {
    let all: Vec<Rc<[String]>> = words(text).into_iter().map(|word| known.of(word)).collect();
    for word in all.iter().filter_map(|forms| forms.first()) {
        for piece in pieces(word) {
            // A lone letter or digit of a model says little.
            let piece_class = if length(&piece) > 1 || is_number(&piece) { class } else { Class::Far };
            put(terms, piece, piece_class.min(Class::Near));
        }
    }
    for form in all.iter().flat_map(|forms| forms.iter()) {
        put(terms, form.clone(), class);
    }
    SYNONYMS.found_in(&all)
}

/// The words of the entry, the weakest left out when there are too many.
fn strongest(terms: BTreeMap<String, Class>) -> Vec<(String, Class)> {
    let mut terms: Vec<(String, Class)> = terms.into_iter().collect();
    terms.sort_by_key(|(_, class)| std::cmp::Reverse(*class));
    terms.truncate(MAX_ENTRY_TERMS);
    terms
}

fn put(terms: &mut BTreeMap<String, Class>, word: String, class: Class) {
    let known = terms.entry(word).or_insert(class);
    *known = (*known).max(class);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn washer() -> Entry {
        Entry {
            key: 1,
            code: "WM-SAM-WW60A".to_owned(),
            barcode: "2040000000017".to_owned(),
            names: vec!["Kir yuvish mashinasi Samsung WW60A4S00CE, 6 kg, oq".to_owned()],
            brand: "Samsung".to_owned(),
            categories: vec![
                Category { key: 2, names: vec!["Kir yuvish mashinalari".to_owned()] },
                Category { key: 3, names: vec!["Maishiy texnika".to_owned()] },
            ],
            synonyms: vec!["avtomat".to_owned()],
            about: vec!["1000 ayl/daq, oldidan yuklanadigan".to_owned()],
            active: true,
            order: 0,
        }
    }

    #[test]
    fn a_kind_said_by_name_and_category_is_known_in_every_language() {
        let terms: BTreeMap<String, Class> =
            washer().terms(&mut Forms::default()).terms.into_iter().collect();
        for word in ["kir", "mashina", "stiralnaya", "stiralka", "washing"] {
            let word = uztext::fold(word);
            assert_eq!(terms.get(&word), Some(&Class::Kind), "{word}");
        }
        assert_eq!(terms.get("samsung"), Some(&Class::Name));
        assert_eq!(terms.get("avtomat"), Some(&Class::Near));
        assert_eq!(terms.get("oldidan"), Some(&Class::About));
        assert_eq!(terms.get("maishi"), Some(&Class::Far));
        assert_eq!(washer().terms(&mut Forms::default()).codes, ["WMSAMWW60A", "2040000000017"]);
    }

    #[test]
    fn an_entry_of_very_many_words_keeps_the_strongest() {
        let words: Vec<String> = (0..5_000).map(|n| format!("soʻz{n}")).collect();
        let entry =
            Entry { names: vec!["Televizor".into()], about: vec![words.join(" ")], ..Entry::default() };
        let terms = entry.terms(&mut Forms::default()).terms;
        assert_eq!(terms.len(), MAX_ENTRY_TERMS);
        assert!(terms.contains(&("televizor".to_owned(), Class::Name)));
    }
}
