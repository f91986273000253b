//! Goods that go to customers and come back: what is said, and what it cost. Pure.

use catalog::Product;
use kernel::{Date, Id, Money, Quantity, Result};
use uuid::Uuid;

use crate::{Reservation, Warehouse};

/// Goods that go out for an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deliver {
    /// The order whose goods go.
    pub source: Uuid,
    /// The document that sends them; its moves name it.
    pub document: Uuid,
    /// The business date.
    pub on: Date,
    /// Whether they are promised to the order. What is not is taken from what is free.
    pub promised: bool,
    /// What goes, one row a line of the order.
    pub lines: Vec<DeliverLine>,
}

/// What goes of one line of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliverLine {
    /// The order's line.
    pub line: Uuid,
    /// The product.
    pub product: Id<Product>,
    /// How much, above zero.
    pub quantity: Quantity,
}

/// What went of one line from one warehouse, or came back to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivered {
    /// The order's line.
    pub line: Uuid,
    /// From where.
    pub warehouse: Id<Warehouse>,
    /// The product.
    pub product: Id<Product>,
    /// How much.
    pub quantity: Quantity,
    /// What it cost.
    pub cost: Money,
}

/// Goods that come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeBack {
    /// The document that takes them; its moves name it.
    pub document: Uuid,
    /// The business date.
    pub on: Date,
    /// What comes, where it goes, and what it had cost.
    pub pieces: Vec<Delivered>,
    /// Promised to this order again, as they were before they went.
    pub promise_to: Option<Uuid>,
}

/// What goes of the promises of an order, and what stays promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) pieces: Vec<Reservation>,
    pub(crate) left: Vec<Reservation>,
}

/// What the lines take of the promises, and what stays promised. A line of which less is promised than it takes is
/// answered with what is missing.
pub(crate) fn take(promises: Vec<Reservation>, lines: &[DeliverLine]) -> Result<Result<Taken, DeliverLine>> {
    let mut wanted = lines.to_vec();
    let (mut pieces, mut left) = (Vec::with_capacity(promises.len()), Vec::new());
    for promise in promises {
        let line = wanted.iter_mut().find(|line| line.line == promise.line);
        let take = line.as_ref().map_or(Quantity::ZERO, |line| line.quantity.min(promise.quantity));
        if let Some(line) = line {
            line.quantity = line.quantity.minus(take)?;
        }
        let rest = promise.quantity.minus(take)?;
        if take.is_positive() {
            pieces.push(Reservation { quantity: take, ..promise.clone() });
        }
        if rest.is_positive() {
            left.push(Reservation { quantity: rest, ..promise });
        }
    }
    match wanted.into_iter().find(|line| line.quantity.is_positive()) {
        Some(missing) => Ok(Err(missing)),
        None => Ok(Ok(Taken { pieces, left })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id<T>(n: u128) -> Id<T> {
        Id::from_uuid(Uuid::from_u128(n))
    }

    fn units(n: i64) -> Quantity {
        Quantity::from_units(n)
    }

    /// Promises are `line@warehouse:units`, lines `line:units`; the answer is what is taken, `|`, what is left.
    #[track_caller]
    fn check(promised: &str, wanted: &str, expected: &str) {
        let number = |text: &str| text.parse::<u128>().unwrap();
        let promises = promised.split_whitespace().map(|text| {
            let (line, rest) = text.split_once('@').unwrap();
            let (warehouse, quantity) = rest.split_once(':').unwrap();
            Reservation {
                source: Uuid::from_u128(1),
                line: Uuid::from_u128(number(line)),
                warehouse: id(number(warehouse)),
                product: id(7),
                quantity: units(quantity.parse().unwrap()),
            }
        });
        let lines: Vec<_> = wanted
            .split_whitespace()
            .map(|text| {
                let (line, quantity) = text.split_once(':').unwrap();
                let line = Uuid::from_u128(number(line));
                DeliverLine { line, product: id(7), quantity: units(quantity.parse().unwrap()) }
            })
            .collect();
        let words = |some: &[Reservation]| {
            let word = |r: &Reservation| {
                format!("{}@{}:{}", r.line.as_u128(), r.warehouse.uuid().as_u128(), r.quantity)
            };
            some.iter().map(word).collect::<Vec<_>>().join(" ")
        };
        let found = match take(promises.collect(), &lines).unwrap() {
            Ok(Taken { pieces, left }) => format!("{} | {}", words(&pieces), words(&left)),
            Err(missing) => format!("{} lacks {}", missing.line.as_u128(), missing.quantity),
        };
        assert_eq!(found, expected, "{wanted} of {promised}");
    }

    #[test]
    fn a_delivery_takes_from_the_promises_of_its_lines_and_leaves_the_rest() {
        check("1@1:5", "1:5", "1@1:5 | ");
        check("1@1:5", "1:2", "1@1:2 | 1@1:3");
        check("1@1:5 1@2:5", "1:7", "1@1:5 1@2:2 | 1@2:3");
        check("1@1:5 2@1:4", "2:4", "2@1:4 | 1@1:5");
        check("1@1:5", "1:6", "1 lacks 1");
        check("", "1:6", "1 lacks 6");
    }
}
