//! The same goods in files of every make, and cells that nobody should write.

use db::{db_test, testing::TestDb};
use kernel::{Lang, Money, Quantity};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::*;

fn product(db: &TestDb, ctx: &Ctx, code: &'static str) -> catalog::Product {
    read(db, ctx, move |ctx, tx| Ok(catalog::find_by_code(ctx, tx, code)?.unwrap()))
}

fn windows_1251(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1251.encode(text).0.into_owned()
}

#[db_test]
async fn files_of_any_make_say_the_same(db: &TestDb) {
    let price = Money::from_som(1_250_000);
    let russian = "Артикул;Наименование;Цена;Ед. изм.\r\n;;;\r\nA-1;Чойнак;1 250 000;шт\r\nA-2;Чойнак;1250000,00;шт\r\n";
    let uzbek = "\u{feff}Код\tНоми\tНарх\nA-1\tЧойнак\t1\u{a0}250\u{a0}000\n\nA-2\tЧойнак\t1.250.000,00\n";
    let latin =
        "\"Kod\",\"Nomi (o’zbekcha)\",\"Narx\"\nA-1,Чойнак,\"1,250,000.00 so'm\"\nA-2,Чойнак,1250000 soʻm\n";
    let named = russian.replace("Наименование", "Nomi");
    let files = [windows_1251(&named), uzbek.as_bytes().to_vec(), latin.as_bytes().to_vec()];
    for (workspace, file) in (1..).zip(files) {
        let ctx = ctx(workspace);
        let report = import_products(db, &ctx, &file, "narxlar").await.unwrap();
        assert_eq!((said(&report), report.created), (Vec::new(), 2), "file {workspace}");
        for code in ["A-1", "A-2"] {
            let product = product(db, &ctx, code);
            assert_eq!((product.name.uz.as_str(), product.sale_price), ("Чойнак", price), "file {workspace}");
        }
    }
}

#[db_test]
async fn a_workbook_with_formulas_and_days_says_what_people_see(db: &TestDb) {
    let ctx = ctx(1);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(["Kod", "Nomi", "Narx", "Minimal qoldiq"]) {
        sheet.write(0, column, heading).unwrap();
    }
    let day = ExcelDateTime::from_ymd(2026, 11, 20).unwrap();
    let date = Format::new().set_num_format("dd.mm.yyyy");
    sheet.write(1, 0, 2_001.0).unwrap();
    sheet.write_with_format(1, 1, &day, &date).unwrap();
    sheet.write(1, 2, Formula::new("=1000*1.12").set_result("1120")).unwrap();
    sheet.write(1, 3, 0.300_000_000_000_000_04_f64).unwrap();
    sheet.write(3, 0, "B-1").unwrap();
    sheet.write(3, 1, "Choy").unwrap();
    sheet.write_with_format(3, 2, &day, &date).unwrap();
    sheet.write(4, 0, "B-2").unwrap();
    sheet.write(4, 1, Formula::new("=A9").set_result("#REF!")).unwrap();
    sheet.write(4, 2, 5.0).unwrap();
    let whole = book.save_to_buffer().unwrap();
    let report = import_products(db, &ctx, &whole, "b.xlsx").await.unwrap();
    assert_eq!(said(&report), ["4 Narx: kernel-number-malformed", "5 Nomi: ingest-cell-is-error"]);
    assert_eq!(product_count(db, &ctx), 0);
    let sheet = book.worksheet_from_index(0).unwrap();
    sheet.write(3, 2, 1.5).unwrap();
    sheet.write(4, 1, "Non").unwrap();
    let mended = book.save_to_buffer().unwrap();
    assert_eq!(import_products(db, &ctx, &mended, "b.xlsx").await.unwrap().created, 3);
    let first = product(db, &ctx, "2001");
    assert_eq!((first.name.uz.as_str(), first.sale_price), ("2026-11-20", Money::from_som(1_120)));
    assert_eq!(first.minimum_quantity, Quantity::from_thousandths(300));
}

#[db_test]
async fn figures_and_words_that_are_too_much_are_named(db: &TestDb) {
    let ctx = ctx(1);
    let (long, code) = ("x".repeat(251), "y".repeat(65));
    let file = format!(
        "Kod,Nomi,Narx,Minimal qoldiq,Holati\nA-1,{long},1,,\n{code},Choy,1,,\nA-3,Choy,9999999999999,,\n\
         A-4,Choy,1,-1,\nA-5,Choy,1,1000000001,\nA-6,Choy,99999999999999999999,,\nA-7,Choy,1,,balki\n"
    );
    let report = import_products(db, &ctx, file.as_bytes(), "x.csv").await.unwrap();
    assert_eq!(
        said(&report),
        [
            "2 Nomi: kernel-text-too-long",
            "3 Kod: kernel-text-too-long",
            "4 Narx: catalog-price-out-of-range",
            "5 Minimal qoldiq: catalog-quantity-out-of-range",
            "6 Minimal qoldiq: catalog-quantity-out-of-range",
            "7 Narx: kernel-number-too-large",
            "8 Holati: ingest-state-of-sale-unknown",
        ]
    );
    import_products(db, &ctx, &products_file(2, |_, _| ()), "p.csv").await.unwrap();
    let file = "Kod,Miqdor,Tannarx\nP1,-2,1\nP1,9999999999999,1\nP2,1000000000,1000000000000\nP2,1,-5\n";
    let report = import_receipt(db, &ctx, file.as_bytes(), "r.csv").await.unwrap();
    assert_eq!(report.bad.iter().map(|bad| bad.row).collect::<Vec<_>>(), [2, 3, 4, 5]);
    assert_eq!(read(db, &ctx, stock::check), Vec::new());
}

#[db_test]
async fn ten_megabytes_of_goods_go_in(db: &TestDb) {
    let ctx = ctx(1);
    let words = "uzun tavsif ".repeat(330);
    let mut file = String::from("Kod,Nomi,Narx,Tavsif\n");
    for row in 0..2_700 {
        file.push_str(&format!("K-{row},Choy {row},1000,{words}\n"));
    }
    assert!(file.len() > 10 << 20, "{}", file.len());
    let report = import_products(db, &ctx, file.as_bytes(), "katta.csv").await.unwrap();
    assert_eq!((report.bad.len(), report.created), (0, 2_700));
}

#[db_test]
async fn mistakes_are_told_in_the_language_of_the_reader(db: &TestDb) {
    let shop = shop(db);
    let file = products_file(20, |row, cells| {
        if row == 4 {
            cells[3] = "qimmat".to_owned();
        }
    });
    shop.bring(ImportKind::Products, &file).await;
    shop.worker.drain().await.unwrap();
    for (lang, words) in
        [(Lang::Uz, "Bu son emas"), (Lang::Ru, "Это не число"), (Lang::En, "This is not a number")]
    {
        let site = shop.site.in_lang(lang);
        let problem = site.get("/api/imports/1").await.json()["bad_rows"][0]["problems"][0].clone();
        assert_eq!((&problem["column"], &problem["message"]), (&"Narx".into(), &words.into()));
        let page = site.page("/imports/1").await.text();
        assert!(page.contains(words) && page.contains("qimmat"), "{page}");
        assert!(site.page("/imports/1/bad-rows.csv").await.text().contains(words));
    }
}
