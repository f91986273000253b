//! What happens after the answer: letters that strangers asked for, and what is forgotten.

use db::{Lane, Scope, Tx};
use jobs::{Handler, JobError, OrFail, Run, Schedule, Work};
use kernel::Id;
use mail::Mailer;

use crate::{
    actions::{self, Forgotten},
    link::Link,
};

/// The kind of the job that writes the letter of a sign-up.
pub(crate) const WRITE_SIGN_UP: &str = "auth.write_sign_up";
/// The kind of the job that writes the letter of a forgotten password.
pub(crate) const WRITE_RESET: &str = "auth.write_reset";
/// The kind of the job that forgets links and invitations that ended.
const FORGET: &str = "auth.forget";
const HOUR_MS: i64 = 3_600_000;

/// What this crate does after the answer.
pub fn work() -> Work {
    let forget = Handler::new(FORGET, |run: Run| async move {
        let ctx = run.ctx.clone();
        let forget = move |tx: &mut Tx<'_>| actions::forget_ended(&ctx, tx);
        run.db.write(Scope::Server, Lane::Background, forget).await.or_retry()
    });
    let handlers =
        vec![Handler::new(WRITE_SIGN_UP, write_sign_up), Handler::new(WRITE_RESET, write_reset), forget];
    let hourly = Schedule { name: FORGET, kind: FORGET, every_ms: HOUR_MS };
    Work { handlers, schedules: vec![hourly], ..Work::default() }
}

async fn write_sign_up(run: Run) -> Result<(), JobError> {
    let link: Id<Link> = run.payload()?;
    let mailer = run.services.get::<Mailer>().or_retry()?;
    let ctx = run.ctx.clone();
    let write = move |tx: &mut Tx<'_>| actions::write_sign_up(&ctx, tx, &mailer, link);
    run.db.write(Scope::Server, Lane::Background, write).await.or_retry()
}

async fn write_reset(run: Run) -> Result<(), JobError> {
    let Forgotten { login } = run.payload()?;
    let mailer = run.services.get::<Mailer>().or_retry()?;
    let ctx = run.ctx.clone();
    let write = move |tx: &mut Tx<'_>| actions::write_reset(&ctx, tx, &mailer, &login);
    run.db.write(Scope::Server, Lane::Background, write).await.or_retry()
}
