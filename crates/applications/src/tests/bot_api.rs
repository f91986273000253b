//! `/api/v1/bot1`, driven as the outside bot of seed 004 drives it.

use axum::http::{Request, StatusCode};
use context::{Ctx, Services};
use db::{db_test, testing::TestDb};
use kernel::Lang;
use serde_json::{Value, json};
use web::testing::{Answer, Site};

use super::{ctx, item, seeded};
use crate::module;

/// What the bot's own token may do.
const BOT: &str = "1:applications.read,applications.create,applications.edit";

pub(super) fn site(db: &TestDb, ctx: &Ctx) -> Site {
    seeded(db, ctx);
    Site::new(db, Services::default(), vec![catalog::module(), contacts::module(), module()])
}

fn bot(db: &TestDb, ctx: &Ctx) -> Site {
    site(db, ctx).by(BOT)
}

#[track_caller]
fn status(answer: &Answer, expected: StatusCode) -> Value {
    assert_eq!(answer.status, expected, "{}", answer.text());
    answer.json()
}

const UPSERT: &str = "/api/v1/bot1/applicants/upsert";

#[db_test]
async fn the_seeds_bot_registers_somebody_and_applies_for_all_four(db: &TestDb) {
    let ctx = ctx(1);
    let site = bot(db, &ctx);
    let region = item(db, &ctx, "UZ-TAS");
    let body = json!({"telegram_user_id": 123_456_789, "telegram_chat_id": 123_456_789, "username": "aziza",
        "first_name": "Aziza", "last_name": "Karimova", "phone": "998901234567", "email": null,
        "region_id": region.id.uuid(), "gender": "female", "birth_date": "2009-01-31", "language": "uz"});
    let made = status(&site.post(UPSERT, body).await, StatusCode::CREATED);
    let id = made["id"].as_str().unwrap();
    let expected = json!({"id": id, "contact": 1, "telegram_user_id": 123_456_789, "telegram_chat_id": 123_456_789,
        "username": "aziza", "first_name": "Aziza", "last_name": "Karimova", "phone": "+998901234567", "email": null,
        "region": {"id": region.id.uuid(), "code": "UZ-TAS", "metadata": region.metadata}, "gender": "female",
        "birth_date": "2009-01-31", "language": "uz", "created_at": made["created_at"],
        "updated_at": made["updated_at"], "erased_at": null, "created": true});
    assert_eq!(made, expected);
    let again = json!({"telegram_id": "123456789", "first_name": "Nargiza", "phone": "", "source": "qr"});
    let again = status(&site.post(UPSERT, again).await, StatusCode::OK);
    assert_eq!(
        (&again["id"], &again["first_name"], &again["phone"]),
        (&made["id"], &json!("Nargiza"), &made["phone"])
    );

    let admissions = json!({"applicant_id": id, "direction_id": item(db, &ctx, "DIR-MECH-IT").id.uuid(),
        "track_id": item(db, &ctx, "TRACK-ITALIAN").id.uuid(), "region": "UZ-TAS", "status": "accepted",
        "answers": {"second_phone": "+998 90 111-22-33", "izoh": "Salom"}});
    let sent = status(
        &site.post("/api/v1/bot1/admissions-2026/submit", admissions.clone()).await,
        StatusCode::CREATED,
    );
    assert_eq!(
        (&sent["form"], &sent["status"], &sent["created"], &sent["applicant"]["id"]),
        (&json!("admissions-2026"), &json!("submitted"), &json!(true), &json!(id))
    );
    let answers = json!({"direction": "DIR-MECH-IT", "track": "TRACK-ITALIAN", "region": "UZ-TAS",
        "second_phone": "+998901112233", "izoh": "Salom"});
    assert_eq!(sent["answers"], answers);
    assert_eq!(
        (&sent["direction"]["code"], &sent["track"]["metadata"]["name_en"]),
        (&json!("DIR-MECH-IT"), &json!("Italian Track"))
    );
    let same = status(&site.post("/api/v1/bot1/admissions-2026/submit", admissions).await, StatusCode::OK);
    assert_eq!((&same["id"], &same["created"]), (&sent["id"], &json!(false)));

    for (form, body) in [
        (
            "campus-tour",
            json!({"organization": "Maktab 5", "position": "Direktor", "phone": "901112233",
            "preferred_date": "2026-10-01", "preferred_time": "14:30"}),
        ),
        ("foundation", json!({"extra_phone": "901112233"})),
        ("polito-academy", json!({"subject_id": "SUBJ-MATH", "score": "87"})),
    ] {
        let mut body = body;
        body["telegram_user_id"] = json!(123_456_789);
        let sent =
            status(&site.post(&format!("/api/v1/bot1/{form}/submit"), body).await, StatusCode::CREATED);
        assert_eq!((&sent["form"], &sent["applicant"]["id"]), (&json!(form), &json!(id)), "{sent}");
    }
    let own = status(&site.get("/api/v1/bot1/applications?telegram_user_id=123456789").await, StatusCode::OK);
    let forms: Vec<&str> =
        own["results"].as_array().unwrap().iter().map(|one| one["form"].as_str().unwrap()).collect();
    assert_eq!(forms.len(), 4);
    assert!(forms.contains(&"campus-tour"), "{forms:?}");
    assert_eq!(
        own["results"][0]["applicant"]["phone"], "+998901234567",
        "a form's phone is no applicant's phone"
    );
    let none = status(&site.get("/api/v1/bot1/applications?telegram_user_id=5").await, StatusCode::OK);
    assert_eq!(none["count"], 0);
}

#[db_test]
async fn who_applies_is_written_down_on_the_way(db: &TestDb) {
    let ctx = ctx(1);
    let site = bot(db, &ctx);
    let body = json!({"telegram_user_id": "77", "first_name": "Aziza", "phone": "901234567", "score": 5,
        "subject": "SUBJ-MATH", "applicant": {"last_name": "Karimova", "region_id": "UZ-AN"}});
    let sent = status(&site.post("/api/v1/bot1/polito-academy/submit", body).await, StatusCode::CREATED);
    let who = &sent["applicant"];
    assert_eq!(
        (
            &who["telegram_user_id"],
            &who["first_name"],
            &who["last_name"],
            &who["phone"],
            &who["region"]["code"]
        ),
        (&json!(77), &json!("Aziza"), &json!("Karimova"), &json!("+998901234567"), &json!("UZ-AN"))
    );
    assert_eq!(sent["answers"], json!({"score": 5, "subject": "SUBJ-MATH"}));
    let part = json!({"telegram_user_id": 77, "score": 6});
    let part = status(&site.post("/api/v1/bot1/polito-academy/submit", part).await, StatusCode::OK);
    assert_eq!((&part["answers"]["score"], &part["applicant"]["first_name"]), (&json!(6), &json!("Aziza")));
}

#[db_test]
async fn what_is_wrong_is_said_beside_its_field_in_the_callers_language(db: &TestDb) {
    let ctx = ctx(1);
    let site = bot(db, &ctx);
    let refused = async |path: &str, body: Value, expected: &[&str]| {
        let answer = site.post(path, body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
        assert_eq!(answer.errors(), expected, "{path}");
    };
    refused(UPSERT, json!({}), &["telegram_user_id: kernel-text-missing"]).await;
    refused(UPSERT, json!({"telegram_user_id": "a"}), &["telegram_user_id: kernel-number-malformed"]).await;
    let wrong = json!({"telegram_user_id": 7, "first_name": ["a"], "phone": "1", "birth_date": "kecha", "gender": "x",
        "language": "de", "region": "NO-SUCH"});
    refused(
        UPSERT,
        wrong,
        &[
            "first_name: web-field-type",
            "phone: kernel-phone-malformed",
            "birth_date: kernel-date-malformed",
            "gender: applications-gender-unknown",
            "language: applications-lang-unknown",
            "region: applications-item-unknown",
        ],
    )
    .await;
    let submit = "/api/v1/bot1/polito-academy/submit";
    refused(submit, json!({"score": 1}), &["telegram_user_id: applications-applicant-missing"]).await;
    let stranger = json!({"applicant_id": uuid::Uuid::from_u128(5)});
    refused(submit, stranger, &["applicant_id: applications-applicant-unknown"]).await;
    refused(submit, json!({"telegram_user_id": 7, "answers": 5}), &["answers: web-field-type"]).await;
    refused(
        submit,
        json!({"telegram_user_id": 7, "applicant": {"phone": "1"}}),
        &["applicant.phone: kernel-phone-malformed"],
    )
    .await;
    refused(
        submit,
        json!({"telegram_user_id": 7, "subject_id": "SUBJ-X", "score": 101}),
        &["subject_id: applications-item-unknown", "score: applications-number-out-of-range"],
    )
    .await;
    let none = site.get("/api/v1/applicants").await.json();
    assert_eq!(none["count"], 0, "a refused submission writes nobody down");
    let russian = site.in_lang(Lang::Ru);
    let said = russian.post(submit, json!({"telegram_user_id": 7, "score": 101, "subject": "SUBJ-MATH"}));
    assert_eq!(said.await.json()["errors"][0]["message"], "Число должно быть от 0 до 100");
    for body in ["[1]", "\"a\"", "null", "{"] {
        let request =
            Request::post(submit).header("x-api-key", BOT).header("content-type", "application/json");
        let answer = site.ask(request, body).await;
        assert!(answer.status.is_client_error(), "{body}: {}", answer.text());
    }
    assert_eq!(
        site.post("/api/v1/bot1/no-such/submit", json!({"telegram_user_id": 7})).await.status,
        StatusCode::NOT_FOUND
    );
    let reader = site.by("1:applications.read");
    for path in [UPSERT, submit] {
        assert_eq!(reader.post(path, json!({})).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[db_test]
async fn the_same_key_answers_the_first_result(db: &TestDb) {
    let ctx = ctx(1);
    let site = bot(db, &ctx);
    let send = async |score: i64| {
        let body = json!({"telegram_user_id": 7, "subject": "SUBJ-MATH", "score": score});
        let request = Request::post("/api/v1/bot1/polito-academy/submit")
            .header("x-api-key", BOT)
            .header("content-type", "application/json")
            .header("idempotency-key", "one");
        site.ask(request, body.to_string()).await
    };
    let first = status(&send(5).await, StatusCode::CREATED);
    assert_eq!(status(&send(5).await, StatusCode::CREATED), first);
    assert_eq!(send(6).await.status, StatusCode::CONFLICT);
}
