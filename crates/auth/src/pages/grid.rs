//! The grid of permissions as ticks, for roles and keys.

use askama::{Template, filters::HtmlSafe};
use context::{Permission, Permissions};
use web::pages::{Action, Form, Notice, Shell};

use crate::grid;

/// Verbs in the order of the columns, with the keys of their names.
const VERBS: [(&str, &str); 5] = [
    ("read", "auth-verb-read"),
    ("create", "auth-verb-create"),
    ("edit", "auth-verb-edit"),
    ("delete", "auth-verb-delete"),
    ("export", "auth-verb-export"),
];

/// Areas of the grid, with the keys of their names.
const AREAS: [(&str, &str); 12] = [
    ("sales", "auth-area-sales"),
    ("inventory", "auth-area-inventory"),
    ("purchases", "auth-area-purchases"),
    ("finance", "auth-area-finance"),
    ("reports", "auth-area-reports"),
    ("users", "auth-area-users"),
    ("settings", "auth-area-settings"),
    ("tickets", "auth-area-tickets"),
    ("applications", "auth-area-applications"),
    ("surveys", "auth-area-surveys"),
    ("bots", "auth-area-bots"),
    ("broadcast", "auth-area-broadcast"),
];
/// The area that stands last, for the log.
const AUDIT: (&str, &str) = ("audit", "auth-area-audit");

/// The grid, drawn.
#[derive(Debug, Template)]
#[template(path = "grid.html")]
pub(super) struct Grid {
    caption: String,
    verbs: Vec<String>,
    rows: Vec<GridRow>,
}
impl HtmlSafe for Grid {}

#[derive(Debug)]
struct GridRow {
    label: String,
    cells: Vec<Option<GridCell>>,
}

#[derive(Debug)]
struct GridCell {
    word: &'static str,
    label: String,
    checked: bool,
    disabled: bool,
}

impl Grid {
    /// The grid with these ticked; what is not in `may` cannot be changed.
    pub(super) fn new(p: &Shell, ticked: Permissions, may: Permissions) -> Self {
        let rows = grid()
            .into_iter()
            .map(|(area, of_area)| {
                let label = p.t(area_key(area));
                let cells = VERBS.map(|(verb, key)| {
                    let permission = of_area.iter().copied().find(|one| one.verb() == verb)?;
                    let label = format!("{label}: {}", p.t(key));
                    Some(cell(permission, label, ticked, may))
                });
                GridRow { label, cells: cells.into_iter().collect() }
            })
            .collect();
        Self { caption: p.t("auth-permissions"), verbs: VERBS.map(|(_, key)| p.t(key)).to_vec(), rows }
    }
}

impl Grid {
    /// The heading of a column; a phone shows it beside each tick.
    fn verb(&self, column: &usize) -> &str {
        self.verbs.get(*column).map(String::as_str).unwrap_or_default()
    }
}

fn cell(permission: Permission, label: String, ticked: Permissions, may: Permissions) -> GridCell {
    GridCell {
        word: permission.word(),
        label,
        checked: ticked.has(permission),
        disabled: !may.has(permission),
    }
}

fn area_key(area: &str) -> &'static str {
    let found = AREAS.into_iter().chain([AUDIT]).find(|(name, _)| *name == area);
    found.map_or("auth-permissions", |(_, key)| key)
}

/// A form with the grid under its fields, or the grid alone where nothing may be changed.
#[derive(Debug, Template)]
#[template(path = "grid_form.html")]
pub(super) struct GridPage {
    pub(super) p: Shell,
    pub(super) actions: Vec<Action>,
    pub(super) notices: Vec<Notice>,
    pub(super) form: Form,
    /// The fields of the form, in order.
    pub(super) names: &'static [&'static str],
    pub(super) grid: Grid,
    pub(super) is_open: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_area_and_verb_of_the_grid_has_a_name() {
        for permission in Permission::ALL {
            assert_ne!(area_key(permission.area()), "auth-permissions", "{}", permission.word());
            assert!(VERBS.iter().any(|(verb, _)| *verb == permission.verb()), "{}", permission.word());
        }
    }
}
