//! What is counted of applications: each breakdown adds up, on both databases, through the API and on the page.

use axum::http::StatusCode;
use catalog::{ItemKind, set_item_active};
use context::Ctx;
use db::{db_test, testing::TestDb};
use kernel::{Date, Lang, Timestamp};
use serde_json::{Value, json};
use web::testing::Site;

use super::{
    applicant, bot_api::site, ctx, item, named, new_item, run, seeded, submit, upsert, with_permissions,
};
use crate::{
    Gender, NewApplicant, Status, Who, actions,
    reads::{self, Analytics, CountedBy},
};

fn at(ctx: &Ctx, moment: &str) -> Ctx {
    let moment = chrono_millis(moment);
    ctx.with(|ctx| ctx.now = Timestamp::from_millis(moment))
}

/// `2026-09-01 18:59` in UTC.
fn chrono_millis(moment: &str) -> i64 {
    let (day, time) = moment.split_once(' ').unwrap();
    let (hour, minute) = time.split_once(':').unwrap();
    let days = Date::parse(day).unwrap().days_since(Date::parse("1970-01-01").unwrap());
    let minutes = hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap();
    days * 86_400_000 + minutes * 60_000
}

fn counted(db: &TestDb, ctx: &Ctx, from: &str, until: &str, form: Option<&str>) -> Analytics {
    let (from, until) = (Date::parse(from).unwrap(), Date::parse(until).unwrap());
    let form = form.map(ToOwned::to_owned);
    run(db, ctx, move |ctx, tx| {
        let form = match &form {
            Some(code) => reads::find_form(ctx, tx, code)?.map(|form| form.id),
            None => None,
        };
        reads::analytics(ctx, tx, &CountedBy { from, until, form, status: None })
    })
    .unwrap()
}

fn items(found: &Analytics, kind: ItemKind) -> Vec<(String, i64)> {
    let share = |(item, count): &(Option<catalog::Item>, i64)| {
        (item.as_ref().map_or("-".to_owned(), |item| item.code.clone()), *count)
    };
    found.of_kind(kind).iter().map(share).collect()
}

fn pairs(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect()
}

#[track_caller]
fn adds_up(found: &Analytics) {
    let all = found.applications;
    assert_eq!(found.days.iter().map(|(_, day)| day.applications).sum::<i64>(), all, "days");
    assert_eq!(found.statuses.iter().map(|(_, count)| count).sum::<i64>(), all, "statuses");
    assert_eq!(found.forms.iter().map(|form| form.applications).sum::<i64>(), all, "forms");
    assert_eq!(found.genders.iter().map(|(_, count)| count).sum::<i64>(), all, "genders");
    assert_eq!(found.ages.iter().map(|(_, count)| count).sum::<i64>(), all, "ages");
    for (kind, shares) in &found.items {
        assert_eq!(shares.iter().map(|(_, count)| count).sum::<i64>(), all, "{kind}");
    }
    let accepted = found.days.iter().map(|(_, day)| day.accepted).sum::<i64>();
    assert_eq!(accepted, found.with_status(Status::Accepted), "accepted");
}

/// Three people and six applications, around midnight in Tashkent.
fn filled(db: &TestDb, ctx: &Ctx) {
    seeded(db, ctx);
    let region = |code: &str| Some(item(db, ctx, code).id);
    let born = |day: &str| Date::parse(day).ok();
    let people = [
        NewApplicant {
            gender: Some(Gender::Female),
            birth_date: born("2009-09-30"),
            region: region("UZ-AN"),
            ..named("Aziza", "Karimova")
        },
        NewApplicant {
            gender: Some(Gender::Male),
            birth_date: born("2008-01-01"),
            region: region("UZ-BU"),
            ..named("Bobur", "Olimov")
        },
        named("Lola", "Saidova"),
    ];
    // The evening of 1 September is 23:59 in Tashkent, and a minute later it is the 2nd there.
    let moments = ["2026-09-01 18:59", "2026-09-01 19:00", "2026-09-30 10:00"];
    for (n, (new, moment)) in (1..).zip(people.into_iter().zip(moments)) {
        let own = at(ctx, moment);
        let who = upsert(db, &own, Who::Telegram(n), new).unwrap().0;
        let subject = if n == 3 { "SUBJ-PHYS" } else { "SUBJ-MATH" };
        submit(db, &own, &who, "polito-academy", json!({"subject": subject, "score": 80})).unwrap();
        let place = if n == 1 { "UZ-SA" } else { "UZ-AN" };
        let admissions = json!({"track": "TRACK-ITALIAN", "direction": "DIR-MECH-IT", "region": place});
        if n < 3 {
            submit(db, &own, &who, "admissions-2026", admissions).unwrap();
        } else {
            submit(db, &own, &who, "foundation", json!({"extra_phone": "901112233"})).unwrap();
        }
    }
    run(db, ctx, |ctx, tx| {
        let id = reads::get_by_number(ctx, tx, 1)?.application.id;
        actions::set_status(ctx, tx, id, Status::Accepted, None)
    })
    .unwrap();
}

#[db_test]
async fn every_breakdown_adds_up_and_days_begin_at_midnight_in_tashkent(db: &TestDb) {
    let ctx = ctx(1);
    filled(db, &ctx);
    let all = counted(db, &ctx, "2026-09-01", "2026-09-30", None);
    adds_up(&all);
    assert_eq!((all.applications, all.applicants, all.new_applicants), (6, 3, Some(3)));
    assert_eq!(all.days.len(), 30);
    let on = |day: &str| {
        let day = Date::parse(day).unwrap();
        let (_, counts) = all.days.iter().find(|(own, _)| *own == day).unwrap();
        (counts.applications, counts.accepted, counts.new_applicants)
    };
    assert_eq!([on("2026-09-01"), on("2026-09-02"), on("2026-09-03")], [(2, 1, 1), (2, 0, 1), (0, 0, 0)]);
    assert_eq!(on("2026-09-30"), (2, 0, 1));
    // What the application says goes before where the applicant comes from.
    assert_eq!(items(&all, ItemKind::Region), pairs(&[("UZ-AN", 2), ("UZ-BU", 1), ("UZ-SA", 1), ("-", 2)]));
    assert_eq!(items(&all, ItemKind::Direction), pairs(&[("DIR-MECH-IT", 2), ("-", 4)]));
    assert_eq!(items(&all, ItemKind::Track), pairs(&[("TRACK-ITALIAN", 2), ("-", 4)]));
    assert_eq!(items(&all, ItemKind::Subject), pairs(&[("SUBJ-MATH", 2), ("SUBJ-PHYS", 1), ("-", 3)]));
    assert_eq!(items(&all, ItemKind::Program), pairs(&[("-", 6)]));
    let genders: Vec<_> = all.genders.iter().map(|(one, count)| (one.map(Gender::word), *count)).collect();
    assert_eq!(genders, [(Some("male"), 2), (Some("female"), 2), (None, 2)]);
    let ages: Vec<_> = all.ages.iter().map(|(one, count)| (one.map(|one| one.word()), *count)).collect();
    assert_eq!(ages, [(Some("17"), 2), (Some("18"), 2), (None, 2)], "whose birthday is the last day is 17");
    let day = counted(db, &ctx, "2026-09-02", "2026-09-02", None);
    adds_up(&day);
    assert_eq!((day.applications, day.applicants, day.new_applicants), (2, 1, Some(1)));
    let form = counted(db, &ctx, "2026-09-01", "2026-09-30", Some("polito-academy"));
    adds_up(&form);
    assert_eq!((form.applications, form.applicants, form.new_applicants), (3, 3, None));
    assert_eq!(items(&form, ItemKind::Region), pairs(&[("UZ-AN", 1), ("UZ-BU", 1), ("-", 1)]));
    let none = counted(db, &ctx, "2025-01-01", "2025-12-31", None);
    adds_up(&none);
    assert_eq!((none.applications, none.days.len(), none.is_any), (0, 365, true));
    let stranger = web::testing::ctx(2);
    let strange = counted(db, &stranger, "2026-09-01", "2026-09-30", None);
    assert_eq!((strange.applications, strange.applicants, strange.is_any), (0, 0, false));
    let nobody = with_permissions(&ctx, context::Permissions::NONE);
    let by = CountedBy {
        from: Date::parse("2026-09-01").unwrap(),
        until: Date::parse("2026-09-30").unwrap(),
        form: None,
        status: None,
    };
    assert!(run(db, &nobody, move |ctx, tx| reads::analytics(ctx, tx, &by)).is_err());
}

#[db_test]
async fn of_two_fields_of_one_kind_the_first_that_is_answered_counts(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    for code in ["DIR-A", "DIR-B", "DIR-C"] {
        new_item(db, &ctx, ItemKind::Direction, code);
    }
    let field = |key: &str| {
        let kind = crate::FieldKind::Item { item: ItemKind::Direction, within: None };
        let label = catalog::Names::uz(key);
        crate::FormField { key: key.to_owned(), kind, label, is_required: false, in_table: true }
    };
    let form = crate::NewForm {
        code: "two".to_owned(),
        names: catalog::Names::uz("Ikki"),
        position: 9,
        is_open: true,
        // In the order in which they are asked, which is not that of the alphabet.
        fields: vec![field("wish"), field("other"), field("also")],
    };
    run(db, &ctx, move |ctx, tx| actions::create_form(ctx, tx, form.clone())).unwrap();
    let given = [
        json!({"wish": "DIR-A", "other": "DIR-B", "also": "DIR-C"}),
        json!({"other": "DIR-B", "also": "DIR-C"}),
        json!({"also": "DIR-A"}),
        json!({}),
    ];
    for (n, given) in (1..).zip(given) {
        let who = applicant(db, &ctx, n);
        submit(db, &ctx, &who, "two", given).unwrap();
    }
    let today = ctx.today().to_string();
    let found = counted(db, &ctx, &today, &today, None);
    adds_up(&found);
    assert_eq!(items(&found, ItemKind::Direction), pairs(&[("DIR-A", 2), ("DIR-B", 1), ("-", 1)]));
    let id = item(db, &ctx, "DIR-A").id;
    run(db, &ctx, move |ctx, tx| set_item_active(ctx, tx, id, false)).unwrap();
    let found = counted(db, &ctx, &today, &today, None);
    assert_eq!(items(&found, ItemKind::Direction), pairs(&[("DIR-A", 2), ("DIR-B", 1), ("-", 1)]));
}

/// The sum of a list of the answer.
fn sum(answer: &Value, list: &str, count: &str) -> i64 {
    answer[list].as_array().unwrap().iter().map(|one| one[count].as_i64().unwrap()).sum()
}

fn filled_site(db: &TestDb, ctx: &Ctx) -> Site {
    let site = site(db, ctx);
    filled(db, ctx);
    site
}

#[db_test]
async fn programs_get_the_figures_and_are_told_what_is_wrong(db: &TestDb) {
    let ctx = ctx(1);
    let site = filled_site(db, &ctx);
    let address = "/api/v1/analytics/applications";
    let all = site.get(&format!("{address}?from=2026-09-01&to=2026-09-30")).await;
    assert_eq!(all.status, StatusCode::OK, "{}", all.text());
    let all = all.json();
    assert_eq!(
        (&all["applications"], &all["applicants"], &all["new_applicants"]),
        (&json!(6), &json!(3), &json!(3))
    );
    assert_eq!((&all["from"], &all["to"]), (&json!("2026-09-01"), &json!("2026-09-30")));
    for list in ["days", "forms"] {
        assert_eq!(sum(&all, list, "applications"), 6, "{list}");
    }
    for list in ["statuses", "regions", "directions", "tracks", "subjects", "programs", "genders", "ages"] {
        assert_eq!(sum(&all, list, "count"), 6, "{list}");
    }
    assert_eq!(all["subjects"][0]["code"], "SUBJ-MATH");
    assert_eq!(all["subjects"][0]["name"], "Mathematics");
    assert_eq!(all["subjects"][2], json!({"code": null, "id": null, "name": "Not said", "count": 3}));
    let some = format!("{address}?from=2026-09-01&to=2026-09-30&form=polito-academy&status=accepted");
    let some = site.get(&some).await.json();
    assert_eq!((&some["applications"], &some["new_applicants"]), (&json!(1), &Value::Null));
    let usual = site.get(address).await.json();
    assert_eq!(usual["to"], json!(ctx.today().to_string()));
    for (query, field) in [
        ("from=x", "from"),
        ("to=2026-02-30", "to"),
        ("from=2026-09-02&to=2026-09-01", "to"),
        ("from=1900-01-01&to=2026-09-01", "from"),
        ("form=none", "form"),
        ("form=%00", "form"),
        ("status=done", "status"),
    ] {
        let wrong = site.get(&format!("{address}?{query}")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        let wrong = wrong.json();
        assert_eq!(wrong["errors"][0]["field"], field, "{query}: {wrong}");
    }
    assert_eq!(site.by("1:surveys.read").get(address).await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.by("1:applications.read").get(address).await.status, StatusCode::OK);
    let strange = site.by("2").get(&format!("{address}?from=2026-09-01&to=2026-09-30")).await.json();
    assert_eq!(strange["applications"], 0);
}

#[db_test]
async fn the_page_draws_the_figures_and_leads_to_the_list(db: &TestDb) {
    let ctx = ctx(1);
    let empty = site(db, &ctx);
    let page = empty.page("/applications/analytics").await.text();
    assert!(page.contains("Nothing to count yet") && page.contains("/applications/forms"), "{page}");
    let site = filled_site(db, &ctx);
    assert!(site.page("/applications").await.text().contains("href=\"/applications/analytics\""));
    let days = "from=2026-09-01&until=2026-09-30";
    let page = site.page(&format!("/applications/analytics?{days}")).await.text();
    let math = item(db, &ctx, "SUBJ-MATH").id;
    for part in [
        "Mathematics",
        "Andijan",
        "Not said",
        "class=\"shares\"",
        "class=\"chart\"",
        "href=\"/applications?from=2026-09-02&#38;to=2026-09-02\"",
        "href=\"/applications?from=2026-09-01&#38;to=2026-09-30&#38;status=accepted\"",
        &format!("href=\"/applications?from=2026-09-01&#38;to=2026-09-30&#38;subject={math}\""),
        "of=subjects&#38;format=csv",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let list = site.page(&format!("/applications?from=2026-09-01&to=2026-09-30&subject={math}")).await.text();
    assert!(list.contains("2 applications"), "{list}");
    let form =
        site.page(&format!("/applications/analytics?{days}&form=polito-academy&status=accepted")).await;
    let form = form.text();
    assert!(
        form.contains("&#38;form=polito-academy&#38;status=accepted&#38;subject=")
            && !form.contains("Foundation Year</a>")
    );
    for (of, line) in [
        ("days", "2026-09-02,2,0,1"),
        ("subjects", "Mathematics,2"),
        ("statuses", "Accepted,1"),
        ("genders", "Female,2"),
        ("ages", "17,2"),
        ("nonsense", "2026-09-02,2,0,1"),
    ] {
        let file = site.page(&format!("/applications/analytics?{days}&of={of}&format=csv")).await;
        assert!(file.text().lines().any(|own| own == line), "{of}: {}", file.text());
    }
    let xlsx = site.page(&format!("/applications/analytics?{days}&of=regions&format=xlsx")).await;
    assert_eq!(&xlsx.bytes[..2], b"PK");
    for lang in [Lang::Uz, Lang::Ru] {
        assert_eq!(site.in_lang(lang).page("/applications/analytics").await.status, StatusCode::OK);
    }
    let wrong = site.page("/applications/analytics?from=x&until=2026-09-30&form=none&status=%00").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("value=\"x\""), "what was typed stands there");
    let long = site.page("/applications/analytics?from=2020-01-01&until=2026-09-30").await.text();
    assert!(long.contains("a year at most") && long.contains("Mathematics"));
    let reader = site.by("1:applications.read");
    assert!(!reader.page(&format!("/applications/analytics?{days}")).await.text().contains("format=csv"));
    let file = reader.page("/applications/analytics?of=days&format=csv").await;
    assert_eq!(file.status, StatusCode::FORBIDDEN);
    assert_eq!(site.by("1:surveys.read").page("/applications/analytics").await.status, StatusCode::FORBIDDEN);
}
