//! A product of the catalog as an entry of the index. Pure.

use catalog::{Category, Node, Product, Tree};
use kernel::Id;

use crate::engine;

/// The key of a product in the index.
pub(crate) fn key<T>(id: Id<T>) -> u128 {
    id.uuid().as_u128()
}

/// The id of the product with this key.
pub(crate) fn id(key: u128) -> Id<Product> {
    Id::from_uuid(uuid::Uuid::from_u128(key))
}

/// The entry of a product that stands in this tree; none for one that was deleted.
pub(crate) fn entry(product: &Product, tree: &Tree) -> Option<engine::Entry> {
    if product.deleted_at.is_some() {
        return None;
    }
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let line = product.category.map(|category| tree.line(category)).unwrap_or_default();
    Some(engine::Entry {
        key: key(product.id),
        code: product.code.clone(),
        barcode: product.barcode.as_ref().map(|barcode| barcode.as_str().to_owned()).unwrap_or_default(),
        names: product.name.all().map(str::to_owned).collect(),
        brand: text(&product.brand),
        categories: line.into_iter().rev().map(category).collect(),
        synonyms: Vec::new(),
        about: vec![text(&product.description_uz), text(&product.description_ru)],
        active: product.active,
        order: u32::try_from(product.number).unwrap_or(u32::MAX),
    })
}

fn category(node: &Node) -> engine::Category {
    let Category { id, number: _, parent: _, position: _, name } = &node.category;
    engine::Category { key: key(*id), names: name.all().map(str::to_owned).collect() }
}
