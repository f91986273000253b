//! Counts that are kept, lists too long to look through, and the migration that began to keep them.

use context::Ctx;
use db::{Db, Migrations, db_test, params, testing::TestDb};
use kernel::{Id, PageRequest, Result};

use super::{content, ctx, product, run};
use crate::{
    Category, CategoryContent, MIGRATIONS, Names, ProductContent, ProductFilter, ProductOrder,
    create_category, delete_product, list, set_product_active, update_product, upsert_products,
};

/// The kept counts and the counted ones: category, on sale, products.
type Counts = Vec<(Id<Category>, bool, i64)>;

fn both(db: &Db, ctx: &Ctx) -> (Counts, Counts) {
    let own = ctx.clone();
    db.read_now(ctx, move |tx| {
        let kept = "SELECT category_id, on_sale, products FROM catalog_count
             WHERE workspace_id = $1 AND products > 0 ORDER BY category_id, on_sale";
        let counted = "SELECT category_id, deactivated_at_ms IS NULL, COUNT(*) FROM catalog_product
             WHERE workspace_id = $1 AND deleted_at_ms IS NULL GROUP BY 1, 2 ORDER BY 1, 2";
        let read = |row: &db::Row<'_>| {
            let category: Option<Id<Category>> = row.get(0)?;
            Ok((category.unwrap_or(Id::from_uuid(uuid::Uuid::nil())), row.get(1)?, row.get(2)?))
        };
        let kept = tx.query(kept, params![own.workspace()], read)?;
        let mut counted = tx.query(counted, params![own.workspace()], read)?;
        counted.sort();
        Ok((kept, counted))
    })
    .unwrap()
}

#[db_test]
fn kept_counts_follow_every_write(db: &TestDb) {
    let ctx = ctx(1);
    let category = run(db, &ctx, |ctx, tx| {
        let content = CategoryContent { name: Names::uz("A"), parent: None, position: 0 };
        create_category(ctx, tx, content)
    })
    .unwrap()
    .id;
    let ids: Vec<_> = (0..6).map(|n| product(db, &ctx, &format!("P{n}"), "Choy", 1).id).collect();
    let (a, b, c, d) = (ids[0], ids[1], ids[2], ids[3]);
    let work = move |ctx: &Ctx, tx: &mut db::Tx<'_>| -> Result<()> {
        set_product_active(ctx, tx, a, false)?;
        let moved = ProductContent { category: Some(category), ..content("P1", "Choy", 1) };
        update_product(ctx, tx, b, moved.clone())?;
        update_product(ctx, tx, c, ProductContent { active: false, code: "P2".to_owned(), ..moved })?;
        delete_product(ctx, tx, d)?;
        let rows = ["P1", "P4", "N1", "N2"].map(|code| ProductContent {
            category: Some(category),
            active: code != "N2",
            ..content(code, "Yangi", 2)
        });
        upsert_products(ctx, tx, rows.to_vec())?;
        set_product_active(ctx, tx, a, true)?;
        set_product_active(ctx, tx, a, false)?;
        Ok(())
    };
    run(db, &ctx, work).unwrap();
    let (kept, counted) = both(db, &ctx);
    assert_eq!(kept, counted);
    assert_eq!(kept.iter().map(|(_, _, products)| products).sum::<i64>(), 7);
    let failed = run(db, &ctx, move |ctx, tx| {
        delete_product(ctx, tx, a)?;
        Err::<(), _>(kernel::Error::not_found())
    });
    assert!(failed.is_err());
    let (again, counted) = both(db, &ctx);
    assert_eq!((&again, &kept), (&counted, &again));
}

#[db_test]
fn a_broad_question_is_counted_paged_and_ordered(db: &TestDb) {
    let ctx = ctx(1);
    let rows: Vec<ProductContent> = (0..1_300)
        .map(|n| {
            // Every product is a "choy", every other one "choynak" besides, ten are off sale.
            let name = if n % 2 == 0 { format!("Choy {n}") } else { format!("Choy choynak {n}") };
            ProductContent { active: n >= 10, ..content(&format!("K{n:04}"), &name, 1_300 - n) }
        })
        .collect();
    run(db, &ctx, move |ctx, tx| upsert_products(ctx, tx, rows.clone()).map(drop)).unwrap();
    let part = |q: &str, active, order, descending, page| {
        let filter =
            ProductFilter { q: Some(q.to_owned()), active, order, descending, ..ProductFilter::default() };
        let found =
            run(db, &ctx, move |ctx, tx| list(ctx, tx, &filter, PageRequest::new(page, 500))).unwrap();
        let codes: Vec<String> = found.results.into_iter().map(|product| product.code).collect();
        (found.count, codes)
    };
    let best = ProductOrder::Best;
    let mut seen = Vec::new();
    for page in 1..=4 {
        let (count, codes) = part("choy", None, best, false, page);
        assert_eq!(count, 1_300);
        seen.extend(codes);
    }
    assert_eq!(seen.len(), 1_300);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 1_300, "each once");
    assert_eq!(part("choy", Some(true), best, false, 1).0, 1_290);
    assert_eq!(part("choy", Some(false), best, false, 1).0, 10);
    assert_eq!(part("choynak choy", None, best, false, 1).0, 650);
    let (count, codes) = part("choy", Some(true), ProductOrder::SalePrice, false, 1);
    assert_eq!((count, codes[0].as_str(), codes[499].as_str()), (1_290, "K1299", "K0800"));
    let (_, codes) = part("choy", Some(true), ProductOrder::Code, true, 3);
    assert_eq!((codes.len(), codes[0].as_str(), codes[289].as_str()), (290, "K0299", "K0010"));
}

/// A database of the first migration with two products, one off sale, brought to today's.
fn migrate(before: &[Migrations], db: TestDb) {
    let ctx = ctx(1);
    let own = ctx.clone();
    db.write_now(&ctx, move |tx| {
        for (n, off) in [(1_i64, None), (2, Some(5_i64))] {
            let id: Id<()> = own.new_id();
            tx.execute_one(
                "INSERT INTO catalog_product (workspace_id, id, number, code, code_key, name_uz, sort_uz, sort_ru,
                     sort_en, unit, purchase_price_tiyin, sale_price_tiyin, minimum_thousandths, vat, created_at_ms,
                     updated_at_ms, deactivated_at_ms)
                 VALUES ($1, $2, $3, $4, $4, 'A', 'a', 'a', 'a', 'dona', 0, 0, 0, 'standard', 0, 0, $5)",
                params![own.workspace(), id, n, n.to_string(), off],
            )?;
            tx.execute_one(
                "INSERT INTO catalog_product_word (workspace_id, word, product_id) VALUES ($1, $2, $3)",
                params![own.workspace(), uztext::fold("choy"), id],
            )?;
        }
        Ok(())
    })
    .unwrap();
    let today: Vec<Migrations> = before[..before.len() - 1].iter().copied().chain([MIGRATIONS]).collect();
    let migrated = Db::open(db.config(), &today).unwrap();
    let (kept, counted) = both(&migrated, &ctx);
    assert_eq!((kept.len(), &kept), (2, &counted));
    let own = ctx.clone();
    let found = migrated
        .read_now(&ctx, move |tx| {
            let filter =
                ProductFilter { q: Some("choy".to_owned()), active: Some(true), ..ProductFilter::default() };
            list(&own, tx, &filter, PageRequest::default())
        })
        .unwrap();
    assert_eq!((found.count, found.results[0].number), (1, 1));
}

#[test]
fn the_counts_of_a_database_with_rows_are_made_by_the_migration() {
    let before = [context::MIGRATIONS, web::MIGRATIONS, files::MIGRATIONS, MIGRATIONS.first(1)];
    migrate(&before, TestDb::sqlite(&before));
    migrate(&before, TestDb::postgres(&before));
}
