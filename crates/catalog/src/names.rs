//! What something is called in the three languages.

use kernel::{Checks, Lang};
use serde::{Deserialize, Serialize};

/// A name in Uzbek, and in Russian and English where somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Names {
    /// In Uzbek (or the only one there is).
    pub uz: String,
    /// In Russian.
    #[serde(default)]
    pub ru: Option<String>,
    /// In English.
    #[serde(default)]
    pub en: Option<String>,
}

impl Names {
    /// A name in Uzbek only.
    pub fn uz(name: impl Into<String>) -> Self {
        Self { uz: name.into(), ru: None, en: None }
    }

    /// The name for a reader of `lang`; the Uzbek one where theirs is missing.
    pub fn get(&self, lang: Lang) -> &str {
        let own = match lang {
            Lang::Uz => None,
            Lang::Ru => self.ru.as_deref(),
            Lang::En => self.en.as_deref(),
        };
        own.unwrap_or(&self.uz)
    }

    /// Every name there is.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        [Some(self.uz.as_str()), self.ru.as_deref(), self.en.as_deref()].into_iter().flatten()
    }

    /// The same, tidied; what is wrong goes to `checks` under `field`, `field_ru`, `field_en`.
    pub(crate) fn checked(&self, checks: &mut Checks, field: &str, max: usize) -> Self {
        Self {
            uz: checks.required_line(field, &self.uz, max),
            ru: checks.optional_line(&format!("{field}_ru"), self.ru.as_deref(), max),
            en: checks.optional_line(&format!("{field}_en"), self.en.as_deref(), max),
        }
    }
}
