//! Numbers as people write them in tables: `1 500 000,50`, `1,500,000.50`, `2 990 so'm`, `12%`. Pure.

use kernel::{Error, Money, Quantity, Rate, Result, Text};

/// Words after a number that say what it counts.
const WORDS: [&str; 5] = ["so'm", "som", "sum", "сум", "uzs"];
/// Digits in a group of thousands.
const GROUP: usize = 3;

/// Money. `1,500` is refused: it is one and a half thousand to one half of the writers and one and a half to the other.
pub(crate) fn money(text: &str) -> Result<Money> {
    let number = tidy(text);
    let fraction = number.split_once(['.', ',']).map_or(0, |(_, fraction)| fraction.len());
    let number = if fraction == GROUP && number.contains(',') {
        return Err(Error::invalid(Text::new("ingest-number-ambiguous").with("number", text)));
    } else {
        number
    };
    Money::parse(&number)
}

/// A quantity.
pub(crate) fn quantity(text: &str) -> Result<Quantity> {
    Quantity::parse(&tidy(text))
}

/// A rate in percent.
pub(crate) fn rate(text: &str) -> Result<Rate> {
    Rate::parse(&tidy(text))
}

/// The number without words, percent sign and separators of thousands.
fn tidy(text: &str) -> String {
    let lower: String = text
        .trim()
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| if uztext::is_apostrophe(c) { '\'' } else { c })
        .filter(|c| !c.is_whitespace())
        .collect();
    let mut number = lower.trim_end_matches('%');
    for word in WORDS {
        number = number.strip_suffix(word).unwrap_or(number);
    }
    without_groups(number).unwrap_or_else(|| number.to_owned())
}

/// The number with its groups joined, when `,` or `.` parts it into thousands beyond doubt: where both stand, or one
/// stands more than once.
fn without_groups(number: &str) -> Option<String> {
    let last = number.rfind([',', '.'])?;
    let separator = number.get(last..)?.chars().next()?;
    let count = number.matches(separator).count();
    let both = number.contains(',') && number.contains('.');
    let (whole, fraction) = match (both, count) {
        (true, 1) => (number.get(..last)?, number.get(last + 1..)),
        (false, 2..) => (number, None),
        _ => return None,
    };
    let mut groups = whole.split([',', '.']);
    let first = groups.next()?.trim_start_matches(['-', '+']);
    let fits = (1..=GROUP).contains(&first.len()) && groups.all(|group| group.len() == GROUP);
    let joined: String = whole.chars().filter(|c| !matches!(c, ',' | '.')).collect();
    fits.then(|| fraction.map_or(joined.clone(), |fraction| format!("{joined}.{fraction}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_as_people_write_it() {
        for (text, tiyin) in [
            ("1500000", 150_000_000),
            ("1 500 000,50", 150_000_050),
            ("1\u{a0}500\u{a0}000.5", 150_000_050),
            ("1,500,000.50", 150_000_050),
            ("1.500.000,50", 150_000_050),
            ("1.500.000", 150_000_000),
            ("2 990 soʻm", 299_000),
            ("2990 сум", 299_000),
            ("0.5", 50),
            ("1,5", 150),
            ("-7", -700),
        ] {
            assert_eq!(money(text).unwrap(), Money::from_tiyin(tiyin), "{text}");
        }
        for text in [
            "1,500",
            "1,5,0",
            "1.50.000,5",
            "ming",
            "",
            "1e5",
            "0.125",
            "12..5",
            "1,500.000.5",
            "99999999999999999999",
        ] {
            assert!(money(text).is_err(), "{text}");
        }
    }

    #[test]
    fn quantities_and_rates_too() {
        assert_eq!(quantity("1,500").unwrap(), Quantity::from_thousandths(1_500));
        assert_eq!(quantity(" 24 ").unwrap(), Quantity::from_units(24));
        assert_eq!(rate("12 %").unwrap(), Rate::from_percent(12));
        assert!(quantity("1.0005").is_err());
    }
}
