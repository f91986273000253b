//! The SQL of the contacts' tables.

use std::collections::HashMap;

use context::Ctx;
use db::{
    OnConstraint, ReadTx, Row, ToValue, Tx, Value, params,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};
use kernel::{Error, Id, Page, PageRequest, Result, Text};

use crate::{Contact, ContactFilter, ContactOrder, NewContact, contact::joined_digits};

/// Values of a list in one statement; a longer list takes several.
const VALUES_AT_ONCE: usize = 512;
/// Words of a question that are looked at.
const WORDS_AT_MOST: usize = 8;
/// Shorter words of a question must stand as they are.
const PREFIX_CHARS: usize = 2;
/// Stands behind every text that begins with what is before it, in byte order.
const AFTER_ALL: char = '\u{10ffff}';

/// `SELECT` of whole contacts; what follows narrows it. `$1` is the workspace.
macro_rules! select_contacts {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, name, phone, lang, kind, tin, email, address, is_customer, is_supplier,
                    credit_limit_tiyin, note, created_at_ms, updated_at_ms, deleted_at_ms
             FROM contacts_contact WHERE workspace_id = $1 ",
            $rest
        )
    };
}

fn contact(row: &Row<'_>) -> Result<Contact> {
    Ok(Contact {
        id: row.get(0)?,
        number: row.get(1)?,
        name: row.get(2)?,
        phone: row.get(3)?,
        lang: row.get(4)?,
        kind: row.parse(5)?,
        tin: row.get(6)?,
        email: row.get(7)?,
        address: row.get(8)?,
        is_customer: row.get(9)?,
        is_supplier: row.get(10)?,
        credit_limit: row.get(11)?,
        note: row.get(12)?,
        created_at: row.get(13)?,
        updated_at: row.get(14)?,
        deleted_at: row.get(15)?,
    })
}

/// The contact, deleted or not.
pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Contact>) -> Result<Contact> {
    tx.query_one(select_contacts!("AND id = $2"), params![ctx.workspace(), id], contact)
}

/// The contact, not deleted, held until the end of the transaction.
pub(crate) fn get_for_update(ctx: &Ctx, tx: &mut Tx, id: Id<Contact>) -> Result<Contact> {
    let sql = select_contacts!("AND id = $2 AND deleted_at_ms IS NULL FOR UPDATE");
    tx.query_one(sql, params![ctx.workspace(), id], contact)
}

/// The contact with this phone, not deleted.
pub(crate) fn find_by_phone(ctx: &Ctx, tx: &mut ReadTx, phone: &str) -> Result<Option<Contact>> {
    let sql = select_contacts!("AND phone = $2 AND phone IS NOT NULL AND deleted_at_ms IS NULL");
    tx.query_opt(sql, params![ctx.workspace(), phone], contact)
}

/// The contacts with these ids, deleted or not, in the order of the ids; unknown ids are left out.
pub(crate) fn get_many(ctx: &Ctx, tx: &mut ReadTx, ids: &[Id<Contact>]) -> Result<Vec<Contact>> {
    let mut found = list_where(ctx, tx, ids, |places| format!(select_contacts!("AND id IN ({})"), places))?;
    let places: HashMap<_, _> = ids.iter().enumerate().map(|(n, id)| (*id, n)).collect();
    found.sort_by_key(|contact| places.get(&contact.id).copied().unwrap_or(usize::MAX));
    Ok(found)
}

/// The contacts with these numbers, not deleted.
pub(crate) fn list_by_numbers(ctx: &Ctx, tx: &mut ReadTx, numbers: &[i64]) -> Result<Vec<Contact>> {
    list_where(ctx, tx, numbers, |places| {
        format!(select_contacts!("AND deleted_at_ms IS NULL AND number IN ({})"), places)
    })
}

/// The contacts that `sql` finds by `values`, which it takes in parts.
fn list_where<T: ToValue + Copy>(
    ctx: &Ctx,
    tx: &mut ReadTx,
    values: &[T],
    sql: impl Fn(String) -> String,
) -> Result<Vec<Contact>> {
    let mut found = Vec::with_capacity(values.len());
    for part in values.chunks(VALUES_AT_ONCE) {
        // Padded to a power of two, so that lists of many lengths share few statements.
        let mut values = vec![Value::Uuid(ctx.workspace().uuid())];
        values.extend(part.iter().map(ToValue::to_value));
        if let Some(last) = part.last() {
            values.resize(1 + part.len().next_power_of_two(), last.to_value());
        }
        found.extend(tx.query(&sql(places(2, values.len() - 1)), &values, contact)?);
    }
    Ok(found)
}

fn places(from: usize, count: usize) -> String {
    (from..from + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// The part `page` of the contacts that fit, and how many there are.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ContactFilter,
    page: PageRequest,
) -> Result<Page<Contact>> {
    let ContactFilter { q, is_customer, is_supplier, phone, tin, order, descending } = filter;
    let mut select = Query::select();
    select
        .column("id")
        .from("contacts_contact")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(Expr::col("deleted_at_ms").is_null())
        .and_where_option(is_customer.map(|yes| Expr::col("is_customer").eq(yes)))
        .and_where_option(is_supplier.map(|yes| Expr::col("is_supplier").eq(yes)))
        .and_where_option(phone.as_ref().map(|phone| Expr::col("phone").eq(phone.to_value())))
        .and_where_option(tin.as_ref().map(|tin| Expr::col("tin").eq(tin.to_value())));
    if let Some(question) = q {
        let mut words = uztext::tokens(&joined_digits(question));
        words.truncate(WORDS_AT_MOST);
        if words.is_empty() {
            return Ok(Page::new(page, 0, Vec::new()));
        }
        for word in &words {
            select.and_where(Expr::col("id").in_subquery(contacts_with(ctx, word)));
        }
    }
    let direction = if *descending { Order::Desc } else { Order::Asc };
    match order {
        ContactOrder::Name => select.order_by("sort_key", direction.clone()).order_by("id", direction),
        ContactOrder::Number => select.order_by("number", direction),
    };
    let ids = tx.page(&select.take(), page, |row| row.get::<Id<Contact>>(0))?;
    let contacts = get_many(ctx, tx, &ids.results)?;
    Ok(Page::new(page, ids.count, contacts))
}

fn contacts_with(ctx: &Ctx, word: &str) -> SelectStatement {
    let mut select = Query::select();
    select
        .column("contact_id")
        .from("contacts_word")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()));
    if word.chars().count() < PREFIX_CHARS {
        select.and_where(Expr::col("word").eq(word));
    } else {
        select
            .and_where(Expr::col("word").gte(word))
            .and_where(Expr::col("word").lt(format!("{word}{AFTER_ALL}")));
    }
    select.take()
}

fn phone_taken() -> Error {
    Error::field("phone", Text::new("contacts-phone-in-use"))
}

/// Writes a new contact and its words.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, contact: &Contact) -> Result<()> {
    let Contact {
        id,
        number,
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
        created_at,
        updated_at,
        deleted_at,
    } = contact;
    tx.execute_one(
        "INSERT INTO contacts_contact (workspace_id, id, number, name, sort_key, phone, lang, kind, tin, email,
             address, is_customer, is_supplier, credit_limit_tiyin, note, created_at_ms, updated_at_ms, deleted_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        params![
            ctx.workspace(),
            id,
            number,
            name,
            uztext::sort_key(name),
            phone,
            lang,
            kind.word(),
            tin,
            email,
            address,
            is_customer,
            is_supplier,
            credit_limit,
            note,
            created_at,
            updated_at,
            deleted_at
        ],
    )
    .on_unique(phone_taken)?;
    insert_words(ctx, tx, *id, &contact.content().words())
}

/// Writes new content into a contact that is not deleted, and keeps its words with it.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, before: &Contact, content: &NewContact) -> Result<()> {
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
    } = content;
    tx.execute_one(
        "UPDATE contacts_contact SET name = $3, sort_key = $4, phone = $5, lang = $6, kind = $7, tin = $8,
             email = $9, address = $10, is_customer = $11, is_supplier = $12, credit_limit_tiyin = $13, note = $14,
             updated_at_ms = $15
         WHERE workspace_id = $1 AND id = $2 AND deleted_at_ms IS NULL",
        params![
            ctx.workspace(),
            before.id,
            name,
            uztext::sort_key(name),
            phone,
            lang,
            kind.word(),
            tin,
            email,
            address,
            is_customer,
            is_supplier,
            credit_limit,
            note,
            ctx.now()
        ],
    )
    .on_unique(phone_taken)?;
    let words = content.words();
    if words == before.content().words() {
        return Ok(());
    }
    delete_words(ctx, tx, before.id)?;
    insert_words(ctx, tx, before.id, &words)
}

fn insert_words(ctx: &Ctx, tx: &mut Tx, contact: Id<Contact>, words: &[String]) -> Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = (3..3 + words.len()).map(|n| format!("($1, ${n}, $2)")).collect();
    let sql =
        format!("INSERT INTO contacts_word (workspace_id, word, contact_id) VALUES {}", rows.join(", "));
    let mut values: Vec<Value<'_>> = vec![Value::Uuid(ctx.workspace().uuid()), Value::Uuid(contact.uuid())];
    values.extend(words.iter().map(ToValue::to_value));
    tx.execute(&sql, &values)?;
    Ok(())
}

/// Takes all the contact's words away: it is found no more.
pub(crate) fn delete_words(ctx: &Ctx, tx: &mut Tx, contact: Id<Contact>) -> Result<()> {
    tx.execute(
        "DELETE FROM contacts_word WHERE workspace_id = $1 AND contact_id = $2",
        params![ctx.workspace(), contact],
    )?;
    Ok(())
}

/// Marks the contact as deleted.
pub(crate) fn set_deleted(ctx: &Ctx, tx: &mut Tx, id: Id<Contact>) -> Result<()> {
    tx.execute_one(
        "UPDATE contacts_contact SET deleted_at_ms = $3, updated_at_ms = $3
         WHERE workspace_id = $1 AND id = $2 AND deleted_at_ms IS NULL",
        params![ctx.workspace(), id, ctx.now()],
    )
}

/// Takes the contact's row away; the database refuses while another row names it.
pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Contact>) -> Result<()> {
    tx.execute_one(
        "DELETE FROM contacts_contact WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
    )
}

/// How many contacts the workspace has.
pub(crate) fn count(ctx: &Ctx, tx: &mut ReadTx) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM contacts_contact WHERE workspace_id = $1 AND deleted_at_ms IS NULL";
    tx.query_one(sql, params![ctx.workspace()], |row| row.get(0))
}
