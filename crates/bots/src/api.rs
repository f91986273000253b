//! The REST API of bots, their blueprints, their channels and their conversations.

mod analytics;
mod bots;
mod changes;
mod channels;
mod conversations;
mod desk_invitations;
mod drafts;
mod forms;
mod inbox;
mod schema;
mod versions;
mod web_chats;

pub(crate) use self::desk_invitations::{categories_at, make_invitation};

use utoipa_axum::{router::OpenApiRouter, routes};
use web::App;

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(bots::list_bots, bots::create_bot))
        .routes(routes!(bots::get_bot, bots::change_bot, bots::delete_bot))
        .routes(routes!(bots::duplicate_bot))
        .routes(routes!(analytics::get_bot_analytics))
        .routes(routes!(drafts::get_draft, drafts::save_draft, changes::change_draft, drafts::discard_draft))
        .routes(routes!(changes::get_draft_tree))
        .routes(routes!(drafts::check_draft))
        .routes(routes!(drafts::export_bot))
        .routes(routes!(forms::copy_bot_form))
        .routes(routes!(schema::get_blueprint_schema))
        .routes(routes!(versions::list_versions))
        .routes(routes!(versions::get_version))
        .routes(routes!(versions::publish_bot))
        .routes(routes!(versions::roll_back_bot))
        .routes(routes!(versions::diff_versions))
        .routes(routes!(channels::list_channels, channels::connect_channel))
        .routes(routes!(channels::disconnect_channel))
        .routes(routes!(web_chats::list_web_chats, web_chats::create_web_chat))
        .routes(routes!(web_chats::update_web_chat))
        .routes(routes!(conversations::list_conversations))
        .routes(routes!(conversations::get_conversation))
        .routes(routes!(conversations::list_messages))
        .routes(routes!(desk_invitations::list_agent_invitations, desk_invitations::invite_agent))
        .routes(routes!(desk_invitations::revoke_agent_invitation))
        .merge(inbox::routes())
}
