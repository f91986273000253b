//! The checked-in queries and their recall.

use std::collections::BTreeMap;

use search::engine::{Engine, Filter};

use super::Demo;

const QUERIES: &str = include_str!("../queries.tsv");
const FIRST: usize = 5;

/// One line of the query set.
pub struct Query {
    pub kind: String,
    pub text: String,
    pub expected: Vec<String>,
}

/// What the whole set measured.
pub struct Recall {
    pub total: f64,
    pub by_kind: BTreeMap<String, (f64, usize)>,
    pub misses: Vec<String>,
    pub queries: usize,
}

fn all() -> Vec<Query> {
    QUERIES
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 3, "{line}");
            Query {
                kind: cells[0].to_owned(),
                text: cells[1].to_owned(),
                expected: cells[2].split(' ').map(str::to_owned).collect(),
            }
        })
        .collect()
}

fn fits(code: &str, patterns: &[String]) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(beginning) => code.starts_with(beginning),
        None => code == pattern,
    })
}

/// Asks every query. Of the products expected (at most five count), the share that stands in the first five is the
/// recall of a query; that of the set is the mean.
pub fn measure(engine: &Engine, demo: &Demo) -> Recall {
    let queries = all();
    let mut recall =
        Recall { total: 0.0, by_kind: BTreeMap::new(), misses: Vec::new(), queries: queries.len() };
    for query in &queries {
        let wanted = demo.codes.values().filter(|code| fits(code, &query.expected)).count();
        assert!(wanted > 0, "no product of the demo is {:?}", query.expected);
        let found = engine.search(&query.text, &Filter::default(), 0, FIRST).unwrap();
        let first: Vec<&String> = found.keys.iter().map(|key| &demo.codes[key]).collect();
        let right = first.iter().filter(|code| fits(code, &query.expected)).count();
        let share = right as f64 / wanted.min(FIRST) as f64;
        if share < 1.0 {
            let Query { kind, text, expected } = query;
            recall.misses.push(format!("{share:.2}  {kind}: {text}  expected {expected:?}, got {first:?}"));
        }
        let sum = recall.by_kind.entry(query.kind.clone()).or_default();
        *sum = (sum.0 + share, sum.1 + 1);
        recall.total += share;
    }
    recall.total /= queries.len() as f64;
    recall
}
