//! What must be true, whatever happened.

use std::collections::{BTreeMap, HashMap};

use bots::Body;
use db::{ReadTx, Row, Scope, params};
use flow::Reply;
use kernel::{Id, Result, WorkspaceId};
use sales::{Invoice, Status};

use crate::{work, world::World};

/// An order as the table has it.
struct Stored {
    number: i64,
    status: Status,
    /// Of a conversation of ours.
    by_chat: bool,
    /// A checkout, whose goods are kept from the beginning.
    is_checkout: bool,
    was_confirmed: bool,
    /// Lines; lines that wait for goods; lines for which something is reserved.
    lines: i64,
    waiting: i64,
    reserved: i64,
}

impl World {
    /// Panics with the first thing that is not as it must be.
    pub(crate) fn check(&mut self) {
        let ctx = self.staff();
        let own = ctx.clone();
        let wrong = self.db.read_now(Scope::from(&ctx), move |tx| {
            let mut wrong: Vec<String> = sales::check(&own, tx)?;
            wrong.extend(stock::check(&own, tx)?.into_iter().map(|violation| format!("{violation:?}")));
            wrong.extend(stock::check_worth(&own, tx)?);
            wrong.extend(cash::check(&own, tx)?);
            wrong.extend(ledger::check(&own, tx)?);
            let booked = ledger::account_for(&own, tx, ledger::Role::Cash)?;
            let first = kernel::Date::new(2000, 1, 1)?;
            let booked = ledger::account_turnover(&own, tx, booked.id, first, own.today())?.closing()?;
            let till = cash::total(&own, tx, cash::RegisterKind::Cash)?;
            if booked != till {
                wrong.push(format!("{till} in the till, {booked} in the books"));
            }
            Ok(wrong)
        });
        assert_eq!(wrong.unwrap(), Vec::<String>::new(), "the books disagree");
        let orders = self.orders();
        self.check_orders(&orders);
        self.check_chats(&orders);
        self.check_audit(&orders);
        self.check_desk();
        self.told.orders = orders.len();
        self.told.orders_by_chat = orders.iter().filter(|order| order.by_chat).count();
        self.told.carts_of_many = orders.iter().filter(|order| order.by_chat && order.lines > 1).count();
        self.told.cancelled = orders.iter().filter(|order| order.status == Status::Cancelled).count();
    }

    pub(crate) fn rows<T: Send + 'static>(
        &self,
        sql: &'static str,
        read: impl Fn(&Row<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Vec<T> {
        let ctx = self.staff();
        let workspace: WorkspaceId = ctx.workspace();
        let all = move |tx: &mut ReadTx<'_>| tx.query(sql, params![workspace], &read);
        self.db.read_now(Scope::from(&ctx), all).unwrap()
    }

    fn orders(&self) -> Vec<Stored> {
        self.rows(
            "SELECT o.number, o.status,
                 o.source = 'chat' AND o.chat_ref IS NOT NULL, o.kept_at_once, o.confirmed_at_ms IS NOT NULL,
                 (SELECT COUNT(*) FROM sales_order_line l WHERE l.workspace_id = o.workspace_id AND l.order_id = o.id),
                 (SELECT COUNT(*) FROM sales_order_line l WHERE l.workspace_id = o.workspace_id AND l.order_id = o.id
                  AND l.quantity > l.delivered AND o.delivery_state <> 'closed'),
                 (SELECT COUNT(DISTINCT r.line_id) FROM stock_reservation r
                  WHERE r.workspace_id = o.workspace_id AND r.source_id = o.id)
             FROM sales_order o WHERE o.workspace_id = $1 ORDER BY o.number",
            |row| {
                let word: String = row.get(1)?;
                Ok(Stored {
                    number: row.get(0)?,
                    status: word.parse().expect("a state"),
                    by_chat: row.get(2)?,
                    is_checkout: row.get(3)?,
                    was_confirmed: row.get(4)?,
                    lines: row.get(5)?,
                    waiting: row.get(6)?,
                    reserved: row.get(7)?,
                })
            },
        )
    }

    /// Orders are there once, in the state they were left in, with their goods kept as that state says.
    fn check_orders(&self, orders: &[Stored]) {
        for (number, status) in &self.known {
            let found: Vec<_> = orders.iter().filter(|order| order.number == *number).collect();
            assert_eq!(found.len(), 1, "order {number} was answered for and is there {} times", found.len());
            // A customer may cancel what nobody has confirmed; nobody else touches what staff left.
            assert_eq!(found[0].status, *status, "order {number}");
        }
        for Stored { number, status, by_chat, is_checkout, waiting, reserved, .. } in orders {
            let (open, kept) = (*waiting, *reserved);
            match (status, is_checkout) {
                (Status::Draft | Status::Cancelled, _) => assert_eq!(kept, 0, "order {number} is {status:?}"),
                (Status::Confirmed, _) => assert_eq!(kept, open, "order {number} is confirmed"),
                (Status::New, true) => assert_eq!(kept, open, "order {number} is new, by a customer"),
                (Status::New, false) => assert_eq!(kept, 0, "order {number} is new, by staff"),
            }
            assert!(
                *by_chat || self.known.contains_key(number),
                "order {number} is there and nobody was told of it"
            );
        }
        let mut numbers: Vec<i64> = orders.iter().map(|order| order.number).collect();
        numbers.extend(self.thrown_away.keys());
        numbers.sort_unstable();
        let gapless: Vec<i64> = (1..=i64::try_from(numbers.len()).unwrap()).collect();
        assert_eq!(numbers, gapless, "numbers have a gap or a double");
    }

    /// What chats announced is what there is; each update was taken once, and answered.
    fn check_chats(&self, orders: &[Stored]) {
        let mut announced: Vec<i64> = self
            .rows(
                "SELECT body FROM bots_message WHERE workspace_id = $1 AND direction = 'out' ORDER BY seq",
                |row| row.get::<serde_json::Value>(0),
            )
            .into_iter()
            .filter_map(|body| match serde_json::from_value(body).unwrap() {
                Body::Out(Reply::Message(message)) => announced(&message.text.text),
                Body::Out(Reply::Toast(_) | Reply::Typing)
                | Body::In(_)
                | Body::Other(_)
                | Body::Note(_)
                | Body::Desk(_) => None,
            })
            .collect();
        announced.sort_unstable();
        let by_chat: Vec<i64> =
            orders.iter().filter(|order| order.by_chat).map(|order| order.number).collect();
        assert_eq!(announced, by_chat, "orders announced in chats, and orders of chats");
        let taken: HashMap<String, i64> = self
            .rows(
                "SELECT update_key, COUNT(*) FROM bots_message WHERE workspace_id = $1 AND direction = 'in'
                     AND update_key IS NOT NULL GROUP BY update_key",
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .into_iter()
            .collect();
        assert!(taken.values().all(|times| *times == 1), "an update is kept twice: {taken:?}");
        let missing: Vec<_> = self.delivered.iter().filter(|key| !taken.contains_key(*key)).collect();
        assert!(missing.is_empty() && taken.len() == self.delivered.len(), "updates lost: {missing:?}");
    }

    /// Every write left its entry, every order its event.
    fn check_audit(&self, orders: &[Stored]) {
        let entries: BTreeMap<String, i64> = self
            .rows(
                "SELECT action, COUNT(*) FROM context_audit_entry WHERE workspace_id = $1 GROUP BY action",
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .into_iter()
            .collect();
        let entries_of = |action: &str| entries.get(action).copied().unwrap_or_default();
        let count = |fits: &dyn Fn(&Stored) -> bool| {
            i64::try_from(orders.iter().filter(|order| fits(order)).count()).unwrap()
        };
        let by_chat = count(&|order| order.by_chat);
        for (action, owed) in &self.owed {
            let chats = if *action == "sales_order.place" { by_chat } else { 0 };
            // Customers cancel in chats; what people do at once is counted by what came of it.
            if !matches!(*action, "" | "sales_order.cancel" | "sales_order.confirm") {
                assert_eq!(entries_of(action), owed + chats, "audit entries of {action}");
            }
        }
        let cancelled = count(&|order| order.status == Status::Cancelled);
        assert_eq!(entries_of("sales_order.cancel"), cancelled, "audit entries of cancelled orders");
        let confirmed = count(&|order| order.was_confirmed);
        let sold = entries_of("sales_order.sell");
        assert_eq!(entries_of("sales_order.confirm"), confirmed - sold, "audit entries of confirmed orders");
        let moves = self
            .rows("SELECT COUNT(*) FROM stock_move WHERE workspace_id = $1 AND kind = 'adjustment'", |row| {
                row.get::<i64>(0)
            })[0];
        assert_eq!(entries_of("stock.adjust"), moves, "audit entries of counts");
        let receipts = self.rows(
            "SELECT COUNT(*), COALESCE(SUM(CASE WHEN status = 'posted' THEN 1 ELSE 0 END), 0)
             FROM stock_receipt WHERE workspace_id = $1",
            |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)),
        )[0];
        let thrown_away = entries_of("stock_receipt.delete");
        assert_eq!(entries_of("stock_receipt.create") - thrown_away, receipts.0, "audit entries of receipts");
        assert_eq!(entries_of("stock_receipt.post"), receipts.1, "audit entries of posted receipts");
        let placed = self.rows(
            "SELECT COUNT(*) FROM context_event WHERE workspace_id = $1 AND name = 'sales_order.placed'",
            |row| row.get::<i64>(0),
        )[0];
        let thrown_away = self.thrown_away.values().filter(|is_checkout| **is_checkout).count();
        let checkouts = count(&|order| order.is_checkout) + i64::try_from(thrown_away).unwrap();
        assert_eq!(placed, checkouts, "events of placed orders");
    }

    /// At the end, when everything was worked off: each event was heard once, however often it was told, and each job
    /// was done once, however often it was begun.
    pub(crate) fn check_work(&self) {
        let left = self.db.read_now(Scope::Server, work::unfinished).unwrap();
        assert_eq!(left, Vec::<String>::new(), "jobs are left behind");
        let mut told: Vec<i64> = self.rows(
            "SELECT seq FROM context_event WHERE workspace_id = $1
                 AND name IN ('sales_order.placed', 'sales_order.confirmed', 'sales_order.cancelled')",
            |row| row.get(0),
        );
        told.sort_unstable();
        let mut heard: Vec<i64> = self
            .rows(
                "SELECT after FROM context_audit_entry WHERE workspace_id = $1 AND action = 'simulation.heard'",
                |row| row.get::<serde_json::Value>(0),
            )
            .into_iter()
            .map(|after| after["seq"].as_i64().unwrap())
            .collect();
        heard.sort_unstable();
        assert_eq!(heard, told, "events heard, and events told");
        for mark in &self.restocked {
            let (ctx, note) = (self.staff(), mark.clone());
            let posted = "SELECT COUNT(*) FROM stock_receipt WHERE workspace_id = $1 AND note = $2
                 AND status = 'posted'";
            let read = move |tx: &mut ReadTx<'_>| {
                tx.query_one(posted, params![ctx.workspace(), note], |row| row.get::<i64>(0))
            };
            assert_eq!(self.db.read_now(Scope::Server, read).unwrap(), 1, "the receipt of {mark}");
        }
        self.check_papers();
    }

    /// Each invoice and credit note of a chat's order was sent there as a file, once.
    fn check_papers(&self) {
        let mut wanted: Vec<String> = self
            .rows(
                "SELECT i.id FROM sales_invoice i
                 JOIN sales_order o ON o.workspace_id = i.workspace_id AND o.id = i.order_id
                 WHERE i.workspace_id = $1 AND o.source = 'chat' AND o.chat_ref IS NOT NULL",
                |row| row.get::<Id<Invoice>>(0),
            )
            .into_iter()
            .map(|id| format!("invoice:{id}"))
            .collect();
        wanted.sort_unstable();
        let mut sent: Vec<String> = self.rows(
            "SELECT update_key FROM bots_message WHERE workspace_id = $1 AND direction = 'out'
                 AND update_key IS NOT NULL",
            |row| row.get(0),
        );
        sent.sort_unstable();
        assert_eq!(sent, wanted, "papers sent in chats, and invoices of their orders");
    }
}

/// The number in the message that thanks for an order, in any language: `✅ … /order 12`.
fn announced(text: &str) -> Option<i64> {
    let (_, rest) = text.strip_prefix('✅')?.split_once("/order ")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thanks_for_an_order_name_it() {
        assert_eq!(announced("✅ Rahmat, Ali! Buyurtmangiz qabul qilindi.\n/order 12 orqali"), Some(12));
        assert_eq!(announced("✅ Saqlandi."), None);
        assert_eq!(announced("👍 № 3 /order 3"), None);
    }
}
