//! Nodes of one database wake each other.

use super::WORKSPACE;
use crate::{Backend, Lane, Scope, Topic, Tx, db_test, testing::TestDb};

/// Joins the others, and waits until it hears them: the beginning wakes everybody once.
async fn joined(db: crate::Db) -> crate::Db {
    let mut topics = [Topic::Events, Topic::Jobs, Topic::Messages].map(|topic| db.subscribe(topic));
    let joining = db.clone();
    tokio::task::spawn_blocking(move || joining.join_nodes()).await.unwrap().unwrap();
    if db.backend() == Backend::Postgres {
        for topic in &mut topics {
            topic.changed().await.unwrap();
        }
    }
    db
}

#[db_test]
async fn what_one_node_wakes_wakes_the_others_and_itself_once(db: &TestDb) {
    let config = db.config();
    let other = tokio::task::spawn_blocking(move || crate::Db::open_unmigrated(config).unwrap());
    let (other, here) = (joined(other.await.unwrap()).await, joined((**db).clone()).await);
    let (mut own, mut heard) = (here.subscribe(Topic::Jobs), other.subscribe(Topic::Jobs));
    let (before, not_meant) = (*own.borrow(), other.subscribe(Topic::Messages));
    let wake = |tx: &mut Tx<'_>| {
        tx.wake(Topic::Jobs);
        Ok(())
    };
    here.write(WORKSPACE, Lane::People, wake).await.unwrap();
    own.changed().await.unwrap();
    if db.backend() == Backend::Postgres {
        heard.changed().await.unwrap();
        assert!(!not_meant.has_changed().unwrap());
    } else {
        assert!(!heard.has_changed().unwrap(), "on SQLite there is one node");
    }
    assert_eq!(*own.borrow(), before + 1);
    tokio::task::spawn_blocking(move || drop((here, other))).await.unwrap();
}

#[db_test]
async fn a_lost_connection_between_nodes_is_opened_again(db: &TestDb) {
    if db.backend() == Backend::Sqlite {
        return;
    }
    let config = db.config();
    let other = tokio::task::spawn_blocking(move || crate::Db::open_unmigrated(config).unwrap());
    let (other, here) = (joined(other.await.unwrap()).await, joined((**db).clone()).await);
    let mut again = other.subscribe(Topic::Messages);
    let cut = |tx: &mut Tx<'_>| {
        let sql = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()
             AND (query LIKE 'LISTEN%' OR query LIKE 'SELECT pg_notify%' OR query = 'SELECT pg_backend_pid()')";
        tx.query_one(sql, &[], |row| row.get::<i64>(0))
    };
    assert_eq!(db.write(Scope::Server, Lane::People, cut).await.unwrap(), 4);
    // Whoever hears again looks once at everything.
    again.changed().await.unwrap();
    let mut heard = other.subscribe(Topic::Jobs);
    let wake = |tx: &mut Tx<'_>| {
        tx.wake(Topic::Jobs);
        Ok(())
    };
    here.write(WORKSPACE, Lane::People, wake).await.unwrap();
    heard.changed().await.unwrap();
    tokio::task::spawn_blocking(move || drop((here, other))).await.unwrap();
}
