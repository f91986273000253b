//! `/dashboard` and `/reports/sales`.

mod dashboard;
mod sold;

use axum::{Router, routing::get};
use context::Permission;
use web::{
    App,
    pages::{MenuEntry, Section},
};

/// The routes of the pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/dashboard", get(dashboard::dashboard_page))
        .route("/reports/sales", get(sold::sold_page))
}

/// The entries of the side menu.
pub(crate) const MENU: [MenuEntry; 2] = [
    MenuEntry {
        section: Section::Home,
        order: 10,
        href: "/dashboard",
        text: "reports-menu-dashboard",
        icon: "grid-1x2",
        permission: Some(Permission::ReportsRead),
    },
    MenuEntry {
        section: Section::Books,
        order: 90,
        href: "/reports/sales",
        text: "reports-menu-sales",
        icon: "bar-chart-line",
        permission: Some(Permission::ReportsRead),
    },
];
