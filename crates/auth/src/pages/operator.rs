//! The console of whoever runs the server: every workspace, what it has, what it may have; suspending; acting as a
//! member.

use axum::{
    Router,
    extract::Path,
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use context::Limits;
use kernel::{Error, Page, Text, WorkspaceId};
use serde::Deserialize;
use web::{
    App, Caller, RowKey, UsageKind,
    pages::{
        self, Action, Badge, Cell, Choice, Column, DetailPage, Facts, Field, FormPage, Go, ListPage,
        ListQuery, Notice, Shell, Table, Tone, form_again, render,
    },
};

use super::{back_with, role_name};
use crate::{
    Member, MemberFilter, MemberState, Tenant,
    actions::{self},
    api::{Usage, operate, stop_acting, tenant, tenants},
    cookie, store,
};

/// Members offered to act as; more are found by their number through the API.
const MEMBERS_OFFERED: u32 = 200;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/operator", get(list_page))
        .route("/operator/workspaces/{id}", get(tenant_page))
        .route("/operator/workspaces/{id}/limits", get(limits_page).post(set_limits))
        .route("/operator/workspaces/{id}/suspend", get(suspend_page).post(suspend))
        .route("/operator/workspaces/{id}/resume", post(resume))
        .route("/operator/workspaces/{id}/act", get(act_page).post(act))
        .route("/operator/end", post(end))
}

async fn list_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let page = tenants(&caller, query.q().unwrap_or_default(), query.page()).await?;
    let p = caller.shell().titled("auth-operator").lead("auth-operator-lead");
    let table = table(&p, &query, &page, caller.app.usage());
    Ok(render(&ListPage::new(p, table)))
}

fn table(p: &Shell, query: &ListQuery, page: &Page<(Tenant, Usage)>, kinds: &[UsageKind]) -> Table {
    let mut columns = vec![Column::main("auth-company-name"), Column::new("auth-state")];
    columns.push(Column::figures("auth-members"));
    columns.extend(kinds.iter().map(|kind| Column::figures(kind.text)));
    columns.push(Column::figures("auth-operator-activity"));
    Table::new(&p.words, "tenants", query, columns, page, |(tenant, usage)| {
        let Tenant { record, suspended, members, last_activity } = tenant;
        let href = format!("/operator/workspaces/{}", record.id);
        let (tone, state) = state(suspended.as_deref());
        let mut row = vec![
            Cell::Link { href, text: record.name.clone(), sub: record.slug.clone() },
            Cell::badge(tone, p.t(state)),
            Cell::text(p.number(*members)),
        ];
        row.extend(usage.iter().map(|(_, count)| Cell::text(p.number(*count))));
        row.push(last_activity.map_or(Cell::Blank, Cell::Time));
        row
    })
    .search("auth-operator-search")
}

const fn state(suspended: Option<&str>) -> (Tone, &'static str) {
    match suspended {
        None => (Tone::Success, "auth-operator-works"),
        Some(_) => (Tone::Error, "auth-operator-suspended"),
    }
}

fn id_of(key: RowKey) -> kernel::Result<WorkspaceId> {
    key.id().ok_or_else(Error::not_found)
}

/// The frame of a page about one workspace.
fn frame(caller: &Caller, record: &crate::WorkspaceRecord) -> Shell {
    let p = caller.shell().crumb("/operator", "auth-operator");
    p.crumb_named(format!("/operator/workspaces/{}", record.id), &record.name).narrow()
}

async fn tenant_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let (found, usage, limits) = tenant(&caller, id_of(key)?).await?;
    let Tenant { record, suspended, members, last_activity } = &found;
    let p = caller.shell().named(&record.name).crumb("/operator", "auth-operator").narrow();
    let path = format!("/operator/workspaces/{}", record.id);
    let (tone, key) = state(suspended.as_deref());
    let badge = Badge::new(tone, p.t(key));
    let Limits { members: seats, bots, contacts } = limits;
    let of = |count: i64, limit: Option<i64>| match limit {
        Some(limit) => format!("{} / {}", p.number(count), p.number(limit)),
        None => p.number(count),
    };
    let mut facts = Facts::new().text(p.t("auth-members"), of(*members, seats));
    for (kind, (word, count)) in caller.app.usage().iter().zip(&usage) {
        let limit = match *word {
            "bots" => bots,
            "contacts" => contacts,
            _ => None,
        };
        facts = facts.text(p.t(kind.text), of(*count, limit));
    }
    let facts = facts
        .text(p.t("auth-operator-activity"), last_activity.map(|at| p.time(at)).unwrap_or_default())
        .text(p.t("auth-operator-since"), p.time(record.created_at));
    let limits = Action::link(format!("{path}/limits"), p.t("auth-operator-limits")).icon("sliders");
    let act = Action::link(format!("{path}/act"), p.t("auth-operator-act")).icon("person");
    let turn = match suspended {
        None => Action::link(format!("{path}/suspend"), p.t("auth-operator-suspend")).danger(),
        Some(_) => Action::post(&p, format!("{path}/resume"), p.t("auth-operator-resume")).primary(),
    };
    let notice = suspended.as_ref().map(|why| p.t1("auth-operator-why", "why", why.as_str()));
    let mut page = DetailPage::new(p).badge(badge).facts(facts).action(limits).action(act).action(turn);
    if let Some(why) = notice {
        page = page.notice(Notice::new(Tone::Error, why));
    }
    Ok(render(&page))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct LimitsForm {
    members: String,
    bots: String,
    contacts: String,
}

impl LimitsForm {
    fn of(limits: &Limits) -> Self {
        let Limits { members, bots, contacts } = limits;
        let [members, bots, contacts] =
            [members, bots, contacts].map(|limit| limit.map(|limit| limit.to_string()).unwrap_or_default());
        Self { members, bots, contacts }
    }

    fn read(&self) -> kernel::Result<Limits> {
        let Self { members, bots, contacts } = self;
        let mut checks = crate::input::Checks::default();
        let mut number = |field: &str, text: &str| {
            checks.take_optional(field, Some(text), |text| {
                let malformed = || Error::invalid(Text::new("kernel-number-malformed"));
                text.parse::<i64>().map_err(|_| malformed())
            })
        };
        let limits = Limits {
            members: number("members", members),
            bots: number("bots", bots),
            contacts: number("contacts", contacts),
        };
        checks.finish()?;
        Ok(limits)
    }
}

fn limits_form(caller: &Caller, found: &Tenant, typed: &LimitsForm, error: Option<&Error>) -> FormPage {
    let path = format!("/operator/workspaces/{}", found.id());
    let p = frame(caller, &found.record).titled("auth-operator-limits").lead("auth-operator-limits-lead");
    let field = |name: &'static str, label, value: &str| Field::number(name, label).value(value);
    let form = pages::Form::new(&p, format!("{path}/limits"))
        .error(error)
        .field(field("members", "auth-members", &typed.members))
        .field(field("bots", "auth-limit-bots", &typed.bots))
        .field(field("contacts", "auth-limit-contacts", &typed.contacts).help("auth-limit-contacts-help"))
        .cancel(path);
    FormPage::new(p, form)
}

async fn limits_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let (found, _, limits) = tenant(&caller, id_of(key)?).await?;
    Ok(render(&limits_form(&caller, &found, &LimitsForm::of(&limits), None)))
}

async fn set_limits(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<LimitsForm>,
) -> web::Result<Response> {
    let id = id_of(key)?;
    let (found, ..) = tenant(&caller, id).await?;
    let done = match typed.read() {
        Ok(limits) => {
            operate(&caller, move |operator, ctx, tx| {
                actions::set_tenant_limits(operator, ctx, tx, id, &limits)
            })
            .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(back(&caller, id)),
        Err(error) => Ok(form_again(error, |error| limits_form(&caller, &found, &typed, Some(error)))?),
    }
}

fn back(caller: &Caller, id: WorkspaceId) -> Response {
    let path = format!("/operator/workspaces/{id}");
    Go::to(path).done(&caller.words(), &Text::new("auth-saved")).into_response()
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ReasonForm {
    reason: String,
    member: String,
}

fn suspend_form(caller: &Caller, found: &Tenant, typed: &ReasonForm, error: Option<&Error>) -> FormPage {
    let path = format!("/operator/workspaces/{}", found.id());
    let p = frame(caller, &found.record).titled("auth-operator-suspend").lead("auth-operator-suspend-lead");
    let form = pages::Form::new(&p, format!("{path}/suspend"))
        .error(error)
        .field(
            Field::text("reason", "auth-reason")
                .value(&typed.reason)
                .required()
                .focus()
                .max(200)
                .help("auth-reason-members-read"),
        )
        .submit("auth-operator-suspend")
        .cancel(path);
    FormPage::new(p, form)
}

async fn suspend_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let (found, ..) = tenant(&caller, id_of(key)?).await?;
    Ok(render(&suspend_form(&caller, &found, &ReasonForm::default(), None)))
}

async fn suspend(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<ReasonForm>,
) -> web::Result<Response> {
    let (id, why) = (id_of(key)?, typed.reason.clone());
    let (found, ..) = tenant(&caller, id).await?;
    let done =
        operate(&caller, move |operator, ctx, tx| actions::suspend_tenant(operator, ctx, tx, id, &why));
    match done.await {
        Ok(()) => Ok(back(&caller, id)),
        Err(error) => Ok(form_again(error, |error| suspend_form(&caller, &found, &typed, Some(error)))?),
    }
}

async fn resume(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id = id_of(key)?;
    match operate(&caller, move |operator, ctx, tx| actions::resume_tenant(operator, ctx, tx, id)).await {
        Ok(()) => Ok(back(&caller, id)),
        Err(error) => Ok(back_with(&caller.words(), format!("/operator/workspaces/{id}"), error)?),
    }
}

fn act_form(
    caller: &Caller,
    found: &Tenant,
    members: &[Member],
    typed: &ReasonForm,
    error: Option<&Error>,
) -> FormPage {
    let path = format!("/operator/workspaces/{}", found.id());
    let p = frame(caller, &found.record).titled("auth-operator-act").lead("auth-operator-act-lead");
    let choice = |member: &Member| {
        let role = role_name(&p.words, member.role.kind, &member.role.name);
        Choice::new(member.person.number.to_string(), format!("{} · {role}", member.person.name))
    };
    let choices = members.iter().map(choice).collect();
    let form = pages::Form::new(&p, format!("{path}/act"))
        .error(error)
        .field(Field::select("member", "auth-operator-member", choices).value(&typed.member).required())
        .field(
            Field::text("reason", "auth-reason")
                .value(&typed.reason)
                .required()
                .max(200)
                .help("auth-reason-in-log"),
        )
        .submit("auth-operator-act")
        .cancel(path);
    FormPage::new(p, form)
}

async fn to_act_as(caller: &Caller, id: WorkspaceId) -> kernel::Result<(Tenant, Vec<Member>)> {
    let (found, ..) = tenant(caller, id).await?;
    let at = caller.ctx.with(|ctx| ctx.workspace = id);
    let filter = MemberFilter { state: Some(MemberState::Active), ..MemberFilter::default() };
    let part = kernel::PageRequest::new(1, MEMBERS_OFFERED);
    let read = move |tx: &mut db::ReadTx<'_>| store::member::list(&at, tx, &filter, part);
    let members = caller.db().read(db::Scope::Server, read).await?;
    Ok((found, members.results))
}

async fn act_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let (found, members) = to_act_as(&caller, id_of(key)?).await?;
    Ok(render(&act_form(&caller, &found, &members, &ReasonForm::default(), None)))
}

async fn act(
    caller: Caller,
    headers: HeaderMap,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<ReasonForm>,
) -> web::Result<Response> {
    let (id, secret, why) = (id_of(key)?, cookie::secret(&headers), typed.reason.clone());
    let (found, members) = to_act_as(&caller, id).await?;
    let number = typed.member.parse().unwrap_or(0);
    let done = operate(&caller, move |operator, ctx, tx| {
        actions::act_as(operator, ctx, tx, &secret, id, number, &why)
    });
    match done.await {
        Ok(_) => Ok(Go::to("/").into_response()),
        Err(error) => {
            Ok(form_again(error, |error| act_form(&caller, &found, &members, &typed, Some(error)))?)
        }
    }
}

async fn end(caller: Caller, headers: HeaderMap) -> web::Result<Response> {
    stop_acting(&caller, &headers).await?;
    Ok(Go::to("/").into_response())
}
