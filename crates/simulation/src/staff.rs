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

use crate::{work::Restock, world::World};

/// Buyers who want the same thing at once.
const BUYERS: usize = 5;

impl World {
    pub(crate) fn staff_step(&mut self) {
        match self.dice.below(49) {
            0..8 => self.check_out(),
            8..14 => self.confirm(),
            14..18 => self.cancel(),
            18..23 => self.write_order(),
            23..26 => self.change_order(),
            26..28 => self.submit(),
            28..29 => self.throw_away(),
            29..31 => self.take_in(),
            31..33 => self.take_in_by_steps(),
            33..38 => self.order_goods(),
            38..42 => self.count(),
            42..46 => self.change_price(),
            46..48 => self.switch_product(),
            _ => self.delete_product(),
        }
    }

    pub(crate) fn any_product(&mut self) -> Id<Product> {
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
            delivery: self.delivery(),
            note: "O'Zbekiston ; -- \u{1F600}".to_owned(),
            expected_total: None,
            source: if self.dice.one_in(2) { Source::Api } else { Source::Chat },
            chat_ref: None,
        }
    }

    /// Fetched, or brought for a fee whose VAT is no whole number.
    fn delivery(&mut self) -> Delivery {
        if self.dice.one_in(2) {
            return Delivery { kind: DeliveryKind::Pickup, ..Delivery::default() };
        }
        let fee = Money::from_tiyin(self.dice.between(0, 4_000_000));
        Delivery {
            kind: DeliveryKind::Delivery,
            address: "Chilonzor 5".to_owned(),
            fee,
            ..Delivery::default()
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
                // Too little is left, or the product was deleted.
                Err(error) if matches!(error.kind(), Kind::Conflict | Kind::Invalid) => {
                    self.told.refused += 1
                }
                Err(error) => panic!("a race for goods: {error}"),
            }
        }
    }

    pub(crate) fn know(&mut self, order: &Order) {
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
        let delivery = self.delivery();
        let discount = Money::from_tiyin(self.dice.between(0, 3) * 333);
        OrderContent { goods: Goods::Lines(lines), delivery, discount, ..OrderContent::default() }
    }

    fn write_order(&mut self) {
        let content = self.content();
        let status = *self.dice.pick(&[Status::Draft, Status::New, Status::New, Status::Confirmed]);
        let source = if self.dice.one_in(2) { Source::Staff } else { Source::Api };
        let create =
            move |ctx: &Ctx, tx: &mut Tx<'_>| sales::create_order(ctx, tx, source, status, content.clone());
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

    fn submit(&mut self) {
        let Some(id) = self.any_order(&[Status::Draft, Status::New]) else { return };
        let submit = move |ctx: &Ctx, tx: &mut Tx<'_>| sales::submit_order(ctx, tx, id);
        if let Some(order) = self.write("sales_order.submit", submit) {
            self.know(&order);
        }
    }

    fn throw_away(&mut self) {
        let Some(id) = self.any_order(&[Status::Draft, Status::New]) else { return };
        let throw = move |ctx: &Ctx, tx: &mut Tx<'_>| {
            let order = sales::get_order(ctx, tx, id)?;
            sales::delete_order(ctx, tx, id).map(|()| order)
        };
        if let Some(order) = self.write("sales_order.delete", throw) {
            self.known.remove(&order.number);
            self.thrown_away.insert(order.number, order.kept_at_once);
        }
    }

    /// Two people at one order at once: one confirms it, the other cancels it, a third counts its shelf.
    pub(crate) fn clash(&mut self) {
        let Some(id) = self.any_order(&[Status::New]) else { return };
        let ctx = self.staff();
        let (confirming, cancelling, reading) = (ctx.clone(), ctx.clone(), ctx.clone());
        let confirm = self.db.write(&ctx, Lane::People, move |tx| sales::confirm_order(&confirming, tx, id));
        let cancel =
            self.db.write(&ctx, Lane::People, move |tx| sales::cancel_order(&cancelling, tx, id, "Kutmadi"));
        let (confirmed, cancelled) = block_on(async { futures::join!(confirm, cancel) });
        for outcome in [confirmed, cancelled] {
            match outcome {
                Ok(_) => {}
                Err(error) if error.kind() == Kind::Conflict => self.told.refused += 1,
                Err(error) => panic!("two people at one order: {error}"),
            }
        }
        let order = self.db.read_now(&ctx, move |tx| sales::get_order(&reading, tx, id)).unwrap();
        assert_eq!(order.status, Status::Cancelled, "whoever came first, it is cancelled in the end");
        if order.source != Source::Chat || order.chat_ref.is_none() {
            self.know(&order);
        }
    }

    /// A receipt is written, changed, and posted or thrown away, each by itself: the process may die in between.
    fn take_in_by_steps(&mut self) {
        let new = |world: &mut Self| {
            let line = NewReceiptLine {
                product: world.any_product(),
                quantity: Quantity::from_units(world.dice.between(1, 6)),
                unit_cost: Money::from_tiyin(world.dice.between(0, 9_999_999)),
            };
            NewReceipt { lines: vec![line], ..NewReceipt::default() }
        };
        let first = new(self);
        let create = move |ctx: &Ctx, tx: &mut Tx<'_>| stock::create_receipt(ctx, tx, first.clone());
        let Some(receipt) = self.write("", create) else { return };
        if self.dice.one_in(self.crash_every) {
            self.crash();
        }
        let second = new(self);
        let id = receipt.id;
        let update =
            move |ctx: &Ctx, tx: &mut Tx<'_>| stock::update_receipt(ctx, tx, id, None, second.clone());
        self.write("", update);
        if self.dice.one_in(4) {
            self.write("", move |ctx: &Ctx, tx: &mut Tx<'_>| stock::delete_receipt(ctx, tx, id));
        } else {
            self.write("", move |ctx: &Ctx, tx: &mut Tx<'_>| stock::post_receipt(ctx, tx, id));
        }
    }

    /// Goods are ordered from a supplier; a job takes them in.
    fn order_goods(&mut self) {
        let mark = format!("Yetkazma {}", self.told.restocks + self.told.lost_writes + self.told.refused);
        let units = self.dice.between(1, 5);
        // Of a product that stays: a job whose product is gone would fail for good.
        let product = self.products[0].id;
        let restock = Restock { mark: format!("{mark} {}", self.told.restocks), product, units };
        let asked = restock.clone();
        if self.write("", move |ctx: &Ctx, tx: &mut Tx<'_>| asked.enqueue(ctx, tx)).is_some() {
            self.told.restocks += 1;
            self.restocked.push(restock.mark);
        }
    }

    /// A product goes for good, under whatever carts it lies in; another comes in its place.
    fn delete_product(&mut self) {
        let place = self.dice.below(self.products.len() - 1) + 1;
        let id = self.products[place].id;
        let gone = self.write("", move |ctx: &Ctx, tx: &mut Tx<'_>| catalog::delete_product(ctx, tx, id));
        if gone.is_none() {
            return;
        }
        let (code, price) =
            (format!("YN-{}-{}", place, self.told.products_replaced), self.dice.between(10, 900));
        let name = format!("Artel televizori {}", self.told.products_replaced);
        let new = catalog::ProductContent::new(code, name, Money::from_som(price * 1_000));
        let created = self.write("", move |ctx: &Ctx, tx: &mut Tx<'_>| {
            let product = catalog::create_product(ctx, tx, new.clone())?;
            let line = NewReceiptLine {
                product: product.id,
                quantity: Quantity::from_units(9),
                unit_cost: Money::from_som(9_000),
            };
            stock::receive(ctx, tx, NewReceipt { lines: vec![line], ..NewReceipt::default() })?;
            Ok(product)
        });
        if let Some(product) = created {
            self.told.products_replaced += 1;
            self.products[place] = product;
        }
    }

    /// Goods come in, in one go.
    fn take_in(&mut self) {
        let line = NewReceiptLine {
            product: self.any_product(),
            quantity: Quantity::from_units(self.dice.between(1, 12)),
            unit_cost: Money::from_som(self.dice.between(1, 900_000)),
        };
        let new = NewReceipt { lines: vec![line], ..NewReceipt::default() };
        let receive = move |ctx: &Ctx, tx: &mut Tx<'_>| stock::receive(ctx, tx, new.clone());
        self.write("", receive);
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
