//! The tables of a campaign's analytics; each is a file, too.

use web::pages::{Cell, Column, Empty, Row, Shell, Table};

use super::share;
use crate::{
    Figures,
    analytics::{Analytics, Channel, Consent, Spread},
    pages::year,
};

/// The years of study with their headings, and those of whom nobody said it.
const YEARS: [(Option<i32>, &str); 5] = [
    (Some(1), "surveys-year-1"),
    (Some(2), "surveys-year-2"),
    (Some(3), "surveys-year-3"),
    (Some(4), "surveys-year-4"),
    (None, "surveys-year-unsaid"),
];

fn table(p: &Shell, id: &'static str, columns: Vec<Column>, rows: Vec<Row>, nothing: &str) -> Table {
    Table::of(&p.words, id, columns, rows).empty(Empty::new("bar-chart-line", p.t(nothing), ""))
}

pub(super) fn days(p: &Shell, seen: &Analytics) -> Table {
    let columns = vec![Column::main("surveys-field-day"), Column::figures("surveys-field-responses")];
    let rows = seen.days.iter().map(|(day, count)| vec![Cell::Date(*day), Cell::Number(*count)]);
    table(p, "days", columns, rows.collect(), "surveys-responses-empty")
}

/// Those who work among those who said it, by program, each year in a column of its own.
pub(super) fn cells(p: &Shell, seen: &Analytics) -> Table {
    let years = seen.course_years();
    let is_there = |year: &Option<i32>| years.iter().any(|(found, _)| found == year);
    let shown = || YEARS.into_iter().filter(|(year, _)| is_there(year));
    let mut columns = vec![Column::main("surveys-field-program")];
    columns.extend(shown().map(|(_, key)| Column::figures(key)));
    columns.push(Column::figures("surveys-all-years"));
    let part = |figures: Figures| {
        let said = figures.employed.saturating_add(figures.unemployed);
        if said == 0 {
            return Cell::text("—");
        }
        let counts = format!("{} / {}", p.number(figures.employed), p.number(said));
        Cell::Two(share(p.lang(), figures.employment_permille()), counts)
    };
    let mut rows: Vec<Row> = Vec::new();
    for (program, figures) in seen.programs(p.lang()) {
        let mut row = vec![Cell::text(seen.name(program, p.lang()))];
        row.extend(shown().map(|(year, _)| part(seen.cell(program, year))));
        row.push(part(figures));
        rows.push(row);
    }
    let mut all = vec![Cell::text(p.t("surveys-all-programs"))];
    for (year, _) in shown() {
        let found = years.iter().find(|(found, _)| *found == year);
        all.push(part(found.map(|(_, figures)| *figures).unwrap_or_default()));
    }
    all.push(part(seen.all));
    rows.push(all);
    table(p, "cells", columns, rows, "surveys-responses-empty")
}

/// The same as lines, with every figure.
pub(super) fn cells_file(p: &Shell, seen: &Analytics) -> Table {
    let mut columns = vec![
        Column::main("surveys-field-program"),
        Column::new("surveys-field-year"),
        Column::figures("surveys-field-roster"),
        Column::figures("surveys-field-rate"),
    ];
    columns.extend(work_columns());
    let mut cells: Vec<_> =
        seen.cells.iter().map(|cell| (seen.name(cell.program, p.lang()), *cell)).collect();
    cells.sort_by(|(one, this), (other, that)| {
        (one, this.course_year.is_none(), this.course_year).cmp(&(
            other,
            that.course_year.is_none(),
            that.course_year,
        ))
    });
    let rows = cells.into_iter().map(|(name, cell)| {
        let mut row = vec![
            Cell::text(name),
            Cell::text(year(&p.words, cell.course_year)),
            Cell::Number(cell.figures.roster),
            Cell::text(share(p.lang(), cell.figures.rate_permille())),
        ];
        row.extend(work_cells(p, cell.figures));
        row
    });
    table(p, "programs", columns, rows.collect(), "surveys-responses-empty")
}

fn work_columns() -> [Column; 5] {
    [
        Column::figures("surveys-field-responses"),
        Column::figures("surveys-employed"),
        Column::figures("surveys-unemployed"),
        Column::figures("surveys-unsaid"),
        Column::figures("surveys-field-employed"),
    ]
}

fn work_cells(p: &Shell, figures: Figures) -> [Cell; 5] {
    [
        Cell::Number(figures.responses),
        Cell::Number(figures.employed),
        Cell::Number(figures.unemployed),
        Cell::Number(figures.unsaid()),
        Cell::text(share(p.lang(), figures.employment_permille())),
    ]
}

fn of_people(
    p: &Shell,
    id: &'static str,
    first: &'static str,
    people: impl Iterator<Item = (Option<String>, Figures)>,
) -> Table {
    let mut columns = vec![Column::main(first)];
    columns.extend(work_columns());
    let rows = people.map(|(name, figures)| {
        let mut row = vec![Cell::text(name.unwrap_or_else(|| p.t("surveys-unsaid-who")))];
        row.extend(work_cells(p, figures));
        row
    });
    table(p, id, columns, rows.collect(), "surveys-responses-empty")
}

pub(super) fn genders(p: &Shell, seen: &Analytics) -> Table {
    let people = seen.genders().into_iter();
    let people = people.map(|(gender, figures)| (gender.map(|gender| p.t(gender.text_key())), figures));
    of_people(p, "genders", "surveys-field-gender", people)
}

pub(super) fn regions(p: &Shell, seen: &Analytics) -> Table {
    let people = seen.regions(p.lang()).into_iter();
    let people = people.map(|(region, figures)| (region.map(|id| seen.name(id, p.lang())), figures));
    of_people(p, "regions", "surveys-field-region", people)
}

/// Hours and salaries.
pub(super) fn pay(p: &Shell, seen: &Analytics) -> Table {
    let columns = vec![
        Column::main("surveys-field-figure"),
        Column::figures("surveys-field-said"),
        Column::figures("surveys-field-lowest"),
        Column::figures("surveys-field-lower-quartile"),
        Column::figures("surveys-field-median"),
        Column::figures("surveys-field-upper-quartile"),
        Column::figures("surveys-field-highest"),
    ];
    let hours = seen.hours.map(|spread| spread_row(p, "surveys-field-hours", spread, hours));
    let salary = seen.salary.map(|spread| spread_row(p, "surveys-field-salary", spread, Cell::Money));
    table(p, "pay", columns, hours.into_iter().chain(salary).collect(), "surveys-pay-unsaid")
}

fn hours(hours: i32) -> Cell {
    Cell::Number(i64::from(hours))
}

fn spread_row<T>(p: &Shell, name: &str, spread: Spread<T>, cell: fn(T) -> Cell) -> Row {
    let Spread { count, lowest, lower_quartile, median, upper_quartile, highest } = spread;
    let mut row = vec![Cell::text(p.t(name)), Cell::Number(count)];
    row.extend([lowest, lower_quartile, median, upper_quartile, highest].map(cell));
    row
}

pub(super) fn consents(p: &Shell, seen: &Analytics) -> Table {
    let columns = vec![
        Column::main("surveys-field-consent"),
        Column::figures("surveys-agreed"),
        Column::figures("surveys-refused"),
        Column::figures("surveys-otherwise"),
        Column::figures("surveys-unsaid"),
    ];
    let rows = seen.consents.iter().map(|consent| {
        let Consent { name, yes, no, other } = consent;
        let unsaid = seen.all.responses.saturating_sub(consent.said());
        let mut row = vec![Cell::text(name.clone())];
        row.extend([*yes, *no, *other, unsaid].map(Cell::Number));
        row
    });
    table(p, "consents", columns, rows.collect(), "surveys-consents-unsaid")
}

pub(super) fn channels(p: &Shell, seen: &Analytics) -> Table {
    let columns = vec![Column::main("surveys-field-channel"), Column::figures("surveys-field-responses")];
    let named = seen.channels.iter().map(|Channel { name, count }| (name.clone(), *count));
    let none = (p.t("surveys-unsaid-who"), seen.without_channel);
    let rows = named.chain([none]).map(|(name, count)| vec![Cell::text(name), Cell::Number(count)]);
    table(p, "channels", columns, rows.collect(), "surveys-channels-unsaid")
}
