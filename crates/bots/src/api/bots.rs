//! `/api/bots`.

use axum::{extract::Path, http::StatusCode};
use flow::shop::{BLUEPRINT, ShopInfo};
use kernel::{Checks, Money, Phone, Result, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use crate::{Bot, BotState, NewBot, actions, reads};

/// What a bot says of its shop.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Shop {
    /// The shop's name.
    #[schema(example = "Texno Bozor", max_length = 300)]
    pub name: String,
    /// A few sentences.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub about: String,
    /// Its phone, however it is written; empty for none.
    #[serde(default)]
    #[schema(example = "+998901234567")]
    pub phone: String,
    /// Where it is.
    #[serde(default)]
    pub address: String,
    /// When it is open.
    #[serde(default)]
    pub hours: String,
    /// Its site.
    #[serde(default)]
    pub site: String,
    /// Whether it brings goods home.
    #[serde(default = "yes")]
    pub delivers: bool,
    /// Whether goods can be fetched. One of the two at least.
    #[serde(default = "yes")]
    pub pickup: bool,
    /// What delivery costs, in so'm.
    #[serde(default)]
    #[schema(value_type = f64, example = 25000)]
    pub delivery_price: Money,
}

const fn yes() -> bool {
    true
}

impl Shop {
    fn check(self) -> Result<ShopInfo> {
        let Self { name, about, phone, address, hours, site, delivers, pickup, delivery_price } = self;
        let mut checks = Checks::new();
        let phone = match phone.trim() {
            "" => None,
            typed => checks.take("shop.phone", Phone::parse(typed)),
        };
        checks.done()?;
        let phone = phone.map(|phone| phone.to_string()).unwrap_or_default();
        let delivery_tiyin = delivery_price.tiyin();
        Ok(ShopInfo { name, about, phone, address, hours, site, delivers, pickup, delivery_tiyin })
    }
}

impl From<ShopInfo> for Shop {
    fn from(shop: ShopInfo) -> Self {
        let ShopInfo { name, about, phone, address, hours, site, delivers, pickup, delivery_tiyin } = shop;
        let delivery_price = Money::from_tiyin(delivery_tiyin);
        Self { name, about, phone, address, hours, site, delivers, pickup, delivery_price }
    }
}

/// A bot to make.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct BotIn {
    /// Its name, for the people who run it.
    #[schema(example = "Doʻkon yordamchisi", max_length = 100)]
    pub name: String,
    /// What it says of the shop.
    pub shop: Shop,
    /// Its blueprint as a file (docs/BLUEPRINTS.md); the shop assistant unless said.
    #[serde(default)]
    pub blueprint: Option<String>,
}

/// What is to be changed in a bot; what is absent stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct BotPatch {
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// `active`: it answers; `paused`: it keeps silent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub state: Option<BotState>,
    /// What it says of the shop, whole.
    #[serde(default)]
    pub shop: Option<Shop>,
}

/// A bot.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BotOut {
    /// Its number.
    pub id: i64,
    /// Its UUID.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// `active` or `paused`.
    #[schema(value_type = String)]
    pub state: BotState,
    /// The version of its blueprint that answers.
    pub version: i64,
    /// What it says of the shop.
    pub shop: Shop,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl From<Bot> for BotOut {
    fn from(bot: Bot) -> Self {
        let Bot { id, number, name, state, version, shop, created_at } = bot;
        Self { id: number, uuid: id.uuid(), name, state, version, shop: shop.into(), created_at }
    }
}

/// The bots of the workspace.
#[utoipa::path(get, path = "/api/bots", tag = "bots", params(PageQuery),
    responses((status = 200, body = Listed<BotOut>), (status = 403, body = ProblemBody)))]
pub(super) async fn list_bots(
    caller: Caller,
    Query(part): Query<PageQuery>,
) -> web::Result<Json<Listed<BotOut>>> {
    let page = caller.read(move |ctx, tx| reads::list_bots(ctx, tx, part.request())).await?;
    Ok(Json(Listed::of(&caller, page.map(BotOut::from))))
}

/// Makes a bot; it answers at once in the simulator.
#[utoipa::path(post, path = "/api/bots", tag = "bots", request_body = BotIn,
    responses((status = 201, body = BotOut), (status = 422, body = ProblemBody)))]
pub(super) async fn create_bot(
    caller: Caller,
    Json(sent): Json<BotIn>,
) -> web::Result<(StatusCode, Json<BotOut>)> {
    let made = caller
        .once(move |ctx, tx| {
            let BotIn { name, shop, blueprint } = sent.clone();
            let source = blueprint.unwrap_or_else(|| BLUEPRINT.to_owned());
            actions::create_bot(ctx, tx, NewBot { name, source, shop: shop.check()? }).map(BotOut::from)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One bot.
#[utoipa::path(get, path = "/api/bots/{id}", tag = "bots", params(("id" = String, Path, description = "number or UUID")),
    responses((status = 200, body = BotOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_bot(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<BotOut>> {
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    Ok(Json(bot.into()))
}

/// Changes its name, whether it answers, what it says of the shop.
#[utoipa::path(patch, path = "/api/bots/{id}", tag = "bots", request_body = BotPatch,
    params(("id" = String, Path, description = "number or UUID")),
    responses((status = 200, body = BotOut), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn change_bot(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(sent): Json<BotPatch>,
) -> web::Result<Json<BotOut>> {
    let changed = caller.write(move |ctx, tx| {
        let BotPatch { name, state, shop } = sent.clone();
        let mut bot = reads::get_bot(ctx, tx, key)?;
        if name.is_some() || shop.is_some() {
            let shop = shop.map_or(Ok(bot.shop.clone()), Shop::check)?;
            bot = actions::set_shop_info(ctx, tx, bot.id, &name.unwrap_or(bot.name), shop)?;
        }
        match state {
            Some(state) if state != bot.state => actions::set_bot_state(ctx, tx, bot.id, state),
            _ => Ok(bot),
        }
    });
    Ok(Json(changed.await?.into()))
}
