//! `/api/bots`.
#![expect(unused_qualifications, reason = "utoipa writes the path of each query's type")]

use axum::{extract::Path, http::StatusCode};
use context::Permission;
use flow::shop::ShopInfo;
use kernel::{Checks, Error, Id, Money, Phone, Result, Text, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::{Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use crate::{
    Bot, BotState, NewBot, actions, faults,
    reads::{self, BotSummary},
    template::{Template, bare_facts},
    version::tidy,
};

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
    /// What it says of the shop; only the name unless said.
    #[serde(default)]
    pub shop: Option<Shop>,
    /// The delivered blueprint it is made of; the shop assistant unless said.
    #[serde(default)]
    pub template: Option<Template>,
    /// Its blueprint as a file (docs/BLUEPRINTS.md), in place of a delivered one.
    #[serde(default)]
    pub blueprint: Option<String>,
}

impl BotIn {
    /// The bot to make; a faulty blueprint is refused with each of its faults.
    fn check(self, words: &web::pages::Words) -> Result<NewBot> {
        let Self { name, shop, template, blueprint } = self;
        let source = match (blueprint, template) {
            (Some(_), Some(_)) => return Err(Error::field("blueprint", Text::new("bots-blueprint-twice"))),
            (Some(source), None) => {
                let source = tidy("blueprint", &source)?;
                faults::refuse(words, "blueprint", &source)?;
                source
            }
            (None, template) => template.unwrap_or(Template::Shop).source().to_owned(),
        };
        let shop = shop.map(Shop::check).transpose()?.unwrap_or_else(|| bare_facts(&name));
        Ok(NewBot { name, source, shop })
    }
}

/// What is to be changed in a bot; what is absent stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct BotPatch {
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// `active`: it answers; `paused`: it says now and then that it rests; `archived`: it is silent and in no list.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub state: Option<BotState>,
    /// What it says of the shop, whole.
    #[serde(default)]
    pub shop: Option<Shop>,
    /// The conversation in which staff is told; null for none.
    #[serde(default, deserialize_with = "given")]
    pub staff_conversation: Option<Option<Uuid>>,
}

/// A field that is there, be it null.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Uuid>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
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
    /// `active`, `paused` or `archived`.
    #[schema(value_type = String)]
    pub state: BotState,
    /// The version of its blueprint that answers.
    pub version: i64,
    /// What it says of the shop.
    pub shop: Shop,
    /// The conversation in which staff is told (`tell_staff`).
    pub staff_conversation: Option<Uuid>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl From<Bot> for BotOut {
    fn from(bot: Bot) -> Self {
        let Bot { id, number, name, state, version, shop, staff_chat, created_at } = bot;
        let staff_conversation = staff_chat.map(Id::uuid);
        Self {
            id: number,
            uuid: id.uuid(),
            name,
            state,
            version,
            shop: shop.into(),
            staff_conversation,
            created_at,
        }
    }
}

/// A bot of a list, with how it goes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BotSummaryOut {
    /// The bot.
    #[serde(flatten)]
    pub bot: BotOut,
    /// People who ever wrote to it, the simulator's left out.
    pub contacts: i64,
    /// Messages that people sent in the last seven days, the simulator's left out.
    pub messages_7_days: i64,
    /// The faults of its draft; null when it has no draft.
    pub draft_problems: Option<i64>,
}

impl From<BotSummary> for BotSummaryOut {
    fn from(summary: BotSummary) -> Self {
        let BotSummary { bot, channels: _, contacts, messages, draft_problems } = summary;
        Self { bot: bot.into(), contacts, messages_7_days: messages, draft_problems }
    }
}

/// Which bots are wanted.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BotQuery {
    /// Of this state only; those put away are shown when asked for.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    state: Option<BotState>,
}

/// The bots of the workspace.
#[utoipa::path(get, path = "/api/bots", tag = "bots", params(PageQuery, BotQuery),
    responses((status = 200, body = Listed<BotSummaryOut>), (status = 403, body = ProblemBody)))]
pub(super) async fn list_bots(
    caller: Caller,
    Query(part): Query<PageQuery>,
    Query(BotQuery { state }): Query<BotQuery>,
) -> web::Result<Json<Listed<BotSummaryOut>>> {
    let page = caller.read(move |ctx, tx| reads::list_summaries(ctx, tx, state, part.request())).await?;
    Ok(Json(Listed::of(&caller, page.map(BotSummaryOut::from))))
}

/// Makes a bot; it answers at once in the simulator.
#[utoipa::path(post, path = "/api/bots", tag = "bots", request_body = BotIn,
    responses((status = 201, body = BotOut), (status = 422, body = ProblemBody)))]
pub(super) async fn create_bot(
    caller: Caller,
    Json(sent): Json<BotIn>,
) -> web::Result<(StatusCode, Json<BotOut>)> {
    caller.ctx.require(Permission::BotsCreate)?;
    let new = sent.check(&caller.words())?;
    let made =
        caller.once(move |ctx, tx| actions::create_bot(ctx, tx, new.clone()).map(BotOut::from)).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// The copy of a bot.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct DuplicateIn {
    /// Its name.
    #[schema(max_length = 100)]
    pub name: String,
}

/// Makes a bot that says what this one says, works on the same draft, and is reached by nobody yet.
#[utoipa::path(post, path = "/api/bots/{id}/duplicate", tag = "bots", request_body = DuplicateIn,
    params(("id" = String, Path, description = "number or UUID")),
    responses((status = 201, body = BotOut), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn duplicate_bot(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(sent): Json<DuplicateIn>,
) -> web::Result<(StatusCode, Json<BotOut>)> {
    let made = caller
        .once(move |ctx, tx| {
            let bot = reads::get_bot(ctx, tx, key)?;
            actions::duplicate_bot(ctx, tx, bot.id, &sent.name).map(BotOut::from)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// What confirms a deletion.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeleteQuery {
    /// The bot's name, to be sure which one it is; none is asked for.
    #[serde(default)]
    name: Option<String>,
}

/// Deletes a bot with its channels, versions and conversations. Orders and customers that came of it stay.
#[utoipa::path(delete, path = "/api/bots/{id}", tag = "bots",
    params(("id" = String, Path, description = "number or UUID"), DeleteQuery),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn delete_bot(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(DeleteQuery { name }): Query<DeleteQuery>,
) -> web::Result<StatusCode> {
    caller
        .write(move |ctx, tx| {
            let bot = reads::get_bot(ctx, tx, key)?;
            actions::delete_bot(ctx, tx, bot.id, name.as_deref())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
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
        let BotPatch { name, state, shop, staff_conversation } = sent.clone();
        let mut bot = reads::get_bot(ctx, tx, key)?;
        if name.is_some() || shop.is_some() {
            let shop = shop.map_or(Ok(bot.shop.clone()), Shop::check)?;
            bot = actions::set_shop_info(ctx, tx, bot.id, &name.unwrap_or(bot.name), shop)?;
        }
        if let Some(chat) = staff_conversation {
            bot = actions::set_staff_chat(ctx, tx, bot.id, chat.map(Id::from_uuid))?;
        }
        match state {
            Some(state) if state != bot.state => actions::set_bot_state(ctx, tx, bot.id, state),
            _ => Ok(bot),
        }
    });
    Ok(Json(changed.await?.into()))
}
