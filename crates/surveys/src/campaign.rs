//! A campaign: one survey, from the day it opens until it closes. Pure.

use catalog::Names;
use kernel::{Checks, Date, Error, Id, Lang, Result, Text, Timestamp};
use serde::Serialize;

/// Characters of a campaign's code.
pub(crate) const CODE_CHARS: usize = 60;
/// Characters of a campaign's name.
pub(crate) const NAME_CHARS: usize = 200;
/// Campaigns of a workspace: what one list can be chosen from.
pub(crate) const AT_MOST: usize = 200;
/// Words that stand in addresses where codes do.
const RESERVED: [&str; 5] = ["new", "campaigns", "responses", "students", "analytics"];

/// A survey of students.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Campaign {
    /// Its id.
    pub id: Id<Campaign>,
    /// What other systems call it: one in the workspace, whatever its case and signs.
    pub code: String,
    /// What it is called.
    pub names: Names,
    /// Whether it can be answered, within its days.
    pub is_active: bool,
    /// Whether it is meant where none is named; at most one is.
    pub is_default: bool,
    /// The first day on which it can be answered.
    pub opens_on: Option<Date>,
    /// The last day on which it can be answered.
    pub closes_on: Option<Date>,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Campaign {
    /// Whether it can be answered on this day.
    pub fn is_open(&self, today: Date) -> bool {
        self.is_active
            && self.opens_on.is_none_or(|first| first <= today)
            && self.closes_on.is_none_or(|last| today <= last)
    }

    /// The code as it stands in addresses.
    pub fn slug(&self) -> String {
        slug(&self.code)
    }

    /// What it is called for a reader of `lang`.
    pub fn name(&self, lang: Lang) -> &str {
        self.names.get(lang)
    }

    /// What can be written into it, as it stands.
    pub fn content(&self) -> NewCampaign {
        let Self {
            id: _,
            code,
            names,
            is_active,
            is_default,
            opens_on,
            closes_on,
            created_at: _,
            updated_at: _,
        } = self.clone();
        NewCampaign { code, names, is_active, is_default, opens_on, closes_on }
    }
}

/// What people write into a campaign. [`NewCampaign::checked`] makes it fit to be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the same fields as Campaign's")]
pub struct NewCampaign {
    pub code: String,
    pub names: Names,
    pub is_active: bool,
    pub is_default: bool,
    pub opens_on: Option<Date>,
    pub closes_on: Option<Date>,
}

impl NewCampaign {
    /// A campaign of this code and name that can be answered from now on.
    pub fn new(code: impl Into<String>, names: Names) -> Self {
        Self { code: code.into(), names, is_active: true, is_default: false, opens_on: None, closes_on: None }
    }

    /// The same, tidied, or everything that is wrong with it: beside `code`, `name_uz`, `name_ru`, `name_en`, `closes_on`.
    pub fn checked(self) -> Result<Self> {
        let Self { code, names, is_active, is_default, opens_on, closes_on } = self;
        let mut checks = Checks::new();
        let code = checks.required_line("code", &code, CODE_CHARS);
        if !checks.has("code") {
            let slug = slug(&code);
            let fits = !slug.is_empty() && slug.is_ascii() && !RESERVED.contains(&slug.as_str());
            checks.hold(fits, "code", Text::new("surveys-code-malformed"));
        }
        let Names { uz, ru, en } = names;
        let names = Names {
            uz: checks.required_line("name_uz", &uz, NAME_CHARS),
            ru: checks.optional_line("name_ru", ru.as_deref(), NAME_CHARS),
            en: checks.optional_line("name_en", en.as_deref(), NAME_CHARS),
        };
        let in_order = opens_on.zip(closes_on).is_none_or(|(first, last)| first <= last);
        checks.hold(in_order, "closes_on", Text::new("surveys-closes-before-it-opens"));
        checks.done()?;
        Ok(Self { code, names, is_active, is_default, opens_on, closes_on })
    }
}

/// A code as others are compared with it, and as it stands in addresses: small Latin letters and digits, `-` between words.
pub(crate) fn slug(code: &str) -> String {
    let latin = uztext::cyrillic_to_latin(code).to_lowercase();
    let plain: String = latin.chars().filter(|c| !uztext::is_apostrophe(*c)).collect();
    let words: Vec<&str> =
        plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// What is said where no campaign has the code that a field names.
pub(crate) fn unknown(field: &str, code: &str) -> Error {
    Error::field(field, Text::new("surveys-campaign-unknown").with("code", code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(code: &str) -> NewCampaign {
        NewCampaign::new(code, Names { uz: "Kuz".to_owned(), ..Names::default() })
    }

    #[track_caller]
    fn refused(new: NewCampaign, expected: &str) {
        let error = new.checked().unwrap_err();
        let found: Vec<_> =
            error.field_errors().iter().map(|e| format!("{}: {}", e.field, e.text.key())).collect();
        assert_eq!(found, [expected]);
    }

    #[test]
    fn a_code_is_a_slug_or_words() {
        assert_eq!(named(" 2026  Kuz ").checked().unwrap().code, "2026 Kuz");
        assert_eq!((slug("2026 Kuz"), slug("2026-kuz"), slug("Куз_2026")), {
            ("2026-kuz".to_owned(), "2026-kuz".to_owned(), "kuz-2026".to_owned())
        });
        for code in ["—", "New", "!"] {
            refused(named(code), "code: surveys-code-malformed");
        }
    }

    #[test]
    fn a_campaign_is_open_on_its_days() {
        let day = |text| Some(Date::parse(text).unwrap());
        let new = NewCampaign { opens_on: day("2026-09-21"), closes_on: day("2026-09-20"), ..named("a") };
        refused(new, "closes_on: surveys-closes-before-it-opens");
        let campaign = |is_active, opens_on, closes_on| Campaign {
            id: Id::from_uuid(uuid::Uuid::nil()),
            code: "a".to_owned(),
            names: Names::default(),
            is_active,
            is_default: false,
            opens_on,
            closes_on,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
        };
        let today = Date::parse("2026-09-21").unwrap();
        let (before, after) = (day("2026-09-20"), day("2026-09-22"));
        let same = Some(today);
        for (opens, closes, expected) in [
            (None, None, true),
            (same, same, true),
            (before, after, true),
            (after, None, false),
            (None, before, false),
        ] {
            assert_eq!(campaign(true, opens, closes).is_open(today), expected, "{opens:?} {closes:?}");
            assert!(!campaign(false, opens, closes).is_open(today));
        }
    }
}
