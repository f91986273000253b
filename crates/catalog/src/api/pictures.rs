//! A product's picture: `PUT` and `DELETE /api/products/{id}/image`.

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, Path},
};
use context::Permission;
use files::{Blobs, Hash, MediaType};
use kernel::{Error, Result};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, ProblemBody, RowKey, Upload};

use super::products::{ProductOut, shown};
use crate::{PICTURE_BYTES_AT_MOST, Picture, Prepared, Quantities, entry, prepare, set_product_picture};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(put_product_image, delete_product_image))
        .layer(DefaultBodyLimit::max(PICTURE_BYTES_AT_MOST + 1_024))
}

/// The body of a picture's upload, for the description of the API.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a description only")]
struct ImageUpload {
    /// A PNG, JPEG or WebP file of at most 10 MB.
    #[schema(value_type = String, format = Binary)]
    image: Vec<u8>,
}

/// Gives a product a picture.
#[utoipa::path(put, path = "/api/products/{id}/image", tag = "products", params(("id" = String, Path)),
    request_body(content = ImageUpload, content_type = "multipart/form-data"),
    responses((status = 200, body = ProductOut), (status = 422, body = ProblemBody)))]
async fn put_product_image(
    caller: Caller,
    Path(key): Path<RowKey>,
    file: Upload,
) -> web::Result<Json<ProductOut>> {
    Ok(Json(save(&caller, key, Some(file.bytes)).await?))
}

/// Takes a product's picture away.
#[utoipa::path(delete, path = "/api/products/{id}/image", tag = "products", params(("id" = String, Path)),
    responses((status = 200, body = ProductOut), (status = 404, body = ProblemBody)))]
async fn delete_product_image(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<ProductOut>> {
    Ok(Json(save(&caller, key, None).await?))
}

/// Makes the two pictures off the database's threads, keeps them, and then names them in the product.
pub(crate) async fn save(caller: &Caller, key: RowKey, file: Option<Bytes>) -> Result<ProductOut> {
    caller.ctx.require(Permission::InventoryEdit)?;
    let kept = match file {
        Some(file) => Some(keep(caller, file).await?),
        None => None,
    };
    let stock = caller.app.service::<Quantities>()?;
    let write = move |ctx: &context::Ctx, tx: &mut db::Tx<'_>| {
        let id = entry::find(ctx, tx, key)?.id;
        let may = Some(Permission::InventoryRead);
        for (hash, size) in kept.iter().flatten() {
            files::record(ctx, tx, *hash, MediaType::Jpeg, *size, may)?;
        }
        let picture = kept
            .map(|[(large, _), (small, _)]| Picture { large: large.to_string(), small: small.to_string() });
        let product = set_product_picture(ctx, tx, id, picture)?;
        shown(ctx, tx, &stock, product)
    };
    caller.write(write).await
}

async fn keep(caller: &Caller, file: Bytes) -> Result<[(Hash, usize); 2]> {
    let made = tokio::task::spawn_blocking(move || prepare(&file)).await;
    let Prepared { large, small } = made.map_err(Error::internal)??;
    let blobs = caller.app.service::<Blobs>()?;
    let sizes = (large.len(), small.len());
    Ok([(blobs.put(large).await?, sizes.0), (blobs.put(small).await?, sizes.1)])
}
