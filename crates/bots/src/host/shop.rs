//! The shop's actions over catalog, stock, contacts and sales: looking around and the cart.

use std::collections::HashMap;

use catalog::{Category, Product};
use contacts::NewContact;
use db::{ReadTx, Tx};
use flow::{
    ActionCall, ActionResult,
    shop::{
        CART_LINES_MAX, CartChange, CartChanged, CartLine, CartView, CartViewLine, CategoryLine,
        CategoryPage, ChangeCart, Gone, Known, NotEnough, PAGE_PRODUCTS, ProductCard, ProductLine,
        ProductPage, SaveName, SavePhone, SearchProducts, ShopInfo, ShowCategory, ShowProduct, ViewCart,
    },
};
use kernel::{Id, Lang, Money, PageRequest, Phone, Quantity, Result};

use super::{Host, Need, answer, args, words};
use crate::{Conversation, store};

/// What is left of a cart when it is looked up.
pub(super) struct Cart {
    /// Lines whose products are on sale.
    pub(super) lines: Vec<(Product, Quantity)>,
    /// The name of the first product that is not sold any more.
    pub(super) gone: Option<String>,
}

impl Cart {
    pub(super) fn to_keep(&self) -> Vec<CartLine> {
        let line = |(product, quantity): &(Product, Quantity)| CartLine {
            product: product.id.to_string(),
            quantity_thousandths: quantity.thousandths(),
        };
        self.lines.iter().map(line).collect()
    }

    pub(super) fn view(&self, lang: Lang) -> Result<(Vec<CartViewLine>, Money)> {
        let lines = self
            .lines
            .iter()
            .map(|(product, quantity)| words::cart_line(product, lang, *quantity, product.sale_price))
            .collect::<Result<Vec<_>>>()?;
        let total = Money::sum(lines.iter().map(|line| Money::from_tiyin(line.sum_tiyin)))?;
        Ok((lines, total))
    }
}

fn is_on_sale(product: &Product) -> bool {
    product.active && product.deleted_at.is_none()
}

impl Host<'_> {
    pub(super) fn shop(&self, tx: &mut ReadTx) -> Result<ShopInfo> {
        Ok(store::bot::get(self.ctx, tx, self.bot)?.shop)
    }

    pub(super) fn register(
        &self,
        tx: &mut Tx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let contact = match conversation.contact {
            Some(id) => Some(contacts::get(self.ctx, tx, id)?),
            None => None,
        };
        // Whoever only typed the number of somebody else reads nothing of theirs; what they typed stands in the session.
        let contact = contact.filter(|_| self.is_proved);
        let phone = contact.as_ref().and_then(|contact| contact.phone.as_ref()).map(ToString::to_string);
        let known = Known { name: contact.map(|contact| contact.name), phone, shop: self.shop(tx)? };
        answer(call, "ok", &known)
    }

    pub(super) fn shop_info(&self, tx: &mut ReadTx, call: &ActionCall) -> Result<ActionResult> {
        answer(call, "ok", &self.shop(tx)?)
    }

    pub(super) fn save_phone(
        &self,
        tx: &mut Tx,
        conversation: &mut Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let SavePhone { phone } = args(call)?;
        let phone = Phone::parse(&phone)?;
        let name = conversation.person_name.clone();
        // Who applies or answers a survey buys nothing by that.
        let is_customer =
            !self.blueprint.calls().any(|call| ["submit_application", "save_survey"].contains(&call));
        let new = NewContact { lang: call.lang, is_customer, ..NewContact::customer(name, Some(phone)) };
        conversation.contact = Some(contacts::upsert_by_phone(self.ctx, tx, new)?.id);
        answer(call, "ok", &())
    }

    pub(super) fn save_name(
        &self,
        tx: &mut Tx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let SaveName { name } = args(call)?;
        if let Some(id) = conversation.contact {
            let contact = contacts::get(self.ctx, tx, id)?;
            // A contact that was there before is not renamed by whoever typed its number.
            if self.is_proved || contact.name == conversation.person_name {
                let content = NewContact { name, ..contact.content() };
                contacts::update_contact(self.ctx, tx, id, content)?;
            }
        }
        answer(call, "ok", &())
    }

    pub(super) fn search_products(&self, tx: &mut ReadTx, call: &ActionCall) -> Result<ActionResult> {
        let SearchProducts { query, page } = args(call)?;
        let size = i64::try_from(PAGE_PRODUCTS).unwrap_or(5);
        let asked = page.clamp(1, 10_000);
        let need = |page: i64| Need::Search {
            query: query.clone(),
            offset: usize::try_from((page - 1) * size).unwrap_or_default(),
            limit: PAGE_PRODUCTS,
        };
        let Some((answered, ids, total)) = self.answers.search_for(&query) else {
            return Err(need(asked).into());
        };
        let total = i64::try_from(total).unwrap_or(i64::MAX);
        let paging = words::Paging::new(asked, total, size);
        if *answered != need(paging.page) {
            return Err(need(paging.page).into());
        }
        if total == 0 {
            return answer(call, "empty", &());
        }
        let items = self.lines(tx, ids, call.lang)?;
        answer(call, "ok", &paging.of(items, total))
    }

    /// The products as lines, in this order; those no longer on sale are left out.
    fn lines(&self, tx: &mut ReadTx, ids: &[Id<Product>], lang: Lang) -> Result<Vec<ProductLine>> {
        let products: Vec<Product> =
            catalog::get_many(self.ctx, tx, ids)?.into_iter().filter(is_on_sale).collect();
        let available: HashMap<_, _> = stock::available(self.ctx, tx, ids)?.into_iter().collect();
        let categories = self.category_names(tx, &products, lang)?;
        Ok(products
            .iter()
            .map(|product| {
                let left = available.get(&product.id).copied().unwrap_or_default();
                let category = product.category.and_then(|id| categories.get(&id)).map_or("", String::as_str);
                words::product_line(product, lang, category, left)
            })
            .collect())
    }

    /// What the categories of these products are called.
    fn category_names(
        &self,
        tx: &mut ReadTx,
        products: &[Product],
        lang: Lang,
    ) -> Result<HashMap<Id<Category>, String>> {
        let mut ids: Vec<_> = products.iter().filter_map(|product| product.category).collect();
        ids.sort_unstable();
        ids.dedup();
        let names = catalog::category_names(self.ctx, tx, &ids)?;
        Ok(names.into_iter().map(|(id, name)| (id, name.get(lang).to_owned())).collect())
    }

    pub(super) fn show_category(&self, tx: &mut ReadTx, call: &ActionCall) -> Result<ActionResult> {
        let ShowCategory { category, page } = args(call)?;
        let tree = catalog::categories(self.ctx, tx)?;
        let id = match &category {
            None => None,
            Some(text) => match Id::<Category>::parse(text).ok().filter(|id| tree.get(*id).is_some()) {
                Some(id) => Some(id),
                None => return answer(call, "gone", &()),
            },
        };
        let node = id.and_then(|id| tree.get(id));
        let categories = tree
            .children(id)
            .filter(|child| child.products > 0)
            .map(|child| CategoryLine {
                id: child.category.id.to_string(),
                name: child.category.name.get(call.lang).to_owned(),
                count: child.products,
            })
            .collect();
        let products = match node {
            Some(node) if node.own_products > 0 => {
                let number = u32::try_from(page.clamp(1, 100_000)).unwrap_or(1);
                self.category_page(tx, node.category.id, number, call.lang)?
            }
            _ => words::Paging::new(1, 0, 1).of(Vec::new(), 0),
        };
        let shown = CategoryPage {
            id: id.map(|id| id.to_string()),
            name: node.map(|node| node.category.name.get(call.lang).to_owned()).unwrap_or_default(),
            parent: node.and_then(|node| node.category.parent).map(|parent| parent.to_string()),
            categories,
            products,
        };
        answer(call, "ok", &shown)
    }

    fn category_page(&self, tx: &mut ReadTx, id: Id<Category>, page: u32, lang: Lang) -> Result<ProductPage> {
        let size = u32::try_from(PAGE_PRODUCTS).unwrap_or(5);
        let mut found = catalog::products_in_category(self.ctx, tx, id, PageRequest::new(page, size))?;
        let paging = words::Paging::new(page.into(), found.count, size.into());
        if paging.page != i64::from(page) {
            let last = u32::try_from(paging.page).unwrap_or(1);
            found = catalog::products_in_category(self.ctx, tx, id, PageRequest::new(last, size))?;
        }
        let ids: Vec<_> = found.results.iter().map(|product| product.id).collect();
        let items = self.lines(tx, &ids, lang)?;
        Ok(paging.of(items, found.count))
    }

    pub(super) fn product(&self, tx: &mut ReadTx, call: &ActionCall) -> Result<ActionResult> {
        let ShowProduct { product, cart } = args(call)?;
        let Some(product) = self.on_sale(tx, &product)? else { return answer(call, "gone", &()) };
        let available = self.left_of(tx, product.id)?;
        let category = self.category_names(tx, std::slice::from_ref(&product), call.lang)?;
        let category = category.into_values().next().unwrap_or_default();
        let id = product.id.to_string();
        let in_cart = cart.iter().find(|line| line.product == id).map_or(0, |line| line.quantity_thousandths);
        let card = ProductCard {
            line: words::product_line(&product, call.lang, &category, available),
            description: product.description(call.lang).unwrap_or_default().to_owned(),
            unit: product.unit_in(call.lang).to_owned(),
            available_thousandths: available.thousandths().max(0),
            in_cart_thousandths: in_cart,
        };
        answer(call, "ok", &card)
    }

    fn on_sale(&self, tx: &mut ReadTx, id: &str) -> Result<Option<Product>> {
        let Ok(id) = Id::parse(id) else { return Ok(None) };
        Ok(catalog::get_many(self.ctx, tx, &[id])?.pop().filter(is_on_sale))
    }

    fn left_of(&self, tx: &mut ReadTx, id: Id<Product>) -> Result<Quantity> {
        Ok(stock::available(self.ctx, tx, &[id])?.pop().map(|(_, left)| left).unwrap_or_default())
    }

    pub(super) fn change_cart(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let ChangeCart { mut cart, product: id, change } = args(call)?;
        let place = cart.iter().position(|line| line.product == id);
        let present = place.and_then(|place| cart.get(place)).map_or(0, |line| line.quantity_thousandths);
        let wanted = match change {
            CartChange::More => present.saturating_add(Quantity::ONE.thousandths()),
            CartChange::Less => (present - Quantity::ONE.thousandths()).max(0),
            CartChange::Remove => 0,
        };
        if wanted > present {
            let Some(product) = self.on_sale(tx, &id)? else {
                cart.retain(|line| line.product != id);
                return answer(call, "gone", &Gone { name: String::new(), cart });
            };
            let available = self.left_of(tx, product.id)?;
            if wanted > available.thousandths() {
                let name = product.name.get(call.lang).to_owned();
                let left = available.thousandths().max(0);
                let unit = product.unit_in(call.lang).to_owned();
                let told = NotEnough { name, available_thousandths: left, unit, cart };
                return answer(call, "not_enough", &told);
            }
            if place.is_none() && cart.len() >= CART_LINES_MAX {
                return answer(call, "full", &());
            }
        }
        match place.and_then(|place| cart.get_mut(place)) {
            Some(line) => line.quantity_thousandths = wanted,
            None if wanted > 0 => cart.push(CartLine { product: id, quantity_thousandths: wanted }),
            None => {}
        }
        cart.retain(|line| line.quantity_thousandths > 0);
        answer(call, "ok", &CartChanged { cart, quantity_thousandths: wanted })
    }

    pub(super) fn view_cart(&self, tx: &mut ReadTx, call: &ActionCall) -> Result<ActionResult> {
        let ViewCart { cart } = args(call)?;
        let cart = self.look_up(tx, &cart, call.lang)?;
        if cart.lines.is_empty() {
            return answer(call, "empty", &());
        }
        let (lines, total) = cart.view(call.lang)?;
        answer(call, "ok", &CartView { lines, total_tiyin: total.tiyin(), cart: cart.to_keep() })
    }

    /// The cart's products as they are now.
    pub(super) fn look_up(&self, tx: &mut ReadTx, cart: &[CartLine], lang: Lang) -> Result<Cart> {
        let ids: Vec<Id<Product>> = cart.iter().filter_map(words::product_id).collect();
        let products = catalog::get_many(self.ctx, tx, &ids)?;
        let mut by_id: HashMap<Id<Product>, Product> = products.into_iter().map(|p| (p.id, p)).collect();
        let mut found = Cart { lines: Vec::new(), gone: None };
        for line in cart.iter().take(CART_LINES_MAX) {
            let product = words::product_id(line).and_then(|id| by_id.remove(&id));
            let quantity = Quantity::from_thousandths(line.quantity_thousandths);
            match product {
                Some(product) if is_on_sale(&product) && quantity.is_positive() => {
                    found.lines.push((product, quantity));
                }
                Some(product) => found.gone = found.gone.or(Some(product.name.get(lang).to_owned())),
                None => found.gone = found.gone.or(Some(String::new())),
            }
        }
        Ok(found)
    }
}
