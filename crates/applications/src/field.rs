//! What a form asks: a field, the kinds of answers there are, and how an answer is read. Pure.

use catalog::{ItemKind, Names};
use contacts::is_email;
use kernel::{Checks, Date, Error, Phone, Quantity, Result, Text};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::applicant::EMAIL_CHARS;

/// Characters of a field's key.
pub(crate) const KEY_CHARS: usize = 50;
/// Characters of a field's name.
const LABEL_CHARS: usize = 200;
/// Characters of an answer in words.
pub(crate) const TEXT_CHARS: u32 = 4_000;
/// Days before and after today that a field can be limited to: a hundred years.
const DAYS_MAX: i32 = 36_525;
/// The largest bound of a number.
const NUMBER_MAX: i64 = 1_000_000_000_000;
/// What fields of submissions and of applications in the API are called: no field of a form can be.
pub(crate) const RESERVED: [&str; 14] = [
    "id",
    "number",
    "form",
    "status",
    "applicant",
    "applicant_id",
    "telegram_user_id",
    "telegram_id",
    "answers",
    "submitted_at",
    "updated_at",
    "created",
    "history",
    "message",
];

/// What kind of answer a field takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FieldKind {
    /// Words, of so many characters.
    Text {
        /// At least.
        #[serde(default)]
        min: u32,
        /// At most.
        max: u32,
    },
    /// A phone, in any way people write it.
    Phone,
    /// An e-mail address.
    Email,
    /// A day.
    Date {
        /// So many days after today at the earliest; before today where negative.
        #[serde(default)]
        min_days: Option<i32>,
        /// So many days after today at the latest.
        #[serde(default)]
        max_days: Option<i32>,
    },
    /// A time of the day.
    Time,
    /// A number with at most three places behind the point.
    Number {
        /// At least.
        #[serde(default)]
        min: Option<i64>,
        /// At most.
        #[serde(default)]
        max: Option<i64>,
        /// Nothing behind the point.
        #[serde(default)]
        whole: bool,
    },
    /// Yes or no.
    YesNo,
    /// A catalog item.
    Item {
        /// Of this kind.
        item: ItemKind,
        /// Only items of what is chosen in the field with this key: `track` of a direction's metadata is the code of the
        /// track that is chosen there.
        #[serde(default)]
        within: Option<String>,
    },
}

impl FieldKind {
    /// The words of all kinds, as they are offered.
    pub const WORDS: [&str; 8] = ["text", "phone", "email", "date", "time", "number", "yes_no", "item"];

    /// Its word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Date { .. } => "date",
            Self::Time => "time",
            Self::Number { .. } => "number",
            Self::YesNo => "yes_no",
            Self::Item { .. } => "item",
        }
    }

    /// Whether an answer says something of a person that a number or a choice does not.
    pub const fn is_free(&self) -> bool {
        matches!(self, Self::Text { .. } | Self::Phone | Self::Email)
    }

    /// What is chosen here, where it is an item.
    pub const fn item(&self) -> Option<ItemKind> {
        match self {
            Self::Item { item, .. } => Some(*item),
            _ => None,
        }
    }

    /// The answer as it is stored. Items are read where the catalog is at hand. Errors: what is wrong with it.
    pub(crate) fn read(&self, given: &Value) -> Result<Value> {
        let text = plain(given).ok_or_else(|| Error::invalid(Text::new("web-field-type")))?;
        Ok(match self {
            Self::Text { min: _, max } => {
                let mut checks = Checks::new();
                let tidy = checks.prose("", &text, usize::try_from(*max).unwrap_or(usize::MAX));
                // Said of the answer as a whole: the caller knows its field.
                checks.done().map_err(|error| {
                    let first = error.field_errors().first();
                    Error::invalid(first.map_or_else(|| error.text().clone(), |found| found.text.clone()))
                })?;
                Value::String(tidy)
            }
            Self::Phone => Value::String(Phone::parse(&text)?.to_string()),
            Self::Email => {
                let email = text.trim();
                if email.chars().count() > EMAIL_CHARS || !is_email(email) {
                    return Err(Error::invalid(Text::new("applications-email-malformed")));
                }
                Value::String(email.to_owned())
            }
            Self::Date { .. } => Value::String(day(&text)?.to_string()),
            Self::Time => Value::String(time(&text)?),
            Self::Number { .. } => number(Quantity::parse(&text)?)?,
            Self::YesNo => Value::Bool(yes_or_no(&text)?),
            Self::Item { .. } => Value::String(text.trim().to_owned()),
        })
    }

    /// Whether an answer that was read is within the field's limits. Errors: the limit.
    pub(crate) fn check(&self, answer: &Value, today: Date) -> Result<()> {
        let text = plain(answer).unwrap_or_default();
        match self {
            Self::Text { min, max: _ } => {
                let enough = text.chars().count() >= usize::try_from(*min).unwrap_or_default();
                must(enough, || Text::new("applications-text-too-short").with("min", *min))
            }
            Self::Date { min_days, max_days } => {
                let day = Date::parse(&text)?;
                if let Some(first) = min_days.map(|days| days_after(today, days)) {
                    must(day >= first, || Text::new("applications-date-too-early").with("min", first))?;
                }
                match max_days.map(|days| days_after(today, days)) {
                    Some(last) => {
                        must(day <= last, || Text::new("applications-date-too-late").with("max", last))
                    }
                    None => Ok(()),
                }
            }
            Self::Number { min, max, whole } => {
                let number = Quantity::parse(&text)?;
                must(!*whole || number.is_whole(), || Text::new("applications-number-not-whole"))?;
                let above = min.is_none_or(|min| number >= Quantity::from_units(min));
                let below = max.is_none_or(|max| number <= Quantity::from_units(max));
                must(above && below, || match (min, max) {
                    (Some(min), Some(max)) => {
                        Text::new("applications-number-out-of-range").with("min", *min).with("max", *max)
                    }
                    (Some(min), None) => Text::new("applications-number-too-small").with("min", *min),
                    (None, max) => {
                        Text::new("applications-number-too-great").with("max", max.unwrap_or_default())
                    }
                })
            }
            Self::Phone | Self::Email | Self::Time | Self::YesNo | Self::Item { .. } => Ok(()),
        }
    }

    /// What is wrong with the kind itself, beside `min`, `max`, ….
    fn check_own(&self, checks: &mut Checks) {
        let wrong = |max: i64| Text::new("applications-bounds-malformed").with("max", max);
        match self {
            Self::Text { min, max } => {
                let fits = (1..=TEXT_CHARS).contains(max) && min <= max;
                checks.hold(fits, "max", wrong(TEXT_CHARS.into()));
            }
            Self::Date { min_days, max_days } => {
                let fits =
                    |days: &Option<i32>| days.is_none_or(|days| (-DAYS_MAX..=DAYS_MAX).contains(&days));
                checks.hold(fits(min_days), "min_days", wrong(DAYS_MAX.into()));
                let in_order = min_days.zip(*max_days).is_none_or(|(min, max)| min <= max);
                checks.hold(fits(max_days) && in_order, "max_days", wrong(DAYS_MAX.into()));
            }
            Self::Number { min, max, whole: _ } => {
                let fits = |bound: &Option<i64>| {
                    bound.is_none_or(|bound| (-NUMBER_MAX..=NUMBER_MAX).contains(&bound))
                };
                checks.hold(fits(min), "min", wrong(NUMBER_MAX));
                let in_order = min.zip(*max).is_none_or(|(min, max)| min <= max);
                checks.hold(fits(max) && in_order, "max", wrong(NUMBER_MAX));
            }
            Self::Phone | Self::Email | Self::Time | Self::YesNo | Self::Item { .. } => {}
        }
    }
}

/// A number as JSON writes it, with exactly its digits.
fn number(number: Quantity) -> Result<Value> {
    serde_json::from_str(&number.to_string().replace([' ', '\u{a0}'], "")).map_err(Error::internal)
}

fn must(holds: bool, words: impl FnOnce() -> Text) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::invalid(words())) }
}

fn days_after(today: Date, days: i32) -> Date {
    let count = u64::from(days.unsigned_abs());
    if days < 0 { today.minus_days(count) } else { today.plus_days(count) }
}

/// The text that a plain value is; a list, an object and null are none.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A day, also one that comes with a time behind it, as programs write it.
fn day(text: &str) -> Result<Date> {
    let text = text.trim();
    let has_time = text.get(10..11).is_some_and(|sign| matches!(sign, "T" | " "));
    Date::parse(if has_time { text.get(..10).unwrap_or_default() } else { text })
}

/// `9:05`, `09.05` and `09:05:00` are `09:05`.
fn time(text: &str) -> Result<String> {
    let refused = || Error::invalid(Text::new("applications-time-malformed"));
    let parts: Vec<&str> = text.trim().split([':', '.']).collect();
    let number = |part: &str, max: u32| {
        let is_plain = (1..=2).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit());
        part.parse::<u32>().ok().filter(|number| is_plain && *number <= max).ok_or_else(refused)
    };
    match parts.as_slice() {
        [hour, minute] | [hour, minute, "00"] => {
            Ok(format!("{:02}:{:02}", number(hour, 23)?, number(minute, 59)?))
        }
        _ => Err(refused()),
    }
}

/// As programs write it, and as the buttons of bots say it.
fn yes_or_no(text: &str) -> Result<bool> {
    match uztext::fold(text).as_str() {
        "true" | "1" | "yes" | "ha" | "da" => Ok(true),
        "false" | "0" | "no" | "yoq" | "net" => Ok(false),
        _ => Err(Error::invalid(Text::new("applications-yes-no-malformed"))),
    }
}

/// Something that a form asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormField {
    /// What programs call it.
    pub key: String,
    /// What can be answered.
    #[serde(flatten)]
    pub kind: FieldKind,
    /// What people call it.
    pub label: Names,
    /// Whether an application without it is refused.
    pub is_required: bool,
    /// Whether tables of applications have a column of it.
    pub in_table: bool,
}

impl FormField {
    /// Whether a field can have this key.
    pub fn can_be(key: &str) -> bool {
        is_key(key) && !RESERVED.contains(&key)
    }

    /// The same, tidied; what is wrong goes to `checks` under its own name.
    pub(crate) fn checked(self, checks: &mut Checks) -> Self {
        let Self { key, kind, label, is_required, in_table } = self;
        let key = key.trim().to_owned();
        checks.hold(is_key(&key), "key", Text::new("applications-key-malformed"));
        checks.hold(
            !RESERVED.contains(&key.as_str()),
            "key",
            Text::new("applications-key-reserved").with("key", &key),
        );
        let uz = checks.required_line("label_uz", &label.uz, LABEL_CHARS);
        let ru = checks.optional_line("label_ru", label.ru.as_deref(), LABEL_CHARS);
        let en = checks.optional_line("label_en", label.en.as_deref(), LABEL_CHARS);
        kind.check_own(checks);
        Self { key, kind, label: Names { uz, ru, en }, is_required, in_table }
    }
}

/// Small Latin letters, digits and `_` between them; a letter first.
pub(crate) fn is_key(key: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    key.len() <= KEY_CHARS && key.starts_with(|c: char| c.is_ascii_lowercase()) && key.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn reads(kind: &FieldKind, given: Value, expected: Result<Value, &str>) {
        let today = Date::parse("2026-09-21").unwrap();
        let read = kind.read(&given).and_then(|answer| kind.check(&answer, today).map(|()| answer));
        match expected {
            Ok(expected) => assert_eq!(read.unwrap(), expected, "{given}"),
            Err(key) => assert_eq!(read.unwrap_err().text().key(), key, "{given}"),
        }
    }

    #[test]
    fn answers_are_read_in_the_ways_people_and_programs_write_them() {
        let text = FieldKind::Text { min: 2, max: 5 };
        reads(&text, json!("  Acme \r\n"), Ok(json!("Acme")));
        reads(&text, json!(123), Ok(json!("123")));
        reads(&text, json!("A"), Err("applications-text-too-short"));
        reads(&text, json!("Acme 12"), Err("kernel-text-too-long"));
        reads(&text, json!(["A"]), Err("web-field-type"));
        reads(&FieldKind::Phone, json!("90 123 45 67"), Ok(json!("+998901234567")));
        reads(&FieldKind::Phone, json!(998_901_234_567_i64), Ok(json!("+998901234567")));
        reads(&FieldKind::Phone, json!("12"), Err("kernel-phone-malformed"));
        reads(&FieldKind::Email, json!(" a@b.uz "), Ok(json!("a@b.uz")));
        reads(&FieldKind::Email, json!("a@b"), Err("applications-email-malformed"));
        reads(&FieldKind::Email, json!("a\u{0}@b.uz"), Err("applications-email-malformed"));
        reads(&FieldKind::Time, json!("9:05"), Ok(json!("09:05")));
        reads(&FieldKind::Time, json!("14.30"), Ok(json!("14:30")));
        reads(&FieldKind::Time, json!("14:30:00"), Ok(json!("14:30")));
        for wrong in ["24:00", "9", "9:5x", "-1:00", "12:60", "012:00"] {
            reads(&FieldKind::Time, json!(wrong), Err("applications-time-malformed"));
        }
        reads(&FieldKind::YesNo, json!("✅ Ha"), Ok(json!(true)));
        reads(&FieldKind::YesNo, json!("Йўқ"), Ok(json!(false)));
        reads(&FieldKind::YesNo, json!(true), Ok(json!(true)));
        reads(&FieldKind::YesNo, json!("balki"), Err("applications-yes-no-malformed"));
    }

    #[test]
    fn days_and_numbers_have_limits() {
        let date = FieldKind::Date { min_days: Some(0), max_days: Some(30) };
        reads(&date, json!("21.09.2026"), Ok(json!("2026-09-21")));
        reads(&date, json!("2026-09-22T00:00:00"), Ok(json!("2026-09-22")));
        reads(&date, json!("2026-09-20"), Err("applications-date-too-early"));
        reads(&date, json!("2026-10-22"), Err("applications-date-too-late"));
        reads(&date, json!("ertaga"), Err("kernel-date-malformed"));
        let score = FieldKind::Number { min: Some(0), max: Some(100), whole: false };
        reads(&score, json!("85,5"), Ok(json!(85.5)));
        reads(&score, json!(100), Ok(json!(100)));
        reads(&score, json!(100.001), Err("applications-number-out-of-range"));
        reads(&score, json!("-1"), Err("applications-number-out-of-range"));
        reads(&score, json!("A"), Err("kernel-number-malformed"));
        let year = FieldKind::Number { min: Some(1), max: None, whole: true };
        reads(&year, json!(1.5), Err("applications-number-not-whole"));
        reads(&year, json!(0), Err("applications-number-too-small"));
    }

    #[test]
    fn keys_are_plain_words() {
        for good in ["phone", "second_phone", "f1"] {
            assert!(is_key(good), "{good}");
        }
        for bad in ["", "1f", "_a", "Phone", "a-b", "telefon raqami", &"a".repeat(KEY_CHARS + 1)] {
            assert!(!is_key(bad), "{bad}");
        }
    }
}
