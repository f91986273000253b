//! The plain words of the index in memory, for finding those that a mistyped word may have meant.
//!
//! A catalog of a hundred thousand products has some thousands of plain words (models with digits are not among them),
//! so that looking at each of them is cheaper than an automaton over the dictionary: most are ruled out by their length
//! and by the set of their letters.

use kernel::{Error, Result};
use tantivy::Searcher;
use tantivy::schema::Field;

/// Longest word that is compared, in letters.
const MAX_LETTERS: usize = 24;
/// Most words given for one.
const MAX_NEAR: usize = 40;

/// The plain words of one state of the index.
#[derive(Debug, Default)]
pub struct Vocabulary {
    words: Vec<Known>,
}

#[derive(Debug)]
struct Known {
    /// One bit for each letter of the alphabet that the word has.
    letters: u32,
    frequency: u64,
    word: Box<str>,
}

impl Vocabulary {
    /// The vocabulary of these words, each given once with how often it stands; only those of plain letters are kept.
    pub fn of<'a>(words: impl IntoIterator<Item = (&'a str, u64)>) -> Self {
        let plain = words.into_iter().filter(|(word, _)| {
            (3..=MAX_LETTERS).contains(&word.len()) && word.bytes().all(|letter| letter.is_ascii_lowercase())
        });
        let known =
            plain.map(|(word, frequency)| Known { letters: letters_of(word), frequency, word: word.into() });
        Self { words: known.collect() }
    }

    /// Reads the words of a field, those of plain letters.
    pub(crate) fn read(searcher: &Searcher, field: Field) -> Result<Self> {
        let mut all: Vec<(Box<str>, u64)> = Vec::new();
        for segment in searcher.segment_readers() {
            let reader = segment.inverted_index(field).map_err(Error::internal)?;
            let mut stream = reader.terms().stream().map_err(Error::internal)?;
            while let Some((term, terminfo)) = stream.next() {
                let plain =
                    (3..=MAX_LETTERS).contains(&term.len()) && term.iter().all(u8::is_ascii_lowercase);
                if let Some(word) = plain.then(|| std::str::from_utf8(term).ok()).flatten() {
                    all.push((word.into(), u64::from(terminfo.doc_freq)));
                }
            }
        }
        all.sort_unstable();
        let mut words: Vec<Known> = Vec::with_capacity(all.len());
        for (word, frequency) in all {
            match words.last_mut() {
                Some(last) if last.word == word => last.frequency += frequency,
                _ => words.push(Known { letters: letters_of(&word), frequency, word }),
            }
        }
        Ok(Self { words })
    }

    /// Words within `distance` mistakes of `word`, the most frequent first.
    pub fn near(&self, word: &str, distance: usize) -> Vec<String> {
        self.matching(word, distance, false)
    }

    /// Words that begin within one mistake of `word`, the most frequent first.
    pub(crate) fn beginning_near(&self, word: &str) -> Vec<String> {
        self.matching(word, 1, true)
    }

    fn matching(&self, word: &str, distance: usize, beginning: bool) -> Vec<String> {
        if word.len() > MAX_LETTERS || !word.bytes().all(|letter| letter.is_ascii_lowercase()) {
            return Vec::new();
        }
        let letters = letters_of(word);
        let most = u32::try_from(distance).unwrap_or(0);
        let mut near: Vec<&Known> = self
            .words
            .iter()
            .filter(|known| {
                // Each mistake changes at most one letter of the one and one of the other.
                let missing = (letters & !known.letters).count_ones();
                let extra = (known.letters & !letters).count_ones();
                let long = known.word.len() <= word.len() + distance;
                missing <= most
                    && known.word.len() + distance >= word.len()
                    && (beginning || (extra <= most && long))
                    && mistakes(word.as_bytes(), known.word.as_bytes(), beginning) <= distance
            })
            .collect();
        near.sort_by(|one, other| {
            other.frequency.cmp(&one.frequency).then_with(|| one.word.cmp(&other.word))
        });
        near.truncate(MAX_NEAR);
        near.into_iter().map(|known| known.word.to_string()).collect()
    }
}

fn letters_of(word: &str) -> u32 {
    word.bytes().filter(u8::is_ascii_lowercase).fold(0, |set, letter| set | 1 << (letter - b'a'))
}

/// How many letters must be changed, left out, added or swapped with the neighbour to make one word of the other; with
/// `beginning`, to make a beginning of the second.
fn mistakes(typed: &[u8], known: &[u8], beginning: bool) -> usize {
    let mut before = [0_usize; MAX_LETTERS + 1];
    let mut above: [usize; MAX_LETTERS + 1] = std::array::from_fn(|at| at);
    let mut row = [0_usize; MAX_LETTERS + 1];
    let mut last_typed = 0_u8;
    for (line, letter) in (1..).zip(typed) {
        let mut left = line;
        let mut last_known = 0_u8;
        row.fill(line);
        for (column, other) in (1_usize..).zip(known) {
            let at = |cells: &[usize], back: usize| {
                column
                    .checked_sub(back)
                    .and_then(|position: usize| cells.get(position))
                    .copied()
                    .unwrap_or(usize::MAX)
            };
            let mut least =
                (at(&above, 1) + usize::from(letter != other)).min(at(&above, 0) + 1).min(left + 1);
            if line > 1 && column > 1 && *letter == last_known && last_typed == *other {
                least = least.min(at(&before, 2) + 1);
            }
            if let Some(cell) = row.get_mut(column) {
                *cell = least;
            }
            left = least;
            last_known = *other;
        }
        before = above;
        above = row;
        last_typed = *letter;
    }
    if beginning {
        above.iter().take(known.len() + 1).min().copied().unwrap_or(usize::MAX)
    } else {
        above.get(known.len()).copied().unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, known: &str, expected: usize) {
        assert_eq!(mistakes(typed.as_bytes(), known.as_bytes(), false), expected, "{typed} / {known}");
        assert_eq!(mistakes(known.as_bytes(), typed.as_bytes(), false), expected, "{known} / {typed}");
    }

    #[test]
    fn a_letter_left_out_added_changed_or_swapped_is_one_mistake() {
        check("samsung", "samsung", 0);
        check("samsng", "samsung", 1);
        check("samssung", "samsung", 1);
        check("samsunk", "samsung", 1);
        check("smasung", "samsung", 1);
        check("smasng", "samsung", 2);
        check("", "lg", 2);
        check("televizor", "telefon", 4);
    }

    #[test]
    fn the_beginning_of_a_word_may_have_a_mistake() {
        assert_eq!(mistakes(b"telv", b"televizor", true), 1);
        assert_eq!(mistakes(b"tele", b"televizor", true), 0);
        assert_eq!(mistakes(b"xolod", b"televizor", true), 4);
    }
}
