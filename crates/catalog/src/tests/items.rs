//! Catalog items: what is written, what is refused, what others read.

use context::{Ctx, Permission, Permissions};
use db::{db_test, params, testing::TestDb};
use kernel::{Id, Kind, PageRequest, Result, Timestamp};
use serde_json::json;

use super::{ctx, refused, run, with_permissions};
use crate::{
    Ensured, Item, ItemKind, Metadata, Names, NewItem, create_item, delete_item, ensure_items,
    items::{self, ItemFilter, ItemOrder},
    set_item_active, update_item,
};

fn metadata(value: serde_json::Value) -> Metadata {
    value.as_object().unwrap().clone()
}

fn new(kind: ItemKind, code: &str, name: &str) -> NewItem {
    NewItem::new(kind, code, &Names::uz(name))
}

fn add(db: &TestDb, ctx: &Ctx, new: NewItem) -> Item {
    run(db, ctx, move |ctx, tx| create_item(ctx, tx, new.clone())).unwrap()
}

fn update(db: &TestDb, ctx: &Ctx, id: Id<Item>, content: NewItem) -> Result<Item> {
    run(db, ctx, move |ctx, tx| update_item(ctx, tx, id, content.clone()))
}

/// Lets a row of another crate name the item.
pub(super) fn name_it(db: &TestDb, ctx: &Ctx, id: Id<Item>) {
    run(db, ctx, move |ctx, tx| {
        let sql = "INSERT INTO probe_choice (workspace_id, item_id) VALUES ($1, $2)";
        tx.execute_one(sql, params![ctx.workspace(), id])
    })
    .unwrap();
}

/// The audit entries of items, oldest first.
fn audited(db: &TestDb, ctx: &Ctx) -> Vec<String> {
    run(db, ctx, |ctx, tx| {
        let sql =
            "SELECT action FROM context_audit_entry WHERE workspace_id = $1 AND entity = $2 ORDER BY id";
        tx.query(sql, params![ctx.workspace(), "catalog_item"], |row| row.get(0))
    })
    .unwrap()
}

#[db_test]
fn an_item_keeps_what_is_said_of_it_and_its_code_is_one_of_a_kind(db: &TestDb) {
    let ctx = ctx(1);
    let said =
        json!({"zeta": {"b": [1, 2.50, 1e3]}, "name_uz": " Dasturiy  taʼminot ", "icon": "💻", "alfa": null});
    let made = add(
        db,
        &ctx,
        NewItem { kind: ItemKind::Program, code: "SE-01".to_owned(), metadata: metadata(said), active: true },
    );
    let id = made.id;
    let read = run(db, &ctx, move |ctx, tx| items::get(ctx, tx, id)).unwrap();
    assert_eq!(read, made);
    let kept = r#"{"zeta":{"b":[1,2.5,1000.0]},"name_uz":"Dasturiy taʼminot","icon":"💻","alfa":null}"#;
    assert_eq!(serde_json::to_string(&read.metadata).unwrap(), kept);
    let twin = new(ItemKind::Region, " se-01", "Boshqa");
    let outcome = run(db, &ctx, move |ctx, tx| create_item(ctx, tx, twin.clone()));
    assert_eq!(refused(outcome), ["code: catalog-item-code-taken"]);
    let other = add(db, &ctx, new(ItemKind::Region, "SE-02", "Boshqa"));
    let taken = update(db, &ctx, other.id, new(ItemKind::Region, "Se-01", "Boshqa"));
    assert_eq!(refused(taken), ["code: catalog-item-code-taken"]);
    let own = update(db, &ctx, id, NewItem { code: "se-01".to_owned(), ..made.content() }).unwrap();
    assert_eq!((own.code.as_str(), own.created_at), ("se-01", made.created_at));
    assert_eq!(update(db, &ctx, id, own.content()).unwrap(), own, "nothing differs, nothing is written");
    assert_eq!(audited(db, &ctx), ["catalog_item.create", "catalog_item.create", "catalog_item.change"]);
    add(db, &super::ctx(2), new(ItemKind::Region, "SE-01", "Boshqa ish joyida"));
}

#[db_test]
fn an_item_in_use_is_deactivated_and_neither_deleted_nor_made_another_kind(db: &TestDb) {
    let ctx = ctx(1);
    let used = add(db, &ctx, new(ItemKind::Region, "UZ-AN", "Andijon"));
    let free = add(db, &ctx, new(ItemKind::Region, "UZ-BU", "Buxoro"));
    name_it(db, &ctx, used.id);
    let delete = |id| run(db, &ctx, move |ctx, tx| delete_item(ctx, tx, id));
    let error = delete(used.id).unwrap_err();
    assert_eq!((error.kind(), error.text().key()), (Kind::Conflict, "catalog-item-in-use"));
    let outcome = update(db, &ctx, used.id, new(ItemKind::Track, "UZ-AN", "Andijon"));
    assert_eq!(refused(outcome), ["type: catalog-item-kind-in-use"]);
    let renamed = update(db, &ctx, used.id, new(ItemKind::Region, "UZ-AN", "Andijon viloyati")).unwrap();
    assert_eq!(renamed.names().uz, "Andijon viloyati");
    let moved = update(db, &ctx, free.id, new(ItemKind::Track, "UZ-BU", "Buxoro")).unwrap();
    assert_eq!(moved.kind, ItemKind::Track);
    let id = used.id;
    let off = run(db, &ctx, move |ctx, tx| set_item_active(ctx, tx, id, false)).unwrap();
    assert!(!off.active);
    assert!(run(db, &ctx, |ctx, tx| items::active(ctx, tx, ItemKind::Region)).unwrap().is_empty());
    let shown = run(db, &ctx, move |ctx, tx| items::get_many(ctx, tx, &[id])).unwrap();
    assert_eq!(shown.len(), 1, "what chose it shows it");
    delete(free.id).unwrap();
    assert_eq!(delete(free.id).unwrap_err().kind(), Kind::NotFound);
    assert_eq!(audited(db, &ctx).last().unwrap(), "catalog_item.delete");
}

#[db_test]
fn items_are_read_by_kind_code_and_id_in_a_stable_order(db: &TestDb) {
    let ctx = ctx(1);
    let region = |code: &str, name: &str| new(ItemKind::Region, code, name);
    let first = add(db, &ctx, region("UZ-TAS", "Toshkent shahri"));
    let mut last = region("UZ-XO", "Xorazm");
    last.metadata.insert("position".to_owned(), json!(5));
    let last = add(db, &ctx, last);
    let second = add(db, &ctx, region("UZ-AN", "Andijon viloyati"));
    let mut front = region("UZ-QR", "Qoraqalpogʻiston");
    front.metadata.insert("position".to_owned(), json!(-1));
    let front = add(db, &ctx, front);
    add(db, &ctx, new(ItemKind::Subject, "SUBJ-MATH", "Matematika"));
    let active = run(db, &ctx, |ctx, tx| items::active(ctx, tx, ItemKind::Region)).unwrap();
    assert_eq!(active.iter().map(|i| i.id).collect::<Vec<_>>(), [front.id, first.id, second.id, last.id]);
    let ids = [last.id, Id::from_uuid(uuid::Uuid::from_u128(9)), first.id];
    let many = run(db, &ctx, move |ctx, tx| items::get_many(ctx, tx, &ids)).unwrap();
    assert_eq!(many, [last.clone(), first.clone()]);
    let found = run(db, &ctx, |ctx, tx| items::find_by_code(ctx, tx, " uz-xo ")).unwrap();
    assert_eq!(found.unwrap().id, last.id);
    let id = first.id;
    let theirs = run(db, &super::ctx(2), move |ctx, tx| {
        Ok((
            items::find(ctx, tx, id)?,
            items::get_many(ctx, tx, &[id])?,
            items::find_by_code(ctx, tx, "UZ-TAS")?,
        ))
    });
    assert_eq!(theirs.unwrap(), (None, vec![], None));
}

#[db_test]
fn lists_are_filtered_searched_in_both_scripts_and_paged(db: &TestDb) {
    let ctx = ctx(1);
    let names =
        |uz: &str, ru: &str, en: &str| Names { uz: uz.into(), ru: Some(ru.into()), en: Some(en.into()) };
    let tashkent = names("Toshkent shahri", "город Ташкент", "Tashkent city");
    add(db, &ctx, NewItem::new(ItemKind::Region, "UZ-TAS", &tashkent));
    let fergana = names("Fargʻona viloyati", "Ферганская область", "Fergana Region");
    let id = add(db, &ctx, NewItem::new(ItemKind::Region, "UZ-FA", &fergana)).id;
    add(db, &ctx, new(ItemKind::Subject, "SUBJ-MATH", "Matematika"));
    run(db, &ctx, move |ctx, tx| set_item_active(ctx, tx, id, false)).unwrap();
    let codes = |filter: ItemFilter, page: PageRequest| {
        let page = run(db, &ctx, move |ctx, tx| items::list(ctx, tx, &filter, page)).unwrap();
        (page.count, page.results.into_iter().map(|item| item.code).collect::<Vec<_>>())
    };
    let all = PageRequest::default();
    let search = |q: &str| codes(ItemFilter { q: Some(q.to_owned()), ..ItemFilter::default() }, all).1;
    for q in ["toshkent", "Тошкент", "ташкент город", "tash city", "uz-tas", "UZTAS"] {
        assert_eq!(search(q), ["UZ-TAS"], "{q}");
    }
    assert_eq!(search("farg'ona"), ["UZ-FA"]);
    assert_eq!((search("yoʻq"), search("%")), (vec![], vec![]));
    let of = |kind, active| ItemFilter { kind, active, ..ItemFilter::default() };
    assert_eq!(codes(of(Some(ItemKind::Region), Some(true)), all), (1, vec!["UZ-TAS".to_owned()]));
    assert_eq!(codes(of(None, Some(false)), all), (1, vec!["UZ-FA".to_owned()]));
    let by_code = ItemFilter { code: Some("subj-math".to_owned()), ..ItemFilter::default() };
    assert_eq!(codes(by_code, all), (1, vec!["SUBJ-MATH".to_owned()]));
    let backwards = ItemFilter { order: ItemOrder::Code, descending: true, ..ItemFilter::default() };
    assert_eq!(codes(backwards, PageRequest::new(2, 2)), (3, vec!["SUBJ-MATH".to_owned()]));
    assert_eq!(codes(ItemFilter::default(), all).1, ["UZ-TAS", "UZ-FA", "SUBJ-MATH"]);
}

#[db_test]
fn ensured_items_are_made_once_and_what_others_said_of_them_stays(db: &TestDb) {
    let ctx = ctx(1);
    let wanted = vec![new(ItemKind::Track, "TRACK-A", "A yoʻl"), new(ItemKind::Track, "TRACK-B", "B yoʻl")];
    let ensure = |wanted: Vec<NewItem>| run(db, &ctx, move |ctx, tx| ensure_items(ctx, tx, &wanted));
    let ensured = |made, changed, unchanged| Ensured { made, changed, unchanged };
    assert_eq!(ensure(wanted.clone()).unwrap(), ensured(2, 0, 0));
    assert_eq!(ensure(wanted.clone()).unwrap(), ensured(0, 0, 2));
    let found = run(db, &ctx, |ctx, tx| items::find_by_code(ctx, tx, "TRACK-A")).unwrap().unwrap();
    let mut content = found.content();
    content.metadata.insert("icon".to_owned(), json!("🇮🇹"));
    content.metadata.insert("name_uz".to_owned(), json!("Boshqa"));
    update(db, &ctx, found.id, NewItem { active: false, ..content }).unwrap();
    let mut third = wanted;
    third.push(new(ItemKind::Track, "track-b", "B yoʻl"));
    third.push(new(ItemKind::Track, "TRACK-C", "C yoʻl"));
    assert_eq!(ensure(third).unwrap(), ensured(1, 2, 1), "the third spells a code otherwise");
    let id = found.id;
    let after = run(db, &ctx, move |ctx, tx| items::get(ctx, tx, id)).unwrap();
    assert!(after.active);
    assert_eq!((after.names().uz.as_str(), after.word("icon")), ("A yoʻl", Some("🇮🇹")));
    let bad = vec![new(ItemKind::Track, "TRACK-D", "D yoʻl"), new(ItemKind::Track, "TRACK-E", " ")];
    assert_eq!(refused(ensure(bad)), ["TRACK-E.metadata.name_uz: kernel-text-missing"]);
    let none = run(db, &ctx, |ctx, tx| items::find_by_code(ctx, tx, "TRACK-D")).unwrap();
    assert_eq!(none, None, "all or none");
}

#[db_test]
fn items_are_read_by_who_reads_applications_or_surveys_and_written_by_who_edits_settings(db: &TestDb) {
    let all = ctx(1);
    let item = add(db, &all, new(ItemKind::Track, "T", "Yoʻl"));
    let may = |permission| with_permissions(&all, Permissions::NONE.with(permission));
    let id = item.id;
    let read = |ctx: &Ctx| run(db, ctx, move |ctx, tx| items::get(ctx, tx, id)).map(drop);
    for permission in [Permission::ApplicationsRead, Permission::SurveysRead] {
        read(&may(permission)).unwrap();
        let listed = run(db, &may(permission), |ctx, tx| {
            items::list(ctx, tx, &ItemFilter::default(), PageRequest::default())
        });
        assert_eq!(listed.unwrap().count, 1);
    }
    let nobody = may(Permission::ApplicationsEdit);
    assert_eq!(read(&nobody).unwrap_err().kind(), Kind::Forbidden);
    let wanted = new(ItemKind::Track, "U", "Yoʻl");
    let write = |ctx: &Ctx, wanted: NewItem| {
        let (one, many, changed) = (wanted.clone(), [wanted.clone()], wanted);
        [
            run(db, ctx, move |ctx, tx| create_item(ctx, tx, one.clone()).map(drop)),
            run(db, ctx, move |ctx, tx| update_item(ctx, tx, id, changed.clone()).map(drop)),
            run(db, ctx, move |ctx, tx| set_item_active(ctx, tx, id, false).map(drop)),
            run(db, ctx, move |ctx, tx| delete_item(ctx, tx, id)),
            run(db, ctx, move |ctx, tx| ensure_items(ctx, tx, &many).map(drop)),
        ]
    };
    for outcome in write(&nobody, wanted) {
        assert_eq!(outcome.unwrap_err().kind(), Kind::Forbidden);
    }
    let editor =
        may(Permission::SettingsEdit).with(|ctx| ctx.now = Timestamp::from_millis(1_790_000_100_000));
    let off = run(db, &editor, move |ctx, tx| set_item_active(ctx, tx, id, false)).unwrap();
    assert_eq!((off.created_at, off.updated_at.as_millis()), (item.created_at, 1_790_000_100_000));
}
