//! A backup of a running shop, read into an empty server: the same rows, and a shop that goes on.

use std::{collections::HashMap, fs, io::Write, path::Path};

use app::{
    backup::{Manifest, back_up, restore},
    config::Config,
    parts,
};
use db::{Lane, Target, db_test, testing::TestDb};
use kernel::{Clock, SystemClock, Timestamp};

use crate::world::World;

/// The configuration of a server with this database and folder.
fn config(database: &db::Config, data: &Path) -> Config {
    config_with(database, data, &[])
}

/// The same with these settings besides.
fn config_with(database: &db::Config, data: &Path, settings: &[(&str, &str)]) -> Config {
    let url = match &database.target {
        Target::Sqlite(path) => format!("sqlite:{}", path.display()),
        Target::Postgres(url) => url.clone(),
    };
    let given = [("KARVON_DATA", data.display().to_string()), ("KARVON_DATABASE_URL", url)];
    let settings = settings.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let given: HashMap<String, String> =
        given.into_iter().chain(settings).map(|(name, value)| (name.to_owned(), value)).collect();
    Config::from("", &given).unwrap()
}

/// A shop with an order, a picture and a bot whose token is sealed, and its configuration.
async fn shop(db: &TestDb) -> (World, Config) {
    let fake = testkit::telegram::Fake::start().await;
    let world = World::new(db, fake.url()).await;
    world.connect(&fake, bots::Intake::Polling).await;
    world.parts.blobs.put(b"a picture".to_vec()).await.unwrap();
    let (status, order) =
        world.api("POST", "/api/sales-orders", r#"{"lines":[{"product_id":1,"quantity":2}]}"#).await;
    assert!(status.is_success(), "{order}");
    let config = config(&db.config(), world.data());
    (world, config)
}

/// A SQLite file that does not exist yet, in this folder.
fn new_file(folder: &Path) -> db::Config {
    db::Config::from_url(&folder.join("restored.db").display().to_string())
}

fn backed_up(config: &Config, path: &Path) -> Manifest {
    aside(|| back_up(config, path, Timestamp::from_millis(7)).unwrap())
}

/// What blocks, beside the test's runtime: a command has none.
fn aside<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(run).join().unwrap())
}

/// The restored server opens, its books agree, its search finds, its bots' tokens can be opened.
async fn goes_on(config: &Config, world: &World) {
    let parts = aside(|| parts::open(config).unwrap());
    let (ctx, own) = (world.ctx.clone(), world.ctx.clone());
    let check = move |tx: &mut db::ReadTx<'_>| Ok((stock::check(&own, tx)?, sales::check(&own, tx)?));
    let (stock, sales) = parts.app.db().read(&ctx, check).await.unwrap();
    assert!(stock.is_empty() && sales.is_empty(), "{stock:?} {sales:?}");
    // The bots' tokens are sealed with it.
    let key = |folder: &Path| fs::read(folder.join("secret")).unwrap();
    assert_eq!(key(&config.data), key(world.data()));
    let (search, workspace) = (std::sync::Arc::clone(&parts.search), ctx.workspace());
    let found = tokio::task::spawn_blocking(move || {
        search.follow_now().unwrap();
        search.find(workspace, "galaxy a15", 0, 5).unwrap().total
    });
    assert!(found.await.unwrap() > 0, "the search finds nothing");
    // Work goes on where it was: numbers and places do not come again.
    let own = ctx.clone();
    let next = move |tx: &mut db::Tx<'_>| context::next_number(&own, tx, "sales_order");
    assert_eq!(parts.app.db().write(&ctx, Lane::People, next).await.unwrap(), 2);
}

#[db_test]
async fn a_backup_brings_back_the_same_rows_and_a_shop_that_goes_on(db: &TestDb) {
    let (world, config_of_shop) = shop(db).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("first.zip");
    let manifest = backed_up(&config_of_shop, &file);
    assert!(manifest.files == 1 && manifest.rows() > 100, "{manifest:?}");

    // Into the other kind of database as well: from SQLite to PostgreSQL and back.
    let postgres = aside(|| TestDb::postgres(&[]));
    for database in [new_file(folder.path()), postgres.config()] {
        let data = tempfile::tempdir().unwrap();
        let here = config(&database, data.path());
        assert_eq!(aside(|| restore(&here, &file).unwrap()), manifest);
        let again = backed_up(&here, &data.path().join("again.zip"));
        assert_eq!(again.rows(), manifest.rows());
        if again.database == manifest.database {
            assert_eq!(again.tables, manifest.tables);
        }
        goes_on(&here, &world).await;
        let refused = aside(|| restore(&here, &file).unwrap_err());
        assert_eq!(refused.text().key(), "app-restore-not-empty");
    }
}

#[db_test]
async fn a_backup_of_a_busy_shop_is_of_one_moment(db: &TestDb) {
    let (world, config_of_shop) = shop(db).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("busy.zip");
    let (own, path) = (config_of_shop.clone(), file.clone());
    let backup = tokio::task::spawn_blocking(move || backed_up(&own, &path));
    let body = r#"{"lines":[{"product_id":1,"quantity":1}]}"#;
    for _ in 0..5 {
        assert!(world.api("POST", "/api/sales-orders", body).await.0.is_success());
    }
    backup.await.unwrap();
    let here = config(&new_file(folder.path()), &folder.path().join("data"));
    fs::create_dir(folder.path().join("data")).unwrap();
    restore(&here, &file).unwrap();
    let parts = parts::open(&here).unwrap();
    let own = world.ctx.clone();
    let check = move |tx: &mut db::ReadTx<'_>| Ok((stock::check(&own, tx)?, sales::check(&own, tx)?));
    let (stock, sales) = parts.app.db().read(&world.ctx, check).await.unwrap();
    assert!(stock.is_empty() && sales.is_empty(), "{stock:?} {sales:?}");
}

#[tokio::test]
async fn a_file_that_is_there_is_not_written_over_and_one_that_is_damaged_changes_nothing() {
    let db = TestDb::sqlite(&crate::test_migrations());
    let (_world, config_of_shop) = shop(&db).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("whole.zip");
    backed_up(&config_of_shop, &file);
    let whole = fs::read(&file).unwrap();
    let twice = back_up(&config_of_shop, &file, SystemClock.now()).unwrap_err();
    assert_eq!(twice.text().key(), "app-backup-there");
    assert_eq!(fs::read(&file).unwrap(), whole);
    let nowhere =
        back_up(&config_of_shop, &folder.path().join("no/where.zip"), SystemClock.now()).unwrap_err();
    assert_eq!(nowhere.text().key(), "app-backup-not-written");

    let here = config(&new_file(folder.path()), folder.path());
    let refusal = |bytes: &[u8]| {
        let damaged = folder.path().join("damaged.zip");
        fs::File::create(&damaged).unwrap().write_all(bytes).unwrap();
        let refused = restore(&here, &damaged).unwrap_err();
        assert_eq!(refused.text().key(), "app-backup-unreadable", "{refused}");
        assert!(db::is_empty(&new_file(folder.path())).unwrap(), "something was changed");
    };
    refusal(b"not a backup at all");
    refusal(&whole[..whole.len() / 2]);
    let mut bent = whole.clone();
    // A byte of what was kept; not every byte of an archive's own headers is ever read.
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&whole)).unwrap();
    let places = (0..archive.len()).map(|place| {
        let entry = archive.by_index(place).unwrap();
        (entry.compressed_size(), entry.data_start().unwrap())
    });
    let (size, start) = places.max().unwrap();
    bent[usize::try_from(start + size / 2).unwrap()] ^= 0x40;
    refusal(&bent);
    restore(&here, &file).unwrap();
}

#[tokio::test]
async fn a_key_that_the_new_server_has_stays() {
    let db = TestDb::sqlite(&crate::test_migrations());
    let (world, config_of_shop) = shop(&db).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.zip");
    backed_up(&config_of_shop, &file);
    fs::write(folder.path().join("secret"), "00".repeat(32)).unwrap();
    restore(&config(&new_file(folder.path()), folder.path()), &file).unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("secret")).unwrap(), "00".repeat(32));
    assert_ne!(fs::read_to_string(world.data().join("secret")).unwrap(), "00".repeat(32));
}

#[tokio::test]
async fn files_of_a_bucket_go_into_a_folder_and_into_another_bucket() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| {
        let data = folder.path().join(name);
        fs::create_dir(&data).unwrap();
        data
    };
    let in_bucket = |name: &str, s3: &files::S3| {
        let data = place(name);
        let settings = [
            ("KARVON_S3_ENDPOINT", s3.endpoint.as_str()),
            ("KARVON_S3_BUCKET", &s3.bucket),
            ("KARVON_S3_KEY_ID", &s3.key_id),
            ("KARVON_S3_SECRET_KEY", &s3.secret_key),
            ("KARVON_S3_PREFIX", &s3.prefix),
        ];
        config_with(&new_file(&data), &data, &settings)
    };
    let (here, there) = (files::testing::s3(), files::testing::s3());
    let from = in_bucket("from", &here);
    let parts = aside(|| parts::open(&from).unwrap());
    let long = [b"film".to_vec(), vec![7; 6 << 20]].concat();
    let mut kept =
        vec![parts.blobs.put(long).await.unwrap(), parts.blobs.put(b"small".to_vec()).await.unwrap()];
    kept.sort_unstable();
    aside(|| drop(parts));

    let file = folder.path().join("files.zip");
    assert_eq!(backed_up(&from, &file).files, 2);
    let data = place("folder");
    for to in [in_bucket("to", &there), config(&new_file(&data), &data)] {
        aside(|| restore(&to, &file).unwrap());
        let parts = aside(|| parts::open(&to).unwrap());
        assert_eq!(parts.blobs.all().unwrap(), kept);
        let whole = kept.iter().map(|hash| files::Hash::of(&parts.blobs.get_now(*hash).unwrap()));
        assert_eq!(whole.collect::<Vec<_>>(), kept);
        aside(|| drop(parts));
        let twice = aside(|| restore(&to, &file).unwrap_err());
        assert_eq!(twice.text().key(), "app-restore-not-empty");
    }
}
