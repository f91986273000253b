//! Agents of the support desk in their chats: what they see, what becomes of their answers, and what they are told.

mod inviting;
mod managing;
mod reminding;

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::http::StatusCode;
use catalog::Names;
use channels::telegram::{Act, Outgoing, Profile, Tap, Token};
use context::Random;
use db::{db_test, params, testing::TestDb};
use flow::{InlineAct, Input, Keyboard, Media, MediaKind};
use jobs::Worker;
use kernel::{FixedClock, Id, PageRequest, PersonId};
use serde_json::json;
use tickets::{
    Agent, Category, Message, MessageFilter, MessageKind, NewAgent, NewCategory, Ticket, actions, reads,
};
use web::testing::NOW;

use super::{Shop, simulator::Chat as Simulated};
use crate::{Bots, Channel, Chat, Intake, Place, Update, What, actions::connect_telegram, receive, store};

/// Telegram's ids of the people of these tests.
const BOBUR: i64 = 501;
const DILNOZA: i64 = 502;
const HEAD: i64 = 503;
const KARIM: i64 = 504;
const AZIZA: i64 = 7_001;

/// No two workers make the same ids.
static SEED: AtomicU64 = AtomicU64::new(1_001);

/// A desk with a bot in Telegram, and everything that was sent there.
struct Desk<'d> {
    db: &'d TestDb,
    shop: Shop,
    channel: Id<Channel>,
    payment: Category,
    delivery: Category,
    updates: i64,
    seen_seq: i64,
    sent: Vec<Outgoing>,
}

impl<'d> Desk<'d> {
    /// With two categories; Bobur and Karim answer in the first, Dilnoza in the second, the head agent in both. All of them and
    /// a customer have opened the bot.
    async fn open(db: &'d TestDb) -> Self {
        let shop = Shop::reaching(db, "http://127.0.0.1:9");
        let draft = json!({ "source": flow::examples::SUPPORT, "revision": 0 });
        let saved = shop.site.put("/api/bots/1/draft", draft).await;
        assert_eq!(saved.json()["problems"], json!([]), "{}", saved.text());
        assert_eq!(shop.site.post("/api/bots/1/publish", json!({})).await.status, StatusCode::CREATED);
        let bots = shop.site.app.services().get::<Bots>().unwrap();
        let (ctx, holder) = (shop.ctx.clone(), Arc::clone(&bots));
        let channel = db.write_now(&shop.ctx, move |tx| {
            let bot = store::bot::find_by_number(&ctx, tx, 1)?.unwrap();
            let profile = Profile { id: 42, first_name: "Bot".to_owned(), username: "desk_bot".to_owned() };
            let token = Token::parse("42:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")?;
            connect_telegram(&ctx, tx, &holder, bot.id, &token, &profile, Intake::Polling)
        });
        let ctx = shop.ctx.clone();
        let (payment, delivery) = db
            .write_now(&shop.ctx, move |tx| {
                let mut made = Vec::new();
                for (uz, en) in [("Toʻlov", "Payment"), ("Yetkazish", "Delivery")] {
                    let name = Names { uz: uz.to_owned(), ru: None, en: Some(en.to_owned()) };
                    made.push(actions::create_category(&ctx, tx, NewCategory::named(name))?);
                }
                let (delivery, payment) = (made.pop().unwrap(), made.pop().unwrap());
                for (name, telegram_id, categories) in [
                    ("Bobur", BOBUR, vec![payment.id]),
                    ("Dilnoza", DILNOZA, vec![delivery.id]),
                    ("Head", HEAD, vec![]),
                    ("Karim", KARIM, vec![payment.id]),
                ] {
                    let new = NewAgent {
                        member: None,
                        telegram_id: Some(telegram_id),
                        full_name: name.to_owned(),
                        is_head: telegram_id == HEAD,
                        is_active: true,
                        categories,
                    };
                    actions::create_agent(&ctx, tx, new)?;
                }
                Ok((payment, delivery))
            })
            .unwrap();
        let channel = channel.unwrap().id;
        let sent = Vec::new();
        let mut desk = Self { db, shop, channel, payment, delivery, updates: 0, seen_seq: 0, sent };
        for person in [BOBUR, DILNOZA, HEAD, KARIM, AZIZA] {
            desk.say(person, "/start").await;
            desk.press(person, "English").await;
        }
        desk
    }

    /// The update comes twice; what is sent after it.
    async fn gives(&mut self, person: i64, input: Input) -> String {
        self.updates += 1;
        let is_tap = matches!(input, Input::Button(_));
        let tap = Tap { query_id: "q".to_owned(), message_id: Some(1), has_picture: false };
        let chat = Chat {
            key: person.to_string(),
            person_name: if person == AZIZA { "Aziza".to_owned() } else { format!("P{person}") },
            username: None,
            lang: None,
            message_id: Some(self.updates),
            place: Place::Telegram { chat: person, tap: is_tap.then_some(tap) },
        };
        let bots = self.shop.site.app.services().get::<Bots>().unwrap();
        for _ in 0..2 {
            let update = Update {
                channel: self.channel,
                key: self.updates.to_string(),
                chat: Some(chat.clone()),
                what: What::Input(input.clone()),
            };
            receive(&self.shop.ctx, self.db, &bots, update).await.unwrap();
        }
        self.news(person)
    }

    async fn say(&mut self, person: i64, words: &str) -> String {
        self.gives(person, Input::Text(words.to_owned())).await
    }

    /// Presses the newest button with these words.
    async fn press(&mut self, person: i64, label: &str) -> String {
        let buttons =
            self.sent.iter().rev().filter(|one| one.chat == person).flat_map(|one| {
                match keyboard(&one.act) {
                    Some(Keyboard::Inline(rows)) => rows.concat(),
                    _ => Vec::new(),
                }
            });
        let found = buttons.into_iter().find(|button| button.label.contains(label));
        match found.unwrap_or_else(|| panic!("no button {label}: {:#?}", self.sent.last())).act {
            InlineAct::Key(key) => self.gives(person, Input::Button(key)).await,
            other => panic!("{other:?}"),
        }
    }

    /// What was sent to this person since somebody looked.
    fn news(&mut self, person: i64) -> String {
        let (workspace, channel, from) = (self.shop.ctx.workspace(), self.channel, self.seen_seq);
        let (new, last, _) = self
            .db
            .read_now(&self.shop.ctx, move |tx| {
                store::message::queued(tx, workspace, channel, from, 1_000, &HashSet::new())
            })
            .unwrap();
        self.seen_seq = last.unwrap_or(from);
        let own: Vec<String> = new
            .iter()
            .filter(|one| one.outgoing.chat == person)
            .map(|one| words(&one.outgoing.act))
            .collect();
        self.sent.extend(new.into_iter().map(|one| one.outgoing));
        own.join("\n")
    }

    /// Has told what is to be told; what this person reads of it.
    async fn told(&mut self, person: i64) -> String {
        self.news(person);
        for _ in 0..2 {
            let services = self.shop.site.app.services().clone();
            let clock = Arc::new(FixedClock::at(NOW));
            let random = Random::from_seed(SEED.fetch_add(1, Ordering::SeqCst));
            Worker::new((**self.db).clone(), services, clock, random, crate::work()).drain().await.unwrap();
        }
        self.news(person)
    }

    /// The agent is a member of the workspace from now on, too.
    fn employ(&self, telegram_id: i64) {
        let (ctx, person, role) =
            (self.shop.ctx.clone(), uuid::Uuid::from_u128(900), uuid::Uuid::from_u128(901));
        let employ = move |tx: &mut db::Tx<'_>| {
            tx.execute_one(
                "INSERT INTO auth_person (id, name, username, search_key, sort_key, lang, theme, password_hash,
                     password_set_at_ms, created_at_ms)
                 VALUES ($1, 'Karim', 'karim', 'karim', 'karim', 'en', 'light', '', 0, 0)",
                params![person],
            )?;
            tx.execute_one(
                "INSERT INTO auth_role (workspace_id, id, kind, name, name_key, permissions, created_at_ms)
                 VALUES ($1, $2, 'manager', '', 'manager', $3, 0)",
                params![ctx.workspace(), role, json!([])],
            )?;
            tx.execute_one(
                "INSERT INTO auth_membership (workspace_id, person_id, role_id, state, created_at_ms)
                 VALUES ($1, $2, $3, 'active', 0)",
                params![ctx.workspace(), person, role],
            )
        };
        self.db.write_now(&self.shop.ctx, employ).unwrap();
        self.rewrite(telegram_id, |agent| agent.member = Some(PersonId::from_uuid(person)));
    }

    /// Whoever was employed is let in no more; at the desk nobody has looked after it yet.
    fn dismiss(&self) {
        let ctx = self.shop.ctx.clone();
        let dismiss = move |tx: &mut db::Tx<'_>| {
            let sql = "UPDATE auth_membership SET state = 'inactive' WHERE workspace_id = $1";
            tx.execute_one(sql, params![ctx.workspace()])
        };
        self.db.write_now(&self.shop.ctx, dismiss).unwrap();
    }

    /// How often this person was told of something at the desk, as far as somebody looked.
    fn bells(&self, person: i64) -> usize {
        self.sent.iter().filter(|one| one.chat == person && words(&one.act).starts_with('🔔')).count()
    }

    /// Aziza asks about the payment.
    async fn asked(&mut self, words: &str) {
        self.press(AZIZA, "Payment").await;
        self.say(AZIZA, words).await;
    }

    fn standing(&self, number: i64) -> (Ticket, Vec<Message>) {
        let ctx = self.shop.ctx.clone();
        self.db
            .read_now(&self.shop.ctx, move |tx| {
                let ticket = reads::get_by_number(&ctx, tx, number)?;
                let filter = MessageFilter { ticket: Some(ticket.id), ..MessageFilter::default() };
                Ok((ticket, reads::messages(&ctx, tx, &filter, PageRequest::default())?.results))
            })
            .unwrap()
    }

    fn agent(&self, telegram_id: i64) -> Agent {
        let ctx = self.shop.ctx.clone();
        let find = move |tx: &mut db::ReadTx<'_>| reads::agent_of_telegram(&ctx, tx, telegram_id);
        self.db.read_now(&self.shop.ctx, find).unwrap().unwrap()
    }

    /// Something of an agent is written anew.
    fn rewrite(&self, telegram_id: i64, change: impl Fn(&mut NewAgent)) {
        let Agent { id, member, telegram_id, full_name, is_head, is_active, categories, .. } =
            self.agent(telegram_id);
        let mut new = NewAgent { member, telegram_id, full_name, is_head, is_active, categories };
        change(&mut new);
        let ctx = self.shop.ctx.clone();
        let write = move |tx: &mut db::Tx<'_>| actions::update_agent(&ctx, tx, id, new.clone());
        self.db.write_now(&self.shop.ctx, write).unwrap();
    }
}

fn keyboard(act: &Act) -> Option<&Keyboard> {
    match act {
        Act::Text { keyboard, .. } | Act::EditText { keyboard, .. } => Some(keyboard),
        _ => None,
    }
}

/// What is read of a call.
fn words(act: &Act) -> String {
    match act {
        Act::Text { text, .. } | Act::EditText { text, .. } => text.text.clone(),
        Act::Answer { text, .. } => text.clone(),
        Act::Copy { from, message } => format!("copy of {from}/{message}"),
        other => format!("{other:?}"),
    }
}

#[db_test]
async fn an_agent_answers_in_their_chat_and_the_person_reads_each_answer_once(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    desk.asked("My card was charged twice").await;
    let front = desk.say(BOBUR, "/admin").await;
    assert!(front.contains("Bobur") && front.contains("Unassigned: 1"), "{front}");
    let list = desk.press(BOBUR, "Unassigned").await;
    assert!(list.contains("No. 1") && list.contains("Aziza") && list.contains("🔴"), "{list}");
    let ticket = desk.press(BOBUR, "№ 1 ").await;
    assert!(ticket.contains("My card was charged twice") && ticket.contains("Nobody has it yet"), "{ticket}");
    desk.press(BOBUR, "Answer").await;
    assert_eq!(desk.say(BOBUR, "Let me look").await, "✅ Sent.");
    let photo = Media { kind: MediaKind::Photo, file: "telegram:AgAC".to_owned(), caption: "So".to_owned() };
    assert_eq!(desk.gives(BOBUR, Input::Media(photo)).await, "✅ Sent.");
    let place = flow::Location { latitude_e6: 41_311_081, longitude_e6: 69_240_562 };
    assert_eq!(desk.gives(BOBUR, Input::Location(place)).await, "✅ Sent.");
    let shown = desk.say(BOBUR, "Done").await;
    assert!(shown.contains("Yours") && shown.contains("Let me look"), "{shown}");
    let (ticket, said) = desk.standing(1);
    let answers: Vec<_> = said.iter().skip(1).map(|one| (one.said.kind, one.is_answer, one.agent)).collect();
    let bobur = Some(desk.agent(BOBUR).id);
    let kinds = [MessageKind::Text, MessageKind::Image, MessageKind::Location];
    assert_eq!(answers, kinds.map(|kind| (kind, true, bobur)));
    assert_eq!(said[2].said.file_id.as_deref(), Some("AgAC"));
    assert_eq!(ticket.agent, bobur);
    let heard = desk.told(AZIZA).await;
    assert_eq!(heard.matches("Let me look").count(), 1, "{heard}");

    // What happens is done in the agent's name.
    desk.press(BOBUR, "Close").await;
    let closed = desk.press(BOBUR, "Yes").await;
    assert!(closed.contains("Closed"), "{closed}");
    assert_eq!(desk.standing(1).0.closed_by.as_deref(), Some("Bobur"));
    assert_eq!(desk.told(AZIZA).await.matches("Your ticket No. 1 is closed").count(), 1);
    let ctx = desk.shop.ctx.clone();
    let acted: Vec<(String, String)> = db
        .read_now(&desk.shop.ctx, move |tx| {
            let sql = "SELECT DISTINCT actor_kind, actor_name FROM context_audit_entry
                       WHERE workspace_id = $1 AND action IN ('ticket.close', 'ticket.assign')";
            tx.query(sql, params![ctx.workspace()], |row| Ok((row.get(0)?, row.get(1)?)))
        })
        .unwrap();
    assert_eq!(acted, [("agent".to_owned(), "Bobur".to_owned())]);
    let done = desk.say(BOBUR, "/admin").await;
    assert!(done.contains("Open with me: 0"), "{done}");
    let done = desk.press(BOBUR, "My activity").await;
    assert!(done.contains("Answers: 3\nClosed: 1\nFirst answer after"), "{done}");
}

#[db_test]
async fn a_ticket_of_another_category_is_not_found_by_any_path(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    desk.asked("Secret").await;
    let photo = Media { kind: MediaKind::Photo, file: "telegram:AgAC".to_owned(), caption: String::new() };
    desk.gives(AZIZA, Input::Media(photo)).await;
    let front = desk.say(DILNOZA, "/admin").await;
    assert!(front.contains("Unassigned: 0") && !front.contains("All open"), "{front}");
    assert!(desk.press(DILNOZA, "Unassigned").await.contains("Nothing here"));
    for number in ["1", " 1 ", "999", "0", "-1", "nima"] {
        let seen = desk.say(DILNOZA, &format!("/admin {number}")).await;
        assert!(seen.contains("There is no such ticket") && !seen.contains("Secret"), "{number}: {seen}");
    }
    desk.press(DILNOZA, "Find by number").await;
    let found = desk.say(DILNOZA, "1").await;
    assert!(found.contains("There is no such ticket"), "{found}");
    assert!(!desk.told(DILNOZA).await.contains("Secret"));

    // Who loses the category in the middle of an answer sends it nowhere, and no button of the ticket works any more.
    desk.say(BOBUR, "/admin 1").await;
    desk.press(BOBUR, "Answer").await;
    let delivery = desk.delivery.id;
    desk.rewrite(BOBUR, |agent| agent.categories = vec![delivery]);
    let lost = desk.say(BOBUR, "Too late").await;
    assert!(lost.contains("There is no such ticket"), "{lost}");
    let payment = desk.payment.id;
    for button in ["Take it", "Files", "Hand over", "Close", "Answer", "Note"] {
        desk.rewrite(BOBUR, |agent| agent.categories = vec![payment]);
        desk.say(BOBUR, "/admin 1").await;
        desk.rewrite(BOBUR, |agent| agent.categories = vec![delivery]);
        let mut seen = desk.press(BOBUR, button).await;
        if matches!(button, "Answer" | "Note") {
            seen = desk.say(BOBUR, "Words").await;
        }
        if button == "Close" {
            seen = desk.press(BOBUR, "Yes").await;
        }
        assert!(seen.contains("There is no such ticket") && !seen.contains("Secret"), "{button}: {seen}");
    }
    let (ticket, said) = desk.standing(1);
    assert_eq!((ticket.is_open, ticket.agent, said.len()), (true, None, 2));
}

#[db_test]
async fn of_two_agents_at_one_ticket_one_has_it_and_the_other_loses_no_word(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    desk.asked("Hello?").await;
    for agent in [BOBUR, KARIM] {
        desk.say(agent, "/admin 1").await;
        desk.press(agent, "Answer").await;
    }
    assert_eq!(desk.say(BOBUR, "I am here").await, "✅ Sent.");
    let kept = desk.say(KARIM, "So am I").await;
    assert!(kept.contains("is with Bobur now") && kept.contains("So am I"), "{kept}");
    assert_eq!(desk.standing(1).1.len(), 2);
    let more = desk.say(KARIM, "And more").await;
    assert!(more.contains("That was not sent") && more.contains("So am I"), "{more}");
    let sent = desk.press(KARIM, "Take it and send").await;
    assert!(sent.contains("✅ Sent."), "{sent}");
    let (ticket, said) = desk.standing(1);
    assert_eq!(ticket.agent, Some(desk.agent(KARIM).id));
    let texts: Vec<_> = said.iter().map(|one| one.said.text.as_str()).collect();
    assert_eq!(texts, ["Hello?", "I am here", "So am I"]);

    // It is closed under the other's hands.
    desk.say(KARIM, "Done").await;
    desk.press(KARIM, "Close").await;
    desk.press(KARIM, "Yes").await;
    let late = desk.say(BOBUR, "One thing more").await;
    assert!(late.contains("was closed meanwhile") && late.contains("One thing more"), "{late}");
    assert_eq!(desk.standing(1).1.len(), 3);
}

#[db_test]
async fn agents_are_told_once_until_they_look(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    desk.asked("First").await;
    desk.say(AZIZA, "Second").await;
    let heard = desk.told(BOBUR).await;
    assert_eq!(heard.matches("No. 1").count(), 1, "{heard}");
    for (person, times) in [(KARIM, 1), (HEAD, 1), (DILNOZA, 0)] {
        assert_eq!(desk.bells(person), times, "{person}");
    }
    desk.say(AZIZA, "Third").await;
    assert_eq!(desk.told(BOBUR).await, "", "not before they look");
    let opened = desk.press(BOBUR, "Open No. 1").await;
    assert!(opened.contains("Third"), "{opened}");
    desk.press(BOBUR, "Take it").await;
    assert_eq!(desk.told(BOBUR).await, "", "whoever took it knows");
    desk.say(AZIZA, "Fourth").await;
    desk.say(AZIZA, "Fifth").await;
    let heard = desk.told(BOBUR).await;
    assert!(heard.matches("🔔 New message").count() == 1 && heard.contains("Fifth"), "{heard}");
    assert_eq!(desk.bells(KARIM), 1, "whoever has it is told alone");

    // Handed over: the other one is told.
    desk.press(BOBUR, "Open No. 1").await;
    desk.press(BOBUR, "Hand over").await;
    let handed = desk.press(BOBUR, "Karim").await;
    assert!(handed.contains("Agent: Karim"), "{handed}");
    desk.say(KARIM, "/admin 1").await;
    desk.say(AZIZA, "Sixth").await;
    assert!(desk.told(KARIM).await.contains("Sixth"));
    // Into another category: those who answer there.
    desk.say(KARIM, "/admin 1").await;
    desk.press(KARIM, "Hand over").await;
    desk.press(KARIM, "To another category").await;
    desk.press(KARIM, "Delivery").await;
    let heard = desk.told(DILNOZA).await;
    assert!(heard.contains("🔔 New ticket: No. 1 · Delivery"), "{heard}");
    // Who is off duty is told nothing of what nobody has.
    desk.say(KARIM, "/admin").await;
    assert!(desk.press(KARIM, "Go off duty").await.contains("off duty"));
    assert!(!desk.agent(KARIM).is_on_duty);
}

#[db_test]
async fn the_desk_is_for_agents_in_telegram_alone(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    let refusal = "This is for the agents of the support desk";
    let somebody = AZIZA + 1;
    desk.say(somebody, "/start").await;
    desk.press(somebody, "English").await;
    assert!(desk.say(somebody, "/admin").await.contains(refusal));
    // A chat with the bot in the browser proves nothing.
    let mut chat = Simulated::new(&desk.shop.site);
    chat.come_in().await;
    chat.command("start").await;
    chat.press("English").await;
    chat.command("admin").await;
    assert!(chat.state().await.to_string().contains(refusal));

    desk.asked("Words for agents only").await;
    desk.rewrite(BOBUR, |agent| agent.is_active = false);
    assert!(desk.say(BOBUR, "/admin 1").await.contains(refusal));
    assert!(!desk.told(BOBUR).await.contains("Words for agents only"));

    // An agent who is a member, too, has to be one who may answer.
    desk.employ(KARIM);
    assert!(desk.say(KARIM, "/admin 1").await.contains("Words for agents only"));
    desk.dismiss();
    assert!(desk.say(KARIM, "/admin 1").await.contains(refusal));
    desk.say(AZIZA, "News").await;
    assert!(!desk.told(KARIM).await.contains("News"));
}

#[db_test]
async fn a_ticket_that_goes_on_before_its_end_was_told_is_no_fault(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    desk.asked("Hello?").await;
    let ticket = desk.standing(1).0.id;
    let ctx = desk.shop.ctx.clone();
    db.write_now(&desk.shop.ctx, move |tx| {
        actions::close(&ctx, tx, ticket)?;
        actions::reopen(&ctx, tx, ticket)
    })
    .unwrap();
    desk.told(BOBUR).await;
    let failed: i64 = db
        .read_now(&desk.shop.ctx, |tx| {
            // tidy: no workspace: a test looks at all of them.
            tx.query_one("SELECT COUNT(*) FROM jobs_job WHERE kind = 'jobs.redeliver'", &[], |row| row.get(0))
        })
        .unwrap();
    assert_eq!(failed, 0, "every listener took what it was told");
    assert!(desk.standing(1).0.is_open);
}
