//! The measured run of the search: `cargo run --release -p search --example search_bench [products]`.
//!
//! Prints a table, then one line for each bar, and ends with 1 when one is short.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::float_arithmetic,
    clippy::print_stdout
)]

#[path = "../tests/demo/mod.rs"]
mod demo;

use std::process::ExitCode;

use demo::queries;
use search::bench;

/// The bars of the product: microseconds among 100,000 products, recall on the checked-in queries in per mille.
const MAX_P50_US: u128 = 500;
const MAX_P99_US: u128 = 2_000;
const MIN_RECALL_PERMILLE: u128 = 900;

fn main() -> ExitCode {
    let products = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let report = bench::run(products, 2_026).unwrap();
    let demo = demo::Demo::load();
    let queries::Recall { total: recall, misses, queries, .. } = queries::measure(&demo.engine(), &demo);
    println!("products            {}", report.products);
    println!("indexed in          {} ms", report.build_ms);
    println!("queries measured    {}", report.queries);
    println!("p50                 {} µs", report.p50_us);
    println!("p99                 {} µs", report.p99_us);
    println!("slowest             {} µs", report.max_us);
    println!("recall, made up     {:.2} %", report.recall_bp as f64 / 100.0);
    println!("recall, query set   {:.2} % of {queries} queries", recall * 100.0);
    for miss in &misses {
        println!("  {miss}");
    }
    for (time, query) in &report.slowest {
        println!("  {time} µs  {query}");
    }
    for (query, name) in &report.missed {
        println!("  missed: {query} → {name}");
    }
    let mut short = false;
    let mut bar = |name: &str, value: u128, limit: u128, at_most: bool| {
        let met = if at_most { value <= limit } else { value >= limit };
        short |= !met;
        let (side, end) = (if at_most { "at most" } else { "at least" }, if met { "met" } else { "short" });
        println!("bar {name}: {value} {side} {limit}: {end}");
    };
    bar("search-p50-us", report.p50_us, MAX_P50_US, true);
    bar("search-p99-us", report.p99_us, MAX_P99_US, true);
    bar("search-recall-permille", (recall * 1_000.0) as u128, MIN_RECALL_PERMILLE, false);
    if short { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
