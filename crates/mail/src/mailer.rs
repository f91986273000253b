//! [`Mailer`]: the process's service that posts letters and knows where they go.

use std::sync::Arc;

use context::Ctx;
use db::Tx;
use jobs::NewJob;
use kernel::{Error, Id, Result, Text};
use lettre::message::Mailbox;
use text::Texts;

use crate::{Letter, LetterState, Posted, compose, letter::Written, server::Delivery, store, work};

/// Runs of one letter at most: with the waits of `jobs`, nearly four hours.
const ATTEMPTS: u32 = 24;

/// How letters are written and where they go.
#[derive(Debug, Clone)]
pub struct MailConfig {
    /// Where they go.
    pub delivery: Delivery,
    /// Who writes: `Karvon <no-reply@shop.example>`, or the bare address.
    pub from: String,
    /// What links begin with, without a trailing slash: `https://shop.example`.
    pub base_url: String,
    /// Seals what waits; the server's secret.
    pub secret: [u8; 32],
}

/// Posts letters. One in a process.
#[derive(Debug)]
pub struct Mailer {
    pub(crate) delivery: Delivery,
    pub(crate) from: Mailbox,
    base_url: String,
    secret: [u8; 32],
    texts: Arc<Texts>,
}

/// Whether letters can be written from this: `Karvon <no-reply@shop.example>`, or the bare address.
pub fn is_sender(from: &str) -> bool {
    from.parse::<Mailbox>().is_ok()
}

/// The domain that a sender writes from, by which we call ourselves to a mail server.
pub fn domain_of(from: &str) -> String {
    from.parse::<Mailbox>().map_or_else(|_| "localhost".to_owned(), |from| from.email.domain().to_owned())
}

impl Mailer {
    /// The service with this configuration and these messages.
    pub fn new(config: MailConfig, texts: Arc<Texts>) -> Result<Self> {
        let MailConfig { delivery, from, base_url, secret } = config;
        let from = from.parse().map_err(|_| Error::invalid(Text::new("mail-from-wrong")))?;
        Ok(Self { delivery, from, base_url, secret, texts })
    }

    /// Whether letters are written at all, be it into the log.
    pub const fn is_on(&self) -> bool {
        !matches!(self.delivery, Delivery::Off)
    }

    /// Whether letters reach people: a link that came back proves whose the address is.
    pub const fn reaches_people(&self) -> bool {
        matches!(self.delivery, Delivery::Smtp(_))
    }

    /// The whole address of a path of ours. It never comes from what a request says its host is.
    pub fn address_of(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// Posts a letter in this transaction; it is sent after the commit. `None` where no letters are written.
    pub fn post(&self, ctx: &Ctx, tx: &mut Tx, letter: &Letter) -> Result<Option<Id<Posted>>> {
        if !self.is_on() {
            return Ok(None);
        }
        let written = compose::write(&self.texts, letter)?;
        let posted = Posted {
            id: ctx.new_id(),
            kind: letter.kind.to_owned(),
            recipient: letter.to.clone(),
            subject: written.subject.clone(),
            state: LetterState::Queued,
            attempts: 0,
            error: String::new(),
            created_at: ctx.now(),
            expires_at: letter.expires_at,
            ended_at: None,
        };
        let json = serde_json::to_string(&written).map_err(Error::internal)?;
        let sealed = context::seal(&self.secret, ctx.random(), posted.id.uuid().as_bytes(), &json)?;
        store::insert(ctx, tx, &posted, &sealed)?;
        let job = NewJob::new(work::SEND, &posted.id)?.attempts(ATTEMPTS);
        jobs::enqueue(ctx, tx, job)?;
        Ok(Some(posted.id))
    }

    pub(crate) fn open(&self, letter: &Posted, sealed: &[u8]) -> Result<Written> {
        let json = context::unseal(&self.secret, letter.id.uuid().as_bytes(), sealed)?;
        serde_json::from_str(&json).map_err(Error::internal)
    }
}
