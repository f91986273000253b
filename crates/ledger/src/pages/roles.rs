//! The settings of the books: which account each role is.

use axum::response::{IntoResponse, Response};
use context::Permission;
use kernel::{Error, Text};
use web::{
    Caller, Multi,
    pages::{Field, Form, FormPage, Go, Shell, form_again, render},
};

use crate::{Role, role_accounts, set_role_accounts};

fn page(p: Shell, typed: &[(Role, String, String)], error: Option<&Error>) -> FormPage {
    let p = p.titled("ledger-menu-roles").lead("ledger-roles-lead");
    let may = p.can(Permission::SettingsEdit);
    let mut form = Form::new(&p, "/settings/ledger").error(error);
    for (role, code, shown) in typed {
        let field =
            Field::combobox(role.word(), role.text_key(), "/ledger/accounts/options", code, shown).required();
        form = form.field(if may { field.half() } else { field.half().disabled() });
    }
    FormPage::new(p, form)
}

/// `GET /settings/ledger`.
pub(super) async fn roles_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::SettingsRead)?;
    let lang = caller.ctx.lang();
    let stands = caller.read(role_accounts).await?;
    let typed: Vec<_> =
        stands.into_iter().map(|(role, account)| (role, account.code.clone(), account.label(lang))).collect();
    Ok(render(&page(caller.shell(), &typed, None)))
}

/// `POST /settings/ledger`.
pub(super) async fn save_roles(caller: Caller, form: Multi) -> web::Result<Response> {
    let sent = |role: &Role| {
        let shown = form.get(&format!("{}_shown", role.word())).to_owned();
        (*role, form.get(role.word()).trim().to_owned(), shown)
    };
    let typed: Vec<_> = Role::ALL.iter().map(sent).collect();
    let chosen: Vec<_> = typed.iter().map(|(role, code, _)| (*role, code.clone())).collect();
    match caller.write(move |ctx, tx| set_role_accounts(ctx, tx, &chosen).map(drop)).await {
        Ok(()) => {
            let done = Text::new("ledger-roles-saved");
            Ok(Go::to("/settings/ledger").done(&caller.words(), &done).into_response())
        }
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), &typed, Some(error)))?),
    }
}
