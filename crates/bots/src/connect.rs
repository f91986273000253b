//! Before a token is connected: whose it is, asked of the platform, and its refusals in words.

use std::sync::Arc;

use channels::telegram::{CallError, DEFAULT_API_URL, Outcome, Profile, Token, classify};
use context::Ctx;
use db::{Db, Lane, Scope, Tx};
use kernel::{Error, Result, Text};

use crate::{Bots, BotsConfig, Intake, NewBot, connect_telegram, create_bot, list_bots, store};

/// A token that the platform has answered for.
#[derive(Debug, Clone)]
pub(crate) struct Proved {
    pub(crate) token: Token,
    pub(crate) profile: Profile,
    pub(crate) intake: Intake,
}

/// Whether Telegram can call this server: by HTTPS, or by whatever leads here from a Bot API server of one's own.
pub(crate) fn webhook_is_possible(config: &BotsConfig) -> bool {
    let BotsConfig { telegram_api_url, public_url, .. } = config;
    let is_own_server = telegram_api_url.trim_end_matches('/') != DEFAULT_API_URL;
    public_url.starts_with("https://") || (is_own_server && public_url.starts_with("http://"))
}

/// Asks Telegram whose token this is. Errors are about the fields `token` and `intake`.
pub(crate) async fn prove(bots: &Bots, token: &str, intake: Intake) -> Result<Proved> {
    let token = Token::parse(token)?;
    if intake == Intake::Webhook && !webhook_is_possible(bots.config()) {
        return Err(Error::field("intake", Text::new("bots-webhook-impossible")));
    }
    match bots.telegram(token.clone())?.get_me().await {
        Ok(profile) => Ok(Proved { token, profile, intake }),
        Err(error) => Err(Error::field("token", refusal(&error)).because(error)),
    }
}

/// Connects a token that the configuration names to the workspace's first bot, or to a `new` one where there is none.
/// `false`: it was connected before, whatever became of it since. By webhook where Telegram can call this server.
pub async fn connect_once(db: &Db, bots: &Arc<Bots>, ctx: &Ctx, token: &Token, new: NewBot) -> Result<bool> {
    let account = token.bot_id();
    if db.read(Scope::Server, move |tx| store::channel::is_known(tx, account)).await? {
        return Ok(false);
    }
    let intake = if webhook_is_possible(bots.config()) { Intake::Webhook } else { Intake::Polling };
    let Proved { token, profile, intake } = prove(bots, token.reveal(), intake).await?;
    let (own, bots) = (ctx.clone(), Arc::clone(bots));
    let connect = move |tx: &mut Tx<'_>| {
        // Another node may have been quicker.
        if store::channel::is_known(tx, account)? {
            return Ok(false);
        }
        let bot = match list_bots(&own, tx)?.into_iter().next() {
            Some(bot) => bot,
            None => create_bot(&own, tx, new.clone())?,
        };
        connect_telegram(&own, tx, &bots, bot.id, &token, &profile, intake).map(|_| true)
    };
    db.write(Scope::Server, Lane::People, connect).await
}

/// Why the platform did not answer for the token, in words.
fn refusal(error: &CallError) -> Text {
    match classify(error) {
        Outcome::Unauthorized => Text::new("bots-token-refused"),
        Outcome::Retry { after_s: Some(seconds) } => {
            Text::new("bots-telegram-busy").with("seconds", i64::from(seconds))
        }
        Outcome::Retry { after_s: None } | Outcome::Unknown => Text::new("bots-telegram-unreachable"),
        _ => Text::new("bots-telegram-odd").with("problem", error.to_string()),
    }
}

/// What is wrong with a channel, in words that say what to do.
pub(crate) fn problem_text(problem: &str) -> Text {
    let words = problem.to_lowercase();
    let says = |part: &str| words.contains(part);
    if says("unauthorized") || words.starts_with("401") {
        Text::new("bots-problem-token")
    } else if says("conflict") || words.starts_with("409") {
        Text::new("bots-problem-conflict")
    } else {
        Text::new("bots-problem-other").with("problem", problem.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(api: &str, public: &str) -> BotsConfig {
        BotsConfig {
            telegram_api_url: api.to_owned(),
            public_url: public.to_owned(),
            secret: [0; 32],
            telegram_limits: true,
        }
    }

    #[test]
    fn telegram_calls_only_what_it_can_reach() {
        assert!(webhook_is_possible(&config(DEFAULT_API_URL, "https://shop.example")));
        assert!(!webhook_is_possible(&config(DEFAULT_API_URL, "http://127.0.0.1:8080")));
        assert!(webhook_is_possible(&config("http://127.0.0.1:8081", "http://127.0.0.1:8080")));
        assert!(!webhook_is_possible(&config("http://127.0.0.1:8081", "")));
    }

    #[test]
    fn refusals_of_the_platform_are_told_apart() {
        let refused = |code, description: &str, retry_after_s| {
            let description = description.to_owned();
            refusal(&CallError::Refused { code, description, retry_after_s, moved_to: None }).key()
        };
        assert_eq!(refused(401, "Unauthorized", None), "bots-token-refused");
        assert_eq!(refused(429, "Too Many Requests", Some(3)), "bots-telegram-busy");
        assert_eq!(refused(502, "Bad Gateway", None), "bots-telegram-unreachable");
        assert_eq!(refused(400, "Bad Request: strange", None), "bots-telegram-odd");
        assert_eq!(problem_text("401 Unauthorized").key(), "bots-problem-token");
        assert_eq!(problem_text("Conflict(\"…\")").key(), "bots-problem-conflict");
    }
}
