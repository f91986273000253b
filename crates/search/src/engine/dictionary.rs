//! The words that the index knows, across its segments: exactly, by their beginning, or nearly.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{Error, Result};
use tantivy::query::{DfaWrapper, FuzzyTermQuery};
use tantivy::schema::Field;
use tantivy::{InvertedIndexReader, Searcher, Term};

use super::vocabulary::Vocabulary;
use super::words::has_digit;

/// Most words that a beginning or a near spelling stands for; the most frequent are kept.
const MAX_EXPANSIONS: usize = 40;
/// Most words read from the dictionary for one beginning.
const MAX_SCANNED: usize = 1_000;

/// The words of one state of the index: plain words in one field, models and numbers in another.
pub(crate) struct Dictionary<'a> {
    vocabulary: &'a Vocabulary,
    plain: Vec<Arc<InvertedIndexReader>>,
    models: Vec<Arc<InvertedIndexReader>>,
    models_field: Field,
}

impl<'a> Dictionary<'a> {
    pub(crate) fn of(
        searcher: &Searcher,
        plain: Field,
        models: Field,
        vocabulary: &'a Vocabulary,
    ) -> Result<Self> {
        let readers = |field: Field| -> Result<Vec<_>> {
            searcher
                .segment_readers()
                .iter()
                .map(|segment| segment.inverted_index(field).map_err(Error::internal))
                .collect()
        };
        Ok(Self { vocabulary, plain: readers(plain)?, models: readers(models)?, models_field: models })
    }

    fn readers(&self, word: &str) -> &[Arc<InvertedIndexReader>] {
        if has_digit(word) { &self.models } else { &self.plain }
    }

    /// True when some product has this word.
    pub(crate) fn has(&self, word: &str) -> Result<bool> {
        for reader in self.readers(word) {
            if reader.terms().term_ord(word).map_err(Error::internal)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Words that begin with `prefix`, the most frequent first: models too, when letters begin them.
    pub(crate) fn beginning_with(&self, prefix: &str) -> Result<Vec<String>> {
        let mut found: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
        let plain: &[_] = if has_digit(prefix) { &[] } else { &self.plain };
        for reader in plain.iter().chain(&self.models) {
            let mut stream = reader.terms().range().ge(prefix).into_stream().map_err(Error::internal)?;
            let mut scanned = 0;
            while let Some((term, terminfo)) = stream.next() {
                scanned += 1;
                if !term.starts_with(prefix.as_bytes()) || scanned > MAX_SCANNED {
                    break;
                }
                *found.entry(term.to_vec()).or_default() += u64::from(terminfo.doc_freq);
            }
        }
        Ok(most_frequent(found))
    }

    /// Plain words that `distance` mistakes make of `word`.
    pub(crate) fn near(&self, word: &str, distance: usize) -> Vec<String> {
        self.vocabulary.near(word, distance)
    }

    /// Plain words that begin with `word` but for one mistake.
    pub(crate) fn beginning_near(&self, word: &str) -> Vec<String> {
        self.vocabulary.beginning_near(word)
    }

    /// Models that one mistake makes of `word`.
    pub(crate) fn near_model(&self, word: &str) -> Result<Vec<String>> {
        let query = FuzzyTermQuery::new(Term::from_field_text(self.models_field, word), 1, true);
        let mut found: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
        for reader in &self.models {
            let automaton: DfaWrapper = query.automaton().map_err(Error::internal)?;
            let mut stream = reader.terms().search(automaton).into_stream().map_err(Error::internal)?;
            while let Some((term, terminfo)) = stream.next() {
                *found.entry(term.to_vec()).or_default() += u64::from(terminfo.doc_freq);
            }
        }
        Ok(most_frequent(found))
    }
}

fn most_frequent(found: BTreeMap<Vec<u8>, u64>) -> Vec<String> {
    let mut words: Vec<(u64, String)> = found
        .into_iter()
        .filter_map(|(word, count)| String::from_utf8(word).ok().map(|word| (count, word)))
        .collect();
    words.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    words.truncate(MAX_EXPANSIONS);
    words.into_iter().map(|(_, word)| word).collect()
}
