//! Goods held for a change: their balances locked, changed, written back with their moves.

use std::collections::BTreeMap;

use catalog::Product;
use context::{Ctx, Event};
use db::Tx;
use kernel::{Date, Error, Id, Money, Quantity, Result, Text};
use serde_json::json;
use uuid::Uuid;

use crate::{Balance, Change, Move, MoveKind, STOCK_CHANGED, Warehouse, batch::ROWS_PER_STATEMENT, store};

/// Why goods move: what all the moves of one document share.
#[derive(Debug, Clone)]
pub(crate) struct Cause {
    pub(crate) kind: MoveKind,
    pub(crate) source: Uuid,
    pub(crate) moved_on: Date,
    pub(crate) note: String,
}

/// Where a product lies.
pub(crate) type Place = (Id<Warehouse>, Id<Product>);

/// The balances of some products, locked until the transaction ends.
pub(crate) struct Held {
    balances: BTreeMap<Place, Balance>,
    moves: Vec<Move>,
    cause: Cause,
}

impl Held {
    /// Locks the balances of these products in this warehouse, in the order of the product, and makes those that are
    /// not there yet.
    pub(crate) fn lock(
        ctx: &Ctx,
        tx: &mut Tx,
        warehouse: &Warehouse,
        products: impl IntoIterator<Item = Id<Product>>,
        cause: Cause,
    ) -> Result<Self> {
        let mut products: Vec<_> = products.into_iter().collect();
        products.sort_unstable();
        products.dedup();
        let mut balances = BTreeMap::new();
        for some in products.chunks(ROWS_PER_STATEMENT) {
            let mut found = store::balances::lock(ctx, tx, warehouse.id, some)?;
            if found.len() < some.len() {
                let absent: Vec<Balance> = some
                    .iter()
                    .filter(|id| !found.iter().any(|balance| balance.product == **id))
                    .map(|id| Balance::empty(warehouse.id, *id, warehouse.may_be_negative))
                    .collect();
                store::balances::insert_absent(ctx, tx, &absent)?;
                found = store::balances::lock(ctx, tx, warehouse.id, some)?;
            }
            balances.extend(found.into_iter().map(|balance| ((balance.warehouse, balance.product), balance)));
        }
        Ok(Self { balances, moves: Vec::new(), cause })
    }

    /// These balances, which the transaction has locked already.
    pub(crate) fn of(balances: Vec<Balance>, cause: Cause) -> Self {
        let balances = balances.into_iter().map(|balance| ((balance.warehouse, balance.product), balance));
        Self { balances: balances.collect(), moves: Vec::new(), cause }
    }

    /// What stands of a product.
    pub(crate) fn balance(&self, place: Place) -> Result<&Balance> {
        self.balances.get(&place).ok_or_else(|| Error::internal("a balance that was not locked"))
    }

    fn balance_mut(&mut self, place: Place) -> Result<&mut Balance> {
        self.balances.get_mut(&place).ok_or_else(|| Error::internal("a balance that was not locked"))
    }

    /// Goods come in that cost `value`.
    pub(crate) fn receive(
        &mut self,
        ctx: &Ctx,
        place: Place,
        quantity: Quantity,
        value: Money,
    ) -> Result<()> {
        let balance = self.balance_mut(place)?;
        let before = balance.clone();
        let (change, correction) = balance.receive(quantity, value)?;
        let kind = self.cause.kind;
        self.record(ctx, place, kind, &before, change)?;
        if let Some(correction) = correction {
            let on_hand = before.on_hand.plus(quantity)?;
            let between = Balance { on_hand, value: before.value.plus(value)?, ..before };
            self.record(ctx, place, MoveKind::Revaluation, &between, correction)?;
        }
        Ok(())
    }

    /// Goods go out at what they cost; answers that. More than is free is refused with the product's name.
    pub(crate) fn issue(
        &mut self,
        ctx: &Ctx,
        warehouse: Id<Warehouse>,
        product: &Product,
        quantity: Quantity,
    ) -> Result<Money> {
        let place = (warehouse, product.id);
        let balance = self.balance_mut(place)?;
        let before = balance.clone();
        if !before.has_free(quantity)? {
            return Err(not_enough(ctx, product, before.free()?));
        }
        let change = balance.issue(quantity, product.purchase_price)?;
        let kind = self.cause.kind;
        self.record(ctx, place, kind, &before, change)?;
        Money::ZERO.minus(change.value)
    }

    /// Promised goods are free again.
    pub(crate) fn release(&mut self, place: Place, quantity: Quantity) -> Result<()> {
        self.balance_mut(place)?.release(quantity)
    }

    /// Goods are promised, whether they are there or not.
    pub(crate) fn reserve(&mut self, place: Place, quantity: Quantity) -> Result<()> {
        self.balance_mut(place)?.reserve(quantity)
    }

    fn record(
        &mut self,
        ctx: &Ctx,
        place: Place,
        kind: MoveKind,
        before: &Balance,
        change: Change,
    ) -> Result<()> {
        let Cause { kind: _, source, moved_on, note } = self.cause.clone();
        let balance = self.balance_mut(place)?;
        balance.moves += 1;
        let ordinal = balance.moves;
        let Change { quantity, value } = change;
        self.moves.push(Move {
            id: ctx.new_id(),
            warehouse: before.warehouse,
            product: before.product,
            ordinal,
            kind,
            quantity,
            value,
            on_hand_after: before.on_hand.plus(quantity)?,
            value_after: before.value.plus(value)?,
            source,
            moved_on,
            at: ctx.now(),
            note,
        });
        Ok(())
    }

    /// Writes the balances and their moves, and tells that they changed.
    pub(crate) fn write(self, ctx: &Ctx, tx: &mut Tx) -> Result<Vec<Move>> {
        let Self { balances, moves, cause } = self;
        if moves.is_empty() {
            return Ok(moves);
        }
        let mut products: Vec<_> = moves.iter().map(|one| one.product).collect();
        products.sort_unstable();
        products.dedup();
        let balances: Vec<_> = balances.into_values().collect();
        store::balances::update(ctx, tx, &balances)?;
        store::moves::insert(ctx, tx, &moves)?;
        let source: Id<()> = Id::from_uuid(cause.source);
        ctx.emit(tx, Event::new(STOCK_CHANGED, source).with(&json!({ "products": products }))?)?;
        Ok(moves)
    }
}

/// Too little of a product is left.
pub(crate) fn not_enough(ctx: &Ctx, product: &Product, left: Quantity) -> Error {
    let text = Text::new("stock-not-enough")
        .with("product", product.name.get(ctx.lang()))
        .with("left", left.max(Quantity::ZERO))
        .with("unit", product.unit_in(ctx.lang()));
    Error::conflict(text)
}
