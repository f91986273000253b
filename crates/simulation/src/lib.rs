//! Seeded customers, staff and crashes over the real domains on a real database, and what must be true after them.
//!
//! README.md says what a story is and what is checked. A story that goes wrong ends in a panic, and the seed and the
//! step are printed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a panic here is a failed story"
)]

mod books;
mod books_staff;
mod customers;
mod desk;
mod dice;
mod staff;
mod work;
mod world;

use db::testing::TestDb;

use dice::Dice;
use world::World;

/// Which story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Story {
    /// Where its chance comes from.
    pub seed: u64,
    /// How many steps it has.
    pub steps: usize,
    /// The process dies once in about so many steps; at least 1.
    pub crash_every: usize,
    /// On PostgreSQL instead of SQLite.
    pub on_postgres: bool,
}

/// How often the process dies where nobody says: so often that most of what it held is lost before it is used twice.
pub const CRASH_EVERY: usize = 12;

/// What happened in a story.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// Updates of chats, each counted once.
    pub updates: usize,
    /// Orders that stand in the books, in any state.
    pub orders: usize,
    /// Of these, from chats.
    pub orders_by_chat: usize,
    /// Orders that were cancelled.
    pub cancelled: usize,
    /// Writes of staff that were refused for a reason.
    pub refused: usize,
    /// Times that the process died between steps.
    pub crashes: usize,
    /// Writes that died before their commit.
    pub lost_writes: usize,
    /// Orders of chats with more than one line.
    pub carts_of_many: usize,
    /// Times that the process died while its workers ran jobs or told events.
    pub deaths_at_work: usize,
    /// Deliveries that jobs took in.
    pub restocks: usize,
    /// Products that were deleted and replaced.
    pub products_replaced: usize,
    /// Deliveries by staff, one at a time.
    pub deliveries: usize,
    /// Invoices, likewise.
    pub invoices: usize,
    /// Payments, likewise.
    pub payments: usize,
    /// Goods that came back.
    pub credit_notes: usize,
    /// Money that went back.
    pub refunds: usize,
    /// Sales over the counter.
    pub sold: usize,
    /// Deliveries and payments that were mistakes.
    pub taken_back: usize,
    /// Messages of people to the support desk.
    pub asked: usize,
    /// Answers of its agents.
    pub answers: usize,
    /// Tickets that were merged into others.
    pub merged: usize,
    /// Writes that were tried, and updates of chats.
    pub actions: usize,
}

/// Names the story and its step when it ends in a panic.
struct Teller {
    story: Story,
    step: usize,
}

impl Drop for Teller {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Story { seed, steps, crash_every, on_postgres } = self.story;
            let database = if on_postgres { "postgres" } else { "sqlite" };
            eprintln!(
                "this story failed at step {} of {steps}: cargo xtask simulate --from {seed} --seeds 1 --steps {steps} \
                 --crash-every {crash_every} --database {database}",
                self.step
            );
        }
    }
}

/// Tells a story and checks what must be true after it. Panics when something is not.
pub fn tell(story: Story) -> Told {
    let mut teller = Teller { story, step: 0 };
    let migrations = world::migrations();
    let db = if story.on_postgres { TestDb::postgres(&migrations) } else { TestDb::sqlite(&migrations) };
    let mut world = World::new(db, Dice::new(story.seed), story.crash_every.max(1));
    for step in 0..story.steps {
        teller.step = step;
        world.step();
    }
    world.end()
}
