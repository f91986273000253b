//! What campaigns show: every breakdown adds up, and moves with what people say.

use axum::http::StatusCode;
use context::Services;
use kernel::{Lang, Money};
use serde_json::{Value, json};
use web::testing::Site;

use super::*;
use crate::{
    Gender,
    analytics::{self, Analytics},
    module,
};

const SUBMIT: &str = "/api/v1/bot2/surveys/submit";
const PLACE: &str = "/api/v1/analytics/surveys";

async fn site(db: &TestDb) -> Site {
    let ctx = ctx(1);
    for code in ["ME", "CE"] {
        item(db, &ctx, ItemKind::Program, code);
    }
    for code in ["UZ-TK", "UZ-SA"] {
        item(db, &ctx, ItemKind::Region, code);
    }
    let site = Site::new(db, Services::default(), vec![contacts::module(), catalog::module(), module()]);
    for (code, is_active) in [("bahor", false), ("kuz", true)] {
        let new = json!({"code": code, "name_uz": code.to_uppercase(), "is_default": code == "kuz"});
        assert_eq!(site.post("/api/v1/surveys/campaigns", new).await.status, StatusCode::CREATED);
        if !is_active {
            site.post(SUBMIT, json!({"student_external_id": "B-1", "program": "CE", "survey_campaign": code, "works": true, "gender": "male"})).await;
            let closed = format!("/api/v1/surveys/campaigns/{code}");
            assert_eq!(site.patch(&closed, json!({"is_active": false})).await.status, StatusCode::OK);
        }
    }
    site
}

/// Twelve students of each kind; the last said nothing of themselves.
async fn answered(site: &Site) {
    let channels = [json!(["Telegram"]), json!(["telegram", "sms"]), json!(null)];
    for n in 1..=12_i64 {
        let works = match n % 4 {
            0 => Value::Null,
            1 => json!(false),
            _ => json!(true),
        };
        let mut body = json!({
            "student_external_id": format!("U-{n}"), "program": if n <= 8 { "ME" } else { "CE" }, "telegram_user_id": n,
            "works": works, "gender": if n % 3 == 0 { "male" } else { "female" }, "region": if n <= 5 { "UZ-TK" } else { "UZ-SA" },
        });
        if n <= 10 {
            body["course_year"] = json!(n % 4 + 1);
        }
        if works == json!(true) {
            body["hours"] = json!(10 * n);
            body["salary"] = if n == 11 { json!(9_000_000_000_i64) } else { json!(1_000_000 * n) };
        } else if works == json!(false) {
            body["consents"] = json!({"share": n != 5});
            body["channels"] = channels[usize::try_from(n / 4).unwrap() % 3].clone();
        }
        if n == 12 {
            body["gender"] = Value::Null;
            body["region"] = Value::Null;
        }
        let saved = site.post(SUBMIT, body).await;
        assert_eq!(saved.status, StatusCode::CREATED, "{}", saved.text());
    }
}

fn read(db: &TestDb, ctx: &Ctx, key: &'static str) -> Analytics {
    run(db, ctx, move |ctx, tx| {
        let chosen = analytics::chosen(ctx, tx, key)?;
        analytics::analytics(ctx, tx, chosen)
    })
    .unwrap()
}

/// Every breakdown is the whole.
#[track_caller]
fn adds_up(seen: &Analytics) {
    let all = seen.all;
    let people = Figures { roster: 0, ..all };
    let sum = |figures: Vec<Figures>| figures.into_iter().fold(Figures::default(), Figures::plus);
    assert_eq!(sum(seen.campaigns.iter().map(|(_, figures)| *figures).collect()), all);
    assert_eq!(sum(seen.cells.iter().map(|cell| cell.figures).collect()), all);
    assert_eq!(sum(seen.programs(Lang::Uz).into_iter().map(|(_, figures)| figures).collect()), all);
    assert_eq!(sum(seen.course_years().into_iter().map(|(_, figures)| figures).collect()), all);
    assert_eq!(sum(seen.people.iter().map(|cell| cell.figures).collect()), people);
    assert_eq!(sum(seen.genders().into_iter().map(|(_, figures)| figures).collect()), people);
    assert_eq!(sum(seen.regions(Lang::Uz).into_iter().map(|(_, figures)| figures).collect()), people);
    assert_eq!(seen.days.iter().map(|(_, count)| count).sum::<i64>(), all.responses);
    assert_eq!(all.employed + all.unemployed + all.unsaid(), all.responses);
    assert!(seen.consents.iter().all(|consent| consent.said() <= all.responses));
}

#[db_test]
async fn every_breakdown_adds_up_to_the_whole(db: &TestDb) {
    let site = site(db).await;
    answered(&site).await;
    let ctx = ctx(1);
    check_tally(db, &ctx);
    let kuz = read(db, &ctx, "kuz");
    adds_up(&kuz);
    assert_eq!(kuz.all, Figures { roster: 12, responses: 12, employed: 6, unemployed: 3 });
    let years: Vec<_> =
        kuz.course_years().into_iter().map(|(year, figures)| (year, figures.responses)).collect();
    assert_eq!(years, [(Some(1), 2), (Some(2), 3), (Some(3), 3), (Some(4), 2), (None, 2)]);
    let genders: Vec<_> = kuz
        .genders()
        .into_iter()
        .map(|(gender, figures)| (gender, figures.responses, figures.employed))
        .collect();
    assert_eq!(genders, [(Some(Gender::Male), 3, 2), (Some(Gender::Female), 8, 4), (None, 1, 0)]);
    let regions: Vec<_> = kuz.regions(Lang::Uz).into_iter().map(|(_, figures)| figures.responses).collect();
    assert_eq!(regions, [6, 5, 1]);
    let salary = kuz.salary.unwrap();
    let som = Money::from_som;
    assert_eq!((salary.count, salary.lower_quartile, salary.median), (6, som(3_000_000), som(6_000_000)));
    assert_eq!((salary.upper_quartile, salary.highest), (som(10_000_000), som(9_000_000_000)));
    assert_eq!((kuz.hours.unwrap().median, kuz.hours.unwrap().lowest), (60, 20));
    assert_eq!((kuz.consents[0].yes, kuz.consents[0].no), (2, 1));
    let channels: Vec<_> =
        kuz.channels.iter().map(|channel| (channel.name.as_str(), channel.count)).collect();
    assert_eq!((channels, kuz.without_channel), (vec![("Telegram", 2), ("sms", 1)], 10));

    let both = read(db, &ctx, "kuz,BAHOR, kuz");
    adds_up(&both);
    assert_eq!((both.campaigns.len(), both.all.responses, both.all.employed), (2, 13, 7));
    let active = read(db, &ctx, "active");
    assert_eq!((active.campaigns.len(), active.all), (1, kuz.all));
    let unknown = run(db, &ctx, |ctx, tx| analytics::chosen(ctx, tx, "kuz,yoz")).unwrap_err();
    assert_eq!(unknown.kind(), Kind::NotFound);
}

#[db_test]
async fn figures_move_with_what_people_say_and_stay_when_they_are_forgotten(db: &TestDb) {
    let site = site(db).await;
    answered(&site).await;
    let ctx = ctx(1);
    let counted = |gender| {
        let genders = read(db, &ctx, "kuz").genders();
        genders
            .into_iter()
            .find(|(found, _)| *found == gender)
            .map(|(_, figures)| figures)
            .unwrap_or_default()
    };
    // Another gender, another region, begins to work: what was counted before is counted no more.
    let changed = json!({"student_external_id": "U-1", "telegram_user_id": 1, "gender": "male", "region": "UZ-SA", "works": true});
    assert_eq!(site.post(SUBMIT, changed).await.status, StatusCode::OK);
    check_tally(db, &ctx);
    assert_eq!((counted(Some(Gender::Male)).responses, counted(Some(Gender::Male)).employed), (4, 3));
    adds_up(&read(db, &ctx, "kuz"));
    // The same student answers two campaigns, and says who they are only in the second.
    let closed = "/api/v1/surveys/campaigns/bahor";
    site.patch(closed, json!({"is_active": true})).await;
    let twice = json!({"student_external_id": "U-12", "telegram_user_id": 12, "survey_campaign": "bahor", "program": "ME", "gender": "female", "works": false});
    assert_eq!(site.post(SUBMIT, twice).await.status, StatusCode::CREATED);
    check_tally(db, &ctx);
    assert_eq!(counted(None), Figures::default());
    assert_eq!(counted(Some(Gender::Female)).responses, 8);
    // Whoever is forgotten is of no gender any more; the answer stays.
    let found = site.get("/api/v1/surveys/students?search=U-12").await.json();
    let erase = format!("/api/v1/surveys/students/{}/erase", found["results"][0]["id"].as_str().unwrap());
    assert_eq!(site.post(&erase, json!({})).await.status, StatusCode::OK);
    check_tally(db, &ctx);
    assert_eq!(counted(None).responses, 1);
    let both = read(db, &ctx, "kuz,bahor");
    adds_up(&both);
    assert_eq!(both.all.responses, 14);
}

#[db_test]
async fn outside_programs_read_the_figures(db: &TestDb) {
    let site = site(db).await;
    answered(&site).await;
    let site = site.by("1:surveys.read");
    let list = site.get(PLACE).await.json();
    assert_eq!((&list["count"], &list["total"]["response_count"]), (&json!(2), &json!(13)));
    assert_eq!(list["results"][0]["code"], json!("kuz"));
    assert_eq!(list["results"][0]["response_rate_permille"], json!(1000));
    let active = site.get(&format!("{PLACE}?is_active=true")).await.json();
    assert_eq!((&active["count"], &active["total"]["response_count"]), (&json!(1), &json!(12)));
    let chosen = site.get(&format!("{PLACE}?campaigns=bahor")).await.json();
    assert_eq!((&chosen["count"], &chosen["total"]["employed_count"]), (&json!(1), &json!(1)));
    let wrong = site.get(&format!("{PLACE}?campaigns=kuz,yoz&is_active=balki")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.errors().len(), 2, "{}", wrong.text());

    let kuz = site.get(&format!("{PLACE}/KUZ")).await.json();
    assert_eq!((&kuz["response_count"], &kuz["unsaid_count"]), (&json!(12), &json!(3)));
    assert_eq!(kuz["programs"][1]["program"]["code"], json!("ME"));
    assert_eq!(
        (&kuz["genders"][0]["gender"], &kuz["genders"][0]["response_count"]),
        (&json!("male"), &json!(3))
    );
    assert_eq!(kuz["regions"][2]["region"], Value::Null);
    assert_eq!((&kuz["salary"]["median"], &kuz["hours_per_week"]["median"]), (&json!(6_000_000), &json!(60)));
    assert_eq!(
        kuz["consents"][0],
        json!({"consent": "share", "yes_count": 2, "no_count": 1, "other_count": 0, "unsaid_count": 9})
    );
    assert_eq!(kuz["channels"][0], json!({"channel": "Telegram", "response_count": 2}));
    assert_eq!(kuz["days"].as_array().unwrap().len(), 1);
    let both = site.get(&format!("{PLACE}/kuz,bahor")).await.json();
    assert_eq!((&both["response_count"], both["campaigns"].as_array().unwrap().len()), (&json!(13), 2));
    assert_eq!(site.get(&format!("{PLACE}/yoz")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.by("2:surveys.read").get(&format!("{PLACE}/kuz")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.by("1:sales.read").get(PLACE).await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.by("1:sales.read").get(&format!("{PLACE}/kuz")).await.status, StatusCode::FORBIDDEN);
}

#[db_test]
async fn the_staff_compares_campaigns_and_looks_into_one(db: &TestDb) {
    let site = site(db).await;
    let empty = site.page("/surveys/kuz/analytics").await.text();
    assert!(
        empty.contains("No answers yet") && empty.contains("/surveys/kuz/roster"),
        "who has nothing is told what to do"
    );
    answered(&site).await;
    let page = site.page("/surveys/analytics").await.text();
    for words in
        ["KUZ", "BAHOR", "/surveys/kuz/analytics", "/surveys/kuz,bahor/analytics", "66.7", "format=xlsx"]
    {
        assert!(page.contains(words), "{words} is not on the page");
    }
    let active = site.page("/surveys/analytics?state=active").await.text();
    assert!(active.contains("KUZ") && !active.contains("BAHOR"));
    let found = site.page("/surveys/analytics?q=баҳор").await.text();
    assert!(found.contains("BAHOR") && !found.contains("KUZ"));
    let page = site.page("/surveys/kuz/analytics").await.text();
    for words in [
        "Employment by program and year",
        "Year not said",
        "66.7",
        "Telegram",
        "share",
        "6,000,000",
        "of=pay&#38;format=csv",
    ] {
        assert!(page.contains(words), "{words} is not on the page");
    }
    for (of, words, lines) in [
        ("days", "12", 2),
        ("programs", "ME,", 8),
        ("genders", "Female,8,4,2,2,", 4),
        ("regions", "UZ-SA,6,", 4),
        ("pay", "6000000", 3),
        ("consents", "share,2,1,0,9", 2),
        ("channels", "Telegram,2", 4),
    ] {
        let csv = site.page(&format!("/surveys/kuz/analytics?of={of}&format=csv")).await.text();
        assert!(csv.contains(words), "{of}: {csv}");
        assert_eq!(csv.lines().count(), lines, "{of}: {csv}");
        let xlsx = site.page(&format!("/surveys/kuz/analytics?of={of}&format=xlsx")).await;
        assert!(xlsx.bytes.starts_with(b"PK"), "{of}");
    }
    assert!(site.page("/surveys/analytics?format=csv").await.text().contains("BAHOR"));
    for lang in Lang::ALL {
        for page in [
            "/surveys/analytics",
            "/surveys/kuz/analytics",
            "/surveys/bahor,kuz/analytics",
            "/surveys/active/analytics",
        ] {
            assert_eq!(site.in_lang(lang).page(page).await.status, StatusCode::OK, "{page}");
        }
    }
    let reader = site.by("1:surveys.read");
    assert!(!reader.page("/surveys/kuz/analytics").await.text().contains("format="));
    for page in ["/surveys/kuz/analytics?format=csv", "/surveys/analytics?format=xlsx"] {
        assert_eq!(reader.page(page).await.status, StatusCode::FORBIDDEN, "{page}");
    }
    assert_eq!(site.by("2").page("/surveys/kuz/analytics").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.by("1:sales.read").page("/surveys/analytics").await.status, StatusCode::FORBIDDEN);
}
