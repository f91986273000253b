//! The pages of products, categories and items.

mod categories;
mod export;
mod form;
mod item_form;
mod items;
mod products;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use context::Permission;
use web::{
    App,
    pages::{MenuEntry, Section},
};

use crate::PICTURE_BYTES_AT_MOST;

/// The routes of the pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/products", get(products::products_page))
        .route("/products/options", get(products::product_options))
        .route("/products/new", get(form::new_product_page).post(form::create_product))
        .route("/products/{id}", get(products::product_page))
        .route("/products/{id}/edit", get(form::edit_product_page).post(form::update_product))
        .route("/products/{id}/activate", post(products::activate_product))
        .route("/products/{id}/deactivate", post(products::deactivate_product))
        .route("/products/{id}/delete", post(products::delete_product))
        .route("/products/{id}/image", post(products::set_product_image))
        .route("/products/{id}/image/delete", post(products::remove_product_image))
        .layer(DefaultBodyLimit::max(PICTURE_BYTES_AT_MOST + 4_096))
        .route("/categories", get(categories::categories_page))
        .route("/categories/new", get(categories::new_category_page).post(categories::create_category))
        .route("/categories/{id}", get(categories::edit_category_page).post(categories::update_category))
        .route("/categories/{id}/delete", post(categories::delete_category))
        .route("/catalog/items", get(items::items_page))
        .route("/catalog/items/new", get(item_form::new_item_page).post(item_form::create_item))
        .route("/catalog/items/{id}", get(item_form::edit_item_page).post(item_form::update_item))
        .route("/catalog/items/{id}/activate", post(items::activate_item))
        .route("/catalog/items/{id}/deactivate", post(items::deactivate_item))
        .route("/catalog/items/{id}/delete", post(items::delete_item))
}

/// The entries of the side menu.
pub(crate) const MENU: [MenuEntry; 4] = [
    MenuEntry {
        section: Section::Goods,
        order: 10,
        href: "/products",
        text: "catalog-menu-products",
        icon: "box-seam",
        permission: Some(Permission::InventoryRead),
    },
    MenuEntry {
        section: Section::Goods,
        order: 20,
        href: "/categories",
        text: "catalog-menu-categories",
        icon: "diagram-3",
        permission: Some(Permission::InventoryRead),
    },
    items_for(Permission::ApplicationsRead),
    items_for(Permission::SurveysRead),
];

const fn items_for(permission: Permission) -> MenuEntry {
    MenuEntry {
        section: Section::Desk,
        order: 90,
        href: "/catalog/items",
        text: "catalog-menu-items",
        icon: "list-task",
        permission: Some(permission),
    }
}
