//! Money in tiyin, quantities in thousandths, rates in basis points. All integers, all checked.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    Error, Text,
    decimal::{self, DecimalError},
};

/// Places of so'm that tiyin are: 1 so'm = 100 tiyin.
const MONEY_PLACES: u32 = 2;
/// Places that a quantity holds: thousandths.
const QUANTITY_PLACES: u32 = 3;
/// Thousandths in one unit of quantity.
const QUANTITY_UNIT: i64 = 1_000;
/// Basis points in the whole: 12 % is 1,200.
const RATE_UNIT: i64 = 10_000;

macro_rules! amount {
    ($name:ident, $places:expr, $unit:literal) => {
        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self(0);

            #[doc = concat!("Reads what a person typed, such as `1 500,5`; counted in ", $unit, ".")]
            pub fn parse(text: &str) -> Result<Self, Error> {
                decimal::parse(text, $places as usize).map(Self).map_err(number_error)
            }

            /// The sum; an error when it does not fit.
            pub fn plus(self, other: Self) -> Result<Self, Error> {
                self.0.checked_add(other.0).map(Self).ok_or_else(too_large)
            }

            /// The difference; an error when it does not fit.
            pub fn minus(self, other: Self) -> Result<Self, Error> {
                self.0.checked_sub(other.0).map(Self).ok_or_else(too_large)
            }

            /// The sum of many; an error when it does not fit.
            pub fn sum(items: impl IntoIterator<Item = Self>) -> Result<Self, Error> {
                items.into_iter().try_fold(Self::ZERO, Self::plus)
            }

            /// Below zero.
            pub const fn is_negative(self) -> bool {
                self.0 < 0
            }

            /// Above zero.
            pub const fn is_positive(self) -> bool {
                self.0 > 0
            }

            /// Exactly zero.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&decimal::format(self.0, $places))
            }
        }
        impl FromStr for $name {
            type Err = Error;
            fn from_str(text: &str) -> Result<Self, Error> {
                Self::parse(text)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                decimal::serialize(self.0, $places, serializer)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decimal::deserialize(deserializer, $places as usize).map(Self)
            }
        }
    };
}

/// Money of the workspace's currency, a count of tiyin (1 so'm = 100 tiyin). JSON speaks so'm: `1500.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

#[expect(clippy::as_conversions, reason = "places are a small constant")]
mod amount_impls {
    use super::*;
    amount!(Money, MONEY_PLACES, "so'm");
    amount!(Quantity, QUANTITY_PLACES, "units of the product");
    amount!(Rate, MONEY_PLACES, "percent");
}

impl Money {
    /// From a count of tiyin.
    pub const fn from_tiyin(tiyin: i64) -> Self {
        Self(tiyin)
    }

    /// From whole so'm; for constants and tests.
    pub const fn from_som(som: i64) -> Self {
        Self(som.saturating_mul(100))
    }

    /// The count of tiyin.
    pub const fn tiyin(self) -> i64 {
        self.0
    }

    /// The price of `quantity` at `self` a unit, rounded half away from zero to the tiyin.
    pub fn times(self, quantity: Quantity) -> Result<Self, Error> {
        decimal::scale(self.0, quantity.0, QUANTITY_UNIT).map(Self).ok_or_else(too_large)
    }

    /// The price of one unit when `quantity` of it cost `self`, rounded half away from zero; zero of nothing.
    pub fn per_unit(self, quantity: Quantity) -> Result<Self, Error> {
        if quantity.is_zero() {
            return Ok(Self::ZERO);
        }
        decimal::scale(self.0, QUANTITY_UNIT, quantity.0).map(Self).ok_or_else(too_large)
    }

    /// The share of `self` that `part` is of `whole`, rounded half away from zero; zero of nothing.
    pub fn share(self, part: Quantity, whole: Quantity) -> Result<Self, Error> {
        if whole.is_zero() {
            return Ok(Self::ZERO);
        }
        decimal::scale(self.0, part.0, whole.0).map(Self).ok_or_else(too_large)
    }

    /// `rate` of `self`: the tax on a price without tax, or a discount.
    pub fn percent(self, rate: Rate) -> Result<Self, Error> {
        decimal::scale(self.0, rate.0, RATE_UNIT).map(Self).ok_or_else(too_large)
    }

    /// The tax that a price *with* tax contains: `self * rate / (100 % + rate)`.
    pub fn tax_inside(self, rate: Rate) -> Result<Self, Error> {
        let unit = RATE_UNIT.checked_add(rate.0).ok_or_else(too_large)?;
        decimal::scale(self.0, rate.0, unit).map(Self).ok_or_else(too_large)
    }
}

/// How much of a product, a count of thousandths of its unit. JSON speaks units: `2.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Quantity(i64);

impl Quantity {
    /// One unit.
    pub const ONE: Self = Self(QUANTITY_UNIT);

    /// From a count of thousandths.
    pub const fn from_thousandths(thousandths: i64) -> Self {
        Self(thousandths)
    }

    /// From whole units.
    pub const fn from_units(units: i64) -> Self {
        Self(units.saturating_mul(QUANTITY_UNIT))
    }

    /// The count of thousandths.
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// Whether it is a whole number of units.
    pub const fn is_whole(self) -> bool {
        self.0 % QUANTITY_UNIT == 0
    }
}

/// A rate in basis points: 12 % is 1,200. JSON and text speak percent: `12`, `0.1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rate(i64);

impl Rate {
    /// From basis points (hundredths of a percent).
    pub const fn from_basis_points(points: i64) -> Self {
        Self(points)
    }

    /// From whole percent.
    pub const fn from_percent(percent: i64) -> Self {
        Self(percent.saturating_mul(100))
    }

    /// Basis points.
    pub const fn basis_points(self) -> i64 {
        self.0
    }
}

fn number_error(error: DecimalError) -> Error {
    Error::invalid(Text::new(match error {
        DecimalError::Form => "kernel-number-malformed",
        DecimalError::Places => "kernel-number-too-precise",
        DecimalError::Range => "kernel-number-too-large",
    }))
}

fn too_large() -> Error {
    Error::invalid(Text::new("kernel-number-too-large"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tax_is_rounded_half_away_from_zero_to_the_tiyin() {
        let vat = Rate::from_percent(12);
        assert_eq!(Money::from_som(150_000).percent(vat).unwrap(), Money::from_som(18_000));
        assert_eq!(Money::from_som(112).tax_inside(vat).unwrap(), Money::from_som(12));
        assert_eq!(Money::from_tiyin(4).percent(vat).unwrap(), Money::from_tiyin(0));
        assert_eq!(Money::from_tiyin(-13).percent(Rate::from_percent(50)).unwrap(), Money::from_tiyin(-7));
    }

    #[test]
    fn json_numbers_keep_their_digits() {
        let money: Money = serde_json::from_str("500000.07").unwrap();
        assert_eq!(money, Money::from_tiyin(50_000_007));
        assert_eq!(serde_json::to_string(&money).unwrap(), "500000.07");
        assert_eq!(serde_json::from_str::<Money>("\"12,5\"").unwrap(), Money::from_tiyin(1_250));
        assert!(serde_json::from_str::<Money>("1.005").is_err());
        assert!(serde_json::from_str::<Money>("true").is_err());
        assert!(serde_json::from_str::<Money>("null").is_err());
    }

    #[test]
    fn what_does_not_fit_is_an_error_and_not_a_wrapped_number() {
        assert!(Money::from_tiyin(i64::MAX).plus(Money::from_tiyin(1)).is_err());
        assert!(Money::from_tiyin(i64::MAX).times(Quantity::from_units(2)).is_err());
    }

    proptest! {
        #[test]
        fn shares_of_a_whole_never_differ_from_it_by_more_than_a_tiyin_each(
            total in 0_i64..1_000_000_000, part in 1_i64..1_000, whole in 1_i64..1_000,
        ) {
            let part = part.min(whole);
            let a = Money::from_tiyin(total).share(Quantity::from_units(part), Quantity::from_units(whole)).unwrap();
            let b = Money::from_tiyin(total).share(Quantity::from_units(whole - part), Quantity::from_units(whole)).unwrap();
            prop_assert!((a.tiyin() + b.tiyin() - total).abs() <= 1);
        }
    }
}
