//! Long stories by chance: whatever people do, the registers, their transactions and the ledger agree.

use context::Random;
use db::{db_test, testing::TestDb};
use kernel::{Id, Money};

use super::{accounts, assert_sound, by_hand, ctx, day, moved, payment, read, recorded, register, write};
use crate::{
    Flow, MoveMoney, NewTransaction, Register, RegisterKind, Transaction, TransactionKind, Transfer,
    registers, reverse_transaction, total, transfer,
};

/// Steps of one story.
const STEPS: usize = 120;

struct Chance(Random);

impl Chance {
    fn below(&self, end: usize) -> usize {
        usize::from(u16::from_be_bytes(self.0.bytes::<2>())) % end
    }

    fn of<T: Clone>(&self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

/// One step; what is refused changes nothing.
fn step(db: &TestDb, chance: &Chance, places: &[Register], made: &mut Vec<Id<Transaction>>) -> bool {
    let ctx = ctx(1);
    let som = i64::try_from(chance.below(500) + 1).unwrap();
    let place = chance.of(places);
    match chance.below(10) {
        0..4 => {
            let kinds = TransactionKind::ALL.into_iter().filter(|kind| kind.by_hand().is_some());
            let input = by_hand(chance.of(&kinds.collect::<Vec<_>>()), som);
            let done = moved(db, &ctx, MoveMoney { register: Some(place.id), ..input });
            done.map(|one| made.push(one.id)).is_ok()
        }
        4..6 => {
            let flow = chance.of(&Flow::ALL);
            recorded(db, &ctx, NewTransaction { register: Some(place.id), ..payment(1, flow, som) }).is_ok()
        }
        6..8 => {
            let (from, to) = (place.id, chance.of(places).id);
            let note = String::new();
            let input = Transfer { from, to, amount: Money::from_som(som), on: day("2026-09-20"), note };
            let done = write(db, &ctx, move |ctx, tx| transfer(ctx, tx, input.clone()));
            done.map(|([out, into], _)| made.extend([out.id, into.id])).is_ok()
        }
        _ if made.is_empty() => false,
        _ => {
            let id = chance.of(made);
            write(db, &ctx, move |ctx, tx| reverse_transaction(ctx, tx, id, day("2026-09-21"), "")).is_ok()
        }
    }
}

#[db_test]
fn whatever_happens_the_registers_their_transactions_and_the_ledger_agree(db: &TestDb) {
    for seed in [1, 2, 3] {
        let ctx = ctx(1);
        let chance = Chance(Random::from_seed(seed));
        let name = |what: &str| format!("{what} {seed}");
        let places = [
            register(db, &ctx, RegisterKind::Cash, &name("Kassa")),
            register(db, &ctx, RegisterKind::Cash, &name("Ombor")),
            register(db, &ctx, RegisterKind::Bank, &name("Hisob")),
        ];
        let mut made = Vec::new();
        let done = (0..STEPS).filter(|_| step(db, &chance, &places, &mut made)).count();
        assert!(done > STEPS / 3, "seed {seed}: only {done} of {STEPS} were done");
        assert_sound(db, &ctx);
        assert!(read(db, &ctx, registers).iter().all(|one| !one.balance.is_negative()), "seed {seed}");
    }
}

#[db_test]
fn what_lies_in_the_registers_is_what_stands_on_their_accounts(db: &TestDb) {
    let ctx = ctx(1);
    let places = [
        register(db, &ctx, RegisterKind::Cash, "Kassa"),
        register(db, &ctx, RegisterKind::Cash, "Ombor"),
        register(db, &ctx, RegisterKind::Bank, "Hisob"),
    ];
    for (place, som) in places.iter().zip([100, 20, 3]) {
        let input = by_hand(TransactionKind::OtherIncome, som);
        moved(db, &ctx, MoveMoney { register: Some(place.id), ..input }).unwrap();
    }
    let (from, to, on) = (places[0].id, places[2].id, day("2026-09-20"));
    let input = Transfer { from, to, amount: Money::from_som(40), on, note: String::new() };
    write(db, &ctx, move |ctx, tx| transfer(ctx, tx, input.clone())).unwrap();
    let sums = read(db, &ctx, |ctx, tx| {
        RegisterKind::ALL.map(|kind| total(ctx, tx, kind)).into_iter().collect::<kernel::Result<Vec<_>>>()
    });
    assert_eq!(sums, [Money::from_som(80), Money::from_som(43)]);
    assert_eq!(accounts(db, &ctx), "5010 80 | 5110 43 | 9390 -123");
}
