//! A small shop in memory: products in three categories, a cart's rules, orders. Does what a real host does, in short.

mod goods;

use flow::{
    ActionCall, ActionResult,
    shop::{
        CART_LINES_MAX, CartChange, CartChanged, CartLine, CartView, CartViewLine, CategoryLine,
        CategoryPage, ChangeCart, CheckOrder, Delivery, Gone, Known, MyOrders, NotEnough, OrderLine,
        OrderNumber, OrderPage, OrderPreview, OrderState, OrderView, PAGE_PRODUCTS, PlaceOrder, Placed,
        ProductCard, ProductLine, ProductPage, SaveName, SavePhone, SearchProducts, ShopInfo, ShowCategory,
        ShowProduct, ViewCart,
    },
    transcript::Host,
};
use kernel::{Lang, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use goods::{CATEGORIES, Product};

const DELIVERY_TIYIN: i64 = 25_000_00;

pub struct FakeShop {
    products: Vec<Product>,
    orders: Vec<(OrderView, String)>,
    phone: Option<String>,
    name: Option<String>,
    lost: bool,
}

impl FakeShop {
    pub fn new() -> Self {
        Self { products: goods::products(), orders: Vec::new(), phone: None, name: None, lost: false }
    }

    fn info(lang: Lang) -> ShopInfo {
        let by_lang = |words: [&str; 3]| words[lang as usize].to_owned();
        ShopInfo {
            name: "Chorsu Texno".to_owned(),
            about: by_lang([
                "Maishiy texnika, rasmiy kafolat bilan.",
                "Бытовая техника с официальной гарантией.",
                "Home appliances with an official warranty.",
            ]),
            phone: "+998712001122".to_owned(),
            address: by_lang(["Toshkent, Chorsu, 5", "Ташкент, Чорсу, 5", "Tashkent, Chorsu, 5"]),
            hours: "09:00–20:00".to_owned(),
            site: "https://chorsu-texno.uz".to_owned(),
            delivers: true,
            pickup: true,
            delivery_tiyin: DELIVERY_TIYIN,
        }
    }

    fn any(&mut self, id: &str) -> Result<&mut Product, String> {
        self.products.iter_mut().find(|product| product.id == id).ok_or_else(|| format!("no product {id}"))
    }

    fn find(&self, id: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id && product.sold)
    }

    fn line(product: &Product, lang: Lang) -> ProductLine {
        let category = CATEGORIES.iter().find(|(id, ..)| *id == product.category).unwrap();
        ProductLine {
            id: product.id.to_owned(),
            name: product.names[lang as usize].to_owned(),
            category: category.2[lang as usize].to_owned(),
            price_tiyin: product.price_tiyin,
            old_price_tiyin: product.old_price_tiyin,
            picture: Some(format!("https://chorsu-texno.uz/{}.jpg", product.id)),
            in_stock: product.stock > 0,
        }
    }

    fn page(all: &[&Product], page: i64, lang: Lang) -> ProductPage {
        let pages = all.len().div_ceil(PAGE_PRODUCTS).max(1) as i64;
        let page = page.clamp(1, pages);
        let first = (page - 1) * PAGE_PRODUCTS as i64;
        let items =
            all.iter().skip(first as usize).take(PAGE_PRODUCTS).map(|product| Self::line(product, lang));
        ProductPage { items: items.collect(), page, pages, total: all.len() as i64, first: first + 1 }
    }

    fn search(&self, query: &str) -> Vec<&Product> {
        let words = uztext::tokens(query);
        let fits = |product: &&Product| {
            let tokens: Vec<String> = product.names.iter().flat_map(|name| uztext::tokens(name)).collect();
            !words.is_empty() && words.iter().all(|word| tokens.iter().any(|token| alike(word, token)))
        };
        self.products.iter().filter(|product| product.sold).filter(fits).collect()
    }

    fn view(&self, cart: &[CartLine], lang: Lang) -> Vec<CartViewLine> {
        let line = |line: &CartLine| {
            let product = self.find(&line.product)?;
            Some(CartViewLine {
                product: line.product.clone(),
                name: product.names[lang as usize].to_owned(),
                quantity_thousandths: line.quantity_thousandths,
                unit: unit(lang),
                price_tiyin: product.price_tiyin,
                sum_tiyin: product.price_tiyin * line.quantity_thousandths / 1000,
            })
        };
        cart.iter().filter_map(line).collect()
    }

    fn change(&self, call: &ActionCall) -> ActionResult {
        let ChangeCart { mut cart, product, change } = args(call);
        let Some(found) = self.find(&product) else {
            cart.retain(|line| line.product != product);
            return answer(call, "gone", Gone { name: String::new(), cart });
        };
        let by = match change {
            CartChange::More => 1000,
            CartChange::Less => -1000,
            CartChange::Remove => i64::MIN / 2,
        };
        if !cart.iter().any(|line| line.product == product) {
            if cart.len() >= CART_LINES_MAX {
                return call.answer("full", Value::Null);
            }
            cart.push(CartLine { product: product.clone(), quantity_thousandths: 0 });
        }
        let line = cart.iter_mut().find(|line| line.product == product).unwrap();
        line.quantity_thousandths = (line.quantity_thousandths + by).max(0);
        let quantity_thousandths = line.quantity_thousandths;
        if by > 0 && quantity_thousandths > found.stock * 1000 {
            return answer(call, "not_enough", self.not_enough(found, &cart, call.lang));
        }
        cart.retain(|line| line.quantity_thousandths > 0);
        answer(call, "ok", CartChanged { cart, quantity_thousandths })
    }

    fn not_enough(&self, product: &Product, cart: &[CartLine], lang: Lang) -> NotEnough {
        let mut cart = cart.to_vec();
        for line in &mut cart {
            let stock = self.find(&line.product).map_or(0, |product| product.stock * 1000);
            line.quantity_thousandths = line.quantity_thousandths.min(stock);
        }
        cart.retain(|line| line.quantity_thousandths > 0);
        let name = product.names[lang as usize].to_owned();
        NotEnough { name, available_thousandths: product.stock * 1000, unit: unit(lang), cart }
    }

    /// The answer when the cart cannot be ordered as it is.
    fn refusal(&self, call: &ActionCall, cart: &[CartLine]) -> Option<ActionResult> {
        if cart.is_empty() {
            return Some(call.answer("empty", Value::Null));
        }
        for line in cart {
            match self.find(&line.product) {
                None => {
                    let named = self.products.iter().find(|product| product.id == line.product);
                    let name = named
                        .map_or_else(String::new, |product| product.names[call.lang as usize].to_owned());
                    let cart = cart.iter().filter(|other| other.product != line.product).cloned().collect();
                    return Some(answer(call, "gone", Gone { name, cart }));
                }
                Some(product) if line.quantity_thousandths > product.stock * 1000 => {
                    return Some(answer(call, "not_enough", self.not_enough(product, cart, call.lang)));
                }
                Some(_) => {}
            }
        }
        None
    }

    fn preview(&self, cart: &[CartLine], delivery: Delivery, lang: Lang) -> OrderPreview {
        let lines = self.view(cart, lang);
        let goods_tiyin = lines.iter().map(|line| line.sum_tiyin).sum();
        let delivery_tiyin = if delivery == Delivery::Delivery { DELIVERY_TIYIN } else { 0 };
        OrderPreview { lines, goods_tiyin, delivery_tiyin, total_tiyin: goods_tiyin + delivery_tiyin }
    }

    fn place(&mut self, call: &ActionCall, at: Timestamp) -> ActionResult {
        let PlaceOrder { cart, phone, delivery, address, total_tiyin, .. } = args(call);
        if let Some(refusal) = self.refusal(call, &cart) {
            return refusal;
        }
        let preview = self.preview(&cart, delivery, call.lang);
        if preview.total_tiyin != total_tiyin {
            return call.answer("price_changed", Value::Null);
        }
        for line in &cart {
            let product = self.products.iter_mut().find(|product| product.id == line.product).unwrap();
            product.stock -= line.quantity_thousandths / 1000;
        }
        let number = 1001 + self.orders.len() as i64;
        let order = OrderView {
            number,
            state: OrderState::New,
            placed_at_ms: at.as_millis(),
            lines: preview.lines,
            delivery_tiyin: preview.delivery_tiyin,
            total_tiyin,
            delivery,
            address: address.unwrap_or_default(),
            can_cancel: true,
            partly_delivered: false,
            invoice: String::new(),
            paid_tiyin: 0,
            due_tiyin: 0,
        };
        self.orders.push((order, phone));
        answer(call, "ok", Placed { number, total_tiyin, state: OrderState::New })
    }

    fn own(&mut self, call: &ActionCall) -> Option<&mut OrderView> {
        let number = args::<OrderNumber>(call).read();
        let phone = self.phone.clone();
        let mut own = self.orders.iter_mut().filter(|(_, owner)| phone.as_deref() == Some(owner.as_str()));
        own.find(|(order, _)| Some(order.number) == number).map(|(order, _)| order)
    }

    fn category(&self, call: &ActionCall) -> ActionResult {
        let ShowCategory { category, page } = args(call);
        let wanted = category.as_deref().unwrap_or("");
        let found = CATEGORIES.iter().find(|(id, ..)| *id == wanted);
        if found.is_none() && !wanted.is_empty() {
            return call.answer("gone", Value::Null);
        }
        let in_category =
            |id: &str| self.products.iter().filter(|p| p.sold && p.category == id).collect::<Vec<_>>();
        let inside = CATEGORIES.iter().filter(|(_, parent, _)| *parent == wanted);
        let categories = inside.map(|(id, _, names)| {
            let below = CATEGORIES
                .iter()
                .filter(|(_, parent, _)| parent == id)
                .map(|(child, ..)| in_category(child).len());
            let count = in_category(id).len() + below.sum::<usize>();
            CategoryLine {
                id: (*id).to_owned(),
                name: names[call.lang as usize].to_owned(),
                count: count as i64,
            }
        });
        let page = CategoryPage {
            id: category.clone(),
            name: found.map_or_else(String::new, |(_, _, names)| names[call.lang as usize].to_owned()),
            parent: found.map(|(_, parent, _)| (*parent).to_owned()).filter(|parent| !parent.is_empty()),
            categories: categories.collect(),
            products: Self::page(&in_category(wanted), page, call.lang),
        };
        answer(call, "ok", page)
    }

    fn card(&self, call: &ActionCall) -> ActionResult {
        let ShowProduct { product, cart } = args(call);
        let Some(product) = self.find(&product) else { return call.answer("gone", Value::Null) };
        let in_cart =
            cart.iter().find(|line| line.product == product.id).map_or(0, |line| line.quantity_thousandths);
        let card = ProductCard {
            line: Self::line(product, call.lang),
            description: String::new(),
            unit: unit(call.lang),
            available_thousandths: product.stock * 1000,
            in_cart_thousandths: in_cart,
        };
        answer(call, "ok", card)
    }

    fn my_orders(&self, call: &ActionCall) -> ActionResult {
        let MyOrders { page } = args(call);
        let own: Vec<_> =
            self.orders.iter().rev().filter(|(_, owner)| Some(owner) == self.phone.as_ref()).collect();
        if own.is_empty() {
            return call.answer("empty", Value::Null);
        }
        let pages = own.len().div_ceil(5) as i64;
        let page = page.clamp(1, pages);
        let items = own.iter().skip((page as usize - 1) * 5).take(5).map(|(order, _)| OrderLine {
            number: order.number,
            state: order.state,
            total_tiyin: order.total_tiyin,
            placed_at_ms: order.placed_at_ms,
        });
        answer(call, "ok", OrderPage { items: items.collect(), page, pages })
    }

    fn cancel(&mut self, call: &ActionCall) -> ActionResult {
        match self.own(call) {
            None => call.answer("not_found", Value::Null),
            Some(order) if !order.can_cancel => answer(call, "too_late", order.clone()),
            Some(order) => {
                order.state = OrderState::Cancelled;
                order.can_cancel = false;
                answer(call, "ok", order.clone())
            }
        }
    }
}

impl Host for FakeShop {
    fn act(&mut self, call: &ActionCall, at: Timestamp) -> ActionResult {
        if self.lost {
            return call.failed();
        }
        match call.name.as_str() {
            "register" => {
                let known =
                    Known { name: self.name.clone(), phone: self.phone.clone(), shop: Self::info(call.lang) };
                answer(call, "ok", known)
            }
            "shop_info" => answer(call, "ok", Self::info(call.lang)),
            "save_phone" => {
                self.phone = Some(args::<SavePhone>(call).phone);
                call.answer("ok", Value::Null)
            }
            "save_name" => {
                self.name = Some(args::<SaveName>(call).name);
                call.answer("ok", Value::Null)
            }
            "search_products" => {
                let SearchProducts { query, page } = args(call);
                match self.search(&query) {
                    found if found.is_empty() => call.answer("empty", Value::Null),
                    found => answer(call, "ok", Self::page(&found, page, call.lang)),
                }
            }
            "show_category" => self.category(call),
            "product" => self.card(call),
            "change_cart" => self.change(call),
            "view_cart" => {
                let ViewCart { mut cart } = args(call);
                cart.retain(|line| self.find(&line.product).is_some());
                let lines = self.view(&cart, call.lang);
                let total_tiyin = lines.iter().map(|line| line.sum_tiyin).sum();
                match lines.is_empty() {
                    true => call.answer("empty", Value::Null),
                    false => answer(call, "ok", CartView { lines, total_tiyin, cart }),
                }
            }
            "check_order" => {
                let CheckOrder { cart, delivery } = args(call);
                let ok = || answer(call, "ok", self.preview(&cart, delivery, call.lang));
                self.refusal(call, &cart).unwrap_or_else(ok)
            }
            "place_order" => self.place(call, at),
            "my_orders" => self.my_orders(call),
            "order_status" if self.phone.is_none() => call.answer("no_phone", Value::Null),
            "order_status" => match self.own(call) {
                Some(order) => answer(call, "ok", order.clone()),
                None => call.answer("not_found", Value::Null),
            },
            "cancel_order" => self.cancel(call),
            "send_invoice" => {
                let has_one = self.own(call).is_some_and(|order| !order.invoice.is_empty());
                call.answer(if has_one { "ok" } else { "not_found" }, Value::Null)
            }
            other => panic!("no action {other}"),
        }
    }

    fn happen(&mut self, words: &str, _at: Timestamp) -> Result<Vec<(String, Value)>, String> {
        let words: Vec<&str> = words.split(' ').collect();
        match words.as_slice() {
            ["the", "stock", "of", id, "becomes", stock] => self.any(id)?.stock = stock.parse().unwrap(),
            ["the", "price", "of", id, "becomes", som] => {
                self.any(id)?.price_tiyin = som.parse::<i64>().unwrap() * 100
            }
            [id, "is", "not", "sold", "any", "more"] => self.any(id)?.sold = false,
            ["the", "database", "is", "lost"] => self.lost = true,
            ["the", "database", "is", "back"] => self.lost = false,
            ["the", "shop", verb, "order", number, ..] => {
                let number: i64 = number.parse().unwrap();
                let order = &mut self.orders.iter_mut().find(|(order, _)| order.number == number).unwrap().0;
                order.can_cancel = false;
                let half = order.total_tiyin / 2;
                let (state, name) = match *verb {
                    "confirms" => (OrderState::Confirmed, "order_confirmed"),
                    "ships" => (OrderState::Shipped, "order_shipped"),
                    "delivers" if words.contains(&"partly") => {
                        order.partly_delivered = true;
                        let args = json!({"number": number, "lines": order.lines});
                        return Ok(vec![("order_partly_delivered".to_owned(), args)]);
                    }
                    "delivers" => {
                        order.partly_delivered = false;
                        (OrderState::Delivered, "order_delivered")
                    }
                    "invoices" => {
                        order.invoice = "2026-000001".to_owned();
                        order.due_tiyin = order.total_tiyin;
                        (order.state, "invoice")
                    }
                    "cashes" => {
                        order.paid_tiyin += half;
                        order.due_tiyin = order.total_tiyin - order.paid_tiyin;
                        (order.state, "payment")
                    }
                    "credits" => (order.state, "credit_note"),
                    "refunds" => (order.state, "refund"),
                    _ => (OrderState::Cancelled, "order_cancelled"),
                };
                order.state = state;
                let reason =
                    words.iter().position(|word| *word == "because").map(|at| words[at + 1..].join(" "));
                let args = json!({
                    "number": number, "total_tiyin": order.total_tiyin, "reason": reason, "label": "2026-000001",
                    "amount_tiyin": half, "due_tiyin": order.due_tiyin,
                });
                return Ok(vec![(name.to_owned(), args)]);
            }
            _ => return Err("unknown event".to_owned()),
        }
        Ok(Vec::new())
    }
}

fn unit(lang: Lang) -> String {
    ["dona", "шт.", "pcs"][lang as usize].to_owned()
}

fn args<T: DeserializeOwned>(call: &ActionCall) -> T {
    serde_json::from_value(Value::Object(call.args.clone()))
        .unwrap_or_else(|error| panic!("{call:?}: {error}"))
}

fn answer(call: &ActionCall, outcome: &str, data: impl Serialize) -> ActionResult {
    call.answer(outcome, serde_json::to_value(data).unwrap())
}

/// The beginning of a word, or the word with one slip.
fn alike(typed: &str, token: &str) -> bool {
    let common = typed.chars().zip(token.chars()).take_while(|(a, b)| a == b).count();
    let (a, b): (Vec<char>, Vec<char>) = (typed.chars().collect(), token.chars().collect());
    let tail = |skip_a: usize, skip_b: usize| a.get(common + skip_a..) == b.get(common + skip_b..);
    token.starts_with(typed) || (a.len() > 3 && (tail(1, 0) || tail(0, 1) || tail(1, 1)))
}
