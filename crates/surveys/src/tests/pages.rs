//! The pages, as the staff uses them.

use std::sync::Arc;

use axum::http::StatusCode;
use context::{Random, Services};
use files::Blobs;
use jobs::Worker;
use kernel::FixedClock;
use serde_json::json;
use web::testing::{Answer, NOW, Site};

use super::*;
use crate::{module, work};

struct Office {
    site: Site,
    worker: Arc<Worker>,
    _folder: tempfile::TempDir,
}

async fn office(db: &TestDb) -> Office {
    let folder = tempfile::tempdir().unwrap();
    let services = Services::default().with(Arc::new(Blobs::open_volatile(folder.path()).unwrap()));
    let mut site = Site::new(db, services.clone(), vec![module(), catalog::module(), contacts::module()]);
    let worker =
        Worker::new((**db).clone(), services, Arc::new(FixedClock::at(NOW)), Random::from_seed(77), work());
    let ctx = ctx(1);
    for code in ["ME", "CE"] {
        item(db, &ctx, ItemKind::Program, code);
    }
    let fields = [
        ("name_uz", "Kuzgi soʻrovnoma"),
        ("code", "Kuz 2026"),
        ("is_active", "true"),
        ("is_default", "true"),
    ];
    let made = site.form("/surveys/new", &fields).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::SEE_OTHER, Some("/surveys/kuz-2026")));
    Office { site, worker, _folder: folder }
}

#[track_caller]
fn shows(page: &Answer, words: &[&str]) {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    for words in words {
        assert!(page.text().contains(words), "{words} is not on the page");
    }
}

async fn answered(site: &Site) {
    for n in 1..=3 {
        let body = json!({"student_external_id": format!("U-{n}"), "program": "ME", "course_year": n, "telegram_user_id": n,
            "first_name": format!("Aziza{n}"), "works": n == 1, "suggestions": "<b>Koʻproq</b>"});
        assert_eq!(site.post("/api/v1/bot2/surveys/submit", body).await.status, StatusCode::CREATED);
    }
}

#[db_test]
async fn a_campaign_is_made_settled_and_looked_at(db: &TestDb) {
    let mut office = office(db).await;
    answered(&office.site).await;
    shows(&office.site.page("/surveys").await, &["Kuzgi soʻrovnoma", "100.0"]);
    let page = office.site.page("/surveys/kuz-2026").await;
    shows(&page, &["Aziza1", "Aziza3", "Works", "By program", "33.3", "Year 2", "format=xlsx", "format=pdf"]);
    let found = office.site.page("/surveys/kuz-2026?q=aziza2").await.text();
    assert!(found.contains("U-2") && !found.contains("U-3"));
    let working = office.site.page("/surveys/kuz-2026?employment=employed&year=1").await.text();
    assert!(working.contains("U-1") && !working.contains("U-2"));
    let csv = office.site.page("/surveys/kuz-2026?format=csv").await;
    assert!(csv.text().contains("Koʻproq") && csv.text().lines().count() == 4, "{}", csv.text());
    assert!(office.site.page("/surveys/kuz-2026?format=xlsx").await.bytes.starts_with(b"PK"));
    for lang in kernel::Lang::ALL {
        let pdf = office.site.in_lang(lang).page("/surveys/kuz-2026?format=pdf").await;
        assert!(pdf.bytes.starts_with(b"%PDF"), "{}", pdf.text());
        for page in [
            "/surveys",
            "/surveys/kuz-2026",
            "/surveys/kuz-2026/roster",
            "/surveys/kuz-2026/edit",
            "/students",
        ] {
            shows(&office.site.in_lang(lang).page(page).await, &[]);
        }
    }
    let reader = office.site.by("1:surveys.read");
    let read = reader.page("/surveys/kuz-2026").await.text();
    assert!(!read.contains("format=csv") && !read.contains("/close"), "who may only read sees no more");
    assert_eq!(reader.page("/surveys/kuz-2026?format=csv").await.status, StatusCode::FORBIDDEN);
    assert_eq!(office.site.by("2").page("/surveys/kuz-2026").await.status, StatusCode::NOT_FOUND);

    let wrong = [("name_uz", "Yangi nom"), ("code", "!"), ("opens_on", "2026-13-01"), ("closes_on", "")];
    let wrong = office.site.form("/surveys/kuz-2026/edit", &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["Yangi nom", "2026-13-01", "The code is made of Latin letters"] {
        assert!(wrong.text().contains(words), "{words} is lost");
    }
    let settled =
        [("name_uz", "Yangi nom"), ("code", "kuz"), ("closes_on", "2026-12-31"), ("is_active", "true")];
    let settled = office.site.form("/surveys/kuz-2026/edit", &settled).await;
    assert_eq!(settled.header("location"), Some("/surveys/kuz"));
    assert_eq!(office.site.form("/surveys/kuz/close", &[]).await.status, StatusCode::SEE_OTHER);
    shows(&office.site.page("/surveys/kuz").await, &["Yangi nom", "Closed", "/surveys/kuz/open"]);
    let kept = office.site.form("/surveys/kuz/delete", &[]).await;
    assert_eq!(kept.header("location"), Some("/surveys"));
    shows(&office.site.page("/surveys").await, &["Yangi nom"]);
}

#[db_test]
async fn a_roster_is_brought_on_its_page(db: &TestDb) {
    let office = office(db).await;
    let place = "/surveys/kuz-2026/roster";
    let empty = office.site.upload(place, "file", "", b"").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Choose a file"));
    let taken =
        office.site.upload(place, "file", "royxat.csv", b"id,program,Ism\nU-1,ME,Ali\nU-2,CE,\n").await;
    let import = taken.header("location").unwrap().to_owned();
    shows(&office.site.page(&import).await, &["royxat.csv", "Waiting", "every 1s"]);
    office.worker.drain().await.unwrap();
    let done = office.site.page(&import).await;
    shows(&done, &["Done"]);
    assert!(!done.text().contains("every 1s"), "who is done asks no more");
    shows(&office.site.page(place).await, &["royxat.csv", "U-1", "U-2", "Ism: Ali"]);
    let wrong = office.site.upload(place, "file", "xato.csv", b"id,program\nU-3,XX\n").await;
    office.worker.drain().await.unwrap();
    let wrong = wrong.header("location").unwrap().to_owned();
    shows(&office.site.page(&wrong).await, &["Refused", "The program XX is not offered", "errors.csv"]);
    let csv = office.site.page(&format!("{wrong}/errors.csv")).await;
    assert!(csv.text().contains("2,program,The program XX is not offered"), "{}", csv.text());
    assert_eq!(office.site.by("2").page(&import).await.status, StatusCode::NOT_FOUND);
    let reader = office.site.by("1:surveys.read");
    assert!(!reader.page(place).await.text().contains("type=\"file\""));
    assert_eq!(
        reader.upload(place, "file", "a.csv", b"id,program\n1,ME\n").await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(reader.page(&import).await.status, StatusCode::FORBIDDEN);
}

#[db_test]
async fn a_student_is_looked_at_and_forgotten(db: &TestDb) {
    let mut office = office(db).await;
    answered(&office.site).await;
    shows(&office.site.page("/students?q=U-2").await, &["Aziza2"]);
    let found = office.site.get("/api/v1/surveys/students?search=aziza2").await.json();
    let place = format!("/students/{}", found["results"][0]["id"].as_str().unwrap());
    let page = office.site.page(&place).await;
    shows(&page, &["Aziza2", "Kuzgi soʻrovnoma", "Does not work", "Answered", "History"]);
    assert!(!page.text().contains("<b>Koʻproq"), "what people say is no markup");
    let whole = office.site.page(&format!("{place}/personal-data")).await;
    assert_eq!(whole.header("content-type"), Some("application/json"));
    assert!(whole.text().contains("Aziza2"));
    office.site.form(&format!("{place}/release"), &[]).await;
    office.site.form(&format!("{place}/erase"), &[]).await;
    let erased = office.site.page(&place).await;
    shows(&erased, &["U-2", "Personal data erased"]);
    assert!(!erased.text().contains("Aziza2") && !erased.text().contains("Koʻproq"));
    let editor = office.site.by("1:surveys.read,surveys.edit");
    let seen = editor.page(&place).await.text();
    assert!(!seen.contains("/erase") && !seen.contains("personal-data"));
    assert_eq!(office.site.by("2").page(&place).await.status, StatusCode::NOT_FOUND);
    assert_eq!(office.site.page("/students/1").await.status, StatusCode::NOT_FOUND);
}
