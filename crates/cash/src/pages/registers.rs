//! The form of a register.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Error, Result, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{Choice, Field, Form, FormPage, Go, Shell, Tone, form_again, render},
};

use super::address;
use crate::{
    NewRegister, Register, RegisterKind, create_register as create, delete_register as delete,
    seen::{seen_register, stored_register},
    update_register as update,
};

/// What the form sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RegisterForm {
    name: String,
    kind: String,
    is_default: String,
    may_be_negative: String,
    active: String,
}

impl RegisterForm {
    fn of(content: NewRegister) -> Self {
        let NewRegister { name, kind, is_default, may_be_negative, active } = content;
        let tick = |yes: bool| if yes { "true".to_owned() } else { String::new() };
        Self {
            name,
            kind: kind.word().to_owned(),
            is_default: tick(is_default),
            may_be_negative: tick(may_be_negative),
            active: tick(active),
        }
    }

    /// What was typed; the kind of a register that stands is not asked again.
    fn content(&self, stands: Option<&Register>) -> Result<NewRegister> {
        let Self { name, kind, is_default, may_be_negative, active } = self;
        let ticked = |text: &str| text == "true";
        let unknown = |()| Error::field("kind", Text::new("cash-register-kind-unknown"));
        let kind = match stands {
            Some(register) => register.kind,
            None => kind.parse().map_err(unknown)?,
        };
        Ok(NewRegister {
            name: name.clone(),
            kind,
            is_default: ticked(is_default),
            may_be_negative: ticked(may_be_negative),
            active: ticked(active),
        })
    }
}

fn page(p: Shell, of: Option<&Register>, typed: &RegisterForm, error: Option<&Error>) -> FormPage {
    let p = p.crumb("/cash", "cash-menu-cash").narrow();
    let (p, action, back) = match of {
        None => (p.titled("cash-register-new"), "/cash/registers/new".to_owned(), "/cash".to_owned()),
        Some(register) => {
            let back = address(register);
            let p = p.titled("cash-register-edit").crumb_named(back.clone(), register.name.as_str());
            (p, format!("{back}/edit"), back)
        }
    };
    let RegisterForm { name, kind, is_default, may_be_negative, active } = typed;
    let ticked = |text: &str| text == "true";
    let mut form = Form::new(&p, action)
        .error(error)
        .field(Field::text("name", "cash-field-name").value(name).required().focus().max(100));
    if of.is_none() {
        let kinds = RegisterKind::ALL.map(|kind| Choice::new(kind.word(), p.t(kind.text_key()))).to_vec();
        let field = Field::select("kind", "cash-field-kind-of-register", kinds).value(kind);
        form = form.field(field.required().help("cash-field-kind-of-register-help"));
    }
    form = form.field(
        Field::check("is_default", "cash-field-is-default")
            .checked(ticked(is_default))
            .help("cash-field-is-default-help"),
    );
    if of.is_none_or(|register| register.kind == RegisterKind::Bank) {
        let field = Field::check("may_be_negative", "cash-field-may-be-negative");
        form = form.field(field.checked(ticked(may_be_negative)).help("cash-field-may-be-negative-help"));
    }
    let active = Field::check("active", "cash-field-active").checked(ticked(active));
    FormPage::new(p, form.field(active.help("cash-field-active-help")).cancel(back))
}

/// `GET /cash/registers/new`.
pub(super) async fn new_register_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let typed = RegisterForm::of(NewRegister::default());
    Ok(render(&page(caller.shell(), None, &typed, None)))
}

/// `POST /cash/registers/new`.
pub(super) async fn create_register(
    caller: Caller,
    web::Form(typed): web::Form<RegisterForm>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let sent = typed.clone();
    let made = caller.once(move |ctx, tx| Ok(create(ctx, tx, sent.content(None)?)?.number)).await;
    match made {
        Ok(number) => Ok(saved(&caller, format!("/cash/registers/{number}"))),
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), None, &typed, Some(error)))?),
    }
}

fn saved(caller: &Caller, to: String) -> Response {
    Go::to(to).done(&caller.words(), &Text::new("cash-register-saved")).into_response()
}

/// `GET /cash/registers/{id}/edit`.
pub(super) async fn edit_register_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let register = caller.read(move |ctx, tx| seen_register(ctx, tx, key)).await?;
    let typed = RegisterForm::of(register.content());
    Ok(render(&page(caller.shell(), Some(&register), &typed, None)))
}

/// `POST /cash/registers/{id}/edit`.
pub(super) async fn update_register(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<RegisterForm>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let register = caller.read(move |ctx, tx| stored_register(ctx, tx, key)).await?;
    let (stands, sent) = (register.clone(), typed.clone());
    let written =
        caller.write(move |ctx, tx| update(ctx, tx, stands.id, sent.content(Some(&stands))?).map(drop)).await;
    match written {
        Ok(()) => Ok(saved(&caller, address(&register))),
        Err(error) => {
            Ok(form_again(error, |error| page(caller.shell(), Some(&register), &typed, Some(error)))?)
        }
    }
}

/// `POST /cash/registers/{id}/delete`.
pub(super) async fn delete_register(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceDelete)?;
    let register = caller.read(move |ctx, tx| stored_register(ctx, tx, key)).await?;
    let id = register.id;
    match caller.write(move |ctx, tx| delete(ctx, tx, id)).await {
        Ok(()) => {
            let said = Text::new("cash-register-deleted");
            Ok(Go::to("/cash").done(&caller.words(), &said).into_response())
        }
        Err(error) if error.kind() == kernel::Kind::Conflict => {
            let said = caller.words().say(error.text());
            Ok(Go::to(address(&register)).toast(Tone::Error, said).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
