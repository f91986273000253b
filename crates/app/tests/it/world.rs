//! A shop with a bot, over a test database, with everything that `karvon serve` runs beside the web.

use std::{
    collections::HashMap,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
};

use app::{
    config::Config,
    parts::{self, Parts},
    server::{self, Background},
};
use auth::{
    Cost, Password, PasswordHash, Passwords,
    actions::{SignUp, SignedUp},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use catalog::{CategoryContent, Names, Product, ProductContent};
use channels::telegram::Token;
use context::{Actor, Ctx, CtxBuilder, Random};
use db::{Lane, Scope, testing::TestDb};
use flow::shop::ShopInfo;
use kernel::{Clock, Id, Lang, Money, PersonId, Quantity, SystemClock, Timestamp};
use stock::{NewReceipt, NewReceiptLine};
use testkit::telegram::{Fake, FakeBot};
use tower::ServiceExt;
use tower_http::normalize_path::NormalizePath;

/// The key of an outside system, for the REST API.
pub(crate) const KEY: &str = "an outside system's key";
/// The bot's token at the fake.
pub(crate) const TOKEN: &str = "42:TEST-TOKEN-OF-THE-FAKE";

/// What the owner signs in with.
pub(crate) const OWNER: &str = "owner@shop.example";
/// What the owner of the other workspace signs in with.
pub(crate) const NEIGHBOUR: &str = "owner@neighbour.example";
/// The owners' password.
pub(crate) const PASSWORD: &str = "a password for tests";

/// The system's clock, which a test may put forward.
#[derive(Debug, Default)]
pub(crate) struct TestClock {
    ahead_ms: AtomicI64,
}

impl TestClock {
    pub(crate) fn put_forward(&self, hours: i64) {
        self.ahead_ms.fetch_add(hours * 3_600_000, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_millis(self.ahead_ms.load(Ordering::Relaxed))
    }
}

/// A shop at work.
pub(crate) struct World {
    pub(crate) clock: Arc<TestClock>,
    pub(crate) parts: Parts,
    pub(crate) ctx: Ctx,
    pub(crate) owner: PersonId,
    pub(crate) products: Vec<Product>,
    pub(crate) bot: Id<bots::Bot>,
    router: OnceLock<NormalizePath<Router>>,
    background: Option<Background>,
    data: tempfile::TempDir,
}

impl World {
    /// A shop that reaches Telegram at `api_url`.
    pub(crate) async fn new(db: &TestDb, api_url: &str) -> Self {
        Self::with(db, api_url, &[]).await
    }

    /// The same with these settings too.
    pub(crate) async fn with(db: &TestDb, api_url: &str, settings: &[(&str, &str)]) -> Self {
        // What a failing test logged stands in its output; a second call changes nothing.
        let _started =
            tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_test_writer().try_init();
        let data = tempfile::tempdir().unwrap();
        let config = config(data.path(), api_url, settings);
        let random = Random::from_seed(11);
        let clock = Arc::new(TestClock::default());
        let own: Arc<dyn Clock> = clock.clone();
        let parts = parts::assemble(&config, (**db).clone(), own, random).unwrap();
        let SignedUp { workspace, person: owner, .. } = sign_up(&parts, OWNER, "Chorsu Texno").await;
        let now = SystemClock.now();
        let ctx =
            CtxBuilder::server(workspace, Actor::server("test"), now, parts.app.random().clone()).build();
        let own = ctx.clone();
        let (products, bot) =
            parts.app.db().write(&ctx, Lane::People, move |tx| fill(&own, tx)).await.unwrap();
        Self { clock, parts, ctx, owner, products, bot, router: OnceLock::new(), background: None, data }
    }

    /// The routes of the whole program, made once.
    pub(crate) fn router(&self) -> NormalizePath<Router> {
        self.router.get_or_init(|| server::router(&self.parts)).clone()
    }

    /// The folder of its files and its secret.
    pub(crate) fn data(&self) -> &std::path::Path {
        self.data.path()
    }

    /// Another workspace of the same server, filled alike, with its owner.
    pub(crate) async fn neighbour(&self) -> (Ctx, PersonId) {
        let SignedUp { workspace, person, .. } = sign_up(&self.parts, NEIGHBOUR, "Neighbour").await;
        let ctx = self.ctx.with(|ctx| ctx.workspace = workspace);
        let own = ctx.clone();
        self.parts.app.db().write(&ctx, Lane::People, move |tx| fill(&own, tx)).await.unwrap();
        (ctx, person)
    }

    /// Reads in the shop's workspace.
    pub(crate) async fn read<T, F>(&self, closure: F) -> T
    where
        F: Fn(&Ctx, &mut db::ReadTx<'_>) -> kernel::Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let ctx = self.ctx.clone();
        self.parts.app.db().read(&self.ctx, move |tx| closure(&ctx, tx)).await.unwrap()
    }

    /// Everything that is reserved.
    pub(crate) async fn reserved(&self) -> Quantity {
        let ids: Vec<_> = self.products.iter().map(|product| product.id).collect();
        let balances = self.read(move |ctx, tx| stock::balances_of(ctx, tx, &ids)).await;
        Quantity::sum(balances.iter().map(|balance| balance.reserved)).unwrap()
    }

    /// What of the books disagrees with its moves and orders; empty when all is well.
    pub(crate) async fn disagreements(&self) -> Vec<String> {
        self.read(|ctx, tx| {
            let stock = stock::check(ctx, tx)?.into_iter().map(|found| format!("{found:?}"));
            let sales = sales::check(ctx, tx)?.into_iter().map(|found| format!("{found:?}"));
            let worth = stock::check_worth(ctx, tx)?;
            Ok(stock
                .chain(sales)
                .chain(worth)
                .chain(cash::check(ctx, tx)?)
                .chain(ledger::check(ctx, tx)?)
                .collect())
        })
        .await
    }

    /// Runs what runs beside the web.
    pub(crate) fn start(&mut self) {
        self.parts.search.follow_now().unwrap();
        self.background = Some(Background::start(&self.parts));
    }

    /// Ends it as a stop of the process does, when no work is left behind.
    pub(crate) async fn stop(&mut self) {
        self.wait_for_jobs().await;
        if let Some(background) = self.background.take() {
            background.stop().await;
        }
    }

    /// Waits until every job that is due is done; one that failed or died is a fault.
    async fn wait_for_jobs(&self) {
        for _ in 0..500 {
            let left = self.parts.app.db().read(Scope::Server, unfinished_jobs).await.unwrap();
            assert!(left.iter().all(|job| !job.ends_with("dead") && !job.ends_with("failed")), "{left:?}");
            if left.is_empty() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("jobs are left behind: {:?}", self.parts.app.db().read(Scope::Server, unfinished_jobs).await);
    }

    /// Connects the bot to the fake.
    pub(crate) async fn connect(&self, fake: &Fake, intake: bots::Intake) -> FakeBot {
        self.connect_bot(fake, self.bot, intake).await
    }

    /// Connects a new bot of this blueprint to the fake.
    pub(crate) async fn connect_new(
        &self,
        fake: &Fake,
        source: &'static str,
        intake: bots::Intake,
    ) -> FakeBot {
        let own = self.ctx.clone();
        let create = move |tx: &mut db::Tx<'_>| {
            bots::create_bot(&own, tx, bots::NewBot { source: source.to_owned(), ..new_bot() })
        };
        let bot = self.parts.app.db().write(&self.ctx, Lane::People, create).await.unwrap();
        self.connect_bot(fake, bot.id, intake).await
    }

    async fn connect_bot(&self, fake: &Fake, bot: Id<bots::Bot>, intake: bots::Intake) -> FakeBot {
        let fake_bot = fake.bot(TOKEN);
        let (ctx, bots) = (self.ctx.clone(), Arc::clone(&self.parts.bots));
        let token = Token::parse(TOKEN).unwrap();
        let profile = channels::telegram::Profile {
            id: token.bot_id(),
            first_name: "Shop".to_owned(),
            username: "shop_bot".to_owned(),
        };
        let connect =
            move |tx: &mut db::Tx<'_>| bots::connect_telegram(&ctx, tx, &bots, bot, &token, &profile, intake);
        self.parts.app.db().write(&self.ctx, Lane::People, connect).await.unwrap();
        fake_bot
    }

    /// Calls the REST API as an outside system.
    pub(crate) async fn api(&self, method: &str, path: &str, body: &str) -> (StatusCode, serde_json::Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-api-key", KEY)
            .header("accept-language", "en")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        let response = self.router().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 8 << 20).await.unwrap();
        let json = serde_json::from_slice(&bytes).unwrap_or(serde_json::Value::Null);
        (status, json)
    }
}

fn unfinished_jobs(tx: &mut db::ReadTx<'_>) -> kernel::Result<Vec<String>> {
    let now = tx.database_now()?;
    tx.query(
        "SELECT kind, state FROM jobs_job WHERE state IN ('running', 'failed', 'dead')
             OR (state = 'queued' AND run_at_ms <= $1)",
        db::params![now],
        |row| Ok(format!("{} {}", row.get::<String>(0)?, row.get::<String>(1)?)),
    )
}

/// A configuration in this folder.
fn config(data: &std::path::Path, api_url: &str, settings: &[(&str, &str)]) -> Config {
    let mut environment = HashMap::from([
        ("KARVON_DATA".to_owned(), data.display().to_string()),
        ("KARVON_TELEGRAM_API_URL".to_owned(), api_url.to_owned()),
        ("API_KEYS".to_owned(), KEY.to_owned()),
        // A test that wants letters says where they go.
        ("KARVON_SMTP_URL".to_owned(), "off".to_owned()),
    ]);
    environment.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Config::from("", &environment).unwrap()
}

/// The hash of the tests' password, cheaply made.
pub(crate) async fn password_hash(parts: &Parts) -> PasswordHash {
    let passwords = Passwords::new(Cost::TESTS, 1).unwrap();
    passwords.hash(parts.app.random(), Password::typed(PASSWORD)).await.unwrap()
}

async fn sign_up(parts: &Parts, email: &str, workspace: &str) -> SignedUp {
    let hash = password_hash(parts).await;
    let password = Password::typed(PASSWORD);
    let owner = SignUp {
        name: "Dilnoza".to_owned(),
        email: email.to_owned(),
        username: None,
        phone: None,
        password,
        workspace: workspace.to_owned(),
        lang: Lang::En,
    };
    let owner = owner.check().unwrap();
    let nobody = CtxBuilder::server(
        Id::from_uuid(uuid::Uuid::nil()),
        Actor::server("test"),
        SystemClock.now(),
        parts.app.random().clone(),
    )
    .build();
    let sign_up = move |tx: &mut db::Tx<'_>| auth::actions::sign_up(&nobody, tx, &owner, &hash);
    parts.app.db().write(Scope::Server, Lane::People, sign_up).await.unwrap()
}

/// Seven televisions and a telephone, ten of each.
fn fill(ctx: &Ctx, tx: &mut db::Tx<'_>) -> kernel::Result<(Vec<Product>, Id<bots::Bot>)> {
    let names = |uz: &str, ru: &str, en: &str| Names {
        uz: uz.to_owned(),
        ru: Some(ru.to_owned()),
        en: Some(en.to_owned()),
    };
    let category = |ctx: &Ctx, tx: &mut db::Tx<'_>, name: Names| {
        catalog::create_category(ctx, tx, CategoryContent { name, parent: None, position: 0 })
    };
    let tv = category(ctx, tx, names("Televizorlar", "Телевизоры", "TV sets"))?;
    let phones = category(ctx, tx, names("Telefonlar", "Телефоны", "Phones"))?;
    let mut products = Vec::new();
    for number in 1..=7_i64 {
        let code = format!("TV-{number}");
        let mut content = ProductContent::new(&code, "", Money::from_som(1_000_000 * number));
        content.name = names(
            &format!("Samsung UE{number}0 televizor"),
            &format!("Телевизор Samsung UE{number}0"),
            &format!("Samsung UE{number}0 TV"),
        );
        content.brand = Some("Samsung".to_owned());
        content.category = Some(tv.id);
        products.push(catalog::create_product(ctx, tx, content)?);
    }
    let mut phone = ProductContent::new("PH-1", "", Money::from_som(2_500_000));
    phone.name = names("Galaxy A15 smartfon", "Смартфон Galaxy A15", "Galaxy A15 smartphone");
    phone.category = Some(phones.id);
    products.push(catalog::create_product(ctx, tx, phone)?);
    let lines = products
        .iter()
        .map(|product| NewReceiptLine {
            product: product.id,
            quantity: Quantity::from_units(10),
            unit_cost: Money::from_som(700_000),
        })
        .collect();
    let receipt =
        NewReceipt { warehouse: None, supplier: None, received_on: None, note: String::new(), lines };
    stock::receive(ctx, tx, receipt)?;
    let bot = bots::create_bot(ctx, tx, new_bot())?;
    Ok((products, bot.id))
}

/// The shop's bot.
pub(crate) fn new_bot() -> bots::NewBot {
    let shop = ShopInfo {
        name: "Chorsu Texno".to_owned(),
        about: String::new(),
        phone: String::new(),
        address: String::new(),
        hours: String::new(),
        site: String::new(),
        delivers: true,
        pickup: true,
        delivery_tiyin: 2_500_000,
    };
    bots::NewBot { name: "Shop".to_owned(), source: flow::shop::BLUEPRINT.to_owned(), shop }
}
