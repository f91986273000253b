//! The checked-in query set over the demo catalog: how many of the expected products stand in the first five.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::float_arithmetic,
    clippy::print_stdout
)]

mod demo;

use demo::{Demo, queries};

const MIN_QUERIES: usize = 120;
const MIN_RECALL: f64 = 0.97;

#[test]
fn the_first_five_results_hold_what_people_look_for() {
    let demo = Demo::load();
    assert_eq!(demo.entries.len(), 200);
    let recall = queries::measure(&demo.engine(), &demo);
    for miss in &recall.misses {
        println!("{miss}");
    }
    for (kind, (sum, count)) in &recall.by_kind {
        println!("{kind}: {:.3} of {count}", sum / *count as f64);
    }
    println!("recall in the first five: {:.4} over {} queries", recall.total, recall.queries);
    assert!(recall.queries >= MIN_QUERIES);
    assert!(recall.total >= MIN_RECALL);
}
