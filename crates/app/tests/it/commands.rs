//! Commands of the program, run as whoever keeps the server runs them.

use db::{Lane, db_test, params, testing::TestDb};

use crate::{
    program::{Program, free_address},
    world::World,
};

#[db_test]
async fn check_books_says_what_does_not_agree_and_fails(db: &TestDb) {
    let world = World::new(db, "http://127.0.0.1:9").await;
    let program = Program::new(db, &world, "http://127.0.0.1:9", free_address(), &[]);
    let sound = program.run("check-books").await;
    let said = String::from_utf8_lossy(&sound.stdout).into_owned();
    assert!(sound.status.success() && said.contains("Everything agrees."), "{sound:?}");
    // One tiyin of one product's worth goes astray.
    let sql = "UPDATE stock_balance SET value_tiyin = value_tiyin + 1
               WHERE workspace_id = $1 AND product_id =
                   (SELECT product_id FROM stock_balance WHERE workspace_id = $1 ORDER BY product_id LIMIT 1)";
    let ctx = world.ctx.clone();
    let astray = move |tx: &mut db::Tx<'_>| tx.execute_one(sql, params![ctx.workspace()]);
    db.write(&world.ctx, Lane::People, astray).await.unwrap();
    let wrong = program.run("check-books").await;
    let said = String::from_utf8_lossy(&wrong.stdout).into_owned();
    assert!(!wrong.status.success() && said.contains("in the warehouses"), "{wrong:?}");
}

#[db_test]
async fn the_catalog_is_put_in_once_and_into_the_workspace_that_is_named(db: &TestDb) {
    let world = World::new(db, "http://127.0.0.1:9").await;
    let program = Program::new(db, &world, "http://127.0.0.1:9", free_address(), &[]);
    let count = async || {
        let ctx = world.ctx.clone();
        let read = move |tx: &mut db::ReadTx<'_>| {
            let filter = catalog::items::ItemFilter::default();
            Ok(catalog::items::list(&ctx, tx, &filter, kernel::PageRequest::new(1, 1))?.count)
        };
        world.parts.app.db().read(&world.ctx, read).await.unwrap()
    };
    for said in ["32 made, 0 changed, 0 unchanged", "0 made, 0 changed, 32 unchanged"] {
        let done = program.run("seed catalog").await;
        assert!(done.status.success() && String::from_utf8_lossy(&done.stdout).contains(said), "{done:?}");
        assert_eq!(count().await, 32);
    }
    let unknown = program.run("seed catalog --workspace nobodys").await;
    let told = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(!unknown.status.success() && told.contains("no workspace called nobodys"), "{told}");
    let workspace = world.ctx.workspace();
    let slug = move |tx: &mut db::ReadTx<'_>| Ok(auth::workspace(tx, workspace)?.slug);
    let slug = world.parts.app.db().read(db::Scope::Server, slug).await.unwrap();
    let named = program.run(&format!("seed catalog --workspace {slug}")).await;
    let said = String::from_utf8_lossy(&named.stdout).into_owned();
    assert!(named.status.success() && said.contains("32 unchanged"), "{named:?}");
}

#[db_test]
async fn a_bucket_that_cannot_be_used_stops_the_start_with_one_sentence(db: &TestDb) {
    let world = World::new(db, "http://127.0.0.1:9").await;
    let s3 = files::testing::s3();
    let hush = "hush".repeat(10);
    let started = async |bucket: &str, key: &str| {
        let settings = [
            ("KARVON_S3_ENDPOINT", s3.endpoint.as_str()),
            ("KARVON_S3_BUCKET", bucket),
            ("KARVON_S3_KEY_ID", &s3.key_id),
            ("KARVON_S3_SECRET_KEY", key),
            ("KARVON_S3_PREFIX", &s3.prefix),
        ];
        Program::new(db, &world, "http://127.0.0.1:9", free_address(), &settings).run("check-books").await
    };
    assert!(started(&s3.bucket, &s3.secret_key).await.status.success());
    for (bucket, key, said) in [
        ("nowhere", &s3.secret_key, "has no bucket “nowhere”"),
        (s3.bucket.as_str(), &hush, "refuses the key"),
    ] {
        let refused = started(bucket, key).await;
        let (told, log) =
            (String::from_utf8_lossy(&refused.stderr), String::from_utf8_lossy(&refused.stdout));
        let sentence = told.lines().find(|line| line.starts_with("karvon: ")).unwrap_or_default();
        assert!(!refused.status.success() && sentence.contains(said), "{told}");
        assert!(!told.contains("hush") && !log.contains("hush"), "{told} {log}");
    }
}
