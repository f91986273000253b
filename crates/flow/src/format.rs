//! How values are written for people: money, quantities, dates, phones and the plural of nouns, per language.
//!
//! The words themselves (so'm, the names of months) are phrases of the blueprint; here are digits and rules only.

use kernel::{Date, Lang, Phone, Timestamp, Zone};
use serde_json::Value;

use crate::value::integer;

/// Space inside a number: "1 250 000" must not break at the end of a line.
const NO_BREAK_SPACE: char = '\u{a0}';

/// How `{value:format}` writes a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Format {
    /// As it is.
    Plain,
    /// An integer count of tiyin, with the currency's word.
    Money,
    /// An integer count of thousandths.
    Quantity,
    /// An integer with its thousands apart.
    Number,
    /// A date `2026-11-20`, or a moment in UTC milliseconds, as 20.11.2026.
    Date,
    /// A moment in UTC milliseconds, with hours and minutes of the workspace's zone.
    DateTime,
    /// An E.164 number with spaces.
    Phone,
    /// At most so many characters.
    Cut(usize),
    /// The word that a dictionary of the blueprint has for a code: `{order.state:word order_state}`.
    Word(String),
    /// The noun that fits the count: one form in uz, two in en, three in ru.
    Plural(Vec<String>),
}

impl Format {
    /// Reads what stands after the colon: `money`, `cut 200`, `plural товар|товара|товаров`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (name, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let format = match name {
            "money" => Self::Money,
            "quantity" => Self::Quantity,
            "number" => Self::Number,
            "date" => Self::Date,
            "datetime" => Self::DateTime,
            "phone" => Self::Phone,
            "word" => return (!rest.trim().is_empty()).then(|| Self::Word(rest.trim().to_owned())),
            "cut" => return rest.trim().parse().ok().filter(|chars| *chars > 0).map(Self::Cut),
            "plural" => {
                let forms = || rest.split('|').map(|form| form.trim().to_owned());
                return (!forms().any(|form| form.is_empty())).then(|| Self::Plural(forms().collect()));
            }
            _ => return None,
        };
        rest.trim().is_empty().then_some(format)
    }
}

/// How many plural forms a noun has beside a number: uz "3 ta kitob"; en "1 book, 3 books"; ru "1 книга, 3 книги, 5 книг".
pub(crate) const fn plural_forms(lang: Lang) -> usize {
    match lang {
        Lang::Uz => 1,
        Lang::En => 2,
        Lang::Ru => 3,
    }
}

/// Which of its forms a noun takes beside `count` (CLDR plural rules, integers).
pub(crate) const fn plural_form(lang: Lang, count: i64) -> usize {
    let count = count.unsigned_abs();
    match lang {
        Lang::Uz => 0,
        Lang::En => {
            if count == 1 {
                0
            } else {
                1
            }
        }
        Lang::Ru => match (count % 10, count % 100) {
            (1, hundredth) if hundredth != 11 => 0,
            (2..=4, hundredth) if hundredth < 12 || hundredth > 14 => 1,
            _ => 2,
        },
    }
}

/// A count of tiyin as so'm: `1 250 000`, `99,50`; English groups by commas and writes a decimal point.
pub(crate) fn som(lang: Lang, tiyin: i64) -> String {
    decimal(lang, tiyin, 2, true)
}

/// A count of thousandths as units: `2`, `1,5`.
pub(crate) fn quantity(lang: Lang, thousandths: i64) -> String {
    decimal(lang, thousandths, 3, false)
}

/// An integer with its thousands apart.
pub(crate) fn number(lang: Lang, value: i64) -> String {
    decimal(lang, value, 0, false)
}

/// `value / 10^places`: the fraction in full when `whole_fraction`, without its last zeros otherwise; none when zero.
fn decimal(lang: Lang, value: i64, places: usize, whole_fraction: bool) -> String {
    let (group, point) = if lang == Lang::En { (',', '.') } else { (NO_BREAK_SPACE, ',') };
    let digits = format!("{:0width$}", value.unsigned_abs(), width = places + 1);
    let (units, fraction) = digits.split_at(digits.len() - places);
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 2);
    if value < 0 {
        text.push('-');
    }
    for (position, digit) in units.chars().enumerate() {
        if position > 0 && (units.len() - position).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    let short = fraction.trim_end_matches('0');
    if !short.is_empty() {
        text.push(point);
        text.push_str(if whole_fraction { fraction } else { short });
    }
    text
}

/// A date in the way people here write it; a moment as the date in `zone`.
pub(crate) fn date(value: &Value, zone: Zone) -> Option<String> {
    match value {
        Value::String(text) => Date::parse(text).ok().map(Date::dotted),
        other => integer(other).map(|millis| zone.date(Timestamp::from_millis(millis)).dotted()),
    }
}

/// A moment with hours and minutes in `zone`.
pub(crate) fn moment(value: &Value, zone: Zone) -> Option<String> {
    integer(value).map(|millis| zone.dotted(Timestamp::from_millis(millis)))
}

/// A phone with spaces between its groups.
pub(crate) fn phone(value: &Value) -> Option<String> {
    value.as_str().and_then(|text| Phone::parse(text).ok()).map(|phone| phone.pretty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, expected: &str) {
        assert_eq!(written.replace(NO_BREAK_SPACE, " "), expected);
    }

    #[test]
    fn money_and_quantities_are_written_as_each_language_does() {
        check(&som(Lang::Uz, 125_000_000), "1 250 000");
        check(&som(Lang::En, 125_000_000), "1,250,000");
        check(&som(Lang::Ru, 9_950), "99,50");
        check(&som(Lang::Ru, -5), "-0,05");
        check(&som(Lang::Uz, 0), "0");
        check(&som(Lang::Uz, i64::MIN), "-92 233 720 368 547 758,08");
        check(&quantity(Lang::Uz, 1_500), "1,5");
        check(&quantity(Lang::En, 2_000_000), "2,000");
        check(&quantity(Lang::Uz, 5), "0,005");
        check(&number(Lang::Ru, 1_000), "1 000");
    }

    #[test]
    fn nouns_take_the_form_of_the_number_beside_them() {
        for (count, form) in
            [(1, 0), (2, 1), (4, 1), (5, 2), (11, 2), (12, 2), (14, 2), (21, 0), (22, 1), (111, 2), (0, 2)]
        {
            assert_eq!(plural_form(Lang::Ru, count), form, "{count}");
        }
        assert_eq!([plural_form(Lang::En, 1), plural_form(Lang::En, 0), plural_form(Lang::Uz, 7)], [0, 1, 0]);
    }

    #[test]
    fn formats_are_read_by_their_names() {
        assert_eq!(Format::parse("money"), Some(Format::Money));
        assert_eq!(Format::parse("cut 20"), Some(Format::Cut(20)));
        assert_eq!(Format::parse("plural a | b"), Some(Format::Plural(vec!["a".into(), "b".into()])));
        for wrong in ["", "Money", "money 2", "cut", "cut x", "cut 0", "plural", "plural a||b"] {
            assert_eq!(Format::parse(wrong), None, "{wrong}");
        }
    }
}
