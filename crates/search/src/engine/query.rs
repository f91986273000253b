//! From what a person typed to groups of words of the index, one group for each thing asked for.

use kernel::Result;
use uztext::{code_key, other_layout};

use super::dictionary::Dictionary;
use super::stem::{forms, short_forms};
use super::synonyms::is_noise;
use super::words::{has_digit, is_number, length, pieces, words};

/// Longest query read, in characters.
const MAX_QUERY_CHARS: usize = 200;
/// Most words of a query; more are left out.
const MAX_QUERY_WORDS: usize = 12;

/// From this length on, an unfinished last word may have a mistake.
const MIN_PREFIX_WITH_MISTAKE_CHARS: usize = 5;

const EXACT: u16 = 100;
const FORM: u16 = 96;
const BEGINNING: u16 = 70;
const ONE_MISTAKE: u16 = 60;
const TWO_MISTAKES: u16 = 35;

/// One thing asked for: words of the index that answer it, with how well (1..=100).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) words: Vec<(String, u16)>,
}

impl Group {
    fn one(word: String, weight: u16) -> Self {
        Self { words: vec![(word, weight)] }
    }

    fn add(&mut self, words: Vec<String>, weight: impl Fn(&str) -> u16) {
        for word in words {
            if !self.words.iter().any(|(known, _)| *known == word) {
                let weight = weight(&word);
                self.words.push((word, weight));
            }
        }
    }

    fn best(&self) -> u32 {
        self.words.iter().map(|(_, weight)| u32::from(*weight)).max().unwrap_or(0)
    }
}

/// A query that was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) groups: Vec<Group>,
    /// How many words answer to nothing in the index.
    pub(crate) unknown: usize,
    /// The whole query as an article number or barcode.
    pub(crate) code: String,
    /// The words, for widening.
    typed: Vec<String>,
}

impl Asked {
    /// Reads a query. When it makes little sense as typed, it is also read in the other keyboard layout.
    pub(crate) fn read(text: &str, dictionary: &Dictionary<'_>) -> Result<Self> {
        let text: String = text.chars().take(MAX_QUERY_CHARS).collect();
        let asked = Self::as_typed(&text, dictionary)?;
        if asked.unknown == 0 && asked.groups.iter().all(|group| group.best() > u32::from(ONE_MISTAKE)) {
            return Ok(asked);
        }
        let other = Self::as_typed(&other_layout(&text), dictionary)?;
        let clearer = other.unknown < asked.unknown
            || (other.unknown == asked.unknown && other.sense() > asked.sense());
        // Only a layout that makes whole words: a chance hit on a beginning or a mistake is no sign.
        let sure = !other.groups.is_empty()
            && other.groups.iter().all(|group| group.best() >= u32::from(ONE_MISTAKE));
        Ok(if clearer && sure { Self { code: asked.code, ..other } } else { asked })
    }

    fn sense(&self) -> u32 {
        self.groups.iter().map(Group::best).sum()
    }

    fn as_typed(text: &str, dictionary: &Dictionary<'_>) -> Result<Self> {
        let all = words(text);
        let telling: Vec<String> = all.iter().filter(|word| !is_noise(word)).cloned().collect();
        let mut typed = if telling.is_empty() { all } else { telling };
        typed.truncate(MAX_QUERY_WORDS);
        let typed = joined(typed, dictionary)?;
        let mut asked = Self { code: code_key(text), ..Self::default() };
        for (at, word) in typed.iter().enumerate() {
            let groups = resolve(word, at + 1 == typed.len(), dictionary)?;
            if groups.is_empty() {
                asked.unknown += 1;
            }
            asked.groups.extend(groups);
        }
        asked.typed = typed;
        Ok(asked)
    }

    /// The same query with near spellings and beginnings also for words that are known: for when nothing has all of them.
    pub(crate) fn widened(&self, dictionary: &Dictionary<'_>) -> Result<Vec<Group>> {
        let mut groups = self.groups.clone();
        // Words that were split have more groups than words: those are wide enough.
        if groups.len() != self.typed.len() {
            return Ok(groups);
        }
        for (group, word) in groups.iter_mut().zip(&self.typed) {
            if length(word) >= 2 && !(is_number(word) && length(word) < 3) {
                group.add(dictionary.beginning_with(word)?, |_| BEGINNING);
            }
            if let Some(distance) = allowed_mistakes(word) {
                group.add(dictionary.near(word, distance.min(1)), |near| near_weight(word, near));
            }
        }
        Ok(groups)
    }
}

/// Joins neighbours that the index knows as one word, when it does not know both apart (`air pods`, `chang yutgich`).
fn joined(typed: Vec<String>, dictionary: &Dictionary<'_>) -> Result<Vec<String>> {
    let mut out: Vec<String> = Vec::with_capacity(typed.len());
    for word in typed {
        if let Some(last) = out.last_mut() {
            let together = format!("{last}{word}");
            if length(&together) >= 5
                && !(is_number(last) && is_number(&word))
                && !(dictionary.has(last)? && dictionary.has(&word)?)
                && dictionary.has(&together)?
            {
                *last = together;
                continue;
            }
        }
        out.push(word);
    }
    Ok(out)
}

/// The groups that a typed word means; none when nothing answers to it.
fn resolve(word: &str, last: bool, dictionary: &Dictionary<'_>) -> Result<Vec<Group>> {
    let mut group = Group::default();
    for form in forms(word) {
        if dictionary.has(&form)? {
            let weight = if form == word { EXACT } else { FORM };
            group.words.push((form, weight));
        }
    }
    if !group.words.is_empty() {
        return Ok(vec![group]);
    }
    if has_digit(word) {
        return resolve_model(word, dictionary);
    }
    for form in short_forms(word).into_iter().skip(1) {
        if length(&form) < 4 && dictionary.has(&form)? {
            return Ok(vec![Group::one(form, FORM)]);
        }
    }
    if length(word) >= if last { 2 } else { 3 } {
        group.add(dictionary.beginning_with(word)?, |_| BEGINNING);
        // A y that ends what is typed so far may be the beginning of ya, yo, yu.
        if let Some(shorter) =
            word.strip_suffix('i').filter(|shorter| group.words.is_empty() && length(shorter) >= 3)
        {
            group.add(dictionary.beginning_with(&format!("{shorter}y"))?, |_| BEGINNING);
        }
    }
    if !group.words.is_empty() {
        return Ok(vec![group]);
    }
    let mistakes = allowed_mistakes(word).unwrap_or(0);
    for distance in 1..=mistakes {
        for form in forms(word) {
            group.add(dictionary.near(&form, distance), |near| match distance {
                1 => near_weight(word, near),
                _ => TWO_MISTAKES,
            });
            if !group.words.is_empty() {
                return Ok(vec![group]);
            }
        }
        // One mistake is likelier than a forgotten space, and that likelier than two mistakes.
        if let Some(parts) = split(word, dictionary)? {
            return Ok(parts);
        }
    }
    if last && length(word) >= MIN_PREFIX_WITH_MISTAKE_CHARS {
        group.add(dictionary.beginning_near(word), |_| TWO_MISTAKES);
    }
    Ok(if group.words.is_empty() { Vec::new() } else { vec![group] })
}

/// A word with digits that is not known as it stands: the beginning of a model, a model run together with something
/// (`iphone17`, `256gb`), or a long model with a mistake.
fn resolve_model(word: &str, dictionary: &Dictionary<'_>) -> Result<Vec<Group>> {
    let mut group = Group::default();
    if length(word) >= 3 {
        group.add(dictionary.beginning_with(word)?, |_| BEGINNING);
        if !group.words.is_empty() {
            return Ok(vec![group]);
        }
    }
    let mut parts = Vec::new();
    for piece in pieces(word) {
        // A piece is taken as a word of its own, but never split again.
        let known = if is_number(&piece) {
            dictionary.has(&piece)?.then(|| vec![Group::one(piece.clone(), EXACT)])
        } else if has_digit(&piece) {
            None
        } else if is_noise(&piece) {
            Some(Vec::new())
        } else {
            Some(resolve(&piece, false, dictionary)?).filter(|groups| !groups.is_empty())
        };
        match known {
            Some(groups) => parts.extend(groups),
            None => {
                parts.clear();
                break;
            }
        }
    }
    if parts.is_empty() && length(word) >= 6 {
        group.add(dictionary.near_model(word)?, |_| ONE_MISTAKE);
        if !group.words.is_empty() {
            return Ok(vec![group]);
        }
    }
    Ok(parts)
}

/// Two known words written as one (`samsungtelevizor`).
fn split(word: &str, dictionary: &Dictionary<'_>) -> Result<Option<Vec<Group>>> {
    for (at, _) in word.char_indices().skip(2) {
        let Some((left, right)) = word.split_at_checked(at) else { continue };
        if length(left) >= 2
            && length(right) >= 2
            && length(left).max(length(right)) >= 4
            && dictionary.has(left)?
            && dictionary.has(right)?
        {
            return Ok(Some(vec![Group::one(left.to_owned(), FORM), Group::one(right.to_owned(), FORM)]));
        }
    }
    Ok(None)
}

/// How many mistakes a word may have: one from four letters, two from seven, none in models and numbers.
fn allowed_mistakes(word: &str) -> Option<usize> {
    match length(word) {
        _ if has_digit(word) => None,
        0..=3 => None,
        4..=6 => Some(1),
        _ => Some(2),
    }
}

/// People rarely miss the first letter.
fn near_weight(word: &str, near: &str) -> u16 {
    if word.chars().next() == near.chars().next() { ONE_MISTAKE } else { ONE_MISTAKE - 15 }
}
