//! `/applications`: what was applied for, as a table or as a board; many can be taken on at once.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use catalog::{Item, ItemKind, Names};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Date, Error, Id, Page, PageRequest, Result, Text, Timestamp};
use web::{
    Caller,
    pages::{Action, Badge, Choice, Empty, Export, ListQuery, Shell, render},
};

use super::{ANALYTICS, FORMS, LIST, bulk::Typed, file, words};
use crate::{
    Application, ApplicationFilter, ApplicationOrder, BULK_AT_MOST, Form, FormField, Status,
    WholeApplication,
    application::MESSAGE_CHARS,
    reads::{self, Table},
};

/// The filters by a catalog item, with what chooses them.
const ITEMS: [(&str, ItemKind); 5] = [
    ("region", ItemKind::Region),
    ("direction", ItemKind::Direction),
    ("track", ItemKind::Track),
    ("subject", ItemKind::Subject),
    ("program", ItemKind::Program),
];
/// Items that one filter offers.
const CHOICES_AT_MOST: usize = 300;

/// A choice of what is shown, with its address.
#[derive(Debug)]
struct Tab {
    href: String,
    label: String,
    count: String,
    is_current: bool,
}

/// A filter above the list.
#[derive(Debug)]
struct Select {
    name: &'static str,
    label: String,
    choices: Vec<(Choice, bool)>,
}

/// An application in the list or on the board.
#[derive(Debug)]
struct Row {
    number: i64,
    id: String,
    href: String,
    name: String,
    sub: String,
    form: String,
    badge: Badge,
    cells: Vec<String>,
    at: Timestamp,
    is_chosen: bool,
}

/// A column of the board.
#[derive(Debug)]
struct BoardColumn {
    badge: Badge,
    count: i64,
    rows: Vec<Row>,
    /// The list of all of them, where the board shows a part.
    more: Option<String>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "applications.html")]
pub(super) struct ApplicationsPage {
    p: Shell,
    actions: Vec<Action>,
    tabs: Vec<Tab>,
    views: Vec<Tab>,
    hidden: Vec<(&'static str, String)>,
    q: String,
    from: String,
    to: String,
    selects: Vec<Select>,
    files: Vec<(String, String)>,
    form_column: bool,
    columns: Vec<String>,
    rows: Vec<Row>,
    board: Option<Vec<BoardColumn>>,
    nothing: Empty,
    said: String,
    newer: Option<String>,
    older: Option<String>,
    may_edit: bool,
    bulk_href: String,
    key: String,
    statuses: Vec<(Choice, bool)>,
    message: String,
    message_max: usize,
    /// How many all that fit are, where many at once can be all of them.
    every: Option<String>,
    is_every: bool,
    problem: Option<String>,
}

/// What the reader asked for.
pub(super) struct Asked {
    query: ListQuery,
}

impl Asked {
    pub(super) const fn of(query: ListQuery) -> Self {
        Self { query }
    }

    /// The form that is looked at.
    pub(super) fn form<'f>(&self, forms: &'f [Form]) -> Option<&'f Form> {
        self.query.get("form").and_then(|code| forms.iter().find(|form| form.code == code))
    }

    fn status(&self) -> Option<Status> {
        self.query.get("status").and_then(|word| word.parse().ok())
    }

    fn day(&self, name: &str) -> Option<Date> {
        self.query.get(name).and_then(|day| Date::parse(day).ok())
    }

    fn item(&self, name: &str) -> Option<Id<Item>> {
        self.query.get(name).and_then(|id| Id::parse(id).ok())
    }

    fn is_board(&self) -> bool {
        self.query.get("view") == Some("board")
    }

    /// The filter; what makes no sense in an address is as if it were absent.
    pub(super) fn filter(&self, form: Option<&Form>) -> ApplicationFilter {
        let (order, descending) = match self.query.order(&["submitted_at", "updated_at", "number"]) {
            Some((word, descending)) => (ApplicationOrder::parse(word).unwrap_or_default(), descending),
            None => (ApplicationOrder::Submitted, true),
        };
        let items = ITEMS.iter().filter(|(name, _)| *name != "region");
        ApplicationFilter {
            form: form.map(|form| form.id),
            status: self.status(),
            applicant: None,
            text: self.query.q().unwrap_or_default(),
            region: self.item("region"),
            items: items.filter_map(|(name, _)| self.item(name)).collect(),
            from: self.day("from"),
            to: self.day("to"),
            order,
            ascending: !descending,
        }
    }
}

/// What is read for the page.
pub(super) struct Listed {
    forms: Vec<Form>,
    /// The form that is looked at; all of them where there is none.
    form: Option<Form>,
    counts: Vec<(Status, i64)>,
    items: HashMap<&'static str, Vec<Item>>,
    page: Page<WholeApplication>,
    board: Option<Vec<reads::Column>>,
}

pub(super) fn listed(ctx: &Ctx, tx: &mut ReadTx, asked: &Asked) -> Result<Listed> {
    let forms = reads::forms(ctx, tx)?;
    let form = asked.form(&forms).cloned();
    let filter = asked.filter(form.as_ref());
    let (counts, board, page) = if asked.is_board() {
        let board = reads::board(ctx, tx, &filter)?;
        let counts = board.iter().map(|column| (column.status, column.count)).collect();
        (counts, Some(board), Page::new(PageRequest::default(), 0, Vec::new()))
    } else {
        let Table { counts, page } = reads::table(ctx, tx, &filter, asked.query.page())?;
        (counts, None, page)
    };
    let mut items = HashMap::new();
    for (name, kind) in ITEMS {
        let mut found = catalog::items::active(ctx, tx, kind)?;
        // One that can be chosen no more is filtered by still.
        if let Some(id) = asked.item(name)
            && !found.iter().any(|item| item.id == id)
        {
            found.extend(catalog::items::find(ctx, tx, id)?);
        }
        found.truncate(CHOICES_AT_MOST);
        items.insert(name, found);
    }
    Ok(Listed { forms, form, counts, items, page, board })
}

/// `GET /applications`.
pub(super) async fn page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    if query.get("format") == Some("pdf") || Export::asked(&query).is_some() {
        return file::answer(caller, query).await;
    }
    let asked = Asked::of(query.clone());
    let listed = caller.read(move |ctx, tx| listed(ctx, tx, &asked)).await?;
    let p = caller.shell().titled("applications-menu").lead("applications-lead");
    Ok(render(&shown(p, &Asked::of(query), listed, Typed::default())))
}

/// All that fits, for a file.
pub(super) struct Whole {
    /// The form that is looked at; all of them where there is none.
    pub(super) form: Option<Form>,
    /// The applications, in the list's order.
    pub(super) found: Vec<WholeApplication>,
}

/// All that fits, for a file that holds at most so many. Errors: there are more.
pub(super) fn whole(ctx: &Ctx, tx: &mut ReadTx, query: &ListQuery, at_most: u32) -> Result<Whole> {
    let asked = Asked::of(query.clone());
    let forms = reads::forms(ctx, tx)?;
    let form = asked.form(&forms).cloned();
    let filter = asked.filter(form.as_ref());
    let counts = reads::counts(ctx, tx, &filter)?;
    let fits = |status: Status| filter.status.is_none_or(|asked| asked == status);
    let count: i64 = counts.iter().filter(|(status, _)| fits(*status)).map(|(_, count)| count).sum();
    let too_many = || {
        Error::invalid(Text::new("web-export-too-long").with("count", count).with("most", i64::from(at_most)))
    };
    let found = reads::all(ctx, tx, &filter, at_most, too_many)?;
    Ok(Whole { form, found })
}

/// Fields that tables of the form have columns of.
pub(super) fn columns(form: Option<&Form>) -> Vec<&FormField> {
    form.map(|form| form.fields.iter().filter(|field| field.in_table).collect()).unwrap_or_default()
}

pub(super) fn shown(p: Shell, asked: &Asked, listed: Listed, typed: Typed) -> ApplicationsPage {
    let Listed { forms, form, counts, items, page, board } = listed;
    let query = &asked.query;
    let fields = columns(form.as_ref());
    let row = |whole: &WholeApplication| row(&p, whole, form.as_ref(), &fields, &typed);
    let rows: Vec<Row> = page.results.iter().map(row).collect();
    let board = board.map(|columns| {
        let column = |column: reads::Column| {
            let shown = i64::try_from(column.applications.len()).unwrap_or(i64::MAX);
            let all = query.href(&[("view", ""), ("status", column.status.word())]);
            BoardColumn {
                badge: words::badge(&p, column.status),
                count: column.count,
                rows: column.applications.iter().map(row).collect(),
                more: (column.count > shown).then_some(all),
            }
        };
        columns.into_iter().map(column).collect()
    });
    let most = i64::try_from(BULK_AT_MOST).unwrap_or(i64::MAX);
    let number = page.request.page();
    let at = |number: u32| query.href(&[("page", &number.to_string())]);
    let count: i64 = counts.iter().map(|(_, count)| count).sum();
    ApplicationsPage {
        tabs: status_tabs(&p, asked, &counts, count),
        views: views(&p, asked),
        hidden: hidden(query),
        q: query.q().unwrap_or_default(),
        from: query.get("from").unwrap_or_default().to_owned(),
        to: query.get("to").unwrap_or_default().to_owned(),
        selects: selects(&p, asked, &forms, &items),
        files: files(&p, query),
        form_column: form.is_none(),
        columns: fields.iter().map(|field| label(&field.label, &p)).collect(),
        board,
        nothing: nothing(&p, query),
        said: p.t1("applications-found", "count", page.count),
        newer: page.has_previous().then(|| at(number.saturating_sub(1))),
        older: page.has_next().then(|| at(number.saturating_add(1))),
        may_edit: p.can(Permission::ApplicationsEdit) && !rows.is_empty(),
        bulk_href: query.href_of("/applications/bulk", &[("page", &number.to_string())]),
        key: p.next_form_key(),
        statuses: statuses(&p, if typed.status.is_empty() { Status::InReview.word() } else { &typed.status }),
        every: (page.count > page.request.limit() && page.count <= most)
            .then(|| p.t1("applications-bulk-every", "count", page.count)),
        is_every: typed.is_every,
        message: typed.message,
        message_max: MESSAGE_CHARS,
        problem: typed.problem,
        actions: vec![
            Action::link(ANALYTICS, p.t("applications-analytics")).icon("bar-chart-line"),
            Action::link(FORMS, p.t("applications-forms")).icon("list-task"),
        ],
        rows,
        p,
    }
}

pub(super) fn label(names: &Names, p: &Shell) -> String {
    names.get(p.lang()).to_owned()
}

fn row(
    p: &Shell,
    whole: &WholeApplication,
    form: Option<&Form>,
    fields: &[&FormField],
    typed: &Typed,
) -> Row {
    let WholeApplication { application, form: own, applicant, contact: _, chosen: _ } = whole;
    let Application { id, number, status, submitted_at, .. } = application;
    let id = id.to_string();
    Row {
        number: *number,
        href: format!("{LIST}/{number}"),
        name: words::name(p, applicant),
        sub: words::phone(applicant),
        form: if form.is_none() { label(&own.names, p) } else { String::new() },
        badge: words::badge(p, *status),
        cells: fields.iter().map(|field| words::answer(p, whole, field)).collect(),
        at: *submitted_at,
        is_chosen: typed.ids.contains(&id),
        id,
    }
}

fn status_tabs(p: &Shell, asked: &Asked, counts: &[(Status, i64)], all: i64) -> Vec<Tab> {
    let tab = |status: Option<Status>, label: String, count: i64| Tab {
        href: asked.query.href(&[("status", status.map_or("", Status::word)), ("view", "")]),
        label,
        count: p.number(count),
        is_current: asked.status() == status && !asked.is_board(),
    };
    let every = tab(None, p.t("applications-every-status"), all);
    let own = counts.iter().map(|(status, count)| tab(Some(*status), p.t(status.text_key()), *count));
    std::iter::once(every).chain(own).collect()
}

fn views(p: &Shell, asked: &Asked) -> Vec<Tab> {
    let view = |word: &str, label: &str, is_current| Tab {
        href: asked.query.href(&[("view", word), ("status", "")]),
        label: p.t(label),
        count: String::new(),
        is_current,
    };
    vec![
        view("", "applications-view-table", !asked.is_board()),
        view("board", "applications-view-board", asked.is_board()),
    ]
}

/// What the filters keep of the address beside themselves.
fn hidden(query: &ListQuery) -> Vec<(&'static str, String)> {
    let kept = ["view", "status", "order", "page_size"];
    kept.into_iter().filter_map(|name| Some((name, query.get(name)?.to_owned()))).collect()
}

fn selects(
    p: &Shell,
    asked: &Asked,
    forms: &[Form],
    items: &HashMap<&'static str, Vec<Item>>,
) -> Vec<Select> {
    let chosen = |name: &str, value: &str| asked.query.get(name) == Some(value);
    let form = Select {
        name: "form",
        label: p.t("applications-every-form"),
        choices: forms
            .iter()
            .map(|form| (Choice::new(form.code.clone(), label(&form.names, p)), chosen("form", &form.code)))
            .collect(),
    };
    let of_items = ITEMS.iter().filter_map(|(name, kind)| {
        let found = items.get(name).filter(|found| !found.is_empty())?;
        let choice = |item: &Item| {
            let id = item.id.to_string();
            (Choice::new(id.clone(), item.name(p.lang())), chosen(name, &id))
        };
        Some(Select { name, label: p.t(kind.text_key()), choices: found.iter().map(choice).collect() })
    });
    std::iter::once(form).chain(of_items).collect()
}

fn files(p: &Shell, query: &ListQuery) -> Vec<(String, String)> {
    if !p.can(Permission::ReportsExport) {
        return Vec::new();
    }
    [("web-export-xlsx", "xlsx"), ("web-export-csv", "csv"), ("applications-export-pdf", "pdf")]
        .map(|(key, format)| (query.href(&[("format", format), ("page_size", ""), ("view", "")]), p.t(key)))
        .to_vec()
}

fn nothing(p: &Shell, query: &ListQuery) -> Empty {
    if query.is_filtered() {
        return Empty::new("search", p.t("web-list-nothing"), p.t("web-list-nothing-hint"))
            .action(Action::link(LIST, p.t("web-list-clear")));
    }
    Empty::new("clipboard-check", p.t("applications-empty"), p.t("applications-empty-hint"))
        .action(Action::link(FORMS, p.t("applications-forms")))
}

/// The statuses as choices.
fn statuses(p: &Shell, chosen: &str) -> Vec<(Choice, bool)> {
    let choice =
        |status: &Status| (Choice::new(status.word(), p.t(status.text_key())), status.word() == chosen);
    Status::ALL.iter().map(choice).collect()
}
