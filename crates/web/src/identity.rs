//! Who calls. `auth` knows; here is only what it is asked and what it answers.

use async_trait::async_trait;
use context::{Actor, Permissions};
use kernel::{Lang, PersonId, Result, Timestamp, WorkspaceId, Zone};
use uuid::Uuid;

use crate::App;

/// What a request brings to say who it is from.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The session's cookie.
    pub session: Option<String>,
    /// `X-API-KEY` or `Authorization: Token …`.
    pub api_key: Option<String>,
    /// `Authorization: Bearer …`: a key, or the access token of a sign-in.
    pub bearer: Option<String>,
    /// `X-SERVICE-TOKEN`.
    pub service_token: Option<String>,
}

impl std::fmt::Debug for Credentials {
    /// Says which there are, never what they are.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { session, api_key, bearer, service_token } = self;
        write!(
            f,
            "Credentials(session: {}, api_key: {}, bearer: {}, service_token: {})",
            session.is_some(),
            api_key.is_some(),
            bearer.is_some(),
            service_token.is_some()
        )
    }
}

impl Credentials {
    /// Whether a browser sent them by itself, so that the request needs a proof that a page of ours made it.
    pub const fn are_ambient(&self) -> bool {
        self.session.is_some()
            && self.api_key.is_none()
            && self.bearer.is_none()
            && self.service_token.is_none()
    }
}

/// Somebody known.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The workspace they act in.
    pub workspace: WorkspaceId,
    /// Its name.
    pub workspace_name: String,
    /// Its time zone.
    pub zone: Zone,
    /// Who acts.
    pub actor: Actor,
    /// Under their name in the menu: e-mail or role.
    pub note: String,
    /// What they may do.
    pub permissions: Permissions,
    /// The language they chose, if they did.
    pub lang: Option<Lang>,
    /// The theme of their pages, when they chose one: `dark` or `light`.
    pub theme: Option<&'static str>,
    /// Whether they belong to other workspaces too.
    pub has_other_workspaces: bool,
    /// What else every page must know of them.
    pub standing: Standing,
}

/// What every page must know of whoever is signed in, besides what they may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// The session they came by; none for a program with a key.
    pub session: Option<Uuid>,
    /// Their e-mail address, when they have yet to confirm it by a letter.
    pub unconfirmed: Option<String>,
    /// Whether they run the server.
    pub is_operator: bool,
    /// Set while somebody who runs the server acts as them.
    pub acting: Option<Acting>,
    /// Why the workspace is suspended, when it is.
    pub suspended: Option<String>,
}

/// Somebody who runs the server acts as a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// Who really sits there.
    pub operator: PersonId,
    /// As whom they act.
    pub member_name: String,
    /// Until when.
    pub until: Timestamp,
}

/// Tells who a caller is.
#[async_trait]
pub trait Authenticate: Send + Sync {
    /// Who these credentials belong to; `None` when to nobody (any more). `now` is the moment of the call.
    async fn authenticate(
        &self,
        app: &App,
        credentials: &Credentials,
        now: Timestamp,
    ) -> Result<Option<Identity>>;
}
