//! Which column of a file holds which field. Pure.

use kernel::{Checks, Error, Result, Text};

use crate::ImportKind;

/// A field that a column can hold.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name, in mappings and in problems.
    pub name: &'static str,
    /// The message that names it for people.
    pub text: &'static str,
    /// Whether a file must have it.
    pub required: bool,
    /// Headings that mean it, in any case.
    headings: &'static [&'static str],
}

const fn field(
    name: &'static str,
    text: &'static str,
    required: bool,
    headings: &'static [&'static str],
) -> Field {
    Field { name, text, required, headings }
}

/// The fields of a file of products (demo/README.md, "Columns").
const PRODUCTS: &[Field] = &[
    field("code", "ingest-field-code", true, &["kod", "code", "sku", "artikul", "код", "артикул"]),
    field(
        "barcode",
        "ingest-field-barcode",
        false,
        &["shtrix-kod", "shtrixkod", "barcode", "ean", "штрихкод", "штрих-код"],
    ),
    field(
        "mxik",
        "ingest-field-mxik",
        false,
        &["mxik", "ikpu", "mxik kodi", "мхик", "икпу", "mxik (ikpu)", "мхик (икпу)"],
    ),
    field(
        "name",
        "ingest-field-name",
        true,
        &[
            "nomi (o'zbekcha)",
            "nomi",
            "nomi uz",
            "name uz",
            "name (uzbek)",
            "название (узб)",
            "название (узбекское)",
            "номи",
            "номи (ўзбекча)",
        ],
    ),
    field(
        "name_ru",
        "ingest-field-name-ru",
        false,
        &[
            "nomi (ruscha)",
            "nomi ru",
            "name ru",
            "name (russian)",
            "название",
            "название (рус)",
            "название (русское)",
            "наименование",
            "номи (русча)",
        ],
    ),
    field(
        "name_en",
        "ingest-field-name-en",
        false,
        &[
            "nomi (inglizcha)",
            "nomi en",
            "name",
            "name en",
            "name (english)",
            "название (англ)",
            "название (английское)",
        ],
    ),
    field(
        "category",
        "ingest-field-category",
        false,
        &[
            "turkum (o'zbekcha)",
            "turkum",
            "kategoriya",
            "category uz",
            "category (uzbek)",
            "категория (узб)",
            "категория (узбекская)",
            "туркум",
        ],
    ),
    field(
        "category_ru",
        "ingest-field-category-ru",
        false,
        &[
            "turkum (ruscha)",
            "category ru",
            "category (russian)",
            "категория",
            "категория (рус)",
            "категория (русская)",
        ],
    ),
    field(
        "category_en",
        "ingest-field-category-en",
        false,
        &[
            "turkum (inglizcha)",
            "category",
            "category en",
            "category (english)",
            "категория (англ)",
            "категория (английская)",
        ],
    ),
    field("brand", "ingest-field-brand", false, &["brend", "brand", "бренд", "марка"]),
    field(
        "unit",
        "ingest-field-unit",
        false,
        &[
            "o'lchov birligi",
            "birlik",
            "unit",
            "ўлчов бирлиги",
            "ед. изм.",
            "ед изм",
            "единица",
            "единица измерения",
        ],
    ),
    field(
        "purchase_price",
        "ingest-field-purchase-price",
        false,
        &["xarid narxi", "tannarx", "purchase price", "cost", "закупочная цена"],
    ),
    field(
        "sale_price",
        "ingest-field-sale-price",
        true,
        &[
            "sotuv narxi",
            "narx",
            "narxi",
            "нарх",
            "нархи",
            "сотув нархи",
            "price",
            "sale price",
            "цена",
            "цена продажи",
        ],
    ),
    field("old_price", "ingest-field-old-price", false, &["eski narx", "old price", "старая цена"]),
    field("vat", "ingest-field-vat", false, &["qqs stavkasi", "qqs", "vat", "vat rate", "ндс", "ставка ндс"]),
    field(
        "minimum_quantity",
        "ingest-field-minimum-quantity",
        false,
        &["minimal qoldiq", "min quantity", "minimum quantity", "минимальный остаток"],
    ),
    field(
        "description_uz",
        "ingest-field-description-uz",
        false,
        &[
            "qisqa tavsif (o'zbekcha)",
            "tavsif",
            "description uz",
            "description (uzbek)",
            "short description (uzbek)",
            "описание (узб)",
            "описание (узбекское)",
            "краткое описание (узбекское)",
        ],
    ),
    field(
        "description_ru",
        "ingest-field-description-ru",
        false,
        &[
            "qisqa tavsif (ruscha)",
            "description ru",
            "description (russian)",
            "short description (russian)",
            "описание",
            "описание (рус)",
            "описание (русское)",
            "краткое описание (русское)",
        ],
    ),
    field(
        "active",
        "ingest-field-active",
        false,
        &["holati", "holat", "sotuvda", "active", "state", "on sale", "состояние", "в продаже"],
    ),
];

/// Columns of files that the program itself gave: what an import says nothing about, and what was wrong with a row.
const LEFT_OUT: &[&str] =
    &["qoldiq", "in stock", "остаток", "satr", "row", "строка", "xato", "mistake", "ошибка"];

/// The fields of a stock receipt.
const RECEIPT: &[Field] = &[
    field("code", "ingest-field-code", true, &["kod", "code", "sku", "artikul", "код", "артикул"]),
    field(
        "quantity",
        "ingest-field-quantity",
        true,
        &["miqdor", "miqdori", "soni", "quantity", "qty", "количество", "кол-во"],
    ),
    field(
        "unit_cost",
        "ingest-field-unit-cost",
        true,
        &[
            "tannarx",
            "xarid narxi",
            "cost",
            "unit cost",
            "purchase price",
            "себестоимость",
            "закупочная цена",
        ],
    ),
];

/// Whether a column with this heading is known and not taken: nobody need be asked what it holds. A receipt may name
/// and describe the goods; it says nothing about what they are.
fn is_left_out(kind: ImportKind, heading: &str) -> bool {
    let heading = plain(heading);
    let of_goods = || PRODUCTS.iter().any(|field| field.headings.contains(&heading.as_str()));
    LEFT_OUT.contains(&heading.as_str()) || (kind == ImportKind::StockReceipt && of_goods())
}

impl ImportKind {
    /// The fields that a file of this kind can have, in the order they are offered.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Products => PRODUCTS,
            Self::StockReceipt => RECEIPT,
        }
    }

    /// The field with this name.
    pub fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.name == name)
    }
}

/// A heading as it is compared: lower case, one kind of apostrophe, spaces and underscores one space.
fn plain(heading: &str) -> String {
    let letters = heading.chars().map(|c| match c {
        '_' => ' ',
        c if uztext::is_apostrophe(c) => '\'',
        c => c,
    });
    let text: String = letters.flat_map(char::to_lowercase).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A heading as people write it: `Nomi (oʻzbekcha)`.
fn shown(plain: &str) -> String {
    let spelt = plain.replace('\'', "ʻ");
    let mut letters = spelt.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Which field each column holds; `None` for a column that is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping(pub Vec<Option<&'static str>>);

impl Mapping {
    /// The fields that the headings mean; columns whose heading means nothing are not taken.
    pub fn guess(kind: ImportKind, headings: &[String]) -> Self {
        let of = |heading: &String| {
            let plain = plain(heading);
            let fits = |field: &&Field| field.headings.contains(&plain.as_str());
            kind.fields().iter().find(fits).map(|field| field.name)
        };
        Self(headings.iter().map(of).collect())
    }

    /// Reads the names of fields, one for each column; an empty one is a column that is not taken.
    pub fn read(kind: ImportKind, names: &[String], columns: usize) -> Result<Self> {
        let unknown = || Error::field("fields", Text::new("ingest-mapping-malformed"));
        if names.len() != columns {
            return Err(unknown());
        }
        let read = |name: &String| match name.as_str() {
            "" => Ok(None),
            name => kind.field(name).map(|field| Some(field.name)).ok_or_else(unknown),
        };
        Ok(Self(names.iter().map(read).collect::<Result<_>>()?))
    }

    /// The name of the field that each column holds; empty for a column that is not taken.
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|field| field.unwrap_or_default()).collect()
    }

    /// The column that holds `field`.
    pub fn column(&self, field: &str) -> Option<usize> {
        self.0.iter().position(|found| *found == Some(field))
    }

    /// What keeps the columns from being taken: a heading that means nothing, a field that is missing or stands twice.
    /// With `chosen`, a person has said which columns are not taken, so that unknown headings are no fault.
    pub fn check(&self, kind: ImportKind, headings: &[String], chosen: bool) -> Result<()> {
        let mut checks = Checks::new();
        for (field, heading) in self.0.iter().zip(headings) {
            let unknown = field.is_none() && !heading.is_empty() && !chosen && !is_left_out(kind, heading);
            checks.hold(!unknown, "columns", Text::new("ingest-column-unknown").with("column", heading));
        }
        for Field { name, text: _, required, headings: names } in kind.fields() {
            let count = self.0.iter().filter(|found| **found == Some(*name)).count();
            let column = shown(names.first().copied().unwrap_or_default());
            let column = column.as_str();
            checks.hold(count <= 1, "columns", Text::new("ingest-column-twice").with("column", column));
            let missing = *required && count == 0;
            checks.hold(!missing, "columns", Text::new("ingest-column-missing").with("column", column));
        }
        checks.done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn headings_are_known_in_three_languages_and_with_any_apostrophe() {
        for (heading, name) in [
            ("Nomi (oʻzbekcha)", "name"),
            ("NOMI (O'ZBEKCHA)", "name"),
            ("nomi  (o’zbekcha) ", "name"),
            ("name_uz", "name"),
            ("Наименование", "name_ru"),
            ("Name", "name_en"),
            ("Категория", "category_ru"),
            ("Kategoriya", "category"),
            ("Oʻlchov birligi", "unit"),
            ("Ед. изм.", "unit"),
            ("SKU", "code"),
        ] {
            let guess = Mapping::guess(ImportKind::Products, &headings(&[heading]));
            assert_eq!(guess.0, [Some(name)], "{heading}");
        }
        let receipt =
            Mapping::guess(ImportKind::StockReceipt, &headings(&["Kod", "Кол-во", "Себестоимость"]));
        assert_eq!(receipt.0, [Some("code"), Some("quantity"), Some("unit_cost")]);
    }

    #[test]
    fn what_the_program_calls_a_field_in_any_language_is_understood() {
        let texts = text::Texts::new(&[crate::TEXTS, catalog::TEXTS]);
        for lang in kernel::Lang::ALL {
            for kind in ImportKind::ALL {
                for field in kind.fields() {
                    let heading = texts.get(lang, field.text);
                    let guess = Mapping::guess(kind, std::slice::from_ref(&heading));
                    assert_eq!(guess.0, [Some(field.name)], "{heading}");
                }
            }
            for key in ["ingest-field-row", "ingest-field-problem", "catalog-field-quantity"] {
                let heading = texts.get(lang, key);
                assert!(is_left_out(ImportKind::Products, &heading), "{heading}");
            }
        }
        assert!(is_left_out(ImportKind::StockReceipt, "Наименование"));
        assert!(!is_left_out(ImportKind::Products, "Rangi"));
    }

    #[test]
    fn wrong_columns_are_named() {
        let headings = headings(&["Kod", "Артикул", "Narx", "Rangi", ""]);
        let guess = Mapping::guess(ImportKind::Products, &headings);
        let said = |chosen| {
            let error = guess.check(ImportKind::Products, &headings, chosen).unwrap_err();
            error
                .field_errors()
                .iter()
                .map(|e| format!("{} {:?}", e.text.key(), e.text.args()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            said(false),
            [
                "ingest-column-unknown [(\"column\", Text(\"Rangi\"))]",
                "ingest-column-twice [(\"column\", Text(\"Kod\"))]",
                "ingest-column-missing [(\"column\", Text(\"Nomi (oʻzbekcha)\"))]",
            ]
        );
        assert_eq!(said(true).len(), 2);
    }

    #[test]
    fn no_heading_means_two_fields_and_mappings_of_strangers_are_checked() {
        for kind in [ImportKind::Products, ImportKind::StockReceipt] {
            let mut all: Vec<&str> = kind.fields().iter().flat_map(|field| field.headings).copied().collect();
            all.extend(LEFT_OUT);
            assert!(all.iter().all(|heading| plain(heading) == *heading), "{all:?}");
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), count);
        }
        let names = headings(&["code", "", "evil"]);
        assert!(Mapping::read(ImportKind::Products, &names, 3).is_err());
        assert!(Mapping::read(ImportKind::Products, &names[..2], 3).is_err());
        assert_eq!(Mapping::read(ImportKind::Products, &names[..2], 2).unwrap().0, [Some("code"), None]);
    }
}
