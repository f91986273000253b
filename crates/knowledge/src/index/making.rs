//! An index while it is made: each word is worked out once.

use std::{collections::HashMap, sync::Arc};

use search::engine::analysis::{Vocabulary, spoken_forms, words};

use super::{
    Engine, Entry, Kept, Posting, TermId, Worded,
    ask::{MEANINGS, is_cyrillic, is_noise, says_little},
    weigh::Place,
};

/// What is known of a word.
struct Known {
    /// The word and its shorter forms.
    forms: Vec<String>,
    ids: Arc<[TermId]>,
    is_noise: bool,
    says_little: bool,
    /// Whether a phrase of a meaning begins with it.
    begins: bool,
    count: u64,
}

/// The index and what helps to make it.
#[derive(Default)]
pub(super) struct Making {
    passages: Vec<Kept>,
    postings: Vec<Vec<Posting>>,
    terms: HashMap<String, TermId>,
    known: HashMap<String, Known>,
    /// The words of each set of one meaning.
    meant: HashMap<usize, Arc<[TermId]>>,
    passage: Passage,
}

/// The best place of each word in the passage that is being read.
#[derive(Default)]
struct Passage {
    places: Vec<Option<Place>>,
    touched: Vec<TermId>,
}

impl Passage {
    fn put(&mut self, terms: &[TermId], place: Place) {
        for term in terms {
            if self.places.len() <= *term {
                self.places.resize(term + 1, None);
            }
            let Some(known) = self.places.get_mut(*term) else { continue };
            if known.is_none() {
                self.touched.push(*term);
            }
            *known = (*known).max(Some(place));
        }
    }

    /// The words and their places; nothing is left.
    fn take(&mut self) -> impl Iterator<Item = (TermId, Place)> {
        let places = &mut self.places;
        self.touched.drain(..).filter_map(|term| Some((term, places.get_mut(term)?.take()?)))
    }
}

impl Making {
    /// Adds a passage.
    pub(super) fn add(&mut self, entry: &Entry) {
        let Entry { key, questions, title, heading, text } = entry;
        let mut wordings = Vec::with_capacity(questions.len() + 2);
        for question in questions {
            wordings.push(self.read(question, Place::Question));
        }
        let heading = self.read(heading, Place::Heading);
        let title = self.read(title, Place::Title);
        wordings.extend([heading.clone(), [title, heading].concat()]);
        wordings.retain(|words| !words.is_empty());
        self.read(text, Place::Text);
        let passage = u32::try_from(self.passages.len()).unwrap_or(u32::MAX);
        for (term, place) in self.passage.take() {
            if let Some(postings) = self.postings.get_mut(term) {
                postings.push(Posting { passage, place });
            }
        }
        let is_cyrillic = is_cyrillic(questions.first().unwrap_or(text));
        self.passages.push(Kept { key: *key, is_pair: !questions.is_empty(), is_cyrillic, wordings });
    }

    /// Reads the words of a text with their forms and what they mean; gives those that say something.
    fn read(&mut self, text: &str, place: Place) -> Vec<Worded> {
        let words = words(text);
        for word in &words {
            self.know(word);
        }
        let known: Vec<&Known> = words.iter().filter_map(|word| self.known.get(word)).collect();
        let forms: Vec<&[String]> = known.iter().map(|known| known.forms.as_slice()).collect();
        let mut sets = Vec::new();
        let mut worded = Vec::with_capacity(known.len());
        for (at, known) in known.iter().enumerate() {
            self.passage.put(&known.ids, place);
            if known.begins {
                MEANINGS.add_found_at(&forms, at, &mut sets);
            }
            if !known.is_noise {
                worded.push(Worded { forms: Arc::clone(&known.ids), says_little: known.says_little });
            }
        }
        for set in sets {
            let meant = match self.meant.get(&set) {
                Some(meant) => Arc::clone(meant),
                None => {
                    let terms = &mut self.terms;
                    let ids = MEANINGS.terms(set).iter().map(|term| id_of(terms, &mut self.postings, term));
                    let meant: Arc<[TermId]> = ids.collect();
                    self.meant.insert(set, Arc::clone(&meant));
                    meant
                }
            };
            self.passage.put(&meant, place.meant());
        }
        worded
    }

    fn know(&mut self, word: &str) {
        if let Some(known) = self.known.get_mut(word) {
            known.count += 1;
            return;
        }
        let forms = spoken_forms(word);
        let ids = forms.iter().map(|form| id_of(&mut self.terms, &mut self.postings, form)).collect();
        let known = Known {
            ids,
            is_noise: is_noise(word),
            says_little: says_little(word),
            begins: MEANINGS.begins(&forms),
            forms,
            count: 1,
        };
        self.known.insert(word.to_owned(), known);
    }

    /// The index.
    pub(super) fn done(self) -> Engine {
        let Self { passages, postings, terms, known, meant: _, passage: _ } = self;
        let mut spoken: Vec<(&str, u64)> =
            known.iter().map(|(word, known)| (word.as_str(), known.count)).collect();
        spoken.sort_unstable();
        let vocabulary = Vocabulary::of(spoken);
        Engine { passages, terms: terms.into_iter().collect(), postings, vocabulary }
    }
}

/// The number of a word, a new one where it has none.
fn id_of(terms: &mut HashMap<String, TermId>, postings: &mut Vec<Vec<Posting>>, term: &str) -> TermId {
    if let Some(id) = terms.get(term) {
        return *id;
    }
    let id = postings.len();
    postings.push(Vec::new());
    terms.insert(term.to_owned(), id);
    id
}
