//! What agents do by their chats: with their own sight, and with their own name.

use context::Actor;
use db::{db_test, testing::TestDb};
use kernel::{Kind, PageRequest};
use web::testing::ctx;

use super::{agent, category, open, run, say, user};
use crate::{
    Agent, By, NewAgent, Ticket, actions,
    reads::{self, View},
    work::{self, Figures},
};

/// The agent, in a chat that is known to be theirs.
fn at_desk(ctx: &context::Ctx, agent: &Agent) -> context::Ctx {
    super::member(ctx, 1).with(|ctx| ctx.actor = Actor::agent(agent.id.uuid(), &agent.full_name))
}

fn changed(db: &TestDb, ctx: &context::Ctx, agent: &Agent, is_active: bool) -> kernel::Result<Agent> {
    let Agent { id, member, telegram_id, full_name, is_head, categories, .. } = agent.clone();
    run(db, ctx, move |ctx, tx| {
        let (full_name, categories) = (full_name.clone(), categories.clone());
        let new = NewAgent { member, telegram_id, full_name, is_head, is_active, categories };
        actions::update_agent(ctx, tx, id, new)
    })
}

#[db_test]
fn an_agent_in_a_chat_has_the_sight_and_the_name_of_that_agent(db: &TestDb) {
    let ctx = ctx(1);
    let (payment, delivery) = (category(db, &ctx, "Toʻlov"), category(db, &ctx, "Yetkazish"));
    let bobur = agent(db, &ctx, 10, &[&payment], false);
    let head = agent(db, &ctx, 11, &[], true);
    let paid = open(db, &ctx, &user(db, &ctx, 1, None), &payment);
    let sent = open(db, &ctx, &user(db, &ctx, 2, None), &delivery);
    let own = at_desk(&ctx, &bobur);
    let not_found = |kind: Kind| assert_eq!(kind, Kind::NotFound);
    not_found(run(db, &own, move |ctx, tx| reads::get_by_number(ctx, tx, sent.number)).unwrap_err().kind());
    not_found(run(db, &own, move |ctx, tx| actions::hold(ctx, tx, sent.id)).unwrap_err().kind());
    not_found(say(db, &own, sent.id, By::Agent(bobur.id), "Salom").unwrap_err().kind());
    not_found(
        run(db, &own, move |ctx, tx| actions::move_to(ctx, tx, sent.id, payment.id)).unwrap_err().kind(),
    );
    // In nobody else's name.
    let foreign = say(db, &own, paid.id, By::Agent(head.id), "Salom").unwrap_err();
    assert_eq!(foreign.kind(), Kind::Forbidden);
    say(db, &own, paid.id, By::Agent(bobur.id), "Salom").unwrap();
    let closed = run(db, &own, move |ctx, tx| actions::close(ctx, tx, paid.id)).unwrap();
    assert_eq!((closed.closed_by.as_deref(), closed.agent), (Some("Agent 10"), Some(bobur.id)));
    let named = run(db, &ctx, |ctx, tx| {
        let sql = "SELECT COUNT(*) FROM context_audit_entry WHERE workspace_id = $1 AND actor_kind = 'agent' AND actor_name = 'Agent 10'";
        tx.query_one(sql, db::params![ctx.workspace()], |row| row.get::<i64>(0))
    });
    assert_eq!(named.unwrap(), 3, "it said, it has the ticket, it closed");
    // A head agent sees all; one who is put away nothing.
    assert!(run(db, &at_desk(&ctx, &head), move |ctx, tx| reads::get(ctx, tx, sent.id)).is_ok());
    assert!(changed(db, &own, &bobur, true).is_err(), "no head agent");
    changed(db, &ctx, &head, false).unwrap();
    not_found(
        run(db, &at_desk(&ctx, &head), move |ctx, tx| reads::get(ctx, tx, sent.id)).unwrap_err().kind(),
    );
}

#[db_test]
fn who_waits_longest_comes_first_and_an_answer_ends_the_wait(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    let bobur = agent(db, &ctx, 10, &[&payment], false);
    let tickets: Vec<Ticket> =
        (1..=3).map(|id| open(db, &ctx, &user(db, &ctx, id, None), &payment)).collect();
    let at = |ms: i64| ctx.with(|ctx| ctx.now = ctx.now.plus_millis(ms));
    // The second asks first, the first asks twice, the third says nothing yet.
    for (ms, place) in [(1_000, 1), (2_000, 0), (3_000, 0)] {
        say(db, &at(ms), tickets[place].id, By::Contact, "Savol").unwrap();
    }
    let queue = |view: View| {
        let page = run(db, &at_desk(&ctx, &bobur), move |ctx, tx| {
            work::queue(ctx, tx, view, PageRequest::default())
        });
        let rows = page.unwrap().results.into_iter();
        rows.map(|row| (row.number, row.clock.waiting_since.map(|at| at.millis_since(ctx.now()))))
            .collect::<Vec<_>>()
    };
    assert_eq!(queue(View::Unassigned), [(2, Some(1_000)), (1, Some(2_000)), (3, None)]);
    let own = at_desk(&at(61_000), &bobur);
    say(db, &own, tickets[1].id, By::Agent(bobur.id), "Javob").unwrap();
    assert_eq!(queue(View::Unassigned), [(1, Some(2_000)), (3, None)]);
    assert_eq!(queue(View::Mine), [(2, None)]);
    say(db, &at(62_000), tickets[1].id, By::Contact, "Yana").unwrap();
    assert_eq!(queue(View::Mine), [(2, Some(62_000))]);
    assert_eq!(queue(View::Open), [(1, Some(2_000)), (2, Some(62_000)), (3, None)]);

    let since = ctx.now();
    let figures = run(db, &own, move |ctx, tx| work::figures(ctx, tx, Some(bobur.id), since)).unwrap();
    assert_eq!(figures, Figures { opened: 1, answered: 1, closed: 0, first_answer_s: Some(61) });
    let all = run(db, &own, move |ctx, tx| work::figures(ctx, tx, None, since));
    assert_eq!(all.unwrap_err().kind(), Kind::Forbidden);
    let all = run(db, &ctx, move |ctx, tx| work::figures(ctx, tx, None, since)).unwrap();
    assert_eq!((all.opened, all.answered, all.first_answer_s), (3, 1, Some(61)));
    let counts = run(db, &ctx, |ctx, tx| work::open_counts(ctx, tx)).unwrap();
    assert_eq!(counts.get(&bobur.id), Some(&1));
}

#[db_test]
fn head_agents_of_the_configuration_are_made_once(db: &TestDb) {
    let ctx = ctx(1);
    let make = |ids: &'static [i64]| run(db, &ctx, move |ctx, tx| actions::make_heads(ctx, tx, ids)).unwrap();
    assert_eq!((make(&[501, 502, 501]), make(&[501, 502])), (2, 0));
    let of = |id: i64| run(db, &ctx, move |ctx, tx| reads::agent_of_telegram(ctx, tx, id)).unwrap();
    let head = of(501).unwrap();
    assert!(head.is_head && head.is_active);
    changed(db, &ctx, &head, false).unwrap();
    assert_eq!(make(&[501, 503]), 1);
    assert!(!of(501).unwrap().is_active, "whoever was put away stays away");
    assert!(of(503).unwrap().is_head);
}
