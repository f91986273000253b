//! The pages of orders.

mod form;
mod list;
mod order;
mod settings;
mod typed;

use axum::{
    Router,
    routing::{get, post},
};
use context::Permission;
use web::{
    App,
    pages::{MenuEntry, Section, Tone},
};

use crate::Status;

/// The routes of the pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/orders", get(list::orders_page))
        .route("/orders/new", get(form::new_order_page).post(form::create_order))
        .route("/orders/totals", post(form::order_totals))
        .route("/orders/{id}", get(order::order_page))
        .route("/orders/{id}/edit", get(form::edit_order_page).post(form::update_order))
        .route("/orders/{id}/submit", post(order::submit_order))
        .route("/orders/{id}/confirm", post(order::confirm_order))
        .route("/orders/{id}/cancel", get(order::cancel_order_page).post(order::cancel_order))
        .route("/orders/{id}/delete", post(order::delete_order))
        .route("/settings/sales", get(settings::sales_settings_page).post(settings::save_sales_settings))
}

/// The entries of the side menu.
pub(crate) const MENU: [MenuEntry; 2] = [
    MenuEntry {
        section: Section::Sales,
        order: 10,
        href: "/orders",
        text: "sales-menu-orders",
        icon: "cart3",
        permission: Some(Permission::SalesRead),
    },
    MenuEntry {
        section: Section::Settings,
        order: 55,
        href: "/settings/sales",
        text: "sales-menu-settings",
        icon: "sliders",
        permission: Some(Permission::SettingsRead),
    },
];

const fn tone(status: Status) -> Tone {
    match status {
        Status::Draft => Tone::Plain,
        Status::New => Tone::Accent,
        Status::Confirmed => Tone::Success,
        Status::Cancelled => Tone::Error,
    }
}
