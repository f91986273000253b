//! Who calls: a session's cookie, an access token, an API key or a service token becomes an identity by one indexed
//! query.
//!
//! Nothing is cached, so that what is revoked is revoked for the very next request. Notes of use are written behind
//! the answer, at most one a minute for each session and key.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use context::{Actor, Permissions};
use db::{Db, Lane, Scope};
use kernel::{Error, Kind, Result, Text, Timestamp};
use mail::Mailer;
use subtle::ConstantTimeEq;
use uuid::Uuid;
use web::{Acting as ActingAs, App, Authenticate, Credentials, Identity, Standing};

use crate::{
    Cost, Email, KeyKind, Passwords, RoleKind, ServiceToken, SessionKind, Tenant,
    access_token::{self, Access, AccessKey},
    actions, service_token,
    session::{self, NOTED_EVERY_MS},
    store::{self, session::Acting},
    token,
};

/// How people get in.
#[derive(Debug, Clone)]
pub struct AuthConfig {
    /// Whether strangers may make workspaces.
    pub sign_up_open: bool,
    /// Keys from the environment (`API_KEYS`), each for everything in the default workspace.
    pub api_keys: Vec<String>,
    /// Tokens of outside bots from the environment.
    pub service_tokens: Vec<ServiceToken>,
    /// Addresses of those who run the server; they count once they are confirmed.
    pub operators: Vec<Email>,
    /// What a password's hash costs.
    pub cost: Cost,
    /// Passwords that are hashed at once.
    pub hashers: usize,
}

impl Default for AuthConfig {
    fn default() -> Self {
        Self {
            sign_up_open: true,
            api_keys: Vec::new(),
            service_tokens: Vec::new(),
            operators: Vec::new(),
            cost: Cost::PEOPLE,
            hashers: 2,
        }
    }
}

/// The process's service of this crate: hashes passwords, tells who calls.
#[derive(Debug)]
pub struct Auth {
    pub(crate) passwords: Passwords,
    pub(crate) mailer: Arc<Mailer>,
    sign_up_open: bool,
    api_keys: Vec<[u8; 32]>,
    service_tokens: Vec<ServiceToken>,
    operators: Vec<Email>,
    noted: Mutex<HashMap<Uuid, Timestamp>>,
}

/// Characters of a key at most; longer ones are nobody's.
pub(crate) const SECRET_AT_MOST: usize = 200;
/// Notes that are remembered before the oldest are forgotten.
const NOTES_AT_MOST: usize = 10_000;

impl Auth {
    /// The service with this configuration, which writes letters by `mailer`. An error names a key of the environment that is too short to be one.
    pub fn new(config: &AuthConfig, mailer: Arc<Mailer>) -> Result<Self> {
        let AuthConfig { sign_up_open, api_keys, service_tokens, operators, cost, hashers } = config;
        if api_keys.iter().any(|key| key.chars().count() < 16) {
            return Err(Error::invalid(Text::new("auth-environment-key-short")));
        }
        Ok(Self {
            passwords: Passwords::new(*cost, *hashers)?,
            mailer,
            sign_up_open: *sign_up_open,
            operators: operators.clone(),
            api_keys: api_keys.iter().map(|key| token::digest(key)).collect(),
            service_tokens: service_tokens.clone(),
            noted: Mutex::default(),
        })
    }

    /// Whether strangers may make workspaces.
    pub const fn is_sign_up_open(&self) -> bool {
        self.sign_up_open
    }

    /// Writes letters.
    pub const fn mailer(&self) -> &Arc<Mailer> {
        &self.mailer
    }

    /// Whether an address counts as somebody's that no letter has confirmed, because none are sent.
    pub fn trusts_addresses(&self) -> bool {
        !self.mailer.reaches_people()
    }

    /// Hashes passwords, a few at a time.
    pub const fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    async fn by_session(&self, db: &Db, secret: &str, now: Timestamp) -> Result<Option<Identity>> {
        let digest = token::digest(secret);
        let acting = db.read(Scope::Server, move |tx| store::session::find_acting(tx, &digest, now)).await?;
        Ok(acting.and_then(|acting| self.member(db, acting, SessionKind::Page, now)))
    }

    /// By the access token of a session that is held by tokens. The session is looked up anew, so that its end, and what
    /// became of its person since, counts at once.
    async fn by_access(&self, app: &App, token: &str, now: Timestamp) -> Result<Option<Identity>> {
        let Some(Access { person, session }) = AccessKey::derived(app.secret())?.read(token, now) else {
            return Ok(None);
        };
        let find = move |tx: &mut db::ReadTx<'_>| store::session::find_acting_token(tx, session, now);
        let acting = app.db().read(Scope::Server, find).await?.filter(|acting| acting.person == person);
        Ok(acting.and_then(|acting| self.member(app.db(), acting, SessionKind::Token, now)))
    }

    /// Whoever acts by a session of this kind, while it holds.
    fn member(&self, db: &Db, acting: Acting, kind: SessionKind, now: Timestamp) -> Option<Identity> {
        if !session::holds(acting.created_at, acting.seen_at, now) {
            return None;
        }
        let id = acting.session;
        if self.is_due(id.uuid(), acting.seen_at, now) {
            note(db, move |tx| store::session::set_seen(tx, id, now));
        }
        let store::session::Owner { id: owner, name: owner_name, email, confirmed, operator_since } =
            acting.owner;
        // The server is run from our own pages only: tokens lie where pages of other sites keep them.
        let is_operator = kind == SessionKind::Page
            && actions::is_operator(operator_since, email.as_ref(), confirmed, &self.operators);
        let acts = acting.acting_until.map(|until| ActingAs {
            operator: owner,
            member_name: acting.name.clone(),
            until,
        });
        // Who ran the server and does so no more acts as nobody.
        if acts.is_some() && !is_operator {
            return None;
        }
        let unconfirmed = acting.unconfirmed && acts.is_none() && self.mailer.is_on();
        let name = match &acts {
            Some(_) => format!("{} ({owner_name})", acting.name),
            None => acting.name,
        };
        let standing = Standing {
            session: Some(id.uuid()),
            unconfirmed: unconfirmed.then(|| acting.login.clone()),
            is_operator: is_operator && acts.is_none(),
            acting: acts,
            suspended: acting.suspended,
        };
        Some(Identity {
            standing,
            workspace: acting.workspace,
            workspace_name: acting.workspace_name,
            zone: acting.zone,
            actor: Actor::member(acting.person, name),
            note: acting.login,
            permissions: acting.permissions,
            lang: Some(acting.lang),
            theme: Some(acting.theme.word()),
            has_other_workspaces: acting.belongings > 1,
        })
    }

    async fn by_key(&self, db: &Db, secret: &str, now: Timestamp) -> Result<Option<Identity>> {
        let digest = token::digest(secret);
        if self.is_of_environment(&digest) {
            let everything = RoleKind::Admin.permissions().unwrap_or(Permissions::NONE);
            return of_environment(db, KeyKind::ApiKey, "API_KEYS", everything).await;
        }
        self.by_row(db, KeyKind::ApiKey, digest, now).await
    }

    async fn by_service_token(&self, db: &Db, secret: &str, now: Timestamp) -> Result<Option<Identity>> {
        let digest = token::digest(secret);
        match service_token::find(&self.service_tokens, &digest) {
            Some((name, may)) => of_environment(db, KeyKind::Service, name, may).await,
            None => self.by_row(db, KeyKind::Service, digest, now).await,
        }
    }

    /// By `Authorization: Bearer`. What stands in the environment is a key whatever its form; of the others those with the
    /// form of a JWT are access tokens, since no key of ours has a dot.
    async fn by_bearer(&self, app: &App, bearer: &str, now: Timestamp) -> Result<Option<Identity>> {
        if access_token::is_token(bearer) && !self.is_of_environment(&token::digest(bearer)) {
            return self.by_access(app, bearer, now).await;
        }
        if bearer.len() > SECRET_AT_MOST {
            return Ok(None);
        }
        self.by_key(app.db(), bearer, now).await
    }

    /// Whether it is the digest of a key of the environment.
    fn is_of_environment(&self, digest: &[u8; 32]) -> bool {
        // All are looked at, each in constant time.
        self.api_keys.iter().fold(false, |found, key| found | bool::from(key.ct_eq(digest)))
    }

    async fn by_row(
        &self,
        db: &Db,
        kind: KeyKind,
        digest: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<Identity>> {
        let find = move |tx: &mut db::ReadTx<'_>| store::api_key::find_acting(tx, kind, &digest, now);
        let acting = db.read(Scope::Server, find).await?;
        let Some(acting) = acting else { return Ok(None) };
        let (id, workspace) = (acting.key, acting.workspace);
        if self.is_due(id.uuid(), acting.used_at.unwrap_or_default(), now) {
            note(db, move |tx| store::api_key::set_used(tx, workspace, id, now));
        }
        Ok(Some(Identity {
            workspace,
            workspace_name: acting.workspace_name,
            zone: acting.zone,
            actor: Actor { kind: kind.actor(), id: Some(id.uuid()), name: acting.name },
            note: String::new(),
            permissions: acting.permissions,
            lang: None,
            theme: None,
            has_other_workspaces: false,
            standing: Standing { suspended: acting.suspended, ..Standing::default() },
        }))
    }

    /// Whether a use at `now` is to be noted; the first of many requests at once says yes.
    fn is_due(&self, id: Uuid, noted_at: Timestamp, now: Timestamp) -> bool {
        if now.millis_since(noted_at) < NOTED_EVERY_MS {
            return false;
        }
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() >= NOTES_AT_MOST {
            noted.retain(|_, at| now.millis_since(*at) < NOTED_EVERY_MS);
        }
        let due = noted.get(&id).is_none_or(|at| now.millis_since(*at) >= NOTED_EVERY_MS);
        if due {
            noted.insert(id, now);
        }
        due
    }
}

/// What the environment names acts in the default workspace; with no workspace yet it opens nothing.
async fn of_environment(
    db: &Db,
    kind: KeyKind,
    name: &str,
    permissions: Permissions,
) -> Result<Option<Identity>> {
    let first = |tx: &mut db::ReadTx<'_>| match store::workspace::find_first(tx)? {
        Some(first) => store::operator::tenant(tx, first.id).map(Some),
        None => Ok(None),
    };
    let first = db.read(Scope::Server, first).await?;
    Ok(first.map(|Tenant { record: workspace, suspended, members: _, last_activity: _ }| Identity {
        workspace: workspace.id,
        workspace_name: workspace.name,
        zone: workspace.zone,
        actor: Actor { kind: kind.actor(), id: None, name: name.to_owned() },
        note: String::new(),
        permissions,
        lang: None,
        theme: None,
        has_other_workspaces: false,
        standing: Standing { suspended, ..Standing::default() },
    }))
}

/// Writes behind the answer. A note that is lost is made by the next request.
fn note(db: &Db, write: impl Fn(&mut db::Tx<'_>) -> Result<()> + Send + 'static) {
    let db = db.clone();
    tokio::spawn(async move {
        match db.write(Scope::Server, Lane::Background, write).await {
            Err(error) if error.kind() != Kind::NotFound => {
                tracing::warn!(%error, "a use could not be noted")
            }
            _ => {}
        }
    });
}

#[async_trait::async_trait]
impl Authenticate for Auth {
    async fn authenticate(
        &self,
        app: &App,
        credentials: &Credentials,
        now: Timestamp,
    ) -> Result<Option<Identity>> {
        let Credentials { session, api_key, bearer, service_token } = credentials;
        let plausible = |secret: &String| secret.len() <= SECRET_AT_MOST;
        // The first that there is decides, also where the next would let in: a key that is no key is meant as one. A
        // bot that has signed in besides is the bot.
        match (service_token, api_key, bearer, session) {
            (Some(token), ..) if plausible(token) => self.by_service_token(app.db(), token, now).await,
            (None, Some(key), ..) if plausible(key) => self.by_key(app.db(), key, now).await,
            (None, None, Some(bearer), _) => self.by_bearer(app, bearer, now).await,
            (None, None, None, Some(secret)) if plausible(secret) => {
                self.by_session(app.db(), secret, now).await
            }
            _ => Ok(None),
        }
    }
}
