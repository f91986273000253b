//! The tree of categories and the form of one.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Checks, Error, Id, Kind, Result, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{
        Action, Cell, Choice, Column, Empty, Field, Form, FormPage, Go, ListPage, ListQuery, Shell, Table,
        Tone, form_again, render,
    },
};

use super::products::category_choices;
use crate::{
    Category, CategoryContent, Names, Node, Tree, api::find_category, categories, create_category as create,
    delete_category as delete, update_category as update,
};

/// What the form sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct CategoryForm {
    name: String,
    name_ru: String,
    name_en: String,
    parent: String,
    position: String,
}

impl CategoryForm {
    fn of(category: &Category, tree: &Tree) -> Self {
        let Category { id: _, number: _, parent, position, name: Names { uz, ru, en } } = category.clone();
        let parent = parent.and_then(|parent| tree.get(parent));
        Self {
            name: uz,
            name_ru: ru.unwrap_or_default(),
            name_en: en.unwrap_or_default(),
            parent: parent.map(|node| node.category.number.to_string()).unwrap_or_default(),
            position: position.to_string(),
        }
    }

    fn check(&self, tree: &Tree) -> Result<CategoryContent> {
        let Self { name, name_ru, name_en, parent, position } = self;
        let mut checks = Checks::new();
        let optional = |text: &str| Some(text.to_owned()).filter(|text| !text.trim().is_empty());
        let parent = match parent.trim() {
            "" => None,
            number => {
                let node = number.parse().ok().and_then(|number| tree.by_number(number));
                checks.hold(node.is_some(), "parent", Text::new("catalog-category-unknown"));
                node.map(|node| node.category.id)
            }
        };
        let position = match position.trim() {
            "" => 0,
            typed => {
                let read = typed.parse::<i32>();
                checks.hold(read.is_ok(), "position", Text::new("kernel-number-malformed"));
                read.unwrap_or_default()
            }
        };
        checks.done()?;
        let name = Names { uz: name.clone(), ru: optional(name_ru), en: optional(name_en) };
        Ok(CategoryContent { name, parent, position })
    }
}

async fn tree(caller: &Caller) -> Result<Tree> {
    caller.read(categories).await
}

/// `GET /categories`.
pub(super) async fn categories_page(caller: Caller) -> web::Result<Response> {
    let tree = tree(&caller).await?;
    let p = caller.shell().titled("catalog-menu-categories").lead("catalog-categories-lead");
    let columns = vec![
        Column::main("catalog-field-name"),
        Column::figures("catalog-field-products"),
        Column::new("web-actions"),
    ];
    let rows = tree.nodes().iter().map(|node| cells(&p, node)).collect();
    let empty =
        Empty::new("diagram-3", p.t("catalog-categories-empty"), p.t("catalog-categories-empty-hint"));
    let table = Table::of(&p.words, "categories", columns, rows).empty(empty);
    let may = p.can(Permission::InventoryCreate);
    let new =
        |p: &Shell| Action::link("/categories/new", p.t("catalog-category-new")).primary().icon("plus-lg");
    Ok(render(&ListPage::new(p, table).action_if(may, new)))
}

fn cells(p: &Shell, node: &Node) -> Vec<Cell> {
    let Node { category, depth, own_products: _, products, has_children } = node;
    let number = category.number;
    let name = format!("{}{}", "\u{2003}".repeat(*depth), category.name.get(p.lang()));
    let mut actions = Vec::new();
    if p.can(Permission::InventoryCreate) {
        let href = format!("/categories/new?parent={number}");
        actions.push(Action::link(href, p.t("catalog-category-add-under")).icon("plus-lg"));
    }
    if p.can(Permission::InventoryEdit) {
        actions.push(Action::link(format!("/categories/{number}"), p.t("catalog-edit")).icon("pencil"));
    }
    if p.can(Permission::InventoryDelete) && !has_children && *products == 0 {
        let question = p.t1("catalog-category-delete-question", "name", category.name.get(p.lang()));
        let delete = Action::post(p, format!("/categories/{number}/delete"), p.t("catalog-delete")).danger();
        actions.push(delete.icon("trash").confirm(question));
    }
    vec![
        Cell::link(format!("/products?category={number}"), name),
        Cell::Number(*products),
        Cell::Actions(actions),
    ]
}

fn page(p: Shell, number: Option<i64>, typed: &CategoryForm, tree: &Tree, error: Option<&Error>) -> FormPage {
    let (action, title) = match number {
        None => ("/categories/new".to_owned(), "catalog-category-new"),
        Some(number) => (format!("/categories/{number}"), "catalog-category-edit"),
    };
    let p = p.titled(title).crumb("/categories", "catalog-menu-categories").narrow();
    // A category cannot go under itself.
    let own: Vec<String> = number
        .and_then(|number| tree.by_number(number))
        .map(|node| tree.with_descendants(node.category.id))
        .unwrap_or_default()
        .iter()
        .filter_map(|id: &Id<Category>| tree.get(*id))
        .map(|node| node.category.number.to_string())
        .collect();
    let parents: Vec<Choice> =
        category_choices(&p, tree).into_iter().filter(|choice| !own.contains(&choice.value)).collect();
    let form = Form::new(&p, action)
        .error(error)
        .field(Field::text("name", "catalog-field-name-uz").value(&typed.name).required().focus().max(100))
        .field(Field::text("name_ru", "catalog-field-name-ru").value(&typed.name_ru).half().max(100))
        .field(Field::text("name_en", "catalog-field-name-en").value(&typed.name_en).half().max(100))
        .field(Field::select("parent", "catalog-field-parent", parents).value(&typed.parent).half())
        .field(
            Field::number("position", "catalog-field-position")
                .value(&typed.position)
                .half()
                .help("catalog-field-position-help"),
        )
        .cancel("/categories");
    FormPage::new(p, form)
}

/// `GET /categories/new?parent=`.
pub(super) async fn new_category_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    caller.ctx.require(Permission::InventoryCreate)?;
    let tree = tree(&caller).await?;
    let parent = query.get("parent").unwrap_or_default().to_owned();
    let typed = CategoryForm { parent, position: "0".to_owned(), ..CategoryForm::default() };
    Ok(render(&page(caller.shell(), None, &typed, &tree, None)))
}

/// `POST /categories/new`.
pub(super) async fn create_category(
    caller: Caller,
    web::Form(typed): web::Form<CategoryForm>,
) -> web::Result<Response> {
    let sent = typed.clone();
    let made = caller
        .once(move |ctx, tx| {
            let content = sent.check(&categories(ctx, tx)?)?;
            create(ctx, tx, content).map(|category| category.number)
        })
        .await;
    answer(&caller, None, &typed, made.map(|_| "catalog-category-created")).await
}

/// `GET /categories/{id}`.
pub(super) async fn edit_category_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::InventoryEdit)?;
    let tree = tree(&caller).await?;
    let category = &find_category(&tree, key)?.category;
    let typed = CategoryForm::of(category, &tree);
    Ok(render(&page(caller.shell(), Some(category.number), &typed, &tree, None)))
}

/// `POST /categories/{id}`.
pub(super) async fn update_category(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<CategoryForm>,
) -> web::Result<Response> {
    let number = find_category(&tree(&caller).await?, key)?.category.number;
    let sent = typed.clone();
    let written = caller
        .write(move |ctx, tx| {
            let tree = categories(ctx, tx)?;
            update(ctx, tx, find_category(&tree, key)?.category.id, sent.check(&tree)?)
        })
        .await;
    answer(&caller, Some(number), &typed, written.map(|_| "catalog-category-saved")).await
}

async fn answer(
    caller: &Caller,
    number: Option<i64>,
    typed: &CategoryForm,
    written: Result<&'static str>,
) -> web::Result<Response> {
    match written {
        Ok(done) => Ok(Go::to("/categories").done(&caller.words(), &Text::new(done)).into_response()),
        Err(error) => {
            let tree = tree(caller).await?;
            Ok(form_again(error, |error| page(caller.shell(), number, typed, &tree, Some(error)))?)
        }
    }
}

/// `POST /categories/{id}/delete`.
pub(super) async fn delete_category(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    let deleted = caller
        .write(move |ctx, tx| {
            let tree = categories(ctx, tx)?;
            delete(ctx, tx, find_category(&tree, key)?.category.id)
        })
        .await;
    let words = caller.words();
    match deleted {
        Ok(()) => Ok(Go::to("/categories").done(&words, &Text::new("catalog-category-deleted"))),
        Err(error) if error.kind() == Kind::Conflict => {
            Ok(Go::to("/categories").toast(Tone::Error, words.say(error.text())))
        }
        Err(error) => Err(error.into()),
    }
}
