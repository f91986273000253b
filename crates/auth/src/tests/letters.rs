//! Letters to people, over real SMTP: signing up, confirming an address, a forgotten password.

use axum::http::StatusCode;
use db::{Scope, db_test, params, testing::TestDb};
use serde_json::json;
use testkit::mail::MailServer;

use super::{
    PASSWORD,
    site::{Answer, Browser, Site},
};

const DAY_MS: i64 = 86_400_000;

fn sign_up(email: &str) -> serde_json::Value {
    json!({"name": "Dilnoza", "email": email, "password": PASSWORD, "workspace": "Doʻkon", "lang": "uz"})
}

/// Signs up by a letter and opens its link.
async fn shop(site: &Site, letters: &MailServer, email: &str) -> Browser {
    let answer = site.post("/api/auth/sign-up", "", sign_up(email)).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    site.work().await;
    let path = letters.letters_to(email).pop().unwrap().path();
    let mut browser = Browser { lang: "en", ..Browser::default() };
    browser.get(site, &path).await;
    let opened = browser.post(site, &path, &[]).await;
    assert_eq!((opened.status, opened.location()), (StatusCode::SEE_OTHER, "/"), "{}", opened.body);
    browser
}

fn token(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}

#[db_test]
async fn a_sign_up_waits_for_its_letter_and_then_opens_a_workspace(db: &TestDb) {
    let letters = MailServer::start().await;
    let site = Site::with_mail(db, &letters);
    let mut browser = Browser { lang: "uz", ..Browser::default() };
    browser.get(&site, "/sign-up").await;
    let form = [("name", "Ali"), ("email", "ali@misol.uz"), ("workspace", "Doʻkon"), ("password", PASSWORD)];
    let said = browser.post(&site, "/sign-up", &form).await;
    assert_eq!(said.status, StatusCode::OK);
    assert!(said.body.contains("Pochtangizni tekshiring"), "{}", said.body);
    assert_eq!(said.cookie(web::SESSION_COOKIE), None);
    let early = json!({"login": "ali@misol.uz", "password": PASSWORD});
    assert_eq!(site.post("/api/auth/sign-in", "", early.clone()).await.status, StatusCode::UNAUTHORIZED);
    site.work().await;
    let letter = letters.letters_to("ali@misol.uz").pop().unwrap();
    assert_eq!(letter.header("Subject"), "Manzilni tasdiqlang, ish joyingiz ochiladi");
    assert!(letter.text().contains("https://karvon.example/confirm/"));
    let path = letter.path();
    // A program that looks into letters opens every link; nothing happens by that.
    let page = browser.get(&site, &path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["referrer-policy"], "same-origin");
    assert_eq!(site.post("/api/auth/sign-in", "", early.clone()).await.status, StatusCode::UNAUTHORIZED);
    let opened = browser.post(&site, &path, &[]).await;
    assert_eq!((opened.status, opened.location()), (StatusCode::SEE_OTHER, "/"));
    let me = browser.get(&site, "/profile/email").await;
    assert!(me.body.contains("ali@misol.uz: tasdiqlangan"), "{}", me.body);
    assert_eq!(browser.post(&site, &path, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "once");
    assert_eq!(site.post("/api/auth/sign-in", "", early).await.status, StatusCode::OK);
}

#[db_test]
async fn a_sign_up_with_a_taken_address_answers_as_any_other(db: &TestDb) {
    let letters = MailServer::start().await;
    let site = Site::with_mail(db, &letters);
    shop(&site, &letters, "bor@misol.uz").await;
    let ask = async |email: &str| {
        let answer = site.post("/api/auth/sign-up", "", sign_up(email)).await;
        let mut headers = answer.headers.clone();
        headers.remove("x-request-id");
        (answer.status, headers, answer.body)
    };
    assert_eq!(ask("bor@misol.uz").await, ask("yoq@misol.uz").await);
    site.work().await;
    let told = letters.letters_to("bor@misol.uz").pop().unwrap();
    assert_eq!(
        (told.header("Subject").as_str(), told.path().as_str()),
        ("Sizda allaqachon hisob bor", "/sign-in")
    );
    // The database holds no token in the clear, and nothing of the password.
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM auth_link WHERE token_hash = $1";
    let clear = token(&letters.letters_to("yoq@misol.uz").pop().unwrap().path()).into_bytes();
    let count = |bytes: Vec<u8>| {
        db.read_now(Scope::Server, move |tx| tx.query_one(sql, params![bytes], |row| row.get::<i64>(0)))
            .unwrap()
    };
    let digest = crate::token::digest(std::str::from_utf8(&clear).unwrap());
    assert_eq!((count(clear), count(digest.to_vec())), (0, 1));
}

#[db_test]
async fn of_two_sign_ups_with_one_address_the_first_link_counts(db: &TestDb) {
    let letters = MailServer::start().await;
    let site = Site::with_mail(db, &letters);
    for _ in 0..2 {
        site.post("/api/auth/sign-up", "", sign_up("ali@misol.uz")).await;
    }
    site.work().await;
    let got = letters.letters_to("ali@misol.uz");
    let open = async |path: &str| site.post("/api/auth/confirm", "", json!({"token": token(path)})).await;
    let first = open(&got[0].path()).await;
    assert_eq!((first.status, first.json()["email"].as_str()), (StatusCode::OK, Some("ali@misol.uz")));
    assert!(first.cookie(web::SESSION_COOKIE).is_some());
    let second = open(&got[1].path()).await;
    assert_eq!((second.status, second.code().as_str()), (StatusCode::CONFLICT, "auth-link-closed"));
}

#[db_test]
async fn a_link_holds_for_a_day_and_strangers_letters_to_one_address_are_few(db: &TestDb) {
    let letters = MailServer::start().await;
    let site = Site::with_mail(db, &letters);
    site.post("/api/auth/sign-up", "", sign_up("ali@misol.uz")).await;
    site.work().await;
    site.clock.advance_millis(DAY_MS);
    let late = json!({"token": token(&letters.letters()[0].path())});
    assert_eq!(site.post("/api/auth/confirm", "", late).await.code(), "auth-link-closed");
    for _ in 0..20 {
        // Enough time for whoever asks, not enough for whoever is written to.
        site.clock.advance_millis(3_600_001);
        site.post("/api/auth/sign-up", "", sign_up("ali@misol.uz")).await;
    }
    site.work().await;
    assert!(letters.letters_to("ali@misol.uz").len() < 10, "{}", letters.letters().len());
}

fn log_of(db: &TestDb) -> Vec<String> {
    let sql = "SELECT action FROM context_audit_entry ORDER BY id";
    db.read_now(Scope::Server, move |tx| tx.query(sql, &[], |row| row.get(0))).unwrap()
}

#[db_test]
async fn a_forgotten_password_is_set_by_a_link_once_and_ends_every_session(db: &TestDb) {
    let letters = MailServer::start().await;
    let site = Site::with_mail(db, &letters);
    let mut old = shop(&site, &letters, "ali@misol.uz").await;
    let ask = async |login: &str| {
        let answer = site.post("/api/auth/forgot-password", "", json!({"login": login})).await;
        let mut headers = answer.headers.clone();
        headers.remove("x-request-id");
        (answer.status, headers, answer.body)
    };
    let known = ask(" Ali@misol.uz ").await;
    assert_eq!(known.0, StatusCode::ACCEPTED);
    assert_eq!(known, ask("hechkim@misol.uz").await);
    assert_eq!(known, ask("not an address at all").await);
    site.work().await;
    assert!(letters.letters_to("hechkim@misol.uz").is_empty());
    let letter = letters.letters_to("ali@misol.uz").pop().unwrap();
    assert_eq!(letter.header("Subject"), "Yangi parol qoʻying");
    let path = letter.path();
    let mut browser = Browser { lang: "uz", ..Browser::default() };
    let page = browser.get(&site, &path).await;
    assert_eq!((page.status, &page.headers["cache-control"]), (StatusCode::OK, &"no-store".parse().unwrap()));
    let short = browser.post(&site, &path, &[("password", "qisqa")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.body.contains("Parol kamida 8 ta belgidan iborat"), "{}", short.body);
    let set = browser.post(&site, &path, &[("password", "yangi parol 1")]).await;
    assert_eq!((set.status, set.location()), (StatusCode::SEE_OTHER, "/sign-in"));
    assert_eq!(old.get(&site, "/profile").await.status, StatusCode::SEE_OTHER, "every session is over");
    let sign_in = async |password: &str| {
        site.post("/api/auth/sign-in", "", json!({"login": "ali@misol.uz", "password": password}))
            .await
            .status
    };
    assert_eq!(sign_in(PASSWORD).await, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in("yangi parol 1").await, StatusCode::OK);
    let again = json!({"token": token(&path), "password": "yangi parol 2"});
    assert_eq!(site.post("/api/auth/reset-password", "", again).await.code(), "auth-link-closed");
    site.work().await;
    let told = letters.letters_to("ali@misol.uz").pop().unwrap();
    assert_eq!(told.header("Subject"), "Parolingiz yangilandi");
    assert!(log_of(db).contains(&"person.reset_password".to_owned()));
}

#[db_test]
async fn a_reset_link_holds_for_an_hour_the_newest_only_and_is_asked_for_a_few_times(db: &TestDb) {
    let letters = MailServer::start().await;
    let site = Site::with_mail(db, &letters);
    shop(&site, &letters, "ali@misol.uz").await;
    let ask = async || site.post("/api/auth/forgot-password", "", json!({"login": "ali@misol.uz"})).await;
    ask().await;
    ask().await;
    site.work().await;
    let both = letters.letters_to("ali@misol.uz");
    let reset = async |letter: &testkit::mail::Received| {
        let body = json!({"token": token(&letter.path()), "password": "yangi parol 1"});
        site.post("/api/auth/reset-password", "", body).await
    };
    assert_eq!(reset(&both[1]).await.code(), "auth-link-closed", "the first of the two");
    site.clock.advance_millis(3_600_000);
    assert_eq!(reset(&both[2]).await.code(), "auth-link-closed", "an hour later");
    for _ in 0..2 {
        ask().await;
    }
    let refused: Answer = ask().await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "auth-wait"));
    assert_eq!(refused.headers["retry-after"], "300");
    assert_eq!(refused.json()["title"], "Too many attempts. Try again in 5 minutes");
}

#[db_test]
async fn another_address_counts_when_its_letter_comes_back(db: &TestDb) {
    let letters = MailServer::start().await;
    let site = Site::with_mail(db, &letters);
    shop(&site, &letters, "band@misol.uz").await;
    let mut browser = shop(&site, &letters, "eski@misol.uz").await;
    browser.get(&site, "/profile/email").await;
    let ask = async |browser: &mut Browser, email: &str, current: &str| {
        browser.post(&site, "/profile/email", &[("email", email), ("current", current)]).await
    };
    let wrong = ask(&mut browser, "yangi@misol.uz", "boshqa").await;
    assert!(wrong.body.contains("Amaldagi parol notoʻgʻri"));
    let wrong = ask(&mut browser, "yangi", PASSWORD).await;
    assert!(wrong.body.contains("Elektron pochta notoʻgʻri"), "{}", wrong.body);
    let taken = ask(&mut browser, "band@misol.uz", PASSWORD).await;
    let free = ask(&mut browser, "yangi@misol.uz", PASSWORD).await;
    assert_eq!((taken.status, taken.location()), (free.status, free.location()));
    site.work().await;
    assert_eq!(letters.letters_to("band@misol.uz").pop().unwrap().path(), "/sign-in");
    let sign_in = async |login: &str| {
        site.post("/api/auth/sign-in", "", json!({"login": login, "password": PASSWORD})).await.status
    };
    assert_eq!(sign_in("yangi@misol.uz").await, StatusCode::UNAUTHORIZED, "not before");
    let path = letters.letters_to("yangi@misol.uz").pop().unwrap().path();
    let opened = site.post("/api/auth/confirm", "", json!({"token": token(&path)})).await;
    assert_eq!(opened.json()["email"], "yangi@misol.uz");
    assert_eq!(sign_in("yangi@misol.uz").await, StatusCode::OK);
    assert_eq!(sign_in("eski@misol.uz").await, StatusCode::UNAUTHORIZED);
    site.work().await;
    let told = letters.letters_to("eski@misol.uz").pop().unwrap();
    assert!(told.text().contains("yangi@misol.uz"), "{}", told.text());
    assert!(log_of(db).contains(&"person.change_email".to_owned()));
}

#[db_test]
async fn who_has_not_confirmed_sees_it_on_every_page_and_asks_again_a_few_times(db: &TestDb) {
    let letters = MailServer::start().await;
    let site = Site::with_mail(db, &letters);
    let mut owner = shop(&site, &letters, "egasi@misol.uz").await;
    owner.get(&site, "/members/new").await;
    let roles = owner.get(&site, "/members/new").await.body;
    let role = roles.split("<option value=\"").find(|piece| piece.contains(">Admin<")).unwrap();
    let role = role.split('"').next().unwrap().to_owned();
    let form = [
        ("name", "Vali"),
        ("email", "vali@misol.uz"),
        ("lang", "en"),
        ("role", &role),
        ("password", PASSWORD),
    ];
    let added = owner.post(&site, "/members/new", &form).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let mut vali = Browser { lang: "en", ..Browser::default() };
    vali.get(&site, "/sign-in").await;
    vali.post(&site, "/sign-in", &[("login", "vali@misol.uz"), ("password", PASSWORD)]).await;
    let page = vali.get(&site, "/members").await;
    assert!(page.body.contains("Confirm your e-mail address vali@misol.uz"), "{}", page.body);
    assert!(!owner.get(&site, "/members").await.body.contains("manzilini tasdiqlang"));
    for _ in 0..4 {
        let sent = vali.post(&site, "/profile/email/send", &[]).await;
        assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/profile/email"));
    }
    site.work().await;
    assert_eq!(letters.letters_to("vali@misol.uz").len(), 4);
    vali.post(&site, "/profile/email/send", &[]).await;
    site.work().await;
    let all = letters.letters_to("vali@misol.uz");
    assert_eq!(all.len(), 4, "the fifth has to wait");
    let path = all[3].path();
    vali.get(&site, &path).await;
    vali.post(&site, &path, &[]).await;
    assert!(!vali.get(&site, "/members").await.body.contains("Confirm your e-mail address"));
    assert_eq!(
        site.post("/api/auth/confirm", "", json!({"token": token(&all[2].path())})).await.code(),
        "auth-link-closed"
    );
}

#[db_test]
async fn without_a_mail_server_a_sign_up_opens_at_once_and_nobody_is_sent_a_link(db: &TestDb) {
    let site = Site::new(db);
    let (mut browser, _) = site.shop("ali@misol.uz").await;
    assert!(!browser.get(&site, "/profile").await.body.contains("Confirm your e-mail address"));
    let asked = site.post("/api/auth/forgot-password", "", json!({"login": "ali@misol.uz"})).await;
    assert_eq!((asked.status, asked.code().as_str()), (StatusCode::CONFLICT, "auth-forgot-no-mail"));
    let mut stranger = Browser { lang: "en", ..Browser::default() };
    assert!(stranger.get(&site, "/forgot-password").await.body.contains("sends no e-mail"));
    browser.get(&site, "/profile/email").await;
    let form = [("email", "yangi@misol.uz"), ("current", PASSWORD)];
    let changed = browser.post(&site, "/profile/email", &form).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
    let body = json!({"login": "yangi@misol.uz", "password": PASSWORD});
    assert_eq!(site.post("/api/auth/sign-in", "", body).await.status, StatusCode::OK);
}

#[db_test]
async fn the_pages_of_links_draw_in_three_languages_and_refuse_other_forms(db: &TestDb) {
    let letters = MailServer::start().await;
    let site = Site::with_mail(db, &letters);
    shop(&site, &letters, "ali@misol.uz").await;
    site.post("/api/auth/forgot-password", "", json!({"login": "ali@misol.uz"})).await;
    site.work().await;
    let path = letters.letters_to("ali@misol.uz").pop().unwrap().path();
    let pages = [
        "/forgot-password".to_owned(),
        path.clone(),
        "/confirm/nothing".into(),
        "/reset-password/nothing".into(),
    ];
    for lang in ["uz", "ru", "en"] {
        let mut browser = Browser { lang, ..Browser::default() };
        for page in &pages {
            let drawn = browser.get(&site, page).await;
            let expected = if page.ends_with("nothing") { 422 } else { 200 };
            assert_eq!(drawn.status.as_u16(), expected, "{lang} {page}");
            let bare = drawn.body.split(['>', '<', '"']).find(|piece| {
                piece.starts_with("auth-") && !["auth-top", "auth-main", "auth-foot"].contains(piece)
            });
            assert_eq!(bare, None, "{lang} {page} shows a key");
        }
    }
    let mut thief = Browser { lang: "en", token: "forged".into(), ..Browser::default() };
    let refused = thief.post(&site, &path, &[("password", "yangi parol 1")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "no form of ours");
}
