//! From what a person asks to groups of words of the index, one group for each thing said.

use std::{collections::HashMap, sync::LazyLock};

use search::engine::analysis::{Synonyms, has_digit, spoken_forms, words};
use uztext::other_layout;

use super::{Engine, TermId};

/// Longest question read, in characters.
const QUESTION_CHARS: usize = 500;
/// Most words of a question that are weighed.
const WORDS: usize = 24;
/// Most words of the index that a beginning stands for.
const BEGINNINGS: usize = 30;
/// From this length on, a typed word may be the beginning of a word of the index, or have one in common with it.
const BEGINNING_CHARS: usize = 4;
/// Letters that two forms of one word have in common at their beginning.
const COMMON_CHARS: usize = 5;
/// Letters that may follow what they have in common.
const ENDING_CHARS: usize = 5;

/// The word as it was typed.
const EXACT: u16 = 100;
/// A word of which both are forms, by the letters of the common form: 3, 4, 5 and more.
const FORMS: [u16; 3] = [72, 88, 94];
const BEGINNING: u16 = 75;
const COMMON: u16 = 62;
const ONE_MISTAKE: u16 = 72;
const TWO_MISTAKES: u16 = 55;

/// Phrases of one meaning.
pub(super) static MEANINGS: LazyLock<Synonyms> =
    LazyLock::new(|| Synonyms::read(include_str!("../../data/meanings.txt"), spoken_forms));

/// How much a word of a question says: nothing, or less than others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Nothing,
    Little,
}

static NOISE: LazyLock<HashMap<String, Says>> = LazyLock::new(|| {
    let mut noise = HashMap::new();
    for line in include_str!("../../data/noise.txt").lines().filter(|line| !line.starts_with('#')) {
        let (says, line) = match line.strip_prefix("- ") {
            Some(rest) => (Says::Little, rest),
            None => (Says::Nothing, line),
        };
        noise.extend(words(line).into_iter().map(|word| (word, says)));
    }
    noise
});

/// True for a word that says nothing about what is asked.
pub(super) fn is_noise(word: &str) -> bool {
    NOISE.get(word) == Some(&Says::Nothing)
}

/// True for a word that only turns a sentence into a question.
pub(super) fn says_little(word: &str) -> bool {
    NOISE.get(word) == Some(&Says::Little)
}

/// Whether a text is written in Cyrillic for the most part.
pub(super) fn is_cyrillic(text: &str) -> bool {
    let count = |is: fn(&char) -> bool| text.chars().filter(is).count();
    count(|c| ('\u{400}'..='\u{4ff}').contains(c)) > count(char::is_ascii_alphabetic)
}

/// One thing said: words of the index that answer it, with how well (1..=100).
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    pub(super) terms: Vec<(TermId, u16)>,
    pub(super) says_little: bool,
}

impl Group {
    fn add(&mut self, term: TermId, quality: u16) {
        match self.terms.iter_mut().find(|(known, _)| *known == term) {
            Some((_, known)) => *known = (*known).max(quality),
            None => self.terms.push((term, quality)),
        }
    }

    fn best(&self) -> u16 {
        self.terms.iter().map(|(_, quality)| *quality).max().unwrap_or(0)
    }
}

/// A question that was understood.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) groups: Vec<Group>,
    /// The words of all phrases that mean the same as one of the question.
    pub(super) meant: Vec<TermId>,
    pub(super) is_cyrillic: bool,
}

impl Asked {
    /// Reads a question; where nothing of it is known, also as if typed in the other keyboard layout.
    pub(super) fn read(question: &str, engine: &Engine) -> Self {
        let question: String = question.chars().take(QUESTION_CHARS).collect();
        let asked = Self::as_typed(&question, engine);
        if asked.is_known() {
            return asked;
        }
        let other = Self::as_typed(&other_layout(&question), engine);
        if other.is_known() { other } else { asked }
    }

    fn is_known(&self) -> bool {
        self.groups.iter().any(|group| group.best() >= TWO_MISTAKES)
    }

    fn as_typed(question: &str, engine: &Engine) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        for word in words(question) {
            if is_noise(&word) || seen.contains(&word) || groups.len() >= WORDS {
                continue;
            }
            let mut group = resolve(&word, engine);
            group.says_little = says_little(&word);
            groups.push(group);
            seen.push(word);
        }
        let forms: Vec<Vec<String>> = words(question).iter().map(|word| spoken_forms(word)).collect();
        let sets = MEANINGS.found_in(&forms).into_iter();
        let terms = sets.flat_map(|set| MEANINGS.terms(set));
        let meant = terms.filter_map(|term| engine.terms.get(term)).copied().collect();
        Self { groups, meant, is_cyrillic: is_cyrillic(question) }
    }
}

/// The words of the index that a typed word may mean.
fn resolve(word: &str, engine: &Engine) -> Group {
    let mut group = Group::default();
    for form in spoken_forms(word) {
        if let Some(term) = engine.terms.get(&form) {
            let common = form.len().clamp(3, 5) - 3;
            let quality = if form == word { EXACT } else { FORMS.get(common).copied().unwrap_or(EXACT) };
            group.add(*term, quality);
        }
    }
    // What shares three letters alone with a word may as well be another word with a mistake.
    if group.best() > FORMS.first().copied().unwrap_or(0) || has_digit(word) {
        return group;
    }
    let chars = word.chars().count();
    if chars >= BEGINNING_CHARS {
        let longer = engine.terms.range(word.to_owned()..);
        for (_, term) in longer.take_while(|(term, _)| term.starts_with(word)).take(BEGINNINGS) {
            group.add(*term, BEGINNING);
        }
    }
    let mistakes = match chars {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    for distance in 1..=mistakes {
        let near = engine.vocabulary.near(word, distance);
        for term in &near {
            let quality = if distance == 1 { ONE_MISTAKE } else { TWO_MISTAKES };
            // People rarely miss the first letter.
            let is_odd = term.chars().next() != word.chars().next();
            if let Some(term) = engine.terms.get(term) {
                group.add(*term, if is_odd { quality - 15 } else { quality });
            }
        }
        if !near.is_empty() {
            break;
        }
    }
    for term in with_common_beginning(word, engine) {
        group.add(term, COMMON);
    }
    group
}

/// Words of the index that begin as this word does and differ in their endings alone.
fn with_common_beginning(word: &str, engine: &Engine) -> Vec<TermId> {
    if !word.is_ascii() || word.len() < COMMON_CHARS + 1 {
        return Vec::new();
    }
    let least = COMMON_CHARS.max(word.len().saturating_sub(ENDING_CHARS));
    let Some(beginning) = word.get(..least) else { return Vec::new() };
    let candidates = engine.terms.range(beginning.to_owned()..);
    candidates
        .take_while(|(term, _)| term.starts_with(beginning))
        .filter(|(term, _)| {
            let common = term.bytes().zip(word.bytes()).take_while(|(one, other)| one == other).count();
            term.len() - common <= ENDING_CHARS && 5 * common >= 3 * term.len().max(word.len())
        })
        .take(BEGINNINGS)
        .map(|(_, term)| *term)
        .collect()
}
