//! The REST API of products, categories and items.

mod categories;
mod items;
mod pictures;
mod products;

use serde::{Deserialize, Deserializer};
use utoipa_axum::router::OpenApiRouter;
use web::App;

pub(crate) use categories::find as find_category;
pub use categories::{CategoryIn, CategoryOut};
pub use items::{CatalogItemIn, CatalogItemOut};
pub(crate) use pictures::save as save_picture;
pub use products::{ProductIn, ProductOut};

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    products::routes().merge(pictures::routes()).merge(categories::routes()).merge(items::routes())
}

/// Tells a field that is absent (`None`) from one that is null (`Some(None)`).
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
