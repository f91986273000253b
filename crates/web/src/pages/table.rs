//! A list as a table: search, filters, ordering, paging, export, and what to show when it is empty. A phone
//! shows each row as a card.

use askama::{Template, filters::HtmlSafe};
use kernel::{Date, Money, Page, Quantity, Timestamp};

use super::{Action, Badge, Choice, Empty, Icon, ListQuery, Tone, Words, days::Days};

/// Page numbers shown around the current one.
const PAGES_AROUND: i64 = 2;

/// A column: its heading, and how its cells stand.
#[derive(Debug, Clone)]
pub struct Column {
    label_key: &'static str,
    label: String,
    sort: Option<&'static str>,
    is_end: bool,
    is_main: bool,
    is_wide: bool,
}

impl Column {
    /// A column of words headed by the message `key`.
    pub const fn new(key: &'static str) -> Self {
        Self {
            label_key: key,
            label: String::new(),
            sort: None,
            is_end: false,
            is_main: false,
            is_wide: false,
        }
    }

    /// The column that names the row; a phone shows it as the card's title.
    pub fn main(key: &'static str) -> Self {
        Self { is_main: true, ..Self::new(key) }
    }

    /// A column of figures, at the right.
    pub fn figures(key: &'static str) -> Self {
        Self { is_end: true, ..Self::new(key) }
    }

    /// Left out on a phone.
    #[must_use]
    pub const fn wide(mut self) -> Self {
        self.is_wide = true;
        self
    }

    /// Its heading orders the list by `name` (`?order=name`, `?order=-name`).
    #[must_use]
    pub const fn sort(mut self, name: &'static str) -> Self {
        self.sort = Some(name);
        self
    }
}

/// What stands in one cell. The same cells make the page and the export.
#[derive(Debug, Clone)]
pub enum Cell {
    /// Nothing; a phone leaves the line out.
    Blank,
    /// Words.
    Text(String),
    /// Words with a smaller line under them.
    Two(String, String),
    /// The row's name, which opens it, with a smaller line under it (may be empty).
    Link {
        /// The page of the row.
        href: String,
        /// Its name.
        text: String,
        /// Under it.
        sub: String,
    },
    /// The same with a picture before it (empty address: a blank square).
    Picture {
        /// The picture's address.
        src: String,
        /// The page of the row.
        href: String,
        /// Its name.
        text: String,
        /// Under it.
        sub: String,
    },
    /// Money in so'm.
    Money(Money),
    /// A quantity, with its unit (may be empty).
    Quantity(Quantity, String),
    /// A whole number.
    Number(i64),
    /// A day.
    Date(Date),
    /// A moment.
    Time(Timestamp),
    /// A state.
    Badge(Tone, String),
    /// What can be done with the row.
    Actions(Vec<Action>),
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The row's name, which opens `href`.
    pub fn link(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Link { href: href.into(), text: text.into(), sub: String::new() }
    }

    /// A state.
    pub fn badge(tone: Tone, label: impl Into<String>) -> Self {
        Self::Badge(tone, label.into())
    }

    /// The plain value, for an export: amounts without grouping, dates as ISO.
    pub fn plain(&self) -> String {
        match self {
            Self::Blank | Self::Actions(_) => String::new(),
            Self::Text(text) | Self::Two(text, _) | Self::Badge(_, text) => text.clone(),
            Self::Link { text, .. } | Self::Picture { text, .. } => text.clone(),
            Self::Money(money) => money.to_string(),
            Self::Quantity(quantity, _) => quantity.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Date(date) => date.to_string(),
            Self::Time(at) => at.to_string(),
        }
    }
}

/// One row: a cell for each column.
pub type Row = Vec<Cell>;

/// A filter in the bar above the table; changing it asks for the list again.
#[derive(Debug, Clone)]
pub struct Filter {
    name: &'static str,
    label_key: &'static str,
    label: String,
    choices: Vec<Choice>,
    value: String,
}

impl Filter {
    /// One of these choices, or all: `?name=value`.
    pub const fn select(name: &'static str, label: &'static str, choices: Vec<Choice>) -> Self {
        Self { name, label_key: label, label: String::new(), choices, value: String::new() }
    }
}

/// The list. Columns first, then rows.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/table.html")]
pub struct Table {
    words: Words,
    id: &'static str,
    query: ListQuery,
    columns: Vec<Column>,
    rows: Vec<Row>,
    count: i64,
    pages: i64,
    search: Option<String>,
    filters: Vec<Filter>,
    days: Option<Days>,
    exports: Vec<(&'static str, String)>,
    empty: Empty,
    nothing: Empty,
    is_paged: bool,
}
impl HtmlSafe for Table {}

/// A place in the row of page numbers.
enum PageLink {
    Number { number: i64, href: String, is_current: bool },
    Gap,
}

impl Table {
    /// The table `id` (unique on its page) of this page of rows; `cells` makes the cells of one row.
    pub fn new<T>(
        words: &Words,
        id: &'static str,
        query: &ListQuery,
        columns: Vec<Column>,
        page: &Page<T>,
        cells: impl FnMut(&T) -> Row,
    ) -> Self {
        let mut table = Self::of(words, id, columns, page.results.iter().map(cells).collect());
        table.query = query.clone();
        table.count = page.count;
        table.pages = page.pages();
        table.is_paged = true;
        table.nothing = Empty::new("search", words.t("web-list-nothing"), words.t("web-list-nothing-hint"))
            .action(Action::link(query.path(), words.t("web-list-clear")));
        table
    }

    /// A short table that shows all its rows: the lines of an order, the last payments.
    pub fn of(words: &Words, id: &'static str, columns: Vec<Column>, rows: Vec<Row>) -> Self {
        let columns = columns
            .into_iter()
            .map(|column| Column {
                label: if column.label_key.is_empty() { String::new() } else { words.t(column.label_key) },
                ..column
            })
            .collect();
        let empty = Empty::new("inbox", words.t("web-list-empty"), "");
        Self {
            words: words.clone(),
            id,
            query: ListQuery::default(),
            columns,
            count: i64::try_from(rows.len()).unwrap_or(i64::MAX),
            rows,
            pages: 1,
            search: None,
            filters: Vec::new(),
            days: None,
            exports: Vec::new(),
            nothing: empty.clone(),
            empty,
            is_paged: false,
        }
    }

    /// With a search field; `key` says what can be found.
    #[must_use]
    pub fn search(mut self, key: &'static str) -> Self {
        self.search = Some(self.words.t(key));
        self
    }

    /// With a filter.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        let label = self.words.t(filter.label_key);
        let value = self.query.get(filter.name).unwrap_or_default().to_owned();
        self.filters.push(Filter { label, value, ..filter });
        self
    }

    /// With the days from and until which rows are shown (`DayRange::asked` reads them); `today` is the day of the
    /// reader.
    #[must_use]
    pub fn days(mut self, today: Date) -> Self {
        self.days = Some(Days::new(&self.words, self.id, &self.query, today));
        self
    }

    /// With exports of the whole filtered list: `path` answers `?format=csv` and `?format=xlsx`.
    #[must_use]
    pub fn export(mut self, path: &str) -> Self {
        self.exports = [("web-export-csv", "csv"), ("web-export-xlsx", "xlsx")]
            .map(|(key, format)| (key, self.query.href_of(path, &[("format", format), ("page_size", "")])))
            .to_vec();
        self
    }

    /// What to show when there is nothing at all.
    #[must_use]
    pub fn empty(mut self, empty: Empty) -> Self {
        self.empty = empty;
        self
    }

    /// The columns' headings, for an export.
    pub fn headings(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.label.as_str())
    }

    /// The rows, for an export.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    fn has_bar(&self) -> bool {
        self.search.is_some() || !self.filters.is_empty() || self.days.is_some() || !self.exports.is_empty()
    }

    fn cells<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = (&'a Column, &'a Cell)> {
        self.columns.iter().zip(row)
    }

    /// `(href, direction)` of a sortable heading; the direction is of the present order.
    fn sort(&self, column: &Column) -> Option<(String, Option<bool>)> {
        let name = column.sort?;
        let present = self.query.order(&[name]).map(|(_, descending)| descending);
        let next = if present == Some(false) { format!("-{name}") } else { name.to_owned() };
        Some((self.query.href(&[("order", &next)]), present))
    }

    /// The orders that a phone offers, where there are no headings to touch: value, words, whether it is the present.
    fn sorts(&self) -> Vec<(String, String, bool)> {
        if !self.is_paged {
            return Vec::new();
        }
        let present = self.query.get("order").unwrap_or_default();
        let both = |column: &Column| {
            let name = column.sort?;
            Some([(name.to_owned(), "↑"), (format!("-{name}"), "↓")].map(|(value, arrow)| {
                let is_present = value == present;
                (value, format!("{} {arrow}", column.label), is_present)
            }))
        };
        self.columns.iter().filter_map(both).flatten().collect()
    }

    fn sort_icon(&self, present: Option<bool>) -> Icon {
        Icon::new(match present {
            None => "chevron-expand",
            Some(false) => "chevron-up",
            Some(true) => "chevron-down",
        })
    }

    /// `26–50 / 1 204`.
    fn range(&self) -> String {
        let page = self.query.page();
        let last = (page.offset() + page.limit()).min(self.count);
        let first = (page.offset() + 1).min(last);
        let number = |n| self.words.number(n);
        format!("{}–{} / {}", number(first), number(last), number(self.count))
    }

    fn current_page(&self) -> i64 {
        i64::from(self.query.page().page())
    }

    fn page_href(&self, page: i64) -> Option<String> {
        let exists = page >= 1 && page <= self.pages;
        exists
            .then(|| self.query.href(&[("page", &if page == 1 { String::new() } else { page.to_string() })]))
    }

    fn page_links(&self) -> Vec<PageLink> {
        let current = self.current_page();
        let mut links = Vec::new();
        let mut last_shown = 0;
        for number in 1..=self.pages.min(i64::from(u32::MAX)) {
            let is_near = (number - current).abs() <= PAGES_AROUND;
            if !(is_near || number == 1 || number == self.pages) {
                continue;
            }
            if number > last_shown + 1 {
                links.push(PageLink::Gap);
            }
            last_shown = number;
            let href = self.page_href(number).unwrap_or_default();
            links.push(PageLink::Number { number, href, is_current: number == current });
        }
        links
    }

    fn is_filtered(&self) -> bool {
        self.query.is_filtered()
    }

    fn cell_class(&self, cell: &Cell) -> &'static str {
        match cell {
            Cell::Blank => " is-blank",
            Cell::Badge(..) => " is-badge",
            _ => "",
        }
    }

    fn badge(&self, tone: Tone, label: &str) -> Badge {
        Badge::new(tone, label)
    }
}
