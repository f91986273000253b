//! Applications on both databases.

mod analytics;
mod api;
mod applicants;
mod bot_api;
mod forms;
mod listing;
mod pages;
mod submitting;
mod working;

use catalog::{Item, ItemKind, Names, NewItem, create_item, set_item_active};
use context::{Ctx, Permissions};
use db::{Tx, params, testing::TestDb};
use kernel::{Id, Result};
use serde_json::{Value, json};

use crate::{Answers, Applicant, NewApplicant, Submission, Who, actions};

pub(crate) use web::testing::ctx;

pub(crate) fn run<T: Send + 'static>(
    db: &TestDb,
    ctx: &Ctx,
    work: impl Fn(&Ctx, &mut Tx<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let own = ctx.clone();
    db.write_now(ctx, move |tx| work(&own, tx))
}

pub(crate) fn with_permissions(ctx: &Ctx, permissions: Permissions) -> Ctx {
    ctx.with(|ctx| ctx.permissions = permissions)
}

/// The delivered forms and the delivered catalog.
pub(crate) fn seeded(db: &TestDb, ctx: &Ctx) {
    run(db, ctx, |ctx, tx| {
        catalog::ensure_items(ctx, tx, &catalog::delivered_items()?)?;
        actions::ensure_delivered_forms(ctx, tx)
    })
    .unwrap();
}

pub(crate) fn item(db: &TestDb, ctx: &Ctx, code: &str) -> Item {
    let code = code.to_owned();
    run(db, ctx, move |ctx, tx| catalog::items::find_by_code(ctx, tx, &code)).unwrap().unwrap()
}

pub(crate) fn new_item(db: &TestDb, ctx: &Ctx, kind: ItemKind, code: &str) -> Item {
    let new = NewItem::new(kind, code, &Names::uz(code));
    run(db, ctx, move |ctx, tx| create_item(ctx, tx, new.clone())).unwrap()
}

pub(crate) fn deactivate(db: &TestDb, ctx: &Ctx, id: Id<Item>) {
    run(db, ctx, move |ctx, tx| set_item_active(ctx, tx, id, false)).unwrap();
}

pub(crate) fn upsert(db: &TestDb, ctx: &Ctx, who: Who, new: NewApplicant) -> Result<(Applicant, bool)> {
    run(db, ctx, move |ctx, tx| actions::upsert_applicant(ctx, tx, who.clone(), new.clone()))
}

pub(crate) fn named(first: &str, last: &str) -> NewApplicant {
    NewApplicant {
        first_name: Some(first.to_owned()),
        last_name: Some(last.to_owned()),
        ..NewApplicant::default()
    }
}

pub(crate) fn applicant(db: &TestDb, ctx: &Ctx, telegram: i64) -> Applicant {
    upsert(db, ctx, Who::Telegram(telegram), named("Aziza", &format!("Karimova {telegram}"))).unwrap().0
}

pub(crate) fn answers(value: Value) -> Answers {
    value.as_object().unwrap().clone()
}

pub(crate) fn submit(
    db: &TestDb,
    ctx: &Ctx,
    who: &Applicant,
    form: &str,
    given: Value,
) -> Result<Submission> {
    let (who, form, given) = (who.id, form.to_owned(), answers(given));
    run(db, ctx, move |ctx, tx| actions::submit(ctx, tx, who, &form, &given))
}

/// An application for polito-academy.
pub(crate) fn polito(db: &TestDb, ctx: &Ctx, who: &Applicant) -> Submission {
    submit(db, ctx, who, "polito-academy", json!({"subject": "SUBJ-MATH", "score": 80})).unwrap()
}

/// The events that were told, oldest first.
pub(crate) fn told(db: &TestDb, ctx: &Ctx) -> Vec<(String, Value)> {
    let sql = "SELECT name, payload FROM context_event WHERE workspace_id = $1 AND name LIKE 'application.%' ORDER BY seq";
    run(db, ctx, move |ctx, tx| tx.query(sql, params![ctx.workspace()], |row| Ok((row.get(0)?, row.get(1)?))))
        .unwrap()
}

/// The fields an error is about, with their keys.
#[track_caller]
pub(crate) fn refused<T>(outcome: Result<T>) -> Vec<String> {
    let Err(error) = outcome else { panic!("it was not refused") };
    error.field_errors().iter().map(|e| format!("{}: {}", e.field, e.text.key())).collect()
}
