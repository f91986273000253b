//! Which passages cover how much of a question, and whether the best of them may be said as the answer.

use std::collections::HashMap;

use super::{
    Engine, Hit, Kept, PassageId, Posting, TermId, Worded,
    ask::{Asked, Group},
};

/// Where a word stands in a passage, the best place last. What only means the same stands below what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    TitleMeant,
    TextMeant,
    HeadingMeant,
    QuestionMeant,
    Title,
    Text,
    Heading,
    Question,
}

impl Place {
    /// The place of words that mean the same.
    pub(super) const fn meant(self) -> Self {
        match self {
            Self::Title | Self::TitleMeant => Self::TitleMeant,
            Self::Text | Self::TextMeant => Self::TextMeant,
            Self::Heading | Self::HeadingMeant => Self::HeadingMeant,
            Self::Question | Self::QuestionMeant => Self::QuestionMeant,
        }
    }

    /// What a word is worth there for the rank, of a hundred.
    const fn rank(self) -> u32 {
        match self {
            Self::Question => 100,
            Self::Heading => 92,
            Self::Text => 74,
            Self::Title => 70,
            Self::QuestionMeant => 76,
            Self::HeadingMeant => 70,
            Self::TextMeant | Self::TitleMeant => 52,
        }
    }

    /// How well a word there says what was asked, of a hundred.
    const fn says(self) -> u32 {
        match self {
            Self::Question | Self::Heading | Self::Text | Self::Title => 100,
            Self::QuestionMeant | Self::HeadingMeant | Self::TextMeant | Self::TitleMeant => 80,
        }
    }
}

/// A passage below this fit, in thousandths, is not found at all.
const FIT_LEAST: u32 = 250;
/// What a wording adds to the rank of its passage when the question says all of it, in thousandths.
const WORDING_BONUS: u32 = 250;
/// What it adds when both are written in one script, in thousandths: of two that say the same, the one in the language
/// of the question.
const SCRIPT_BONUS: u32 = 40;
/// Passages of which the wording is looked at: the bonuses are less than a third, and hardly lift one from farther down.
const LOOKED_AT: usize = 200;
/// How well a word of a wording is said by one of the same meaning, of a hundred.
const MEANT: u16 = 80;

/// What makes the best passage sure, in thousandths: the fit, how much of a wording was asked, and the rank of the next
/// passage of the best one's: nearer, and nobody knows which is meant. One of these is enough.
struct Sure {
    fit: u32,
    wording: u32,
    next: u32,
    /// Words that say something and stand in it.
    words: u32,
}
const SURE_PAIR: [Sure; 4] = [
    Sure { fit: 560, wording: 480, next: 900, words: 1 },
    Sure { fit: 650, wording: 400, next: 700, words: 2 },
    Sure { fit: 420, wording: 750, next: 600, words: 2 },
    Sure { fit: 400, wording: 300, next: 500, words: 2 },
];
const SURE_TEXT: [Sure; 6] = [
    Sure { fit: 750, wording: 480, next: 700, words: 1 },
    Sure { fit: 600, wording: 300, next: 850, words: 2 },
    Sure { fit: 560, wording: 0, next: 600, words: 2 },
    Sure { fit: 650, wording: 190, next: 750, words: 2 },
    Sure { fit: 520, wording: 750, next: 750, words: 2 },
    Sure { fit: 470, wording: 350, next: 600, words: 2 },
];

/// What is known of a passage during a question.
#[derive(Debug, Clone, Copy, Default)]
struct Score {
    rank: u32,
    covered: u32,
    /// Groups that say something and are covered well.
    words: u32,
    /// How much of a pair's best wording was asked, in thousandths.
    wording: u32,
}

/// The passages that answer a question.
pub(super) struct Weighed<'a> {
    engine: &'a Engine,
    /// The weight of the whole question.
    whole: u32,
    /// Those that may be the best.
    scores: Vec<(PassageId, Score)>,
}

impl<'a> Weighed<'a> {
    pub(super) fn of(engine: &'a Engine, asked: &Asked) -> Self {
        let passages = engine.passages.len();
        let mut scores = vec![Score::default(); passages];
        let mut whole = 0;
        // The best quality of each word over the groups, for reading wordings the other way round.
        let mut said: HashMap<TermId, u16> = asked.meant.iter().map(|term| (*term, MEANT)).collect();
        for group in &asked.groups {
            let best = best_of(engine, group);
            let found = best.iter().filter(|best| best.says > 0).count();
            let weight = weight(passages, found, group.says_little);
            whole += weight;
            for (score, Best { rank, says }) in scores.iter_mut().zip(best) {
                score.rank += weight * rank / 100;
                score.covered += weight * says / 100;
                score.words += u32::from(!group.says_little && says >= 60);
            }
            for (term, quality) in &group.terms {
                let known = said.entry(*term).or_default();
                *known = (*known).max(*quality);
            }
        }
        let mut scores: Vec<(PassageId, Score)> =
            scores.into_iter().enumerate().filter(|(_, score)| score.words > 0).collect();
        scores.sort_by(|(one, a), (other, b)| b.rank.cmp(&a.rank).then(one.cmp(other)));
        scores.truncate(LOOKED_AT);
        for (passage, score) in &mut scores {
            let Some(kept) = engine.passages.get(*passage) else { continue };
            score.wording = wording(engine, kept, &said);
            let script = if kept.is_cyrillic == asked.is_cyrillic { SCRIPT_BONUS } else { 0 };
            score.rank += score.rank * (score.wording * WORDING_BONUS / 1_000 + script) / 1_000;
        }
        Self { engine, whole, scores }
    }

    /// The best hits, the best first.
    pub(super) fn best(self, at_most: usize) -> Vec<Hit> {
        let Self { engine, whole, mut scores } = self;
        let fit = |score: &Score| (score.covered * 1_000).checked_div(whole).unwrap_or(0);
        scores.retain(|(_, score)| fit(score) >= FIT_LEAST);
        scores.sort_by(|(one, a), (other, b)| b.rank.cmp(&a.rank).then(one.cmp(other)));
        let is_sure = match scores.as_slice() {
            [] => false,
            [(best, score), rest @ ..] => {
                let next = rest.first().map_or(0, |(_, next)| next.rank * 1_000 / score.rank.max(1));
                is_sure(engine, *best, score, fit(score), next)
            }
        };
        let hits = scores.iter().take(at_most).enumerate().filter_map(|(at, (passage, score))| {
            let kept = engine.passages.get(*passage)?;
            let fit = u16::try_from(fit(score).min(1_000)).unwrap_or(1_000);
            Some(Hit { key: kept.key, fit, is_sure: at == 0 && is_sure })
        });
        hits.collect()
    }
}

fn is_sure(engine: &Engine, best: PassageId, score: &Score, fit: u32, next: u32) -> bool {
    let kept = engine.passages.get(best);
    let rules: &[Sure] = if kept.is_some_and(|kept| kept.is_pair) { &SURE_PAIR } else { &SURE_TEXT };
    rules.iter().any(|rule| {
        fit >= rule.fit && score.wording >= rule.wording && next <= rule.next && score.words >= rule.words
    })
}

/// How well a passage answers one group.
#[derive(Debug, Clone, Copy, Default)]
struct Best {
    rank: u32,
    says: u32,
}

/// How well each passage answers a group: by the word that is best there.
fn best_of(engine: &Engine, group: &Group) -> Vec<Best> {
    let mut best = vec![Best::default(); engine.passages.len()];
    for (term, quality) in &group.terms {
        for Posting { passage, place } in engine.postings(*term) {
            let passage = usize::try_from(*passage).unwrap_or(usize::MAX);
            let Some(known) = best.get_mut(passage) else { continue };
            known.rank = known.rank.max(u32::from(*quality) * place.rank() / 100);
            known.says = known.says.max(u32::from(*quality) * place.says() / 100);
        }
    }
    best
}

/// What a word weighs that stands in `found` of `passages`: the rarer, the more; one that is nowhere the most.
fn weight(passages: usize, found: usize, says_little: bool) -> u32 {
    let whole = eighths_of_log2(2 * (passages + 1));
    let weight = 16 + whole.saturating_sub(eighths_of_log2(2 * found + 1));
    if says_little { weight / 4 } else { weight }
}

/// Eighths of the logarithm to base 2.
fn eighths_of_log2(number: usize) -> u32 {
    u128::try_from(number.clamp(1, 60_000)).map_or(0, |number| number.pow(8).ilog2())
}

/// How much of the passage's best wording was asked, in thousandths of its weight.
fn wording(engine: &Engine, kept: &Kept, said: &HashMap<TermId, u16>) -> u32 {
    let of_one = |wording: &Vec<Worded>| {
        let (mut whole, mut covered) = (0_u32, 0_u32);
        for Worded { forms, says_little } in wording {
            let found = forms.first().map_or(0, |word| engine.postings(*word).len());
            let weight = weight(engine.passages.len(), found, *says_little);
            let quality = forms.iter().filter_map(|form| said.get(form)).max().copied().unwrap_or(0);
            whole += weight;
            covered += weight * u32::from(quality) / 100;
        }
        (covered * 1_000).checked_div(whole).unwrap_or(0)
    };
    kept.wordings.iter().map(of_one).max().unwrap_or(0)
}
