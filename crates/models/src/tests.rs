//! A workspace that asks models: its office for the tests, and what stands in the files beside.

mod asking;
mod log;
mod pages;
mod settings;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use context::{Ctx, Random, Services};
use db::{Db, testing::TestDb};
use kernel::{PageRequest, Result};
use net::{Net, Options};
use testkit::models::{Fake, KEY, MODEL, Wire};
use uuid::Uuid;
use web::testing::{Site, ctx};

use crate::{
    About, Answer, Call, CallFilter, EditSettings, Message, Models, NewKey, Refusal, Request, Settings,
    actions,
};

/// The server's secret.
const SECRET: [u8; 32] = [5; 32];

pub(super) struct Office {
    pub(super) db: Db,
    pub(super) fake: Fake,
    pub(super) models: Arc<Models>,
    pub(super) ctx: Ctx,
    pub(super) site: Site,
}

pub(super) fn net() -> Net {
    Net::new(&Options { allow: "127.0.0.1".parse().unwrap(), ..Options::default() }).unwrap()
}

/// Workspace 1 at the site's moment. Two offices of one test make different ids.
fn own_ctx() -> Ctx {
    static SEED: AtomicU64 = AtomicU64::new(100);
    let seed = SEED.fetch_add(1, Ordering::Relaxed);
    ctx(1).with(|ctx| ctx.random = Random::from_seed(seed))
}

impl Office {
    /// Workspace 1 with nothing chosen.
    pub(super) async fn open(db: &TestDb) -> Self {
        let models = Arc::new(Models::new(net(), SECRET));
        let services = Services::default().with(Arc::clone(&models));
        let site = Site::new(db, services, vec![crate::module()]);
        Self { db: (**db).clone(), fake: Fake::start().await, models, ctx: own_ctx(), site }
    }

    /// Workspace 1 that may ask the fake by this wire.
    pub(super) async fn ready(db: &TestDb, wire: Wire) -> Self {
        let office = Self::open(db).await;
        office.edit(&office.wanted(wire)).unwrap();
        office
    }

    /// What makes it ready.
    pub(super) fn wanted(&self, wire: Wire) -> EditSettings {
        EditSettings {
            provider: match wire {
                Wire::OpenAi => "openai",
                Wire::Gemini => "gemini",
            }
            .to_owned(),
            base_url: self.fake.url_of(wire),
            model: MODEL.to_owned(),
            key: NewKey(KEY.to_owned()),
            is_on: true,
            tokens_per_day: "10000".to_owned(),
            input_price: "0.15".to_owned(),
            output_price: "0.60".to_owned(),
        }
    }

    pub(super) fn edit(&self, edit: &EditSettings) -> Result<Settings> {
        let (ctx, models, edit) = (self.ctx.clone(), Arc::clone(&self.models), edit.clone());
        self.db.write_now(&self.ctx, move |tx| actions::edit_settings(&ctx, tx, &models, &edit))
    }

    pub(super) async fn ask(&self, question: &str) -> Result<Answer, Refusal> {
        self.ask_as(&self.ctx, question).await
    }

    pub(super) async fn ask_as(&self, ctx: &Ctx, question: &str) -> Result<Answer, Refusal> {
        self.models.ask(ctx, &self.db, &about(), &request(question), &mut |_: &str| {}).await
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.calls_that(CallFilter::default())
    }

    pub(super) fn calls_that(&self, filter: CallFilter) -> Vec<Call> {
        let ctx = self.ctx.clone();
        let read = move |tx: &mut db::ReadTx| actions::calls(&ctx, tx, &filter, PageRequest::default());
        self.db.read_now(&self.ctx, read).unwrap().results
    }

    /// Tokens of today that are reserved and used.
    pub(super) fn spent(&self) -> (i64, i64) {
        let ctx = self.ctx.clone();
        let spent = self.db.read_now(&self.ctx, move |tx| actions::spent_today(&ctx, tx)).unwrap();
        (spent.reserved_tokens, spent.used_tokens)
    }

    pub(super) fn is_ready(&self) -> bool {
        let ctx = self.ctx.clone();
        self.db.read_now(&self.ctx, move |tx| Models::is_ready(&ctx, tx)).unwrap()
    }
}

pub(super) fn about() -> About {
    About {
        purpose: "bots.ask_assistant".to_owned(),
        subject: Some(Uuid::from_u128(70)),
        bot: Some(Uuid::from_u128(71)),
        label: "Choyxona <bot>".to_owned(),
    }
}

pub(super) fn request(question: &str) -> Request {
    Request {
        system: "You sell tea.".to_owned(),
        messages: vec![Message::User(question.to_owned())],
        tools: Vec::new(),
        may_call: true,
        output_tokens_at_most: 200,
        time_at_most: None,
    }
}
