//! The form of a product.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Barcode, Checks, Error, Money, Mxik, Quantity, Result, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{Choice, Field, Form, FormPage, Go, Shell, form_again, render},
};

use super::products::category_choices;
use crate::{
    Names, Product, ProductContent, Quantities, Tree, Vat, categories,
    entry::{self, Entry, Place},
};

/// What the form sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ProductForm {
    code: String,
    name: String,
    name_ru: String,
    name_en: String,
    category: String,
    brand: String,
    unit: String,
    purchase_price: String,
    sale_price: String,
    old_price: String,
    quantity: String,
    minimum_quantity: String,
    barcode: String,
    mxik: String,
    vat: String,
    description_uz: String,
    description_ru: String,
    active: String,
}

fn optional(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

impl ProductForm {
    /// The form of a new product.
    fn empty() -> Self {
        Self { unit: crate::DEFAULT_UNIT.to_owned(), active: "true".to_owned(), ..Self::default() }
    }

    /// The form of a product that is there.
    fn of(product: &Product, tree: &Tree) -> Self {
        let content = product.content();
        let ProductContent {
            code,
            name: Names { uz, ru, en },
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
        let node = category.and_then(|category| tree.get(category));
        Self {
            code,
            name: uz,
            name_ru: ru.unwrap_or_default(),
            name_en: en.unwrap_or_default(),
            category: node.map(|node| node.category.number.to_string()).unwrap_or_default(),
            brand: brand.unwrap_or_default(),
            unit,
            purchase_price: purchase_price.to_string(),
            sale_price: sale_price.to_string(),
            old_price: old_price.map(|price| price.to_string()).unwrap_or_default(),
            quantity: String::new(),
            minimum_quantity: minimum_quantity.to_string(),
            barcode: barcode.map(|code| code.to_string()).unwrap_or_default(),
            mxik: mxik.map(|code| code.to_string()).unwrap_or_default(),
            vat: vat.word().to_owned(),
            description_uz: description_uz.unwrap_or_default(),
            description_ru: description_ru.unwrap_or_default(),
            active: if active { "true".to_owned() } else { String::new() },
        }
    }

    /// The input of the action, or everything that cannot be read.
    fn check(&self) -> Result<Entry> {
        let mut checks = Checks::new();
        let given = |text: &str| !text.trim().is_empty();
        let mut money = |field: &str, text: &str| match given(text) {
            true => checks.take(field, Money::parse(text)),
            false => None,
        };
        let purchase_price = money("purchase_price", &self.purchase_price);
        let sale_price = money("sale_price", &self.sale_price);
        let old_price = money("old_price", &self.old_price);
        checks.hold(given(&self.sale_price), "sale_price", Text::new("kernel-text-missing"));
        let mut count = |field: &str, text: &str| match given(text) {
            true => checks.take(field, Quantity::parse(text)),
            false => None,
        };
        let quantity = count("quantity", &self.quantity);
        let minimum_quantity = count("minimum_quantity", &self.minimum_quantity);
        let barcode = optional(&self.barcode).and_then(|text| checks.take("barcode", Barcode::parse(&text)));
        let mxik = optional(&self.mxik).and_then(|text| checks.take("mxik", Mxik::parse(&text)));
        let vat = optional(&self.vat).and_then(|word| checks.take("vat", word.parse::<Vat>()));
        let unknown = || Error::invalid(Text::new("catalog-category-unknown"));
        let number = |text: String| text.parse::<i64>().map_err(|_| unknown());
        let place = match optional(&self.category) {
            None => Some(Place::Nowhere),
            Some(text) => checks.take("category", number(text)).map(Place::Number),
        };
        let content = ProductContent {
            code: self.code.clone(),
            name: Names { uz: self.name.clone(), ru: optional(&self.name_ru), en: optional(&self.name_en) },
            category: None,
            brand: optional(&self.brand),
            unit: self.unit.clone(),
            purchase_price: purchase_price.unwrap_or_default(),
            sale_price: sale_price.unwrap_or_default(),
            old_price,
            minimum_quantity: minimum_quantity.unwrap_or_default(),
            barcode,
            mxik,
            vat: vat.unwrap_or_default(),
            description_uz: optional(&self.description_uz),
            description_ru: optional(&self.description_ru),
            active: self.active == "true",
        };
        // What the content refuses stands beside what could not be read.
        let content = checks.take_all(content.checked());
        checks.done()?;
        Ok(Entry { content: content.ok_or_else(unknown)?, place: place.ok_or_else(unknown)?, quantity })
    }
}

/// Whose form it is: of a new product, or of the one with this number.
#[derive(Debug, Clone, Copy)]
enum Of {
    New,
    Number(i64),
}

fn page(p: Shell, of: Of, typed: &ProductForm, tree: &Tree, error: Option<&Error>) -> FormPage {
    let (action, back, title) = match of {
        Of::New => ("/products/new".to_owned(), "/products".to_owned(), "catalog-product-new"),
        Of::Number(number) => {
            (format!("/products/{number}/edit"), format!("/products/{number}"), "catalog-product-edit")
        }
    };
    let p = p.titled(title).crumb("/products", "catalog-menu-products");
    let vats = Vat::ALL.map(|vat| Choice::new(vat.word(), p.t(vat.text_key()))).to_vec();
    let vat = if typed.vat.is_empty() { Vat::Standard.word() } else { &typed.vat };
    let unit = crate::unit_name(&typed.unit, p.lang()).to_owned();
    let mut form = Form::new(&p, action)
        .error(error)
        .field(Field::text("name", "catalog-field-name-uz").value(&typed.name).required().focus().max(250))
        .field(Field::text("name_ru", "catalog-field-name-ru").value(&typed.name_ru).half().max(250))
        .field(Field::text("name_en", "catalog-field-name-en").value(&typed.name_en).half().max(250))
        .field(Field::text("code", "catalog-field-code").value(&typed.code).required().third().max(64))
        .field(Field::text("barcode", "catalog-field-barcode").value(&typed.barcode).third().max(20))
        .field(Field::text("mxik", "catalog-field-mxik").value(&typed.mxik).third().max(24))
        .field(
            Field::select("category", "catalog-field-category", category_choices(&p, tree))
                .value(&typed.category)
                .half(),
        )
        .field(Field::text("brand", "catalog-field-brand").value(&typed.brand).quarter().max(100))
        .field(Field::text("unit", "catalog-field-unit").value(&typed.unit).quarter().max(20))
        .field(
            Field::money("sale_price", "catalog-field-sale-price")
                .value(&typed.sale_price)
                .required()
                .third(),
        )
        .field(
            Field::money("purchase_price", "catalog-field-purchase-price")
                .value(&typed.purchase_price)
                .third(),
        )
        .field(Field::money("old_price", "catalog-field-old-price").value(&typed.old_price).third());
    if matches!(of, Of::New) {
        let quantity = Field::quantity("quantity", "catalog-field-opening-quantity", unit.clone());
        form =
            form.field(quantity.value(&typed.quantity).third().help("catalog-field-opening-quantity-help"));
    }
    let minimum = Field::quantity("minimum_quantity", "catalog-field-minimum-quantity", unit);
    form = form
        .field(minimum.value(&typed.minimum_quantity).third())
        .field(Field::select("vat", "catalog-field-vat", vats).value(vat).required().third())
        .field(
            Field::area("description_uz", "catalog-field-description-uz").value(&typed.description_uz).half(),
        )
        .field(
            Field::area("description_ru", "catalog-field-description-ru").value(&typed.description_ru).half(),
        )
        .field(
            Field::check("active", "catalog-field-active")
                .checked(typed.active == "true")
                .help("catalog-field-active-help"),
        )
        .cancel(back);
    FormPage::new(p, form)
}

async fn tree(caller: &Caller) -> Result<Tree> {
    caller.read(categories).await
}

/// `GET /products/new`.
pub(super) async fn new_product_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::InventoryCreate)?;
    let tree = tree(&caller).await?;
    Ok(render(&page(caller.shell(), Of::New, &ProductForm::empty(), &tree, None)))
}

/// `POST /products/new`.
pub(super) async fn create_product(
    caller: Caller,
    web::Form(typed): web::Form<ProductForm>,
) -> web::Result<Response> {
    let stock = caller.app.service::<Quantities>()?;
    let sent = typed.clone();
    let made = caller.once(move |ctx, tx| Ok(entry::create(ctx, tx, &stock, sent.check()?)?.number)).await;
    match made {
        Ok(number) => {
            let done = Text::new("catalog-product-created");
            Ok(Go::to(format!("/products/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => {
            let tree = tree(&caller).await?;
            Ok(form_again(error, |error| page(caller.shell(), Of::New, &typed, &tree, Some(error)))?)
        }
    }
}

/// `GET /products/{id}/edit`.
pub(super) async fn edit_product_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::InventoryEdit)?;
    let (product, tree) =
        caller.read(move |ctx, tx| Ok((entry::find(ctx, tx, key)?, categories(ctx, tx)?))).await?;
    let typed = ProductForm::of(&product, &tree);
    Ok(render(&page(caller.shell(), Of::Number(product.number), &typed, &tree, None)))
}

/// `POST /products/{id}/edit`.
pub(super) async fn update_product(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<ProductForm>,
) -> web::Result<Response> {
    let stock = caller.app.service::<Quantities>()?;
    let product = caller.read(move |ctx, tx| entry::find(ctx, tx, key)).await?;
    let (id, number, sent) = (product.id, product.number, typed.clone());
    match caller.write(move |ctx, tx| entry::update(ctx, tx, &stock, id, sent.check()?)).await {
        Ok(_) => {
            let done = Text::new("catalog-product-saved");
            Ok(Go::to(format!("/products/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => {
            let tree = tree(&caller).await?;
            let of = Of::Number(number);
            Ok(form_again(error, |error| page(caller.shell(), of, &typed, &tree, Some(error)))?)
        }
    }
}
