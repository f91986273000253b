//! The SQL of applicants, and of the words by which they are found.

use std::collections::HashMap;

use contacts::Contact;
use context::Ctx;
use db::{
    OnConstraint, ReadTx, Row, ToValue, Tx, Value, params,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use kernel::{Error, Id, Page, PageRequest, Result, Text};

use super::{VALUES_AT_ONCE, padded, places};
use crate::{Applicant, Gender, reads::ApplicantFilter};

/// Words of a search that are looked for.
const WORDS_AT_MOST: usize = 8;
/// A word of a search that is shorter must be a whole word.
const PREFIX_CHARS: usize = 2;
/// Stands after every letter.
const AFTER_ALL: char = '\u{10FFFF}';

const COLUMNS: &str =
    "id, contact_id, telegram_id, telegram_chat_id, username, first_name, last_name, gender, birth_date,
     phone, email, region_id, created_at_ms, updated_at_ms, erased_at_ms, chat_ref";

fn applicant(row: &Row<'_>) -> Result<Applicant> {
    let gender: Option<String> = row.get(7)?;
    Ok(Applicant {
        id: row.get(0)?,
        contact: row.get(1)?,
        telegram_id: row.get(2)?,
        telegram_chat_id: row.get(3)?,
        username: row.get(4)?,
        first_name: row.get(5)?,
        last_name: row.get(6)?,
        gender: gender.map(|word| word.parse()).transpose().map_err(|_| Error::internal("no gender"))?,
        birth_date: row.get(8)?,
        phone: row.get(9)?,
        email: row.get(10)?,
        region: row.get(11)?,
        created_at: row.get(12)?,
        updated_at: row.get(13)?,
        erased_at: row.get(14)?,
        chat_ref: row.get(15)?,
    })
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Applicant>) -> Result<Applicant> {
    let sql = format!("SELECT {COLUMNS} FROM applications_applicant WHERE workspace_id = $1 AND id = $2");
    tx.query_one(&sql, params![ctx.workspace(), id], applicant)
}

/// The applicant, held until the end of the transaction: one submission of theirs after the other.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Applicant>) -> Result<Applicant> {
    let sql = format!(
        "SELECT {COLUMNS} FROM applications_applicant WHERE workspace_id = $1 AND id = $2 FOR UPDATE"
    );
    tx.query_one(&sql, params![ctx.workspace(), id], applicant)
}

pub(crate) fn find_by_telegram(ctx: &Ctx, tx: &mut ReadTx, telegram_id: i64) -> Result<Option<Applicant>> {
    let sql =
        format!("SELECT {COLUMNS} FROM applications_applicant WHERE workspace_id = $1 AND telegram_id = $2");
    tx.query_opt(&sql, params![ctx.workspace(), telegram_id], applicant)
}

pub(crate) fn find_by_chat(ctx: &Ctx, tx: &mut ReadTx, chat_ref: &str) -> Result<Option<Applicant>> {
    let sql =
        format!("SELECT {COLUMNS} FROM applications_applicant WHERE workspace_id = $1 AND chat_ref = $2");
    tx.query_opt(&sql, params![ctx.workspace(), chat_ref], applicant)
}

pub(crate) fn find_by_contact(ctx: &Ctx, tx: &mut ReadTx, contact: Id<Contact>) -> Result<Option<Applicant>> {
    let sql =
        format!("SELECT {COLUMNS} FROM applications_applicant WHERE workspace_id = $1 AND contact_id = $2");
    tx.query_opt(&sql, params![ctx.workspace(), contact], applicant)
}

/// The applicants with these ids, in their order; unknown ids are left out.
pub(crate) fn get_many(ctx: &Ctx, tx: &mut ReadTx, ids: &[Id<Applicant>]) -> Result<Vec<Applicant>> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(VALUES_AT_ONCE) {
        let part = padded(part);
        let sql = format!(
            "SELECT {COLUMNS} FROM applications_applicant WHERE workspace_id = $1 AND id IN ({})",
            places(2, part.len())
        );
        let mut values = vec![Value::Uuid(ctx.workspace().uuid())];
        values.extend(part.iter().map(ToValue::to_value));
        found.extend(tx.query(&sql, &values, applicant)?);
    }
    let order: HashMap<_, _> = ids.iter().enumerate().map(|(n, id)| (*id, n)).collect();
    found.sort_by_key(|one: &Applicant| order.get(&one.id).copied().unwrap_or(usize::MAX));
    Ok(found)
}

/// The part `page` of the applicants that fit. Ids are found by an index, rows only for those that are shown.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ApplicantFilter,
    page: PageRequest,
) -> Result<Page<Applicant>> {
    let ApplicantFilter { text, region, telegram_id, by_name, descending } = filter;
    let mut select = Query::select();
    select
        .column("id")
        .from("applications_applicant")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(region.map(|id| Expr::col("region_id").eq(id.to_value())))
        .and_where_option(telegram_id.map(|id| Expr::col("telegram_id").eq(id)));
    if let Some(words) = words_of(text) {
        let Some(named) = called(ctx, "id", &words) else { return Ok(Page::new(page, 0, Vec::new())) };
        select.and_where(named);
    }
    let direction = if *descending { Order::Desc } else { Order::Asc };
    let column = if *by_name { "sort_key" } else { "created_at_ms" };
    select.order_by(column, direction.clone()).order_by("id", direction);
    let ids = tx.page(&select.take(), page, |row| row.get::<Id<Applicant>>(0))?;
    let rows = get_many(ctx, tx, &ids.results)?;
    Ok(Page::new(page, ids.count, rows))
}

/// The folded words of a search; `None` where nothing is searched, an empty list where nothing can be found.
pub(crate) fn words_of(text: &str) -> Option<Vec<String>> {
    if text.trim().is_empty() {
        return None;
    }
    let mut words = uztext::tokens(&contacts::joined_digits(text));
    words.truncate(WORDS_AT_MOST);
    Some(words)
}

/// Whether `column`, an applicant's id, is one of whom each of these is a word or the beginning of one; `None` without words. Written
/// out, because the builder puts brackets around what is intersected, which SQLite does not read.
pub(crate) fn called(ctx: &Ctx, column: &str, words: &[String]) -> Option<Expr> {
    let mut lists = Vec::new();
    let mut values: Vec<Value<'_>> = Vec::new();
    for word in words {
        let at = values.len();
        values.extend(db::values![ctx.workspace(), word]);
        let fits = if word.chars().count() < PREFIX_CHARS {
            format!("word = ${}", at + 2)
        } else {
            values.push(Value::Text(format!("{word}{AFTER_ALL}").into()));
            format!("word >= ${} AND word < ${}", at + 2, at + 3)
        };
        lists.push(format!(
            "SELECT applicant_id FROM applications_word WHERE workspace_id = ${} AND {fits}",
            at + 1
        ));
    }
    let all = format!("{column} IN ({})", lists.join(" INTERSECT "));
    (!lists.is_empty()).then(|| Expr::cust_with_values(all, values))
}

/// Writes a new applicant. Errors: a conflict where the contact, or who has this id in Telegram, is an applicant.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, applicant: &Applicant) -> Result<()> {
    let mut values = changing(ctx, applicant);
    values.push(applicant.created_at.to_value());
    let sql = format!(
        "INSERT INTO applications_applicant (workspace_id, id, {}, created_at_ms) VALUES ({})",
        CHANGING.join(", "),
        places(1, values.len())
    );
    tx.execute_one(&sql, &values).on_unique(known)?;
    insert_words(ctx, tx, applicant)
}

fn known() -> Error {
    Error::conflict(Text::new("applications-applicant-known"))
}

/// The columns that can change.
const CHANGING: [&str; 15] = [
    "contact_id",
    "telegram_id",
    "telegram_chat_id",
    "chat_ref",
    "username",
    "first_name",
    "last_name",
    "sort_key",
    "gender",
    "birth_date",
    "phone",
    "email",
    "region_id",
    "updated_at_ms",
    "erased_at_ms",
];

/// The workspace, the applicant's id, and what stands in [`CHANGING`].
fn changing(ctx: &Ctx, applicant: &Applicant) -> Vec<Value<'static>> {
    let Applicant {
        id,
        contact,
        telegram_id,
        telegram_chat_id,
        chat_ref,
        username,
        first_name,
        last_name,
        gender,
        birth_date,
        phone,
        email,
        region,
        created_at: _,
        updated_at,
        erased_at,
    } = applicant;
    db::values![
        ctx.workspace(),
        id,
        contact,
        telegram_id,
        telegram_chat_id,
        chat_ref,
        username,
        first_name,
        last_name,
        applicant.sort_key(),
        gender.map(Gender::word),
        birth_date,
        phone,
        email,
        region,
        updated_at,
        erased_at
    ]
}

/// Writes what can change of an applicant. Errors: as [`insert`].
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, before: &Applicant, after: &Applicant) -> Result<()> {
    let set: Vec<String> =
        CHANGING.iter().zip(3..).map(|(column, hole)| format!("{column} = ${hole}")).collect();
    let sql =
        format!("UPDATE applications_applicant SET {} WHERE workspace_id = $1 AND id = $2", set.join(", "));
    tx.execute_one(&sql, &changing(ctx, after)).on_unique(known)?;
    if before.words() == after.words() {
        return Ok(());
    }
    tx.execute(
        "DELETE FROM applications_word WHERE workspace_id = $1 AND applicant_id = $2",
        params![ctx.workspace(), after.id],
    )?;
    insert_words(ctx, tx, after)
}

fn insert_words(ctx: &Ctx, tx: &mut Tx, applicant: &Applicant) -> Result<()> {
    let words = applicant.words();
    let rows: Vec<Vec<Value<'_>>> =
        words.iter().map(|word| db::values![ctx.workspace(), word, applicant.id]).collect();
    tx.insert_many_later("INSERT INTO applications_word (workspace_id, word, applicant_id) VALUES {}", &rows)
}
