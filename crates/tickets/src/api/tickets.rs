//! `/api/ticket/tickets`: what is asked.

use std::collections::HashMap;

use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Error, Id, Kind, Page, PageRequest, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use super::{labels::LabelOut, staff};
use crate::{
    Agent, Category, Label, Opening, Ticket, TicketFilter, actions,
    reads::{self, Sight},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tickets, open_ticket))
        .routes(routes!(my_tickets))
        .routes(routes!(user_tickets))
        .routes(routes!(get_ticket))
        .routes(routes!(assign_admin))
        .routes(routes!(close_ticket))
}

/// Whether a ticket is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum TicketStatus {
    Open,
    Closed,
}

/// What a new ticket is about.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
struct TicketIn {
    /// Who asks; required.
    user: Option<i64>,
    /// What about; required.
    category: Option<i64>,
}

/// A ticket. `user`, `category` and `assigned_admin` are numbers.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct TicketOut {
    id: i64,
    uuid: Uuid,
    user: i64,
    category: i64,
    status: TicketStatus,
    assigned_admin: Option<i64>,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>)]
    first_answer_at: Option<Timestamp>,
    #[schema(value_type = String)]
    last_message_at: Timestamp,
    #[schema(value_type = Option<String>)]
    closed_at: Option<Timestamp>,
    closed_by: Option<String>,
    /// Since when the user waits for an answer.
    #[schema(value_type = Option<String>)]
    waiting_since: Option<Timestamp>,
    /// What was promised next, by when.
    #[schema(value_type = Option<String>)]
    due_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    snoozed_until: Option<Timestamp>,
    /// What the user thinks of it, from 1 to 5.
    stars: Option<i32>,
    rating_comment: Option<String>,
    /// How often it was opened again.
    reopened: i32,
    /// Its labels, by name.
    #[serde(default)]
    pub(super) labels: Vec<LabelOut>,
}

/// The contact has an open ticket already.
#[derive(Debug, Serialize, ToSchema)]
struct TicketOpenAlready {
    /// Always `about:blank`: the code says what it is.
    r#type: &'static str,
    /// The sentence for the person, in the caller's language.
    title: String,
    /// 409.
    status: u16,
    /// `tickets-open-already`.
    code: &'static str,
    /// The open one; null to an agent who does not see its category.
    ticket: Option<TicketOut>,
}

/// What API and people call the rows that tickets name.
struct Numbers {
    contacts: HashMap<Id<contacts::Contact>, i64>,
    categories: HashMap<Id<Category>, i64>,
    agents: HashMap<Id<Agent>, i64>,
    labels: HashMap<Id<Ticket>, Vec<Label>>,
}

impl Numbers {
    fn of(ctx: &Ctx, tx: &mut ReadTx, tickets: &[Ticket]) -> Result<Self> {
        let mut ids: Vec<_> = tickets.iter().map(|ticket| ticket.contact).collect();
        ids.sort_unstable();
        ids.dedup();
        let contacts = contacts::get_many(ctx, tx, &ids)?;
        Ok(Self {
            contacts: contacts.into_iter().map(|contact| (contact.id, contact.number)).collect(),
            categories: reads::categories(ctx, tx)?.into_iter().map(|one| (one.id, one.number)).collect(),
            agents: reads::agents(ctx, tx)?.into_iter().map(|one| (one.id, one.number)).collect(),
            labels: reads::labels_of_tickets(ctx, tx, tickets)?,
        })
    }

    fn show(&self, ticket: Ticket) -> Result<TicketOut> {
        let Ticket {
            id,
            number,
            contact,
            category,
            agent,
            is_open,
            last_place: _,
            chat_ref: _,
            created_at,
            first_answer_at,
            last_message_at,
            closed_at,
            closed_by,
            clock,
            snoozed_until,
            rating,
            reopened,
            merged_into: _,
        } = ticket;
        let lost = || Error::internal("a ticket names a row that is not there");
        Ok(TicketOut {
            id: number,
            uuid: id.uuid(),
            user: *self.contacts.get(&contact).ok_or_else(lost)?,
            category: *self.categories.get(&category).ok_or_else(lost)?,
            status: if is_open { TicketStatus::Open } else { TicketStatus::Closed },
            assigned_admin: agent.and_then(|agent| self.agents.get(&agent).copied()),
            created_at,
            first_answer_at,
            last_message_at,
            closed_at,
            closed_by,
            waiting_since: clock.waiting_since,
            due_at: clock.due_at(),
            snoozed_until,
            stars: rating.as_ref().map(|rating| rating.stars),
            rating_comment: rating.map(|rating| rating.comment),
            reopened,
            labels: self
                .labels
                .get(&id)
                .map(|labels| labels.iter().cloned().map(LabelOut::from).collect())
                .unwrap_or_default(),
        })
    }
}

pub(super) fn shown(ctx: &Ctx, tx: &mut ReadTx, ticket: Ticket) -> Result<TicketOut> {
    Numbers::of(ctx, tx, std::slice::from_ref(&ticket))?.show(ticket)
}

/// The ticket that a path names, where it is seen.
pub(crate) fn find(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Ticket> {
    match key {
        RowKey::Number(number) => reads::get_by_number(ctx, tx, number),
        RowKey::Id(uuid) => reads::get(ctx, tx, Id::from_uuid(uuid)),
    }
}

/// The ticket of this number, or that there is none beside the field `ticket`.
pub(super) fn at(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Id<Ticket>> {
    match reads::get_by_number(ctx, tx, number) {
        Ok(ticket) => Ok(ticket.id),
        Err(error) if error.kind() == Kind::NotFound => {
            Err(Error::field("ticket", Text::new("tickets-ticket-unknown")))
        }
        Err(error) => Err(error),
    }
}

/// The label with this id, or that there is none beside the field `label`.
fn label_at(ctx: &Ctx, tx: &mut ReadTx, id: Uuid) -> Result<Id<Label>> {
    let id = Id::from_uuid(id);
    let is_known = reads::labels(ctx, tx)?.iter().any(|label| label.id == id);
    is_known.then_some(id).ok_or_else(|| Error::field("label", Text::new("tickets-label-unknown")))
}

/// Characters of a search that are looked for.
const SEARCH_CHARS: usize = 200;

/// Which tickets are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TicketQuery {
    /// `open` or `closed`.
    status: Option<TicketStatus>,
    /// Of this user.
    user: Option<i64>,
    /// Of this category.
    category: Option<i64>,
    /// Of this agent.
    assigned_admin: Option<i64>,
    /// With this label: its UUID.
    label: Option<Uuid>,
    /// With this number, of somebody with this name or phone, or with these words in a message, in either script.
    search: Option<String>,
    /// `id` or `-id`; the latest first unless said.
    ordering: Option<String>,
    page: Option<u32>,
    page_size: Option<u32>,
}

/// Whose tickets are wanted.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WhoseQuery {
    /// This agent; for a member who is one, their own unless said.
    admin_id: Option<i64>,
    /// `open` or `closed`; open ones unless said.
    status: Option<TicketStatus>,
    page: Option<u32>,
    page_size: Option<u32>,
}

/// Of which user tickets are wanted.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct UserTicketsQuery {
    /// The user; required.
    user_id: Option<i64>,
    /// `open` or `closed`; both unless said.
    status: Option<TicketStatus>,
    page: Option<u32>,
    page_size: Option<u32>,
}

async fn answer(
    caller: &Caller,
    part: PageRequest,
    filter: impl Fn(&Ctx, &mut ReadTx<'_>) -> Result<TicketFilter> + Send + 'static,
) -> web::Result<Json<Listed<TicketOut>>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let filter = filter(ctx, tx)?;
        let page = reads::list(ctx, tx, &filter, part)?;
        let numbers = Numbers::of(ctx, tx, &page.results)?;
        let results = page.results.into_iter().map(|ticket| numbers.show(ticket));
        Ok(Page::new(part, page.count, results.collect::<Result<Vec<_>>>()?))
    };
    Ok(Json(Listed::of(caller, caller.read(read).await?)))
}

fn is_open(status: Option<TicketStatus>) -> Option<bool> {
    status.map(|status| status == TicketStatus::Open)
}

/// The user of this number, or that there is none beside the field.
pub(crate) fn user_at(ctx: &Ctx, tx: &mut ReadTx, field: &str, number: i64) -> Result<Id<contacts::Contact>> {
    let contact = contacts::find_by_number(ctx, tx, number)?;
    let unknown = || Error::field(field, Text::new("tickets-user-unknown"));
    contact.map(|contact| contact.id).ok_or_else(unknown)
}

/// The tickets that the caller sees, the latest first.
#[utoipa::path(get, path = "/api/ticket/tickets", tag = "tickets", params(TicketQuery),
    responses((status = 200, body = Listed<TicketOut>)))]
async fn list_tickets(
    caller: Caller,
    Query(query): Query<TicketQuery>,
) -> web::Result<Json<Listed<TicketOut>>> {
    let TicketQuery { status, user, category, assigned_admin, label, search, ordering, page, page_size } =
        query;
    let text: String = search.unwrap_or_default().trim().chars().take(SEARCH_CHARS).collect();
    let oldest_first = match ordering.as_deref().map(str::trim) {
        None | Some("" | "-id" | "-created_at") => false,
        Some("id" | "created_at") => true,
        Some(_) => return Err(Error::field("ordering", Text::new("tickets-ordering-unknown")).into()),
    };
    let filter = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        Ok(TicketFilter {
            is_open: is_open(status),
            contact: user.map(|number| user_at(ctx, tx, "user", number)).transpose()?,
            category: category.map(|number| staff::category_at(ctx, tx, "category", number)).transpose()?,
            agent: match assigned_admin {
                Some(number) => Some(staff::agent_at(ctx, tx, "assigned_admin", number)?.id),
                None => None,
            },
            label: label.map(|label| label_at(ctx, tx, label)).transpose()?,
            text: text.clone(),
            work_of: None,
            oldest_first,
        })
    };
    answer(&caller, PageQuery::of(page, page_size).request(), filter).await
}

/// What an agent can work on: the tickets they have, and those of their categories that nobody has yet.
#[utoipa::path(get, path = "/api/ticket/tickets/my-tickets", tag = "tickets", params(WhoseQuery),
    responses((status = 200, body = Listed<TicketOut>), (status = 422, body = ProblemBody)))]
async fn my_tickets(caller: Caller, Query(query): Query<WhoseQuery>) -> web::Result<Json<Listed<TicketOut>>> {
    let WhoseQuery { admin_id, status, page, page_size } = query;
    let filter = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let agent = match admin_id {
            Some(number) => staff::agent_at(ctx, tx, "admin_id", number)?,
            None => {
                let own = Sight::of(ctx, tx)?.agent().cloned();
                own.ok_or_else(|| Error::field("admin_id", Text::new("kernel-text-missing")))?
            }
        };
        let is_open = Some(status.unwrap_or(TicketStatus::Open) == TicketStatus::Open);
        Ok(TicketFilter { is_open, work_of: Some(agent), ..TicketFilter::default() })
    };
    answer(&caller, PageQuery::of(page, page_size).request(), filter).await
}

/// What somebody asked, the latest first.
#[utoipa::path(get, path = "/api/ticket/tickets/user-tickets", tag = "tickets", params(UserTicketsQuery),
    responses((status = 200, body = Listed<TicketOut>), (status = 422, body = ProblemBody)))]
async fn user_tickets(
    caller: Caller,
    Query(query): Query<UserTicketsQuery>,
) -> web::Result<Json<Listed<TicketOut>>> {
    let UserTicketsQuery { user_id, status, page, page_size } = query;
    let missing = || Error::field("user_id", Text::new("kernel-text-missing"));
    let user = user_id.ok_or_else(missing)?;
    let filter = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let contact = Some(user_at(ctx, tx, "user_id", user)?);
        Ok(TicketFilter { is_open: is_open(status), contact, ..TicketFilter::default() })
    };
    answer(&caller, PageQuery::of(page, page_size).request(), filter).await
}

/// What became of opening, kept for the idempotency key.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Opened {
    New(TicketOut),
    AlreadyOpen(Option<TicketOut>),
}

/// Opens a ticket. Whoever has an open one is answered 409 with it.
#[utoipa::path(post, path = "/api/ticket/tickets", tag = "tickets", request_body = TicketIn,
    responses((status = 201, body = TicketOut), (status = 409, body = TicketOpenAlready), (status = 422, body = ProblemBody)))]
async fn open_ticket(caller: Caller, Json(body): Json<TicketIn>) -> web::Result<Response> {
    let open = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let TicketIn { user, category } = body;
        let missing = |field| Error::field(field, Text::new("kernel-text-missing"));
        let user = user_at(ctx, tx, "user", user.ok_or_else(|| missing("user"))?)?;
        let category = category.ok_or_else(|| missing("category"))?;
        let category = staff::category_at(ctx, tx, "category", category)?;
        Ok(match actions::open_ticket(ctx, tx, user, category, None)? {
            Opening::New(ticket) => Opened::New(shown(ctx, tx, ticket)?),
            Opening::AlreadyOpen(ticket) if Sight::of(ctx, tx)?.sees(&ticket) => {
                Opened::AlreadyOpen(Some(shown(ctx, tx, ticket)?))
            }
            Opening::AlreadyOpen(_) => Opened::AlreadyOpen(None),
        })
    };
    Ok(match caller.once(open).await? {
        Opened::New(ticket) => {
            let place = [(header::LOCATION, format!("/api/ticket/tickets/{}", ticket.id))];
            (StatusCode::CREATED, place, Json(ticket)).into_response()
        }
        Opened::AlreadyOpen(ticket) => {
            let code = "tickets-open-already";
            let title = caller.words().say(&Text::new(code));
            let status = StatusCode::CONFLICT;
            let body =
                TicketOpenAlready { r#type: "about:blank", title, status: status.as_u16(), code, ticket };
            let mut answer = (status, Json(body)).into_response();
            let kind = HeaderValue::from_static("application/problem+json");
            answer.headers_mut().insert(header::CONTENT_TYPE, kind);
            answer
        }
    })
}

/// One ticket.
#[utoipa::path(get, path = "/api/ticket/tickets/{id}", tag = "tickets", params(("id" = String, Path)),
    responses((status = 200, body = TicketOut), (status = 404, body = ProblemBody)))]
async fn get_ticket(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<TicketOut>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let ticket = find(ctx, tx, key)?;
        shown(ctx, tx, ticket)
    };
    Ok(Json(caller.read(read).await?))
}

/// Who is to answer.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
struct AssignIn {
    /// The agent; required.
    admin_id: Option<i64>,
}

/// Gives a ticket to an agent who answers in its category.
#[utoipa::path(post, path = "/api/ticket/tickets/{id}/assign-admin", tag = "tickets", params(("id" = String, Path)),
    request_body = AssignIn,
    responses((status = 200, body = TicketOut), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn assign_admin(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<AssignIn>,
) -> web::Result<Json<TicketOut>> {
    let missing = || Error::field("admin_id", Text::new("kernel-text-missing"));
    let admin = body.admin_id.ok_or_else(missing)?;
    let assign = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let ticket = find(ctx, tx, key)?;
        let agent = staff::agent_at(ctx, tx, "admin_id", admin)?;
        let ticket = actions::assign(ctx, tx, ticket.id, agent.id)?;
        shown(ctx, tx, ticket)
    };
    Ok(Json(caller.write(assign).await?))
}

/// Closes a ticket. One that is closed stays as it is.
#[utoipa::path(post, path = "/api/ticket/tickets/{id}/close", tag = "tickets", params(("id" = String, Path)),
    responses((status = 200, body = TicketOut), (status = 404, body = ProblemBody)))]
async fn close_ticket(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<TicketOut>> {
    let close = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let ticket = find(ctx, tx, key)?;
        let ticket = actions::close(ctx, tx, ticket.id)?;
        shown(ctx, tx, ticket)
    };
    Ok(Json(caller.write(close).await?))
}
