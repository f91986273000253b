//! `/api/admin/invitations`: asking somebody to answer at the support desk, by a link of Telegram.

use std::{collections::HashMap, sync::Arc};

use axum::{extract::Path, http::StatusCode};
use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Error, Id, Lang, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use tickets::{Invitation, InvitationKey, NewInvitation, actions, reads};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{Caller, Json, Listed, ProblemBody, RowKey};

use super::inbox::id_of;
use crate::{Bots, door};

/// An invitation to the desk.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct AgentInvitationOut {
    id: Uuid,
    /// `admin` or `super_admin`.
    role: &'static str,
    /// The numbers of the categories that they will answer in.
    categories: Vec<i64>,
    /// The language that they are greeted in.
    #[schema(value_type = String)]
    lang: Lang,
    invited_by: String,
    /// `pending`, `accepted`, `revoked` or `expired`.
    state: &'static str,
    /// The number of the agent who came by it.
    admin: Option<i64>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// An invitation and its link.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AgentInvitedOut {
    #[serde(flatten)]
    invitation: AgentInvitationOut,
    /// The link to pass on, shown this once; null where the same was asked before.
    link: Option<String>,
}

/// Whom to ask to the desk.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct AgentInvitationIn {
    /// `admin`, who answers in their categories, or `super_admin`, who answers in all and manages; `admin` unless said.
    role: Option<String>,
    /// The numbers of the categories; an `admin` needs one.
    #[serde(default)]
    categories: Vec<i64>,
    /// The language that they are greeted in; the caller's unless said.
    #[schema(value_type = Option<String>)]
    lang: Option<Lang>,
}

impl AgentInvitationIn {
    fn content(self, ctx: &Ctx, tx: &mut ReadTx) -> Result<NewInvitation> {
        let Self { role, categories: numbers, lang } = self;
        let is_head = match role.as_deref() {
            None | Some("admin") => false,
            Some("super_admin") => true,
            Some(_) => return Err(Error::field("role", Text::new("bots-desk-role-unknown"))),
        };
        let categories = categories_at(ctx, tx, &numbers)?;
        Ok(NewInvitation { is_head, categories, lang: lang.unwrap_or_else(|| ctx.lang()) })
    }
}

/// The categories of these numbers, or that there is none beside the field.
pub(crate) fn categories_at(
    ctx: &Ctx,
    tx: &mut ReadTx,
    numbers: &[i64],
) -> Result<Vec<Id<tickets::Category>>> {
    let all = reads::categories(ctx, tx)?;
    let at = |number: &i64| all.iter().find(|one| one.number == *number).map(|one| one.id);
    let found: Option<Vec<_>> = numbers.iter().map(at).collect();
    found.ok_or_else(|| Error::field("categories", Text::new("bots-desk-category-unknown")))
}

fn shown(ctx: &Ctx, tx: &mut ReadTx, all: Vec<Invitation>) -> Result<Vec<AgentInvitationOut>> {
    let categories: HashMap<_, _> =
        reads::categories(ctx, tx)?.into_iter().map(|one| (one.id, one.number)).collect();
    let agents: HashMap<_, _> = reads::agents(ctx, tx)?.into_iter().map(|one| (one.id, one.number)).collect();
    let show = |invitation: Invitation| {
        let state = invitation.state(ctx.now()).word();
        let Invitation {
            id,
            is_head,
            categories: of,
            lang,
            invited_by,
            created_at,
            expires_at,
            revoked_at: _,
            accepted,
        } = invitation;
        AgentInvitationOut {
            id: id.uuid(),
            role: if is_head { "super_admin" } else { "admin" },
            categories: of.iter().filter_map(|id| categories.get(id).copied()).collect(),
            lang,
            invited_by,
            state,
            admin: accepted.and_then(|(agent, _)| agents.get(&agent).copied()),
            created_at,
            expires_at,
        }
    };
    Ok(all.into_iter().map(show).collect())
}

/// Invites once. The key is no part of what is stored for a repeated request: it then shows no link.
pub(crate) async fn make_invitation(
    caller: &Caller,
    new: impl Fn(&Ctx, &mut ReadTx) -> Result<NewInvitation> + Send + 'static,
) -> Result<(Id<Invitation>, Option<String>)> {
    let bots: Arc<Bots> = caller.app.service()?;
    let key = InvitationKey::new(caller.ctx.random());
    let (holder, own) = (Arc::clone(&bots), key.clone());
    let make = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        reads::must_manage(ctx, tx)?;
        let new = new(ctx, tx)?;
        door::invite(ctx, tx, &holder, new, &own)
    };
    let id = caller.once(make).await?;
    let own = key.clone();
    let find = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        Ok((actions::find_invitation(ctx, tx, id, &own)?, door::door(ctx, tx, &bots)?))
    };
    let (is_fresh, username) = caller.read(find).await?;
    Ok((id, username.filter(|_| is_fresh).map(|username| door::link(&username, &key))))
}

/// The invitations to the desk, the newest first.
#[utoipa::path(get, path = "/api/admin/invitations", tag = "tickets",
    responses((status = 200, body = Listed<AgentInvitationOut>), (status = 403, body = ProblemBody)))]
pub(super) async fn list_agent_invitations(caller: Caller) -> web::Result<Json<Listed<AgentInvitationOut>>> {
    let read = |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let all = reads::invitations(ctx, tx)?;
        shown(ctx, tx, all)
    };
    let all = caller.read(read).await?;
    Ok(Json(Listed::whole(all)))
}

/// Asks somebody to the desk: whoever opens the link in Telegram first becomes that agent, within a week.
#[utoipa::path(post, path = "/api/admin/invitations", tag = "tickets", request_body = AgentInvitationIn,
    responses((status = 201, body = AgentInvitedOut), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn invite_agent(
    caller: Caller,
    Json(body): Json<AgentInvitationIn>,
) -> web::Result<(StatusCode, Json<AgentInvitedOut>)> {
    let (id, link) = make_invitation(&caller, move |ctx, tx| body.clone().content(ctx, tx)).await?;
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let own = reads::invitations(ctx, tx)?.into_iter().filter(|one| one.id == id).collect();
        shown(ctx, tx, own)?.pop().ok_or_else(Error::not_found)
    };
    let invitation = caller.read(read).await?;
    Ok((StatusCode::CREATED, Json(AgentInvitedOut { invitation, link })))
}

/// Takes an invitation back: its link opens nothing from then on.
#[utoipa::path(delete, path = "/api/admin/invitations/{id}", tag = "tickets", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn revoke_agent_invitation(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<StatusCode> {
    let id = id_of(key)?;
    caller.write(move |ctx, tx| actions::revoke_invitation(ctx, tx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
