//! Configuration: defaults, then `karvon.toml`, then `.env`, then the environment. Wrong settings stop the start, with
//! every one of them named.

use std::{
    collections::HashMap,
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::environment;

mod bucket;
mod outsiders;
mod settings;

pub use settings::{SETTINGS, Setting};

/// How long a lease may be: long enough to be lengthened in time, short enough for a person to wait.
const LEASE_MS: std::ops::RangeInclusive<u64> = 300..=600_000;

/// A checked configuration.
#[derive(Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The database.
    pub database_url: String,
    /// Files, indexes, logs, the secret.
    pub data: PathBuf,
    /// The bucket of files; they lie in the data folder when there is none.
    pub s3: Option<files::S3>,
    /// The address people type; empty when unknown.
    pub public_url: String,
    /// Whether a proxy of ours stands in front.
    pub behind_proxy: bool,
    /// The secret, when the configuration gives one.
    pub secret: Option<[u8; 32]>,
    /// Whether strangers may make workspaces.
    pub sign_up_open: bool,
    /// What is logged.
    pub log: String,
    /// Whether logs are JSON.
    pub log_json: bool,
    /// Whether logs go to files too.
    pub log_files: bool,
    /// The Bot API.
    pub telegram_api_url: String,
    /// Whether its limits are kept.
    pub telegram_limits: bool,
    /// A bot's token to connect at the start.
    pub telegram_bot_token: Option<channels::telegram::Token>,
    /// After this a dead node's channels are taken over.
    pub lease: Duration,
    /// Private networks that tenants' addresses may reach.
    pub allow: net::Allow,
    /// Where letters go.
    pub delivery: mail::Delivery,
    /// Who writes them.
    pub mail_from: String,
    /// Who runs the server.
    pub operators: Vec<auth::Email>,
    /// The token of `/metrics`.
    pub metrics_token: Option<String>,
    /// Keys of outside systems.
    pub api_keys: Vec<String>,
    /// Tokens of outside bots.
    pub service_tokens: Vec<auth::ServiceToken>,
    /// The sites whose pages may call the API.
    pub origins: web::Origins,
    /// Telegram ids that are head agents of the support desk from the beginning.
    pub super_admin_ids: Vec<i64>,
}

impl fmt::Debug for Config {
    /// Without what is secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("data", &self.data)
            .field("s3", &self.s3)
            .field("public_url", &self.public_url)
            .field("telegram_api_url", &self.telegram_api_url)
            .finish_non_exhaustive()
    }
}

/// Everything that is wrong with a configuration, one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong(pub Vec<String>);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}
impl std::error::Error for Wrong {}

impl Config {
    /// Reads `karvon.toml` and `.env` of this folder and the environment.
    pub fn read() -> Result<Self, Wrong> {
        let file = std::fs::read_to_string("karvon.toml").unwrap_or_default();
        Self::from(&file, &environment::read(Path::new(".env")))
    }

    /// From the text of a `karvon.toml` and the environment's variables.
    pub fn from(file: &str, environment: &HashMap<String, String>) -> Result<Self, Wrong> {
        let mut given = Given { values: HashMap::new(), wrong: Vec::new() };
        given.read_file(file);
        given.read_environment(environment);
        given.check()
    }

    /// How to open the database.
    pub fn database(&self) -> db::Config {
        db::Config::from_url(&self.database_url)
    }
}

/// What was given, while it is being checked.
struct Given {
    values: HashMap<&'static str, String>,
    wrong: Vec<String>,
}

fn key_of(setting: &Setting) -> String {
    setting.name.strip_prefix("KARVON_").unwrap_or(setting.name).to_lowercase()
}

impl Given {
    fn read_file(&mut self, file: &str) {
        let table: toml::Table = match file.parse() {
            Ok(table) => table,
            Err(error) => return self.wrong.push(format!("karvon.toml: {error}")),
        };
        for (key, value) in table {
            let Some(setting) = SETTINGS.iter().find(|setting| key_of(setting) == key) else {
                self.wrong.push(format!("karvon.toml: there is no setting `{key}`"));
                continue;
            };
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            self.values.insert(setting.name, value);
        }
    }

    fn read_environment(&mut self, environment: &HashMap<String, String>) {
        for setting in SETTINGS {
            let names = std::iter::once(&setting.name).chain(setting.also);
            if let Some(value) =
                names.filter_map(|name| environment.get(*name)).find(|value| !value.is_empty())
            {
                self.values.insert(setting.name, value.clone());
            }
        }
        for name in environment.keys().filter(|name| name.starts_with("KARVON_")) {
            // Variables of the tests and of scripts are theirs.
            let ours =
                SETTINGS.iter().any(|setting| setting.name == name) || name.starts_with("KARVON_TEST_");
            if !ours {
                self.wrong.push(format!("{name}: there is no such setting"));
            }
        }
    }

    fn text(&self, name: &str) -> String {
        let default =
            SETTINGS.iter().find(|setting| setting.name == name).map_or("", |setting| setting.default);
        self.values.get(name).cloned().unwrap_or_else(|| default.to_owned())
    }

    fn read_as<T>(&mut self, name: &str, wanted: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(name);
        let value = read(text.trim());
        if value.is_none() {
            self.wrong.push(format!("{name}: {text:?} is not {wanted}"));
        }
        value
    }

    fn flag(&mut self, name: &str) -> bool {
        self.read_as(name, "true or false", |text| match text.to_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Some(true),
            "false" | "0" | "no" | "off" => Some(false),
            _ => None,
        })
        .unwrap_or_default()
    }

    /// Where letters go and who writes them. With no word a server that people reach by its name writes none, and one on
    /// a laptop writes them to its log.
    fn mail(&mut self, public_url: &str) -> (mail::Delivery, String) {
        let (url, from) = (self.text("KARVON_SMTP_URL"), self.text("KARVON_MAIL_FROM"));
        let (url, from) = (url.trim(), from.trim());
        if !from.is_empty() && !mail::is_sender(from) {
            self.wrong.push(format!("KARVON_MAIL_FROM: {from:?} is not an address to write from"));
        }
        let from = if from.is_empty() { "Karvon <karvon@localhost>".to_owned() } else { from.to_owned() };
        let on_a_laptop = public_url.is_empty() || is_of_this_machine(public_url);
        let delivery = match url {
            "off" => mail::Delivery::Off,
            "" if !on_a_laptop => mail::Delivery::Off,
            "" | "console" => mail::Delivery::Console,
            url => return (self.mail_server(url, &from), from),
        };
        (delivery, from)
    }

    fn mail_server(&mut self, url: &str, from: &str) -> mail::Delivery {
        if self.text("KARVON_MAIL_FROM").trim().is_empty() {
            self.wrong.push("KARVON_MAIL_FROM: a mail server needs an address to write from".to_owned());
        }
        let path = self.text("KARVON_SMTP_CA_FILE");
        let authority = match path.trim() {
            "" => None,
            path => std::fs::read(path)
                .map_err(|error| self.wrong.push(format!("KARVON_SMTP_CA_FILE: {path}: {error}")))
                .ok(),
        };
        let hello = mail::domain_of(from);
        match mail::Server::parse(url, &hello, authority.as_deref()) {
            Ok(server) => mail::Delivery::Smtp(Box::new(server)),
            // What is wrong with it must not be printed: it may hold a password.
            Err(error) => {
                let why = match error.text().key() {
                    "mail-password-in-the-open" => "a password may not travel without TLS",
                    _ => "not smtps://user:password@host:465 or smtp://host:587, console or off",
                };
                self.wrong.push(format!("KARVON_SMTP_URL: {why}"));
                mail::Delivery::Off
            }
        }
    }

    fn check(mut self) -> Result<Config, Wrong> {
        let data = PathBuf::from(self.text("KARVON_DATA"));
        let listen = self.read_as("KARVON_LISTEN", "an address and a port", |text| text.parse().ok());
        let url = |text: &str| text.starts_with("http://") || text.starts_with("https://");
        let public_url = self.read_as("KARVON_PUBLIC_URL", "an http(s) address", |text| {
            (text.is_empty() || url(text)).then(|| text.trim_end_matches('/').to_owned())
        });
        let telegram_api_url = self.read_as("KARVON_TELEGRAM_API_URL", "an http(s) address", |text| {
            url(text).then(|| text.trim_end_matches('/').to_owned())
        });
        let secret = self.read_as("KARVON_SECRET", "64 hex digits", |text| {
            if text.is_empty() { Some(None) } else { Some(Some(hex::decode(text).ok()?.try_into().ok()?)) }
        });
        let log_json = self.read_as("KARVON_LOG_FORMAT", "text or json", |text| match text {
            "text" => Some(false),
            "json" => Some(true),
            _ => None,
        });
        let lease = self.read_as("KARVON_LEASE_MS", "a number from 300 to 600000", |text| {
            let ms = text.parse().ok().filter(|ms| LEASE_MS.contains(ms));
            ms.map(Duration::from_millis)
        });
        // What is wrong with it must not be printed: it is a secret.
        let bot_token = self.text("TELEGRAM_BOT_TOKEN");
        let telegram_bot_token = channels::telegram::Token::parse(bot_token.trim()).ok();
        if telegram_bot_token.is_none() && !bot_token.trim().is_empty() {
            self.wrong.push("TELEGRAM_BOT_TOKEN: not a token as BotFather gives it".to_owned());
        }
        let allow =
            self.read_as("KARVON_ALLOW_NETWORKS", "a list of networks and hosts", |text| text.parse().ok());
        let database_url = match self.values.get("KARVON_DATABASE_URL") {
            Some(url) => url.clone(),
            None => format!("sqlite:{}", data.join("karvon.db").display()),
        };
        let (behind_proxy, sign_up_open) = (self.flag("KARVON_BEHIND_PROXY"), self.flag("KARVON_SIGN_UP"));
        let (log_files, telegram_limits) =
            (self.flag("KARVON_LOG_FILES"), self.flag("KARVON_TELEGRAM_LIMITS"));
        let (log, metrics_token) = (self.text("KARVON_LOG"), self.text("KARVON_METRICS_TOKEN"));
        let s3 = self.s3();
        let (delivery, mail_from) = self.mail(public_url.as_deref().unwrap_or_default());
        let operators = self.read_as("KARVON_OPERATORS", "a list of e-mail addresses", |text| {
            let named = text.split(',').map(str::trim).filter(|name| !name.is_empty());
            named.map(|name| auth::Email::parse(name).ok()).collect::<Option<Vec<_>>>()
        });
        let operators = operators.unwrap_or_default();
        let super_admins = self.read_as("SUPER_ADMIN_IDS", "a list of Telegram ids", |text| {
            let named = text.split(',').map(str::trim).filter(|id| !id.is_empty());
            named.map(|id| id.parse().ok().filter(|id| *id > 0)).collect::<Option<Vec<i64>>>()
        });
        let super_admin_ids = super_admins.unwrap_or_default();
        let (origins, service_tokens) = (self.origins(), self.service_tokens());
        let keys = self.text("API_KEYS");
        let api_keys =
            keys.split(',').map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()).collect();
        match (listen, public_url, telegram_api_url, secret, log_json, lease, allow) {
            (
                Some(listen),
                Some(public_url),
                Some(telegram_api_url),
                Some(secret),
                Some(log_json),
                Some(lease),
                Some(allow),
            ) if self.wrong.is_empty() => Ok(Config {
                listen,
                database_url,
                data,
                s3,
                public_url,
                behind_proxy,
                secret,
                sign_up_open,
                log,
                log_json,
                log_files,
                telegram_api_url,
                telegram_limits,
                telegram_bot_token,
                lease,
                allow,
                delivery,
                mail_from,
                operators,
                metrics_token: (!metrics_token.is_empty()).then_some(metrics_token),
                api_keys,
                service_tokens,
                origins,
                super_admin_ids,
            }),
            _ => Err(Wrong(self.wrong)),
        }
    }
}

/// Whether only this machine reaches the address.
fn is_of_this_machine(url: &str) -> bool {
    let host = url.split("://").nth(1).unwrap_or_default();
    let host = host.split(['/', ':']).next().unwrap_or_default();
    host == "localhost" || host.starts_with("127.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn head_agents_are_named_by_their_telegram_ids() {
        let read = |ids: &str| Config::from("", &environment(&[("SUPER_ADMIN_IDS", ids)]));
        assert_eq!(read(" 501, 502,").unwrap().super_admin_ids, [501, 502]);
        for wrong in ["501;502", "@bobur", "-501", "0"] {
            assert_eq!(read(wrong).unwrap_err().0.len(), 1, "{wrong}");
        }
    }

    #[test]
    fn without_a_word_it_is_sqlite_in_the_data_folder() {
        let config = Config::from("", &HashMap::new()).unwrap();
        assert_eq!(config.database_url, "sqlite:data/karvon.db");
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert!(config.telegram_limits && config.sign_up_open && !config.behind_proxy);
    }

    #[test]
    fn the_environment_goes_over_the_file_and_older_names_are_honoured() {
        let file = "listen = \"0.0.0.0:80\"\ndata = \"/srv/karvon\"";
        let config = Config::from(
            file,
            &environment(&[("KARVON_LISTEN", "127.0.0.1:9"), ("DATABASE_URL", "postgres://db/karvon")]),
        )
        .unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:9");
        assert_eq!(config.database_url, "postgres://db/karvon");
        assert_eq!(config.data, PathBuf::from("/srv/karvon"));
    }

    #[test]
    fn the_files_for_servers_name_settings_that_there_are() {
        let files = [
            include_str!("../../../Dockerfile"),
            include_str!("../../../compose.yaml"),
            include_str!("../../../render.yaml"),
            include_str!("../../../deploy/example.env"),
            include_str!("../../../deploy/karvon.service"),
            include_str!("../../../deploy/karvon-backup.service"),
            include_str!("../../../docs/OPERATIONS.md"),
        ];
        let is_between = |c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit() && c != '_';
        for word in files.iter().flat_map(|file| file.split(is_between)) {
            let is_known = SETTINGS.iter().any(|setting| setting.name == word);
            assert!(is_known || !word.starts_with("KARVON_"), "{word} is no setting");
        }
    }

    #[test]
    fn docs_configuration_tells_every_setting_and_no_other() {
        let page = include_str!("../../../docs/CONFIGURATION.md");
        let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
        let row_of = |name: &str| rows.iter().find(|row| row.starts_with(&format!("| `{name}`")));
        for Setting { name, also, .. } in SETTINGS {
            let row = row_of(name).unwrap_or_else(|| panic!("{name} has no row"));
            assert!(also.iter().all(|older| row.contains(&format!("`{older}`"))), "older names of {name}");
        }
        for row in rows.iter().filter(|row| row.starts_with("| `KARVON_")) {
            let name = row.split('`').nth(1).unwrap();
            assert!(SETTINGS.iter().any(|setting| setting.name == name), "{name} is no setting");
        }
    }

    #[test]
    fn letters_go_to_the_log_on_a_laptop_and_nowhere_without_a_mail_server() {
        let of = |pairs: &[(&str, &str)]| Config::from("", &environment(pairs)).unwrap().delivery;
        assert!(matches!(of(&[]), mail::Delivery::Console));
        assert!(matches!(of(&[("KARVON_PUBLIC_URL", "http://localhost:8080")]), mail::Delivery::Console));
        assert!(matches!(of(&[("KARVON_PUBLIC_URL", "https://shop.example")]), mail::Delivery::Off));
        assert!(matches!(of(&[("KARVON_SMTP_URL", "off")]), mail::Delivery::Off));
        let server =
            [("KARVON_SMTP_URL", "smtps://u:p@mail.example:465"), ("KARVON_MAIL_FROM", "a@shop.example")];
        assert!(matches!(of(&server), mail::Delivery::Smtp(_)));
        for (url, from) in [
            ("smtps://u:hush@mail.example:465", ""),
            ("smtp://u:hush@mail.example:25?tls=none", "a@shop.example"),
            ("mail.example:hush", "a@shop.example"),
            ("off", "hush"),
        ] {
            let given = environment(&[("KARVON_SMTP_URL", url), ("KARVON_MAIL_FROM", from)]);
            let wrong = Config::from("", &given).unwrap_err().to_string();
            assert!(wrong.starts_with("KARVON_"), "{wrong}");
            assert!(from == "hush" || !wrong.contains("hush"), "a secret is not printed: {wrong}");
        }
    }

    #[test]
    fn every_wrong_setting_is_named() {
        let wrong = Config::from(
            "liste = 1",
            &environment(&[
                ("KARVON_LISTEN", "nowhere"),
                ("KARVON_SECRET", "short"),
                ("KARVON_TELEGRAM_LIMITS", "maybe"),
                ("KARVON_LEASE_MS", "0"),
                ("TELEGRAM_BOT_TOKEN", "my bot's secret"),
                ("KARVON_LISSTEN", "x"),
            ]),
        )
        .unwrap_err();
        for name in [
            "liste",
            "KARVON_LISTEN",
            "KARVON_SECRET",
            "KARVON_TELEGRAM_LIMITS",
            "KARVON_LEASE_MS",
            "TELEGRAM_BOT_TOKEN",
            "KARVON_LISSTEN",
        ] {
            assert!(wrong.0.iter().any(|line| line.contains(name)), "{name} is not in {wrong}");
        }
        assert!(!wrong.to_string().contains("my bot"), "a secret is not printed");
    }
}
