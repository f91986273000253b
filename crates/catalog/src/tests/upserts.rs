//! Many products at once.

use db::{db_test, testing::TestDb};
use kernel::{Barcode, Id};

use super::{content, ctx, product, run};
use crate::{ProductContent, Upsert, find_by_code, find_by_codes, upsert_products};

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
    assert_eq!(fates(db, &ctx, vec![content("F", "F", 1), content("G", "G", 1)]), ["same 4", "created 7"]);
}
