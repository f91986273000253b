//! The REST API of bots, their channels and their conversations.

mod bots;
mod channels;
mod conversations;

use utoipa_axum::{router::OpenApiRouter, routes};
use web::App;

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(bots::list_bots, bots::create_bot))
        .routes(routes!(bots::get_bot, bots::change_bot))
        .routes(routes!(channels::list_channels, channels::connect_channel))
        .routes(routes!(channels::disconnect_channel))
        .routes(routes!(conversations::list_conversations))
        .routes(routes!(conversations::get_conversation))
        .routes(routes!(conversations::list_messages))
}
