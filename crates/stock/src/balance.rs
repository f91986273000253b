//! What stands of one product in one warehouse, and how it changes: quantities, reservations and the
//! weighted-average cost. Pure.

use catalog::Product;
use kernel::{Id, Money, Quantity, Result};

use crate::Warehouse;

/// What stands of one product in one warehouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Where.
    pub warehouse: Id<Warehouse>,
    /// What.
    pub product: Id<Product>,
    /// How much lies there.
    pub on_hand: Quantity,
    /// How much of it is promised to orders.
    pub reserved: Quantity,
    /// What it cost, all of it.
    pub value: Money,
    /// How many moves it is the sum of.
    pub moves: i64,
    /// Whether more may go out than lies there.
    pub may_be_negative: bool,
}

/// A change of quantity and value; a move records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// In when above zero, out when below.
    pub quantity: Quantity,
    /// The cost that came or went with it.
    pub value: Money,
}

impl Balance {
    /// A product that never was in this warehouse.
    pub fn empty(warehouse: Id<Warehouse>, product: Id<Product>, may_be_negative: bool) -> Self {
        Self {
            warehouse,
            product,
            on_hand: Quantity::ZERO,
            reserved: Quantity::ZERO,
            value: Money::ZERO,
            moves: 0,
            may_be_negative,
        }
    }

    /// What is there and not promised; below zero where the warehouse allows it.
    pub fn free(&self) -> Result<Quantity> {
        self.on_hand.minus(self.reserved)
    }

    /// Whether `quantity` may go out or be promised.
    pub fn has_free(&self, quantity: Quantity) -> Result<bool> {
        Ok(self.may_be_negative || self.free()? >= quantity)
    }

    /// What one unit cost on average; `None` when nothing is there to tell.
    pub fn average_cost(&self) -> Result<Option<Money>> {
        if self.on_hand.is_zero() {
            return Ok(None);
        }
        part_of(self.value, Quantity::ONE, self.on_hand).map(Some)
    }

    /// Promises `quantity`.
    pub fn reserve(&mut self, quantity: Quantity) -> Result<()> {
        self.reserved = self.reserved.plus(quantity)?;
        Ok(())
    }

    /// Takes the promise of `quantity` back.
    pub fn release(&mut self, quantity: Quantity) -> Result<()> {
        self.reserved = self.reserved.minus(quantity)?;
        Ok(())
    }

    /// Goods come in that cost `value`. The second change, when there is one, corrects the value of what went out
    /// before it was there: goods sold from below zero were valued at a guess, and now the cost is known.
    pub fn receive(&mut self, quantity: Quantity, value: Money) -> Result<(Change, Option<Change>)> {
        let before = self.clone();
        self.on_hand = self.on_hand.plus(quantity)?;
        self.value = self.value.plus(value)?;
        let incoming = Change { quantity, value };
        if !before.on_hand.is_negative() {
            return Ok((incoming, None));
        }
        let right = if self.on_hand.is_negative() {
            part_of(before.value, self.on_hand, before.on_hand)?
        } else {
            value.share(self.on_hand, quantity)?
        };
        let correction = right.minus(self.value)?;
        self.value = right;
        let correction = Change { quantity: Quantity::ZERO, value: correction };
        Ok((incoming, (!correction.value.is_zero()).then_some(correction)))
    }

    /// Goods go out at the average cost; the last unit takes the remainder with it. `guess` is the cost of a unit
    /// when nothing is there to tell what it cost.
    pub fn issue(&mut self, quantity: Quantity, guess: Money) -> Result<Change> {
        let cost = if self.on_hand.is_zero() {
            guess.times(quantity)?
        } else {
            part_of(self.value, quantity, self.on_hand)?
        };
        self.on_hand = self.on_hand.minus(quantity)?;
        self.value = if self.on_hand.is_zero() { Money::ZERO } else { self.value.minus(cost)? };
        Ok(Change { quantity: Quantity::ZERO.minus(quantity)?, value: Money::ZERO.minus(cost)? })
    }
}

/// The part of `value` that `part` is of `whole`, which is not zero and may be below it.
fn part_of(value: Money, part: Quantity, whole: Quantity) -> Result<Money> {
    if whole.is_negative() {
        Money::ZERO.minus(value)?.share(part, Quantity::ZERO.minus(whole)?)
    } else {
        value.share(part, whole)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn balance(units: i64, value: i64) -> Balance {
        Balance {
            on_hand: Quantity::from_thousandths(units),
            value: Money::from_tiyin(value),
            may_be_negative: true,
            ..Balance::empty(
                Id::from_uuid(uuid::Uuid::from_u128(1)),
                Id::from_uuid(uuid::Uuid::from_u128(2)),
                true,
            )
        }
    }

    /// `+q@value` comes in, `-q` goes out; thousandths and tiyin. Answers `on_hand value`, and corrections.
    #[track_caller]
    fn check(story: &str, expected: &str) {
        let mut held = balance(0, 0);
        let mut corrections = String::new();
        for step in story.split_whitespace() {
            if let Some((quantity, value)) = step.strip_prefix('+').and_then(|rest| rest.split_once('@')) {
                let quantity = Quantity::from_thousandths(quantity.parse().unwrap());
                let value = Money::from_tiyin(value.parse().unwrap());
                if let (_, Some(correction)) = held.receive(quantity, value).unwrap() {
                    corrections.push_str(&format!(" {:+}", correction.value.tiyin()));
                }
            } else {
                let quantity: i64 = step.strip_prefix('-').unwrap().parse().unwrap();
                held.issue(Quantity::from_thousandths(quantity), Money::from_tiyin(70)).unwrap();
            }
        }
        let found = format!("{} {}{corrections}", held.on_hand.thousandths(), held.value.tiyin());
        assert_eq!(found, expected, "{story}");
    }

    #[test]
    fn goods_go_out_at_the_average_and_the_last_takes_the_remainder() {
        check("+3000@100", "3000 100");
        check("+3000@100 -1000", "2000 67");
        check("+3000@100 -1000 -1000", "1000 33");
        check("+3000@100 -1000 -1000 -1000", "0 0");
        check("+1000@100 +1000@200 -1000", "1000 150");
        check("+1@1 -1", "0 0");
    }

    #[test]
    fn below_zero_goods_go_at_the_last_average_and_the_next_receipt_corrects_it() {
        // Five were there at 90 a unit, seven went out: two below zero at the same 90.
        check("+5000@450 -7000", "-2000 -180");
        // Nothing was ever there: the guess, 70 a unit.
        check("-2000", "-2000 -140");
        // Two arrive at 100: they fill the hole, and 20 more were spent than was thought.
        check("+5000@450 -7000 +2000@200", "0 0 -20");
        // Five arrive at 100: three stay, at what they cost.
        check("+5000@450 -7000 +5000@500", "3000 300 -20");
        // One arrives at 100: one is still owed, at 90.
        check("+5000@450 -7000 +1000@100", "-1000 -90 -10");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(balance(1, 1).receive(Quantity::from_thousandths(i64::MAX), Money::ZERO).is_err());
        assert!(balance(1, 1).receive(Quantity::ONE, Money::from_tiyin(i64::MAX)).is_err());
    }

    proptest! {
        #[test]
        fn value_is_the_sum_of_changes_and_has_the_sign_of_its_quantity(
            steps in prop::collection::vec((any::<bool>(), 1_i64..100_000, 0_i64..10_000_000), 1..60),
        ) {
            let mut held = balance(0, 0);
            let (mut quantity, mut value) = (0, 0);
            for (comes, amount, cost) in steps {
                let amount = Quantity::from_thousandths(amount);
                let changes = if comes {
                    let (first, second) = held.receive(amount, Money::from_tiyin(cost)).unwrap();
                    [Some(first), second]
                } else {
                    [Some(held.issue(amount, Money::from_tiyin(500)).unwrap()), None]
                };
                for change in changes.into_iter().flatten() {
                    quantity += change.quantity.thousandths();
                    value += change.value.tiyin();
                }
                prop_assert_eq!((held.on_hand.thousandths(), held.value.tiyin()), (quantity, value));
                let (on_hand, worth) = (quantity.signum(), value.signum());
                prop_assert!(worth == 0 || worth == on_hand, "{} units worth {}", quantity, value);
            }
        }
    }
}
