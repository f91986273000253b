//! A list of transactions with its filters in a form above it.

use askama::Template;
use context::Ctx;
use db::ReadTx;
use kernel::{Date, Page, Result};
use web::pages::{
    Action, Badge, Cell, Choice, Column, Empty, Field, Form, ListQuery, Row, Shell, Table, Tiles,
};

use super::transaction_address;
use crate::{Flow, Register, TransactionFilter, TransactionKind, registers, seen::SeenTransaction};

/// A list, its filters, its figures.
#[derive(Debug, Template)]
#[template(path = "list.html")]
pub(super) struct FilteredPage {
    pub(super) p: Shell,
    pub(super) badge: Option<Badge>,
    pub(super) actions: Vec<Action>,
    pub(super) filters: Form,
    pub(super) tiles: Tiles,
    pub(super) table: Table,
}

/// The names of the filters, as they stand.
const FILTERS: [&str; 7] = ["from", "until", "register", "flow", "kind", "contact", "q"];

impl FilteredPage {
    fn fields(&self) -> impl Iterator<Item = &Field> {
        FILTERS.iter().filter_map(|name| self.filters.get(name))
    }
}

/// What the query asks for. What names nothing filters nothing.
pub(super) fn filter(
    ctx: &Ctx,
    tx: &mut ReadTx,
    query: &ListQuery,
    register: Option<&Register>,
) -> Result<TransactionFilter> {
    let day = |name: &str| query.get(name).and_then(|text| Date::parse(text).ok());
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<i64>().ok());
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
        from: day("from"),
        until: day("until"),
        text: query.q().unwrap_or_default(),
    })
}

/// The form above the list; `registers` to choose from, where it is about all of them.
pub(super) fn filters(p: &Shell, path: &str, query: &ListQuery, registers: &[Register]) -> Form {
    let value = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let flows = Flow::ALL.map(|flow| Choice::new(flow.word(), p.t(flow.text_key()))).to_vec();
    let kinds = TransactionKind::ALL.map(|kind| Choice::new(kind.word(), p.t(kind.text_key()))).to_vec();
    let contact = Field::combobox(
        "contact",
        "cash-field-contact",
        "/contacts/options",
        value("contact"),
        value("contact_shown"),
    );
    let mut form = Form::new(p, path)
        .field(Field::date("from", "cash-field-from").value(value("from")).quarter())
        .field(Field::date("until", "cash-field-until").value(value("until")).quarter());
    if !registers.is_empty() {
        let choice = |register: &Register| Choice::new(register.number.to_string(), register.name.as_str());
        let field = Field::select("register", "cash-field-register", registers.iter().map(choice).collect());
        form = form.field(field.value(value("register")).quarter());
    }
    form.field(Field::select("flow", "cash-field-flow", flows).value(value("flow")).quarter())
        .field(Field::select("kind", "cash-field-kind", kinds).value(value("kind")).quarter())
        .field(contact.quarter())
        .field(Field::text("q", "cash-field-note").value(value("q")).max(100).quarter())
}

/// The list. Of one register it shows what lay there after each; of all of them it names the register.
pub(super) fn table(
    p: &Shell,
    path: &str,
    query: &ListQuery,
    page: &Page<SeenTransaction>,
    is_of_one: bool,
) -> Table {
    let last = if is_of_one {
        Column::figures("cash-field-balance-after")
    } else {
        Column::new("cash-field-register")
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
    let row = |seen: &SeenTransaction| -> Row {
        let SeenTransaction { transaction, register, contact } = seen;
        let number = p.t1("cash-transaction-number", "number", transaction.number.to_string());
        let text = if transaction.reverses.is_some() {
            format!("{} ({})", p.t(transaction.kind.text_key()), p.t("cash-transaction-reversal"))
        } else {
            p.t(transaction.kind.text_key())
        };
        let text_or_blank = |text: &str| if text.is_empty() { Cell::Blank } else { Cell::text(text) };
        let side = |flow| match transaction.flow == flow {
            true => Cell::Money(transaction.amount),
            false => Cell::Blank,
        };
        vec![
            Cell::Link { href: transaction_address(transaction), text, sub: number },
            Cell::Date(transaction.on),
            text_or_blank(contact.as_ref().map(|contact| contact.name.as_str()).unwrap_or_default()),
            text_or_blank(&transaction.note),
            side(Flow::In),
            side(Flow::Out),
            if is_of_one {
                Cell::Money(transaction.balance_after)
            } else {
                Cell::text(register.name.as_str())
            },
        ]
    };
    let empty =
        Empty::new("arrow-down-up", p.t("cash-transactions-empty"), p.t("cash-transactions-empty-hint"));
    Table::new(&p.words, "transactions", query, columns, page, row).export(path).empty(empty)
}
