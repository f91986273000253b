//! A list of transactions, of one register or of all.

use context::Ctx;
use db::ReadTx;
use kernel::{Page, Result};
use web::pages::{Cell, Choice, Column, DayRange, Empty, Filter, ListQuery, Row, Shell, Table};

use super::transaction_address;
use crate::{
    Flow, Register, Transaction, TransactionFilter, TransactionKind, registers, seen::SeenTransaction,
};

/// What the query asks for. What names nothing filters nothing.
pub(super) fn filter(
    ctx: &Ctx,
    tx: &mut ReadTx,
    query: &ListQuery,
    register: Option<&Register>,
) -> Result<TransactionFilter> {
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<i64>().ok());
    let DayRange { from, until, .. } = DayRange::asked(query);
    let contact = match number("contact") {
        None => None,
        Some(number) => contacts::find_by_number(ctx, tx, number)?.map(|contact| contact.id),
    };
    let register = match (register, number("register")) {
        (Some(register), _) => Some(register.id),
        (None, None) => None,
        (None, Some(number)) => {
            registers(ctx, tx)?.into_iter().find(|one| one.number == number).map(|one| one.id)
        }
    };
    Ok(TransactionFilter {
        register,
        kind: query.get("kind").and_then(|word| word.parse().ok()),
        flow: query.get("flow").and_then(|word| word.parse().ok()),
        contact,
        from,
        until,
        text: query.q().unwrap_or_default(),
    })
}

/// Where the list stands, and what it is about.
pub(super) struct About<'a> {
    pub(super) path: &'a str,
    /// The registers to choose from, where it is about all of them; a list of one shows what lay there after each.
    pub(super) registers: Option<&'a [Register]>,
}

pub(super) fn table(p: &Shell, about: &About<'_>, query: &ListQuery, page: &Page<SeenTransaction>) -> Table {
    let last = match about.registers {
        None => Column::figures("cash-field-balance-after"),
        Some(_) => Column::new("cash-field-register"),
    };
    let columns = vec![
        Column::main("cash-field-kind"),
        Column::new("cash-field-date"),
        Column::new("cash-field-contact"),
        Column::new("cash-field-note").wide(),
        Column::figures("cash-flow-in"),
        Column::figures("cash-flow-out"),
        last,
    ];
    let empty =
        Empty::new("arrow-down-up", p.t("cash-transactions-empty"), p.t("cash-transactions-empty-hint"));
    let flows = Flow::ALL.map(|flow| Choice::new(flow.word(), p.t(flow.text_key()))).to_vec();
    let kinds = TransactionKind::ALL.map(|kind| Choice::new(kind.word(), p.t(kind.text_key()))).to_vec();
    let mut table = Table::new(&p.words, "transactions", query, columns, page, |seen| cells(p, about, seen))
        .search("cash-transactions-search");
    if let Some(registers) = about.registers {
        let choice = |register: &Register| Choice::new(register.number.to_string(), register.name.as_str());
        let choices = registers.iter().map(choice).collect();
        table = table.filter(Filter::select("register", "cash-field-register", choices));
    }
    table
        .filter(Filter::select("flow", "cash-field-flow", flows))
        .filter(Filter::select("kind", "cash-field-kind", kinds))
        .export(about.path)
        .empty(empty)
}

fn cells(p: &Shell, about: &About<'_>, seen: &SeenTransaction) -> Row {
    let SeenTransaction { transaction, register, contact } = seen;
    let words = |text: &str| if text.is_empty() { Cell::Blank } else { Cell::text(text) };
    let side = |flow| match transaction.flow == flow {
        true => Cell::Money(transaction.amount),
        false => Cell::Blank,
    };
    let number = p.t1("cash-transaction-number", "number", transaction.number.to_string());
    vec![
        Cell::Link { href: transaction_address(transaction), text: what(p, transaction), sub: number },
        Cell::Date(transaction.on),
        words(contact.as_ref().map(|contact| contact.name.as_str()).unwrap_or_default()),
        words(&transaction.note),
        side(Flow::In),
        side(Flow::Out),
        match about.registers {
            None => Cell::Money(transaction.balance_after),
            Some(_) => Cell::text(register.name.as_str()),
        },
    ]
}

/// Why money moved; a reversal says that it is one.
fn what(p: &Shell, transaction: &Transaction) -> String {
    let kind = p.t(transaction.kind.text_key());
    match (transaction.reverses, transaction.reversed_by) {
        (Some(_), _) => format!("{kind} ({})", p.t("cash-transaction-reversal")),
        (None, Some(_)) => format!("{kind} ({})", p.t("cash-transaction-reversed")),
        (None, None) => kind,
    }
}
