//! Canned replies: what the staff answers often, found by a short word after `/`. Pure.

use kernel::{Checks, Id, Lang, Result, Text};
use serde::Serialize;

use crate::{Filling, filling, ticket::TEXT_CHARS};

/// Characters of a short word.
const SHORTCUT_CHARS: usize = 30;
/// Canned replies of a workspace: a page is given all of them.
pub(crate) const AT_MOST: usize = 500;

/// A canned reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CannedReply {
    /// Its id.
    pub id: Id<CannedReply>,
    /// What is typed after `/` to find it, without the slash.
    pub shortcut: String,
    /// In Uzbek; these words stand where another language has none.
    pub uz: String,
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

/// A canned reply as somebody wants it.
#[derive(Debug, Clone)]
pub struct NewCannedReply {
    /// What is typed after `/` to find it.
    pub shortcut: String,
    /// In Uzbek.
    pub uz: String,
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

impl CannedReply {
    /// The words in the language; Uzbek ones, or whatever there is, where it has none.
    pub fn text(&self, lang: Lang) -> &str {
        let Self { uz, ru, en, .. } = self;
        let own = match lang {
            Lang::Uz => uz,
            Lang::Ru => ru,
            Lang::En => en,
        };
        [own, uz, ru, en].into_iter().find(|text| !text.is_empty()).map_or("", String::as_str)
    }

    /// The words in the language, with what is known in the place of their variables.
    pub fn filled(&self, lang: Lang, filling: &Filling) -> String {
        filling.fill(self.text(lang))
    }
}

/// The canned replies as the islands of the desk and the inbox read them, in the person's language.
pub fn filled_json(canned: &[CannedReply], lang: Lang, filling: &Filling) -> String {
    let filled = |reply: &CannedReply| serde_json::json!({ "shortcut": reply.shortcut, "text": reply.filled(lang, filling) });
    serde_json::Value::from(canned.iter().map(filled).collect::<Vec<_>>()).to_string()
}

impl NewCannedReply {
    pub(crate) fn checked(self, id: Id<CannedReply>) -> Result<CannedReply> {
        let mut checks = Checks::new();
        let Self { shortcut, uz, ru, en } = self;
        let shortcut = checks.required_line("shortcut", shortcut.trim_start_matches('/'), SHORTCUT_CHARS);
        let is_word =
            shortcut.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '\u{2bb}' | '\u{2bc}'));
        checks.hold(
            is_word || checks.has("shortcut"),
            "shortcut",
            Text::new("tickets-canned-shortcut-malformed"),
        );
        let [uz, ru, en] =
            [("uz", uz), ("ru", ru), ("en", en)].map(|(field, text)| checks.prose(field, &text, TEXT_CHARS));
        for (field, text) in [("uz", &uz), ("ru", &ru), ("en", &en)] {
            if let Some(word) = filling::unknown(text).first() {
                let unknown = Text::new("tickets-canned-variable-unknown").with("word", word.as_str());
                checks.hold(checks.has(field), field, unknown);
            }
        }
        let is_something = !(uz.is_empty() && ru.is_empty() && en.is_empty());
        checks.hold(is_something || checks.has("uz"), "uz", Text::new("kernel-text-missing"));
        checks.done()?;
        Ok(CannedReply { id, shortcut: shortcut.to_lowercase(), uz, ru, en })
    }
}
