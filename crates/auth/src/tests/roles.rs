//! Roles × permissions, and that nobody gives more than they have.

use context::Permission;
use db::{db_test, testing::TestDb};
use kernel::Kind;

use super::*;
use crate::actions::{NewKey, SetRole};

fn set(name: &str, permissions: &[Permission]) -> SetRole {
    SetRole { name: name.into(), permissions: permissions.iter().copied().collect() }
}

/// Each action of this crate that has a permission, tried by a member of each role.
#[db_test]
async fn each_role_may_what_its_grid_says_and_nothing_else(db: &TestDb) {
    let server = Server::new(db);
    let made = server.sign_up("egasi@misol.uz", "Doʻkon").await.unwrap();
    let owner = server.owner(made);
    let target = server.add(&owner, "nishon@misol.uz", RoleKind::User).await.unwrap().number;
    let user = server.role(&owner, RoleKind::User).id;
    type Try = fn(&Server<'_>, &Ctx, i64, Id<Role>) -> Result<()>;
    let tries: &[(Permission, Try)] = &[
        (Permission::UsersRead, |server, ctx, number, _| {
            server.write(ctx, move |ctx, tx| actions::member(ctx, tx, number).map(drop))
        }),
        (Permission::UsersRead, |server, ctx, _, _| {
            server.write(ctx, |ctx, tx| actions::roles(ctx, tx).map(drop))
        }),
        (Permission::UsersRead, |server, ctx, _, _| {
            server.write(ctx, |ctx, tx| actions::keys(ctx, tx).map(drop))
        }),
        (Permission::UsersEdit, |server, ctx, number, role| {
            server.write(ctx, move |ctx, tx| actions::set_member_role(ctx, tx, number, role).map(drop))
        }),
        (Permission::UsersCreate, |server, ctx, _, _| {
            let name = format!("Rol {}", ctx.new_id::<()>());
            server.write(ctx, move |ctx, tx| actions::create_role(ctx, tx, &set(&name, &[])).map(drop))
        }),
        (Permission::UsersCreate, |server, ctx, _, _| {
            server.write(ctx, |ctx, tx| {
                let input = NewKey {
                    kind: crate::KeyKind::ApiKey,
                    name: "kassa".into(),
                    permissions: [Permission::SalesRead].into_iter().collect(),
                    expires_at: None,
                };
                actions::create_key(ctx, tx, &input, &crate::Secret::for_key(ctx.random())).map(drop)
            })
        }),
        (Permission::UsersDelete, |server, ctx, number, _| {
            server.write(ctx, move |ctx, tx| {
                actions::deactivate_member(ctx, tx, number)?;
                let person = store::member::get(ctx, tx, number)?.person.id;
                let (from, to) = (crate::MemberState::Inactive, crate::MemberState::Active);
                store::member::set_state(tx, ctx.workspace(), person, from, to)
            })
        }),
        (Permission::SettingsRead, |server, ctx, _, _| {
            server.write(ctx, |ctx, tx| actions::company(ctx, tx).map(drop))
        }),
    ];
    for (index, kind) in RoleKind::BUILT_IN.into_iter().enumerate() {
        let member = server.add(&owner, &format!("rol{index}@misol.uz"), kind).await.unwrap();
        let ctx = server.as_member(made.workspace, member.person);
        let grid = kind.permissions().unwrap();
        for (permission, attempt) in tries {
            let outcome = attempt(&server, &ctx, target, user);
            let allowed = match &outcome {
                Ok(()) => true,
                Err(error) if error.kind() == Kind::Forbidden => false,
                Err(error) => panic!("{kind} {}: {error}", permission.word()),
            };
            assert_eq!(allowed, grid.has(*permission), "{kind} {}", permission.word());
        }
    }
}

#[db_test]
async fn nobody_gives_or_takes_more_than_they_have(db: &TestDb) {
    let server = Server::new(db);
    let made = server.sign_up("egasi@misol.uz", "Doʻkon").await.unwrap();
    let owner = server.owner(made);
    let users =
        [Permission::UsersRead, Permission::UsersCreate, Permission::UsersEdit, Permission::UsersDelete];
    let desk =
        server.write(&owner, move |ctx, tx| actions::create_role(ctx, tx, &set("Kadrlar", &users))).unwrap();
    let clerk = server.add(&owner, "kadr@misol.uz", RoleKind::User).await.unwrap();
    let number = clerk.number;
    server.write(&owner, move |ctx, tx| actions::set_member_role(ctx, tx, number, desk.id)).unwrap();
    let clerk = server.as_member(made.workspace, clerk.person);
    let admin = server.role(&owner, RoleKind::Admin).id;
    let beyond = |outcome: Result<()>| assert_eq!(key(outcome), "auth-beyond-own");
    beyond(server.write(&clerk, move |ctx, tx| actions::set_member_role(ctx, tx, number, admin).map(drop)));
    beyond(server.write(&clerk, move |ctx, tx| actions::deactivate_member(ctx, tx, made.number)));
    beyond(server.add(&clerk, "yangi@misol.uz", RoleKind::Admin).await.map(drop));
    let sales = [Permission::SalesRead];
    beyond(
        server.write(&clerk, move |ctx, tx| actions::create_role(ctx, tx, &set("Savdo", &sales)).map(drop)),
    );
    beyond(server.write(&clerk, move |ctx, tx| {
        actions::set_role_permissions(ctx, tx, desk.id, &set("Kadrlar", &sales)).map(drop)
    }));
    let hash = server.auth.prepare_reset(&clerk, Password::typed("yangi parol 1")).await.unwrap();
    beyond(server.write(&clerk, move |ctx, tx| actions::reset_member_password(ctx, tx, made.number, &hash)));
}

#[db_test]
async fn a_role_of_ones_own_is_made_changed_and_taken_away(db: &TestDb) {
    let server = Server::new(db);
    let made = server.sign_up("egasi@misol.uz", "Doʻkon").await.unwrap();
    let owner = server.owner(made);
    let sales = [Permission::SalesRead];
    let role =
        server.write(&owner, move |ctx, tx| actions::create_role(ctx, tx, &set("Sotuvchi", &sales))).unwrap();
    let same = server.write(&owner, move |ctx, tx| actions::create_role(ctx, tx, &set("СОТУВЧИ", &sales)));
    assert_eq!(fields(same), [("name".into(), "auth-role-name-taken")]);
    for name in ["", "  ", "!!!", "a\0b", &"я".repeat(121)] {
        let name = name.to_owned();
        let refused = server.write(&owner, move |ctx, tx| actions::create_role(ctx, tx, &set(&name, &[])));
        assert_eq!(refused.unwrap_err().kind(), Kind::Invalid);
    }
    let member = server.add(&owner, "sotuvchi@misol.uz", RoleKind::User).await.unwrap();
    let (number, id) = (member.number, role.id);
    server.write(&owner, move |ctx, tx| actions::set_member_role(ctx, tx, number, id)).unwrap();
    let more = [Permission::SalesRead, Permission::SalesCreate];
    server
        .write(&owner, move |ctx, tx| actions::set_role_permissions(ctx, tx, id, &set("Sotuvchi", &more)))
        .unwrap();
    let ctx = server.as_member(made.workspace, member.person);
    assert!(ctx.may(Permission::SalesCreate), "the next request has the new grid");
    assert_eq!(
        key(server.write(&owner, move |ctx, tx| actions::delete_role(ctx, tx, id))),
        "auth-role-in-use"
    );
    let user = server.role(&owner, RoleKind::User).id;
    server.write(&owner, move |ctx, tx| actions::set_member_role(ctx, tx, number, user)).unwrap();
    server.write(&owner, move |ctx, tx| actions::delete_role(ctx, tx, id)).unwrap();
    assert_eq!(
        key(server.write(&owner, move |ctx, tx| actions::delete_role(ctx, tx, user))),
        "auth-role-built-in"
    );
    let log = server.log(&owner);
    for action in ["role.create", "role.change", "member.set_role", "role.delete"] {
        assert!(log.iter().any(|entry| entry == action), "{action}");
    }
}
