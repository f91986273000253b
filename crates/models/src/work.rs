//! What happens by itself: old calls are forgotten.

use db::{Lane, Scope, Tx};
use jobs::{Handler, OrFail, Run, Schedule, Work};

use crate::store;

/// The kind of the job that forgets old calls.
const FORGET: &str = "models.forget";
/// Days that calls stay in the list.
const KEPT_DAYS: i64 = 90;
const DAY_S: i64 = 86_400;

/// What this crate does by itself.
pub fn work() -> Work {
    let forget = Handler::new(FORGET, |run: Run| async move {
        let old = run.ctx.now().plus_seconds(-KEPT_DAYS * DAY_S);
        let forget = move |tx: &mut Tx<'_>| store::delete_older(tx, old);
        run.db.write(Scope::Server, Lane::Background, forget).await.or_retry()
    });
    let daily = Schedule { name: FORGET, kind: FORGET, every_ms: DAY_S * 1_000 };
    Work { handlers: vec![forget], schedules: vec![daily], ..Work::default() }
}
