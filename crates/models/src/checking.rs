//! Trying the settings out: one tiny call, whose end is told in words.

use std::time::Duration;

use context::{Ctx, Permission};
use db::Db;
use kernel::{Result, Text};
use tokio::time::Instant;
use web::pages::Words;

use crate::{About, Answer, Message, Models, Refusal, Request, Settings};

/// Who asks when somebody tries the settings out.
pub(crate) const CHECK: &str = "models.check";
/// A person waits for it.
const CHECK_AT_MOST: Duration = Duration::from_secs(20);
/// Much for two letters; but models that think count their thoughts.
const CHECK_TOKENS: u32 = 1_000;
/// Characters of the answer that are shown.
const SHOWN: usize = 120;

/// What came of trying.
#[derive(Debug)]
pub struct Checked {
    /// How long it took.
    pub took_ms: i64,
    /// The answer, or why there is none.
    pub result: Result<Answer, Refusal>,
}

impl Checked {
    /// What people are told.
    pub fn say(&self, words: &Words) -> String {
        let text = match &self.result {
            Ok(answer) => {
                let said: String = answer.text.chars().take(SHOWN).collect();
                Text::new("models-check-answered").with("answer", said.trim())
            }
            Err(refusal) => Text::new("models-check-failed").with("why", words.say(&refusal.text())),
        };
        words.say(&text.with("ms", self.took_ms))
    }
}

impl Models {
    /// Makes one tiny call with the settings as they stand, be they on or off. It counts as any other.
    /// Errors: not allowed; our own database.
    pub async fn check(&self, ctx: &Ctx, db: &Db) -> Result<Checked> {
        ctx.require(Permission::SettingsEdit)?;
        let about = About { purpose: CHECK.to_owned(), subject: None, bot: None, label: String::new() };
        let request = Request {
            system: String::new(),
            messages: vec![Message::User("Reply with the single word OK.".to_owned())],
            tools: Vec::new(),
            may_call: true,
            output_tokens_at_most: CHECK_TOKENS,
            time_at_most: Some(CHECK_AT_MOST),
        };
        let started = Instant::now();
        let result =
            self.ask_when(ctx, db, &about, &request, &mut |_: &str| {}, Settings::has_endpoint).await;
        if let Err(Refusal::Database(error)) = result {
            return Err(error);
        }
        let took_ms = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
        Ok(Checked { took_ms, result })
    }
}
