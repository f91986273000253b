//! `/api/admin/admins` and `/api/admin/categories`: who answers, and what is asked about.

use std::collections::HashMap;

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::IntoResponse,
};
use catalog::Names;
use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Error, Id, Lang, Page, PersonId, Result, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use super::said;
use crate::{Agent, Assigns, Category, NewAgent, NewCategory, Service, actions, reads};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_ticket_categories, create_ticket_category))
        .routes(routes!(get_ticket_category, change_ticket_category))
        .routes(routes!(list_admins, create_admin))
        .routes(routes!(get_admin, change_admin))
}

/// Which part of a list is wanted, and of which rows.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct StaffQuery {
    /// Those that are active, or that are not.
    is_active: Option<bool>,
    /// Of this Telegram id; admins alone have one.
    telegram_id: Option<i64>,
    page: Option<u32>,
    page_size: Option<u32>,
}

/// The part of a list that is in memory as a whole.
fn part_of<T>(rows: Vec<T>, query: StaffQuery) -> Result<Page<T>> {
    let part = PageQuery::of(query.page, query.page_size).request();
    let count = i64::try_from(rows.len()).map_err(Error::internal)?;
    let skip = usize::try_from(part.offset()).map_err(Error::internal)?;
    let size = usize::try_from(part.page_size()).map_err(Error::internal)?;
    Ok(Page::new(part, count, rows.into_iter().skip(skip).take(size).collect()))
}

/// What is written into a category; what is absent stays as it is, null takes a name away.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct TicketCategoryIn {
    /// Its name in Uzbek where `name_uz` is not said.
    name: Option<String>,
    /// Its name in Uzbek; a new category needs one.
    #[schema(max_length = 60)]
    name_uz: Option<String>,
    /// Its name in Russian.
    #[serde(default, deserialize_with = "said")]
    #[schema(max_length = 60)]
    name_ru: Option<Option<String>>,
    /// Its name in English.
    #[serde(default, deserialize_with = "said")]
    #[schema(max_length = 60)]
    name_en: Option<Option<String>>,
    /// Its place among the others.
    position: Option<i32>,
    /// Whether it is offered.
    is_active: Option<bool>,
    /// Minutes of working time within which somebody who waits is answered; null promises nothing.
    #[serde(default, deserialize_with = "said")]
    answer_minutes: Option<Option<i32>>,
    /// Minutes of working time within which a ticket is closed; null promises nothing.
    #[serde(default, deserialize_with = "said")]
    resolve_minutes: Option<Option<i32>>,
    /// Who gets a new ticket: `manual` or `by_load`.
    assigns: Option<Assigns>,
}

impl TicketCategoryIn {
    fn over(self, stands: NewCategory) -> NewCategory {
        let Self {
            name,
            name_uz,
            name_ru,
            name_en,
            position,
            is_active,
            answer_minutes,
            resolve_minutes,
            assigns,
        } = self;
        NewCategory {
            name: Names {
                uz: name_uz.or(name).unwrap_or(stands.name.uz),
                ru: name_ru.unwrap_or(stands.name.ru),
                en: name_en.unwrap_or(stands.name.en),
            },
            position: position.unwrap_or(stands.position),
            is_active: is_active.unwrap_or(stands.is_active),
            service: Service {
                answer_minutes: answer_minutes.unwrap_or(stands.service.answer_minutes),
                resolve_minutes: resolve_minutes.unwrap_or(stands.service.resolve_minutes),
                assigns: assigns.unwrap_or(stands.service.assigns),
            },
        }
    }
}

/// A category. `name` is in the caller's language.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct TicketCategoryOut {
    id: i64,
    uuid: Uuid,
    name: String,
    name_uz: String,
    name_ru: Option<String>,
    name_en: Option<String>,
    position: i32,
    is_active: bool,
    answer_minutes: Option<i32>,
    resolve_minutes: Option<i32>,
    assigns: Assigns,
}

impl TicketCategoryOut {
    fn of(category: Category, lang: Lang) -> Self {
        let Category { id, number, name, position, is_active, created_at: _, service } = category;
        let Service { answer_minutes, resolve_minutes, assigns } = service;
        Self {
            id: number,
            uuid: id.uuid(),
            name: name.get(lang).to_owned(),
            name_uz: name.uz,
            name_ru: name.ru,
            name_en: name.en,
            position,
            is_active,
            answer_minutes,
            resolve_minutes,
            assigns,
        }
    }
}

fn find_category(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Category> {
    let is_meant = |category: &Category| match key {
        RowKey::Number(number) => category.number == number,
        RowKey::Id(uuid) => category.id.uuid() == uuid,
    };
    reads::categories(ctx, tx)?.into_iter().find(is_meant).ok_or_else(Error::not_found)
}

/// The category of this number, or that there is none beside the field.
pub(crate) fn category_at(ctx: &Ctx, tx: &mut ReadTx, field: &str, number: i64) -> Result<Id<Category>> {
    let found = reads::categories(ctx, tx)?.into_iter().find(|category| category.number == number);
    let unknown = || Error::field(field, Text::new("tickets-category-unknown"));
    found.map(|category| category.id).ok_or_else(unknown)
}

/// What people ask about, in the order in which it is offered.
#[utoipa::path(get, path = "/api/admin/categories", tag = "tickets", params(StaffQuery),
    responses((status = 200, body = Listed<TicketCategoryOut>)))]
async fn list_ticket_categories(
    caller: Caller,
    Query(query): Query<StaffQuery>,
) -> web::Result<Json<Listed<TicketCategoryOut>>> {
    let lang = caller.ctx.lang();
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let mut all = reads::categories(ctx, tx)?;
        all.retain(|category| query.is_active.is_none_or(|yes| category.is_active == yes));
        part_of(all, query)
    };
    let page = caller.read(read).await?;
    Ok(Json(Listed::of(&caller, page.map(|category| TicketCategoryOut::of(category, lang)))))
}

/// Writes a new category.
#[utoipa::path(post, path = "/api/admin/categories", tag = "tickets", request_body = TicketCategoryIn,
    responses((status = 201, body = TicketCategoryOut), (status = 422, body = ProblemBody)))]
async fn create_ticket_category(
    caller: Caller,
    Json(body): Json<TicketCategoryIn>,
) -> web::Result<impl IntoResponse> {
    let lang = caller.ctx.lang();
    let blank = NewCategory::named(Names::default());
    let new = body.over(blank);
    let make = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        actions::create_category(ctx, tx, new.clone()).map(|made| TicketCategoryOut::of(made, lang))
    };
    let out = caller.once(make).await?;
    Ok((StatusCode::CREATED, [(header::LOCATION, format!("/api/admin/categories/{}", out.id))], Json(out)))
}

/// One category.
#[utoipa::path(get, path = "/api/admin/categories/{id}", tag = "tickets", params(("id" = String, Path)),
    responses((status = 200, body = TicketCategoryOut), (status = 404, body = ProblemBody)))]
async fn get_ticket_category(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<TicketCategoryOut>> {
    let lang = caller.ctx.lang();
    let category = caller.read(move |ctx, tx| find_category(ctx, tx, key)).await?;
    Ok(Json(TicketCategoryOut::of(category, lang)))
}

/// Changes what is said of a category; what is absent stays. One that is not active is offered no more.
#[utoipa::path(patch, path = "/api/admin/categories/{id}", tag = "tickets", params(("id" = String, Path)),
    request_body = TicketCategoryIn, responses((status = 200, body = TicketCategoryOut), (status = 422, body = ProblemBody)))]
async fn change_ticket_category(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<TicketCategoryIn>,
) -> web::Result<Json<TicketCategoryOut>> {
    let lang = caller.ctx.lang();
    let change = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let Category { id, name, position, is_active, service, .. } = find_category(ctx, tx, key)?;
        let content = body.clone().over(NewCategory { name, position, is_active, service });
        actions::update_category(ctx, tx, id, content).map(|after| TicketCategoryOut::of(after, lang))
    };
    Ok(Json(caller.write(change).await?))
}

/// What an agent may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum AgentRole {
    /// Answers in their categories.
    Admin,
    /// Sees every ticket, and manages categories and agents.
    SuperAdmin,
}

/// What is written into an agent; what is absent stays as it is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct AdminIn {
    /// Who it is in Telegram; needed where it is no member of the workspace.
    #[serde(default, deserialize_with = "said")]
    telegram_id: Option<Option<i64>>,
    /// The phone by which it is found among those who asked in Telegram, where `telegram_id` is not said.
    #[schema(example = "+998901234567")]
    phone: Option<String>,
    /// The member of the workspace that it is.
    #[serde(default, deserialize_with = "said")]
    member: Option<Option<Uuid>>,
    /// What it is called; a new one needs a name.
    #[schema(max_length = 200)]
    full_name: Option<String>,
    /// `admin` or `super_admin`; `admin` unless said.
    role: Option<AgentRole>,
    /// The numbers of the categories it answers in.
    categories: Option<Vec<i64>>,
    /// Whether it answers now.
    is_active: Option<bool>,
}

impl AdminIn {
    fn over(self, ctx: &Ctx, tx: &mut ReadTx, stands: NewAgent) -> Result<NewAgent> {
        let Self { telegram_id, phone, member, full_name, role, categories, is_active } = self;
        let telegram_id = match (telegram_id, phone) {
            (None, Some(phone)) => Some(Some(reads::telegram_of_phone(ctx, tx, "phone", &phone)?)),
            (said, _) => said,
        };
        let categories = match categories {
            None => stands.categories,
            Some(numbers) => {
                let at = |number: i64| category_at(ctx, tx, "categories", number);
                numbers.into_iter().map(at).collect::<Result<Vec<_>>>()?
            }
        };
        Ok(NewAgent {
            member: member.map_or(stands.member, |member| member.map(PersonId::from_uuid)),
            telegram_id: telegram_id.unwrap_or(stands.telegram_id),
            full_name: full_name.unwrap_or(stands.full_name),
            is_head: role.map_or(stands.is_head, |role| role == AgentRole::SuperAdmin),
            is_active: is_active.unwrap_or(stands.is_active),
            categories,
        })
    }
}

/// An agent.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct AdminOut {
    id: i64,
    uuid: Uuid,
    telegram_id: Option<i64>,
    member: Option<Uuid>,
    full_name: String,
    role: AgentRole,
    categories: Vec<i64>,
    is_active: bool,
    is_on_duty: bool,
}

fn shown(ctx: &Ctx, tx: &mut ReadTx, agents: Vec<Agent>) -> Result<Vec<AdminOut>> {
    let numbers: HashMap<_, _> =
        reads::categories(ctx, tx)?.into_iter().map(|category| (category.id, category.number)).collect();
    let show = |agent: Agent| {
        let Agent {
            id,
            number,
            member,
            telegram_id,
            full_name,
            is_head,
            is_active,
            is_on_duty,
            categories,
            created_at: _,
        } = agent;
        let mut categories: Vec<i64> = categories.iter().filter_map(|id| numbers.get(id).copied()).collect();
        categories.sort_unstable();
        AdminOut {
            id: number,
            uuid: id.uuid(),
            telegram_id,
            member: member.map(PersonId::uuid),
            full_name,
            role: if is_head { AgentRole::SuperAdmin } else { AgentRole::Admin },
            categories,
            is_active,
            is_on_duty,
        }
    };
    Ok(agents.into_iter().map(show).collect())
}

pub(super) fn one(ctx: &Ctx, tx: &mut ReadTx, agent: Agent) -> Result<AdminOut> {
    shown(ctx, tx, vec![agent])?.pop().ok_or_else(Error::not_found)
}

pub(super) fn find_agent(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Agent> {
    let is_meant = |agent: &Agent| match key {
        RowKey::Number(number) => agent.number == number,
        RowKey::Id(uuid) => agent.id.uuid() == uuid,
    };
    reads::agents(ctx, tx)?.into_iter().find(is_meant).ok_or_else(Error::not_found)
}

/// The agent of this number, or that there is none beside the field.
pub(crate) fn agent_at(ctx: &Ctx, tx: &mut ReadTx, field: &str, number: i64) -> Result<Agent> {
    let found = reads::agents(ctx, tx)?.into_iter().find(|agent| agent.number == number);
    found.ok_or_else(|| Error::field(field, Text::new("tickets-agent-unknown")))
}

/// Who answers.
#[utoipa::path(get, path = "/api/admin/admins", tag = "tickets", params(StaffQuery),
    responses((status = 200, body = Listed<AdminOut>)))]
async fn list_admins(caller: Caller, Query(query): Query<StaffQuery>) -> web::Result<Json<Listed<AdminOut>>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let mut all = reads::agents(ctx, tx)?;
        all.retain(|agent| query.is_active.is_none_or(|yes| agent.is_active == yes));
        all.retain(|agent| query.telegram_id.is_none_or(|id| agent.telegram_id == Some(id)));
        part_of(shown(ctx, tx, all)?, query)
    };
    let page = caller.read(read).await?;
    Ok(Json(Listed::of(&caller, page)))
}

/// Writes a new agent.
#[utoipa::path(post, path = "/api/admin/admins", tag = "tickets", request_body = AdminIn,
    responses((status = 201, body = AdminOut), (status = 422, body = ProblemBody)))]
async fn create_admin(caller: Caller, Json(body): Json<AdminIn>) -> web::Result<impl IntoResponse> {
    let make = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let blank = NewAgent {
            member: None,
            telegram_id: None,
            full_name: String::new(),
            is_head: false,
            is_active: true,
            categories: Vec::new(),
        };
        let new = body.clone().over(ctx, tx, blank)?;
        let made = actions::create_agent(ctx, tx, new)?;
        one(ctx, tx, made)
    };
    let out = caller.once(make).await?;
    Ok((StatusCode::CREATED, [(header::LOCATION, format!("/api/admin/admins/{}", out.id))], Json(out)))
}

/// One agent.
#[utoipa::path(get, path = "/api/admin/admins/{id}", tag = "tickets", params(("id" = String, Path)),
    responses((status = 200, body = AdminOut), (status = 404, body = ProblemBody)))]
async fn get_admin(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<AdminOut>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let agent = find_agent(ctx, tx, key)?;
        one(ctx, tx, agent)
    };
    Ok(Json(caller.read(read).await?))
}

/// Changes what is said of an agent; what is absent stays. One that is not active answers no more.
#[utoipa::path(patch, path = "/api/admin/admins/{id}", tag = "tickets", params(("id" = String, Path)),
    request_body = AdminIn, responses((status = 200, body = AdminOut), (status = 422, body = ProblemBody)))]
async fn change_admin(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<AdminIn>,
) -> web::Result<Json<AdminOut>> {
    let change = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let agent = find_agent(ctx, tx, key)?;
        let id = agent.id;
        let Agent { member, telegram_id, full_name, is_head, is_active, categories, .. } = agent;
        let stands = NewAgent { member, telegram_id, full_name, is_head, is_active, categories };
        let content = body.clone().over(ctx, tx, stands)?;
        let after = actions::update_agent(ctx, tx, id, content)?;
        one(ctx, tx, after)
    };
    Ok(Json(caller.write(change).await?))
}
