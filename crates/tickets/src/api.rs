//! The REST API of tickets, by the names of the support bot's own (SPEC, DESK-6): an outside bot works against it unchanged.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

mod canned;
mod desk;
mod labels;
mod messages;
mod staff;
mod tickets;
mod users;

pub use self::{canned::FilledReplyOut, labels::LabelOut};
pub(crate) use self::{
    messages::send_kept,
    staff::{agent_at, category_at},
    tickets::{find as find_ticket, user_at},
};

use utoipa_axum::router::OpenApiRouter;
use web::App;

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    users::routes()
        .merge(tickets::routes())
        .merge(messages::routes())
        .merge(staff::routes())
        .merge(desk::routes())
        .merge(labels::routes())
        .merge(canned::routes())
}

/// Tells a field that is absent (`None`) from one that is null (`Some(None)`).
fn said<'de, D: serde::Deserializer<'de>, T: serde::Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
