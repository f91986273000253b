//! Catalog items: what people choose from in applications and surveys (SPEC APPLY-1, seed 004). Pure.

use kernel::{Checks, Error, Id, Lang, Result, Text, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::Names;

/// Characters of an item's code, as in seed 004.
pub const ITEM_CODE_CHARS: usize = 100;
/// Characters of an item's name: it is a button in a chat.
pub const ITEM_NAME_CHARS: usize = 250;
/// Bytes of an item's metadata, written as JSON: lists of a hundred items stay far below a megabyte and a half.
pub const ITEM_METADATA_BYTES: usize = 16_384;
/// Objects and lists within each other in an item's metadata.
pub const ITEM_METADATA_DEPTH: usize = 8;
/// Items of one workspace; a search looks at the words of all.
pub const ITEMS_AT_MOST: i64 = 10_000;

/// The key of an item's place among those of its kind.
pub(crate) const POSITION: &str = "position";

kernel::words! {
    /// What an item is; the words are seed 004's.
    ItemKind {
        /// What is studied, with its faculty and degree.
        Program = "PROGRAM",
        /// A direction of study that an applicant chooses.
        Direction = "DIRECTION",
        /// Where somebody comes from.
        Region = "REGION",
        /// A way to study: which directions there are, and which diploma.
        Track = "TRACK",
        /// A subject of an exam or a course.
        Subject = "SUBJECT",
    }
}

impl ItemKind {
    /// The kind of this word, whatever its case. Errors: there is no such kind.
    pub fn parse(word: &str) -> Result<Self> {
        let word = word.trim();
        let unknown = || Error::invalid(Text::new("catalog-item-kind-unknown"));
        Self::ALL.iter().copied().find(|kind| kind.word().eq_ignore_ascii_case(word)).ok_or_else(unknown)
    }

    /// The message that names it.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Program => "catalog-item-program",
            Self::Direction => "catalog-item-direction",
            Self::Region => "catalog-item-region",
            Self::Track => "catalog-item-track",
            Self::Subject => "catalog-item-subject",
        }
    }
}

/// What is said of an item: `name_uz`, perhaps `name_ru`, `name_en` and `position`, and whatever else whoever wrote it
/// wants to know of it (`description_uz`, `icon`, `diploma`, `track`).
pub type Metadata = Map<String, Value>;

/// Something that people choose in an application or a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its id.
    pub id: Id<Item>,
    /// What it is.
    pub kind: ItemKind,
    /// What other systems call it: one of a kind in the workspace, whatever its case and spaces.
    pub code: String,
    /// Its names, and what else is said of it.
    pub metadata: Metadata,
    /// Whether it can be chosen; one that cannot stays in what was chosen before.
    pub active: bool,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Item {
    /// What it is called.
    pub fn names(&self) -> Names {
        names(&self.metadata)
    }

    /// What it is called for a reader of `lang`; in Uzbek where that name is missing.
    pub fn name(&self, lang: Lang) -> &str {
        self.text("name", lang).unwrap_or(&self.code)
    }

    /// The text `key_uz`, `key_ru` or `key_en` of its metadata for a reader of `lang`; the Uzbek one where theirs is
    /// missing or empty.
    pub fn text(&self, key: &str, lang: Lang) -> Option<&str> {
        let of = |lang: Lang| self.word(&format!("{key}_{}", lang.code()));
        of(lang).or_else(|| of(Lang::Uz))
    }

    /// The text under this key of its metadata, unless it is empty: `diploma`, `track`, `icon`.
    pub fn word(&self, key: &str) -> Option<&str> {
        self.metadata.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// What can be written into it, as it stands.
    pub fn content(&self) -> NewItem {
        let Self { id: _, kind, code, metadata, active, created_at: _, updated_at: _ } = self.clone();
        NewItem { kind, code, metadata, active }
    }
}

/// What people write into an item. [`NewItem::checked`] makes it fit to be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewItem {
    /// What it is.
    pub kind: ItemKind,
    /// What other systems call it.
    pub code: String,
    /// Its names, and what else is said of it.
    pub metadata: Metadata,
    /// Whether it can be chosen.
    pub active: bool,
}

impl NewItem {
    /// An item that can be chosen, of which nothing but its names is said.
    pub fn new(kind: ItemKind, code: impl Into<String>, names: &Names) -> Self {
        let mut metadata = Metadata::new();
        for (key, name) in
            [("name_uz", Some(&names.uz)), ("name_ru", names.ru.as_ref()), ("name_en", names.en.as_ref())]
        {
            if let Some(name) = name {
                metadata.insert(key.to_owned(), Value::String(name.clone()));
            }
        }
        Self { kind, code: code.into(), metadata, active: true }
    }

    /// The same, tidied, or everything that is wrong with it, beside `code`, `metadata` and `metadata.name_uz`, ….
    pub fn checked(self) -> Result<Self> {
        let Self { kind, code, metadata, active } = self;
        let mut checks = Checks::new();
        let code = checks.required_line("code", &code, ITEM_CODE_CHARS);
        let metadata = checked_metadata(&mut checks, metadata);
        checks.done()?;
        Ok(Self { kind, code, metadata, active })
    }

    /// Its place among those of its kind: a smaller one stands first.
    pub(crate) fn position(&self) -> i32 {
        let number = self.metadata.get(POSITION).and_then(Value::as_i64);
        number.and_then(|number| i32::try_from(number).ok()).unwrap_or_default()
    }

    /// The folded words by which it is found, between spaces.
    pub(crate) fn words(&self) -> String {
        let names = names(&self.metadata);
        let mut words = Vec::new();
        for text in names.all().chain([self.code.as_str()]) {
            words.extend(uztext::tokens(text));
        }
        words.extend(uztext::tokens(&uztext::code_key(&self.code)));
        words.sort_unstable();
        words.dedup();
        words.join(" ")
    }
}

fn names(metadata: &Metadata) -> Names {
    let of =
        |key| metadata.get(key).and_then(Value::as_str).filter(|name| !name.is_empty()).map(str::to_owned);
    Names { uz: of("name_uz").unwrap_or_default(), ru: of("name_ru"), en: of("name_en") }
}

/// Names tidied, empty ones taken away, the rest kept as it came.
fn checked_metadata(checks: &mut Checks, mut metadata: Metadata) -> Metadata {
    for (key, is_required) in [("name_uz", true), ("name_ru", false), ("name_en", false)] {
        let field = format!("metadata.{key}");
        let typed = match metadata.get(key) {
            None | Some(Value::Null) => "",
            Some(Value::String(text)) => text,
            Some(_) => {
                checks.refuse(field, Text::new("catalog-item-text-wanted"));
                continue;
            }
        };
        let name = if is_required {
            checks.required_line(&field, typed, ITEM_NAME_CHARS)
        } else {
            checks.line(&field, typed, ITEM_NAME_CHARS)
        };
        if name.is_empty() {
            metadata.shift_remove(key);
        } else {
            metadata.insert(key.to_owned(), Value::String(name));
        }
    }
    match metadata.get(POSITION) {
        None => {}
        Some(Value::Null) => {
            metadata.shift_remove(POSITION);
        }
        Some(position) => {
            let fits = position.as_i64().is_some_and(|number| i32::try_from(number).is_ok());
            checks.hold(fits, "metadata.position", Text::new("kernel-number-malformed"));
        }
    }
    let whole = Value::Object(metadata);
    let depth = Text::new("catalog-item-metadata-too-deep").with("max", ITEM_METADATA_DEPTH);
    checks.hold(depth_of(&whole) <= ITEM_METADATA_DEPTH, "metadata", depth);
    let size = Text::new("catalog-item-metadata-too-large").with("max", ITEM_METADATA_BYTES / 1_024);
    checks.hold(whole.to_string().len() <= ITEM_METADATA_BYTES, "metadata", size);
    if !is_readable(&whole) && !checks.has("metadata.name_uz") {
        checks.refuse("metadata", Text::new("kernel-text-has-control"));
    }
    match whole {
        Value::Object(metadata) => metadata,
        _ => Metadata::new(),
    }
}

/// Objects and lists within each other: 1 for an object of plain values.
fn depth_of(value: &Value) -> usize {
    let within = match value {
        Value::Object(map) => map.values().map(depth_of).max(),
        Value::Array(list) => list.iter().map(depth_of).max(),
        _ => return 0,
    };
    1 + within.unwrap_or(0)
}

/// Whether no key and no text in it holds control characters, line ends and tabs apart.
fn is_readable(value: &Value) -> bool {
    let plain = |text: &str| !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    match value {
        Value::String(text) => plain(text),
        Value::Array(list) => list.iter().all(is_readable),
        Value::Object(map) => map.iter().all(|(key, value)| plain(key) && is_readable(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn item(metadata: Value) -> NewItem {
        let Value::Object(metadata) = metadata else { panic!("no object") };
        NewItem { kind: ItemKind::Direction, code: " DIR-1 ".to_owned(), metadata, active: true }
    }

    #[track_caller]
    fn refused(metadata: Value, expected: &[&str]) {
        let error = item(metadata).checked().unwrap_err();
        let found: Vec<_> =
            error.field_errors().iter().map(|e| format!("{}: {}", e.field, e.text.key())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_kind_is_read_in_any_case() {
        for word in ["direction", "DIRECTION", " Direction "] {
            assert_eq!(ItemKind::parse(word).unwrap(), ItemKind::Direction);
        }
        assert_eq!(ItemKind::parse("faculty").unwrap_err().text().key(), "catalog-item-kind-unknown");
    }

    #[test]
    fn names_are_tidied_and_everything_else_is_kept_as_it_came() {
        let came = json!({"icon": "💻", "name_ru": "", "name_uz": "  Dasturiy  taʼminot ", "name_en": null,
                          "description_uz": " a\n b ", "hours": {"week": [1.5, null, true]}, "position": 3});
        let tidy = item(came).checked().unwrap();
        assert_eq!((tidy.code.as_str(), tidy.position()), ("DIR-1", 3));
        let expected = json!({"icon": "💻", "name_uz": "Dasturiy taʼminot", "description_uz": " a\n b ",
                              "hours": {"week": [1.5, null, true]}, "position": 3});
        assert_eq!(Value::Object(tidy.metadata.clone()).to_string(), expected.to_string());
        assert_eq!(tidy.clone().checked().unwrap(), tidy);
    }

    #[test]
    fn what_is_wrong_is_said_beside_its_key() {
        refused(json!({}), &["metadata.name_uz: kernel-text-missing"]);
        refused(
            json!({"name_uz": 5, "name_ru": ["x"], "name_en": "a\u{0}b", "position": "first"}),
            &[
                "metadata.name_uz: catalog-item-text-wanted",
                "metadata.name_ru: catalog-item-text-wanted",
                "metadata.name_en: kernel-text-has-control",
                "metadata.position: kernel-number-malformed",
            ],
        );
        refused(
            json!({"name_uz": "x".repeat(ITEM_NAME_CHARS + 1)}),
            &["metadata.name_uz: kernel-text-too-long"],
        );
        refused(json!({"name_uz": "A", "position": 1.5}), &["metadata.position: kernel-number-malformed"]);
        refused(json!({"name_uz": "A", "a\u{0}": 1}), &["metadata: kernel-text-has-control"]);
        refused(
            json!({"name_uz": "A", "big": "x".repeat(ITEM_METADATA_BYTES)}),
            &["metadata: catalog-item-metadata-too-large"],
        );
        let nested = (0..ITEM_METADATA_DEPTH).fold(json!(1), |inner, _| json!([inner]));
        refused(json!({"name_uz": "A", "deep": nested}), &["metadata: catalog-item-metadata-too-deep"]);
    }

    #[test]
    fn an_item_is_found_by_its_names_in_any_language_and_by_its_code() {
        let names =
            Names {
                ru: Some("Химия".to_owned()), en: Some("Chemistry".to_owned()), ..Names::uz("Kimyo")
            };
        let item = NewItem::new(ItemKind::Subject, "SUBJ-CHEM", &names);
        let found = |question: &str| uztext::tokens(question).iter().all(|word| item.words().contains(word));
        for question in ["kimyo", "КИМЁ", "химия", "chem", "subj-chem", "SUBJCHEM"] {
            assert!(found(question), "{question}: {}", item.words());
        }
        assert!(!found("fizika"));
    }

    #[test]
    fn a_name_that_is_missing_is_the_uzbek_one() {
        let new =
            NewItem::new(ItemKind::Track, "T", &Names { ru: Some("Трек".to_owned()), ..Names::uz("Yoʻl") });
        let NewItem { kind, code, metadata, active } = new;
        let (created_at, updated_at) = (Timestamp::from_millis(0), Timestamp::from_millis(0));
        let item = Item {
            id: Id::from_uuid(uuid::Uuid::nil()),
            kind,
            code,
            metadata,
            active,
            created_at,
            updated_at,
        };
        assert_eq!(
            Lang::ALL.map(|lang| item.name(lang)),
            Lang::ALL.map(|lang| match lang {
                Lang::Ru => "Трек",
                Lang::Uz | Lang::En => "Yoʻl",
            })
        );
        assert_eq!((item.names().en, item.text("description", Lang::En)), (None, None));
    }
}
