//! Staff and outside systems: what they write, and customers who want the last piece at the same moment.

use catalog::Product;
use context::Ctx;
use db::{Lane, ReadTx, Scope, Tx, params};
use futures::{executor::block_on, future::join_all};
use kernel::{Id, Kind, Money, Quantity, Rate};
use sales::{
    Delivery, DeliveryKind, Goods, NewLine, Order, OrderContent, PlaceLine, PlaceOrder, Source, Status,
};
use stock::{Adjust, AdjustBy, NewReceipt, NewReceiptLine};

use crate::world::World;

/// Buyers who want the same thing at once.
const BUYERS: usize = 5;

impl World {
    pub(crate) fn staff_step(&mut self) {
        match self.dice.below(28) {
            0..6 => self.check_out(),
            6..11 => self.confirm(),
            11..15 => self.cancel(),
            15..18 => self.write_order(),
            18..20 => self.change_order(),
            20..22 => self.take_in(),
            22..25 => self.count(),
            25..27 => self.change_price(),
            _ => self.switch_product(),
        }
    }

    fn any_product(&mut self) -> Id<Product> {
        let Self { dice, products, .. } = self;
        dice.pick(products).id
    }

    fn cart(&mut self) -> PlaceOrder {
        let Self { dice, customers, .. } = self;
        let customer = dice.pick(customers).id;
        let count = self.dice.between(1, 3);
        let lines = (0..count)
            .map(|_| PlaceLine {
                product: self.any_product(),
                quantity: Quantity::from_units(self.dice.between(1, 4)),
                expected_price: None,
            })
            .collect();
        PlaceOrder {
            customer,
            lines,
            delivery: Delivery { kind: DeliveryKind::Pickup, ..Delivery::default() },
            note: "O'Zbekiston ; -- \u{1F600}".to_owned(),
            expected_total: None,
            source: Source::Chat,
            chat_ref: None,
        }
    }

    /// A customer checks out, over no chat of ours.
    fn check_out(&mut self) {
        let cart = self.cart();
        let place = move |ctx: &Ctx, tx: &mut Tx<'_>| sales::place_order(ctx, tx, cart.clone());
        if let Some(order) = self.write("sales_order.place", place) {
            self.know(&order);
        }
    }

    /// Buyers want the same goods at the same moment: as many get them as there are.
    pub(crate) fn race(&mut self) {
        let wanted = self.any_product();
        let ctx = self.staff();
        let carts: Vec<PlaceOrder> = (0..BUYERS).map(|_| self.cart()).collect();
        let all = carts.into_iter().map(|mut cart| {
            cart.lines.truncate(1);
            cart.lines[0].product = wanted;
            let own = ctx.clone();
            let place = move |tx: &mut Tx<'_>| sales::place_order(&own, tx, cart.clone());
            self.db.write(&ctx, Lane::People, place)
        });
        for placed in block_on(join_all(all)) {
            match placed {
                Ok(order) => {
                    *self.owed.entry("sales_order.place").or_default() += 1;
                    self.know(&order);
                }
                Err(error) if error.kind() == Kind::Conflict => self.told.refused += 1,
                Err(error) => panic!("a race for goods: {error}"),
            }
        }
    }

    fn know(&mut self, order: &Order) {
        let Order { number, status, .. } = order;
        self.known.insert(*number, *status);
    }

    /// Any order there is, in one of these states.
    fn any_order(&mut self, states: &'static [Status]) -> Option<Id<Order>> {
        let ctx = self.staff();
        let scope = Scope::from(&ctx);
        let read = move |tx: &mut ReadTx<'_>| {
            tx.query(
                "SELECT id, status FROM sales_order WHERE workspace_id = $1 ORDER BY number",
                params![ctx.workspace()],
                |row| Ok((row.get::<Id<Order>>(0)?, row.get::<String>(1)?)),
            )
        };
        let all = self.db.read_now(scope, read).unwrap();
        let fit: Vec<_> =
            all.into_iter().filter(|(_, word)| states.iter().any(|state| state.word() == word)).collect();
        if fit.is_empty() { None } else { Some(self.dice.pick(&fit).0) }
    }

    fn confirm(&mut self) {
        // Also one that is cancelled already: refused.
        let Some(id) = self.any_order(&[Status::Draft, Status::New, Status::Cancelled]) else { return };
        let confirm = move |ctx: &Ctx, tx: &mut Tx<'_>| sales::confirm_order(ctx, tx, id);
        if let Some(order) = self.write("sales_order.confirm", confirm) {
            self.know(&order);
        }
    }

    fn cancel(&mut self) {
        let Some(id) = self.any_order(&Status::ALL) else { return };
        let cancel = move |ctx: &Ctx, tx: &mut Tx<'_>| sales::cancel_order(ctx, tx, id, "Mijoz soʻradi");
        if let Some(order) = self.write("sales_order.cancel", cancel) {
            self.know(&order);
        }
    }

    fn content(&mut self) -> OrderContent {
        let count = self.dice.between(1, 3);
        let lines = (0..count)
            .map(|_| NewLine {
                product: self.any_product(),
                quantity: Quantity::from_thousandths(self.dice.between(1, 3_000)),
                price: None,
                discount: Rate::from_basis_points(self.dice.between(0, 2_000)),
            })
            .collect();
        OrderContent { goods: Goods::Lines(lines), ..OrderContent::default() }
    }

    fn write_order(&mut self) {
        let content = self.content();
        let status = if self.dice.one_in(2) { Status::Draft } else { Status::New };
        let create = move |ctx: &Ctx, tx: &mut Tx<'_>| {
            sales::create_order(ctx, tx, Source::Staff, status, content.clone())
        };
        if let Some(order) = self.write("sales_order.create", create) {
            self.know(&order);
        }
    }

    fn change_order(&mut self) {
        let Some(id) = self.any_order(&[Status::Draft, Status::New, Status::Confirmed]) else { return };
        let content = self.content();
        let change =
            move |ctx: &Ctx, tx: &mut Tx<'_>| sales::update_order(ctx, tx, id, None, content.clone());
        self.write("sales_order.update", change);
    }

    /// Goods come in, in one go or as a draft that is posted later in the same write.
    fn take_in(&mut self) {
        let line = NewReceiptLine {
            product: self.any_product(),
            quantity: Quantity::from_units(self.dice.between(1, 12)),
            unit_cost: Money::from_som(self.dice.between(1, 900_000)),
        };
        let new = NewReceipt { lines: vec![line], ..NewReceipt::default() };
        let receive = move |ctx: &Ctx, tx: &mut Tx<'_>| stock::receive(ctx, tx, new.clone());
        if self.write("stock_receipt.post", receive).is_some() {
            *self.owed.entry("stock_receipt.create").or_default() += 1;
        }
    }

    /// Somebody counts a shelf. Goods that are promised do not go.
    fn count(&mut self) {
        let by = if self.dice.one_in(2) {
            AdjustBy::Difference(Quantity::from_units(self.dice.between(-3, 5)))
        } else {
            AdjustBy::Counted(Quantity::from_units(self.dice.between(0, 15)))
        };
        let input = Adjust {
            warehouse: None,
            product: self.any_product(),
            by,
            unit_cost: None,
            note: "Sanoq".to_owned(),
        };
        // The audit entry of a count that agrees is none; moves are counted against entries in the books.
        let adjust = move |ctx: &Ctx, tx: &mut Tx<'_>| stock::adjust(ctx, tx, input.clone());
        self.write("", adjust);
    }

    fn change_price(&mut self) {
        let id = self.any_product();
        let price = Money::from_som(self.dice.between(10, 900) * 1_000);
        let change = move |ctx: &Ctx, tx: &mut Tx<'_>| {
            let content =
                catalog::ProductContent { sale_price: price, ..catalog::get(ctx, tx, id)?.content() };
            catalog::update_product(ctx, tx, id, content)
        };
        self.write("", change);
    }

    fn switch_product(&mut self) {
        let id = self.any_product();
        let switch = move |ctx: &Ctx, tx: &mut Tx<'_>| {
            let active = catalog::get(ctx, tx, id)?.active;
            catalog::set_product_active(ctx, tx, id, !active)
        };
        self.write("", switch);
    }
}
