//! The SQL that counts applications. `CROSS JOIN` says that the applications of some days are looked at first, and each leads to its
//! rows: without figures of its tables, SQLite would begin with every choice that was ever made.

use context::Ctx;
use db::{ReadTx, ToValue, Value, params};
use kernel::{Date, Id, Result, Timestamp};

use super::places;
use crate::{Applicant, Form, Gender, Status};

/// The milliseconds of a plain day.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// Which applications are counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Within {
    /// Submitted then or later.
    pub(crate) begin: Timestamp,
    /// Submitted before.
    pub(crate) end: Timestamp,
    /// For this.
    pub(crate) form: Option<Id<Form>>,
    /// This far.
    pub(crate) status: Option<Status>,
}

impl Within {
    /// The values of `$1` and on, and what a statement about `a` says of them behind its workspace.
    fn conditions(&self, ctx: &Ctx) -> (String, Vec<Value<'static>>) {
        let Self { begin, end, form, status } = self;
        let own = |value: Value<'_>| value.into_owned();
        let mut values = vec![own(ctx.workspace().to_value()), own(begin.to_value()), own(end.to_value())];
        let mut sql = "AND a.submitted_at_ms >= $2 AND a.submitted_at_ms < $3".to_owned();
        if let Some(form) = form {
            values.push(own(form.to_value()));
            sql.push_str(&format!(" AND a.form_id = ${}", values.len()));
        }
        if let Some(status) = status {
            values.push(own(status.word().to_value()));
            sql.push_str(&format!(" AND a.status = ${}", values.len()));
        }
        (sql, values)
    }
}

/// The places of more values, which are added.
fn listed<T: ToValue>(values: &mut Vec<Value<'static>>, more: &[T]) -> String {
    let from = values.len() + 1;
    values.extend(more.iter().map(|one| one.to_value().into_owned()));
    places(from, more.len())
}

/// So many applications for a form, this far.
#[derive(Debug)]
pub(crate) struct OfDay {
    /// The form.
    pub(crate) form: Id<Form>,
    /// How far.
    pub(crate) status: Status,
    /// Days of 24 hours behind the beginning of what is counted.
    pub(crate) day: i64,
    /// How many.
    pub(crate) count: i64,
}

/// The applications by form, status and day.
pub(crate) fn by_day(ctx: &Ctx, tx: &mut ReadTx, within: &Within) -> Result<Vec<OfDay>> {
    let (conditions, values) = within.conditions(ctx);
    let sql = format!(
        "SELECT a.form_id, a.status, (a.submitted_at_ms - $2) / {DAY_MS}, COUNT(*) FROM applications_application a
         WHERE a.workspace_id = $1 {conditions} GROUP BY 1, 2, 3"
    );
    tx.query(&sql, &values, |row| {
        Ok(OfDay { form: row.get(0)?, status: row.parse(1)?, day: row.get(2)?, count: row.get(3)? })
    })
}

/// How many people applied.
pub(crate) fn applicants(ctx: &Ctx, tx: &mut ReadTx, within: &Within) -> Result<i64> {
    let (conditions, values) = within.conditions(ctx);
    let sql = format!(
        "SELECT COUNT(DISTINCT a.applicant_id) FROM applications_application a
         WHERE a.workspace_id = $1 {conditions}"
    );
    tx.query_one(&sql, &values, |row| row.get(0))
}

/// How many people were written down, by days of 24 hours behind the beginning.
pub(crate) fn new_applicants(
    ctx: &Ctx,
    tx: &mut ReadTx,
    begin: Timestamp,
    end: Timestamp,
) -> Result<Vec<(i64, i64)>> {
    let sql = format!(
        "SELECT (created_at_ms - $2) / {DAY_MS}, COUNT(*) FROM applications_applicant
         WHERE workspace_id = $1 AND created_at_ms >= $2 AND created_at_ms < $3 GROUP BY 1"
    );
    tx.query(&sql, params![ctx.workspace(), begin, end], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// An item that so many chose in a field of a form.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    /// The form.
    pub(crate) form: Id<Form>,
    /// The field's key.
    pub(crate) field: String,
    /// The item.
    pub(crate) item: Id<catalog::Item>,
    /// How many.
    pub(crate) count: i64,
}

/// What was chosen, by form, field and item.
pub(crate) fn chosen(ctx: &Ctx, tx: &mut ReadTx, within: &Within) -> Result<Vec<Chosen>> {
    let (conditions, values) = within.conditions(ctx);
    let sql = format!(
        "SELECT a.form_id, c.field_key, c.item_id, COUNT(*) FROM applications_application a CROSS JOIN applications_choice c
         WHERE a.workspace_id = $1 {conditions} AND c.workspace_id = a.workspace_id AND c.application_id = a.id GROUP BY 1, 2, 3"
    );
    tx.query(&sql, &values, |row| {
        Ok(Chosen { form: row.get(0)?, field: row.get(1)?, item: row.get(2)?, count: row.get(3)? })
    })
}

/// Which of `items` were chosen in a field by applications that have none of them in the fields `before` it.
pub(crate) fn chosen_behind(
    ctx: &Ctx,
    tx: &mut ReadTx,
    within: &Within,
    field: &str,
    before: &[String],
    items: &[Id<catalog::Item>],
) -> Result<Vec<(Id<catalog::Item>, i64)>> {
    let (conditions, mut values) = within.conditions(ctx);
    let own = listed(&mut values, &[field]);
    let before = listed(&mut values, before);
    let items = listed(&mut values, items);
    let sql = format!(
        "SELECT c.item_id, COUNT(*) FROM applications_application a CROSS JOIN applications_choice c
         WHERE a.workspace_id = $1 {conditions} AND c.workspace_id = a.workspace_id AND c.application_id = a.id AND c.field_key = {own} AND c.item_id IN ({items})
             AND NOT EXISTS (SELECT 1 FROM applications_choice e WHERE e.workspace_id = a.workspace_id
                 AND e.application_id = a.id AND e.field_key IN ({before}) AND e.item_id IN ({items}))
         GROUP BY 1"
    );
    tx.query(&sql, &values, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// So many applications of people like this.
#[derive(Debug)]
pub(crate) struct OfPeople {
    /// Where they come from, where the application does not say another place.
    pub(crate) region: Option<Id<catalog::Item>>,
    /// Whether the application says where.
    pub(crate) says_region: bool,
    /// Man or woman.
    pub(crate) gender: Option<Gender>,
    /// How many of the ages they have, none where nobody knows their birth date.
    pub(crate) ages: Option<i64>,
    /// How many.
    pub(crate) count: i64,
}

/// The applications by what is known of their people. `regions` are those that applications themselves say; `born` are the last
/// birth dates at which somebody has an age, the oldest people last.
pub(crate) fn people(
    ctx: &Ctx,
    tx: &mut ReadTx,
    within: &Within,
    regions: &[Id<catalog::Item>],
    born: &[Date],
) -> Result<Vec<OfPeople>> {
    let (conditions, mut values) = within.conditions(ctx);
    let says = if regions.is_empty() {
        "0 = 1".to_owned()
    } else {
        let regions = listed(&mut values, regions);
        format!(
            "EXISTS (SELECT 1 FROM applications_choice c WHERE c.workspace_id = a.workspace_id
                 AND c.application_id = a.id AND c.item_id IN ({regions}))"
        )
    };
    let mut ages = String::new();
    for (n, day) in born.iter().enumerate().rev() {
        let day = listed(&mut values, &[*day]);
        ages.push_str(&format!(" WHEN p.birth_date <= {day} THEN {}", n + 1));
    }
    let sql = format!(
        "SELECT p.region_id, CASE WHEN {says} THEN 1 ELSE 0 END, p.gender,
             CASE WHEN p.birth_date IS NULL THEN -1{ages} ELSE 0 END, COUNT(*)
         FROM applications_application a CROSS JOIN applications_applicant p
         WHERE a.workspace_id = $1 {conditions} AND p.workspace_id = a.workspace_id AND p.id = a.applicant_id
         GROUP BY 1, 2, 3, 4"
    );
    tx.query(&sql, &values, |row| {
        let gender: Option<String> = row.get(2)?;
        Ok(OfPeople {
            region: row.get(0)?,
            says_region: row.get::<i64>(1)? == 1,
            gender: gender.map(|word| word.parse()).transpose()?,
            ages: Some(row.get::<i64>(3)?).filter(|ages| *ages >= 0),
            count: row.get(4)?,
        })
    })
}

/// Whether anybody ever applied.
pub(crate) fn is_any(ctx: &Ctx, tx: &mut ReadTx) -> Result<bool> {
    let sql = "SELECT applicant_id FROM applications_application WHERE workspace_id = $1 LIMIT 1";
    let found: Option<Id<Applicant>> = tx.query_opt(sql, params![ctx.workspace()], |row| row.get(0))?;
    Ok(found.is_some())
}
