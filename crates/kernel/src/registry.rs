//! Numbers that registries give: taxpayers, citizens, classifiers of goods, barcodes. Length and form only
//! where the control algorithm is not published (`UZBEKISTAN.md`).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Error, Text};

macro_rules! registered {
    ($(#[$doc:meta])* $name:ident, $key:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Reads what a person typed; spaces are dropped.
            pub fn parse(text: &str) -> Result<Self, Error> {
                let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
                let valid: fn(&str) -> bool = $valid;
                if digits.bytes().all(|b| b.is_ascii_digit()) && valid(&digits) {
                    Ok(Self(digits))
                } else {
                    Err(Error::invalid(Text::new($key)))
                }
            }

            /// The digits.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(|_| de::Error::custom(concat!("text:", $key)))
            }
        }
    };
}

registered!(
    /// What a company is known by: TIN (STIR, 9 digits), PINFL (14) or the VAT payer's code (12).
    Tin,
    "kernel-tin-malformed",
    |digits| matches!(digits.len(), 9 | 12 | 14)
);
registered!(
    /// A citizen's personal number, 14 digits.
    Pinfl,
    "kernel-pinfl-malformed",
    |digits| digits.len() == 14
);
registered!(
    /// A product's code in the national catalogue (MXIK, IKPU), 17 digits.
    Mxik,
    "kernel-mxik-malformed",
    |digits| digits.len() == 17
);
registered!(
    /// A barcode: EAN-8, UPC-A, EAN-13 or GTIN-14 with its check digit right (GS1 General Specifications, 7.9).
    Barcode,
    "kernel-barcode-malformed",
    |digits| matches!(digits.len(), 8 | 12 | 13 | 14) && check_digit_holds(digits)
);

/// Weights 3 and 1 alternate from the right; the sum with the check digit is a multiple of ten.
fn check_digit_holds(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| u32::from(byte - b'0') * if place % 2 == 0 { 1 } else { 3 })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_is_known_by_nine_twelve_or_fourteen_digits() {
        for text in ["303303592", "123456789012", "31234567890123", "303 303 592"] {
            assert!(Tin::parse(text).is_ok(), "{text}");
        }
        for text in ["30330359", "30330359a", "", "٣٠٣٣٠٣٥٩٢"] {
            assert!(Tin::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_barcode_with_a_wrong_check_digit_is_refused() {
        assert!(Barcode::parse("4006381333931").is_ok());
        assert!(Barcode::parse("4006381333932").is_err());
        assert!(Mxik::parse("00902001001031001").is_ok());
    }
}
