//! What tokens cost. Integers only: prices are micro-dollars for a million tokens, costs are nano-dollars.

use std::fmt;

use kernel::{Error, Result, Text};
use serde::{Serialize, Serializer};

use crate::Usage;

/// Micro-dollars in a dollar, and the places of its decimals.
const MICRO: i64 = 1_000_000;
const MICRO_PLACES: usize = 6;
/// Nano-dollars in a dollar, and the places of its decimals.
const NANO: i64 = 1_000_000_000;
const NANO_PLACES: usize = 9;
/// Dollars for a million tokens at most; beyond it is a slip of the finger.
const DOLLARS_AT_MOST: i64 = 100_000;

/// Micro-dollars for a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price(i64);

impl Price {
    /// From micro-dollars for a million tokens.
    pub const fn from_microdollars(microdollars: i64) -> Self {
        Self(microdollars)
    }

    /// Micro-dollars for a million tokens.
    pub const fn microdollars(self) -> i64 {
        self.0
    }

    /// Reads dollars for a million tokens: `0.15`, `2,5`. At most six decimals.
    pub fn parse(text: &str) -> Result<Self> {
        let malformed = || Error::invalid(Text::new("kernel-number-malformed"));
        let text = text.trim().trim_start_matches('$').trim_start();
        let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let is_number = |digits: &str| digits.chars().all(|c| c.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !is_number(whole) || !is_number(fraction) {
            return Err(malformed());
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > MICRO_PLACES {
            return Err(Error::invalid(Text::new("kernel-number-too-precise")));
        }
        let too_large = || Error::invalid(Text::new("kernel-number-too-large"));
        let digits = format!("{whole}{fraction:0<MICRO_PLACES$}");
        let micro: i64 = digits.parse().map_err(|_| too_large())?;
        if micro > DOLLARS_AT_MOST * MICRO { Err(too_large()) } else { Ok(Self(micro)) }
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(self.0, MICRO, MICRO_PLACES))
    }
}

impl Serialize for Price {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What a million tokens cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Prices {
    /// Of what is asked.
    pub input: Price,
    /// Of what is answered.
    pub output: Price,
}

impl Prices {
    /// What these tokens cost, rounded half up to a nano-dollar.
    pub fn cost(self, usage: Usage) -> Cost {
        let part = |tokens: u64, Price(price): Price| i128::from(tokens) * i128::from(price);
        // Tokens × micro-dollars for a million of them are pico-dollars.
        let pico = part(usage.input_tokens, self.input) + part(usage.output_tokens, self.output);
        Cost(i64::try_from((pico + 500) / 1_000).unwrap_or(i64::MAX))
    }
}

/// Nano-dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cost(i64);

impl Cost {
    /// From nano-dollars.
    pub const fn from_nanodollars(nanodollars: i64) -> Self {
        Self(nanodollars)
    }

    /// Nano-dollars.
    pub const fn nanodollars(self) -> i64 {
        self.0
    }
}

/// In dollars, with all its decimals and no more.
impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(self.0, NANO, NANO_PLACES))
    }
}

/// The shortest decimal with at least two places: `0.15`, `2.50`, `0.000075`.
fn decimal(count: i64, unit: i64, places: usize) -> String {
    let (whole, fraction) = (count / unit, count % unit);
    let digits = format!("{fraction:0places$}");
    format!("{whole}.{:0<2}", digits.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: Result<i64, &str>) {
        let read = Price::parse(typed).map(Price::microdollars);
        assert_eq!(read.map_err(|error| error.text().key()), expected, "{typed}");
    }

    #[test]
    fn prices_are_read_exactly() {
        check("0.15", Ok(150_000));
        check("2,5", Ok(2_500_000));
        check("$ 10", Ok(10_000_000));
        check("0.000001", Ok(1));
        check(".1", Ok(100_000));
        check("0.1000000000", Ok(100_000));
        check("0", Ok(0));
        check("0.0000001", Err("kernel-number-too-precise"));
        check("100001", Err("kernel-number-too-large"));
        check("99999999999999999999", Err("kernel-number-too-large"));
        for wrong in ["", "-1", "1e5", "NaN", "1.2.3", "1 000", "."] {
            check(wrong, Err("kernel-number-malformed"));
        }
    }

    #[test]
    fn costs_are_exact_to_the_nanodollar() {
        let prices = |input: &str, output: &str| Prices {
            input: Price::parse(input).unwrap(),
            output: Price::parse(output).unwrap(),
        };
        let used = |input_tokens, output_tokens| Usage { input_tokens, output_tokens, is_estimated: false };
        let cost = |prices: Prices, usage| prices.cost(usage).to_string();
        assert_eq!(cost(prices("0.15", "0.60"), used(1_000_000, 1_000_000)), "0.75");
        assert_eq!(cost(prices("0.15", "0.60"), used(1, 0)), "0.00000015");
        assert_eq!(cost(prices("0.000001", "0"), used(499, 0)), "0.00");
        assert_eq!(cost(prices("0.000001", "0"), used(500, 0)), "0.000000001");
        assert_eq!(cost(prices("10", "30"), used(1_234, 567)), "0.02935");
        assert_eq!(prices("100000", "0").cost(used(u64::MAX, 0)).nanodollars(), i64::MAX);
        assert_eq!(Price::parse("2.5").unwrap().to_string(), "2.50");
    }
}
