//! The list of products as a file, with everything that can be written into a product: an import takes it back.

use kernel::{Lang, Page};
use web::pages::{Cell, Column, ListQuery, Shell, Table};

use super::products::state_key;
use crate::{Names, Product, Tree, Vat, entry::Seen};

/// The file's table.
pub(super) fn table(p: &Shell, query: &ListQuery, page: &Page<Seen>, tree: &Tree) -> Table {
    let columns = vec![
        Column::main("catalog-field-code"),
        Column::new("catalog-field-barcode"),
        Column::new("catalog-field-mxik"),
        Column::new("catalog-field-name-uz"),
        Column::new("catalog-field-name-ru"),
        Column::new("catalog-field-name-en"),
        Column::new("catalog-field-category-uz"),
        Column::new("catalog-field-category-ru"),
        Column::new("catalog-field-category-en"),
        Column::new("catalog-field-brand"),
        Column::new("catalog-field-unit"),
        Column::figures("catalog-field-purchase-price"),
        Column::figures("catalog-field-sale-price"),
        Column::figures("catalog-field-old-price"),
        Column::new("catalog-field-vat"),
        Column::figures("catalog-field-minimum-quantity"),
        Column::new("catalog-field-description-uz"),
        Column::new("catalog-field-description-ru"),
        Column::new("catalog-field-state"),
        Column::figures("catalog-field-quantity"),
    ];
    Table::new(&p.words, "products", query, columns, page, |seen| cells(p, seen, tree))
}

fn cells(p: &Shell, seen: &Seen, tree: &Tree) -> Vec<Cell> {
    let Seen { product, category: _, category_number: _, on_hand } = seen;
    let Product { code, name, barcode, mxik, brand, unit, description_uz, description_ru, .. } = product;
    let own = |text: Option<&str>| text.map_or(Cell::Blank, Cell::text);
    let [uz, ru, en] = Lang::ALL.map(|lang| path(tree, product, lang).map_or(Cell::Blank, Cell::text));
    vec![
        Cell::text(code),
        own(barcode.as_ref().map(|barcode| barcode.as_str())),
        own(mxik.as_ref().map(|mxik| mxik.as_str())),
        Cell::text(&name.uz),
        own(name.ru.as_deref()),
        own(name.en.as_deref()),
        uz,
        ru,
        en,
        own(brand.as_deref()),
        Cell::text(unit),
        Cell::Money(product.purchase_price),
        Cell::Money(product.sale_price),
        product.old_price.map_or(Cell::Blank, Cell::Money),
        Cell::text(p.t(Vat::text_key(product.vat))),
        Cell::Quantity(product.minimum_quantity, String::new()),
        own(description_uz.as_deref()),
        own(description_ru.as_deref()),
        Cell::text(p.t(state_key(product.active))),
        Cell::Quantity(*on_hand, String::new()),
    ]
}

/// The path of the product's category in this language, when each of its levels has a name in it.
fn path(tree: &Tree, product: &Product, lang: Lang) -> Option<String> {
    let has = |Names { uz: _, ru, en }: &Names| match lang {
        Lang::Uz => true,
        Lang::Ru => ru.is_some(),
        Lang::En => en.is_some(),
    };
    let id = product.category?;
    tree.line(id).iter().all(|node| has(&node.category.name)).then(|| tree.path(id, lang))
}
