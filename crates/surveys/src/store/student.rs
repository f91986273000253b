//! The SQL of students.

use catalog::Item;
use contacts::Contact;
use context::Ctx;
use db::{
    OnConstraint, ReadTx, Row, ToValue, Tx, params,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use kernel::{Id, Page, PageRequest, Result};

use super::{race, sea};
use crate::{Student, StudentFilter, student_key};

/// What [`read`] reads.
const COLUMNS: [&str; 15] = [
    "id",
    "student_external_id",
    "roster_id",
    "contact_id",
    "telegram_user_id",
    "username",
    "first_name",
    "last_name",
    "gender",
    "phone",
    "region_id",
    "lang",
    "created_at_ms",
    "updated_at_ms",
    "erased_at_ms",
];

/// `SELECT` of whole students; what follows narrows it. `$1` is the workspace.
macro_rules! select_students {
    ($rest:literal) => {
        concat!(
            "SELECT id, student_external_id, roster_id, contact_id, telegram_user_id, username, first_name, last_name,
                 gender, phone, region_id, lang, created_at_ms, updated_at_ms, erased_at_ms
             FROM surveys_student WHERE workspace_id = $1 ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Student> {
    let gender: Option<String> = row.get(8)?;
    Ok(Student {
        id: row.get(0)?,
        student_external_id: row.get(1)?,
        roster: row.get(2)?,
        contact: row.get(3)?,
        telegram_user_id: row.get(4)?,
        username: row.get(5)?,
        first_name: row.get(6)?,
        last_name: row.get(7)?,
        gender: gender.map(|word| word.parse()).transpose()?,
        phone: row.get(9)?,
        region: row.get(10)?,
        lang: row.get(11)?,
        created_at: row.get(12)?,
        updated_at: row.get(13)?,
        erased_at: row.get(14)?,
    })
}

/// The student with this id. Errors: the workspace has none.
pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Student>) -> Result<Student> {
    tx.query_one(select_students!("AND id = $2"), params![ctx.workspace(), id], read)
}

/// The same, held until the end of the transaction.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Student>) -> Result<Student> {
    tx.query_one(select_students!("AND id = $2 FOR UPDATE"), params![ctx.workspace(), id], read)
}

/// The student whom the university calls so.
pub(crate) fn find_by_external_id(ctx: &Ctx, tx: &mut ReadTx, student_id: &str) -> Result<Option<Student>> {
    tx.query_opt(
        select_students!("AND student_fold = $2"),
        params![ctx.workspace(), student_key(student_id)],
        read,
    )
}

/// The student whom Telegram calls so.
pub(crate) fn find_by_telegram(ctx: &Ctx, tx: &mut ReadTx, telegram: i64) -> Result<Option<Student>> {
    tx.query_opt(select_students!("AND telegram_user_id = $2"), params![ctx.workspace(), telegram], read)
}

/// The student that this contact is.
pub(crate) fn find_by_contact(ctx: &Ctx, tx: &mut ReadTx, contact: Id<Contact>) -> Result<Option<Student>> {
    tx.query_opt(select_students!("AND contact_id = $2"), params![ctx.workspace(), contact], read)
}

/// The students with these ids, in no order; unknown ids are left out.
pub(crate) fn get_many(ctx: &Ctx, tx: &mut ReadTx, ids: &[Id<Student>]) -> Result<Vec<Student>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = Query::select();
    select
        .columns(COLUMNS)
        .from("surveys_student")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(Expr::col("id").is_in(ids.iter().map(|id| sea(id.to_value()))));
    tx.select(&select.take(), read)
}

/// The part `page` of the students who fit, those who answered last first.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &StudentFilter,
    page: PageRequest,
) -> Result<Page<Student>> {
    let StudentFilter { text, region, telegram_user_id } = filter;
    let mut select = Query::select();
    select
        .columns(COLUMNS)
        .from("surveys_student")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(region.map(|id: Id<Item>| Expr::col("region_id").eq(sea(id.to_value()))))
        .and_where_option(telegram_user_id.map(|id| Expr::col("telegram_user_id").eq(id)));
    for word in uztext::tokens(text) {
        // Folded words hold letters and digits only: nothing in them means anything to LIKE.
        select.and_where(Expr::col("search_fold").like(format!("%{word}%")));
    }
    select.order_by("updated_at_ms", Order::Desc).order_by("id", Order::Desc);
    tx.page(&select.take(), page, read)
}

/// Writes a new student. Errors: a race where somebody has the id, the contact or the Telegram id since.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, student: &Student) -> Result<()> {
    let words = student.words();
    let Student {
        id,
        student_external_id,
        roster,
        contact,
        telegram_user_id,
        username,
        first_name,
        last_name,
        gender,
        phone,
        region,
        lang,
        created_at,
        updated_at,
        erased_at,
    } = student;
    tx.execute_one(
        "INSERT INTO surveys_student (workspace_id, id, student_external_id, student_fold, roster_id, contact_id,
             telegram_user_id, username, first_name, last_name, gender, phone, region_id, lang, search_fold,
             created_at_ms, updated_at_ms, erased_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        params![
            ctx.workspace(),
            id,
            student_external_id,
            student_key(student_external_id),
            roster,
            contact,
            telegram_user_id,
            username,
            first_name,
            last_name,
            gender.map(|gender| gender.word().to_owned()),
            phone,
            region,
            lang,
            words,
            created_at,
            updated_at,
            erased_at
        ],
    )
    .on_unique(race)
}

/// Writes what is known now of a student. Errors: as [`insert`].
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, student: &Student) -> Result<()> {
    let words = student.words();
    let Student {
        id,
        student_external_id,
        roster,
        contact,
        telegram_user_id,
        username,
        first_name,
        last_name,
        gender,
        phone,
        region,
        lang,
        created_at: _,
        updated_at,
        erased_at,
    } = student;
    tx.execute_one(
        "UPDATE surveys_student SET student_external_id = $3, student_fold = $4, roster_id = $5, contact_id = $6,
             telegram_user_id = $7, username = $8, first_name = $9, last_name = $10, gender = $11, phone = $12,
             region_id = $13, lang = $14, search_fold = $15, updated_at_ms = $16, erased_at_ms = $17
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(),
            id,
            student_external_id,
            student_key(student_external_id),
            roster,
            contact,
            telegram_user_id,
            username,
            first_name,
            last_name,
            gender.map(|gender| gender.word().to_owned()),
            phone,
            region,
            lang,
            words,
            updated_at,
            erased_at
        ],
    )
    .on_unique(race)
}
