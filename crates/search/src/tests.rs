//! The search over a real catalog, on both databases: it follows, it survives, it keeps workspaces apart.

use std::path::Path;
use std::sync::Arc;

use catalog::{CategoryContent, Names, Product, ProductContent};
use context::{Actor, Ctx, CtxBuilder, Random};
use db::testing::TestDb;
use db::{Db, Tx, db_test};
use kernel::{Barcode, FixedClock, Id, Kind, Money, Result, Timestamp};

use crate::{Search, Wanted};

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

fn ctx(n: u128) -> Ctx {
    let workspace = Id::from_uuid(uuid::Uuid::from_u128(n));
    CtxBuilder::server(workspace, Actor::server("test"), NOW, Random::from_seed(n as u64)).build()
}

fn search(db: &Db, folder: Option<&Path>) -> Arc<Search> {
    let clock = Arc::new(FixedClock::at(NOW));
    Search::open(db.clone(), clock, Random::from_seed(9), folder.map(Path::to_owned))
}

fn run<T: Send + 'static>(
    db: &Db,
    ctx: &Ctx,
    work: impl Fn(&Ctx, &mut Tx<'_>) -> Result<T> + Send + 'static,
) -> T {
    let own = ctx.clone();
    db.write_now(ctx, move |tx| work(&own, tx)).unwrap()
}

fn add(db: &Db, ctx: &Ctx, code: &str, name: &str) -> Product {
    let content = ProductContent::new(code, name, Money::from_som(1_000));
    run(db, ctx, move |ctx, tx| catalog::create_product(ctx, tx, content.clone()))
}

fn change(db: &Db, ctx: &Ctx, product: &Product, change: impl Fn(&mut ProductContent)) {
    let (id, mut content) = (product.id, product.content());
    change(&mut content);
    run(db, ctx, move |ctx, tx| catalog::update_product(ctx, tx, id, content.clone()));
}

/// The first ids found.
fn ids(search: &Search, ctx: &Ctx, text: &str) -> Vec<Id<Product>> {
    search.find(ctx.workspace(), text, 0, 10).unwrap().ids
}

/// Follows until the newest event is taken: on PostgreSQL the tests of others hold it back for moments.
fn follow(db: &Db, search: &Search) {
    let newest = db.read_now(db::Scope::Server, context::newest_event_seq).unwrap();
    for _ in 0..10_000 {
        search.follow_now().unwrap();
        if search.followed_to().unwrap() >= newest {
            return;
        }
        std::thread::yield_now();
    }
    panic!("the newest event stays behind");
}

#[db_test]
fn what_changes_in_the_catalog_changes_in_the_index(db: &TestDb) {
    let (search, ctx) = (search(db, None), ctx(1));
    follow(db, &search);
    assert!(ids(&search, &ctx, "televizor").is_empty());

    let tv = add(db, &ctx, "TV-1", "Televizor Samsung");
    let kettle = add(db, &ctx, "CH-1", "Choynak Artel");
    follow(db, &search);
    assert_eq!(ids(&search, &ctx, "самсунг телевизор"), [tv.id]);
    assert_eq!(ids(&search, &ctx, "чайник"), [kettle.id]);

    change(db, &ctx, &tv, |content| {
        content.name = Names { ru: Some("Пылесос".to_owned()), ..Names::uz("Changyutgich") };
        content.barcode = Some(Barcode::parse("4006381333931").unwrap());
    });
    follow(db, &search);
    assert!(ids(&search, &ctx, "samsung").is_empty());
    assert_eq!(ids(&search, &ctx, "vacuum cleaner"), [tv.id]);
    assert_eq!(ids(&search, &ctx, "4006381333931"), [tv.id]);

    let (off, gone) = (kettle.id, tv.id);
    run(db, &ctx, move |ctx, tx| catalog::set_product_active(ctx, tx, off, false));
    run(db, &ctx, move |ctx, tx| catalog::delete_product(ctx, tx, gone));
    follow(db, &search);
    assert!(ids(&search, &ctx, "choynak").is_empty() && ids(&search, &ctx, "changyutgich").is_empty());
    let all = Wanted { with_inactive: true, ..Wanted::default() };
    assert_eq!(search.find_wanted(ctx.workspace(), "choynak", all, 0, 10).unwrap().ids, [off]);
}

#[db_test]
fn a_category_renamed_changes_what_its_products_are_found_by(db: &TestDb) {
    let (search, ctx) = (search(db, None), ctx(1));
    let path = ["Uy uchun", "Yozgi"].map(Names::uz);
    let category = run(db, &ctx, move |ctx, tx| catalog::ensure_category(ctx, tx, &path));
    let product = add(db, &ctx, "X-1", "Artel HS 137");
    change(db, &ctx, &product, |content| content.category = Some(category));
    follow(db, &search);
    let within = Wanted { category: Some(category), ..Wanted::default() };
    let find = |text: &str| search.find_wanted(ctx.workspace(), text, within, 0, 10).unwrap().ids;
    assert_eq!(find("yozgi"), [product.id]);
    assert_eq!(find("uy"), [product.id]);
    assert!(find("холодильник").is_empty());

    run(db, &ctx, move |ctx, tx| {
        let tree = catalog::categories(ctx, tx)?;
        let parent = tree.get(category).and_then(|node| node.category.parent);
        let content = CategoryContent { name: Names::uz("Muzlatkichlar"), parent, position: 0 };
        catalog::update_category(ctx, tx, category, content)
    });
    follow(db, &search);
    assert_eq!(find("холодильник"), [product.id]);
    assert!(find("yozgi").is_empty());
}

#[db_test]
fn a_workspace_finds_only_its_own_products(db: &TestDb) {
    let (search, one, two) = (search(db, None), ctx(1), ctx(2));
    let mine = add(db, &one, "TV-1", "Televizor Samsung");
    let theirs = add(db, &two, "TV-1", "Televizor Samsung");
    follow(db, &search);
    assert_eq!(ids(&search, &one, "televizor"), [mine.id]);
    assert_eq!(ids(&search, &two, "TV-1"), [theirs.id]);
    assert!(ids(&search, &ctx(3), "televizor").is_empty());
    let foreign = Wanted { category: Some(Id::from_uuid(mine.id.uuid())), ..Wanted::default() };
    assert!(search.find_wanted(two.workspace(), "televizor", foreign, 0, 10).unwrap().ids.is_empty());
}

#[db_test]
fn a_process_that_died_is_followed_by_one_that_loses_nothing(db: &TestDb) {
    let (folder, ctx) = (tempfile::tempdir().unwrap(), ctx(1));
    let first = search(db, Some(folder.path()));
    let tv = add(db, &ctx, "TV-1", "Televizor Samsung");
    follow(db, &first);
    drop(first);

    // Written while nobody followed.
    let kettle = add(db, &ctx, "CH-1", "Choynak Artel");
    let gone = tv.id;
    run(db, &ctx, move |ctx, tx| catalog::delete_product(ctx, tx, gone));
    let second = search(db, Some(folder.path()));
    assert_eq!(ids(&second, &ctx, "televizor"), [tv.id], "as the first one left it");
    follow(db, &second);
    assert!(ids(&second, &ctx, "televizor").is_empty());
    assert_eq!(ids(&second, &ctx, "choynak"), [kettle.id]);
    drop(second);

    // The index took the changes, and the process died before it kept its place: they are taken again.
    std::fs::write(folder.path().join("cursor"), "0\n").unwrap();
    let third = search(db, Some(folder.path()));
    follow(db, &third);
    assert_eq!(ids(&third, &ctx, "choynak"), [kettle.id]);
    assert_eq!(third.find(ctx.workspace(), "choynak", 0, 10).unwrap().total, 1);
}

#[db_test]
fn an_index_that_is_lost_broken_or_of_another_database_is_made_anew(db: &TestDb) {
    let (folder, ctx) = (tempfile::tempdir().unwrap(), ctx(1));
    let tv = add(db, &ctx, "TV-1", "Televizor Samsung");
    let own = folder.path().join(ctx.workspace().to_string());
    let harms: [&dyn Fn(); 5] = [
        &|| {},
        &|| std::fs::remove_dir_all(&own).unwrap(),
        &|| std::fs::write(own.join("meta.json"), "{").unwrap(),
        &|| std::fs::write(folder.path().join("cursor"), "no number").unwrap(),
        &|| std::fs::write(folder.path().join("cursor"), "999999999").unwrap(),
    ];
    for (number, harm) in harms.iter().enumerate() {
        harm();
        let search = search(db, Some(folder.path()));
        follow(db, &search);
        assert_eq!(ids(&search, &ctx, "televizor"), [tv.id], "harm {number}");
    }
}

#[db_test]
fn a_rebuild_puts_right_what_no_event_told(db: &TestDb) {
    let (search, one, two) = (search(db, None), ctx(1), ctx(2));
    let tv = add(db, &one, "TV-1", "Televizor Samsung");
    add(db, &two, "TV-1", "Televizor LG");
    follow(db, &search);
    db.write_now(db::Scope::Server, |tx: &mut Tx<'_>| {
        tx.execute("UPDATE catalog_product SET name_uz = 'Choynak Vitek'", &[])
    })
    .unwrap();
    assert!(ids(&search, &one, "choynak").is_empty());
    let rebuilt = search.rebuild_only(&[one.workspace()]).unwrap();
    assert_eq!((rebuilt.workspaces, rebuilt.products), (1, 1));
    assert_eq!(ids(&search, &one, "choynak"), [tv.id]);
    assert!(ids(&search, &two, "choynak").is_empty());
    assert_eq!(search.rebuild().unwrap().workspaces, 2);
    assert!(!ids(&search, &two, "choynak").is_empty());
}

#[db_test]
fn a_rebuild_by_command_is_what_the_next_process_begins_with(db: &TestDb) {
    let (folder, ctx) = (tempfile::tempdir().unwrap(), ctx(1));
    let tv = add(db, &ctx, "TV-1", "Televizor Samsung");
    assert_eq!(search(db, Some(folder.path())).rebuild().unwrap().products, 1);
    let kettle = add(db, &ctx, "CH-1", "Choynak Artel");
    let next = search(db, Some(folder.path()));
    assert_eq!(ids(&next, &ctx, "televizor"), [tv.id]);
    follow(db, &next);
    assert_eq!((ids(&next, &ctx, "televizor"), ids(&next, &ctx, "choynak")), (vec![tv.id], vec![kettle.id]));
}

#[db_test]
fn it_follows_in_the_background_until_it_is_stopped(db: &TestDb) {
    let (search, ctx) = (search(db, None), ctx(1));
    let tv = add(db, &ctx, "TV-1", "Televizor Samsung");
    let (own, looker) = (ctx.clone(), Arc::clone(&search));
    db::testing::block_on(async move {
        let following = looker.start();
        let found = loop {
            match looker.find(own.workspace(), "televizor", 0, 10) {
                Ok(found) if !found.ids.is_empty() => break found,
                Ok(_) => {}
                Err(error) => assert_eq!(error.kind(), Kind::Busy),
            }
            tokio::task::yield_now().await;
        };
        assert_eq!(found.ids, [tv.id]);
        following.stop().await;
    });
}

#[db_test]
fn a_thousand_products_written_at_once_are_all_found(db: &TestDb) {
    let (search, ctx) = (search(db, None), ctx(1));
    follow(db, &search);
    run(db, &ctx, |ctx, tx| {
        for number in 0..1_200 {
            let content = ProductContent::new(format!("N-{number}"), "Televizor Samsung", Money::from_som(1));
            catalog::create_product(ctx, tx, content)?;
        }
        Ok(())
    });
    follow(db, &search);
    assert_eq!(search.find(ctx.workspace(), "televizor", 0, 5).unwrap().total, 1_200);
}

#[db_test]
async fn an_index_that_is_being_made_says_so_and_never_that_nothing_is_there(db: &TestDb) {
    let ctx = ctx(1);
    run(db, &ctx, |ctx, tx| {
        (0..150).try_for_each(|n| {
            let content =
                ProductContent::new(format!("TV-{n}"), format!("Televizor {n}"), Money::from_som(1));
            catalog::create_product(ctx, tx, content).map(drop)
        })
    });
    for _ in 0..12 {
        let folder = tempfile::tempdir().unwrap();
        let search = search(db, Some(folder.path()));
        let following = search.start();
        let asked = {
            let (search, workspace) = (Arc::clone(&search), ctx.workspace());
            move || loop {
                match search.find(workspace, "televizor", 0, 10) {
                    Err(busy) => assert_eq!(busy.kind(), Kind::Busy),
                    Ok(found) => return found.total,
                }
            }
        };
        assert_eq!(tokio::task::spawn_blocking(asked).await.unwrap(), 150);
        following.stop().await;
    }
}
