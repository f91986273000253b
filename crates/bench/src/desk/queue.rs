//! The desk's pages with 200,000 tickets.

use std::sync::Arc;

use contacts::{Contact, NewContact};
use context::Ctx;
use db::{Lane, ReadTx, Tx, params};
use kernel::{Id, Phone, Timestamp};
use tickets::{Agent, Category, Message, Ticket, reads};

use crate::{
    bare,
    bars::table,
    goods::ctx,
    place::Database,
    site::{Browser, Shop, time_pages},
};

const TICKETS: i64 = 200_000;
/// People who asked: most of them more than once.
const CONTACTS: i64 = 50_000;
/// The latest: nobody has two that are open.
const OPEN: i64 = 20_000;
/// Of the person, the agent, the person.
const MESSAGES_EACH: i64 = 3;
/// One open ticket in so many has nobody yet, and one in so many others sleeps.
const UNASSIGNED_ONE_IN: i64 = 20;
const SNOOZED_ONE_IN: i64 = 33;
const AT_ONCE: i64 = 500;
const MINUTE: i64 = 60;
const NAMES: [&str; 8] =
    ["Aziza Karimova", "Botir Aliyev", "Дилшод Усмонов", "Gulnora", "Jamshid", "Лола", "Otabek", "Sevara"];
const SAID: [&str; 5] = [
    "Toʻlov oʻtdi, lekin buyurtma koʻrinmayapti",
    "Qachon yetkazib berasizlar?",
    "Телефон не включается, что делать?",
    "Kafolat bormi",
    "Адрес поменялся, исправьте пожалуйста",
];

/// What agents open all day; `{number}` is a ticket.
const PAGES: [(&str, &str); 10] = [
    ("the queue", "/desk"),
    ("mine", "/desk?view=mine"),
    ("unassigned", "/desk?view=unassigned"),
    ("who waits", "/desk?view=waiting"),
    ("overdue", "/desk?view=overdue"),
    ("closed", "/desk?view=closed"),
    ("page 500 of what is closed", "/desk?view=closed&page=500"),
    ("one category", "/desk?category=1"),
    ("a ticket", "/desk/{number}"),
    ("the API's list", "/api/ticket/tickets?page_size=100"),
];

/// What they search for.
const SEARCHES: [(&str, &str); 7] = [
    ("a number", "/desk?q=199000"),
    ("a name, in Cyrillic", "/desk?q=%D0%B0%D0%B7%D0%B8%D0%B7%D0%B0"),
    ("words of messages", "/desk?q=kafolat"),
    ("words that nobody said", "/desk?q=xyzabc"),
    ("words of closed ones", "/desk?view=closed&q=kafolat"),
    ("words that no closed one has", "/desk?view=closed&q=xyzabc"),
    ("words, by the API", "/api/ticket/tickets?search=kafolat"),
];

/// The slowest page's p99, and the slowest search's, in milliseconds.
#[derive(Debug, Default)]
pub struct Slowest {
    pub page: f64,
    pub search: f64,
}

/// Calls the routes in this process, one after the other, as a head agent and as an agent with categories.
pub async fn time(database: Database) -> Slowest {
    let shop = Shop::make(database, &[]).await;
    let own = ctx(shop.workspace, shop.parts.app.clock().now());
    let number = fill(&shop, &own).await;
    tokio::task::block_in_place(|| bare::settle(&shop.db));
    let at = |(name, path): &(&'static str, &str)| (*name, path.replace("{number}", &number.to_string()));
    let (pages, searches): (Vec<_>, Vec<_>) =
        (PAGES.iter().map(at).collect(), SEARCHES.iter().map(at).collect());
    let mut slowest = Slowest::default();
    for (who, member) in [("a head agent", 0), ("an agent", 1)] {
        let mut browser = Browser::new(&shop.parts);
        browser.sign_in_as(member).await;
        let (mut rows, page) = time_pages(&mut browser, &pages).await;
        let (found, search) = time_pages(&mut browser, &searches).await;
        rows.extend(found);
        println!("{who}");
        table(&["server time, ms", "p50", "p99", "slowest", "KB"], &rows);
        println!();
        slowest = Slowest { page: slowest.page.max(page), search: slowest.search.max(search) };
    }
    slowest
}

/// Tickets as the years leave them, at the demo's desk; answers with the number of one of the latest.
async fn fill(shop: &Shop, own: &Ctx) -> i64 {
    let reader = own.clone();
    let read = move |tx: &mut ReadTx<'_>| {
        let categories = reads::categories(&reader, tx)?.into_iter().map(|one| one.id).collect::<Vec<_>>();
        let agents = reads::agents(&reader, tx)?.into_iter().map(|one| one.id).collect::<Vec<_>>();
        let sql = "SELECT COALESCE(MAX(number), 0) FROM tickets_ticket WHERE workspace_id = $1";
        let last = tx.query_one(sql, params![reader.workspace()], |row| row.get::<i64>(0))?;
        let sql = "SELECT COALESCE(MAX(number), 0) FROM tickets_message WHERE workspace_id = $1";
        let said = tx.query_one(sql, params![reader.workspace()], |row| row.get::<i64>(0))?;
        Ok((categories, agents, last, said))
    };
    let (categories, agents, last, said) = shop.db.read(own, read).await.unwrap();
    let contacts = Arc::new(people(shop, own).await);
    let (categories, agents) = (Arc::new(categories), Arc::new(agents));
    for first in (0..TICKETS).step_by(AT_ONCE as usize) {
        let (ctx, contacts) = (own.clone(), Arc::clone(&contacts));
        let (categories, agents) = (Arc::clone(&categories), Arc::clone(&agents));
        let write = move |tx: &mut Tx<'_>| {
            for place in first..first + AT_ONCE {
                let one = One {
                    place,
                    number: last + place + 1,
                    first_message: said + place * MESSAGES_EACH + 1,
                    contact: contacts[(place % CONTACTS) as usize],
                    category: categories[(place % categories.len() as i64) as usize],
                    agent: agents[(place % agents.len() as i64) as usize],
                };
                one.insert(&ctx, tx)?;
            }
            Ok(())
        };
        shop.db.write(own, Lane::Background, write).await.unwrap();
    }
    last + TICKETS
}

async fn people(shop: &Shop, own: &Ctx) -> Vec<Id<Contact>> {
    let mut all = Vec::new();
    for first in (0..CONTACTS).step_by(AT_ONCE as usize) {
        let ctx = own.clone();
        let make = move |tx: &mut Tx<'_>| {
            let one = |place: i64| {
                let name = format!("{} {place}", NAMES[(place % NAMES.len() as i64) as usize]);
                let phone = Phone::parse(&format!("+99893{:07}", 1_000_000 + place))?;
                contacts::create_contact(&ctx, tx, NewContact::customer(name, Some(phone)))
                    .map(|made| made.id)
            };
            (first..first + AT_ONCE).map(one).collect::<kernel::Result<Vec<_>>>()
        };
        all.extend(shop.db.write(own, Lane::Background, make).await.unwrap());
    }
    all
}

/// A ticket to write.
struct One {
    place: i64,
    number: i64,
    first_message: i64,
    contact: Id<Contact>,
    category: Id<Category>,
    agent: Id<Agent>,
}

impl One {
    fn insert(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> kernel::Result<()> {
        let (workspace, now) = (ctx.workspace(), ctx.now());
        let asked = now.plus_seconds((self.place - TICKETS) * MINUTE);
        let is_open = self.place >= TICKETS - OPEN;
        let agent = (!is_open || self.place % UNASSIGNED_ONE_IN != 0).then_some(self.agent);
        let snoozed: Option<Timestamp> =
            (is_open && self.place % SNOOZED_ONE_IN == 0).then(|| now.plus_seconds(600 * MINUTE));
        // The person had the last word in every second one.
        let waits = is_open && self.place % 2 == 0;
        let said = asked.plus_seconds(2 * MINUTE);
        let due = waits.then(|| said.plus_seconds(60 * MINUTE));
        let closed = (!is_open).then(|| asked.plus_seconds(90 * MINUTE));
        let id: Id<Ticket> = ctx.new_id();
        tx.execute_one(
            "INSERT INTO tickets_ticket (workspace_id, id, number, contact_id, category_id, agent_id, is_open, last_place,
                 created_at_ms, first_answer_at_ms, last_message_at_ms, closed_at_ms, closed_by, waiting_since_ms,
                 answer_due_at_ms, due_at_ms, snoozed_until_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $16)",
            params![
                workspace,
                id,
                self.number,
                self.contact,
                self.category,
                agent,
                is_open,
                MESSAGES_EACH,
                asked,
                asked.plus_seconds(MINUTE),
                said,
                closed,
                closed.map(|_| "agent"),
                waits.then_some(said),
                due,
                snoozed
            ],
        )?;
        for turn in 0..MESSAGES_EACH {
            let is_answer = turn % 2 == 1;
            let text = SAID[((self.place + turn) % SAID.len() as i64) as usize];
            let (message, at) = (ctx.new_id::<Message>(), asked.plus_seconds(turn * MINUTE));
            tx.execute_one(
                "INSERT INTO tickets_message (workspace_id, id, number, ticket_id, place, agent_id, is_answer, kind, text,
                     created_at_ms, is_found)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'text', $8, $9, $10)",
                params![
                    workspace,
                    message,
                    self.first_message + turn,
                    id,
                    turn + 1,
                    is_answer.then_some(self.agent),
                    is_answer,
                    text,
                    at,
                    true
                ],
            )?;
            tx.execute_one(
                "INSERT INTO tickets_said (workspace_id, at_ms, message_id, ticket_id, fold) VALUES ($1, $2, $3, $4, $5)",
                params![workspace, at, message, id, uztext::fold(text)],
            )?;
        }
        Ok(())
    }
}
