//! How amounts are written: `1 500 000,5` in Uzbek and Russian, `1,500,000.5` in English.

use kernel::{Lang, Money, Quantity};

/// Money in so'm, grouped, without the currency's name.
pub fn money(lang: Lang, money: Money) -> String {
    grouped(lang, &money.to_string())
}

/// Money as papers write it, with both places of tiyin: `1 500 000,50`.
pub fn exact_money(lang: Lang, money: Money) -> String {
    let tiyin = money.tiyin().unsigned_abs();
    let sign = if money.is_negative() { "-" } else { "" };
    grouped(lang, &format!("{sign}{}.{:02}", tiyin / 100, tiyin % 100))
}

/// A quantity, grouped, without its unit.
pub fn quantity(lang: Lang, quantity: Quantity) -> String {
    grouped(lang, &quantity.to_string())
}

/// A whole number, grouped.
pub fn number(lang: Lang, number: i64) -> String {
    grouped(lang, &number.to_string())
}

fn grouped(lang: Lang, plain: &str) -> String {
    let (thousands, point) = match lang {
        Lang::Uz | Lang::Ru => ('\u{a0}', ','),
        Lang::En => (',', '.'),
    };
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |rest| ("−", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(thousands);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_as_the_language_groups_them() {
        assert_eq!(money(Lang::Uz, Money::from_tiyin(-123_456_789)), "−1\u{a0}234\u{a0}567,89");
        assert_eq!(money(Lang::En, Money::from_som(1_000)), "1,000");
        assert_eq!(exact_money(Lang::Ru, Money::from_tiyin(-150_000_050)), "−1\u{a0}500\u{a0}000,50");
        assert_eq!(exact_money(Lang::En, Money::from_som(1_000)), "1,000.00");
        assert_eq!(quantity(Lang::Ru, Quantity::from_thousandths(2_500)), "2,5");
    }
}
