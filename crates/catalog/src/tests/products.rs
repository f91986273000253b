//! Products: written, changed, found, deleted.

use context::{AuditFilter, Permission, list_audit_entries};
use db::{db_test, testing::TestDb};
use kernel::{Barcode, Id, Kind, Lang, Money, PageRequest};

use super::{content, ctx, in_language, product, refused, run, with_permissions};
use crate::{
    Deletion, Picture, Product, ProductFilter, ProductOrder, create_product, delete_product, each_after,
    find_by_barcode, find_by_code, find_by_number, get, get_many, list, set_product_active,
    set_product_picture, update_product,
};

fn codes(db: &TestDb, ctx: &context::Ctx, filter: ProductFilter) -> Vec<String> {
    let found = run(db, ctx, move |ctx, tx| list(ctx, tx, &filter, PageRequest::default())).unwrap();
    assert_eq!(i64::try_from(found.results.len()).unwrap(), found.count);
    found.results.into_iter().map(|product| product.code).collect()
}

fn asked(q: &str) -> ProductFilter {
    ProductFilter { q: Some(q.to_owned()), ..ProductFilter::default() }
}

#[db_test]
fn a_product_is_written_read_and_numbered_from_one(db: &TestDb) {
    let ctx = ctx(1);
    let mut content = content(" TV-1 ", "Televizor", 100);
    content.name.ru = Some("Телевизор".to_owned());
    content.barcode = Some(Barcode::parse("4006381333931").unwrap());
    content.old_price = Some(Money::from_som(120));
    content.description_ru = Some("Два\r\nслова".to_owned());
    let written = run(db, &ctx, move |ctx, tx| create_product(ctx, tx, content.clone())).unwrap();
    let id = written.id;
    let read = run(db, &ctx, move |ctx, tx| get(ctx, tx, id)).unwrap();
    assert_eq!(read, written);
    assert_eq!((read.number, read.code.as_str(), read.active), (1, "TV-1", true));
    assert_eq!((read.name.get(Lang::Ru), read.name.get(Lang::En)), ("Телевизор", "Televizor"));
    assert_eq!(read.description(Lang::Uz), Some("Два\nслова"));
    assert_eq!(read.struck_price(), Some(Money::from_som(120)));
    assert_eq!(product(db, &ctx, "TV-2", "Yana", 1).number, 2);
    run(db, &ctx, move |ctx, tx| {
        assert_eq!(find_by_number(ctx, tx, 1)?.unwrap().id, id);
        assert_eq!(find_by_code(ctx, tx, "t v - 1")?.unwrap().id, id);
        assert_eq!(find_by_barcode(ctx, tx, "4006381333931")?.unwrap().id, id);
        assert_eq!(each_after(ctx, tx, Some(id), 10)?.len() + each_after(ctx, tx, None, 10)?.len(), 3);
        Ok(())
    })
    .unwrap();
}

#[db_test]
fn a_code_or_barcode_that_is_taken_is_refused_whatever_its_case_and_spaces(db: &TestDb) {
    let ctx = ctx(1);
    product(db, &ctx, "tv-1", "Televizor", 100);
    let mut twin = content(" TV -1", "Boshqa", 1);
    let again = twin.clone();
    let outcome = run(db, &ctx, move |ctx, tx| create_product(ctx, tx, again.clone()));
    assert_eq!(refused(outcome), ["code: catalog-code-taken"]);
    twin.code = "tv-2".to_owned();
    twin.barcode = Some(Barcode::parse("96385074").unwrap());
    let first = twin.clone();
    let first = run(db, &ctx, move |ctx, tx| create_product(ctx, tx, first.clone())).unwrap();
    twin.code = "tv-3".to_owned();
    let second = twin.clone();
    let outcome = run(db, &ctx, move |ctx, tx| create_product(ctx, tx, second.clone()));
    assert_eq!(refused(outcome), ["barcode: catalog-barcode-taken"]);
    // A product keeps its own codes, and another workspace may have the same ones.
    let own = first.content();
    run(db, &ctx, move |ctx, tx| update_product(ctx, tx, first.id, own.clone())).unwrap();
    run(db, &super::ctx(2), move |ctx, tx| create_product(ctx, tx, twin.clone())).unwrap();
}

#[db_test]
fn what_is_wrong_is_said_with_its_field_and_strange_text_is_only_text(db: &TestDb) {
    let ctx = ctx(1);
    let mut wrong = content("", "a\0b", -1);
    wrong.unit = "x".repeat(21);
    wrong.category = Some(Id::from_uuid(uuid::Uuid::from_u128(9)));
    let outcome = run(db, &ctx, move |ctx, tx| create_product(ctx, tx, wrong.clone()));
    assert_eq!(
        refused(outcome),
        [
            "code: kernel-text-missing",
            "name: kernel-text-has-control",
            "unit: kernel-text-too-long",
            "sale_price: catalog-price-out-of-range",
        ]
    );
    let mut unknown = content("A", "A", 1);
    unknown.category = Some(Id::from_uuid(uuid::Uuid::from_u128(9)));
    let outcome = run(db, &ctx, move |ctx, tx| create_product(ctx, tx, unknown.clone()));
    assert_eq!(refused(outcome), ["category: catalog-category-unknown"]);
    let name = "'; DROP TABLE catalog_product; -- <b onload=x>\u{202e}";
    let odd = product(db, &ctx, "'%_\\", name, 1);
    assert_eq!(odd.name.uz, name);
    assert_eq!(codes(db, &ctx, asked("drop table")), ["'%_\\"]);
    assert_eq!(codes(db, &ctx, asked("%")), Vec::<String>::new());
    assert_eq!(codes(db, &ctx, asked("' OR 1=1")), Vec::<String>::new());
}

#[db_test]
fn a_product_is_found_in_both_scripts_by_beginnings_of_words_and_by_code(db: &TestDb) {
    let ctx = ctx(1);
    let mut fridge = content("MZ-200 X", "Muzlatkich Oʻzbekiston", 300);
    fridge.brand = Some("Artel".to_owned());
    let made = fridge.clone();
    let fridge_id = run(db, &ctx, move |ctx, tx| create_product(ctx, tx, made.clone())).unwrap().id;
    product(db, &ctx, "TV-1", "Televizor Artel", 100);
    for question in ["muzlat", "музлаткич", "o'zbek ARTEL", "ўзбекистон", "mz200x", "mz-200", "artel muz"]
    {
        assert_eq!(codes(db, &ctx, asked(question)), ["MZ-200 X"], "{question}");
    }
    assert_eq!(codes(db, &ctx, asked("artel")), ["MZ-200 X", "TV-1"]);
    assert_eq!(codes(db, &ctx, asked("a")), Vec::<String>::new());
    assert_eq!(codes(db, &ctx, asked("samsung")), Vec::<String>::new());
    // The words follow the name.
    fridge.name.uz = "Sovutgich".to_owned();
    run(db, &ctx, move |ctx, tx| update_product(ctx, tx, fridge_id, fridge.clone())).unwrap();
    assert_eq!(codes(db, &ctx, asked("muzlatkich")), Vec::<String>::new());
    assert_eq!(codes(db, &ctx, asked("sovut artel")), ["MZ-200 X"]);
}

#[db_test]
fn lists_are_ordered_by_the_readers_alphabet_and_paged(db: &TestDb) {
    let ctx = ctx(1);
    for (code, uz, ru, som) in
        [("3", "choy", "Авокадо", 10), ("1", "Gʻoz", "Яблоко", 30), ("2", "anor", "Борщ", 20)]
    {
        let mut content = content(code, uz, som);
        content.name.ru = Some(ru.to_owned());
        run(db, &ctx, move |ctx, tx| create_product(ctx, tx, content.clone())).unwrap();
    }
    let by = |order, descending| ProductFilter { order, descending, ..ProductFilter::default() };
    assert_eq!(codes(db, &ctx, by(ProductOrder::Name, false)), ["2", "1", "3"]);
    let russian = in_language(&ctx, Lang::Ru);
    assert_eq!(codes(db, &russian, by(ProductOrder::Name, false)), ["3", "2", "1"]);
    assert_eq!(codes(db, &ctx, by(ProductOrder::SalePrice, true)), ["1", "2", "3"]);
    assert_eq!(codes(db, &ctx, by(ProductOrder::Code, false)), ["1", "2", "3"]);
    assert_eq!(codes(db, &ctx, by(ProductOrder::Number, false)), ["3", "1", "2"]);
    let second =
        run(db, &ctx, move |ctx, tx| list(ctx, tx, &by(ProductOrder::Code, false), PageRequest::new(2, 2)))
            .unwrap();
    assert_eq!((second.count, second.results.len(), second.has_next()), (3, 1, false));
}

#[db_test]
fn a_product_off_sale_leaves_the_lists_that_ask_for_those_on_sale(db: &TestDb) {
    let ctx = ctx(1);
    let id = product(db, &ctx, "1", "A", 1).id;
    product(db, &ctx, "2", "B", 1);
    let off = run(db, &ctx, move |ctx, tx| set_product_active(ctx, tx, id, false)).unwrap();
    assert!(!off.active);
    let which = |active| ProductFilter { active, ..ProductFilter::default() };
    assert_eq!(codes(db, &ctx, which(Some(true))), ["2"]);
    assert_eq!(codes(db, &ctx, which(Some(false))), ["1"]);
    assert_eq!(codes(db, &ctx, which(None)), ["1", "2"]);
    assert!(run(db, &ctx, move |ctx, tx| set_product_active(ctx, tx, id, true)).unwrap().active);
    assert_eq!(codes(db, &ctx, which(Some(false))), Vec::<String>::new());
}

#[db_test]
fn a_product_that_nothing_names_goes_and_one_that_is_named_stays_hidden(db: &TestDb) {
    let ctx = ctx(1);
    let (free, named) = (product(db, &ctx, "1", "A", 1), product(db, &ctx, "2", "B", 1));
    let (free_id, named_id) = (free.id, named.id);
    let outcome = run(db, &ctx, move |ctx, tx| {
        tx.execute_one(
            "INSERT INTO probe_line (workspace_id, product_id) VALUES ($1, $2)",
            db::params![ctx.workspace(), named_id],
        )?;
        Ok((delete_product(ctx, tx, free_id)?, delete_product(ctx, tx, named_id)?))
    })
    .unwrap();
    assert_eq!(outcome, (Deletion::Gone, Deletion::Kept));
    let gone = run(db, &ctx, move |ctx, tx| get(ctx, tx, free_id));
    assert_eq!(gone.unwrap_err().kind(), Kind::NotFound);
    assert!(run(db, &ctx, move |ctx, tx| get(ctx, tx, named_id)).unwrap().deleted_at.is_some());
    assert_eq!(codes(db, &ctx, ProductFilter::default()), Vec::<String>::new());
    assert_eq!(codes(db, &ctx, asked("b")), Vec::<String>::new());
    let again = run(db, &ctx, move |ctx, tx| delete_product(ctx, tx, named_id));
    assert_eq!(again.unwrap_err().kind(), Kind::NotFound);
    // The code is free again.
    product(db, &ctx, "2", "Yangi", 1);
}

#[db_test]
fn every_write_is_audited_and_told_and_a_write_of_the_same_is_none(db: &TestDb) {
    let ctx = ctx(1);
    let made = product(db, &ctx, "1", "A", 1);
    let (id, mut content) = (made.id, made.content());
    let same = content.clone();
    run(db, &ctx, move |ctx, tx| update_product(ctx, tx, id, same.clone())).unwrap();
    content.sale_price = Money::from_som(2);
    run(db, &ctx, move |ctx, tx| update_product(ctx, tx, id, content.clone())).unwrap();
    let picture = Picture { large: "aa".to_owned(), small: "bb".to_owned() };
    let wanted = picture.clone();
    let with_picture =
        move |ctx: &context::Ctx, tx: &mut db::Tx<'_>| set_product_picture(ctx, tx, id, Some(wanted.clone()));
    assert_eq!(run(db, &ctx, with_picture).unwrap().picture, Some(picture));
    run(db, &ctx, move |ctx, tx| delete_product(ctx, tx, id)).unwrap();
    let told: Vec<(String, uuid::Uuid)> = run(db, &ctx, |ctx, tx| {
        let sql = "SELECT name, subject_id FROM context_event WHERE workspace_id = $1 ORDER BY seq";
        tx.query(sql, db::params![ctx.workspace()], |row| Ok((row.get(0)?, row.get(1)?)))
    })
    .unwrap();
    let expected = ["product.created", "product.changed", "product.changed", "product.deleted"];
    assert_eq!(told, expected.map(|name| (name.to_owned(), id.uuid())));
    let entries = run(db, &ctx, move |ctx, tx| {
        let filter = AuditFilter { entity_id: Some(id.uuid()), ..AuditFilter::default() };
        list_audit_entries(ctx, tx, &filter, PageRequest::default())
    })
    .unwrap();
    let mut actions: Vec<_> = entries.results.iter().map(|entry| entry.action.as_str()).collect();
    actions.sort_unstable();
    assert_eq!(actions, ["product.change", "product.create", "product.delete", "product.set_picture"]);
    let change = entries.results.iter().find(|entry| entry.action == "product.change").unwrap();
    assert_eq!(change.before, Some(serde_json::json!({"sale_price": 1})));
    assert_eq!(change.after, Some(serde_json::json!({"sale_price": 2})));
}

#[db_test]
fn another_workspaces_product_is_not_found_and_a_reader_writes_nothing(db: &TestDb) {
    let (ours, theirs) = (ctx(1), ctx(2));
    let id = product(db, &ours, "1", "A", 1).id;
    let kind = |outcome: kernel::Result<Product>| outcome.unwrap_err().kind();
    assert_eq!(kind(run(db, &theirs, move |ctx, tx| get(ctx, tx, id))), Kind::NotFound);
    let change =
        move |ctx: &context::Ctx, tx: &mut db::Tx<'_>| update_product(ctx, tx, id, content("1", "B", 1));
    assert_eq!(kind(run(db, &theirs, change)), Kind::NotFound);
    assert_eq!(
        run(db, &theirs, move |ctx, tx| delete_product(ctx, tx, id)).unwrap_err().kind(),
        Kind::NotFound
    );
    assert_eq!(run(db, &theirs, move |ctx, tx| get_many(ctx, tx, &[id])).unwrap(), []);
    assert_eq!(codes(db, &theirs, ProductFilter::default()), Vec::<String>::new());
    let reader = with_permissions(&ours, [Permission::InventoryRead].into_iter().collect());
    assert_eq!(kind(run(db, &reader, change)), Kind::Forbidden);
    assert!(run(db, &reader, move |ctx, tx| get(ctx, tx, id)).is_ok());
}
