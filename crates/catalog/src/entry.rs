//! A product as the API and the forms write it: its content, its category by path or number, what is in stock.

use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Error, Id, Lang, Quantity, Result, Text};
use web::RowKey;

use crate::{
    Category, Names, Product, ProductContent, QUANTITY_MAX, Quantities, Tree, create_product,
    ensure_category, find_by_number, get, levels, store, update_product,
};

/// Where a product is to stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// Where the content says.
    AsIs,
    /// In no category.
    Nowhere,
    /// In the category with this number.
    Number(i64),
    /// At this path; its missing levels are made.
    Path(String),
}

/// What is written into a product.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) content: ProductContent,
    pub(crate) place: Place,
    /// How much is to be in stock; nothing is said for `None`.
    pub(crate) quantity: Option<Quantity>,
}

/// Writes a new product, with what is in stock of it as its opening quantity.
pub(crate) fn create(ctx: &Ctx, tx: &mut Tx, stock: &Quantities, entry: Entry) -> Result<Product> {
    let Entry { content, place, quantity } = entry;
    let category = placed(ctx, tx, content.category, place)?;
    let product = create_product(ctx, tx, ProductContent { category, ..content })?;
    if let Some(quantity) = checked(quantity)?.filter(|quantity| !quantity.is_zero()) {
        (stock.set)(ctx, tx, product.id, quantity)?;
    }
    Ok(product)
}

/// Changes a product; a quantity that differs from what is in stock is an adjustment.
pub(crate) fn update(
    ctx: &Ctx,
    tx: &mut Tx,
    stock: &Quantities,
    id: Id<Product>,
    entry: Entry,
) -> Result<Product> {
    let Entry { content, place, quantity } = entry;
    let category = placed(ctx, tx, content.category, place)?;
    let product = update_product(ctx, tx, id, ProductContent { category, ..content })?;
    if let Some(quantity) = checked(quantity)? {
        (stock.set)(ctx, tx, id, quantity)?;
    }
    Ok(product)
}

fn checked(quantity: Option<Quantity>) -> Result<Option<Quantity>> {
    let fits = quantity.is_none_or(|quantity| !quantity.is_negative() && quantity <= QUANTITY_MAX);
    let words = || Text::new("catalog-quantity-out-of-range").with("max", QUANTITY_MAX);
    if fits { Ok(quantity) } else { Err(Error::field("quantity", words())) }
}

fn placed(
    ctx: &Ctx,
    tx: &mut Tx,
    present: Option<Id<Category>>,
    place: Place,
) -> Result<Option<Id<Category>>> {
    match place {
        Place::AsIs => Ok(present),
        Place::Nowhere => Ok(None),
        Place::Number(number) => {
            let found = store::categories::find_by_number(ctx, tx, number)?;
            let unknown = || Error::field("category_id", Text::new("catalog-category-unknown"));
            found.map(|category| Some(category.id)).ok_or_else(unknown)
        }
        Place::Path(path) => {
            let names: Vec<Names> = levels(&path).into_iter().map(Names::uz).collect();
            if names.is_empty() {
                return Ok(None);
            }
            ensure_category(ctx, tx, &names).map(Some).map_err(|error| error.under("category"))
        }
    }
}

/// The product that a path names by number or id, unless it was deleted.
pub(crate) fn find(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Product> {
    ctx.require(context::Permission::InventoryRead)?;
    let found = match key {
        RowKey::Number(number) => find_by_number(ctx, tx, number)?,
        RowKey::Id(uuid) => Some(get(ctx, tx, Id::from_uuid(uuid))?),
    };
    found.filter(|product| product.deleted_at.is_none()).ok_or_else(Error::not_found)
}

/// A product with what others know of it, as lists and API show it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) product: Product,
    /// The path of its category; empty when it stands in none.
    pub(crate) category: String,
    pub(crate) category_number: Option<i64>,
    pub(crate) on_hand: Quantity,
}

/// The products with their categories' paths in `lang` and their quantities.
pub(crate) fn seen(
    ctx: &Ctx,
    tx: &mut ReadTx,
    stock: &Quantities,
    products: Vec<Product>,
    lang: Lang,
) -> Result<Vec<Seen>> {
    let tree = Tree::new(store::categories::list(ctx, tx)?, &Default::default());
    let ids: Vec<_> = products.iter().map(|product| product.id).collect();
    let on_hand: std::collections::HashMap<_, _> = (stock.on_hand)(ctx, tx, &ids)?.into_iter().collect();
    let look = |product: Product| {
        let node = product.category.and_then(|id| tree.get(id));
        Seen {
            category: node.map(|node| tree.path(node.category.id, lang)).unwrap_or_default(),
            category_number: node.map(|node| node.category.number),
            on_hand: on_hand.get(&product.id).copied().unwrap_or_default(),
            product,
        }
    };
    Ok(products.into_iter().map(look).collect())
}

/// One product with what others know of it.
pub(crate) fn seen_one(
    ctx: &Ctx,
    tx: &mut ReadTx,
    stock: &Quantities,
    product: Product,
    lang: Lang,
) -> Result<Seen> {
    seen(ctx, tx, stock, vec![product], lang)?.pop().ok_or_else(Error::not_found)
}
