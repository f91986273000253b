//! A product: what it is, what may be written into it. Pure.

use std::{fmt, str::FromStr};

use kernel::{Barcode, Checks, Id, Lang, Money, Mxik, Quantity, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Category, Names, unit_name};

/// Characters of a code; longer ones are no codes.
pub const CODE_CHARS: usize = 64;
/// Characters of a name; a chat's button and a receipt's line stay readable.
pub const NAME_CHARS: usize = 250;
/// Characters of a brand.
pub const BRAND_CHARS: usize = 100;
/// Characters of a unit: `dona`, `kg`, `quti`.
pub const UNIT_CHARS: usize = 20;
/// Characters of a description; a chat's message with a picture holds 1,024.
pub const DESCRIPTION_CHARS: usize = 4_000;
/// The highest price: 10¹² so'm, far above anything sold, far below what 64 bits hold.
pub const PRICE_MAX: Money = Money::from_som(1_000_000_000_000);
/// The highest minimum quantity: 10⁹ units.
pub const QUANTITY_MAX: Quantity = Quantity::from_units(1_000_000_000);
/// The unit of a product that names none.
pub const DEFAULT_UNIT: &str = "dona";

/// How value added tax applies; the rate itself is the matter of `tax`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Vat {
    /// At the standard rate of the day.
    #[default]
    Standard,
    /// At zero.
    Zero,
    /// Not at all.
    Exempt,
}

impl Vat {
    /// All kinds, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Standard, Self::Zero, Self::Exempt];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Zero => "zero",
            Self::Exempt => "exempt",
        }
    }

    /// The message that names it.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Standard => "catalog-vat-standard",
            Self::Zero => "catalog-vat-zero",
            Self::Exempt => "catalog-vat-exempt",
        }
    }
}

impl fmt::Display for Vat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
impl FromStr for Vat {
    type Err = kernel::Error;
    fn from_str(word: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|vat| vat.word() == word)
            .ok_or_else(|| kernel::Error::invalid(Text::new("catalog-vat-unknown")))
    }
}

/// The picture of a product, in two sizes, by the hashes under which `files` keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// At most 1,280 pixels wide and high.
    pub large: String,
    /// At most 320 pixels wide and high, for lists.
    pub small: String,
}

/// Something the workspace buys and sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Product {
    /// Its id.
    pub id: Id<Product>,
    /// The integer that the REST API shows as `id`.
    pub number: i64,
    /// The article number: one of a kind in the workspace, whatever its case and spaces.
    pub code: String,
    /// What it is called.
    pub name: Names,
    /// Where it stands in the tree.
    pub category: Option<Id<Category>>,
    /// Who makes it.
    pub brand: Option<String>,
    /// What it is counted in, as it was typed; people read [`Product::unit_in`].
    pub unit: String,
    /// What the workspace last agreed to pay for one unit.
    pub purchase_price: Money,
    /// What one unit is sold for.
    pub sale_price: Money,
    /// What it was sold for before, shown struck through.
    pub old_price: Option<Money>,
    /// Below this much in stock somebody is warned.
    pub minimum_quantity: Quantity,
    /// The code that scanners read.
    pub barcode: Option<Barcode>,
    /// The code of the national catalogue of goods.
    pub mxik: Option<Mxik>,
    /// How value added tax applies.
    pub vat: Vat,
    /// A few sentences in Uzbek.
    pub description_uz: Option<String>,
    /// A few sentences in Russian.
    pub description_ru: Option<String>,
    /// Its picture.
    pub picture: Option<Picture>,
    /// Whether it is on sale: shown to customers.
    pub active: bool,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it was and documents still name it.
    pub deleted_at: Option<Timestamp>,
}

impl Product {
    /// What `content` makes of a product that was not there.
    pub(crate) fn new(id: Id<Self>, number: i64, content: ProductContent, now: Timestamp) -> Self {
        let ProductContent {
            code,
            name,
            category,
            brand,
            unit,
            purchase_price,
            sale_price,
            old_price,
            minimum_quantity,
            barcode,
            mxik,
            vat,
            description_uz,
            description_ru,
            active,
        } = content;
        Self {
            id,
            number,
            code,
            name,
            category,
            brand,
            unit,
            purchase_price,
            sale_price,
            old_price,
            minimum_quantity,
            barcode,
            mxik,
            vat,
            description_uz,
            description_ru,
            picture: None,
            active,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        }
    }

    /// What `content` makes of this product.
    pub(crate) fn changed(&self, content: ProductContent, now: Timestamp) -> Self {
        let Self { id, number, ref picture, created_at, deleted_at, .. } = *self;
        Self { picture: picture.clone(), created_at, deleted_at, ..Self::new(id, number, content, now) }
    }

    /// The price to show struck through: only one that is higher than today's.
    pub fn struck_price(&self) -> Option<Money> {
        self.old_price.filter(|old| *old > self.sale_price)
    }

    /// The description for a reader of `lang`, the other language's where it is missing.
    pub fn description(&self, lang: Lang) -> Option<&str> {
        let (first, second) = match lang {
            Lang::Ru => (&self.description_ru, &self.description_uz),
            Lang::Uz | Lang::En => (&self.description_uz, &self.description_ru),
        };
        first.as_deref().or(second.as_deref())
    }

    /// What it is counted in, as a reader of `lang` writes it.
    pub fn unit_in(&self, lang: Lang) -> &str {
        unit_name(&self.unit, lang)
    }

    /// What can be written into it, as it stands.
    pub fn content(&self) -> ProductContent {
        let Self {
            id: _,
            number: _,
            code,
            name,
            category,
            brand,
            unit,
            purchase_price,
            sale_price,
            old_price,
            minimum_quantity,
            barcode,
            mxik,
            vat,
            description_uz,
            description_ru,
            picture: _,
            active,
            created_at: _,
            updated_at: _,
            deleted_at: _,
        } = self.clone();
        ProductContent {
            code,
            name,
            category,
            brand,
            unit,
            purchase_price,
            sale_price,
            old_price,
            minimum_quantity,
            barcode,
            mxik,
            vat,
            description_uz,
            description_ru,
            active,
        }
    }
}

/// What people write into a product. [`ProductContent::checked`] makes it fit to be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the same fields as Product's")]
pub struct ProductContent {
    pub code: String,
    pub name: Names,
    pub category: Option<Id<Category>>,
    pub brand: Option<String>,
    pub unit: String,
    pub purchase_price: Money,
    pub sale_price: Money,
    pub old_price: Option<Money>,
    pub minimum_quantity: Quantity,
    pub barcode: Option<Barcode>,
    pub mxik: Option<Mxik>,
    pub vat: Vat,
    pub description_uz: Option<String>,
    pub description_ru: Option<String>,
    pub active: bool,
}

impl ProductContent {
    /// A product with this code, Uzbek name and price, on sale, and nothing else said.
    pub fn new(code: impl Into<String>, name_uz: impl Into<String>, sale_price: Money) -> Self {
        Self {
            code: code.into(),
            name: Names::uz(name_uz),
            category: None,
            brand: None,
            unit: DEFAULT_UNIT.to_owned(),
            purchase_price: Money::ZERO,
            sale_price,
            old_price: None,
            minimum_quantity: Quantity::ZERO,
            barcode: None,
            mxik: None,
            vat: Vat::Standard,
            description_uz: None,
            description_ru: None,
            active: true,
        }
    }

    /// The same, tidied, or everything that is wrong with it.
    pub fn checked(self) -> Result<Self> {
        let mut checks = Checks::new();
        let code = checks.required_line("code", &self.code, CODE_CHARS);
        let name = self.name.checked(&mut checks, "name", NAME_CHARS);
        let brand = checks.optional_line("brand", self.brand.as_deref(), BRAND_CHARS);
        let mut unit = checks.line("unit", &self.unit, UNIT_CHARS);
        if unit.is_empty() {
            unit = DEFAULT_UNIT.to_owned();
        }
        for (field, price) in [
            ("purchase_price", Some(self.purchase_price)),
            ("sale_price", Some(self.sale_price)),
            ("old_price", self.old_price),
        ] {
            let fits = price.is_none_or(|price| !price.is_negative() && price <= PRICE_MAX);
            checks.hold(fits, field, Text::new("catalog-price-out-of-range").with("max", PRICE_MAX));
        }
        let minimum = self.minimum_quantity;
        let fits = !minimum.is_negative() && minimum <= QUANTITY_MAX;
        let words = Text::new("catalog-quantity-out-of-range").with("max", QUANTITY_MAX);
        checks.hold(fits, "minimum_quantity", words);
        let mut prose = |field: &str, text: Option<String>| {
            text.map(|text| checks.prose(field, &text, DESCRIPTION_CHARS)).filter(|text| !text.is_empty())
        };
        let description_uz = prose("description_uz", self.description_uz);
        let description_ru = prose("description_ru", self.description_ru);
        checks.done()?;
        Ok(Self { code, name, brand, unit, description_uz, description_ru, ..self })
    }

    /// The folded words by which the product is found, each once: names, brand, code (in parts and whole), barcode.
    pub(crate) fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        for text in self.name.all().chain(self.brand.as_deref()).chain([self.code.as_str()]) {
            words.extend(uztext::tokens(text));
        }
        words.extend(uztext::tokens(&uztext::code_key(&self.code)));
        words.extend(self.barcode.as_ref().map(|barcode| barcode.as_str().to_owned()));
        words.retain(|word| !word.is_empty());
        words.sort_unstable();
        words.dedup();
        words
    }
}

/// The code as it is compared: without white space and case.
pub fn code_key(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_differ_by_letters_and_not_by_case_or_spaces() {
        assert_eq!(code_key(" tv-55 a"), code_key("TV-55A"));
        assert_ne!(code_key("1-23"), code_key("12-3"));
        assert_eq!(code_key("прод 1"), code_key("ПРОД1"));
    }

    #[test]
    fn a_product_is_tidied_or_everything_wrong_with_it_is_said() {
        let mut content = ProductContent::new("  A 1 ", " Choy  qora ", Money::from_som(5));
        content.brand = Some("  ".to_owned());
        content.unit = String::new();
        let tidy = content.clone().checked().unwrap();
        assert_eq!((tidy.code.as_str(), tidy.name.uz.as_str()), ("A 1", "Choy qora"));
        assert_eq!((tidy.brand, tidy.unit.as_str()), (None, DEFAULT_UNIT));

        content.code = "x".repeat(CODE_CHARS + 1);
        content.name.uz = "a\0b".to_owned();
        content.sale_price = Money::from_tiyin(-1);
        content.old_price = Some(PRICE_MAX.plus(Money::from_tiyin(1)).unwrap());
        content.minimum_quantity = Quantity::from_units(-1);
        let error = content.checked().unwrap_err();
        let fields: Vec<_> = error.field_errors().iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["code", "name", "sale_price", "old_price", "minimum_quantity"]);
    }

    #[test]
    fn a_product_is_found_by_the_beginning_of_any_of_its_words() {
        let mut content = ProductContent::new("SP-SAM 650", "Saundbar", Money::ZERO);
        content.name.ru = Some("Саундбар".to_owned());
        content.brand = Some("Samsung".to_owned());
        assert_eq!(content.words(), ["650", "sam", "samsung", "saundbar", "sp", "spsam650"]);
    }

    #[test]
    fn only_a_higher_old_price_is_struck() {
        assert_eq!("zero".parse::<Vat>().unwrap(), Vat::Zero);
        assert!("12".parse::<Vat>().is_err());
    }
}
