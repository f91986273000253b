//! Which warehouse keeps what for whom. Pure.

use std::collections::HashMap;

use catalog::Product;
use kernel::{Id, Quantity, Result};
use uuid::Uuid;

use crate::{Balance, Warehouse};

/// What an order wants kept for one of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReserveLine {
    /// The product.
    pub product: Id<Product>,
    /// How much, above zero.
    pub quantity: Quantity,
    /// The order.
    pub source: Uuid,
    /// The order's line.
    pub line: Uuid,
}

/// What one warehouse keeps for a line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    /// The order.
    pub source: Uuid,
    /// The order's line.
    pub line: Uuid,
    /// Where it is kept.
    pub warehouse: Id<Warehouse>,
    /// The product.
    pub product: Id<Product>,
    /// How much.
    pub quantity: Quantity,
}

/// Why nothing was kept: too little is left of one product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// The product.
    pub product: Id<Product>,
    /// How much of it all the lines together want.
    pub wanted: Quantity,
    /// How much of it is left.
    pub left: Quantity,
}

/// Finds goods for every line, in the warehouses as they come (the first first); a line may be kept in parts. What
/// is in none of them is promised by the first warehouse that may go below zero. Changes the balances; answers the
/// first shortage otherwise, and the balances are then of no use.
pub(crate) fn allocate(
    warehouses: &[Warehouse],
    balances: &mut [Balance],
    lines: &[ReserveLine],
) -> Result<Result<Vec<Reservation>, Shortage>> {
    let places: HashMap<_, _> =
        balances.iter().enumerate().map(|(place, b)| ((b.warehouse, b.product), place)).collect();
    let mut kept = Vec::with_capacity(lines.len());
    for line in lines {
        let ReserveLine { product, quantity, source, line } = *line;
        let mut rest = quantity;
        let mut keep = |warehouse, quantity| {
            kept.push(Reservation { source, line, warehouse, product, quantity });
        };
        let mut owing = None;
        for warehouse in warehouses.iter().filter(|warehouse| warehouse.active) {
            let balance = places.get(&(warehouse.id, product)).and_then(|place| balances.get_mut(*place));
            let Some(balance) = balance else { continue };
            let take = balance.free()?.min(rest);
            if take.is_positive() {
                balance.reserve(take)?;
                rest = rest.minus(take)?;
                keep(warehouse.id, take);
            }
            if balance.may_be_negative && owing.is_none() {
                owing = Some(warehouse.id);
            }
        }
        if !rest.is_positive() {
            continue;
        }
        let balance = owing.and_then(|id| places.get(&(id, product))).and_then(|at| balances.get_mut(*at));
        let Some(balance) = balance else {
            return Ok(Err(shortage(warehouses, balances, lines, &kept, product)?));
        };
        balance.reserve(rest)?;
        let there = kept.iter_mut().find(|r| r.line == line && r.warehouse == balance.warehouse);
        match there {
            Some(reservation) => reservation.quantity = reservation.quantity.plus(rest)?,
            None => {
                kept.push(Reservation {
                    source,
                    line,
                    warehouse: balance.warehouse,
                    product,
                    quantity: rest,
                });
            }
        }
    }
    Ok(Ok(kept))
}

/// What is told of a product of which too little is left: as it was before this order took any of it.
fn shortage(
    warehouses: &[Warehouse],
    balances: &[Balance],
    lines: &[ReserveLine],
    kept: &[Reservation],
    product: Id<Product>,
) -> Result<Shortage> {
    let active = |b: &&Balance| warehouses.iter().any(|w| w.active && w.id == b.warehouse);
    let now = balances.iter().filter(|b| b.product == product).filter(active);
    let now = now.map(|b| Ok(b.free()?.max(Quantity::ZERO))).collect::<Result<Vec<_>>>()?;
    let taken = kept.iter().filter(|r| r.product == product).map(|r| r.quantity);
    let wanted = Quantity::sum(lines.iter().filter(|l| l.product == product).map(|l| l.quantity))?;
    Ok(Shortage { product, wanted, left: Quantity::sum(now.into_iter().chain(taken))? })
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;

    fn uuid(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn warehouse(n: u128, may_be_negative: bool, active: bool) -> Warehouse {
        Warehouse {
            id: Id::from_uuid(uuid(n)),
            number: 1,
            name: String::new(),
            is_default: n == 1,
            may_be_negative,
            active,
            created_at: Timestamp::default(),
        }
    }

    /// `stock` is `warehouse:product=on_hand/reserved`, `wanted` is `product=quantity` a line, both in units; a
    /// warehouse 8 may go below zero, a warehouse 9 is closed. The answer is `line:warehouse=quantity`.
    #[track_caller]
    fn check(stock: &str, wanted: &str, expected: &str) {
        let number = |text: &str| text.parse::<u128>().unwrap();
        let units = |text: &str| Quantity::from_units(text.parse().unwrap());
        let warehouses = [1, 2, 8, 9].map(|n| warehouse(n, n == 8, n != 9));
        let mut balances: Vec<Balance> = stock
            .split_whitespace()
            .map(|one| {
                let (place, held) = one.split_once('=').unwrap();
                let (warehouse, product) = place.split_once(':').unwrap();
                let (on_hand, reserved) = held.split_once('/').unwrap();
                let warehouse = number(warehouse);
                let id = Id::from_uuid(uuid(warehouse));
                Balance {
                    on_hand: units(on_hand),
                    reserved: units(reserved),
                    ..Balance::empty(id, Id::from_uuid(uuid(number(product))), warehouse == 8)
                }
            })
            .collect();
        let lines: Vec<ReserveLine> = wanted
            .split_whitespace()
            .enumerate()
            .map(|(place, one)| {
                let (product, quantity) = one.split_once('=').unwrap();
                ReserveLine {
                    product: Id::from_uuid(uuid(number(product))),
                    quantity: units(quantity),
                    source: uuid(100),
                    line: uuid(u128::try_from(place).unwrap()),
                }
            })
            .collect();
        let found = match allocate(&warehouses, &mut balances, &lines).unwrap() {
            Ok(kept) => kept
                .iter()
                .map(|r| format!("{}:{}={}", r.line.as_u128(), r.warehouse.uuid().as_u128(), r.quantity))
                .collect::<Vec<_>>()
                .join(" "),
            Err(Shortage { product, wanted, left }) => {
                format!("short of {}: {wanted} wanted, {left} left", product.uuid().as_u128())
            }
        };
        assert_eq!(found, expected, "{stock} → {wanted}");
    }

    #[test]
    fn a_line_is_kept_in_the_first_warehouses_that_have_it() {
        check("1:5=10/0", "5=4", "0:1=4");
        check("1:5=10/8 2:5=10/0", "5=4", "0:1=2 0:2=2");
        check("1:5=1/0 2:5=10/0 1:6=3/0", "5=4 6=3", "0:1=1 0:2=3 1:1=3");
        check("1:5=4/0", "5=2 5=2", "0:1=2 1:1=2");
    }

    #[test]
    fn too_little_is_told_with_what_is_left_for_the_whole_order() {
        check("1:5=4/1", "5=4", "short of 5: 4 wanted, 3 left");
        check("1:5=4/0", "5=3 5=2", "short of 5: 5 wanted, 4 left");
        check("", "5=1", "short of 5: 1 wanted, 0 left");
        check("1:5=9/0 1:6=0/0", "5=1 6=1", "short of 6: 1 wanted, 0 left");
    }

    #[test]
    fn a_closed_warehouse_gives_nothing_and_an_open_handed_one_the_rest() {
        check("9:5=10/0", "5=1", "short of 5: 1 wanted, 0 left");
        check("1:5=1/0 8:5=1/0", "5=5", "0:1=1 0:8=4");
        check("8:5=0/3", "5=5", "0:8=5");
    }
}
