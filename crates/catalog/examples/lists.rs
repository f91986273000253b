//! How long lists take with 100,000 products: `cargo run --release -p catalog --example lists -- sqlite|postgres [N]`.
//!
//! Builds a catalog of N products in a database that goes away, then prints the slowest and the middle of twenty runs
//! of each list, in milliseconds.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "a tool for people who measure"
)]

use std::time::Instant;

use catalog::{
    Names, ProductContent, ProductFilter, ProductOrder, categories, ensure_category, find_by_code, list,
    products_in_category, upsert_products,
};
use context::{Actor, Ctx, CtxBuilder, Random};
use db::{ReadTx, testing::TestDb};
use kernel::{Id, Lang, Money, PageRequest, Result, Timestamp};

const KINDS: [(&str, &str); 8] = [
    ("Televizor", "Телевизор"),
    ("Muzlatkich", "Холодильник"),
    ("Kir yuvish mashinasi", "Стиральная машина"),
    ("Changyutkich", "Пылесос"),
    ("Smartfon", "Смартфон"),
    ("Noutbuk", "Ноутбук"),
    ("Quloqchin", "Наушники"),
    ("Choynak", "Чайник"),
];
const BRANDS: [&str; 10] =
    ["Samsung", "LG", "Artel", "Bosch", "Xiaomi", "Apple", "Sony", "Philips", "Hisense", "Haier"];
const COLOURS: [(&str, &str); 4] =
    [("oq", "белый"), ("qora", "чёрный"), ("kumush", "серебро"), ("koʻk", "синий")];
const RUNS: usize = 20;

fn main() {
    let mut args = std::env::args().skip(1);
    let database = args.next().unwrap_or_else(|| "sqlite".to_owned());
    let count: usize = args.next().and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let migrations = [context::MIGRATIONS, web::MIGRATIONS, files::MIGRATIONS, catalog::MIGRATIONS];
    let db = if database == "postgres" { TestDb::postgres(&migrations) } else { TestDb::sqlite(&migrations) };
    let workspace = Id::from_uuid(uuid::Uuid::from_u128(1));
    let now = Timestamp::from_millis(1_790_000_000_000);
    let ctx = CtxBuilder::server(workspace, Actor::server("bench"), now, Random::from_seed(1)).build();
    let started = Instant::now();
    fill(&db, &ctx, count);
    if database == "postgres" {
        wait_for_autovacuum(&db, &ctx);
    }
    println!("{database}: {count} products in {} s", started.elapsed().as_secs());
    measure(&db, &ctx);
}

/// PostgreSQL gathers statistics by itself within a minute or two of a load; before that every plan is a guess.
fn wait_for_autovacuum(db: &TestDb, ctx: &Ctx) {
    let done = || {
        db.read_now(ctx, |tx| {
            let sql = "SELECT COUNT(*) FROM pg_stat_user_tables WHERE last_autovacuum IS NOT NULL
                 AND last_autoanalyze IS NOT NULL AND relname IN ('catalog_product', 'catalog_product_word')";
            tx.query_one(sql, &[], |row| row.get::<i64>(0))
        })
    };
    let started = Instant::now();
    while done().unwrap() < 2 && started.elapsed().as_secs() < 240 {
        std::thread::sleep(std::time::Duration::from_secs(2));
    }
    println!("autovacuum: {} s", started.elapsed().as_secs());
}

fn fill(db: &TestDb, ctx: &Ctx, count: usize) {
    let own = ctx.clone();
    let places = db
        .write_now(ctx, move |tx| {
            let mut places = Vec::new();
            for (kind, _) in KINDS {
                for number in 0..12 {
                    let path = [Names::uz("Texnika"), Names::uz(kind), Names::uz(format!("{kind} {number}"))];
                    places.push(ensure_category(&own, tx, &path)?);
                }
            }
            Ok(places)
        })
        .unwrap();
    let numbers: Vec<usize> = (0..count).collect();
    for part in numbers.chunks(200) {
        let contents: Vec<ProductContent> = part
            .iter()
            .map(|n| {
                let (kind, kind_ru) = KINDS[n % KINDS.len()];
                let brand = BRANDS[(n / 7) % BRANDS.len()];
                let (colour, colour_ru) = COLOURS[(n / 3) % COLOURS.len()];
                let model = format!("{}{}", ["QE", "HW", "RB", "VX"][n % 4], n * 7 % 99_991);
                let price = Money::from_som(i64::try_from(100_000 + n * 37 % 9_000_000).unwrap());
                let mut content = ProductContent::new(
                    format!("SKU-{n}"),
                    format!("{kind} {brand} {model}, {colour}"),
                    price,
                );
                content.name.ru = Some(format!("{kind_ru} {brand} {model}, {colour_ru}"));
                content.brand = Some(brand.to_owned());
                content.category = Some(places[n % places.len()]);
                content.active = n % 50 != 0;
                content
            })
            .collect();
        let own = ctx.clone();
        db.write_now(ctx, move |tx| upsert_products(&own, tx, contents.clone()).map(drop)).unwrap();
    }
}

fn measure(db: &TestDb, ctx: &Ctx) {
    let all = ProductFilter::default;
    let asked = |q: &str| ProductFilter { q: Some(q.to_owned()), active: Some(true), ..all() };
    let by = |order, descending| ProductFilter { order, descending, ..all() };
    let tree = {
        let own = ctx.clone();
        db.read_now(ctx, move |tx| categories(&own, tx)).unwrap()
    };
    let top = tree.nodes()[0].category.id;
    let kind = tree.nodes()[1].category.id;
    let lists = [
        ("all, by name", all(), 1),
        ("all, by name, page 400", all(), 400),
        ("all, by name, last page", all(), 4_000),
        ("on sale", ProductFilter { active: Some(true), ..all() }, 1),
        ("off sale", ProductFilter { active: Some(false), ..all() }, 1),
        ("by price, dearest first", by(ProductOrder::SalePrice, true), 1),
        ("by code", by(ProductOrder::Code, false), 1),
        ("newest first", by(ProductOrder::Number, true), 1),
        ("the top category", ProductFilter { category: Some(top), active: Some(true), ..all() }, 1),
        ("a kind's category", ProductFilter { category: Some(kind), active: Some(true), ..all() }, 1),
        ("q: samsung", asked("samsung"), 1),
        ("q: телевизор samsung", asked("телевизор samsung"), 1),
        ("q: sa", asked("sa"), 1),
        ("q: televizor", asked("televizor"), 1),
        ("q: HW7021", asked("HW7021"), 1),
        ("q: samsung, by name", ProductFilter { order: ProductOrder::Name, ..asked("samsung") }, 1),
        ("q: samsung, page 200", asked("samsung"), 200),
        ("q: samsung in a category", ProductFilter { category: Some(kind), ..asked("samsung") }, 1),
        ("q: nothing like it", asked("nothing like it"), 1),
    ];
    for (name, filter, page) in lists {
        time(db, ctx, name, move |ctx, tx| {
            list(ctx, tx, &filter, PageRequest::new(page, 25)).map(|page| page.count)
        });
    }
    let russian = ctx.with(|ctx| ctx.lang = Lang::Ru);
    let filter = all();
    time(db, &russian, "all, by name, in Russian", move |ctx, tx| {
        list(ctx, tx, &filter, PageRequest::default()).map(|page| page.count)
    });
    time(db, ctx, "products in a category", move |ctx, tx| {
        products_in_category(ctx, tx, kind, PageRequest::new(1, 5)).map(|page| page.count)
    });
    time(db, ctx, "the tree with counts", |ctx, tx| {
        categories(ctx, tx).map(|tree| tree.nodes().first().map_or(0, |node| node.products))
    });
    time(db, ctx, "one by its code", |ctx, tx| {
        find_by_code(ctx, tx, "sku-777").map(|product| product.map_or(0, |product| product.number))
    });
}

fn time(
    db: &TestDb,
    ctx: &Ctx,
    name: &str,
    run: impl Fn(&Ctx, &mut ReadTx<'_>) -> Result<i64> + Clone + Send + 'static,
) {
    let mut times = Vec::new();
    let mut found = 0;
    for _ in 0..RUNS {
        let (own, run) = (ctx.clone(), run.clone());
        let started = Instant::now();
        found = db.read_now(ctx, move |tx| run(&own, tx)).unwrap();
        times.push(started.elapsed());
    }
    times.sort();
    let millis = |n: usize| {
        let micros = times[n].as_micros();
        format!("{}.{}", micros / 1_000, micros % 1_000 / 100)
    };
    println!("{name:28} {found:>7} found   middle {:>6}   slowest {:>6}", millis(RUNS / 2), millis(RUNS - 1));
}
