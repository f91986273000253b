//! Every setting there is.

/// A setting that people can give: its name in the environment, its older names, what it is for.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The name in the environment and, in lower case without `KARVON_`, in `karvon.toml`.
    pub name: &'static str,
    /// Other names that are honoured.
    pub also: &'static [&'static str],
    /// What it is when nobody says.
    pub default: &'static str,
    /// What it is for.
    pub about: &'static str,
}

/// Every setting (docs/CONFIGURATION.md is checked against this list).
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "KARVON_LISTEN",
        also: &[],
        default: "127.0.0.1:8080",
        about: "address and port to listen on",
    },
    Setting {
        name: "KARVON_DATABASE_URL",
        also: &["DATABASE_URL"],
        default: "sqlite:DATA/karvon.db",
        about: "postgres://… or a SQLite file",
    },
    Setting {
        name: "KARVON_DATA",
        also: &[],
        default: "data",
        about: "folder for files, indexes, logs, the secret",
    },
    Setting {
        name: "KARVON_S3_BUCKET",
        also: &[],
        default: "",
        about: "a bucket of an S3-compatible service for files; without one they lie in DATA/files",
    },
    Setting {
        name: "KARVON_S3_ENDPOINT",
        also: &[],
        default: "",
        about: "the service's address, https://s3.example.uz; empty for Amazon's",
    },
    Setting { name: "KARVON_S3_REGION", also: &[], default: "us-east-1", about: "the bucket's region" },
    Setting {
        name: "KARVON_S3_KEY_ID",
        also: &[],
        default: "",
        about: "the id of a key that may read and write in the bucket",
    },
    Setting { name: "KARVON_S3_SECRET_KEY", also: &[], default: "", about: "the key itself" },
    Setting {
        name: "KARVON_S3_PATH_STYLE",
        also: &[],
        default: "true",
        about: "the bucket stands in the path; false: in the host's name",
    },
    Setting {
        name: "KARVON_S3_PREFIX",
        also: &[],
        default: "",
        about: "what the names of objects begin with: shop/files",
    },
    Setting {
        name: "KARVON_PUBLIC_URL",
        also: &["PUBLIC_URL"],
        default: "",
        about: "the address people type, https://shop.example; webhooks need it",
    },
    Setting {
        name: "KARVON_BEHIND_PROXY",
        also: &[],
        default: "false",
        about: "trust X-Forwarded-For of our own proxy",
    },
    Setting {
        name: "KARVON_SECRET",
        also: &[],
        default: "",
        about: "64 hex digits; made and kept in DATA/secret",
    },
    Setting {
        name: "KARVON_SIGN_UP",
        also: &[],
        default: "true",
        about: "whether strangers may make workspaces",
    },
    Setting {
        name: "KARVON_LOG",
        also: &["RUST_LOG"],
        default: "info,refinery_core=warn,tantivy=warn",
        about: "what is logged",
    },
    Setting { name: "KARVON_LOG_FORMAT", also: &[], default: "text", about: "text or json" },
    Setting {
        name: "KARVON_LOG_FILES",
        also: &[],
        default: "true",
        about: "also write DATA/logs/bot_*.log, rolling daily",
    },
    Setting {
        name: "KARVON_TELEGRAM_API_URL",
        also: &[],
        default: "https://api.telegram.org",
        about: "the Bot API",
    },
    Setting {
        name: "KARVON_TELEGRAM_LIMITS",
        also: &[],
        default: "true",
        about: "keep the public Bot API's sending limits; false for a Bot API server of one's own",
    },
    Setting {
        name: "TELEGRAM_BOT_TOKEN",
        also: &[],
        default: "",
        about: "a bot's token: connected once, at the start, to the default workspace's first bot",
    },
    Setting {
        name: "KARVON_LEASE_MS",
        also: &[],
        default: "10000",
        about: "milliseconds after which another node takes over a dead node's channels; its jobs after three times that",
    },
    Setting {
        name: "KARVON_ALLOW_NETWORKS",
        also: &[],
        default: "",
        about: "private networks that tenants' addresses may reach",
    },
    Setting {
        name: "KARVON_SMTP_URL",
        also: &[],
        default: "",
        about: "the mail server: smtps://user:password@host:465, smtp://host:587, console or off",
    },
    Setting {
        name: "KARVON_SMTP_CA_FILE",
        also: &[],
        default: "",
        about: "a certificate in PEM that vouches for the mail server besides the known ones",
    },
    Setting {
        name: "KARVON_MAIL_FROM",
        also: &[],
        default: "",
        about: "who writes letters: Karvon <no-reply@shop.example>; a mail server needs it",
    },
    Setting {
        name: "KARVON_OPERATORS",
        also: &[],
        default: "",
        about: "confirmed e-mail addresses of those who run the server, by commas",
    },
    Setting {
        name: "KARVON_METRICS_TOKEN",
        also: &[],
        default: "",
        about: "bearer token of /metrics; without one only loopback reads it",
    },
    Setting {
        name: "SUPER_ADMIN_IDS",
        also: &[],
        default: "",
        about: "Telegram ids, by commas, that are head agents of the support desk at the first start",
    },
    Setting {
        name: "KARVON_CORS_ORIGINS",
        also: &["CORS_ALLOWED_ORIGINS"],
        default: "",
        about: "sites, by commas, whose pages may call the API: https://dashboard.example; * for every site",
    },
    Setting {
        name: "SERVICE_TOKEN_BOT1_HASH",
        also: &["BOT1_SERVICE_TOKEN_HASH"],
        default: "",
        about: "SHA-256 of the outside admissions bot's token, in hex: applications of the default workspace",
    },
    Setting {
        name: "SERVICE_TOKEN_BOT2_HASH",
        also: &["BOT2_SERVICE_TOKEN_HASH"],
        default: "",
        about: "SHA-256 of the outside survey bot's token, in hex: surveys of the default workspace",
    },
    Setting {
        name: "API_KEYS",
        also: &[],
        default: "",
        about: "keys of outside systems for the default workspace, by commas",
    },
];
