//! Domain rows in the words of the shop's contract. Pure.

use catalog::Product;
use flow::shop::{CartLine, CartViewLine, Delivery, OrderState, ProductLine, ProductPage};
use kernel::{Id, Lang, Money, Quantity, Result};
use sales::{DeliveryKind, DeliveryState, Status};

/// Which page of how many: `page` brought into what there is.
pub(super) struct Paging {
    pub(super) page: i64,
    pub(super) pages: i64,
    pub(super) offset: i64,
}

impl Paging {
    pub(super) fn new(asked: i64, total: i64, size: i64) -> Self {
        let pages = ((total + size - 1) / size).max(1);
        let page = asked.clamp(1, pages);
        Self { page, pages, offset: (page - 1) * size }
    }

    pub(super) fn of(&self, items: Vec<ProductLine>, total: i64) -> ProductPage {
        let first = if total == 0 { 0 } else { self.offset + 1 };
        ProductPage { items, page: self.page, pages: self.pages, total, first }
    }
}

pub(super) fn product_line(
    product: &Product,
    lang: Lang,
    category: &str,
    available: Quantity,
) -> ProductLine {
    ProductLine {
        id: product.id.to_string(),
        name: product.name.get(lang).to_owned(),
        category: category.to_owned(),
        price_tiyin: product.sale_price.tiyin(),
        old_price_tiyin: product.struck_price().map(Money::tiyin),
        picture: product.picture.as_ref().map(|picture| picture.large.clone()),
        in_stock: available.is_positive(),
    }
}

/// A line of the cart or of an order, with its sum rounded as an order rounds it.
pub(super) fn cart_line(
    product: &Product,
    lang: Lang,
    quantity: Quantity,
    price: Money,
) -> Result<CartViewLine> {
    Ok(CartViewLine {
        product: product.id.to_string(),
        name: product.name.get(lang).to_owned(),
        quantity_thousandths: quantity.thousandths(),
        unit: product.unit_in(lang).to_owned(),
        price_tiyin: price.tiyin(),
        sum_tiyin: price.times(quantity)?.tiyin(),
    })
}

/// The product that a cart names. What is no id names nothing.
pub(super) fn product_id(line: &CartLine) -> Option<Id<Product>> {
    Id::parse(&line.product).ok()
}

pub(super) const fn order_state(status: Status, delivery: DeliveryState) -> OrderState {
    match status {
        Status::Draft | Status::New => OrderState::New,
        Status::Confirmed if delivery.is_over() => OrderState::Delivered,
        Status::Confirmed => OrderState::Confirmed,
        Status::Cancelled => OrderState::Cancelled,
    }
}

pub(super) const fn delivery_kind(delivery: Delivery) -> DeliveryKind {
    match delivery {
        Delivery::Delivery => DeliveryKind::Delivery,
        Delivery::Pickup => DeliveryKind::Pickup,
    }
}

pub(super) const fn delivery_of(kind: DeliveryKind) -> Delivery {
    match kind {
        DeliveryKind::Delivery => Delivery::Delivery,
        DeliveryKind::Pickup | DeliveryKind::Unsaid => Delivery::Pickup,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_beyond_the_last_is_the_last() {
        let paging = Paging::new(9, 12, 5);
        assert_eq!((paging.page, paging.pages, paging.offset), (3, 3, 10));
        let nothing = Paging::new(0, 0, 5);
        assert_eq!((nothing.page, nothing.pages, nothing.offset), (1, 1, 0));
    }
}
