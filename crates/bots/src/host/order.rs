//! The shop's actions over sales: checking, placing, following and cancelling an order.

use std::collections::HashMap;

use catalog::Product;
use contacts::{Contact, NewContact};
use db::{ReadTx, Tx};
use flow::{
    ActionCall, ActionResult,
    shop::{
        CheckOrder, Delivery, Gone, MyOrders, NotEnough, OrderLine, OrderNumber, OrderPage, OrderPreview,
        OrderView, PlaceOrder, Placed,
    },
};
use kernel::{Id, Kind, Lang, Money, Page, PageRequest, Phone, Quantity, Result, degrees};
use sales::{DeliveryState, Invoice, InvoiceKind, Order, PlaceLine, Progress, Source, Status};

use super::{
    Host, answer, args,
    shop::Cart,
    words::{self, delivery_kind, delivery_of, order_state},
};
use crate::{Conversation, notify};

/// Orders on a page of "my orders".
const ORDERS_ON_A_PAGE: u32 = 5;

impl Host<'_> {
    pub(super) fn check_order(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let CheckOrder { cart, delivery } = args(call)?;
        let cart = self.look_up(tx, &cart, call.lang)?;
        if let Some(no) = self.obstacle(tx, &cart, call)? {
            return Ok(no);
        }
        let (lines, goods) = cart.view(call.lang)?;
        let fee = self.fee(tx, delivery)?;
        let preview = OrderPreview {
            lines,
            goods_tiyin: goods.tiyin(),
            delivery_tiyin: fee.tiyin(),
            total_tiyin: goods.plus(fee)?.tiyin(),
        };
        answer(call, "ok", &preview)
    }

    fn fee(&self, tx: &mut ReadTx, delivery: Delivery) -> Result<Money> {
        Ok(match delivery {
            Delivery::Delivery => Money::from_tiyin(self.shop(tx)?.delivery_tiyin.max(0)),
            Delivery::Pickup => Money::ZERO,
        })
    }

    /// Why this cart cannot be ordered as it is, as the outcome that says so.
    fn obstacle(&self, tx: &mut ReadTx, cart: &Cart, call: &ActionCall) -> Result<Option<ActionResult>> {
        if let Some(name) = &cart.gone {
            return answer(call, "gone", &Gone { name: name.clone(), cart: cart.to_keep() }).map(Some);
        }
        if cart.lines.is_empty() {
            return answer(call, "empty", &()).map(Some);
        }
        let ids: Vec<Id<Product>> = cart.lines.iter().map(|(product, _)| product.id).collect();
        let available: HashMap<_, _> = stock::available(self.ctx, tx, &ids)?.into_iter().collect();
        let left =
            |product: &Product| available.get(&product.id).copied().unwrap_or_default().max(Quantity::ZERO);
        let Some((short, _)) = cart.lines.iter().find(|(product, wanted)| *wanted > left(product)) else {
            return Ok(None);
        };
        let fitting = cart
            .lines
            .iter()
            .map(|(product, wanted)| (product.clone(), (*wanted).min(left(product))))
            .filter(|(_, quantity)| quantity.is_positive());
        let fitting = Cart { lines: fitting.collect(), gone: None };
        let told = NotEnough {
            name: short.name.get(call.lang).to_owned(),
            available_thousandths: left(short).thousandths(),
            unit: short.unit_in(call.lang).to_owned(),
            cart: fitting.to_keep(),
        };
        answer(call, "not_enough", &told).map(Some)
    }

    pub(super) fn place_order(
        &self,
        tx: &mut Tx,
        conversation: &mut Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let PlaceOrder { cart, name, phone, delivery, address, location, comment, total_tiyin } = args(call)?;
        let cart = self.look_up(tx, &cart, call.lang)?;
        if let Some(no) = self.obstacle(tx, &cart, call)? {
            return Ok(no);
        }
        let fee = self.fee(tx, delivery)?;
        let (_, goods) = cart.view(call.lang)?;
        if goods.plus(fee)?.tiyin() != total_tiyin {
            return answer(call, "price_changed", &());
        }
        let customer = self.customer(tx, conversation, call.lang, name, &phone)?;
        let place = location
            .map(|place| format!("{},{}", degrees(place.latitude_e6), degrees(place.longitude_e6)))
            .unwrap_or_default();
        let kind = delivery_kind(delivery);
        let wanted = sales::PlaceOrder {
            customer,
            lines: cart
                .lines
                .iter()
                .map(|(product, quantity)| PlaceLine {
                    product: product.id,
                    quantity: *quantity,
                    expected_price: Some(product.sale_price),
                })
                .collect(),
            delivery: sales::Delivery { kind, address: address.unwrap_or_default(), place, fee },
            note: comment.unwrap_or_default(),
            expected_total: Some(Money::from_tiyin(total_tiyin)),
            source: Source::Chat,
            chat_ref: Some(conversation.id.to_string()),
        };
        let placed = tx.savepoint(|tx| sales::place_order(self.ctx, tx, wanted.clone()));
        match placed {
            Ok(order) => {
                let placed = Placed {
                    number: order.number,
                    total_tiyin: order.amounts.total.tiyin(),
                    state: order_state(order.status, order.progress.delivery),
                };
                answer(call, "ok", &placed)
            }
            // Somebody was quicker between our look and the lock: say what is left now.
            Err(error) if error.kind() == Kind::Conflict => {
                let again = self.look_up(tx, &cart.to_keep(), call.lang)?;
                match self.obstacle(tx, &again, call)? {
                    Some(no) => Ok(no),
                    None => answer(call, "price_changed", &()),
                }
            }
            Err(error) => Err(error),
        }
    }

    /// Who orders: the contact that shared their number in this conversation.
    fn customer(
        &self,
        tx: &mut Tx,
        conversation: &mut Conversation,
        lang: Lang,
        name: String,
        phone: &str,
    ) -> Result<Id<Contact>> {
        if let Some(id) = conversation.contact {
            return Ok(id);
        }
        let phone = Phone::parse(phone)?;
        let new = NewContact { lang, ..NewContact::customer(name, Some(phone)) };
        let contact = contacts::upsert_by_phone(self.ctx, tx, new)?;
        conversation.contact = Some(contact.id);
        Ok(contact.id)
    }

    pub(super) fn my_orders(
        &self,
        tx: &mut ReadTx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let MyOrders { page } = args(call)?;
        let Some(contact) = conversation.contact else { return answer(call, "empty", &()) };
        let asked = u32::try_from(page.clamp(1, 100_000)).unwrap_or(1);
        let request = PageRequest::new(asked, ORDERS_ON_A_PAGE);
        let mut found = self.orders_told(tx, conversation, contact, request)?;
        if found.count == 0 {
            return answer(call, "empty", &());
        }
        let paging = words::Paging::new(page, found.count, ORDERS_ON_A_PAGE.into());
        if paging.page != i64::from(asked) {
            let last = u32::try_from(paging.page).unwrap_or(1);
            let request = PageRequest::new(last, ORDERS_ON_A_PAGE);
            found = self.orders_told(tx, conversation, contact, request)?;
        }
        let items = found
            .results
            .iter()
            .map(|order| OrderLine {
                number: order.number,
                state: order_state(order.status, order.progress.delivery),
                total_tiyin: order.amounts.total.tiyin(),
                placed_at_ms: order.created_at.as_millis(),
            })
            .collect();
        answer(call, "ok", &OrderPage { items, page: paging.page, pages: paging.pages })
    }

    /// The orders that the person is told of: all of their contact; and where its number was only typed, those that were
    /// placed in this conversation.
    fn orders_told(
        &self,
        tx: &mut ReadTx,
        conversation: &Conversation,
        contact: Id<Contact>,
        page: PageRequest,
    ) -> Result<Page<Order>> {
        if self.is_proved {
            return sales::orders_of_customer(self.ctx, tx, contact, page);
        }
        sales::orders_of_chat(self.ctx, tx, contact, &conversation.id.to_string(), page)
    }

    /// The order of this number, when it is the contact's own: anybody else's is as if it were not there.
    fn own_order(
        &self,
        tx: &mut ReadTx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<Option<Order>> {
        let number: OrderNumber = args(call)?;
        let (Some(number), Some(contact)) = (number.read(), conversation.contact) else { return Ok(None) };
        let order = match sales::get_order_by_number(self.ctx, tx, number) {
            Ok(order) => order,
            Err(error) if error.kind() == Kind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let is_from_here = order.chat_ref.as_ref() == Some(&conversation.id.to_string());
        let is_told = order.customer == Some(contact) && (self.is_proved || is_from_here);
        Ok(Some(order).filter(|_| is_told))
    }

    pub(super) fn order_status(
        &self,
        tx: &mut ReadTx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        if conversation.contact.is_none() {
            return answer(call, "no_phone", &());
        }
        match self.own_order(tx, conversation, call)? {
            Some(order) => answer(call, "ok", &self.order_view(tx, &order, call.lang)?),
            None => answer(call, "not_found", &()),
        }
    }

    pub(super) fn cancel_order(
        &self,
        tx: &mut Tx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let Some(order) = self.own_order(tx, conversation, call)? else {
            return answer(call, "not_found", &());
        };
        if !may_cancel(&order) {
            return answer(call, "too_late", &self.order_view(tx, &order, call.lang)?);
        }
        let cancelled = sales::cancel_order(self.ctx, tx, order.id, "")?;
        answer(call, "ok", &self.order_view(tx, &cancelled, call.lang)?)
    }

    /// Has the newest invoice of the person's order sent to them once more.
    pub(super) fn send_invoice(
        &self,
        tx: &mut Tx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let order = self.own_order(tx, conversation, call)?;
        let invoice = order.map(|order| self.newest_invoice(tx, &order)).transpose()?.flatten();
        let Some(invoice) = invoice else { return answer(call, "not_found", &()) };
        notify::send_again(self.ctx, tx, invoice.id, conversation.id)?;
        answer(call, "ok", &())
    }

    fn newest_invoice(&self, tx: &mut ReadTx, order: &Order) -> Result<Option<Invoice>> {
        if !order.progress.invoiced.is_positive() {
            return Ok(None);
        }
        let papers = sales::invoices_of(self.ctx, tx, order.id)?;
        Ok(papers.into_iter().rev().find(|paper| paper.kind == InvoiceKind::Invoice))
    }

    fn order_view(&self, tx: &mut ReadTx, order: &Order, lang: Lang) -> Result<OrderView> {
        let lines = sales::order_lines(self.ctx, tx, order.id)?;
        let ids: Vec<Id<Product>> = lines.iter().map(|line| line.product).collect();
        let products: HashMap<_, _> =
            catalog::get_many(self.ctx, tx, &ids)?.into_iter().map(|product| (product.id, product)).collect();
        let lines = lines
            .iter()
            .filter_map(|line| products.get(&line.product).map(|product| (line, product)))
            .map(|(line, product)| words::cart_line(product, lang, line.quantity, line.price))
            .collect::<Result<Vec<_>>>()?;
        Ok(OrderView {
            number: order.number,
            state: order_state(order.status, order.progress.delivery),
            placed_at_ms: order.created_at.as_millis(),
            lines,
            delivery_tiyin: order.delivery.fee.tiyin(),
            total_tiyin: order.amounts.total.tiyin(),
            delivery: delivery_of(order.delivery.kind),
            address: order.delivery.address.clone(),
            can_cancel: may_cancel(order),
            partly_delivered: order.progress.delivery == DeliveryState::Part,
            invoice: self.newest_invoice(tx, order)?.map(|invoice| invoice.label()).unwrap_or_default(),
            paid_tiyin: order.progress.paid.tiyin(),
            due_tiyin: due(order)?.tiyin(),
        })
    }
}

/// A customer may take back what nobody has accepted yet.
fn may_cancel(order: &Order) -> bool {
    order.status == Status::New
}

/// What is still to be paid, once anything was invoiced or paid.
fn due(order: &Order) -> Result<Money> {
    let Progress { invoiced, paid, .. } = order.progress;
    let is_owed = order.status != Status::Cancelled && (invoiced.is_positive() || paid.is_positive());
    if is_owed { Ok(order.due()?.max(Money::ZERO)) } else { Ok(Money::ZERO) }
}
