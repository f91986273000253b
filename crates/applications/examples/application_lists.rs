//! Measures the lists of a university with very many applications: fills a database that goes away with so many applicants,
//! one to two applications each, spread over a year, and prints the middle and the slowest of twenty runs of each list, in
//! milliseconds. A hundredth is written as people would write it; the rest are copies of it, made by the database.
//!
//! `cargo run --release -p applications --example application_lists -- sqlite|postgres 333000`
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "a tool for people who measure"
)]

use std::time::Instant;

use applications::{
    Answers, ApplicantFilter, ApplicationFilter, ApplicationOrder, Gender, NewApplicant, Status, Who,
    actions,
    reads::{self, CountedBy},
};
use context::{Actor, Ctx, CtxBuilder, Random};
use db::{Backend, Limits, ReadTx, Tx, params, testing::TestDb};
use kernel::{Date, Id, PageRequest, Phone, Result, Timestamp};
use serde_json::json;

const FIRST: [&str; 10] =
    ["Aziza", "Bobur", "Шоира", "Jasur", "Лола", "Otabek", "Nargiza", "Umid", "Зарина", "Sardor"];
const LAST: [&str; 12] = [
    "Karimov",
    "Rahimov",
    "Olimov",
    "Toshev",
    "Юсупов",
    "Saidov",
    "Gʻulomov",
    "Ҳасанов",
    "Ergashev",
    "Nazarov",
    "Qodirov",
    "Шарипов",
];
const RUNS: usize = 20;
/// What is written is spread over so much.
const YEAR_SECONDS: i64 = 340 * 86_400;
/// Every row is there so often.
const COPIES: i64 = 100;

fn main() {
    let mut args = std::env::args().skip(1);
    let database = args.next().unwrap_or_else(|| "sqlite".to_owned());
    let count: usize = args.next().and_then(|text| text.parse().ok()).unwrap_or(50_000);
    let migrations = [
        context::MIGRATIONS,
        web::MIGRATIONS,
        files::MIGRATIONS,
        catalog::MIGRATIONS,
        contacts::MIGRATIONS,
        applications::MIGRATIONS,
    ];
    let limits = Limits { write_ms: 1_800_000, ..Limits::default() };
    let db = if database == "postgres" {
        TestDb::postgres_with(&migrations, limits, false)
    } else {
        TestDb::sqlite_with(&migrations, limits, false)
    };
    let workspace = Id::from_uuid(uuid::Uuid::from_u128(1));
    let now = Timestamp::from_millis(1_790_000_000_000);
    let ctx = CtxBuilder::server(workspace, Actor::server("bench"), now, Random::from_seed(1)).build();
    let started = Instant::now();
    fill(&db, &ctx, count / usize::try_from(COPIES).unwrap());
    db.write_now(&ctx, multiply).unwrap();
    println!("{database}: {count} applicants in {} s", started.elapsed().as_secs());
    measure(&db, &ctx);
}

fn fill(db: &TestDb, ctx: &Ctx, count: usize) {
    let own = ctx.clone();
    let regions = db
        .write_now(ctx, move |tx| {
            catalog::ensure_items(&own, tx, &catalog::delivered_items()?)?;
            actions::ensure_delivered_forms(&own, tx)?;
            catalog::items::active(&own, tx, catalog::ItemKind::Region)
        })
        .unwrap();
    let numbers: Vec<usize> = (0..count).collect();
    let all = i64::try_from(count).unwrap();
    for part in numbers.chunks(100) {
        let (own, part, regions) = (ctx.clone(), part.to_vec(), regions.clone());
        db.write_now(ctx, move |tx| {
            for n in &part {
                let step = i64::try_from(*n).unwrap();
                let own = own.with(|ctx| ctx.now = ctx.now.plus_seconds(step * YEAR_SECONDS / COPIES / all));
                let new = NewApplicant {
                    first_name: Some(FIRST[n % FIRST.len()].to_owned()),
                    last_name: Some(format!("{} {n}", LAST[n / 7 % LAST.len()])),
                    phone: Phone::parse(&format!("+99890{:07}", n * 17 % 10_000_000)).ok(),
                    gender: Some(if n % 2 == 0 { Gender::Female } else { Gender::Male }),
                    birth_date: Date::new(2008, 1, 1).ok(),
                    region: Some(regions[n % regions.len()].id),
                    ..NewApplicant::default()
                };
                let (who, _) = actions::upsert_applicant(&own, tx, Who::Telegram(step + 1), new)?;
                let subject = ["SUBJ-MATH", "SUBJ-PHYS", "SUBJ-CHEM"][n % 3];
                let polito: Answers =
                    json!({"subject": subject, "score": n % 100}).as_object().unwrap().clone();
                let sent = actions::submit(&own, tx, who.id, "polito-academy", &polito)?;
                if n % 3 == 0 {
                    actions::set_status(&own, tx, sent.application.id, Status::InReview, None)?;
                }
                if n % 2 == 0 {
                    let admissions =
                        json!({"track": "TRACK-ITALIAN", "direction": "DIR-MECH-IT", "region": "UZ-AN"});
                    let admissions = admissions.as_object().unwrap().clone();
                    actions::submit(&own, tx, who.id, "admissions-2026", &admissions)?;
                }
            }
            Ok(())
        })
        .unwrap();
    }
}

/// Writes every row of these tables again and again, each copy later than the one before.
fn multiply(tx: &mut Tx<'_>) -> Result<()> {
    let is_sqlite = tx.backend() == Backend::Sqlite;
    // The first two bytes of an id say which copy it belongs to.
    let id = |column: &str| {
        if is_sqlite {
            format!("unhex(printf('%04X', k) || substr(hex({column}), 5))")
        } else {
            format!("CAST(lpad(to_hex(k), 4, '0') || substr(CAST({column} AS text), 5) AS uuid)")
        }
    };
    let copies = if is_sqlite {
        "(WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < $1 - 1) SELECT k FROM n)"
    } else {
        "(SELECT s AS k FROM generate_series(1, CAST($1 AS bigint) - 1) AS s)"
    };
    let later = |column: &str| format!("{column} + k * {}", YEAR_SECONDS * 1_000 / COPIES);
    let number = |column: &str| format!("{column} + k * 100000");
    let same =
        |names: &[&'static str]| names.iter().map(|name| (*name, (*name).to_owned())).collect::<Vec<_>>();
    let tables = [
        (
            "contacts_contact",
            [
                same(&["workspace_id", "name", "sort_key", "lang", "kind", "is_customer", "is_supplier"]),
                vec![
                    ("id", id("id")),
                    ("number", number("number")),
                    ("created_at_ms", later("created_at_ms")),
                    ("updated_at_ms", later("updated_at_ms")),
                ],
            ],
        ),
        (
            "applications_applicant",
            [
                same(&[
                    "workspace_id",
                    "first_name",
                    "last_name",
                    "sort_key",
                    "gender",
                    "birth_date",
                    "phone",
                    "region_id",
                ]),
                vec![
                    ("id", id("id")),
                    ("contact_id", id("contact_id")),
                    ("telegram_id", number("telegram_id")),
                    ("created_at_ms", later("created_at_ms")),
                    ("updated_at_ms", later("updated_at_ms")),
                ],
            ],
        ),
        ("applications_word", [same(&["workspace_id", "word"]), vec![("applicant_id", id("applicant_id"))]]),
        (
            "applications_application",
            [
                same(&["workspace_id", "form_id", "status", "answers"]),
                vec![
                    ("id", id("id")),
                    ("number", number("number")),
                    ("applicant_id", id("applicant_id")),
                    ("submitted_at_ms", later("submitted_at_ms")),
                    ("updated_at_ms", later("updated_at_ms")),
                ],
            ],
        ),
        (
            "applications_choice",
            [same(&["workspace_id", "field_key", "item_id"]), vec![("application_id", id("application_id"))]],
        ),
        (
            "applications_item",
            [
                same(&["workspace_id", "item_id"]),
                vec![("application_id", id("application_id")), ("submitted_at_ms", later("submitted_at_ms"))],
            ],
        ),
    ];
    for (table, columns) in &tables {
        let columns: Vec<_> = columns.iter().flatten().collect();
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let values: Vec<&str> = columns.iter().map(|(_, value)| value.as_str()).collect();
        let sql = format!(
            "INSERT INTO {table} ({}) SELECT {} FROM {table}, {copies} AS copies",
            names.join(", "),
            values.join(", ")
        );
        tx.execute(&sql, params![COPIES])?;
    }
    tx.execute("UPDATE applications_tally SET application_count = application_count * $1", params![COPIES])?;
    tx.have_grown(&tables.map(|(table, _)| table))
}

fn measure(db: &TestDb, ctx: &Ctx) {
    let own = ctx.clone();
    let (form, subject, region) = db
        .read_now(ctx, move |tx| {
            let form = reads::find_form(&own, tx, "polito-academy")?.unwrap().id;
            let id = |code: &str, tx: &mut ReadTx<'_>| {
                catalog::items::find_by_code(&own, tx, code).map(|item| item.unwrap().id)
            };
            Ok((form, id("SUBJ-MATH", tx)?, id("UZ-AN", tx)?))
        })
        .unwrap();
    let all = ApplicationFilter::default;
    let of_form = || ApplicationFilter { form: Some(form), ..all() };
    let text = |text: &str| ApplicationFilter { text: text.to_owned(), ..all() };
    let by = |order, ascending| ApplicationFilter { order, ascending, ..all() };
    let lists = [
        ("all", all(), 1),
        ("all, page 400", all(), 400),
        ("all, last page", all(), 3_000),
        ("by number", by(ApplicationOrder::Number, true), 1),
        ("by change", by(ApplicationOrder::Updated, false), 1),
        ("a form", of_form(), 1),
        ("a form, last page", of_form(), 2_000),
        ("a form and status", ApplicationFilter { status: Some(Status::InReview), ..of_form() }, 1),
        ("a status", ApplicationFilter { status: Some(Status::InReview), ..all() }, 1),
        ("a subject", ApplicationFilter { items: vec![subject], ..all() }, 1),
        ("a form and region", ApplicationFilter { region: Some(region), ..of_form() }, 1),
        ("a region", ApplicationFilter { region: Some(region), ..all() }, 1),
        (
            "two days",
            ApplicationFilter { from: Date::new(2026, 9, 25).ok(), to: Date::new(2026, 9, 26).ok(), ..all() },
            1,
        ),
        ("q: karimov", text("karimov"), 1),
        ("q: ка", text("ка"), 1),
        ("q: aziza karimov", text("aziza karimov"), 1),
        ("q: a phone", text("90 000-17-00"), 1),
        ("q: nobody", text("nobody like them"), 1),
    ];
    for (name, filter, page) in lists {
        time(db, ctx, name, move |ctx, tx| {
            reads::table(ctx, tx, &filter, PageRequest::new(page, 25)).map(|table| table.page.count)
        });
    }
    let filter = of_form();
    time(db, ctx, "board of a form", move |ctx, tx| {
        reads::board(ctx, tx, &filter).map(|columns| columns.iter().map(|column| column.count).sum())
    });
    let day = |text: &str| Date::parse(text).unwrap();
    let counted =
        |from: &str, until: &str, form| CountedBy { from: day(from), until: day(until), form, status: None };
    for (name, by) in [
        ("counted: a day", counted("2026-10-10", "2026-10-10", None)),
        ("counted: 30 days", counted("2026-10-01", "2026-10-30", None)),
        ("counted: 30 days of a form", counted("2026-10-01", "2026-10-30", Some(form))),
        ("counted: a year", counted("2026-09-01", "2027-08-31", None)),
        ("counted: a year of a form", counted("2026-09-01", "2027-08-31", Some(form))),
    ] {
        time(db, ctx, name, move |ctx, tx| reads::analytics(ctx, tx, &by).map(|found| found.applications));
    }
    let applicants = [
        ("applicants", ApplicantFilter { descending: true, ..ApplicantFilter::default() }, 1),
        ("applicants by name", ApplicantFilter { by_name: true, ..ApplicantFilter::default() }, 1_000),
        (
            "applicants q: karimov",
            ApplicantFilter { text: "karimov".to_owned(), ..ApplicantFilter::default() },
            1,
        ),
        ("applicants of a region", ApplicantFilter { region: Some(region), ..ApplicantFilter::default() }, 1),
    ];
    for (name, filter, page) in applicants {
        time(db, ctx, name, move |ctx, tx| {
            reads::applicants(ctx, tx, &filter, PageRequest::new(page, 25)).map(|page| page.count)
        });
    }
}

fn time(
    db: &TestDb,
    ctx: &Ctx,
    name: &str,
    run: impl Fn(&Ctx, &mut ReadTx<'_>) -> Result<i64> + Clone + Send + 'static,
) {
    let mut times = Vec::new();
    let mut found = 0;
    for _ in 0..RUNS {
        let (own, run) = (ctx.clone(), run.clone());
        let started = Instant::now();
        found = db.read_now(ctx, move |tx| run(&own, tx)).unwrap();
        times.push(started.elapsed());
    }
    times.sort();
    let millis = |n: usize| {
        let micros = times[n].as_micros();
        format!("{}.{}", micros / 1_000, micros % 1_000 / 100)
    };
    println!("{name:28} {found:>7} found   middle {:>6}   slowest {:>6}", millis(RUNS / 2), millis(RUNS - 1));
}
