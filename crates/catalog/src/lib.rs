//! Products and the tree they stand in: what they are called, what they cost, how they are found. And the items that
//! applications and surveys choose from.
//!
//! The catalog knows nothing of stock or sales. How much there is of a product comes through [`Quantities`], which the
//! program fills in with `stock`; that something still names a product is said by the foreign keys of the others.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod actions;
mod api;
mod category;
mod delivered;
mod entry;
pub mod events;
mod item;
pub mod items;
mod names;
mod pages;
mod picture;
mod product;
mod quantities;
mod reads;
mod store;
mod units;

pub use actions::{
    CategoryContent, Deletion, Ensured, Upsert, change_item, create_category, create_item, create_product,
    delete_category, delete_item, delete_product, ensure_categories, ensure_category, ensure_items,
    merge_products, set_item_active, set_product_active, set_product_picture, update_category, update_item,
    update_product, upsert_products,
};
pub use api::{CatalogItemIn, CatalogItemOut, CategoryIn, CategoryOut, ProductIn, ProductOut};
pub use category::{CATEGORY_DEPTH, CATEGORY_NAME_CHARS, Category, Node, PATH_SEPARATOR, Tree, levels};
pub use delivered::delivered_items;
pub use item::{
    ITEM_CODE_CHARS, ITEM_METADATA_BYTES, ITEM_METADATA_DEPTH, ITEM_NAME_CHARS, ITEMS_AT_MOST, Item,
    ItemKind, Metadata, NewItem,
};
pub use names::Names;
pub use picture::{PICTURE_BYTES_AT_MOST, Prepared, prepare};
pub use product::{DEFAULT_UNIT, PRICE_MAX, Picture, Product, ProductContent, QUANTITY_MAX, Vat, code_key};
pub use quantities::Quantities;
pub use reads::{
    ProductFilter, ProductOrder, categories, category_names, each_after, find_by_barcode, find_by_barcodes,
    find_by_code, find_by_codes, find_by_number, find_by_numbers, get, get_many, list, products_in_category,
};
pub use units::unit_name;

/// The messages of this crate.
pub const TEXTS: text::TextFiles = text::files!("catalog");

/// The catalog's part of the application. Its handlers need the services [`Quantities`] and `files::Blobs`.
pub fn module() -> web::Module {
    web::Module::new("catalog")
        .migrations(MIGRATIONS)
        .texts(TEXTS)
        .api(api::routes())
        .pages(pages::routes())
        .menu(pages::MENU)
        .usage(USAGE)
}

/// What a workspace has of this, for whoever runs the server.
const USAGE: [web::UsageKind; 1] =
    [web::UsageKind { word: "products", text: "catalog-usage", count: store::products::count }];

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations =
    db::migrations!("catalog"; "V1__categories_and_products", "V2__counts_and_words_on_sale", "V3__items");

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![context::MIGRATIONS, web::MIGRATIONS, files::MIGRATIONS, MIGRATIONS, tests::PROBE]
}
