//! The REST API of surveys: what outside bots call by the names of seed 004, and what the staff's programs call.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

mod analytics;
mod campaigns;
mod import;
mod output;
mod responses;
mod sent;
mod students;
mod submit;

use utoipa_axum::router::OpenApiRouter;
use web::App;

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    submit::routes()
        .merge(campaigns::routes())
        .merge(responses::routes())
        .merge(students::routes())
        .merge(import::routes())
        .merge(analytics::routes())
}

/// Tells a field that is absent (`None`) from one that is null (`Some(None)`).
fn said<'de, D: serde::Deserializer<'de>, T: serde::Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
