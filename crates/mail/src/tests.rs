//! Letters over real SMTP, on both databases: sent once, tried again, given up, sealed while they wait.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use context::{Actor, Ctx, CtxBuilder, Random, Services};
use db::{Lane, Scope, db_test, params, testing::TestDb};
use jobs::Worker;
use kernel::{Clock, FixedClock, Id, Lang, PageRequest, Text, Timestamp};
use testkit::mail::{MailServer, Wire};
use text::Texts;

use crate::{Delivery, Letter, LetterState, MailConfig, Mailer, Posted, Server, actions, work};

const START: Timestamp = Timestamp::from_millis(1_790_000_000_000);

struct Office {
    mailer: Arc<Mailer>,
    clock: Arc<FixedClock>,
    worker: Arc<Worker>,
    ctx: Ctx,
}

fn server(url: &str, authority: Option<&str>) -> Delivery {
    let parsed = Server::parse(url, "karvon.test", authority.map(str::as_bytes)).unwrap();
    Delivery::Smtp(Box::new(parsed))
}

fn office(db: &TestDb, delivery: Delivery) -> Office {
    let texts = Arc::new(Texts::new(&[text::BASE, web::TEXTS, crate::TEXTS]));
    let config = MailConfig {
        delivery,
        from: "Karvon <no-reply@shop.example>".to_owned(),
        base_url: "https://shop.example".to_owned(),
        secret: [7; 32],
    };
    let mailer = Arc::new(Mailer::new(config, texts).unwrap());
    let clock = Arc::new(FixedClock::at(START));
    let own: Arc<dyn Clock> = Arc::clone(&clock) as Arc<dyn Clock>;
    let services = Services::default().with(Arc::clone(&mailer));
    let worker = Worker::new((**db).clone(), services, own, Random::from_seed(2), work());
    let workspace = Id::from_uuid(uuid::Uuid::from_u128(7));
    // Two offices of one test make different ids.
    static SEED: AtomicU64 = AtomicU64::new(100);
    let seed = SEED.fetch_add(1, Ordering::Relaxed);
    let ctx = CtxBuilder::server(workspace, Actor::server("test"), START, Random::from_seed(seed)).build();
    Office { mailer, clock, worker, ctx }
}

impl Office {
    fn post(&self, db: &TestDb, letter: Letter) {
        let (ctx, mailer) = (self.ctx.clone(), Arc::clone(&self.mailer));
        db.write_now(&self.ctx, move |tx| mailer.post(&ctx, tx, &letter)).unwrap();
    }

    fn letters(&self, db: &TestDb) -> Vec<Posted> {
        let ctx = self.ctx.clone();
        let read = move |tx: &mut db::ReadTx| actions::letters(&ctx, tx, None, PageRequest::default());
        db.read_now(&self.ctx, read).unwrap().results
    }
}

fn letter(to: &str) -> Letter {
    Letter::new("test.letter", to, Lang::Uz, Text::new("mail-letters"))
        .line(Text::new("mail-lead"))
        .link(Text::new("mail-recipient"), "https://shop.example/confirm/SECRET-TOKEN")
        .small(Text::new("mail-empty"))
}

#[db_test]
async fn a_letter_is_sent_after_the_commit_with_right_headers_and_only_once(db: &TestDb) {
    let server_of_mail = MailServer::start().await;
    let office = office(db, server(&server_of_mail.url(""), None));
    office.post(db, letter("ali@misol.uz").reply_to(Some("boss@misol.uz".to_owned())));
    assert!(server_of_mail.letters().is_empty(), "nothing is sent in the request");
    office.worker.drain().await.unwrap();
    office.worker.drain().await.unwrap();
    let got = server_of_mail.letters();
    assert_eq!(got.len(), 1);
    let got = &got[0];
    assert_eq!(
        (got.from.as_str(), got.to.as_slice()),
        ("no-reply@shop.example", &["ali@misol.uz".to_owned()][..])
    );
    assert_eq!(got.header("Subject"), "Xatlar");
    assert_eq!(got.header("Auto-Submitted"), "auto-generated");
    assert_eq!(got.header("Reply-To"), "boss@misol.uz");
    assert_eq!(got.header("Date"), "Mon, 21 Sep 2026 14:13:20 +0000");
    let id = office.letters(db)[0].id;
    assert_eq!(got.header("Message-ID"), format!("<{id}@shop.example>"));
    assert!(got.text().contains("https://shop.example/confirm/SECRET-TOKEN"), "{}", got.text());
    assert!(got.text().contains("Hozircha xat yoʻq"));
    assert!(got.html().contains("href=\"https://shop.example/confirm/SECRET-TOKEN\""));
    assert!(got.html().contains("<html lang=\"uz\">"));
    let posted = &office.letters(db)[0];
    assert_eq!((posted.state, posted.attempts, posted.ended_at), (LetterState::Sent, 1, Some(START)));
}

#[db_test]
async fn what_a_letter_says_is_sealed_while_it_waits_and_forgotten_after(db: &TestDb) {
    let server_of_mail = MailServer::start().await;
    let office = office(db, server(&server_of_mail.url(""), None));
    office.post(db, letter("ali@misol.uz"));
    let sealed = |db: &TestDb| {
        let sql = "SELECT sealed FROM mail_letter WHERE workspace_id = $1";
        let workspace = office.ctx.workspace();
        let read = move |tx: &mut db::ReadTx| {
            tx.query_one(sql, params![workspace], |row| row.get::<Option<Vec<u8>>>(0))
        };
        db.read_now(&office.ctx, read).unwrap()
    };
    let waiting = sealed(db).unwrap();
    assert!(!waiting.windows(6).any(|bytes| bytes == b"SECRET"));
    office.worker.drain().await.unwrap();
    assert_eq!(sealed(db), None);
    assert_eq!(server_of_mail.letters().len(), 1);
}

#[db_test]
async fn a_temporary_refusal_is_tried_again_later(db: &TestDb) {
    let server_of_mail = MailServer::start().await;
    server_of_mail.refuse_next(451, "greylisted, come back");
    let office = office(db, server(&server_of_mail.url(""), None));
    office.post(db, letter("ali@misol.uz"));
    office.worker.drain().await.unwrap();
    let waiting = &office.letters(db)[0];
    assert_eq!((waiting.state, waiting.attempts), (LetterState::Queued, 1));
    assert!(waiting.error.contains("greylisted"), "{}", waiting.error);
    assert!(server_of_mail.letters().is_empty());
    office.worker.drain().await.unwrap();
    assert_eq!(server_of_mail.tried(), 1, "not before its time");
    office.clock.advance_millis(2_000);
    office.worker.drain().await.unwrap();
    assert_eq!(server_of_mail.letters().len(), 1);
    let sent = &office.letters(db)[0];
    assert_eq!((sent.state, sent.attempts, sent.error.as_str()), (LetterState::Sent, 2, ""));
}

#[db_test]
async fn a_permanent_refusal_is_given_up_at_once_and_says_why(db: &TestDb) {
    let server_of_mail = MailServer::start().await;
    server_of_mail.refuse_next(550, "no such mailbox");
    let office = office(db, server(&server_of_mail.url(""), None));
    office.post(db, letter("nobody@misol.uz"));
    office.worker.drain().await.unwrap();
    office.clock.advance_millis(3_600_000);
    office.worker.drain().await.unwrap();
    assert_eq!(server_of_mail.tried(), 1);
    let failed = &office.letters(db)[0];
    assert_eq!(failed.state, LetterState::Failed);
    assert!(failed.error.contains("no such mailbox"), "{}", failed.error);
}

#[db_test]
async fn a_letter_that_came_too_late_is_not_sent(db: &TestDb) {
    let server_of_mail = MailServer::start().await;
    server_of_mail.refuse_next(421, "busy");
    let office = office(db, server(&server_of_mail.url(""), None));
    office.post(db, letter("ali@misol.uz").until(START.plus_seconds(1)));
    office.worker.drain().await.unwrap();
    office.clock.advance_millis(2_000);
    office.worker.drain().await.unwrap();
    assert_eq!((server_of_mail.letters().len(), office.letters(db)[0].state), (0, LetterState::Failed));
}

#[db_test]
async fn letters_travel_by_starttls_and_by_tls_with_a_password(db: &TestDb) {
    for wire in [Wire::StartTls, Wire::Tls] {
        let server_of_mail = MailServer::start_with(wire, Some(("karvon", "p@ss"))).await;
        let url = server_of_mail.url("karvon:p%40ss");
        // Without its certificate nobody knows that it is the right server.
        let strangers = office(db, server(&url, None));
        strangers.post(db, letter("ali@misol.uz"));
        strangers.worker.drain().await.unwrap();
        assert!(server_of_mail.letters().is_empty());
        assert!(strangers.letters(db).iter().any(|letter| letter.state == LetterState::Queued));
        let office = office(db, server(&url, Some(server_of_mail.authority())));
        office.clock.advance_millis(3_600_000);
        office.worker.drain().await.unwrap();
        let got = server_of_mail.letters();
        assert!(got.len() == 1 && got[0].by_tls, "{wire:?}");
    }
}

#[db_test]
async fn a_wrong_password_of_ours_loses_no_letter(db: &TestDb) {
    let server_of_mail = MailServer::start_with(Wire::Tls, Some(("karvon", "right"))).await;
    let authority = Some(server_of_mail.authority());
    let wrong = office(db, server(&server_of_mail.url("karvon:wrong"), authority));
    wrong.post(db, letter("ali@misol.uz"));
    wrong.worker.drain().await.unwrap();
    assert_eq!(wrong.letters(db)[0].state, LetterState::Queued);
    let mended = office(db, server(&server_of_mail.url("karvon:right"), authority));
    mended.clock.advance_millis(2_000);
    mended.worker.drain().await.unwrap();
    assert_eq!(mended.letters(db)[0].state, LetterState::Sent);
}

#[db_test]
async fn what_people_typed_begins_no_header(db: &TestDb) {
    let server_of_mail = MailServer::start().await;
    let office = office(db, server(&server_of_mail.url(""), None));
    let said = Text::new("web-request-id").with("id", "a\r\nBcc: thief@misol.uz\r\n\r\nbody <script>");
    office.post(db, Letter::new("test.letter", "ali@misol.uz", Lang::En, said.clone()).line(said.clone()));
    office.post(db, Letter::new("test.letter", "ali@misol.uz\r\nBcc: thief@misol.uz", Lang::En, said));
    office.worker.drain().await.unwrap();
    let got = server_of_mail.letters();
    assert_eq!((got.len(), got[0].header("Bcc").as_str(), got[0].to.len()), (1, "", 1));
    assert!(!got[0].text().contains('\r') || !got[0].text().contains("\nBcc"));
    assert!(got[0].html().contains("&#60;script&#62;"), "{}", got[0].html());
    let states: Vec<LetterState> = office.letters(db).iter().map(|letter| letter.state).collect();
    assert!(states.contains(&LetterState::Failed), "an address of two lines is none: {states:?}");
}

#[db_test]
async fn without_a_mail_server_letters_are_logged_or_not_written(db: &TestDb) {
    let console = office(db, Delivery::Console);
    console.post(db, letter("ali@misol.uz"));
    console.worker.drain().await.unwrap();
    assert_eq!(console.letters(db)[0].state, LetterState::Logged);
    assert!(console.mailer.is_on() && !console.mailer.reaches_people());
    let off = office(db, Delivery::Off);
    off.post(db, letter("vali@misol.uz"));
    assert_eq!(off.letters(db).len(), 1, "nothing new");
}

#[db_test]
async fn letters_of_another_workspace_and_old_ones_are_not_seen(db: &TestDb) {
    let office = office(db, Delivery::Console);
    office.post(db, letter("ali@misol.uz"));
    let other = office.ctx.with(|ctx| ctx.workspace = Id::from_uuid(uuid::Uuid::from_u128(8)));
    let read = {
        let other = other.clone();
        move |tx: &mut db::ReadTx| actions::letters(&other, tx, None, PageRequest::default())
    };
    assert_eq!(db.read_now(&other, read).unwrap().count, 0);
    let refused = other.with(|ctx| ctx.permissions = context::Permissions::NONE);
    let read = {
        let refused = refused.clone();
        move |tx: &mut db::ReadTx| actions::letters(&refused, tx, None, PageRequest::default())
    };
    assert!(db.read_now(&refused, read).is_err());
    let old = |moment: Timestamp| {
        let forget = move |tx: &mut db::Tx| crate::store::delete_older(tx, moment);
        db.write(Scope::Server, Lane::Background, forget)
    };
    assert_eq!(old(START).await.unwrap(), 0);
    assert_eq!(old(START.plus_seconds(1)).await.unwrap(), 1);
}
