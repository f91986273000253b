//! API keys, and the service tokens of outside bots.

use axum::{extract::Path, http::StatusCode};
use kernel::{Error, Id, Page, PageRequest, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, ProblemBody, RowKey};

use super::id_of;
use crate::{
    ApiKey, KeyKind, Secret,
    actions::{self, NewKey},
    parse_words, to_words,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_keys, create_key)).routes(routes!(revoke_key))
}

/// A key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
struct KeyOut {
    #[schema(value_type = String, format = Uuid)]
    id: Id<ApiKey>,
    /// Who uses it: `api_key`, an outside system, or `service`, an outside bot with a service token.
    kind: &'static str,
    /// What it is for.
    name: String,
    /// Its first characters.
    prefix: String,
    /// What it may do at most.
    permissions: Vec<&'static str>,
    /// The maker's name.
    made_by: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// When it was last used, give or take a minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    used_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
}

impl From<&ApiKey> for KeyOut {
    fn from(key: &ApiKey) -> Self {
        let ApiKey {
            id,
            kind,
            name,
            prefix,
            permissions,
            made_by: _,
            maker,
            created_at,
            expires_at,
            used_at,
            revoked_at,
        } = key;
        Self {
            id: *id,
            kind: kind.word(),
            name: name.clone(),
            prefix: prefix.clone(),
            permissions: to_words(*permissions),
            made_by: maker.clone(),
            created_at: *created_at,
            expires_at: *expires_at,
            used_at: *used_at,
            revoked_at: *revoked_at,
        }
    }
}

/// A new key.
#[derive(Debug, Serialize, ToSchema)]
struct KeyMadeOut {
    #[serde(flatten)]
    key: KeyOut,
    /// The key itself, shown this once; null when the same request is answered again.
    secret: Option<String>,
}

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
struct KeyIn {
    /// `api_key`, sent as `X-API-KEY` or in `Authorization`, or `service`, sent as `X-SERVICE-TOKEN`; `api_key` unless said.
    #[serde(default)]
    kind: Option<String>,
    name: String,
    /// Words of the grid: `sales.read`.
    #[serde(alias = "scopes")]
    permissions: Vec<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// All keys at once: there are at most a hundred that hold.
#[utoipa::path(get, path = "/api/keys", tag = "keys", responses((status = 200, body = Listed<KeyOut>)))]
async fn list_keys(caller: Caller) -> web::Result<Json<Listed<KeyOut>>> {
    let keys: Vec<KeyOut> = caller.read(actions::keys).await?.iter().map(KeyOut::from).collect();
    let count = i64::try_from(keys.len()).unwrap_or(i64::MAX);
    let whole = PageRequest::new(1, u32::try_from(keys.len()).unwrap_or(u32::MAX));
    Ok(Json(Listed::of(&caller, Page::new(whole, count, keys))))
}

#[utoipa::path(post, path = "/api/keys", tag = "keys", request_body = KeyIn,
    responses((status = 201, body = KeyMadeOut), (status = 422, body = ProblemBody)))]
async fn create_key(caller: Caller, Json(body): Json<KeyIn>) -> web::Result<(StatusCode, Json<KeyMadeOut>)> {
    let KeyIn { kind, name, permissions, expires_at } = body;
    let unknown = |_| Error::field("kind", Text::new("auth-key-kind-unknown"));
    let kind = kind.map_or(Ok(KeyKind::ApiKey), |word| word.parse().map_err(unknown))?;
    let permissions = parse_words(permissions.iter().map(String::as_str))?;
    let (key, secret) = make_key(&caller, NewKey { kind, name, permissions, expires_at }).await?;
    Ok((StatusCode::CREATED, Json(KeyMadeOut { key: (&key).into(), secret })))
}

/// Makes a key once. The secret is no part of what is stored for a repeated request: it then answers none.
pub(crate) async fn make_key(caller: &Caller, input: NewKey) -> kernel::Result<(ApiKey, Option<String>)> {
    let secret = match input.kind {
        KeyKind::ApiKey => Secret::for_key(caller.ctx.random()),
        KeyKind::Service => Secret::for_service(caller.ctx.random()),
    };
    let new = secret.clone();
    let id = caller.once(move |ctx, tx| Ok(actions::create_key(ctx, tx, &input, &new)?.id)).await?;
    let key = caller.read(move |ctx, tx| actions::made_key(ctx, tx, id)).await?;
    let fresh = key.prefix == secret.prefix();
    Ok((key, fresh.then(|| secret.reveal().to_owned())))
}

#[utoipa::path(delete, path = "/api/keys/{id}", tag = "keys", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
async fn revoke_key(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    let id = id_of(key)?;
    caller.write(move |ctx, tx| actions::revoke_key(ctx, tx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
