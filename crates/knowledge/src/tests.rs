//! What bots know, on both databases.

mod api;
mod files_read;
mod pages;

use std::sync::Arc;

use ::files::Blobs;
use context::{Actor, Ctx, CtxBuilder, Random, Services};
use db::{Db, ReadTx, Tx, db_test, testing::TestDb};
use jobs::Worker;
use kernel::{Clock, Error, FixedClock, Id, Result};
use web::{
    RowKey,
    testing::{NOW, Site},
};

use crate::{
    Content, Document, Found, Knowledge, NewDocument, create_document, delete_document, has_any, module,
    set_on, update_document, work,
};

/// The server in a workspace.
fn ctx(workspace: u128) -> Ctx {
    let id = Id::from_uuid(uuid::Uuid::from_u128(workspace));
    let random = Random::from_seed(u64::try_from(workspace).unwrap() + 40);
    CtxBuilder::server(id, Actor::server("test"), NOW, random).build()
}

fn write<T: Send + 'static>(
    db: &TestDb,
    ctx: &Ctx,
    run: impl Fn(&Ctx, &mut Tx<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let own = ctx.clone();
    db.write_now(ctx, move |tx| run(&own, tx))
}

fn read<T: Send + 'static>(
    db: &TestDb,
    ctx: &Ctx,
    run: impl Fn(&Ctx, &mut ReadTx<'_>) -> Result<T> + Send + 'static,
) -> T {
    let own = ctx.clone();
    db.read_now(ctx, move |tx| run(&own, tx)).unwrap()
}

fn pair(question: &str, answer: &str) -> NewDocument {
    let content = Content::Pair { question: question.into(), answer: answer.into(), wordings: Vec::new() };
    NewDocument { content, is_on: true }
}

fn text(title: &str, text: &str) -> NewDocument {
    NewDocument { content: Content::Text { title: title.into(), text: text.into() }, is_on: true }
}

fn create(db: &TestDb, ctx: &Ctx, new: NewDocument) -> Document {
    write(db, ctx, move |ctx, tx| create_document(ctx, tx, new.clone())).unwrap()
}

async fn find(knowledge: &Knowledge, db: &Db, ctx: &Ctx, question: &str) -> Vec<Found> {
    knowledge.find(ctx, db, question, 3).await.unwrap()
}

/// `field: key` of every mistake, or the key of the whole.
fn said(error: &Error) -> Vec<String> {
    match error.field_errors() {
        [] => vec![error.text().key().to_owned()],
        errors => errors.iter().map(|error| format!("{}: {}", error.field, error.text.key())).collect(),
    }
}

/// The application with what bots know, and the worker that runs its jobs.
struct Office {
    site: Site,
    worker: Arc<Worker>,
    clock: Arc<FixedClock>,
    folder: tempfile::TempDir,
}

fn office(db: &TestDb) -> Office {
    let folder = tempfile::tempdir().unwrap();
    let services = Services::default()
        .with(Arc::new(Knowledge::new()))
        .with(Arc::new(Blobs::open_volatile(folder.path()).unwrap()));
    let site = Site::new(db, services.clone(), vec![module(), ::files::module()]);
    let clock = Arc::new(FixedClock::at(NOW));
    let own: Arc<dyn Clock> = Arc::clone(&clock) as Arc<dyn Clock>;
    let worker = Worker::new((**db).clone(), services, own, Random::from_seed(77), work());
    Office { site, worker, clock, folder }
}

#[db_test]
async fn a_pair_is_found_by_its_question_in_both_scripts_and_says_its_answer(db: &TestDb) {
    let (ctx, knowledge) = (ctx(1), Knowledge::new());
    assert!(find(&knowledge, db, &ctx, "yetkazib berasizmi").await.is_empty());
    assert!(!read(db, &ctx, has_any));
    create(db, &ctx, pair("Yetkazib berish narxi qancha?", "Toshkentda 25 000 soʻm."));
    create(db, &ctx, pair("Ish vaqtingiz qanday?", "Har kuni 9:00–21:00."));
    assert!(read(db, &ctx, has_any));
    for question in ["yetkazib berish qancha", "етказиб бериш нархи", "dostavka narxi"] {
        let found = find(&knowledge, db, &ctx, question).await;
        let best = found.first().unwrap();
        assert_eq!(
            (best.text.as_str(), best.question.as_deref(), best.document, best.page),
            ("Toshkentda 25 000 soʻm.", Some("Yetkazib berish narxi qancha?"), 1, None),
            "{question}"
        );
        assert!(best.is_sure && best.fit > 600, "{question}: {best:?}");
    }
    assert!(find(&knowledge, db, &ctx, "futbol stadioni").await.is_empty());
    assert!(find(&knowledge, db, &ctx, "???").await.is_empty());
}

#[db_test]
async fn every_change_is_found_at_once_by_every_node(db: &TestDb) {
    let (ctx, one, other) = (ctx(1), Knowledge::new(), Knowledge::new());
    let document = create(db, &ctx, pair("Kafolat bormi?", "Bir yil."));
    let key = RowKey::Number(document.number);
    for node in [&one, &other] {
        assert_eq!(find(node, db, &ctx, "kafolat").await[0].text, "Bir yil.");
    }
    write(db, &ctx, move |ctx, tx| update_document(ctx, tx, key, pair("Kafolat bormi?", "Ikki yil.")))
        .unwrap();
    for node in [&one, &other] {
        assert_eq!(find(node, db, &ctx, "kafolat").await[0].text, "Ikki yil.");
    }
    write(db, &ctx, move |ctx, tx| set_on(ctx, tx, key, false)).unwrap();
    for node in [&one, &other] {
        assert!(find(node, db, &ctx, "kafolat").await.is_empty());
    }
    assert!(!read(db, &ctx, has_any));
    write(db, &ctx, move |ctx, tx| set_on(ctx, tx, key, true)).unwrap();
    assert_eq!(find(&other, db, &ctx, "kafolat").await.len(), 1);
    write(db, &ctx, move |ctx, tx| delete_document(ctx, tx, key)).unwrap();
    for node in [&one, &other] {
        assert!(find(node, db, &ctx, "kafolat").await.is_empty());
    }
}

#[db_test]
async fn a_change_that_is_rolled_back_changes_nothing(db: &TestDb) {
    let (ctx, knowledge) = (ctx(1), Knowledge::new());
    create(db, &ctx, pair("Kafolat bormi?", "Bir yil."));
    find(&knowledge, db, &ctx, "kafolat").await;
    let before = read(db, &ctx, crate::store::revision);
    let refused = write(db, &ctx, |ctx, tx| {
        create_document(ctx, tx, pair("Aksiya bormi?", "Ha."))?;
        Err::<(), _>(Error::busy())
    });
    assert!(refused.is_err());
    assert_eq!(read(db, &ctx, crate::store::revision), before);
    assert!(find(&knowledge, db, &ctx, "aksiya").await.is_empty());
}

#[db_test]
async fn what_another_workspace_knows_is_never_found(db: &TestDb) {
    let knowledge = Knowledge::new();
    let (own, other) = (ctx(1), ctx(2));
    let document = create(db, &own, pair("Kafolat bormi?", "Bir yil."));
    create(db, &other, pair("Manzil qayerda?", "Chilonzor."));
    assert!(find(&knowledge, db, &other, "kafolat bormi").await.is_empty());
    assert_eq!(find(&knowledge, db, &own, "kafolat bormi").await.len(), 1);
    for key in [RowKey::Id(document.id.uuid()), RowKey::Number(2)] {
        let gone = write(db, &other, move |ctx, tx| delete_document(ctx, tx, key)).unwrap_err();
        assert_eq!(gone.kind(), kernel::Kind::NotFound);
    }
}

#[db_test]
async fn a_text_is_cut_at_its_headings_and_cited_by_them(db: &TestDb) {
    let (ctx, knowledge) = (ctx(1), Knowledge::new());
    let rules =
        "# Qaytarish\nTovar oʻn kun ichida qaytariladi.\n\n# Kafolat\nTexnikaga bir yil kafolat beriladi.";
    let document = create(db, &ctx, text("Qoidalar", rules));
    assert_eq!(document.passage_count, 2);
    let found = find(&knowledge, db, &ctx, "kafolat necha yil").await;
    assert_eq!(
        (found[0].title.as_str(), found[0].heading.as_deref(), found[0].question.as_deref()),
        ("Qoidalar", Some("Kafolat"), None)
    );
}

#[db_test]
async fn at_most_five_thousand_passages_are_kept_and_nothing_of_what_is_refused(db: &TestDb) {
    let ctx = ctx(1);
    let paragraph = "Bu gap qoidalar haqida va u yetarlicha uzun boʻlib, nuqta bilan tugaydi. ".repeat(9);
    let long = format!("{paragraph}\n\n").repeat(290);
    let mut passages = 0;
    let refused = loop {
        let new = text("Qoidalar", &long);
        match write(db, &ctx, move |ctx, tx| create_document(ctx, tx, new.clone())) {
            Ok(document) => passages += document.passage_count,
            Err(error) => break error,
        }
    };
    assert_eq!(said(&refused), ["knowledge-passages-too-many"]);
    assert!(passages > 4_000 && passages <= 5_000, "{passages}");
    assert_eq!(read(db, &ctx, crate::store::count_passages), passages);
    let knowledge = Knowledge::new();
    assert!(!find(&knowledge, db, &ctx, "qoidalar haqida").await.is_empty());
}

#[db_test]
async fn only_the_indexes_asked_last_are_kept(db: &TestDb) {
    let knowledge = Knowledge::new();
    for workspace in 1..=70 {
        find(&knowledge, db, &ctx(workspace), "kafolat").await;
    }
    assert_eq!(knowledge.kept(), 64);
}
