//! What others may read of the catalog, and the lists of pages and API.

use std::collections::HashMap;

use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Id, Page, PageRequest, Result};

use crate::{Category, Names, Product, Tree, store};

/// Which products are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct ProductFilter {
    /// Each of these words, in either script, begins a word of the names, the brand, the code or the barcode.
    pub q: Option<String>,
    /// In this category or under it.
    pub category: Option<Id<Category>>,
    /// On sale, or off.
    pub active: Option<bool>,
    /// With this code, whatever its case and spaces.
    pub code: Option<String>,
    /// With this barcode.
    pub barcode: Option<String>,
    /// In which order.
    pub order: ProductOrder,
    /// From the end of that order.
    pub descending: bool,
}

/// The orders a list of products can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProductOrder {
    /// What fits a question best first; by name where nothing is asked.
    #[default]
    Best,
    /// By name, in the alphabet of the reader's language.
    Name,
    /// By code.
    Code,
    /// By sale price.
    SalePrice,
    /// By number, that is by age.
    Number,
}

impl ProductOrder {
    /// All orders, as lists offer them.
    pub const ALL: [Self; 5] = [Self::Best, Self::Name, Self::Code, Self::SalePrice, Self::Number];

    /// The word in `?ordering=`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Name => "name",
            Self::Code => "code",
            Self::SalePrice => "sale_price",
            Self::Number => "id",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.word() == word)
    }
}

/// The product with this id, a deleted one too: documents that name it show it.
pub fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Product>) -> Result<Product> {
    ctx.require(Permission::InventoryRead)?;
    store::products::get(ctx, tx, id)
}

/// The products with these ids, deleted ones too, in this order; ids the workspace does not have are left out.
pub fn get_many(ctx: &Ctx, tx: &mut ReadTx, ids: &[Id<Product>]) -> Result<Vec<Product>> {
    store::products::get_many(ctx, tx, ids)
}

/// The product with this number, unless it was deleted.
pub fn find_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Option<Product>> {
    store::products::find_by_number(ctx, tx, number)
}

/// The products with these numbers, unless they were deleted; unknown numbers are left out.
pub fn find_by_numbers(ctx: &Ctx, tx: &mut ReadTx, numbers: &[i64]) -> Result<Vec<Product>> {
    store::products::list_by_numbers(ctx, tx, numbers)
}

/// The product with this code, whatever its case and spaces, unless it was deleted.
pub fn find_by_code(ctx: &Ctx, tx: &mut ReadTx, code: &str) -> Result<Option<Product>> {
    store::products::find_by_code(ctx, tx, code)
}

/// The products with these codes, by [`crate::code_key`]; codes nobody has are left out.
pub fn find_by_codes(ctx: &Ctx, tx: &mut ReadTx, codes: &[String]) -> Result<HashMap<String, Product>> {
    let keys: Vec<String> = codes.iter().map(|code| crate::code_key(code)).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let products = store::products::list_by_codes(ctx, tx, &keys)?;
    Ok(products.into_iter().map(|product| (crate::code_key(&product.code), product)).collect())
}

/// The product with this barcode, unless it was deleted.
pub fn find_by_barcode(ctx: &Ctx, tx: &mut ReadTx, barcode: &str) -> Result<Option<Product>> {
    store::products::find_by_barcode(ctx, tx, barcode)
}

/// The products with these barcodes, unless they were deleted; barcodes nobody has are left out.
pub fn find_by_barcodes(ctx: &Ctx, tx: &mut ReadTx, barcodes: &[&str]) -> Result<Vec<Product>> {
    store::products::list_by_barcodes(ctx, tx, barcodes)
}

/// The part `page` of the products that fit. A category that the workspace does not have holds nothing.
pub fn list(ctx: &Ctx, tx: &mut ReadTx, filter: &ProductFilter, page: PageRequest) -> Result<Page<Product>> {
    ctx.require(Permission::InventoryRead)?;
    let within = match filter.category {
        None => None,
        Some(category) => {
            let tree = Tree::new(store::categories::list(ctx, tx)?, &HashMap::new());
            let within = tree.with_descendants(category);
            if within.is_empty() {
                return Ok(Page::new(page, 0, Vec::new()));
            }
            Some(within)
        }
    };
    store::lists::list(ctx, tx, filter, within, page)
}

/// The products on sale in a category and under it, by name: what a customer leafs through.
pub fn products_in_category(
    ctx: &Ctx,
    tx: &mut ReadTx,
    category: Id<Category>,
    page: PageRequest,
) -> Result<Page<Product>> {
    let filter = ProductFilter { category: Some(category), active: Some(true), ..ProductFilter::default() };
    list(ctx, tx, &filter, page)
}

/// The tree of categories with the numbers of products on sale.
pub fn categories(ctx: &Ctx, tx: &mut ReadTx) -> Result<Tree> {
    ctx.require(Permission::InventoryRead)?;
    let counts = store::counts::on_sale(ctx, tx)?;
    Ok(Tree::new(store::categories::list(ctx, tx)?, &counts))
}

/// The names of these categories, in no order; ids the workspace does not have are left out.
pub fn category_names(
    ctx: &Ctx,
    tx: &mut ReadTx,
    ids: &[Id<Category>],
) -> Result<Vec<(Id<Category>, Names)>> {
    store::categories::names(ctx, tx, ids)
}

/// At most `at_most` products that come after `cursor`, in the order of their ids, for rebuilding
/// an index. The next cursor is the last product's id; an empty answer is the end.
pub fn each_after(
    ctx: &Ctx,
    tx: &mut ReadTx,
    cursor: Option<Id<Product>>,
    at_most: u32,
) -> Result<Vec<Product>> {
    store::products::list_after(ctx, tx, cursor, at_most)
}
