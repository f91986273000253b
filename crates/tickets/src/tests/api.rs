//! The API as an outside bot uses it, by the names of the original (SPEC, DESK-6).

use axum::http::{Request, StatusCode};
use context::Services;
use db::{db_test, testing::TestDb};
use serde_json::{Value, json};
use web::testing::{Answer, Site};

use crate::module;

/// What an agent who is no head may do.
const AGENT: &str = "1:tickets.read,tickets.create,tickets.edit";

fn site(db: &TestDb) -> Site {
    Site::new(db, Services::default(), vec![contacts::module(), module()])
}

async fn made(site: &Site, path: &str, body: Value) -> Value {
    let answer = site.post(path, body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{path}: {}", answer.text());
    let body = answer.json();
    let place = answer.header("location").unwrap();
    assert_eq!(site.get(place).await.json(), body, "{place}");
    body
}

async fn settled(site: &Site) {
    made(site, "/api/admin/categories", json!({"name": "Toʻlov", "name_ru": "Оплата"})).await;
    made(site, "/api/admin/categories", json!({"name_uz": "Tovar"})).await;
    made(site, "/api/user/users", json!({"telegram_id": 77, "full_name": "Aziza"})).await;
}

#[db_test]
async fn an_outside_bot_leads_a_person_from_start_to_a_closed_ticket(db: &TestDb) {
    let site = site(db);
    let category = made(&site, "/api/admin/categories", json!({"name": "Toʻlov", "name_ru": "Оплата"})).await;
    assert_eq!(
        category,
        json!({"id": 1, "uuid": category["uuid"], "name": "Toʻlov", "name_uz": "Toʻlov", "name_ru": "Оплата",
            "name_en": null, "position": 0, "is_active": true, "answer_minutes": null, "resolve_minutes": null,
            "assigns": "manual"})
    );
    let admin = json!({"telegram_id": 501, "full_name": "Bobur", "role": "admin", "categories": [1]});
    let admin = made(&site, "/api/admin/admins", admin).await;
    assert_eq!(
        (&admin["id"], &admin["role"], &admin["categories"]),
        (&json!(1), &json!("admin"), &json!([1]))
    );

    let user = json!({"telegram_id": 77, "username": "@aziza", "full_name": "Aziza", "phone": "90 123 45 67", "language": "ru"});
    let user = made(&site, "/api/user/users", user).await;
    assert_eq!(
        user,
        json!({"id": 1, "telegram_id": 77, "username": "aziza", "full_name": "Aziza", "phone": "+998901234567",
            "language": "ru", "created_at": user["created_at"]})
    );
    let again = site.post("/api/user/users", json!({"telegram_id": 77, "full_name": "Aziza K"})).await;
    assert_eq!(
        (again.status, &again.json()["id"]),
        (StatusCode::OK, &json!(1)),
        "whoever is known is written anew"
    );
    assert_eq!(site.get("/api/user/users?telegram_id=77").await.json()["results"][0]["full_name"], "Aziza K");
    assert_eq!(site.get("/api/user/users?telegram_id=78").await.json()["count"], 0);

    let ticket = made(&site, "/api/ticket/tickets", json!({"user": 1, "category": 1})).await;
    assert_eq!(
        (&ticket["id"], &ticket["user"], &ticket["category"], &ticket["status"], &ticket["assigned_admin"]),
        (&json!(1), &json!(1), &json!(1), &json!("open"), &Value::Null)
    );
    let second = site.post("/api/ticket/tickets", json!({"user": 1, "category": 1})).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert_eq!(second.header("content-type"), Some("application/problem+json"));
    assert_eq!((&second.json()["code"], &second.json()["ticket"]), (&json!("tickets-open-already"), &ticket));

    let asked =
        made(&site, "/api/ticket/messages", json!({"ticket": 1, "sender": 1, "text": "Pul yechildi"})).await;
    assert_eq!(
        (&asked["sender_type"], &asked["sender"], &asked["message_type"]),
        (&json!("user"), &json!(1), &json!("text"))
    );
    let place = json!({"ticket": 1, "message_type": "location", "latitude": 41.311_081, "longitude": -69.5});
    let place = made(&site, "/api/ticket/messages", place).await;
    assert_eq!((&place["latitude"], &place["longitude"]), (&json!(41.311_081), &json!(-69.5)));
    let photo =
        json!({"ticket": 1, "message_type": "image", "file_id": "AgACAg", "file_url": "https://x.uz/1.jpg"});
    made(&site, "/api/ticket/messages", photo).await;

    assert_eq!(
        site.get("/api/ticket/tickets/my-tickets?admin_id=1").await.json()["count"],
        1,
        "nobody has it yet"
    );
    let assigned = site.post("/api/ticket/tickets/1/assign-admin", json!({"admin_id": 1})).await;
    assert_eq!((assigned.status, &assigned.json()["assigned_admin"]), (StatusCode::OK, &json!(1)));
    let answer = json!({"ticket": 1, "sender_type": "admin", "sender": 1, "text": "Qaytaramiz"});
    let answer = made(&site, "/api/ticket/messages", answer).await;
    assert_eq!((&answer["sender_type"], &answer["sender"]), (&json!("admin"), &json!(1)));

    let said = site.get("/api/ticket/messages?ticket=1&page_size=3").await.json();
    assert_eq!((&said["count"], said["results"].as_array().unwrap().len()), (&json!(4), 3));
    let next = said["next"].as_str().unwrap();
    let next = next.split_once("/api").unwrap().1;
    assert_eq!(site.get(&format!("/api{next}")).await.json()["results"], json!([answer]));
    assert_eq!(site.get("/api/ticket/messages?ticket=1&sender_type=user").await.json()["count"], 3);
    assert_eq!(site.get("/api/ticket/messages?ordering=-id").await.json()["results"][0], answer);

    let closed = site.post("/api/ticket/tickets/1/close", json!({})).await.json();
    assert_eq!((&closed["status"], closed["closed_at"].is_string()), (&json!("closed"), true));
    assert_eq!(site.post("/api/ticket/tickets/1/close", json!({})).await.json(), closed);
    assert_eq!(site.get("/api/ticket/tickets/my-tickets?admin_id=1").await.json()["count"], 0);
    assert_eq!(
        site.get("/api/ticket/tickets/user-tickets?user_id=1").await.json()["results"],
        json!([closed])
    );
    let late = site.post("/api/ticket/messages", json!({"ticket": 1, "text": "Yana"})).await;
    assert_eq!((late.status, late.errors()), (StatusCode::CONFLICT, vec!["tickets-closed".to_owned()]));
    made(&site, "/api/ticket/tickets", json!({"user": 1, "category": 1})).await;
    assert_eq!(site.get("/api/ticket/tickets?status=closed&category=1&user=1").await.json()["count"], 1);
    assert_eq!(site.get("/api/ticket/tickets?assigned_admin=1").await.json()["count"], 1);
    assert_eq!(site.get("/api/ticket/tickets?ordering=id").await.json()["results"][0]["id"], 1);
}

#[db_test]
async fn the_same_message_twice_is_one(db: &TestDb) {
    let site = site(db);
    settled(&site).await;
    made(&site, "/api/ticket/tickets", json!({"user": 1, "category": 1})).await;
    let send = || async {
        let request = Request::builder()
            .method("POST")
            .uri("/api/ticket/messages")
            .header("x-api-key", "1")
            .header("content-type", "application/json")
            .header("idempotency-key", "update-9001");
        site.ask(request, json!({"ticket": 1, "text": "Pul yechildi"}).to_string()).await
    };
    let (first, second): (Answer, Answer) = (send().await, send().await);
    assert_eq!((first.status, second.json()), (StatusCode::CREATED, first.json()));
    assert_eq!(site.get("/api/ticket/messages").await.json()["count"], 1);
}

#[db_test]
async fn bad_bodies_are_answered_with_the_field(db: &TestDb) {
    let site = site(db);
    settled(&site).await;
    made(&site, "/api/ticket/tickets", json!({"user": 1, "category": 1})).await;
    made(&site, "/api/admin/admins", json!({"telegram_id": 5, "full_name": "Bobur", "categories": [2]}))
        .await;
    for (path, body, expected) in [
        ("/api/user/users", json!({"full_name": "A"}), "telegram_id: kernel-text-missing"),
        (
            "/api/user/users",
            json!({"telegram_id": -5, "full_name": "A"}),
            "telegram_id: tickets-telegram-id-malformed",
        ),
        ("/api/user/users", json!({"telegram_id": 5}), "full_name: kernel-text-missing"),
        (
            "/api/user/users",
            json!({"telegram_id": 5, "full_name": "A", "phone": "1"}),
            "phone: kernel-phone-malformed",
        ),
        (
            "/api/user/users",
            json!({"telegram_id": 5, "full_name": "A", "language": "de"}),
            "language: web-field-type",
        ),
        ("/api/ticket/tickets", json!({"category": 1}), "user: kernel-text-missing"),
        ("/api/ticket/tickets", json!({"user": 1}), "category: kernel-text-missing"),
        ("/api/ticket/tickets", json!({"user": 9, "category": 1}), "user: tickets-user-unknown"),
        ("/api/ticket/tickets", json!({"user": 1, "category": 9}), "category: tickets-category-unknown"),
        ("/api/ticket/messages", json!({"text": "A"}), "ticket: kernel-text-missing"),
        ("/api/ticket/messages", json!({"ticket": 9, "text": "A"}), "ticket: tickets-ticket-unknown"),
        ("/api/ticket/messages", json!({"ticket": 1}), "text: kernel-text-missing"),
        (
            "/api/ticket/messages",
            json!({"ticket": 1, "text": "x".repeat(4097)}),
            "text: kernel-text-too-long",
        ),
        (
            "/api/ticket/messages",
            json!({"ticket": 1, "message_type": "film"}),
            "message_type: web-field-type",
        ),
        (
            "/api/ticket/messages",
            json!({"ticket": 1, "message_type": "video"}),
            "file_id: tickets-file-missing",
        ),
        (
            "/api/ticket/messages",
            json!({"ticket": 1, "message_type": "file", "file_url": "x"}),
            "file_url: tickets-file-url-malformed",
        ),
        (
            "/api/ticket/messages",
            json!({"ticket": 1, "message_type": "location", "latitude": 91, "longitude": 0}),
            "latitude: tickets-location-missing",
        ),
        (
            "/api/ticket/messages",
            json!({"ticket": 1, "text": "A", "sender": 2}),
            "sender: tickets-sender-elsewhere",
        ),
        (
            "/api/ticket/messages",
            json!({"ticket": 1, "text": "A", "sender_type": "admin"}),
            "sender: kernel-text-missing",
        ),
        (
            "/api/ticket/messages",
            json!({"ticket": 1, "text": "A", "sender_type": "admin", "sender": 7}),
            "sender: tickets-agent-unknown",
        ),
        (
            "/api/ticket/messages",
            json!({"ticket": 1, "text": "A", "sender_type": "admin", "sender": 1}),
            "sender: tickets-agent-elsewhere",
        ),
        ("/api/ticket/tickets/1/assign-admin", json!({}), "admin_id: kernel-text-missing"),
        ("/api/ticket/tickets/1/assign-admin", json!({"admin_id": 1}), "admin_id: tickets-agent-elsewhere"),
        ("/api/admin/categories", json!({"name_ru": "Оплата"}), "name_uz: kernel-text-missing"),
        ("/api/admin/categories", json!({"name": "toʼlov"}), "name_uz: tickets-category-taken"),
        ("/api/admin/admins", json!({"full_name": "A"}), "telegram_id: tickets-agent-is-nobody"),
        (
            "/api/admin/admins",
            json!({"telegram_id": 5, "full_name": "A"}),
            "telegram_id: tickets-agent-taken",
        ),
        ("/api/admin/admins", json!({"telegram_id": 6}), "full_name: kernel-text-missing"),
        (
            "/api/admin/admins",
            json!({"telegram_id": 6, "full_name": "A", "categories": [9]}),
            "categories: tickets-category-unknown",
        ),
        (
            "/api/admin/admins",
            json!({"telegram_id": 6, "full_name": "A", "role": "king"}),
            "role: web-field-type",
        ),
    ] {
        let answer = site.post(path, body.clone()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {body}: {}", answer.text());
        assert_eq!(answer.errors()[0], expected, "{path} {body}");
    }
    for (path, expected) in [
        ("/api/ticket/tickets?ordering=x", "ordering: tickets-ordering-unknown"),
        ("/api/ticket/messages?ordering=x", "ordering: tickets-ordering-unknown"),
        ("/api/ticket/messages?ticket=9", "ticket: tickets-ticket-unknown"),
        ("/api/ticket/tickets/user-tickets", "user_id: kernel-text-missing"),
        ("/api/ticket/tickets/user-tickets?user_id=9", "user_id: tickets-user-unknown"),
        ("/api/ticket/tickets/my-tickets", "admin_id: kernel-text-missing"),
    ] {
        assert_eq!(site.get(path).await.errors()[0], expected, "{path}");
    }
    assert_eq!(site.get("/api/ticket/messages").await.json()["count"], 0, "what is refused changes nothing");
}

#[db_test]
async fn an_agent_who_is_a_member_sees_their_own_and_strangers_nothing(db: &TestDb) {
    let site = site(db);
    settled(&site).await;
    made(&site, "/api/user/users", json!({"telegram_id": 78, "full_name": "Botir"})).await;
    made(&site, "/api/ticket/tickets", json!({"user": 1, "category": 1})).await;
    made(&site, "/api/ticket/tickets", json!({"user": 2, "category": 2})).await;
    // The member of workspace 1 whom the site lets in.
    let member = uuid::Uuid::from_u128(1_001);
    made(&site, "/api/admin/admins", json!({"member": member, "full_name": "Bobur", "categories": [2]}))
        .await;
    let agent = site.by(AGENT);
    assert_eq!(agent.get("/api/ticket/tickets").await.json()["count"], 1);
    assert_eq!(agent.get("/api/ticket/tickets/my-tickets").await.json()["results"][0]["id"], 2);
    assert_eq!(agent.get("/api/user/users").await.json()["results"][0]["id"], 2);
    for path in ["/api/ticket/tickets/1", "/api/user/users/1"] {
        assert_eq!(agent.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let again = agent.post("/api/ticket/tickets", json!({"user": 1, "category": 2})).await;
    assert_eq!((again.status, &again.json()["ticket"]), (StatusCode::CONFLICT, &Value::Null));
    let close = agent.post("/api/ticket/tickets/1/close", json!({})).await;
    assert_eq!(close.status, StatusCode::NOT_FOUND);
    let category = agent.post("/api/admin/categories", json!({"name": "Yangi"})).await;
    assert_eq!(category.status, StatusCode::FORBIDDEN, "a head agent manages");
    site.patch("/api/admin/admins/1", json!({"role": "super_admin"})).await;
    assert_eq!(agent.get("/api/ticket/tickets").await.json()["count"], 2);
    assert_eq!(
        agent.post("/api/admin/categories", json!({"name": "Yangi"})).await.status,
        StatusCode::CREATED
    );
    let renamed =
        agent.patch("/api/admin/categories/3", json!({"name_en": "New", "is_active": false})).await.json();
    assert_eq!((&renamed["name"], &renamed["is_active"]), (&json!("New"), &json!(false)));

    for path in
        ["/api/ticket/tickets/1", "/api/user/users/1", "/api/admin/admins/1", "/api/admin/categories/1"]
    {
        assert_eq!(site.by("2").get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(site.by("1:sales.read").get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(site.by("x").get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let reader = site.by("1:tickets.read");
    let asked = reader.post("/api/ticket/tickets", json!({"user": 1, "category": 1})).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
}
