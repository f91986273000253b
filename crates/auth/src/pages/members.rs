//! Members of the workspace.

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use context::Permission;
use kernel::{Error, Lang, Page, Text};
use serde::Deserialize;
use web::{
    App, Caller,
    pages::{
        self, Action, Badge, Cell, Choice, Column, DetailPage, Export, Facts, Field, Filter, FormPage, Go,
        ListPage, ListQuery, Shell, Table, Tone, asked_page, form_again, render,
    },
};

use super::{back_with, language_choices, role_choices, role_name};
use crate::{
    Auth, Member, MemberFilter, MemberState, Password, Role, RoleRef,
    actions::{self, AddMember},
};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/members", get(list_page))
        .route("/members/new", get(new_page).post(add))
        .route("/members/{number}", get(member_page))
        .route("/members/{number}/role", post(set_role))
        .route("/members/{number}/deactivate", post(deactivate))
        .route("/members/{number}/activate", post(activate))
        .route("/members/{number}/password", get(reset_page).post(reset))
}

async fn list_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let (page, roles) = caller
        .read(move |ctx, tx| {
            let filter = MemberFilter {
                state: asked.get("state").and_then(|word| word.parse().ok()),
                role: asked.get("role").and_then(|id| id.parse().ok()),
                search: asked.q(),
            };
            let page = asked_page(&asked, |part| actions::members(ctx, tx, &filter, part))?;
            Ok((page, actions::roles(ctx, tx)?))
        })
        .await?;
    let p = caller.shell().titled("auth-members");
    let table = members_table(&p, &query, &page, &roles);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "members")?);
    }
    let may = p.can(Permission::UsersCreate);
    let new = |p: &Shell| Action::link("/members/new", p.t("auth-member-add")).icon("person-plus");
    let invite = |p: &Shell| Action::link("/invitations/new", p.t("auth-invite")).primary().icon("envelope");
    let asked = Action::link("/invitations", p.t("auth-invitations"));
    Ok(render(&ListPage::new(p, table).action(asked).action_if(may, new).action_if(may, invite)))
}

fn members_table(p: &Shell, query: &ListQuery, page: &Page<Member>, roles: &[(Role, i64)]) -> Table {
    let columns = vec![
        Column::main("auth-name"),
        Column::new("auth-role"),
        Column::new("auth-phone"),
        Column::new("auth-state"),
        Column::new("auth-member-since").wide(),
    ];
    let states = MemberState::ALL.map(|state| Choice::new(state.word(), p.t(state.text_key()))).to_vec();
    Table::new(&p.words, "members", query, columns, page, |member| {
        let Member { person, role, state, created_at } = member;
        let (name, sub) = (person.name.clone(), person.login().to_owned());
        let phone = person.phone.as_ref();
        vec![
            Cell::Link { href: format!("/members/{}", person.number), text: name, sub },
            Cell::text(role_name(&p.words, role.kind, &role.name)),
            phone.map_or(Cell::Blank, |phone| Cell::text(phone.pretty())),
            Cell::badge(tone(*state), p.t(state.text_key())),
            Cell::Time(*created_at),
        ]
    })
    .search("auth-member-search")
    .filter(Filter::select("state", "auth-state", states))
    .filter(Filter::select("role", "auth-role", role_choices(&p.words, roles)))
    .export("/members")
}

const fn tone(state: MemberState) -> Tone {
    match state {
        MemberState::Active => Tone::Success,
        MemberState::Inactive => Tone::Plain,
    }
}

/// What the form of a new member sends.
#[derive(Debug, Clone, Default, Deserialize)]
struct MemberForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    password: String,
}

impl MemberForm {
    fn input(&self) -> AddMember {
        let Self { name, email, username, phone, lang, role, password } = self.clone();
        AddMember {
            name,
            email: Some(email),
            username: Some(username),
            phone: Some(phone),
            lang: Lang::parse(&lang).unwrap_or_default(),
            password: Password::typed(password),
            role,
        }
    }
}

fn form_page(p: Shell, roles: &[(Role, i64)], typed: &MemberForm, error: Option<&Error>) -> FormPage {
    let MemberForm { name, email, username, phone, lang, role, password: _ } = typed;
    let p =
        p.titled("auth-member-add").lead("auth-member-add-lead").crumb("/members", "auth-members").narrow();
    let may: Vec<(Role, i64)> =
        roles.iter().filter(|(role, _)| role.permissions.is_within(p.permissions)).cloned().collect();
    let form = pages::Form::new(&p, "/members/new")
        .error(error)
        .field(Field::text("name", "auth-name").value(name).required().focus().max(120))
        .field(Field::email("email", "auth-email").value(email).autocomplete("off").half().max(254))
        .field(
            Field::text("username", "auth-username")
                .value(username)
                .half()
                .max(32)
                .help("auth-username-help"),
        )
        .field(Field::phone("phone", "auth-phone").value(phone).autocomplete("off").half())
        .field(Field::select("lang", "auth-language", language_choices()).value(lang).required().half())
        .field(Field::select("role", "auth-role", role_choices(&p.words, &may)).value(role).required())
        .field(
            Field::password("password", "auth-password-first")
                .required()
                .autocomplete("new-password")
                .help("auth-password-first-help"),
        )
        .submit("auth-member-add")
        .cancel("/members");
    FormPage::new(p, form)
}

async fn new_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::UsersCreate)?;
    let roles = roles(&caller).await?;
    let typed = MemberForm { lang: caller.ctx.lang().code().to_owned(), ..MemberForm::default() };
    Ok(render(&form_page(caller.shell(), &roles, &typed, None)))
}

/// The roles that a form offers, whoever fills it in.
pub(super) async fn roles(caller: &Caller) -> kernel::Result<Vec<(Role, i64)>> {
    let ctx = caller.ctx.with(|ctx| ctx.permissions = ctx.permissions.with(Permission::UsersRead));
    caller.read(move |_, tx| actions::roles(&ctx, tx)).await
}

async fn add(caller: Caller, web::Form(typed): web::Form<MemberForm>) -> web::Result<Response> {
    match added(&caller, &typed).await {
        Ok(number) => {
            let done = Text::new("auth-member-added");
            Ok(Go::to(format!("/members/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => {
            let roles = roles(&caller).await?;
            Ok(form_again(error, |error| form_page(caller.shell(), &roles, &typed, Some(error)))?)
        }
    }
}

async fn added(caller: &Caller, typed: &MemberForm) -> kernel::Result<i64> {
    let auth = caller.app.service::<Auth>()?;
    let (new, hash) = auth.prepare_member(&caller.ctx, typed.input()).await?;
    caller.once(move |ctx, tx| Ok(actions::add_member(ctx, tx, &new, &hash)?.number)).await
}

async fn member_page(caller: Caller, Path(number): Path<i64>) -> web::Result<Response> {
    let (member, roles) =
        caller.read(move |ctx, tx| Ok((actions::member(ctx, tx, number)?, actions::roles(ctx, tx)?))).await?;
    Ok(render(&detail(&caller, &member, &roles)))
}

fn detail(caller: &Caller, member: &Member, roles: &[(Role, i64)]) -> DetailPage {
    let Member { person, role, state, created_at } = member;
    let p = caller.shell().named(&person.name).crumb("/members", "auth-members").narrow();
    let number = person.number;
    let facts = Facts::new()
        .text(p.t("auth-login"), person.login())
        .text(p.t("auth-role"), role_name(&p.words, role.kind, &role.name));
    let facts = facts
        .text(p.t("auth-phone"), person.phone.as_ref().map(kernel::Phone::pretty).unwrap_or_default())
        .text(p.t("auth-language"), person.lang.name())
        .text(p.t("auth-member-since"), p.time(*created_at));
    let within = role.permissions.is_within(p.permissions);
    let mut page =
        DetailPage::new(p).badge(Badge::new(tone(*state), caller.words().t(state.text_key()))).facts(facts);
    if within && page.p.can(Permission::UsersEdit) {
        let form = role_form(&page.p, number, role, roles);
        page = page.part("auth-role-change", &form);
        if *state == MemberState::Active {
            let reset = Action::link(format!("/members/{number}/password"), page.p.t("auth-password-reset"));
            page = page.action(reset.icon("key"));
        }
    }
    if within {
        page = with_state_action(page, number, *state);
    }
    page
}

fn role_form(p: &Shell, number: i64, role: &Role, roles: &[(Role, i64)]) -> pages::Form {
    let may: Vec<(Role, i64)> =
        roles.iter().filter(|(role, _)| role.permissions.is_within(p.permissions)).cloned().collect();
    let choices = role_choices(&p.words, &may);
    pages::Form::new(p, format!("/members/{number}/role"))
        .field(Field::select("role", "auth-role", choices).value(role.id.to_string()).required())
}

fn with_state_action(page: DetailPage, number: i64, state: MemberState) -> DetailPage {
    let (path, key, question) = match state {
        MemberState::Inactive if page.p.can(Permission::UsersEdit) => {
            ("activate", "auth-member-activate", None)
        }
        MemberState::Active if page.p.can(Permission::UsersDelete) => {
            ("deactivate", "auth-member-deactivate", Some("auth-member-deactivate-ask"))
        }
        _ => return page,
    };
    let action = Action::post(&page.p, format!("/members/{number}/{path}"), page.p.t(key));
    let action = match question {
        Some(question) => action.danger().confirm(page.p.t(question)),
        None => action.primary(),
    };
    page.action(action)
}

#[derive(Debug, Deserialize)]
struct RoleForm {
    #[serde(default)]
    role: String,
}

async fn set_role(
    caller: Caller,
    Path(number): Path<i64>,
    web::Form(typed): web::Form<RoleForm>,
) -> web::Result<Response> {
    let role = RoleRef::parse(&typed.role);
    let done = match role {
        Ok(role) => {
            caller.write(move |ctx, tx| actions::change_member(ctx, tx, number, Some(role), None)).await
        }
        Err(error) => Err(error),
    };
    after(&caller, number, done)
}

async fn deactivate(caller: Caller, Path(number): Path<i64>) -> web::Result<Response> {
    let done = caller.write(move |ctx, tx| actions::deactivate_member(ctx, tx, number)).await;
    after(&caller, number, done)
}

async fn activate(caller: Caller, Path(number): Path<i64>) -> web::Result<Response> {
    let done = caller.write(move |ctx, tx| actions::activate_member(ctx, tx, number)).await;
    after(&caller, number, done)
}

fn after(caller: &Caller, number: i64, done: kernel::Result<()>) -> web::Result<Response> {
    let path = format!("/members/{number}");
    match done {
        Ok(()) => Ok(Go::to(path).done(&caller.words(), &Text::new("auth-saved")).into_response()),
        Err(error) => Ok(back_with(&caller.words(), path, error)?),
    }
}

#[derive(Debug, Deserialize)]
struct ResetForm {
    #[serde(default)]
    password: String,
}

fn reset_form(caller: &Caller, member: &Member, error: Option<&Error>) -> FormPage {
    let name = member.person.name.clone();
    let path = format!("/members/{}", member.person.number);
    let p = caller
        .shell()
        .titled("auth-password-reset")
        .lead("auth-password-reset-lead")
        .crumb("/members", "auth-members")
        .crumb_named(&path, name)
        .narrow();
    let form = pages::Form::new(&p, format!("{path}/password"))
        .error(error)
        .field(
            Field::password("password", "auth-password-new")
                .required()
                .focus()
                .autocomplete("new-password")
                .help("auth-password-first-help"),
        )
        .cancel(path);
    FormPage::new(p, form)
}

async fn reset_page(caller: Caller, Path(number): Path<i64>) -> web::Result<Response> {
    caller.ctx.require(Permission::UsersEdit)?;
    let member = caller.read(move |ctx, tx| actions::member(ctx, tx, number)).await?;
    Ok(render(&reset_form(&caller, &member, None)))
}

async fn reset(
    caller: Caller,
    Path(number): Path<i64>,
    web::Form(typed): web::Form<ResetForm>,
) -> web::Result<Response> {
    let member = caller.read(move |ctx, tx| actions::member(ctx, tx, number)).await?;
    let auth = caller.app.service::<Auth>()?;
    let done = match auth.prepare_reset(&caller.ctx, Password::typed(typed.password)).await {
        Ok(hash) => caller.write(move |ctx, tx| actions::reset_member_password(ctx, tx, number, &hash)).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => after(&caller, number, Ok(())),
        Err(error) => Ok(form_again(error, |error| reset_form(&caller, &member, Some(error)))?),
    }
}
