//! Invitations: by letter and by link, for somebody new and for somebody who has a sign-in.

use axum::http::{Method, StatusCode};
use db::{db_test, testing::TestDb};
use serde_json::{Value, json};
use testkit::mail::MailServer;

use super::{
    PASSWORD,
    site::{Browser, Site},
};

const DAY_MS: i64 = 86_400_000;

fn token(link: &str) -> String {
    link.rsplit('/').next().unwrap().to_owned()
}

async fn invite(site: &Site, key: &str, body: Value) -> Value {
    let made = site.post("/api/invitations", key, body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    made.json()
}

async fn me(site: &Site, browser: &mut Browser) -> Value {
    let request = browser.request(Method::GET, "/api/auth/me").body(axum::body::Body::empty()).unwrap();
    site.send(request).await.json()
}

#[db_test]
async fn somebody_new_joins_by_a_letter_and_their_address_is_known_to_be_theirs(db: &TestDb) {
    let letters = MailServer::start().await;
    let quiet = Site::new(db);
    let (_, key) = quiet.shop("egasi@misol.uz").await;
    let site = Site::with_mail(db, &letters);
    let made = invite(&site, &key, json!({"email": "Vali@misol.uz", "role": "cashier", "lang": "ru"})).await;
    assert_eq!(
        (&made["link"], &made["state"]),
        (&Value::Null, &json!("pending")),
        "the letter carries the link"
    );
    site.work().await;
    let letter = letters.letters_to("vali@misol.uz").pop().unwrap();
    assert_eq!(letter.header("Subject"), "Вас приглашают в «Doʻkon»");
    let path = letter.path();
    let mut vali = Browser { lang: "uz", ..Browser::default() };
    let page = vali.get(&site, &path).await;
    assert_eq!((page.status, &page.headers["cache-control"]), (StatusCode::OK, &"no-store".parse().unwrap()));
    assert!(page.body.contains("vali@misol.uz") && page.body.contains("Kassir"), "{}", page.body);
    let wrong = vali.post(&site, &path, &[("name", ""), ("password", "1")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Nom yozilmagan") && wrong.body.contains("Parol kamida 8"));
    // Another address than the invitation's changes nothing.
    let form = [("name", "Vali"), ("email", "oʻzga@misol.uz"), ("password", PASSWORD)];
    let joined = vali.post(&site, &path, &form).await;
    assert_eq!((joined.status, joined.location()), (StatusCode::SEE_OTHER, "/"), "{}", joined.body);
    let who = me(&site, &mut vali).await;
    assert_eq!(
        (&who["user"]["email"], &who["user"]["email_confirmed"]),
        (&json!("vali@misol.uz"), &json!(true))
    );
    assert!(who["permissions"].as_array().unwrap().contains(&json!("sales.create")));
    assert!(!who["permissions"].as_array().unwrap().contains(&json!("users.create")));
    let again = json!({"token": token(&path), "name": "Yana", "password": PASSWORD});
    let used = site.post("/api/auth/invitation/join", "", again).await;
    assert_eq!((used.status, used.code().as_str()), (StatusCode::CONFLICT, "auth-invitation-closed"));
    assert_eq!(site.get("/api/invitations", &key).await.json()["count"], 0);
}

#[db_test]
async fn without_letters_the_link_is_copied_and_proves_no_address(db: &TestDb) {
    let site = Site::new(db);
    let (_, key) = site.shop("egasi@misol.uz").await;
    let made = invite(&site, &key, json!({"email": "vali@misol.uz", "name": "Vali", "role": "user"})).await;
    let link = made["link"].as_str().unwrap().to_owned();
    assert!(link.starts_with("https://karvon.example/invitation/"), "{link}");
    let look = site.post("/api/auth/invitation", "", json!({"token": token(&link)})).await.json();
    assert_eq!((&look["workspace"], &look["role"]), (&json!("Doʻkon"), &json!("user")));
    let join = json!({"token": token(&link), "name": "Vali", "password": PASSWORD});
    let joined = site.post("/api/auth/invitation/join", "", join).await;
    assert_eq!(joined.status, StatusCode::CREATED, "{}", joined.body);
    assert_eq!(joined.json()["user"]["email_confirmed"], false);
}

#[db_test]
async fn who_has_a_sign_in_joins_keeps_their_other_workspace_and_switches(db: &TestDb) {
    let site = Site::new(db);
    let (_, key) = site.shop("egasi@misol.uz").await;
    let (mut vali, _) = site.shop("vali@misol.uz").await;
    let made = invite(&site, &key, json!({"email": "vali@misol.uz", "role": "manager"})).await;
    let path = format!("/invitation/{}", token(made["link"].as_str().unwrap()));
    // Nobody else can use it, signed in or new.
    let (mut other, _) = site.shop("begona@misol.uz").await;
    other.get(&site, &path).await;
    let refused = other.post(&site, &format!("{path}/accept"), &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let new = json!({"token": token(&path), "name": "Oʻgʻri", "password": PASSWORD});
    let refused = site.post("/api/auth/invitation/join", "", new).await;
    assert_eq!(refused.json()["errors"][0]["code"], "auth-invitation-sign-in", "{}", refused.body);
    let before = me(&site, &mut vali).await;
    assert!(vali.get(&site, "/workspaces").await.body.contains("Accept"));
    let page = vali.get(&site, &path).await;
    assert!(page.body.contains("invites you to"), "{}", page.body);
    let joined = vali.post(&site, &format!("{path}/accept"), &[]).await;
    assert_eq!((joined.status, joined.location()), (StatusCode::SEE_OTHER, "/"), "{}", joined.body);
    let after = me(&site, &mut vali).await;
    assert_ne!(before["workspace_id"], after["workspace_id"], "the new one is open");
    let request = vali.request(Method::GET, "/api/workspaces").body(axum::body::Body::empty()).unwrap();
    let mine = site.send(request).await.json();
    assert_eq!(mine["count"], 2);
    let slug =
        mine["results"].as_array().unwrap().iter().find(|one| one["current"] == false).unwrap()["slug"]
            .clone();
    let back = vali.post(&site, &format!("/workspaces/{}/open", slug.as_str().unwrap()), &[]).await;
    assert_eq!(back.location(), "/");
    assert_eq!(me(&site, &mut vali).await["workspace_id"], before["workspace_id"]);
}

#[db_test]
async fn an_invitation_is_answered_without_its_link_by_whoever_has_the_address(db: &TestDb) {
    let site = Site::new(db);
    let (_, key) = site.shop("egasi@misol.uz").await;
    let (mut vali, _) = site.shop("vali@misol.uz").await;
    let invited = async |browser: &mut Browser| {
        let request =
            browser.request(Method::GET, "/api/workspaces").body(axum::body::Body::empty()).unwrap();
        let all = site.send(request).await.json();
        all["results"].as_array().unwrap().iter().find(|one| one["state"] == "invited").cloned()
    };
    invite(&site, &key, json!({"email": "vali@misol.uz", "role": "user"})).await;
    let slug = invited(&mut vali).await.unwrap()["slug"].as_str().unwrap().to_owned();
    vali.get(&site, "/workspaces").await;
    vali.post(&site, &format!("/workspaces/{slug}/decline"), &[]).await;
    assert_eq!(invited(&mut vali).await, None);
    assert_eq!(site.get("/api/invitations", &key).await.json()["count"], 0);
    invite(&site, &key, json!({"email": "vali@misol.uz", "role": "user"})).await;
    vali.post(&site, &format!("/workspaces/{slug}/accept"), &[]).await;
    let twice = vali.post(&site, &format!("/workspaces/{slug}/accept"), &[]).await;
    assert_eq!(twice.status, StatusCode::NOT_FOUND);
    let already =
        site.post("/api/invitations", &key, json!({"email": "vali@misol.uz", "role": "user"})).await;
    assert_eq!(already.json()["errors"][0]["code"], "auth-member-already");
}

#[db_test]
async fn where_letters_reach_people_an_address_that_nobody_confirmed_sees_no_invitations(db: &TestDb) {
    let letters = MailServer::start().await;
    let quiet = Site::new(db);
    let (_, key) = quiet.shop("egasi@misol.uz").await;
    // Somebody signed up with another's address while there was no mail to prove it.
    let (mut thief, _) = quiet.shop("direktor@misol.uz").await;
    let site = Site::with_mail(db, &letters);
    invite(&site, &key, json!({"email": "direktor@misol.uz", "role": "admin"})).await;
    assert!(!thief.get(&site, "/workspaces").await.body.contains("Accept"));
    site.work().await;
    let path = letters.letters_to("direktor@misol.uz").pop().unwrap().path();
    thief.get(&site, &path).await;
    let joined = thief.post(&site, &format!("{path}/accept"), &[]).await;
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "whoever reads the mailbox is them");
}

#[db_test]
async fn an_open_link_lets_one_person_in(db: &TestDb) {
    let site = Site::new(db);
    let (_, key) = site.shop("egasi@misol.uz").await;
    let made = invite(&site, &key, json!({"name": "Yangi sotuvchi", "role": "cashier"})).await;
    let join = |email: &str| json!({"token": token(made["link"].as_str().unwrap()), "name": "Vali", "email": email, "password": PASSWORD});
    let missing = site.post("/api/auth/invitation/join", "", join("")).await;
    assert_eq!(missing.json()["errors"][0]["field"], "email");
    let joined = site.post("/api/auth/invitation/join", "", join("vali@misol.uz")).await;
    assert_eq!(joined.status, StatusCode::CREATED, "{}", joined.body);
    let second = site.post("/api/auth/invitation/join", "", join("gʻani@misol.uz")).await;
    assert_eq!(second.code(), "auth-invitation-closed");
}

#[db_test]
async fn nobody_invites_beyond_their_own_permissions_or_after_they_lost_them(db: &TestDb) {
    let site = Site::new(db);
    let (mut owner, key) = site.shop("egasi@misol.uz").await;
    let own = json!({"name": "Kadrlar", "permissions": ["users.read", "users.create", "users.delete", "sales.read"]});
    let role = site.post("/api/roles", &key, own).await.json()["id"].as_str().unwrap().to_owned();
    let user = json!({"name": "Sotuv", "permissions": ["sales.read"]});
    let low = site.post("/api/roles", &key, user).await.json()["id"].as_str().unwrap().to_owned();
    let hr = json!({"name": "Nodira", "email": "nodira@misol.uz", "password": PASSWORD, "role": role});
    let number = site.post("/api/members", &key, hr).await.json()["id"].as_i64().unwrap();
    let mut nodira = Browser { lang: "en", ..Browser::default() };
    nodira.get(&site, "/sign-in").await;
    nodira.post(&site, "/sign-in", &[("login", "nodira@misol.uz"), ("password", PASSWORD)]).await;
    nodira.get(&site, "/invitations/new").await;
    let admin = nodira.post(&site, "/invitations/new", &[("role", "admin"), ("lang", "en")]).await;
    assert_eq!(admin.status, StatusCode::FORBIDDEN, "{}", admin.body);
    let made = nodira.post(&site, "/invitations/new", &[("role", &low), ("lang", "en")]).await;
    let link =
        made.body.split("id=\"invitation-link\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    owner.get(&site, "/members").await;
    owner.post(&site, &format!("/members/{number}/deactivate"), &[]).await;
    let join = json!({"token": token(&link), "name": "Vali", "email": "vali@misol.uz", "password": PASSWORD});
    let void = site.post("/api/auth/invitation/join", "", join).await;
    assert_eq!((void.status, void.code().as_str()), (StatusCode::CONFLICT, "auth-invitation-void"));
}

#[db_test]
async fn invitations_end_after_a_week_are_renewed_and_taken_back(db: &TestDb) {
    let site = Site::new(db);
    let (mut owner, key) = site.shop("egasi@misol.uz").await;
    let (_, stranger) = site.shop("begona@misol.uz").await;
    let made = invite(&site, &key, json!({"email": "vali@misol.uz", "role": "user"})).await;
    let id = made["id"].as_str().unwrap().to_owned();
    let again = site.post("/api/invitations", &key, json!({"email": "VALI@misol.uz", "role": "user"})).await;
    assert_eq!(again.json()["errors"][0]["code"], "auth-invited-already");
    let look = async |link: &Value| {
        site.post("/api/auth/invitation", "", json!({"token": token(link.as_str().unwrap())})).await.status
    };
    site.clock.advance_millis(7 * DAY_MS);
    assert_eq!(look(&made["link"]).await, StatusCode::CONFLICT);
    assert_eq!(site.get("/api/invitations", &key).await.json()["results"][0]["state"], "expired");
    let path = format!("/api/invitations/{id}/resend");
    assert_eq!(site.post(&path, &stranger, json!({})).await.status, StatusCode::NOT_FOUND);
    let renewed = site.post(&path, &key, json!({})).await.json();
    assert_eq!(look(&renewed["link"]).await, StatusCode::OK);
    assert_eq!(look(&made["link"]).await, StatusCode::CONFLICT, "the link before is dead");
    for lang in ["uz", "ru", "en"] {
        owner.get(&site, &format!("/language/{lang}?back=/")).await;
        for page in ["/invitations", "/invitations/new"] {
            let drawn = owner.get(&site, page).await;
            assert_eq!(drawn.status, StatusCode::OK, "{lang} {page} {}", drawn.body);
        }
    }
    let delete = format!("/api/invitations/{id}");
    assert_eq!(site.api(Method::DELETE, &delete, &stranger, None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.api(Method::DELETE, &delete, &key, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(look(&renewed["link"]).await, StatusCode::CONFLICT);
    let bad = site.post("/api/invitations", &key, json!({"email": "vali", "role": "moon"})).await;
    let fields: Vec<&str> = bad.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].as_str().unwrap().to_owned())
        .map(|f| if f == "email" { "email" } else { "role" })
        .collect();
    assert_eq!(fields, ["email", "role"]);
}
