//! The search's engine among very many products, and the checked-in set of queries.

#[allow(dead_code, missing_docs, reason = "the tests of `search` own it")]
#[path = "../../search/tests/demo/mod.rs"]
mod demo;

use search::bench;

use self::demo::{Demo, queries};
use crate::{
    bars::{Bars, table},
    place::Database,
};

const PRODUCTS: usize = 100_000;
const SEED: u64 = 2_026;

/// The engine needs no database: it is the same on both.
pub fn run(_: Database) -> Bars {
    let report = bench::run(PRODUCTS, SEED).unwrap();
    let demo = Demo::load();
    let queries::Recall { total: recall, misses, queries, .. } = queries::measure(&demo.engine(), &demo);
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let ms = |us: u128| us as f64 / 1_000.0;
    table(
        &["", ""],
        &[
            row("products", report.products.to_string()),
            row("indexed in, ms", report.build_ms.to_string()),
            row("queries measured", report.queries.to_string()),
            row("p50, ms", format!("{:.3}", ms(report.p50_us))),
            row("p99, ms", format!("{:.3}", ms(report.p99_us))),
            row("slowest, ms", format!("{:.3}", ms(report.max_us))),
            row(
                "recall in the first five, made-up queries",
                format!("{:.3}", report.recall_bp as f64 / 10_000.0),
            ),
            row(&format!("recall in the first five, {queries} checked-in queries"), format!("{recall:.3}")),
        ],
    );
    for miss in &misses {
        println!("  missed: {miss}");
    }
    for (time, query) in report.slowest.iter().take(4) {
        println!("  slow: {time} µs  {query}");
    }
    let mut bars = Bars::default();
    bars.at_most("p50, ms", ms(report.p50_us), 0.5);
    bars.at_most("p99, ms", ms(report.p99_us), 2.0);
    bars.at_least("recall in the first five", recall, 0.9);
    bars
}
