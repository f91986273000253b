//! Argon2id, kept off the threads that must not wait. Knows nothing of people and rows.

use std::{fmt, sync::Arc, time::Duration};

use argon2::{Algorithm, Argon2, Block, Params, Version, password_hash::phc};
use context::Random;
use kernel::{Error, Result};
use tokio::sync::Semaphore;

use crate::Password;

/// How long somebody waits for a free hasher before the answer is "busy".
const WAIT_AT_MOST: Duration = Duration::from_secs(10);

/// What one hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, 2 passes, 1 lane.
    pub const PEOPLE: Self = Self { memory_kib: 19 * 1_024, passes: 2 };
    /// For tests, which sign in thousands of times: as little as the algorithm allows.
    pub const TESTS: Self = Self { memory_kib: 8, passes: 1 };
}

/// A hashed password in PHC form. Shows itself to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

impl PasswordHash {
    /// What is kept, for a row of ours alone.
    pub(crate) fn kept(&self) -> &str {
        &self.0
    }

    /// What a row of ours kept.
    pub(crate) const fn from_kept(kept: String) -> Self {
        Self(kept)
    }
}

impl db::ToValue for PasswordHash {
    fn to_value(&self) -> db::Value<'_> {
        db::Value::Text((&self.0).into())
    }
}
impl db::FromValue for PasswordHash {
    fn from_value(value: db::Value<'_>) -> Option<Self> {
        String::from_value(value).map(Self)
    }
}

/// Hashes and verifies, a few at a time. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Passwords {
    cost: Cost,
    free: Arc<Semaphore>,
    /// What is verified when there is nobody: takes the time that somebody would.
    nobody: PasswordHash,
}

impl Passwords {
    /// Hashes at this cost, `parallel` at once: each takes a core and its memory.
    pub fn new(cost: Cost, parallel: usize) -> Result<Self> {
        let nobody = hash(cost, &Password::typed("nobody"), &[7; SALT_BYTES])?;
        Ok(Self { cost, free: Arc::new(Semaphore::new(parallel.max(1))), nobody })
    }

    /// Hashes on a thread of its own. Errors: "busy" when too many wait.
    pub async fn hash(&self, random: &Random, password: Password) -> Result<PasswordHash> {
        let (cost, salt) = (self.cost, random.bytes::<SALT_BYTES>());
        self.run(move || hash(cost, &password, &salt)).await?
    }

    /// Hashes here and now; for commands that have no runtime.
    pub fn hash_now(&self, random: &Random, password: &Password) -> Result<PasswordHash> {
        hash(self.cost, password, &random.bytes::<SALT_BYTES>())
    }

    /// Whether `password` is the one of `hash`; takes the same time when there is no hash, and is then false.
    pub async fn verify(&self, password: Password, hash: Option<PasswordHash>) -> Result<bool> {
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let fits = self.run(move || verify(&password, &hash)).await??;
        Ok(fits && exists)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let turn = tokio::time::timeout(WAIT_AT_MOST, Arc::clone(&self.free).acquire_owned()).await;
        let turn = turn.map_err(|_| Error::busy())?.map_err(Error::internal)?;
        let work = move || {
            let done = work();
            drop(turn);
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }
}

/// Bytes of a salt (RFC 9106, section 3.1: 16 are recommended).
const SALT_BYTES: usize = 16;

fn hash(cost: Cost, password: &Password, salt: &[u8]) -> Result<PasswordHash> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, None).map_err(unfit)?;
    let kept = phc::PasswordHash {
        algorithm: ALGORITHM.ident(),
        version: Some(VERSION.into()),
        params: phc::ParamsString::try_from(&params).map_err(unfit)?,
        salt: Some(phc::Salt::new(salt).map_err(unfit)?),
        hash: Some(derived(params, password, salt)?),
    };
    Ok(PasswordHash(kept.to_string()))
}

fn verify(password: &Password, hash: &PasswordHash) -> Result<bool> {
    let kept = phc::PasswordHash::new(&hash.0).map_err(unfit)?;
    let is_ours = kept.algorithm == ALGORITHM.ident() && kept.version == Some(VERSION.into());
    let (true, Some(salt), Some(expected)) = (is_ours, &kept.salt, &kept.hash) else {
        return Err(unfit("a hash of another kind"));
    };
    let params = Params::try_from(&kept).map_err(unfit)?;
    // Compared in constant time.
    Ok(derived(params, password, salt)? == *expected)
}

const ALGORITHM: Algorithm = Algorithm::Argon2id;
const VERSION: Version = Version::V0x13;

/// What Argon2 makes of a password.
fn derived(params: Params, password: &Password, salt: &[u8]) -> Result<phc::Output> {
    let blocks = params.block_count();
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    let mut memory: Vec<Block> =
        Vec::with_capacity(if blocks < SMALL_BLOCKS { blocks } else { blocks.max(ROOM_BLOCKS) });
    memory.resize(blocks, Block::default());
    let argon2 = Argon2::new(ALGORITHM, VERSION, params);
    argon2
        .hash_password_into_with_memory(password.secret().as_bytes(), salt, &mut output, &mut memory)
        .map_err(unfit)?;
    phc::Output::new(&output).map_err(unfit)
}

/// Blocks of 1 KiB that are asked for at least, of which only those that are needed are touched. glibc hands more than 32 MiB
/// straight back to the system; 19 MiB it would do so with once, and then keep what large work frees, up to twice that for
/// each thread, until the process ends (mallopt(3), M_MMAP_THRESHOLD).
const ROOM_BLOCKS: usize = 33 * 1_024;
/// Below this nothing of the kind happens.
const SMALL_BLOCKS: usize = 128;

fn unfit(error: impl fmt::Display) -> Error {
    Error::internal(format!("argon2: {error}"))
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordHasher;

    use super::*;

    fn run<T>(test: impl Future<Output = T>) -> T {
        db::testing::block_on(test)
    }

    #[test]
    fn a_password_fits_its_own_hash_only_and_nobody_has_none() {
        run(async {
            let passwords = Passwords::new(Cost::TESTS, 2).unwrap();
            let random = Random::from_seed(1);
            let typed = || Password::typed("togʻdagi bulbul");
            let hash = passwords.hash(&random, typed()).await.unwrap();
            assert!(hash.0.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
            assert_ne!(hash, passwords.hash(&random, typed()).await.unwrap(), "salted");
            assert!(passwords.verify(typed(), Some(hash.clone())).await.unwrap());
            assert!(!passwords.verify(Password::typed("boshqa"), Some(hash)).await.unwrap());
            assert!(!passwords.verify(Password::typed("nobody"), None).await.unwrap());
        });
    }

    #[test]
    fn what_the_library_hashed_is_known_and_the_other_way_round() {
        let params = Params::new(8, 1, 1, None).unwrap();
        let library = Argon2::new(ALGORITHM, VERSION, params);
        let theirs = library.hash_password_with_salt(b"togdagi bulbul", &[3; SALT_BYTES]).unwrap();
        let ours = hash(Cost::TESTS, &Password::typed("togdagi bulbul"), &[3; SALT_BYTES]).unwrap();
        assert_eq!(ours.0, theirs.to_string());
        assert!(verify(&Password::typed("togdagi bulbul"), &PasswordHash(theirs.to_string())).unwrap());
        let other = theirs.to_string().replace("argon2id", "argon2i");
        assert!(verify(&Password::typed("togdagi bulbul"), &PasswordHash(other)).is_err());
    }

    #[test]
    fn what_is_stored_costs_what_the_cheat_sheet_says() {
        let passwords = Passwords::new(Cost::PEOPLE, 1).unwrap();
        assert!(passwords.nobody.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    }
}
