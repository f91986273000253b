//! The one source of randomness, seeded in tests.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use rand::{Rng, SeedableRng, rngs::StdRng};

/// A shared source of randomness: from the operating system in production, from a seed in tests.
#[derive(Clone)]
pub struct Random(Arc<Source>);

struct Source {
    generator: Mutex<StdRng>,
    /// Counts the ids that were made; begins anywhere, so that two processes hardly count alike.
    ids: AtomicU64,
}

/// Bits of the count of ids in an id: behind its millisecond, in front of what is random.
const COUNT_BITS: u32 = 42;

impl std::fmt::Debug for Random {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Random")
    }
}

impl Random {
    /// Seeded by the operating system, cryptographically strong (ChaCha12).
    pub fn from_system() -> Self {
        Self::over(rand::make_rng())
    }

    /// The same numbers for the same seed.
    pub fn from_seed(seed: u64) -> Self {
        Self::over(StdRng::seed_from_u64(seed))
    }

    fn over(mut generator: StdRng) -> Self {
        // Room to count up: no process makes 2⁴¹ ids.
        let ids = AtomicU64::new(generator.next_u64() >> (64 - COUNT_BITS + 1));
        Self(Arc::new(Source { generator: Mutex::new(generator), ids }))
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.generator.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    /// What stands behind the millisecond of an id (RFC 9562, section 6.2, method 1): a count of this process's ids,
    /// so that those of one millisecond sort as they were made, and 32 random bits.
    pub(crate) fn id_tail(&self) -> [u8; 10] {
        let count = self.0.ids.fetch_add(1, Ordering::Relaxed);
        // The 42 bits go around those of the version and of the variant: 12 between the two, 30 behind them.
        let [.., a, b] = (count >> 30 & 0x0fff).to_be_bytes();
        let [.., c, d, e, f] = (count & 0x3fff_ffff).to_be_bytes();
        let [w, x, y, z] = self.bytes();
        [a, b, c, d, e, f, w, x, y, z]
    }
}
