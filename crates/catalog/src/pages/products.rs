//! The list of products, the page of one, and what its buttons do.

use askama::{Template, filters::HtmlSafe};
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Kind, Lang, Page, PageRequest, Quantity, Result, Text};
use web::{
    Caller, RowKey, Upload,
    pages::{
        Action, Badge, Cell, Choice, Column, DetailPage, Empty, Export, Facts, Field, Filter, Form, Found,
        Go, ListPage, ListQuery, Notice, Options, Shell, Table, Tone, asked_page, render, render_with,
    },
};

use super::export;
use crate::{
    Deletion, Names, Product, ProductFilter, ProductOrder, Quantities, Tree, Vat, api, categories,
    delete_product as delete,
    entry::{self, Seen},
    list, set_product_active,
};

/// Rows under a search field.
const OPTIONS_AT_MOST: u32 = 12;

/// The order and its direction that a list page was asked for.
fn order(query: &ListQuery) -> (ProductOrder, bool) {
    let words = ProductOrder::ALL.map(ProductOrder::word);
    let asked = query.order(&words).and_then(|(word, down)| Some((ProductOrder::parse(word)?, down)));
    asked.unwrap_or_default()
}

fn filter(query: &ListQuery, tree: &Tree) -> ProductFilter {
    let (order, descending) = order(query);
    let number = query.get("category").and_then(|number| number.parse().ok());
    ProductFilter {
        q: query.q(),
        category: number.and_then(|number| tree.by_number(number)).map(|node| node.category.id),
        active: query.get("active").and_then(|word| word.parse().ok()),
        code: None,
        barcode: None,
        order,
        descending,
    }
}

fn read(ctx: &Ctx, tx: &mut ReadTx, stock: &Quantities, query: &ListQuery) -> Result<(Page<Seen>, Tree)> {
    let tree = categories(ctx, tx)?;
    let filter = filter(query, &tree);
    let page = asked_page(query, |part| {
        let Page { count, results, request } = list(ctx, tx, &filter, part)?;
        Ok(Page::new(request, count, entry::seen(ctx, tx, stock, results, ctx.lang())?))
    })?;
    Ok((page, tree))
}

/// `GET /products`.
pub(super) async fn products_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let stock = caller.app.service::<Quantities>()?;
    let asked = query.clone();
    let (page, tree) = caller.read(move |ctx, tx| read(ctx, tx, &stock, &asked)).await?;
    let p = caller.shell().titled("catalog-menu-products");
    if let Some(kind) = Export::asked(&query) {
        return Ok(export::table(&p, &query, &page, &tree).download(kind, "products")?);
    }
    let table = table(&p, &query, &page, &tree);
    let may = p.can(Permission::InventoryCreate);
    let new = |p: &Shell| Action::link("/products/new", p.t("catalog-product-new")).primary().icon("plus-lg");
    let import = |p: &Shell| Action::link("/imports/new", p.t("catalog-product-import")).icon("upload");
    Ok(render(&ListPage::new(p, table).action_if(may, import).action_if(may, new)))
}

fn table(p: &Shell, query: &ListQuery, page: &Page<Seen>, tree: &Tree) -> Table {
    let columns = vec![
        Column::main("catalog-field-name").sort("name"),
        Column::new("catalog-field-code").sort("code").wide(),
        Column::new("catalog-field-category"),
        Column::figures("catalog-field-sale-price").sort("sale_price"),
        Column::figures("catalog-field-quantity"),
        Column::new("catalog-field-state"),
    ];
    let new = Action::link("/products/new", p.t("catalog-product-new")).primary().icon("plus-lg");
    let mut empty = Empty::new("box-seam", p.t("catalog-products-empty"), p.t("catalog-products-empty-hint"));
    if p.can(Permission::InventoryCreate) {
        empty = empty.action(new);
    }
    Table::new(&p.words, "products", query, columns, page, |seen| cells(p, seen))
        .search("catalog-products-search")
        .filter(Filter::select("category", "catalog-field-category", category_choices(p, tree)))
        .filter(Filter::select("active", "catalog-field-state", states(p)))
        .export("/products")
        .empty(empty)
}

fn cells(p: &Shell, seen: &Seen) -> Vec<Cell> {
    let Seen { product, category, category_number: _, on_hand } = seen;
    let name = product.name.get(p.lang()).to_owned();
    let href = format!("/products/{}", product.number);
    let src = product.picture.as_ref().map(|picture| files::path(&picture.small)).unwrap_or_default();
    let sub = product.brand.clone().unwrap_or_default();
    let tone = if product.active { Tone::Success } else { Tone::Plain };
    vec![
        Cell::Picture { src, href, text: name, sub },
        Cell::text(product.code.clone()),
        if category.is_empty() { Cell::Blank } else { Cell::text(category.clone()) },
        Cell::Money(product.sale_price),
        Cell::Quantity(*on_hand, product.unit_in(p.lang()).to_owned()),
        Cell::badge(tone, p.t(state_key(product.active))),
    ]
}

pub(super) const fn state_key(active: bool) -> &'static str {
    if active { "catalog-state-active" } else { "catalog-state-inactive" }
}

fn states(p: &Shell) -> Vec<Choice> {
    vec![
        Choice::new("true", p.t("catalog-state-active")),
        Choice::new("false", p.t("catalog-state-inactive")),
    ]
}

/// The tree as choices: a level is a step to the right.
pub(super) fn category_choices(p: &Shell, tree: &Tree) -> Vec<Choice> {
    let label = |depth: usize, name: &Names| format!("{}{}", "\u{2003}".repeat(depth), name.get(p.lang()));
    tree.nodes()
        .iter()
        .map(|node| Choice::new(node.category.number.to_string(), label(node.depth, &node.category.name)))
        .collect()
}

/// `GET /products/options?q=`: the rows under a search field of an order or a receipt.
pub(super) async fn product_options(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let stock = caller.app.service::<Quantities>()?;
    let found = caller
        .read(move |ctx, tx| {
            let filter = ProductFilter { q: query.q(), active: Some(true), ..ProductFilter::default() };
            let page = list(ctx, tx, &filter, PageRequest::new(1, OPTIONS_AT_MOST))?;
            entry::seen(ctx, tx, &stock, page.results, ctx.lang())
        })
        .await?;
    let words = caller.words();
    let option = |seen: Seen| {
        let Seen { product, category: _, category_number: _, on_hand } = seen;
        Found::new(product.number.to_string(), product.name.get(words.lang))
            .end(format!("{} {}", words.quantity(on_hand), product.unit_in(words.lang)))
            .priced(product.sale_price, product.unit_in(words.lang))
            .note(product.code)
    };
    Ok(render(&Options(found.into_iter().map(option).collect())))
}

/// `GET /products/{id}`.
pub(super) async fn product_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    Ok(render(&page_of(&caller, key, None).await?))
}

/// The page of one product; `error` is what was wrong with a picture.
async fn page_of(caller: &Caller, key: RowKey, error: Option<&Error>) -> Result<DetailPage> {
    let stock = caller.app.service::<Quantities>()?;
    let seen = caller
        .read(move |ctx, tx| {
            let product = entry::find(ctx, tx, key)?;
            entry::seen_one(ctx, tx, &stock, product, ctx.lang())
        })
        .await?;
    let p = caller
        .shell()
        .named(seen.product.name.get(caller.ctx.lang()))
        .crumb("/products", "catalog-menu-products");
    let product = &seen.product;
    let tone = if product.active { Tone::Success } else { Tone::Plain };
    let badge = Badge::new(tone, p.t(state_key(product.active)));
    let picture = picture_part(&p, product, error);
    let mut page = DetailPage::new(p.clone()).badge(badge).facts(facts(&p, &seen));
    for action in actions(&p, product) {
        page = page.action(action);
    }
    if product.minimum_quantity > seen.on_hand {
        page = page.notice(Notice::new(Tone::Warning, p.t("catalog-product-low")));
    }
    if let Some(description) = product.description(p.lang()) {
        page = page.part("catalog-field-description", &Prose { text: description.to_owned() });
    }
    if product.picture.is_some() || p.can(Permission::InventoryEdit) {
        page = page.part("catalog-field-image", &picture);
    }
    Ok(page)
}

fn actions(p: &Shell, product: &Product) -> Vec<Action> {
    let address = |what: &str| format!("/products/{}/{what}", product.number);
    let mut actions = Vec::new();
    if p.can(Permission::InventoryEdit) {
        actions.push(Action::link(address("edit"), p.t("catalog-edit")).primary().icon("pencil"));
        actions.push(if product.active {
            Action::post(p, address("deactivate"), p.t("catalog-product-deactivate")).icon("eye-slash")
        } else {
            Action::post(p, address("activate"), p.t("catalog-product-activate")).icon("eye")
        });
    }
    if p.can(Permission::InventoryDelete) {
        let question = p.t1("catalog-product-delete-question", "name", product.name.get(p.lang()));
        let delete = Action::post(p, address("delete"), p.t("catalog-delete")).danger().icon("trash");
        actions.push(delete.confirm(question));
    }
    actions
}

fn facts(p: &Shell, seen: &Seen) -> Facts {
    let Seen { product, category, category_number, on_hand } = seen;
    let money = |money| format!("{} {}", p.money(money), p.t("web-som"));
    let amount = |quantity: Quantity| format!("{} {}", p.quantity(quantity), product.unit_in(p.lang()));
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut facts = Facts::new()
        .text(p.t("catalog-field-code"), &product.code)
        .text(p.t("catalog-field-sale-price"), money(product.sale_price));
    if let Some(old) = product.old_price {
        facts = facts.text(p.t("catalog-field-old-price"), money(old));
    }
    facts = facts
        .text(p.t("catalog-field-purchase-price"), money(product.purchase_price))
        .link(p.t("catalog-field-quantity"), amount(*on_hand), format!("/stock/products/{}", product.number))
        .text(p.t("catalog-field-minimum-quantity"), amount(product.minimum_quantity));
    facts = match category_number {
        Some(number) => {
            facts.link(p.t("catalog-field-category"), category, format!("/products?category={number}"))
        }
        None => facts.text(p.t("catalog-field-category"), ""),
    };
    let digits = |digits: Option<&str>| digits.unwrap_or_default().to_owned();
    let names = Lang::ALL.into_iter().filter(|lang| *lang != p.lang());
    for lang in names {
        let name = product.name.get(lang);
        if name != product.name.get(p.lang()) {
            facts = facts.text(lang.name(), name);
        }
    }
    facts
        .text(p.t("catalog-field-brand"), text(&product.brand))
        .text(p.t("catalog-field-barcode"), digits(product.barcode.as_ref().map(|code| code.as_str())))
        .text(p.t("catalog-field-mxik"), digits(product.mxik.as_ref().map(|code| code.as_str())))
        .text(p.t("catalog-field-vat"), p.t(Vat::text_key(product.vat)))
        .text(p.t("catalog-field-updated"), p.time(product.updated_at))
}

/// Several lines of text.
#[derive(Template)]
#[template(source = "<p class=\"mb-0 text-break\">{{ text|linebreaksbr }}</p>", ext = "html")]
struct Prose {
    text: String,
}
impl HtmlSafe for Prose {}

/// The picture, and the form that gives another.
#[derive(Template)]
#[template(path = "picture.html")]
struct PicturePart {
    picture: Option<(String, String)>,
    name: String,
    form: Option<Form>,
    remove: Option<Action>,
}
impl HtmlSafe for PicturePart {}

fn picture_part(p: &Shell, product: &Product, error: Option<&Error>) -> PicturePart {
    let address = format!("/products/{}/image", product.number);
    let may = p.can(Permission::InventoryEdit);
    let file = Field::file("image", "catalog-field-image-file", ".png,.jpg,.jpeg,.webp").required();
    let form =
        Form::new(p, &address).error(error).field(file).submit("catalog-image-upload").submit_icon("upload");
    let remove = || {
        let action = Action::post(p, format!("{address}/delete"), p.t("catalog-image-remove")).danger();
        action.icon("trash").confirm(p.t("catalog-image-remove-question"))
    };
    PicturePart {
        picture: product.picture.as_ref().map(|found| (files::path(&found.large), files::path(&found.small))),
        name: product.name.get(p.lang()).to_owned(),
        form: may.then_some(form),
        remove: (may && product.picture.is_some()).then(remove),
    }
}

/// `POST /products/{id}/activate`.
pub(super) async fn activate_product(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    set_active(&caller, key, true, "catalog-product-activated").await
}

/// `POST /products/{id}/deactivate`.
pub(super) async fn deactivate_product(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    set_active(&caller, key, false, "catalog-product-deactivated").await
}

async fn set_active(caller: &Caller, key: RowKey, active: bool, done: &'static str) -> web::Result<Go> {
    let product = caller
        .write(move |ctx, tx| {
            let id = entry::find(ctx, tx, key)?.id;
            set_product_active(ctx, tx, id, active)
        })
        .await?;
    Ok(Go::to(format!("/products/{}", product.number)).done(&caller.words(), &Text::new(done)))
}

/// `POST /products/{id}/delete`.
pub(super) async fn delete_product(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    let deletion = caller
        .write(move |ctx, tx| {
            let id = entry::find(ctx, tx, key)?.id;
            delete(ctx, tx, id)
        })
        .await?;
    let done = match deletion {
        Deletion::Gone => "catalog-product-deleted",
        Deletion::Kept => "catalog-product-hidden",
    };
    Ok(Go::to("/products").done(&caller.words(), &Text::new(done)))
}

/// `POST /products/{id}/image`.
pub(super) async fn set_product_image(
    caller: Caller,
    Path(key): Path<RowKey>,
    upload: Upload,
) -> web::Result<Response> {
    let done = Text::new("catalog-image-changed");
    match api::save_picture(&caller, key, Some(upload.bytes)).await {
        Ok(out) => Ok(Go::to(format!("/products/{}", out.id)).done(&caller.words(), &done).into_response()),
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::TooMuch { .. }) => {
            let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(render_with(status, &page_of(&caller, key, Some(&error)).await?))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /products/{id}/image/delete`.
pub(super) async fn remove_product_image(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    let out = api::save_picture(&caller, key, None).await?;
    let done = Text::new("catalog-image-removed");
    Ok(Go::to(format!("/products/{}", out.id)).done(&caller.words(), &done))
}
