//! How documents of stock look to the books. Pure.
//!
//! | document | debit | credit |
//! |---|---|---|
//! | receipt | goods | suppliers; without a supplier, goods that were there when the books began |
//! | opening quantity | goods | opening |
//! | a count found more | goods | other income |
//! | a count found less | shortages | goods |
//! | goods sold from below zero turn out dearer | cost of goods | goods |

use catalog::Product;
use context::Ctx;
use kernel::{Id, Money, Result, Text};
use ledger::{NewEntry, NewLine, Role, Source};

use crate::{Move, MoveKind, Receipt};

/// The lines of the goods account for these moves, and those of what earlier sales cost more or less than was thought:
/// a line for each product in each warehouse. What stands on the other side is the document's to say.
pub fn goods_lines(mut entry: NewEntry, moves: &[Move]) -> Result<NewEntry> {
    for one in moves {
        let goods = |line: NewLine| line.product(one.product).warehouse(one.warehouse);
        entry = if one.value.is_negative() {
            entry.with(goods(NewLine::credit(Role::Goods, Money::ZERO.minus(one.value)?)))
        } else {
            entry.with(goods(NewLine::debit(Role::Goods, one.value)))
        };
        if one.kind == MoveKind::Revaluation {
            entry = entry.with(against(Role::CostOfGoods, one.value)?);
        }
    }
    Ok(entry)
}

/// The other side of `value` on the goods account.
fn against(role: Role, value: Money) -> Result<NewLine> {
    if value.is_negative() {
        Ok(NewLine::debit(role, Money::ZERO.minus(value)?))
    } else {
        Ok(NewLine::credit(role, value))
    }
}

/// A receipt that was posted; none when its goods cost nothing.
pub(crate) fn received(receipt: &Receipt, moves: &[Move]) -> Result<Option<NewEntry>> {
    let Receipt { id, number, supplier, received_on, total, .. } = receipt;
    let memo = Text::new("stock-memo-receipt").with("number", number.to_string());
    let source = Source::new("stock_receipt", *id, Some(*number));
    let entry = goods_lines(NewEntry::new(*received_on, source, "receipt", memo), moves)?;
    let entry = match supplier {
        Some(supplier) => entry.with(NewLine::credit(Role::Suppliers, *total).contact(*supplier)),
        None => entry.with(NewLine::credit(Role::Opening, *total)),
    };
    Ok(something(entry))
}

/// What a count or an opening quantity did; none when the goods cost nothing.
pub(crate) fn counted(
    ctx: &Ctx,
    product: &Product,
    document: Id<Move>,
    kind: MoveKind,
    moves: &[Move],
) -> Result<Option<NewEntry>> {
    let (key, word) = match kind {
        MoveKind::Opening => ("stock-memo-opening", "opening"),
        _ => ("stock-memo-adjustment", "adjustment"),
    };
    let memo = Text::new(key).with("product", product.code.as_str());
    let source = Source::new("stock_adjustment", document, Some(product.number));
    let mut entry = goods_lines(NewEntry::new(ctx.today(), source, word, memo), moves)?;
    for one in moves.iter().filter(|one| one.kind == kind) {
        let role = match kind {
            MoveKind::Opening => Role::Opening,
            _ if one.value.is_negative() => Role::Shortages,
            _ => Role::OtherIncome,
        };
        entry = entry.with(against(role, one.value)?);
    }
    Ok(something(entry))
}

fn something(entry: NewEntry) -> Option<NewEntry> {
    (!entry.lines.is_empty()).then_some(entry)
}
