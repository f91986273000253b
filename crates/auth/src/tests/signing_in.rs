//! Sign-up, sign-in, sessions, waits.

use db::{db_test, testing::TestDb};
use kernel::{Kind, Timestamp};
use web::Credentials;

use super::*;

const DAY_S: i64 = 86_400;

fn later(server: &Server<'_>, seconds: i64) -> Timestamp {
    server.now.plus_seconds(seconds)
}

/// Whom the cookie lets in at this moment.
fn acting(server: &Server<'_>, secret: &str, at: Timestamp) -> Option<store::session::Acting> {
    let digest = crate::token::digest(secret);
    let found =
        server.db.read_now(Scope::Server, move |tx| store::session::find_acting(tx, &digest, at)).unwrap();
    found.filter(|found| crate::session::holds(found.created_at, found.seen_at, at))
}

#[db_test]
async fn signing_up_makes_a_workspace_whose_admin_signs_in(db: &TestDb) {
    let server = Server::new(db);
    let made = server.sign_up("Dilnoza@Misol.uz", "“Yulduz” MChJ").await.unwrap();
    let signed = server.sign_in(" dilnoza@misol.UZ", PASSWORD).await.unwrap();
    assert_eq!((signed.person.id, signed.session.at_workspace), (made.person, made.workspace));
    let who = acting(&server, signed.secret.reveal(), server.now).unwrap();
    assert_eq!((who.workspace_name.as_str(), who.login.as_str()), ("“Yulduz” MChJ", "dilnoza@misol.uz"));
    assert_eq!(Some(who.permissions), RoleKind::Admin.permissions());
    let owner = server.owner(made);
    let mut log = server.log(&owner);
    log.sort();
    assert_eq!(log, ["person.sign_up", "session.open", "session.open", "workspace.create"]);
    let roles = server.write(&owner, |ctx, tx| actions::roles(ctx, tx)).unwrap();
    let members: Vec<_> = roles.iter().map(|(role, members)| (role.kind, *members)).collect();
    assert_eq!(members.first(), Some(&(RoleKind::Admin, 1)));
    assert_eq!(members.len(), 5);
}

#[db_test]
async fn a_second_workspace_of_the_same_name_gets_another_slug(db: &TestDb) {
    let mut server = Server::new(db);
    let one = server.sign_up("a@misol.uz", "Yulduz").await.unwrap();
    server.now = later(&server, 1);
    let two = server.sign_up("b@misol.uz", "Yulduz").await.unwrap();
    assert_ne!(one.workspace, two.workspace);
    assert!(two.number > one.number);
    let slug = |id| server.db.read_now(Scope::Server, move |tx| crate::workspace(tx, id)).unwrap().slug;
    assert_eq!(slug(one.workspace), "yulduz");
    assert!(slug(two.workspace).starts_with("yulduz-"));
    let first = server.db.read_now(Scope::Server, crate::default_workspace).unwrap();
    assert_eq!(first, Some(one.workspace));
}

#[db_test]
async fn a_sign_up_with_everything_wrong_names_every_field(db: &TestDb) {
    let server = Server::new(db);
    let bad = SignUp {
        name: " ".into(),
        email: "<script>".into(),
        username: Some("1'; DROP TABLE auth_person".into()),
        phone: Some("abc".into()),
        password: Password::typed("123"),
        workspace: "a\0b".into(),
        lang: Lang::Uz,
    };
    let refused = fields(server.try_sign_up(bad).await);
    let names: Vec<_> = refused.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(names, ["name", "email", "username", "phone", "workspace", "password"]);
    server.sign_up("a@misol.uz", "A").await.unwrap();
    let taken = server.sign_up("A@misol.uz", "B").await;
    assert_eq!(fields(taken), [("email".to_owned(), "auth-email-taken")]);
}

#[db_test]
async fn of_two_sign_ups_with_one_address_at_once_one_is_told(db: &TestDb) {
    let server = Server::new(db);
    let (one, two) = tokio::join!(server.sign_up("a@misol.uz", "A"), server.sign_up("a@misol.uz", "B"));
    let outcomes = [one, two];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let refused = outcomes.into_iter().find_map(std::result::Result::err).unwrap();
    assert!(matches!(refused.kind(), Kind::Invalid | Kind::Conflict), "{refused}");
}

#[db_test]
async fn a_wrong_login_and_a_wrong_password_have_one_answer(db: &TestDb) {
    let server = Server::new(db);
    server.sign_up("a@misol.uz", "A").await.unwrap();
    let nobody = server.sign_in("b@misol.uz", PASSWORD).await.unwrap_err();
    let wrong = server.sign_in("a@misol.uz", "boshqa parol").await.unwrap_err();
    assert_eq!(nobody.to_string(), wrong.to_string());
    assert_eq!((wrong.kind(), wrong.text().key()), (Kind::Unauthenticated, "auth-sign-in-refused"));
    for odd in ["", "a@misol.uz\0", "' OR 1=1 --", "<b>", &"x".repeat(100_000)] {
        let refused = server.sign_in(odd, PASSWORD).await;
        assert!(matches!(refused.unwrap_err().kind(), Kind::Unauthenticated | Kind::Invalid), "{odd:.20}");
    }
}

#[db_test]
async fn after_five_wrong_passwords_one_waits_whether_the_account_exists_or_not(db: &TestDb) {
    let mut server = Server::new(db);
    server.sign_up("a@misol.uz", "A").await.unwrap();
    for login in ["a@misol.uz", "nobody@misol.uz"] {
        for _ in 0..5 {
            assert_eq!(key(server.sign_in(login, "boshqa parol").await), "auth-sign-in-refused");
        }
        let waits = server.sign_in(login, PASSWORD).await.unwrap_err();
        assert_eq!(waits.kind(), Kind::TooMuch { retry_after_s: Some(30) });
        assert_eq!(waits.text().args().first().map(|(name, _)| *name), Some("seconds"));
    }
    server.now = later(&server, 31);
    server.sign_in("a@misol.uz", PASSWORD).await.unwrap();
    for _ in 0..4 {
        assert_eq!(key(server.sign_in("a@misol.uz", "boshqa parol").await), "auth-sign-in-refused");
    }
    server.sign_in("a@misol.uz", PASSWORD).await.unwrap();
}

#[db_test]
async fn a_hundred_guesses_at_once_are_a_hundred_guesses(db: &TestDb) {
    let server = Server::new(db);
    server.sign_up("a@misol.uz", "A").await.unwrap();
    let guest = server.guest();
    let guesses = (0..20).map(|n| {
        let input = SignIn {
            login: "a@misol.uz".into(),
            password: Password::typed(format!("taxmin {n}")),
            agent: String::new(),
            kind: SessionKind::Page,
            workspace: None,
        };
        server.auth.sign_in(db, &guest, input)
    });
    let mut refused = 0;
    for outcome in futures::future::join_all(guesses).await {
        refused += usize::from(outcome.unwrap_err().kind() == Kind::Unauthenticated);
    }
    assert_eq!(refused, 5, "only the free attempts were looked at");
}

#[db_test]
async fn guesses_at_many_accounts_from_one_address_wait_too(db: &TestDb) {
    let server = Server::new(db);
    for n in 0..30 {
        assert_eq!(
            key(server.sign_in(&format!("kim{n}@misol.uz"), "parol-parol").await),
            "auth-sign-in-refused"
        );
    }
    assert_eq!(key(server.sign_in("yana@misol.uz", "parol-parol").await), "auth-wait");
    for n in 0..5 {
        let made = server.sign_up(&format!("yangi{n}@misol.uz"), "A").await;
        assert_eq!(made.is_ok(), n < 5, "{n}");
    }
    assert_eq!(key(server.sign_up("oltinchi@misol.uz", "A").await), "auth-wait");
}

#[db_test]
async fn a_session_ends_when_idle_when_old_and_when_revoked(db: &TestDb) {
    let mut server = Server::new(db);
    let made = server.sign_up("a@misol.uz", "A").await.unwrap();
    let (phone, laptop) = (
        server.sign_in("a@misol.uz", PASSWORD).await.unwrap(),
        server.sign_in("a@misol.uz", PASSWORD).await.unwrap(),
    );
    assert!(acting(&server, phone.secret.reveal(), later(&server, 29 * DAY_S)).is_some());
    assert!(acting(&server, phone.secret.reveal(), later(&server, 30 * DAY_S)).is_none());
    for day in [25, 50, 75, 89] {
        let (id, at) = (phone.session.id, later(&server, day * DAY_S));
        server.write_as_server(&server.guest(), move |_, tx| store::session::set_seen(tx, id, at)).unwrap();
    }
    assert!(acting(&server, phone.secret.reveal(), later(&server, 90 * DAY_S - 1)).is_some());
    assert!(acting(&server, phone.secret.reveal(), later(&server, 90 * DAY_S)).is_none());

    let owner = server.owner(made);
    assert_eq!(server.write(&owner, |ctx, tx| actions::sessions(ctx, tx)).unwrap().len(), 2);
    let id = laptop.session.id;
    server.write(&owner, move |ctx, tx| actions::revoke_session(ctx, tx, id)).unwrap();
    assert!(acting(&server, laptop.secret.reveal(), server.now).is_none());
    let gone = server.write(&owner, move |ctx, tx| actions::revoke_session(ctx, tx, id));
    assert_eq!(gone.unwrap_err().kind(), Kind::NotFound);
    server.now = later(&server, 91 * DAY_S);
    server.sign_in("a@misol.uz", PASSWORD).await.unwrap();
    let left = server.db.read_now(Scope::Server, move |tx| store::session::list(tx, made.person)).unwrap();
    assert_eq!(left.len(), 1, "what ended by itself is taken away");
}

#[db_test]
async fn signing_out_ends_this_session_and_nobody_elses(db: &TestDb) {
    let server = Server::new(db);
    let one = server.sign_up("a@misol.uz", "A").await.unwrap();
    server.sign_up("b@misol.uz", "B").await.unwrap();
    let mine = server.sign_in("a@misol.uz", PASSWORD).await.unwrap();
    let theirs = server.sign_in("b@misol.uz", PASSWORD).await.unwrap();
    let owner = server.owner(one);
    let (own, id) = (mine.session.id, theirs.session.id);
    server.write(&owner, move |ctx, tx| actions::sign_out(ctx, tx, Some(id))).unwrap();
    let refused = server.write(&owner, move |ctx, tx| actions::revoke_session(ctx, tx, id));
    assert_eq!(refused.unwrap_err().kind(), Kind::NotFound);
    assert!(acting(&server, theirs.secret.reveal(), server.now).is_some());
    server.write(&owner, move |ctx, tx| actions::sign_out(ctx, tx, Some(own))).unwrap();
    assert!(acting(&server, mine.secret.reveal(), server.now).is_none());
}

#[test]
fn nothing_secret_is_shown_by_accident() {
    let credentials = Credentials { session: Some("sir".into()), ..Credentials::default() };
    assert!(!format!("{credentials:?}").contains("sir"));
    let input = SignIn {
        login: "a".into(),
        password: Password::typed("sir-sir-sir"),
        agent: String::new(),
        kind: SessionKind::Page,
        workspace: None,
    };
    assert!(!format!("{input:?}").contains("sir"));
}

#[test]
fn a_short_key_of_the_environment_stops_the_start() {
    let config = AuthConfig { api_keys: vec!["qisqa".into()], cost: Cost::TESTS, ..AuthConfig::default() };
    assert_eq!(key(Auth::new(&config, mailer(Delivery::Off))), "auth-environment-key-short");
}
