//! The forms of money that comes in and of money that goes out.

use axum::{extract::Path, response::Response};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Checks, Date, Error, Id, Money, Result, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{Choice, Field, Form, FormPage, Shell, form_again, render},
};

use super::{address, beside_amount, recorded, som};
use crate::{
    Flow, MAX_NOTE, MoveMoney, Register, TransactionKind, post_transaction,
    seen::{named_contact, seen_register, stored_register},
};

/// What the form sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct MoveForm {
    kind: String,
    amount: String,
    date: String,
    contact_id: String,
    contact_id_shown: String,
    note: String,
}

impl MoveForm {
    fn empty(today: Date, flow: Flow) -> Self {
        let kind = by_hand(flow).next().map(TransactionKind::word).unwrap_or_default();
        Self { kind: kind.to_owned(), date: today.to_string(), ..Self::default() }
    }

    /// What the action takes, or everything that is wrong with what was typed.
    fn input(&self, ctx: &Ctx, tx: &mut ReadTx, register: Id<Register>) -> Result<MoveMoney> {
        let mut checks = Checks::new();
        let unknown = |()| Error::invalid(Text::new("cash-kind-unknown"));
        let kind = checks.take("kind", self.kind.parse::<TransactionKind>().map_err(unknown));
        let amount = checks.take("amount", Money::parse(&self.amount));
        let on = checks.take("date", Date::parse(&self.date));
        let said = |text: &str| !text.trim().is_empty();
        let contact = match said(&self.contact_id) || said(&self.contact_id_shown) {
            true => {
                let choose = |_| Error::invalid(Text::new("cash-contact-choose"));
                checks.take("contact_id", self.contact_id.trim().parse::<i64>().map_err(choose))
            }
            false => None,
        };
        checks.done()?;
        let missing = || Error::internal("a field that was read is not there");
        let contact = contact.map(|number| named_contact(ctx, tx, number)).transpose()?;
        Ok(MoveMoney {
            register: Some(register),
            kind: kind.ok_or_else(missing)?,
            amount: amount.ok_or_else(missing)?,
            contact,
            on: on.ok_or_else(missing)?,
            note: self.note.clone(),
        })
    }
}

/// What people record by hand of what goes this way.
fn by_hand(flow: Flow) -> impl Iterator<Item = TransactionKind> {
    let own = move |kind: &TransactionKind| kind.by_hand().is_some_and(|(own, _)| own == flow);
    TransactionKind::ALL.into_iter().filter(own)
}

fn kinds(p: &Shell, flow: Flow) -> Vec<Choice> {
    by_hand(flow).map(|kind| Choice::new(kind.word(), p.t(kind.text_key()))).collect()
}

fn page(p: Shell, register: &Register, flow: Flow, typed: &MoveForm, error: Option<&Error>) -> FormPage {
    let back = address(register);
    let (title, submit) = match flow {
        Flow::In => ("cash-in-title", "cash-in-record"),
        Flow::Out => ("cash-out-title", "cash-out-record"),
    };
    let p = p.titled(title).crumb("/cash", "cash-menu-cash");
    let p = p.crumb_named(back.clone(), register.name.as_str()).narrow();
    let holds = p.t1("cash-register-holds", "balance", som(&p, register.balance));
    let contact = Field::combobox(
        "contact_id",
        if flow == Flow::In { "cash-field-from-whom" } else { "cash-field-to-whom" },
        "/contacts/options",
        &typed.contact_id,
        &typed.contact_id_shown,
    );
    let form = Form::new(&p, format!("{back}/{}", flow.word()))
        .error(error)
        .field(Field::select("kind", "cash-field-kind", kinds(&p, flow)).value(&typed.kind).required())
        .field(Field::money("amount", "cash-field-amount").value(&typed.amount).required().focus().half())
        .field(Field::date("date", "cash-field-date").value(&typed.date).required().half())
        .field(contact)
        .field(Field::text("note", "cash-field-note").value(&typed.note).max(note_chars()))
        .submit(submit)
        .cancel(back);
    FormPage::new(p, form).notice(web::pages::Notice::new(web::pages::Tone::Info, holds))
}

pub(super) fn note_chars() -> u16 {
    u16::try_from(MAX_NOTE).unwrap_or(u16::MAX)
}

/// `GET /cash/registers/{id}/in`.
pub(super) async fn money_in_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    empty_page(caller, key, Flow::In).await
}

/// `GET /cash/registers/{id}/out`.
pub(super) async fn money_out_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    empty_page(caller, key, Flow::Out).await
}

/// `POST /cash/registers/{id}/in`.
pub(super) async fn take_money_in(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<MoveForm>,
) -> web::Result<Response> {
    sent(caller, key, Flow::In, typed).await
}

/// `POST /cash/registers/{id}/out`.
pub(super) async fn pay_money_out(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<MoveForm>,
) -> web::Result<Response> {
    sent(caller, key, Flow::Out, typed).await
}

async fn empty_page(caller: Caller, key: RowKey, flow: Flow) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceCreate)?;
    let register = caller.read(move |ctx, tx| seen_register(ctx, tx, key)).await?;
    let typed = MoveForm::empty(caller.ctx.today(), flow);
    Ok(render(&page(caller.shell(), &register, flow, &typed, None)))
}

async fn sent(caller: Caller, key: RowKey, flow: Flow, typed: MoveForm) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceCreate)?;
    let register = caller.read(move |ctx, tx| stored_register(ctx, tx, key)).await?;
    let (id, sent) = (register.id, typed.clone());
    let made = caller
        .once(move |ctx, tx| {
            let input = sent.input(ctx, tx, id)?;
            if by_hand(flow).all(|kind| kind != input.kind) {
                return Err(Error::field("kind", Text::new("cash-kind-unknown")));
            }
            let (made, _) = post_transaction(ctx, tx, input)?;
            Ok(made.number)
        })
        .await;
    match made {
        Ok(number) => Ok(recorded(&caller, address(&register), number)),
        Err(error) => {
            let again = |error: &Error| page(caller.shell(), &register, flow, &typed, Some(error));
            Ok(form_again(beside_amount(error), again)?)
        }
    }
}
