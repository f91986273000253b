//! What happens after the commit: a letter is sent, tried again, or given up; old ones are forgotten.

use db::{Lane, Scope, Tx};
use jobs::{Handler, JobError, OrFail, Run, Schedule, Work};
use kernel::{Error, Id, Kind, Result};

use crate::{
    LetterState, Mailer, Posted, compose,
    server::{Delivery, Refusal},
    store,
};

/// The kind of the job that sends one letter.
pub(crate) const SEND: &str = "mail.send";
/// The kind of the job that forgets old letters.
const FORGET: &str = "mail.forget";
/// Days that letters stay in the list.
const KEPT_DAYS: i64 = 30;
const DAY_S: i64 = 86_400;

/// What this crate does after the answer.
pub fn work() -> Work {
    let forget = Handler::new(FORGET, |run: Run| async move {
        let old = run.ctx.now().plus_seconds(-KEPT_DAYS * DAY_S);
        let forget = move |tx: &mut Tx<'_>| store::delete_older(tx, old);
        run.db.write(Scope::Server, Lane::Background, forget).await.or_retry()
    });
    let daily = Schedule { name: FORGET, kind: FORGET, every_ms: DAY_S * 1_000 };
    Work { handlers: vec![Handler::new(SEND, send), forget], schedules: vec![daily], ..Work::default() }
}

/// Sends one letter. One that is sent or given up already is left alone, so that a second run does nothing.
async fn send(run: Run) -> Result<(), JobError> {
    let id: Id<Posted> = run.payload()?;
    let mailer = run.services.get::<Mailer>().or_retry()?;
    let ctx = run.ctx.clone();
    let waiting = run.db.read(&run.ctx, move |tx| store::find_waiting(&ctx, tx, id)).await.or_retry()?;
    let Some((letter, sealed)) = waiting else { return Ok(()) };
    let attempts = letter.attempts.saturating_add(1);
    if letter.expires_at.is_some_and(|end| end <= run.ctx.now()) {
        let why = if letter.error.is_empty() { "expired".to_owned() } else { letter.error };
        return end(&run, id, LetterState::Failed, letter.attempts, why).await;
    }
    let written = mailer.open(&letter, &sealed).or_retry()?;
    let server = match &mailer.delivery {
        Delivery::Smtp(server) => server,
        // Said in so many words, because nobody will find this letter in a mailbox.
        Delivery::Console => {
            tracing::warn!(
                mail.to = letter.recipient,
                mail.subject = written.subject,
                "no mail server is configured: this letter is written here and sent to nobody\n{}",
                written.text
            );
            return end(&run, id, LetterState::Logged, attempts, String::new()).await;
        }
        Delivery::Off => return end(&run, id, LetterState::Failed, attempts, "mail is off".to_owned()).await,
    };
    let name = letter.id.to_string();
    let message = match compose::message(&mailer.from, &letter.recipient, &name, letter.created_at, &written)
    {
        Ok(message) => message,
        Err(error) => return give_up(&run, &letter, attempts, error.to_string()).await,
    };
    match server.send(message).await {
        Ok(()) => {
            tracing::info!(mail.id = %id, mail.kind = letter.kind, "a letter was sent");
            end(&run, id, LetterState::Sent, attempts, String::new()).await
        }
        Err(Refusal::Never(why)) => give_up(&run, &letter, attempts, why).await,
        Err(Refusal::Later(why)) if run.job.attempts >= run.job.max_attempts => {
            give_up(&run, &letter, attempts, why).await
        }
        Err(Refusal::Later(why)) => {
            let (ctx, said) = (run.ctx.clone(), why.clone());
            let note = move |tx: &mut Tx<'_>| store::set_tried(&ctx, tx, id, attempts, &said);
            run.db.write(&run.ctx, Lane::Background, note).await.or_retry()?;
            Err(JobError::Retry(Error::internal(why)))
        }
    }
}

/// Gives a letter up: its state says why, and the job's end too.
async fn give_up(run: &Run, letter: &Posted, attempts: u32, why: String) -> Result<(), JobError> {
    tracing::warn!(mail.id = %letter.id, mail.kind = letter.kind, error = why, "a letter was given up");
    end(run, letter.id, LetterState::Failed, attempts, why.clone()).await?;
    Err(JobError::Fail(Error::internal(why)))
}

async fn end(
    run: &Run,
    id: Id<Posted>,
    state: LetterState,
    attempts: u32,
    why: String,
) -> Result<(), JobError> {
    let ctx = run.ctx.clone();
    let set = move |tx: &mut Tx<'_>| store::set_ended(&ctx, tx, id, state, attempts, &why);
    match run.db.write(&run.ctx, Lane::Background, set).await {
        // Another worker has ended it meanwhile.
        Err(error) if error.kind() == Kind::NotFound => Ok(()),
        other => other.or_retry(),
    }
}
