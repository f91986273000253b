//! `/desk/categories`: what people ask about, what is promised of it, and who gets it.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use catalog::Names;
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Checks, Error, Id, Result, Text};
use serde::Deserialize;
use web::{
    Caller, Form as Sent, RowKey,
    pages::{
        Action, Cell, Choice, Column, Empty, Field, Form, FormPage, Go, ListPage, Shell, Table, Tone,
        form_again, render,
    },
};

use super::{desk::number_of, under, words};
use crate::{Assigns, Category, NewCategory, Service, actions, api::category_at, reads};

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct CategoryForm {
    name_uz: String,
    name_ru: String,
    name_en: String,
    position: String,
    answer_minutes: String,
    resolve_minutes: String,
    assigns: String,
    is_active: bool,
}

impl CategoryForm {
    fn of(category: Category) -> Self {
        let Category { name, position, is_active, service, .. } = category;
        let minutes = |minutes: Option<i32>| minutes.map(|minutes| minutes.to_string()).unwrap_or_default();
        Self {
            name_uz: name.uz,
            name_ru: name.ru.unwrap_or_default(),
            name_en: name.en.unwrap_or_default(),
            position: position.to_string(),
            answer_minutes: minutes(service.answer_minutes),
            resolve_minutes: minutes(service.resolve_minutes),
            assigns: service.assigns.word().to_owned(),
            is_active,
        }
    }

    fn check(&self) -> Result<NewCategory> {
        let mut checks = Checks::new();
        let whole = |text: &str| -> Result<Option<i32>> {
            match text.trim() {
                "" => Ok(None),
                text => {
                    text.parse().map(Some).map_err(|_| Error::invalid(Text::new("tickets-number-malformed")))
                }
            }
        };
        let answer_minutes = checks.take("answer_minutes", whole(&self.answer_minutes)).flatten();
        let resolve_minutes = checks.take("resolve_minutes", whole(&self.resolve_minutes)).flatten();
        let position = checks.take("position", whole(&self.position)).flatten().unwrap_or_default();
        let assigns = checks.take("assigns", self.assigns.parse::<Assigns>()).unwrap_or_default();
        checks.done()?;
        let name = Names {
            uz: self.name_uz.clone(),
            ru: Some(self.name_ru.clone()),
            en: Some(self.name_en.clone()),
        };
        let service = Service { answer_minutes, resolve_minutes, assigns };
        Ok(NewCategory { name, position, is_active: self.is_active, service })
    }
}

/// What the workspace's managers alone may look at.
fn must_manage(ctx: &Ctx, tx: &mut ReadTx) -> Result<()> {
    if reads::manages(ctx, tx)? { Ok(()) } else { Err(Error::forbidden()) }
}

pub(super) async fn page(caller: Caller) -> web::Result<Response> {
    let all = caller
        .read(|ctx, tx| {
            must_manage(ctx, tx)?;
            reads::categories(ctx, tx)
        })
        .await?;
    let p = under(caller.shell().titled("tickets-categories").lead("tickets-categories-lead"));
    let minutes = |minutes: Option<i32>| {
        minutes
            .map_or_else(|| p.t("tickets-not-promised"), |minutes| words::span(&p.words, i64::from(minutes)))
    };
    let row = |category: &Category| {
        let (tone, key) = match category.is_active {
            true => (Tone::Success, "tickets-offered"),
            false => (Tone::Plain, "tickets-not-offered"),
        };
        vec![
            Cell::link(format!("/desk/categories/{}", category.number), category.name.get(p.lang())),
            Cell::text(minutes(category.service.answer_minutes)),
            Cell::text(minutes(category.service.resolve_minutes)),
            Cell::text(p.t(assigns(category.service.assigns))),
            Cell::badge(tone, p.t(key)),
        ]
    };
    let columns = vec![
        Column::main("tickets-category"),
        Column::new("tickets-answer-within"),
        Column::new("tickets-resolve-within"),
        Column::new("tickets-assigns").wide(),
        Column::new("tickets-state"),
    ];
    let rows = all.iter().map(row).collect();
    let table = Table::of(&p.words, "categories", columns, rows).empty(Empty::new(
        "tags",
        p.t("tickets-no-categories"),
        p.t("tickets-no-categories-hint"),
    ));
    let new = |p: &Shell| {
        Action::link("/desk/categories/new", p.t("tickets-category-new")).primary().icon("plus-lg")
    };
    let may = p.can(Permission::TicketsEdit);
    Ok(render(&ListPage::new(p, table).action_if(may, new)))
}

fn assigns(assigns: Assigns) -> &'static str {
    match assigns {
        Assigns::Manual => "tickets-assigns-manual",
        Assigns::ByLoad => "tickets-assigns-by-load",
    }
}

fn form_page(p: Shell, number: Option<i64>, typed: &CategoryForm, error: Option<&Error>) -> FormPage {
    let (action, title) = match number {
        None => ("/desk/categories/new".to_owned(), "tickets-category-new"),
        Some(number) => (format!("/desk/categories/{number}"), "tickets-category-edit"),
    };
    let p = under(p.titled(title)).crumb("/desk/categories", "tickets-categories").narrow();
    let ways = Assigns::ALL.map(|way| Choice::new(way.word(), p.t(assigns(way)))).to_vec();
    let form = Form::new(&p, action)
        .error(error)
        .field(Field::text("name_uz", "tickets-name-uz").value(&typed.name_uz).required().focus().max(60))
        .field(Field::text("name_ru", "tickets-name-ru").value(&typed.name_ru).half().max(60))
        .field(Field::text("name_en", "tickets-name-en").value(&typed.name_en).half().max(60))
        .field(
            Field::number("answer_minutes", "tickets-answer-minutes")
                .value(&typed.answer_minutes)
                .help("tickets-minutes-help")
                .half(),
        )
        .field(
            Field::number("resolve_minutes", "tickets-resolve-minutes")
                .value(&typed.resolve_minutes)
                .help("tickets-minutes-help")
                .half(),
        )
        .field(Field::select("assigns", "tickets-assigns", ways).value(&typed.assigns).required())
        .field(Field::number("position", "tickets-position").value(&typed.position).half())
        .field(Field::check("is_active", "tickets-offered").checked(typed.is_active))
        .cancel("/desk/categories");
    FormPage::new(p, form)
}

pub(super) async fn new_page(caller: Caller) -> web::Result<Response> {
    caller.read(must_manage).await?;
    let blank = CategoryForm {
        is_active: true,
        assigns: Assigns::ByLoad.word().to_owned(),
        ..CategoryForm::default()
    };
    Ok(render(&form_page(caller.shell(), None, &blank, None)))
}

pub(super) async fn create(caller: Caller, Sent(form): Sent<CategoryForm>) -> web::Result<Response> {
    let sent = form.clone();
    let make = move |ctx: &Ctx, tx: &mut Tx<'_>| actions::create_category(ctx, tx, sent.check()?).map(drop);
    let made = caller.once(make).await;
    saved(&caller, made, None, &form)
}

fn saved(
    caller: &Caller,
    saved: Result<()>,
    number: Option<i64>,
    form: &CategoryForm,
) -> web::Result<Response> {
    match saved {
        Ok(()) => {
            let go = Go::to("/desk/categories");
            Ok(go.done(&caller.words(), &Text::new("tickets-category-saved")).into_response())
        }
        Err(error) => Ok(form_again(error, |error| form_page(caller.shell(), number, form, Some(error)))?),
    }
}

/// The category that an address names; none of them is not found.
fn at(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Id<Category>> {
    category_at(ctx, tx, "category", number).map_err(|_| Error::not_found())
}

pub(super) async fn edit_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let number = number_of(key)?;
    let found = caller
        .read(move |ctx, tx| {
            must_manage(ctx, tx)?;
            let id = at(ctx, tx, number)?;
            Ok(reads::categories(ctx, tx)?.into_iter().find(|category| category.id == id))
        })
        .await?;
    let typed = CategoryForm::of(found.ok_or_else(Error::not_found)?);
    Ok(render(&form_page(caller.shell(), Some(number), &typed, None)))
}

pub(super) async fn save(
    caller: Caller,
    Path(key): Path<RowKey>,
    Sent(form): Sent<CategoryForm>,
) -> web::Result<Response> {
    let number = number_of(key)?;
    let sent = form.clone();
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let id = at(ctx, tx, number)?;
        actions::update_category(ctx, tx, id, sent.check()?).map(drop)
    };
    let done = caller.write(write).await;
    saved(&caller, done, Some(number), &form)
}
