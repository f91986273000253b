//! What agents and whoever asked are told by the clock and by the staff, and what did not arrive.

use kernel::Timestamp;
use tickets::{Category, Deed, NewCategory, NewUser, Opening, Service, Undelivered};

use super::*;

const MINUTE_MS: i64 = 60_000;

impl Desk<'_> {
    /// Does what is to be done at this time, by the desk and by the bot; nobody looks at what is sent.
    async fn work_at(&self, now: Timestamp) {
        for _ in 0..3 {
            let services = self.shop.site.app.services().clone();
            let clock = Arc::new(FixedClock::at(now));
            let random = Random::from_seed(SEED.fetch_add(1, Ordering::SeqCst));
            let mut work = crate::work();
            work.handlers.extend(tickets::work().handlers);
            Worker::new((**self.db).clone(), services, clock, random, work).drain().await.unwrap();
        }
    }

    /// What this person reads after the work of so many minutes later.
    async fn told_after(&mut self, person: i64, minutes: i64) -> String {
        self.news(person);
        self.work_at(NOW.plus_millis(minutes * MINUTE_MS)).await;
        self.news(person)
    }

    fn count_of(&self, person: i64, words_of: &str) -> usize {
        self.sent.iter().filter(|one| one.chat == person && words(&one.act).contains(words_of)).count()
    }

    /// The person changes their message that Telegram calls so.
    async fn edits(&mut self, person: i64, message: i64, text: &str) -> String {
        self.news(person);
        self.updates += 1;
        let bots = self.shop.site.app.services().get::<Bots>().unwrap();
        let chat = Chat {
            key: person.to_string(),
            person_name: format!("P{person}"),
            username: None,
            lang: None,
            message_id: Some(message),
            place: Place::Telegram { chat: person, tap: None },
        };
        let edited = json!({ "edited_message": { "message_id": message, "text": text } });
        let key = self.updates.to_string();
        let update = Update { channel: self.channel, key, chat: Some(chat), what: What::Other(edited) };
        receive(&self.shop.ctx, self.db, &bots, update).await.unwrap();
        self.news(person)
    }

    /// It is so many minutes later from here on.
    fn later(&mut self, minutes: i64) {
        self.shop.ctx = self.shop.ctx.with(|ctx| ctx.now = NOW.plus_millis(minutes * MINUTE_MS));
    }

    /// The first category promises an answer within half an hour.
    fn promise(&self) {
        let Category { id, name, position, is_active, .. } = self.payment.clone();
        let service = Service { answer_minutes: Some(30), ..Service::default() };
        let ctx = self.shop.ctx.clone();
        let write = move |tx: &mut db::Tx<'_>| {
            let new = NewCategory { name: name.clone(), position, is_active, service };
            actions::update_category(&ctx, tx, id, new)
        };
        self.db.write_now(&self.shop.ctx, write).unwrap();
    }

    fn duty(&self, agent: i64, is_on_duty: bool) {
        let (ctx, id) = (self.shop.ctx.clone(), self.agent(agent).id);
        let write = move |tx: &mut db::Tx<'_>| actions::set_duty(&ctx, tx, id, is_on_duty);
        self.db.write_now(&self.shop.ctx, write).unwrap();
    }

    /// A ticket of somebody else about the same.
    fn other_ticket(&self) -> Ticket {
        let (ctx, category) = (self.shop.ctx.clone(), self.payment.id);
        let open = move |tx: &mut db::Tx<'_>| {
            let full_name = "Sardor".to_owned();
            let new = NewUser { telegram_id: 9_001, username: None, full_name, phone: None, lang: None };
            let asks = actions::put_user(&ctx, tx, new)?.0;
            match actions::open_ticket(&ctx, tx, asks.contact.id, category, None)? {
                Opening::New(ticket) | Opening::AlreadyOpen(ticket) => Ok(ticket),
            }
        };
        self.db.write_now(&self.shop.ctx, open).unwrap()
    }
}

#[db_test]
async fn a_promise_that_is_over_is_told_once_to_those_on_duty(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    desk.promise();
    desk.duty(KARIM, false);
    desk.asked("My card was charged twice").await;
    let overdue = "⏰ Overdue: No. 1";
    let heard = desk.told_after(BOBUR, 40).await;
    assert!(heard.contains(overdue) && heard.contains("My card was charged twice"), "{heard}");
    for (person, times) in [(HEAD, 1), (KARIM, 0), (DILNOZA, 0)] {
        assert_eq!(desk.count_of(person, overdue), times, "{person}");
    }
    assert_eq!(desk.told_after(BOBUR, 60).await, "", "once for each promise");

    // Who has the ticket is told alone; where they are off duty, the others are.
    desk.later(120);
    desk.say(BOBUR, "/admin 1").await;
    desk.press(BOBUR, "Answer").await;
    desk.say(BOBUR, "Let me look").await;
    desk.say(AZIZA, "And now?").await;
    assert!(desk.told_after(BOBUR, 160).await.contains(overdue));
    assert_eq!(desk.count_of(HEAD, overdue), 1, "not once more");
    desk.later(240);
    desk.say(BOBUR, "Soon").await;
    desk.duty(BOBUR, false);
    desk.say(AZIZA, "Hello?").await;
    assert!(desk.told_after(HEAD, 280).await.contains(overdue));
    assert_eq!(desk.count_of(BOBUR, overdue), 2, "off duty");
}

#[db_test]
async fn a_ticket_that_slept_comes_back_by_its_time_and_says_so(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    desk.asked("Later, please").await;
    desk.say(BOBUR, "/admin 1").await;
    desk.press(BOBUR, "Take it").await;
    desk.press(BOBUR, "Snooze").await;
    let asleep = desk.press(BOBUR, "1 hour").await;
    assert!(asleep.contains("💤") && desk.standing(1).0.snoozed_until.is_some(), "{asleep}");
    assert_eq!(desk.told_after(BOBUR, 50).await, "", "not before its time");
    let heard = desk.told_after(BOBUR, 62).await;
    assert!(heard.contains("⏰ Back from sleep: No. 1"), "{heard}");
    assert_eq!(desk.told_after(BOBUR, 70).await, "", "once");
    assert_eq!(desk.count_of(HEAD, "Back from sleep"), 0, "whoever has it is told alone");
    let (ticket, _) = desk.standing(1);
    assert_eq!(ticket.snoozed_until, None);
    let ctx = desk.shop.ctx.clone();
    let acts = db.read_now(&desk.shop.ctx, move |tx| reads::acts(&ctx, tx, ticket.id, 0, i64::MAX)).unwrap();
    assert_eq!(acts.last().unwrap().deed, Deed::Returned);
    // It can be put to sleep again, and be woken.
    desk.say(BOBUR, "/admin 1").await;
    desk.press(BOBUR, "Snooze").await;
    desk.press(BOBUR, "1 day").await;
    desk.press(BOBUR, "Wake").await;
    assert_eq!(desk.standing(1).0.snoozed_until, None);
}

#[db_test]
async fn whoever_asked_is_told_once_that_their_ticket_is_open_again(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    desk.asked("Hello?").await;
    let id = desk.standing(1).0.id;
    let ctx = desk.shop.ctx.clone();
    db.write_now(&desk.shop.ctx, move |tx| actions::close(&ctx, tx, id)).unwrap();
    assert!(desk.told(AZIZA).await.contains("No. 1 is closed"));
    let ctx = desk.shop.ctx.clone();
    db.write_now(&desk.shop.ctx, move |tx| actions::reopen(&ctx, tx, id)).unwrap();
    let told = desk.told(AZIZA).await;
    assert_eq!(told.matches("We opened your ticket No. 1 again").count(), 1, "{told}");
    assert_eq!(desk.told(AZIZA).await, "");
    desk.say(AZIZA, "Thank you").await;
    assert_eq!(desk.standing(1).1.len(), 2, "what is written goes there");
}

#[db_test]
async fn a_ticket_is_merged_in_the_chat_and_whoever_asked_is_told_the_number(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    desk.asked("Hello?").await;
    let other = desk.other_ticket();
    assert_eq!(other.number, 2);
    desk.told(AZIZA).await;
    desk.say(BOBUR, "/admin 1").await;
    for (number, refused) in
        [("1", "No. 1: there is no such open ticket"), ("77", "No. 77: there is no such")]
    {
        desk.press(BOBUR, "Merge").await;
        desk.say(BOBUR, number).await;
        let told = desk.press(BOBUR, "Yes").await;
        assert!(told.contains(refused), "{told}");
    }
    desk.press(BOBUR, "Merge").await;
    desk.say(BOBUR, "2").await;
    let merged = desk.press(BOBUR, "Yes").await;
    assert!(merged.contains("Merged") && merged.contains("No. 2") && merged.contains("Hello?"), "{merged}");
    let told = desk.told(AZIZA).await;
    assert_eq!(told.matches("No. 1 became part of ticket No. 2").count(), 1, "{told}");
    assert!(!told.contains("is closed"), "{told}");
    assert_eq!(desk.told(AZIZA).await, "");
    assert_eq!(desk.standing(2).1.len(), 1);
    // One that became part of another before.
    desk.say(BOBUR, "/admin 1").await;
    desk.press(BOBUR, "Merge").await;
    desk.say(BOBUR, "2").await;
    assert!(desk.press(BOBUR, "Yes").await.contains("became part of another before"));
}

#[db_test]
async fn an_answer_that_does_not_arrive_says_so_in_its_ticket(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    desk.asked("Hello?").await;
    desk.say(BOBUR, "/admin 1").await;
    desk.press(BOBUR, "Answer").await;
    desk.say(BOBUR, "It waits for its sender").await;
    desk.told(BOBUR).await;
    let waiting = desk.standing(1).1[1].id;
    // The platform refuses it: the sender asks which answer that was.
    let aziza = desk.standing(1).0.chat_ref.unwrap().parse::<uuid::Uuid>().unwrap();
    let ctx = desk.shop.ctx.clone();
    let found = db
        .write_now(&desk.shop.ctx, move |tx| {
            let found = store::message::waiting_answers(&ctx, tx, Id::from_uuid(aziza))?;
            let sql = "SELECT seq FROM bots_message WHERE workspace_id = $1 AND update_key = $2";
            let key = crate::ticketing::answer_key(found[0]);
            let seq = tx.query_one(sql, params![ctx.workspace(), key], |row| row.get(0))?;
            assert_eq!(store::message::answer_at(&ctx, tx, seq)?, Some(found[0]));
            crate::ticketing::lost(&ctx, tx, found[0], "Refused(\"PHOTO_INVALID\")")?;
            Ok(found)
        })
        .unwrap();
    assert_eq!(found, [waiting]);
    assert_eq!(desk.standing(1).1[1].undelivered, Some(Undelivered::Refused));
    // They block the bot.
    let bots = desk.shop.site.app.services().get::<Bots>().unwrap();
    let chat = Chat {
        key: AZIZA.to_string(),
        person_name: "Aziza".to_owned(),
        username: None,
        lang: None,
        message_id: None,
        place: Place::Telegram { chat: AZIZA, tap: None },
    };
    let update = Update {
        channel: desk.channel,
        key: "blocked".to_owned(),
        chat: Some(chat),
        what: What::Blocked(true),
    };
    receive(&desk.shop.ctx, db, &bots, update).await.unwrap();
    desk.say(BOBUR, "Nobody reads this").await;
    desk.told(BOBUR).await;
    let said = desk.standing(1).1;
    assert_eq!(said[2].undelivered, Some(Undelivered::Blocked));
    assert_eq!(said[0].undelivered, None, "what they said themselves");
}

#[db_test]
async fn an_agent_s_change_of_an_answer_reaches_the_copy_in_the_person_s_chat(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    desk.asked("Hello?").await;
    desk.say(BOBUR, "/admin 1").await;
    desk.press(BOBUR, "Answer").await;
    desk.say(BOBUR, "Tomorow").await;
    let platform_id = desk.updates;
    let photo = Media { kind: MediaKind::Photo, file: "telegram:AgAC".to_owned(), caption: "So".to_owned() };
    desk.gives(BOBUR, Input::Media(photo)).await;
    let photo_id = desk.updates;
    desk.told(AZIZA).await;
    assert!(desk.edits(BOBUR, platform_id, "Tomorrow").await.contains("on its way still"));
    assert_eq!(desk.standing(1).1[1].said.text, "Tomorow", "not one without the other");
    // Telegram took it and calls it 900.
    let (workspace, key) = (desk.shop.ctx.workspace(), desk.standing(1).1[1].id);
    let sent = move |tx: &mut db::Tx<'_>| {
        tx.execute_one(
            "UPDATE bots_message SET state = 'sent', platform_message_id = 900 WHERE workspace_id = $1 AND update_key = $2",
            params![workspace, crate::ticketing::answer_key(key)],
        )
    };
    db.write_now(&desk.shop.ctx, sent).unwrap();
    assert!(desk.edits(BOBUR, platform_id, "Tomorrow").await.contains("changed for them, too"));
    let changed = desk.sent.iter().filter(|one| one.chat == AZIZA);
    let changed: Vec<_> =
        changed.filter(|one| matches!(one.act, Act::EditText { message: 900, .. })).collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert_eq!(words(&changed[0].act), "Tomorrow");
    assert_eq!(desk.standing(1).1[1].said.text, "Tomorrow");
    assert_eq!(desk.edits(BOBUR, platform_id, "Tomorrow").await, "", "the same words");
    assert!(desk.edits(BOBUR, photo_id, "Look").await.contains("only words can be changed"));
    // Two days later it stays.
    let workspace = desk.shop.ctx.workspace();
    let old = move |tx: &mut db::Tx<'_>| {
        let then = NOW.plus_millis(-49 * 60 * MINUTE_MS);
        tx.execute(
            "UPDATE bots_message SET created_at_ms = $2 WHERE workspace_id = $1 AND platform_message_id = 900",
            params![workspace, then],
        )
    };
    db.write_now(&desk.shop.ctx, old).unwrap();
    assert!(desk.edits(BOBUR, platform_id, "Next week").await.contains("older than two days"));
    // Nobody else's words change it, and who is put away changes nothing.
    desk.rewrite(BOBUR, |agent| agent.is_active = false);
    assert_eq!(desk.edits(BOBUR, platform_id, "Never").await, "");
    assert_eq!(desk.standing(1).1[1].said.text, "Tomorrow");
}

#[db_test]
async fn when_whoever_has_a_ticket_works_no_more_the_others_are_told(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    desk.employ(BOBUR);
    desk.asked("First").await;
    desk.told(KARIM).await;
    desk.press(BOBUR, "Open No. 1").await;
    desk.press(BOBUR, "Take it").await;
    desk.press(KARIM, "Open No. 1").await;
    desk.say(AZIZA, "Second").await;
    assert!(desk.told(BOBUR).await.contains("Second"));
    assert_eq!((desk.bells(BOBUR), desk.bells(KARIM)), (2, 1));
    desk.dismiss();
    assert!(desk.standing(1).0.agent.is_some(), "still Bobur's by name");
    desk.say(AZIZA, "Third").await;
    let heard = desk.told(KARIM).await;
    assert!(heard.contains("🔔 New message") && heard.contains("Third"), "{heard}");
    assert_eq!((desk.bells(BOBUR), desk.bells(KARIM)), (2, 2));
}
