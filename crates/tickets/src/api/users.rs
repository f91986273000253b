//! `/api/user/users`: who asks.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::IntoResponse,
};
use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Error, Id, Lang, Page, Phone, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use crate::{NewUser, User, actions, reads};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_users, put_user)).routes(routes!(get_user))
}

/// What a bot knows of somebody. The same `telegram_id` again writes what it knows now.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct TicketUserIn {
    /// Their id in Telegram; required.
    #[schema(example = 123_456_789)]
    telegram_id: Option<i64>,
    /// Their name in Telegram, with or without `@`.
    username: Option<String>,
    /// What they are called; required.
    #[schema(max_length = 200)]
    full_name: Option<String>,
    /// Their phone, in any way people write it: it leads to the contact that has it.
    #[schema(value_type = Option<String>, example = "+998901234567")]
    phone: Option<Phone>,
    /// `uz`, `ru` or `en`.
    #[schema(value_type = Option<String>)]
    language: Option<Lang>,
}

impl TicketUserIn {
    fn read(self) -> Result<NewUser> {
        let Self { telegram_id, username, full_name, phone, language } = self;
        let telegram_id =
            telegram_id.ok_or_else(|| Error::field("telegram_id", Text::new("kernel-text-missing")))?;
        Ok(NewUser { telegram_id, username, full_name: full_name.unwrap_or_default(), phone, lang: language })
    }
}

/// Who asks: a contact with what Telegram calls them. `id` is the contact's.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct TicketUserOut {
    id: i64,
    telegram_id: i64,
    username: Option<String>,
    full_name: String,
    #[schema(value_type = Option<String>)]
    phone: Option<Phone>,
    #[schema(value_type = String)]
    language: Lang,
    #[schema(value_type = String)]
    created_at: Timestamp,
}

impl From<User> for TicketUserOut {
    fn from(user: User) -> Self {
        let User { contact, telegram } = user;
        Self {
            id: contact.number,
            telegram_id: telegram.telegram_id,
            username: telegram.username,
            full_name: contact.name,
            phone: contact.phone,
            language: contact.lang,
            created_at: contact.created_at,
        }
    }
}

/// Which users are wanted.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct UserQuery {
    /// Whom Telegram calls so.
    telegram_id: Option<i64>,
    page: Option<u32>,
    page_size: Option<u32>,
}

/// The user with this number, or with this id of its contact.
pub(super) fn find(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<User> {
    let contact = match key {
        RowKey::Number(number) => contacts::find_by_number(ctx, tx, number)?,
        RowKey::Id(uuid) => contacts::get_many(ctx, tx, &[Id::from_uuid(uuid)])?.pop(),
    };
    let contact = contact.filter(|contact| contact.deleted_at.is_none()).ok_or_else(Error::not_found)?;
    reads::user_of(ctx, tx, contact)
}

/// Who asked, the latest first.
#[utoipa::path(get, path = "/api/user/users", tag = "tickets", params(UserQuery),
    responses((status = 200, body = Listed<TicketUserOut>)))]
async fn list_users(
    caller: Caller,
    Query(query): Query<UserQuery>,
) -> web::Result<Json<Listed<TicketUserOut>>> {
    let part = PageQuery::of(query.page, query.page_size).request();
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| match query.telegram_id {
        Some(id) => {
            let found: Vec<User> = reads::user_of_telegram(ctx, tx, id)?.into_iter().collect();
            let count = i64::try_from(found.len()).map_err(Error::internal)?;
            Ok(Page::new(part, count, found))
        }
        None => reads::users(ctx, tx, part),
    };
    let page = caller.read(read).await?;
    Ok(Json(Listed::of(&caller, page.map(TicketUserOut::from))))
}

/// Writes down somebody who asks. Who is known by this `telegram_id` already is written anew: 200.
#[utoipa::path(post, path = "/api/user/users", tag = "tickets", request_body = TicketUserIn,
    responses((status = 201, body = TicketUserOut), (status = 200, body = TicketUserOut), (status = 422, body = ProblemBody)))]
async fn put_user(caller: Caller, Json(body): Json<TicketUserIn>) -> web::Result<impl IntoResponse> {
    let new = body.read()?;
    let put = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let (user, is_new) = actions::put_user(ctx, tx, new.clone())?;
        Ok((TicketUserOut::from(user), is_new))
    };
    let (out, is_new) = caller.once(put).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, [(header::LOCATION, format!("/api/user/users/{}", out.id))], Json(out)))
}

/// One of those who ask.
#[utoipa::path(get, path = "/api/user/users/{id}", tag = "tickets", params(("id" = String, Path)),
    responses((status = 200, body = TicketUserOut), (status = 404, body = ProblemBody)))]
async fn get_user(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<TicketUserOut>> {
    Ok(Json(caller.read(move |ctx, tx| find(ctx, tx, key)).await?.into()))
}
