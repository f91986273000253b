//! The pages, driven as a browser drives them.

use axum::http::StatusCode;
use db::{db_test, testing::TestDb};
use kernel::Lang;
use serde_json::{Value, json};
use web::testing::Site;

use super::{applicant, bot_api::site, ctx, item, polito, submit};

/// The ids of the applications with these numbers.
async fn id(site: &Site, number: i64) -> String {
    let one = site.get(&format!("/api/v1/applications/{number}")).await.json();
    one["id"].as_str().unwrap().to_owned()
}

#[db_test]
async fn the_list_shows_a_forms_own_columns_and_keeps_its_filters(db: &TestDb) {
    let ctx = ctx(1);
    let mut site = site(db, &ctx);
    let (one, two) = (applicant(db, &ctx, 1), applicant(db, &ctx, 2));
    assert!(site.page("/applications").await.text().contains("No applications yet"));
    polito(db, &ctx, &one);
    let tour = json!({"organization": "Maktab & 5", "position": "Direktor", "phone": "901112233",
        "preferred_date": "2026-09-22", "preferred_time": "9:30"});
    submit(db, &ctx, &two, "campus-tour", tour).unwrap();
    let all = site.page("/applications").await.text();
    assert!(
        all.contains("Karimova 1") && all.contains("Karimova 2") && all.contains("Polito Academy"),
        "{all}"
    );
    let tour = site.page("/applications?form=campus-tour").await.text();
    for word in ["Organization", "Maktab &#38; 5", "+998 90 111 22 33", "22.09.2026", "09:30"] {
        assert!(tour.contains(word), "{word}: {tour}");
    }
    assert!(!tour.contains("Karimova 1") && !tour.contains("Direktor"), "only the columns of tables");
    let subject = item(db, &ctx, "SUBJ-MATH").id;
    let math = site.page(&format!("/applications?subject={subject}&q=karimova&from=2026-09-01")).await.text();
    assert!(math.contains("Karimova 1") && !math.contains("Karimova 2"));
    assert!(site.page("/applications?q=nobody").await.text().contains("Nothing found"));
    assert_eq!(
        site.page("/applications?status=x&form=x&region=x&from=x&page=0&q=%00").await.status,
        StatusCode::OK
    );
    let board = site.page("/applications?view=board&form=polito-academy").await.text();
    assert!(board.contains("Karimova 1") && board.contains("In review") && board.contains("Nobody here"));
    for lang in [Lang::Uz, Lang::Ru] {
        let page = site.in_lang(lang).page("/applications").await;
        assert_eq!(page.status, StatusCode::OK);
    }
    let reader = site.by("1:applications.read").page("/applications").await.text();
    assert!(all.contains("data-tick-all=\"id\"") && !reader.contains("data-tick-all"));
    assert!(!reader.contains("name=\"message\"") && !reader.contains("format=csv"), "readers change nothing");
    assert_eq!(site.by("1:surveys.read").page("/applications").await.status, StatusCode::FORBIDDEN);
    assert!(!site.by("2").page("/applications").await.text().contains("Karimova"));
    site.form("/applications/1/status", &[("status", "in_review")]).await;
    let counted = site.page("/applications?status=in_review").await.text();
    assert!(counted.contains("Karimova 1") && !counted.contains("Karimova 2"));
}

#[db_test]
async fn many_are_taken_on_by_their_boxes_and_what_was_typed_is_kept(db: &TestDb) {
    let ctx = ctx(1);
    let mut site = site(db, &ctx);
    for n in 1..=3 {
        polito(db, &ctx, &applicant(db, &ctx, n));
    }
    let ids = [id(&site, 1).await, id(&site, 2).await];
    let none = site
        .form("/applications/bulk?form=polito-academy", &[("status", "accepted"), ("message", "Keling")])
        .await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text().contains("Choose applications first") && none.text().contains(">Keling</textarea>"));
    let long = "a".repeat(3_501);
    let long =
        site.form("/applications/bulk", &[("id", &ids[0]), ("status", "rejected"), ("message", &long)]).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(long.text().matches("type=\"checkbox\" name=\"id\"").count(), 3);
    assert!(long.text().contains("\" checked>") && long.text().contains("value=\"rejected\" selected"));
    let fields =
        [("id", ids[0].as_str()), ("id", ids[1].as_str()), ("status", "accepted"), ("message", "Keling")];
    let done = site.form("/applications/bulk?form=polito-academy&page=1", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert_eq!(done.header("location"), Some("/applications?form=polito-academy&page=1"));
    assert_eq!(site.get("/api/v1/applications?status=accepted").await.json()["count"], 2);
    let again = site.form("/applications/bulk", &fields).await;
    assert_eq!(
        again.status,
        StatusCode::SEE_OTHER,
        "those that cannot go there are told of, and nothing is lost"
    );
    for n in 4..=40 {
        polito(db, &ctx, &applicant(db, &ctx, n));
    }
    let all = site.page("/applications?status=submitted").await.text();
    assert!(all.contains("All 38 that fit the filters"), "more than the page shows");
    let every =
        site.form("/applications/bulk?status=submitted", &[("every", "true"), ("status", "in_review")]).await;
    assert_eq!(every.status, StatusCode::SEE_OTHER, "{}", every.text());
    assert_eq!(site.get("/api/v1/applications?status=in_review").await.json()["count"], 38);
    let clerk = &mut site.by("1:applications.read");
    assert_eq!(clerk.form("/applications/bulk", &fields).await.status, StatusCode::FORBIDDEN);
}

#[db_test]
async fn the_list_goes_into_files(db: &TestDb) {
    let ctx = ctx(1);
    let site = site(db, &ctx);
    let one = applicant(db, &ctx, 1);
    submit(db, &ctx, &one, "foundation", json!({"extra_phone": "901112233", "izoh": "=1+1"})).unwrap();
    let csv = site.page("/applications?form=foundation&format=csv").await;
    let text = csv.text();
    assert_eq!(csv.header("content-disposition"), Some("attachment; filename=\"foundation.csv\""));
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    assert_eq!(lines.next(), Some("No.,Applicant,Phone,Extra phone,Other answers,Status,Submitted"));
    let line = lines.next().unwrap();
    assert!(line.starts_with("1,Aziza Karimova 1,,+998 90 111 22 33,izoh: =1+1,Submitted,"), "{line}");
    let xlsx = site.page("/applications?format=xlsx").await;
    assert_eq!(&xlsx.bytes[..2], b"PK");
    let pdf = site.page("/applications?form=foundation&format=pdf").await;
    assert_eq!((pdf.status, &pdf.bytes[..5]), (StatusCode::OK, &b"%PDF-"[..]), "{}", pdf.text());
    let clerk = site.by("1:applications.read");
    for format in ["csv", "xlsx", "pdf"] {
        let refused = clerk.page(&format!("/applications?format={format}")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{format}");
    }
    assert_eq!(clerk.page("/applicants?format=csv").await.status, StatusCode::FORBIDDEN);
    assert!(site.page("/applicants?format=csv").await.text().contains("Aziza Karimova 1"));
}

#[db_test]
async fn one_application_is_read_and_taken_on(db: &TestDb) {
    let ctx = ctx(1);
    let mut site = site(db, &ctx);
    polito(db, &ctx, &applicant(db, &ctx, 7));
    let page = site.page("/applications/1").await.text();
    for word in ["Karimova 7", "Mathematics", "80", "Submitted"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    let wrong = site.form("/applications/1/status", &[("status", "x"), ("message", "Keling <3")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("Keling &#60;3"), "{}", wrong.text());
    let on = site.form("/applications/1/status", &[("status", "accepted"), ("message", "Keling")]).await;
    assert_eq!((on.status, on.header("location")), (StatusCode::SEE_OTHER, Some("/applications/1")));
    let stale = site.form("/applications/1/status", &[("status", "rejected"), ("message", "Uzr")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("is accepted") && stale.text().contains("Uzr"));
    let blank = site.form("/applications/1/notes", &[("text", " ")]).await;
    assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY);
    let noted = site.form("/applications/1/notes", &[("text", "Hujjat keltirdi")]).await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER);
    let page = site.page("/applications/1").await.text();
    assert!(
        page.contains("Hujjat keltirdi") && page.contains("Submitted → Accepted") && page.contains("Keling")
    );
    for path in ["/applications/2", "/applications/x", "/applications/0"] {
        assert_eq!(site.page(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(site.by("2").page("/applications/1").await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn an_applicant_gets_their_data_and_is_forgotten(db: &TestDb) {
    let ctx = ctx(1);
    let mut site = site(db, &ctx);
    polito(db, &ctx, &applicant(db, &ctx, 7));
    let list = site.page("/applicants?q=karimova&order=name").await.text();
    assert!(list.contains("Aziza Karimova 7"), "{list}");
    let who = site.get("/api/v1/applicants").await.json()["results"][0]["id"].as_str().unwrap().to_owned();
    let address = format!("/applicants/{who}");
    let page = site.page(&address).await.text();
    assert!(
        page.contains("Polito Academy") && page.contains("/applications/1") && page.contains("/erase"),
        "{page}"
    );
    let data = site.page(&format!("{address}/personal-data")).await;
    assert_eq!(data.header("content-disposition"), Some("attachment; filename=\"personal-data.json\""));
    assert_eq!(data.json()["applicant"]["telegram_user_id"], 7);
    let clerk = &mut site.by("1:applications.read,applications.edit");
    assert!(!clerk.page(&address).await.text().contains("/erase"));
    assert_eq!(clerk.form(&format!("{address}/erase"), &[]).await.status, StatusCode::FORBIDDEN);
    let gone = site.form(&format!("{address}/erase"), &[]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text());
    let page = site.page(&address).await.text();
    assert!(
        page.contains("Personal data erased") && !page.contains("Karimova") && !page.contains("/erase\"")
    );
    assert!(site.page("/applications").await.text().contains("Personal data erased"));
    assert_eq!(site.by("2").page(&address).await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn a_form_is_made_in_the_editor_changed_copied_and_closed(db: &TestDb) {
    let ctx = ctx(1);
    let mut site = site(db, &ctx);
    let forms = "/applications/forms";
    assert!(site.page(forms).await.text().contains("Campus Tour"));
    let row = |n: usize, cells: &[(&str, &str)]| -> Vec<(String, String)> {
        cells.iter().map(|(cell, value)| (format!("fields.{n}.{cell}"), (*value).to_owned())).collect()
    };
    let mut fields =
        vec![("code".to_owned(), "tanlov".to_owned()), ("name_uz".to_owned(), "Tanlov".to_owned())];
    fields.extend(row(
        0,
        &[
            ("key", "yosh"),
            ("type", "whole"),
            ("label_uz", "Yosh"),
            ("min", "7"),
            ("max", "99"),
            ("place", "2"),
            ("is_required", "true"),
        ],
    ));
    fields.extend(row(1, &[("key", ""), ("type", "text"), ("place", "1")]));
    fields.extend(row(
        2,
        &[("key", "hudud"), ("type", "REGION"), ("label_uz", "Hudud"), ("place", "1"), ("in_table", "true")],
    ));
    fields.extend(row(
        3,
        &[("key", "kun"), ("type", "date"), ("label_uz", "Kun"), ("min", "0"), ("max", "x"), ("place", "3")],
    ));
    let send = |fields: &[(String, String)]| -> Vec<(String, String)> { fields.to_vec() };
    let pairs = send(&fields);
    let pairs: Vec<(&str, &str)> =
        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let wrong = site.form(&format!("{forms}/new"), &pairs).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text());
    let text = wrong.text();
    assert!(
        text.contains("name=\"fields.2.max\" value=\"x\"") && text.contains("This is not a number"),
        "{text}"
    );
    assert!(
        text.contains("name=\"fields.0.key\" value=\"hudud\""),
        "rows stand in the order of their places"
    );
    let pairs: Vec<(&str, &str)> =
        pairs.into_iter().map(|(name, value)| (name, if value == "x" { "30" } else { value })).collect();
    let made = site.form(&format!("{forms}/new"), &pairs).await;
    assert_eq!(
        (made.status, made.header("location")),
        (StatusCode::SEE_OTHER, Some(forms)),
        "{}",
        made.text()
    );
    let form = site.get("/api/v1/application-forms/tanlov").await.json();
    let kept: Vec<Value> = form["fields"].as_array().unwrap().clone();
    assert_eq!(
        kept.iter().map(|field| field["key"].as_str().unwrap()).collect::<Vec<_>>(),
        ["hudud", "yosh", "kun"]
    );
    assert_eq!(
        (&kept[0]["item"], &kept[1]["whole"], &kept[1]["max"], &kept[2]["max_days"]),
        (&json!("REGION"), &json!(true), &json!(99), &json!(30))
    );
    assert_eq!(form["is_open"], false, "the box was not ticked");

    let address = format!("{forms}/{}", form["id"].as_str().unwrap());
    let page = site.page(&address).await.text();
    assert!(page.contains("value=\"yosh\"") && page.contains("name=\"fields.5.key\""), "{page}");
    let opened = site.form(&format!("{address}/open"), &[]).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER);
    let copy = [("code", "tanlov"), ("name_uz", "Tanlov 2")];
    let taken = site.form(&format!("{address}/copy"), &copy).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.text().contains("Another form has the code") && taken.text().contains("Tanlov 2"));
    assert_eq!(site.page(&format!("{address}/copy")).await.status, StatusCode::OK);
    let copied =
        site.form(&format!("{address}/copy"), &[("code", "tanlov-2"), ("name_uz", "Tanlov 2")]).await;
    assert_eq!(copied.status, StatusCode::SEE_OTHER, "{}", copied.text());
    assert_eq!(site.form(&format!("{address}/close"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.form(&format!("{address}/delete"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.page(&address).await.status, StatusCode::NOT_FOUND);
    let reader = site.by("1:applications.read");
    assert_eq!(reader.page(&format!("{forms}/new")).await.status, StatusCode::FORBIDDEN);
    assert!(!reader.page(forms).await.text().contains("/delete"));
}
