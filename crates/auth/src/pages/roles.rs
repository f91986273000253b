//! Roles and their grids.

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use context::{Permission, Permissions};
use kernel::{Error, Id, Text};
use web::{
    App, Caller, Multi, RowKey,
    pages::{
        self, Action, Cell, Column, Field, Go, ListPage, ListQuery, Notice, Shell, Table, Tone, form_again,
        render,
    },
};

use super::{
    back_with,
    grid::{Grid, GridPage},
    role_name,
};
use crate::{
    Role, RoleKind,
    actions::{self, SetRole},
    parse_words,
};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/roles", get(list_page))
        .route("/roles/new", get(new_page).post(create))
        .route("/roles/{id}", get(role_page).post(set_role))
        .route("/roles/{id}/delete", post(delete))
}

async fn list_page(caller: Caller) -> web::Result<Response> {
    let roles = caller.read(actions::roles).await?;
    let p = caller.shell().titled("auth-roles").lead("auth-roles-lead");
    let columns =
        vec![Column::main("auth-role"), Column::new("auth-role-kind"), Column::figures("auth-role-members")];
    let rows = roles.iter().map(|(role, members)| {
        let (tone, key) = if role.kind == RoleKind::Custom {
            (Tone::Accent, "auth-role-own")
        } else {
            (Tone::Plain, "auth-role-ready")
        };
        vec![
            Cell::link(format!("/roles/{}", role.id), role_name(&p.words, role.kind, &role.name)),
            Cell::badge(tone, p.t(key)),
            Cell::Number(*members),
        ]
    });
    let table = Table::of(&p.words, "roles", columns, rows.collect());
    let may = p.can(Permission::UsersCreate);
    let new = |p: &Shell| Action::link("/roles/new", p.t("auth-role-new")).primary().icon("plus-lg");
    Ok(render(&ListPage::new(p, table).action_if(may, new)))
}

/// A role as it was typed.
struct Typed {
    name: String,
    permissions: Permissions,
}

impl Typed {
    fn read(form: &Multi) -> kernel::Result<Self> {
        Ok(Self { name: form.get("name").to_owned(), permissions: parse_words(form.all("permissions"))? })
    }
}

fn grid_page(p: Shell, path: String, typed: &Typed, error: Option<&Error>) -> GridPage {
    let form = pages::Form::new(&p, path)
        .error(error)
        .field(Field::text("name", "auth-role-name").value(&typed.name).required().focus().max(120))
        .cancel("/roles");
    let grid = Grid::new(&p, typed.permissions, p.permissions);
    GridPage { p, actions: Vec::new(), notices: Vec::new(), form, names: &["name"], grid, is_open: true }
}

fn new_shell(caller: &Caller) -> Shell {
    caller.shell().titled("auth-role-new").crumb("/roles", "auth-roles")
}

/// `?from=` fills the grid in as another role has it.
async fn new_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    caller.ctx.require(Permission::UsersCreate)?;
    let from: Option<Id<Role>> = query.get("from").and_then(|id| id.parse().ok());
    let permissions = match from {
        Some(id) => caller.read(move |ctx, tx| actions::role(ctx, tx, id)).await?.permissions,
        None => Permissions::NONE,
    };
    let typed = Typed { name: String::new(), permissions: permissions.both(caller.ctx.permissions()) };
    Ok(render(&grid_page(new_shell(&caller), "/roles/new".to_owned(), &typed, None)))
}

async fn create(caller: Caller, form: Multi) -> web::Result<Response> {
    let typed = Typed::read(&form)?;
    let input = SetRole { name: typed.name.clone(), permissions: typed.permissions };
    match caller.once(move |ctx, tx| Ok(actions::create_role(ctx, tx, &input)?.id)).await {
        Ok(_) => Ok(Go::to("/roles").done(&caller.words(), &Text::new("auth-saved")).into_response()),
        Err(error) => {
            let path = "/roles/new".to_owned();
            Ok(form_again(error, |error| grid_page(new_shell(&caller), path, &typed, Some(error)))?)
        }
    }
}

async fn role_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id = key.id().ok_or_else(Error::not_found)?;
    let role = caller.read(move |ctx, tx| actions::role(ctx, tx, id)).await?;
    let typed = Typed { name: role.name.clone(), permissions: role.permissions };
    Ok(render(&one_page(&caller, &role, &typed, None)))
}

fn one_page(caller: &Caller, role: &Role, typed: &Typed, error: Option<&Error>) -> GridPage {
    let name = role_name(&caller.words(), role.kind, &role.name);
    let p = caller.shell().named(name).crumb("/roles", "auth-roles");
    let is_own = role.kind == RoleKind::Custom;
    let within = role.permissions.is_within(p.permissions);
    let is_open = is_own && within && p.can(Permission::UsersEdit);
    // A grid that cannot be changed is shown as it is.
    let may = if is_open { p.permissions } else { Permissions::NONE };
    let mut page = grid_page(p, format!("/roles/{}", role.id), typed, error);
    page.grid = Grid::new(&page.p, typed.permissions, may);
    page.is_open = is_open;
    if !is_own {
        page.notices.push(Notice::new(Tone::Info, page.p.t("auth-role-built-in")));
    }
    if page.p.can(Permission::UsersCreate) {
        let copy = Action::link(format!("/roles/new?from={}", role.id), page.p.t("auth-role-copy"));
        page.actions.push(copy.icon("clipboard"));
    }
    if is_own && within && page.p.can(Permission::UsersDelete) {
        let delete =
            Action::post(&page.p, format!("/roles/{}/delete", role.id), page.p.t("auth-role-delete"));
        page.actions.push(delete.danger().icon("trash").confirm(page.p.t("auth-role-delete-ask")));
    }
    page
}

async fn set_role(caller: Caller, Path(key): Path<RowKey>, form: Multi) -> web::Result<Response> {
    let id = key.id().ok_or_else(Error::not_found)?;
    let typed = Typed::read(&form)?;
    let input = SetRole { name: typed.name.clone(), permissions: typed.permissions };
    match caller.write(move |ctx, tx| actions::set_role_permissions(ctx, tx, id, &input)).await {
        Ok(_) => {
            Ok(Go::to(format!("/roles/{id}")).done(&caller.words(), &Text::new("auth-saved")).into_response())
        }
        Err(error) => {
            let role = caller.read(move |ctx, tx| actions::role(ctx, tx, id)).await?;
            Ok(form_again(error, |error| one_page(&caller, &role, &typed, Some(error)))?)
        }
    }
}

async fn delete(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id: Id<Role> = key.id().ok_or_else(Error::not_found)?;
    match caller.write(move |ctx, tx| actions::delete_role(ctx, tx, id)).await {
        Ok(()) => Ok(Go::to("/roles").done(&caller.words(), &Text::new("auth-saved")).into_response()),
        Err(error) => Ok(back_with(&caller.words(), format!("/roles/{id}"), error)?),
    }
}
