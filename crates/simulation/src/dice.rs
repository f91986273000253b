//! Chance from a seed.

/// A small generator (SplitMix64): the same numbers for the same seed on every machine.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.below(usize::try_from(high - low + 1).unwrap())).unwrap()
    }

    /// True once in so many times.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of them.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// One of them, the heavier the likelier; `None` when all weigh nothing.
    pub(crate) fn weighted<'a, T>(&mut self, from: &'a [(usize, T)]) -> Option<&'a T> {
        let whole: usize = from.iter().map(|(weight, _)| weight).sum();
        let mut place = self.below(whole);
        from.iter().find_map(|(weight, one)| match place.checked_sub(*weight) {
            None => Some(one),
            Some(rest) => {
                place = rest;
                None
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let (mut one, mut other) = (Dice::new(7), Dice::new(7));
        let numbers = |dice: &mut Dice| (0..20).map(|_| dice.below(1_000)).collect::<Vec<_>>();
        assert_eq!(numbers(&mut one), numbers(&mut other));
        assert_ne!(numbers(&mut one), numbers(&mut Dice::new(8)));
    }

    #[test]
    fn what_weighs_nothing_is_never_taken() {
        let mut dice = Dice::new(1);
        assert!((0..100).all(|_| dice.weighted(&[(0, 'a'), (3, 'b')]) == Some(&'b')));
        assert_eq!(dice.weighted::<char>(&[]), None);
    }
}
