//! Registers: made, renamed, opened and closed.

use context::{Ctx, Permission, next_number};
use db::Tx;
use kernel::{Checks, Error, Id, Money, Result, Text};
use serde_json::{Value, json};

use crate::{MAX_NAME, NewRegister, Register, RegisterKind, store};

/// The series of register numbers.
const SERIES: &str = "cash_register";

/// What a register is called that is made when the first money moves and nobody made one: a name that people change,
/// not a message.
const fn first_name(kind: RegisterKind) -> &'static str {
    match kind {
        RegisterKind::Cash => "Asosiy kassa",
        RegisterKind::Bank => "Hisob raqam",
    }
}

// tidy: no permission: part of whatever moves the money, which has asked
/// The register that is taken where nobody names one of this kind; made when there is none.
pub fn default_register(ctx: &Ctx, tx: &mut Tx, kind: RegisterKind) -> Result<Register> {
    if let Some(register) = store::registers::find_default(ctx, tx, kind)? {
        return Ok(register);
    }
    let name = first_name(kind).to_owned();
    let register =
        made(ctx, tx, NewRegister { name, kind, is_default: true, may_be_negative: false, active: true })?;
    if store::registers::insert_first(ctx, tx, &register)? {
        ctx.audit_new(tx, "cash_register.create", "cash_register", register.id, &audited(&register))?;
    }
    let found = store::registers::find_default(ctx, tx, kind)?;
    found.ok_or_else(|| Error::conflict(Text::new("cash-register-default-missing")))
}

/// Makes a register. The first one of its kind is the default one.
pub fn create_register(ctx: &Ctx, tx: &mut Tx, new: NewRegister) -> Result<Register> {
    ctx.require(Permission::FinanceEdit)?;
    let mut new = checked(new)?;
    let register = made(ctx, tx, new.clone())?;
    new.is_default |= new.active && store::registers::find_default(ctx, tx, new.kind)?.is_none();
    if new.is_default {
        store::registers::clear_default(ctx, tx, new.kind)?;
    }
    let register = Register { is_default: new.is_default, ..register };
    store::registers::insert(ctx, tx, &register)?;
    ctx.audit_new(tx, "cash_register.create", "cash_register", register.id, &audited(&register))?;
    Ok(register)
}

/// Changes a register. Only an empty one closes; the default one stays open and stays the default one until another
/// becomes it; its kind stays.
pub fn update_register(ctx: &Ctx, tx: &mut Tx, id: Id<Register>, new: NewRegister) -> Result<Register> {
    ctx.require(Permission::FinanceEdit)?;
    let before = store::registers::lock(ctx, tx, id)?;
    let NewRegister { name, kind, is_default, may_be_negative, active } = checked(new)?;
    let is_default = is_default || before.is_default;
    let mut checks = Checks::new();
    checks.hold(kind == before.kind, "kind", Text::new("cash-register-kind-stays"));
    checks.hold(active || !is_default, "active", Text::new("cash-register-default-stays-open"));
    let below = may_be_negative || !before.balance.is_negative();
    checks.hold(below, "may_be_negative", Text::new("cash-register-is-negative"));
    checks.done()?;
    if !active && !before.balance.is_zero() {
        let text = Text::new("cash-register-is-not-empty").with("balance", before.balance);
        return Err(Error::conflict(text.with("register", before.name)));
    }
    if is_default && !before.is_default {
        store::registers::clear_default(ctx, tx, kind)?;
    }
    let after = Register { name, is_default, may_be_negative, active, ..before.clone() };
    if after != before {
        store::registers::update(ctx, tx, &after)?;
        let (was, is) = (audited(&before), audited(&after));
        ctx.audit(tx, "cash_register.update", "cash_register", id, Some(&was), Some(&is))?;
    }
    Ok(after)
}

/// Deletes a register through which no money ever went, and which is not the default one.
pub fn delete_register(ctx: &Ctx, tx: &mut Tx, id: Id<Register>) -> Result<()> {
    ctx.require(Permission::FinanceDelete)?;
    let stands = store::registers::lock(ctx, tx, id)?;
    if stands.transactions > 0 {
        return Err(Error::conflict(Text::new("cash-register-has-transactions")));
    }
    if stands.is_default {
        return Err(Error::conflict(Text::new("cash-register-is-default")));
    }
    store::registers::delete(ctx, tx, id)?;
    ctx.audit(tx, "cash_register.delete", "cash_register", id, Some(&audited(&stands)), None::<&()>)
}

fn checked(new: NewRegister) -> Result<NewRegister> {
    let mut checks = Checks::new();
    let name = checks.required_line("name", &new.name, MAX_NAME);
    let till = new.kind == RegisterKind::Cash && new.may_be_negative;
    checks.hold(!till, "may_be_negative", Text::new("cash-register-till-below-zero"));
    checks.hold(new.active || !new.is_default, "active", Text::new("cash-register-default-stays-open"));
    checks.done()?;
    Ok(NewRegister { name, ..new })
}

fn made(ctx: &Ctx, tx: &mut Tx, new: NewRegister) -> Result<Register> {
    let NewRegister { name, kind, is_default, may_be_negative, active } = new;
    Ok(Register {
        id: ctx.new_id(),
        number: next_number(ctx, tx, SERIES)?,
        name,
        kind,
        is_default,
        may_be_negative,
        active,
        balance: Money::ZERO,
        transactions: 0,
        created_at: ctx.now(),
    })
}

fn audited(register: &Register) -> Value {
    let Register {
        id: _,
        number,
        name,
        kind,
        is_default,
        may_be_negative,
        active,
        balance: _,
        transactions: _,
        created_at: _,
    } = register;
    json!({ "number": number, "name": name, "kind": kind.word(), "is_default": is_default,
            "may_be_negative": may_be_negative, "active": active })
}
