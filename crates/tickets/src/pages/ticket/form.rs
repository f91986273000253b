//! `/desk/new`: a ticket for somebody who called or came by.

use axum::response::{IntoResponse, Response};
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Error, Result, Text};
use serde::Deserialize;
use web::{
    Caller, Form as Sent,
    pages::{Choice, Field, Form, FormPage, Go, Shell, form_again, render},
};

use super::super::under;
use crate::{
    By, Category, Opening, Said, actions,
    api::{category_at, user_at},
    reads,
};

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct TicketForm {
    contact: String,
    contact_shown: String,
    category: String,
    text: String,
}

/// What the form shows beside what was typed.
struct Shown {
    categories: Vec<Category>,
    contact: String,
}

fn shown(ctx: &Ctx, tx: &mut ReadTx, typed: &TicketForm) -> Result<Shown> {
    let mut categories = reads::categories(ctx, tx)?;
    categories.retain(|category| category.is_active);
    let contact = match typed.contact.parse() {
        Ok(number) => contacts::find_by_number(ctx, tx, number)?.map(|contact| contact.name),
        Err(_) => None,
    };
    Ok(Shown { categories, contact: contact.unwrap_or_else(|| typed.contact_shown.clone()) })
}

fn form_page(p: Shell, typed: &TicketForm, shown: Shown, error: Option<&Error>) -> FormPage {
    let p = under(p.titled("tickets-new").narrow());
    let categories = shown
        .categories
        .iter()
        .map(|category| Choice::new(category.number.to_string(), category.name.get(p.lang())))
        .collect();
    let contact =
        Field::combobox("contact", "tickets-contact", "/contacts/options", &typed.contact, shown.contact);
    let form = Form::new(&p, "/desk/new")
        .error(error)
        .field(contact.required())
        .field(Field::select("category", "tickets-category", categories).value(&typed.category).required())
        .field(Field::area("text", "tickets-what-they-said").value(&typed.text).required())
        .cancel("/desk");
    FormPage::new(p, form)
}

pub(in crate::pages) async fn new_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::TicketsCreate)?;
    let shown = caller.read(|ctx, tx| shown(ctx, tx, &TicketForm::default())).await?;
    Ok(render(&form_page(caller.shell(), &TicketForm::default(), shown, None)))
}

pub(in crate::pages) async fn create(caller: Caller, Sent(form): Sent<TicketForm>) -> web::Result<Response> {
    let sent = form.clone();
    let open = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let missing = |field| Error::field(field, Text::new("kernel-text-missing"));
        let contact = sent.contact.trim().parse().map_err(|_| missing("contact"))?;
        let contact = user_at(ctx, tx, "contact", contact)?;
        let category = sent.category.trim().parse().map_err(|_| missing("category"))?;
        let category = category_at(ctx, tx, "category", category)?;
        let said = Said::words(sent.text.clone()).checked()?;
        let ticket = match actions::open_ticket(ctx, tx, contact, category, None)? {
            Opening::New(ticket) => ticket,
            Opening::AlreadyOpen(ticket) => {
                let text = Text::new("tickets-open-already-number").with("number", ticket.number);
                return Err(Error::field("contact", text));
            }
        };
        actions::add_message(ctx, tx, ticket.id, By::Contact, said)?;
        Ok(ticket.number)
    };
    match caller.once(open).await {
        Ok(number) => {
            let go = Go::to(format!("/desk/{number}"));
            Ok(go.done(&caller.words(), &Text::new("tickets-opened")).into_response())
        }
        Err(error) => {
            let typed = form.clone();
            let shown = caller.read(move |ctx, tx| shown(ctx, tx, &typed)).await?;
            Ok(form_again(error, |error| form_page(caller.shell(), &form, shown, Some(error)))?)
        }
    }
}
