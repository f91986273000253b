//! Tickets on both databases.

mod agents;
mod api;
mod desk;
mod pages;
mod searching;
mod sorting;

use std::thread;

use catalog::Names;
use context::{Actor, Ctx, Permission};
use db::{Tx, db_test, testing::TestDb};
use kernel::{Id, Kind, PageRequest, PersonId, Phone, Result};
use web::testing::ctx;

use crate::{
    Agent, By, Category, MessageFilter, NewAgent, NewCategory, NewUser, Opening, Said, Service, Ticket,
    TicketFilter, User, actions, events, reads,
};

pub(crate) fn run<T: Send + 'static>(
    db: &TestDb,
    ctx: &Ctx,
    work: impl Fn(&Ctx, &mut Tx<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let own = ctx.clone();
    db.write_now(ctx, move |tx| work(&own, tx))
}

fn category(db: &TestDb, ctx: &Ctx, name: &str) -> Category {
    let new = NewCategory::named(Names { uz: name.to_owned(), ..Names::default() });
    run(db, ctx, move |ctx, tx| actions::create_category(ctx, tx, new.clone())).unwrap()
}

fn user(db: &TestDb, ctx: &Ctx, telegram_id: i64, phone: Option<&str>) -> User {
    let phone = phone.map(|phone| Phone::parse(phone).unwrap());
    let full_name = format!("Kishi {telegram_id}");
    let new = NewUser { telegram_id, username: None, full_name, phone, lang: None };
    run(db, ctx, move |ctx, tx| actions::put_user(ctx, tx, new.clone())).unwrap().0
}

fn agent(db: &TestDb, ctx: &Ctx, member: u128, categories: &[&Category], is_head: bool) -> Agent {
    let new = NewAgent {
        member: Some(PersonId::from_uuid(uuid::Uuid::from_u128(member))),
        telegram_id: None,
        full_name: format!("Agent {member}"),
        is_head,
        is_active: true,
        categories: categories.iter().map(|category| category.id).collect(),
    };
    run(db, ctx, move |ctx, tx| actions::create_agent(ctx, tx, new.clone())).unwrap()
}

/// A member who may answer tickets and nothing more.
fn member(ctx: &Ctx, member: u128) -> Ctx {
    ctx.with(|ctx| {
        ctx.actor = Actor::member(PersonId::from_uuid(uuid::Uuid::from_u128(member)), "Agent");
        ctx.permissions = [Permission::TicketsRead, Permission::TicketsCreate, Permission::TicketsEdit]
            .into_iter()
            .collect();
    })
}

fn open(db: &TestDb, ctx: &Ctx, user: &User, category: &Category) -> Ticket {
    let (contact, category) = (user.contact.id, category.id);
    match run(db, ctx, move |ctx, tx| actions::open_ticket(ctx, tx, contact, category, None)).unwrap() {
        Opening::New(ticket) => ticket,
        Opening::AlreadyOpen(ticket) => panic!("open already: {ticket:?}"),
    }
}

fn words(text: &str) -> Said {
    Said::words(text)
}

fn say(db: &TestDb, ctx: &Ctx, ticket: Id<Ticket>, by: By, text: &str) -> Result<i64> {
    let said = words(text);
    run(db, ctx, move |ctx, tx| Ok(actions::add_message(ctx, tx, ticket, by, said.clone())?.place))
}

fn count(db: &TestDb, ctx: &Ctx) -> i64 {
    run(db, ctx, |ctx, tx| reads::list(ctx, tx, &TicketFilter::default(), PageRequest::default()))
        .unwrap()
        .count
}

#[db_test]
fn a_ticket_is_opened_answered_and_closed(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    let asks = user(db, &ctx, 77, Some("901234567"));
    let answers = agent(db, &ctx, 5, &[&payment], false);
    let ticket = open(db, &ctx, &asks, &payment);
    assert_eq!((ticket.number, ticket.agent, ticket.first_answer_at), (1, None, None));
    for (place, text) in [(1, "Pul yechildi"), (2, "Buyurtma kelmadi")] {
        assert_eq!(say(db, &ctx, ticket.id, By::Contact, text).unwrap(), place);
    }
    let id = ticket.id;
    assert_eq!(say(db, &member(&ctx, 5), id, By::Agent(answers.id), "Koʻramiz").unwrap(), 3);
    let now = run(db, &ctx, move |ctx, tx| reads::get(ctx, tx, id)).unwrap();
    assert_eq!((now.agent, now.first_answer_at.is_some()), (Some(answers.id), true), "who answers has it");

    let closed = run(db, &ctx, move |ctx, tx| actions::close(ctx, tx, id)).unwrap();
    assert_eq!((closed.is_open, closed.closed_by.as_deref()), (false, Some("test")));
    let late = say(db, &ctx, id, By::Contact, "Yana").unwrap_err();
    assert_eq!((late.kind(), late.text().key()), (Kind::Conflict, "tickets-closed"));
    let filter = MessageFilter { ticket: Some(id), ..MessageFilter::default() };
    let said =
        run(db, &ctx, move |ctx, tx| reads::messages(ctx, tx, &filter, PageRequest::default())).unwrap();
    let lines: Vec<_> =
        said.results.iter().map(|message| (message.place, message.said.text.as_str())).collect();
    assert_eq!(lines, [(1, "Pul yechildi"), (2, "Buyurtma kelmadi"), (3, "Koʻramiz")]);

    assert_eq!(open(db, &ctx, &asks, &payment).number, 2, "after the first is closed, another can be opened");
    let told: Vec<String> = run(db, &ctx, |ctx, tx| {
        let sql =
            "SELECT name FROM context_event WHERE workspace_id = $1 AND name LIKE 'ticket.%' ORDER BY seq";
        tx.query(sql, db::params![ctx.workspace()], |row| row.get(0))
    })
    .unwrap();
    let expected = ["opened", "said", "said", "assigned", "said", "closed", "opened"];
    assert_eq!(told, expected.map(|name| format!("ticket.{name}")));
}

#[db_test]
fn a_ticket_that_is_asked_elsewhere_tells_once_which_chat_it_left(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    let id = open(db, &ctx, &user(db, &ctx, 77, None), &payment).id;
    for chat in ["one", "one", "two"] {
        run(db, &ctx, move |ctx, tx| actions::follow(ctx, tx, id, chat)).unwrap();
    }
    let left: Vec<Option<String>> = run(db, &ctx, |ctx, tx| {
        let sql = "SELECT payload FROM context_event WHERE workspace_id = $1 AND name = 'ticket.moved' ORDER BY seq";
        tx.query(sql, db::params![ctx.workspace()], |row| {
            let payload: serde_json::Value = row.get(0)?;
            Ok(serde_json::from_value::<events::Moved>(payload).unwrap().left)
        })
    })
    .unwrap();
    assert_eq!(left, [None, Some("one".to_owned())]);
}

#[db_test]
fn nobody_has_two_open_tickets_also_when_first_messages_race(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    let contact = user(db, &ctx, 77, None).contact.id;
    let category = payment.id;
    let opened: Vec<Opening> = thread::scope(|scope| {
        let racing: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    run(db, &ctx, move |ctx, tx| actions::open_ticket(ctx, tx, contact, category, None))
                })
            })
            .collect();
        racing.into_iter().map(|one| one.join().unwrap().unwrap()).collect()
    });
    let new: Vec<_> = opened.iter().filter(|one| matches!(one, Opening::New(_))).collect();
    assert_eq!((new.len(), count(db, &ctx)), (1, 1));
    let ids: Vec<_> = opened
        .iter()
        .map(|one| match one {
            Opening::New(ticket) | Opening::AlreadyOpen(ticket) => ticket.id,
        })
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "all are told of the same");
}

#[db_test]
fn messages_of_many_at_once_have_a_place_each_and_none_is_left_out(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    let id = open(db, &ctx, &user(db, &ctx, 77, None), &payment).id;
    let mut places: Vec<i64> = thread::scope(|scope| {
        let saying: Vec<_> = (0..20)
            .map(|n| {
                let ctx = &ctx;
                scope.spawn(move || say(db, ctx, id, By::Contact, &format!("Xabar {n}")).unwrap())
            })
            .collect();
        saying.into_iter().map(|one| one.join().unwrap()).collect()
    });
    places.sort_unstable();
    assert_eq!(places, (1..=20).collect::<Vec<_>>());
}

#[db_test]
fn an_agent_sees_their_categories_and_nothing_else(db: &TestDb) {
    let ctx = ctx(1);
    let (payment, goods) = (category(db, &ctx, "Toʻlov"), category(db, &ctx, "Tovar"));
    let (asks, other) = (user(db, &ctx, 77, None), user(db, &ctx, 78, None));
    let (about_payment, about_goods) = (open(db, &ctx, &asks, &payment), open(db, &ctx, &other, &goods));
    let own = agent(db, &ctx, 5, &[&payment], false);
    agent(db, &ctx, 6, &[], true);
    let (agent_ctx, head_ctx) = (member(&ctx, 5), member(&ctx, 6));
    assert_eq!((count(db, &agent_ctx), count(db, &head_ctx), count(db, &member(&ctx, 7))), (1, 2, 0));

    let (seen, hidden) = (about_payment.id, about_goods.id);
    assert!(run(db, &agent_ctx, move |ctx, tx| reads::get(ctx, tx, seen)).is_ok());
    let tried: [Result<()>; 5] = [
        run(db, &agent_ctx, move |ctx, tx| reads::get(ctx, tx, hidden).map(drop)),
        run(db, &agent_ctx, move |ctx, tx| reads::get_by_number(ctx, tx, about_goods.number).map(drop)),
        run(db, &agent_ctx, move |ctx, tx| actions::close(ctx, tx, hidden).map(drop)),
        run(db, &agent_ctx, move |ctx, tx| actions::assign(ctx, tx, hidden, own.id).map(drop)),
        say(db, &agent_ctx, hidden, By::Agent(own.id), "Salom").map(drop),
    ];
    for (number, tried) in tried.into_iter().enumerate() {
        assert_eq!(tried.unwrap_err().kind(), Kind::NotFound, "{number}");
    }
    let users = |ctx: &Ctx| run(db, ctx, |ctx, tx| reads::users(ctx, tx, PageRequest::default())).unwrap();
    assert_eq!((users(&agent_ctx).count, users(&head_ctx).count), (1, 2));
    let (contact, telegram_id) = (other.contact, other.telegram.telegram_id);
    let tried = run(db, &agent_ctx, move |ctx, tx| reads::user_of(ctx, tx, contact.clone()));
    assert_eq!(tried.unwrap_err().kind(), Kind::NotFound);
    assert_eq!(
        run(db, &agent_ctx, move |ctx, tx| reads::user_of_telegram(ctx, tx, telegram_id)).unwrap(),
        None
    );

    let say_hidden = say(db, &ctx, hidden, By::Contact, "Tovar qani").unwrap();
    assert_eq!(say_hidden, 1);
    let messages = |ctx: &Ctx| {
        let all = MessageFilter::default();
        run(db, ctx, move |ctx, tx| reads::messages(ctx, tx, &all, PageRequest::default())).unwrap().count
    };
    assert_eq!((messages(&agent_ctx), messages(&head_ctx)), (0, 1));
}

#[db_test]
fn agents_answer_in_their_categories_and_heads_manage(db: &TestDb) {
    let ctx = ctx(1);
    let (payment, goods) = (category(db, &ctx, "Toʻlov"), category(db, &ctx, "Tovar"));
    let ticket = open(db, &ctx, &user(db, &ctx, 77, None), &payment).id;
    let elsewhere = agent(db, &ctx, 5, &[&goods], false);
    agent(db, &ctx, 6, &[], true);
    let assigned = run(db, &ctx, move |ctx, tx| actions::assign(ctx, tx, ticket, elsewhere.id));
    assert_eq!(assigned.unwrap_err().field_errors()[0].text.key(), "tickets-agent-elsewhere");
    let new = NewCategory {
        name: Names { uz: "Yangi".to_owned(), ..Names::default() },
        position: 1,
        is_active: true,
        service: Service::default(),
    };
    let again = new.clone();
    let tried = run(db, &member(&ctx, 5), move |ctx, tx| actions::create_category(ctx, tx, again.clone()));
    assert_eq!(tried.unwrap_err().kind(), Kind::Forbidden);
    let again = new.clone();
    let made = run(db, &member(&ctx, 6), move |ctx, tx| actions::create_category(ctx, tx, again.clone()));
    assert_eq!(made.unwrap().number, 3);
    let again = NewCategory { name: Names { uz: "YANGI".to_owned(), ..Names::default() }, ..new };
    let twice = run(db, &ctx, move |ctx, tx| actions::create_category(ctx, tx, again.clone())).unwrap_err();
    assert_eq!(twice.field_errors()[0].text.key(), "tickets-category-taken");

    // Nobody answers in another's name, but for who manages.
    let (one, two) = (agent(db, &ctx, 8, &[&payment], false), agent(db, &ctx, 9, &[&payment], false));
    let tried = say(db, &member(&ctx, 8), ticket, By::Agent(two.id), "Salom");
    assert_eq!(tried.unwrap_err().kind(), Kind::Forbidden);
    assert!(say(db, &member(&ctx, 8), ticket, By::Agent(one.id), "Salom").is_ok());
    assert!(say(db, &member(&ctx, 6), ticket, By::Agent(two.id), "Salom").is_ok());

    // Who is put off duty sees and answers no more.
    let id = elsewhere.id;
    let off = NewAgent {
        member: elsewhere.member,
        telegram_id: None,
        full_name: elsewhere.full_name,
        is_head: false,
        is_active: false,
        categories: vec![payment.id],
    };
    run(db, &ctx, move |ctx, tx| actions::update_agent(ctx, tx, id, off.clone())).unwrap();
    assert_eq!(count(db, &member(&ctx, 5)), 0);
    let assigned = run(db, &ctx, move |ctx, tx| actions::assign(ctx, tx, ticket, id));
    assert_eq!(assigned.unwrap_err().field_errors()[0].text.key(), "tickets-agent-elsewhere");
}

#[db_test]
fn a_category_that_is_not_active_is_offered_no_more(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    let asks = user(db, &ctx, 77, None);
    let ticket = open(db, &ctx, &asks, &payment).id;
    let id = payment.id;
    let off = NewCategory { is_active: false, ..NewCategory::named(payment.name) };
    run(db, &ctx, move |ctx, tx| actions::update_category(ctx, tx, id, off.clone())).unwrap();
    assert!(say(db, &ctx, ticket, By::Contact, "Hali ham").is_ok(), "what was asked in it stays");
    let contact = user(db, &ctx, 78, None).contact.id;
    let refused = run(db, &ctx, move |ctx, tx| actions::open_ticket(ctx, tx, contact, id, None)).unwrap_err();
    assert_eq!(refused.field_errors()[0].text.key(), "tickets-category-unknown");
}

#[db_test]
fn a_phone_leads_to_the_contact_that_has_it(db: &TestDb) {
    let ctx = ctx(1);
    let bought = run(db, &ctx, |ctx, tx| {
        let new = contacts::NewContact::customer("Aziza", Phone::parse("901234567").ok());
        contacts::create_contact(ctx, tx, new)
    })
    .unwrap();
    let clerk = member(&ctx, 5);
    let asks = user(db, &clerk, 77, Some("90 123 45 67"));
    assert_eq!((asks.contact.id, asks.contact.name.as_str()), (bought.id, "Aziza"));
    let again = user(db, &clerk, 77, None);
    assert_eq!((again.contact.id, again.contact.name.as_str()), (bought.id, "Kishi 77"));
    assert_eq!(again.contact.phone, bought.phone, "what is not said stays");
    let theirs = user(db, &self::ctx(2), 77, None);
    assert_ne!(theirs.contact.id, bought.id);

    let id = bought.id;
    run(db, &ctx, move |ctx, tx| contacts::delete_contact(ctx, tx, id)).unwrap();
    let back = user(db, &clerk, 77, Some("90 123 45 67"));
    assert_ne!(back.contact.id, bought.id, "whoever comes back after they were deleted is somebody new");
}
