//! What agents do with tickets beside answering, how the desk works, and how it does: what the original had no paths for.

use axum::{extract::Path, http::StatusCode};
use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Date, Error, Id, Kind, Lang, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{
    App, Caller, Json, ProblemBody, Query, RowKey,
    pages::{DayRange, Period},
};

use super::{
    canned::FilledReplyOut,
    labels::LabelOut,
    staff::{AdminOut, category_at, find_agent, one as one_agent},
    tickets::{TicketOut, find, shown},
};
use crate::{
    Act, Category, Deed, Hours, Settings, Shift, Ticket,
    act::signed,
    actions,
    reads::{self, Sums},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_ticket_acts))
        .routes(routes!(add_ticket_note))
        .routes(routes!(move_ticket))
        .routes(routes!(unassign_ticket))
        .routes(routes!(snooze_ticket))
        .routes(routes!(wake_ticket))
        .routes(routes!(reopen_ticket))
        .routes(routes!(merge_ticket))
        .routes(routes!(rate_ticket))
        .routes(routes!(set_ticket_labels))
        .routes(routes!(list_ticket_canned_replies))
        .routes(routes!(set_admin_duty))
        .routes(routes!(get_desk_settings, set_desk_settings))
        .routes(routes!(get_desk_report))
}

async fn act(
    caller: &Caller,
    key: RowKey,
    act: impl Fn(&Ctx, &mut Tx, Id<Ticket>) -> Result<Ticket> + Send + 'static,
) -> web::Result<Json<TicketOut>> {
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let ticket = find(ctx, tx, key)?;
        let ticket = act(ctx, tx, ticket.id)?;
        shown(ctx, tx, ticket)
    };
    Ok(Json(caller.write(write).await?))
}

/// Something that was done with a ticket.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct TicketActOut {
    /// `note`, `assigned`, `moved`, `closed`, `reopened`, `snoozed`, `woken`, `returned`, `blocked`, `unblocked`, `labelled`,
    /// `rated`, `merged` or `merged_into`.
    kind: String,
    /// Who did it.
    author: String,
    /// The words of a note or of a rating, the name of an agent or a category, the moment or the number of a ticket, or labels:
    /// `+Shikoyat, −Ulgurji`.
    text: String,
    /// From 1 to 5, of a rating.
    stars: Option<i32>,
    /// The messages that stood in the ticket then.
    after: i64,
    #[schema(value_type = String)]
    created_at: Timestamp,
}

impl TicketActOut {
    fn of(act: Act, categories: &[Category], lang: Lang) -> Self {
        let Act { id: _, ticket: _, after_place, author, deed, created_at } = act;
        let named = |id: Id<Category>| {
            categories
                .iter()
                .find(|one| one.id == id)
                .map(|one| one.name.get(lang).to_owned())
                .unwrap_or_default()
        };
        let (kind, text, stars) = match deed {
            Deed::Note { text } => ("note", text, None),
            Deed::Assigned { to, .. } => ("assigned", to.unwrap_or_default(), None),
            Deed::Moved { to } => ("moved", named(to), None),
            Deed::Closed => ("closed", String::new(), None),
            Deed::Reopened => ("reopened", String::new(), None),
            Deed::Snoozed { until } => ("snoozed", until.to_string(), None),
            Deed::Woken => ("woken", String::new(), None),
            Deed::Returned => ("returned", String::new(), None),
            Deed::Blocked => ("blocked", String::new(), None),
            Deed::Unblocked => ("unblocked", String::new(), None),
            Deed::Labelled { added, removed } => ("labelled", signed(&added, &removed), None),
            Deed::Rated { stars, comment } => ("rated", comment, Some(stars)),
            Deed::Merged { number } => ("merged", number.to_string(), None),
            Deed::MergedInto { number } => ("merged_into", number.to_string(), None),
        };
        Self { kind: kind.to_owned(), author, text, stars, after: after_place, created_at }
    }
}

/// What was done with a ticket, notes of the staff among it, as it was done.
#[utoipa::path(get, path = "/api/ticket/tickets/{id}/acts", tag = "tickets", params(("id" = String, Path)),
    responses((status = 200, body = Vec<TicketActOut>), (status = 404, body = ProblemBody)))]
async fn list_ticket_acts(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<Vec<TicketActOut>>> {
    let lang = caller.ctx.lang();
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let ticket = find(ctx, tx, key)?;
        let categories = reads::categories(ctx, tx)?;
        let acts = reads::acts(ctx, tx, ticket.id, 0, i64::MAX)?;
        Ok(acts.into_iter().map(|act| TicketActOut::of(act, &categories, lang)).collect())
    };
    Ok(Json(caller.read(read).await?))
}

/// Words that only the staff reads.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct TicketNoteIn {
    /// The words; `@` and an agent's name lead them here.
    #[schema(max_length = 4000)]
    text: String,
}

/// Writes a note that only the staff reads.
#[utoipa::path(post, path = "/api/ticket/tickets/{id}/notes", tag = "tickets", params(("id" = String, Path)),
    request_body = TicketNoteIn,
    responses((status = 204, description = "It stands there."), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn add_ticket_note(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<TicketNoteIn>,
) -> web::Result<StatusCode> {
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let ticket = find(ctx, tx, key)?;
        actions::add_note(ctx, tx, ticket.id, &body.text)
    };
    caller.once(write).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a ticket is about.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
struct TicketMoveIn {
    /// The number of a category; required.
    category: Option<i64>,
}

/// Has a ticket be about something else.
#[utoipa::path(post, path = "/api/ticket/tickets/{id}/category", tag = "tickets", params(("id" = String, Path)),
    request_body = TicketMoveIn,
    responses((status = 200, body = TicketOut), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn move_ticket(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(TicketMoveIn { category }): Json<TicketMoveIn>,
) -> web::Result<Json<TicketOut>> {
    let category = category.ok_or_else(|| Error::field("category", Text::new("kernel-text-missing")))?;
    act(&caller, key, move |ctx, tx, id| {
        let to = category_at(ctx, tx, "category", category)?;
        actions::move_to(ctx, tx, id, to)
    })
    .await
}

/// Takes a ticket from whoever has it.
#[utoipa::path(post, path = "/api/ticket/tickets/{id}/unassign", tag = "tickets", params(("id" = String, Path)),
    responses((status = 200, body = TicketOut), (status = 409, body = ProblemBody)))]
async fn unassign_ticket(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<TicketOut>> {
    act(&caller, key, actions::unassign).await
}

/// Until when a ticket is out of sight.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
struct TicketSnoozeIn {
    /// The moment, at most a year away; required.
    #[schema(value_type = Option<String>)]
    until: Option<Timestamp>,
}

/// Puts a ticket out of sight until then, or until the user says something.
#[utoipa::path(post, path = "/api/ticket/tickets/{id}/snooze", tag = "tickets", params(("id" = String, Path)),
    request_body = TicketSnoozeIn,
    responses((status = 200, body = TicketOut), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn snooze_ticket(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(TicketSnoozeIn { until }): Json<TicketSnoozeIn>,
) -> web::Result<Json<TicketOut>> {
    let until = until.ok_or_else(|| Error::field("until", Text::new("kernel-text-missing")))?;
    act(&caller, key, move |ctx, tx, id| actions::snooze(ctx, tx, id, until)).await
}

/// Puts a ticket into sight again.
#[utoipa::path(post, path = "/api/ticket/tickets/{id}/wake", tag = "tickets", params(("id" = String, Path)),
    responses((status = 200, body = TicketOut), (status = 409, body = ProblemBody)))]
async fn wake_ticket(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<TicketOut>> {
    act(&caller, key, actions::wake).await
}

/// Goes on in a closed ticket. One that is open stays as it is.
#[utoipa::path(post, path = "/api/ticket/tickets/{id}/reopen", tag = "tickets", params(("id" = String, Path)),
    responses((status = 200, body = TicketOut), (status = 409, body = ProblemBody)))]
async fn reopen_ticket(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<TicketOut>> {
    act(&caller, key, actions::reopen).await
}

/// Into which ticket.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
struct TicketMergeIn {
    /// Its number; required.
    into: Option<i64>,
}

/// Has what was said in a ticket stand in another one, behind what stands there, and closes it. Answers the other one.
#[utoipa::path(post, path = "/api/ticket/tickets/{id}/merge", tag = "tickets", params(("id" = String, Path)),
    request_body = TicketMergeIn,
    responses((status = 200, body = TicketOut), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn merge_ticket(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(TicketMergeIn { into }): Json<TicketMergeIn>,
) -> web::Result<Json<TicketOut>> {
    let into = into.ok_or_else(|| Error::field("into", Text::new("kernel-text-missing")))?;
    act(&caller, key, move |ctx, tx, id| {
        let into = match reads::get_by_number(ctx, tx, into) {
            Err(error) if error.kind() == Kind::NotFound => {
                return Err(Error::field("into", Text::new("tickets-ticket-unknown")));
            }
            found => found?.id,
        };
        actions::merge(ctx, tx, id, into)
    })
    .await
}

/// Which labels a ticket is to have.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct TicketLabelsIn {
    /// The UUIDs of all of them.
    labels: Vec<Uuid>,
}

/// Gives a ticket these labels and no others.
#[utoipa::path(put, path = "/api/ticket/tickets/{id}/labels", tag = "tickets", params(("id" = String, Path)),
    request_body = TicketLabelsIn,
    responses((status = 200, body = Vec<LabelOut>), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn set_ticket_labels(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(TicketLabelsIn { labels }): Json<TicketLabelsIn>,
) -> web::Result<Json<Vec<LabelOut>>> {
    let labels: Vec<_> = labels.into_iter().map(Id::from_uuid).collect();
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let ticket = find(ctx, tx, key)?;
        let ticket = actions::set_ticket_labels(ctx, tx, ticket.id, &labels)?;
        Ok(shown(ctx, tx, ticket)?.labels)
    };
    Ok(Json(caller.write(write).await?))
}

/// The canned replies as they are given in this ticket, by their short words.
#[utoipa::path(get, path = "/api/ticket/tickets/{id}/canned-replies", tag = "tickets", params(("id" = String, Path)),
    responses((status = 200, body = Vec<FilledReplyOut>), (status = 404, body = ProblemBody)))]
async fn list_ticket_canned_replies(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<Vec<FilledReplyOut>>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let ticket = find(ctx, tx, key)?;
        let contact = contacts::get_many(ctx, tx, &[ticket.contact])?.pop().ok_or_else(Error::not_found)?;
        let filling = reads::filling(ctx, tx, &contact.name, contact.lang, Some(&ticket))?;
        let fill = |reply| FilledReplyOut::of(reply, contact.lang, &filling);
        Ok(reads::canned_replies(ctx, tx)?.into_iter().map(fill).collect())
    };
    Ok(Json(caller.read(read).await?))
}

/// What the user thinks of a closed ticket.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct TicketRateIn {
    /// From 1 to 5; required.
    stars: Option<i32>,
    /// A few words.
    #[serde(default)]
    #[schema(max_length = 1000)]
    comment: String,
}

/// Writes down what the user thinks of a closed ticket; the last word counts.
#[utoipa::path(post, path = "/api/ticket/tickets/{id}/rate", tag = "tickets", params(("id" = String, Path)),
    request_body = TicketRateIn,
    responses((status = 200, body = TicketOut), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn rate_ticket(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(TicketRateIn { stars, comment }): Json<TicketRateIn>,
) -> web::Result<Json<TicketOut>> {
    let stars = stars.ok_or_else(|| Error::field("stars", Text::new("kernel-text-missing")))?;
    act(&caller, key, move |ctx, tx, id| actions::rate(ctx, tx, id, stars, &comment)).await
}

/// Whether an agent works now.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
struct AdminDutyIn {
    /// Who is off duty is given no tickets.
    is_on_duty: bool,
}

/// Says whether an agent works now. What waits of those who do not goes to those who do.
#[utoipa::path(put, path = "/api/admin/admins/{id}/duty", tag = "tickets", params(("id" = String, Path)),
    request_body = AdminDutyIn,
    responses((status = 200, body = AdminOut), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn set_admin_duty(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(AdminDutyIn { is_on_duty }): Json<AdminDutyIn>,
) -> web::Result<Json<AdminOut>> {
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let agent = find_agent(ctx, tx, key)?;
        let agent = actions::set_duty(ctx, tx, agent.id, is_on_duty)?;
        one_agent(ctx, tx, agent)
    };
    Ok(Json(caller.write(write).await?))
}

/// From when until when, in minutes of a day.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
struct DeskShift {
    /// From 0 to 1440.
    from: u16,
    /// From 0 to 1440, after `from`.
    to: u16,
}

/// When the desk works, in the workspace's time zone, and how long a closed ticket can be opened again.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct DeskSettings {
    /// Seven days from Monday; null for a day without work.
    week: Vec<Option<DeskShift>>,
    /// Days on which nobody works.
    #[schema(value_type = Vec<String>)]
    holidays: Vec<Date>,
    /// Days within which the user may open a closed ticket again; 0 when not at all.
    reopen_days: i32,
}

impl DeskSettings {
    fn of(settings: Settings) -> Self {
        let Settings { hours: Hours { week, holidays }, reopen_days } = settings;
        let shift = |shift: Option<Shift>| shift.map(|Shift { from, to }| DeskShift { from, to });
        Self { week: week.map(shift).into(), holidays, reopen_days }
    }

    fn read(self) -> Result<Settings> {
        let Self { week, holidays, reopen_days } = self;
        let shift = |shift: Option<DeskShift>| shift.map(|DeskShift { from, to }| Shift { from, to });
        let week: Vec<_> = week.into_iter().map(shift).collect();
        let seven = || Error::field("week", Text::new("tickets-week-malformed"));
        let week = week.try_into().map_err(|_| seven())?;
        Ok(Settings { hours: Hours { week, holidays }, reopen_days })
    }
}

/// When the desk works.
#[utoipa::path(get, path = "/api/ticket/settings", tag = "tickets", responses((status = 200, body = DeskSettings)))]
async fn get_desk_settings(caller: Caller) -> web::Result<Json<DeskSettings>> {
    Ok(Json(DeskSettings::of(caller.read(reads::settings).await?)))
}

/// Says when the desk works. What was promised before stays as it was.
#[utoipa::path(put, path = "/api/ticket/settings", tag = "tickets", request_body = DeskSettings,
    responses((status = 200, body = DeskSettings), (status = 422, body = ProblemBody)))]
async fn set_desk_settings(
    caller: Caller,
    Json(body): Json<DeskSettings>,
) -> web::Result<Json<DeskSettings>> {
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| actions::set_settings(ctx, tx, body.clone().read()?);
    Ok(Json(DeskSettings::of(caller.write(write).await?)))
}

/// Which days a report is of.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReportQuery {
    /// The first day; the beginning of the month unless said.
    from: Option<String>,
    /// The last day; today unless said.
    until: Option<String>,
}

/// What was counted of some tickets.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct DeskSums {
    /// A day, or the number of an agent or a category; null for all of it, and for nobody's.
    of: Option<String>,
    opened: i64,
    closed: i64,
    /// In how many something came after its time.
    late: i64,
    /// Seconds until the first answer, of the ticket in the middle.
    first_answer_seconds: Option<i64>,
    /// Seconds until the end, of the ticket in the middle.
    resolved_seconds: Option<i64>,
    rated: i64,
    /// Tenths of a star on average.
    rating_tenths: Option<i64>,
}

impl DeskSums {
    fn of(of: Option<String>, sums: &Sums) -> Self {
        Self {
            of,
            opened: sums.opened,
            closed: sums.closed,
            late: sums.late,
            first_answer_seconds: sums.until_answer_ms().map(|ms| ms / 1_000),
            resolved_seconds: sums.until_closed_ms().map(|ms| ms / 1_000),
            rated: sums.rated,
            rating_tenths: sums.rating_tenths(),
        }
    }
}

/// How the desk does.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct DeskReport {
    all: DeskSums,
    days: Vec<DeskSums>,
    agents: Vec<DeskSums>,
    categories: Vec<DeskSums>,
}

/// The tickets that were opened in these days, counted. Who manages the desk may see it.
#[utoipa::path(get, path = "/api/ticket/report", tag = "tickets", params(ReportQuery),
    responses((status = 200, body = DeskReport), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn get_desk_report(
    caller: Caller,
    Query(ReportQuery { from, until }): Query<ReportQuery>,
) -> web::Result<Json<DeskReport>> {
    let range = DayRange::read(from.as_deref(), until.as_deref());
    let period = Period::asked(&range, caller.ctx.today())?;
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let report = reads::report(ctx, tx, period.from, period.until)?;
        let (agents, categories) = (reads::agents(ctx, tx)?, reads::categories(ctx, tx)?);
        let agent =
            |id| agents.iter().find(|agent| Some(agent.id) == id).map(|agent| agent.number.to_string());
        let category = |id| categories.iter().find(|one| one.id == id).map(|one| one.number.to_string());
        Ok(DeskReport {
            all: DeskSums::of(None, &report.all),
            days: report.days.iter().map(|(day, sums)| DeskSums::of(Some(day.to_string()), sums)).collect(),
            agents: report.agents.iter().map(|(id, sums)| DeskSums::of(agent(*id), sums)).collect(),
            categories: report
                .categories
                .iter()
                .map(|(id, sums)| DeskSums::of(category(*id), sums))
                .collect(),
        })
    };
    Ok(Json(caller.read(read).await?))
}
