//! `/api/products`, with the fields of the seed and ours.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::IntoResponse,
};
use context::Ctx;
use db::ReadTx;
use kernel::{Barcode, Checks, Error, Lang, Money, Mxik, Page, Quantity, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use super::said;
use crate::{
    Deletion, Names, Product, ProductContent, ProductFilter, ProductOrder, Quantities, Vat,
    delete_product as remove,
    entry::{self, Entry, Place, Seen},
    list, store,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    let one = routes!(get_product, replace_product, change_product, delete_product);
    OpenApiRouter::new().routes(routes!(list_products, create_product)).routes(one)
}

/// What is written into a product. `code`, `name` and `sale_price` are required of POST and PUT; a field that is absent
/// stays as it is (its default on POST), null takes a value away.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct ProductIn {
    /// The article number, one of a kind in the workspace whatever its case and spaces.
    #[schema(example = "PROD001", max_length = 64)]
    pub code: Option<String>,
    /// The name in Uzbek, or the only one.
    #[schema(example = "Mahsulot 1", max_length = 250)]
    pub name: Option<String>,
    /// The name in Russian.
    #[serde(default, deserialize_with = "said")]
    pub name_ru: Option<Option<String>>,
    /// The name in English.
    #[serde(default, deserialize_with = "said")]
    pub name_en: Option<Option<String>>,
    /// The path of its category from the top, in any language: `Maishiy texnika > Muzlatkichlar`. Missing levels are made.
    #[serde(default, deserialize_with = "said")]
    #[schema(example = "Kategoriya A")]
    pub category: Option<Option<String>>,
    /// The number of its category; `category` counts when both are there.
    #[serde(default, deserialize_with = "said")]
    pub category_id: Option<Option<i64>>,
    /// Who makes it.
    #[serde(default, deserialize_with = "said")]
    pub brand: Option<Option<String>>,
    /// What it is counted in.
    #[schema(example = "dona", max_length = 20)]
    pub unit: Option<String>,
    /// What one unit costs the workspace, in so'm.
    #[schema(value_type = Option<f64>, example = 10000)]
    pub purchase_price: Option<Money>,
    /// What one unit is sold for, in so'm.
    #[schema(value_type = Option<f64>, example = 15000)]
    pub sale_price: Option<Money>,
    /// What it was sold for before, in so'm.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<f64>)]
    pub old_price: Option<Option<Money>>,
    /// How much is in stock: an opening move on POST, an adjustment after.
    #[schema(value_type = Option<f64>, example = 100)]
    pub quantity: Option<Quantity>,
    /// Below this much in stock somebody is warned.
    #[schema(value_type = Option<f64>, example = 10)]
    pub minimum_quantity: Option<Quantity>,
    /// EAN-8, UPC-A, EAN-13 or GTIN-14, with its check digit.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    pub barcode: Option<Option<Barcode>>,
    /// The code of the national catalogue, 17 digits.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    pub mxik: Option<Option<Mxik>>,
    /// How value added tax applies: `standard`, `zero` or `exempt`.
    pub vat: Option<Vat>,
    /// A few sentences in Uzbek.
    #[serde(default, deserialize_with = "said")]
    pub description_uz: Option<Option<String>>,
    /// A few sentences in Russian.
    #[serde(default, deserialize_with = "said")]
    pub description_ru: Option<Option<String>>,
    /// Whether it is on sale.
    pub active: Option<bool>,
}

impl ProductIn {
    /// Refuses what POST and PUT lack.
    fn whole(self) -> Result<Self> {
        let mut checks = Checks::new();
        let missing = || Text::new("kernel-text-missing");
        checks.hold(self.code.is_some(), "code", missing());
        checks.hold(self.name.is_some(), "name", missing());
        checks.hold(self.sale_price.is_some(), "sale_price", missing());
        checks.done().map(|()| self)
    }

    /// What stands, with what is said written over it.
    fn over(self, stands: ProductContent) -> Entry {
        let Self {
            code,
            name,
            name_ru,
            name_en,
            category,
            category_id,
            brand,
            unit,
            purchase_price,
            sale_price,
            old_price,
            quantity,
            minimum_quantity,
            barcode,
            mxik,
            vat,
            description_uz,
            description_ru,
            active,
        } = self;
        let place = match (category, category_id) {
            (Some(Some(path)), _) => Place::Path(path),
            (Some(None), None | Some(None)) | (None, Some(None)) => Place::Nowhere,
            (_, Some(Some(number))) => Place::Number(number),
            (None, None) => Place::AsIs,
        };
        let content = ProductContent {
            code: code.unwrap_or(stands.code),
            name: Names {
                uz: name.unwrap_or(stands.name.uz),
                ru: name_ru.unwrap_or(stands.name.ru),
                en: name_en.unwrap_or(stands.name.en),
            },
            category: stands.category,
            brand: brand.unwrap_or(stands.brand),
            unit: unit.unwrap_or(stands.unit),
            purchase_price: purchase_price.unwrap_or(stands.purchase_price),
            sale_price: sale_price.unwrap_or(stands.sale_price),
            old_price: old_price.unwrap_or(stands.old_price),
            minimum_quantity: minimum_quantity.unwrap_or(stands.minimum_quantity),
            barcode: barcode.unwrap_or(stands.barcode),
            mxik: mxik.unwrap_or(stands.mxik),
            vat: vat.unwrap_or(stands.vat),
            description_uz: description_uz.unwrap_or(stands.description_uz),
            description_ru: description_ru.unwrap_or(stands.description_ru),
            active: active.unwrap_or(stands.active),
        };
        Entry { content, place, quantity }
    }
}

/// A product as the API shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "the same fields as ProductIn's and Product's")]
pub struct ProductOut {
    pub id: i64,
    pub uuid: Uuid,
    pub code: String,
    pub name: String,
    pub name_ru: Option<String>,
    pub name_en: Option<String>,
    pub category: Option<String>,
    pub category_id: Option<i64>,
    pub brand: Option<String>,
    pub unit: String,
    #[schema(value_type = f64)]
    pub purchase_price: Money,
    #[schema(value_type = f64)]
    pub sale_price: Money,
    #[schema(value_type = Option<f64>)]
    pub old_price: Option<Money>,
    #[schema(value_type = f64)]
    pub quantity: Quantity,
    #[schema(value_type = f64)]
    pub minimum_quantity: Quantity,
    #[schema(value_type = Option<String>)]
    pub barcode: Option<Barcode>,
    #[schema(value_type = Option<String>)]
    pub mxik: Option<Mxik>,
    pub vat: Vat,
    pub description_uz: Option<String>,
    pub description_ru: Option<String>,
    pub image: Option<String>,
    pub thumbnail: Option<String>,
    pub active: bool,
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    #[schema(value_type = String)]
    pub updated_at: Timestamp,
}

impl From<Seen> for ProductOut {
    fn from(seen: Seen) -> Self {
        let Seen { product, category, category_number, on_hand } = seen;
        let Product {
            id,
            number,
            code,
            name,
            category: _,
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
            picture,
            active,
            created_at,
            updated_at,
            deleted_at: _,
        } = product;
        let Names { uz, ru, en } = name;
        Self {
            id: number,
            uuid: id.uuid(),
            code,
            name: uz,
            name_ru: ru,
            name_en: en,
            category: Some(category).filter(|path| !path.is_empty()),
            category_id: category_number,
            brand,
            unit,
            purchase_price,
            sale_price,
            old_price,
            quantity: on_hand,
            minimum_quantity,
            barcode,
            mxik,
            vat,
            description_uz,
            description_ru,
            image: picture.as_ref().map(|picture| files::path(&picture.large)),
            thumbnail: picture.as_ref().map(|picture| files::path(&picture.small)),
            active,
            created_at,
            updated_at,
        }
    }
}

/// The product as the API shows it: the path of its category in Uzbek, so that it can be sent back.
pub(super) fn shown(ctx: &Ctx, tx: &mut ReadTx, stock: &Quantities, product: Product) -> Result<ProductOut> {
    entry::seen_one(ctx, tx, stock, product, Lang::Uz).map(ProductOut::from)
}

/// Which products are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProductQuery {
    /// Words of names, brand, code or barcode, in either script; beginnings are enough.
    q: Option<String>,
    /// The number of a category: products in it and under it.
    category_id: Option<i64>,
    /// On sale or off.
    active: Option<bool>,
    /// This code.
    code: Option<String>,
    /// This barcode.
    barcode: Option<String>,
    /// `best` (what fits `q` best first), `name`, `code`, `sale_price` or `id`; with `-` before it from the end.
    ordering: Option<String>,
    #[serde(default)]
    page: Option<u32>,
    #[serde(default)]
    page_size: Option<u32>,
}

impl ProductQuery {
    fn filter(self, ctx: &Ctx, tx: &mut ReadTx) -> Result<ProductFilter> {
        let Self { q, category_id, active, code, barcode, ordering, page: _, page_size: _ } = self;
        let category = match category_id {
            None => None,
            Some(number) => {
                let found = store::categories::find_by_number(ctx, tx, number)?;
                let unknown = || Error::field("category_id", Text::new("catalog-category-unknown"));
                Some(found.ok_or_else(unknown)?.id)
            }
        };
        let ordering = ordering.unwrap_or_default();
        let (word, descending) =
            ordering.strip_prefix('-').map_or((ordering.as_str(), false), |word| (word, true));
        let unknown = || Error::field("ordering", Text::new("catalog-ordering-unknown"));
        let order = if word.is_empty() {
            ProductOrder::default()
        } else {
            ProductOrder::parse(word).ok_or_else(unknown)?
        };
        Ok(ProductFilter {
            q: q.filter(|q| !q.trim().is_empty()),
            category,
            active,
            code,
            barcode,
            order,
            descending,
        })
    }
}

/// The products that fit.
#[utoipa::path(get, path = "/api/products", tag = "products", params(ProductQuery),
    responses((status = 200, body = Listed<ProductOut>)))]
async fn list_products(
    caller: Caller,
    Query(query): Query<ProductQuery>,
) -> web::Result<Json<Listed<ProductOut>>> {
    let stock = caller.app.service::<Quantities>()?;
    let found = caller
        .read(move |ctx, tx| {
            let part = PageQuery::of(query.page, query.page_size).request();
            let filter = query.clone().filter(ctx, tx)?;
            let Page { count, results, request } = list(ctx, tx, &filter, part)?;
            let seen = entry::seen(ctx, tx, &stock, results, Lang::Uz)?;
            Ok(Page::new(request, count, seen).map(ProductOut::from))
        })
        .await?;
    Ok(Json(Listed::of(&caller, found)))
}

/// Writes a new product.
#[utoipa::path(post, path = "/api/products", tag = "products", request_body = ProductIn,
    responses((status = 201, body = ProductOut), (status = 422, body = ProblemBody)))]
async fn create_product(caller: Caller, Json(body): Json<ProductIn>) -> web::Result<impl IntoResponse> {
    let stock = caller.app.service::<Quantities>()?;
    let entry = body.whole()?.over(ProductContent::new("", "", Money::ZERO));
    let out = caller
        .once(move |ctx, tx| {
            let product = entry::create(ctx, tx, &stock, entry.clone())?;
            shown(ctx, tx, &stock, product)
        })
        .await?;
    let place = [(header::LOCATION, format!("/api/products/{}", out.id))];
    Ok((StatusCode::CREATED, place, Json(out)))
}

/// One product.
#[utoipa::path(get, path = "/api/products/{id}", tag = "products", params(("id" = String, Path)),
    responses((status = 200, body = ProductOut), (status = 404, body = ProblemBody)))]
async fn get_product(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<ProductOut>> {
    let stock = caller.app.service::<Quantities>()?;
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let product = entry::find(ctx, tx, key)?;
        shown(ctx, tx, &stock, product)
    };
    Ok(Json(caller.read(read).await?))
}

/// Changes a product; `code`, `name` and `sale_price` are required, what else is absent stays.
#[utoipa::path(put, path = "/api/products/{id}", tag = "products", params(("id" = String, Path)),
    request_body = ProductIn, responses((status = 200, body = ProductOut), (status = 422, body = ProblemBody)))]
async fn replace_product(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<ProductIn>,
) -> web::Result<Json<ProductOut>> {
    write(&caller, key, body.whole()?).await
}

/// Changes what is said of a product; what is absent stays.
#[utoipa::path(patch, path = "/api/products/{id}", tag = "products", params(("id" = String, Path)),
    request_body = ProductIn, responses((status = 200, body = ProductOut), (status = 422, body = ProblemBody)))]
async fn change_product(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<ProductIn>,
) -> web::Result<Json<ProductOut>> {
    write(&caller, key, body).await
}

async fn write(caller: &Caller, key: RowKey, body: ProductIn) -> web::Result<Json<ProductOut>> {
    let stock = caller.app.service::<Quantities>()?;
    let out = caller
        .write(move |ctx, tx| {
            let stands = entry::find(ctx, tx, key)?;
            let entry = body.clone().over(stands.content());
            let product = entry::update(ctx, tx, &stock, stands.id, entry)?;
            shown(ctx, tx, &stock, product)
        })
        .await?;
    Ok(Json(out))
}

/// Deletes a product. Where documents name it, it leaves every list and stays readable in them.
#[utoipa::path(delete, path = "/api/products/{id}", tag = "products", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
async fn delete_product(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    let _deletion: Deletion = caller
        .write(move |ctx, tx| {
            let id = entry::find(ctx, tx, key)?.id;
            remove(ctx, tx, id)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
