//! API keys: scopes, expiry, the maker, revoking.

use context::{Permission, Permissions};
use db::{db_test, testing::TestDb};
use kernel::Kind;

use super::*;
use crate::{ApiKey, KeyKind, Secret, actions::NewKey, store::api_key::ActingKey};

fn make(
    server: &Server<'_>,
    ctx: &Ctx,
    permissions: &[Permission],
    days: Option<i64>,
) -> Result<(ApiKey, Secret)> {
    let input = NewKey {
        kind: KeyKind::ApiKey,
        name: "1C".into(),
        permissions: permissions.iter().copied().collect(),
        expires_at: days.map(|days| server.now.plus_seconds(days * 86_400)),
    };
    let secret = Secret::for_key(ctx.random());
    let shown = secret.clone();
    server.write(ctx, move |ctx, tx| actions::create_key(ctx, tx, &input, &secret)).map(|key| (key, shown))
}

fn acting(server: &Server<'_>, secret: &str, seconds: i64) -> Option<ActingKey> {
    let (digest, at) = (crate::token::digest(secret), server.now.plus_seconds(seconds));
    server
        .db
        .read_now(Scope::Server, move |tx| store::api_key::find_acting(tx, KeyKind::ApiKey, &digest, at))
        .unwrap()
}

#[db_test]
async fn a_key_opens_its_workspace_until_it_expires_or_is_revoked(db: &TestDb) {
    let server = Server::new(db);
    let made = server.sign_up("egasi@misol.uz", "Doʻkon").await.unwrap();
    let owner = server.owner(made);
    let (key_row, secret) = make(&server, &owner, &[Permission::SalesRead], Some(1)).unwrap();
    let who = acting(&server, secret.reveal(), 0).unwrap();
    assert_eq!((who.workspace, who.key), (made.workspace, key_row.id));
    assert!(who.permissions.has(Permission::SalesRead) && !who.permissions.has(Permission::SalesEdit));
    assert!(acting(&server, secret.reveal(), 86_400).is_none());
    assert!(acting(&server, &secret.reveal()[..46], 0).is_none());
    let id = key_row.id;
    server.write(&owner, move |ctx, tx| actions::revoke_key(ctx, tx, id)).unwrap();
    assert!(acting(&server, secret.reveal(), 0).is_none());
    let again = server.write(&owner, move |ctx, tx| actions::revoke_key(ctx, tx, id));
    assert_eq!(key(again), "auth-key-revoked-before");
    let kept: Vec<ApiKey> = server.write(&owner, |ctx, tx| actions::keys(ctx, tx)).unwrap();
    assert_eq!(kept.len(), 1);
    assert!(!format!("{kept:?}").contains(secret.reveal()));
    assert!(!server.log(&owner).is_empty());
}

#[db_test]
async fn a_key_never_does_more_than_its_maker_may(db: &TestDb) {
    let server = Server::new(db);
    let made = server.sign_up("egasi@misol.uz", "Doʻkon").await.unwrap();
    let owner = server.owner(made);
    let second = server.add(&owner, "ikkinchi@misol.uz", RoleKind::Admin).await.unwrap();
    let maker = server.as_member(made.workspace, second.person);
    let (_, secret) =
        make(&server, &maker, &[Permission::SalesRead, Permission::SettingsEdit], None).unwrap();
    let cashier = server.role(&owner, RoleKind::Cashier).id;
    server.write(&owner, move |ctx, tx| actions::set_member_role(ctx, tx, second.number, cashier)).unwrap();
    let who = acting(&server, secret.reveal(), 0).unwrap();
    assert_eq!(who.permissions, [Permission::SalesRead].into_iter().collect::<Permissions>());
    server.write(&owner, move |ctx, tx| actions::deactivate_member(ctx, tx, second.number)).unwrap();
    assert!(acting(&server, secret.reveal(), 0).is_none());
}

#[db_test]
async fn a_key_without_name_scope_or_future_is_refused_and_so_is_too_wide_a_one(db: &TestDb) {
    let server = Server::new(db);
    let made = server.sign_up("egasi@misol.uz", "Doʻkon").await.unwrap();
    let owner = server.owner(made);
    assert_eq!(
        fields(make(&server, &owner, &[], Some(-1))),
        [("permissions".into(), "auth-key-without-scopes"), ("expires_at".into(), "auth-key-expiry-past")]
    );
    let narrow = owner.with(|ctx| ctx.permissions = [Permission::UsersCreate].into_iter().collect());
    assert_eq!(key(make(&server, &narrow, &[Permission::SalesRead], None)), "auth-beyond-own");
    let a_key = owner.with(|ctx| ctx.actor.kind = context::ActorKind::ApiKey);
    let by_key = make(&server, &a_key, &[Permission::SalesRead], None);
    assert_eq!(by_key.unwrap_err().kind(), Kind::Forbidden);
    let other = server.owner(server.sign_up("boshqa@misol.uz", "Boshqa").await.unwrap());
    let (theirs, _) = make(&server, &other, &[Permission::SalesRead], None).unwrap();
    let foreign = server.write(&owner, move |ctx, tx| actions::revoke_key(ctx, tx, theirs.id));
    assert_eq!(foreign.unwrap_err().kind(), Kind::NotFound);
}
