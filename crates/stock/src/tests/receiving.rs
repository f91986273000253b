//! Goods that come in.

use db::{db_test, testing::TestDb};
use kernel::{Date, Id, Kind, Money, PageRequest, Quantity, Result};

use super::{assert_sound, ctx, line, product, read, standing, stocked, told, write};
use crate::{
    MoveFilter, MoveKind, NewReceipt, NewReceiptLine, Receipt, ReceiptFilter, ReceiptStatus, create_receipt,
    delete_receipt, get_receipt, list_moves, list_receipts, post_receipt, receipt_lines, receive,
    update_receipt,
};

fn draft(db: &TestDb, ctx: &context::Ctx, lines: Vec<NewReceiptLine>) -> Result<Receipt> {
    let new = NewReceipt { lines, note: " Birinchi ".to_owned(), ..NewReceipt::default() };
    write(db, ctx, move |ctx, tx| create_receipt(ctx, tx, new.clone()))
}

#[db_test]
fn a_draft_moves_nothing_until_it_is_posted_and_then_stands(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A"), product(db, &ctx, "B"));
    let receipt = draft(db, &ctx, vec![line(&choy, 3, 100), line(&non, 2, 50)]).unwrap();
    assert_eq!((receipt.number, receipt.total, receipt.note.as_str()), (1, Money::from_som(400), "Birinchi"));
    assert_eq!(standing(db, &ctx, &choy), "0/0/0");

    let id = receipt.id;
    let changed = NewReceipt { lines: vec![line(&choy, 4, 100)], ..NewReceipt::default() };
    let receipt =
        write(db, &ctx, move |ctx, tx| update_receipt(ctx, tx, id, Some(1), changed.clone())).unwrap();
    assert_eq!((receipt.version, receipt.line_count), (2, 1));

    let posted = write(db, &ctx, move |ctx, tx| post_receipt(ctx, tx, id)).unwrap();
    assert_eq!(posted.status, ReceiptStatus::Posted);
    assert_eq!(standing(db, &ctx, &choy), "4/0/400");
    assert_eq!(read(db, &ctx, move |ctx, tx| get_receipt(ctx, tx, id)), posted);
    let lines = read(db, &ctx, move |ctx, tx| receipt_lines(ctx, tx, id));
    assert_eq!((lines.len(), lines[0].value), (1, Money::from_som(400)));

    let again = NewReceipt { lines: vec![line(&choy, 9, 1)], ..NewReceipt::default() };
    let post = write(db, &ctx, move |ctx, tx| post_receipt(ctx, tx, id).map(drop));
    let update = write(db, &ctx, move |ctx, tx| update_receipt(ctx, tx, id, None, again.clone()).map(drop));
    let delete = write(db, &ctx, move |ctx, tx| delete_receipt(ctx, tx, id));
    for refused in [post, update, delete] {
        assert_eq!(told(&refused.unwrap_err()), "Conflict stock-receipt-is-posted");
    }
    assert_eq!(standing(db, &ctx, &choy), "4/0/400");
    assert_sound(db, &ctx);
}

#[db_test]
fn a_draft_that_somebody_else_changed_is_not_overwritten_and_can_be_thrown_away(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    let id = draft(db, &ctx, vec![line(&choy, 3, 100)]).unwrap().id;
    let new = NewReceipt { lines: vec![line(&choy, 4, 100)], ..NewReceipt::default() };
    let stale = write(db, &ctx, move |ctx, tx| update_receipt(ctx, tx, id, Some(7), new.clone()));
    assert_eq!(told(&stale.unwrap_err()), "Conflict stock-receipt-changed-meanwhile");
    write(db, &ctx, move |ctx, tx| delete_receipt(ctx, tx, id)).unwrap();
    let error = write(db, &ctx, move |ctx, tx| post_receipt(ctx, tx, id)).unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
}

#[db_test]
fn the_average_follows_the_receipts_and_the_card_shows_every_step(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    stocked(db, &ctx, &choy, 1, 100);
    stocked(db, &ctx, &choy, 1, 200);
    let new = NewReceipt { lines: vec![line(&choy, 1, 3), line(&choy, 1, 4)], ..NewReceipt::default() };
    write(db, &ctx, move |ctx, tx| receive(ctx, tx, new.clone())).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "4/0/307");
    let filter =
        MoveFilter { product: Some(choy.id), kind: Some(MoveKind::Receipt), ..MoveFilter::default() };
    let moves = read(db, &ctx, move |ctx, tx| list_moves(ctx, tx, &filter, PageRequest::new(1, 3)));
    let seen: Vec<_> = moves.results.iter().map(|m| (m.ordinal, m.on_hand_after, m.value_after)).collect();
    let som = Money::from_som;
    assert_eq!(moves.count, 4);
    assert_eq!(
        seen,
        [
            (4, Quantity::from_units(4), som(307)),
            (3, Quantity::from_units(3), som(303)),
            (2, Quantity::from_units(2), som(300))
        ]
    );
    assert_sound(db, &ctx);
}

#[db_test]
fn ten_thousand_lines_come_in_at_once(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A"), product(db, &ctx, "B"));
    let lines = (0..10_000).map(|n| line(if n % 2 == 0 { &choy } else { &non }, 1, 10)).collect();
    let new = NewReceipt { lines, ..NewReceipt::default() };
    write(db, &ctx, move |ctx, tx| receive(ctx, tx, new.clone())).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "5000/0/50000");
    assert_sound(db, &ctx);
}

#[db_test]
fn wrong_receipts_are_refused_with_their_fields(db: &TestDb) {
    let (ours, theirs) = (ctx(1), ctx(2));
    let (choy, strange) = (product(db, &ours, "A"), product(db, &theirs, "A"));
    #[track_caller]
    fn check(db: &TestDb, ctx: &context::Ctx, new: NewReceipt, expected: &str) {
        let error = write(db, ctx, move |ctx, tx| create_receipt(ctx, tx, new.clone())).unwrap_err();
        assert_eq!(told(&error), expected);
    }
    let good = NewReceipt { lines: vec![line(&choy, 1, 1)], ..NewReceipt::default() };
    let lines = |lines: Vec<NewReceiptLine>| NewReceipt { lines, ..NewReceipt::default() };
    check(db, &ours, lines(vec![]), "lines: stock-lines-missing");
    check(db, &ours, lines(vec![line(&choy, -1, 1)]), "lines.0.quantity: stock-quantity-not-positive");
    check(db, &ours, lines(vec![line(&choy, 1, -1)]), "lines.0.unit_cost: stock-price-negative");
    check(
        db,
        &ours,
        lines(vec![line(&choy, 1, 1), line(&strange, 1, 1)]),
        "lines.1.product_id: stock-product-unknown",
    );
    let unknown = NewReceiptLine { product: Id::from_uuid(uuid::Uuid::from_u128(9)), ..line(&choy, 1, 1) };
    check(db, &ours, lines(vec![unknown]), "lines.0.product_id: stock-product-unknown");
    let nobody = Some(Id::from_uuid(uuid::Uuid::from_u128(9)));
    check(db, &ours, NewReceipt { supplier: nobody, ..good.clone() }, "supplier_id: stock-supplier-unknown");
    let nowhere = Some(Id::from_uuid(uuid::Uuid::from_u128(9)));
    check(
        db,
        &ours,
        NewReceipt { warehouse: nowhere, ..good.clone() },
        "warehouse_id: stock-warehouse-unknown",
    );
    let note = "a\0b".to_owned();
    check(db, &ours, NewReceipt { note, ..good.clone() }, "note: kernel-text-has-control");
    let late = Some(Date::new(2199, 1, 1).unwrap());
    check(db, &ours, NewReceipt { received_on: late, ..good.clone() }, "received_on: stock-date-in-future");
    let nobody = ours.with(|c| c.permissions = context::Permissions::NONE);
    check(db, &nobody, good.clone(), "Forbidden kernel-forbidden");

    let note = "<script>alert(1)</script>'; DROP TABLE stock_receipt; --".to_owned();
    let new = NewReceipt { note: note.clone(), ..good };
    let receipt = write(db, &ours, move |ctx, tx| create_receipt(ctx, tx, new.clone())).unwrap();
    assert_eq!(receipt.note, note);
}

#[db_test]
fn another_workspace_sees_none_of_it(db: &TestDb) {
    let (ours, theirs) = (ctx(1), ctx(2));
    let choy = product(db, &ours, "A");
    let id = draft(db, &ours, vec![line(&choy, 3, 100)]).unwrap().id;
    let error = write(db, &theirs, move |ctx, tx| post_receipt(ctx, tx, id)).unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
    let filter = ReceiptFilter { status: Some(ReceiptStatus::Draft), ..ReceiptFilter::default() };
    let count = |ctx: &context::Ctx| {
        read(db, ctx, move |ctx, tx| list_receipts(ctx, tx, &filter, PageRequest::default())).count
    };
    assert_eq!((count(&ours), count(&theirs)), (1, 0));
}

#[db_test]
async fn two_people_posting_one_draft_post_it_once(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    let id = draft(db, &ctx, vec![line(&choy, 3, 100)]).unwrap().id;
    let post = || {
        let own = ctx.clone();
        db.write(&ctx, db::Lane::People, move |tx| post_receipt(&own, tx, id))
    };
    let (one, two) = tokio::join!(post(), post());
    assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|ok| **ok).count(), 1);
    assert_eq!(standing(db, &ctx, &choy), "3/0/300");
    assert_sound(db, &ctx);
}
