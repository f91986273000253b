//! The index of what one workspace knows: entries in, ranked hits out. In memory, made as a whole; knows no database.
//!
//! Goods are found by the engine of `search`; sentences are read by its means (fold, endings, near spellings, sets of
//! one meaning), but weighed in another way: what counts is how much of the question's weight a passage covers, and how
//! much of what the passage is about was asked. Some thousand passages are few: their words lie in plain maps.

mod ask;
mod making;
mod weigh;

use std::{collections::BTreeMap, sync::Arc};

use search::engine::analysis::Vocabulary;

use ask::Asked;
use making::Making;
use weigh::{Place, Weighed};

/// A passage as the index is told of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The passage's id.
    pub key: u128,
    /// The ways to ask a pair's question; none for other passages.
    pub questions: Vec<String>,
    /// The title of the document, where it is not the question.
    pub title: String,
    /// The heading above it.
    pub heading: String,
    /// Its text.
    pub text: String,
}

/// A passage that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The passage's id.
    pub key: u128,
    /// How much of the question's weight it covers, in thousandths.
    pub fit: u16,
    /// Good enough to be said as the answer.
    pub is_sure: bool,
}

/// The number of a word in the index.
type TermId = usize;
/// The number of a passage in the index.
type PassageId = usize;

/// A word in a passage; eight bytes, because there are hundreds of them a passage.
#[derive(Debug, Clone, Copy)]
struct Posting {
    passage: u32,
    place: Place,
}

/// A word of a wording.
#[derive(Debug, Clone)]
struct Worded {
    /// The word and its shorter forms, the longest first.
    forms: Arc<[TermId]>,
    says_little: bool,
}

/// What is kept of a passage beside its words.
#[derive(Debug)]
struct Kept {
    key: u128,
    is_pair: bool,
    is_cyrillic: bool,
    /// Each thing that a person may have meant with it: a wording of a pair's question, a heading, a heading under its
    /// title.
    wordings: Vec<Vec<Worded>>,
}

/// The index.
#[derive(Debug, Default)]
pub struct Engine {
    passages: Vec<Kept>,
    terms: BTreeMap<String, TermId>,
    /// For each word, where it stands.
    postings: Vec<Vec<Posting>>,
    /// The words that stand in texts, for near spellings.
    vocabulary: Vocabulary,
}

impl Engine {
    /// The index of these entries.
    pub fn of(entries: &[Entry]) -> Self {
        let mut making = Making::default();
        for entry in entries {
            making.add(entry);
        }
        making.done()
    }

    /// The passages that fit the question best, the best first; at most `at_most`.
    pub fn find(&self, question: &str, at_most: usize) -> Vec<Hit> {
        let asked = Asked::read(question, self);
        Weighed::of(self, &asked).best(at_most)
    }

    /// How many passages it has.
    pub fn len(&self) -> usize {
        self.passages.len()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.passages.is_empty()
    }

    fn postings(&self, term: TermId) -> &[Posting] {
        self.postings.get(term).map_or(&[], Vec::as_slice)
    }
}
