//! Chance that is always the same for the same number and question: what is made up is made up alike each time. Pure.

/// Chance of the person of a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chance(u64);

impl Chance {
    /// Of the person of this number.
    pub(super) fn of(number: u32) -> Self {
        Self(u64::from(number))
    }

    /// From 0 to one less than `many`, for this question.
    pub(super) fn below(self, question: &str, many: u64) -> u64 {
        let begun = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let state = question.bytes().fold(begun, |state, byte| mixed(state ^ u64::from(byte)));
        mixed(state) % many.max(1)
    }

    /// Whether it is so for about `percent` of all.
    pub(super) fn holds(self, question: &str, percent: u64) -> bool {
        self.below(question, 100) < percent
    }

    /// One of these; `None` when there are none.
    pub(super) fn one<'a, T>(self, question: &str, of: &'a [T]) -> Option<&'a T> {
        let many = u64::try_from(of.len()).unwrap_or(u64::MAX);
        of.get(usize::try_from(self.below(question, many)).unwrap_or_default())
    }

    /// One of these, as often as each weighs; `None` where nothing weighs anything.
    pub(super) fn weighed<'a, T>(self, question: &str, of: &'a [(T, u32)]) -> Option<&'a T> {
        let all: u64 = of.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let mut left = self.below(question, all);
        of.iter().find_map(|(one, weight)| {
            let weight = u64::from(*weight);
            let is_it = left < weight;
            left = left.saturating_sub(weight);
            is_it.then_some(one)
        })
    }

    /// From 0 to 100 and mostly around 60: the sum of four even draws, moved up.
    pub(super) fn score(self, question: &str) -> u64 {
        let draws = (1..=4).map(|draw| self.below(&format!("{question} {draw}"), 26));
        (draws.sum::<u64>() + 10).min(100)
    }
}

/// A finalizer of good avalanche (Steele, Lea, Flood: SplitMix, 2014).
const fn mixed(mut state: u64) -> u64 {
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_weighs_more_comes_more_often_and_what_weighs_nothing_never() {
        let of = [("rare", 10), ("never", 0), ("often", 90)];
        let drawn: Vec<_> = (0..10_000).filter_map(|n| Chance::of(n).weighed("which", &of)).collect();
        let count = |word: &str| drawn.iter().filter(|one| **one == &word).count();
        assert!((800..1_200).contains(&count("rare")), "{}", count("rare"));
        assert_eq!((count("never"), drawn.len()), (0, 10_000));
        assert_eq!(Chance::of(1).weighed("which", &[("never", 0)]), None);
    }

    #[test]
    fn scores_are_shaped_like_a_bell() {
        let scores: Vec<u64> = (0..10_000).map(|n| Chance::of(n).score("score")).collect();
        let between = |low, high| scores.iter().filter(|score| (low..=high).contains(*score)).count();
        assert_eq!(between(0, 100), 10_000);
        assert!(between(45, 75) > 6_000 && between(0, 30) < 600 && between(91, 100) < 500);
    }
}
