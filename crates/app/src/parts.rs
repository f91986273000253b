//! What a process is made of, from its configuration: used by the server, the commands and the tests alike.

use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path, sync::Arc, time::Duration};

use auth::{Auth, AuthConfig};
use bots::{Bots, BotsConfig};
use context::{Random, Services};
use db::Db;
use files::Blobs;
use kernel::{Clock, Error, Result, SystemClock};
use knowledge::Knowledge;
use mail::{MailConfig, Mailer};
use models::Models;
use net::{Net, Options};
use realtime::Realtime;
use sales::Papers;
use search::Search;
use web::{App, AppConfig, AppParts};

use crate::{config::Config, modules};

/// The parts of a process.
#[derive(Debug, Clone)]
pub struct Parts {
    /// What handlers reach.
    pub app: App,
    /// Every bot.
    pub bots: Arc<Bots>,
    /// People and access.
    pub auth: Arc<Auth>,
    /// The search.
    pub search: Arc<Search>,
    /// Tells open pages what happens.
    pub realtime: Arc<Realtime>,
    /// Files.
    pub blobs: Blobs,
    /// After this a dead node's channels are taken over.
    pub lease: Duration,
}

/// Opens the database, brings it up to date and puts the parts together. Blocks.
pub fn open(config: &Config) -> Result<Parts> {
    fs::create_dir_all(&config.data)
        .map_err(|error| Error::internal(format!("{}: {error}", config.data.display())))?;
    let db = Db::open(config.database(), &modules::migrations())?;
    assemble(config, db, Arc::new(SystemClock), Random::from_system())
}

/// Puts the parts together over this database, clock and source of ids.
pub fn assemble(config: &Config, db: Db, clock: Arc<dyn Clock>, random: Random) -> Result<Parts> {
    let secret = match config.secret {
        Some(secret) => secret,
        None => kept_secret(&config.data, &random)?,
    };
    let net = net(config)?;
    let blobs = blobs(config, &net)?;
    let index = config.data.join("search");
    let search = Search::open(db.clone(), Arc::clone(&clock), random.clone(), Some(index));
    let realtime = Arc::new(Realtime::new(db.clone(), realtime::Limits::default()));
    let bots_config = BotsConfig {
        telegram_api_url: config.telegram_api_url.clone(),
        public_url: config.public_url.clone(),
        secret,
        telegram_limits: config.telegram_limits,
    };
    let texts = Arc::new(modules::texts());
    let client = net.trusted().clone();
    let bots =
        Arc::new(Bots::new(bots_config, client, Arc::clone(&search), blobs.clone(), Arc::clone(&texts)));
    let mail_config = MailConfig {
        delivery: config.delivery.clone(),
        from: config.mail_from.clone(),
        base_url: if config.public_url.is_empty() {
            format!("http://{}", config.listen)
        } else {
            config.public_url.clone()
        },
        secret,
    };
    let mailer = Arc::new(Mailer::new(mail_config, Arc::clone(&texts))?);
    let auth_config = AuthConfig {
        sign_up_open: config.sign_up_open,
        api_keys: config.api_keys.clone(),
        service_tokens: config.service_tokens.clone(),
        operators: config.operators.clone(),
        ..AuthConfig::default()
    };
    let auth = Arc::new(Auth::new(&auth_config, Arc::clone(&mailer))?);
    let services = Services::default()
        .with(Arc::clone(&bots))
        .with(Arc::clone(&auth))
        .with(mailer)
        .with(Arc::clone(&search))
        .with(Arc::clone(&realtime))
        .with(Arc::new(blobs.clone()))
        .with(Arc::new(stock::quantities()))
        .with(Arc::new(Papers::new(Arc::clone(&texts))))
        .with(Arc::new(Models::new(net.clone(), secret)))
        .with(Arc::new(Knowledge::new()))
        .with(Arc::new(net));
    let app_config = AppConfig {
        public_url: config.public_url.clone(),
        behind_proxy: config.behind_proxy,
        origins: config.origins.clone(),
    };
    let modules = modules::all();
    let app = App::new(AppParts {
        db,
        texts,
        clock,
        random,
        authenticate: Arc::<Auth>::clone(&auth),
        services,
        secret,
        config: app_config,
        menu: modules.iter().flat_map(|module| module.menu.clone()).collect(),
        documents: modules.iter().flat_map(|module| module.documents.clone()).collect(),
        usage: modules.iter().flat_map(|module| module.usage.clone()).collect(),
    });
    Ok(Parts { app, bots, auth, search, realtime, blobs, lease: config.lease })
}

fn net(config: &Config) -> Result<Net> {
    Net::new(&Options { allow: config.allow.clone(), ..Options::default() })
}

/// The store of files of commands that need nothing else. Blocks.
pub(crate) fn blobs_of(config: &Config) -> Result<Blobs> {
    blobs(config, &net(config)?)
}

fn blobs(config: &Config, net: &Net) -> Result<Blobs> {
    let folder = config.data.join("files");
    match &config.s3 {
        None => Blobs::open(folder),
        Some(s3) => Blobs::open_bucket(folder, s3, net.store().clone()),
    }
}

/// The server's secret: made at the first start, readable by its owner only.
fn kept_secret(data: &Path, random: &Random) -> Result<[u8; 32]> {
    let path = data.join("secret");
    let wrong = |why: String| Error::internal(format!("{}: {why}", path.display()));
    match fs::read_to_string(&path) {
        Ok(text) => {
            let bytes = hex::decode(text.trim()).map_err(|error| wrong(error.to_string()))?;
            bytes.try_into().map_err(|_| wrong("not 64 hex digits".to_owned()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let secret = random.bytes::<32>();
            let mut file = fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)
                .map_err(|error| wrong(error.to_string()))?;
            let written = file.write_all(hex::encode(secret).as_bytes()).and_then(|()| file.sync_all());
            written.map_err(|error| wrong(error.to_string()))?;
            Ok(secret)
        }
        Err(error) => Err(wrong(error.to_string())),
    }
}
