//! What the engine promises to the one who fills and asks it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::as_conversions)]

use proptest::prelude::*;
use search::engine::{Category, Engine, Entry, Filter};

const LARGE: u128 = 100;
const SMALL: u128 = 101;
const HOME: u128 = 102;

fn entry(key: u128, name: &str, brand: &str, category: u128) -> Entry {
    let near = if category == LARGE { "Televizorlar" } else { "Choynaklar" };
    Entry {
        key,
        code: format!("CODE-{key}"),
        barcode: format!("20000000000{key:02}"),
        names: vec![name.to_owned()],
        brand: brand.to_owned(),
        categories: vec![
            Category { key: category, names: vec![near.to_owned()] },
            Category { key: HOME, names: vec!["Maishiy texnika".to_owned()] },
        ],
        synonyms: Vec::new(),
        about: vec!["kafolat 12 oy".to_owned()],
        active: true,
        order: key as u32,
    }
}

fn fill(engine: &Engine, entries: &[Entry], mark: &str) {
    let mut batch = engine.batch().unwrap();
    for entry in entries {
        batch.upsert(entry).unwrap();
    }
    batch.commit(mark).unwrap();
}

fn shop() -> Engine {
    let engine = Engine::in_memory().unwrap();
    let entries = [
        entry(1, "Televizor Samsung 43CU7100", "Samsung", LARGE),
        entry(2, "Televizor LG 43UR78006", "LG", LARGE),
        entry(3, "Choynak Artel MAX 100", "Artel", SMALL),
        entry(4, "Televizor uchun pult Samsung", "Samsung", SMALL),
        Entry { active: false, ..entry(5, "Televizor Samsung 40J5200", "Samsung", LARGE) },
    ];
    fill(&engine, &entries, "one");
    engine
}

fn ask(engine: &Engine, text: &str) -> Vec<u128> {
    engine.search(text, &Filter::default(), 0, 10).unwrap().keys
}

#[test]
fn all_words_come_before_some_and_the_kind_before_its_accessories() {
    let engine = shop();
    assert_eq!(ask(&engine, "samsung televizor"), [1, 4]);
    assert_eq!(ask(&engine, "televizor"), [1, 2, 4]);
    let nearest = engine.search("artel televizor", &Filter::default(), 0, 10).unwrap();
    assert!(!nearest.is_whole() && nearest.answered == 1 && nearest.asked == 2);
    assert_eq!(nearest.keys[..2], [1, 2], "the kind matters more than the brand");
}

#[test]
fn an_exact_code_or_barcode_comes_alone() {
    let engine = shop();
    assert_eq!(ask(&engine, "CODE-3"), [3]);
    assert_eq!(ask(&engine, "соdе 2"), [2], "Cyrillic letters of the same shape");
    assert_eq!(ask(&engine, "2000000000001"), [1]);
    assert!(engine.search("code-3", &Filter::default(), 0, 10).unwrap().is_whole());
}

#[test]
fn filters_leave_out_other_categories_and_what_is_not_sold() {
    let engine = shop();
    let ask = |filter: Filter| engine.search("samsung televizor", &filter, 0, 10).unwrap().keys;
    assert_eq!(ask(Filter { category: Some(LARGE), ..Filter::default() }), [1]);
    assert_eq!(ask(Filter { category: Some(HOME), ..Filter::default() }), [1, 4]);
    assert_eq!(ask(Filter { category: Some(7), ..Filter::default() }), Vec::<u128>::new());
    assert_eq!(ask(Filter { with_inactive: true, ..Filter::default() }), [1, 5, 4]);
}

#[test]
fn pages_do_not_overlap_and_know_the_total() {
    let engine = Engine::in_memory().unwrap();
    let entries: Vec<Entry> = (1..=25).map(|key| entry(key, "Televizor Samsung", "Samsung", LARGE)).collect();
    fill(&engine, &entries, "x");
    let mut seen = Vec::new();
    for page in 0..6 {
        let found = engine.search("televizor", &Filter::default(), page * 5, 5).unwrap();
        assert_eq!(found.total, 25);
        seen.extend(found.keys);
    }
    assert_eq!(seen, (1..=25).collect::<Vec<u128>>());
}

#[test]
fn a_product_found_by_its_description_comes_when_nothing_else_does() {
    let engine = shop();
    assert_eq!(ask(&engine, "artel kafolat"), [3]);
    assert_eq!(ask(&engine, "kafolat"), [1, 2, 3, 4]);
}

#[test]
fn what_nobody_sells_is_not_found() {
    let engine = shop();
    for text in ["velosiped", "", "   ", "'", "🙂", "????"] {
        let found = engine.search(text, &Filter::default(), 0, 10).unwrap();
        assert_eq!((found.total, found.keys.len()), (0, 0), "{text}");
    }
    assert_eq!(engine.search("velosiped", &Filter::default(), 0, 10).unwrap().unknown, 1);
}

#[test]
fn an_entry_is_replaced_and_removed_by_its_key() {
    let engine = shop();
    fill(&engine, &[entry(1, "Choynak Bosch", "Bosch", SMALL)], "two");
    assert_eq!(engine.len(), 5);
    assert_eq!(ask(&engine, "bosch"), [1]);
    assert_eq!(ask(&engine, "43CU7100"), Vec::<u128>::new());
    let mut batch = engine.batch().unwrap();
    batch.remove(1);
    batch.remove(99);
    batch.commit("three").unwrap();
    assert_eq!(ask(&engine, "bosch"), Vec::<u128>::new());
    assert_eq!(engine.mark().unwrap().as_deref(), Some("three"));
}

#[test]
fn one_key_twice_in_a_batch_is_one_product() {
    let engine = Engine::in_memory().unwrap();
    fill(&engine, &[entry(1, "Choynak", "", SMALL), entry(1, "Choynak Vitek", "", SMALL)], "x");
    assert_eq!((engine.len(), ask(&engine, "choynak")), (1, vec![1]));
}

#[test]
fn a_batch_that_is_dropped_has_not_happened() {
    let engine = shop();
    let mut batch = engine.batch().unwrap();
    batch.clear().unwrap();
    batch.upsert(&entry(9, "Noutbuk Dell", "Dell", SMALL)).unwrap();
    drop(batch);
    assert_eq!(engine.len(), 5);
    assert_eq!(engine.mark().unwrap().as_deref(), Some("one"));
    assert_eq!(ask(&engine, "dell"), Vec::<u128>::new());
}

#[test]
fn an_index_in_a_folder_is_there_after_a_restart_with_its_mark() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    assert_eq!(engine.mark().unwrap(), None);
    fill(&engine, &[entry(1, "Televizor Samsung", "Samsung", LARGE)], "17");
    drop(engine);
    let engine = Engine::open(folder.path()).unwrap();
    assert_eq!(engine.mark().unwrap().as_deref(), Some("17"));
    assert_eq!(ask(&engine, "самсунг"), [1]);
}

#[test]
fn a_broken_index_is_made_anew_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    fill(&Engine::open(folder.path()).unwrap(), &[entry(1, "Televizor", "", LARGE)], "17");
    std::fs::write(folder.path().join("meta.json"), "{not json").unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    assert_eq!((engine.len(), engine.mark().unwrap()), (0, None));
}

#[test]
fn many_small_commits_end_as_few_parts_that_answer_alike() {
    let engine = Engine::in_memory().unwrap();
    for key in 1..=40 {
        fill(&engine, &[entry(key, "Televizor Samsung", "Samsung", LARGE)], &key.to_string());
    }
    let found = engine.search("samsng televizr", &Filter::default(), 0, 50).unwrap();
    assert_eq!(found.keys, (1..=40).collect::<Vec<u128>>());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(name in any::<String>(), text in any::<String>(), offset in 0..20_000_usize, limit in 0..20_000_usize) {
        let engine = Engine::in_memory().unwrap();
        fill(&engine, &[entry(1, &name, &name, LARGE)], &text);
        let found = engine.search(&text, &Filter::default(), offset, limit).unwrap();
        prop_assert!(found.keys.len() <= found.total && found.total <= 1);
    }
}
