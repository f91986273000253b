//! A shop with a bot over a test database, driven as people and programs drive it.

mod admissions;
mod agents;
mod analytics;
mod api;
mod assistant;
mod desk;
mod held;
mod inbox;
mod managing;
mod outside;
mod pages;
mod papers;
mod simulator;
mod trial;
mod upgrade;
mod versions;
mod webchat;

use std::sync::Arc;

use catalog::{Product, ProductContent, create_product};
use context::{Ctx, Random, Services};
use db::testing::TestDb;
use files::Blobs;
use flow::shop::{BLUEPRINT, ShopInfo};
use kernel::{FixedClock, Money, Quantity};
use net::{Net, Options};
use search::Search;
use stock::{NewReceipt, NewReceiptLine, receive};
use web::testing::{NOW, Site, ctx};

use crate::{Bot, Bots, BotsConfig, NewBot, create_bot};

/// The site, and what has to live as long as it.
pub(crate) struct Shop {
    pub(crate) site: Site,
    pub(crate) ctx: Ctx,
    search: Arc<Search>,
    _files: tempfile::TempDir,
}

/// The messages of what its bots do.
pub(crate) fn texts() -> Arc<text::Texts> {
    Arc::new(text::Texts::new(&[text::BASE, web::TEXTS, applications::TEXTS, surveys::TEXTS, crate::TEXTS]))
}

/// What the shop says of itself.
pub(crate) fn facts() -> ShopInfo {
    ShopInfo {
        name: "Chorsu Texno".to_owned(),
        about: "Maishiy texnika.".to_owned(),
        phone: "+998712000000".to_owned(),
        address: "Toshkent, Chorsu".to_owned(),
        hours: "9:00–20:00".to_owned(),
        site: String::new(),
        delivers: true,
        pickup: true,
        delivery_tiyin: 2_500_000,
    }
}

impl Shop {
    /// With a bot and nothing to sell; Telegram is at `api_url`.
    pub(crate) fn reaching(db: &TestDb, api_url: &str) -> Self {
        let files = tempfile::tempdir().unwrap();
        let blobs = Blobs::open_volatile(files.path()).unwrap();
        let search = Search::open((**db).clone(), Arc::new(FixedClock::at(NOW)), Random::from_seed(5), None);
        let config = BotsConfig {
            telegram_api_url: api_url.to_owned(),
            public_url: String::new(),
            secret: [7; 32],
            telegram_limits: true,
        };
        let net = Net::new(&Options::default()).unwrap();
        let client = net.trusted().clone();
        let bots = Arc::new(Bots::new(config, client, Arc::clone(&search), blobs.clone(), texts()));
        let services = Services::default().with(bots).with(Arc::new(blobs));
        let site = Site::new(
            db,
            services,
            vec![tickets::module(), applications::module(), surveys::module(), crate::module()],
        );
        let shop = Self { site, ctx: ctx(1), search, _files: files };
        shop.bot(db);
        shop
    }

    /// With a bot and two kinds of goods.
    pub(crate) fn open(db: &TestDb) -> Self {
        let shop = Self::reaching(db, "http://127.0.0.1:9");
        shop.product(db, "A15", "Samsung Galaxy A15", 2_199_000, 5);
        shop.product(db, "CASE", "Galaxy A15 gʻilofi", 89_000, 2);
        shop.search.rebuild().unwrap();
        shop
    }

    fn bot(&self, db: &TestDb) -> Bot {
        let own = self.ctx.clone();
        let new = NewBot { name: "Yordamchi".to_owned(), source: BLUEPRINT.to_owned(), shop: facts() };
        db.write_now(&self.ctx, move |tx| create_bot(&own, tx, new.clone())).unwrap()
    }

    fn product(
        &self,
        db: &TestDb,
        code: &'static str,
        name: &'static str,
        price: i64,
        quantity: i64,
    ) -> Product {
        let own = self.ctx.clone();
        db.write_now(&self.ctx, move |tx| {
            let content = ProductContent::new(code, name, Money::from_som(price));
            let product = create_product(&own, tx, content)?;
            let quantity = Quantity::from_units(quantity);
            let line = NewReceiptLine { product: product.id, quantity, unit_cost: Money::from_som(1) };
            receive(&own, tx, NewReceipt { lines: vec![line], ..NewReceipt::default() })?;
            Ok(product)
        })
        .unwrap()
    }
}
