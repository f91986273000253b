//! The staff's API.

use axum::http::StatusCode;
use db::{db_test, testing::TestDb};
use serde_json::{Value, json};
use web::testing::{Answer, Site};

use super::{applicant, bot_api::site, ctx, polito};

#[track_caller]
fn status(answer: &Answer, expected: StatusCode) -> Value {
    assert_eq!(answer.status, expected, "{}", answer.text());
    answer.json()
}

async fn numbers(site: &Site, query: &str) -> Vec<i64> {
    let body = status(&site.get(&format!("/api/v1/applications{query}")).await, StatusCode::OK);
    body["results"].as_array().unwrap().iter().map(|one| one["number"].as_i64().unwrap()).collect()
}

#[db_test]
async fn the_staff_reads_filters_and_takes_applications_on(db: &TestDb) {
    let ctx = ctx(1);
    let site = site(db, &ctx);
    for n in 1..=3 {
        polito(db, &ctx, &applicant(db, &ctx, n));
    }
    assert_eq!(numbers(&site, "?ordering=number").await, [1, 2, 3]);
    assert_eq!(numbers(&site, "?form=polito-academy&subject=SUBJ-MATH&search=%D0%9A%D0%B0%D1%80%D0%B8%D0%BC%D0%BE%D0%B2%D0%B0%202&status=submitted").await, [2]);
    assert_eq!(numbers(&site, "?subject=subj-phys&from=2026-01-01&to=21.09.2026").await, Vec::<i64>::new());
    for (query, field) in [
        ("?form=x", "form"),
        ("?status=x", "status"),
        ("?subject=UZ-AN", "subject"),
        ("?region=%00", "region"),
        ("?from=x", "from"),
        ("?ordering=name", "ordering"),
    ] {
        let wrong = site.get(&format!("/api/v1/applications{query}")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", wrong.text());
        assert!(wrong.errors()[0].starts_with(field), "{query}: {:?}", wrong.errors());
    }
    let on =
        site.post("/api/v1/applications/1/status", json!({"status": "in_review", "message": "Kuting"})).await;
    let on = status(&on, StatusCode::OK);
    let step = on["history"].as_array().unwrap().iter().find(|entry| entry["kind"] == "status").unwrap();
    assert_eq!((&on["status"], &step["text"]), (&json!("in_review"), &json!("Kuting")));
    let noted = site.post("/api/v1/applications/1/notes", json!({"text": "Hujjat keltirdi"})).await;
    status(&noted, StatusCode::CREATED);
    let notes = site.get("/api/v1/applications/1/notes").await.json();
    assert_eq!((&notes["count"], &notes["results"][0]["text"]), (&json!(1), &json!("Hujjat keltirdi")));
    for (body, field) in [(json!({}), "status"), (json!({"status": "x"}), "status")] {
        let wrong = site.post("/api/v1/applications/1/status", body).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.errors()[0].starts_with(field), "{:?}", wrong.errors());
    }
    let back = site.post("/api/v1/applications/1/status", json!({"status": "in_review"})).await;
    assert_eq!(
        (back.status, back.errors()),
        (StatusCode::CONFLICT, vec!["applications-step-same".to_owned()])
    );

    let third = numbers(&site, "?ordering=-number").await[0];
    let id = site.get("/api/v1/applications/2").await.json()["id"].clone();
    let bulk = json!({"ids": [1, id, third.to_string()], "status": "in_review", "message": "Kuting"});
    let bulk = status(&site.post("/api/v1/applications/bulk-status", bulk).await, StatusCode::OK);
    assert_eq!(bulk["changed"], 2);
    let stayed: Vec<&Value> =
        bulk["results"].as_array().unwrap().iter().filter(|one| one["status"].is_null()).collect();
    assert_eq!((stayed.len(), &stayed[0]["message"]), (1, &json!("Application № 1 has this status already")));
    let wrong =
        site.post("/api/v1/applications/bulk-status", json!({"ids": ["x", 99], "status": "accepted"})).await;
    assert_eq!(
        wrong.errors(),
        ["ids.0: applications-application-unknown", "ids.1: applications-application-unknown"]
    );
    let board = site.get("/api/v1/applications/board?form=polito-academy").await.json();
    let counts: Vec<_> =
        board["results"].as_array().unwrap().iter().map(|column| column["count"].clone()).collect();
    assert_eq!(counts, [0, 3, 0, 0, 0]);
}

#[db_test]
async fn whoever_asks_gets_what_is_kept_of_them_and_is_forgotten(db: &TestDb) {
    let ctx = ctx(1);
    let site = site(db, &ctx);
    polito(db, &ctx, &applicant(db, &ctx, 7));
    let list = status(&site.get("/api/v1/applicants?search=aziza&ordering=name").await, StatusCode::OK);
    let id = list["results"][0]["id"].as_str().unwrap();
    let address = format!("/api/v1/applicants/{id}");
    let one = status(&site.get(&address).await, StatusCode::OK);
    assert_eq!((&one["first_name"], &one["applications"][0]["number"]), (&json!("Aziza"), &json!(1)));
    let data = status(&site.get(&format!("{address}/personal-data")).await, StatusCode::OK);
    assert_eq!(
        (&data["applicant"]["telegram_user_id"], &data["applications"][0]["history"][0]["kind"]),
        (&json!(7), &json!("submitted"))
    );
    let clerk = site.by("1:applications.read,applications.create,applications.edit");
    let erase = format!("{address}/erase");
    assert_eq!(clerk.post(&erase, json!({})).await.status, StatusCode::FORBIDDEN);
    let gone = status(&site.post(&erase, json!({})).await, StatusCode::OK);
    assert_eq!(
        (&gone["first_name"], &gone["telegram_user_id"], gone["erased_at"].is_string()),
        (&Value::Null, &Value::Null, true)
    );
    for query in ["?region=x", "?ordering=x"] {
        assert_eq!(
            site.get(&format!("/api/v1/applicants{query}")).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
}

#[db_test]
async fn forms_are_made_changed_copied_and_deleted(db: &TestDb) {
    let ctx = ctx(1);
    let site = site(db, &ctx);
    let forms = "/api/v1/application-forms";
    let field =
        |key: &str, kind: &str| json!({"key": key, "type": kind, "label_uz": "Savol", "is_required": true});
    let body = json!({"code": "tanlov", "name_uz": "Tanlov", "name_ru": "Конкурс", "fields": [
        field("ism", "text"), field("kun", "date"), {"key": "hudud", "type": "item", "item": "region", "label_uz": "Hudud", "in_table": true}]});
    let answer = site.post(forms, body).await;
    let made = status(&answer, StatusCode::CREATED);
    let place = answer.header("location").unwrap().to_owned();
    assert_eq!(site.get(&place).await.json(), made);
    assert_eq!(site.get(&format!("{forms}/tanlov")).await.json(), made);
    assert_eq!(
        (&made["fields"][0]["max"], &made["fields"][2]["item"], &made["is_open"]),
        (&json!(200), &json!("REGION"), &json!(true))
    );
    let list = site.get(forms).await.json();
    assert_eq!(list["count"], 5);
    let closed =
        status(&site.patch(&place, json!({"is_open": false, "name_uz": "Tanlov 1"})).await, StatusCode::OK);
    assert_eq!(
        (&closed["is_open"], &closed["name_uz"], &closed["fields"]),
        (&json!(false), &json!("Tanlov 1"), &made["fields"])
    );
    let copy = site.post(&format!("{place}/copy"), json!({"code": "tanlov-2", "name_uz": "Tanlov 2"})).await;
    assert_eq!(status(&copy, StatusCode::CREATED)["fields"], made["fields"]);
    let wrong = json!({"code": "tanlov", "name_uz": "", "fields": [{"key": "A", "type": "x", "label_uz": "S"}, {"key": "b", "type": "item", "label_uz": "S"}]});
    let wrong = site.post(forms, wrong).await;
    assert_eq!(
        wrong.errors(),
        [
            "fields.0.type: applications-kind-unknown",
            "fields.1.item: applications-item-kind-missing",
            "name_uz: kernel-text-missing",
            "fields.0.key: applications-key-malformed"
        ]
    );
    let twin = site.post(forms, json!({"code": "tanlov", "name_uz": "A", "fields": []})).await;
    assert_eq!(twin.errors(), ["code: applications-code-taken"]);
    assert_eq!(site.delete(&place).await.status, StatusCode::NO_CONTENT);
    assert_eq!(site.get(&place).await.status, StatusCode::NOT_FOUND);
    polito(db, &ctx, &applicant(db, &ctx, 7));
    let used = site.delete(&format!("{forms}/polito-academy")).await;
    assert_eq!(
        (used.status, used.errors()),
        (StatusCode::CONFLICT, vec!["applications-form-in-use".to_owned()])
    );
}

#[db_test]
async fn others_see_nothing_and_readers_change_nothing(db: &TestDb) {
    let ctx = ctx(1);
    let site = site(db, &ctx);
    polito(db, &ctx, &applicant(db, &ctx, 7));
    let application = site.get("/api/v1/applications/1").await.json();
    let (id, who) = (application["id"].as_str().unwrap(), application["applicant"]["id"].as_str().unwrap());
    let form =
        site.get("/api/v1/application-forms/polito-academy").await.json()["id"].as_str().unwrap().to_owned();
    let strange = site.by("2");
    let gets = [
        format!("/api/v1/applications/{id}"),
        format!("/api/v1/applications/{id}/notes"),
        format!("/api/v1/applicants/{who}"),
        format!("/api/v1/applicants/{who}/personal-data"),
        format!("/api/v1/application-forms/{form}"),
    ];
    for path in &gets {
        assert_eq!(strange.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(site.by("1:applications.read").get(path).await.status, StatusCode::OK, "{path}");
        assert_eq!(site.by("1:surveys.read").get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let posts = [
        (format!("/api/v1/applications/{id}/status"), json!({"status": "accepted"})),
        (format!("/api/v1/applications/{id}/notes"), json!({"text": "a"})),
        (format!("/api/v1/applicants/{who}/erase"), json!({})),
        (format!("/api/v1/application-forms/{form}/copy"), json!({"code": "a", "name_uz": "A"})),
    ];
    for (path, body) in &posts {
        assert_eq!(strange.post(path, body.clone()).await.status, StatusCode::NOT_FOUND, "{path}");
        let reader = site.by("1:applications.read").post(path, body.clone()).await;
        assert_eq!(reader.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in ["/api/v1/applications", "/api/v1/applicants", "/api/v1/application-forms"] {
        assert_eq!(strange.get(path).await.json()["count"], 0, "{path}");
    }
}
