//! Contacts on both databases.

mod api;

use context::{Actor, Ctx, CtxBuilder, Permission, Random};
use db::{Tx, db_test, testing::TestDb};
use kernel::{Id, Kind, Lang, Money, PageRequest, Phone, Result, Timestamp, Tin};

use crate::{
    Contact, ContactFilter, ContactKind, ContactOrder, Deletion, NewContact, create_contact, delete_contact,
    find_by_number, find_by_phone, get, join_contacts, list, set_contact_lang, update_contact,
    upsert_by_phone,
};

/// A table of a document that names contacts.
pub(crate) const PROBE: db::Migrations = db::Migrations::new(
    "probe",
    &[db::Migration {
        name: "V1__probe",
        sql: "CREATE TABLE probe_order (
            workspace_id {id} NOT NULL,
            contact_id {id} NOT NULL,
            FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts_contact (workspace_id, id)
        ) {strict};",
    }],
);

fn ctx(n: u64) -> Ctx {
    let workspace = Id::from_uuid(uuid::Uuid::from_u128(u128::from(n)));
    let now = Timestamp::from_millis(1_790_000_000_000);
    CtxBuilder::server(workspace, Actor::server("test"), now, Random::from_seed(n)).build()
}

fn run<T: Send + 'static>(
    db: &TestDb,
    ctx: &Ctx,
    work: impl Fn(&Ctx, &mut Tx<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let own = ctx.clone();
    db.write_now(ctx, move |tx| work(&own, tx))
}

fn phone(text: &str) -> Option<Phone> {
    Some(Phone::parse(text).unwrap())
}

fn add(db: &TestDb, ctx: &Ctx, content: NewContact) -> Result<Contact> {
    run(db, ctx, move |ctx, tx| create_contact(ctx, tx, content.clone()))
}

fn names(db: &TestDb, ctx: &Ctx, filter: ContactFilter) -> Vec<String> {
    let found = run(db, ctx, move |ctx, tx| list(ctx, tx, &filter, PageRequest::default())).unwrap();
    assert_eq!(i64::try_from(found.results.len()).unwrap(), found.count);
    found.results.into_iter().map(|contact| contact.name).collect()
}

#[db_test]
fn a_contact_is_written_changed_and_read(db: &TestDb) {
    let ctx = ctx(1);
    let mut content = NewContact::customer(" Anvar  MChJ ", phone("90 123 45 67"));
    content.kind = ContactKind::Company;
    content.tin = Some(Tin::parse("303303592").unwrap());
    content.credit_limit = Some(Money::from_som(5_000_000));
    let made = add(db, &ctx, content).unwrap();
    assert_eq!((made.number, made.name.as_str()), (1, "Anvar MChJ"));
    let (id, changed) = (made.id, NewContact { lang: Lang::Ru, is_supplier: true, ..made.content() });
    let after = run(db, &ctx, move |ctx, tx| update_contact(ctx, tx, id, changed.clone())).unwrap();
    assert_eq!((after.lang, after.is_supplier), (Lang::Ru, true));
    let (read, by_number) =
        run(db, &ctx, move |ctx, tx| Ok((get(ctx, tx, id)?, find_by_number(ctx, tx, 1)?))).unwrap();
    assert_eq!((&read, Some(&read)), (&after, by_number.as_ref()));
    assert_eq!(run(db, &ctx, move |ctx, tx| set_contact_lang(ctx, tx, id, Lang::En)).unwrap().lang, Lang::En);
}

#[db_test]
fn one_phone_is_one_contact_and_a_chat_finds_the_one_there_is(db: &TestDb) {
    let ctx = ctx(1);
    let first = add(db, &ctx, NewContact::customer("Aziza", phone("901234567"))).unwrap();
    let error = add(db, &ctx, NewContact::customer("Boshqa", phone("+998901234567"))).unwrap_err();
    assert_eq!(error.field_errors()[0].text.key(), "contacts-phone-taken");
    let mut came = NewContact::customer("Aziza Telegram", phone("998 90 123 45 67"));
    came.address = Some("Toshkent".to_owned());
    let again = came.clone();
    let found = run(db, &ctx, move |ctx, tx| upsert_by_phone(ctx, tx, again.clone())).unwrap();
    assert_eq!((found.id, found.name.as_str()), (first.id, "Aziza"));
    assert_eq!(found.address.as_deref(), Some("Toshkent"));
    let theirs = run(db, &self::ctx(2), move |ctx, tx| upsert_by_phone(ctx, tx, came.clone())).unwrap();
    assert_eq!((theirs.number, theirs.name.as_str()), (1, "Aziza Telegram"));
    let nobody = NewContact::customer("Telefonsiz", None);
    for _ in 0..2 {
        let nobody = nobody.clone();
        run(db, &ctx, move |ctx, tx| upsert_by_phone(ctx, tx, nobody.clone())).unwrap();
    }
    assert_eq!(names(db, &ctx, ContactFilter::default()).len(), 3);
}

#[db_test]
fn contacts_are_found_by_name_in_both_scripts_and_by_any_way_to_write_the_phone(db: &TestDb) {
    let ctx = ctx(1);
    add(db, &ctx, NewContact::customer("Gʻayrat Yoʻldoshev", phone("901234567"))).unwrap();
    let mut supplier = NewContact::customer("Шарқ Савдо", phone("935550011"));
    (supplier.is_customer, supplier.is_supplier) = (false, true);
    add(db, &ctx, supplier).unwrap();
    let asked = |q: &str| ContactFilter { q: Some(q.to_owned()), ..ContactFilter::default() };
    for q in ["g'ayrat", "Ғайрат", "yo’ldosh", "90 123-45-67", "+998 90 123", "1234567", "4567"] {
        assert_eq!(names(db, &ctx, asked(q)), ["Gʻayrat Yoʻldoshev"], "{q}");
    }
    assert_eq!(names(db, &ctx, asked("sharq")), ["Шарқ Савдо"]);
    assert_eq!(names(db, &ctx, asked("'; DROP TABLE x")), Vec::<String>::new());
    assert_eq!(names(db, &ctx, asked("!!!")), Vec::<String>::new());
    let suppliers = ContactFilter { is_supplier: Some(true), ..ContactFilter::default() };
    assert_eq!(names(db, &ctx, suppliers), ["Шарқ Савдо"]);
    let newest = ContactFilter { order: ContactOrder::Number, descending: true, ..ContactFilter::default() };
    assert_eq!(names(db, &ctx, newest), ["Шарқ Савдо", "Gʻayrat Yoʻldoshev"]);
    assert_eq!(names(db, &ctx, ContactFilter::default()), ["Gʻayrat Yoʻldoshev", "Шарқ Савдо"]);
}

#[db_test]
fn a_contact_that_documents_name_stays_hidden_and_its_phone_is_free(db: &TestDb) {
    let ctx = ctx(1);
    let free = add(db, &ctx, NewContact::customer("A", None)).unwrap().id;
    let named = add(db, &ctx, NewContact::customer("B", phone("901234567"))).unwrap().id;
    let outcome = run(db, &ctx, move |ctx, tx| {
        tx.execute_one(
            "INSERT INTO probe_order (workspace_id, contact_id) VALUES ($1, $2)",
            db::params![ctx.workspace(), named],
        )?;
        Ok((delete_contact(ctx, tx, free)?, delete_contact(ctx, tx, named)?))
    });
    assert_eq!(outcome.unwrap(), (Deletion::Gone, Deletion::Kept));
    assert_eq!(names(db, &ctx, ContactFilter::default()), Vec::<String>::new());
    let (kept, by_phone) = run(db, &ctx, move |ctx, tx| {
        Ok((get(ctx, tx, named)?, find_by_phone(ctx, tx, &Phone::parse("901234567")?)?))
    })
    .unwrap();
    assert!(kept.deleted_at.is_some() && by_phone.is_none());
    add(db, &ctx, NewContact::customer("C", phone("901234567"))).unwrap();
    let again = run(db, &ctx, move |ctx, tx| delete_contact(ctx, tx, named));
    assert_eq!(again.unwrap_err().kind(), Kind::NotFound);
}

#[db_test]
fn two_contacts_of_one_person_become_one_unless_documents_name_the_one_that_goes(db: &TestDb) {
    let ctx = ctx(1);
    let mut known = NewContact::customer("Aziza Karimova", phone("901234567"));
    known.note = Some("Doimiy".to_owned());
    let stays = add(db, &ctx, known).unwrap().id;
    let mut chatted = NewContact::customer("aziza_k", phone("935550011"));
    (chatted.address, chatted.is_supplier) = (Some("Chorsu".to_owned()), true);
    let gone = add(db, &ctx, chatted).unwrap().id;
    let join = |gone, stays| run(db, &ctx, move |ctx, tx| join_contacts(ctx, tx, gone, stays));
    let joined = join(gone, stays).unwrap();
    assert_eq!((joined.name.as_str(), joined.is_supplier), ("Aziza Karimova", true));
    assert_eq!(joined.address.as_deref(), Some("Chorsu"));
    assert_eq!(joined.note.as_deref(), Some("Doimiy\n+998 93 555 00 11"));
    let asked = |q: &str| ContactFilter { q: Some(q.to_owned()), ..ContactFilter::default() };
    assert_eq!(names(db, &ctx, asked("aziza")), ["Aziza Karimova"]);
    assert_eq!(join(gone, stays).unwrap_err().kind(), Kind::NotFound);
    assert_eq!(join(stays, stays).unwrap(), joined);

    let lone = add(db, &ctx, NewContact::customer("Lola", None)).unwrap().id;
    run(db, &ctx, move |ctx, tx| {
        let sql = "INSERT INTO probe_order (workspace_id, contact_id) VALUES ($1, $2)";
        tx.execute_one(sql, db::params![ctx.workspace(), stays])
    })
    .unwrap();
    let refused = join(stays, lone).unwrap_err();
    assert_eq!((refused.kind(), refused.text().key()), (Kind::Conflict, "contacts-join-in-use"));
    assert_eq!(names(db, &ctx, asked("karimova")), ["Aziza Karimova"], "what is refused changes nothing");
    assert_eq!(join(lone, stays).unwrap().name, "Aziza Karimova");
    let theirs = self::ctx(2);
    let foreign = add(db, &theirs, NewContact::customer("Boshqa", None)).unwrap().id;
    assert_eq!(join(foreign, stays).unwrap_err().kind(), Kind::NotFound);
    let clerk = ctx.with(|ctx| ctx.permissions = [Permission::SalesEdit].into_iter().collect());
    let tried = run(db, &clerk, move |ctx, tx| join_contacts(ctx, tx, lone, stays));
    assert_eq!(tried.unwrap_err().kind(), Kind::Forbidden);
}

#[db_test]
fn another_workspaces_contact_is_not_found_and_rights_are_asked_for(db: &TestDb) {
    let ours = ctx(1);
    let id = add(db, &ours, NewContact::customer("A", None)).unwrap().id;
    let theirs = run(db, &ctx(2), move |ctx, tx| get(ctx, tx, id));
    assert_eq!(theirs.unwrap_err().kind(), Kind::NotFound);
    let change =
        move |ctx: &Ctx, tx: &mut Tx<'_>| update_contact(ctx, tx, id, NewContact::customer("B", None));
    assert_eq!(run(db, &ctx(2), change).unwrap_err().kind(), Kind::NotFound);
    let reader = ours.with(|ctx| ctx.permissions = [Permission::SalesRead].into_iter().collect());
    assert_eq!(run(db, &reader, change).unwrap_err().kind(), Kind::Forbidden);
    assert_eq!(
        run(db, &reader, move |ctx, tx| delete_contact(ctx, tx, id)).unwrap_err().kind(),
        Kind::Forbidden
    );
    let wrong = add(db, &ours, NewContact::customer("a\0b", None)).unwrap_err();
    assert_eq!(wrong.field_errors()[0].text.key(), "kernel-text-has-control");
    run(db, &ours, change).unwrap();
    run(db, &ours, change).unwrap();
    let told: Vec<String> = run(db, &ours, |ctx, tx| {
        let sql = "SELECT name FROM context_event WHERE workspace_id = $1 ORDER BY seq";
        tx.query(sql, db::params![ctx.workspace()], |row| row.get(0))
    })
    .unwrap();
    assert_eq!(told, ["contact.created", "contact.changed"]);
}
