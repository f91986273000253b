//! The shop that a story plays in: its database, what a process holds in memory, and how a process dies.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use bots::{Bots, BotsConfig, Channel, NewBot};
use catalog::{Product, ProductContent};
use contacts::{Contact, NewContact};
use context::{Actor, Ctx, CtxBuilder, Random, Services};
use db::{Lane, Migrations, Scope, Tx, params, testing::TestDb};
use files::Blobs;
use flow::shop::ShopInfo;
use futures::{executor::block_on, poll};
use jobs::Worker;
use kernel::{
    Clock, Error, FixedClock, Id, Money, PersonId, Phone, Quantity, Result, Timestamp, WorkspaceId,
};
use net::{Net, Options};
use sales::{Papers, Status};
use search::Search;
use stock::{NewReceipt, NewReceiptLine};
use tempfile::TempDir;
use text::Texts;
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::{Told, customers::Chat, desk::Desk, dice::Dice, work};

/// The tables of the domains that take part.
pub(crate) fn migrations() -> Vec<Migrations> {
    vec![
        context::MIGRATIONS,
        web::MIGRATIONS,
        auth::MIGRATIONS,
        jobs::MIGRATIONS,
        files::MIGRATIONS,
        contacts::MIGRATIONS,
        catalog::MIGRATIONS,
        tax::MIGRATIONS,
        ledger::MIGRATIONS,
        stock::MIGRATIONS,
        cash::MIGRATIONS,
        sales::MIGRATIONS,
        tickets::MIGRATIONS,
        applications::MIGRATIONS,
        surveys::MIGRATIONS,
        bots::MIGRATIONS,
    ]
}

/// Few goods and few pieces of each, so that customers are in each other's way.
const GOODS: [(&str, &str, i64); 10] = [
    ("TV-32", "Samsung UE32 televizori", 2_450_000),
    ("TV-43", "Samsung UE43 televizori", 4_199_000),
    ("TV-55", "Artel A55 televizori", 5_100_000),
    ("PH-15", "Samsung Galaxy A15 smartfoni", 2_300_000),
    ("PH-13", "Xiaomi Redmi 13 smartfoni", 1_990_000),
    ("NB-01", "Lenovo IdeaPad noutbuki", 6_700_000),
    ("CH-01", "Artel choynak 1.7 l", 180_000),
    ("QL-01", "JBL quloqchin", 450_000),
    ("KB-01", "Kabel USB-C", 35_000),
    ("PW-01", "Powerbank 20000 mAh", 310_000),
];
const WORKSPACE: WorkspaceId = Id::from_uuid(Uuid::from_u128(0x5157));
const CHATS: usize = 6;
const CUSTOMERS: usize = 4;
/// A dead process's jobs are taken over after this, in real time: it must not be waited for.
const LEASE: Duration = Duration::from_millis(3);
/// The workers look for work once in so many steps.
const WORKS_ONE_IN: usize = 8;
/// Jobs that failed are tried again within this, in the story's time.
const PATIENCE_S: i64 = 3 * 3_600;

/// What a process holds in memory; gone when it dies.
pub(crate) struct Process {
    pub(crate) search: Arc<Search>,
    pub(crate) bots: Arc<Bots>,
    pub(crate) worker: Arc<Worker>,
}

/// The world of one story.
pub(crate) struct World {
    // The process goes before the database that it holds.
    process: Option<Process>,
    pub(crate) runtime: Runtime,
    pub(crate) db: TestDb,
    pub(crate) dice: Dice,
    /// The process dies once in about so many steps, half of the times between two of them and half at its work.
    pub(crate) crash_every: usize,
    pub(crate) clock: Arc<FixedClock>,
    random: Random,
    texts: Arc<Texts>,
    folder: TempDir,
    pub(crate) channel: Id<Channel>,
    pub(crate) products: Vec<Product>,
    pub(crate) customers: Vec<Contact>,
    pub(crate) chats: Vec<Chat>,
    pub(crate) desk: Desk,
    /// Keys of the updates that were delivered.
    pub(crate) delivered: HashSet<String>,
    /// Orders that staff and outside systems were told of, and where they left them.
    pub(crate) known: HashMap<i64, Status>,
    /// Orders that were thrown away, whose numbers are not given again, and whether they were checkouts.
    pub(crate) thrown_away: HashMap<i64, bool>,
    /// Deliveries that a job was to take in; each becomes one receipt.
    pub(crate) restocked: Vec<String>,
    /// Audit entries that answered writes must have left: action, how many.
    pub(crate) owed: BTreeMap<&'static str, i64>,
    pub(crate) told: Told,
}

impl World {
    pub(crate) fn new(db: TestDb, dice: Dice, crash_every: usize) -> Self {
        let mut dice = dice;
        let clock = Arc::new(FixedClock::at(Timestamp::from_millis(1_795_157_100_000)));
        let random = Random::from_seed(u64::try_from(dice.below(usize::MAX)).unwrap());
        let mut world = Self {
            process: None,
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
            db,
            dice,
            crash_every,
            clock,
            random,
            texts: Arc::new(Texts::new(&[text::BASE, web::TEXTS, sales::TEXTS])),
            folder: tempfile::tempdir().unwrap(),
            channel: Id::from_uuid(Uuid::nil()),
            products: Vec::new(),
            customers: Vec::new(),
            chats: Vec::new(),
            desk: Desk::default(),
            delivered: HashSet::new(),
            known: HashMap::new(),
            thrown_away: HashMap::new(),
            restocked: Vec::new(),
            owed: BTreeMap::new(),
            told: Told::default(),
        };
        world.open_shop();
        world.begin();
        world
    }

    fn open_shop(&mut self) {
        let ctx = self.staff();
        let open = move |tx: &mut Tx<'_>| Ok((open_shop(&ctx, tx)?, Desk::open(&ctx, tx)?));
        let ((channel, products, customers), desk) = self.db.write_now(&self.staff(), open).unwrap();
        self.desk = desk;
        self.channel = channel;
        self.products = products;
        self.customers = customers;
        self.chats = (0..CHATS).map(Chat::new).collect();
    }

    /// A process starts.
    fn begin(&mut self) {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let search = Search::open((*self.db).clone(), clock, self.random.clone(), None);
        search.follow_now().unwrap();
        let config = BotsConfig {
            telegram_api_url: "http://127.0.0.1:9".to_owned(),
            public_url: String::new(),
            secret: [7; 32],
            telegram_limits: true,
        };
        let client = Net::new(&Options::default()).unwrap().trusted().clone();
        let blobs = Blobs::open_volatile(self.folder.path()).unwrap();
        let texts = Arc::clone(&self.texts);
        let bots = Arc::new(Bots::new(config, client, Arc::clone(&search), blobs.clone(), texts));
        let clock: Arc<dyn Clock> = self.clock.clone();
        let papers = Papers::new(Arc::clone(&self.texts));
        let services = Services::default().with(Arc::new(blobs)).with(Arc::new(papers));
        let random = self.random.clone();
        let worker = Worker::with_lease((*self.db).clone(), services, clock, random, work::all(), LEASE);
        self.process = Some(Process { search, bots, worker });
    }

    /// The process dies; another one starts on what is on the disk.
    pub(crate) fn crash(&mut self) {
        self.process = None;
        self.db.reopen();
        self.begin();
        self.told.crashes += 1;
    }

    pub(crate) fn process(&self) -> &Process {
        self.process.as_ref().expect("a process runs")
    }

    /// A member who may do everything.
    pub(crate) fn staff(&self) -> Ctx {
        let actor = Actor::member(PersonId::from_uuid(Uuid::from_u128(0x57aff)), "Nodira");
        CtxBuilder::server(WORKSPACE, actor, self.clock.now(), self.random.clone()).build()
    }

    /// Time goes on, somebody does something, and now and then the process dies.
    pub(crate) fn step(&mut self) {
        let seconds = self.dice.between(1, 90);
        self.clock.advance_millis(seconds * 1_000);
        match self.dice.below(100) {
            0..48 => self.chat(),
            48..52 => self.chats_at_once(),
            52..54 => self.race(),
            54..56 => self.clash(),
            56..76 => self.staff_step(),
            76..94 => self.books_step(),
            _ => self.desk_step(),
        }
        if self.dice.one_in(WORKS_ONE_IN) {
            self.work();
        }
        if self.dice.one_in(2 * self.crash_every) {
            self.crash();
            self.check();
        }
    }

    /// Checks everything once more and says what happened.
    pub(crate) fn end(mut self) -> Told {
        self.clock.advance_millis(PATIENCE_S * 1_000);
        self.work_to_the_end();
        self.check();
        self.check_work();
        self.told.updates = self.delivered.len();
        self.told.actions += self.told.updates;
        self.told
    }

    /// The workers run what is due and tell what happened; now and then the process dies between two of their
    /// transactions, or within one.
    fn work(&mut self) {
        if self.dice.one_in((2 * self.crash_every / WORKS_ONE_IN).max(1)) {
            let looks = self.dice.between(1, 30);
            let worker = Arc::clone(&self.process().worker);
            self.runtime.block_on(async {
                let mut working = pin!(worker.drain());
                for _ in 0..looks {
                    if poll!(&mut working).is_ready() {
                        break;
                    }
                    tokio::time::sleep(Duration::from_micros(200)).await;
                }
            });
            drop(worker);
            self.crash();
            self.told.deaths_at_work += 1;
        }
        self.work_to_the_end();
    }

    fn work_to_the_end(&mut self) {
        let worker = Arc::clone(&self.process().worker);
        loop {
            self.runtime.block_on(worker.drain()).unwrap();
            // tidy: no workspace: the jobs of the whole story
            let left = "SELECT COUNT(*) FROM jobs_job WHERE state = 'running'";
            let read = move |tx: &mut db::ReadTx<'_>| tx.query_one(left, &[], |row| row.get::<i64>(0));
            if self.db.read_now(Scope::Server, read).unwrap() == 0 {
                break;
            }
            // A job of the process that died: its lease runs out in a moment.
            self.runtime.block_on(tokio::time::sleep(LEASE));
        }
        self.process().search.follow_now().unwrap();
    }

    /// A write of staff or of an outside system. It may die after its work and before its commit: then it is `None`,
    /// as for a refusal.
    pub(crate) fn write<T: Send + 'static>(
        &mut self,
        action: &'static str,
        run: impl Fn(&Ctx, &mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Option<T> {
        let dies = self.dice.one_in(12);
        self.told.actions += 1;
        let ctx = self.staff();
        let work = {
            let ctx = ctx.clone();
            move |tx: &mut Tx<'_>| {
                let done = run(&ctx, tx)?;
                if dies { Err(Error::internal("the process died here")) } else { Ok(done) }
            }
        };
        match block_on(self.db.write(&ctx, Lane::People, work)) {
            Ok(done) => {
                *self.owed.entry(action).or_default() += 1;
                Some(done)
            }
            Err(_) if dies => {
                self.told.lost_writes += 1;
                None
            }
            Err(error) if error.kind() == kernel::Kind::Internal => panic!("{action}: {error}"),
            Err(_) => {
                self.told.refused += 1;
                None
            }
        }
    }
}

fn open_shop(ctx: &Ctx, tx: &mut Tx<'_>) -> Result<(Id<Channel>, Vec<Product>, Vec<Contact>)> {
    // Its papers say whose they are.
    tx.execute_one(
        "INSERT INTO auth_workspace (workspace_id, name, slug, lang, zone, address, created_at_ms)
         VALUES ($1, 'Chorsu Texno', 'chorsu', 'uz', 'Asia/Tashkent', 'Toshkent', $2)",
        params![ctx.workspace(), ctx.now()],
    )?;
    let product =
        |(code, name, price): &(&str, &str, i64)| ProductContent::new(*code, *name, Money::from_som(*price));
    let products: Vec<Product> = GOODS
        .iter()
        .map(product)
        .map(|content| catalog::create_product(ctx, tx, content))
        .collect::<Result<_>>()?;
    let line = |(place, product): (usize, &Product)| NewReceiptLine {
        product: product.id,
        quantity: Quantity::from_units(4 + i64::try_from(place).unwrap_or_default() * 3),
        unit_cost: Money::from_som(20_000),
    };
    let lines = products.iter().enumerate().map(line).collect();
    stock::receive(ctx, tx, NewReceipt { lines, ..NewReceipt::default() })?;
    let customers = (0..CUSTOMERS)
        .map(|number| {
            let phone = Phone::parse(&format!("+99893111000{number}"))?;
            contacts::create_contact(
                ctx,
                tx,
                NewContact::customer(format!("Tashkilot {number}"), Some(phone)),
            )
        })
        .collect::<Result<_>>()?;
    let shop = ShopInfo {
        name: "Chorsu Texno".to_owned(),
        about: String::new(),
        phone: "+998712000000".to_owned(),
        address: "Toshkent".to_owned(),
        hours: "9–18".to_owned(),
        site: String::new(),
        delivers: true,
        pickup: true,
        delivery_tiyin: 2_500_000,
    };
    let new = NewBot { name: "Doʻkon".to_owned(), source: flow::shop::BLUEPRINT.to_owned(), shop };
    let bot = bots::create_bot(ctx, tx, new)?;
    let channel = bots::simulator_channel(ctx, tx, bot.id)?;
    Ok((channel.id, products, customers))
}
