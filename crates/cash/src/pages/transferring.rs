//! The form of a transfer.

use axum::{extract::Path, response::Response};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Checks, Date, Error, Id, Money, Result, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{Field, Form, FormPage, Notice, Shell, Tone, form_again, render},
};

use super::{address, beside_amount, choices, moving::note_chars, recorded, som};
use crate::{
    Register, Transfer, registers,
    seen::{named_register, seen_register, stored_register},
    transfer,
};

/// What the form sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct TransferForm {
    to_register_id: String,
    amount: String,
    date: String,
    note: String,
}

impl TransferForm {
    fn input(&self, ctx: &Ctx, tx: &mut ReadTx, from: Id<Register>) -> Result<Transfer> {
        let mut checks = Checks::new();
        let unknown = |_| Error::invalid(Text::new("cash-register-unknown"));
        let to = checks.take("to_register_id", self.to_register_id.trim().parse::<i64>().map_err(unknown));
        let amount = checks.take("amount", Money::parse(&self.amount));
        let on = checks.take("date", Date::parse(&self.date));
        checks.done()?;
        let missing = || Error::internal("a field that was read is not there");
        Ok(Transfer {
            from,
            to: named_register(ctx, tx, to.ok_or_else(missing)?, "to_register_id")?,
            amount: amount.ok_or_else(missing)?,
            on: on.ok_or_else(missing)?,
            note: self.note.clone(),
        })
    }
}

fn page(
    p: Shell,
    from: &Register,
    others: &[Register],
    typed: &TransferForm,
    error: Option<&Error>,
) -> FormPage {
    let back = address(from);
    let p = p.titled("cash-transfer-title").crumb("/cash", "cash-menu-cash");
    let p = p.crumb_named(back.clone(), from.name.as_str()).narrow();
    let holds = p.t1("cash-register-holds", "balance", som(&p, from.balance));
    let to = Field::select("to_register_id", "cash-field-to-register", choices(&p, others));
    // An error of the register itself stands above the form: it is not asked for here.
    let form = Form::new(&p, format!("{back}/transfer"))
        .error(error)
        .field(to.value(&typed.to_register_id).required())
        .field(Field::money("amount", "cash-field-amount").value(&typed.amount).required().focus().half())
        .field(Field::date("date", "cash-field-date").value(&typed.date).required().half())
        .field(Field::text("note", "cash-field-note").value(&typed.note).max(note_chars()))
        .submit("cash-transfer-record")
        .cancel(back);
    FormPage::new(p, form).notice(Notice::new(Tone::Info, holds))
}

fn others(ctx: &Ctx, tx: &mut ReadTx, from: &Register) -> Result<Vec<Register>> {
    let mut all = registers(ctx, tx)?;
    all.retain(|register| register.id != from.id);
    Ok(all)
}

/// `GET /cash/registers/{id}/transfer`.
pub(super) async fn transfer_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceCreate)?;
    let (from, others) = caller
        .read(move |ctx, tx| {
            let from = seen_register(ctx, tx, key)?;
            let others = others(ctx, tx, &from)?;
            Ok((from, others))
        })
        .await?;
    let typed = TransferForm { date: caller.ctx.today().to_string(), ..TransferForm::default() };
    Ok(render(&page(caller.shell(), &from, &others, &typed, None)))
}

/// `POST /cash/registers/{id}/transfer`.
pub(super) async fn transfer_money(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<TransferForm>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceCreate)?;
    let (from, others) = caller
        .read(move |ctx, tx| {
            let from = stored_register(ctx, tx, key)?;
            let others = others(ctx, tx, &from)?;
            Ok((from, others))
        })
        .await?;
    let (id, sent) = (from.id, typed.clone());
    let made = caller
        .once(move |ctx, tx| {
            let input = sent.input(ctx, tx, id)?;
            let ([out, _], _) = transfer(ctx, tx, input)?;
            Ok(out.number)
        })
        .await;
    match made {
        Ok(number) => Ok(recorded(&caller, address(&from), number)),
        Err(error) => {
            let again = |error: &Error| page(caller.shell(), &from, &others, &typed, Some(error));
            Ok(form_again(beside_amount(error), again)?)
        }
    }
}
