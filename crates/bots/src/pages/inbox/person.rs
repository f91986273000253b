//! Who the person is: the form in the card of the conversation.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Error, Kind, Result, Text};
use serde::Deserialize;
use web::{
    Caller, Form as Posted, RowKey,
    pages::{Action, Field, Form, Go, ListQuery, Shell, form_again},
};

use super::{Asked, Kept, acts::id_of, drawn};
use crate::{
    inbox::{self, Person},
    reads::ConversationSummary,
};

/// What was chosen.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct PersonForm {
    contact_id: String,
    contact_id_shown: String,
    join: String,
}

impl PersonForm {
    fn read(&self) -> Result<Person> {
        let choose = |_| Error::field("contact_id", Text::new("bots-person-choose"));
        let contact = self.contact_id.trim().parse().map_err(choose)?;
        Ok(Person { contact: Some(contact), join: !self.join.is_empty() })
    }
}

/// The form, for whoever may see contacts: the contact that stands there, or what was typed and refused.
pub(super) fn form(p: &Shell, summary: &ConversationSummary, kept: &Kept<'_>) -> Option<Form> {
    if !p.can(Permission::SalesRead) {
        return None;
    }
    let stands = || PersonForm {
        contact_id: summary.contact.as_ref().map(|contact| contact.number.to_string()).unwrap_or_default(),
        contact_id_shown: summary.contact.as_ref().map(|contact| contact.name.clone()).unwrap_or_default(),
        join: String::new(),
    };
    let (typed, error) = match kept {
        Kept::Person { typed, error } => ((*typed).clone(), Some(*error)),
        _ => (stands(), None),
    };
    let contact = Field::combobox(
        "contact_id",
        "bots-person-field",
        "/contacts/options",
        &typed.contact_id,
        &typed.contact_id_shown,
    );
    let mut form = Form::new(p, format!("/conversations/{}/contact", summary.row.id))
        .error(error)
        .field(contact.required());
    let may_join = p.can(Permission::SalesEdit) && p.can(Permission::SalesDelete);
    if summary.contact.is_some() && may_join {
        let join = Field::check("join", "bots-person-join").checked(!typed.join.is_empty());
        form = form.field(join.help("bots-person-join-help"));
    }
    Some(form)
}

/// The button that says that nobody knows who this is, where a contact stands.
pub(super) fn clearing(p: &Shell, summary: &ConversationSummary) -> Option<Action> {
    summary.contact.as_ref()?;
    let path = format!("/conversations/{}/contact/clear", summary.row.id);
    Some(Action::post(p, path, p.t("bots-person-clear")))
}

/// `POST /conversations/{id}/contact`.
pub(super) async fn save(
    caller: Caller,
    Path(key): Path<RowKey>,
    query: ListQuery,
    Posted(typed): Posted<PersonForm>,
) -> web::Result<Response> {
    let id = id_of(key)?;
    let sent = typed.clone();
    match caller.write(move |ctx, tx| inbox::set_person(ctx, tx, id, sent.read()?)).await {
        Ok(()) => Ok(saved(&caller, key)),
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict) => {
            let kept = Kept::Person { typed: &typed, error: &error };
            let page = drawn(&caller, key, Asked::of(query), &kept).await?;
            Ok(form_again(error, |_| page)?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /conversations/{id}/contact/clear`: nobody knows who this is.
pub(super) async fn clear(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id = id_of(key)?;
    let nobody = Person { contact: None, join: false };
    caller.write(move |ctx, tx| inbox::set_person(ctx, tx, id, nobody)).await?;
    Ok(saved(&caller, key))
}

fn saved(caller: &Caller, key: RowKey) -> Response {
    let go = Go::to(format!("/conversations/{key}"));
    go.done(&caller.words(), &Text::new("bots-person-saved")).into_response()
}
