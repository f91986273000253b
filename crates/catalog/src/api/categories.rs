//! `/api/categories`.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::IntoResponse,
};
use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Error, Id, Lang, Page, PageRequest, Result, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use super::said;
use crate::{
    Category, CategoryContent, Names, Node, Tree, categories, create_category as create,
    delete_category as delete, update_category as update,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    let one = routes!(get_category, replace_category, change_category, delete_category);
    OpenApiRouter::new().routes(routes!(list_categories, create_category)).routes(one)
}

/// What is written into a category. `name` is required of POST and PUT; what is absent stays as it is, null takes away.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct CategoryIn {
    /// The name in Uzbek, or the only one.
    #[schema(max_length = 100)]
    pub name: Option<String>,
    /// The name in Russian.
    #[serde(default, deserialize_with = "said")]
    pub name_ru: Option<Option<String>>,
    /// The name in English.
    #[serde(default, deserialize_with = "said")]
    pub name_en: Option<Option<String>>,
    /// The number of the category it stands under; null for the top.
    #[serde(default, deserialize_with = "said")]
    pub parent_id: Option<Option<i64>>,
    /// Its place among its siblings; equal places are ordered by name.
    pub position: Option<i32>,
}

impl CategoryIn {
    fn whole(self) -> Result<Self> {
        if self.name.is_some() {
            Ok(self)
        } else {
            Err(Error::field("name", Text::new("kernel-text-missing")))
        }
    }

    fn over(self, tree: &Tree, stands: CategoryContent) -> Result<CategoryContent> {
        let Self { name, name_ru, name_en, parent_id, position } = self;
        let unknown = || Error::field("parent_id", Text::new("catalog-category-unknown"));
        let parent = match parent_id {
            None => stands.parent,
            Some(None) => None,
            Some(Some(number)) => Some(tree.by_number(number).ok_or_else(unknown)?.category.id),
        };
        Ok(CategoryContent {
            name: Names {
                uz: name.unwrap_or(stands.name.uz),
                ru: name_ru.unwrap_or(stands.name.ru),
                en: name_en.unwrap_or(stands.name.en),
            },
            parent,
            position: position.unwrap_or(stands.position),
        })
    }
}

/// A category as the API shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CategoryOut {
    /// Its number.
    pub id: i64,
    /// Its id.
    pub uuid: Uuid,
    /// The number of the category it stands under.
    pub parent_id: Option<i64>,
    /// Its name in Uzbek.
    pub name: String,
    /// Its name in Russian.
    pub name_ru: Option<String>,
    /// Its name in English.
    pub name_en: Option<String>,
    /// Its path from the top, in Uzbek.
    pub path: String,
    /// Its place among its siblings.
    pub position: i32,
    /// Products on sale in it and under it.
    pub products: i64,
}

fn out(tree: &Tree, node: &Node) -> CategoryOut {
    let Node { category, depth: _, own_products: _, products, has_children: _ } = node;
    let Category { id, number, parent, position, name: Names { uz, ru, en } } = category.clone();
    CategoryOut {
        id: number,
        uuid: id.uuid(),
        parent_id: parent.and_then(|parent| tree.get(parent)).map(|parent| parent.category.number),
        name: uz,
        name_ru: ru,
        name_en: en,
        path: tree.path(id, Lang::Uz),
        position,
        products: *products,
    }
}

fn shown(ctx: &Ctx, tx: &mut ReadTx, id: Id<Category>) -> Result<CategoryOut> {
    let tree = categories(ctx, tx)?;
    tree.get(id).map(|node| out(&tree, node)).ok_or_else(Error::not_found)
}

/// The category that a path names by number or id.
pub(crate) fn find(tree: &Tree, key: RowKey) -> Result<&Node> {
    let found = match key {
        RowKey::Number(number) => tree.by_number(number),
        RowKey::Id(uuid) => tree.get(Id::from_uuid(uuid)),
    };
    found.ok_or_else(Error::not_found)
}

/// The whole tree, parents before their children.
#[utoipa::path(get, path = "/api/categories", tag = "categories", params(PageQuery),
    responses((status = 200, body = Listed<CategoryOut>)))]
async fn list_categories(
    caller: Caller,
    Query(part): Query<PageQuery>,
) -> web::Result<Json<Listed<CategoryOut>>> {
    let request = part.request();
    let page = caller.read(move |ctx, tx| Ok(part_of(&categories(ctx, tx)?, request))).await?;
    Ok(Json(Listed::of(&caller, page)))
}

fn part_of(tree: &Tree, request: PageRequest) -> Page<CategoryOut> {
    let number = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
    let part = tree.nodes().iter().skip(number(request.offset())).take(number(request.limit()));
    let count = i64::try_from(tree.nodes().len()).unwrap_or(i64::MAX);
    Page::new(request, count, part.map(|node| out(tree, node)).collect())
}

/// Adds a category.
#[utoipa::path(post, path = "/api/categories", tag = "categories", request_body = CategoryIn,
    responses((status = 201, body = CategoryOut), (status = 422, body = ProblemBody)))]
async fn create_category(caller: Caller, Json(body): Json<CategoryIn>) -> web::Result<impl IntoResponse> {
    let body = body.whole()?;
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let empty = CategoryContent { name: Names::default(), parent: None, position: 0 };
        let content = body.clone().over(&categories(ctx, tx)?, empty)?;
        let id = create(ctx, tx, content)?.id;
        shown(ctx, tx, id)
    };
    let out = caller.once(write).await?;
    let place = [(header::LOCATION, format!("/api/categories/{}", out.id))];
    Ok((StatusCode::CREATED, place, Json(out)))
}

/// One category.
#[utoipa::path(get, path = "/api/categories/{id}", tag = "categories", params(("id" = String, Path)),
    responses((status = 200, body = CategoryOut), (status = 404, body = ProblemBody)))]
async fn get_category(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<CategoryOut>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let tree = categories(ctx, tx)?;
        find(&tree, key).map(|node| out(&tree, node))
    };
    Ok(Json(caller.read(read).await?))
}

/// Renames or moves a category; `name` is required, what else is absent stays.
#[utoipa::path(put, path = "/api/categories/{id}", tag = "categories", params(("id" = String, Path)),
    request_body = CategoryIn, responses((status = 200, body = CategoryOut), (status = 422, body = ProblemBody)))]
async fn replace_category(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<CategoryIn>,
) -> web::Result<Json<CategoryOut>> {
    write(&caller, key, body.whole()?).await
}

/// Changes what is said of a category; what is absent stays.
#[utoipa::path(patch, path = "/api/categories/{id}", tag = "categories", params(("id" = String, Path)),
    request_body = CategoryIn, responses((status = 200, body = CategoryOut), (status = 422, body = ProblemBody)))]
async fn change_category(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<CategoryIn>,
) -> web::Result<Json<CategoryOut>> {
    write(&caller, key, body).await
}

async fn write(caller: &Caller, key: RowKey, body: CategoryIn) -> web::Result<Json<CategoryOut>> {
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let tree = categories(ctx, tx)?;
        let Category { id, number: _, parent, position, name } = find(&tree, key)?.category.clone();
        let content = body.clone().over(&tree, CategoryContent { name, parent, position })?;
        update(ctx, tx, id, content)?;
        shown(ctx, tx, id)
    };
    Ok(Json(caller.write(write).await?))
}

/// Deletes an empty category; one with products or categories in it is answered 409.
#[utoipa::path(delete, path = "/api/categories/{id}", tag = "categories", params(("id" = String, Path)),
    responses((status = 204), (status = 409, body = ProblemBody)))]
async fn delete_category(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let tree = categories(ctx, tx)?;
        delete(ctx, tx, find(&tree, key)?.category.id)
    };
    caller.write(write).await?;
    Ok(StatusCode::NO_CONTENT)
}
