//! The demo catalog as entries of the index.

pub mod queries;

use std::collections::HashMap;
use std::path::PathBuf;

use calamine::{Data, Reader, Xlsx, open_workbook};
use search::engine::{Category, Engine, Entry};

/// The products of the demo shop, and the code of each key.
pub struct Demo {
    pub entries: Vec<Entry>,
    pub codes: HashMap<u128, String>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../demo")
}

impl Demo {
    pub fn load() -> Self {
        let mut rows = csv_rows();
        rows.extend(xlsx_rows());
        let mut categories: HashMap<String, u128> = HashMap::new();
        let mut entries: Vec<Entry> = Vec::new();
        for row in rows {
            let cell = |name: &str| row.get(name).cloned().unwrap_or_default();
            let levels: Vec<Vec<String>> = ["Turkum (oʻzbekcha)", "Turkum (ruscha)", "Turkum (inglizcha)"]
                .map(|header| cell(header).split(" > ").map(str::to_owned).collect())
                .to_vec();
            let depth = levels[0].len();
            let path = (0..depth).rev().map(|level| {
                let fresh = categories.len() as u128 + 1_000;
                let key = *categories.entry(levels[0][..=level].join(" > ")).or_insert(fresh);
                Category { key, names: levels.iter().filter_map(|names| names.get(level)).cloned().collect() }
            });
            let categories_of = path.collect();
            entries.push(Entry {
                key: entries.len() as u128 + 1,
                code: cell("Kod"),
                barcode: cell("Shtrix-kod"),
                names: ["Nomi (oʻzbekcha)", "Nomi (ruscha)", "Nomi (inglizcha)"].map(cell).to_vec(),
                brand: cell("Brend"),
                categories: categories_of,
                synonyms: Vec::new(),
                about: ["Qisqa tavsif (oʻzbekcha)", "Qisqa tavsif (ruscha)"].map(cell).to_vec(),
                active: true,
                order: entries.len() as u32,
            });
        }
        let codes = entries.iter().map(|entry| (entry.key, entry.code.clone())).collect();
        Self { entries, codes }
    }

    pub fn engine(&self) -> Engine {
        let engine = Engine::in_memory().unwrap();
        let mut batch = engine.batch().unwrap();
        for entry in &self.entries {
            batch.upsert(entry).unwrap();
        }
        batch.commit("demo").unwrap();
        engine
    }
}

fn csv_rows() -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder().join("products.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    let zip = |row: csv::StringRecord| {
        headers.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect()
    };
    reader.records().map(|row| zip(row.unwrap())).collect()
}

fn xlsx_rows() -> Vec<HashMap<String, String>> {
    let mut book: Xlsx<_> = open_workbook(folder().join("products.xlsx")).unwrap();
    let sheet = book.worksheet_range("Mahsulotlar").unwrap();
    let mut rows = sheet.rows().map(|row| row.iter().map(Data::to_string).collect::<Vec<String>>());
    let headers = rows.next().unwrap();
    rows.map(|row| headers.iter().cloned().zip(row).collect()).collect()
}
