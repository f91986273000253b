//! How the desk works: who gets a ticket, how long somebody may wait, and what becomes of a closed one.

use context::Ctx;
use db::{db_test, testing::TestDb};
use kernel::{Date, Id, Kind, PageRequest, Timestamp};
use web::testing::ctx;

use super::{agent, category, member, open, run, say, user};
use crate::{
    Act, Agent, Assigns, By, Category, Deed, Hours, MessageFilter, NewCategory, Service, Settings, Shift,
    Ticket, Undelivered, actions, alerts, reads, sleeping, store,
};

const MINUTE_MS: i64 = 60_000;

fn at(ctx: &Ctx, minutes: i64) -> Ctx {
    ctx.with(|ctx| ctx.now = ctx.now.plus_millis(minutes * MINUTE_MS))
}

fn serve(db: &TestDb, ctx: &Ctx, category: &Category, service: Service) {
    let Category { id, name, position, is_active, .. } = category.clone();
    let new = NewCategory { name, position, is_active, service };
    run(db, ctx, move |ctx, tx| actions::update_category(ctx, tx, id, new.clone())).unwrap();
}

fn by_load() -> Service {
    Service { assigns: Assigns::ByLoad, ..Service::default() }
}

fn get(db: &TestDb, ctx: &Ctx, id: Id<Ticket>) -> Ticket {
    run(db, ctx, move |ctx, tx| reads::get(ctx, tx, id)).unwrap()
}

fn agent_of(db: &TestDb, ctx: &Ctx, id: Id<Ticket>) -> Option<Id<Agent>> {
    get(db, ctx, id).agent
}

fn deeds(db: &TestDb, ctx: &Ctx, id: Id<Ticket>) -> Vec<Act> {
    run(db, ctx, move |ctx, tx| store::act::of(ctx, tx, id, 0, i64::MAX)).unwrap()
}

fn told(db: &TestDb, ctx: &Ctx, name: &'static str) -> i64 {
    run(db, ctx, move |ctx, tx| {
        let sql = "SELECT COUNT(*) FROM context_event WHERE workspace_id = $1 AND name = $2";
        tx.query_one(sql, db::params![ctx.workspace(), name], |row| row.get(0))
    })
    .unwrap()
}

#[db_test]
fn whoever_has_the_fewest_gets_the_next_ticket(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    let other = category(db, &ctx, "Boshqa");
    serve(db, &ctx, &payment, by_load());
    let agents: Vec<Agent> = (1..=3).map(|number| agent(db, &ctx, number, &[&payment], false)).collect();
    agent(db, &ctx, 9, &[&other], true);
    let mut had = Vec::new();
    for person in 0..7 {
        let now = at(&ctx, person);
        let asks = user(db, &now, 100 + person, None);
        let ticket = open(db, &now, &asks, &payment);
        had.push(ticket.agent.expect("somebody is on duty"));
    }
    let count = |agent: &Agent| had.iter().filter(|had| **had == agent.id).count();
    assert_eq!(agents.iter().map(count).collect::<Vec<_>>(), [3, 2, 2]);
    let asks = user(db, &ctx, 200, None);
    assert_eq!(open(db, &ctx, &asks, &other).agent, None, "there everybody takes their own");
}

#[db_test]
fn who_goes_off_duty_leaves_what_waits_to_the_others(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    serve(db, &ctx, &payment, by_load());
    let first = agent(db, &ctx, 1, &[&payment], false);
    let tickets: Vec<Ticket> = (0..4)
        .map(|person| {
            let asks = user(db, &ctx, 100 + person, None);
            open(db, &ctx, &asks, &payment)
        })
        .collect();
    for ticket in &tickets {
        assert_eq!(agent_of(db, &ctx, ticket.id), Some(first.id));
        say(db, &ctx, ticket.id, By::Contact, "Salom").unwrap();
    }
    // The last one is answered: nobody waits there.
    let answered = tickets.last().unwrap().id;
    say(db, &member(&ctx, 1), answered, By::Agent(first.id), "Salom!").unwrap();
    let (second, third) = (agent(db, &ctx, 2, &[&payment], false), agent(db, &ctx, 3, &[&payment], false));
    let duty =
        |ctx: &Ctx, id: Id<Agent>, on: bool| run(db, ctx, move |ctx, tx| actions::set_duty(ctx, tx, id, on));

    let not_theirs = duty(&member(&ctx, 2), first.id, false).unwrap_err();
    assert_eq!(not_theirs.kind(), Kind::Forbidden);
    duty(&member(&ctx, 1), first.id, false).unwrap();
    let has =
        |agent: &Agent| tickets.iter().filter(|one| agent_of(db, &ctx, one.id) == Some(agent.id)).count();
    assert_eq!((has(&first), has(&second), has(&third)), (1, 2, 1), "fairly, and what is answered stays");
    say(db, &at(&ctx, 5), answered, By::Contact, "Yana bir savol").unwrap();
    assert_eq!(
        (has(&first), has(&third)),
        (0, 2),
        "who asks again is not kept waiting for somebody who is gone"
    );

    // Nor whoever comes back to a closed ticket of somebody who is gone.
    duty(&ctx, first.id, true).unwrap();
    let asks = user(db, &ctx, 400, None);
    let again = open(db, &ctx, &asks, &payment).id;
    assert_eq!(agent_of(db, &ctx, again), Some(first.id), "who has none is next");
    run(db, &ctx, move |ctx, tx| actions::close(ctx, tx, again)).unwrap();
    duty(&ctx, first.id, false).unwrap();
    run(db, &ctx, move |ctx, tx| actions::reopen_own(ctx, tx, again, None)).unwrap();
    assert_ne!(agent_of(db, &ctx, again), Some(first.id));
    run(db, &ctx, move |ctx, tx| actions::close(ctx, tx, again)).unwrap();

    duty(&ctx, second.id, false).unwrap();
    duty(&ctx, third.id, false).unwrap();
    assert_eq!((has(&second), has(&third)), (0, 0), "nobody is there: they wait for everybody");
    let asks = user(db, &ctx, 300, None);
    let late = open(db, &ctx, &asks, &payment);
    assert_eq!(late.agent, None);
    duty(&ctx, second.id, true).unwrap();
    assert_eq!((has(&second), agent_of(db, &ctx, late.id)), (4, Some(second.id)));
    let by_itself = deeds(db, &ctx, late.id);
    assert!(matches!(
        by_itself.as_slice(),
        [Act { deed: Deed::Assigned { by_itself: true, to: Some(_) }, .. }]
    ));
}

#[db_test]
fn an_agent_who_answers_no_more_in_a_category_has_no_tickets_there(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    let hers = agent(db, &ctx, 1, &[&payment], false);
    let asks = user(db, &ctx, 100, None);
    let ticket = open(db, &ctx, &asks, &payment).id;
    let id = hers.id;
    run(db, &ctx, move |ctx, tx| actions::assign(ctx, tx, ticket, id)).unwrap();
    let Agent { member, telegram_id, full_name, is_head, .. } = hers;
    let without =
        crate::NewAgent { member, telegram_id, full_name, is_head, is_active: true, categories: Vec::new() };
    run(db, &ctx, move |ctx, tx| actions::update_agent(ctx, tx, id, without.clone())).unwrap();
    assert_eq!(agent_of(db, &ctx, ticket), None);
}

fn week(db: &TestDb, ctx: &Ctx) {
    let day = Some(Shift { from: 9 * 60, to: 18 * 60 });
    let hours = Hours { week: [day, day, day, day, day, None, None], holidays: Vec::new() };
    let new = Settings { hours, reopen_days: 3 };
    run(db, ctx, move |ctx, tx| actions::set_settings(ctx, tx, new.clone())).unwrap();
}

/// Friday, 20 November 2026, at this minute of the day in Tashkent.
fn friday(ctx: &Ctx, minute: u16) -> Ctx {
    let moment = ctx.zone().at_minute(Date::parse("2026-11-20").unwrap(), minute);
    ctx.with(|ctx| ctx.now = moment)
}

#[db_test]
fn what_is_promised_is_due_in_working_time_and_is_told_once_when_it_is_over(db: &TestDb) {
    let ctx = friday(&ctx(1), 17 * 60 + 50);
    week(db, &ctx);
    let payment = category(db, &ctx, "Toʻlov");
    serve(
        db,
        &ctx,
        &payment,
        Service { answer_minutes: Some(30), resolve_minutes: Some(9 * 60), assigns: Assigns::Manual },
    );
    let hers = agent(db, &ctx, 1, &[&payment], false);
    let asks = user(db, &ctx, 100, None);
    let ticket = open(db, &ctx, &asks, &payment).id;
    let monday = |minute| ctx.zone().at_minute(Date::parse("2026-11-23").unwrap(), minute);
    let clock = get(db, &ctx, ticket).clock;
    assert_eq!((clock.waiting_since, clock.answer_due_at), (None, None), "nothing was said yet");
    assert_eq!(clock.resolve_due_at, Some(monday(17 * 60 + 50)));
    say(db, &ctx, ticket, By::Contact, "Salom").unwrap();
    say(db, &at(&ctx, 1), ticket, By::Contact, "Bormisiz?").unwrap();
    let clock = get(db, &ctx, ticket).clock;
    assert_eq!(clock.waiting_since, Some(ctx.now()), "since the first of them");
    assert_eq!((clock.answer_due_at, clock.due_at()), (Some(monday(9 * 60 + 20)), Some(monday(9 * 60 + 20))));

    let alert = |now: Timestamp| {
        let then = ctx.with(|ctx| ctx.now = now);
        run(db, &then, alerts::tell).unwrap();
        told(db, &ctx, "ticket.overdue")
    };
    assert_eq!(alert(monday(9 * 60 + 20)), 0, "the last moment is in time");
    assert_eq!(alert(monday(9 * 60 + 21)), 1);
    assert_eq!(alert(monday(10 * 60)), 1, "once");
    let answers = member(&ctx.with(|ctx| ctx.now = monday(11 * 60)), 1);
    say(db, &answers, ticket, By::Agent(hers.id), "Salom!").unwrap();
    let clock = get(db, &ctx, ticket).clock;
    assert_eq!((clock.waiting_since, clock.was_late), (None, true));
    assert_eq!(clock.due_at(), Some(monday(17 * 60 + 50)), "the end is due still");
    assert_eq!(alert(monday(17 * 60 + 51)), 2);
    let jobs: i64 = run(db, &ctx, |ctx, tx| {
        let sql = "SELECT COUNT(*) FROM jobs_job WHERE workspace_id = $1 AND kind = 'tickets.alert'";
        tx.query_one(sql, db::params![ctx.workspace()], |row| row.get(0))
    })
    .unwrap();
    assert_eq!(jobs, 2, "one for each minute at which something is due");
    let closed = run(db, &ctx, move |ctx, tx| actions::close(ctx, tx, ticket)).unwrap();
    assert_eq!(closed.clock.due_at(), None);
}

#[db_test]
fn a_closed_ticket_is_rated_and_goes_on_while_the_desk_allows_it(db: &TestDb) {
    let ctx = friday(&ctx(1), 12 * 60);
    week(db, &ctx);
    let payment = category(db, &ctx, "Toʻlov");
    let hers = agent(db, &ctx, 1, &[&payment], false);
    let asks = user(db, &ctx, 100, None);
    let ticket = open(db, &ctx, &asks, &payment).id;
    say(db, &ctx, ticket, By::Contact, "Salom").unwrap();
    say(db, &member(&ctx, 1), ticket, By::Agent(hers.id), "Salom!").unwrap();
    let rate = |stars| run(db, &ctx, move |ctx, tx| actions::rate(ctx, tx, ticket, stars, "Rahmat"));
    assert_eq!(rate(5).unwrap_err().text().key(), "tickets-open-still");
    run(db, &ctx, move |ctx, tx| actions::close(ctx, tx, ticket)).unwrap();
    assert_eq!(rate(6).unwrap_err().field_errors()[0].field, "stars");
    assert_eq!(rate(4).unwrap().rating.unwrap().stars, 4);
    rate(5).unwrap();
    rate(5).unwrap();
    let rated =
        deeds(db, &ctx, ticket).into_iter().filter(|act| matches!(act.deed, Deed::Rated { .. })).count();
    assert_eq!((get(db, &ctx, ticket).rating.unwrap().stars, rated), (5, 2), "the same twice is said once");

    let again = |ctx: &Ctx| run(db, ctx, move |ctx, tx| actions::reopen_own(ctx, tx, ticket, Some("chat")));
    let open_again = again(&at(&ctx, 3 * 24 * 60)).unwrap();
    assert_eq!((open_again.is_open, open_again.reopened, open_again.agent), (true, 1, Some(hers.id)));
    assert_eq!((open_again.chat_ref.as_deref(), open_again.closed_at), (Some("chat"), None));
    assert!(open_again.clock.waiting_since.is_some());
    assert_eq!(again(&ctx).unwrap().reopened, 1, "it is open already");
    run(db, &ctx, move |ctx, tx| actions::close_own(ctx, tx, ticket)).unwrap();
    let late = again(&at(&ctx, 3 * 24 * 60 + 1)).unwrap_err();
    assert_eq!((late.kind(), late.text().key()), (Kind::Conflict, "tickets-reopen-late"));

    let other = open(db, &ctx, &asks, &payment);
    let beside = again(&ctx).unwrap_err();
    assert_eq!((beside.kind(), beside.text().key()), (Kind::Conflict, "tickets-reopen-beside"));
    assert!(get(db, &ctx, other.id).is_open);
}

#[db_test]
fn a_ticket_sleeps_until_its_time_or_until_somebody_speaks(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    let asks = user(db, &ctx, 100, None);
    let ticket = open(db, &ctx, &asks, &payment).id;
    let snooze = |until: Timestamp| run(db, &ctx, move |ctx, tx| actions::snooze(ctx, tx, ticket, until));
    for bad in [ctx.now(), ctx.now().plus_millis(367 * 24 * 60 * MINUTE_MS)] {
        assert_eq!(snooze(bad).unwrap_err().field_errors()[0].field, "until");
    }
    let until = ctx.now().plus_millis(60 * MINUTE_MS);
    assert_eq!(snooze(until).unwrap().snoozed_until, Some(until));
    say(db, &ctx, ticket, By::Contact, "Salom").unwrap();
    assert_eq!(get(db, &ctx, ticket).snoozed_until, None);
    snooze(until).unwrap();
    run(db, &ctx, move |ctx, tx| actions::wake(ctx, tx, ticket)).unwrap();
    assert_eq!(get(db, &ctx, ticket).snoozed_until, None);
}

#[db_test]
fn what_is_merged_stands_in_one_ticket_and_in_order(db: &TestDb) {
    let ctx = ctx(1);
    let (payment, secret) = (category(db, &ctx, "Toʻlov"), category(db, &ctx, "Maxfiy"));
    agent(db, &ctx, 1, &[&payment], false);
    let [one, two, three] = [100, 101, 102].map(|person| user(db, &ctx, person, None));
    let (from, into) = (open(db, &ctx, &one, &payment).id, open(db, &ctx, &two, &payment).id);
    let hidden = open(db, &ctx, &three, &secret).id;
    for (ticket, text) in [(from, "a1"), (into, "b1"), (from, "a2"), (into, "b2")] {
        say(db, &ctx, ticket, By::Contact, text).unwrap();
    }
    let merge = |ctx: &Ctx, from, into| run(db, ctx, move |ctx, tx| actions::merge(ctx, tx, from, into));
    assert_eq!(merge(&ctx, from, from).unwrap_err().field_errors()[0].field, "into");
    assert_eq!(merge(&member(&ctx, 1), hidden, into).unwrap_err().kind(), Kind::NotFound);
    assert_eq!(merge(&member(&ctx, 1), from, hidden).unwrap_err().kind(), Kind::NotFound);
    merge(&member(&ctx, 1), from, into).unwrap();
    let said = |ticket| -> Vec<(i64, String)> {
        let filter = MessageFilter { ticket: Some(ticket), ..MessageFilter::default() };
        let page =
            run(db, &ctx, move |ctx, tx| reads::messages(ctx, tx, &filter, PageRequest::default())).unwrap();
        page.results.into_iter().map(|message| (message.place, message.said.text)).collect()
    };
    let line = |place, text: &str| (place, text.to_owned());
    assert_eq!(said(into), [line(1, "b1"), line(2, "b2"), line(3, "a1"), line(4, "a2")]);
    assert_eq!(said(from), []);
    let ended = get(db, &ctx, from);
    assert_eq!((ended.is_open, ended.merged_into), (false, Some(into)));
    assert_eq!(merge(&ctx, from, into).unwrap_err().text().key(), "tickets-merged-already");
    let again = run(db, &ctx, move |ctx, tx| actions::reopen(ctx, tx, from)).unwrap_err();
    assert_eq!(again.text().key(), "tickets-merged-already");
    say(db, &ctx, into, By::Contact, "b3").unwrap();
    assert_eq!(said(into).last().unwrap(), &line(5, "b3"), "places go on without a gap");
}

#[db_test]
fn whoever_is_named_in_a_note_finds_the_ticket_until_they_have_seen_it(db: &TestDb) {
    let ctx = ctx(1);
    let (payment, secret) = (category(db, &ctx, "Toʻlov"), category(db, &ctx, "Maxfiy"));
    let (hers, elsewhere) = (agent(db, &ctx, 1, &[&payment], false), agent(db, &ctx, 2, &[&secret], false));
    let asks = user(db, &ctx, 100, None);
    let ticket = open(db, &ctx, &asks, &payment).id;
    let note =
        |ctx: &Ctx, text: &'static str| run(db, ctx, move |ctx, tx| actions::add_note(ctx, tx, ticket, text));
    assert_eq!(note(&ctx, " ").unwrap_err().field_errors()[0].field, "text");
    assert_eq!(note(&member(&ctx, 2), "Salom").unwrap_err().kind(), Kind::NotFound);
    note(&ctx, "@Agent 1 va @Agent 2, qarang").unwrap();
    let named = |agent: Id<Agent>| {
        run(db, &ctx, move |ctx, tx| store::act::is_mentioned(ctx, tx, agent, ticket)).unwrap()
    };
    assert!(named(hers.id));
    assert!(!named(elsewhere.id), "who does not see the ticket is not led to it");
    run(db, &member(&ctx, 1), move |ctx, tx| actions::see(ctx, tx, ticket)).unwrap();
    assert!(!named(hers.id));
    let count =
        run(db, &ctx, |ctx, tx| reads::messages(ctx, tx, &MessageFilter::default(), PageRequest::default()));
    assert_eq!(count.unwrap().count, 0, "a note is no message");
}

#[db_test]
fn a_ticket_that_is_about_something_else_goes_to_those_who_answer_there(db: &TestDb) {
    let ctx = ctx(1);
    let (payment, delivery) = (category(db, &ctx, "Toʻlov"), category(db, &ctx, "Yetkazish"));
    serve(db, &ctx, &delivery, by_load());
    let (hers, his) = (agent(db, &ctx, 1, &[&payment], false), agent(db, &ctx, 2, &[&delivery], false));
    let asks = user(db, &ctx, 100, None);
    let ticket = open(db, &ctx, &asks, &payment).id;
    say(db, &member(&ctx, 1), ticket, By::Agent(hers.id), "Salom!").unwrap();
    let to = delivery.id;
    let moved = run(db, &member(&ctx, 1), move |ctx, tx| actions::move_to(ctx, tx, ticket, to)).unwrap();
    assert_eq!((moved.category, moved.agent), (delivery.id, Some(his.id)));
    let gone = run(db, &member(&ctx, 1), move |ctx, tx| reads::get(ctx, tx, ticket)).unwrap_err();
    assert_eq!(gone.kind(), Kind::NotFound, "it is not hers any more");
}

#[db_test]
fn a_ticket_that_sleeps_comes_back_by_its_time_once(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    let ticket = open(db, &ctx, &user(db, &ctx, 100, None), &payment).id;
    let until = at(&ctx, 60).now();
    run(db, &ctx, move |ctx, tx| actions::snooze(ctx, tx, ticket, until)).unwrap();
    let after = |minutes| {
        run(db, &at(&ctx, minutes), sleeping::bring_back).unwrap();
        told(db, &ctx, "ticket.returned")
    };
    assert_eq!((after(59), get(db, &ctx, ticket).snoozed_until), (0, Some(until)));
    assert_eq!((after(61), get(db, &ctx, ticket).snoozed_until), (1, None));
    assert_eq!(after(62), 1, "once");
    assert_eq!(deeds(db, &ctx, ticket).last().unwrap().deed, Deed::Returned);
    // One that was closed in its sleep stays where it is.
    run(db, &ctx, move |ctx, tx| actions::snooze(ctx, tx, ticket, until)).unwrap();
    run(db, &ctx, move |ctx, tx| actions::close(ctx, tx, ticket)).unwrap();
    assert_eq!(after(63), 1);
}

#[db_test]
fn an_answer_that_did_not_arrive_is_marked_and_what_was_asked_never_is(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    let hers = agent(db, &ctx, 1, &[&payment], false);
    let ticket = open(db, &ctx, &user(db, &ctx, 100, None), &payment).id;
    say(db, &ctx, ticket, By::Contact, "Salom").unwrap();
    say(db, &ctx, ticket, By::Agent(hers.id), "Salom!").unwrap();
    let messages = || run(db, &ctx, move |ctx, tx| reads::said_between(ctx, tx, ticket, 0, 9)).unwrap();
    let before = told(db, &ctx, "ticket.edited");
    for message in messages() {
        run(db, &ctx, move |ctx, tx| actions::lose_answer(ctx, tx, message.id, Undelivered::Blocked))
            .unwrap();
        run(db, &ctx, move |ctx, tx| actions::lose_answer(ctx, tx, message.id, Undelivered::Blocked))
            .unwrap();
    }
    let marked: Vec<_> = messages().iter().map(|message| message.undelivered).collect();
    assert_eq!(marked, [None, Some(Undelivered::Blocked)]);
    assert_eq!(told(db, &ctx, "ticket.edited") - before, 1, "once");
}
