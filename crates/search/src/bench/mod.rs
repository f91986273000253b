//! A measured run over a made-up catalog: how fast the engine answers among very many products, and whether the product
//! looked for stands in the first five. Only this module knows what time it is.

mod catalog;
mod mistakes;

use std::time::Instant;

use kernel::Result;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::engine::{Engine, Filter, Found};
use catalog::{Catalog, Made};

/// How many queries a run asks; the first tenth of the queries warms up and is not counted.
const QUERIES: usize = 6_000;
const FIRST: usize = 5;
const PRODUCTS_PER_BATCH: usize = 20_000;

/// What a run measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many products were indexed.
    pub products: usize,
    /// How long indexing took, in milliseconds.
    pub build_ms: u128,
    /// How many queries were measured.
    pub queries: usize,
    /// Half of the queries were answered within this, in microseconds.
    pub p50_us: u128,
    /// 99 of 100 queries were answered within this, in microseconds.
    pub p99_us: u128,
    /// The slowest query, in microseconds.
    pub max_us: u128,
    /// The slowest queries, for a look at what is slow.
    pub slowest: Vec<(u128, String)>,
    /// Of the queries that look for one product, the share that has it in the first five, in hundredths of a percent.
    pub recall_bp: usize,
    /// Some of those that have not.
    pub missed: Vec<(String, String)>,
}

/// Indexes `products` made from the seed in memory, asks thousands of queries one after another, and reports.
pub fn run(products: usize, seed: u64) -> Result<Report> {
    run_with(products, QUERIES, seed)
}

fn run_with(products: usize, queries: usize, seed: u64) -> Result<Report> {
    let mut random = StdRng::seed_from_u64(seed);
    let catalog = Catalog::make(products, &mut random);
    let engine = Engine::in_memory()?;
    let started = now();
    for part in catalog.products.chunks(PRODUCTS_PER_BATCH) {
        let mut batch = engine.batch()?;
        for product in part {
            batch.upsert(&product.entry)?;
        }
        batch.commit("bench")?;
    }
    let build_ms = started.elapsed().as_millis();
    let queries: Vec<Query> = (0..queries).map(|_| Query::make(&catalog, &mut random)).collect();
    let (warm_up, measured) = queries.split_at(queries.len() / 10);
    for query in warm_up {
        engine.search(&query.text, &Filter::default(), 0, FIRST)?;
    }
    let mut times: Vec<(u128, String)> = Vec::with_capacity(measured.len());
    let (mut looked_for, mut stood) = (0_usize, 0_usize);
    let mut missed = Vec::new();
    for query in measured {
        // The middle of three: what else the machine does in a moment is not the engine's.
        let mut three = [0; 3];
        let mut found = Found::default();
        for time in &mut three {
            let started = now();
            found = engine.search(&query.text, &Filter::default(), 0, FIRST)?;
            *time = started.elapsed().as_nanos() / 1_000;
        }
        three.sort_unstable();
        times.push((three[1], query.text.clone()));
        if let Some((key, name)) = &query.expected {
            looked_for += 1;
            if found.keys.contains(key) {
                stood += 1;
            } else if missed.len() < 20 {
                missed.push((query.text.clone(), name.clone()));
            }
        }
    }
    times.sort();
    let at =
        |share: usize| times.get(times.len() * share / 100).or(times.last()).map_or(0, |(time, _)| *time);
    Ok(Report {
        products: engine.len(),
        build_ms,
        queries: times.len(),
        p50_us: at(50),
        p99_us: at(99),
        max_us: times.last().map_or(0, |(time, _)| *time),
        slowest: times.iter().rev().take(8).cloned().collect(),
        recall_bp: stood * 10_000 / looked_for.max(1),
        missed,
    })
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time, and nothing is decided by it")]
fn now() -> Instant {
    Instant::now()
}

struct Query {
    text: String,
    /// The product that must be found, with its name; none for a query that many products answer.
    expected: Option<(u128, String)>,
}

impl Query {
    fn make(catalog: &Catalog, random: &mut StdRng) -> Self {
        let Some(Made { entry, brand, brand_ru, kind, model }) = catalog.pick(random) else {
            return Self { text: String::new(), expected: None };
        };
        let words = kind.names();
        let kind_name = words.get(random.random_range(0..words.len())).copied().unwrap_or(kind.uz);
        let expected = Some((entry.key, entry.names.first().cloned().unwrap_or_default()));
        let (text, expected) = match random.random_range(0..100) {
            0..15 => (kind_name.to_owned(), None),
            15..35 => (format!("{brand} {kind_name}"), None),
            35..42 => (format!("{kind_name} {brand_ru}"), None),
            42..52 => (mistakes::one(&format!("{brand} {kind_name}"), random), None),
            52..58 => (beginning(kind_name), None),
            58..72 => (format!("{brand} {model}"), expected),
            72..80 => (format!("{kind_name} {brand_ru} {model}"), expected),
            80..88 => (format!("{} {model}", mistakes::one(brand, random)), expected),
            88..94 => (
                format!("{} {} {model}", mistakes::one(kind_name, random), mistakes::one(brand, random)),
                expected,
            ),
            94..98 => (entry.code.clone(), expected),
            _ => (entry.barcode.clone(), expected),
        };
        Self { text, expected }
    }
}

fn beginning(word: &str) -> String {
    let length = word.chars().count();
    word.chars().take((length * 2 / 3).max(3)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_run_finds_what_it_made_and_repeats_itself() {
        let report = run_with(300, 400, 7).unwrap();
        assert_eq!(report.products, 300);
        assert!(report.recall_bp >= 9_000, "{report:?}");
        assert_eq!(run_with(300, 400, 7).unwrap().recall_bp, report.recall_bp);
    }
}
