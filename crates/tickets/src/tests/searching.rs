//! Tickets found by what was said in them.

use axum::http::StatusCode;
use context::{Ctx, Services};
use db::{Scope, db_test, testing::TestDb};
use kernel::{Id, PageRequest};
use serde_json::json;
use web::testing::{Site, ctx};

use super::{agent, category, member, open, run, say, user};
use crate::{By, QueueFilter, Said, Ticket, TicketFilter, View, actions, module, reads, store};

/// The numbers of the tickets in this part of the queue that these words find.
fn found(db: &TestDb, ctx: &Ctx, view: View, text: &str) -> Vec<i64> {
    let filter = QueueFilter { view, text: text.to_owned(), ..QueueFilter::default() };
    let page = run(db, ctx, move |ctx, tx| reads::queue(ctx, tx, &filter, PageRequest::default())).unwrap();
    let mut numbers: Vec<i64> = page.results.iter().map(|queued| queued.ticket.number).collect();
    numbers.sort_unstable();
    numbers
}

fn listed(db: &TestDb, ctx: &Ctx, text: &str) -> i64 {
    let filter = TicketFilter { text: text.to_owned(), ..TicketFilter::default() };
    run(db, ctx, move |ctx, tx| reads::list(ctx, tx, &filter, PageRequest::default())).unwrap().count
}

fn asked(db: &TestDb, ctx: &Ctx, telegram_id: i64, about: &crate::Category, words: &str) -> Id<Ticket> {
    let id = open(db, ctx, &user(db, ctx, telegram_id, None), about).id;
    say(db, ctx, id, By::Contact, words).unwrap();
    id
}

#[db_test]
fn tickets_are_found_by_words_in_both_scripts_and_only_where_they_are_seen(db: &TestDb) {
    let ctx = ctx(1);
    let (payment, secret) = (category(db, &ctx, "Toʻlov"), category(db, &ctx, "Maxfiy"));
    let own = agent(db, &ctx, 5, &[&payment], false);
    let first = asked(db, &ctx, 100, &payment, "Музлатгичингиз шовқин чиқаряпти");
    asked(db, &ctx, 101, &secret, "Muzlatgich ishlamayapti");
    say(db, &member(&ctx, 5), first, By::Agent(own.id), "Ustani yuboramiz").unwrap();
    let agent = member(&ctx, 5);
    for (text, all, seen) in [
        ("muzlatgich", vec![1, 2], vec![1]),
        ("МУЗЛАТГИЧ", vec![1, 2], vec![1]),
        ("shovqin muzlatgich", vec![1], vec![1]),
        ("ishlamayapti", vec![2], vec![]),
        ("ustani", vec![1], vec![1]),
        // In one message.
        ("ustani shovqin", vec![], vec![]),
        ("televizor", vec![], vec![]),
        ("%", vec![], vec![]),
        ("№ 2", vec![2], vec![]),
        ("2", vec![2], vec![]),
    ] {
        assert_eq!(found(db, &ctx, View::Open, text), all, "{text}");
        assert_eq!(found(db, &agent, View::Open, text), seen, "{text}: the agent");
        assert_eq!(listed(db, &ctx, text), i64::try_from(all.len()).unwrap(), "{text}: the list");
        assert_eq!(listed(db, &agent, text), i64::try_from(seen.len()).unwrap(), "{text}: the agent's list");
    }
    assert_eq!(listed(db, &web::testing::ctx(2), "muzlatgich"), 0, "another workspace");
    run(db, &ctx, move |ctx, tx| actions::close(ctx, tx, first)).unwrap();
    assert_eq!(found(db, &ctx, View::Open, "shovqin"), Vec::<i64>::new());
    assert_eq!(found(db, &ctx, View::Closed, "shovqin"), [1]);
}

#[db_test]
fn what_is_said_anew_or_stands_elsewhere_is_found_as_it_is_now(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    let first = open(db, &ctx, &user(db, &ctx, 100, None), &payment).id;
    let second = asked(db, &ctx, 101, &payment, "Salom");
    run(db, &ctx, move |ctx, tx| {
        let said = Said { chat_key: Some("1:7".to_owned()), ..Said::words("Televizor") };
        actions::add_message(ctx, tx, first, By::Contact, said)
    })
    .unwrap();
    run(db, &ctx, |ctx, tx| actions::edit_message(ctx, tx, "1:7", "Konditsioner")).unwrap();
    assert_eq!(found(db, &ctx, View::Open, "televizor"), Vec::<i64>::new());
    assert_eq!(found(db, &ctx, View::Open, "konditsioner"), [1]);
    run(db, &ctx, move |ctx, tx| actions::merge(ctx, tx, first, second)).unwrap();
    assert_eq!(found(db, &ctx, View::Open, "konditsioner"), [2]);
    assert_eq!(found(db, &ctx, View::Closed, "konditsioner"), Vec::<i64>::new());
}

#[db_test]
fn words_from_before_are_made_findable_in_every_workspace(db: &TestDb) {
    for workspace in [1, 2] {
        let ctx = ctx(workspace);
        let payment = category(db, &ctx, "Toʻlov");
        for number in 0..3 {
            asked(db, &ctx, 100 + number, &payment, "Музлатгич");
        }
        // As it was before messages could be searched.
        run(db, &ctx, |ctx, tx| {
            tx.execute("DELETE FROM tickets_said WHERE workspace_id = $1", db::params![ctx.workspace()])?;
            let sql = "UPDATE tickets_message SET is_found = FALSE WHERE workspace_id = $1";
            tx.execute(sql, db::params![ctx.workspace()])
        })
        .unwrap();
        assert_eq!(listed(db, &ctx, "muzlatgich"), 0);
    }
    let more =
        |at_most| db.write_now(Scope::Server, move |tx| store::said::make_findable(tx, at_most)).unwrap();
    assert!(more(4));
    assert!(!more(4), "two were left");
    assert!(!more(4));
    for workspace in [1, 2] {
        assert_eq!(listed(db, &ctx(workspace), "muzlatgich"), 3);
    }
}

#[db_test]
async fn the_api_and_the_queue_search_alike(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    asked(db, &ctx, 77, &payment, "Pul yechildi, lekin buyurtma kelmadi");
    let site = Site::new(db, Services::default(), vec![contacts::module(), module()]);
    for (search, count) in [
        ("buyurtma", 1),
        ("%D0%B1%D1%83%D1%8E%D1%80%D1%82%D0%BC%D0%B0", 1),
        ("1", 1),
        ("kishi", 1),
        ("televizor", 0),
    ] {
        let answer = site.get(&format!("/api/ticket/tickets?search={search}")).await;
        assert_eq!(answer.json()["count"], json!(count), "{search}: {}", answer.text());
        let page = site.page(&format!("/desk?q={search}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.text().contains("Kishi 77"), count == 1, "{search}");
    }
    let long = "soʻz ".repeat(2_000).replace('ʻ', "%CA%BB").replace(' ', "%20");
    let answer = site.get(&format!("/api/ticket/tickets?search={long}")).await;
    assert_eq!(answer.status, StatusCode::OK, "what is too long is cut");
}
