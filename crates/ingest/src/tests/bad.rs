//! Files that people have and should not have.

use db::{db_test, testing::TestDb};

use super::*;

#[db_test]
async fn everything_that_is_wrong_with_a_row_is_said_at_once_and_nothing_is_written(db: &TestDb) {
    let ctx = ctx(1);
    let file = "Kod,Nomi,Narx,Eski narx,Shtrix-kod,MXIK,QQS,Turkum,Kategoriya ru,Minimal qoldiq\n\
        ,Choy,1000,,,,,,,\n\
        A-1,,ming,,123,85,15,,,\n\
        A-2,Choy,-5,,,,12%,A > B,,x\n\
        A-3,Choy,#REF!,,,,,,,\n\
        A-4,Choy,\"1,500\",,,,0.12,,,\n\
        A-5,Choy\u{1},1,,,,,,,\n\
        a 6,Choy,1,,2060000000019,,,,,\n\
        A6,Choy,1,,2060000000019,,exempt,,,\n\
        A-7,Choy,1,,,,0,1>2>3>4>5>6>7>8>9,,\n";
    let file =
        file.replace("Kategoriya ru", "category_ru").replace("A > B,", "A > B,А,").replace("А,,x", "А,x");
    let report = import_products(db, &ctx, file.as_bytes(), "bad.csv").await.unwrap();
    assert_eq!(
        said(&report),
        [
            "2 Kod: kernel-text-missing",
            "3 Narx: kernel-number-malformed",
            "3 Shtrix-kod: kernel-barcode-malformed",
            "3 MXIK: kernel-mxik-malformed",
            "3 QQS: ingest-vat-unknown",
            "3 Nomi: kernel-text-missing",
            "4 Minimal qoldiq: kernel-number-malformed",
            "4 category_ru: ingest-category-levels-differ",
            "4 Narx: catalog-price-out-of-range",
            "5 Narx: ingest-cell-is-error",
            "6 Narx: ingest-number-ambiguous",
            "7 Nomi: kernel-text-has-control",
            "9 Kod: ingest-code-twice",
            "9 Shtrix-kod: ingest-barcode-twice",
            "10 Turkum: catalog-category-too-deep",
        ]
    );
    assert_eq!((report.created, product_count(db, &ctx)), (0, 0));
    let categories = read(db, &ctx, |ctx, tx| Ok(catalog::categories(ctx, tx)?.nodes().len()));
    assert_eq!(categories, 0);
}

#[db_test]
async fn a_nul_is_refused_with_its_file_or_its_row(db: &TestDb) {
    let ctx = ctx(1);
    let error = import_products(db, &ctx, b"Kod,Nomi,Narx\nA,Choy\0,1\n", "nul.csv").await.unwrap_err();
    assert_eq!(keys(&error), ["ingest-file-is-no-table"]);
    let file = products_file(400, |row, cells| {
        if row == 399 {
            cells[1] = "Cho\0y".to_owned();
        }
    });
    let report = import_products(db, &ctx, &file, "nul.csv").await.unwrap();
    assert_eq!(said(&report), ["400 Nomi: kernel-text-has-control"]);
}

#[db_test]
async fn formulas_and_markup_are_words(db: &TestDb) {
    let ctx = ctx(1);
    let names = ["=1+1", "<script>alert(1)</script>", "'; DROP TABLE catalog_product; --", "@SUM(A1)"];
    let file = products_file(names.len(), |row, cells| cells[1] = names[row - 1].to_owned());
    let report = import_products(db, &ctx, &file, "words.csv").await.unwrap();
    assert_eq!((report.bad.len(), report.created), (0, 4));
    for (code, name) in ["P1", "P2", "P3", "P4"].into_iter().zip(names) {
        let product = read(db, &ctx, move |ctx, tx| Ok(catalog::find_by_code(ctx, tx, code)?.unwrap()));
        assert_eq!(product.name.uz, name);
    }
}

#[db_test]
async fn wrong_columns_are_named_and_leave_nothing_behind(db: &TestDb) {
    let ctx = ctx(1);
    let error = import_products(db, &ctx, b"Kod,Rangi\nA,qizil\n", "x.csv").await.unwrap_err();
    assert_eq!(keys(&error), ["ingest-column-unknown", "ingest-column-missing", "ingest-column-missing"]);
    let error = import_receipt(db, &ctx, PRODUCTS_CSV, "x.csv").await.unwrap_err();
    assert!(keys(&error).contains(&"ingest-column-missing"));
    for (bytes, key) in [
        (b"".as_slice(), "ingest-file-empty"),
        (b"Kod,Nomi,Narx\n", "ingest-file-without-rows"),
        (b"%PDF-1.7\n\0\0\x01", "ingest-file-is-no-table"),
        (b"PK\x03\x04broken", "ingest-workbook-malformed"),
    ] {
        assert_eq!(keys(&import_products(db, &ctx, bytes, "x").await.unwrap_err()), [key]);
    }
    let imports = read(db, &ctx, |ctx, tx| crate::list_imports(ctx, tx, None, None, PageRequest::default()));
    assert_eq!(imports.count, 0);
}

#[db_test]
async fn a_barcode_of_another_product_is_said_before_anything_is_written(db: &TestDb) {
    let ctx = ctx(1);
    let one = b"Kod,Nomi,Narx,Shtrix-kod\nA-1,Choy,1,2060000000019\n";
    import_products(db, &ctx, one, "one.csv").await.unwrap();
    let other = b"Kod,Nomi,Narx,Shtrix-kod\nB-0,Non,1,\nB-1,Non,1,2060000000019\n";
    let report = import_products(db, &ctx, other, "other.csv").await.unwrap();
    assert_eq!(said(&report), ["3 Shtrix-kod: catalog-barcode-taken"]);
    assert_eq!(product_count(db, &ctx), 1);
}

#[db_test]
async fn a_receipt_names_products_that_are_there(db: &TestDb) {
    let ctx = ctx(1);
    import_products(db, &ctx, &products_file(3, |_, _| ()), "p.csv").await.unwrap();
    let file = b"Kod\tMiqdor\tTannarx\np 1\t1,5\t1 000\nP9\t1\t1\nP2\t0\t1\nP3\t1\t-1\nP3\t2\t5\n";
    let report = import_receipt(db, &ctx, file, "r.csv").await.unwrap();
    assert_eq!(
        said(&report),
        [
            "3 Kod: ingest-product-unknown",
            "4 Miqdor: stock-quantity-not-positive",
            "5 Tannarx: stock-price-negative"
        ]
    );
    let receipts = read(db, &ctx, |ctx, tx| {
        stock::list_receipts(ctx, tx, &stock::ReceiptFilter::default(), PageRequest::default())
    });
    assert_eq!(receipts.count, 0);
}
