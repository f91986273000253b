//! Forms are made, changed, copied, closed and deleted.

use catalog::{ItemKind, Names};
use context::{Permission, Permissions};
use db::{db_test, testing::TestDb};
use kernel::{Kind, Lang};
use serde_json::json;

use super::{answers, applicant, ctx, item, refused, run, seeded, submit, with_permissions};
use crate::{FieldKind, Form, FormField, NewForm, actions, reads};

fn find(db: &TestDb, ctx: &context::Ctx, code: &str) -> Form {
    let code = code.to_owned();
    run(db, ctx, move |ctx, tx| reads::find_form(ctx, tx, &code)).unwrap().unwrap()
}

#[db_test]
fn delivered_forms_are_made_once_and_stay_as_the_staff_made_them(db: &TestDb) {
    let ctx = ctx(1);
    let ensure = || run(db, &ctx, actions::ensure_delivered_forms).unwrap();
    assert_eq!((ensure(), ensure()), (4, 0));
    let tour = find(db, &ctx, "campus-tour");
    assert_eq!(tour.content(), crate::delivered_forms().unwrap()[0], "what is stored is what was delivered");
    let id = tour.id;
    let renamed = run(db, &ctx, move |ctx, tx| {
        actions::change_form(ctx, tx, id, |stands| {
            Ok(NewForm { names: Names::uz("Sayohat"), ..stands.content() })
        })
    })
    .unwrap();
    assert_eq!(ensure(), 0);
    assert_eq!(find(db, &ctx, "campus-tour"), renamed);
    let codes: Vec<_> =
        run(db, &ctx, |ctx, tx| reads::forms(ctx, tx)).unwrap().into_iter().map(|form| form.code).collect();
    assert_eq!(codes, ["campus-tour", "admissions-2026", "foundation", "polito-academy"]);
}

#[db_test]
fn a_form_is_copied_closed_until_it_is_opened_and_deleted_only_unused(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let from = find(db, &ctx, "foundation");
    let id = from.id;
    let copy = |code: &str| {
        let code = code.to_owned();
        run(db, &ctx, move |ctx, tx| {
            actions::copy_form(ctx, tx, id, code.clone(), Names::uz("Tayyorlov 2027"))
        })
    };
    assert_eq!(refused(copy("foundation")), ["code: applications-code-taken"]);
    assert_eq!(refused(copy("Foundation 2027")), ["code: applications-code-malformed"]);
    let made = copy("foundation-2027").unwrap();
    assert_eq!((made.is_open, &made.fields), (false, &from.fields));
    let who = applicant(db, &ctx, 7);
    let closed = submit(db, &ctx, &who, "foundation-2027", json!({})).unwrap_err();
    assert_eq!((closed.kind(), closed.text().key()), (Kind::Conflict, "applications-form-closed"));
    let id = made.id;
    run(db, &ctx, move |ctx, tx| actions::set_form_open(ctx, tx, id, true)).unwrap();
    submit(db, &ctx, &who, "foundation-2027", json!({})).unwrap();
    let delete = |id| run(db, &ctx, move |ctx, tx| actions::delete_form(ctx, tx, id));
    assert_eq!(delete(made.id).unwrap_err().text().key(), "applications-form-in-use");
    delete(from.id).unwrap();
    assert_eq!(delete(from.id).unwrap_err().kind(), Kind::NotFound);
    run(db, &ctx, move |ctx, tx| actions::set_form_open(ctx, tx, id, false)).unwrap();
    submit(db, &ctx, &who, "foundation-2027", json!({"extra_phone": "901112233"})).unwrap();
}

#[db_test]
fn forms_are_written_by_who_edits_settings_and_read_by_who_reads_applications(db: &TestDb) {
    let all = ctx(1);
    seeded(db, &all);
    let form = find(db, &all, "foundation");
    let bot = [Permission::ApplicationsRead, Permission::ApplicationsCreate, Permission::ApplicationsEdit];
    let bot = with_permissions(&all, bot.into_iter().collect());
    let (id, content) = (form.id, form.content());
    assert_eq!(run(db, &bot, |ctx, tx| reads::forms(ctx, tx)).unwrap().len(), 4);
    let outcomes = [
        run(db, &bot, move |ctx, tx| actions::set_form_open(ctx, tx, id, false).map(drop)),
        run(db, &bot, move |ctx, tx| actions::create_form(ctx, tx, content.clone()).map(drop)),
        run(db, &bot, move |ctx, tx| actions::delete_form(ctx, tx, id)),
        run(db, &bot, move |ctx, tx| actions::ensure_delivered_forms(ctx, tx).map(drop)),
    ];
    for outcome in outcomes {
        assert_eq!(outcome.unwrap_err().kind(), Kind::Forbidden);
    }
    let nobody = with_permissions(&all, Permissions::NONE.with(Permission::SurveysRead));
    assert_eq!(run(db, &nobody, |ctx, tx| reads::forms(ctx, tx)).unwrap_err().kind(), Kind::Forbidden);
    let strange = ctx(2);
    let theirs = run(db, &strange, move |ctx, tx| reads::form(ctx, tx, id));
    assert_eq!(theirs.unwrap_err().kind(), Kind::NotFound);
}

#[db_test]
fn a_direction_can_be_kept_within_its_track(db: &TestDb) {
    let ctx = ctx(1);
    seeded(db, &ctx);
    let offered = |form: Form, given| {
        let given = answers(given);
        let read = move |ctx: &context::Ctx, tx: &mut db::Tx<'_>| {
            reads::options(ctx, tx, &form, "direction", &given, Lang::En)
        };
        run(db, &ctx, read).unwrap()
    };
    let loose = find(db, &ctx, "admissions-2026");
    assert_eq!(
        offered(loose.clone(), json!({"track": "TRACK-ITALIAN"})).len(),
        8,
        "all of them unless set otherwise"
    );
    let id = loose.id;
    let strict = run(db, &ctx, move |ctx, tx| {
        actions::change_form(ctx, tx, id, |stands| {
            let mut content = stands.content();
            let item = FieldKind::Item { item: ItemKind::Direction, within: Some("track".to_owned()) };
            content.fields[1] = FormField { kind: item, ..content.fields[1].clone() };
            Ok(content)
        })
    })
    .unwrap();
    let italian = offered(strict.clone(), json!({"track": "TRACK-ITALIAN"}));
    assert_eq!((italian.len(), italian[0].label.as_str()), (3, "Mechanical Engineering 🇮🇹"));
    assert_eq!(offered(strict.clone(), json!({"track": "TRACK-UZBEK"})).len(), 5);
    assert_eq!(offered(strict, json!({})).len(), 8);

    let who = applicant(db, &ctx, 7);
    let given =
        |track: &str, direction: &str| json!({"track": track, "direction": direction, "region": "UZ-AN"});
    let apply = |given| submit(db, &ctx, &who, "admissions-2026", given);
    let outcome = apply(given("TRACK-ITALIAN", "DIR-SOFT-UZ"));
    assert_eq!(refused(outcome), ["direction: applications-item-elsewhere"]);
    apply(given("TRACK-ITALIAN", "DIR-MECH-IT")).unwrap();
    assert_eq!(refused(apply(json!({"track": "TRACK-UZBEK"}))), ["direction: applications-item-elsewhere"]);
    apply(given("TRACK-UZBEK", "DIR-SOFT-UZ")).unwrap();
    item(db, &ctx, "DIR-SOFT-UZ");
}
