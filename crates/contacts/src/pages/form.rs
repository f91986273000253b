//! The form of a contact.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Checks, Error, Lang, Money, Phone, Result, Text, Tin};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{Choice, Field, Form, FormPage, Go, Shell, form_again, render},
};

use crate::{
    Contact, ContactKind, NewContact, api::find, create_contact as create, update_contact as update,
};

/// What the form sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ContactForm {
    name: String,
    phone: String,
    language: String,
    kind: String,
    tin: String,
    email: String,
    address: String,
    is_customer: String,
    is_supplier: String,
    credit_limit: String,
    note: String,
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn ticked(yes: bool) -> String {
    if yes { "true".to_owned() } else { String::new() }
}

impl ContactForm {
    fn empty(lang: Lang) -> Self {
        let kind = ContactKind::default().word().to_owned();
        Self { language: lang.code().to_owned(), kind, is_customer: ticked(true), ..Self::default() }
    }

    fn of(contact: &Contact) -> Self {
        let NewContact {
            name,
            phone,
            lang,
            kind,
            tin,
            email,
            address,
            is_customer,
            is_supplier,
            credit_limit,
            note,
        } = contact.content();
        Self {
            name,
            phone: phone.map(|phone| phone.pretty()).unwrap_or_default(),
            language: lang.code().to_owned(),
            kind: kind.word().to_owned(),
            tin: tin.map(|tin| tin.to_string()).unwrap_or_default(),
            email: email.unwrap_or_default(),
            address: address.unwrap_or_default(),
            is_customer: ticked(is_customer),
            is_supplier: ticked(is_supplier),
            credit_limit: credit_limit.map(|limit| limit.to_string()).unwrap_or_default(),
            note: note.unwrap_or_default(),
        }
    }

    /// The input of the action, or everything that is wrong.
    fn check(&self) -> Result<NewContact> {
        let mut checks = Checks::new();
        let phone = given(&self.phone).and_then(|text| checks.take("phone", Phone::parse(text)));
        let tin = given(&self.tin).and_then(|text| checks.take("tin", Tin::parse(text)));
        let credit_limit =
            given(&self.credit_limit).and_then(|text| checks.take("credit_limit", Money::parse(text)));
        let kind = given(&self.kind).and_then(|word| checks.take("kind", word.parse::<ContactKind>()));
        let owned = |text: &str| given(text).map(str::to_owned);
        let content = NewContact {
            name: self.name.clone(),
            phone,
            lang: Lang::parse(&self.language).unwrap_or_default(),
            kind: kind.unwrap_or_default(),
            tin,
            email: owned(&self.email),
            address: owned(&self.address),
            is_customer: self.is_customer == "true",
            is_supplier: self.is_supplier == "true",
            credit_limit,
            note: owned(&self.note),
        };
        checks.take_all(content.clone().checked());
        checks.done().map(|()| content)
    }
}

fn page(p: Shell, number: Option<i64>, typed: &ContactForm, error: Option<&Error>) -> FormPage {
    let (action, back, title) = match number {
        None => ("/contacts/new".to_owned(), "/contacts".to_owned(), "contacts-new"),
        Some(number) => {
            (format!("/contacts/{number}/edit"), format!("/contacts/{number}"), "contacts-edit-title")
        }
    };
    let p = p.titled(title).crumb("/contacts", "contacts-menu").narrow();
    let kinds = ContactKind::ALL.map(|kind| Choice::new(kind.word(), p.t(kind.text_key()))).to_vec();
    let langs = Lang::ALL.map(|lang| Choice::new(lang.code(), lang.name())).to_vec();
    let form = Form::new(&p, action)
        .error(error)
        .field(Field::text("name", "contacts-field-name").value(&typed.name).required().focus().max(200))
        .field(Field::phone("phone", "contacts-field-phone").value(&typed.phone).half())
        .field(Field::email("email", "contacts-field-email").value(&typed.email).autocomplete("off").half())
        .field(Field::select("kind", "contacts-field-kind", kinds).value(&typed.kind).required().half())
        .field(Field::text("tin", "contacts-field-tin").value(&typed.tin).half().max(20))
        .field(
            Field::select("language", "contacts-field-language", langs)
                .value(&typed.language)
                .required()
                .half(),
        )
        .field(
            Field::money("credit_limit", "contacts-field-credit-limit")
                .value(&typed.credit_limit)
                .half()
                .help("contacts-field-credit-limit-help"),
        )
        .field(Field::check("is_customer", "contacts-customer").checked(typed.is_customer == "true").half())
        .field(Field::check("is_supplier", "contacts-supplier").checked(typed.is_supplier == "true").half())
        .field(Field::area("address", "contacts-field-address").value(&typed.address))
        .field(Field::area("note", "contacts-field-note").value(&typed.note))
        .cancel(back);
    FormPage::new(p, form)
}

/// `GET /contacts/new`.
pub(super) async fn new_contact_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::SalesCreate)?;
    let typed = ContactForm::empty(caller.ctx.lang());
    Ok(render(&page(caller.shell(), None, &typed, None)))
}

/// `POST /contacts/new`.
pub(super) async fn create_contact(
    caller: Caller,
    web::Form(typed): web::Form<ContactForm>,
) -> web::Result<Response> {
    let sent = typed.clone();
    match caller.once(move |ctx, tx| Ok(create(ctx, tx, sent.check()?)?.number)).await {
        Ok(number) => {
            let done = Text::new("contacts-created");
            Ok(Go::to(format!("/contacts/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), None, &typed, Some(error)))?),
    }
}

/// `GET /contacts/{id}/edit`.
pub(super) async fn edit_contact_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::SalesEdit)?;
    let contact = caller.read(move |ctx, tx| find(ctx, tx, key)).await?;
    Ok(render(&page(caller.shell(), Some(contact.number), &ContactForm::of(&contact), None)))
}

/// `POST /contacts/{id}/edit`.
pub(super) async fn update_contact(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<ContactForm>,
) -> web::Result<Response> {
    let contact = caller.read(move |ctx, tx| find(ctx, tx, key)).await?;
    let (id, number, sent) = (contact.id, contact.number, typed.clone());
    match caller.write(move |ctx, tx| update(ctx, tx, id, sent.check()?)).await {
        Ok(_) => {
            let done = Text::new("contacts-saved");
            Ok(Go::to(format!("/contacts/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), Some(number), &typed, Some(error)))?),
    }
}
