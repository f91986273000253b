//! Members: adding, roles, letting go, the last Admin, other workspaces.

use std::sync::Barrier;

use db::{db_test, testing::TestDb};
use kernel::{Kind, PageRequest};

use super::*;
use crate::MemberFilter;

async fn shop(server: &Server<'_>) -> (SignedUp, Ctx) {
    let made = server.sign_up("egasi@misol.uz", "Doʻkon").await.unwrap();
    (made, server.owner(made))
}

#[db_test]
async fn a_member_signs_in_with_the_password_that_was_chosen(db: &TestDb) {
    let server = Server::new(db);
    let (made, owner) = shop(&server).await;
    let input = AddMember {
        name: "Elena Kim".into(),
        email: None,
        username: Some("Kassir1".into()),
        phone: None,
        lang: Lang::Ru,
        password: Password::typed(PASSWORD),
        role: "cashier".into(),
    };
    let (new, hash) = server.auth.prepare_member(&owner, input).await.unwrap();
    let added = server.write(&owner, move |ctx, tx| actions::add_member(ctx, tx, &new, &hash)).unwrap();
    let signed = server.sign_in("KASSIR1", PASSWORD).await.unwrap();
    assert_eq!((signed.person.number, signed.session.at_workspace), (added.number, made.workspace));
    let page = server
        .write(&owner, |ctx, tx| {
            let filter = MemberFilter { search: Some("елена".into()), ..MemberFilter::default() };
            actions::members(ctx, tx, &filter, PageRequest::default())
        })
        .unwrap();
    assert_eq!(page.count, 1, "found in either script");
    let everybody = server
        .write(&owner, |ctx, tx| actions::members(ctx, tx, &MemberFilter::default(), PageRequest::default()))
        .unwrap();
    let names: Vec<_> = everybody.results.iter().map(|member| member.person.name.as_str()).collect();
    assert_eq!(names, ["Dilnoza Karimova", "Elena Kim"]);
}

#[db_test]
async fn bad_input_of_a_new_member_is_told_by_field(db: &TestDb) {
    let server = Server::new(db);
    let (_, owner) = shop(&server).await;
    let input = |email: &str, username: &str, password: &str| AddMember {
        name: "A".into(),
        email: Some(email.into()),
        username: Some(username.into()),
        phone: None,
        lang: Lang::Uz,
        password: Password::typed(password),
        role: "User".into(),
    };
    let refused = fields(server.auth.prepare_member(&owner, input("", " ", "x")).await);
    assert_eq!(refused, [("email".into(), "auth-login-missing"), ("password".into(), "auth-password-short")]);
    let refused = fields(server.auth.prepare_member(&owner, input("a", "b", PASSWORD)).await);
    assert_eq!(
        refused,
        [("email".into(), "auth-email-malformed"), ("username".into(), "auth-username-malformed")]
    );
    let missing =
        AddMember { role: owner.new_id::<Role>().to_string(), ..input("yangi@misol.uz", "", PASSWORD) };
    let (new, hash) = server.auth.prepare_member(&owner, missing).await.unwrap();
    let unknown = server.write(&owner, move |ctx, tx| actions::add_member(ctx, tx, &new, &hash));
    assert_eq!(fields(unknown), [("role".into(), "auth-role-unknown")]);
    server.add(&owner, "a@misol.uz", RoleKind::User).await.unwrap();
    let again = server.add(&owner, "A@misol.uz", RoleKind::User).await;
    assert_eq!(fields(again), [("email".into(), "auth-member-already")]);
}

#[db_test]
async fn a_member_let_go_is_out_at_once_and_may_come_back(db: &TestDb) {
    let server = Server::new(db);
    let (_, owner) = shop(&server).await;
    let added = server.add(&owner, "ishchi@misol.uz", RoleKind::Cashier).await.unwrap();
    let signed = server.sign_in("ishchi@misol.uz", PASSWORD).await.unwrap();
    let (digest, now) = (crate::token::digest(signed.secret.reveal()), server.now);
    let is_in = || {
        db.read_now(Scope::Server, move |tx| store::session::find_acting(tx, &digest, now)).unwrap().is_some()
    };
    assert!(is_in());
    server.write(&owner, move |ctx, tx| actions::deactivate_member(ctx, tx, added.number)).unwrap();
    assert!(!is_in());
    let twice = server.write(&owner, move |ctx, tx| actions::deactivate_member(ctx, tx, added.number));
    assert_eq!(key(twice), "auth-member-state-other");
    server.write(&owner, move |ctx, tx| actions::activate_member(ctx, tx, added.number)).unwrap();
    assert!(!is_in(), "the old session stays gone");
    server.sign_in("ishchi@misol.uz", PASSWORD).await.unwrap();
}

#[db_test]
async fn the_last_admin_stays(db: &TestDb) {
    let server = Server::new(db);
    let (made, owner) = shop(&server).await;
    let user = server.role(&owner, RoleKind::User).id;
    let demote =
        |number| server.write(&owner, move |ctx, tx| actions::set_member_role(ctx, tx, number, user));
    let fire = |number| server.write(&owner, move |ctx, tx| actions::deactivate_member(ctx, tx, number));
    assert_eq!(key(demote(made.number)), "auth-last-admin");
    assert_eq!(key(fire(made.number)), "auth-last-admin");
    let second = server.add(&owner, "ikkinchi@misol.uz", RoleKind::Admin).await.unwrap();
    demote(second.number).unwrap();
    assert_eq!(key(demote(made.number)), "auth-last-admin");
}

#[db_test]
async fn of_two_admins_who_step_down_at_once_one_stays(db: &TestDb) {
    let server = Server::new(db);
    let (made, owner) = shop(&server).await;
    let second = server.add(&owner, "ikkinchi@misol.uz", RoleKind::Admin).await.unwrap();
    let user = server.role(&owner, RoleKind::User).id;
    let both = [server.owner(made), server.as_member(made.workspace, second.person)];
    let barrier = Barrier::new(2);
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = both
            .iter()
            .zip([made.number, second.number])
            .map(|(ctx, number)| {
                let (server, barrier) = (&server, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    server.write(ctx, move |ctx, tx| actions::set_member_role(ctx, tx, number, user))
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let admins = server.write(&server.owner(made), store::member::admins).unwrap();
    assert_eq!(admins.len(), 1);
}

#[db_test]
async fn another_workspaces_members_and_roles_are_not_found(db: &TestDb) {
    let server = Server::new(db);
    let (_, owner) = shop(&server).await;
    let other = server.owner(server.sign_up("boshqa@misol.uz", "Boshqa").await.unwrap());
    let theirs = server.add(&other, "ishchi@misol.uz", RoleKind::User).await.unwrap();
    let (role, my_role) = (server.role(&other, RoleKind::Admin).id, server.role(&owner, RoleKind::User).id);
    let number = theirs.number;
    let not_found = |outcome: Result<()>| assert_eq!(outcome.unwrap_err().kind(), Kind::NotFound);
    not_found(server.write(&owner, move |ctx, tx| actions::member(ctx, tx, number).map(drop)));
    not_found(server.write(&owner, move |ctx, tx| actions::deactivate_member(ctx, tx, number)));
    not_found(server.write(&owner, move |ctx, tx| actions::activate_member(ctx, tx, number)));
    not_found(
        server.write(&owner, move |ctx, tx| actions::set_member_role(ctx, tx, number, my_role).map(drop)),
    );
    not_found(server.write(&owner, move |ctx, tx| actions::role(ctx, tx, role).map(drop)));
    let hash = server.auth.prepare_reset(&owner, Password::typed("yangi parol 1")).await.unwrap();
    not_found(server.write(&owner, move |ctx, tx| actions::reset_member_password(ctx, tx, number, &hash)));
    let mine = server.add(&owner, "meniki@misol.uz", RoleKind::User).await.unwrap();
    let foreign =
        server.write(&owner, move |ctx, tx| actions::set_member_role(ctx, tx, mine.number, role).map(drop));
    assert_eq!(fields(foreign), [("role".into(), "auth-role-unknown")]);
}

#[db_test]
async fn an_admin_sets_a_forgotten_password_and_the_old_sessions_end(db: &TestDb) {
    let server = Server::new(db);
    let (_, owner) = shop(&server).await;
    let added = server.add(&owner, "ishchi@misol.uz", RoleKind::User).await.unwrap();
    let signed = server.sign_in("ishchi@misol.uz", PASSWORD).await.unwrap();
    let hash = server.auth.prepare_reset(&owner, Password::typed("yangi parol 1")).await.unwrap();
    server
        .write(&owner, move |ctx, tx| actions::reset_member_password(ctx, tx, added.number, &hash))
        .unwrap();
    let digest = crate::token::digest(signed.secret.reveal());
    assert!(db.read_now(Scope::Server, move |tx| store::session::find(tx, &digest)).unwrap().is_none());
    assert_eq!(key(server.sign_in("ishchi@misol.uz", PASSWORD).await), "auth-sign-in-refused");
    server.sign_in("ishchi@misol.uz", "yangi parol 1").await.unwrap();
    assert!(server.log(&owner).contains(&"member.reset_password".to_owned()));
}
