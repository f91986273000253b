//! Many products at once.

use db::{db_test, testing::TestDb};
use kernel::{Barcode, Id, PageRequest};

use super::{content, ctx, product, run};
use crate::{
    Names, Product, ProductContent, ProductFilter, Upsert, ensure_categories, find_by_code, find_by_codes,
    list, merge_products, upsert_products,
};

fn fates(db: &TestDb, ctx: &context::Ctx, contents: Vec<ProductContent>) -> Vec<String> {
    let outcome = run(db, ctx, move |ctx, tx| upsert_products(ctx, tx, contents.clone())).unwrap();
    let fate = |upsert: &Upsert| match upsert {
        Upsert::Created(product) => format!("created {}", product.number),
        Upsert::Changed(product) => format!("changed {}", product.number),
        Upsert::Same(product) => format!("same {}", product.number),
        Upsert::Refused(error) => error.field_errors()[0].text.key().to_owned(),
    };
    outcome.iter().map(fate).collect()
}

#[db_test]
fn new_codes_are_created_known_ones_changed_and_wrong_ones_refused_alone(db: &TestDb) {
    let ctx = ctx(1);
    product(db, &ctx, "A", "Eski", 1);
    product(db, &ctx, "B", "Bir xil", 1);
    let barcode = Barcode::parse("96385074").ok();
    let with_barcode = |code: &str| ProductContent { barcode: barcode.clone(), ..content(code, code, 1) };
    let strange =
        ProductContent { category: Some(Id::from_uuid(uuid::Uuid::from_u128(5))), ..content("H", "H", 1) };
    let rows = vec![
        content("a", "Yangi", 2),
        content("B", "Bir xil", 1),
        with_barcode("C"),
        content("c ", "Takror", 1),
        with_barcode("D"),
        content("E", "", 1),
        strange,
        content("F", "F", 1),
    ];
    let expected = [
        "changed 1",
        "same 2",
        "created 3",
        "catalog-code-taken",
        "catalog-barcode-taken",
        "kernel-text-missing",
        "catalog-category-unknown",
        "created 4",
    ];
    assert_eq!(fates(db, &ctx, rows), expected);
    let found = run(db, &ctx, |ctx, tx| {
        assert_eq!(find_by_code(ctx, tx, "A")?.unwrap().name.uz, "Yangi");
        find_by_codes(ctx, tx, &["a".to_owned(), " f".to_owned(), "zz".to_owned()])
    })
    .unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(fates(db, &ctx, vec![content("F", "F", 1), content("G", "G", 1)]), ["same 4", "created 5"]);
}

#[db_test]
fn what_is_written_at_once_is_written_like_one_by_one(db: &TestDb) {
    let ctx = ctx(1);
    product(db, &ctx, "K-1", "Choynak sopol", 5);
    let rows: Vec<ProductContent> = (0..700)
        .map(|n| {
            let mut row = content(&format!("K-{n}"), &format!("Choynak katta {n}"), 7);
            row.active = n % 2 == 0;
            row
        })
        .collect();
    let again = rows.clone();
    let count = |fate: &str, fates: &[String]| fates.iter().filter(|one| one.starts_with(fate)).count();
    let first = fates(db, &ctx, rows);
    assert_eq!((count("created", &first), count("changed", &first)), (699, 1));
    let second = fates(db, &ctx, again);
    assert_eq!(count("same", &second), 700);
    let found = |q: &str, active: Option<bool>| {
        let filter = ProductFilter { q: Some(q.to_owned()), active, ..ProductFilter::default() };
        run(db, &ctx, move |ctx, tx| list(ctx, tx, &filter, PageRequest::default())).unwrap().count
    };
    assert_eq!(
        (found("choynak kat", None), found("choynak", Some(false)), found("sopol", None)),
        (700, 350, 0)
    );
    let traces = run(db, &ctx, |ctx, tx| {
        let filter = context::AuditFilter { action: Some("product.change".to_owned()), ..Default::default() };
        context::list_audit_entries(ctx, tx, &filter, PageRequest::default())
    })
    .unwrap();
    assert_eq!(traces.count, 1);
    let change = (traces.results[0].before.clone().unwrap(), traces.results[0].after.clone().unwrap());
    assert_eq!(
        (change.0["name"]["uz"].clone(), change.1["active"].clone()),
        ("Choynak sopol".into(), false.into())
    );
}

#[db_test]
fn a_merge_sees_what_is_there_at_that_moment(db: &TestDb) {
    let ctx = ctx(1);
    let before = product(db, &ctx, "A", "Choy", 3);
    let brand = |before: ProductContent, row: ProductContent| ProductContent { brand: row.brand, ..before };
    let row = ProductContent { brand: Some("Ahmad".to_owned()), ..content("a", "Boshqa", 9) };
    let merged = run(db, &ctx, move |ctx, tx| merge_products(ctx, tx, vec![row.clone()], brand)).unwrap();
    let Upsert::Changed(Product { name, brand, sale_price, number, updated_at, .. }) = &merged[0] else {
        panic!("{merged:?}")
    };
    assert_eq!((name.uz.as_str(), brand.as_deref()), ("Choy", Some("Ahmad")));
    assert_eq!((*sale_price, *number, *updated_at), (before.sale_price, before.number, ctx.now()));
}

#[db_test]
fn one_path_that_is_refused_leaves_the_others_and_none_of_its_own_levels(db: &TestDb) {
    let ctx = ctx(1);
    let path = |levels: &[&str]| levels.iter().copied().map(Names::uz).collect::<Vec<_>>();
    let deep = path(&["Yangi", "2", "3", "4", "5", "6", "7", "8", "9"]);
    let paths = vec![path(&["Texnika", "Choynak"]), deep, path(&["Texnika"]), path(&["texnika", "CHOYNAK"])];
    let (made, tree) = run(db, &ctx, move |ctx, tx| {
        let made = ensure_categories(ctx, tx, &paths)?;
        let made: Vec<_> =
            made.into_iter().map(|one| one.map_err(|error| error.field_errors()[0].text.key())).collect();
        Ok((made, crate::categories(ctx, tx)?))
    })
    .unwrap();
    assert_eq!(made[1], Err("catalog-category-too-deep"));
    assert_eq!(made[0], made[3]);
    assert_ne!(made[0], made[2]);
    let names: Vec<_> = tree.nodes().iter().map(|node| node.category.name.uz.as_str()).collect();
    assert_eq!(names, ["Texnika", "Choynak"]);
}

/// Two imports of the same new codes and categories, at once: one of them waits, and finds them there.
#[db_test]
async fn two_writers_of_the_same_new_products_make_each_once(db: &TestDb) {
    let ctx = ctx(1);
    let write = |price: i64| {
        let own = ctx.clone();
        db.write(&ctx, db::Lane::Background, move |tx| {
            let path = vec![vec![Names::uz("Texnika"), Names::uz("Choynak")]];
            let category = ensure_categories(&own, tx, &path)?.pop().unwrap()?;
            let row =
                |n| ProductContent { category: Some(category), ..content(&format!("P{n}"), "Choy", price) };
            upsert_products(&own, tx, (0..300).map(row).collect()).map(|done| done.len())
        })
    };
    let outcomes = tokio::join!(write(1), write(2), write(3));
    assert_eq!((outcomes.0.unwrap(), outcomes.1.unwrap(), outcomes.2.unwrap()), (300, 300, 300));
    let (count, categories) = run(db, &ctx, |ctx, tx| {
        let count = list(ctx, tx, &ProductFilter::default(), PageRequest::default())?.count;
        Ok((count, crate::categories(ctx, tx)?.nodes().len()))
    })
    .unwrap();
    assert_eq!((count, categories), (300, 2));
}
