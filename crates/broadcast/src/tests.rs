//! A house with a bot whose people get broadcasts, over a test database and the fake of Telegram.

mod api;
mod pages;
mod sending;
mod writing;

use std::{sync::Arc, time::Duration};

use bots::{
    Bot, Bots, BotsConfig, Channel, Intake, NewBot, Runner, RunnerHandle, connect_telegram, create_bot,
};
use channels::telegram::{Profile, Token};
use context::{Ctx, Random, Services};
use db::{ToValue, Value, testing::TestDb};
use files::Blobs;
use flow::shop::{BLUEPRINT, ShopInfo};
use kernel::{FixedClock, Id, Lang, SystemClock};
use net::{Net, Options};
use search::Search;
use testkit::telegram::{Fake, FakeBot, Limits};
use web::testing::{NOW, Site, ctx};

use crate::{
    Broadcast, Broadcasts, Content, Counts, People, Texts,
    actions::{self, NewBroadcast},
    store,
};

/// The bot's token at the fake.
const TOKEN: &str = "42:TEST-TOKEN-OF-THE-FAKE";
/// Whatever is waited for comes within this, or never.
const PATIENCE: Duration = Duration::from_secs(20);

/// The site, and what has to live as long as it.
pub(crate) struct House {
    pub(crate) site: Site,
    pub(crate) ctx: Ctx,
    pub(crate) bots: Arc<Bots>,
    pub(crate) bot: Bot,
    pub(crate) channel: Channel,
    pub(crate) fake: Fake,
    pub(crate) fake_bot: FakeBot,
    pub(crate) blobs: Blobs,
    _search: Arc<Search>,
    _files: tempfile::TempDir,
}

/// The words of a broadcast in Uzbek and Russian.
pub(crate) fn words() -> Content {
    let texts =
        Texts {
            uz: "*Chegirma* bugun".to_owned(), ru: "Скидка сегодня".to_owned(), en: String::new()
        };
    Content { texts, ..Content::default() }
}

impl House {
    pub(crate) async fn open(db: &TestDb) -> Self {
        Self::with(db, Limits::Off).await
    }

    pub(crate) async fn with(db: &TestDb, limits: Limits) -> Self {
        let options = testkit::telegram::Options { limits, ..testkit::telegram::Options::default() };
        let fake = Fake::start_with(options).await;
        let fake_bot = fake.bot(TOKEN);
        let files = tempfile::tempdir().unwrap();
        let blobs = Blobs::open_volatile(files.path()).unwrap();
        let search = Search::open((**db).clone(), Arc::new(FixedClock::at(NOW)), Random::from_seed(5), None);
        let config = BotsConfig {
            telegram_api_url: fake.url().to_owned(),
            public_url: String::new(),
            secret: [7; 32],
            telegram_limits: limits == Limits::Telegram,
        };
        let net = Net::new(&Options::default()).unwrap();
        let client = net.trusted().clone();
        let texts = Arc::new(text::Texts::new(&[text::BASE]));
        let bots = Arc::new(Bots::new(config, client, Arc::clone(&search), blobs.clone(), texts));
        let services = Services::default().with(Arc::clone(&bots)).with(Arc::new(blobs.clone()));
        let site = Site::new(db, services, vec![tickets::module(), bots::module(), crate::module()]);
        let ctx = ctx(1);
        let (own, all) = (ctx.clone(), Arc::clone(&bots));
        let connect = move |tx: &mut db::Tx<'_>| {
            let blank = String::new;
            let shop = ShopInfo {
                name: "Chorsu".to_owned(),
                about: blank(),
                phone: blank(),
                address: blank(),
                hours: blank(),
                site: blank(),
                delivers: false,
                pickup: true,
                delivery_tiyin: 0,
            };
            let new = NewBot { name: "Yordamchi".to_owned(), source: BLUEPRINT.to_owned(), shop };
            let bot = create_bot(&own, tx, new)?;
            let token = Token::parse(TOKEN)?;
            let profile = Profile {
                id: token.bot_id(),
                first_name: "Shop".to_owned(),
                username: "shop_bot".to_owned(),
            };
            let channel = connect_telegram(&own, tx, &all, bot.id, &token, &profile, Intake::Polling)?;
            Ok((bot, channel))
        };
        let (bot, channel) = db.write_now(&ctx, connect).unwrap();
        Self { site, ctx, bots, bot, channel, fake, fake_bot, blobs, _search: search, _files: files }
    }

    /// People who once talked to the bot, with the numbers `from` and on: their languages in turn are Uzbek, Russian, none.
    pub(crate) fn people(&self, db: &TestDb, from: i64, count: i64) {
        for id in from..from + count {
            self.fake_bot.user(id).begin();
        }
        let (own, channel) = (self.ctx.clone(), self.channel.id);
        db.write_now(&self.ctx, move |tx| {
            let workspace = own.workspace();
            let rows: Vec<Vec<Value<'static>>> = (from..from + count)
                .map(|id| {
                    let lang = [Some("uz"), Some("ru"), None][usize::try_from(id % 3).unwrap()];
                    let key: Id<bots::Conversation> = own.new_id();
                    let lang = lang.map_or(Value::Null, |lang| Value::Text(lang.into()));
                    vec![
                        workspace.to_value().into_owned(),
                        key.to_value().into_owned(),
                        channel.to_value().into_owned(),
                        Value::Text(id.to_string().into()),
                        Value::Text(format!("Person {id}").into()),
                        lang,
                        Value::Text("".into()),
                        NOW.to_value().into_owned(),
                        NOW.to_value().into_owned(),
                        Value::Text(format!("person {id}").into()),
                    ]
                })
                .collect();
            let sql = "INSERT INTO bots_conversation (workspace_id, id, channel_id, chat_key, person_name, lang, session,
                 created_at_ms, last_at_ms, search_fold) VALUES {}";
            tx.insert_many(sql, &rows)
        })
        .unwrap();
    }

    pub(crate) fn draft(&self, content: Content) -> NewBroadcast {
        NewBroadcast {
            name: "Chegirma".to_owned(),
            channel: self.channel.id,
            content,
            people: People::default(),
        }
    }

    pub(crate) fn create(&self, db: &TestDb, new: NewBroadcast) -> Broadcast {
        self.write(db, move |ctx, tx, bots| actions::create(ctx, tx, bots, new.clone()))
    }

    pub(crate) fn start(&self, db: &TestDb, id: Id<Broadcast>) -> Broadcast {
        self.write(db, move |ctx, tx, bots| actions::schedule(ctx, tx, bots, id, None))
    }

    pub(crate) fn write<T: Send + 'static>(
        &self,
        db: &TestDb,
        act: impl Fn(&Ctx, &mut db::Tx<'_>, &Arc<Bots>) -> kernel::Result<T> + Send + 'static,
    ) -> T {
        self.try_write(db, act).unwrap()
    }

    pub(crate) fn try_write<T: Send + 'static>(
        &self,
        db: &TestDb,
        act: impl Fn(&Ctx, &mut db::Tx<'_>, &Arc<Bots>) -> kernel::Result<T> + Send + 'static,
    ) -> kernel::Result<T> {
        let (own, bots) = (self.ctx.clone(), Arc::clone(&self.bots));
        db.write_now(&self.ctx, move |tx| act(&own, tx, &bots))
    }

    /// Serves the channel, as `karvon serve` does.
    pub(crate) fn serve(&self, db: &TestDb, lease: Duration) -> RunnerHandle {
        let (bots, clock) = (Arc::clone(&self.bots), Arc::new(SystemClock));
        let random = Random::from_seed(9);
        Runner::new((**db).clone(), bots, clock, random, lease, Some(Broadcasts::new())).start()
    }

    pub(crate) fn get(&self, db: &TestDb, id: Id<Broadcast>) -> (Broadcast, Counts) {
        let own = self.ctx.clone();
        let read = move |tx: &mut db::ReadTx<'_>| {
            let counts = store::recipient::counts(&own, tx, &[id])?.remove(&id).unwrap_or_default();
            Ok((store::get(&own, tx, id)?, counts))
        };
        db.read_now(&self.ctx, read).unwrap()
    }

    /// Waits until it is as wanted.
    pub(crate) async fn wait(
        &self,
        db: &TestDb,
        id: Id<Broadcast>,
        wanted: impl Fn(&Broadcast, &Counts) -> bool,
    ) -> (Broadcast, Counts) {
        let asked = async {
            loop {
                let (broadcast, counts) = self.get(db, id);
                if wanted(&broadcast, &counts) {
                    return (broadcast, counts);
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(found) => found,
            Err(_) => panic!("it did not come to that: {:?}", self.get(db, id)),
        }
    }

    /// How many messages the person's chat shows.
    pub(crate) fn messages(&self, person: i64) -> usize {
        self.fake_bot.user(person).messages().len()
    }

    pub(crate) fn lang_of(person: i64) -> Option<Lang> {
        [Some(Lang::Uz), Some(Lang::Ru), None][usize::try_from(person % 3).unwrap()]
    }
}
