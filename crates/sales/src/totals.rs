//! What an order comes to: discounts, VAT inside or on top, each line rounded to the tiyin. Pure.

use kernel::{Checks, Error, Money, Quantity, Rate, Result, Text};

/// What a line is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// How much.
    pub quantity: Quantity,
    /// The price of one unit; with VAT in it or without, as the order says.
    pub price: Money,
    /// The part of it that is taken off, 0 to 100 %.
    pub discount: Rate,
    /// The rate of VAT.
    pub vat_rate: Rate,
}

/// What a line or an order comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amounts {
    /// Without VAT.
    pub net: Money,
    /// The VAT.
    pub vat: Money,
    /// What the customer pays: `net` and `vat`.
    pub total: Money,
}

/// An order's lines with what they come to, and their sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Of each line, in order.
    pub lines: Vec<Amounts>,
    /// Of the fee for delivery.
    pub delivery: Amounts,
    /// Of the whole: the sum of the rounded lines and of the delivery.
    pub whole: Amounts,
}

impl Amounts {
    /// `base` with the VAT inside of it, or put on top of it.
    pub(crate) fn of(base: Money, rate: Rate, includes_vat: bool) -> Result<Self> {
        if includes_vat {
            let vat = base.tax_inside(rate)?;
            Ok(Self { net: base.minus(vat)?, vat, total: base })
        } else {
            let vat = base.percent(rate)?;
            Ok(Self { net: base, vat, total: base.plus(vat)? })
        }
    }

    pub(crate) fn plus(self, other: Self) -> Result<Self> {
        Ok(Self {
            net: self.net.plus(other.net)?,
            vat: self.vat.plus(other.vat)?,
            total: self.total.plus(other.total)?,
        })
    }
}

/// The fee for delivery and the rate of VAT in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fee {
    /// What the customer pays for it (with VAT or without, as the order says).
    pub amount: Money,
    /// The rate of VAT.
    pub vat_rate: Rate,
}

/// Counts an order. The order's discount is spread over the lines by what they cost, to the tiyin, so that each
/// line's VAT is right and the lines add up; it does not touch the fee. Discounts above what they are taken off are
/// named by their field.
pub fn count(lines: &[Terms], discount: Money, fee: Fee, includes_vat: bool) -> Result<Counted> {
    let mut checks = Checks::new();
    let mut bases = Vec::with_capacity(lines.len());
    for (place, Terms { quantity, price, discount, vat_rate: _ }) in lines.iter().enumerate() {
        let field = |name: &str| format!("lines.{place}.{name}");
        let gross = checks.take(&field("price"), price.times(*quantity)).unwrap_or_default();
        let fits = !discount.is_negative() && *discount <= Rate::from_percent(100);
        checks.hold(fits, &field("discount"), Text::new("sales-percent-out-of-range"));
        let off = if fits { gross.percent(*discount)? } else { Money::ZERO };
        bases.push(gross.minus(off)?);
    }
    let goods = checks.take("lines", Money::sum(bases.iter().copied())).unwrap_or_default();
    let fits = !discount.is_negative() && discount <= goods;
    checks.hold(fits, "discount", Text::new("sales-discount-out-of-range").with("max", goods));
    checks.done()?;

    let mut counted = Vec::with_capacity(lines.len());
    let (mut seen, mut taken) = (Money::ZERO, Money::ZERO);
    for (base, Terms { vat_rate, .. }) in bases.into_iter().zip(lines) {
        // The share up to here less the shares before: the shares add up to the discount exactly.
        seen = seen.plus(base)?;
        let until_here = share(discount, seen, goods)?;
        let off = until_here.minus(taken)?;
        taken = until_here;
        counted.push(Amounts::of(base.minus(off)?, *vat_rate, includes_vat)?);
    }
    let delivery = Amounts::of(fee.amount, fee.vat_rate, includes_vat)?;
    let whole = counted.iter().try_fold(delivery, |sum, line| sum.plus(*line))?;
    Ok(Counted { lines: counted, delivery, whole })
}

/// The part of `amount` that `part` is of `whole`; nothing of nothing. Money in the place of quantities: the
/// arithmetic is the same.
fn share(amount: Money, part: Money, whole: Money) -> Result<Money> {
    let quantity = |money: Money| Quantity::from_thousandths(money.tiyin());
    amount.share(quantity(part), quantity(whole))
}

/// What an order comes to of which only sums are known: they stand as given.
pub fn given(total: Money, vat: Money, discount: Money) -> Result<Amounts> {
    let mut checks = Checks::new();
    for (field, money) in [("total_amount", total), ("tax_amount", vat), ("discount", discount)] {
        checks.hold(!money.is_negative(), field, Text::new("sales-amount-negative"));
        checks.hold(money <= TOTAL_MAX, field, Text::new("sales-amount-too-large").with("max", TOTAL_MAX));
    }
    checks.hold(vat <= total, "tax_amount", Text::new("sales-tax-above-total"));
    checks.done()?;
    Ok(Amounts { net: total.minus(vat)?, vat, total })
}

/// The largest sum of an order: a million times what a large shop sells in a day, and far from overflowing in sums
/// over all orders.
pub const TOTAL_MAX: Money = Money::from_som(1_000_000_000_000);

/// Refuses an order whose sum nobody can mean.
pub fn within(amounts: Amounts) -> Result<Amounts> {
    if amounts.total > TOTAL_MAX {
        return Err(Error::field("lines", Text::new("sales-amount-too-large").with("max", TOTAL_MAX)));
    }
    Ok(amounts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn terms(text: &str) -> Vec<Terms> {
        text.split_whitespace()
            .map(|line| {
                let parts: Vec<i64> = line
                    .split(['×', '-', '%'])
                    .filter(|p| !p.is_empty())
                    .map(|p| p.parse().unwrap())
                    .collect();
                let [quantity, price, discount, rate] = parts[..] else { panic!("{line}") };
                Terms {
                    quantity: Quantity::from_thousandths(quantity),
                    price: Money::from_tiyin(price),
                    discount: Rate::from_percent(discount),
                    vat_rate: Rate::from_percent(rate),
                }
            })
            .collect()
    }

    /// Lines are `thousandths×price-percent off%rate`; the answer is `net+vat` a line, then `= total`.
    #[track_caller]
    fn check(lines: &str, discount: i64, includes_vat: bool, expected: &str) {
        let found = match count(&terms(lines), Money::from_tiyin(discount), Fee::default(), includes_vat) {
            Ok(Counted { lines, whole, .. }) => {
                let lines: Vec<_> =
                    lines.iter().map(|a| format!("{}+{}", a.net.tiyin(), a.vat.tiyin())).collect();
                format!("{} = {}", lines.join(" "), whole.total.tiyin())
            }
            Err(error) => {
                let marked = error.field_errors().iter().map(|f| format!("{}: {}", f.field, f.text.key()));
                marked.collect::<Vec<_>>().join(", ")
            }
        };
        assert_eq!(found, expected, "{lines} less {discount}");
    }

    #[test]
    fn vat_is_found_inside_or_put_on_top_of_each_line() {
        check("3000×5000000-0%12", 0, false, "15000000+1800000 = 16800000");
        check("3000×5600000-0%12", 0, true, "15000000+1800000 = 16800000");
        check("1000×10000-0%0 1000×11200-0%12", 0, true, "10000+0 10000+1200 = 21200");
        // 0.5 tiyin is rounded away from zero, a line at a time.
        check("500×1-0%0 500×1-0%0", 0, true, "1+0 1+0 = 2");
        check("1000×4-0%12", 0, false, "4+0 = 4");
    }

    #[test]
    fn discounts_come_off_before_vat_and_are_spread_to_the_tiyin() {
        check("2000×100-25%0", 0, true, "150+0 = 150");
        check("1000×333-50%0", 0, true, "166+0 = 166");
        check("1000×100-0%0 1000×100-0%0 1000×100-0%0", 100, true, "67+0 66+0 67+0 = 200");
        check("1000×11200-0%12 1000×10000-0%0", 5300, true, "7500+900 7500+0 = 15900");
        check("1000×100-0%0", 100, true, "0+0 = 0");
    }

    #[test]
    fn discounts_above_what_they_are_taken_off_are_named() {
        check(
            "1000×100-101%12 1000×100-0%12",
            -1,
            true,
            "lines.0.discount: sales-percent-out-of-range, discount: sales-discount-out-of-range",
        );
        check("1000×100-50%12", 51, true, "discount: sales-discount-out-of-range");
        check("9223372036854775807×100000-0%12", 0, true, "lines.0.price: kernel-number-too-large");
    }

    #[test]
    fn a_fee_carries_vat_and_no_discount() {
        let fee = Fee { amount: Money::from_tiyin(1_120), vat_rate: Rate::from_percent(12) };
        let counted = count(&terms("1000×1000-0%0"), Money::from_tiyin(1_000), fee, true).unwrap();
        assert_eq!(counted.delivery.net, Money::from_tiyin(1_000));
        assert_eq!(counted.whole.total, Money::from_tiyin(1_120));
    }

    #[test]
    fn given_sums_stand_as_given() {
        let som = Money::from_som;
        let amounts = given(som(500_000), som(75_000), som(50_000)).unwrap();
        assert_eq!((amounts.net, amounts.vat, amounts.total), (som(425_000), som(75_000), som(500_000)));
        assert!(given(som(10), som(11), som(0)).is_err());
        assert!(given(som(-1), som(0), som(0)).is_err());
        assert!(given(som(i64::MAX), som(0), som(0)).is_err());
    }

    fn line() -> impl Strategy<Value = Terms> {
        let amounts = (1_i64..100_000, 0_i64..10_000_000, 0_i64..=10_000, 0_i64..=20);
        amounts.prop_map(|(quantity, price, off, rate)| Terms {
            quantity: Quantity::from_thousandths(quantity),
            price: Money::from_tiyin(price),
            discount: Rate::from_basis_points(off),
            vat_rate: Rate::from_percent(rate),
        })
    }

    proptest! {
        #[test]
        fn lines_add_up_and_the_whole_discount_is_spread(
            lines in prop::collection::vec(line(), 1..20), off in 0_i64..=100, includes_vat in any::<bool>(),
        ) {
            let base = |l: &Terms| {
                let gross = l.price.times(l.quantity).unwrap();
                gross.minus(gross.percent(l.discount).unwrap()).unwrap().tiyin()
            };
            let bases: i64 = lines.iter().map(base).sum();
            let discount = bases * off / 100;
            let counted = count(&lines, Money::from_tiyin(discount), Fee::default(), includes_vat).unwrap();
            let sum = |of: fn(&Amounts) -> Money| counted.lines.iter().map(|a| of(a).tiyin()).sum::<i64>();
            prop_assert_eq!(sum(|a| a.net), counted.whole.net.tiyin());
            prop_assert_eq!(sum(|a| a.vat), counted.whole.vat.tiyin());
            prop_assert_eq!(counted.whole.net.tiyin() + counted.whole.vat.tiyin(), counted.whole.total.tiyin());
            let base = if includes_vat { counted.whole.total } else { counted.whole.net };
            prop_assert_eq!(base.tiyin(), bases - discount);
            prop_assert!(counted.lines.iter().all(|a| !a.net.is_negative() && !a.vat.is_negative()));
        }
    }
}
