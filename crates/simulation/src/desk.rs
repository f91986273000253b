//! The support desk: people ask, also twice at the same moment and the same words twice; agents answer, close, open again, hand
//! over, merge, let tickets sleep and go off duty.

use contacts::Contact;
use context::Ctx;
use db::{Lane, ReadTx, Tx, params};
use futures::{executor::block_on, future::join_all};
use kernel::{Id, Result};
use tickets::{Agent, Assigns, By, Category, NewAgent, NewCategory, Opening, Said, Service, Ticket, actions};

use crate::world::World;

const CATEGORIES: [&str; 2] = ["Toʻlov", "Yetkazib berish"];
const AGENTS: usize = 3;
/// Messages of one person that come at once.
const AT_ONCE: usize = 3;
const MINUTE_MS: i64 = 60_000;

/// What the story knows of the desk.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    categories: Vec<Id<Category>>,
    agents: Vec<Id<Agent>>,
    /// What was said, by whom ever it was told that it stands there: each in other words.
    said: Vec<String>,
    /// Numbers the words.
    words: usize,
}

impl Desk {
    pub(crate) fn open(ctx: &Ctx, tx: &mut Tx<'_>) -> Result<Self> {
        let mut desk = Self::default();
        for name in CATEGORIES {
            let name = catalog::Names { uz: name.to_owned(), ru: None, en: None };
            let service =
                Service { answer_minutes: Some(10), resolve_minutes: Some(60), assigns: Assigns::ByLoad };
            let new = NewCategory { service, ..NewCategory::named(name) };
            desk.categories.push(actions::create_category(ctx, tx, new)?.id);
        }
        for number in 0..AGENTS {
            let new = NewAgent {
                member: None,
                telegram_id: Some(7_000 + i64::try_from(number).unwrap()),
                full_name: format!("Operator {number}"),
                is_head: false,
                is_active: true,
                categories: desk.categories.clone(),
            };
            desk.agents.push(actions::create_agent(ctx, tx, new)?.id);
        }
        Ok(desk)
    }
}

/// What somebody says in their ticket, which is opened where there is none.
fn say(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    (contact, category): (Id<Contact>, Id<Category>),
    words: &str,
) -> Result<()> {
    let (Opening::New(ticket) | Opening::AlreadyOpen(ticket)) =
        actions::open_ticket(ctx, tx, contact, category, None)?;
    let said = Said { chat_key: Some(words.to_owned()), ..Said::words(words) };
    actions::add_message(ctx, tx, ticket.id, By::Contact, said).map(drop)
}

impl World {
    pub(crate) fn desk_step(&mut self) {
        match self.dice.below(20) {
            0..6 => self.ask(),
            6 => self.ask_again(),
            7..10 => self.ask_at_once(),
            10..14 => self.answer(),
            14 => self.end_ticket(),
            15 => self.open_again(),
            16 => self.hand_over(),
            17 => self.merge(),
            18 => self.let_sleep(),
            _ => self.change_duty(),
        }
    }

    fn new_words(&mut self) -> String {
        self.desk.words += 1;
        format!("Gap {}", self.desk.words)
    }

    fn who_and_what(&mut self) -> (Id<Contact>, Id<Category>) {
        let Self { dice, customers, desk, .. } = self;
        (dice.pick(customers).id, *dice.pick(&desk.categories))
    }

    fn ask(&mut self) {
        let (asks, words) = (self.who_and_what(), self.new_words());
        let own = words.clone();
        if self.write("ticket.say", move |ctx, tx| say(ctx, tx, asks, &own)).is_some() {
            self.desk.said.push(words);
        }
    }

    /// The platform delivers what it delivered before: it stands where it stands.
    fn ask_again(&mut self) {
        let known: Vec<String> =
            self.desk.said.iter().filter(|words| words.starts_with("Gap")).cloned().collect();
        if known.is_empty() {
            return;
        }
        let (asks, words) = (self.who_and_what(), self.dice.pick(&known).clone());
        self.write("", move |ctx, tx| say(ctx, tx, asks, &words));
    }

    /// First messages of one person at the same moment, one of them twice: they have one ticket, and each message stands there
    /// once.
    fn ask_at_once(&mut self) {
        let asks = self.who_and_what();
        let mut all: Vec<String> = (0..AT_ONCE).map(|_| self.new_words()).collect();
        all.extend(all.first().cloned());
        let ctx = self.staff();
        let saying = all.iter().map(|words| {
            let (own, words) = (ctx.clone(), words.clone());
            self.db.write(&ctx, Lane::People, move |tx: &mut Tx<'_>| say(&own, tx, asks, &words))
        });
        for said in block_on(join_all(saying)) {
            said.unwrap();
        }
        all.pop();
        *self.owed.entry("ticket.say").or_default() += i64::try_from(all.len()).unwrap();
        self.told.actions += all.len();
        self.desk.said.extend(all);
    }

    fn answer(&mut self) {
        let Some(ticket) = self.any_ticket(true) else { return };
        let Self { dice, desk, .. } = self;
        let agent = *dice.pick(&desk.agents);
        let words = self.new_words().replace("Gap", "Javob");
        let own = words.clone();
        let answer = move |ctx: &Ctx, tx: &mut Tx<'_>| {
            actions::add_message(ctx, tx, ticket, By::Agent(agent), Said::words(&own)).map(drop)
        };
        if self.write("ticket.say", answer).is_some() {
            self.desk.said.push(words);
            self.told.answers += 1;
        }
    }

    fn end_ticket(&mut self) {
        let Some(ticket) = self.any_ticket(true) else { return };
        self.write("", move |ctx, tx| actions::close(ctx, tx, ticket).map(drop));
    }

    /// Refused where whoever asked has another open one by now, or where it was merged.
    fn open_again(&mut self) {
        let Some(ticket) = self.any_ticket(false) else { return };
        self.write("", move |ctx, tx| actions::reopen(ctx, tx, ticket).map(drop));
    }

    fn hand_over(&mut self) {
        let Some(ticket) = self.any_ticket(true) else { return };
        let Self { dice, desk, .. } = self;
        let agent = *dice.pick(&desk.agents);
        self.write("", move |ctx, tx| actions::assign(ctx, tx, ticket, agent).map(drop));
    }

    fn merge(&mut self) {
        let (Some(from), Some(into)) = (self.any_ticket(true), self.any_ticket(true)) else { return };
        if self.write("", move |ctx, tx| actions::merge(ctx, tx, from, into).map(drop)).is_some() {
            self.told.merged += 1;
        }
    }

    fn let_sleep(&mut self) {
        let Some(ticket) = self.any_ticket(true) else { return };
        let until = self.staff().now().plus_millis(self.dice.between(2, 60) * MINUTE_MS);
        self.write("", move |ctx, tx| actions::snooze(ctx, tx, ticket, until).map(drop));
    }

    fn change_duty(&mut self) {
        let Self { dice, desk, .. } = self;
        let (agent, is_on) = (*dice.pick(&desk.agents), dice.one_in(2));
        self.write("", move |ctx, tx| actions::set_duty(ctx, tx, agent, is_on).map(drop));
    }

    fn any_ticket(&mut self, is_open: bool) -> Option<Id<Ticket>> {
        let ctx = self.staff();
        let read = move |tx: &mut ReadTx<'_>| {
            tx.query(
                "SELECT id FROM tickets_ticket WHERE workspace_id = $1 AND is_open = $2 ORDER BY number",
                params![ctx.workspace(), is_open],
                |row| row.get::<Id<Ticket>>(0),
            )
        };
        let all = self.db.read_now(db::Scope::from(&self.staff()), read).unwrap();
        if all.is_empty() { None } else { Some(*self.dice.pick(&all)) }
    }

    /// Nobody has two open tickets; each message stands once in one ticket, in order and without a gap, and is found; what died
    /// before its commit stands nowhere.
    pub(crate) fn check_desk(&mut self) {
        let doubles = self.rows(
            "SELECT COUNT(*) FROM tickets_ticket WHERE workspace_id = $1 AND is_open GROUP BY contact_id HAVING COUNT(*) > 1",
            |row| row.get::<i64>(0),
        );
        assert!(doubles.is_empty(), "somebody has {doubles:?} open tickets");
        let places = self.rows(
            "SELECT ticket.number, ticket.merged_into IS NOT NULL, ticket.last_place, COUNT(said.id),
                 COALESCE(MIN(said.place), 1), COALESCE(MAX(said.place), 0)
             FROM tickets_ticket ticket LEFT JOIN tickets_message said
                 ON said.workspace_id = ticket.workspace_id AND said.ticket_id = ticket.id
             WHERE ticket.workspace_id = $1 GROUP BY ticket.number, ticket.merged_into, ticket.last_place",
            |row| {
                let is_merged: bool = row.get(1)?;
                let places: [i64; 4] = [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?];
                Ok((row.get::<i64>(0)?, is_merged, places))
            },
        );
        for (number, is_merged, [last, count, first, latest]) in places {
            let is_whole = if is_merged { count == 0 } else { (last, first, latest) == (count, 1, count) };
            assert!(
                is_whole,
                "ticket {number}: {count} messages from {first} to {latest}, the last is {last}"
            );
        }
        let mut standing =
            self.rows("SELECT text FROM tickets_message WHERE workspace_id = $1", |row| row.get::<String>(0));
        standing.sort_unstable();
        let mut said = self.desk.said.clone();
        said.sort_unstable();
        assert_eq!(standing, said, "what stands in tickets, and what was said");
        let found = self.rows(
            "SELECT COUNT(*) FROM tickets_said found JOIN tickets_message said ON said.workspace_id = found.workspace_id
                 AND said.id = found.message_id AND said.ticket_id = found.ticket_id
             WHERE found.workspace_id = $1",
            |row| row.get::<i64>(0),
        )[0];
        assert_eq!(found, i64::try_from(said.len()).unwrap(), "messages that are found where they stand");
        let told = self.rows(
            "SELECT COUNT(*) FROM context_event WHERE workspace_id = $1 AND name = 'ticket.said'",
            |row| row.get::<i64>(0),
        )[0];
        assert_eq!(told, i64::try_from(said.len()).unwrap(), "each message is told once");
        self.told.asked = said.iter().filter(|words| words.starts_with("Gap")).count();
    }
}
