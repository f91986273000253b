//! The languages people read Karvon in.

use serde::{Deserialize, Serialize};

/// Uzbek (Latin), Russian or English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Uzbek in Latin script; what is used when nothing is known.
    #[default]
    Uz,
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Lang {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Uz, Self::Ru, Self::En];

    /// ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Uz => "uz",
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// What the language calls itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uz => "Oʻzbekcha",
            Self::Ru => "Русский",
            Self::En => "English",
        }
    }

    /// Reads `uz`, `uz-Latn-UZ`, `RU`, `en_US`; `None` for another language.
    pub fn parse(code: &str) -> Option<Self> {
        let primary = code.trim().split(['-', '_', ';', ',']).next()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|lang| lang.code() == primary)
    }

    /// The first language of an `Accept-Language` header that Karvon speaks (RFC 9110, section 12.5.4;
    /// browsers list the languages in the order of preference).
    pub fn from_accept(header: &str) -> Option<Self> {
        header.split(',').find_map(Self::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_spoken_language_of_the_header_is_taken() {
        assert_eq!(Lang::from_accept("de-DE,ru;q=0.8,en;q=0.5"), Some(Lang::Ru));
        assert_eq!(Lang::from_accept("*"), None);
        assert_eq!(Lang::parse("uz-Cyrl"), Some(Lang::Uz));
    }
}
