//! The embedded index of one workspace: entries in, ranked keys out. It knows no database, no catalog and no clock.
//!
//! ```
//! use search::engine::{Engine, Entry, Filter};
//! let engine = Engine::in_memory()?;
//! let mut batch = engine.batch()?;
//! batch.upsert(&Entry { key: 7, code: "TV-1".into(), names: vec!["Televizor Samsung 43CU7100".into()], active: true, ..Entry::default() })?;
//! batch.commit("first")?;
//! let found = engine.search("самсунг телевизр", &Filter::default(), 0, 5)?;
//! assert_eq!(found.keys, [7]);
//! # Ok::<(), kernel::Error>(())
//! ```

mod collect;
mod dictionary;
mod entry;
mod query;
mod stem;
mod store;
mod synonyms;
mod vocabulary;
mod words;

/// What reads words, for indexes of other things than goods.
pub mod analysis {
    pub use super::stem::{akin, spoken_forms};
    pub use super::synonyms::Synonyms;
    pub use super::vocabulary::Vocabulary;
    pub use super::words::{has_digit, words};
}

pub use entry::{Category, Entry};
pub use store::{Batch, Engine, Filter, Found};
pub use synonyms::VERSION;
