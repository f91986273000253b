//! Which products answer a query, and how well: one pass over the postings of its words, group by group.

use kernel::{Error, Result};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Searcher, SegmentReader, TERMINATED};

use super::entry::Class;
use super::query::Group;
use super::words::has_digit;

/// What a class is worth, of a hundred, by the number of repeats.
const CLASS_PERCENT: [u16; 6] = [0, 5, 20, 60, 90, 100];
/// From this length on, a whole code answers alone; a shorter one only stands first.
const ALONE_CODE_CHARS: usize = 6;
const CODE_BONUS: u16 = 20_000;

/// The fast field that orders equals.
pub(crate) const ORDER_FIELD: &str = "order";

const REQUIRED: u8 = 1;
const EXCLUDED: u8 = 2;

/// What is known of one product during a query.
#[derive(Debug, Clone, Copy, Default)]
struct Score {
    sum: u16,
    best: u16,
    groups: u8,
    last_group: u8,
    marks: u8,
}

/// Reusable memory of a query: one score for each product of the largest segment.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    scores: Vec<Score>,
    touched: Vec<DocId>,
    needs: u8,
}

impl Scratch {
    fn begin(&mut self, segment: &SegmentReader) {
        let docs = at(segment.max_doc());
        if self.scores.len() < docs {
            self.scores.resize(docs, Score::default());
        }
    }

    /// Forgets what it saw, in time proportional to it.
    fn end(&mut self) {
        for doc in self.touched.drain(..) {
            if let Some(score) = self.scores.get_mut(at(doc)) {
                *score = Score::default();
            }
        }
    }

    #[inline]
    fn add(&mut self, doc: DocId, group: u8, weight: u16) {
        let Some(score) = self.scores.get_mut(at(doc)) else { return };
        if score.last_group == group {
            if weight > score.best {
                score.sum += weight - score.best;
                score.best = weight;
            }
            return;
        }
        if score.groups == 0 {
            self.touched.push(doc);
        }
        score.last_group = group;
        score.groups += 1;
        score.best = weight;
        score.sum += weight;
    }

    fn code(&mut self, doc: DocId, level: u8) {
        let Some(score) = self.scores.get_mut(at(doc)) else { return };
        if score.groups == 0 {
            self.touched.push(doc);
        }
        score.groups = score.groups.max(level);
        score.sum = score.sum.saturating_add(CODE_BONUS);
    }

    #[inline]
    fn mark(&mut self, doc: DocId, flag: u8) {
        if let Some(score) = self.scores.get_mut(at(doc)).filter(|score| score.groups > 0) {
            score.marks |= flag;
        }
    }

    /// Adds the products of this segment to the best ones known, or replaces those with better ones.
    fn keep_best(&self, number: usize, segment: &SegmentReader, best: &mut Hits) -> Result<()> {
        let answers = |doc: DocId| {
            let score = self.scores.get(at(doc)).copied().unwrap_or_default();
            (score.marks == self.needs && !segment.is_deleted(doc)).then_some(score)
        };
        let level =
            self.touched.iter().filter_map(|doc| answers(*doc)).map(|score| score.groups).max().unwrap_or(0);
        if level < best.groups {
            return Ok(());
        }
        if level > best.groups {
            *best = Hits { groups: level, hits: Vec::new() };
        }
        let orders = segment.fast_fields().u64(ORDER_FIELD).map_err(Error::internal)?;
        for doc in &self.touched {
            if let Some(score) = answers(*doc).filter(|score| score.groups == level) {
                let order = orders.first(*doc).unwrap_or(u64::MAX);
                best.hits.push(Hit { rank: std::cmp::Reverse(score.sum), order, segment: number, doc: *doc });
            }
        }
        Ok(())
    }
}

/// A document's number as a position.
#[inline]
#[expect(clippy::as_conversions, reason = "u32 to usize loses nothing on the 64-bit machines this runs on")]
const fn at(doc: DocId) -> usize {
    doc as usize
}

/// A product that answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// Reversed, so that the best sorts first.
    pub(crate) rank: std::cmp::Reverse<u16>,
    /// The order among equals.
    pub(crate) order: u64,
    pub(crate) segment: usize,
    pub(crate) doc: DocId,
}

/// What one pass asks of the index.
pub(crate) struct Pass<'a> {
    pub(crate) plain: Field,
    pub(crate) models: Field,
    pub(crate) codes: Field,
    pub(crate) marks: Field,
    pub(crate) groups: &'a [Group],
    pub(crate) code: &'a str,
    /// A mark that a product must have.
    pub(crate) required: Option<&'a str>,
    /// A mark that it must not have.
    pub(crate) excluded: Option<&'a str>,
    /// Leaves out words of a lesser class.
    pub(crate) least: Class,
}

/// What a pass found: the products with the most groups answered, unsorted.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    pub(crate) groups: u8,
    pub(crate) hits: Vec<Hit>,
}

impl Pass<'_> {
    /// Runs the pass; only products with at least `at_least` groups answered are kept, and of those only the best level.
    pub(crate) fn run(&self, searcher: &Searcher, scratch: &mut Scratch, at_least: u8) -> Result<Hits> {
        let mut best = Hits { groups: at_least.max(1), hits: Vec::new() };
        for (number, segment) in searcher.segment_readers().iter().enumerate() {
            scratch.begin(segment);
            self.score(segment, scratch)?;
            scratch.keep_best(number, segment, &mut best)?;
            scratch.end();
        }
        Ok(best)
    }

    fn score(&self, segment: &SegmentReader, scratch: &mut Scratch) -> Result<()> {
        let plain = segment.inverted_index(self.plain).map_err(Error::internal)?;
        let models = segment.inverted_index(self.models).map_err(Error::internal)?;
        let least = u32::try_from(self.least.repeats()).unwrap_or(0);
        for (number, group) in (1_u8..).zip(self.groups) {
            for (word, weight) in &group.words {
                let words = if has_digit(word) { &models } else { &plain };
                each_posting(words, word, IndexRecordOption::WithFreqs, |doc, repeats| {
                    if repeats >= least {
                        let percent = usize::try_from(repeats).ok().and_then(|at| CLASS_PERCENT.get(at));
                        scratch.add(doc, number, weight * percent.copied().unwrap_or(100) / 100);
                    }
                })?;
            }
        }
        if !self.code.is_empty() {
            let codes = segment.inverted_index(self.codes).map_err(Error::internal)?;
            let all = u8::try_from(self.groups.len()).unwrap_or(u8::MAX);
            let level = if self.code.len() >= ALONE_CODE_CHARS { all.saturating_add(1) } else { all.max(1) };
            each_posting(&codes, self.code, IndexRecordOption::Basic, |doc, _| scratch.code(doc, level))?;
        }
        let marks = segment.inverted_index(self.marks).map_err(Error::internal)?;
        for (mark, flag) in [(self.required, REQUIRED), (self.excluded, EXCLUDED)] {
            if let Some(mark) = mark {
                each_posting(&marks, mark, IndexRecordOption::Basic, |doc, _| scratch.mark(doc, flag))?;
            }
        }
        scratch.needs = if self.required.is_some() { REQUIRED } else { 0 };
        Ok(())
    }
}

fn each_posting(
    reader: &tantivy::InvertedIndexReader,
    word: &str,
    option: IndexRecordOption,
    mut take: impl FnMut(DocId, u32),
) -> Result<()> {
    let Some(terminfo) = reader.terms().get(word).map_err(Error::internal)? else { return Ok(()) };
    let mut blocks = reader.read_block_postings_from_terminfo(&terminfo, option).map_err(Error::internal)?;
    let with_freqs = option != IndexRecordOption::Basic;
    loop {
        let docs = blocks.docs();
        if docs.is_empty() || docs.first() == Some(&TERMINATED) {
            return Ok(());
        }
        if with_freqs {
            for (doc, repeats) in docs.iter().zip(blocks.freqs()) {
                take(*doc, *repeats);
            }
        } else {
            docs.iter().for_each(|doc| take(*doc, 1));
        }
        blocks.advance();
    }
}
