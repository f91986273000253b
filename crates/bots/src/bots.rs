//! [`Bots`]: what this process holds for all bots.

use std::sync::Arc;

use channels::telegram::{Telegram, Token};
use context::{Ctx, Random};
use db::ReadTx;
use files::Blobs;
use flow::Blueprint;
use kernel::{Error, Id, Result, Text};
use net::reqwest::Client;
use search::Search;
use text::Texts;

use crate::{
    Bot, Channel, host,
    ready::Ready,
    store, trial,
    version::Draft,
    webchat::{Live, Pace},
};

/// How bots reach the world.
#[derive(Debug, Clone)]
pub struct BotsConfig {
    /// The Bot API's address.
    pub telegram_api_url: String,
    /// The address under which platforms reach this server; empty when they cannot.
    pub public_url: String,
    /// Seals tokens at rest.
    pub secret: [u8; 32],
    /// Whether the public Bot API's limits are kept; a Bot API server of one's own has none.
    pub telegram_limits: bool,
}

/// What this process holds for all bots: ready blueprints, the way out, the search.
pub struct Bots {
    config: BotsConfig,
    client: Client,
    search: Arc<Search>,
    blobs: Blobs,
    texts: Arc<Texts>,
    blueprints: Ready,
    live: Live,
    pace: Pace,
}

impl std::fmt::Debug for Bots {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bots")
    }
}

impl Bots {
    /// The messages, for what is said to people beside a blueprint's words.
    pub(crate) fn texts(&self) -> &Texts {
        &self.texts
    }

    /// For this configuration.
    pub fn new(
        config: BotsConfig,
        client: Client,
        search: Arc<Search>,
        blobs: Blobs,
        texts: Arc<Texts>,
    ) -> Self {
        Self {
            config,
            client,
            search,
            blobs,
            texts,
            blueprints: Ready::default(),
            live: Live::default(),
            pace: Pace::default(),
        }
    }

    /// How bots reach the world.
    pub fn config(&self) -> &BotsConfig {
        &self.config
    }

    pub(crate) fn search(&self) -> &Search {
        &self.search
    }

    /// Who looks at which conversation from a site.
    pub(crate) fn live(&self) -> &Live {
        &self.live
    }

    /// How often who asks from a site.
    pub(crate) fn pace(&self) -> &Pace {
        &self.pace
    }

    pub(crate) fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// The bot of this token at the Bot API.
    pub(crate) fn telegram(&self, token: Token) -> Result<Telegram> {
        Telegram::new(self.client.clone(), &self.config.telegram_api_url, token)
    }

    pub(crate) fn seal(&self, random: &Random, channel: Id<Channel>, token: &Token) -> Result<Vec<u8>> {
        context::seal(&self.config.secret, random, channel.uuid().as_bytes(), token.reveal())
    }

    /// The Telegram bot behind this channel.
    pub(crate) fn telegram_of(&self, channel: &Channel) -> Result<Telegram> {
        let sealed =
            channel.token_sealed.as_deref().ok_or_else(|| Error::internal("a channel without a token"))?;
        let token = context::unseal(&self.config.secret, channel.id.uuid().as_bytes(), sealed)?;
        self.telegram(Token::parse(&token)?)
    }

    /// The blueprint of this version, ready to answer. Versions never change, so one that is kept stays right.
    pub(crate) fn blueprint(
        &self,
        ctx: &Ctx,
        tx: &mut ReadTx,
        bot: Id<Bot>,
        version: i64,
    ) -> Result<Arc<Blueprint>> {
        if let Some(ready) = self.blueprints.find((bot, version)) {
            return Ok(ready);
        }
        let source = store::version::source(ctx, tx, bot, version)?;
        self.blueprints.keep((bot, version), &source, Self::load)
    }

    /// The blueprint that holds this conversation: in a trial the draft as it stands now, else the bot's version.
    /// Errors: the draft has faults (409).
    pub(crate) fn holding(
        &self,
        ctx: &Ctx,
        tx: &mut ReadTx,
        (bot, version): (Id<Bot>, i64),
        chat_key: &str,
    ) -> Result<Arc<Blueprint>> {
        if trial::is_trial(chat_key)
            && let Some(draft) = store::draft::find(ctx, tx, bot)?
        {
            return self.draft(bot, &draft);
        }
        self.blueprint(ctx, tx, bot, version)
    }

    /// The draft, ready to answer whoever tries it.
    fn draft(&self, bot: Id<Bot>, draft: &Draft) -> Result<Arc<Blueprint>> {
        // Revisions never change either; their numbers are told from those of versions by the sign.
        let key = (bot, -draft.revision);
        if let Some(ready) = self.blueprints.find(key) {
            return Ok(ready);
        }
        self.blueprints.forget_drafts(bot);
        self.blueprints.keep(key, &draft.source, |source| {
            Blueprint::load("blueprint", source, host::actions()).map_err(|problems| {
                Error::conflict(Text::new("bots-trial-faulty").with("count", problems.len()))
            })
        })
    }

    /// A blueprint that was checked when it was saved.
    pub(crate) fn load(source: &str) -> Result<Blueprint> {
        Blueprint::load("blueprint", source, host::actions()).map_err(|problems| {
            let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Error::internal(format!("a stored blueprint is wrong: {}", words.join("; ")))
        })
    }
}
