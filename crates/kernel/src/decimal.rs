//! Exact decimals with a fixed number of places, read and written without floats.
//!
//! JSON numbers are taken as the text they were written in (`RawValue`), so `0.1` never passes through binary.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;

/// Why a text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DecimalError {
    /// Not a decimal number.
    Form,
    /// More places than the type holds.
    Places,
    /// Beyond what 64 bits hold.
    Range,
}

/// Reads `-1 234.50` or `1234,5` as a count of `10^-places`. Spaces between digits are grouping.
pub(crate) fn parse(text: &str, places: usize) -> Result<i64, DecimalError> {
    let text: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '_')).collect();
    let (negative, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (whole, fraction) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return Err(DecimalError::Form);
    }
    if !whole.chars().chain(fraction.chars()).all(|c| c.is_ascii_digit()) {
        return Err(DecimalError::Form);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > places {
        return Err(DecimalError::Places);
    }
    let mut count: i64 = 0;
    let padding = std::iter::repeat_n('0', places.saturating_sub(fraction.len()));
    for c in whole.chars().chain(fraction.chars()).chain(padding) {
        let digit = i64::from(c.to_digit(10).unwrap_or(0));
        count = count.checked_mul(10).and_then(|n| n.checked_add(digit)).ok_or(DecimalError::Range)?;
    }
    Ok(if negative { -count } else { count })
}

/// Writes a count of `10^-places` as the shortest decimal: `1234.5`, `-7`.
pub(crate) fn format(count: i64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let sign = if count < 0 { "-" } else { "" };
    let (whole, fraction) = (count.unsigned_abs() / unit, count.unsigned_abs() % unit);
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    let width = usize::try_from(places).unwrap_or(0);
    let digits = format!("{fraction:0width$}");
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

/// `count * by / unit`, rounded half away from zero; `None` when it does not fit 64 bits.
pub(crate) fn scale(count: i64, by: i64, unit: i64) -> Option<i64> {
    let product = i128::from(count).checked_mul(i128::from(by))?;
    let unit = i128::from(unit);
    let half = unit.abs() / 2;
    let shifted = if (product < 0) == (unit < 0) || product == 0 { product + half } else { product - half };
    i64::try_from(shifted / unit).ok()
}

/// Reads a JSON number (or a string that holds one) with exactly its written digits.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
    places: usize,
) -> Result<i64, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    let text = raw.get();
    let text = match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner,
        None => text,
    };
    parse(text, places).map_err(|error| {
        de::Error::custom(match error {
            DecimalError::Form => "text:kernel-number-malformed",
            DecimalError::Places => "text:kernel-number-too-precise",
            DecimalError::Range => "text:kernel-number-too-large",
        })
    })
}

/// Writes an exact JSON number.
pub(crate) fn serialize<S: Serializer>(count: i64, places: u32, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(format(count, places)).map_err(ser::Error::custom)?.serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: Result<i64, DecimalError>) {
        assert_eq!(parse(text, 2), expected);
    }

    #[test]
    fn amounts_are_read_in_the_ways_people_write_them() {
        check("1500", Ok(150_000));
        check("1 500 000,50", Ok(150_000_050));
        check("-0.01", Ok(-1));
        check("1.10000", Ok(110));
        check("1.005", Err(DecimalError::Places));
        check("", Err(DecimalError::Form));
        check("1e5", Err(DecimalError::Form));
        check("NaN", Err(DecimalError::Form));
        check("99999999999999999999", Err(DecimalError::Range));
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(scale(5, 1, 2), Some(3));
        assert_eq!(scale(-5, 1, 2), Some(-3));
        assert_eq!(scale(4, 1, 3), Some(1));
        assert_eq!(scale(i64::MAX, 1000, 1), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(count in any::<i64>().prop_filter("min", |n| *n != i64::MIN)) {
            prop_assert_eq!(parse(&format(count, 2), 2), Ok(count));
            prop_assert_eq!(parse(&format(count, 3), 3), Ok(count));
        }
    }
}
