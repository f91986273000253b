//! Blueprints ready to answer: compiled once, and shared by all bots that have the same text.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use flow::Blueprint;
use kernel::{Id, Result};
use sha2::{Digest, Sha256};

use crate::{Bot, Bots};

/// Versions kept ready; the rest is read again when it is wanted. A compiled blueprint is some hundreds of kilobytes.
const VERSIONS_AT_MOST: usize = 4_096;
/// Texts kept ready, whoever has them.
const TEXTS_AT_MOST: usize = 200;

/// Texts of which the blueprints that tell something are kept.
const TELLING_AT_MOST: usize = 32;

/// A version of a bot; revisions of a draft are told from versions by the sign.
type Version = (Id<Bot>, i64);

/// The blueprints that this process has ready.
#[derive(Debug, Default)]
pub(crate) struct Ready {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    by_version: HashMap<Version, Arc<Blueprint>>,
    /// By the hash of their text, for as long as somebody holds them.
    by_text: HashMap<[u8; 32], Weak<Blueprint>>,
}

impl Ready {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is ready for this version.
    pub(crate) fn find(&self, version: Version) -> Option<Arc<Blueprint>> {
        self.kept().by_version.get(&version).map(Arc::clone)
    }

    /// Keeps the blueprint of this text for the version; `load` compiles it where no bot has the same text ready.
    pub(crate) fn keep(
        &self,
        version: Version,
        source: &str,
        load: impl FnOnce(&str) -> Result<Blueprint>,
    ) -> Result<Arc<Blueprint>> {
        let hash: [u8; 32] = Sha256::digest(source.as_bytes()).into();
        let shared = self.kept().by_text.get(&hash).and_then(Weak::upgrade);
        let ready = match shared {
            Some(ready) => ready,
            None => Arc::new(load(source)?),
        };
        let mut kept = self.kept();
        kept.by_text.retain(|_, text| text.strong_count() > 0);
        if kept.by_version.len() >= VERSIONS_AT_MOST || kept.by_text.len() >= TEXTS_AT_MOST {
            kept.by_version.clear();
            kept.by_text.clear();
        }
        kept.by_text.insert(hash, Arc::downgrade(&ready));
        kept.by_version.insert(version, Arc::clone(&ready));
        Ok(ready)
    }

    /// Forgets the drafts of a bot.
    pub(crate) fn forget_drafts(&self, bot: Id<Bot>) {
        self.kept().by_version.retain(|(of, version), _| *of != bot || *version > 0);
    }
}

/// The blueprint of a published text, for whoever tells something in its words and answers nobody: compiled once, since a text
/// always gives the same. The ones asked for last are kept.
pub(crate) fn telling(source: &str) -> Result<Arc<Blueprint>> {
    static KEPT: Mutex<VecDeque<([u8; 32], Arc<Blueprint>)>> = Mutex::new(VecDeque::new());
    let kept = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let hash: [u8; 32] = Sha256::digest(source.as_bytes()).into();
    let mut texts = kept();
    if let Some(found) = texts.iter().position(|(own, _)| *own == hash).and_then(|place| texts.remove(place))
    {
        let blueprint = Arc::clone(&found.1);
        texts.push_back(found);
        return Ok(blueprint);
    }
    drop(texts);
    let blueprint = Arc::new(Bots::load(source)?);
    let mut texts = kept();
    if texts.len() >= TELLING_AT_MOST {
        texts.pop_front();
    }
    texts.push_back((hash, Arc::clone(&blueprint)));
    Ok(blueprint)
}

#[cfg(test)]
mod tests {
    use flow::shop::BLUEPRINT;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn bots_of_the_same_text_share_one_blueprint() {
        let ready = Ready::default();
        let bot = |n: u128| Id::<Bot>::from_uuid(Uuid::from_u128(n));
        let first = ready.keep((bot(1), 1), BLUEPRINT, Bots::load).unwrap();
        let second = ready.keep((bot(2), 7), BLUEPRINT, |_| panic!("it is compiled already")).unwrap();
        assert!(Arc::ptr_eq(&first, &second));
        assert!(Arc::ptr_eq(&first, &ready.find((bot(2), 7)).unwrap()));
        let other = BLUEPRINT.replace("version = 1", "version = 2");
        let third = ready.keep((bot(2), -1), &other, Bots::load).unwrap();
        assert!(!Arc::ptr_eq(&first, &third));
        ready.forget_drafts(bot(2));
        assert!(ready.find((bot(2), -1)).is_none() && ready.find((bot(2), 7)).is_some());
    }

    #[test]
    fn what_tells_is_compiled_once_and_the_oldest_is_forgotten() {
        let first = telling(BLUEPRINT).unwrap();
        for version in 2..=TELLING_AT_MOST {
            telling(&BLUEPRINT.replace("version = 1", &format!("version = {version}"))).unwrap();
            assert!(Arc::ptr_eq(&first, &telling(BLUEPRINT).unwrap()), "asked for again and again");
        }
        for version in 102..=101 + TELLING_AT_MOST {
            telling(&BLUEPRINT.replace("version = 1", &format!("version = {version}"))).unwrap();
        }
        assert!(!Arc::ptr_eq(&first, &telling(BLUEPRINT).unwrap()));
        assert!(telling("no blueprint").is_err());
    }
}
