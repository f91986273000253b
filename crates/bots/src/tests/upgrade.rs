//! Tables of before, brought up to date.

use db::{Db, Migrations, Scope, Tx, testing::TestDb};
use kernel::{Id, Result};
use tickets::{Label, actions, reads};
use web::testing::ctx;

use crate::{Conversation, store, test_migrations};

/// The steps before labels and canned replies became the whole staff's.
fn before() -> Vec<Migrations> {
    let steps = |all: Migrations| match all.domain() {
        "tickets" => all.first(3),
        "bots" => all.first(10),
        _ => all,
    };
    test_migrations().into_iter().map(steps).collect()
}

fn write(tx: &mut Tx<'_>) -> Result<()> {
    let id = uuid::Uuid::from_u128(7);
    let workspace = ctx(1).workspace();
    for sql in [
        "INSERT INTO bots_bot (workspace_id, id, number, name, state, version, shop, created_at_ms)
         VALUES ($1, $2, 1, 'Bot', 'live', 1, '{}', 1)",
        "INSERT INTO bots_channel (workspace_id, id, bot_id, kind, state, created_at_ms)
         VALUES ($1, $2, $2, 'simulator', 'live', 1)",
        "INSERT INTO bots_conversation (workspace_id, id, channel_id, chat_key, person_name, session, created_at_ms, last_at_ms)
         VALUES ($1, $2, $2, '1', 'Aziza', '{}', 1, 1)",
        "INSERT INTO bots_label (workspace_id, id, name, name_fold, tone, created_at_ms)
         VALUES ($1, $2, 'Shikoyat', 'shikoyat', 'danger', 1)",
        "INSERT INTO bots_conversation_label (workspace_id, conversation_id, label_id) VALUES ($1, $2, $2)",
        "INSERT INTO bots_canned_reply (workspace_id, id, shortcut, text_uz, text_ru, text_en, created_at_ms)
         VALUES ($1, $2, 'manzil', 'Chorsu', '', '', 1)",
    ] {
        tx.execute_one(sql, db::params![workspace, id])?;
    }
    Ok(())
}

fn labels_come_along(db: &TestDb) {
    let opened = Db::open(db.config(), &before()).unwrap();
    opened.write_now(Scope::Server, write).unwrap();
    drop(opened);
    let opened = Db::open(db.config(), &test_migrations()).unwrap();
    let ctx = ctx(1);
    let own = ctx.clone();
    let look = move |tx: &mut Tx<'_>| -> Result<_> {
        let conversation: Id<Conversation> = Id::from_uuid(uuid::Uuid::from_u128(7));
        let (labels, canned) = (reads::labels(&own, tx)?, reads::canned_replies(&own, tx)?);
        let of: Vec<Id<Label>> = store::label::of(&own, tx, conversation)?;
        actions::delete_label(&own, tx, labels[0].id)?;
        let left = store::label::of(&own, tx, conversation)?;
        Ok((labels, canned, of, left))
    };
    let (labels, canned, of, left) = opened.write_now(&ctx, look).unwrap();
    assert_eq!((labels[0].name.as_str(), canned[0].shortcut.as_str()), ("Shikoyat", "manzil"));
    assert_eq!(
        (of, left),
        (vec![labels[0].id], Vec::new()),
        "what is taken away goes from every conversation"
    );
}

#[test]
fn labels_and_canned_replies_come_along_on_sqlite() {
    labels_come_along(&TestDb::sqlite(&[]));
}

#[test]
fn labels_and_canned_replies_come_along_on_postgres() {
    labels_come_along(&TestDb::postgres(&[]));
}
